"""A KPI's year: figure, threshold, verdict, change and calculation, as printed."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from reportgen.compute import compute
from reportgen.model.scorecard import Known
from tests.factories.scorecards import figure, goal, kpi, read

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reportgen.compute.result_types import KpiYear
    from reportgen.workbook.writing.scorecard_rows import Content, Row


def last_year(
    formula: str,
    values: Sequence[Content] = (12,),
    *,
    targets: Sequence[Row] = (),
    places: int | None = None,
) -> KpiYear:
    """The KPI in 105; 甲 has these values, 乙 is 20 in each year."""
    card = read(
        關鍵績效指標=[kpi(formula, 小數位數=places)],
        年度資料=[figure("甲", values), figure("乙", [20] * len(values))],
        目標值=targets,
    )
    found = compute(card)[0].kpis[0].of(105)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("formula", "target", "verdict", "rate", "rule"),
    [
        ("甲（單位：件）", None, "", None, ""),
        ("甲（單位：件）", "10", "達成", "120.00%", "實績值÷目標值"),
        ("甲（單位：件）", "15", "未達成", "80.00%", "實績值÷目標值"),
        ("甲≥10（單位：件）", None, "達成", "120.00%", "實績值÷目標值"),
        ("甲≥15（單位：件）", "10", "未達成", "120.00%", "實績值÷目標值"),  # its formula decides
        ("甲÷(乙-乙)（單位：件）", "10", "", "--", ""),
    ],
)
def test_a_verdict_is_of_the_formula_or_of_the_target(
    formula: str, target: str | None, verdict: str, rate: str | None, rule: str
) -> None:
    found = last_year(formula, targets=[goal(target)] if target else [])
    assert found.verdict == verdict
    assert (found.rate.text if found.rate else None, found.rate_rule) == (rate, rule)


def test_a_target_is_of_its_kpi_and_year() -> None:
    found = last_year(
        "甲（單位：件）", targets=[{"KPI代碼": "AC1.1", 104: "10", 105: "11", 106: "12"}]
    )
    assert found.target is not None
    assert (found.target.shown, found.target.low) == ("11", Fraction(11))
    assert found.target.per == 1


@pytest.mark.parametrize(
    ("formula", "places", "actual", "change"),
    [
        ("甲/乙（單位：%）", None, "60.00%", "+10.00"),
        ("甲/乙（單位：%）", 0, "60%", "+10"),
        ("甲/乙（單位：%）", 1, "60.0%", "+10.0"),
        ("甲/乙（單位：%），四捨五入至小數點第1位", None, "60.0%", "+10.0"),
        ("甲（單位：件）", None, "12", "+2"),
        ("甲（單位：件）", 1, "12.0", "+2.0"),
    ],
)
def test_a_change_has_the_places_of_the_figures(
    formula: str, places: int | None, actual: str, change: str
) -> None:
    found = last_year(formula, (10, 12), places=places)
    assert found.change is not None
    assert (found.actual.text, found.change.difference.text) == (actual, change)


def test_a_change_has_the_places_of_the_finer_figure() -> None:
    found = last_year("甲/4", (12, 13))  # 3 and 3.25
    assert found.change is not None
    assert (found.actual.text, found.change.difference.text) == ("3.25", "+0.25")
    found = last_year("甲/4", (13, 16))  # 3.25 and 4
    assert found.change is not None
    assert (found.actual.text, found.change.difference.text) == ("4", "+0.75")
    assert (found.change.since, found.change.unit) == (104, "")


@pytest.mark.parametrize(
    ("text", "points", "per"),
    [("甲/乙（單位：%）", "百分點", 100), ("甲（單位：件）", "件", 1), ("甲", "", 1)],
)
def test_a_change_is_in_points(text: str, points: str, per: int) -> None:
    found = last_year(text, (10, 12))
    assert found.change is not None
    assert (found.change.unit, found.change.relative.text) == (points, "20.00%")
    assert isinstance(found.change.relative.value, Known)
    assert (found.change.difference.per, found.change.relative.per) == (per, 100)


def test_without_a_year_before_there_is_no_change() -> None:
    assert last_year("甲（單位：件）", (12,)).change is not None  # 104 has a blank column
    card = read(關鍵績效指標=[kpi("甲（單位：件）")], 年度資料=[figure("甲", [1, 2, 3])])
    first = compute(card)[0].kpis[0].of(103)
    assert first is not None
    assert first.change is None


STAGES = "完成工作項目（規劃30%、設計60%、完工100%）"


@pytest.mark.parametrize(
    ("formula", "value", "item", "printed", "calculation"),
    [
        (STAGES, "設計", "完成工作項目", "設計（60%）", "完成階段：設計 = 60%"),
        (
            *("完成工作項目（規劃33.5%、完工100%）", "規劃", "完成工作項目"),
            *("規劃（33.5%）", "完成階段：規劃 = 33.5%"),
        ),
        (STAGES, None, "完成工作項目", "（待填）", "完成階段：（待填）"),
        ("件數（直接填報）", 12, "件數", "12", "直接填報：12 件"),
        ("件數（直接填報）", None, "件數", "（待填）", "直接填報：（待填）"),
        ("件數（直接填報）", "-", "件數", "-", "直接填報：-"),
        ("件數（單位：件）", 12, "件數", "12", "12 件"),
    ],
)
def test_an_entered_figure_says_how_it_came(
    formula: str, value: Content, item: str, printed: str, calculation: str
) -> None:
    card = read(關鍵績效指標=[kpi(formula)], 年度資料=[figure(item, [value])])
    found = compute(card)[0].kpis[0].of(105)
    assert found is not None
    assert (found.printed, found.substitution) == (printed, calculation)


def test_a_threshold_that_is_missing_explains_no_verdict() -> None:
    found = last_year("甲 ≥ 甲÷(乙-乙)")
    assert found.threshold is not None
    assert (found.threshold.text, found.note, found.verdict) == ("--", "", "")


@pytest.mark.parametrize(
    ("target", "light"),
    [("10", "綠燈"), ("12", "綠燈"), ("13", "黃燈"), ("100", None), (None, None)],
)
def test_a_light_is_that_of_the_rate(target: str | None, light: str | None) -> None:
    card = read(
        關鍵績效指標=[kpi("甲（單位：件）")],
        年度資料=[figure("甲", [12])],
        目標值=[goal(target)] if target else [],
        燈號=[
            {"燈號": "綠燈", "達成率下限": Fraction(1)},
            {"燈號": "黃燈", "達成率下限": Fraction(1, 2)},
        ],
    )
    found = compute(card)[0].kpis[0].of(105)
    assert found is not None
    assert (found.light.name.text if found.light else None) == light


def test_the_target_of_a_milestone_may_be_a_stage() -> None:
    card = read(
        關鍵績效指標=[kpi(STAGES)],
        年度資料=[figure("完成工作項目", ["規劃"])],
        目標值=[goal("設計")],
    )
    found = compute(card)[0].kpis[0].of(105)
    assert found is not None
    assert found.target is not None
    assert (found.target.shown, found.target.relation, found.target.per) == ("設計", "≥", 100)
    assert found.target.low == found.target.high == Fraction(60, 100)
    assert found.target.names_stage
    assert (found.verdict, found.rate and found.rate.text) == ("未達成", "50.00%")
