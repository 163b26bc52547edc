"""A sheet as a table: headings found by name, rows as cells by column name.

Staff put titles above the headings, insert rows and columns, and reorder both. White
space and width of characters never decide; positions never do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from reportgen.model.scorecard import CellRef
from reportgen.problems import Location, make_problem
from reportgen.text.name_matching import closest_name, name_key
from reportgen.workbook.reading.cell_reader import MAX_TEXT_CHARS, Cell, hint_fields, is_blank
from reportgen.workbook.reading.non_data_rows import classify_non_data_row
from reportgen.workbook.reading.raw_cells import StoredType
from reportgen.workbook.reading.roc_dates import parse_western_year, parse_year
from reportgen.workbook.reading.text_cleaning import clean_text
from reportgen.workbook.schema.cell_refs import cell_name, column_letters
from reportgen.workbook.schema.declarations import Kind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from reportgen.problems import Problem
    from reportgen.workbook.reading.raw_cells import RawSheet
    from reportgen.workbook.schema.cell_refs import Area
    from reportgen.workbook.schema.declarations import Column, Sheet

MAX_ROWS: Final = 5_000  # of one sheet; the largest scorecards have some hundreds
MAX_ROWS_BEFORE_HEADINGS: Final = 50  # number of filled rows that are searched for the headings
MAX_HEADING_ROWS: Final = 4  # rows that a heading spans

# A vertically merged cell applies to every row that it spans, unless that would count a
# figure, or declare a code, twice.
_NEVER_REPEATED: Final = frozenset({Kind.CODE, Kind.FIGURE, Kind.TARGET, Kind.NUMBER})


class Row(NamedTuple):
    """A filled row of a table."""

    table: Table
    number: int

    def cell(self, name: str, label: str = "") -> Cell:
        """Return the cell below the heading ``name``; a blank one if the column is missing.

        ``label`` is what problems call it, ``name`` if empty. Raises KeyError for a column that is
        not declared.
        """
        column = self.table.columns.get(name)
        return self.table.cell(self.number, column, label or name, self.table.sheet.column(name))

    def year_cell(self, year: int, label: str) -> Cell:
        """Return the cell of a year; raises KeyError for a year without a column."""
        return self.table.cell(self.number, self.table.years[year], label, self.table.sheet.years)


class Table(NamedTuple):
    """A sheet whose heading row is known."""

    sheet: Sheet
    raw: RawSheet
    heading_row: int
    last_heading_row: int  # differs if headings are merged over several rows
    columns: dict[str, int]  # name → column number
    years: dict[int, int]  # ROC year → column number, in the sheet's order
    covered_cells: dict[tuple[int, int], Area]  # by merged areas, but for their top left cells
    problems: list[Problem]

    def rows(self) -> Iterator[Row]:
        """Yield the rows below the headings in which one of the known columns is filled.

        A remark below the table, a line of totals and headings that are repeated are left
        out, with a notice (N140). More than MAX_ROWS are E129.
        """
        columns = sorted({*self.columns.values(), *self.years.values()})
        row_count = 0
        for number in sorted(self.raw.rows):
            if number <= self.last_heading_row:
                continue
            row = self.raw.rows[number]
            cells = {
                column: None if (number, column) in self.covered_cells else row.get(column)
                for column in columns
            }
            if all(map(is_blank, cells.values())):
                continue
            non_data = classify_non_data_row(self, cells)
            if non_data:
                chinese, english = non_data
                location = Location(sheet=self.raw.name, cell=f"A{number}")
                fields = {"row": number, "found": chinese, "found_en": english}
                self.problems.append(make_problem("N140", location, **fields))
                continue
            row_count += 1
            if row_count > MAX_ROWS:
                location = Location(sheet=self.raw.name, cell=f"A{number}")
                self.problems.append(make_problem("E129", location, most=f"{MAX_ROWS:,}"))
                return
            yield Row(self, number)

    def cell(self, row: int, column: int | None, label: str, declaration: Column | None) -> Cell:
        """Return a cell by row and column; only the top left one of a merged area has a value.

        An area merged downwards has its value in every row, but not for codes, figures, targets and
        numbers, whose cells know by what they are covered. ``column`` None: the column is missing,
        and the cell blank. ``declaration`` is that of the column, None for none.
        """
        cell_ref = CellRef(sheet=self.raw.name, cell=cell_name(row, column or 1))
        max_chars = MAX_TEXT_CHARS if declaration is None else declaration.max_chars
        area = None if column is None else self.covered_cells.get((row, column))
        if column is None:
            return Cell(cell_ref, None, label, self.problems, max_chars=max_chars)
        if area is None:
            raw = self.raw.rows.get(row, {}).get(column)
            return Cell(cell_ref, raw, label, self.problems, max_chars=max_chars)
        raw = self.raw.rows.get(area.top, {}).get(area.left)
        if declaration is not None and raw is not None and declaration.kind in _NEVER_REPEATED:
            first = cell_name(area.top, area.left)
            return Cell(cell_ref, None, label, self.problems, covered_by=first, max_chars=max_chars)
        if declaration is None or raw is None or area.top <= self.last_heading_row:
            return Cell(cell_ref, None, label, self.problems, max_chars=max_chars)
        is_first_column = column == area.left
        return Cell(
            cell_ref, raw if is_first_column else None, label, self.problems, max_chars=max_chars
        )

    def heading(self, year: int) -> CellRef:
        """Return the heading cell of a year."""
        return CellRef(sheet=self.raw.name, cell=cell_name(self.heading_row, self.years[year]))


def find_table(raw: RawSheet, sheet: Sheet, problems: list[Problem]) -> Table | None:
    """Return the table of a sheet, or None, and problems, if required headings are missing.

    E104: missing, E105: twice, E114 or E115: a formula without result or an error, E139: a
    Western year. Notices: N139 no heading, N152 unknown, N153 hidden.
    """
    names = {name_key(column.name): column.name for column in sheet.columns}
    heading_row = _heading_row(raw, names)
    last_heading_row = _last_heading_row(raw, heading_row, names)
    columns: dict[str, int] = {}
    years: dict[int, int] = {}
    unknown: dict[str, int] = {}
    headings = _headings(raw, heading_row, last_heading_row)
    stray_numbers = _stray_numbers(text for _, text in headings.values())
    for column, (row, text) in sorted(headings.items()):
        location = Location(sheet=raw.name, cell=cell_name(row, column))
        name = names.get(name_key(text))
        year = (
            parse_year(text) if sheet.years and name is None and text not in stray_numbers else None
        )
        if (name in columns) or (year in years):
            first = columns[name] if name is not None else years[year or 0]
            first_cell = cell_name(headings[first][0], first)
            problems.append(make_problem("E105", location, found=text, first=first_cell))
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
        last_heading_row=last_heading_row,
        columns=columns,
        years=years,
        covered_cells=_covered_cells(raw),
        problems=problems,
    )
    _report_lost_headings(table)
    if sheet.years:
        _report_common_years(table, unknown)
    is_complete = _report_missing(table, unknown)
    _report_unknown(table, unknown)
    if is_complete:
        _report_nameless(table, headings.keys())
    _report_hidden(table)
    return table if is_complete else None


def _covered_cells(raw: RawSheet) -> dict[tuple[int, int], Area]:
    """Return the cells that merged areas cover, without their top left ones."""
    return {
        (row, column): area
        for area in raw.merged
        for row in range(area.top, area.bottom + 1)
        for column in range(area.left, area.right + 1)
        if (row, column) != (area.top, area.left)
    }


def _headings(raw: RawSheet, first: int, last: int) -> dict[int, tuple[int, str]]:
    """Return the row and text of each column's heading; the lowest of several counts.

    ``first`` and ``last`` are the rows that the headings span.
    """
    return {
        column: (row, text)
        for row in range(first, last + 1)
        for column, text in _texts_of_row(raw, row).items()
    }


def _stray_numbers(headings: Iterable[str]) -> frozenset[str]:
    """Return the bare numbers that are no years beside the others: 12 beside 103 and 104."""
    years = {text: year for text in headings if (year := parse_year(text)) is not None}
    plausible = sorted(year for year in years.values() if year >= _MIN_PLAUSIBLE_YEAR) or sorted(
        years.values()
    )
    return frozenset(
        text
        for text, year in years.items()
        if name_key(text).isdecimal()
        and abs(year - plausible[len(plausible) // 2]) > _MAX_YEARS_APART
    )


_MIN_PLAUSIBLE_YEAR: Final = 50  # the first year that is no number of months, or the like
_MAX_YEARS_APART: Final = 30  # years


def _last_heading_row(raw: RawSheet, row: int, names: dict[str, str]) -> int:
    """Return the last row of the headings.

    If 資料項 is merged downwards, the years stand below 年度.
    """
    texts = _texts_of_row(raw, row)
    merged = [
        area.bottom
        for area in raw.merged
        if area.top == row
        and area.bottom < row + MAX_HEADING_ROWS
        and name_key(texts.get(area.left, "")) in names
    ]
    return max(merged, default=row)


def _texts_of_row(raw: RawSheet, row: int) -> dict[int, str]:
    """Return the text of each cell of a row by column, cleaned; blank ones are left out."""
    texts = {}
    for column, cell in raw.rows.get(row, {}).items():
        text = cell.content
        if cell.stored is StoredType.NUMBER and text.endswith(".0"):
            text = text[:-2]
        elif cell.stored is StoredType.TEXT:
            text = clean_text(text)[0]
        if text:
            texts[column] = text
    return texts


def _heading_row(raw: RawSheet, names: dict[str, str]) -> int:
    """Return the row with most of the headings ``names``; the first of equals.

    If none has any it is the first filled row. Only the first MAX_ROWS_BEFORE_HEADINGS filled
    rows are searched.
    """
    best, best_count = min(raw.rows, default=1), 0
    for row in sorted(raw.rows)[:MAX_ROWS_BEFORE_HEADINGS]:
        matches = names.keys() & {name_key(text) for text in _texts_of_row(raw, row).values()}
        if len(matches) > best_count:
            best, best_count = row, len(matches)
        if best_count == len(names):
            break
    return best


def _report_missing(table: Table, unknown: dict[str, int]) -> bool:
    """Report E104 for each missing column; return whether the table can be read without them.

    ``unknown`` are headings and their columns, for suggestions.
    """
    is_complete = True
    first_column = min(table.columns.values(), default=1)
    location = Location(sheet=table.raw.name, cell=cell_name(table.heading_row, first_column))
    for column in table.sheet.columns:
        if (column.required or column.needed) and column.name not in table.columns:
            nearest_name = closest_name(column.name, unknown)
            nearest_cell = (
                cell_name(table.heading_row, unknown[nearest_name]) if nearest_name else ""
            )
            hint = hint_fields(
                f"{nearest_cell} 的「{nearest_name}」是否就是這一欄？" if nearest_name else "",
                f"Is it “{nearest_name}” in {nearest_cell}?" if nearest_name else "",
            )
            table.problems.append(make_problem("E104", location, found=column.name, **hint))
            is_complete = False
    return is_complete


def _report_lost_headings(table: Table) -> None:
    """Report E114 or E115 for a heading that is a formula without a result, or with an error."""
    for row in range(table.heading_row, table.last_heading_row + 1):
        for column, raw in sorted(table.raw.rows.get(row, {}).items()):
            cell_ref = CellRef(sheet=table.raw.name, cell=cell_name(row, column))
            cell = Cell(cell_ref, raw, "欄名", table.problems)
            if raw.stored is StoredType.UNCACHED:
                cell.report("E114")
            elif raw.stored is StoredType.ERROR:
                cell.report("E115", found=raw.content)


def _report_common_years(table: Table, unknown: dict[str, int]) -> None:
    """Report E139 for a heading such as 2016, unless another column is headed 105.

    Such a heading is removed from ``unknown``.
    """
    for text, column in tuple(unknown.items()):
        year = parse_western_year(text)
        if year is not None and year not in table.years:
            location = Location(
                sheet=table.raw.name, cell=cell_name(table.last_heading_row, column)
            )
            table.problems.append(make_problem("E139", location, found=text, meant=year))
            del unknown[text]


def _report_nameless(table: Table, named: Collection[int]) -> None:
    """Report N139 once for each column that has contents below the headings, but no heading.

    It is placed at the column's first filled cell. ``named`` holds the columns with a heading,
    known or not. Cells that a merged area covers count as empty.
    """
    below = [row for row in sorted(table.raw.rows) if row > table.last_heading_row]
    first_row: dict[int, int] = {}
    for row in below:
        for column in table.raw.rows[row].keys() - named:
            first_row.setdefault(column, row)
    for column, row in sorted(first_row.items()):
        location = Location(sheet=table.raw.name, cell=cell_name(row, column))
        table.problems.append(make_problem("N139", location, found=column_letters(column)))


def _report_unknown(table: Table, unknown: dict[str, int]) -> None:
    """Report N152 for each heading that is not known."""
    for text, column in unknown.items():
        location = Location(sheet=table.raw.name, cell=cell_name(table.heading_row, column))
        table.problems.append(make_problem("N152", location, found=text))


def _report_hidden(table: Table) -> None:
    """Report N153 for hidden contents, which are read: once for the sheet, rows and columns."""
    raw = table.raw
    if raw.is_hidden:
        chinese, english = "這張工作表", "this sheet is"
        table.problems.append(
            make_problem("N153", Location(sheet=raw.name), found=chinese, found_en=english)
        )
    rows = [row for row in sorted(raw.hidden_rows) if row >= table.heading_row and row in raw.rows]
    if rows:
        listed = "、".join(map(str, rows[:10])) + ("…" if len(rows) > 10 else "")
        location = Location(sheet=raw.name, cell=cell_name(rows[0], 1))
        fields = {"found": f"第 {listed} 列", "found_en": f"row {listed} is"}
        table.problems.append(make_problem("N153", location, **fields))
    known_columns = {*table.columns.values(), *table.years.values()}
    hidden = [
        column
        for column in sorted(known_columns)
        if any(low <= column <= high for low, high in raw.hidden_columns)
    ]
    if hidden:
        listed = "、".join(map(column_letters, hidden))
        location = Location(sheet=raw.name, cell=cell_name(table.heading_row, hidden[0]))
        fields = {"found": f"{listed} 欄", "found_en": f"column {listed} is"}
        table.problems.append(make_problem("N153", location, **fields))
