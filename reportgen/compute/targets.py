"""目標值 in the unit of its KPI.

- A bare number is a lower limit for a KPI 越高越好 and an upper limit for one 越低越好. A
  sign counts as written; where it speaks against the direction, W221 says so.
- With unit %, ``90`` and ``90%`` are both 90 %. As ``0.9`` would be 0.9 %, W222 asks.
- A percentage for a KPI in another unit cannot be held against its figure: W223, and
  the year has no target.
- A ≥ KPI is judged by its own formula; without 目標值 its threshold is the target of the
  rate. W224 tells where both are given and differ.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.compute.formulas import place
from reportgen.formula import exact_text
from reportgen.formula.tree import Comparison
from reportgen.goals import read_goal
from reportgen.model import Direction, Known, Text
from reportgen.problems import make
from reportgen.results import KpiTarget

if TYPE_CHECKING:
    from fractions import Fraction

    from reportgen.formula import Outcome, Unit
    from reportgen.goals import Bound, Goal, GoalRelation
    from reportgen.model import Kpi, Target
    from reportgen.problems import Problem

_RISING = frozenset({"≥", ">"})
_FALLING = frozenset({"≤", "<"})


def kpi_target(
    kpi: Kpi, stated: Target | None, outcome: Outcome, problems: list[Problem]
) -> KpiTarget | None:
    """What a KPI's figure of a year is held against; None where nothing is stated."""
    given = _given(kpi, stated, outcome.unit, problems) if stated else None
    own = _threshold(kpi, outcome)
    if given is None:
        return own
    if own and (own.relation, own.low, own.high) != (given.relation, given.low, given.high):
        fields = {"kpi": kpi.code, "found": given.shown, "threshold": own.shown}
        problems.append(make("W224", place(given.written.at), **fields))
    return given


def _given(
    kpi: Kpi, stated: Target, unit: Unit | None, problems: list[Problem]
) -> KpiTarget | None:
    goal = read_goal(stated.goal.text)
    if goal is None:  # the workbook has refused it
        return None

    def report(code: str, **fields: object) -> None:
        found = stated.goal.text
        problems.append(make(code, place(stated.goal.at), kpi=kpi.code, found=found, **fields))

    in_percent = unit is not None and unit.per == 100
    if goal.bounds[0].is_percent and unit is not None and unit.measure.dims:
        report("W223", unit=unit.text)
        return None
    if in_percent and any(_looks_like_a_ratio(bound) for bound in goal.bounds):
        report("W222")
    relation = goal.relation or _by_direction(kpi.direction)
    rises = kpi.direction is Direction.HIGHER
    if goal.relation in (_FALLING if rises else _RISING):
        report("W221", direction=kpi.direction.value)
    low, high = (_in_unit(bound, in_percent=in_percent) for bound in _both(goal))
    return KpiTarget(
        written=stated.goal,
        basis=stated.basis,
        relation=relation,
        low=low,
        high=high,
        shown=_shown(goal.relation, low, high, percent=in_percent or goal.bounds[0].is_percent),
    )


def _threshold(kpi: Kpi, outcome: Outcome) -> KpiTarget | None:
    """The right side of a ≥ KPI as its target."""
    if not isinstance(outcome.tree, Comparison) or not isinstance(outcome.threshold, Known):
        return None
    relation, value = outcome.tree.relation, outcome.threshold.value
    percent = outcome.unit is not None and outcome.unit.per == 100
    return KpiTarget(
        written=kpi.formula,
        basis=Text(text="", at=kpi.formula.at),
        relation=relation,
        low=value,
        high=value,
        shown=_shown(relation, value, value, percent=percent),
    )


def _both(goal: Goal) -> tuple[Bound, Bound]:
    return goal.bounds[0], goal.bounds[-1]


def _by_direction(direction: Direction) -> GoalRelation:
    return "≥" if direction is Direction.HIGHER else "≤"


def _looks_like_a_ratio(bound: Bound) -> bool:
    return not bound.is_percent and bound.number.denominator != 1 and abs(bound.number) < 1


def _in_unit(bound: Bound, *, in_percent: bool) -> Fraction:
    return bound.number / 100 if in_percent or bound.is_percent else bound.number


def _shown(relation: GoalRelation, low: Fraction, high: Fraction, *, percent: bool) -> str:
    first, last = (
        f"{exact_text(end * 100)}%" if percent else exact_text(end) for end in (low, high)
    )
    return f"{first}~{last}" if relation == "~" else f"{relation}{first}"
