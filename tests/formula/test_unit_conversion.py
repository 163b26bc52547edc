"""Conversions of units that are written into the calculation."""

from __future__ import annotations

import pytest

from tests.factories.formula_table import told

BEDS = "床位數 100 床; 占床率 90 %; 住院數 80 床; 人數 4 人"


@pytest.mark.parametrize(
    ("text", "calculation", "codes"),
    [
        # a bare 100 within a bracket that is a factor
        ("人數×(住院數÷床位數×100)（單位：%）", "4×(80÷100×100%) = 320.00%", {"N201", "W202"}),
        # figures in % as parts of others, on either side of a comparison
        ("床位數×占床率≥住院數", "100×(90÷100) = 90 ≥ 80，達成", set()),
        ("住院數≥床位數×占床率", "80 ≥ 100×(90÷100) = 90，未達成", set()),
        ("床位數×占床率≥80", "100×(90÷100) = 90 ≥ 80，達成", set()),
        # divided by its goal it is no longer in %
        ("占床率÷80", "90÷80 = 1.13", set()),
        ("占床率÷80×100（單位：%）", "90÷80×100% = 112.50%", {"N201"}),
        ("占床率÷4", "90÷4÷100 = 22.50%", set()),  # 4 is a number of sessions
    ],
)
def test_figures_in_percent(text: str, calculation: str, codes: set[str]) -> None:
    found = told(text, BEDS)
    assert (found.calculation, found.codes) == (calculation, codes)
