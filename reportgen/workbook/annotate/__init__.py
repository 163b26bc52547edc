"""A copy of a workbook in which the problems are marked, to be mended in Excel and built.

Marks are: a conditional look on each cell with a problem, a note with the message and its
remedy, and the sheet 檢查結果, first, with every problem and a link to its cell. Whatever else
the workbook holds stays: the package is edited part by part, cells and their formats are not
touched at all, and parts without a mark are copied byte for byte. That is why colours are
conditional looks and no cell formats: a cell keeps its own format below ours, a blank cell
need not be made, and our look wins over a conditional look of the workbook's own.

An annotated copy is annotated again after it has been mended, by Excel or LibreOffice, both of
which write every part afresh. Marks are therefore known by what they keep:

===================  ==================================================================
conditional looks    the rule's formula, ``"reportgen-error"<>""`` (:mod:`.colours`)
lines of notes       their beginning, ``✖〔E102〕`` (:mod:`.marks`)
whole notes          nothing is left but our lines; by ``reportgen``, or by nobody
replies in threads   a person of the name ``reportgen`` (:mod:`.threads`)
the sheet            the defined name ``_reportgen_check`` points to it (:mod:`.book`)
===================  ==================================================================

Digital signatures alone are left out: they are the original's, and would be broken here.

The marks are taken out before new ones are put in. Looks in the styles are used again, and
stay where they are no longer used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reportgen.problems import Location, make

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reportgen.problems import Problem
    from reportgen.problems.problem import Language

__all__ = ["annotate", "mark", "unmarked"]

ANNOTATE_TIMEOUT_S: Final = 20
ANNOTATE_MEMORY: Final = 1_250_000_000  # bytes, beside what this process holds already


def annotate(
    content: bytes, problems: Sequence[Problem], language: Language, file: str = ""
) -> tuple[bytes | None, tuple[Problem, ...]]:
    """Like :func:`mark`, in a process of its own; E155 too where that takes too much."""
    from reportgen.processes.call_errors import CallFailedError
    from reportgen.processes.resource_limits import Limits
    from reportgen.processes.sandbox import SandboxedCall

    limits = Limits(seconds=ANNOTATE_TIMEOUT_S, memory=ANNOTATE_MEMORY)
    try:
        return SandboxedCall(limits, mark, content, tuple(problems), language, file).result()
    except CallFailedError:
        return None, (make("E155", Location(file=file)),)


def mark(
    content: bytes, problems: Sequence[Problem], language: Language, file: str = ""
) -> tuple[bytes | None, tuple[Problem, ...]]:
    """The bytes of a copy in which these problems are marked, in the user's language.

    None, with E155, where the package is none that could be edited. W155 tells of a sheet
    whose marks could not be written. The same arguments give the same bytes.
    """
    from reportgen.workbook.annotate.parts import MissingPartError
    from reportgen.workbook.annotate.writing import marked
    from reportgen.workbook.package_check import Package, UnreadableError

    try:
        return marked(Package(content, file), problems, language, file)
    except (UnreadableError, MissingPartError):
        return None, (make("E155", Location(file=file)),)


def unmarked(content: bytes, file: str = "") -> bytes:
    """A workbook without our marks; the very bytes where it is no marked copy, or broken."""
    from reportgen.workbook.annotate.parts import MissingPartError
    from reportgen.workbook.annotate.writing import without_marks
    from reportgen.workbook.package_check import Package, UnreadableError

    try:
        return without_marks(Package(content, file)) or content
    except (UnreadableError, MissingPartError):
        return content
