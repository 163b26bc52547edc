"""Formulas that say by ×100% or ×1000‰ in which unit their figure is."""

from __future__ import annotations

import pytest

from reportgen.formula import parse_formula
from reportgen.formula.rate_signs import stated_sign
from tests.factories.formula_table import told


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("甲÷乙", ""),
        ("甲÷乙×100%", "%"),
        ("100%×甲÷乙", "%"),
        ("甲×100%÷乙", "%"),
        ("甲÷乙×1000‰", "‰"),
        ("甲÷乙×100‰", ""),
        ("甲÷乙×1000%", ""),
        ("甲×60%+乙×40%", ""),
        ("-甲÷乙×100%", "%"),
        ("100%-甲÷乙", "%"),
        ("甲÷乙-100%", "%"),
        ("甲÷乙×100%+丙÷丁", "%"),
        ("丙÷丁+甲÷乙×1000‰", "‰"),
        ("甲÷乙×100%-丙÷丁×1000‰", "%"),  # the first term's
        ("(甲÷乙×100%+丙÷丁×100%)÷2", "%"),
        ("(甲÷乙×100%+丙÷丁×100%)÷戊", ""),
        ("甲×(100%-乙)", ""),
        ("(100%-乙)×甲", ""),
        ("甲÷乙×100% ≥ 丙", "%"),
        ("丙 ≥ 甲÷乙×100%", ""),
    ],
)
def test_the_sign_that_multiplies_the_whole(text: str, sign: str) -> None:
    formula, problems = parse_formula(text)
    assert formula is not None, problems
    assert stated_sign(formula.tree) == sign


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("-(甲/乙×100%)", "-200.00%"),
        ("+(甲÷乙×1000‰)", "2,000.00‰"),
        ("-甲/乙×100%", "-200.00%"),
        ("-甲/乙", "-2"),
    ],
)
def test_a_sign_before_all_of_it_leaves_the_rate(text: str, figure: str) -> None:
    assert told(text, "甲 6 件; 乙 3 件").figure == figure
