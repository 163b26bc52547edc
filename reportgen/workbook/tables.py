"""A sheet as a table: headings found by name, rows as cells by column name.

Staff put titles above the headings, insert rows and columns, and reorder both. White
space and width of characters never decide; positions never do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from reportgen.model import CellRef
from reportgen.names import name_key, nearest
from reportgen.problems import Location, make
from reportgen.workbook.asides import aside
from reportgen.workbook.cells import MAX_TEXT, Cell, hints, is_blank
from reportgen.workbook.days import parse_common_year, parse_year
from reportgen.workbook.declare import Kind
from reportgen.workbook.places import cell_name, column_letters
from reportgen.workbook.spreadsheet import Stored
from reportgen.workbook.texts import clean_text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from reportgen.problems import Problem
    from reportgen.workbook.declare import Column, Sheet
    from reportgen.workbook.places import Area
    from reportgen.workbook.spreadsheet import RawSheet

MAX_ROWS: Final = 5_000  # of one sheet; the largest scorecards have some hundreds
HEADING_ROWS: Final = 50  # the headings are looked for in this many filled rows
MAX_HEADING: Final = 4  # rows that a heading spans

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
    last_heading_row: int  # the same, but where headings are merged over several rows
    columns: dict[str, int]  # name → column number
    years: dict[int, int]  # ROC year → column number, in the sheet's order
    covered: dict[tuple[int, int], Area]  # by merged areas, but for their top left cells
    problems: list[Problem]

    def rows(self) -> Iterator[Row]:
        """The rows below the headings in which one of the known columns is filled.

        A remark below the table, a line of totals and headings that are repeated are left
        out, with a notice.
        """
        known = sorted({*self.columns.values(), *self.years.values()})
        found = 0
        for number in sorted(self.raw.rows):
            if number <= self.last_heading_row:
                continue
            row = self.raw.rows[number]
            cells = {
                column: None if (number, column) in self.covered else row.get(column)
                for column in known
            }
            if all(map(is_blank, cells.values())):
                continue
            looks_like = aside(self, cells)
            if looks_like:
                chinese, english = looks_like
                where = Location(sheet=self.raw.name, cell=f"A{number}")
                words = {"row": number, "found": chinese, "found_en": english}
                self.problems.append(make("N140", where, **words))
                continue
            found += 1
            if found > MAX_ROWS:
                where = Location(sheet=self.raw.name, cell=f"A{number}")
                self.problems.append(make("E129", where, most=f"{MAX_ROWS:,}"))
                return
            yield Row(self, number)

    def cell(self, row: int, column: int | None, label: str, kind: Column | None) -> Cell:
        """A cell by its place; within a merged area only the top left one counts."""
        at = CellRef(sheet=self.raw.name, cell=cell_name(row, column or 1))
        most = MAX_TEXT if kind is None else kind.most
        area = None if column is None else self.covered.get((row, column))
        if column is None:
            return Cell(at, None, label, self.problems, most=most)
        if area is None:
            raw = self.raw.rows.get(row, {}).get(column)
            return Cell(at, raw, label, self.problems, most=most)
        raw = self.raw.rows.get(area.top, {}).get(area.left)
        if kind is not None and raw is not None and kind.kind in _SINGLE:
            first = cell_name(area.top, area.left)
            return Cell(at, None, label, self.problems, covered_by=first, most=most)
        if kind is None or raw is None or area.top <= self.last_heading_row:
            return Cell(at, None, label, self.problems, most=most)
        spans = column == area.left
        return Cell(at, raw if spans else None, label, self.problems, most=most)

    def heading(self, year: int) -> CellRef:
        """The heading cell of a year."""
        return CellRef(sheet=self.raw.name, cell=cell_name(self.heading_row, self.years[year]))


def find_table(raw: RawSheet, sheet: Sheet, problems: list[Problem]) -> Table | None:
    """The table of a sheet, or None (and the problems) where its headings are missing."""
    names = {name_key(column.name): column.name for column in sheet.columns}
    heading_row = _heading_row(raw, names)
    last = _last_heading_row(raw, heading_row, names)
    columns: dict[str, int] = {}
    years: dict[int, int] = {}
    unknown: dict[str, int] = {}
    headings = _headings(raw, heading_row, last)
    strays = _stray_numbers(text for _, text in headings.values())
    for column, (row, text) in sorted(headings.items()):
        where = Location(sheet=raw.name, cell=cell_name(row, column))
        name = names.get(name_key(text))
        year = parse_year(text) if sheet.years and name is None and text not in strays else None
        if (name in columns) or (year in years):
            first = columns[name] if name is not None else years[year or 0]
            first_cell = cell_name(headings[first][0], first)
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
        last_heading_row=last,
        columns=columns,
        years=years,
        covered=_covered(raw),
        problems=problems,
    )
    _report_lost_headings(table)
    if sheet.years:
        _report_common_years(table, unknown)
    complete = _report_missing(table, unknown)
    _report_unknown(table, unknown)
    if complete:
        _report_nameless(table, headings.keys())
    _report_hidden(table)
    return table if complete else None


def _covered(raw: RawSheet) -> dict[tuple[int, int], Area]:
    return {
        (row, column): area
        for area in raw.merged
        for row in range(area.top, area.bottom + 1)
        for column in range(area.left, area.right + 1)
        if (row, column) != (area.top, area.left)
    }


def _headings(raw: RawSheet, first: int, last: int) -> dict[int, tuple[int, str]]:
    """The heading of each column and its row: of several, the one that stands lowest."""
    return {
        column: (row, text)
        for row in range(first, last + 1)
        for column, text in _texts(raw, row).items()
    }


def _stray_numbers(headings: Iterable[str]) -> frozenset[str]:
    """Return the bare numbers that are no years beside the others: 12 beside 103, 104 and 105."""
    years = {text: year for text in headings if (year := parse_year(text)) is not None}
    usual = sorted(year for year in years.values() if year >= _USUAL) or sorted(years.values())
    return frozenset(
        text
        for text, year in years.items()
        if name_key(text).isdecimal() and abs(year - usual[len(usual) // 2]) > _FAR
    )


_USUAL: Final = 50  # the first year that is no number of months, or the like
_FAR: Final = 30  # years


def _last_heading_row(raw: RawSheet, row: int, names: dict[str, str]) -> int:
    """The last row of the headings: where 資料項 is merged downwards, years stand below 年度."""
    texts = _texts(raw, row)
    merged = [
        area.bottom
        for area in raw.merged
        if area.top == row
        and area.bottom < row + MAX_HEADING
        and name_key(texts.get(area.left, "")) in names
    ]
    return max(merged, default=row)


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


def _report_lost_headings(table: Table) -> None:
    """E114 or E115 for a heading that is a formula without a result, or with an error."""
    for row in range(table.heading_row, table.last_heading_row + 1):
        for column, raw in sorted(table.raw.rows.get(row, {}).items()):
            at = CellRef(sheet=table.raw.name, cell=cell_name(row, column))
            cell = Cell(at, raw, "欄名", table.problems)
            if raw.stored is Stored.UNCACHED:
                cell.report("E114")
            elif raw.stored is Stored.ERROR:
                cell.report("E115", found=raw.content)


def _report_common_years(table: Table, unknown: dict[str, int]) -> None:
    """E139 for a heading such as 2016, where 105 is no heading of another column."""
    for text, column in tuple(unknown.items()):
        year = parse_common_year(text)
        if year is not None and year not in table.years:
            where = Location(sheet=table.raw.name, cell=cell_name(table.last_heading_row, column))
            table.problems.append(make("E139", where, found=text, meant=year))
            del unknown[text]


def _report_nameless(table: Table, named: Collection[int]) -> None:
    """N139 for a column with contents and no heading; what a merged area covers has none."""
    below = [row for row in sorted(table.raw.rows) if row > table.last_heading_row]
    first: dict[int, int] = {}
    for row in below:
        for column in table.raw.rows[row].keys() - named:
            first.setdefault(column, row)
    for column, row in sorted(first.items()):
        where = Location(sheet=table.raw.name, cell=cell_name(row, column))
        table.problems.append(make("N139", where, found=column_letters(column)))


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
