"""A verdict that the printed figures belie is explained wherever it stands."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from reportgen.compute import compute, plausibility_problems
from reportgen.views.explanation_view import explanation_lines
from reportgen.views.results_view import results_view
from tests.factories.scorecards import figure, goal, kpi, read

if TYPE_CHECKING:
    from reportgen.compute.result_types import Results


def results(
    value: Fraction,
    target: str,
    *,
    formula: str = "甲（單位：件）",
    places: int = 2,
    unit: str = "件",
) -> Results:
    card = read(
        關鍵績效指標=[kpi(formula, 小數位數=places)],
        年度資料=[figure("甲", [1, 2, value], unit), figure("乙", [1, 2, Fraction("1234.9")])],
        目標值=[goal(target)] if target else [],
    )
    return compute(card)[0]


@pytest.mark.parametrize(
    ("value", "target", "given", "note"),
    [
        ("2.9996", "≥3", {}, "未進位前為 2.9996，未達 ≥3"),
        ("3.0004", "≤3", {}, "未進位前為 3.0004，未達 ≤3"),
        ("1234.6", "1,235", {"places": 0}, "未進位前為 1,234.6，未達 1,235"),
        ("3.0004", "3", {}, ""),
        ("2.99", "≥3", {}, ""),
        ("3", "≥3", {}, ""),
        ("12.344", "≥12.34", {"places": 1}, "未進位前為 12.344，已達 ≥12.34"),
        ("2.9996", "=3", {}, "未進位前為 2.9996，未達 =3"),
        ("2.9996", "3~5", {}, "未進位前為 2.9996，未達 3~5"),
        (
            "89.996",
            "≥90%",
            {"formula": "甲（單位：%）", "unit": "%"},
            "未進位前為 89.996%，未達 ≥90%",
        ),
        (
            "89.96",
            "≥90",
            {"formula": "甲（單位：百分比）", "unit": "%", "places": 1},
            "未進位前為 89.96，未達 ≥90",
        ),
        (
            "1234.6",
            "",
            {"formula": "甲≥乙（單位：件）", "places": 0},
            "未進位前為 1,234.6，未達 ≥1,235",
        ),
    ],
)
def test_a_verdict_by_the_unrounded_figure_is_explained(
    value: str, target: str, given: dict[str, object], note: str
) -> None:
    found = results(Fraction(value), target, **given)  # type: ignore[arg-type]
    of_year = found.kpis[0].of(105)
    assert of_year is not None
    assert of_year.note == note
    told = [each for each in plausibility_problems(found) if each.code == "W251"]
    assert len(told) == bool(note)
    assert of_year.substitution.endswith(f"；{note}") is bool(note)
    (page,) = results_view(found).calculations
    assert (note in page.calculations[0].substitution) is True
    lines = [line.text for line in explanation_lines(found.kpis[0], of_year, "zh-TW")]
    assert (f"（{note}）" in "".join(lines)) is bool(note)


def test_of_a_third_as_many_places_are_told_as_it_takes() -> None:
    found = results(Fraction(9999999, 10000000), "≥1", places=0).kpis[0].of(105)
    assert found is not None
    assert found.note == "未進位前為 0.9999999，未達 ≥1"


@pytest.mark.parametrize(
    ("formula", "note"),
    [
        ("甲/乙≥60.001%（單位：%）", "未進位前為 60%，未達 ≥60.001%"),
        ("甲/乙≥60.0%（單位：%）", ""),
        ("甲/乙>59.999%（單位：%）", "未進位前為 60%，已達 >59.999%"),
    ],
)
def test_a_threshold_is_told_with_the_places_that_distinguish_it(formula: str, note: str) -> None:
    """60 % is not said to miss 60.00 %."""
    card = read(關鍵績效指標=[kpi(formula)], 年度資料=[figure("甲", [12]), figure("乙", [20])])
    found = compute(card)[0].kpis[0].of(105)
    assert found is not None
    assert found.note == note


def test_more_than_ten_places_are_never_told() -> None:
    found = results(1 - Fraction(1, 10**12), "≥1", places=0).kpis[0].of(105)
    assert found is not None
    assert found.note == "未進位前為 1.0000000000，未達 ≥1"
