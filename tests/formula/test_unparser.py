"""How a calculation is printed: a sign behind an operator stands in brackets."""

from __future__ import annotations

import pytest

from reportgen.formula import substitution, unparse
from tests.factories.formula_table import run, told

FIGURES = "甲 6; 乙 -3; 丙 4; 丁 -2 千元; 戊 6 元"


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("甲-(-乙)", "6-(-(-3)) = 3"),
        ("甲-乙×丙", "6-(-3×4) = 18"),  # not 6--3×4
        ("甲+-丙×甲", "6+(-4×6) = -18"),
        ("甲÷(-丙×甲)", "6÷(-4×6) = -0.25"),
        ("甲-丙-乙×丙", "6-4-(-3×4) = 14"),
        ("戊+丁", "6+(-2×1,000) = -1,994"),
        ("乙×丙-甲", "-3×4-6 = -18"),  # at the beginning it needs none
    ],
)
def test_a_product_that_begins_with_a_sign_stands_in_brackets(text: str, printed: str) -> None:
    assert substitution(run(text, FIGURES)) == printed


def test_so_does_each_member_of_a_sum_over_components() -> None:
    table = "收入/甲類 3; 收入/乙類 2; 倍數 2"
    assert told("(-收入×倍數)加總", table).calculation == "-3×2+(-2×2) = -10"


def test_the_canonical_text_has_the_brackets_too() -> None:
    formula = run("甲+-乙×丙", FIGURES).formula
    assert unparse(formula.tree) == "甲+(-乙×丙)"
