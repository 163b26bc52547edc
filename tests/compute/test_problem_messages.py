"""What each problem of the computation says, where it stands, and of which figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reportgen.compute import compute, plausibility_problems
from tests.factories.scorecards import figure, goal, kpi, read

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reportgen.workbook.writing.scorecard_rows import Row

COUNT, SHARE = "甲（單位：件）", "甲/乙×100%（單位：%）"
GOAL, FORMULA = ("目標值", "D5"), ("關鍵績效指標", "D5")


def problems(**sheets: Sequence[Row]) -> list[tuple[str, str | None, str | None, str]]:
    results, found = compute(read(**sheets))
    return [
        (problem.code, problem.where.sheet, problem.where.cell, problem.message())
        for problem in (*found, *plausibility_problems(results))
        if problem.code not in {"W202", "W226"}
    ]


# formula, target, direction, code, place, message; 甲 is 12, 乙 20
OF_KPIS: list[tuple[str, str | None, str, str, tuple[str, str], str]] = [
    (COUNT, "≤3", "越高越好", "W221", GOAL, "AC1.1 的方向是「越高越好」，目標值卻是「≤3」。"),
    (
        *(COUNT, "≥3", "越低越好", "W221", GOAL),
        "AC1.1 的方向是「越低越好」，目標值卻是「≥3」。",
    ),
    (SHARE, "0.9", "越高越好", "W222", GOAL, "AC1.1 的單位是 %，目標值「0.9」視為 0.9%。"),
    (
        *(COUNT, "90%", "越高越好", "W223", GOAL),
        "AC1.1 的單位是「件」，無法與目標值「90%」比較，視為沒有目標值。",
    ),
    (
        *("甲", "3場", "越高越好", "W236", GOAL),
        "AC1.1 沒有註明單位，無法與目標值「3場」比較，視為沒有目標值。",
    ),
    (
        *("甲/乙×100", "60%", "越高越好", "W235", GOAL),
        "AC1.1 沒有註明單位，公式乘以 100：目標值「60%」不換算，直接與數值比較。",
    ),
    (
        *("甲/乙×1000", "600‰", "越高越好", "W235", GOAL),
        "AC1.1 沒有註明單位，公式乘以 1,000：目標值「600‰」不換算，直接與數值比較。",
    ),
    (
        *("甲/乙", "95", "越高越好", "W237", GOAL),
        "AC1.1 的數值是比率 0.60，目標值「95」卻像是百分比。",
    ),
    (
        *("甲/乙≥50%（單位：%）", "≥70%", "越高越好", "W224", GOAL),
        "AC1.1 的目標值是「≥70%」，公式的門檻卻是「≥50%」。",
    ),
    (
        *("甲/乙×100%（單位：場）", None, "越高越好", "W230", FORMULA),
        "AC1.1 的公式乘以 100%，單位卻是「場」；數值以「%」列印。",
    ),
    (
        *("甲/乙≥60.001%（單位：%）", None, "越高越好", "W251", FORMULA),
        "AC1.1 105年印為 60.00%，判定為未達成：未進位前為 60%，未達 ≥60.001%。",
    ),
    (
        *("甲×0.24997（單位：件）", "≥3", "越高越好", "W251", GOAL),
        "AC1.1 105年印為 3.00，判定為未達成：未進位前為 2.9996，未達 ≥3。",
    ),
    (
        *("甲/乙×1000‰（單位：場）", None, "越高越好", "W230", FORMULA),
        "AC1.1 的公式乘以 1000‰，單位卻是「場」；數值以「‰」列印。",
    ),
    (
        *("甲/乙（單位：%）（採103 年決算數）", None, "越高越好", "W231", FORMULA),
        "AC1.1 的公式註明「採103 年決算數」，計算用的卻是 105 年的數值。",
    ),
    (
        *("甲/乙×100%", None, "越高越好", "N224", FORMULA),
        "AC1.1 的公式自己寫明以 % 表示：105 年為 60.00%（舊版印為 0.60）。",
    ),
    (
        *("5×甲/乙×100%", None, "越高越好", "N224", FORMULA),
        "AC1.1 的公式自己寫明以 % 表示：105 年為 300.00%（舊版印為 3）。",
    ),
]


@pytest.mark.parametrize("case", OF_KPIS, ids=lambda case: f"{case[3]} {case[0]} {case[1]}")
def test_a_problem_of_a_kpi_says_what_it_is(
    case: tuple[str, str | None, str, str, tuple[str, str], str],
) -> None:
    formula, target, direction, code, place, message = case
    found = problems(
        關鍵績效指標=[kpi(formula, 方向=direction)],
        年度資料=[figure("甲", [12]), figure("乙", [20])],
        目標值=[goal(target)] if target else [],
    )
    assert found == [(code, *place, message)]


@pytest.mark.parametrize(
    ("rule", "code", "message"),
    [
        ("甲 +\n乙", "E221", "勾稽規則「甲 + 乙」沒有比較符號。"),
        ("甲 ≥\n乙", "W225", "105年與勾稽規則「甲 ≥ 乙」不符：左邊 12，右邊 1,200。"),
    ],
)
def test_a_problem_of_a_rule_says_what_it_is(rule: str, code: str, message: str) -> None:
    found = problems(
        關鍵績效指標=[kpi(SHARE)],
        年度資料=[figure("甲", [12]), figure("乙", [1200])],
        勾稽規則=[{"規則": rule}],
    )
    assert found == [(code, "勾稽規則", "A5", message)]


def test_rows_that_nothing_reads_are_named_with_their_component() -> None:
    results, _ = compute(
        read(
            關鍵績效指標=[kpi(COUNT)],
            年度資料=[
                figure("甲", [10]),
                figure("乙", [10]),
                figure("甲", [1], component="追加"),
                figure("丙", [1], component="追加"),
            ],
        )
    )
    assert [
        (problem.code, problem.where.cell, problem.message())
        for problem in plausibility_problems(results)
    ] == [
        ("W226", "A6", "資料項「乙」沒有公式或勾稽規則使用。"),
        ("W227", "B7", "「甲」的組成「追加」沒有列入任何公式。"),
        ("W226", "A8", "資料項「丙（追加）」沒有公式或勾稽規則使用。"),
    ]


def test_a_whole_that_no_formula_counts_beside_its_parts() -> None:
    found = problems(
        關鍵績效指標=[kpi("甲(以上各數均含追加)(單位：件)")],
        年度資料=[figure("甲", [10]), figure("甲", [1], component="追加")],
    )
    assert found == [("W227", "年度資料", "B5", "「甲」的組成「—」沒有列入任何公式。")]


def test_a_jump_names_the_component_and_leaves_gaps_out() -> None:
    found = problems(
        關鍵績效指標=[kpi("甲(以上各數均含追加)(單位：件)")],
        年度資料=[figure("甲", ["-", 12, 1250], component="追加")],
    )
    assert found == [
        (
            "N223",
            "年度資料",
            "F5",
            "105年「甲（追加）」為 1,250，與以前年度（104年 12）相差逾 3 倍。",
        )
    ]


def test_codes_that_contradict_their_rows_are_told_with_both() -> None:
    found = problems(
        策略主題=[{"代碼": "A", "名稱": "甲"}, {"代碼": "B", "名稱": "乙"}],
        策略目標=[
            {"代碼": "BC1", "構面": "C", "主題": "A", "名稱": "目標"},
            {"代碼": "C2", "構面": "C", "主題": "A、B", "名稱": "目標二"},
            {"代碼": "AC3", "構面": "C", "主題": "", "名稱": "目標三"},
        ],
        關鍵績效指標=[{**kpi(COUNT), "策略目標": "BC1"}],
        年度資料=[figure("甲", [3])],
    )
    assert [(code, cell) for code, _, cell, _ in found] == [
        ("W228", "A5"),
        ("W228", "A6"),
        ("W228", "A7"),
        ("W229", "A5"),
    ]
    messages = [message for *_, message in found]
    for message, words in zip(
        messages,
        (
            ("BC1", "B／C", "A／C"),
            ("C2", "共同／C", "A、B／C"),
            ("AC3", "A／C", "共同／C"),
            ("AC1.1", "BC1"),
        ),
        strict=True,
    ):
        assert all(word in message for word in words), message


def test_codes_are_not_compared_where_themes_have_longer_codes() -> None:
    found = problems(
        策略主題=[{"代碼": "A", "名稱": "甲"}, {"代碼": "T2", "名稱": "乙"}],
        策略目標=[{"代碼": "BC1", "構面": "C", "主題": "A", "名稱": "目標"}],
        關鍵績效指標=[{**kpi(COUNT, "BC1.1"), "策略目標": "BC1"}],
        年度資料=[figure("甲", [3])],
    )
    assert found == []


def spellings(*formulas: str) -> list[str]:
    found = problems(
        關鍵績效指標=[kpi(text, f"AC1.{number}") for number, text in enumerate(formulas, 1)],
        年度資料=[figure("甲", [1, 2, 3]), figure("乙", [4, 5, 6])],
    )
    return [message for code, _, _, message in found if code == "N221"]


@pytest.mark.parametrize(
    ("formulas", "found", "usual", "count", "others"),
    [
        (("甲×2（單位：件）", "乙×2（單位：件）", "乙*2（單位：件）"), "*", "×", 1, 2),
        (("甲/乙（單位：%）", "甲÷乙（單位：%）"), "÷", "/", 1, 1),
        (
            *(("甲（單位：件）", "乙（單位:件）", "乙（單位 :件）"),),
            *("單位：（全形）", "單位:（半形）", 1, 2),
        ),
        (("甲。（單位：件）", "乙（單位：件）", "甲（單位：件）"), "句尾有。", "句尾無。", 1, 2),
    ],
)
def test_two_spellings_are_told_with_their_counts(
    formulas: tuple[str, ...], found: str, usual: str, count: int, others: int
) -> None:
    assert spellings(*formulas) == [
        f"寫法不一：此處用「{found}」（共 {count} 處），其他多用「{usual}」（{others} 處）。"
    ]


def test_the_signs_of_a_formula_that_is_not_calculated_are_its_own() -> None:
    found = problems(
        關鍵績效指標=[
            kpi("甲×2（單位：件）"),
            kpi("乙×2（單位：件）", "AC1.2"),
            kpi("件數：甲*乙", "AC1.3", 填報方式="直接填報"),
        ],
        年度資料=[figure(item, [1]) for item in ("甲", "乙", "AC1.3")],
    )
    assert [code for code, *_ in found if code == "N221" or code.startswith("E")] == []


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (("顧客構面", "財務構面", "學習"), ["學習"]),
        (("顧客構面", "財務構面", "學習", "流程"), []),  # no more than half
        (("顧客構面", "財務"), []),
    ],
)
def test_a_perspective_that_ends_unlike_most_is_named(
    names: tuple[str, ...], found: list[str]
) -> None:
    told = problems(
        構面=[
            {
                "代碼": code,
                "策略地圖名稱": name,
                "計分卡名稱": name,
                "策略地圖順序": number,
                "計分卡順序": number,
            }
            for number, (code, name) in enumerate(zip("CFLP", names, strict=False), start=1)
        ],
        關鍵績效指標=[kpi(COUNT)],
        年度資料=[figure("甲", [3])],
    )
    assert [code for code, *_ in told] == ["N222"] * len(found)
    for (_, sheet, cell, message), name in zip(told, found, strict=True):
        assert (sheet, cell) == ("構面", f"C{5 + names.index(name)}")
        assert f"「{name}」" in message
        assert "「構面」" in message


def test_a_ratio_that_looks_like_a_percentage_is_told_with_the_kpis_places() -> None:
    found = problems(
        關鍵績效指標=[kpi("甲/乙", 小數位數=3)],
        年度資料=[figure("甲", [12]), figure("乙", [20])],
        目標值=[goal("95")],
    )
    assert [message for *_, message in found] == [
        "AC1.1 的數值是比率 0.600，目標值「95」卻像是百分比。"
    ]


def test_a_unit_that_the_formula_contradicts_is_mended_to_the_letter() -> None:
    for formula, mended in (
        ("甲/乙×1000‰（單位：場）", ("甲/乙×1000‰（單位：‰）", "甲/乙（單位：場）")),
        ("甲/乙×100%（單位：場）", ("甲/乙×100%（單位：%）", "甲/乙（單位：場）")),
    ):
        rows = [figure("甲", [12]), figure("乙", [20])]
        results, _ = compute(read(關鍵績效指標=[kpi(formula)], 年度資料=rows))
        (problem,) = plausibility_problems(results)
        sign = mended[0][-2]
        assert problem.fix() == f"請將單位改為 {sign}，或刪去 ×{formula[4:-6]}。"
        for text in mended:
            found = problems(關鍵績效指標=[kpi(text)], 年度資料=rows)
            assert [code for code, *_ in found] == []


@pytest.mark.parametrize("formula", ["甲×100%（單位：場）", "甲×100%（單位：人）"])
def test_a_unit_that_is_doubted_already_is_not_doubted_again(formula: str) -> None:
    results, found = compute(read(關鍵績效指標=[kpi(formula)], 年度資料=[figure("甲", [12])]))
    codes = [problem.code for problem in (*found, *plausibility_problems(results))]
    assert codes == ["W202"]
