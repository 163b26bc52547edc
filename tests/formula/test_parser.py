"""Limits of what is read: they are of each place, wherever it stands."""

from __future__ import annotations

import pytest

from reportgen.formula import parse_formula
from reportgen.formula.parse_errors import MAX_DEPTH, MAX_OPERATORS
from tests.factories.formula_table import told, vocabulary

NAMES = vocabulary("甲 1; 乙 2")
TABLE = "甲 12 件 去年 10; 乙 20 件 去年 8; 丙 5 件"


def code_of(text: str, *, is_known: bool) -> str:
    formula, problems = parse_formula(text, vocabulary=NAMES if is_known else None)
    errors = [problem.code for problem in problems if problem.code.startswith("E")]
    assert (formula is None) == bool(errors)
    return "".join(errors)


def nested(depth: int, kind: str) -> str:
    if kind == "brackets":
        return "(" * depth + "甲+1" + ")" * depth
    return "-" * depth + "甲"


BEFORE = {
    "nothing": "",
    "brackets": "(甲+1)+(甲+1)+(甲+1)+",
    "signs": "-甲+(-甲)+(-甲)+",
    "a mean": "平均(甲、乙)+平均(甲、乙)+平均(甲、乙)+",
    "a sum": "Σ(甲、乙)+Σ(甲、乙)+Σ(甲、乙)+",
}


@pytest.mark.parametrize("is_known", [True, False])
@pytest.mark.parametrize("kind", ["brackets", "signs"])
@pytest.mark.parametrize("before", BEFORE.values(), ids=BEFORE)
def test_the_depth_is_that_of_one_place(before: str, kind: str, is_known: bool) -> None:
    if "、" in before and not is_known:
        return  # functions take known items
    assert code_of(before + nested(MAX_DEPTH, kind), is_known=is_known) == ""
    assert code_of(before + nested(MAX_DEPTH + 1, kind), is_known=is_known) == "E211"


@pytest.mark.parametrize("is_known", [True, False])
def test_operators_are_counted_in_the_whole(is_known: bool) -> None:
    most = "+".join(["甲"] * (MAX_OPERATORS + 1))
    assert code_of(most, is_known=is_known) == ""
    assert code_of(f"{most}+甲", is_known=is_known) == "E210"
    assert code_of(f"({most})×甲", is_known=is_known) == "E210"


@pytest.mark.parametrize(
    ("text", "calculation"),
    [
        ("甲合計", "12"),
        ("甲、乙合計", "12+20 = 32"),
        ("甲、乙及丙合計", "12+20+5 = 37"),
        ("甲、乙之差額", "12-20 = -8"),
        ("甲與乙之差", "12-20 = -8"),
        ("甲、乙平均", "(12+20)÷2 = 16"),
        ("甲及乙占丙之比率", "(12+20)÷5 = 640.00%"),
        ("甲+乙合計", "12+20 = 32"),
        ("(甲+乙合計)÷丙", "(12+20)÷5 = 6.40"),
        ("丙÷(甲+乙合計)", "5÷(12+20) = 0.16"),
        ("甲×乙合計÷丙", "12×20÷5 = 48"),
        # Of one there is no mean, and of three no difference.
        ("甲平均", ""),
        ("甲、乙、丙之差額", ""),
        ("甲、乙", ""),
    ],
)
def test_a_list_has_its_operation_behind_it(text: str, calculation: str) -> None:
    assert told(text, TABLE).calculation == calculation


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("甲(去年)", "10"),
        ("甲（上年度）", "10"),
        ("(上年度)甲", "10"),
        ("上年度甲", "10"),
        ("上年度之甲", "10"),
        ("去年的甲", "10"),
        ("甲（本年度）", "12"),
        ("(甲-甲(去年))÷甲(去年)", "0.20"),
        ("甲-上年度甲", "2"),
    ],
)
def test_a_name_may_be_of_the_year_before(text: str, figure: str) -> None:
    given = told(text, TABLE)
    assert (given.figure, given.codes) == (figure, set())


def test_two_labels_of_one_item_contradict_each_other() -> None:
    (problem,) = told("甲(A)÷甲(B)", TABLE).problems
    assert (problem.code, dict(problem.fields)["found"]) == ("E225", "甲")
    assert problem.where.column == 7


@pytest.mark.parametrize(
    ("text", "calculation"),
    [
        ("甲較上年度增加率", "(12-10)÷10 = 20.00%"),
        ("甲比上年度成長率", "(12-10)÷10 = 20.00%"),
        ("甲較上年度成長幅度", "(12-10)÷10 = 20.00%"),
        ("甲較上年度甲增加之比率", "(12-10)÷10 = 20.00%"),
        ("甲較去年增加數", "12-10 = 2"),
        ("甲較前一年度減少率", "(10-12)÷10 = -20.00%"),
        ("甲較上年度乙增加數", "12-8 = 4"),
        ("甲較乙增加數", "12-20 = -8"),
        ("甲較乙減少率", "(20-12)÷20 = 40.00%"),
        ("甲較乙降低之百分比", "(20-12)÷20 = 40.00%"),
        ("甲較上年度", ""),  # it says not what
        ("甲(去年)+乙(去年)", "10+8 = 18"),
    ],
)
def test_a_comparison_in_words_is_calculated(text: str, calculation: str) -> None:
    given = told(text, TABLE)
    assert (given.calculation, given.codes) == (calculation, set() if calculation else {"E204"})


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("甲+乙合計÷丙", "E224"),  # (甲+乙)÷丙, or 甲+乙÷丙
        ("甲-乙總和×丙", "E224"),
        ("丙×(甲+乙合計÷丙)", "E224"),
        ("甲+(乙合計÷丙)", "W202"),
    ],
)
def test_a_total_that_may_be_of_two_sums_is_refused(text: str, code: str) -> None:
    assert told(text, TABLE).codes == {code}


@pytest.mark.parametrize(
    ("text", "calculation"),
    [
        ("甲占40%、乙占60%", "12×40%+20×60% = 16.80"),
        ("1.甲占40%；2.乙占60%", "12×40%+20×60% = 16.80"),
        ("甲占百分之四十及乙百分之六十", "12×40%+20×60% = 16.80"),
        ("甲占總分40%、乙40%、丙20%", "12×40%+20×40%+5×20% = 13.80"),
    ],
)
def test_weights_in_words_are_a_sum(text: str, calculation: str) -> None:
    given = told(text, TABLE)
    assert (given.calculation, given.codes) == (calculation, set())


@pytest.mark.parametrize(
    "text",
    [
        "甲占40%、乙占50%",  # not the whole
        "甲占40%、戊占60%",  # 戊 is no item
        "甲40%、乙60%",
    ],
)
def test_other_shares_are_no_weights(text: str) -> None:
    given = told(text, TABLE)
    assert "×" not in given.calculation
    assert given.codes


@pytest.mark.parametrize(
    ("words", "figure"),
    [
        ("百分比", "60.00%"),
        ("百分率", "60.00%"),
        ("千分比", "600.00‰"),
        ("千分率", "600.00‰"),
        ("比率", "60.00%"),
        ("比例", "60.00%"),
        ("比重", "0.60"),
        ("比值", "0.60"),
    ],
)
def test_a_share_is_in_the_unit_that_its_word_says(words: str, figure: str) -> None:
    for text in (f"甲占乙之{words}", f"甲佔乙的{words}", f"甲占乙{words}"):
        given = told(text, TABLE)
        assert (given.figure, given.codes) == (figure, set()), text


@pytest.mark.parametrize(
    "note", ["無條件捨去", "無條件進位", "無條件進入", "取絕對值", "以80%計", "超過者以100計"]
)
def test_a_note_that_would_truncate_is_doubted(note: str) -> None:
    given = told(f"甲÷乙（{note}）", TABLE)
    assert (given.figure, given.codes) == ("0.60", {"W211"})


@pytest.mark.parametrize(
    ("text", "calculation"),
    [
        ("甲除以乙，再乘以丙", "12÷20×5 = 3"),
        ("甲除以乙，再乘以丙+乙", "12÷20×5+20 = 23"),
        ("甲除以乙，再乘以丙-丙-1", "12÷20×5-5-1 = -3"),
        ("甲除以乙，再乘以丙+丙×2", "12÷20×5+5×2 = 13"),
        ("甲+乙，再除以丙", "(12+20)÷5 = 6.40"),
        ("甲+乙，再除以丙×2", "(12+20)÷5×2 = 12.80"),
        ("甲加乙後除以丙", "(12+20)÷5 = 6.40"),
        ("甲減乙再乘以100加丙", "(12-20)×100+5 = -795"),
    ],
)
def test_a_further_step_applies_to_all_before_it(text: str, calculation: str) -> None:
    assert told(text, TABLE).calculation == calculation


@pytest.mark.parametrize(
    "word",
    [
        *("前一年度同期", "上年度同期", "去年同期", "上年同期", "前一年同期"),
        *("上年度底", "去年底", "上年底", "上一學年度", "前一學年度", "上學年度", "前一學年"),
        *("上學年", "上一年度", "前一年度", "上年度", "去年度", "前一年", "上一年", "去年", "上年"),
    ],
)
def test_every_word_for_the_year_before_is_known(word: str) -> None:
    for text in (f"甲-{word}甲", f"甲-甲({word})", f"甲-{word}之甲"):
        assert told(text, TABLE).calculation == "12-10 = 2", text


@pytest.mark.parametrize(
    "word",
    [
        *("本學年度", "當學年度", "本學年", "當學年", "本年度", "當年度"),
        *("今年度", "該年度", "本年", "當年", "今年"),
    ],
)
def test_every_word_for_this_year_is_known(word: str) -> None:
    for text in (f"{word}甲-乙", f"甲({word})-乙"):
        assert told(text, TABLE).calculation == "12-20 = -8", text


@pytest.mark.parametrize("unit", ["(%)", "（單位：%）", "[%]"])
def test_a_unit_may_stand_before_a_comparison(unit: str) -> None:
    given = told(f"甲/乙×100{unit}≥80", TABLE)
    assert given.calculation == "12÷20×100% = 60.00% ≥ 80%，未達成"


@pytest.mark.parametrize(
    ("text", "calculation"),
    [
        ("平均(甲、乙)÷丙、丁平均", "(12+20)÷2÷((5+8)÷2) = 2.46"),
        ("平均(甲、乙)+丙、丁平均", "(12+20)÷2+(5+8)÷2 = 22.50"),
        ("合計(甲、乙)-丙、丁合計", "12+20-(5+8) = 19"),
        ("平均(上年度甲、(乙+丙))", "(10+(20+5))÷2 = 17.50"),
        ("合計(去年甲、-乙)", "10+(-20) = -10"),
        ("合計(甲、平均(乙、丙)、丁)", "12+(20+5)÷2+8 = 32.50"),
        ("(合計(甲、乙)+丙、丁合計)", "12+20+(5+8) = 45"),
    ],
)
def test_lists_stand_beside_and_within_each_other(text: str, calculation: str) -> None:
    assert told(text, f"{TABLE}; 丁 8 件").calculation == calculation
