"""What is read of a whole text: the calculation as it counts, fractions, units and components."""

from __future__ import annotations

import pytest

from reportgen.formula import parse_formula
from tests.factories.formula_table import told, vocabulary

TABLE = "甲 12 件; 乙 20 件; 率 20 %; 件數 6 件; 件/一 1 件; 件/二 2 件"


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        # the same calculation, written in other signs
        ("甲÷乙", ""),
        ("甲 ／ 乙", ""),
        ("( 甲 )/乙", ""),
        ("甲*乙", ""),
        ("甲÷乙×100%", ""),
        ("甲÷乙（單位：%）", ""),
        # words, captions and letters
        ("甲除以乙", "甲÷乙"),
        ("甲、乙合計", "甲+乙"),
        ("甲占乙之比率", "甲÷乙"),
        ("計算公式：甲/乙", "甲÷乙"),
        ("率二＝甲/乙（單位：%）", "甲÷乙"),
        ("A÷B（A：甲；B：乙）", "(A（甲）)÷(B（乙）)"),
        # figures that are entered are not calculated
        ("件數（直接填報）", ""),
        ("規劃30%、完工100%", ""),
    ],
)
def test_a_formula_in_words_is_shown_as_it_is_read(text: str, canonical: str) -> None:
    formula, _ = parse_formula(text, vocabulary=vocabulary(TABLE).for_kpi("件數", "A1"))
    assert formula is not None
    assert formula.canonical_text == canonical


@pytest.mark.parametrize(
    ("text", "calculation"),
    [
        ("分子：甲\n分母：乙", "12÷20 = 0.60"),
        ("分子：甲\n分母：乙×100", "12÷20×100 = 60"),
        ("分子：甲\n分母：乙×件數", "12÷(20×6) = 0.10"),
        ("甲\n----\n乙×1000", "12÷20×1000 = 600"),
        ("甲\n----×100%\n乙", "12÷20×100% = 60.00%"),
        ("甲÷(乙×100)", "12÷(20×100) = 0.01"),
        ("1-率", "(100-20)÷100 = 80.00%"),  # 1 stands for 100 %
        ("100%-率", "100%-20÷100 = 80.00%"),
        ("甲×(1-率)", "12×(1-20÷100) = 9.60"),
        ("甲-1", "12-1 = 11"),
        ("件(以上各數均含一；二)", "1+2 = 3"),
        ("件(以上各數均含一,二)", "1+2 = 3"),
        ("件(以上各數均含一及二等2項)", "1+2 = 3"),
        ("105-甲", "105-12 = 93"),
    ],
)
def test_fractions_complements_and_components(text: str, calculation: str) -> None:
    given = told(text, TABLE)
    assert (given.calculation, given.codes) == (calculation, set())


@pytest.mark.parametrize(
    ("units", "unit", "is_doubted"),
    [
        (("件",), "件", False),
        (("件", "件"), "件", False),
        (("件數", "件"), "件", True),
        (("人", "件"), "件", True),
        (("人", "件", "件"), "件", True),
        (("件", "件", "人"), "人", True),
        (("件", "人", "件"), "件", True),
    ],
)
def test_the_last_unit_counts_and_another_is_doubted(
    units: tuple[str, ...], unit: str, is_doubted: bool
) -> None:
    formula, problems = parse_formula("甲" + "".join(f"（單位：{text}）" for text in units))
    assert formula is not None
    assert formula.unit is not None
    assert formula.unit.text == unit
    assert [problem.code for problem in problems] == ["W206"] * is_doubted
    assert all(dict(problem.fields)["found"] == unit for problem in problems)


FIGURES = "收入 6; 補助 3; 人數 4"


@pytest.mark.parametrize(
    "text",
    ["收入÷補助\nA：人數\n補助÷收入", "收入÷補助；A：人數；補助÷收入"],
)
def test_two_formulas_beside_definitions_are_refused(text: str) -> None:
    (problem,) = told(text, FIGURES).problems
    assert (problem.code, dict(problem.fields)["found"]) == ("E228", "補助÷收入")
    assert problem.where.column == text.rindex("補助÷收入") + 1


@pytest.mark.parametrize("threshold", ["達80%以上", "應達3", "80以上"])
def test_a_comparison_has_no_second_threshold(threshold: str) -> None:
    (problem,) = told(f"收入≥補助，{threshold}", FIGURES).problems
    assert (problem.code, dict(problem.fields)["found"]) == ("E212", threshold)


@pytest.mark.parametrize(
    "unit", ["達成與否", "是否達成", "達成否", "是否", "是/否", "達成／未達成"]
)
def test_a_unit_may_ask_for_the_verdict(unit: str) -> None:
    formula, _ = parse_formula(f"收入≥人數（單位：{unit}）", vocabulary=vocabulary(FIGURES))
    assert formula is not None
    assert formula.tells_verdict
    formula, _ = parse_formula(f"收入（單位：{unit}）", vocabulary=vocabulary(FIGURES))
    assert formula is not None
    assert not formula.tells_verdict


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *((f"{word}收入÷人數", "E217") for word in "未非不無前後去上下年月季日男女除乘加減占佔"),
        *((f"{word}收入÷人數", "E217") for word in ("平均", "累計", "比率", "9", "平", "均", "累")),
        *((f"{word}收入÷人數", "E205") for word in ("總", "各", "淨")),
    ],
)
def test_a_name_with_another_meaning_is_no_slip_of_the_pen(text: str, code: str) -> None:
    assert told(text, FIGURES).codes == {code}
