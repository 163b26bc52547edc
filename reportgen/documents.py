"""The documents of an edition, and the content that each of them prints.

A document is a folder of templates. ``results`` prints the yearly results and exports them as
figures, too; every other folder prints the same data as the scorecard.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reportgen.provenance.seal import NO_SEAL
from reportgen.views.scorecard_view import scorecard_view

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from reportgen.compute.result_types import Results
    from reportgen.model.scorecard import Scorecard, Text
    from reportgen.problems import Problem
    from reportgen.rollup import RollUp

SCORECARD, RESULTS, COMPARISON, ROLLUP = "scorecard", "results", "comparison", "rollup"
FILE_NAMES = {
    SCORECARD: "平衡計分卡",
    RESULTS: "執行成果",
    COMPARISON: "修正對照表",
    ROLLUP: "彙整",
}
TRACKED = "平衡計分卡追蹤修訂"


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A document's names for its template, and the files that go with it."""

    name: str  # the template's folder
    title: str
    context: Mapping[str, Any]
    texts: tuple[Text, ...]  # the printed texts of the workbook, for the glyph check
    beside: Mapping[str, bytes]  # file name's ending → content
    within: Mapping[str, bytes]  # attachments of its PDF: file name → content

    @property
    def file_name(self) -> str:
        """The document's part of the file names."""
        return FILE_NAMES.get(self.name, self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """The content that a document prints, without its accompanying files."""

    title: str
    context: Mapping[str, Any]
    texts: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """The computed results of an edition, shared by all its documents."""

    results: Results
    problems: tuple[Problem, ...]
    json: bytes  # ``results.json``; empty if a formula cannot be computed


def figures(scorecard: Scorecard) -> Figures:
    """Compute an edition; problems are those of its formulas."""
    from reportgen.compute import compute
    from reportgen.exports.results_json import results_json
    from reportgen.problems import has_errors

    results, problems = compute(scorecard)
    return Figures(results, problems, b"" if has_errors(problems) else results_json(results))


def content(name: str, results: Results) -> Content:
    """Return the content that a document of an edition prints."""
    if name == RESULTS:
        return _results_content(results)
    return _scorecard_content(results.scorecard)


def document(
    name: str, scorecard: Scorecard, computed: Figures | None = None, formats: tuple[str, ...] = ()
) -> tuple[Document, tuple[Problem, ...]]:
    """Return a document of an edition, and problems of the results' formulas.

    ``made`` are its figures if they are already computed; they are also written beside it as .ods
    if ``formats`` ask for it.
    """
    computed = computed or figures(scorecard)
    return _results(computed, formats) if name == RESULTS else (_scorecard(name, computed), ())


def comparison_document(old: Scorecard, new: Scorecard) -> Document:
    """Return the table of changes from one edition to another."""
    from reportgen.compare import compare_scorecards, comparison_json
    from reportgen.views.comparison_view import comparison_view
    from reportgen.views.printed_texts import printed_texts, texts_in_view
    from reportgen.views.results_view import BANNERS

    comparison = compare_scorecards(old, new)
    data = comparison_json(comparison)
    view = comparison_view(comparison, BANNERS[new.status])
    listed = tuple(
        text
        for card in (old, new)
        for text in (*printed_texts(card, figures=True), *_remarks(card))
    )
    return Document(
        name=COMPARISON,
        title=f"{new.agency} {new.title}修正對照表（{old.edition} 至 {new.edition}）",
        context=_names(view),
        texts=(
            *listed,
            *(text for card in (old, new) for text in texts_in_view(view, card, listed)),
        ),
        beside={"json": data},
        within={"comparison.json": data},
    )


def rollup_document(rolled: RollUp) -> Document:
    """Return the roll-up document of many agencies.

    Its figures are a workbook beside it (``rollup_numbers``).
    """
    from reportgen.views.rollup import rollup_view

    view = rollup_view(rolled)
    return Document(
        name=ROLLUP,
        title=f"{view.year and f'{view.year}年度'}各機關平衡計分卡彙整",
        context=_names(view),
        texts=(),
        beside={},
        within={},
    )


def rollup_numbers(rolled: RollUp) -> bytes:
    """Return the figures of a roll-up as a workbook."""
    from reportgen.workbook.export.rollup_xlsx import write_rollup

    numbers = io.BytesIO()
    write_rollup(rolled, numbers)
    return numbers.getvalue()


def rollup_open_document(rolled: RollUp) -> bytes:
    """Return the figures of a roll-up as .ods."""
    from reportgen.workbook.export.rollup_xlsx import rollup_as_ods

    return rollup_as_ods(rolled)


def _remarks(card: Scorecard) -> Iterator[Text]:
    """Yield the texts that only a table of changes prints: reasons, sources, offices."""
    texts = (
        *(text for revision in card.revisions for text in (revision.item, revision.note)),
        *(text for figure in card.figures for text in (figure.source, figure.note)),
        *(target.basis for target in card.targets),
        *(kpi.owner for kpi in card.kpis),
    )
    yield from (text for text in texts if text)


def _scorecard(name: str, figures: Figures) -> Document:
    printed_content = _scorecard_content(figures.results.scorecard)
    return Document(
        name=name,
        title=printed_content.title,
        context=printed_content.context,
        texts=printed_content.texts,
        beside={},
        within={"results.json": figures.json} if figures.json else {},
    )


def _scorecard_content(scorecard: Scorecard) -> Content:
    view = scorecard_view(scorecard)
    return Content(
        title=f"{scorecard.agency} {scorecard.title}（{scorecard.edition} 修表）",
        context=_names(view),
        texts=_texts(view, scorecard),
    )


def scorecard_texts(scorecard: Scorecard) -> tuple[Text, ...]:
    """Return the texts whose characters the scorecard document needs glyphs for."""
    return _texts(scorecard_view(scorecard), scorecard)


def _texts(view: Any, scorecard: Scorecard, *, figures: bool = False) -> tuple[Text, ...]:
    from reportgen.views.printed_texts import printed_texts, texts_in_view

    listed = tuple(printed_texts(scorecard, figures=figures))
    return (*listed, *texts_in_view(view, scorecard, listed))


def _results(figures: Figures, formats: tuple[str, ...]) -> tuple[Document, tuple[Problem, ...]]:
    from reportgen.workbook.export.results_xlsx import results_as_ods, write_results

    numbers = io.BytesIO()
    write_results(figures.results, numbers)
    beside = {"json": figures.json, "xlsx": numbers.getvalue()}
    if "ods" in formats:
        beside["ods"] = results_as_ods(figures.results)
    printed_content = _results_content(figures.results)
    results_document = Document(
        name=RESULTS,
        title=printed_content.title,
        context=printed_content.context,
        texts=printed_content.texts,
        beside=beside,
        within={"results.json": figures.json},
    )
    return results_document, figures.problems


def _results_content(results: Results) -> Content:
    from reportgen.views.results_view import results_view

    card = results.scorecard
    view = results_view(results)
    return Content(
        title=f"{card.agency} {card.data_year}年度平衡計分卡執行成果（{card.edition} 修表）",
        context=_names(view),
        texts=_texts(view, card, figures=True),
    )


def _names(view: Any) -> dict[str, Any]:
    """Return the top-level names of a view for a template.

    The seal is a placeholder; it is known only when the document is made.
    """
    return {name: getattr(view, name) for name in view.__dataclass_fields__} | {"seal": NO_SEAL}
