"""The sheets whose rows stand for themselves: figures, targets, lights, rules, revisions."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple

from reportgen.formula import parse_unit
from reportgen.formula.milestones import find_goal
from reportgen.missing_symbols import MissingReason
from reportgen.model import (
    CoreValue,
    CrossCheck,
    DataStatus,
    Figure,
    Known,
    Light,
    Missing,
    Revision,
    Target,
    YearValue,
)
from reportgen.names import name_key
from reportgen.problems import Location, make
from reportgen.workbook.cells import (
    hints,
    read_date,
    read_figure,
    read_rate,
    read_remark,
    read_target,
    read_text,
    report_percentages,
    shown_sign,
)
from reportgen.workbook.milestones import read_stage
from reportgen.workbook.numerals import number_text
from reportgen.workbook.rates import PERCENT, is_usual, may_be_ratio
from reportgen.workbook.schema import CHECKS, LIGHTS, REVISIONS, TARGETS, VALUES
from reportgen.workbook.source import Codes, required_text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from fractions import Fraction

    from reportgen.formula import Unit
    from reportgen.formula.milestones import Stage
    from reportgen.model import CellRef, Text, Value
    from reportgen.problems import Problem
    from reportgen.workbook.cells import Cell
    from reportgen.workbook.source import Source
    from reportgen.workbook.tables import Row, Table


class DataRow(NamedTuple):
    """A row of 年度資料 whose names have been read."""

    row: Row
    item: Text
    component: Text


def read_names(table: Table) -> tuple[DataRow, ...]:
    """Return the rows of 年度資料 with their names, which formulas are read by."""
    return tuple(
        DataRow(row, required_text(row.cell("資料項")), read_text(row.cell("組成")))
        for row in table.rows()
    )


def read_data(
    table: Table,
    rows: Iterable[DataRow],
    data_year: int | None,
    status: DataStatus,
    milestones: Mapping[str, tuple[Stage, ...]],
) -> tuple[Figure, ...]:
    """Return the figures of 年度資料, whose rows are given.

    A blank figure of the data year is an error in a final edition (E102).
    ``milestones``: the stages that the cells of an item name, by its key.
    """
    if data_year is not None and data_year not in table.years:
        where = Location(sheet=table.raw.name, cell=f"A{table.heading_row}")
        words = hints(f"「{data_year}」即資料年度。", "It is the data year.")
        table.problems.append(make("E104", where, found=data_year, **words))
    if table.years:
        gap = set(range(min(table.years), max(table.years))) - table.years.keys()
        where = Location(sheet=table.raw.name, cell=f"A{table.heading_row}")
        table.problems.extend(make("W145", where, found=year) for year in sorted(gap)[:9])
    demanded = data_year if status is DataStatus.FINAL else None
    seen: dict[tuple[str, str], CellRef] = {}
    figures = []
    for row in rows:
        figure = _figure(row, demanded, milestones)
        identity = (name_key(figure.item.text), name_key(figure.component.text))
        first = seen.setdefault(identity, figure.at)
        if first is not figure.at:
            row.row.cell("資料項").report("E116", found=_called(figure), first=first.cell)
        elif figure.item.text:
            figures.append(figure)
    if data_year is not None and status is DataStatus.DRAFT:
        table.problems.extend(_still_blank(figures, data_year))
    if data_year is not None and status is DataStatus.FINAL:
        table.problems.extend(_lost(figures, data_year, table.problems))
    return tuple(figures)


def _still_blank(figures: Iterable[Figure], data_year: int) -> Iterator[Problem]:
    """N149: how many figures of the data year are to be filled in before the edition is final."""
    blank = Missing(reason=MissingReason.BLANK)
    values = (value for figure in figures for value in figure.values if value.year == data_year)
    cells = [value.at for value in values if value.value == blank]
    if cells:
        where = Location(sheet=cells[0].sheet, cell=cells[0].cell)
        yield make("N149", where, found=len(cells), year=data_year)


def _lost(figures: Sequence[Figure], data_year: int, problems: Sequence[Problem]) -> list[Problem]:
    """W164: the blank past years of a row that had figures before, or that others have.

    Others are the components of its item, or all the rows of the year. Else the blank first
    years of a row are usual: it is new. What has been reported already is not lost.
    """
    reported = {(each.where.sheet, each.where.cell) for each in problems}
    blank_rows = Counter(
        value.year for figure in figures for value in figure.values if _is_blank(value)
    )
    parts = {
        (name_key(figure.item.text), value.year)
        for figure in figures
        for value in figure.values
        if figure.component.text and not _is_blank(value)
    }
    found = []
    for figure in figures:
        past = [value for value in figure.values if value.year < data_year]
        filled = [each.year for each in figure.values if not _is_blank(each)]
        lost = [
            each
            for each in past
            if _is_blank(each)
            and (each.at.sheet, each.at.cell) not in reported
            and (
                (filled and min(filled) < each.year)
                or (name_key(figure.item.text), each.year) in parts
                or (blank_rows[each.year] == 1 and len(figures) > _FEW)
            )
        ]
        if lost:
            where = Location(sheet=lost[0].at.sheet, cell=lost[0].at.cell)
            years = "、".join(str(each.year) for each in lost)
            cells = "、".join(each.at.cell for each in lost)
            found.append(make("W164", where, item=_called(figure), found=years, cells=cells))
    return found


_FEW: Final = 3  # rows that say nothing of a whole year


def _is_blank(value: YearValue) -> bool:
    return value.value == Missing(reason=MissingReason.BLANK)


def _figure(
    named: DataRow, demanded: int | None, milestones: Mapping[str, tuple[Stage, ...]]
) -> Figure:
    row, item, component = named
    name = f"{item.text}（{component.text}）" if component.text else item.text
    unit = read_text(row.cell("單位"))
    measure = parse_unit(unit.text)
    cells = {year: row.year_cell(year, f"{year}年 {name}") for year in row.table.years}
    stages = () if component.text else milestones.get(name_key(item.text), ())
    values = tuple(
        _year_value(cell, measure, stages, year=year, demanded=name if year == demanded else "")
        for year, cell in cells.items()
    )
    row_cells = [(cells[each.year], each.value) for each in values]
    _report_doubtful(measure, row_cells)
    if not stages:
        report_percentages(row_cells, measure)
    return Figure(
        item=item,
        component=component,
        unit=unit,
        values=values,
        source=read_remark(row.cell("資料來源")),
        note=read_remark(row.cell("備註")),
        at=item.at,
        is_milestone=bool(stages),
    )


def _year_value(
    cell: Cell, unit: Unit | None, stages: tuple[Stage, ...], *, year: int, demanded: str
) -> YearValue:
    """Return a cell's figure; ``demanded`` names the one that must not be blank."""
    before = len(cell.problems)
    value, written = read_stage(cell, unit, stages) if stages else (read_figure(cell, unit), "")
    is_blank = value == Missing(reason=MissingReason.BLANK)
    if is_blank and demanded and len(cell.problems) == before:
        cell.report("E102", year=year, item=demanded)
    return YearValue(year=year, value=value, at=cell.at, written=written)


def _report_doubtful(unit: Unit | None, row: Sequence[tuple[Cell, Value]]) -> None:
    """Report what is 0.43 % as typed, but may be meant as 43 %.

    A figure is certain if its cell shows a sign, or if it is above 1. W146 for each that the
    certain ones do not bear out; where all of a row are small and none is certain, N147 for
    the last of them.
    """
    certain, doubtful = [], []
    for cell, value in row:
        if not isinstance(value, Known) or not value.value or cell.raw is None:
            continue
        number = value.value
        if abs(number) > 1 or shown_sign(cell.raw, number):
            certain.append(number)
        elif may_be_ratio(number, unit):
            doubtful.append((cell, number))
    is_small_row = not certain and len(doubtful) > 1
    for cell, number in doubtful[-1:] if is_small_row else doubtful:
        if not is_usual(number, certain):
            code = "N147" if is_small_row else "W146"
            cell.report(code, found=number_text(number), other=number_text(number * PERCENT))


def _called(figure: Figure) -> str:
    component = figure.component.text
    return f"{figure.item.text}（{component}）" if component else figure.item.text


def read_targets(
    source: Source, kpis: Codes, kept: Collection[str], milestones: Mapping[str, tuple[Stage, ...]]
) -> tuple[Target, ...]:
    """目標值: one target for each year that is filled in, of the KPIs that were kept.

    ``milestones``: the stages that a KPI's targets may name, by its code.
    """
    targets = []
    seen: dict[str, Cell] = {}
    for row in source.rows(TARGETS):
        cell = row.cell("KPI代碼")
        kpi = kpis.refer(cell)
        if kpi is None:
            continue
        first = seen.setdefault(kpi, cell)
        if first is not cell:
            cell.report("E106", found=kpi, first=first.at.cell)
            continue
        basis = read_remark(row.cell("依據"))
        stages = milestones.get(kpi, ())
        goals = (
            (year, read_target(row.year_cell(year, f"{year}年 {kpi}"), stages))
            for year in row.table.years
        )
        if kpi not in kept:
            continue
        targets += [
            Target(kpi=kpi, year=year, goal=goal, basis=basis, stage=_share(goal.text, stages))
            for year, goal in goals
            if goal.text
        ]
    return tuple(targets)


def _share(goal: str, stages: tuple[Stage, ...]) -> Fraction | None:
    stage = find_goal(goal, stages) if stages else None
    return stage.share if stage else None


def read_lights(source: Source) -> tuple[Light, ...]:
    """燈號: names with the lowest achievement rate that earns them."""
    names = Codes(LIGHTS.name)
    lights = []
    for row in source.rows(LIGHTS):
        rate = row.cell("達成率下限")
        if rate.is_blank:
            rate.report("E101")
        at_least = read_rate(rate, 0, LIGHTS.column("達成率下限").high)
        name = names.declare(row.cell("燈號"))
        if name is not None and at_least is not None:
            lights.append(Light(name=read_text(row.cell("燈號")), at_least=at_least))
    return tuple(lights)


def read_checks(source: Source) -> tuple[CrossCheck, ...]:
    """勾稽規則, not parsed here: the formula language reports on them."""
    rows = [
        CrossCheck(rule=required_text(row.cell("規則")), note=read_remark(row.cell("說明")))
        for row in source.rows(CHECKS)
    ]
    return tuple(row for row in rows if row.rule)


def read_values(source: Source) -> tuple[CoreValue, ...]:
    """經營核心價值, the rows beside or below its picture."""
    rows = [
        CoreValue(name=required_text(row.cell("名稱")), note=read_remark(row.cell("說明")))
        for row in source.rows(VALUES)
    ]
    return tuple(row for row in rows if row.name)


def read_revisions(source: Source) -> tuple[Revision, ...]:
    """修表紀錄, in the sheet's order."""
    revisions = []
    for row in source.rows(REVISIONS):
        cell = row.cell("日期")
        if cell.is_blank:
            cell.report("E101")
        day = read_date(cell)
        item, note = read_remark(row.cell("項目")), required_text(row.cell("修正說明"))
        if day is not None:
            revisions.append(Revision(day=day, item=item, note=note))
    return tuple(revisions)
