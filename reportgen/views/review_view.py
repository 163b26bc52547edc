"""View of the yearly review: results by perspective, the words on them, initiatives, a summary.

The tables are those of the yearly results; figures bound in words are printed as the tables print
them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from reportgen.compute.result_types import RateLevel
from reportgen.formula import exact_text
from reportgen.model.missing_symbols import MissingReason
from reportgen.model.scorecard import Direction, Known
from reportgen.views.bound_figures import FigureLookup
from reportgen.views.figure_texts import symbol_notes
from reportgen.views.results_view import (
    BANNERS,
    result_pages,
    sorted_perspectives,
    weighted_rate_text,
)
from reportgen.views.scorecard_view import document_view

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from reportgen.compute.result_types import KpiResult, Results
    from reportgen.model.scorecard import (
        Commentary,
        Initiative,
        Perspective,
        RocDate,
        Scorecard,
        Text,
    )
    from reportgen.problems import Problem
    from reportgen.views.figure_texts import SymbolNote
    from reportgen.views.results_view import ResultObjective, ResultPage, ResultRow
    from reportgen.views.scorecard_view import DocumentView

PROGRESS, SHORTFALL, MEASURES, TARGET_REASON = (
    "執行情形",
    "未達成原因",
    "因應策略",
    "目標調整理由",
)
PRINTED_LABELS: Final = {
    MEASURES: "因應策略\n（改善措施）",
    TARGET_REASON: "下年度目標調整理由",
}
INITIATIVE_PROGRESS: Final = "辦理情形"


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledText:
    """A text below its label; it may have several lines."""

    label: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentaryView:
    """The words on a KPI in the data year: one text at least."""

    code: str
    name: str
    verdict: str  # 達成, 未達成, or empty
    texts: tuple[LabelledText, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class InitiativeView:
    """An initiative; texts may be empty."""

    name: str
    owner: str
    start: str  # 105.1.1, for a narrow column
    end: str
    stage: str
    budget: str  # 千元
    progress: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InitiativeGroup:
    """The initiatives of an objective: one at least."""

    code: str
    name: str
    initiatives: tuple[InitiativeView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewPage:
    """A perspective: its results (none without KPIs), the words on them, and its initiatives."""

    perspective: str
    rate: str
    objectives: tuple[ResultObjective, ...]
    commentaries: tuple[CommentaryView, ...]
    initiatives: tuple[InitiativeGroup, ...]
    symbols: tuple[SymbolNote, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryRow:
    """Counts of KPIs of a perspective, or of all."""

    name: str
    total: int
    achieved: int
    missed: int
    unjudged: int  # without a target or a figure
    improved: int  # since the year before
    unchanged: int
    declined: int
    rate: str  # weighted achievement rate, or empty


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryGroup:
    """The KPIs that a reader looks for first: one at least."""

    name: str  # 未達成, 較上年度退步
    rows: tuple[ResultRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewView:
    """The data of the template of the yearly review."""

    document: DocumentView
    year: int  # ROC year
    banner: str
    overall_rate: str
    has_rates: bool  # a perspective, or the whole, has a weighted achievement rate
    summary: tuple[SummaryRow, ...]
    total: SummaryRow
    groups: tuple[SummaryGroup, ...]
    improved: tuple[ResultRow, ...]  # KPIs that are better than the year before
    group_symbols: tuple[SymbolNote, ...]
    pages: tuple[ReviewPage, ...]


def review_view(results: Results) -> ReviewView:
    """Return the yearly review of an edition's data year, ready to print."""
    card = results.scorecard
    lookup = FigureLookup(results)
    page_by_code = {page.code: page for page in result_pages(results)}
    perspectives = sorted_perspectives(results)
    summary = tuple(
        _summary_row(
            str(perspective.card_name),
            _kpis_of(results, perspective),
            results,
            weighted_rate_text(results, RateLevel.PERSPECTIVE, perspective.code),
        )
        for perspective in perspectives
        if _kpis_of(results, perspective)
    )
    overall_rate = weighted_rate_text(results, RateLevel.WHOLE, "")
    rows = {
        row.code: row
        for page in page_by_code.values()
        for objective in page.objectives
        for row in objective.rows
    }
    groups = tuple(_summary_groups(results, rows))
    pages = (
        _review_page(results, perspective, page_by_code.get(perspective.code), lookup)
        for perspective in perspectives
    )
    return ReviewView(
        document=document_view(card),
        year=card.data_year,
        banner=BANNERS[card.status],
        overall_rate=overall_rate,
        has_rates=bool(overall_rate or any(row.rate for row in summary)),
        summary=summary,
        total=_summary_row("合計", results.kpis, results, overall_rate),
        groups=groups,
        improved=_selected_rows(results, rows, _codes_by_progress(results, 1)),
        group_symbols=symbol_notes(
            text
            for group in groups
            for row in group.rows
            for text in (row.target, row.actual, row.rate, row.change)
        ),
        pages=tuple(page for page in pages if page.objectives or page.initiatives),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PerspectiveWords:
    """The words on the KPIs of a perspective: one KPI at least."""

    perspective: str
    commentaries: tuple[CommentaryView, ...]


def words_in_results(
    results: Results,
) -> tuple[tuple[PerspectiveWords, ...], tuple[SymbolNote, ...]]:
    """Return the words that the results print, with the symbols of figures in them.

    Nothing unless the workbook asks for it; else what the review prints on KPIs.
    """
    if not results.scorecard.has_words_in_results:
        return (), ()
    binder = _Binder(results, FigureLookup(results))
    words = tuple(
        PerspectiveWords(perspective=str(perspective.card_name), commentaries=commentaries)
        for perspective in sorted_perspectives(results)
        if (commentaries := tuple(_commentaries(results, perspective, binder)))
    )
    return words, symbol_notes(binder.figures)


def bound_figure_problems(results: Results) -> tuple[Problem, ...]:
    """Return the problems of figures bound in the words that the review prints."""
    binder = _Binder(results, FigureLookup(results))
    for commentary in results.scorecard.commentaries:
        if commentary.year == results.scorecard.data_year:
            binder.commentary_texts(commentary)
    for initiative in results.scorecard.initiatives:
        binder.progress(initiative)
    return tuple(binder.problems)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedWords:
    """All words of an edition with their figures, as the review prints those of the data year."""

    commentaries: tuple[Mapping[str, str], ...]  # by column, for each of the scorecard's
    progress: tuple[str, ...]  # of each of the scorecard's initiatives
    problems: tuple[Problem, ...]


def printed_words(results: Results) -> PrintedWords:
    """Return the words of all years with their figures, and the problems of these."""
    binder = _Binder(results, FigureLookup(results))
    card = results.scorecard
    return PrintedWords(
        commentaries=tuple(map(binder.commentary_texts, card.commentaries)),
        progress=tuple(map(binder.progress, card.initiatives)),
        problems=tuple(binder.problems),
    )


def printed_commentary(
    results: Results, commentary: Commentary
) -> tuple[dict[str, str], tuple[Problem, ...]]:
    """Return the words on a KPI by column, with their figures, and the problems of these.

    Columns without words are absent.
    """
    binder = _Binder(results, FigureLookup(results))
    return binder.commentary_texts(commentary), tuple(binder.problems)


def scorecard_as_printed(results: Results) -> tuple[Scorecard, tuple[Problem, ...]]:
    """Return the scorecard with the figures in its words, and the problems of bound figures.

    Words of all years have them; a text with a problem is as written.
    """
    binder = _Binder(results, FigureLookup(results))
    card = results.scorecard
    commentaries = []
    for commentary in card.commentaries:
        printed = binder.commentary_texts(commentary)
        words = {
            column: replace(text, text=printed.get(column, ""))
            for column, text in commentary.columns.items()
        }
        commentaries.append(
            replace(
                commentary,
                progress=words[PROGRESS],
                shortfall_reason=words[SHORTFALL],
                measures=words[MEASURES],
                target_reason=words[TARGET_REASON],
            )
        )
    initiatives = tuple(
        replace(initiative, progress=replace(initiative.progress, text=binder.progress(initiative)))
        for initiative in card.initiatives
    )
    printed_card = replace(card, commentaries=tuple(commentaries), initiatives=initiatives)
    return printed_card, tuple(binder.problems)


def reviewed_texts(results: Results) -> Iterator[Text]:
    """Yield the texts of the workbook that the review prints with figures in them."""
    card = results.scorecard
    for commentary in card.commentaries:
        if commentary.year == card.data_year:
            yield from commentary.texts
    yield from (initiative.progress for initiative in card.initiatives if initiative.progress)


class _Binder:
    """Words with their figures, which are collected, and the problems found."""

    def __init__(self, results: Results, lookup: FigureLookup) -> None:
        self.problems: list[Problem] = []
        self.figures: list[str] = []
        self._results = results
        self._lookup = lookup
        self._unit_by_kpi = {result.kpi.code: result.unit for result in results.kpis}

    def commentary_texts(self, commentary: Commentary) -> dict[str, str]:
        """Return the words on a KPI by column, as printed."""
        units = frozenset({self._unit_by_kpi.get(commentary.kpi, "")})
        return {
            label: self._bind(text, commentary.year, label, units)
            for label, text in commentary.columns.items()
            if text
        }

    def progress(self, initiative: Initiative) -> str:
        """Return the progress of an initiative as printed."""
        units = frozenset(
            result.unit
            for result in self._results.kpis
            if result.kpi.objective == initiative.objective
        )
        year = self._results.scorecard.data_year
        return self._bind(initiative.progress, year, INITIATIVE_PROGRESS, units)

    def _bind(self, text: Text, year: int, label: str, units: frozenset[str]) -> str:
        """Return a text with its figures."""
        bound = self._lookup.bind(text, year, label=label, units=units)
        self.problems += bound.problems
        self.figures += bound.figures
        return bound.text


def _kpis_of(results: Results, perspective: Perspective) -> list[KpiResult]:
    """Return the results of a perspective's KPIs, in the order of its objectives."""
    return [
        result
        for objective in results.scorecard.objectives
        if objective.perspective == perspective.code
        for result in results.kpis
        if result.kpi.objective == objective.code
    ]


def _progress_since_last_year(result: KpiResult, year: int) -> int | None:
    """Return 1 if a KPI is better than in the year before, -1 if worse, 0 if the same.

    None if one of the two figures is missing, or a figure is only 達成 or 未達成.
    """
    kpi_year = result.of(year)
    change = kpi_year.change if kpi_year and not kpi_year.is_verdict_only else None
    if change is None or not isinstance(change.difference.value, Known):
        return None
    difference = change.difference.value.value
    sign = (difference > 0) - (difference < 0)
    return sign if result.kpi.direction is Direction.HIGHER else -sign


def _summary_row(
    name: str, kpis: tuple[KpiResult, ...] | list[KpiResult], results: Results, rate: str
) -> SummaryRow:
    """Return the counts of some KPIs in the data year."""
    year = results.scorecard.data_year
    verdicts = [kpi_year.achieved if (kpi_year := kpi.of(year)) else None for kpi in kpis]
    progress = [_progress_since_last_year(kpi, year) for kpi in kpis]
    return SummaryRow(
        name=name,
        total=len(kpis),
        achieved=verdicts.count(True),
        missed=verdicts.count(False),
        unjudged=verdicts.count(None),
        improved=progress.count(1),
        unchanged=progress.count(0),
        declined=progress.count(-1),
        rate=rate,
    )


def _summary_groups(results: Results, rows: Mapping[str, ResultRow]) -> Iterator[SummaryGroup]:
    """Yield the missed KPIs, and those that are worse than in the year before."""
    year = results.scorecard.data_year
    missed = {
        kpi.kpi.code
        for kpi in results.kpis
        if (kpi_year := kpi.of(year)) and kpi_year.achieved is False
    }
    for name, codes in (("未達成", missed), ("較上年度退步", _codes_by_progress(results, -1))):
        if codes:
            yield SummaryGroup(name=name, rows=_selected_rows(results, rows, codes))


def _codes_by_progress(results: Results, sign: int) -> set[str]:
    """Return the codes of the KPIs that are better (1) or worse (-1) than in the year before."""
    year = results.scorecard.data_year
    return {kpi.kpi.code for kpi in results.kpis if _progress_since_last_year(kpi, year) == sign}


def _selected_rows(
    results: Results, rows: Mapping[str, ResultRow], codes: set[str]
) -> tuple[ResultRow, ...]:
    """Return the rows of some KPIs, in the order of the document."""
    return tuple(
        rows[kpi.kpi.code]
        for perspective in sorted_perspectives(results)
        for kpi in _kpis_of(results, perspective)
        if kpi.kpi.code in codes
    )


def _review_page(
    results: Results, perspective: Perspective, page: ResultPage | None, lookup: FigureLookup
) -> ReviewPage:
    """Return the results of a perspective, the words on its KPIs, and its initiatives."""
    binder = _Binder(results, lookup)
    commentaries = tuple(_commentaries(results, perspective, binder))
    initiatives = tuple(_initiative_groups(results, perspective, binder))
    objectives = page.objectives if page else ()
    rows = [row for objective in objectives for row in objective.rows]
    return ReviewPage(
        perspective=str(perspective.card_name),
        rate=page.rate if page else "",
        objectives=objectives,
        commentaries=commentaries,
        initiatives=initiatives,
        symbols=symbol_notes(
            (
                *(text for row in rows for text in (row.target, row.actual, row.rate, row.change)),
                *binder.figures,
            )
        ),
    )


def _commentaries(
    results: Results, perspective: Perspective, binder: _Binder
) -> Iterator[CommentaryView]:
    """Yield the words on each KPI of a perspective that has some, or that is missed.

    Of a missed KPI reason and measures that are blank are printed as such.
    """
    card = results.scorecard
    commentary_by_kpi = {
        commentary.kpi: commentary
        for commentary in card.commentaries
        if commentary.year == card.data_year
    }
    for result in _kpis_of(results, perspective):
        kpi_year = result.of(card.data_year)
        commentary = commentary_by_kpi.get(result.kpi.code)
        texts = binder.commentary_texts(commentary) if commentary else {}
        if kpi_year is not None and kpi_year.achieved is False:
            blank = MissingReason.BLANK.printed
            texts = {SHORTFALL: blank, MEASURES: blank} | texts
        if texts:
            yield CommentaryView(
                code=result.kpi.code,
                name=str(result.kpi.name),
                verdict=kpi_year.verdict if kpi_year else "",
                texts=tuple(
                    LabelledText(label=PRINTED_LABELS.get(label, label), text=texts[label])
                    for label in (PROGRESS, SHORTFALL, MEASURES, TARGET_REASON)
                    if label in texts
                ),
            )


def _initiative_groups(
    results: Results, perspective: Perspective, binder: _Binder
) -> Iterator[InitiativeGroup]:
    """Yield the initiatives of each objective of a perspective that has some."""
    for objective in results.scorecard.objectives:
        initiatives = tuple(
            _initiative_view(initiative, binder)
            for initiative in results.scorecard.initiatives
            if initiative.objective == objective.code
        )
        if initiatives and objective.perspective == perspective.code:
            yield InitiativeGroup(
                code=objective.code, name=str(objective.name), initiatives=initiatives
            )


def _initiative_view(initiative: Initiative, binder: _Binder) -> InitiativeView:
    """Return an initiative as printed; a budget with all its digits."""
    return InitiativeView(
        name=str(initiative.name),
        owner=str(initiative.owner),
        start=_short_date(initiative.start),
        end=_short_date(initiative.end),
        stage=initiative.stage.value if initiative.stage else "",
        budget="" if initiative.budget is None else exact_text(initiative.budget),
        progress=binder.progress(initiative),
    )


def _short_date(day: RocDate | None) -> str:
    """Return a date as ``105.1.1``; empty for None."""
    return f"{day.year}.{day.month}.{day.day}" if day else ""
