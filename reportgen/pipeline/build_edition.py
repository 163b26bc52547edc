"""Build of an edition's documents from a workbook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from reportgen.pipeline.build_result import BuildResult, BuildSource, write_build
from reportgen.pipeline.exit_codes import exit_code, stop_on_errors
from reportgen.pipeline.printed_approvals import printed_approvals
from reportgen.pipeline.render_documents import (
    add_odt_files,
    missing_libreoffice_problems,
    render_documents,
    verify_pages,
)
from reportgen.pipeline.resources import (
    build_fonts,
    find_templates,
    missing_glyphs,
    preload_libraries,
    with_default_documents,
)
from reportgen.pipeline.workbook_check import collect_result_problems, future_date_problems
from reportgen.problems import StoppedError, has_errors
from reportgen.processes.gc_policy import relaxed_gc

if TYPE_CHECKING:
    from pathlib import Path

    from reportgen.compute.result_types import Results
    from reportgen.documents import Document, Figures
    from reportgen.model.scorecard import Scorecard
    from reportgen.pipeline.build_result import WrittenBuild
    from reportgen.pipeline.printed_approvals import PrintedApprovals
    from reportgen.pipeline.settings import Settings
    from reportgen.problems import Problem
    from reportgen.render.fonts.font_set import FontSet

OPEN_DATA_FOLDER: Final = "open-data"


def build(workbook: Path, settings: Settings) -> WrittenBuild:
    """Write the documents of an edition below ``settings.output``.

    Raise StoppedError with all problems found so far if nothing was written.
    """
    return write_build(render_edition(workbook, settings).to_output(), settings)


def render_edition(workbook: Path, settings: Settings) -> BuildResult:
    """Return the documents of an edition as bytes, with all problems; nothing is written.

    Raise StoppedError with all problems if one of them is an error.
    """
    from reportgen.documents import compute_figures

    with relaxed_gc():  # all that is computed lives until the end
        reading = _read_workbook(workbook, settings)
        computed = None if reading.scorecard is None else compute_figures(reading.scorecard)
        return _render_reading(reading, computed, settings)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkbookReading:
    """A workbook that was read, and the fonts of its documents."""

    workbook: Path
    content: bytes
    scorecard: Scorecard | None
    problems: tuple[Problem, ...]
    fonts: FontSet | None
    font_problems: tuple[Problem, ...]  # the reasons if ``fonts`` is None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedWorkbook:
    """A workbook that was read and computed once for all of its documents."""

    reading: WorkbookReading
    figures: Figures | None  # None if the workbook cannot be read
    problems: tuple[Problem, ...]  # those of ``check_with_results``

    @property
    def results(self) -> Results | None:
        """The computed results, or None if the workbook cannot be read."""
        return None if self.figures is None else self.figures.results


def check_to_build(workbook: Path, settings: Settings) -> CheckedWorkbook:
    """Read and compute a workbook for :func:`build_checked`; nothing is rendered, nothing raised.

    Its problems are those of ``check_with_results``; ``figures`` is None if it cannot be read.
    """
    from reportgen.documents import compute_figures

    reading = _read_workbook(workbook, settings)
    if reading.scorecard is None:
        return CheckedWorkbook(reading=reading, figures=None, problems=reading.problems)
    computed = compute_figures(reading.scorecard)
    result_problems = collect_result_problems(computed.results, workbook, reading.fonts)
    problems = (*reading.problems, *computed.problems, *result_problems, *reading.font_problems)
    return CheckedWorkbook(reading=reading, figures=computed, problems=problems)


def build_checked(
    checked: CheckedWorkbook, settings: Settings
) -> tuple[BuildResult | None, tuple[Problem, ...]]:
    """Return the result and problems of :func:`render_edition`, not reading the workbook again.

    The first value is None if no documents could be made; the problems give the reason.
    """
    try:
        result = _render_reading(checked.reading, checked.figures, settings)
    except StoppedError as stop:
        return None, stop.problems
    return result, result.problems


def _read_workbook(workbook: Path, settings: Settings) -> WorkbookReading:
    """Read a workbook in a sandbox, and open the fonts meanwhile.

    Problems are returned in the reading, whose scorecard is None if the workbook cannot be read;
    ``fonts`` is None if one is missing.
    """
    from reportgen.workbook.reading.sandboxed_reader import start_reading

    settings.progress("read")
    with start_reading(workbook) as reading:  # in parallel, fonts and slow libraries are loaded
        fonts, no_fonts = build_fonts(settings)
        preload_libraries()
        scorecard, problems = reading.result()
    return WorkbookReading(
        workbook=workbook,
        content=reading.content or b"",
        scorecard=scorecard,
        problems=problems,
        fonts=fonts,
        font_problems=no_fonts,
    )


def _render_reading(
    reading: WorkbookReading, figures: Figures | None, settings: Settings
) -> BuildResult:
    """Render the documents of a workbook that was read, with all problems so far.

    Raise StoppedError if an error, or a missing font, prevents them.
    """
    if reading.scorecard is not None:
        settings = with_default_documents(settings, reading.scorecard)
    templates, template_problems = find_templates(settings)
    problems = (*reading.problems, *template_problems, *reading.font_problems)
    fonts = reading.fonts
    if figures is None or fonts is None:
        raise StoppedError(problems, exit_code(problems))
    scorecard = figures.results.scorecard
    source = BuildSource(reading.workbook.name, reading.content, scorecard)
    approvals, approval_problems = printed_approvals(settings, source, figures.json, templates)
    documents, new_problems = _make_documents(figures, approvals, settings, fonts)
    open_data: dict[Path, bytes] = {}
    if settings.open_data:  # a table without a KPI that cannot be computed would be incomplete
        open_data, open_data_problems = _open_data(figures, settings)
        new_problems = tuple(dict.fromkeys((*new_problems, *open_data_problems)))
    problems += (
        *approval_problems,
        *new_problems,
        *future_date_problems(scorecard, reading.workbook),
        *missing_libreoffice_problems(settings.formats),
    )
    stop_on_errors(problems)
    settings.progress("render")
    contents, new_problems = render_documents(
        documents, templates, source, fonts, settings, approvals=approvals
    )
    problems += new_problems
    contents |= open_data
    result = BuildResult(
        source=source, contents=contents, templates=templates, fonts=fonts, problems=problems
    )
    return verify_pages(add_odt_files(result, settings), settings)


def _open_data(
    figures: Figures, settings: Settings
) -> tuple[dict[Path, bytes], tuple[Problem, ...]]:
    """Return the open data by path, and the problems of its formulas and words.

    There are no files if a formula cannot be computed.
    """
    from reportgen.exports.open_data import open_data_files

    if has_errors(figures.problems):
        return {}, figures.problems
    folder = settings.output / figures.results.scorecard.edition / OPEN_DATA_FOLDER
    files, problems = open_data_files(figures.results)
    return {folder / name: content for name, content in files.items()}, (
        *figures.problems,
        *problems,
    )


def _make_documents(
    figures: Figures, approvals: PrintedApprovals, settings: Settings, fonts: FontSet
) -> tuple[tuple[Document, ...], tuple[Problem, ...]]:
    """Return what each requested document prints, with the problems of that and of missing glyphs.

    A text that several documents print is checked once.
    """
    from reportgen.documents import edition_document

    card = figures.results.scorecard
    documents_and_problems = [
        edition_document(name, card, figures, settings.formats) for name in settings.documents
    ]
    documents = tuple(approvals.in_document(document) for document, _ in documents_and_problems)
    texts = dict.fromkeys(text for document in documents for text in document.texts)
    problems = (problem for _, problems in documents_and_problems for problem in problems)
    return documents, (*problems, *missing_glyphs(texts, fonts))
