"""The language by examples: formula, figures, calculation as printed."""

from __future__ import annotations

import pytest

from reportgen.formula import parse_formula, substitution, unparse
from reportgen.formula.parse_errors import MAX_DEPTH, MAX_OPERATORS
from tests.factories.formula_table import run, told, vocabulary

COUNTS = "甲 6; 乙 3; 丙 4; 丁 -2"

ARITHMETIC = [
    # each operator in each width
    ("甲+乙", "6+3 = 9"),
    ("甲＋乙", "6+3 = 9"),
    ("甲﹢乙", "6+3 = 9"),
    ("甲-乙", "6-3 = 3"),
    ("甲－乙", "6-3 = 3"),
    ("甲−乙", "6-3 = 3"),
    ("甲–乙", "6-3 = 3"),
    ("甲*乙", "6×3 = 18"),
    ("甲＊乙", "6×3 = 18"),
    ("甲×乙", "6×3 = 18"),
    ("甲/乙", "6÷3 = 2"),
    ("甲／乙", "6÷3 = 2"),
    ("甲÷乙", "6÷3 = 2"),
    ("甲∕乙", "6÷3 = 2"),
    # brackets in each width and shape, mixed widths too
    ("(甲+乙)/丙", "(6+3)÷4 = 2.25"),
    ("（甲+乙）/丙", "(6+3)÷4 = 2.25"),
    ("(甲+乙）/丙", "(6+3)÷4 = 2.25"),
    ("[甲+乙]/丙", "(6+3)÷4 = 2.25"),
    ("〔甲＋乙〕÷丙", "(6+3)÷4 = 2.25"),
    ("{[(甲)]}", "6"),
    ("((甲))/(乙)", "6÷3 = 2"),
    # precedence and association
    ("甲+乙*丙", "6+3×4 = 18"),
    ("甲*乙+丙", "6×3+4 = 22"),
    ("甲-乙-丙", "6-3-4 = -1"),
    ("甲-(乙-丙)", "6-(3-4) = 7"),
    ("甲/乙/丙", "6÷3÷4 = 0.50"),
    ("甲/(乙/丙)", "6÷(3÷4) = 8"),
    ("甲/乙*丙", "6÷3×4 = 8"),
    ("甲/(乙*丙)", "6÷(3×4) = 0.50"),
    ("-甲+乙", "-6+3 = -3"),
    ("-甲*乙", "-6×3 = -18"),
    ("甲*-乙", "6×(-3) = -18"),
    ("甲--乙", "6-(-3) = 9"),
    ("＋甲", "+6 = 6"),
    ("-(甲+乙)", "-(6+3) = -9"),
    # figures below zero are held together
    ("甲-丁", "6-(-2) = 8"),
    ("丁×丁", "-2×(-2) = 4"),
    ("-丁", "-(-2) = 2"),
    # numbers in each width
    ("甲*12", "6×12 = 72"),
    ("甲*１２", "6×12 = 72"),
    ("甲*0.5", "6×0.5 = 3"),
    ("甲*０．５", "6×0.5 = 3"),
    ("甲*1,234", "6×1,234 = 7,404"),
    ("甲*１，２３４．５", "6×1,234.5 = 7,407"),
    ("甲*1234567", "6×1234567 = 7,407,402"),
    ("甲*50%", "6×50% = 3"),
    ("甲*５０％", "6×50% = 3"),
    ("甲*50 ﹪", "6×50% = 3"),
    ("甲*12.5%", "6×12.5% = 0.75"),
    # a full stop, white space and line breaks
    ("甲+乙。", "6+3 = 9"),
    ("甲+乙．", "6+3 = 9"),
    (" 甲 +\n乙\u3000 ", "6+3 = 9"),
    ("甲\u200b+乙", "6+3 = 9"),
    # nothing but a figure
    ("甲", "6"),
    ("7", "7"),
    ("(甲)", "6"),
]


@pytest.mark.parametrize(("text", "printed"), ARITHMETIC)
def test_arithmetic(text: str, printed: str) -> None:
    outcome = run(text, COUNTS)
    assert substitution(outcome) == printed
    assert outcome.problems == ()


SHARES = [
    # every way to write a percentage prints the same figure
    ("甲/乙(單位：%)", "17÷160 = 10.63%", ()),
    ("甲/乙×100%(單位：%)", "17÷160×100% = 10.63%", ()),
    ("甲/乙*100%。(單位：%)", "17÷160×100% = 10.63%", ()),
    ("甲／乙＊１００％（單位：％）", "17÷160×100% = 10.63%", ()),
    ("100%×甲/乙(單位:%)", "100%×17÷160 = 10.63%", ()),
    ("甲/乙×100(單位：%)", "17÷160×100% = 10.63%", ("N201",)),
    ("甲×100/乙(單位：%)", "17×100%÷160 = 10.63%", ("N201",)),
    ("100×甲/乙(單位：%)", "100%×17÷160 = 10.63%", ("N201",)),
    ("100×(甲/乙)(單位：%)", "100%×(17÷160) = 10.63%", ("N201",)),
    ("(甲/乙)*100(單位：百分比)", "17÷160×100% = 10.63 百分比", ("N201",)),
    # not a conversion: it divides
    ("甲/(乙×100)(單位：%)", "17÷(160×100) = 0.11%", ()),
    # terms of a sum
    ("甲/乙×100-100(單位：%)", "17÷160×100%-100% = -89.38%", ("N201",)),
    ("甲/乙×100-乙/甲×100(單位：%)", "17÷160×100%-160÷17×100% = -930.55%", ("N201",)),
    ("(乙-甲)/甲×100%(單位：%)", "(160-17)÷17×100% = 841.18%", ()),
    ("1-甲/乙(單位：%)", "1-17÷160 = 89.38%", ()),
    # without the unit % a number is a number
    ("甲/乙×100", "17÷160×100 = 10.63", ()),
    ("甲/乙", "17÷160 = 0.11", ()),
]


@pytest.mark.parametrize(("text", "printed", "codes"), SHARES)
def test_shares(text: str, printed: str, codes: tuple[str, ...]) -> None:
    outcome = run(text, "甲 17 校; 乙 160 校")
    assert substitution(outcome) == printed
    assert tuple(problem.code for problem in outcome.problems) == codes


COMPARISONS = [
    ("甲/乙≥90%(單位：%)", "18÷20 = 90.00% ≥ 90%，達成"),
    ("甲/乙≧90%(單位：%)", "18÷20 = 90.00% ≥ 90%，達成"),
    ("甲/乙>=90%(單位：%)", "18÷20 = 90.00% ≥ 90%，達成"),
    ("甲/乙> =90%(單位：%)", "18÷20 = 90.00% ≥ 90%，達成"),
    ("甲/乙＞＝90%(單位：%)", "18÷20 = 90.00% ≥ 90%，達成"),
    ("甲/乙>90%(單位：%)", "18÷20 = 90.00% > 90%，未達成"),
    ("甲/乙＞90%(單位：%)", "18÷20 = 90.00% > 90%，未達成"),
    ("甲/乙≤90%(單位：%)", "18÷20 = 90.00% ≤ 90%，達成"),
    ("甲/乙≦90%(單位：%)", "18÷20 = 90.00% ≤ 90%，達成"),
    ("甲/乙<=90%(單位：%)", "18÷20 = 90.00% ≤ 90%，達成"),
    ("甲/乙＜90%(單位：%)", "18÷20 = 90.00% < 90%，未達成"),
    ("甲/乙<90%(單位：%)", "18÷20 = 90.00% < 90%，未達成"),
    ("甲/乙=90%(單位：%)", "18÷20 = 90.00% = 90%，達成"),
    ("甲/乙＝90%(單位：%)", "18÷20 = 90.00% = 90%，達成"),
    # a bare threshold is in the unit
    ("甲/乙×100%≥90(單位：%)", "18÷20×100% = 90.00% ≥ 90%，達成"),
    ("甲/乙≥80+10(單位：%)", "18÷20 = 90.00% ≥ (80+10)×1%，達成"),
    ("甲≥18(單位：件)", "18 件 ≥ 18，達成"),
    # both sides calculated
    ("甲 ≥ 乙×95%(單位：件)", "18 件 ≥ 20×95% = 19 件，未達成"),
    ("甲+乙 ≥ 乙", "18+20 = 38 ≥ 20，達成"),
]


@pytest.mark.parametrize(("text", "printed"), COMPARISONS)
def test_comparisons(text: str, printed: str) -> None:
    outcome = run(text, "甲 18 件; 乙 20 件")
    assert substitution(outcome) == printed
    assert outcome.problems == ()


def test_a_comparison_is_exact_not_rounded() -> None:
    outcome = run("甲/乙≥90%(單位：%)", "甲 89999 件; 乙 100000 件")
    assert substitution(outcome) == "89,999÷100,000 = 90.00% ≥ 90%，未達成"


def test_a_bare_hundred_and_a_bare_threshold() -> None:
    outcome = run("甲/乙×100≥90(單位：%)", "甲 19 件; 乙 20 件")
    assert substitution(outcome) == "19÷20×100% = 95.00% ≥ 90%，達成"


UNITS = [
    # formula, figures, printed
    ("經費/人數(單位：千元/人)", "經費 50000 元; 人數 2 人", "50,000÷2÷1,000 = 25 千元/人"),
    ("經費/人數(單位：千元/人)", "經費 5000 千元; 人數 200 人", "5,000÷200 = 25 千元/人"),
    ("經費/人數(單位：元/人)", "經費 5 千元; 人數 8 人", "5÷8×1,000 = 625 元/人"),
    ("經費/人數(單位：元/每人)", "經費 5 仟元; 人數 8 人", "5÷8×1,000 = 625 元/每人"),
    ("經費/人數(單位：千元／人)", "經費 5 百萬元; 人數 8 人", "5÷8×1,000 = 625 千元/人"),
    ("經費/人數(單位：萬元/人)", "經費 3 億元; 人數 8 千人", "3÷8×10 = 3.75 萬元/人"),
    # worked out by hand: 2 公斤 a head is 20,000 公斤 for 10,000 heads
    ("垃圾量/人口(單位：公斤/萬人)", "垃圾量 6 公斤; 人口 3 人", "6÷3×10,000 = 20,000 公斤/萬人"),
    ("垃圾量/人口數(單位：公斤/萬人)", "垃圾量 5 公斤; 人口數 2 萬人", "5÷2 = 2.50 公斤/萬人"),
    ("案件/人口(單位：件/十萬人)", "案件 3 件; 人口 60000 人", "3÷60,000×100,000 = 5 件/十萬人"),
    ("案件/人口(單位：件/10萬人)", "案件 3 件; 人口 60000 人", "3÷60,000×100,000 = 5 件/10萬人"),
    ("案件/人口(單位：件/1,000人)", "案件 3 件; 人口 6 百人", "3÷6×10 = 5 件/1,000人"),
    ("死亡/人口(單位：人/十萬人)", "死亡 3 人; 人口 60000 人", "3÷60,000×100,000 = 5 人/十萬人"),
    ("經費(單位：千萬元)", "經費 250 百萬元", "250÷10 = 25 千萬元"),
    ("經費(單位：億元)", "經費 25000000 新臺幣元", "25,000,000÷100,000,000 = 0.25 億元"),
    ("經費(單位：元)", "經費 3 十萬元", "3×100,000 = 300,000 元"),
    ("人次(單位：百人次)", "人次 250 人次", "250÷100 = 2.50 百人次"),
    ("甲+乙(單位：千元)", "甲 5 千元; 乙 200 元", "(5×1,000+200)÷1,000 = 5.20 千元"),
    ("甲/乙(單位：%)", "甲 5 千元; 乙 20000 元", "5÷20,000×1,000 = 25.00%"),
    ("甲(單位：%)", "甲 85 %", "85÷100 = 85.00%"),
    ("(甲+乙)/2(單位：%)", "甲 85 %; 乙 90 %", "(85+90)÷2÷100 = 87.50%"),
    ("甲/乙(單位：倍)", "甲 5 人; 乙 2 人", "5÷2 = 2.50 倍"),
    ("甲(單位：類別數)", "甲 9 類別", "9 類別數"),
    ("甲(單位：家數)", "甲 9 家", "9 家數"),
    ("甲(單位：人次)", "甲 1234 人次", "1,234 人次"),
    # a scale is a scale only before a unit that stands on its own
    ("甲(單位：萬用卡)", "甲 9 萬用卡", "9 萬用卡"),
    ("甲(單位：十字路口)", "甲 9 十字路口", "9 十字路口"),
    ("甲(單位：千禧蟲)", "甲 9 千禧蟲", "9 千禧蟲"),
    ("甲(單位：百分點)", "甲 9 百分點", "9÷100 = 9.00 百分點"),
    # …or before one that an input uses
    ("甲(單位：千疫苗)", "甲 9000 疫苗", "9,000÷1,000 = 9 千疫苗"),
    # no unit stated: as the figures are
    ("甲/乙", "甲 5 千元; 乙 2 人", "5÷2 = 2.50"),
    ("甲 ≥ 乙", "甲 5 千元; 乙 4000 元", "5×1,000 = 5,000 ≥ 4,000，達成"),
    ("甲 ≥ 90%", "甲 85 %", "85÷100 = 85.00% ≥ 90%，未達成"),
    ("經費/人數 ≥ 20(單位：千元/人)", "經費 50000 元; 人數 2 人",
     "50,000÷2÷1,000 = 25 千元/人 ≥ 20，達成"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "table", "printed"), UNITS)
def test_units_are_arithmetic(text: str, table: str, printed: str) -> None:
    outcome = run(text, table)
    assert substitution(outcome) == printed
    assert outcome.problems == ()


def test_components_in_different_units_are_brought_to_the_base() -> None:
    text = "經費(以上各數均含原預算及追加)(單位：千元)"
    outcome = run(text, "經費/原預算 5 千元; 經費/追加 200 元")
    assert substitution(outcome) == "(5×1,000+200)÷1,000 = 5.20 千元"


@pytest.mark.parametrize(
    ("text", "calculation"),
    [
        ("Σ(甲×乙)", "5×1+2×3 = 11"),
        ("Σ(甲×Σ(乙))", "5×(1+3)+2×(1+3) = 28"),  # 乙 of each 甲 was taken, 11
        ("Σ(Σ(甲)×乙)", "(5+2)×1+(5+2)×3 = 28"),
        ("Σ(Σ(甲×乙)×甲)", "(5×1+2×3)×5+(5×1+2×3)×2 = 77"),
        ("ΣΣΣΣΣΣΣΣΣΣΣΣΣΣΣΣΣΣΣΣ(丙+甲×乙)", "8+5×1+(8+2×3) = 27"),  # each doubled the sum's length
    ],
)
def test_a_sum_within_a_sum_is_one_figure(text: str, calculation: str) -> None:
    table = "甲/子 5 件; 甲/丑 2 件; 乙/子 1; 乙/丑 3; 丙 8 件"
    assert told(text, table).calculation == calculation


DOUBTFUL_UNITS = [
    ("甲/乙(單位：公斤/萬人)", "甲 5 公噸; 乙 2 人", "5÷2 = 2.50 公斤/萬人",
     "W202", "公噸/人", "公斤/萬人"),
    ("甲(單位：人次)", "甲 5 人", "5 人次", "W202", "人", "人次"),
    ("甲+乙", "甲 5 千元; 乙 2 人", "5+2 = 7", "W202", "元", "人"),
    ("甲≥乙", "甲 5 千元; 乙 2 人", "5 ≥ 2，達成", "W202", "元", "人"),
    ("甲/乙(單位：%)", "甲 5 元; 乙 2 人", "5÷2 = 250.00%", "W202", "元/人", "%"),
    ("甲/乙(單位：千元/人)", "甲 5000; 乙 2 人", "5,000÷2 = 2,500 千元/人", "W203", "甲", None),
    ("甲/乙*10000(單位：公斤/萬人)", "甲 5 公斤; 乙 2 人", "5÷2×10000 = 25,000 公斤/萬人",
     "N202", "10,000", None),
    ("甲/1000/乙(單位：千元/人)", "甲 5000 元; 乙 2 人", "5,000÷1000÷2 = 2.50 千元/人",
     "N202", "0.001", None),
    ("甲≥0.9(單位：%)", "甲 85 %", "85÷100 = 85.00% ≥ 0.9%，達成", "W204", "0.9", None),
    ("甲/乙×60+丙×40%", "甲 8 件; 乙 10 件; 丙 80 %", "8÷10×60+80×40%÷100 = 48.32",
     "W218", "丙", None),
    ("甲/乙×100×丙", "甲 8 件; 乙 10 件; 丙 80 %", "8÷10×100×80 = 6,400", "W218", "丙", None),
    ("2-丙", "丙 80 %", "(2-80)÷100 = -78.00%", "W219", "2", None),
    ("5-2×丙", "丙 2 ‰", "(5-2×2)÷1,000 = 1.00‰", "W219", "5", None),
]  # fmt: skip


@pytest.mark.parametrize("case", DOUBTFUL_UNITS, ids=lambda case: f"{case[0]}-{case[1]}")
def test_doubtful_units_are_said(case: tuple[str, str, str, str, str, str | None]) -> None:
    text, table, printed, code, found, stated = case
    outcome = run(text, table)
    assert substitution(outcome) == printed
    (problem,) = outcome.problems
    assert problem.code == code
    fields = dict(problem.fields)
    assert fields["found"] == found
    assert fields.get("stated") == stated


def test_a_quotient_of_scales_without_a_unit_is_converted_and_says_so() -> None:
    outcome = run("甲/乙", "甲 5 千元; 乙 20000 元")
    assert substitution(outcome) == "5÷20,000×1,000 = 0.25"
    assert [problem.code for problem in outcome.problems] == ["N203"]


def test_a_share_without_a_unit_is_doubted_twice() -> None:
    outcome = run("甲(單位：%)", "甲 85")
    assert substitution(outcome) == "85 = 8,500.00%"
    assert [problem.code for problem in outcome.problems] == ["W203", "W215"]


BEDS = "床位數 100 床; 占床率 90 %; 住院數 80 床; 人數 4 人"


@pytest.mark.parametrize(
    ("text", "calculation", "codes"),
    [
        # a bare 100 within a bracket that is a factor
        ("人數×(住院數÷床位數×100)（單位：%）", "4×(80÷100×100%) = 320.00%", {"N201", "W202"}),
        ("-(住院數÷床位數×100)（單位：%）", "-(80÷100×100%) = -80.00%", {"N201"}),
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
def test_figures_in_percent_as_parts_of_others(
    text: str, calculation: str, codes: set[str]
) -> None:
    found = told(text, BEDS)
    assert (found.calculation, found.codes) == (calculation, codes)


WEIGHTED_AND_MARKED = [
    ("(丙×40+丁×60)/100", "丙 80 %; 丁 90 %", "86.00%"),
    ("丙×(40/100)", "丙 80 %", "32.00%"),
    ("(甲+乙+丙)÷52", "甲 80 %; 乙 85 %; 丙 90 %", "4.90%"),
    ("(甲/乙×100-丙)/丙×100", "甲 8 件; 乙 10 件; 丙 80 %", "0"),
    ("(甲/乙×100%-丙)/丙×100", "甲 8 件; 乙 10 件; 丙 80 %", "0"),
    ("乙÷1000-甲÷1000", "乙 2400 元; 甲 3 千元", "-0.60"),
    ("甲/丙達2千元", "甲 3000000 元; 丙 2000 人", "1,500（未達成）"),
    ("完成件數※1÷應完成件數※2×100%", "完成件數 9 件; 應完成件數 10 件", "90.00%"),
    ("完成件數，※÷應完成件數", "完成件數 9 件; 應完成件數 10 件", ""),
    ("完成件數∶應完成件數", "完成件數 空白 件; 應完成件數 10 件", ""),
    ("完成件數/應完成件數×100%=9/10", "完成件數 9 件; 應完成件數 10 件", "90.00%"),
    ("死亡數(不含死產)/出生數(含死產)×100%", "死亡數 9 人; 出生數 10 人", "90.00%"),
]


@pytest.mark.parametrize(("text", "table", "figure"), WEIGHTED_AND_MARKED)
def test_weights_and_marks(text: str, table: str, figure: str) -> None:
    assert told(text, table).figure == figure


def test_a_threshold_in_another_unit_is_doubted() -> None:
    given = told("甲/乙達3人", "甲 3000 千元; 乙 2 人")
    assert [problem.code for problem in given.problems] == ["W202"]


SCHOOL = "收入 6; 補助 3; 人數 4"


@pytest.mark.parametrize(
    "text",
    ["收入÷人數＝% （單位：%）", "收入÷人數＝%\u3000\n（單位：%）", "收入÷人數＝ （單位：%）"],
)
def test_an_equals_without_a_value(text: str) -> None:
    assert (told(text, SCHOOL).figure, told(text, SCHOOL).codes) == ("150.00%", set())


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("收入÷人數＝（補助）", "收入÷人數 = 補助"),  # 收入÷人數 alone was read
        ("（收入）＝（補助）", "(收入) = 補助"),
        ("收入÷人數＝（補助÷人數）", "收入÷人數 = 補助÷人數"),
        ("收入÷人數＝（補助除外）", "收入÷人數"),
        ("收入÷人數＝（％）", "收入÷人數"),
    ],
)
def test_a_bracket_behind_an_equals_is_compared_with_if_it_is_an_item(text: str, read: str) -> None:
    for is_rule in (False, True):
        formula, _ = parse_formula(text, vocabulary=vocabulary(SCHOOL), is_rule=is_rule)
        assert formula is not None
        assert unparse(formula.tree) == read


@pytest.mark.parametrize(
    ("remark", "codes"),
    [
        ("以補助計列", {"W201"}),  # it may say what is counted
        ("依補助統計", {"W201"}),
        ("以年底為準", set()),  # no item
        ("註：補助", set()),
    ],
)
def test_a_remark_that_names_an_item_is_doubted(remark: str, codes: set[str]) -> None:
    found = told(f"收入÷人數，{remark}", SCHOOL)
    assert (found.figure, found.codes) == ("1.50", codes)


OFFICE = "收入 6; 補助 3; 人數 4; 場次 10; 得分/甲場 5; 得分/乙場 7"


@pytest.mark.parametrize(
    ("text", "calculation"),
    [
        ("收入除以補助，再乘以10+人數", "6÷3×10+4 = 24"),
        ("收入除以補助，再加人數-場次", "6÷3+4-10 = -4"),
        ("收入除以補助，再加人數×場次", "6÷3+4×10 = 42"),
    ],
)
def test_operators_behind_a_step(text: str, calculation: str) -> None:
    assert told(text, OFFICE).calculation == calculation


@pytest.mark.parametrize(
    ("text", "calculation"),
    [
        ("Σ得分×人數", "(5+7)×4 = 48"),  # 人數 has no components: only the sum of 得分
        ("Σ得分×2", "(5+7)×2 = 24"),
        ("(得分×人數)加總", "5×4+7×4 = 48"),  # each component times the same figure
    ],
)
def test_sums_over_components(text: str, calculation: str) -> None:
    assert told(text, OFFICE).calculation == calculation


@pytest.mark.parametrize(
    ("text", "code", "found"),
    [
        ("平均(收入、補助", "E208", "("),
        ("平均（收入、補助]", "E208", "（"),
        ("合計(收入、補助 人數)", "E204", "人數"),
        ("合計(收入、補助≥3)", "E212", "≥"),
        ("合計(" * (MAX_DEPTH + 1) + "收入" + ")" * (MAX_DEPTH + 1), "E211", "("),
        ("(" * MAX_DEPTH + "收入(補助+人數)" + ")" * MAX_DEPTH, "E211", "(補助+人數"),
        (f"收入({'+'.join(['補助'] * (MAX_OPERATORS + 2))})÷人數", "E210", "+"),
    ],
)
def test_functions_and_limits(text: str, code: str, found: str) -> None:
    (problem,) = told(text, OFFICE).problems
    assert (problem.code, dict(problem.fields)["found"]) == (code, found)


MISSING = [
    ("甲/乙(單位：%)", "甲 空白 件; 乙 3 件", "（待填）÷3 = 尚未填寫", [("甲", "尚未填寫", "E2")]),
    ("甲/乙(單位：%)", "甲 - 件; 乙 3 件", "（-）÷3 = -", [("甲", "-", "E2")]),
    ("甲+乙", "甲 … 件; 乙 -- 件", "（…）+（--） = …", [("甲", "…", "E2"), ("乙", "--", "E3")]),
    ("甲+乙", "甲 - 件; 乙 空白 件", "（-）+（待填） = 尚未填寫",
     [("甲", "-", "E2"), ("乙", "尚未填寫", "E3")]),
    ("甲≥3(單位：件)", "甲 空白 件", "（待填） = 尚未填寫 ≥ 3", [("甲", "尚未填寫", "E2")]),
    # a zero denominator has no value, and that is no error
    ("甲/乙(單位：%)", "甲 5 件; 乙 0 件", "5÷0 = --", []),
    ("甲/(乙-乙)", "甲 5 件; 乙 3 件", "5÷(3-3) = --", []),
    ("甲/0", "甲 5 件", "5÷0 = --", []),
    ("0/乙", "乙 0 件", "0÷0 = --", []),
    ("甲/乙≥90%(單位：%)", "甲 5 件; 乙 0 件", "5÷0 = -- ≥ 90%", []),
    ("甲 ≥ 甲/乙(單位：件)", "甲 5 件; 乙 0 倍", "5 件 ≥ 5÷0 = --", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "table", "printed", "gaps"), MISSING)
def test_missing_figures_spread(
    text: str, table: str, printed: str, gaps: list[tuple[str, str, str]]
) -> None:
    outcome = run(text, table)
    assert substitution(outcome) == printed
    assert [(gap.name, gap.reason.symbol, gap.at.cell) for gap in outcome.gaps] == gaps
    assert outcome.achieved is None
    assert outcome.verdict == ""
    assert outcome.problems == ()


def test_a_zero_denominator_is_named() -> None:
    assert run("甲/(乙-丙)", "甲 5; 乙 3; 丙 3").zero_divisor == "乙-丙"


SIZES = [
    ("甲*乙", "甲 1e40; 乙 1e41", "= 1" + ",000" * 27, None),
    ("甲/乙(單位：%)", "甲 1e-30 件; 乙 1 件", "= 0.00%", None),
    ("甲", "甲 1e-9", "0.000000001 = 0.00", None),
    ("甲", "甲 123456789012345678901234567890", "123,456,789,012,345,678,901,234,567,890", None),
    ("甲*甲", "甲 1e700", "= --", "E219"),
    ("甲", "甲 1e1300", "= --", "E219"),
]


@pytest.mark.parametrize(("text", "table", "printed", "code"), SIZES)
def test_huge_and_tiny_numbers(text: str, table: str, printed: str, code: str | None) -> None:
    outcome = run(text, table)
    assert printed in substitution(outcome)
    assert [problem.code for problem in outcome.problems] == ([code] if code else [])


def test_places() -> None:
    outcome = run("甲/乙(單位：%)", "甲 17 件; 乙 160 件")
    assert [substitution(outcome, places).split()[-1] for places in (0, 1, 2, 3, 4)] == [
        "11%", "10.6%", "10.63%", "10.625%", "10.6250%",
    ]  # fmt: skip
