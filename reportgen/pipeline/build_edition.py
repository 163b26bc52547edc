"""Build of an edition's documents from a workbook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reportgen.pipeline.build_result import Made, Source, write
from reportgen.pipeline.check_workbook import early, findings_of
from reportgen.pipeline.exit_codes import exit_code, stop_on_errors
from reportgen.pipeline.render_documents import render, with_odt, without_office
from reportgen.pipeline.resources import fonts_of, missing_glyphs, templates_of, warm_up
from reportgen.problems import StoppedError

if TYPE_CHECKING:
    from pathlib import Path

    from reportgen.compute.result_types import Results
    from reportgen.documents import Document, Figures
    from reportgen.model.scorecard import Scorecard
    from reportgen.pipeline.build_result import Built
    from reportgen.pipeline.settings import Settings
    from reportgen.problems import Problem
    from reportgen.render.fonts.font_set import FontSet


def build(workbook: Path, settings: Settings) -> Built:
    """Write the documents of an edition below ``settings.output``.

    Raises StoppedError with all problems found so far if nothing was written.
    """
    return write(produce(workbook, settings).finished(), settings)


def produce(workbook: Path, settings: Settings) -> Made:
    """Return the documents of an edition as bytes; raise StoppedError if there are none."""
    from reportgen.documents import figures

    reading = _read_workbook(workbook, settings)
    computed = None if reading.scorecard is None else figures(reading.scorecard)
    return _render_reading(reading, computed, settings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A workbook that was read, and the fonts of its documents."""

    workbook: Path
    content: bytes
    scorecard: Scorecard | None
    problems: tuple[Problem, ...]
    fonts: FontSet | None
    no_fonts: tuple[Problem, ...]  # why there are none


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """A workbook that was read and computed once for all of its documents."""

    reading: Reading
    figures: Figures | None  # None if the workbook cannot be read
    problems: tuple[Problem, ...]  # all that ``examine`` returns

    @property
    def results(self) -> Results | None:
        """The computed results, or None if the workbook cannot be read."""
        return None if self.figures is None else self.figures.results


def examine_to_produce(workbook: Path, settings: Settings) -> Examined:
    """Read and compute a workbook, with the problems of :func:`reportgen.pipeline.examine`."""
    from reportgen.documents import figures

    reading = _read_workbook(workbook, settings)
    if reading.scorecard is None:
        return Examined(reading=reading, figures=None, problems=reading.problems)
    computed = figures(reading.scorecard)
    result_problems = findings_of(computed.results, workbook, reading.fonts)
    problems = (*reading.problems, *computed.problems, *result_problems, *reading.no_fonts)
    return Examined(reading=reading, figures=computed, problems=problems)


def produce_examined(
    examined: Examined, settings: Settings
) -> tuple[Made | None, tuple[Problem, ...]]:
    """Return what :func:`produce` makes of a workbook and its problems, without reading it again.

    The first value is None if no documents could be made; the problems give the reason.
    """
    try:
        result = _render_reading(examined.reading, examined.figures, settings)
    except StoppedError as stop:
        return None, stop.problems
    return result, result.problems


def _read_workbook(workbook: Path, settings: Settings) -> Reading:
    from reportgen.workbook.reading.sandboxed_reader import start_reading

    settings.progress("read")
    with start_reading(workbook) as reading:  # in parallel, fonts and slow libraries are loaded
        fonts, no_fonts = fonts_of(settings)
        warm_up()
        scorecard, problems = reading.result()
    return Reading(
        workbook=workbook,
        content=reading.content or b"",
        scorecard=scorecard,
        problems=problems,
        fonts=fonts,
        no_fonts=no_fonts,
    )


def _render_reading(reading: Reading, figures: Figures | None, settings: Settings) -> Made:
    """Return the documents of a workbook that was read; raise StoppedError if there are none."""
    templates, template_problems = templates_of(settings)
    problems = (*reading.problems, *template_problems, *reading.no_fonts)
    fonts = reading.fonts
    if figures is None or fonts is None:
        raise StoppedError(problems, exit_code(problems))
    scorecard = figures.results.scorecard
    source = Source(reading.workbook.name, reading.content, scorecard)
    documents, new_problems = _make_documents(figures, settings, fonts)
    problems += (
        *new_problems,
        *early(scorecard, reading.workbook),
        *without_office(settings.formats),
    )
    stop_on_errors(problems)
    settings.progress("render")
    contents, new_problems = render(documents, templates, source, fonts, settings)
    problems += new_problems
    result = Made(
        source=source, contents=contents, templates=templates, fonts=fonts, problems=problems
    )
    return with_odt(result, settings)


def _make_documents(
    figures: Figures, settings: Settings, fonts: FontSet
) -> tuple[tuple[Document, ...], tuple[Problem, ...]]:
    from reportgen.documents import document

    card = figures.results.scorecard
    documents = [document(name, card, figures, settings.formats) for name in settings.documents]
    texts = dict.fromkeys(text for document_made, _ in documents for text in document_made.texts)
    problems = (problem for _, problems in documents for problem in problems)
    return tuple(document_made for document_made, _ in documents), (
        *problems,
        *missing_glyphs(texts, fonts),
    )
