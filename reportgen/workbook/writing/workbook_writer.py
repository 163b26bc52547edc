"""The writer: from rows to a workbook that planning staff fill in.

Titles and headings are protected without a password, everything else is open, rows and
columns may be inserted. Validations and conditional formats are written afresh each time:
openpyxl drops some that Excel stores as extensions. The same rows give the same bytes.
"""

from __future__ import annotations

from copy import copy
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from openpyxl import Workbook
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.dimensions import ColumnDimension

from reportgen.model.scorecard import RocDate
from reportgen.workbook.reading.number_parsing import format_number
from reportgen.workbook.schema.cell_refs import column_letters
from reportgen.workbook.schema.declarations import Kind
from reportgen.workbook.schema.milestone_rows import stages_by_row
from reportgen.workbook.schema.sheet_grid import (
    FIRST_ROW,
    HEADING_ROW,
    MARK_ROW,
    MAX_COLUMNS,
    PURPOSE_ROW,
    TITLE_ROW,
    grid_columns,
)
from reportgen.workbook.schema.sheets import BASICS, DATA, ITEMS, KPIS, SHEETS
from reportgen.workbook.writing import cell_styles
from reportgen.workbook.writing.calculation_sheet import write_calculation_sheet
from reportgen.workbook.writing.cell_writer import put_number, put_text
from reportgen.workbook.writing.data_validation import add_validations_and_formats
from reportgen.workbook.writing.deterministic_zip import place_pictures, save_deterministic
from reportgen.workbook.writing.dropdown_lists import defined_names, write_dropdown_lists
from reportgen.workbook.writing.instructions_sheet import write_instructions
from reportgen.workbook.writing.page_setup import protect_sheet, set_up_page
from reportgen.workbook.writing.row_heights import estimate_lines, row_height
from reportgen.workbook.writing.scorecard_rows import Percentage, year_columns

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path
    from typing import BinaryIO

    from openpyxl.cell.cell import Cell, MergedCell
    from openpyxl.styles.cell_style import StyleArray
    from openpyxl.worksheet.worksheet import Worksheet

    from reportgen.model.scorecard import Picture
    from reportgen.workbook.schema.declarations import Sheet
    from reportgen.workbook.schema.sheet_grid import GridColumn
    from reportgen.workbook.writing.scorecard_rows import Content, Row, Rows

    _Stylable = Cell | MergedCell | ColumnDimension

MAX_EXACT_DIGITS: Final = 15  # Excel keeps no more; longer numbers are written as text
_TEXT_KINDS: Final = frozenset({Kind.CODE, Kind.REFERENCE, Kind.REFERENCES, Kind.DATE, Kind.TARGET})
_CENTRED_KINDS: Final = frozenset(
    {Kind.CODE, Kind.REFERENCE, Kind.REFERENCES, Kind.CHOICE, Kind.INTEGER}
)


def write_rows(
    rows: Rows,
    target: BinaryIO | Path,
    *,
    modified: RocDate,
    years: Sequence[int] = (),
    pictures: Sequence[Picture] = (),
    on_request: bool = False,
) -> None:
    """Write a workbook that holds these rows; sheets without rows are written to be filled in.

    ``on_request`` adds the sheets, columns and items that are otherwise written only if rows fill
    them.

    ``years`` are the year columns in their order; other years that the rows hold come after
    them. ``modified`` stands for the time of writing, so that the same rows give the same
    bytes. Raises ValueError for a figure without a finite decimal form, and OSError if ``target``
    cannot be written.
    """
    book = Workbook()
    book.remove(book.worksheets[0])
    all_years = tuple(dict.fromkeys((*years, *year_columns(rows))))
    sheets = [
        sheet for sheet in SHEETS if on_request or not sheet.on_request or rows.get(sheet.name)
    ]
    write_instructions(book, sheets)
    for sheet in sheets:
        contents = _rows_to_write(sheet, rows.get(sheet.name, ()), on_request)
        fields = grid_columns(
            sheet, all_years, () if on_request else _unfilled_columns(sheet, contents)
        )
        page = book.create_sheet(sheet.name)
        _write_head(page, sheet, fields)
        milestones = stages_by_row(rows) if sheet is DATA else {}
        _write_contents(page, fields, contents, milestones)
        _set_up_sheet(page, sheet, fields)
        add_validations_and_formats(page, sheet, fields, len(contents), milestones)
        if sheet is DATA:
            unfilled = () if on_request else _unfilled_columns(KPIS, rows.get(KPIS.name, ()))
            write_calculation_sheet(book, rows, all_years, unfilled)
    write_dropdown_lists(book)
    for name, reference in defined_names().items():
        book.defined_names[name] = DefinedName(name, attr_text=reference)
    place_pictures(book, pictures)
    descriptions = [picture.description for picture in pictures]
    save_deterministic(book, target, modified, descriptions)


def _rows_to_write(sheet: Sheet, rows: Sequence[Row], on_request: bool) -> Sequence[Row]:
    """Return the rows of a sheet; of 基本資料 all items, with their explanations.

    Items on request are left out unless they are filled, or ``on_request``.
    """
    if sheet is not BASICS:
        return rows
    contents = {row["項目"]: row.get("內容") for row in rows}
    return [
        {"項目": item.name, "內容": contents.get(item.name), "說明": item.note}
        for item in ITEMS
        if on_request or not item.on_request or contents.get(item.name)
    ]


def _unfilled_columns(sheet: Sheet, rows: Sequence[Row]) -> frozenset[str]:
    """Return the columns on request that no row fills."""
    return frozenset(
        column.name
        for column in sheet.columns
        if column.on_request and not any(row.get(column.name) for row in rows)
    )


def _write_head(page: Worksheet, sheet: Sheet, fields: Sequence[GridColumn]) -> None:
    """Write title, purpose, marks and headings; year headings can be edited, for a new column."""
    for row, text, font in (
        (TITLE_ROW, sheet.name, cell_styles.TITLE),
        (PURPOSE_ROW, sheet.purpose, cell_styles.PURPOSE),
    ):
        put_text(page.cell(row, 1), text)
        page.cell(row, 1).font = font
    for row, height in ((TITLE_ROW, 26), (PURPOSE_ROW, 18), (MARK_ROW, 16), (HEADING_ROW, 24)):
        page.row_dimensions[row].height = height
    for field in fields:
        mark = page.cell(MARK_ROW, field.number)
        put_text(mark, field.required_mark)
        mark.font, mark.alignment = cell_styles.MARK, cell_styles.HEADING_ALIGNMENT
        heading = page.cell(HEADING_ROW, field.number)
        if isinstance(field.heading, int):
            put_number(heading, field.heading)
        else:
            put_text(heading, field.heading)
        heading.font, heading.fill = cell_styles.HEADING, cell_styles.HEADING_FILL
        heading.alignment, heading.border = cell_styles.HEADING_ALIGNMENT, cell_styles.BOX_BORDER
        if field.is_year:
            heading.protection = cell_styles.UNLOCKED
    for row in (TITLE_ROW, PURPOSE_ROW):
        page.cell(row, 1).alignment = cell_styles.ONE_LINE


def _write_contents(
    page: Worksheet,
    fields: Sequence[GridColumn],
    rows: Sequence[Row],
    multiline_rows: Collection[int],
) -> None:
    """Write the rows from FIRST_ROW on, with styles and estimated heights.

    The years' cells of the row numbers in ``multiline_rows`` take several lines.
    """
    styles: dict[int, StyleArray] = {}  # by column
    for number, row in enumerate(rows, start=FIRST_ROW):
        lines = []
        for field in fields:
            cell = page.cell(number, field.number)
            if field.number not in styles:  # openpyxl is slow in setting styles one by one
                _apply_style(cell, field)
                styles[field.number] = copy(cell._style)  # type: ignore[union-attr]
            cell._style = copy(styles[field.number])  # type: ignore[union-attr]
            _write_content(cell, row.get(field.heading))
            lines.append(estimate_lines(cell.value, field.column.width))
            if field.is_year and number in multiline_rows:
                cell.alignment = cell_styles.NUMERIC_WORDS
            if page.title == BASICS.name and field.heading != "內容":
                cell.protection, cell.fill = cell_styles.LOCKED, cell_styles.FIXED_FILL
                cell.font = cell_styles.STRONG if field.heading == "項目" else cell_styles.PURPOSE
        page.row_dimensions[number].height = row_height(lines)


def _apply_style(cell: _Stylable, field: GridColumn) -> None:
    """Set font, protection, alignment and format of an input cell or column by its kind."""
    kind = field.column.kind
    cell.font = cell_styles.BODY
    cell.protection = cell_styles.UNLOCKED
    cell.alignment = cell_styles.WRAPPED
    if kind in _CENTRED_KINDS:
        cell.alignment = cell_styles.CENTRED
    elif kind in {Kind.FIGURE, Kind.NUMBER, Kind.RATE, Kind.TARGET}:
        cell.alignment = cell_styles.NUMERIC
    if kind in _TEXT_KINDS:  # Excel must not make 2005 of 105-12-25, nor 0.9 of 90%
        cell.number_format = cell_styles.TEXT_FORMAT
    elif kind is Kind.RATE:
        cell.number_format = "0%"


def _write_content(cell: Cell | MergedCell, content: Content) -> None:
    """Write a content into a cell, formatted such that it is read back unchanged.

    None leaves the cell blank. Raises ValueError for a figure without a finite decimal form.
    """
    if isinstance(content, RocDate):
        put_text(cell, content.edition)
        cell.number_format = cell_styles.TEXT_FORMAT
    elif isinstance(content, str):
        put_text(cell, content)
    elif isinstance(content, Percentage):
        shown = format_number(content.ratio, percent=True)
        _put_number(cell, content.ratio, shown)
        decimals = shown.rstrip("%").partition(".")[2]
        if cell.data_type == "n":
            cell.number_format = f"0.{'0' * len(decimals)}%" if decimals else "0%"
    elif content is not None:
        _put_number(cell, Fraction(content), format_number(Fraction(content)))


def _put_number(cell: Cell | MergedCell, number: Fraction, digits: str) -> None:
    """Write a number, or its digits as text if Excel would not keep them all."""
    if len(format_number(number).strip("-0").replace(".", "")) > MAX_EXACT_DIGITS:
        put_text(cell, digits)
    else:
        put_number(cell, number)


def _set_up_sheet(page: Worksheet, sheet: Sheet, fields: Sequence[GridColumn]) -> None:
    """Set column widths and styles, frozen panes, protection and page setup of a sheet."""
    for field in fields:
        dimension = page.column_dimensions[field.letter]
        dimension.width = field.column.width
        _apply_style(dimension, field)
    first_free = len(fields) + 1
    name = column_letters(first_free)
    free_columns = ColumnDimension(page, index=name, min=first_free, max=MAX_COLUMNS, width=14)
    free_columns.font, free_columns.protection, free_columns.alignment = (
        cell_styles.BODY,
        cell_styles.UNLOCKED,
        cell_styles.WRAPPED,
    )
    page.column_dimensions[name] = free_columns
    page.freeze_panes = f"{column_letters(sheet.frozen_columns + 1)}{FIRST_ROW}"
    page.sheet_view.showGridLines = False
    page.sheet_view.zoomScale = 100
    protect_sheet(page)
    set_up_page(page, f"{HEADING_ROW}:{HEADING_ROW}")
