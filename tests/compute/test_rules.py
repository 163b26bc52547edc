"""The rules of targets, rates, lights, verdicts, changes and weights, case by case."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.compute import compute
from reportgen.compute.achievement_rates import achievement_rate, light_of
from reportgen.compute.result_types import KpiTarget, RateLevel
from reportgen.model.missing_symbols import MissingReason
from reportgen.model.scorecard import CellRef, Known, Light, Missing, Text
from tests.factories.scorecards import figure, goal, kpi, read

if TYPE_CHECKING:
    from reportgen.compute.result_types import KpiYear
    from reportgen.model.target_value import GoalRelation
    from reportgen.problems import Problem

SOMEWHERE = Text(text="", at=CellRef(sheet="目標值", cell="B5"))
COUNT, SHARE = "甲（單位：件）", "甲/乙×100%（單位：%）"
RATE = "甲/乙×1000‰（單位：‰）"


def year_of(
    formula: str, target: object, actual: object = 12, **others: object
) -> tuple[KpiYear, tuple[Problem, ...]]:
    """One KPI of 105: 甲 is ``actual``, 乙 is 20."""
    card = read(
        關鍵績效指標=[kpi(formula, **others)],  # type: ignore[arg-type]
        年度資料=[figure("甲", [actual]), figure("乙", [20])],  # type: ignore[list-item]
        目標值=[goal(target)] if target is not None else [],  # type: ignore[arg-type]
    )
    results, problems = compute(card)
    found = results.kpis[0].of(105)
    assert found is not None
    return found, problems


@pytest.mark.parametrize(
    ("formula", "target", "shown", "relation", "bounds"),
    [
        (SHARE, "90", "90%", "≥", "9/10 9/10"),
        (SHARE, "90%", "90%", "≥", "9/10 9/10"),
        (SHARE, "≥90", "≥90%", "≥", "9/10 9/10"),
        (SHARE, "80~90", "80%~90%", "~", "4/5 9/10"),
        (SHARE, "80至90%", "80%~90%", "~", "4/5 9/10"),
        (COUNT, "12", "12", "≥", "12 12"),
        (COUNT, "3,500", "3,500", "≥", "3500 3500"),
        (COUNT, "＝4", "=4", "=", "4 4"),
        ("甲/乙", "60%", "60%", "≥", "3/5 3/5"),  # without a unit, a ratio
        (SHARE, "80%(含)以上", "≥80%", "≥", "4/5 4/5"),
        (SHARE, "80以上", "≥80%", "≥", "4/5 4/5"),
        (SHARE, "8‰", "0.8%", "≥", "1/125 1/125"),
        (SHARE, "5百分點", "5%", "≥", "1/20 1/20"),
        (SHARE, "1.5個百分點", "1.5%", "≥", "3/200 3/200"),
        (SHARE, "至少5個百分點", "≥5%", "≥", "1/20 1/20"),
        ("甲/乙（單位：百分點）", "1.5個百分點", "1.5", "≥", "3/200 3/200"),
        ("甲/乙（單位：個百分點）", "5百分點以上", "≥5", "≥", "1/20 1/20"),
        (RATE, "2個千分點", "2‰", "≥", "1/500 1/500"),
        (RATE, "8", "8‰", "≥", "1/125 1/125"),
        (RATE, "8‰", "8‰", "≥", "1/125 1/125"),
        (RATE, "0.8%", "8‰", "≥", "1/125 1/125"),
        (RATE, "8~9‰", "8‰~9‰", "~", "1/125 9/1000"),
        ("甲/乙（單位：百分比）", "60%", "60", "≥", "3/5 3/5"),  # as its actual figure is shown
        ("甲/乙（單位：倍）", "60%", "60%", "≥", "3/5 3/5"),
        ("甲/乙（單位：倍）", "3倍", "3", "≥", "3 3"),
        (COUNT, "12件", "12", "≥", "12 12"),
        (COUNT, "12件數", "12", "≥", "12 12"),
        (COUNT, "1.2萬件以上", "≥12,000", "≥", "12000 12000"),
        (COUNT, "3萬", "30,000", "≥", "30000 30000"),
        ("甲（單位：件數）", "12件", "12", "≥", "12 12"),
        ("甲", "12件", "12", "≥", "12 12"),  # 甲 is counted in 件
        ("甲+乙", "1千件", "1,000", "≥", "1000 1000"),
    ],
)
def test_targets_are_in_the_unit_of_their_kpi(
    formula: str, target: str, shown: str, relation: str, bounds: str
) -> None:
    found, problems = year_of(formula, target)
    assert found.target is not None
    assert (found.target.shown, found.target.relation) == (shown, relation)
    assert f"{found.target.low} {found.target.high}" == bounds
    assert problems == ()


@pytest.mark.parametrize(
    ("unit", "target", "shown"),
    [
        ("元", "1,200千元", "1,200,000"),
        ("元", "1.2億元", "120,000,000"),
        ("元", "1億2,000萬元", "120,000,000"),
        ("元", "至少50圓", "≥50"),
        ("千元", "1,200千元", "1,200"),
        ("千元", "120萬元", "1,200"),
        ("新臺幣千元", "1,200,000元", "1,200"),
        ("場次", "12場", "12"),
        ("場", "12場", "12"),
        ("場", "12場次", "12"),
        ("天", "30日內", "≤30"),
        ("人次", "5.2萬人次", "52,000"),
        ("顆", "2萬顆", "20,000"),
        ("萬顆", "2萬顆", "2"),
        ("公斤/人", "3公斤/人", "3"),
        ("公斤/人", "3公斤/百人", "0.03"),
    ],
)
def test_a_target_is_converted_into_the_kpis_unit(unit: str, target: str, shown: str) -> None:
    card = read(
        關鍵績效指標=[kpi(f"甲（單位：{unit}）")],
        年度資料=[figure("甲", [12], unit)],
        目標值=[goal(target)],
    )
    results, problems = compute(card)
    found = results.kpis[0].years[-1]
    assert found.target is not None
    assert found.target.shown == shown
    assert {each.code for each in problems} <= {"W221"}


def test_a_bare_number_follows_the_direction() -> None:
    found, problems = year_of(COUNT, "12", 13, 方向="越低越好")
    assert found.target is not None
    assert (found.target.relation, found.verdict) == ("≤", "未達成")
    assert problems == ()


@pytest.mark.parametrize(
    ("formula", "target", "others", "code", "verdict"),
    [
        (COUNT, "≤3", {}, "W221", "未達成"),  # the sign is followed
        (COUNT, "≥3", {"方向": "越低越好"}, "W221", "達成"),
        (SHARE, "0.9", {}, "W222", "達成"),  # 0.9 %
        (COUNT, "90%", {}, "W223", ""),  # not to be held against 件
        (COUNT, "3場", {}, "W223", ""),
        (COUNT, "至少3千元", {}, "W223", ""),
        ("甲（單位：人）", "12人次", {}, "W223", ""),
        ("甲/乙（單位：件/人）", "3件", {}, "W223", ""),
        (SHARE, "3件以下", {"方向": "越低越好"}, "W223", ""),
        ("甲", "3場", {}, "W236", ""),  # 甲 is counted in 件
        ("甲", "90%", {}, "W236", ""),  # 12 件 are no 1,333 % of 0.9
        ("甲/乙", "3場", {}, "W236", ""),
        ("甲/乙×100", "60%", {}, "W235", "達成"),  # 60 against 60
        ("甲/乙×100", "61%以上", {}, "W235", "未達成"),
        ("100×甲/乙", "61%", {}, "W235", "未達成"),
        ("甲/乙×1000", "600‰", {}, "W235", "達成"),
        ("甲/乙", "95", {}, "W237", "未達成"),  # 0.6: 95 is a percentage
        ("甲/乙", "15", {}, "W237", "未達成"),
        ("甲/乙（單位：倍）", "50~60", {}, "W237", "未達成"),
        ("甲/乙≥50%（單位：%）", "≥70%", {}, "W224", "達成"),  # 60 %: the formula decides
    ],
)
def test_doubtful_targets_are_reported(
    formula: str, target: str, others: dict[str, str], code: str, verdict: str
) -> None:
    found, problems = year_of(formula, target, **others)
    (problem,) = (each for each in problems if each.code != "W202")  # 甲 and 乙 are in 件
    assert (problem.code, problem.where.sheet, problem.where.cell) == (code, "目標值", "D5")
    assert found.verdict == verdict
    assert (found.target is None) == (code in {"W223", "W236"})


@pytest.mark.parametrize(
    ("formula", "target", "shown", "per"),
    [
        ("甲/乙×100", "50%", "50%", 1),  # the actual figure is shown as 60
        ("甲/乙", "50%", "50%", 100),
        (RATE, "50", "50‰", 1000),
        (COUNT, "50", "50", 1),
        ("甲/乙≥50%（單位：%）", None, "≥50%", 100),
        ("甲/乙≥5‰（單位：‰）", None, "≥5‰", 1000),
    ],
)
def test_the_digits_of_a_target_are_its_value_times_per(
    formula: str, target: str | None, shown: str, per: int
) -> None:
    found = year_of(formula, target)[0].target
    assert found is not None
    assert (found.shown, found.per) == (shown, per)
    assert found.low * found.per == int(found.shown.strip("≥%‰"))


@pytest.mark.parametrize(
    ("formula", "target", "actual"),
    [
        ("甲/乙", "0.95", 19),
        ("甲/乙", "2", 19),
        ("甲/乙", "30", 400),  # 20 of 乙: it may well be 30
        ("甲/乙×100", "90", 0.1),  # 0.5 %
        ("甲（單位：件）", "95", 1),
    ],
)
def test_a_target_that_may_be_right_is_not_questioned(
    formula: str, target: str, actual: float
) -> None:
    assert year_of(formula, target, Fraction(str(actual)))[1] == ()


# relation, low, high, actual → rate, reached
RATES: list[tuple[GoalRelation, str, str, str, str, bool]] = [
    ("≥", "90", "90", "45", "1/2", False),
    ("≥", "90", "90", "90", "1", True),
    ("≥", "90", "90", "120", "4/3", True),  # nothing caps it
    ("≥", "90", "90", "0", "0", False),
    ("≥", "90", "90", "-9", "0", False),  # never below 0 %
    ("≥", "0", "0", "5", "1", True),  # a target of zero has no ratio
    ("≥", "0", "0", "-5", "--", False),
    ("≥", "-5", "-5", "-3", "1", True),
    ("≥", "-5", "-5", "-8", "--", False),
    (">", "90", "90", "90", "1", False),
    ("≤", "10", "10", "10", "1", True),
    ("≤", "10", "10", "9", "11/10", True),
    ("≤", "10", "10", "11", "9/10", False),
    ("≤", "10", "10", "0", "2", True),  # where target ÷ actual has no value
    ("≤", "10", "10", "20", "0", False),
    ("≤", "10", "10", "35", "0", False),
    ("≤", "0", "0", "0", "1", True),
    ("≤", "0", "0", "1", "--", False),
    ("<", "10", "10", "10", "1", False),
    ("~", "80", "90", "80", "1", True),
    ("~", "80", "90", "85", "1", True),
    ("~", "80", "90", "90", "1", True),
    ("~", "80", "90", "40", "1/2", False),
    ("~", "80", "90", "99", "9/10", False),
    ("=", "4", "4", "4", "1", True),
    ("=", "4", "4", "3", "3/4", False),
    ("=", "4", "4", "5", "3/4", False),
]


def a_target(relation: GoalRelation, low: Fraction, high: Fraction) -> KpiTarget:
    return KpiTarget(
        declared_at=SOMEWHERE, basis=SOMEWHERE, relation=relation, low=low, high=high, shown=""
    )


@pytest.mark.parametrize("case", RATES, ids=lambda case: " ".join(map(str, case)))
def test_rates(case: tuple[GoalRelation, str, str, str, str, bool]) -> None:
    relation, low, high, actual, rate, reached = case
    target = a_target(relation, Fraction(low), Fraction(high))
    expected = (
        Missing(reason=MissingReason.MEANINGLESS) if rate == "--" else Known(value=Fraction(rate))
    )
    assert achievement_rate(target, Known(value=Fraction(actual))) == expected
    assert target.is_reached(Fraction(actual)) is reached


@pytest.mark.parametrize("reason", MissingReason)
def test_a_missing_figure_has_the_same_missing_rate(reason: MissingReason) -> None:
    target = a_target("≤", Fraction(3), Fraction(3))
    assert achievement_rate(target, Missing(reason=reason)) == Missing(reason=reason)


@given(
    st.sampled_from(["≥", "≤", "=", "~"]),
    st.fractions(min_value=Fraction(1, 100), max_value=1000),
    st.fractions(min_value=0, max_value=1000),
    st.fractions(min_value=-1000, max_value=3000),
)
def test_the_full_rate_is_just_the_target(
    relation: GoalRelation, low: Fraction, more: Fraction, actual: Fraction
) -> None:
    high = low + more if relation == "~" else low
    target = a_target(relation, low, high)
    rate = achievement_rate(target, Known(value=actual))
    assert isinstance(rate, Known)
    assert rate.value >= 0
    assert (rate.value >= 1) == target.is_reached(actual)


LIGHTS = tuple(
    Light(name=Text(text=name, at=SOMEWHERE.at), at_least=Fraction(rate))
    for name, rate in (("紅燈", "0"), ("綠燈", "1"), ("黃燈", "0.8"))  # in any order
)


@pytest.mark.parametrize(
    ("rate", "light"),
    [
        *(("1.2", "綠燈"), ("1", "綠燈"), ("0.99999", "黃燈"), ("0.8", "黃燈")),
        *(("0.79999", "紅燈"), ("0", "紅燈"), ("--", "")),
    ],
)
def test_lights(rate: str, light: str) -> None:
    missing = Missing(reason=MissingReason.MEANINGLESS)
    found = light_of(LIGHTS, missing if rate == "--" else Known(value=Fraction(rate)))
    assert (found.name.text if found else "") == light
    assert light_of((), Known(value=Fraction(1))) is None  # no thresholds, no light
    assert light_of(LIGHTS[1:], Known(value=Fraction(0))) is None  # below all of them


@pytest.mark.parametrize(
    ("values", "difference", "unit", "relative"),
    [
        ((12, 15), "+3", "件", "25.00%"),
        ((15, 12), "-3", "件", "-20.00%"),
        ((12, 12), "0", "件", "0.00%"),
        ((0, 12), "+12", "件", "--"),
        ((1200, 3400), "+2,200", "件", "183.33%"),
        ((Fraction("0.5"), 1), "+0.50", "件", "100.00%"),
        ((Fraction(1, 1000), 0), "0.00", "件", "-100.00%"),  # no sign before a zero
        ((None, 12), "…", "件", "…"),
        (("-", 12), "-", "件", "-"),
        ((12, None), "（待填）", "件", "（待填）"),
    ],
)
def test_changes(values: tuple[object, object], difference: str, unit: str, relative: str) -> None:
    card = read(
        關鍵績效指標=[kpi(COUNT)],
        年度資料=[figure("甲", values)],  # type: ignore[arg-type]
    )
    found = compute(card)[0].kpis[0].years[-1].change
    assert found is not None
    assert (found.difference.text, found.unit, found.relative.text) == (difference, unit, relative)


def test_the_whole_chain_is_exact_where_binary_floats_are_not() -> None:
    card = read(
        關鍵績效指標=[kpi(SHARE)],
        年度資料=[figure("甲", [17]), figure("乙", [160])],
        目標值=[goal("10.625%")],
    )
    found = compute(card)[0].kpis[0].years[-1]
    assert found.actual.text == "10.63%"
    assert (found.verdict, found.rate and found.rate.value) == ("達成", Known(value=Fraction(1)))


def test_a_unit_that_asks_for_the_verdict_gets_it() -> None:
    found, problems = year_of("甲≥乙（單位：達成與否）", None, 25)
    assert (found.printed, found.actual.text) == ("達成", "25")
    assert found.threshold is not None
    assert found.threshold.text == "20"
    assert problems == ()


def test_a_formula_that_cannot_be_read_has_no_years_and_one_error() -> None:
    card = read(關鍵績效指標=[kpi("甲+")], 年度資料=[figure("甲", [1, 2, 3])])
    results, problems = compute(card)
    assert [(each.code, each.where.cell) for each in problems] == [("E214", "D5")]
    assert results.kpis[0].years == ()


def test_a_problem_that_every_year_has_is_told_once() -> None:
    card = read(關鍵績效指標=[kpi("丙（單位：件）")], 年度資料=[figure("甲", [1, 2, 3])])
    assert [each.code for each in compute(card)[1]] == ["E217"]


@pytest.mark.parametrize(("later", "years"), [(None, (103, 104, 105)), (7, (103, 104, 105, 106))])
def test_a_later_year_counts_as_soon_as_it_holds_a_figure(
    later: int | None, years: tuple[int, ...]
) -> None:
    row = {**figure("甲", [1, 2, 3]), 106: later}
    card = read(關鍵績效指標=[kpi(COUNT)], 年度資料=[row])
    assert compute(card)[0].years == years


@pytest.mark.parametrize(
    ("formula", "divisor", "text"),
    [("甲 ≤ 乙/丙", 2, "≤10"), ("甲 ≤ 乙/丙", 0, "≤--"), ("甲 > 乙/丙", 0, ">--"), (COUNT, 2, "")],
)
def test_a_threshold_keeps_its_relation(formula: str, divisor: int, text: str) -> None:
    card = read(
        關鍵績效指標=[kpi(formula)],
        年度資料=[figure("甲", [12]), figure("乙", [20]), figure("丙", [divisor])],
    )
    kpi_year = compute(card)[0].kpis[0].of(105)
    assert kpi_year is not None
    assert kpi_year.threshold_text == text


# --- weights ------------------------------------------------------------------------


def weighted(second: object) -> dict[str, tuple[str, str, str, str]]:
    """Weights 1 and 3; 甲 reaches 50 % of its target, 乙 (``second``) 100 % if it is 20."""
    card = read(
        關鍵績效指標=[
            kpi("甲（單位：件）", 權重=1),
            kpi("乙（單位：件）", "AC1.2", 權重=3),
            kpi("丙（單位：件）", "AC1.3"),  # without a weight: left alone
        ],
        年度資料=[figure("甲", [6]), figure("乙", [second]), figure("丙", [1])],  # type: ignore[list-item]
        目標值=[goal("12"), goal("20", "AC1.2"), goal("9", "AC1.3")],
    )
    return {
        each.level.value: (
            each.rate.text,
            each.rate_so_far.text,
            f"{each.counted}/{each.weight}",
            "、".join(each.without),
        )
        for each in compute(card)[0].roll_ups
    }


def test_weights_are_rolled_up_at_every_level() -> None:
    expected = ("87.50%", "87.50%", "4/4", "")  # (1 × 50 % + 3 × 100 %) ÷ 4
    assert weighted(20) == {level.value: expected for level in RateLevel}


@pytest.mark.parametrize(("second", "shown"), [(None, "（待填）"), ("-", "-"), ("…", "…")])
def test_a_missing_figure_is_never_a_zero_in_silence(second: object, shown: str) -> None:
    expected = (shown, "50.00%", "1/4", "AC1.2")
    assert weighted(second) == {level.value: expected for level in RateLevel}


def test_without_weights_nothing_is_rolled_up() -> None:
    card = read(關鍵績效指標=[kpi(COUNT)], 年度資料=[figure("甲", [6])], 目標值=[goal("12")])
    assert compute(card)[0].roll_ups == ()


def test_a_weight_of_zero_counts_for_nothing() -> None:
    card = read(
        關鍵績效指標=[kpi(COUNT, 權重=0)], 年度資料=[figure("甲", [6])], 目標值=[goal("12")]
    )
    assert compute(card)[0].roll_ups == ()
