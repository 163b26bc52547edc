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


@pytest.mark.parametrize(
    "text",
    [
        *("總所得除以人數", "總所得 除以人數", "總所得並 除以人數", "總所得乘以人數"),
        *("總所得除以「人數」", "總所得占「人數」之比率", "總所得減\n人數", "總所得加\n人數"),
        *("總所得乘上「人數」×100%", "總所得除以戶數為人數", "總所得扣除\n人數"),
    ],
)
def test_an_unknown_name_that_is_calculated_with_is_no_caption(text: str) -> None:
    """人數 alone would be printed, without a word about 總所得."""
    found = told(text, TABLE)
    assert found.calculation == ""
    assert found.codes in ({"E204"}, {"E217"})


@pytest.mark.parametrize(
    "caption", ["淨增加\n", "追加＝", "所得除以戶數＝", "扣除退件後之比率＝", "加班補助占比："]
)
def test_a_caption_may_speak_of_a_calculation(caption: str) -> None:
    assert told(f"{caption}收入÷人數", TABLE).calculation == "5÷4 = 1.25"
