"""Conversions into the unit of a KPI, and those that a formula makes by itself."""

from __future__ import annotations

import pytest

from tests.factories.formula_table import told


@pytest.mark.parametrize(
    ("text", "table", "figure", "codes"),
    [
        # rates: their product, their mean, and one that the formula itself divides by 100
        ("甲×乙（單位：%）", "甲 80 %; 乙 50 %", "40.00%", set()),
        ("甲×乙÷100（單位：%）", "甲 80 %; 乙 50 %", "40.00%", set()),
        ("甲×乙÷100（單位：‰）", "甲 80 ‰; 乙 50 %", "40.00‰", set()),
        ("(甲+乙)÷2（單位：%）", "甲 80 %; 乙 50 %", "65.00%", set()),
        ("甲（單位：‰）", "甲 0.8 %", "8.00‰", set()),
        ("甲（單位：%）", "甲 8 ‰", "0.80%", set()),
        ("甲-乙（單位：百分點）", "甲 80 %; 乙 50 %", "30.00", set()),
    ],
)
def test_a_figure_is_in_the_unit_of_its_kpi(
    text: str, table: str, figure: str, codes: set[str]
) -> None:
    given = told(text, table)
    assert (given.figure, given.codes) == (figure, codes)
