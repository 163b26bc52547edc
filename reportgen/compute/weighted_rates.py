"""權重: achievement rates rolled up to objective, perspective and whole.

- Only KPIs with a weight above zero count; without any there is no roll-up. Weights
  are of the whole, so every level is Σ weight × rate ÷ Σ weight over its KPIs.
- A year is rolled up if 目標值 has a target of a weighted KPI in it, or if every weighted
  KPI is a ≥ KPI, whose formula is its target.
- Rates count as they are: 120 % is 120 %.
- A KPI without a rate (no figure, no target, 「--」) is never counted as 0 and never left
  out in silence: the roll-up is missing for the same reason, and names it. Beside it
  stands the mean of those that have a rate, with the share of the weight that it covers.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from reportgen.compute.formula_results import format_rate
from reportgen.compute.result_types import RateLevel, WeightedRate
from reportgen.model.missing_symbols import MissingReason
from reportgen.model.scorecard import Known, Missing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reportgen.compute.result_types import KpiResult
    from reportgen.model.scorecard import Scorecard, Value

_NO_FIGURE = Missing(reason=MissingReason.NO_FIGURE)


def compute_weighted_rates(
    scorecard: Scorecard, kpis: Sequence[KpiResult], years: Sequence[int]
) -> tuple[WeightedRate, ...]:
    """Return every weighted rate: years ascending, in each the whole, perspectives, objectives.

    Empty if no KPI has a weight above zero. A year without
    targets of these KPIs has none.
    """
    weighted = [result for result in kpis if result.kpi.weight]
    codes = {result.kpi.code for result in weighted}
    years_with_targets = {target.year for target in scorecard.targets if target.kpi in codes}
    return tuple(
        _roll_up(level, code, year, members)
        for year in years
        if year in years_with_targets or _all_have_targets(weighted, year)
        for level, code, members in _groups(scorecard, weighted)
    )


def _all_have_targets(kpis: Sequence[KpiResult], year: int) -> bool:
    """Return whether all KPIs have a result and a target in a year; true without any KPI."""
    return all((result := kpi.of(year)) and result.target for kpi in kpis)


def _groups(
    scorecard: Scorecard, kpis: Sequence[KpiResult]
) -> Iterator[tuple[RateLevel, str, list[KpiResult]]]:
    """Yield level, code and KPIs of the scorecard and each perspective and objective with KPIs.

    ``kpis`` are the weighted ones. The code of the whole is empty.
    """
    if kpis:
        yield RateLevel.WHOLE, "", list(kpis)
    perspective_of = {objective.code: objective.perspective for objective in scorecard.objectives}
    for perspective in scorecard.perspectives:
        members = [kpi for kpi in kpis if perspective_of[kpi.kpi.objective] == perspective.code]
        if members:
            yield RateLevel.PERSPECTIVE, perspective.code, members
    for objective in scorecard.objectives:
        members = [kpi for kpi in kpis if kpi.kpi.objective == objective.code]
        if members:
            yield RateLevel.OBJECTIVE, objective.code, members


def _roll_up(level: RateLevel, code: str, year: int, members: Sequence[KpiResult]) -> WeightedRate:
    """Return the weighted rate of a group in a year.

    It is Missing, for the first one's reason, if any KPI lacks its rate. ``rate_so_far`` is that
    of the known rates alone, and Missing only if none is known.
    """
    weights = {result.kpi.code: result.kpi.weight or Fraction(0) for result in members}
    rates = {result.kpi.code: _rate_of_year(result, year) for result in members}
    missing = {kpi: rate for kpi, rate in rates.items() if isinstance(rate, Missing)}
    known_rates = {kpi: rate.value for kpi, rate in rates.items() if isinstance(rate, Known)}
    counted = sum((weights[kpi] for kpi in known_rates), Fraction(0))
    so_far: Value = next(iter(missing.values()), _NO_FIGURE)
    if known_rates:
        total = sum((weights[kpi] * rate for kpi, rate in known_rates.items()), Fraction(0))
        so_far = Known(value=total / counted)
    return WeightedRate(
        level=level,
        code=code,
        year=year,
        rate=format_rate(next(iter(missing.values()), so_far)),
        rate_so_far=format_rate(so_far),
        weight=sum(weights.values(), Fraction(0)),
        counted=counted,
        kpis=tuple(weights),
        without=tuple(missing),
    )


def _rate_of_year(result: KpiResult, year: int) -> Value:
    """Return the achievement rate of a KPI in a year as a ratio; Missing without one."""
    kpi_year = result.of(year)
    return kpi_year.rate.value if kpi_year and kpi_year.rate else _NO_FIGURE
