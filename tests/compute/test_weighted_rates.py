"""Weighted rates: which KPIs and years are rolled up, and what they come to."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from reportgen.compute import compute
from reportgen.compute.result_types import RateLevel
from tests.factories.scorecards import figure, goal, kpi, read

if TYPE_CHECKING:
    from reportgen.compute.result_types import WeightedRate
    from reportgen.workbook.writing.scorecard_rows import Row

COUNT = "（單位：件）"


def roll_ups(*kpis: Row, targets: list[Row]) -> tuple[WeightedRate, ...]:
    """Two objectives of C and one of F; 甲 is 6 in 104 and 12 in 105, 乙 is 20 in both."""
    order: Row = {"策略地圖名稱": "名", "計分卡名稱": "名構面"}
    card = read(
        構面=[
            {"代碼": code, **order, "策略地圖順序": number, "計分卡順序": number}
            for number, code in enumerate("CFL", start=1)
        ],
        策略目標=[
            {"代碼": code, "構面": code[1], "主題": "A", "名稱": code}
            for code in ("AC1", "AC2", "AF1", "AL1")
        ],
        關鍵績效指標=list(kpis),
        年度資料=[figure("甲", [6, 12]), figure("乙", [20, 20])],
        目標值=targets,
    )
    return compute(card)[0].roll_ups


def of(item: str, code: str, weight: int | None) -> Row:
    objective = code.partition(".")[0]
    return {**kpi(f"{item}{COUNT}", code), "策略目標": objective, "權重": weight}


def shown(rates: tuple[WeightedRate, ...]) -> list[tuple[RateLevel, str, int, str, str]]:
    return [
        (rate.level, rate.code, rate.year, rate.rate.text, "、".join(rate.kpis)) for rate in rates
    ]


WHOLE, PERSPECTIVE, OBJECTIVE = RateLevel.WHOLE, RateLevel.PERSPECTIVE, RateLevel.OBJECTIVE


def test_each_level_is_rolled_up_by_year() -> None:
    found = roll_ups(
        of("甲", "AC1.1", 1),
        of("乙", "AC2.1", 2),
        of("乙", "AF1.1", 3),
        of("乙", "AL1.1", None),
        targets=[
            {"KPI代碼": "AC1.1", 104: "12", 105: "12"},
            {"KPI代碼": "AC2.1", 104: "40", 105: "40"},
            {"KPI代碼": "AF1.1", 104: "10", 105: "10"},
            {"KPI代碼": "AL1.1", 103: "10"},
        ],
    )
    assert shown(found) == [
        (WHOLE, "", 104, "125.00%", "AC1.1、AC2.1、AF1.1"),  # (50 + 2×50 + 3×200) ÷ 6
        (PERSPECTIVE, "C", 104, "50.00%", "AC1.1、AC2.1"),
        (PERSPECTIVE, "F", 104, "200.00%", "AF1.1"),
        (OBJECTIVE, "AC1", 104, "50.00%", "AC1.1"),
        (OBJECTIVE, "AC2", 104, "50.00%", "AC2.1"),
        (OBJECTIVE, "AF1", 104, "200.00%", "AF1.1"),
        (WHOLE, "", 105, "133.33%", "AC1.1、AC2.1、AF1.1"),
        (PERSPECTIVE, "C", 105, "66.67%", "AC1.1、AC2.1"),
        (PERSPECTIVE, "F", 105, "200.00%", "AF1.1"),
        (OBJECTIVE, "AC1", 105, "100.00%", "AC1.1"),
        (OBJECTIVE, "AC2", 105, "50.00%", "AC2.1"),
        (OBJECTIVE, "AF1", 105, "200.00%", "AF1.1"),
    ]


def test_a_kpi_without_a_target_is_named_and_not_counted() -> None:
    whole, *_ = roll_ups(of("甲", "AC1.1", 1), of("乙", "AC2.1", 2), targets=[goal("10", "AC1.1")])
    assert (whole.rate.text, whole.rate_so_far.text) == ("-", "120.00%")
    assert (whole.weight, whole.counted) == (Fraction(3), Fraction(1))
    assert whole.without == ("AC2.1",)
    assert (whole.year, whole.kpis) == (105, ("AC1.1", "AC2.1"))


def test_without_any_rate_there_is_none_so_far() -> None:
    whole, *_ = roll_ups(of("甲", "AC1.1", 2), targets=[goal("3場", "AC1.1")])
    assert (whole.rate.text, whole.rate_so_far.text) == ("-", "-")
    assert (whole.weight, whole.counted) == (Fraction(2), Fraction(0))
    assert whole.without == ("AC1.1",)


def test_years_count_whose_weighted_kpis_all_have_thresholds() -> None:
    threshold = {**of("甲", "AC1.1", 1), "計算公式及計量單位": "甲≥10（單位：件）"}
    unweighted = of("乙", "AC2.1", None)
    found = roll_ups(threshold, unweighted, targets=[])
    assert shown(found)[::3] == [
        (WHOLE, "", 104, "60.00%", "AC1.1"),
        (WHOLE, "", 105, "120.00%", "AC1.1"),
    ]
    assert roll_ups(threshold, of("乙", "AC2.1", 1), targets=[]) == ()
