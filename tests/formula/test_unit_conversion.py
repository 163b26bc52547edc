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
        # a bare 100 that makes a percentage, also in each term of a mean
        ("(甲×100)÷乙（單位：%）", "甲 12 件; 乙 20 件", "60.00%", {"N201"}),
        ("(100×甲)÷乙（單位：%）", "甲 12 件; 乙 20 件", "60.00%", {"N201"}),
        ("((甲-乙)×100)÷乙（單位：%）", "甲 12 件; 乙 20 件", "-40.00%", {"N201"}),
        ("(甲÷乙×100+乙÷甲×100)÷2（單位：%）", "甲 12 件; 乙 20 件", "113.33%", {"N201"}),
        # one that divides the divisor
        ("甲÷(乙÷100)（單位：%）", "甲 12 件; 乙 20 件", "60.00%", {"N201"}),
        ("甲÷(乙÷1000)（單位：‰）", "甲 12 件; 乙 20 件", "600.00‰", {"N201"}),
        ("甲÷(乙×丙÷1000)（單位：‰）", "甲 12 件; 乙 20 件; 丙 2 倍", "300.00‰", {"N201"}),
        ("甲÷(丙×(乙÷100))（單位：%）", "甲 12 件; 乙 20 件; 丙 2 倍", "30.00%", {"N201"}),
        ("甲÷(乙÷10,000)（單位：人/萬人）", "甲 12 人; 乙 20000 人", "6.00", {"N201"}),
        ("甲÷(乙÷10)（單位：%）", "甲 12 件; 乙 2000 件", "6.00%", set()),
        ("甲×100÷(乙÷100)（單位：%）", "甲 12 件; 乙 2000 件", "60.00%", {"N201", "W213"}),
        # weights of 100 together: of scores, which become a hundredfold, and of rates
        ("甲×40+乙×60", "甲 80 分; 乙 90 分", "8,600", {"W217"}),
        ("40×甲+乙×60≥80", "甲 80 分; 乙 90 分", "8,600（達成）", {"W217"}),
        ("(甲×40+乙×60)÷100", "甲 80 分; 乙 90 分", "86", set()),
        ("甲×40+乙×50", "甲 80 分; 乙 90 分", "7,700", set()),
        ("甲×40+乙×60", "甲 80 %; 乙 90 %", "8,600.00%", {"W215"}),
        ("甲×40+乙×60（單位：分）", "甲 80 %; 乙 90 %", "8,600", {"W202"}),
        ("甲÷乙×40+乙÷甲×60", "甲 80 分; 乙 80 分", "100", set()),
        # two conversions, of which the formula makes both, none, or one
        ("甲×1000÷(乙÷1000)（單位：元/千人）", "甲 6 千元; 乙 2000 人", "3,000", {"N202"}),
        ("甲÷乙（單位：元/千人）", "甲 6 千元; 乙 2000 人", "3,000", set()),
        ("甲×1000÷乙（單位：元/千人）", "甲 6 千元; 乙 2000 人", "3", {"W202"}),
        ("甲÷(乙÷1000)（單位：元/千人）", "甲 6 千元; 乙 2000 人", "3", {"W202"}),
        ("甲÷乙×100000（單位：件/萬人）", "甲 6 件; 乙 20000 人", "30", {"W202"}),
        ("甲÷乙×10000（單位：件/十萬人）", "甲 6 件; 乙 20000 人", "3", {"W202"}),
        # the factor of another rate than the unit's
        ("甲÷乙×100（單位：‰）", "甲 6 件; 乙 2000 件", "300.00‰", {"W213"}),
        ("甲÷乙×1000（單位：%）", "甲 6 件; 乙 2000 件", "300.00%", {"W213"}),
        ("甲÷乙×100×100（單位：%）", "甲 6 件; 乙 2000 件", "30.00%", {"N201", "W213"}),
        ("甲÷乙×1000÷1000（單位：%）", "甲 6 件; 乙 2000 件", "0.30%", set()),
        ("甲×1000÷乙（單位：%）", "甲 6 千元; 乙 20000 元", "30.00%", {"N202"}),
        # a whole of another scale than its part
        ("1-甲÷乙×100", "甲 6 件; 乙 20 件", "-29", {"W218"}),
        ("甲÷乙×100-1", "甲 6 件; 乙 20 件", "29", {"W218"}),
        ("100-甲÷乙", "甲 6 件; 乙 20 件", "99.70", {"W217"}),
        ("1-甲÷乙", "甲 6 件; 乙 20 件", "0.70", set()),
        ("1-(甲+乙)÷丙×100", "甲 6 件; 乙 20 人; 丙 2 人", "-1,299", {"W202"}),
        ("100-甲÷乙×100", "甲 6 件; 乙 20 件", "70", set()),
        ("1-甲÷乙×100%", "甲 6 件; 乙 20 件", "70.00%", set()),
        ("100-甲÷乙×20", "甲 6 件; 乙 20 件", "94", set()),  # marks that are taken off
        ("100-甲÷乙", "甲 6 日; 乙 20 件", "99.70", set()),
        ("100-甲÷2", "甲 6 件", "97", set()),
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


DEATHS = "死亡數 3 人; 人口 60000 人; 每十萬人口死亡數 3 人"


@pytest.mark.parametrize(
    ("text", "figure", "codes"),
    [
        ("每十萬人口死亡率=死亡數÷人口", "0.00", {"W214"}),
        ("每十萬人口死亡率=死亡數÷人口×100000", "5", set()),
        ("每十萬人口死亡率=死亡數÷人口（單位：人/十萬人）", "5", set()),
        ("每十萬人口死亡率=每十萬人口死亡數÷人口", "0.00", set()),
        ("每十萬人口死亡數=死亡數", "3", set()),
    ],
)
def test_a_rate_per_many_needs_its_factor(text: str, figure: str, codes: set[str]) -> None:
    given = told(text, DEATHS)
    assert (given.figure, given.codes) == (figure, codes)


@pytest.mark.parametrize(
    ("text", "calculation"),
    [
        ("床位數×占床率÷100", "500×80÷100 = 400"),
        ("床位數×占床率×365÷100", "500×80×365÷100 = 146,000"),
        ("占床率×床位數/100-住院數", "80×500÷100-3 = 397"),
        ("床位數×占床率÷100+床位數×占床率÷100", "500×80÷100+500×80÷100 = 800"),
    ],
)
def test_a_formula_that_divides_a_rate_by_100_is_told_once(text: str, calculation: str) -> None:
    given = told(text, "床位數 500 床; 占床率 80 %; 住院數 3 床")
    assert given.calculation == calculation
    assert [problem.code for problem in given.problems] == ["N202"]


def test_a_mean_that_is_converted_is_told() -> None:
    given = told("甲/乙（單位：元）", "甲 5 千元; 乙 2 人")
    assert (given.figure, given.codes) == ("2,500", {"N203"})


@pytest.mark.parametrize(("count", "figure"), [(50, "50"), (51, "")])
def test_a_list_in_words_has_so_many_members_and_no_more(count: int, figure: str) -> None:
    names = [f"項目{chr(ord('一') + 7 * number)}" for number in range(count)]
    table = "; ".join(f"{name} 1 件" for name in names)
    assert told(f"{'、'.join(names)}之合計", table).figure == figure
