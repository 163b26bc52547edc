"""Reading of the sheets whose rows are independent: figures, targets, lights, rules, revisions."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from reportgen.formula import parse_unit
from reportgen.formula.milestones import find_target_stage
from reportgen.model.missing_symbols import MissingReason
from reportgen.model.scorecard import (
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
from reportgen.problems import Location, make_problem
from reportgen.text.name_matching import name_key
from reportgen.workbook.reading.cell_reader import (
    displayed_sign,
    hint_fields,
    read_date,
    read_figure,
    read_rate,
    read_remark,
    read_target,
    read_text,
    report_percentages,
)
from reportgen.workbook.reading.number_parsing import format_number
from reportgen.workbook.reading.workbook_source import Codes, required_text
from reportgen.workbook.schema.milestone_rows import read_stage
from reportgen.workbook.schema.percent_units import PERCENT, is_plausible_in_row, may_be_ratio
from reportgen.workbook.schema.sheets import CHECKS, LIGHTS, REVISIONS, TARGETS, VALUES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from fractions import Fraction

    from reportgen.formula import Unit
    from reportgen.formula.milestones import Stage
    from reportgen.model.scorecard import CellRef, Text, Value
    from reportgen.problems import Problem
    from reportgen.workbook.reading.cell_reader import Cell
    from reportgen.workbook.reading.table_reader import Row, Table
    from reportgen.workbook.reading.workbook_source import WorkbookSource


class DataRow(NamedTuple):
    """A row of 年度資料 whose names have been read."""

    row: Row
    item: Text
    component: Text


def read_names(table: Table) -> tuple[DataRow, ...]:
    """Return the rows of 年度資料 with their names, which formulas refer to.

    A blank 資料項 is reported. Figures are not read yet: :func:`read_data` does.
    """
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
    """Return the figures of these rows of 年度資料; the problems are added to ``table``.

    A blank figure of the data year is an error in a final edition (E102), counted in a draft
    (N149). E104 if the data year has no column, W145 for years left out, W153 for years out of
    order, E116 for a repeated row, which is left out. ``milestones`` are the stages that the cells
    of an item may name, by the item's key.
    """
    if data_year is not None and data_year not in table.years:
        location = Location(sheet=table.raw.name, cell=f"A{table.heading_row}")
        hint = hint_fields(f"「{data_year}」即資料年度。", "It is the data year.")
        table.problems.append(make_problem("E104", location, found=data_year, **hint))
    if table.years:
        missing_years = set(range(min(table.years), max(table.years))) - table.years.keys()
        location = Location(sheet=table.raw.name, cell=f"A{table.heading_row}")
        table.problems.extend(
            make_problem("W145", location, found=year) for year in sorted(missing_years)[:9]
        )
    table.problems.extend(_unordered_years(table))
    required_year = data_year if status is DataStatus.FINAL else None
    seen: dict[tuple[str, str], CellRef] = {}
    figures = []
    for row in rows:
        figure = _read_figure(row, required_year, milestones)
        identity = (name_key(figure.item.text), name_key(figure.component.text))
        first = seen.setdefault(identity, figure.at)
        if first is not figure.at:
            row.row.cell("資料項").report("E116", found=_figure_name(figure), first=first.cell)
        elif figure.item.text:
            figures.append(figure)
    if data_year is not None and status is DataStatus.DRAFT:
        table.problems.extend(_blank_in_data_year(figures, data_year))
    if data_year is not None and status is DataStatus.FINAL:
        table.problems.extend(_lost_figures(figures, data_year, table.problems))
    return tuple(figures)


def _blank_in_data_year(figures: Iterable[Figure], data_year: int) -> Iterator[Problem]:
    """Yield N149 with the number of figures that a final edition still needs."""
    blank = Missing(reason=MissingReason.BLANK)
    values = (value for figure in figures for value in figure.values if value.year == data_year)
    cells = [value.at for value in values if value.value == blank]
    if cells:
        location = Location(sheet=cells[0].sheet, cell=cells[0].cell)
        yield make_problem("N149", location, found=len(cells), year=data_year)


def _lost_figures(
    figures: Sequence[Figure], data_year: int, problems: Sequence[Problem]
) -> list[Problem]:
    """Return W164 for blank past years of rows that had figures before, or whose peers have.

    Peers are the components of the same item, or all rows of the year. Other blank first years
    are ordinary: the row is new. Cells that have been reported already are left out.
    """
    reported = {(problem.where.sheet, problem.where.cell) for problem in problems}
    blank_rows = Counter(
        value.year for figure in figures for value in figure.values if _is_blank(value)
    )
    filled_components = {
        (name_key(figure.item.text), value.year)
        for figure in figures
        for value in figure.values
        if figure.component.text and not _is_blank(value)
    }
    lost_problems = []
    for figure in figures:
        past = [value for value in figure.values if value.year < data_year]
        filled = [value.year for value in figure.values if not _is_blank(value)]
        lost_values = [
            value
            for value in past
            if _is_blank(value)
            and (value.at.sheet, value.at.cell) not in reported
            and (
                (filled and min(filled) < value.year)
                or (name_key(figure.item.text), value.year) in filled_components
                or (blank_rows[value.year] == 1 and len(figures) > _TOO_FEW_ROWS)
            )
        ]
        if lost_values:
            location = Location(sheet=lost_values[0].at.sheet, cell=lost_values[0].at.cell)
            years = "、".join(str(value.year) for value in lost_values)
            cells = "、".join(value.at.cell for value in lost_values)
            lost_problems.append(
                make_problem("W164", location, item=_figure_name(figure), found=years, cells=cells)
            )
    return lost_problems


_TOO_FEW_ROWS: Final = 3  # so few rows prove nothing about a whole year


def _is_blank(value: YearValue) -> bool:
    """Return whether the cell of a figure is blank, which is not the same as a symbol for a gap."""
    return value.value == Missing(reason=MissingReason.BLANK)


def _unordered_years(table: Table) -> Iterator[Problem]:
    """Yield W153 at the first year that stands behind a later one, unless all years descend.

    Headings that were exchanged without their columns would give each year the other's figures.
    """
    years = sorted(table.years, key=table.years.__getitem__)
    if years == sorted(years, reverse=True):
        return
    for before, year in pairwise(years):
        if year < before:
            at = table.heading(year)
            where = Location(sheet=at.sheet, cell=at.cell)
            yield make_problem("W153", where, found="、".join(map(str, years)), year=year)
            return


def _read_figure(
    data_row: DataRow, required_year: int | None, milestones: Mapping[str, tuple[Stage, ...]]
) -> Figure:
    """Return the figure of a row with the value of each year.

    Report doubtful units and percentages. A blank cell of ``required_year`` is reported.
    """
    row, item, component = data_row
    name = f"{item.text}（{component.text}）" if component.text else item.text
    unit = read_text(row.cell("單位"))
    parsed_unit = parse_unit(unit.text)
    cells = {year: row.year_cell(year, f"{year}年 {name}") for year in row.table.years}
    stages = () if component.text else milestones.get(name_key(item.text), ())
    values = tuple(
        _year_value(
            cell,
            parsed_unit,
            stages,
            year=year,
            required_name=name if year == required_year else "",
        )
        for year, cell in cells.items()
    )
    row_cells = [(cells[year_value.year], year_value.value) for year_value in values]
    _report_small_figures(parsed_unit, row_cells)
    if not stages:
        report_percentages(row_cells, parsed_unit)
    return Figure(
        item=item,
        component=component,
        unit=unit,
        values=values,
        source=read_remark(row.cell("資料來源")),
        note=read_remark(row.cell("備註")),
        at=item.at,
        is_milestone=bool(stages),
        provider=read_text(row.cell("填報單位")) or None,
    )


def _year_value(
    cell: Cell, unit: Unit | None, stages: tuple[Stage, ...], *, year: int, required_name: str
) -> YearValue:
    """Return the value of a cell in a year.

    A blank one is E102 if ``required_name`` is not empty, unless another problem was reported.
    """
    problem_count = len(cell.problems)
    value, stage_text = read_stage(cell, unit, stages) if stages else (read_figure(cell, unit), "")
    is_blank = value == Missing(reason=MissingReason.BLANK)
    if is_blank and required_name and len(cell.problems) == problem_count:
        cell.report("E102", year=year, item=required_name)
    return YearValue(year=year, value=value, at=cell.at, written=stage_text)


def _report_small_figures(unit: Unit | None, row: Sequence[tuple[Cell, Value]]) -> None:
    """Report figures such as 0.43 in a row of %, which may be meant as 43 %.

    A figure is certain if its cell shows a sign, or if it is above 1. W146 for each figure that
    the certain ones do not support; if all figures of a row are small and none is certain, N147
    for the last of them.
    """
    certain, doubtful = [], []
    for cell, value in row:
        if not isinstance(value, Known) or not value.value or cell.raw is None:
            continue
        number = value.value
        if abs(number) > 1 or displayed_sign(cell.raw, number):
            certain.append(number)
        elif may_be_ratio(number, unit):
            doubtful.append((cell, number))
    is_small_row = not certain and len(doubtful) > 1
    for cell, number in doubtful[-1:] if is_small_row else doubtful:
        if not is_plausible_in_row(number, certain):
            code = "N147" if is_small_row else "W146"
            cell.report(code, found=format_number(number), other=format_number(number * PERCENT))


def _figure_name(figure: Figure) -> str:
    """Return the name of a figure: its item, and its component in brackets."""
    component = figure.component.text
    return f"{figure.item.text}（{component}）" if component else figure.item.text


def read_targets(
    source: WorkbookSource,
    kpis: Codes,
    valid_kpis: Collection[str],
    milestones: Mapping[str, tuple[Stage, ...]],
) -> tuple[Target, ...]:
    """Return the targets of 目標值: one for each year that is filled in, of ``valid_kpis`` only.

    ``kpis`` are all declared codes, by which a row is found; E106 for a KPI's second row, which
    is left out. ``milestones`` are the stages that a KPI's targets may name, by its code.
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
        if kpi not in valid_kpis:
            continue
        targets += [
            Target(
                kpi=kpi, year=year, goal=goal, basis=basis, stage=_stage_share(goal.text, stages)
            )
            for year, goal in goals
            if goal.text
        ]
    return tuple(targets)


def _stage_share(goal: str, stages: tuple[Stage, ...]) -> Fraction | None:
    """Return the share (0–1) of the stage that a target names; None if it names none."""
    stage = find_target_stage(goal, stages) if stages else None
    return stage.share if stage else None


def read_lights(source: WorkbookSource) -> tuple[Light, ...]:
    """Return the lights of 燈號, each with the lowest achievement rate that earns it.

    A row without a name or a rate that can be read is reported and left out.
    """
    names = Codes(LIGHTS.name)
    lights = []
    for row in source.rows(LIGHTS):
        rate = row.cell("達成率下限")
        if rate.is_blank:
            rate.report("E101")
        at_least = read_rate(rate, 0, LIGHTS.column("達成率下限").maximum)
        name = names.declare(row.cell("燈號"))
        if name is not None and at_least is not None:
            lights.append(Light(name=read_text(row.cell("燈號")), at_least=at_least))
    return tuple(lights)


def read_checks(source: WorkbookSource) -> tuple[CrossCheck, ...]:
    """Return the rules of 勾稽規則; a blank one is reported and left out.

    The formula language parses them later, and reports on them.
    """
    rows = [
        CrossCheck(rule=required_text(row.cell("規則")), note=read_remark(row.cell("說明")))
        for row in source.rows(CHECKS)
    ]
    return tuple(row for row in rows if row.rule)


def read_values(source: WorkbookSource) -> tuple[CoreValue, ...]:
    """Return the rows of 經營核心價值, which stand beside or below its picture.

    A row without a name is reported and left out.
    """
    rows = [
        CoreValue(name=required_text(row.cell("名稱")), note=read_remark(row.cell("說明")))
        for row in source.rows(VALUES)
    ]
    return tuple(row for row in rows if row.name)


def read_revisions(source: WorkbookSource) -> tuple[Revision, ...]:
    """Return the dated entries of 修表紀錄, in the order of the sheet.

    An entry without a date that can be read is reported (E101 if blank) and left out.
    """
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
