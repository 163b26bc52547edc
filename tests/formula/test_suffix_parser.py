"""What stands behind a formula: its unit is found wherever it is stated."""

from __future__ import annotations

import pytest

from tests.factories.formula_table import told

FIGURES = "甲 12 件; 乙 20 件"


@pytest.mark.parametrize(
    ("behind", "figure"),
    [
        ("（單位：%）", "60.00%"),
        ("，四捨五入至小數點第1位（單位：%）", "60.0%"),
        ("（單位：%），四捨五入至小數點第1位", "60.0%"),
        ("（四捨五入至小數點第1位）（單位：%）", "60.0%"),
        ("。四捨五入至小數點第1位（單位：%）", "60.0%"),
        ("\n四捨五入至小數點第1位（單位：%）", "60.0%"),
        ("，四捨五入至小數點第1位，單位：%", "60.0%"),
        ("，四捨五入至小數點第1位 單位：%", "60.0%"),
        ("，以年底為準（單位：%）", "60.00%"),
        ("，以年底為準，計量單位：%", "60.00%"),
        (" 註：以年底為準（單位：%）", "60.00%"),
        (" 註：以年底（12月）為準[衡量單位：%]", "60.00%"),
        (" ※年底之數（單位：%）", "60.00%"),
        # Words about units that state none.
        (" 註：單位：%", "0.60"),
        (" 註：各單位：依規定填報", "0.60"),
        ("，四捨五入至小數點第1位", "0.6"),
    ],
)
def test_a_unit_behind_a_remark_is_the_unit(behind: str, figure: str) -> None:
    given = told(f"甲/乙{behind}", FIGURES)
    assert (given.figure, given.codes) == (figure, set())


@pytest.mark.parametrize("behind", ["，每年統計一次（單位：%）", "，每年統計一次，單位：%"])
def test_a_unit_behind_words_that_nothing_reads_is_the_unit(behind: str) -> None:
    given = told(f"甲/乙{behind}", FIGURES)
    assert (given.figure, given.codes) == ("60.00%", {"W201"})
    (problem,) = given.problems
    assert dict(problem.fields)["found"].startswith("每年統計一次")


@pytest.mark.parametrize(
    ("behind", "calculation", "codes"),
    [
        ("達80%以上", "60.00% ≥ 80%，未達成", set()),
        ("達50%以上（單位：%）", "60.00% ≥ 50%，達成", set()),
        ("達50%以上 單位：%", "60.00% ≥ 50%，達成", set()),
        ("達50%以上(含)", "60.00% ≥ 50%，達成", set()),
        ("達50%以上(年底)", "60.00% ≥ 50%，達成", set()),
        ("達1,000%以上", "60.00% ≥ 1,000%，未達成", set()),
        ("達50%以上\n註：年底", "60.00% ≥ 50%，達成", set()),
        ("達50%以上。年底統計", "60.00% ≥ 50%，達成", {"W201"}),
        ("達50%以上；年底統計", "60.00% ≥ 50%，達成", {"W201"}),
        ("達50%以上，年底統計", "60.00% ≥ 50%，達成", {"W201"}),
    ],
)
def test_a_threshold_in_words_ends_where_the_next_words_begin(
    behind: str, calculation: str, codes: set[str]
) -> None:
    given = told(f"甲/乙{behind}", FIGURES)
    assert (given.calculation, given.codes) == (f"12÷20 = {calculation}", codes)


@pytest.mark.parametrize(
    ("behind", "figure"),
    [("%", "60.00%"), ("%。", "60.00%"), ("‰", "600.00‰"), ("%乙", ""), ("%人", "")],
)
def test_a_sign_at_the_very_end_is_kept(behind: str, figure: str) -> None:
    given = told(f"甲/乙{behind}", FIGURES)
    assert (given.figure, given.codes) == (figure, set() if figure else {"E215"})


SCHOOL = "收入 6; 補助 3; 人數 4"


@pytest.mark.parametrize(
    "text",
    [
        *("收入※年底數÷人數", "收入 ※年底數÷人數", "收入※123÷人數", "收入※註 除以人數"),
        *("收入÷人數※註×100%", "收入※年底+人數", "收入※÷人數×補助※年底數×補助"),
    ],
)
def test_a_footnotes_mark_hides_no_calculation(text: str) -> None:
    """What stands behind the mark was printed, and not calculated, without a word."""
    assert told(text, SCHOOL).codes & {"E216", "E217"}


@pytest.mark.parametrize(
    "note",
    ["※年底數", "※補助÷人數", "※補助＝收入-3", "※105/12/31", "※甲+級", "※比率×權重", "※ 說明"],
)
def test_a_footnote_may_name_another_calculation(note: str) -> None:
    for text in (f"收入÷人數{note}", f"收入÷人數 {note}", f"收入÷人數\n{note}"):
        assert told(text, SCHOOL).calculation == "6÷4 = 1.50", text
