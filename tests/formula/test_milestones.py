"""Milestones: stages with their shares, the stage that is reached, and targets in words."""

from __future__ import annotations

from fractions import Fraction
from io import BytesIO
from typing import TYPE_CHECKING, Final, NamedTuple

import pytest
from openpyxl import load_workbook

from reportgen.compute import compute, plausibility_problems
from reportgen.formula import Vocabulary, parse_formula
from reportgen.formula.milestones import (
    Stage,
    find_stage,
    find_target_stage,
    is_share,
    read_stage_list,
    read_stages,
    stages_in,
)
from reportgen.formula.syntax_tree import Name
from reportgen.problems import has_errors
from reportgen.views.explanation_view import explanation_lines
from reportgen.views.results_view import results_view
from reportgen.workbook import read_bytes
from reportgen.workbook.writing.new_edition import next_edition, previous_edition, same_edition
from reportgen.workbook.writing.scorecard_rows import Content, Percentage
from reportgen.workbook.writing.workbook_writer import write_rows
from tests.factories.samples import teachers_center
from tests.factories.scorecards import YEARS, figure, goal, kpi, rows
from tests.readers.calc import calculated

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from reportgen.compute.result_types import KpiYear
    from reportgen.model.scorecard import Scorecard
    from reportgen.problems import Problem
    from reportgen.workbook.writing.scorecard_rows import Row

ITEM: Final = "完成工作項目"
SHORT: Final = f"{ITEM}（規劃30%、設計60%、完工100%）"
MARKET: Final = (
    "1.完成委託專業技術服務25%\n2.完成工程招標50%\n3.工程完工75%\n4.完成攤商搬遷、市場啟用100%"
)
FLOWERS: Final = (
    "1.完成專業規劃委託服務(25%)\n2.完成土地規劃(50%)\n3.第一期工程進度達50%(80%)\n4.營運(100%)"
)


# --- the language -------------------------------------------------------------------

THREE: Final = (("規劃", 30), ("設計", 60), ("完工", 100))
LISTS: Final = [
    (SHORT, ITEM, THREE),
    (f"{ITEM}（1.規劃30%、2.設計60%、3.完工100%）（單位：%）", ITEM, THREE),
    (f"{ITEM}：規劃30%、設計60%、完工100%", ITEM, THREE),
    (f"{ITEM}\n規劃30%\n設計60%\n完工100%", ITEM, THREE),
    ("里程碑：\n規劃：30%\n設計：60%\n完工：100%", "進度", THREE),
    ("規劃30%、設計60%、完工100%。（單位：階段）", "進度", THREE),
    ("①規劃（30％）；\n②設計（60％）；\n③完工（100％）。", "進度", THREE),
    ("(1)規劃：30%\n(2)設計：60%\n(3)完工：100%", "進度", THREE),
    ("一、規劃30%，二、設計60%，三、完工100%", "進度", THREE),
    ("規劃30%、設計60%、完工100%（直接填報）", "進度", THREE),
    ("工程（第一期）完工50%\nPhase A 100%", "進度", (("工程（第一期）完工", 50), ("Phase A", 100))),
    (
        MARKET,
        "進度",
        (
            *(("完成委託專業技術服務", 25), ("完成工程招標", 50), ("工程完工", 75)),
            ("完成攤商搬遷、市場啟用", 100),
        ),
    ),
    (
        FLOWERS,
        "進度",
        (
            *(("完成專業規劃委託服務", 25), ("完成土地規劃", 50)),
            *(("第一期工程進度達50%", 80), ("營運", 100)),
        ),
    ),
]


@pytest.mark.parametrize(("text", "item", "stages"), LISTS)
def test_a_list_of_stages_is_read(
    text: str, item: str, stages: tuple[tuple[str, int], ...]
) -> None:
    vocabulary = Vocabulary.of([(ITEM, ""), ("進度", "")]).for_kpi("進度", "AC1.1")
    formula, problems = parse_formula(text, vocabulary=vocabulary)
    assert problems == ()
    assert formula is not None
    assert [(each.name, int(each.share * 100)) for each in formula.stages] == list(stages)
    assert isinstance(formula.tree, Name)
    assert formula.tree.text == item
    assert formula.unit is not None
    assert formula.unit.sign == "%"
    assert formula.text == text


@pytest.mark.parametrize(
    "text",
    [
        "甲占70%、乙占30%",  # weights: they do not rise
        "甲30%、乙60%",  # nothing is the whole
        "甲100%",
        "甲×30%、乙×100%",
        "率=甲/乙×100%\n目標100%",
    ],
)
def test_other_lists_are_no_stages(text: str) -> None:
    assert read_stages(text) == ()


FOUR = read_stages(MARKET)
TWO_DESIGNS = read_stages("設計30%、細部設計60%、完工100%")
WORDS = [
    (FOUR, "完成工程招標", "完成工程招標"),
    (FOUR, "招標", "完成工程招標"),
    (FOUR, "已完成工程招標", "完成工程招標"),
    (FOUR, "工程決標", None),
    (FOUR, "工程招標", "完成工程招標"),
    (FOUR, "完工", "工程完工"),
    (FOUR, "完成工程", None),  # the beginning of a name is none
    (FOUR, "市場啟用", "完成攤商搬遷、市場啟用"),
    (FOUR, "攤商搬遷", None),  # half of it
    (FOUR, "工程完工（75%）", "工程完工"),
    (FOUR, "工程完工（50%）", None),
    (FOUR, "尚未完成工程招標", None),
    (FOUR, "辦理工程招標", None),
    (FOUR, "工程招標中", None),
    (FOUR, "工", None),
    (FOUR, "", None),
    (TWO_DESIGNS, "完成細部設計", "細部設計"),
    (TWO_DESIGNS, "設計", "設計"),
    (TWO_DESIGNS, " 設 計\n完成", "設計"),
    (TWO_DESIGNS, "設計及完工", None),
    (TWO_DESIGNS, "設計階段已完竣", "設計"),
    *((TWO_DESIGNS, text, None) for text in ("設計招標", "委託設計", "設計審查", "重新設計")),
    *((TWO_DESIGNS, text, None) for text in ("完工八成", "申報完工", "取消設計", "完工期限屆滿")),
]


@pytest.mark.parametrize(("stages", "text", "expected"), WORDS)
def test_words_name_one_stage_or_none(
    stages: tuple[Stage, ...], text: str, expected: str | None
) -> None:
    found = find_stage(text, stages)
    assert (found.name if found else None) == expected


# --- a workbook ---------------------------------------------------------------------


def workbook(**sheets: Sequence[Row]) -> bytes:
    """A workbook with everything that people see, 試算 as well."""
    target = BytesIO()
    write_rows(rows(**sheets), target, modified=teachers_center.REVISED, years=YEARS)
    return target.getvalue()


class Reached(NamedTuple):
    """A milestone in 105, with all that is reported."""

    now: KpiYear | None
    problems: tuple[Problem, ...]

    @property
    def codes(self) -> list[str]:
        return [each.code for each in self.problems if each.code not in {"N154"}]


def reached(
    content: Content,
    target: Content = None,
    unit: str = "%",
    formula: str = SHORT,
    item: str = ITEM,
) -> Reached:
    """What a milestone gives whose figure of 105 is ``content``."""
    card, problems = read_bytes(
        workbook(
            關鍵績效指標=[kpi(formula, 名稱="進度")],
            年度資料=[figure(item, ["規劃", content], unit)],
            目標值=[goal(target)] if target else [],
        )
    )
    assert card is not None
    results, others = compute(card)
    every = (
        *problems,
        *others,
        *(plausibility_problems(results) if not has_errors(problems) else ()),
    )
    return Reached(results.kpis[0].of(105), every)


HALF = Percentage(Fraction(1, 2))
CELLS: list[tuple[Content, str, str, Fraction | None]] = [
    ("設計", "%", "設計（60%）", Fraction(3, 5)),
    ("完成細部設計", "%", "設計（60%）", Fraction(3, 5)),
    ("完成細部設計", "", "設計（60%）", Fraction(3, 5)),
    (60, "%", "設計（60%）", Fraction(3, 5)),
    ("60%", "%", "設計（60%）", Fraction(3, 5)),
    (Percentage(Fraction(3, 5)), "%", "設計（60%）", Fraction(3, 5)),
    (Percentage(Fraction(3, 5)), "項", "設計（60%）", Fraction(3, 5)),
    (60, "", "設計（60%）", Fraction(3, 5)),
    (Fraction(3, 5), "項", "設計（60%）", Fraction(3, 5)),
    (HALF, "", "50%", Fraction(1, 2)),
    (Fraction(125, 2), "%", "62.5%", Fraction(5, 8)),
    (0, "", "0%", Fraction(0)),
    (1, "項", "完工（100%）", Fraction(1)),
    ("完工", "階段", "完工（100%）", Fraction(1)),
    ("-", "%", "-", None),
    ("…", "", "…", None),
    (None, "%", "（待填）", None),
]


@pytest.mark.parametrize(("content", "unit", "printed", "share"), CELLS)
def test_a_cell_holds_the_stage_or_its_share(
    content: Content, unit: str, printed: str, share: Fraction | None
) -> None:
    found = reached(content, unit=unit)
    assert found.codes == []
    assert found.now is not None
    assert found.now.printed == printed
    assert getattr(found.now.outcome.value, "value", None) == share


REFUSED: list[Content] = [
    "驗收",
    "規劃設計",
    "尚未完成設計",
    "設計（30%）",
    "七成",
    120,
    Percentage(Fraction(6, 5)),
]


@pytest.mark.parametrize("content", REFUSED)
def test_what_names_no_stage_is_refused_with_the_stages(content: Content) -> None:
    found = reached(content)
    (problem,) = (each for each in found.problems if each.code == "E156")
    for language in ("zh-TW", "en"):
        assert "規劃（30%）、設計（60%）、完工（100%）" in problem.line(language)
    for remedy in ("規劃", "60%", "設計（60%）", "0%"):
        assert remedy.rstrip("%") in problem.line()
        mended = reached(remedy)
        assert not has_errors(mended.problems)
        assert mended.now is not None
        assert mended.now.printed in {"規劃（30%）", "設計（60%）", "0%"}


@pytest.mark.parametrize("content", [50, Fraction(1, 2), 3])
def test_a_bare_number_counts_in_a_row_of_another_unit_only_as_the_share_of_a_stage(
    content: Content,
) -> None:
    assert reached(content, unit="項").codes == ["E156"]


TARGETS = [
    ("設計", "完成細部設計", "完成細部設計", "100.00%", "達成"),
    ("規劃", "設計", "設計", "50.00%", "未達成"),
    (HALF, "預計完成設計", "預計完成設計", "83.33%", "未達成"),
    ("完工", "達設計階段", "達設計階段", "166.67%", "達成"),
    ("設計", "60%", "60%", "100.00%", "達成"),
    ("設計", 60, "60%", "100.00%", "達成"),
    ("設計", "≥80%", "≥80%", "75.00%", "未達成"),
]


@pytest.mark.parametrize(("content", "target", "shown", "rate", "verdict"), TARGETS)
def test_a_target_names_a_stage_or_states_a_share(
    content: Content, target: Content, shown: str, rate: str, verdict: str
) -> None:
    found = reached(content, target)
    assert found.codes == []
    now = found.now
    assert now is not None
    assert now.target is not None
    assert now.rate is not None
    assert (now.target.shown, now.rate.text, now.verdict) == (shown, rate, verdict)
    assert now.target.declared_at.text == str(target)


@pytest.mark.parametrize("target", ["完成驗收", "尚未設計", "規劃設計"])
def test_a_target_in_other_words_is_refused_with_the_stages(target: str) -> None:
    (problem,) = (each for each in reached("設計", target).problems if each.code == "E127")
    assert "規劃（30%）、設計（60%）、完工（100%）" in problem.line()
    assert "規劃（30%）、設計（60%）、完工（100%）" in problem.line("en")
    for remedy in ("規劃", "設計（60%）", "30%"):
        assert remedy in problem.line()
        assert reached("設計", remedy).codes == []


def test_words_are_no_target_of_other_kpis() -> None:
    content = workbook(
        關鍵績效指標=[kpi("甲（單位：件）")],
        年度資料=[figure("甲", [1])],
        目標值=[goal("完成設計")],
    )
    assert [each.code for each in read_bytes(content)[1]] == ["E127"]


@pytest.mark.parametrize("target", ["完成設計", "設計"])
def test_a_quotient_has_no_stages_whatever_stands_behind_it(target: str) -> None:
    content = workbook(
        關鍵績效指標=[kpi("完成件數/應完成件數×100%（規劃30%、設計60%、完工100%）")],
        年度資料=[figure("完成件數", [9]), figure("應完成件數", [10])],
        目標值=[goal(target)],
    )
    card, problems = read_bytes(content)
    assert card is not None
    assert [(each.code, each.where.sheet) for each in problems] == [("E127", "目標值")]
    assert card.targets == ()


def test_a_formula_that_cannot_be_read_is_no_fault_of_its_target() -> None:
    found = reached(75, "工程完工", formula=MARKET, item="甲")
    assert [code for code in found.codes if code[0] == "E" and code != "E111"] == ["E229"]


@pytest.mark.parametrize("formula", [MARKET, FLOWERS])
def test_a_list_alone_needs_a_row_of_the_kpis_name_or_code(formula: str) -> None:
    found = reached("完成土地規劃", formula=formula, item="甲")
    problem = next(each for each in found.problems if each.code == "E229")
    assert "新增一列：資料項「進度」" in problem.fix()
    remedy = dict(problem.fields)["stage"]
    for item in ("進度", "AC1.1"):
        now = reached(remedy, formula=formula, item=item).now
        assert now is not None
        assert now.printed == f"{remedy}（25%）"


def test_the_stages_that_two_kpis_share_an_item_for_are_those_they_agree_on() -> None:
    content = workbook(
        關鍵績效指標=[
            kpi(SHORT),
            kpi(f"{ITEM}（規劃20%、設計60%、驗收80%、完工100%）", "AC1.2"),
        ],
        年度資料=[figure(ITEM, ["規劃", "設計"])],
    )
    card, problems = read_bytes(content)
    assert card is not None
    (problem,) = (each for each in problems if each.code.startswith("E"))
    assert dict(problem.fields)["stages"] == "設計（60%）、完工（100%）"


# --- beside the figure --------------------------------------------------------------


def market() -> bytes:
    """Two milestones, one of which has reached more than a stage."""
    return workbook(
        關鍵績效指標=[kpi(MARKET, 名稱="市場改建"), kpi(SHORT, "AC1.2")],
        年度資料=[
            figure("市場改建", [None, "招標", Fraction(125, 2)], "%"),
            figure(ITEM, ["規劃", HALF, "完成細部設計"], "項"),
        ],
        目標值=[goal("工程完工"), goal("完成細部設計", "AC1.2")],
    )


def card_of(content: bytes) -> Scorecard:
    card, problems = read_bytes(content)
    assert card is not None
    assert not has_errors(problems), problems
    return card


def test_nothing_is_found_odd_about_milestones() -> None:
    card = card_of(market())
    results, problems = compute(card)
    assert (*problems, *plausibility_problems(results)) == ()


def test_the_document_shows_stage_target_and_share() -> None:
    view = results_view(compute(card_of(market()))[0])
    first, second = view.pages[0].objectives[0].rows
    assert (first.unit, first.target, first.actual, first.rate) == (
        "%",
        "工程完工",
        "62.5%",
        "83.33%",
    )
    assert (first.change, first.change_unit) == ("+12.5", "百分點")
    assert (second.target, second.actual, second.verdict) == (
        "完成細部設計",
        "設計（60%）",
        "達成",
    )
    assert second.trend.figures == ("103年 30%", "104年 50%", "105年 60%")
    assert len(second.trend.bars) == 3
    calculation = view.calculations[0].calculations[1]
    assert calculation.substitution == "完成階段：設計 = 60%"
    ((given,),) = (each.inputs for each in calculation.names)
    assert (given.figure, given.unit, given.cell) == ("60", "%", "F6（完成細部設計）")


def test_explain_leads_from_the_stage_to_its_cell() -> None:
    results, _ = compute(card_of(market()))
    result = results.kpis[1]
    lines = explanation_lines(result, result.of(105), "zh-TW")
    assert [(line.label, line.text) for line in lines[1:]] == [
        ("代入", "完成階段：設計 = 60%"),
        ("實績值", "設計（60%）"),
        ("目標值", "完成細部設計"),
        ("達成率", "100.00%（實績值÷目標值）"),
        ("判定", "達成"),
        ("較104年", "+10 百分點（20.00%）"),
        ("數值來源", ""),
        (ITEM, "60 %（完成細部設計）"),
    ]
    assert str(lines[-1].cell) == "年度資料!F6"


@pytest.mark.parametrize("is_next", [False, True])
def test_what_was_typed_goes_along(*, is_next: bool) -> None:
    old = market()
    card, problems = read_bytes(old)
    assert card is not None
    kept = previous_edition(card, old, problems)
    edition = next_edition(kept, card.revised, card.data_year) if is_next else same_edition(kept)
    new = card_of(edition.to_bytes())
    for before, after in zip(card.figures, new.figures, strict=True):
        assert [(each.year, each.value, each.written) for each in before.values] == [
            (each.year, each.value, each.written) for each in after.values
        ]
    assert [value.written for value in new.figures[1].values] == ["規劃", "", "完成細部設計"]
    assert [(each.goal.text, each.stage) for each in new.targets] == [
        ("工程完工", Fraction(3, 4)),
        ("完成細部設計", Fraction(3, 5)),
    ]


def test_the_stages_are_offered_at_the_cell() -> None:
    page = load_workbook(BytesIO(market()))["年度資料"]
    rules = {str(rule.sqref): rule for rule in page.data_validations.dataValidation}
    assert rules["F6"].formula1 == '"規劃,設計,完工"'
    assert not rules["F6"].showErrorMessage
    assert "完成委託專業技術服務 或 25%" in str(rules["D5"].prompt)
    assert rules["F7:F306"].formula1.startswith("OR(ISNUMBER(F7),")


# --- 試算 ---------------------------------------------------------------------------


def test_stages_in_a_note_of_a_formula() -> None:
    text = "工程件數（規劃30%、完工100%）（單位：%）"
    assert stages_in(text) == (Stage("規劃", Fraction(3, 10)), Stage("完工", Fraction(1)))
    assert stages_in("工程件數（含規劃）（單位：%）") == ()


def test_blank_lines_between_stages() -> None:
    listed = read_stages("規劃30%\n\n設計60%\n \u3000\n完工100%")
    assert [stage.name for stage in listed] == ["規劃", "設計", "完工"]
    behind_head = read_stage_list("完成工作項目\n\n規劃30%\n完工100%")
    assert behind_head is not None
    assert behind_head.head == "完成工作項目"
    assert [stage.name for stage in behind_head.stages] == ["規劃", "完工"]


@pytest.mark.slow
def test_libreoffice_shows_the_stage_that_the_program_prints(tmp_path: Path) -> None:
    """Every content above, each in a KPI of its own; what is refused is ✗."""
    kpis, data, expected = [], [], {}
    for number, (content, unit, printed, _) in enumerate(CELLS):
        if content != "60%":  # 試算 takes no number that is a text
            expected[f"K{number}"] = printed
            kpis.append(kpi(SHORT.replace(ITEM, f"甲{number}案"), f"K{number}"))
            data.append(figure(f"甲{number}案", [content], unit))
    for number, content in enumerate(REFUSED):
        expected[f"R{number}"] = "✗"
        kpis.append(kpi(SHORT.replace(ITEM, f"乙{number}案"), f"R{number}"))
        data.append(figure(f"乙{number}案", [content], "%"))
    for number, (stages, text, name) in enumerate(WORDS):
        if text:
            listed = MARKET if stages == FOUR else "設計30%、細部設計60%、完工100%"
            found = find_stage(text, stages)
            expected[f"W{number}"] = f"{name}（{found.percentage}）" if found else "✗"
            kpis.append(kpi(listed, f"W{number}"))
            data.append(figure(f"W{number}", [text], "%"))
    kpis.append(kpi(SHORT.replace(ITEM, "丙案"), "P1", 小數位數=1))
    data.append(figure("丙案", ["設計"], "%"))
    expected["P1"] = "設計（60.0%）"
    path = tmp_path / "milestones.xlsx"
    path.write_bytes(workbook(關鍵績效指標=kpis, 年度資料=data))
    (table,) = calculated([path], "試算", tmp_path)
    place = table[3].index("105")
    found_there = {row[0]: row[place] for row in table[4:] if row[1] == "KPI"}
    assert found_there == expected
    card = read_bytes(path.read_bytes())[0]
    assert card is not None
    results, _ = compute(card)
    for result in results.kpis:
        now = result.of(105)
        if now is not None and expected[result.kpi.code] != "✗":
            assert now.printed == expected[result.kpi.code]


@pytest.mark.parametrize(
    "word",
    [
        *("業已", "已經", "階段", "作業", "程序", "完成", "達成", "達到", "完竣", "完畢"),
        *("細部", "基本", "初步", "全部", "整體", "主體", "工程", "已", "達"),
    ],
)
def test_a_word_beside_a_stage_leaves_it_reached(word: str) -> None:
    stages = read_stages("規劃30%、設計60%、完工100%")
    for text in (f"{word}設計", f"設計{word}", f"{word}設計（60%）", f"{word}設計60%"):
        found = find_stage(text, stages)
        assert found is not None, text
        assert found.name == "設計"
    assert find_stage(f"{word}設計審查", stages) is None
    assert find_stage(f"{word}設計（30%）", stages) is None


def test_a_letter_is_part_of_a_stages_name() -> None:
    assert [stage.name for stage in read_stages("X規劃X 30%、X100%")] == ["X規劃X", "X"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("規劃（30%）、設計( 60% )、完工(100%)", "規劃 設計 完工"),
        ("規劃為30%、設計達60%、完工至100%", "規劃 設計 完工"),
        ("規劃30%,設計60%;完工100%", "規劃 設計 完工"),
        ("規劃30%。\n設計60%.\n完工100%", "規劃 設計 完工"),
        ("1)規劃30%、2)設計60%、3)完工100%", "規劃 設計 完工"),
        ("十一、規劃30%\n十二、設計60%\n十三、完工100%", "規劃 設計 完工"),
        ("①規劃30%\n⒛完工100%", "規劃 完工"),
        ("規劃33.333333%、完工100%", "規劃 完工"),
        ("規劃0%、完工100%", "規劃 完工"),
        ("1.5規劃30%、完工100%", "1.5規劃 完工"),
        ("規劃33.3333333%、完工100%", ""),
        ("規劃1,030%、完工100%", ""),
        ("規劃>30%、完工100%", ""),
        ("30%、完工100%", ""),
        ("規劃30%、完工100%、年底", ""),
        ("規劃30%、規劃30%、完工100%", ""),
        ("規劃30%\n年底\n完工100%", ""),
    ],
)
def test_stages_are_parted_and_numbered_in_many_ways(text: str, names: str) -> None:
    assert " ".join(stage.name for stage in read_stages(text)) == names


@pytest.mark.parametrize("sign", [":", "：", "∶", "﹕"])
def test_a_caption_may_stand_before_the_stages(sign: str) -> None:
    found = read_stage_list(f"進度{sign}規劃30%、完工100%")
    assert found is not None
    assert (found.head, [stage.name for stage in found.stages]) == ("進度", ["規劃", "完工"])


@pytest.mark.parametrize(
    "words", ["預計", "預定", "預期", "應", "須", "達到", "達", "預計完成", "預計應達"]
)
def test_a_target_may_be_expected(words: str) -> None:
    found = find_target_stage(f"{words}設計", TWO_DESIGNS)
    assert found is not None
    assert found.name == "設計"
    assert find_target_stage(f"擬{words}設計", TWO_DESIGNS) is None


@pytest.mark.parametrize(
    ("text", "is_alone"),
    [
        *(("25%", True), (" 25 ％", True), ("25﹪", True), ("25.5%", True), ("100%", True)),
        *(("（25%）", False), ("2525%", False), ("25", False), ("約25%", False), ("25%止", False)),
    ],
)
def test_a_share_may_stand_alone(text: str, is_alone: bool) -> None:
    assert is_share(text) is is_alone


@pytest.mark.parametrize(
    "text",
    [
        *("完成率（規劃30%、完工100%）（單位：%）", "規劃30%、完工100%（計量單位：%）"),
        *("規劃30%、完工100%（直接填報）", "規劃30%、完工100%（數值直接填寫）"),
        "進度（備註）（規劃30%、完工100%）",
    ],
)
def test_stages_are_found_in_a_text_or_in_its_notes(text: str) -> None:
    assert [stage.name for stage in stages_in(text)] == ["規劃", "完工"]
    assert stages_in(text.replace("100%", "90%")) == ()
