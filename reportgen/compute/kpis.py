"""One KPI over the years: figure, target, rate, verdict, light and change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.compute.changes import change_since
from reportgen.compute.formulas import evaluated, shown, shown_rate
from reportgen.compute.rates import achievement_rate, light_of, rate_rule
from reportgen.compute.targets import kpi_target
from reportgen.formula import substitution
from reportgen.model import Known
from reportgen.results import KpiResult, KpiYear

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reportgen.compute.formulas import Evaluated
    from reportgen.formula import Vocabulary, YearFigures
    from reportgen.model import Kpi, Scorecard
    from reportgen.problems import Problem
    from reportgen.results import KpiTarget


def kpi_result(
    kpi: Kpi,
    scorecard: Scorecard,
    figures: Mapping[int, YearFigures],
    vocabulary: Vocabulary,
    problems: list[Problem],
) -> KpiResult:
    """The KPI's results; ``problems`` are added to."""
    own = vocabulary.for_kpi(kpi.name.text, kpi.code)
    run = evaluated(kpi.formula, figures, own, problems)
    stated = {each.year: each for each in scorecard.targets if each.kpi == kpi.code}
    years = []
    for year, outcome in run.outcomes.items():
        target = kpi_target(kpi, stated.get(year), outcome, problems)
        years.append(_year(kpi, year, run, target, scorecard))
    return KpiResult(kpi=kpi, formula=run.formula, unit=run.unit, years=tuple(years))


def _year(
    kpi: Kpi, year: int, run: Evaluated, target: KpiTarget | None, scorecard: Scorecard
) -> KpiYear:
    outcome = run.outcomes[year]
    places = kpi.places
    if places is None and run.formula is not None:
        places = run.formula.places
    rate = achievement_rate(target, outcome.value) if target else None
    threshold = outcome.threshold
    return KpiYear(
        year=year,
        outcome=outcome,
        actual=shown(outcome.value, outcome.unit, places),
        substitution=substitution(outcome, places),
        threshold=None if threshold is None else shown(threshold, outcome.unit, places),
        target=target,
        rate=None if rate is None else shown_rate(rate),
        rate_rule=rate_rule(target, outcome.value) if target else "",
        achieved=_achieved(run, year, target),
        light=light_of(scorecard.lights, rate),
        change=change_since(year - 1, run.outcomes.get(year - 1), outcome, places),
        tells_verdict=run.tells_verdict,
    )


def _achieved(run: Evaluated, year: int, target: KpiTarget | None) -> bool | None:
    """A ≥ KPI is judged by its own formula, any other by its target."""
    outcome = run.outcomes[year]
    if outcome.threshold is not None:
        return outcome.achieved
    if target is None or not isinstance(outcome.value, Known):
        return None
    return target.is_reached(outcome.value.value)
