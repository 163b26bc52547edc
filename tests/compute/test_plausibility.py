"""What check finds beyond the grammar: each case, its code, its cell, and its silence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reportgen.compute import compute, plausibility_problems
from tests.factories.scorecards import figure, goal, kpi, read, rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reportgen.workbook.writing.scorecard_rows import Content, Row

Found = list[tuple[str, str, str]]  # code, sheet, cell


def found(**sheets: Sequence[Row]) -> Found:
    """Problems and findings of a scorecard."""
    results, problems = compute(read(**sheets))
    return [
        (each.code, each.where.sheet, each.where.cell)
        for each in (*problems, *plausibility_problems(results))
    ]


def of_formulas(*formulas: str) -> Found:
    """What is found in KPIs with these formulas, all about 甲 and 乙."""
    return found(
        關鍵績效指標=[kpi(text, f"AC1.{number}") for number, text in enumerate(formulas, 1)],
        年度資料=[figure("甲", [1, 2, 3]), figure("乙", [4, 5, 6])],
    )


def test_nothing_is_found_where_nothing_is() -> None:
    assert of_formulas("甲/乙×100%（單位：%）", "乙（單位：件）") == []


def of_figures(*figures: Row, checks: Sequence[Row] = ()) -> Found:
    return found(關鍵績效指標=[kpi("甲（單位：件）")], 年度資料=figures, 勾稽規則=checks)


def test_figures_that_nothing_reads() -> None:
    more = figure("乙", [4])
    assert of_figures(figure("甲", [3]), more) == [("W226", "年度資料", "A6")]
    assert of_figures(figure("甲", [3]), more, checks=[{"規則": "乙 ≥ 甲"}]) == []


def test_a_component_that_no_formula_counts() -> None:
    part = figure("甲", [4], component="追加預算")
    assert of_figures(figure("甲", [3]), part) == [("W227", "年度資料", "B6")]


def test_unused_figures_wait_for_formulas_that_can_be_read() -> None:
    assert [code for code, *_ in of_formulas("甲+", "甲（單位：件）")] == ["E214"]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("乙 ≥ 甲", []),
        ("甲 ≥ 乙", ["W225"] * 3),  # once for each year, with its figures
        ("甲 + 2 ≥ 乙", ["W225"] * 3),
        ("甲 + 3 = 乙", []),
        ("甲 + 乙", ["E221"]),
        ("甲 ≥ 丁", ["E217"]),
        ("甲 ≥", ["E214"]),
    ],
)
def test_rules(rule: str, expected: list[str]) -> None:
    told = found(
        關鍵績效指標=[kpi("甲/乙（單位：%）")],
        年度資料=[figure("甲", [1, 2, 3]), figure("乙", [4, 5, 6])],
        勾稽規則=[{"規則": rule}],
    )
    assert told == [(code, "勾稽規則", "A5") for code in expected]


def test_a_broken_rule_reports_both_sides() -> None:
    card = read(
        關鍵績效指標=[kpi("甲/乙（單位：%）")],
        年度資料=[figure("甲", [1200]), figure("乙", [3400])],
        勾稽規則=[{"規則": "甲 ≥ 乙"}],
    )
    results, (problem,) = compute(card)
    assert problem.message() == "105年與勾稽規則「甲 ≥ 乙」不符：左邊 1,200，右邊 3,400。"
    assert results.checks[0].years[-1].holds is False


def test_a_rule_about_missing_figures_says_nothing() -> None:
    card = read(
        關鍵績效指標=[kpi("甲/乙（單位：%）")],
        年度資料=[figure("甲", [1, "-", 3]), figure("乙", [0, 5, None])],
        勾稽規則=[{"規則": "甲 ≥ 乙"}],
    )
    results, problems = compute(card)
    assert problems == ()
    assert [each.holds for each in results.checks[0].years] == [True, None, None]
    assert [each.right.text for each in results.checks[0].years] == ["0", "-", "（待填）"]


@pytest.mark.parametrize(
    ("code", "perspective", "themes", "expected"),
    [
        ("AC1", "C", "A", True),
        ("ABC1", "C", "A、B", True),
        ("BAC1", "C", "A、B", True),  # in any order
        ("C1", "C", "", True),
        ("C1", "C", "共同", True),
        ("ac1", "C", "A", True),
        ("ＡＣ１", "C", "A", True),
        ("CC1", "C", "C", True),  # by position: theme C, perspective C
        ("FC3", "C", "F", True),
        ("甲一", "C", "A", True),  # codes of another kind are the agency's own
        ("1-1", "C", "A", True),
        ("AC1", "F", "A", False),
        ("BC1", "C", "A", False),
        ("AC1", "C", "A、B", False),
        ("AC1", "C", "共同", False),
        ("C1", "C", "A", False),
    ],
)
def test_codes_against_theme_and_perspective(
    code: str, perspective: str, themes: str, expected: bool
) -> None:
    letters = ("A", "B", "C", "F")
    place: dict[str | int, Content] = {"策略地圖名稱": "名", "計分卡名稱": "名構面"}
    told = found(
        構面=[
            {"代碼": each, **place, "策略地圖順序": number, "計分卡順序": number}
            for number, each in enumerate(("C", "F"), 1)
        ],
        策略主題=[{"代碼": each, "名稱": each} for each in letters],
        策略目標=[{"代碼": code, "構面": perspective, "主題": themes, "名稱": "目標"}],
        關鍵績效指標=[{**kpi("甲（單位：件）", f"{code}.1"), "策略目標": code}],
        年度資料=[figure("甲", [3])],
    )
    assert told == ([] if expected else [("W228", "策略目標", "A5")])


def test_a_full_width_perspective_is_the_same_code() -> None:
    orders: dict[str | int, Content] = {"策略地圖順序": 1, "計分卡順序": 1}
    told = found(
        構面=[
            {"代碼": "Ｃ", "策略地圖名稱": "名", "計分卡名稱": "名構面", **orders},
        ],
        策略主題=[{"代碼": "A", "名稱": "A"}],
        策略目標=[{"代碼": "AC1", "構面": "Ｃ", "主題": "Ａ", "名稱": "目標"}],
        關鍵績效指標=[{**kpi("甲（單位：件）", "AC1.1"), "策略目標": "AC1"}],
        年度資料=[figure("甲", [3])],
    )
    assert told == []


@pytest.mark.parametrize(
    ("code", "expected"), [("AC1.1", []), ("AC1-1", []), ("AC11.1", ["W229"]), ("BC1.1", ["W229"])]
)
def test_kpi_codes_begin_with_their_objectives(code: str, expected: list[str]) -> None:
    told = found(關鍵績效指標=[kpi("甲（單位：件）", code)], 年度資料=[figure("甲", [3])])
    assert [each for each, *_ in told] == expected


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("甲/乙×100%（單位：%）", []),
        ("甲/乙×100%（單位：件）", ["W230"]),  # 件/件 is no 件: printed in %
        ("甲×100%（單位：件）", ["W230"]),
        ("甲×50%（單位：件）", []),
        ("甲≥乙×100%（單位：件）", ["W230"]),
        ("甲（單位：%）", ["W202"]),
        ("甲（單位：人）", ["W202"]),
    ],
)
def test_units_against_formulas(formula: str, expected: list[str]) -> None:
    told = of_formulas(formula)
    assert [code for code, *_ in told if code != "W226"] == expected


@pytest.mark.parametrize(
    ("note", "expected"),
    [
        ("（採104年底資料計算）", ["W231"]),
        ("（以１０４年度之統計數據計算）", ["W231"]),
        ("（採103 年決算數）", ["W231"]),
        ("（採105年底資料計算）", []),  # the data year
        ("（依104年訂頒之作業規定）", []),
        ("（以100年為基期）", []),
    ],
)
def test_a_note_by_which_the_figures_are_of_another_year(note: str, expected: list[str]) -> None:
    told = of_formulas(f"甲/乙×100%（單位：%）{note}")
    assert [code for code, *_ in told if code != "W212"] == expected


def test_a_formula_that_says_its_percentage_tells_both_readings() -> None:
    results, _ = compute(
        read(
            關鍵績效指標=[kpi("甲/乙×100%", "AC1.1")],
            年度資料=[figure("甲", [7]), figure("乙", [8])],
        )
    )
    (problem,) = [each for each in plausibility_problems(results) if each.code == "N224"]
    fields = dict(problem.fields)
    assert (fields["figure"], fields["former"]) == ("87.50%", "0.88")


@pytest.mark.parametrize(
    ("formulas", "cells"),
    [
        (("甲×2（單位：件）", "乙×2（單位：件）", "乙*2（單位：件）"), ["D7"]),
        (("甲/乙（單位：%）", "甲÷乙（單位：%）"), ["D6"]),  # as often: the later one
        (("甲（單位：件）", "乙（單位:件）"), ["D6"]),
        (("甲（單位：件）", "乙。（單位：件）", "乙（單位：件）"), ["D6"]),
        (("甲（單位：千元/人）", "乙（單位：元／人）"), []),  # a unit is no calculation
    ],
)
def test_ways_of_writing_a_formula(formulas: tuple[str, ...], cells: list[str]) -> None:
    told = of_formulas(*formulas)
    assert [cell for code, _, cell in told if code == "N221"] == cells


def test_mixed_characters_are_listed_by_cell() -> None:
    sheets = rows(
        策略主題=[{"代碼": "A", "名稱": "臺北"}],
        策略目標=[{"代碼": "AC1", "構面": "C", "主題": "A", "名稱": "平台與剩餘"}],
        關鍵績效指標=[kpi("賸餘數（單位：件）")],
        年度資料=[figure("賸餘數", [3])],
    )
    told = found(**{name: each for name, each in sheets.items() if name != "基本資料"})
    assert told == [("N221", "策略目標", "D5"), ("N221", "策略目標", "D5")]


def test_words_that_mean_the_same() -> None:
    told = found(
        關鍵績效指標=[
            kpi("每年甲（單位：件）"),
            kpi("當年度乙（單位：件）", "AC1.2"),
            kpi("每年丙（單位：件）", "AC1.3"),
        ],
        年度資料=[figure("每年甲", [1]), figure("當年度乙", [1]), figure("每年丙", [1])],
    )
    assert told == [("N221", "關鍵績效指標", "D6")]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((100, 110, 120), False),
        ((100, 110, 331), True),  # more than three times the largest
        ((100, 110, 330), False),
        ((100, 110, 33), True),  # less than a third of the smallest
        ((99, 110, 33), False),
        ((1, 2, 9), False),  # all below 10
        ((1, 2, 10), True),
        ((0, 0, 500), False),  # from nothing no ratio tells
        ((0, 12, 500), True),
        ((12, 12, 0), True),
        ((-5, -6, 40), False),
        ((-5, 12, 500), False),  # nor across zero
        ((12, 12, -50), False),
        (("…", None, 500), False),  # nothing earlier
        ((100, 110, "-"), False),
    ],
)
def test_sudden_jumps(values: tuple[Content, ...], expected: bool) -> None:
    told = of_figures(figure("甲", values))
    assert told == ([("N223", "年度資料", "F5")] if expected else [])


def test_a_row_without_a_figure_hides_no_jump_below_it() -> None:
    told = of_figures(
        figure("甲", [3, 3, "-"]), figure("甲", [9, 9, 99], component="追加"), checks=()
    )
    assert ("N223", "年度資料", "F6") in told


def test_a_jump_says_from_where() -> None:
    card = read(關鍵績效指標=[kpi("甲（單位：件）")], 年度資料=[figure("甲", [10, 12, 1250])])
    (problem,) = plausibility_problems(compute(card)[0])
    assert problem.message() == (
        "105年「甲」為 1,250，與以前年度（103年 10、104年 12）相差逾 3 倍。"
    )


def test_a_target_in_another_sense_than_the_formula() -> None:
    told = found(
        關鍵績效指標=[kpi("甲≥乙（單位：件）")],
        年度資料=[figure("甲", [3]), figure("乙", [2])],
        目標值=[goal("≥2")],
    )
    assert told == []


@pytest.mark.parametrize(("last", "codes"), [(3, ["N224"]), ("-", []), (None, [])])
def test_a_figure_is_announced_in_percent_if_there_is_one(last: Content, codes: list[str]) -> None:
    told = found(
        關鍵績效指標=[kpi("甲/乙×100%")],
        年度資料=[figure("甲", [1, 2, last]), figure("乙", [4, 5, 6])],
    )
    assert [code for code, *_ in told] == codes
