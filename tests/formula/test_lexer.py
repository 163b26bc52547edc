"""Where names, numbers and words end."""

from __future__ import annotations

import pytest

from tests.factories.formula_table import told

TABLE = "收入 6; 人數 4; 補助 3"


def test_a_number_is_a_number_though_an_item_is_called_so() -> None:
    assert told("收入÷100", f"{TABLE}; 100 7").calculation == "6÷100 = 0.06"


@pytest.mark.parametrize(
    ("power", "calculation", "codes"),
    [
        ("10^3", "6÷1,000 = 0.01", set()),
        ("10^15", "6÷1,000,000,000,000,000 = 0.00", set()),
        ("10^16", "", {"E216"}),  # beyond the limit it is no number
    ],
)
def test_powers_have_a_limit(power: str, calculation: str, codes: set[str]) -> None:
    found = told(f"收入÷{power}", TABLE)
    assert (found.calculation, found.codes) == (calculation, codes)


@pytest.mark.parametrize("word", ["除以", "乘", "加"])
def test_a_word_without_an_operand_behind_it_is_no_operator(word: str) -> None:
    (problem,) = told(f"收入{word}", TABLE).problems
    assert (problem.code, dict(problem.fields)["found"]) == ("E217", f"收入{word}")


@pytest.mark.parametrize(
    ("text", "figure", "codes"),
    [
        ("收入÷人數×100，80以下", "150（未達成）", set()),
        ("收入÷人數×100%，80%以下", "150.00%（未達成）", set()),
        ("收入÷人數×1，00", "", {"E216"}),  # a comma out of place
        ("收入÷人數×1,00", "", {"E209"}),
    ],
)
def test_a_full_width_comma_behind_a_number_begins_a_clause(
    text: str, figure: str, codes: set[str]
) -> None:
    found = told(text, TABLE)
    assert (found.figure, found.codes) == (figure, codes)


@pytest.mark.parametrize(
    ("text", "calculation", "codes"),
    [
        ("上年度破獲數÷人數", "2÷4 = 0.50", set()),  # of the item 本年度破獲數
        ("上年度破獲數量÷人數", "", {"E205"}),  # no item goes on so
        ("上年度破獲率÷人數", "", {"E205"}),
        ("人數÷上年度", "", {"E205"}),  # nothing goes on
    ],
)
def test_a_year_replaces_that_in_an_items_name(
    text: str, calculation: str, codes: set[str]
) -> None:
    found = told(text, "本年度破獲數 3 件 去年 2; 本年度破獲 9 件 去年 8; 人數 4 人")
    assert (found.calculation, found.codes) == (calculation, codes)


def test_a_year_alone_is_no_figure_though_an_item_is_called_so() -> None:
    assert told("人數÷上年度", "本年度 3 去年 2; 人數 4").codes == {"E205"}


def test_a_number_has_forty_digits_at_most_whatever_follows_it() -> None:
    most = "1" * 40
    assert told(f"收入÷{most}", TABLE).calculation.startswith(f"6÷{most} = ")
    assert told(f"收入÷{most}1", TABLE).codes == {"E218"}
    assert told(f"收入÷{most}萬", TABLE).calculation.startswith(f"6÷{int(most) * 10**4:,} = ")
    assert told(f"收入÷{most}1萬", TABLE).codes == {"E217"}
