"""Where the expression stands in a text, and what is refused beside it."""

from __future__ import annotations

import pytest

from tests.factories.formula_table import told

TABLE = "件數 6; 收入 5; 人數 4; 補助 3"


@pytest.mark.parametrize("text", ["件數/件數(女)", "人數÷件數÷件數(女)", "件數(女)+件數"])
def test_one_item_twice_must_not_be_told_apart_by_a_bracket_alone(text: str) -> None:
    (problem,) = told(text, TABLE).problems
    assert (problem.code, dict(problem.fields)["found"]) == ("E225", "件數")


@pytest.mark.parametrize("text", ["件數=4", "件數＝4件", "件數 = 4 件"])
def test_an_item_with_a_number_alone_is_no_formula(text: str) -> None:
    (problem,) = told(text, TABLE).problems
    assert (problem.code, problem.where.column) == ("E212", text.index("4") + 1)


@pytest.mark.parametrize(
    ("chain", "figure", "codes"),
    [
        ("=125%", "1.25", set()),
        ("=？%", "1.25", set()),  # a gap to fill in, as an example
        ("=(5÷", "1.25", set()),
        ("=？×補助", "", {"E216"}),  # it names an item, so it is no example
        ("=(補助", "", {"E208"}),
    ],
)
def test_behind_another_equals_stands_an_example_or_a_calculation(
    chain: str, figure: str, codes: set[str]
) -> None:
    found = told(f"執行率=收入÷人數{chain}", TABLE, "執行率")
    assert (found.figure, found.codes) == (figure, codes)
