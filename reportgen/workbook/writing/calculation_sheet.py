"""試算 as a sheet: a dark band for each KPI, its inputs below."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Final

from openpyxl.formatting.rule import Rule

from reportgen.workbook.schema.cell_refs import column_letters
from reportgen.workbook.schema.sheet_grid import (
    FIRST_ROW,
    HEADING_ROW,
    MARK_ROW,
    PURPOSE_ROW,
    TITLE_ROW,
)
from reportgen.workbook.schema.sheets import CALCULATION_SHEET
from reportgen.workbook.writing import cell_styles
from reportgen.workbook.writing.cell_writer import put_formula, put_text
from reportgen.workbook.writing.live_formulas import (
    BLANK_TEXT,
    FIRST_YEAR_COLUMN,
    LiveFormula,
    calculation_sheet,
)
from reportgen.workbook.writing.page_setup import protect_sheet, set_up_page
from reportgen.workbook.writing.row_heights import estimate_lines, row_height

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from openpyxl.cell.cell import Cell, MergedCell
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

    from reportgen.workbook.writing.live_formulas import Line
    from reportgen.workbook.writing.scorecard_rows import Rows

PURPOSE: Final = (
    "隨填隨算，供核對用：依「關鍵績效指標」的公式與「年度資料」的數字計算。"
    "本表不必填寫，程式也不讀取；正式數字以 reportgen 產製為準。"
)
_Styles = dict[tuple[bool, int, bool, bool], "Cell | MergedCell"]
_WIDTHS: Final = (11, 9, 52, 20, 12)
_YEAR_WIDTH: Final = 15
_NOTE_WIDTH: Final = 46


def write_calculation_sheet(
    book: Workbook, rows: Rows, years: Sequence[int], without: Collection[str]
) -> None:
    """Add the sheet 試算 to the workbook, protected, with its formats.

    ``years`` are the year columns of 年度資料 from left to right, ``without`` the columns of
    關鍵績效指標 that are not written.
    """
    contents = calculation_sheet(rows, years, without)
    page = book.create_sheet(CALCULATION_SHEET)
    last_column = len(contents.headings)
    _write_head(page, contents.headings, contents.state)
    styles: _Styles = {}
    for number, line in enumerate(contents.lines, start=FIRST_ROW):
        _write_line(page, number, line, last_column, styles)
    for column in range(1, last_column + 1):
        width = _YEAR_WIDTH if FIRST_YEAR_COLUMN <= column < last_column else _NOTE_WIDTH
        width = _WIDTHS[column - 1] if column < FIRST_YEAR_COLUMN else width
        page.column_dimensions[column_letters(column)].width = width
    area = (
        f"A{FIRST_ROW}:{column_letters(last_column)}{FIRST_ROW + max(len(contents.lines), 1) - 1}"
    )
    _add_formats(page, area)
    page.auto_filter.ref = f"A{HEADING_ROW}:{area.partition(':')[2]}"
    page.freeze_panes = f"D{FIRST_ROW}"
    page.sheet_view.showGridLines = False
    page.sheet_properties.tabColor = cell_styles.ACCENT
    protect_sheet(page)
    set_up_page(page, f"{HEADING_ROW}:{HEADING_ROW}")


def _write_head(page: Worksheet, headings: Sequence[str], state: str) -> None:
    """Write title, purpose, state and headings above the table, with their styles and heights."""
    for row, content, font in (
        (TITLE_ROW, CALCULATION_SHEET, cell_styles.TITLE),
        (PURPOSE_ROW, PURPOSE, cell_styles.PURPOSE),
        (MARK_ROW, state, cell_styles.STRONG),
    ):
        _write_cell(page.cell(row, 1), content)
        page.cell(row, 1).font = font
    for row, height in ((TITLE_ROW, 26), (PURPOSE_ROW, 18), (MARK_ROW, 20), (HEADING_ROW, 24)):
        page.row_dimensions[row].height = height
        page.cell(row, 1).alignment = cell_styles.ONE_LINE
    for column, heading in enumerate(headings, start=1):
        cell = page.cell(HEADING_ROW, column)
        _write_cell(cell, heading)
        cell.font, cell.fill = cell_styles.HEADING, cell_styles.HEADING_FILL
        cell.alignment, cell.border = cell_styles.HEADING_ALIGNMENT, cell_styles.BOX_BORDER


def _write_line(
    page: Worksheet, number: int, line: Line, last_column: int, styles: _Styles
) -> None:
    """Write a line with styles, hidden or with the height of its longest text.

    Styles are copied from ``styles``, where the first cell of each kind is stored.
    """
    for column, content in enumerate(line.cells, start=1):
        cell = page.cell(number, column)
        _write_cell(cell, content)
        style_key = (line.kind == "KPI", column, line.is_percentage, bool(line.longest_year_text))
        if style_key not in styles:
            _apply_style(cell, column, last_column, line)
            styles[style_key] = cell
        else:  # openpyxl is slow in setting styles one by one
            cell._style = copy(styles[style_key]._style)  # type: ignore[union-attr]
    dimension = page.row_dimensions[number]
    dimension.hidden = line.is_hidden
    if not line.is_hidden:
        dimension.height = row_height(
            estimate_lines(content, width)
            for content, width in (
                (line.cells[2], _WIDTHS[2]),
                (line.cells[3], _WIDTHS[3]),
                (line.longest_note, _NOTE_WIDTH),
                (line.longest_year_text, _YEAR_WIDTH),
            )
        )


def _apply_style(cell: Cell | MergedCell, column: int, last_column: int, line: Line) -> None:
    """Set font, fill, border, alignment and format of a cell by its column and its line."""
    is_kpi = line.kind == "KPI"
    cell.font = cell_styles.STRONG if is_kpi and column < last_column else cell_styles.BODY
    if not is_kpi and column <= 2:
        cell.font = cell_styles.PURPOSE
    cell.border = cell_styles.ROW_RULE
    if is_kpi:
        cell.fill = cell_styles.BAND_FILL
    cell.alignment = cell_styles.WRAPPED
    if FIRST_YEAR_COLUMN <= column < last_column:
        cell.alignment = (
            cell_styles.NUMERIC_WORDS if line.longest_year_text else cell_styles.NUMERIC
        )
        if line.is_percentage:
            cell.number_format = "0.00####%"
    elif column in {1, 2, 5}:
        cell.alignment = cell_styles.CENTRED


def _write_cell(cell: Cell | MergedCell, content: str) -> None:
    """Write a live formula as such; anything else is text, whatever it looks like."""
    if isinstance(content, LiveFormula):
        put_formula(cell, str(content))
    else:
        put_text(cell, content)


def _add_formats(page: Worksheet, area: str) -> None:
    """Add the conditional formats: for ✗, for blank figures, and for whole numbers."""
    cell = area.partition(":")[0]
    whole_number_format = cell_styles.whole_number_format()
    formats = (
        (f'LEFT({cell},1)="✗"', cell_styles.fault_format()),
        (f'{cell}="{BLANK_TEXT}"', cell_styles.missing_format()),
        (
            f"AND(ISNUMBER({cell}),IFERROR(INT({cell})={cell},FALSE),ABS({cell})>=1000)",
            whole_number_format,
        ),
    )
    for formula, cell_format in formats:
        rule = Rule(type="expression", dxf=cell_format, formula=[formula])
        page.conditional_formatting.add(area, rule)
