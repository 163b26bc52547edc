"""A sheet as a table: headings found by name, rows as cells by column name.

Staff put titles above the headings, insert rows and columns, and reorder both. White
space and width of characters never decide; positions never do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from reportgen.model import CellRef
from reportgen.names import name_key, nearest
from reportgen.problems import Location, make
from reportgen.workbook.cells import MAX_TEXT, Cell, hints
from reportgen.workbook.days import parse_year
from reportgen.workbook.declare import Kind
from reportgen.workbook.places import cell_name, column_letters
from reportgen.workbook.spreadsheet import Stored
from reportgen.workbook.texts import clean_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reportgen.problems import Problem
    from reportgen.workbook.declare import Column, Sheet
    from reportgen.workbook.spreadsheet import RawCell, RawSheet

MAX_ROWS: Final = 5_000  # of one sheet; the largest scorecards have some hundreds
HEADING_ROWS: Final = 50  # the headings are looked for in this many filled rows

# A vertically merged cell speaks for every row that it spans, except where that would
# count a figure, or declare a code, twice.
_SINGLE: Final = frozenset({Kind.CODE, Kind.FIGURE, Kind.TARGET, Kind.NUMBER})


class Row(NamedTuple):
    """A filled row of a table."""

    table: Table
    number: int

    def cell(self, name: str, label: str = "") -> Cell:
        """The cell below the heading ``name``; blank where the column is missing."""
        column = self.table.columns.get(name)
        return self.table.cell(self.number, column, label or name, self.table.sheet.column(name))

    def year_cell(self, year: int, label: str) -> Cell:
        """The cell below that year's heading; raises KeyError for a year without a column."""
        return self.table.cell(self.number, self.table.years[year], label, self.table.sheet.years)


class Table(NamedTuple):
    """A sheet whose heading row is known."""

    sheet: Sheet
    raw: RawSheet
    heading_row: int
    columns: dict[str, int]  # name → column number
    years: dict[int, int]  # ROC year → column number, in the sheet's order
    problems: list[Problem]

    def rows(self) -> Iterator[Row]:
        """The rows below the headings in which one of the known columns is filled."""
        known = sorted({*self.columns.values(), *self.years.values()})
        found = 0
        for number in sorted(self.raw.rows):
            if number <= self.heading_row:
                continue
            if any(not self.cell(number, column, "", None).is_blank for column in known):
                found += 1
                if found > MAX_ROWS:
                    where = Location(sheet=self.raw.name, cell=f"A{number}")
                    self.problems.append(make("E129", where, most=f"{MAX_ROWS:,}"))
                    return
                yield Row(self, number)

    def cell(self, row: int, column: int | None, label: str, kind: Column | None) -> Cell:
        """A cell by its place; within a merged area only the top left one counts."""
        at = CellRef(sheet=self.raw.name, cell=cell_name(row, column or 1))
        raw = None if column is None else self._content(row, column, kind)
        most = MAX_TEXT if kind is None else kind.most
        return Cell(at, raw, label, self.problems, most=most)

    def heading(self, year: int) -> CellRef:
        """The heading cell of a year."""
        return CellRef(sheet=self.raw.name, cell=cell_name(self.heading_row, self.years[year]))

    def _content(self, row: int, column: int, kind: Column | None) -> RawCell | None:
        for area in self.raw.merged:
            if area.holds(row, column) and (row, column) != (area.top, area.left):
                spans = kind is not None and kind.kind not in _SINGLE
                if spans and column == area.left and area.top > self.heading_row:
                    return self.raw.rows.get(area.top, {}).get(column)
                return None
        return self.raw.rows.get(row, {}).get(column)


def find_table(raw: RawSheet, sheet: Sheet, problems: list[Problem]) -> Table | None:
    """The table of a sheet, or None (and the problems) where its headings are missing."""
    names = {name_key(column.name): column.name for column in sheet.columns}
    heading_row = _heading_row(raw, names)
    columns: dict[str, int] = {}
    years: dict[int, int] = {}
    unknown: dict[str, int] = {}
    for column, text in sorted(_texts(raw, heading_row).items()):
        where = Location(sheet=raw.name, cell=cell_name(heading_row, column))
        name = names.get(name_key(text))
        year = parse_year(text) if sheet.years and name is None else None
        if (name in columns) or (year in years):
            first = columns[name] if name is not None else years[year or 0]
            first_cell = cell_name(heading_row, first)
            problems.append(make("E105", where, found=text, first=first_cell))
        elif name is not None:
            columns[name] = column
        elif year is not None:
            years[year] = column
        else:
            unknown[text] = column
    table = Table(
        sheet=sheet,
        raw=raw,
        heading_row=heading_row,
        columns=columns,
        years=years,
        problems=problems,
    )
    complete = _report_missing(table, unknown)
    _report_unknown(table, unknown)
    _report_hidden(table)
    return table if complete else None


def _texts(raw: RawSheet, row: int) -> dict[int, str]:
    """The texts of a row, as headings are compared; a number is its own text."""
    texts = {}
    for column, cell in raw.rows.get(row, {}).items():
        text = cell.content
        if cell.stored is Stored.NUMBER and text.endswith(".0"):
            text = text[:-2]
        elif cell.stored is Stored.TEXT:
            text = clean_text(text)[0]
        if text:
            texts[column] = text
    return texts


def _heading_row(raw: RawSheet, names: dict[str, str]) -> int:
    """The row that holds most of the headings; the first of equals, row 1 where none does."""
    best, best_count = min(raw.rows, default=1), 0
    for row in sorted(raw.rows)[:HEADING_ROWS]:
        found = names.keys() & {name_key(text) for text in _texts(raw, row).values()}
        if len(found) > best_count:
            best, best_count = row, len(found)
        if best_count == len(names):
            break
    return best


def _report_missing(table: Table, unknown: dict[str, int]) -> bool:
    """Report each missing column; whether the table can be read without them."""
    complete = True
    start = min(table.columns.values(), default=1)
    where = Location(sheet=table.raw.name, cell=cell_name(table.heading_row, start))
    for column in table.sheet.columns:
        if (column.required or column.needed) and column.name not in table.columns:
            close = nearest(column.name, unknown)
            place = cell_name(table.heading_row, unknown[close]) if close else ""
            words = hints(
                f"{place} 的「{close}」是否就是這一欄？" if close else "",
                f"Is it “{close}” in {place}?" if close else "",
            )
            table.problems.append(make("E104", where, found=column.name, **words))
            complete = False
    return complete


def _report_unknown(table: Table, unknown: dict[str, int]) -> None:
    for text, column in unknown.items():
        where = Location(sheet=table.raw.name, cell=cell_name(table.heading_row, column))
        table.problems.append(make("N152", where, found=text))


def _report_hidden(table: Table) -> None:
    """Hidden contents are used all the same; say so once for the sheet, rows and columns."""
    raw = table.raw
    if raw.hidden:
        found, english = "這張工作表", "this sheet is"
        table.problems.append(make("N153", Location(sheet=raw.name), found=found, found_en=english))
    rows = [row for row in sorted(raw.hidden_rows) if row >= table.heading_row and row in raw.rows]
    if rows:
        listed = "、".join(map(str, rows[:10])) + ("…" if len(rows) > 10 else "")
        where = Location(sheet=raw.name, cell=cell_name(rows[0], 1))
        words = {"found": f"第 {listed} 列", "found_en": f"row {listed} is"}
        table.problems.append(make("N153", where, **words))
    used = {*table.columns.values(), *table.years.values()}
    hidden = [c for c in sorted(used) if any(low <= c <= high for low, high in raw.hidden_columns)]
    if hidden:
        listed = "、".join(map(column_letters, hidden))
        where = Location(sheet=raw.name, cell=cell_name(table.heading_row, hidden[0]))
        words = {"found": f"{listed} 欄", "found_en": f"column {listed} is"}
        table.problems.append(make("N153", where, **words))
