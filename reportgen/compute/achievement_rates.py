"""達成率: exact achievement rates of actual figures against their targets.

- **At least** (``≥``, ``>``, a bare number of a KPI 越高越好): actual ÷ target.
- **At most** (``≤``, ``<``, a bare number of a KPI 越低越好): (2 × target − actual) ÷ target,
  that is 1 − (actual − target) ÷ target. Of the two conventions in use among Taiwan's
  agencies, the other being target ÷ actual, this one takes a tenth too much for 90 % as
  the rule above takes a tenth too little, is defined for an actual figure of zero (200 %),
  and grows evenly. By either, 100 % is just the target.
- **A range, or** ``=``: 100 % inside; below it as *at least* of its lower end, above it as
  *at most* of its upper end.
- **A target of zero or below** has no ratio: a figure that reaches it is 100 %, any
  other 「--」 (a zero denominator is never 0 %).
- A rate is never below 0 %, and nothing caps it above 100 %.
- A figure that is missing has no rate and no verdict; its reason is the rate's.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from reportgen.model.missing_symbols import MissingReason
from reportgen.model.scorecard import Known, Missing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reportgen.compute.result_types import KpiTarget
    from reportgen.model.scorecard import Light, Value

_WHOLE = Known(value=Fraction(1))
_MEANINGLESS = Missing(reason=MissingReason.MEANINGLESS)


def achievement_rate(target: KpiTarget, actual: Value) -> Value:
    """Return the rate of an actual figure to its target as a ratio: 1 is 100 %.

    A missing figure is returned as it is. A target up to zero that is not reached has a
    MEANINGLESS rate.
    """
    if isinstance(actual, Missing):
        return actual
    value = actual.value
    if target.relation in {"≥", ">"}:
        return _at_least(value, target.low)
    if target.relation in {"≤", "<"}:
        return _at_most(value, target.high)
    if target.low <= value <= target.high:
        return _WHOLE
    return _at_least(value, target.low) if value < target.low else _at_most(value, target.high)


def rate_rule(target: KpiTarget, actual: Value) -> str:
    """Return the printed explanation of how the rate is calculated, ``實績值÷目標值``.

    It follows the same cases as :func:`achievement_rate`. Empty for a missing figure.
    """
    if isinstance(actual, Missing):
        return ""
    is_range = target.relation in {"~", "="}
    if is_range and target.low <= actual.value <= target.high:
        return "符合目標值以100%計"
    rises = actual.value < target.low if is_range else target.relation in {"≥", ">"}
    name = "目標值"
    if target.relation == "~":
        name = "目標下限" if rises else "目標上限"
    if (target.low if rises else target.high) <= 0:
        reached = target.is_reached(actual.value)
        return f"{name}不大於零，" + ("達成以100%計" if reached else "未達成者無比率")
    return f"實績值÷{name}" if rises else f"(2×{name}-實績值)÷{name}"


def _at_least(value: Fraction, goal: Fraction) -> Value:
    """Return value ÷ goal, not below 0; for a goal up to 0, 1 if it is met, else meaningless."""
    if goal <= 0:
        return _WHOLE if value >= goal else _MEANINGLESS
    return Known(value=max(Fraction(0), value / goal))


def _at_most(value: Fraction, goal: Fraction) -> Value:
    """Return (2 × goal - value) ÷ goal, not below 0.

    For a goal up to 0 it is 1 if met, else meaningless.
    """
    if goal <= 0:
        return _WHOLE if value <= goal else _MEANINGLESS
    return Known(value=max(Fraction(0), (2 * goal - value) / goal))


def light_of(lights: Iterable[Light], rate: Value | None) -> Light | None:
    """Return the light with the highest threshold that the unrounded rate reaches.

    None if the rate is missing or below every threshold; of equal thresholds the first light.
    """
    if not isinstance(rate, Known):
        return None
    earned = [light for light in lights if rate.value >= light.at_least]
    return max(earned, key=lambda light: light.at_least, default=None)
