"""目標值 in the unit of its KPI: the only module that interprets a target's number.

- A bare number is in the KPI's unit; a lower limit for a KPI 越高越好, an upper limit for
  one 越低越好. A sign counts as written; if it contradicts the direction, W221 is reported.
- With unit %, ``90`` and ``90%`` are both 90 %. As ``0.9`` would be 0.9 %, W222 asks.
- A target in a unit of its own is converted: ``1,200千元`` is 1,200,000 for a KPI in 元, and
  ``0.8%`` 8 for one in ‰. If the two cannot be compared (``90%`` or ``3場`` for a KPI in
  件), W223 is reported and the year has no target; likewise W236 for a KPI without a unit.
- ``90%`` for a KPI without a unit is a ratio, or 90 as written if the formula multiplies
  by a bare 100: W235 reports which KPI should state its unit.
- A bare ``95`` against a quotient of 0.95 is taken as written, but W237 asks.
- The target of a milestone may name a stage, which counts as at least its share.
- A ≥ KPI is judged by its own formula; without 目標值 its threshold is the target of the
  rate. W224 is reported if both are given and differ.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from reportgen.compute.formula_results import cell_location, format_figure
from reportgen.compute.result_types import KpiTarget
from reportgen.formula import FormulaKind, exact_text, name_key, parse_unit
from reportgen.formula.syntax_tree import Binary, Comparison, walk
from reportgen.formula.unit_conversion import convert_units
from reportgen.formula.units import RATE_SIGNS, Dimensions, Measure, bases_of
from reportgen.model.scorecard import Direction, Known, Text
from reportgen.model.target_value import read_goal
from reportgen.problems import make_problem

if TYPE_CHECKING:
    from reportgen.formula import Outcome, Unit
    from reportgen.model.scorecard import Kpi, Target
    from reportgen.model.target_value import Bound, Goal, GoalRelation
    from reportgen.problems import Problem

_RISING = frozenset({"≥", ">"})
_FALLING = frozenset({"≤", "<"})
_SAME_BASES: Final = {"場次": "場", "天": "日"}  # but 人 and 人次 are two things
_MAX_PLAUSIBLE_RATIO: Final = 2
_IMPLAUSIBLE_FACTOR: Final = 10  # times the actual ratio: no target is missed by so much


@dataclass(frozen=True, slots=True)
class _Scale:
    """The scale of a target: the factor of its numbers, and how they are shown."""

    factor: Fraction  # into the terms of the KPI's value
    per: int = 1  # factor from a value to its printed figure
    sign: str = ""


def kpi_target(
    kpi: Kpi, target: Target | None, outcome: Outcome, problems: list[Problem]
) -> KpiTarget | None:
    """Return the target of a KPI for a year; None if none is stated or it cannot be used.

    A stated target takes precedence over a formula's threshold; W224 is added to ``problems`` if
    the two differ.
    """
    declared = _declared_target(kpi, target, outcome, problems) if target else None
    derived = _derived_target(kpi, outcome)
    if declared is None:
        return derived
    if derived and (derived.relation, derived.low, derived.high) != (
        declared.relation,
        declared.low,
        declared.high,
    ):
        fields = {"kpi": kpi.code, "found": declared.shown, "threshold": derived.shown}
        problems.append(make_problem("W224", cell_location(declared.declared_at.at), **fields))
    return declared


def _declared_target(
    kpi: Kpi, target: Target, outcome: Outcome, problems: list[Problem]
) -> KpiTarget | None:
    """Return the target of a cell of 目標值 with its limits in the outcome's unit.

    Return None if it is unreadable or its unit cannot be compared (W223, W236). Add W221, W222,
    W235 or W237 to ``problems`` for a doubtful target.
    """
    if target.stage is not None:
        return _milestone_target(target, target.stage)
    goal = read_goal(target.goal.text)
    if goal is None:  # the workbook has refused it
        return None

    def report(code: str, **fields: object) -> None:
        """Add a problem at the cell of the target."""
        found = target.goal.text
        problems.append(
            make_problem(code, cell_location(target.goal.at), kpi=kpi.code, found=found, **fields)
        )

    unit, first_bound = outcome.unit, goal.bounds[0]
    scale = _scale_of(first_bound, outcome)
    if scale is None:
        if unit is None:
            report("W236")
        else:
            report("W223", unit=unit.text)
        return None
    if unit is None and first_bound.sign and _multiplies_by(first_bound.sign, outcome):
        report("W235", sign=first_bound.sign, factor=f"{RATE_SIGNS[first_bound.sign]:,}")
    if unit is not None and unit.per == 100 and any(map(_looks_like_a_ratio, goal.bounds)):
        report("W222")
    if _is_percentage_of_a_ratio(goal, outcome):
        report("W237", actual=format_figure(outcome.value, unit, kpi.places).text)
    relation = goal.relation or _relation_by_direction(kpi.direction)
    rises = kpi.direction is Direction.HIGHER
    if goal.relation in (_FALLING if rises else _RISING):
        report("W221", direction=kpi.direction.value)
    low, high = (bound.number * scale.factor for bound in (first_bound, goal.bounds[-1]))
    return KpiTarget(
        declared_at=target.goal,
        basis=target.basis,
        relation=relation,
        low=low,
        high=high,
        shown=_target_text(goal.relation, low, high, scale),
        per=scale.per,
    )


def _milestone_target(target: Target, share: Fraction) -> KpiTarget:
    """Return a milestone's target in words: at least the share of the stage that it names."""
    return KpiTarget(
        declared_at=target.goal,
        basis=target.basis,
        relation="≥",
        low=share,
        high=share,
        shown=target.goal.text,
        per=100,
        names_stage=True,
    )


def _derived_target(kpi: Kpi, outcome: Outcome) -> KpiTarget | None:
    """Return the threshold of a comparison formula as its target.

    None for any other formula, and while the threshold has a missing figure.
    """
    if not isinstance(outcome.tree, Comparison) or not isinstance(outcome.threshold, Known):
        return None
    relation, value = outcome.tree.relation, outcome.threshold.value
    scale = _own_scale(outcome.unit)
    return KpiTarget(
        declared_at=kpi.formula,
        basis=Text(text="", at=kpi.formula.at),
        relation=relation,
        low=value,
        high=value,
        shown=_target_text(relation, value, value, scale),
        per=scale.per,
    )


def _scale_of(bound: Bound, outcome: Outcome) -> _Scale | None:
    """Return the scale from a target's bound to the KPI's unit; None if they are not comparable.

    A bare number, and one in the KPI's unit as written, is in the KPI's own unit.
    """
    unit, own_scale = outcome.unit, _own_scale(outcome.unit)
    if bound.is_bare:
        return own_scale
    if unit is not None and bound.unit and name_key(bound.unit) == name_key(unit.text):
        return own_scale
    measure = _measure_of_unit(bound.sign or bound.unit, outcome)
    if unit is None:
        return _without_unit(bound, measure, outcome)
    if _comparable_dimensions(measure.dims) != _comparable_dimensions(unit.measure.dims):
        return None
    factor = measure.scale if unit.is_rate else measure.scale / unit.measure.scale
    if bound.sign and not unit.is_rate:  # 60% of a KPI in 倍: a ratio that is shown in %
        return _Scale(factor, per=RATE_SIGNS[bound.sign], sign=bound.sign)
    return _Scale(factor, per=own_scale.per, sign=own_scale.sign)


def _own_scale(unit: Unit | None) -> _Scale:
    """Return the scale of a bare number in a target, which is in the KPI's own unit."""
    per = unit.per if unit else 1
    return _Scale(Fraction(1, per), per=per, sign=unit.sign if unit else "")


def _without_unit(bound: Bound, measure: Measure, outcome: Outcome) -> _Scale | None:
    """Return the scale of a target whose KPI states no unit: the unit of its figures counts.

    A quotient or a product is taken as a ratio. None if the two cannot be compared.
    """
    if bound.sign and _multiplies_by(bound.sign, outcome):
        return _Scale(Fraction(1), sign=bound.sign)
    value = _measure_of_figures(outcome) or Measure()
    if _comparable_dimensions(value.dims) != _comparable_dimensions(measure.dims):
        return None
    factor = measure.scale / value.scale
    per = factor.denominator if bound.sign and factor.numerator == 1 else 1
    return _Scale(factor, per=per, sign=bound.sign)


def _measure_of_unit(text: str, outcome: Outcome) -> Measure:
    """Return the measure of a unit in words, empty if it cannot be read.

    Base units of the KPI and of its figures are known with a scale before them.
    """
    kpi_unit = {outcome.unit.text} if outcome.unit else set()
    of_figures = {part.unit for evidence in outcome.evidence for part in evidence.parts}
    unit = parse_unit(text, bases_of(frozenset({text} | kpi_unit | of_figures)))
    return unit.measure if unit else Measure()


def _measure_of_figures(outcome: Outcome) -> Measure | None:
    """Return the measure of figures that are only added up.

    None if the formula multiplies or divides, if units differ, or if a figure has none.
    """
    tree = outcome.formula.tree
    side = tree.left if isinstance(tree, Comparison) else tree
    if any(isinstance(node, Binary) and node.operator in "×÷" for node in walk(side)):
        return None
    parts = [part for evidence in outcome.evidence for part in evidence.parts]
    measures = {_measure_of_unit(part.unit, outcome) for part in parts if part.unit}
    return measures.pop() if len(measures) == 1 and all(part.unit for part in parts) else None


def _comparable_dimensions(dimensions: Dimensions) -> Dimensions:
    """Return the dimensions with base units that count the same as one unit: 場次 as 場."""
    return tuple((_SAME_BASES.get(base, base), power) for base, power in dimensions)


def _multiplies_by(sign: str, outcome: Outcome) -> bool:
    """Return whether the formula multiplies by the bare 100 that ``sign`` would make 100%."""
    tree = outcome.formula.tree
    side = tree.left if isinstance(tree, Comparison) else tree
    return convert_units(side, parse_unit(sign), None).tree != side


def _looks_like_a_ratio(bound: Bound) -> bool:
    """Return whether a bare bound is a fraction between -1 and 1, such as 0.9 for 90%."""
    return bound.is_bare and bound.number.denominator != 1 and abs(bound.number) < 1


def _is_percentage_of_a_ratio(goal: Goal, outcome: Outcome) -> bool:
    """Return whether a bare number, such as 95, seems to be the percentage of a figure of 0.95.

    The KPI must be a quotient without a unit, and the number far above its figure.
    """
    if outcome.unit is not None and (outcome.unit.measure.dims or outcome.unit.is_rate):
        return False
    if outcome.formula.kind is not FormulaKind.RATIO or not isinstance(outcome.value, Known):
        return False
    actual, low = outcome.value.value, goal.bounds[0]
    return (
        low.is_bare
        and 0 <= actual < _MAX_PLAUSIBLE_RATIO < low.number
        and low.number > _IMPLAUSIBLE_FACTOR * actual
        and not any(_multiplies_by(sign, outcome) for sign in RATE_SIGNS)
    )


def _relation_by_direction(direction: Direction) -> GoalRelation:
    """Return the relation of a target without one: ≥ if higher is better, else ≤."""
    return "≥" if direction is Direction.HIGHER else "≤"


def _target_text(relation: GoalRelation, low: Fraction, high: Fraction, scale: _Scale) -> str:
    """Return a target as printed, ≥80% or 80~90, with exact bounds in the unit of ``scale``."""
    low_text, high_text = (f"{exact_text(bound * scale.per)}{scale.sign}" for bound in (low, high))
    return f"{low_text}~{high_text}" if relation == "~" else f"{relation}{low_text}"
