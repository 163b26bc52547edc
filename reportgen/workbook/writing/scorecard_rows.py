"""The scorecard as plain rows by sheet and column name, ready to be written.

Samples, and the next year's edition, are given in the same form:
``{"構面": [{"代碼": "C", "策略地圖名稱": "顧客", …}], "年度資料": [{"資料項": …, 105: 12}]}``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from reportgen.formula import parse_unit
from reportgen.model.scorecard import Known, RocDate
from reportgen.workbook.schema.percent_units import PERCENT
from reportgen.workbook.schema.sheets import ENTERED, SHEETS, WITH_WORDS

if TYPE_CHECKING:
    from reportgen.model.scorecard import (
        Commentary,
        Figure,
        Initiative,
        Kpi,
        Objective,
        Scorecard,
        Target,
        Value,
        YearValue,
    )


class Percentage(NamedTuple):
    """A ratio whose cell shows it as a percentage: 171/200 as 85.5%."""

    ratio: Fraction


Content = str | int | Fraction | Percentage | RocDate | None
Row = Mapping[str | int, Content]  # by column name, or by ROC year
Rows = Mapping[str, Sequence[Row]]  # by sheet name


def rows_by_sheet(scorecard: Scorecard) -> Rows:
    """Return the contents of a scorecard's workbook: sheet name → rows, each column → content.

    A blank content is None or an empty text. Pictures are not among them.
    """
    return {
        "基本資料": _basics_rows(scorecard),
        "構面": [
            {
                "代碼": perspective.code,
                "策略地圖名稱": perspective.map_name.text,
                "計分卡名稱": perspective.card_name.text,
                "策略地圖順序": perspective.map_order,
                "計分卡順序": perspective.card_order,
            }
            for perspective in scorecard.perspectives
        ],
        "策略主題": [{"代碼": theme.code, "名稱": theme.name.text} for theme in scorecard.themes],
        "策略目標": [_objective_row(objective) for objective in scorecard.objectives],
        "關鍵績效指標": [_kpi_row(kpi) for kpi in scorecard.kpis],
        "年度資料": [_figure_row(figure) for figure in scorecard.figures],
        "目標值": _targets(scorecard.targets),
        "執行說明": [_commentary_row(commentary) for commentary in scorecard.commentaries],
        "行動方案": [_initiative_row(initiative) for initiative in scorecard.initiatives],
        "燈號": [
            {"燈號": light.name.text, "達成率下限": light.at_least} for light in scorecard.lights
        ],
        "勾稽規則": [
            {"規則": check.rule.text, "說明": check.note.text} for check in scorecard.cross_checks
        ],
        "經營核心價值": [
            {"名稱": value.name.text, "說明": value.note.text} for value in scorecard.values
        ],
        "修表紀錄": [
            {
                "日期": revision.day,
                "項目": revision.item.text,
                "修正說明": revision.note.text,
            }
            for revision in scorecard.revisions
        ],
    }


def year_columns(rows: Rows) -> tuple[int, ...]:
    """Return the ROC years that have a column, in the order in which they first appear."""
    years: dict[int, None] = {}
    for sheet in SHEETS:
        if sheet.years is not None:
            for row in rows.get(sheet.name, ()):
                years.update((name, None) for name in row if isinstance(name, int))
    return tuple(years)


def _basics_rows(scorecard: Scorecard) -> list[Row]:
    """Return the basic data of a scorecard as rows of 基本資料; None for a blank item."""
    contents: dict[str, Content] = {
        "機關名稱": scorecard.agency.text,
        "文件名稱": scorecard.title.text,
        "封面日期": scorecard.cover_date,
        "修表日期": scorecard.revised,
        "資料年度": scorecard.data_year,
        "資料狀態": scorecard.status.value,
        "使命": scorecard.mission.text,
        "願景": scorecard.vision.text,
        "核心價值": scorecard.core_values.text,
        "每頁目標數": scorecard.objectives_per_page,
        "上級機關": scorecard.parent.text if scorecard.parent else None,
        "核章欄": "、".join(map(str, scorecard.signatories)) or None,
        "執行成果內容": WITH_WORDS if scorecard.has_words_in_results else None,
    }
    return [{"項目": name, "內容": content} for name, content in contents.items()]


def _objective_row(objective: Objective) -> Row:
    """Return an objective as a row of its sheet, by column."""
    return {
        "代碼": objective.code,
        "構面": objective.perspective,
        "主題": "、".join(objective.themes),
        "名稱": objective.name.text,
        "上位目標": "、".join(parent.text for parent in objective.parents),
    }


def _kpi_row(kpi: Kpi) -> Row:
    """Return a KPI as a row of its sheet, by column."""
    return {
        "代碼": kpi.code,
        "策略目標": kpi.objective,
        "名稱": kpi.name.text,
        "計算公式及計量單位": kpi.formula.text,
        "小數位數": kpi.places,
        "方向": kpi.direction.value,
        "權重": kpi.weight,
        "承辦單位": kpi.owner.text,
        "填報方式": ENTERED if kpi.is_direct else "",
    }


def _figure_row(figure: Figure) -> Row:
    """Return a figure as a row of its sheet, with a column for each of its years."""
    return {
        "資料項": figure.item.text,
        "組成": figure.component.text,
        "單位": figure.unit.text,
        **{value.year: _figure_content(figure, value) for value in figure.values},
        "資料來源": figure.source.text,
        "備註": figure.note.text,
        "填報單位": figure.provider.text if figure.provider else "",
    }


def _figure_content(figure: Figure, year_value: YearValue) -> Content:
    """Return the content of a cell of 年度資料; the words of a milestone as they were written.

    A milestone's share is written as a percentage in a row that is not in %.
    """
    if year_value.written:
        return year_value.written
    value, unit = year_value.value, parse_unit(figure.unit.text)
    if figure.is_milestone and isinstance(value, Known) and (unit is None or unit.per != PERCENT):
        return Percentage(value.value / PERCENT)
    return _value(value)


def _value(value: Value) -> Content:
    """Return a figure, or the symbol of a missing one; None for a blank one."""
    if isinstance(value, Known):
        return value.value
    return value.reason.typed or None


def _commentary_row(commentary: Commentary) -> Row:
    """Return the words on a KPI as a row of 執行說明, by column."""
    return {
        "KPI代碼": commentary.kpi,
        "年度": commentary.year,
        "執行情形": commentary.progress.text,
        "未達成原因": commentary.shortfall_reason.text,
        "因應策略": commentary.measures.text,
        "目標調整理由": commentary.target_reason.text,
    }


def _initiative_row(initiative: Initiative) -> Row:
    """Return an initiative as a row of 行動方案, by column."""
    return {
        "策略目標": initiative.objective,
        "名稱": initiative.name.text,
        "主辦單位": initiative.owner.text,
        "開始日期": initiative.start,
        "結束日期": initiative.end,
        "辦理階段": initiative.stage.value if initiative.stage else "",
        "經費（千元）": initiative.budget,
        "辦理情形": initiative.progress.text,
    }


def _targets(targets: Iterable[Target]) -> list[Row]:
    """Return a row for each KPI that has a target, in the order of their first targets."""
    rows: dict[str, dict[str | int, Content]] = {}
    for target in targets:
        row = rows.setdefault(target.kpi, {"KPI代碼": target.kpi, "依據": target.basis.text})
        row[target.year] = target.goal.text
    return list(rows.values())
