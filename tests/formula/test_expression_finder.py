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


@pytest.mark.parametrize(
    "before",
    [
        *("本指標公式", "本指標公式為", "公式是", "公式如下", "公式修正為", "計算式：", "算式："),
        *("計算方法：", "計算方式, ", "方程式", "所謂", "將", "係指", "是指", "係以", "是以"),
        *("修正為", "則指", "本率指", "本率為", "本率爲", "本率是", "本率即", "本率係", "本率以"),
        *("率=", "率＝", "率﹦", "率：", "率:", "率﹕", "率∶", "本率\n", "公式，\n"),
        *("本率「", "本率『", "本率“"),
    ],
)
def test_the_expression_stands_behind_words_or_signs_that_lead_to_it(before: str) -> None:
    found = told(f"{before}收入÷人數", TABLE)
    assert (found.calculation, found.codes) == ("5÷4 = 1.25", set())


@pytest.mark.parametrize(
    "bullet",
    [
        *("(1)", "（２）", "1.", "一、", "十．", "12.", "(十二)", "1. ", " ; ", "。", "，", "；"),
        *("•", "●", "・", "○", "◎", "※", "◆", "■", "□", "▪", "● (1) "),
    ],
)
def test_a_bullet_is_passed_over(bullet: str) -> None:
    found = told(f"{bullet}收入÷人數", TABLE)
    assert (found.calculation, found.codes) == ("5÷4 = 1.25", set())


def test_a_full_width_bullet_is_no_part_of_an_items_number() -> None:
    items = "1收入 6; 1.1收入 9; 人數 4"
    assert told("１．1收入÷人數", items).calculation == "6÷4 = 1.50"
    assert told("1.1收入÷人數", items).calculation == "9÷4 = 2.25"


@pytest.mark.parametrize(
    "verb",
    [
        *("係指", "是指", "則指", "之計算公式為", "計算方式", "指", "為", "爲", "是", "即", "係"),
        *("＝", "：", "（年底）係指"),
    ],
)
def test_a_caption_that_is_the_kpis_name_is_no_item(verb: str) -> None:
    """Though an item is called so, nothing is divided by it or compared with it."""
    found = told(f"收入率{verb}收入÷人數", f"{TABLE}; 收入率 1.25", "收入率")
    assert (found.calculation.split(" = ")[0], found.codes) == ("5÷4", set())


@pytest.mark.parametrize(
    "text",
    [
        *("死亡率(=收入/人數)", "死亡率(C=收入/人數)", "死亡率( Ｃ ＝ 收入/人數)"),
        *("死亡率[C﹦收入/人數]", "死亡率（Z＝收入/人數）"),
        *("執行率(A/B)\nA：收入\nB：人數", "執行率100%÷100%×(A/B)\nA：收入\nB：人數"),
    ],
)
def test_the_expression_may_stand_in_a_bracket_behind_its_caption(text: str) -> None:
    assert told(text, TABLE).figure in {"1.25", "125.00%"}


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("收入(男)÷收入(女)", {"E225"}),
        ("收入(經常門)÷收入(資本門)", {"E225"}),
        ("收入(105年)÷收入(104年)", {"E225"}),
        ("收入(第一至第三季)÷收入(第四季)", {"E225"}),
        ("收入(含甲類)÷收入(含乙類)", {"W201"}),  # remarks, which are told
        ("收入(以甲計)÷收入(以乙計)", {"W212"}),
    ],
)
def test_brackets_that_may_tell_two_figures_apart(text: str, codes: set[str]) -> None:
    assert told(text, TABLE).codes == codes


@pytest.mark.parametrize(
    ("text", "kpi", "codes"),
    [
        ("收入：人數", "率", {"E232"}),  # a ratio, or a caption?
        ("（收入）:人數", "率", {"E232"}),
        ("收入﹕人數", "率", {"E232"}),
        ("收入：人數", "收入", {"W209"}),  # the KPI's own name
        ("收入＝人數", "率", {"W209"}),
        ("收入、補助之比，收入÷人數", "率", {"E204"}),
        ("收入，補助；公式為收入÷人數", "率", {"E216"}),
        ("率=收入/人數=補助/人數", "率", {"W210"}),
        ("率=收入/人數=5%\n年底", "率", {"W201"}),
        ("率=收入/人數=1.25（年底）", "率", set()),
    ],
)
def test_what_may_be_a_caption_or_not(text: str, kpi: str, codes: set[str]) -> None:
    assert told(text, TABLE, kpi).codes == codes


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("依規定辦理完竣者計分", "E227"),  # ten characters without an item: a sentence
        ("依規定辦理完竣者計", "E217"),  # nine: a name
        ("依規定辦理完(年底)竣者計", "E217"),
        ("依規定辦理完竣者乘以十分", "E217"),  # it calculates
        ("依規定辦理完竣者占十分之", "E217"),
        ("依規定辦理完竣者計分＋一", "E217"),
        ("依規定辦理完竣之收入計分", "E217"),  # it names an item
        ("分子：收入", "E227"),
        ("分母：人數", "E227"),
    ],
)
def test_a_sentence_is_told_from_an_unknown_name(text: str, code: str) -> None:
    assert told(text, TABLE).codes == {code}


def test_what_is_quoted_behind_a_caption_may_compare() -> None:
    assert told("本率「收入+補助=人數」", TABLE).calculation == "5+3 = 8 = 4，未達成"


def test_an_unknown_name_behind_a_caption_is_told_at_its_place() -> None:
    (problem,) = told("率=總所得÷人數", TABLE).problems
    assert (problem.code, problem.where.column, dict(problem.fields)["found"]) == (
        *("E217", 3),
        "總所得",
    )


VERBS = "件數 6 件; 人數 3 人"


@pytest.mark.parametrize(
    "name",
    ["違規行為件數", "作為件數", "關係人數", "立即件數", "實際以件數", "予以件數", "兒是件數"],
)
def test_an_unknown_name_is_not_read_from_its_middle_on(name: str) -> None:
    """It ends with an item behind 為, 係, 即, 以 or 是: the item's figure is another one."""
    (problem,) = told(f"{name}÷人數", VERBS).problems
    assert problem.code in ("E205", "E217")
    assert dict(problem.fields)["found"] == name


@pytest.mark.parametrize(
    "caption",
    ["破獲率為", "本指標以", "其計算係", "每人件次即", "將", "所稱滿意，係", "（件次）為"],
)
def test_a_verb_behind_a_caption_precedes_the_calculation(caption: str) -> None:
    assert told(f"{caption}件數÷人數", VERBS).calculation == "6÷3 = 2"
