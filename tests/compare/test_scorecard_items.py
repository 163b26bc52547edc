"""What of an edition is compared: each column of each sheet, with its text and its cell."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest

from reportgen.compare import Section, compare_scorecards
from reportgen.compare.scorecard_items import items_of
from reportgen.model.missing_symbols import MissingReason
from reportgen.model.scorecard import (
    CellRef,
    Direction,
    InitiativeStage,
    Known,
    Light,
    Missing,
    RocDate,
    Scorecard,
    Text,
)
from tests.factories.samples import scorecard, yearly_review

if TYPE_CHECKING:
    from reportgen.compare.scorecard_items import ScorecardItem

AT = CellRef(sheet="燈號", cell="A5")
CARD = replace(
    scorecard(yearly_review),
    lights=(Light(name=Text(text="綠燈", at=AT), at_least=Fraction(1)),),
)


def text(words: str) -> Text:
    return Text(text=words, at=CellRef(sheet="新", cell="Z9"))


NEW = text("新")


def first_edited(kind: str, **changes: Any) -> Scorecard:
    """The sample in which the first item of a kind says something else."""
    first, *others = getattr(CARD, kind)
    edited: dict[str, Any] = {kind: (replace(first, **changes), *others)}
    return replace(CARD, **edited)


def first_value(**changes: Any) -> Scorecard:
    """The sample in which the first figure of the first row is another."""
    figure = CARD.figures[0]
    return first_edited(
        "figures", values=(replace(figure.values[0], **changes), *figure.values[1:])
    )


DAY = RocDate(105, 2, 3)
# sheet, edited sample, label, former text, its cell, new text
COLUMNS = {
    "agency": ("基本資料", replace(CARD, agency=NEW), "內容", "臺北市教師研習中心", "B5", "新"),
    "title": ("基本資料", replace(CARD, title=NEW), "內容", "策略地圖與平衡計分卡", "B6", "新"),
    "core values": (
        "基本資料", replace(CARD, core_values=NEW), "內容", "愛、真理、智慧、卓越", "B13", "新",
    ),
    "perspective": (
        "構面", first_edited("perspectives", card_name=text("顧客類構面")),
        "計分卡名稱", "顧客構面", "C5", "顧客類構面",
    ),
    "perspective on the map": (
        "構面", first_edited("perspectives", map_name=NEW), "策略地圖名稱", "顧客", "B5", "新",
    ),
    "theme": (
        "策略主題", first_edited("themes", name=NEW), "名稱", "精進卓越研習課程", "B5", "新",
    ),
    "objective": (
        "策略目標", first_edited("objectives", name=NEW),
        "名稱", "增進教師多元研習", "D5", "新",
    ),
    "themes of an objective": (
        "策略目標", first_edited("objectives", themes=("A", "B")),
        "主題", "精進卓越研習課程 A", "A5", "精進卓越研習課程 A、強化智慧創新研發 B",
    ),
    "no theme of an objective": (
        "策略目標", first_edited("objectives", themes=()),
        "主題", "精進卓越研習課程 A", "A5", "共同",
    ),
    "a theme that is not listed": (
        "策略目標", first_edited("objectives", themes=("Z",)),
        "主題", "精進卓越研習課程 A", "A5", "Z",
    ),
    "direction": (
        "關鍵績效指標", first_edited("kpis", direction=Direction.LOWER),
        "方向", "越高越好", "A5", "越低越好",
    ),
    "places": ("關鍵績效指標", first_edited("kpis", places=0), "小數位數", "", "A5", "0"),
    "weight": (
        "關鍵績效指標", first_edited("kpis", weight=Fraction("2.5")), "權重", "", "A5", "2.5",
    ),
    "owner": ("關鍵績效指標", first_edited("kpis", owner=NEW), "承辦單位", "", "H5", "新"),
    "direct entry": (
        "關鍵績效指標", first_edited("kpis", is_direct=True), "填報方式", "", "A5", "直接填報",
    ),
    "target": ("目標值", first_edited("targets", goal=text("15")), "103年", "14", "B5", "15"),
    "basis": ("目標值", first_edited("targets", basis=NEW), "依據", "範例", "E5", "新"),
    "figure": (
        "年度資料", first_value(value=Known(value=Fraction(-15))), "103年", "14", "D5", "-15",
    ),
    "missing figure": (
        "年度資料", first_value(value=Missing(reason=MissingReason.NOT_YET)),
        "103年", "14", "D5", "…",
    ),
    "unit": ("年度資料", first_edited("figures", unit=NEW), "單位", "類別數", "C5", "新"),
    "source": ("年度資料", first_edited("figures", source=NEW), "資料來源", "範例", "G5", "新"),
    "note": ("年度資料", first_edited("figures", note=NEW), "備註", "", "H5", "新"),
    "initiative's owner": (
        "行動方案", first_edited("initiatives", owner=NEW), "主辦單位", "研究組", "C5", "新",
    ),
    "start": (
        "行動方案", first_edited("initiatives", start=DAY),
        "開始日期", "105年1月1日", "A5", "105年2月3日",
    ),
    "end": (
        "行動方案", first_edited("initiatives", end=None), "結束日期", "105年12月20日", "A5", "",
    ),
    "stage": (
        "行動方案", first_edited("initiatives", stage=InitiativeStage.RUNNING),
        "辦理階段", "已完成", "A5", "執行中",
    ),
    "budget": (
        "行動方案", first_edited("initiatives", budget=Fraction(1900)),
        "經費（千元）", "1,850", "A5", "1,900",
    ),
    "progress": (
        "行動方案", first_edited("initiatives", progress=NEW),
        "辦理情形", "範例：完成 {AC1.1} 類課程開發並全數開班。", "H5", "新",
    ),
    "light": (
        "燈號", first_edited("lights", at_least=Fraction("0.955")),
        "達成率下限", "100%", "A5", "95.5%",
    ),
    "rule's note": (
        "勾稽規則", first_edited("cross_checks", note=NEW),
        "說明", "資本門為整體預算的一部分。", "B5", "新",
    ),
    "value's note": ("經營核心價值", first_edited("values", note=NEW), "說明", "", "B5", "新"),
}  # fmt: skip


@pytest.mark.parametrize("case", COLUMNS.values(), ids=COLUMNS)
def test_each_column_is_compared(case: tuple[str, Scorecard, str, str, str, str]) -> None:
    sheet, edited, label, old, cell, new = case
    (change,) = compare_scorecards(CARD, edited).changes
    assert [kind.value for kind in change.kinds] == ["修正"]
    (line,) = (line for line in change.lines if line.changed)
    assert line.old is not None
    assert line.new is not None
    assert (change.section.value, line.label) == (sheet, label)
    assert (line.old.text, line.old.at) == (old, CellRef(sheet=sheet, cell=cell))
    assert line.new.text == new


def of_section(card: Scorecard, section: Section) -> list[ScorecardItem]:
    return [item for item in items_of(card) if item.section is section]


# The item, its parent, its cell, and the labels of the lines that are printed unchanged, too.
IDENTITIES = [
    (Section.STATEMENTS, " 機關名稱", "", "B5", "內容"),
    (Section.PERSPECTIVES, "C 顧客構面", "", "A5", "計分卡名稱"),
    (Section.THEMES, "A 精進卓越研習課程", "", "A5", "名稱"),
    (Section.OBJECTIVES, "AC1 增進教師多元研習", "C", "A5", "名稱"),
    (Section.KPIS, "AC1.1 增加各類創新研習班後之類別數", "AC1", "A5", "名稱、計算公式及計量單位"),
    (Section.TARGETS, "AC1.1 增加各類創新研習班後之類別數", "", "B5", ""),
    (Section.FIGURES, " 每年增加創新研習班後之研習類別總數", "", "A5", ""),
    (Section.COMMENTARIES, "AC1.1 增加各類創新研習班後之類別數", "", "A5", ""),
    (Section.INITIATIVES, " 創新研習課程開發計畫", "AC1", "A5", "名稱"),
    (Section.LIGHTS, " 綠燈", "", "A5", "達成率下限"),
    (Section.CHECKS, " 預算數 ≥ 資本門預算數", "", "A5", "規則"),
    (Section.VALUES, " 愛", "", "A5", "名稱"),
]


@pytest.mark.parametrize(("section", "name", "parent", "cell", "printed"), IDENTITIES)
def test_an_item_has_its_name_parent_and_cell(
    section: Section, name: str, parent: str, cell: str, printed: str
) -> None:
    item = of_section(CARD, section)[0]
    assert (f"{item.code} {item.name}", item.parent) == (name, parent)
    assert item.title == name.strip()
    assert item.at == CellRef(sheet=section.value, cell=cell)
    assert "、".join(line.label for line in item.lines if line.always_printed) == printed


def test_lines_of_a_year_name_it() -> None:
    years = {item.section: [line.year for line in item.lines] for item in reversed(items_of(CARD))}
    assert years[Section.TARGETS] == [103, 104, 105, None]
    assert years[Section.FIGURES] == [103, 104, 105, None, None, None]
    assert years[Section.COMMENTARIES] == [105]
    words = [line for item in of_section(CARD, Section.COMMENTARIES) for line in item.lines]
    assert all(line.is_words for line in words)


def test_perspectives_are_in_the_order_of_the_scorecard() -> None:
    first, second, *others = CARD.perspectives
    turned = (
        replace(first, card_order=second.card_order),
        replace(second, card_order=first.card_order),
        *others,
    )
    codes = [
        item.code for item in of_section(replace(CARD, perspectives=turned), Section.PERSPECTIVES)
    ]
    assert codes[:2] == [second.code, first.code]


def test_words_are_in_the_order_of_their_years() -> None:
    words = CARD.commentaries[0]
    earlier = replace(words, year=104, at=CellRef(sheet="執行說明", cell="A99"))
    card = replace(CARD, commentaries=(*CARD.commentaries, earlier))
    item = of_section(card, Section.COMMENTARIES)[0]
    assert [line.label for line in item.lines] == ["104年執行情形", "105年執行情形"]
    assert item.at.cell == "A99"


def test_a_component_is_part_of_a_figures_name() -> None:
    card = first_edited("figures", component=text("併決算"))
    name = CARD.figures[0].item.text
    assert of_section(card, Section.FIGURES)[0].name == f"{name}（併決算）"


@pytest.mark.parametrize(
    ("is_milestone", "value", "written", "shown"),
    [
        (True, Known(value=Fraction(30)), "", "30%"),  # the share of a stage
        (True, Known(value=Fraction(30)), "規劃", "規劃"),  # as it was typed
        (True, Missing(reason=MissingReason.NOT_YET), "", "…"),
        (False, Known(value=Fraction(30)), "", "30"),
    ],
)
def test_a_milestone_is_compared_as_it_was_typed(
    is_milestone: bool, value: Known | Missing, written: str, shown: str
) -> None:
    figure = CARD.figures[0]
    first = replace(figure.values[0], value=value, written=written)
    card = first_edited("figures", is_milestone=is_milestone, values=(first, *figure.values[1:]))
    assert of_section(card, Section.FIGURES)[0].lines[0].text == shown


def test_a_line_that_an_item_lacks_is_none() -> None:
    item = of_section(CARD, Section.KPIS)[0]
    assert item.line("沒有") is None
    assert item.line("方向") == item.lines[2]
