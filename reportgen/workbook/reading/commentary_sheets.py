"""Reading of 執行說明 and 行動方案: words on the KPIs, and the initiatives of objectives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.model.scorecard import Commentary, Initiative, InitiativeStage
from reportgen.workbook.reading.cell_reader import (
    read_choice,
    read_date,
    read_integer,
    read_number_in_range,
    read_remark,
)
from reportgen.workbook.reading.number_parsing import MAX_ABS_NUMBER
from reportgen.workbook.reading.workbook_source import required_text
from reportgen.workbook.schema.sheets import COMMENTARIES, INITIATIVES, STAGES

if TYPE_CHECKING:
    from collections.abc import Collection

    from reportgen.workbook.reading.cell_reader import Cell
    from reportgen.workbook.reading.table_reader import Row
    from reportgen.workbook.reading.workbook_source import Codes, WorkbookSource


def read_commentaries(
    source: WorkbookSource, kpis: Codes, valid_kpis: Collection[str]
) -> tuple[Commentary, ...]:
    """Return the rows of 執行說明 that hold words, of ``valid_kpis`` only.

    A second row of the same KPI and year is E106; a blank year is E101.
    """
    seen: dict[tuple[str, int], Cell] = {}
    commentaries = []
    for row in source.rows(COMMENTARIES):
        commentary = _commentary(row, kpis)
        if commentary is None:
            continue
        cell = row.cell("KPI代碼", "KPI代碼與年度")
        first = seen.setdefault((commentary.kpi, commentary.year), cell)
        if first is not cell:
            cell.report("E106", found=f"{commentary.kpi} {commentary.year}年", first=first.at.cell)
        elif commentary.texts and commentary.kpi in valid_kpis:
            commentaries.append(commentary)
    return tuple(commentaries)


def _commentary(row: Row, kpis: Codes) -> Commentary | None:
    """Return the words of a row; None, and a problem, without a usable KPI or year."""
    cell, year_cell = row.cell("KPI代碼"), row.cell("年度")
    kpi = kpis.refer(cell)
    if year_cell.is_blank:
        year_cell.report("E101")
    column = COMMENTARIES.column("年度")
    year = read_integer(year_cell, column.minimum, column.maximum)
    progress, shortfall_reason, measures, target_reason = (
        read_remark(row.cell(name))
        for name in ("執行情形", "未達成原因", "因應策略", "目標調整理由")
    )
    if kpi is None or year is None:
        return None
    return Commentary(
        kpi=kpi,
        year=year,
        progress=progress,
        shortfall_reason=shortfall_reason,
        measures=measures,
        target_reason=target_reason,
        at=cell.at,
    )


def read_initiatives(
    source: WorkbookSource, objectives: Codes, valid_objectives: Collection[str]
) -> tuple[Initiative, ...]:
    """Return the rows of 行動方案, of ``valid_objectives`` only.

    An end before the start is E162, at the end.
    """
    initiatives = (_initiative(row, objectives) for row in source.rows(INITIATIVES))
    return tuple(
        initiative
        for initiative in initiatives
        if initiative is not None and initiative.objective in valid_objectives
    )


def _initiative(row: Row, objectives: Codes) -> Initiative | None:
    """Return the initiative of a row; None, and a problem, without a usable objective or name."""
    objective = objectives.refer(row.cell("策略目標"))
    name = required_text(row.cell("名稱"))
    start, end = read_date(row.cell("開始日期")), read_date(row.cell("結束日期"))
    if start is not None and end is not None and end < start:
        row.cell("結束日期").report("E162", found=end.edition, start=start.edition)
    stage = read_choice(row.cell("辦理階段"), STAGES)
    budget = read_number_in_range(row.cell("經費（千元）"), 0, MAX_ABS_NUMBER, signs=())
    owner, progress = read_remark(row.cell("主辦單位")), read_remark(row.cell("辦理情形"))
    if objective is None or not name:
        return None
    return Initiative(
        objective=objective,
        name=name,
        owner=owner,
        start=start,
        end=end,
        stage=InitiativeStage(stage) if stage else None,
        budget=budget,
        progress=progress,
        at=row.cell("策略目標").at,
    )
