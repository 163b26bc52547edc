"""The Python API: what ``import reportgen`` gives to scripts; docs/api.md has examples.

Every function returns a frozen value with its ``problems``, none of them an error, or raises
:class:`StoppedError` with all of them. Only :func:`check` returns errors: a script that overlooks
a problem may thus miss a warning, but never goes on with figures or files that are not there.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen import pipeline
from reportgen.atomic_files import WrittenFile
from reportgen.compute.result_types import Results
from reportgen.documents import DOCUMENT_NAME, FORMATS, Format, document_kind
from reportgen.model.scorecard import Known, Missing, Scorecard
from reportgen.pipeline import Settings, WrittenBuild
from reportgen.pipeline.exit_codes import stop_on_errors
from reportgen.problems import Location, Problem, Severity, StoppedError, has_errors

if TYPE_CHECKING:
    from collections.abc import Iterable

StrPath = str | os.PathLike[str]

__all__ = [
    "Calculation",
    "Check",
    "Format",
    "Known",
    "Location",
    "Missing",
    "Problem",
    "Reading",
    "Results",
    "Scorecard",
    "Severity",
    "StoppedError",
    "WrittenBuild",
    "WrittenFile",
    "build",
    "calculate",
    "check",
    "compare_workbooks",
    "read",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A workbook that was read."""

    scorecard: Scorecard
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Calculation:
    """The figures of a scorecard."""

    results: Results
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """All that is wrong or doubtful in a workbook. ``results`` is None if it cannot be read.

    Beside errors ``results`` may lack what they are about.
    """

    results: Results | None
    problems: tuple[Problem, ...]

    @property
    def has_errors(self) -> bool:
        """Whether one of the problems keeps documents from being made."""
        return has_errors(self.problems)


def read(workbook: StrPath) -> Reading:
    """Return a workbook (.xlsx, .xlsm, .ods) as a scorecard.

    It is read in a process of its own, bounded in time and memory.
    """
    from reportgen.workbook.reading.sandboxed_reader import start_reading

    scorecard, problems = start_reading(Path(workbook)).result()
    stop_on_errors(problems)
    assert scorecard is not None  # a workbook that cannot be read is an error
    return Reading(scorecard=scorecard, problems=problems)


def calculate(scorecard: Scorecard) -> Calculation:
    """Return the results of all KPIs, with targets, achievement rates and cross-checks.

    The problems are those of formulas, figures and targets; :func:`check` finds more.
    """
    from reportgen.compute import compute

    results, problems = compute(scorecard)
    stop_on_errors(problems)
    return Calculation(results=results, problems=problems)


def check(workbook: StrPath, *, fonts: StrPath | None = None) -> Check:
    """Return the problems of a workbook, errors among them, as ``reportgen check`` prints them.

    Characters that the fonts lack are problems, too. ``fonts`` is a folder to be searched before
    the system's.
    """
    results, problems = pipeline.check_with_results(Path(workbook), _font_folders(fonts))
    return Check(results=results, problems=problems)


def build(
    workbook: StrPath,
    output: StrPath = "output",
    *,
    documents: Iterable[str] = ("scorecard",),
    formats: Iterable[Format] = ("pdf", "docx"),
    templates: StrPath | None = None,
    fonts: StrPath | None = None,
    open_data: bool = False,
    verify: bool = False,
) -> WrittenBuild:
    """Write the documents of an edition below ``output``, as ``reportgen build`` does.

    All files are written, or none. ``documents`` are ``scorecard``, ``results``, ``review`` and
    folders of ``templates``, which is ``./templates`` by default if that exists, else the packaged
    ones. Raise ValueError for an unknown format or document.
    """
    names = _names(documents)
    for name in names:
        if not DOCUMENT_NAME.fullmatch(name) or document_kind(name).content is None:
            raise ValueError(f"{name!r} is no document of one edition")
    settings = Settings(
        output=Path(output),
        documents=names,
        formats=_formats(formats),
        templates=None if templates is None else Path(templates),
        working_folder=Path.cwd(),
        font_folders=_font_folders(fonts),
        cores=_cores(),
        open_data=open_data,
        verify=verify,
    )
    return pipeline.build(Path(workbook), settings)


def compare_workbooks(
    old: StrPath,
    new: StrPath,
    output: StrPath = "output",
    *,
    formats: Iterable[Format] = ("pdf", "docx"),
    templates: StrPath | None = None,
    fonts: StrPath | None = None,
    verify: bool = False,
) -> WrittenBuild:
    """Write the table of changes from one edition to another, as ``reportgen compare`` does.

    All files are written, or none. Raise ValueError for an unknown format.
    """
    settings = Settings(
        output=Path(output),
        formats=_formats(formats),
        templates=None if templates is None else Path(templates),
        working_folder=Path.cwd(),
        font_folders=_font_folders(fonts),
        cores=_cores(),
        verify=verify,
    )
    return pipeline.compare_workbooks(Path(old), Path(new), settings)


def _formats(formats: Iterable[str]) -> tuple[str, ...]:
    """Return the formats, each once; raise ValueError for an unknown one, or none to lay out."""
    names = _names(formats)
    if unknown := [name for name in names if name not in FORMATS]:
        raise ValueError(f"{unknown[0]!r} is none of the formats {', '.join(FORMATS)}")
    if not set(names) - {"ods"}:
        raise ValueError("formats needs one of a document: pdf, docx, html, odt")
    return names


def _names(names: Iterable[str]) -> tuple[str, ...]:
    """Return the names, each once; raise TypeError for a bare string, ValueError for none."""
    if isinstance(names, str):
        raise TypeError(f"a sequence of names is wanted, such as [{names!r}], not a string")
    if not (unique := tuple(dict.fromkeys(names))):
        raise ValueError("one name at least is wanted")
    return unique


def _font_folders(fonts: StrPath | None) -> tuple[Path, ...]:
    """Return the folders of fonts; raise NotADirectoryError for one that is named and not there."""
    from reportgen.render.fonts.font_set import font_folders

    if fonts is None:
        return font_folders()
    if not Path(fonts).is_dir():
        raise NotADirectoryError(f"{fonts} is no folder")
    return font_folders(Path(fonts))


def _cores() -> int:
    """Return the number of processor cores that this process may use."""
    from reportgen.processes.resource_limits import available_cores

    return available_cores()
