"""A copy of a workbook in which the problems are marked, to be corrected in Excel and built.

Marks are: a conditional format on each cell with a problem, a comment with the message and its
remedy, and the sheet 檢查結果, first, with every problem and a link to its cell. All else that
the workbook holds stays: the package is edited part by part, cells and their formats are not
touched at all, and parts without a mark are copied byte for byte. That is why colours are
conditional formats: a cell keeps its own format below ours, a blank cell need not be created,
and ours wins over a conditional format of the workbook's own.

An annotated copy is annotated again after corrections, saved by Excel or LibreOffice, both of
which write every part afresh. Marks are therefore recognised by what these programs keep:

===================  =======================================================================
conditional formats  the rule's formula, ``"reportgen-error"<>""`` (:mod:`.conditional_formats`)
lines of comments    their beginning, ``✖〔E102〕`` (:mod:`.cell_marks`)
whole comments       nothing is left but our lines; author ``reportgen``, or none
replies in threads   a person of the name ``reportgen`` (:mod:`.threaded_comments`)
the sheet            the defined name ``_reportgen_check`` points to it (:mod:`.workbook_part`)
===================  =======================================================================

Only digital signatures are left out: they sign the original, and would be invalid here.
Old marks are removed before new ones are added. Formats in the styles are reused, and stay
if they are no longer used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reportgen.problems import Location, make_problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reportgen.problems import Problem
    from reportgen.problems.problem import Language

__all__ = ["annotate", "annotate_in_process", "without_annotations"]

ANNOTATE_TIMEOUT_S: Final = 20
ANNOTATE_MEMORY: Final = 1_250_000_000  # bytes, in addition to those of this process


def annotate(
    content: bytes, problems: Sequence[Problem], language: Language, file: str = ""
) -> tuple[bytes | None, tuple[Problem, ...]]:
    """Return what :func:`annotate_in_process` does, run in a process of its own.

    None, with E155, also if it exceeds ANNOTATE_TIMEOUT_S or ANNOTATE_MEMORY, or dies.
    """
    from reportgen.processes.call_errors import CallFailedError
    from reportgen.processes.resource_limits import Limits
    from reportgen.processes.sandbox import SandboxedCall

    limits = Limits(seconds=ANNOTATE_TIMEOUT_S, memory=ANNOTATE_MEMORY)
    try:
        return SandboxedCall(
            limits, annotate_in_process, content, tuple(problems), language, file
        ).result()
    except CallFailedError:
        return None, (make_problem("E155", Location(file=file)),)


def annotate_in_process(
    content: bytes, problems: Sequence[Problem], language: Language, file: str = ""
) -> tuple[bytes | None, tuple[Problem, ...]]:
    """Return the bytes of a copy in which these problems are marked, in the user's language.

    None, with E155, if the package cannot be edited. W155 reports a sheet whose marks could not
    be written. Only these two are returned, not ``problems``. Earlier marks are removed. ``file``
    is the workbook's name, as the list prints it. The same arguments give the same bytes.
    """
    from reportgen.workbook.annotate import annotator, ods_annotator
    from reportgen.workbook.annotate.opc_package import MissingPartError
    from reportgen.workbook.reading.zip_package import Package, UnreadableError

    try:
        package = Package(content, file)
        marked = (
            ods_annotator.annotate_package
            if package.is_opendocument
            else annotator.annotate_package
        )
        return marked(package, problems, language, file)
    except (UnreadableError, MissingPartError):
        return None, (make_problem("E155", Location(file=file)),)


def without_annotations(content: bytes, file: str = "") -> bytes:
    """Return a workbook without our marks; ``content`` itself if it has none, or is broken."""
    from reportgen.workbook.annotate import annotator, ods_annotator
    from reportgen.workbook.annotate.opc_package import MissingPartError
    from reportgen.workbook.reading.zip_package import Package, UnreadableError

    try:
        package = Package(content, file)
        is_open_document = package.is_opendocument
        without_marks = (
            ods_annotator.remove_annotations if is_open_document else annotator.remove_annotations
        )
        return without_marks(package) or content
    except (UnreadableError, MissingPartError):
        return content
