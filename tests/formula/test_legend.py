"""Letters and what they stand for."""

from __future__ import annotations

import pytest

from reportgen.formula.legend import find_definitions
from reportgen.formula.tokens import pair_brackets
from tests.factories.formula_table import told


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("A：收入；B：人數", [("a", "收入"), ("b", "人數")]),
        (f"A：{' ' * 30}收入；B：人數", [("a", "收入"), ("b", "人數")]),
        ("A：、；B：人數", [("b", "人數")]),  # a stop alone defines nothing
        ("A： ；B：人數", [("b", "人數")]),
    ],
)
def test_definitions(text: str, found: list[tuple[str, str]]) -> None:
    definitions = find_definitions(text, pair_brackets(text))
    assert [(each.key, text[slice(*each.value)]) for each in definitions] == found


@pytest.mark.parametrize("item", ["收入", "收入(元)", "收入(公立)(元)"])
def test_a_labelled_line_is_an_item_perhaps_with_brackets(item: str) -> None:
    found = told(f"{item}(A)\n人數(B)\nA÷B", "收入 6; 人數 4")
    assert (found.calculation, found.codes) == ("6÷4 = 1.50", set())


@pytest.mark.parametrize("label", ["(A)", "A", " Ａ", "\n(A)"])
def test_a_labelled_line_may_be_an_item_that_ends_in_a_bracket(label: str) -> None:
    found = told(f"收入(104-105年度){label}\n人數(B)\nA÷B", "收入(104-105年度) 6; 人數 4")
    assert (found.calculation, found.codes) == ("6÷4 = 1.50", set())


@pytest.mark.parametrize(
    ("formula", "code"), [("(A+B)/(C)", "E217"), ("A//B", "E213"), ("率=(A+B)/(C)", "E217")]
)
def test_an_item_is_not_the_formula_beside_a_calculation_that_cannot_be_read(
    formula: str, code: str
) -> None:
    found = told(f"補助\n收入(A)\n人數(B)\n{formula}", "收入 6; 人數 4; 補助 3")
    assert (found.figure, found.codes) == ("", {code})


@pytest.mark.parametrize(
    ("text", "calculation", "codes"),
    [
        ("分子：收入（不含補助）\n分母：人數", "6÷4 = 1.50", {"W212"}),
        ("A÷B\nA：收入（扣除補助）\nB：人數", "6÷4 = 1.50", {"W212"}),
        ("A÷B（A：收入（不含稅）；B：人數）", "6÷4 = 1.50", set()),
        ("分子／分母\n分子：收入\n分母：人數\n扣除補助", "6÷4 = 1.50", {"W212"}),
        ("A÷B\nA：收入\nB：人數\n每年統計", "6÷4 = 1.50", set()),
        ("分子為收入，分母為人數，再除以補助", "", {"E231"}),
        ("分子為收入，分母為人數，乘以100%", "6÷4×100% = 150.00%", set()),
    ],
)
def test_what_a_legend_says_beside_its_items_is_doubted(
    text: str, calculation: str, codes: set[str]
) -> None:
    found = told(text, "收入 6; 人數 4; 補助 3")
    assert (found.calculation, found.codes) == (calculation, codes)


TABLE = "收入 6; 人數 4"


@pytest.mark.parametrize(
    "text",
    [
        *("A÷B（A為收入；B為人數）", "A÷B（A係指收入；B是指人數）", "A÷B（A代表收入；B代表人數）"),
        *("A÷B（A=收入;B＝人數）", "a÷b（ａ：收入、ｂ：人數）", "Ａ÷Ｂ（A:收入，B:人數）"),
        *("Y÷z（Ｙ：收入、ｚ：人數）", "A1÷B9（A1：收入；B9：人數）"),
        *(
            "A÷B\n註：A：收入\n註：B：人數",
            "A÷B\n備註：A為收入；B為人數",
            "A÷B，其中A：收入；B：人數",
        ),
        *(
            "A÷B，式中:A：收入；B：人數",
            "A÷B。說明：A＝收入，B＝人數",
            "甲÷乙（甲：收入；乙：人數）",
        ),
        *("丙÷丁（丙＝收入；丁為人數）", "戊÷人數（戊：收入）", "A÷B\n• A：收入\n●B：人數"),
        *("A÷B\n・A：收入（元）\nB：人數（單位：人）", "(A)÷(B)（A：收入。B：人數）"),
        *("A÷B【A：收入；B：人數】", "A÷B「A：收入」「B：人數」", "A÷B [A：收入] [B：人數]"),
        *("分子\n收入\n分母\n人數", "分子：收入，分母：人數", "分子為收入；分母為人數"),
        *("以收入為分子、以人數為分母", "以收入做為分子，人數作為分母", "以收入為分子、人數為分母"),
        # labels
        *("收入(A)\n人數(B)\nA÷B", "收入 （Ａ）\n人數 Ｂ\nＡ÷Ｂ", "收入\n(A)\n人數\n(B)\nA/B"),
        *("收入A\n人數Z\nA/Z", "收入Ｗ\n人數Ｙ\nＷ/Ｙ", "收入(元)(A)\n人數(B)(人)\nA/B"),
    ],
)
def test_letters_are_explained_in_many_ways(text: str) -> None:
    found = told(text, TABLE)
    assert (found.calculation, found.codes) == ("6÷4 = 1.50", set())


@pytest.mark.parametrize(
    "text", ["收入X\n人數Y\nX/Y", "收入÷A（A：人數；A：收入）", "A÷B（A人數；B收入）"]
)
def test_letters_that_are_not_explained_are_refused(text: str) -> None:
    assert told(text, TABLE).calculation == ""


@pytest.mark.parametrize(
    "text", ["A÷B（A：收入；B：人數）（扣除補助）", "A÷B（扣除補助）（A：收入；B：人數）"]
)
def test_a_note_beside_the_letters_is_doubted_as_any_other(text: str) -> None:
    found = told(text, TABLE)
    assert (found.calculation, found.codes) == ("6÷4 = 1.50", {"W212"})
