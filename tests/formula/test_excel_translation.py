"""Formulas as spreadsheets write them, and how far their arithmetic may be off."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest

from reportgen.formula import parse_formula
from reportgen.formula.excel_translation import (
    MAX_FORMULA_CHARS,
    CellOperand,
    ExcelFormula,
    FormulaTooLongError,
    to_excel,
)
from reportgen.formula.syntax_tree import Comparison, Expression

CELLS = {
    "甲": CellOperand("E5", "ABS(E5)"),
    "乙": CellOperand("E6", "ABS(E6)"),
    "丙": CellOperand("SUM(E7:E9)", "(ABS(E7)+ABS(E8)+ABS(E9))", parts=3),
}


def tree_of(text: str) -> Expression:
    formula, problems = parse_formula(text)
    assert formula is not None, problems
    assert not isinstance(formula.tree, Comparison)
    return formula.tree


def translated(text: str) -> ExcelFormula:
    return to_excel(tree_of(text), CELLS)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("甲", "E5"),
        ("甲+乙", "E5+E6"),
        ("甲-乙", "E5-E6"),
        ("甲×乙", "E5*E6"),
        ("甲÷乙", "E5/E6"),
        ("甲+丙", "E5+SUM(E7:E9)"),
        ("甲×50%", "E5*50%"),
        ("甲×8‰", "E5*(8/1000)"),
        ("甲×1,234.5", "E5*1234.5"),
        ("-甲", "-E5"),
        ("+甲", "E5"),
        ("-(甲+乙)", "-(E5+E6)"),
        ("甲-(-乙)", "E5-(-E6)"),
        ("甲×(-乙)", "E5*(-E6)"),
        ("甲+(+乙)", "E5+E6"),
        ("甲+乙×丙", "E5+E6*SUM(E7:E9)"),
        ("(甲+乙)×丙", "(E5+E6)*SUM(E7:E9)"),
        ("甲-(乙-丙)", "E5-(E6-SUM(E7:E9))"),
        ("甲-乙-丙", "E5-E6-SUM(E7:E9)"),
        ("甲÷(乙×丙)", "E5/(E6*SUM(E7:E9))"),
        ("甲÷(乙÷丙)", "E5/(E6/SUM(E7:E9))"),
        ("甲÷乙÷丙", "E5/E6/SUM(E7:E9)"),
        ("甲×(乙÷丙)", "E5*(E6/SUM(E7:E9))"),
    ],
)
def test_a_formula_is_written_with_excels_signs(text: str, value: str) -> None:
    assert translated(text).value == value


@pytest.mark.parametrize(
    ("text", "size", "operations"),
    [
        ("甲", "ABS(E5)", 1),
        ("丙", "(ABS(E7)+ABS(E8)+ABS(E9))", 3),
        ("7", "7", 0),
        ("甲×50%", "ABS(E5)*50%", 2),
        ("甲-乙", "ABS(E5)+ABS(E6)", 3),  # what is subtracted adds to the error
        ("甲+乙", "ABS(E5)+ABS(E6)", 3),
        ("-甲", "ABS(E5)", 1),
        ("甲×乙", "ABS(E5)*ABS(E6)", 3),
        ("(甲-乙)×丙", "(ABS(E5)+ABS(E6))*(ABS(E7)+ABS(E8)+ABS(E9))", 7),
        ("甲÷乙", "ABS(E5)/ABS(E6)", 3),
        ("(甲-乙)÷丙", "(ABS(E5)+ABS(E6))/ABS(SUM(E7:E9))", 7),
        ("甲÷(乙×丙)", "ABS(E5)/ABS(E6*SUM(E7:E9))", 7),
        ("甲÷(乙-丙)", "ABS(E5)*(ABS(E6)+(ABS(E7)+ABS(E8)+ABS(E9)))/(E6-SUM(E7:E9))^2", 7),
        ("(甲+乙)÷(甲-乙)", "(ABS(E5)+ABS(E6))*(ABS(E5)+ABS(E6))/(E5-E6)^2", 7),
    ],
)
def test_the_error_grows_with_the_terms_and_their_number(
    text: str, size: str, operations: int
) -> None:
    factor = (6 + operations) * 2.3e-16 + 5.5e-15
    assert translated(text).error_bound == f"{factor:.1E}*({size})"


def test_a_sum_that_is_zero_but_for_its_error_divides_as_zero() -> None:
    bound = translated("乙-丙").error_bound
    assert translated("甲÷(乙-丙)").value == (f"E5/IF(ABS(E6-SUM(E7:E9))<={bound},0,E6-SUM(E7:E9))")
    deep = translated("甲÷((乙-丙)×2)").value
    assert re.fullmatch(r"E5/IF\(ABS\(\(E6-.*\)\*2\)<=.*,0,\(E6-.*\)\*2\)", deep)


def test_a_name_without_a_cell_is_an_error() -> None:
    with pytest.raises(KeyError):
        translated("甲+丁")


def test_what_excel_does_not_take_is_refused() -> None:
    """甲+乙+乙… is as long as Excel takes, or one character longer."""
    size = CellOperand("E" * 3999, "1")
    pair = tree_of("甲+乙")
    cells = {"甲": size, "乙": CellOperand("E" * 4000, "1")}
    assert len(to_excel(pair, cells).value) == MAX_FORMULA_CHARS
    with pytest.raises(FormulaTooLongError):
        to_excel(pair, cells | {"乙": CellOperand("E" * 4001, "1")})
    with pytest.raises(FormulaTooLongError):
        to_excel(pair, {"甲": CellOperand("A1", "1" * 4001), "乙": CellOperand("A2", "1" * 4000)})
    assert Fraction(MAX_FORMULA_CHARS) < 8192
