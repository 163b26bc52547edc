"""One noun for all terms of a sum."""

from __future__ import annotations

import pytest

from reportgen.formula import parse_formula, unparse
from tests.factories.formula_table import told, vocabulary

TABLE = "樹葬件數 3 件; 海葬件數 4 件; 其他環保葬件數 5 件; 總數 24 件; 人數 2 人; 樹葬人數 1 人"


@pytest.mark.parametrize(
    ("text", "calculation"),
    [
        ("（樹葬＋海葬＋其他環保葬件數）÷總數×100%", "(3+4+5)÷24×100% = 50.00%"),
        ("自然葬比率＝（樹葬＋海葬件數＋其他環保葬件數）÷總數×100%", "(3+4+5)÷24×100% = 50.00%"),
        ("樹葬＋海葬件數", "3+4 = 7"),
        ("總數÷(樹葬+海葬件數)≧3", "24÷(3+4) = 3.43 ≥ 3，達成"),
        ("(樹葬+海葬)件數÷總數×100%", "(3+4)÷24×100% = 29.17%"),
        ("總數－（樹葬＋海葬＋其他環保葬） 件數", "24-(3+4+5) = 12"),
    ],
)
def test_a_noun_is_shared_by_the_terms_of_a_sum(text: str, calculation: str) -> None:
    found = told(text, TABLE)
    assert (found.calculation, found.codes) == (calculation, set())


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("（樹葬＋土葬＋海葬件數）÷總數", "E205"),  # there are no 土葬件數
        ("（樹葬－海葬件數）÷總數", "E205"),
        ("樹葬＋海葬件數÷總數", "E205"),  # 海葬件數 is part of a quotient
        ("（樹葬＋海葬）數量÷總數", "E204"),
        ("（樹葬＋人數）÷總數", "E205"),  # 數 alone makes no item of 樹葬
        ("（樹葬件數＋海葬）件數÷總數", "E204"),  # 樹葬件數 is an item itself
        ("（樹葬＋2）件數÷總數", "E204"),
    ],
)
def test_a_noun_is_not_shared_where_another_name_would_be_guessed(text: str, code: str) -> None:
    found = told(text, TABLE)
    assert found.figure == ""
    assert code in found.codes


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("樹葬＋海葬件數", "樹葬件數+海葬件數"),
        ("(男＋女)人數", "男人數+女人數"),
        ("男＋女人數", "男人數+女人數"),
    ],
)
def test_the_names_are_printed_with_their_noun(text: str, read: str) -> None:
    names = vocabulary(f"{TABLE}; 男人數 3 人; 女人數 4 人")
    formula, _ = parse_formula(text, vocabulary=names)
    assert formula is not None
    assert unparse(formula.tree) == read


def test_of_two_nouns_that_would_do_none_is_taken() -> None:
    found = told("公立＋私立學校教師數", "公立教師數 3; 公立學校教師數 4; 私立學校教師數 5")
    assert (found.figure, found.codes) == ("", {"E205"})
