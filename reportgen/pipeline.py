"""The way through the house: workbook → scorecard → view → HTML → PDF and Word.

Only composes the stages. Nothing is written before every stage has been heard and none of
them has found an error.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reportgen.files import Written, write_files
from reportgen.problems import ExitCode, Location, Problem, StoppedError, has_errors, make
from reportgen.problems.entry import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from reportgen.model import Scorecard
    from reportgen.render.fonts import FontSet
    from reportgen.render.html import Template
    from reportgen.results import Results

FORMATS = ("pdf", "docx", "html")
DOCUMENTS = {"scorecard": "平衡計分卡"}  # template folder → its part of the file's name


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a build is asked for."""

    output: Path
    formats: tuple[str, ...] = ("pdf", "docx")
    documents: tuple[str, ...] = tuple(DOCUMENTS)
    templates: Path | None = None
    working_folder: Path
    font_folders: tuple[Path, ...]
    progress: Callable[[str], None] = lambda stage: None


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What a build has made, and what it had to say."""

    edition: str
    files: tuple[Written, ...]
    templates: tuple[Path, ...]
    problems: tuple[Problem, ...]


def check(workbook: Path) -> tuple[Scorecard | None, tuple[Problem, ...]]:
    """Everything that can be said of a workbook without a template: cells, formulas, figures."""
    from reportgen.compute import findings

    results, problems = calculate(workbook)
    if results is None:
        return None, problems
    return results.scorecard, problems + findings(results)


def calculate(workbook: Path) -> tuple[Results | None, tuple[Problem, ...]]:
    """The results of a workbook, and every problem of its cells, formulas and targets."""
    from reportgen.compute import compute
    from reportgen.workbook.bounded import start

    scorecard, problems = start(workbook).result()
    if scorecard is None:
        return None, problems
    results, found = compute(scorecard)
    return results, problems + found


def build(workbook: Path, settings: Settings) -> Built:
    """PDF, Word and HTML of an edition, written below ``settings.output``.

    Raises StoppedError, with all problems found up to there, when nothing was written.
    """
    from reportgen.workbook.bounded import start

    settings.progress("read")
    with start(workbook) as reading:  # beside it, what takes its time is made ready
        templates, missing = _templates(settings)
        fonts, no_fonts = _fonts(settings)
        _warm_up()
        scorecard, problems = reading.result()  # prints formulas, but no figures
    problems += (*missing, *no_fonts)
    if scorecard is not None and fonts is not None:
        problems += _glyphs(scorecard, fonts)
    _stop_on_errors(problems)
    assert scorecard is not None
    assert fonts is not None
    contents: dict[Path, bytes] = {}
    for template in templates:
        settings.progress("render")
        made, found = _render(scorecard, template, fonts, workbook, settings)
        contents |= made
        problems += found
    _stop_on_errors(problems)
    settings.progress("write")
    written, unwritten = write_files(contents)
    problems += unwritten
    _stop_on_errors(problems)
    return Built(
        edition=scorecard.edition,
        files=written,
        templates=tuple(template.folder for template in templates),
        problems=problems,
    )


def exit_code(problems: Iterable[Problem]) -> ExitCode:
    """What the first error means to the shell."""
    stages = {"1": ExitCode.WORKBOOK, "2": ExitCode.WORKBOOK, "3": ExitCode.FILE}
    stages |= {"4": ExitCode.TEMPLATE, "5": ExitCode.ENVIRONMENT, "6": ExitCode.ARCHIVE}
    errors = (each.code[1] for each in problems if each.severity is Severity.ERROR)
    return next((stages[stage] for stage in errors), ExitCode.DONE)


def _stop_on_errors(problems: tuple[Problem, ...]) -> None:
    if has_errors(problems):
        raise StoppedError(problems, exit_code(problems))


def _templates(settings: Settings) -> tuple[tuple[Template, ...], tuple[Problem, ...]]:
    from reportgen.render.html import find_template

    found = [
        find_template(document, settings.templates, settings.working_folder)
        for document in settings.documents
    ]
    return (
        tuple(template for template, _ in found if template),
        tuple(problem for _, problems in found for problem in problems),
    )


def _fonts(settings: Settings) -> tuple[FontSet | None, tuple[Problem, ...]]:
    from reportgen.render.fonts import FontSet, find_fonts

    found, problems = find_fonts(settings.font_folders)
    return (None if problems else FontSet(found)), problems


def _warm_up() -> None:
    """Load what every build needs; where Pango is missing, the rendering says so."""
    from reportgen.render.tuning import load_weasyprint

    with suppress(OSError):
        load_weasyprint()


def _glyphs(scorecard: Scorecard, fonts: FontSet) -> tuple[Problem, ...]:
    """E119 for each printed cell and character that no font has."""
    from reportgen.workbook import printed_texts

    return tuple(
        make(
            "E119",
            Location(sheet=text.at.sheet, cell=text.at.cell),
            character=character,
            codepoint=f"U+{ord(character):04X}",
            found=text.text,
        )
        for text in printed_texts(scorecard)
        for character in fonts.missing(text.text)
    )


def _render(
    scorecard: Scorecard, template: Template, fonts: FontSet, workbook: Path, settings: Settings
) -> tuple[dict[Path, bytes], tuple[Problem, ...]]:
    """The files of one document: name → bytes."""
    from reportgen.render.document import Job, render
    from reportgen.view import scorecard_view

    view = scorecard_view(scorecard)
    job = Job(
        template=template,
        context=shallow(view),
        formats=settings.formats,
        title=f"{view.document.agency} {view.document.title}（{scorecard.edition} 修表）",
        author=view.document.agency,
        day=scorecard.revised.to_date(),
        source_name=workbook.name,
        source=workbook.read_bytes(),
    )
    made, problems = render(job, fonts)
    stem = f"{_file_name(view.document.agency)}_{DOCUMENTS[template.name]}_{scorecard.edition}"
    folder = settings.output / scorecard.edition
    return {folder / f"{stem}.{kind}": content for kind, content in made.items()}, problems


def shallow(view: Any) -> dict[str, Any]:
    """The top-level names of a view, for a template."""
    return {name: getattr(view, name) for name in view.__dataclass_fields__}


def _file_name(text: str) -> str:
    """An agency's name as part of a file name: at most 180 bytes, nothing that a system bars."""
    kept = "".join("_" if c in '\\/:*?"<>|' or ord(c) < 32 else c for c in text).strip(" .")
    return kept.encode()[:180].decode(errors="ignore") or "機關"


__all__ = [
    "DOCUMENTS",
    "FORMATS",
    "Built",
    "Settings",
    "build",
    "calculate",
    "check",
    "exit_code",
]
