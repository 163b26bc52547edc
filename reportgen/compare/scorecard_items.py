"""The items of a scorecard that a revision refers to, each with its lines of text.

What dates or lays out a document (修表日期, 封面日期, 資料狀態, 每頁目標數) is no provision and
is not compared.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from reportgen.formula import exact_text
from reportgen.model.scorecard import Known, Missing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from fractions import Fraction

    from reportgen.model.scorecard import (
        CellRef,
        Figure,
        Initiative,
        Kpi,
        Objective,
        RocDate,
        Scorecard,
        Text,
        Value,
        YearValue,
    )


class Section(Enum):
    """Parts of the table of changes, in its order; the workbook's sheets."""

    STATEMENTS = "基本資料"
    PERSPECTIVES = "構面"
    THEMES = "策略主題"
    OBJECTIVES = "策略目標"
    KPIS = "關鍵績效指標"
    TARGETS = "目標值"
    FIGURES = "年度資料"
    COMMENTARIES = "執行說明"
    INITIATIVES = "行動方案"
    LIGHTS = "燈號"
    CHECKS = "勾稽規則"
    VALUES = "經營核心價值"


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemLine:
    """A line of an item: ``label`` is the workbook's column, ``text`` its content.

    ``always_printed``: even if it is unchanged, because it identifies the item. ``refers_to``: the
    codes that it stands for, by which editions are compared instead of by its text.
    """

    label: str
    text: str
    at: CellRef
    always_printed: bool = False
    year: int | None = None  # ROC year, of a target, a figure or words
    is_words: bool = False
    refers_to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ScorecardItem:
    """A unit of change: an objective, a KPI, a target, a figure, the words on a KPI."""

    section: Section
    code: str = ""  # empty for kinds without codes
    name: str
    parent: str = ""  # code: the objective of a KPI or initiative, the perspective of an objective
    lines: tuple[ItemLine, ...]
    at: CellRef

    @property
    def title(self) -> str:
        """The heading of an item: ``AC1 增進教師多元研習``."""
        return f"{self.code} {self.name}".strip()

    def line(self, label: str) -> ItemLine | None:
        """Return the first line with a label, or None."""
        return next((line for line in self.lines if line.label == label), None)


def items_of(card: Scorecard) -> tuple[ScorecardItem, ...]:
    """Return every item of a scorecard, by section and in each in the workbook's order.

    Perspectives are in 計分卡順序.
    """
    return (
        *_statement_items(card),
        *_perspective_items(card),
        *_theme_items(card),
        *(_objective_item(objective, card) for objective in card.objectives),
        *(_kpi_item(kpi) for kpi in card.kpis),
        *_target_items(card),
        *(_figure_item(figure) for figure in card.figures),
        *_commentary_items(card),
        *(_initiative_item(initiative) for initiative in card.initiatives),
        *_light_items(card),
        *_check_items(card),
        *_value_items(card),
    )


def _statement_items(card: Scorecard) -> Iterator[ScorecardItem]:
    """Yield the agency, title, mission, vision and core values, each as an item of one line."""
    for name, text in (
        ("機關名稱", card.agency),
        ("文件名稱", card.title),
        ("使命", card.mission),
        ("願景", card.vision),
        ("核心價值", card.core_values),
    ):
        line = ItemLine(label="內容", text=text.text, at=text.at, always_printed=True)
        yield ScorecardItem(section=Section.STATEMENTS, name=name, lines=(line,), at=text.at)


def _perspective_items(card: Scorecard) -> Iterator[ScorecardItem]:
    """Yield the perspectives as items, in 計分卡順序 and by their 計分卡名稱."""
    for perspective in sorted(card.perspectives, key=lambda perspective: perspective.card_order):
        lines = (
            _line("計分卡名稱", perspective.card_name, always=True),
            _line("策略地圖名稱", perspective.map_name),
        )
        yield ScorecardItem(
            section=Section.PERSPECTIVES,
            code=perspective.code,
            name=perspective.card_name.text,
            lines=lines,
            at=perspective.at,
        )


def _theme_items(card: Scorecard) -> Iterator[ScorecardItem]:
    """Yield the themes as items."""
    for theme in card.themes:
        lines = (_line("名稱", theme.name, always=True),)
        yield ScorecardItem(
            section=Section.THEMES, code=theme.code, name=theme.name.text, lines=lines, at=theme.at
        )


def _objective_item(objective: Objective, card: Scorecard) -> ScorecardItem:
    """Return an objective as an item, whose parent is its perspective.

    Its line of themes says 共同 for one without themes.
    """
    names = {theme.code: f"{theme.name} {theme.code}" for theme in card.themes}
    themes = "、".join(names.get(code, code) for code in objective.themes) or "共同"
    lines = (
        _line("名稱", objective.name, always=True),
        ItemLine(label="主題", text=themes, at=objective.at, refers_to=objective.themes),
    )
    return ScorecardItem(
        section=Section.OBJECTIVES,
        code=objective.code,
        name=objective.name.text,
        parent=objective.perspective,
        lines=lines,
        at=objective.at,
    )


def _kpi_item(kpi: Kpi) -> ScorecardItem:
    """Return a KPI as an item, whose parent is its objective."""
    lines = (
        _line("名稱", kpi.name, always=True),
        _line("計算公式及計量單位", kpi.formula, always=True),
        ItemLine(label="方向", text=kpi.direction.value, at=kpi.at),
        ItemLine(label="小數位數", text="" if kpi.places is None else str(kpi.places), at=kpi.at),
        ItemLine(label="權重", text=_number_text(kpi.weight), at=kpi.at),
        _line("承辦單位", kpi.owner),
        ItemLine(label="填報方式", text="直接填報" if kpi.is_direct else "", at=kpi.at),
    )
    return ScorecardItem(
        section=Section.KPIS,
        code=kpi.code,
        name=kpi.name.text,
        parent=kpi.objective,
        lines=lines,
        at=kpi.at,
    )


def _target_items(card: Scorecard) -> Iterator[ScorecardItem]:
    """Yield the targets of each KPI that has any as one item, with a line for each year.

    A last line states the basis of the first of them.
    """
    for kpi in card.kpis:
        targets = [target for target in card.targets if target.kpi == kpi.code and target.goal]
        if targets:
            lines = tuple(
                ItemLine(
                    label=f"{target.year}年",
                    text=target.goal.text,
                    at=target.goal.at,
                    year=target.year,
                )
                for target in targets
            )
            basis = targets[0].basis
            lines += (ItemLine(label="依據", text=basis.text, at=basis.at),)
            at = targets[0].goal.at
            yield ScorecardItem(
                section=Section.TARGETS, code=kpi.code, name=kpi.name.text, lines=lines, at=at
            )


def _figure_item(figure: Figure) -> ScorecardItem:
    """Return a figure as an item, with a line for each year, then unit, source and note.

    Its name is 資料項（組成）.
    """
    name = f"{figure.item}（{figure.component}）" if figure.component else figure.item.text
    lines = tuple(
        ItemLine(
            label=f"{value.year}年", text=_figure_text(figure, value), at=value.at, year=value.year
        )
        for value in figure.values
    )
    lines += (
        _line("單位", figure.unit),
        _line("資料來源", figure.source),
        _line("備註", figure.note),
    )
    return ScorecardItem(section=Section.FIGURES, name=name, lines=lines, at=figure.at)


def _commentary_items(card: Scorecard) -> Iterator[ScorecardItem]:
    """Yield the words on each KPI that has any as one item, with a line for each year and column.

    They are compared as the scorecard has them, with or without the figures bound in them.
    """
    for kpi in card.kpis:
        commentaries = sorted(
            (commentary for commentary in card.commentaries if commentary.kpi == kpi.code),
            key=lambda commentary: commentary.year,
        )
        lines = tuple(
            ItemLine(
                label=f"{commentary.year}年{column}",
                text=text.text,
                at=text.at,
                year=commentary.year,
                is_words=True,
            )
            for commentary in commentaries
            for column, text in commentary.columns.items()
            if text
        )
        if lines:
            yield ScorecardItem(
                section=Section.COMMENTARIES,
                code=kpi.code,
                name=kpi.name.text,
                lines=lines,
                at=commentaries[0].at,
            )


def _initiative_item(initiative: Initiative) -> ScorecardItem:
    """Return an initiative as an item, whose parent is its objective."""
    stage = initiative.stage.value if initiative.stage else ""
    texts = {
        "開始日期": _date_text(initiative.start),
        "結束日期": _date_text(initiative.end),
        "辦理階段": stage,
        "經費（千元）": _number_text(initiative.budget),
    }
    lines = (
        _line("名稱", initiative.name, always=True),
        _line("主辦單位", initiative.owner),
        *(ItemLine(label=label, text=text, at=initiative.at) for label, text in texts.items()),
        _line("辦理情形", initiative.progress),
    )
    return ScorecardItem(
        section=Section.INITIATIVES,
        name=initiative.name.text,
        parent=initiative.objective,
        lines=lines,
        at=initiative.at,
    )


def _date_text(day: RocDate | None) -> str:
    """Return a date as printed; empty for None."""
    return day.printed if day else ""


def _light_items(card: Scorecard) -> Iterator[ScorecardItem]:
    """Yield the lights as items, with the lower bound of each in %."""
    for light in card.lights:
        text = f"{_number_text(light.at_least * 100)}%"
        line = ItemLine(label="達成率下限", text=text, at=light.name.at, always_printed=True)
        yield ScorecardItem(
            section=Section.LIGHTS, name=light.name.text, lines=(line,), at=light.name.at
        )


def _check_items(card: Scorecard) -> Iterator[ScorecardItem]:
    """Yield the cross-checks as items."""
    for check in card.cross_checks:
        lines = (_line("規則", check.rule, always=True), _line("說明", check.note))
        yield ScorecardItem(
            section=Section.CHECKS, name=check.rule.text, lines=lines, at=check.rule.at
        )


def _value_items(card: Scorecard) -> Iterator[ScorecardItem]:
    """Yield the core values as items."""
    for value in card.values:
        lines = (_line("名稱", value.name, always=True), _line("說明", value.note))
        yield ScorecardItem(
            section=Section.VALUES, name=value.name.text, lines=lines, at=value.name.at
        )


def _line(label: str, text: Text, *, always: bool = False) -> ItemLine:
    """Return a text as a line of an item; one ``always`` printed is shown even if unchanged."""
    return ItemLine(label=label, text=text.text, at=text.at, always_printed=always)


def _figure_text(figure: Figure, year_value: YearValue) -> str:
    """Return the text of a cell of 年度資料: a milestone's words as typed, or its share in %."""
    text = year_value.written or _value_text(year_value.value)
    is_share = (
        figure.is_milestone and not year_value.written and isinstance(year_value.value, Known)
    )
    return f"{text}%" if is_share else text


def _value_text(value: Value) -> str:
    """Return a figure as text; a missing one as the user would type it."""
    if isinstance(value, Missing):
        return value.reason.typed
    assert isinstance(value, Known)
    return _number_text(value.value)


def _number_text(value: Fraction | None) -> str:
    """Return a number exactly as text; empty for None."""
    return "" if value is None else exact_text(value)
