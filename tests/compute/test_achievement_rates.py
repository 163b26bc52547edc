"""How a rate is said to be calculated: by the cases in which it is."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from reportgen.compute.achievement_rates import light_of, rate_rule
from reportgen.compute.result_types import KpiTarget, satisfies
from reportgen.model.missing_symbols import MissingReason
from reportgen.model.scorecard import CellRef, Known, Light, Missing, Text

if TYPE_CHECKING:
    from reportgen.model.target_value import GoalRelation

SOMEWHERE = Text(text="", at=CellRef(sheet="目標值", cell="B5"))
RISES, FALLS = "實績值÷目標值", "(2×目標值-實績值)÷目標值"

RULES: list[tuple[GoalRelation, int, int, int, str]] = [
    ("≥", 90, 90, 45, RISES),
    ("≥", 90, 90, 120, RISES),
    (">", 90, 90, 90, RISES),
    ("≤", 90, 90, 45, FALLS),
    ("<", 90, 90, 120, FALLS),
    ("=", 90, 90, 90, "符合目標值以100%計"),
    ("=", 90, 90, 89, RISES),
    ("=", 90, 90, 91, FALLS),
    ("~", 80, 90, 80, "符合目標值以100%計"),
    ("~", 80, 90, 90, "符合目標值以100%計"),
    ("~", 80, 90, 79, "實績值÷目標下限"),
    ("~", 80, 90, 91, "(2×目標上限-實績值)÷目標上限"),
    ("≥", 1, 1, 0, RISES),
    ("≥", 0, 0, 0, "目標值不大於零，達成以100%計"),
    ("≥", 0, 0, -1, "目標值不大於零，未達成者無比率"),
    ("≤", 0, 0, 0, "目標值不大於零，達成以100%計"),
    ("≤", 0, 0, 1, "目標值不大於零，未達成者無比率"),
    ("≤", -5, -5, -3, "目標值不大於零，未達成者無比率"),
    ("~", 0, 5, -1, "目標下限不大於零，未達成者無比率"),
    ("~", 0, 5, 6, "(2×目標上限-實績值)÷目標上限"),
    ("~", -5, 0, 1, "目標上限不大於零，未達成者無比率"),
]


@pytest.mark.parametrize(("relation", "low", "high", "actual", "rule"), RULES)
def test_the_rule_of_a_rate_is_told(
    relation: GoalRelation, low: int, high: int, actual: int, rule: str
) -> None:
    target = KpiTarget(
        declared_at=SOMEWHERE,
        basis=SOMEWHERE,
        relation=relation,
        low=Fraction(low),
        high=Fraction(high),
        shown="",
    )
    assert rate_rule(target, Known(value=Fraction(actual))) == rule
    assert rate_rule(target, Missing(reason=MissingReason.NOT_YET)) == ""


def test_of_equal_thresholds_the_first_light_is_earned() -> None:
    lights = [Light(name=Text(text=name, at=SOMEWHERE.at), at_least=Fraction(1)) for name in "甲乙"]
    assert light_of(lights, Known(value=Fraction(1))) == lights[0]
    assert light_of(lights, None) is None


@pytest.mark.parametrize(
    ("relation", "reached"),
    [
        ("≥", (False, True, True)),
        (">", (False, False, True)),
        ("≤", (True, True, False)),
        ("<", (True, False, False)),
        ("=", (False, True, False)),
    ],
)
def test_a_relation_is_to_the_lower_limit(
    relation: GoalRelation, reached: tuple[bool, ...]
) -> None:
    limits = Fraction(2), Fraction(9)
    assert tuple(satisfies(relation, Fraction(value), *limits) for value in (1, 2, 3)) == reached


def test_a_range_holds_both_its_limits() -> None:
    found = [satisfies("~", Fraction(value), Fraction(2), Fraction(4)) for value in (1, 2, 3, 4, 5)]
    assert found == [False, True, True, True, False]
