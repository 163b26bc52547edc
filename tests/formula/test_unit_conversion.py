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
        # without a unit: a mean of rates is a rate
        ("甲÷乙", "甲 240 %; 乙 3 場", "80.00%", set()),
        ("甲÷乙÷丙", "甲 240 %; 乙 3 場; 丙 1 件", "0.80", set()),
        # terms of a sum that the formula itself brings into one unit
        ("甲÷乙×100+丙", "甲 12 件; 乙 20 件; 丙 80 %", "140", {"N202"}),
        ("丙+甲÷乙×100", "甲 12 件; 乙 20 件; 丙 80 %", "140", {"N202"}),
        ("甲÷乙×100-丙", "甲 12 件; 乙 20 件; 丙 80 %", "-20", {"N202"}),
        ("(甲÷乙×100-丙)÷丙×100", "甲 12 件; 乙 20 件; 丙 80 %", "-25", {"N202"}),
        ("丙-甲÷乙", "甲 12 件; 乙 20 件; 丙 80 %", "0.20", set()),
        ("乙÷1000+甲", "甲 3 千元; 乙 500 元", "3.50", {"N202"}),
        ("甲+乙÷1000", "甲 3 千元; 乙 500 元", "3.50", {"N202"}),
        ("甲+乙（單位：千元）", "甲 3 千元; 乙 500 元", "3.50", set()),
        ("甲+乙（單位：元）", "甲 3 千元; 乙 500 元", "3,500", set()),
    ],
)
def test_a_figure_is_in_the_unit_of_its_kpi(
    text: str, table: str, figure: str, codes: set[str]
) -> None:
    given = told(text, table)
    assert (given.figure, given.codes) == (figure, codes)
