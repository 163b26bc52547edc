"""View of the results: the strings that the yearly results document prints.

The same heading, bands and first columns as the scorecard; then unit, target, actual,
achievement rate and verdict of the data year, the trend, and after the tables the whole
calculation of every figure, down to sheet and cell.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from reportgen.compute.result_types import RateLevel
from reportgen.formula import exact_value_text
from reportgen.model.scorecard import DataStatus, Known
from reportgen.views.figure_texts import (
    SymbolNote,
    print_calculation,
    print_figure,
    symbol_notes,
)
from reportgen.views.kpi_figures import actual_text, change_texts, target_text, trend_value_text
from reportgen.views.scorecard_view import DocumentView, document_view, formula_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reportgen.compute.result_types import (
        CheckResult,
        KpiResult,
        KpiYear,
        Results,
        WeightedRate,
    )
    from reportgen.formula import Evidence
    from reportgen.model.scorecard import Objective, Perspective

BANNERS = {
    DataStatus.SAMPLE: "範例資料：表列數字僅供示範，並非實際績效",
    DataStatus.DRAFT: "草稿：尚未定稿，數字可能變動",
    DataStatus.FINAL: "",
}
LIGHT_SHAPES = ("●", "▲", "■", "◆")  # best light first: distinct without colour, too
LIGHT_COLOURS = {
    "綠": "green",
    "黃": "yellow",
    "橙": "orange",
    "橘": "orange",
    "紅": "red",
    "藍": "blue",
}
CHART_WIDTH, CHART_HEIGHT = 54, 30  # of the trend's picture, in its own units
MIN_STEP, MAX_STEP = 3, 18  # from one year to the next
MAX_BARS = 8
ZERO = Fraction(0)
_PRINTED_NUMBER = re.compile(r"([+-]?[0-9][0-9,]*(?:\.[0-9]+)?)[%‰]?")
MAX_NAMED_KPIS = 3  # KPIs that a weighted rate names as lacking


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A year's bar in the picture of a trend; ``goal`` is where the target's tick is."""

    x: int
    y: str
    width: int
    height: str
    goal: str  # empty without a target
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendView:
    """A KPI over the years: a small picture, and the same in words."""

    width: int
    axis: str  # where zero is, from the top
    bars: tuple[Bar, ...]
    has_gaps: bool  # a year without a bar
    years: tuple[int, ...]  # ROC years, those of the figures
    figures: tuple[str, ...]  # "103年 14"
    left_out: str  # "95至97年未列", or empty
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LightView:
    """A light of the agency, distinguished by shape and name, not by colour alone."""

    shape: str
    name: str
    colour: str  # the colour in its name, in English; empty if none


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultRow:
    """A KPI's row; texts are ready to print, and may be empty."""

    code: str
    name: str
    unit: str
    target: str
    actual: str
    rate: str
    verdict: str  # 達成, 未達成
    light: LightView | None
    change: str  # from the year before: "+2"
    change_unit: str  # 百分點, or empty: that of the figure
    trend: TrendView
    target_in_words: bool = False  # of a milestone: names a stage, and takes several lines
    actual_in_words: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultObjective:
    """An objective and its rows; ``rate`` is its weighted achievement rate, if any."""

    code: str
    name: str
    rate: str
    rows: tuple[ResultRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultPage:
    """A perspective's results."""

    code: str  # of the perspective, one letter
    perspective: str
    rate: str
    objectives: tuple[ResultObjective, ...]
    has_charts: bool
    has_goals: bool  # a chart has the tick of a target
    has_gaps: bool  # a chart has a year without a bar
    has_rounded_changes: bool  # a change is not the difference of the two figures as printed
    symbols: tuple[SymbolNote, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class InputView:
    """A cell that a figure was read from."""

    component: str
    figure: str
    unit: str
    sheet: str
    cell: str  # with the words that a milestone's cell holds: F8（完成設計）


@dataclass(frozen=True, slots=True, kw_only=True)
class NameView:
    """A name of a formula: its cells and, if there are several, their sum."""

    name: str  # with the year if it is not the data year
    total: str  # empty if there is only one cell
    inputs: tuple[InputView, ...]

    @property
    def undivided(self) -> bool:
        """True if it consists of one cell without a component."""
        return len(self.inputs) == 1 and not self.inputs[0].component

    @property
    def rows(self) -> int:
        """The number of table rows that it takes."""
        return len(self.inputs) + bool(self.total)


@dataclass(frozen=True, slots=True, kw_only=True)
class CalculationView:
    """The calculation of a KPI's figure."""

    code: str
    name: str
    formula: str
    substitution: str
    why_missing: str
    names: tuple[NameView, ...]

    @property
    def rows(self) -> int:
        """The number of table rows that it takes, with those of formula and substitution."""
        return 2 + sum(name.rows for name in self.names)


@dataclass(frozen=True, slots=True, kw_only=True)
class CalculationPage:
    """The calculations of a perspective's KPIs."""

    perspective: str
    calculations: tuple[CalculationView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckView:
    """A rule of 勾稽規則 in the data year."""

    rule: str
    note: str
    left: str
    right: str
    verdict: str  # 相符, 不符, 無法判定


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultsView:
    """The data of the template of the yearly results."""

    document: DocumentView
    year: int  # ROC year
    banner: str
    overall_rate: str
    has_lights: bool
    pages: tuple[ResultPage, ...]
    calculations: tuple[CalculationPage, ...]
    calculation_symbols: tuple[SymbolNote, ...]
    checks: tuple[CheckView, ...]
    check_symbols: tuple[SymbolNote, ...]


def results_view(results: Results) -> ResultsView:
    """Return the yearly results of an edition's data year, ready to print.

    Nothing is computed here: figures are formatted, arranged by perspective, and their symbols
    explained.
    """
    card = results.scorecard
    calculations = tuple(_calculation_pages(results))
    checks = tuple(_check_view(check, card.data_year) for check in results.checks if check.years)
    return ResultsView(
        document=document_view(card),
        year=card.data_year,
        banner=BANNERS[card.status],
        overall_rate=weighted_rate_text(results, RateLevel.WHOLE, ""),
        has_lights=bool(card.lights),
        pages=tuple(result_pages(results)),
        calculations=calculations,
        calculation_symbols=symbol_notes(_calculated_figures(calculations)),
        checks=checks,
        check_symbols=symbol_notes(text for check in checks for text in (check.left, check.right)),
    )


def sorted_perspectives(results: Results) -> list[Perspective]:
    """Return the perspectives in the order of the scorecard."""
    return sorted(results.scorecard.perspectives, key=lambda perspective: perspective.card_order)


def _objectives(results: Results, perspective: Perspective) -> list[Objective]:
    """Return the objectives of a perspective, in the order of the workbook."""
    return [
        objective
        for objective in results.scorecard.objectives
        if objective.perspective == perspective.code
    ]


def _kpis(results: Results, objective: Objective) -> list[KpiResult]:
    """Return the results of the KPIs of an objective, in the order of the workbook."""
    return [result for result in results.kpis if result.kpi.objective == objective.code]


def result_pages(results: Results) -> Iterator[ResultPage]:
    """Yield a page for each perspective that has KPIs, in the scorecard's order.

    Objectives without KPIs are left out. Symbols are those that the page prints.
    """
    for perspective in sorted_perspectives(results):
        objectives = tuple(
            ResultObjective(
                code=objective.code,
                name=str(objective.name),
                rate=weighted_rate_text(results, RateLevel.OBJECTIVE, objective.code),
                rows=tuple(_kpi_row(kpi, results) for kpi in _kpis(results, objective)),
            )
            for objective in _objectives(results, perspective)
            if _kpis(results, objective)
        )
        if objectives:
            rows = [row for objective in objectives for row in objective.rows]
            charts = [row.trend for row in rows if row.trend.bars]
            yield ResultPage(
                code=perspective.code,
                perspective=str(perspective.card_name),
                rate=weighted_rate_text(results, RateLevel.PERSPECTIVE, perspective.code),
                objectives=objectives,
                has_charts=bool(charts),
                has_goals=any(bar.goal for chart in charts for bar in chart.bars),
                has_gaps=any(chart.has_gaps for chart in charts),
                has_rounded_changes=any(
                    _is_rounded_change(kpi, results.scorecard.data_year)
                    for objective in _objectives(results, perspective)
                    for kpi in _kpis(results, objective)
                ),
                symbols=symbol_notes(
                    text
                    for row in rows
                    for text in (row.target, row.actual, row.rate, row.change, *row.trend.figures)
                ),
            )


def _is_rounded_change(result: KpiResult, year: int) -> bool:
    """Return whether a KPI's printed change is another than the difference of the printed figures.

    It is calculated from the exact figures: from 2.78 to 2.93 it may be +0.14.
    """
    now = result.of(year)
    if now is None or now.change is None or now.is_verdict_only:
        return False
    before = result.of(now.change.since)
    texts = (now.actual.text, before.actual.text if before else "", now.change.difference.text)
    numbers = [_PRINTED_NUMBER.fullmatch(text) for text in texts]
    if not all(numbers):
        return False
    actual, former, change = (Fraction(found[1].replace(",", "")) for found in numbers if found)
    return actual - former != change


def weighted_rate_text(results: Results, level: RateLevel, code: str) -> str:
    """Return a weighted achievement rate of the data year; "" without weights.

    ``code`` is that of the objective or perspective, "" for the whole.
    """
    year = results.scorecard.data_year
    roll_ups = (
        roll_up
        for roll_up in results.roll_ups
        if (roll_up.level, roll_up.code, roll_up.year) == (level, code, year)
    )
    return next((_roll_up_text(roll_up) for roll_up in roll_ups), "")


def _roll_up_text(roll_up: WeightedRate) -> str:
    """Return a weighted rate as printed.

    If it is incomplete, the rate so far and the first MAX_NAMED_KPIS KPIs without one follow.
    """
    if not roll_up.without or not isinstance(roll_up.rate_so_far.value, Known):
        return roll_up.rate.text
    missing_kpis, count = "、".join(roll_up.without[:MAX_NAMED_KPIS]), len(roll_up.without)
    suffix = f" 等 {count} 項" if count > MAX_NAMED_KPIS else ""
    return f"{roll_up.rate.text}；已有者 {roll_up.rate_so_far.text}，尚缺 {missing_kpis}{suffix}"


def _kpi_row(result: KpiResult, results: Results) -> ResultRow:
    """Return the results of a KPI in the data year, formatted; "" for what it lacks.

    A year that is not in the workbook has no target, rate or verdict. The change is left out for
    mere verdicts.
    """
    card = results.scorecard
    year = result.of(card.data_year)
    change, change_unit = change_texts(year)
    return ResultRow(
        code=result.kpi.code,
        name=str(result.kpi.name),
        unit=result.unit,
        target=print_figure(target_text(year)),
        actual=print_figure(actual_text(year, card.status)),
        rate=print_figure(year.rate.text) if year and year.rate else "",
        verdict=year.verdict if year else "",
        light=_light_view(year, results),
        change=change,
        change_unit=change_unit,
        trend=_trend_view(result, card.data_year),
        target_in_words=bool(year and year.target and year.target.names_stage),
        actual_in_words=bool(year and year.stage),
    )


def _light_view(year: KpiYear | None, results: Results) -> LightView | None:
    """Return the shape, name and colour of a year's light; None without one.

    The shape follows from the light's place in the workbook, the colour from a word in its name.
    """
    if year is None or year.light is None:
        return None
    name = year.light.name.text
    order = [light.name.text for light in results.scorecard.lights].index(name)
    return LightView(
        shape=LIGHT_SHAPES[min(order, len(LIGHT_SHAPES) - 1)],
        name=name,
        colour=next((colour for word, colour in LIGHT_COLOURS.items() if word in name), ""),
    )


def _trend_view(result: KpiResult, data_year: int) -> TrendView:
    """Return the chart of a KPI's last MAX_BARS years up to the data year, and its description.

    A bar reaches from zero to the figure. Figures that are missing or mere verdicts have no bar,
    years before are only named. Without any figure the chart is empty.
    """
    past = [kpi_year for kpi_year in result.years if kpi_year.year <= data_year]
    years, left_out = past[-MAX_BARS:], _years_text(past[:-MAX_BARS])
    figures = tuple(
        print_figure(f"{kpi_year.year}年 {trend_value_text(kpi_year)}") for kpi_year in years
    )
    scale = _chart_scale(years)
    places = _axis_years([kpi_year.year for kpi_year in years])
    step = min(MAX_STEP, CHART_WIDTH // max(1, len(places)))
    margin = step // 5
    bars = tuple(
        Bar(
            x=places.index(kpi_year.year) * step + margin,
            width=step - 2 * margin,
            y=_length(min(_distance_from_top(scale, value), _distance_from_top(scale, ZERO))),
            height=_length(abs(_distance_from_top(scale, value) - _distance_from_top(scale, ZERO))),
            goal=_length(_distance_from_top(scale, kpi_year.target.low)) if kpi_year.target else "",
            current=kpi_year.year == data_year,
        )
        for kpi_year, value in _charted_values(years)
        if scale
    )
    return TrendView(
        width=max(1, len(places)) * step,
        axis=_length(_distance_from_top(scale, ZERO)) if scale else "",
        bars=bars,
        has_gaps=len(bars) < len(places),
        years=tuple(kpi_year.year for kpi_year in years),
        figures=figures,
        left_out=left_out,
        description=f"{result.kpi.code} 歷年實績：{'；'.join(filter(None, (left_out, *figures)))}",
    )


def _charted_values(years: list[KpiYear]) -> Iterator[tuple[KpiYear, Fraction]]:
    """Yield the years with a bar, and its value: those that have a figure, not a mere verdict."""
    for kpi_year in years:
        if isinstance(kpi_year.outcome.value, Known) and not kpi_year.is_verdict_only:
            yield kpi_year, kpi_year.outcome.value.value


def _axis_years(years: list[int]) -> list[int]:
    """Return the years with a place on the chart's axis, those between the figures included.

    ``years`` ascend. Where all would be too many to be distinguished, only years with figures have
    one.
    """
    between = list(range(years[0], years[-1] + 1)) if years else []
    return between if len(between) * MIN_STEP <= CHART_WIDTH else years


def _years_text(years: list[KpiYear]) -> str:
    """Return the note on the years that a chart leaves out, first to last; "" without any."""
    if not years:
        return ""
    first, last = years[0].year, years[-1].year
    return f"{first}年未列" if first == last else f"{first}至{last}年未列"


@dataclass(frozen=True, slots=True)
class _Scale:
    """The least and the greatest of the figures, targets and zero."""

    low: Fraction
    high: Fraction


def _chart_scale(years: list[KpiYear]) -> _Scale | None:
    """Return the range of values of a chart, zero and targets included.

    None without any figure, and if all are zero.
    """
    values = [
        kpi_year.outcome.value.value
        for kpi_year in years
        if isinstance(kpi_year.outcome.value, Known)
    ]
    targets = [kpi_year.target for kpi_year in years if kpi_year.target]
    goals = [goal for target in targets for goal in (target.low, target.high)]
    low, high = min([ZERO, *values, *goals]), max([ZERO, *values, *goals])
    return _Scale(low, high) if values and low < high else None


def _distance_from_top(scale: _Scale, value: Fraction) -> Fraction:
    """Return the distance of a value from the top of the chart, in its units."""
    return (scale.high - value) / (scale.high - scale.low) * CHART_HEIGHT


def _length(value: Fraction) -> str:
    """Return a length in the chart's units with two decimals."""
    return f"{float(value):.2f}"


def _calculation_pages(results: Results) -> Iterator[CalculationPage]:
    """Yield a page for each perspective that has KPIs, with the calculation of each."""
    for perspective in sorted_perspectives(results):
        calculations = tuple(
            _calculation_view(kpi, results.scorecard.data_year)
            for objective in _objectives(results, perspective)
            for kpi in _kpis(results, objective)
        )
        if calculations:
            yield CalculationPage(perspective=str(perspective.card_name), calculations=calculations)


def _calculated_figures(pages: tuple[CalculationPage, ...]) -> Iterator[str]:
    """Yield every text of the calculation pages that may print a symbol for a gap."""
    for page in pages:
        for calculation in page.calculations:
            yield calculation.substitution
            for name in calculation.names:
                yield name.total
                yield from (part.figure for part in name.inputs)


def _calculation_view(result: KpiResult, data_year: int) -> CalculationView:
    """Return a KPI's formula, its calculation in the data year, and the cells of its names.

    Without that year there is the formula alone.
    """
    year = result.of(data_year)
    return CalculationView(
        code=result.kpi.code,
        name=str(result.kpi.name),
        formula=formula_lines(str(result.kpi.formula)),
        substitution=print_calculation(year.substitution) if year else "",
        why_missing=_why_missing(year),
        names=tuple(_name_view(evidence, data_year) for evidence in year.evidence) if year else (),
    )


def _why_missing(year: KpiYear | None) -> str:
    """Return why a year has no figure, with the cells; "" if it has one.

    Also "" for a year that is not in the workbook (None).
    """
    if year is None or isinstance(year.outcome.value, Known):
        return ""
    if year.outcome.zero_divisor:
        return f"「{year.outcome.zero_divisor}」為 0，比率無意義"
    cells = "、".join(f"「{gap.at.sheet}」{gap.at.cell}" for gap in year.gaps)
    reasons = "、".join(dict.fromkeys(gap.reason.value.finding for gap in year.gaps))
    return f"{reasons}：{cells}" if cells else ""


def _name_view(evidence: Evidence, data_year: int) -> NameView:
    """Return a name of a formula with its cells; the total is "" for a single cell.

    The name of another year has that year behind it.
    """
    year_text = f"（{data_year + evidence.offset}年）" if evidence.offset else ""
    return NameView(
        name=f"{evidence.name}{year_text}",
        total=print_figure(exact_value_text(evidence.total)) if len(evidence.parts) > 1 else "",
        inputs=tuple(
            InputView(
                component=part.component,
                figure=print_figure(exact_value_text(part.value)),
                unit=part.unit,
                sheet=part.at.sheet,
                cell=f"{part.at.cell}（{part.written}）" if part.written else part.at.cell,
            )
            for part in evidence.parts
        ),
    )


def _check_view(result: CheckResult, data_year: int) -> CheckView:
    """Return the two sides and the verdict of a cross-check in the data year.

    Without that year, or if a side has no figure, the verdict is 無法判定.
    """
    year = next((check_year for check_year in result.years if check_year.year == data_year), None)
    return CheckView(
        rule=str(result.check.rule),
        note=str(result.check.note),
        left=print_figure(year.left.text) if year else "",
        right=print_figure(year.right.text) if year else "",
        verdict={True: "相符", False: "不符", None: "無法判定"}[year.holds if year else None],
    )
