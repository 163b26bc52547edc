"""One cell, one formula: a second formula and a second comparison are refused."""

from __future__ import annotations

import pytest

from tests.factories.formula_table import told

TABLE = "收入 6; 補助 3; 人數 4"


@pytest.mark.parametrize(
    "text",
    ["收入÷補助\nA：人數\n補助÷收入", "收入÷補助；A：人數；補助÷收入"],
)
def test_two_formulas_beside_definitions_are_refused(text: str) -> None:
    (problem,) = told(text, TABLE).problems
    assert (problem.code, dict(problem.fields)["found"]) == ("E228", "補助÷收入")
    assert problem.where.column == text.rindex("補助÷收入") + 1


@pytest.mark.parametrize("threshold", ["達80%以上", "應達3", "80以上"])
def test_a_comparison_has_no_second_threshold(threshold: str) -> None:
    (problem,) = told(f"收入≥補助，{threshold}", TABLE).problems
    assert (problem.code, dict(problem.fields)["found"]) == ("E212", threshold)
