"""One KPI over the years: figure, target, rate, verdict, light and change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.compute.achievement_rates import achievement_rate, light_of, rate_rule
from reportgen.compute.formula_results import evaluate_by_year, format_figure, format_rate
from reportgen.compute.result_types import KpiResult, KpiYear
from reportgen.compute.rounding_discrepancies import rounding_note
from reportgen.compute.targets import kpi_target
from reportgen.compute.year_over_year import year_change
from reportgen.formula import substitution, value_text
from reportgen.formula.direct_entry import in_unit_of_row, places_of_share, reached_stage
from reportgen.model.missing_symbols import MissingReason
from reportgen.model.scorecard import Known, Missing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reportgen.compute.formula_results import EvaluatedFormula
    from reportgen.compute.result_types import KpiTarget
    from reportgen.formula import Outcome, Vocabulary, YearFigures
    from reportgen.model.scorecard import Kpi, Scorecard
    from reportgen.problems import Problem


def kpi_result(
    kpi: Kpi,
    scorecard: Scorecard,
    figures: Mapping[int, YearFigures],
    vocabulary: Vocabulary,
    problems: list[Problem],
) -> KpiResult:
    """Return the KPI's results in all years; none if its formula cannot be read.

    The problems of its formula and of its targets are added to ``problems``.
    """
    kpi_vocabulary = vocabulary.for_kpi(kpi.name.text, kpi.code)
    units = figures[scorecard.data_year]
    run = evaluate_by_year(
        kpi.formula,
        figures,
        kpi_vocabulary,
        problems,
        lambda formula: in_unit_of_row(formula, units),
        is_direct=kpi.is_direct,
    )
    declared_targets = {
        target.year: target for target in scorecard.targets if target.kpi == kpi.code
    }
    years = []
    for year, outcome in run.outcomes.items():
        target = kpi_target(kpi, declared_targets.get(year), outcome, problems)
        years.append(_kpi_year(kpi, year, run, target, scorecard))
    return KpiResult(kpi=kpi, formula=run.formula, unit=run.unit, years=tuple(years))


def _kpi_year(
    kpi: Kpi, year: int, run: EvaluatedFormula, target: KpiTarget | None, scorecard: Scorecard
) -> KpiYear:
    """Return a KPI's results of one year: actual, target, rate, light, change, as printed.

    A change from the year before has the more decimal places of the two years' figures.
    """
    outcome = run.outcomes[year]
    previous = run.outcomes.get(year - 1)
    places = _places(kpi, run, outcome)
    places_of_change = places
    if previous is not None and (former := _places(kpi, run, previous)) is not None:
        places_of_change = max(former, places or 0)
    rate = achievement_rate(target, outcome.value) if target else None
    threshold = outcome.threshold
    actual = format_figure(outcome.value, outcome.unit, places)
    threshold_shown = None if threshold is None else format_figure(threshold, outcome.unit, places)
    note = rounding_note(outcome, actual, target, threshold_shown)
    calculation = _substitution(run, outcome, places)
    return KpiYear(
        year=year,
        outcome=outcome,
        actual=actual,
        substitution=f"{calculation}；{note}" if note else calculation,
        threshold=threshold_shown,
        target=target,
        rate=None if rate is None else format_rate(rate),
        rate_rule=rate_rule(target, outcome.value) if target else "",
        achieved=_is_achieved(run, year, target),
        light=light_of(scorecard.lights, rate),
        change=year_change(year - 1, previous, outcome, places_of_change),
        is_verdict_only=run.is_verdict_only,
        stage=_stage_name(run, outcome),
        note=note,
    )


def _places(kpi: Kpi, run: EvaluatedFormula, outcome: Outcome) -> int | None:
    """Return the KPI's decimal places, else those of its formula, or of a milestone's share.

    None: the unit's default applies.
    """
    if kpi.places is not None or run.formula is None:
        return kpi.places
    formula_places = run.formula.places
    return places_of_share(run.formula, outcome.value) if formula_places is None else formula_places


def _stage_name(run: EvaluatedFormula, outcome: Outcome) -> str:
    """Return the name of the milestone's stage that a figure reaches; empty without stages."""
    stage = reached_stage(run.formula, outcome.value) if run.formula else None
    return stage.name if stage else ""


def _substitution(run: EvaluatedFormula, outcome: Outcome, places: int | None) -> str:
    """Return the calculation with its figures; of a figure that is entered, how it was.

    That is 「直接填報：…」 or 「完成階段：…」.
    """
    if run.formula is None or not (run.formula.is_direct or run.formula.stages):
        return substitution(outcome, places)
    blank = MissingReason.BLANK
    is_blank = outcome.value == Missing(reason=blank)
    figure = blank.printed if is_blank else value_text(outcome.value, outcome.unit, places)
    stage = _stage_name(run, outcome)
    label = "直接填報：" if run.formula.is_direct else "完成階段："
    return f"{label}{stage} = {figure}" if stage else f"{label}{figure}"


def _is_achieved(run: EvaluatedFormula, year: int, target: KpiTarget | None) -> bool | None:
    """Return the verdict: of a ≥ KPI by its own formula, of any other by its target.

    None if there is no figure, or nothing to compare it with.
    """
    outcome = run.outcomes[year]
    if outcome.threshold is not None:
        return outcome.achieved
    if target is None or not isinstance(outcome.value, Known):
        return None
    return target.is_reached(outcome.value.value)
