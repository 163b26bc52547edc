"""Brackets behind names: a year, a definition, or neither."""

from __future__ import annotations

import pytest

from tests.factories.formula_table import told

TABLE = "收入 6 去年 5; 補助 3; 人數 4"


@pytest.mark.parametrize(
    ("text", "calculation", "codes"),
    [
        ("收入(上年度)÷人數", "5÷4 = 1.25", set()),
        ("收入（本年度）÷收入（上年度）", "6÷5 = 1.20", set()),
        ("收入(補助+人數)÷人數", "6÷4 = 1.50", {"W210"}),  # 3+4 is another figure
        ("收入(補助+補助)÷人數", "6÷4 = 1.50", set()),
        ("收入(補助+×人數)÷人數", "", {"E204"}),  # no definition: what is it?
        ("收入(補助+×人數)", "6", {"W201"}),
        # an unknown name that a bracket explains keeps its unit
        ("比率(%)\n【收入+補助】÷人數", "(6+3)÷4 = 225.00%", set()),
        ("比率（單位：‰）(收入+補助)÷人數", "(6+3)÷4 = 2,250.00‰", set()),
        ("比率(說明)(收入+補助)÷人數", "(6+3)÷4 = 2.25", set()),
    ],
)
def test_a_bracket_behind_a_name(text: str, calculation: str, codes: set[str]) -> None:
    found = told(text, TABLE)
    assert (found.calculation, found.codes) == (calculation, codes)
