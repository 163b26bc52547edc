"""Write a book with openpyxl: ``python openpyxl_book.py BOOK.json FILE.xlsx [OPTION…]``.

``rows`` write-only; ``iso`` days as ISO 8601; ``1904`` days from 1904; ``table`` tables of Excel;
``list`` a list to choose from and a colour that depends on the figure.
"""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table, TableStyleInfo


def main(source: str, target: str, *options: str) -> None:
    """Write one workbook."""
    book: Any = Workbook(write_only="rows" in options, iso_dates="iso" in options)
    if "1904" in options:
        book.epoch = CALENDAR_MAC_1904
    for sheet in book.worksheets:
        book.remove(sheet)
    for page in json.loads(Path(source).read_text("utf-8"))["sheets"]:
        sheet = book.create_sheet(page["name"])
        if "rows" in options:
            _rows(sheet, page)
        else:
            _page(sheet, page, options)
    book.active = next(place for place, sheet in enumerate(book) if sheet.sheet_state == "visible")
    book.save(target)


def _rows(sheet: Any, page: dict[str, Any]) -> None:
    for row in page["rows"]:
        line = []
        for cell in row:
            made = WriteOnlyCell(sheet, value=_value(cell))
            if cell and "format" in cell:
                made.number_format = cell["format"]
            line.append(made)
        sheet.append(line)


def _page(sheet: Any, page: dict[str, Any], options: tuple[str, ...]) -> None:
    for number, row in enumerate(page["rows"], start=1):
        for column, cell in enumerate(row, start=1):
            if cell is None:
                continue
            made = sheet.cell(number, column, _value(cell))
            if "format" in cell:
                made.number_format = cell["format"]
            if number == page["heading"]:
                made.font = Font(bold=True, name="新細明體")
                made.fill = PatternFill("solid", fgColor="FFDDEBF7")
    for area in page["merged"]:
        sheet.merge_cells(area)
    for place, width in enumerate(page["widths"], start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    if page["frozen"]:
        row, column = page["frozen"]
        sheet.freeze_panes = f"{get_column_letter(column + 1)}{row + 1}"
    _furnish(sheet, page, options)


def _furnish(sheet: Any, page: dict[str, Any], options: tuple[str, ...]) -> None:
    last = f"{get_column_letter(max(sheet.max_column, 1))}{max(len(page['rows']), 1)}"
    area = f"A{page['heading']}:{last}"
    if "table" in options and page["rows"]:
        for cell in sheet[page["heading"]]:
            cell.value = str(cell.value)
        table = Table(displayName=f"表_{page['name']}", ref=area)
        table.tableStyleInfo = TableStyleInfo(name="TableStyleMedium2", showRowStripes=True)
        sheet.add_table(table)
    elif page["filter"]:
        sheet.auto_filter.ref = area
    if "list" in options:
        choices = DataValidation(type="list", formula1='"越高越好,越低越好"', allow_blank=True)
        choices.add("Z4:Z99")
        sheet.add_data_validation(choices)
        rule: Any = CellIsRule
        red = PatternFill("solid", bgColor="FFFFC7CE")
        sheet.conditional_formatting.add("D2:F99", rule("lessThan", ["0"], fill=red))
    for place, text in page["comments"].items():
        sheet[place].comment = Comment(text, "企劃室")
    for place in page["hidden_rows"]:
        sheet.row_dimensions[place].hidden = True
    for place in page["hidden_columns"]:
        sheet.column_dimensions[get_column_letter(place)].hidden = True
    if page["hidden"]:
        sheet.sheet_state = "hidden"
    if page["landscape"]:
        sheet.page_setup.orientation = "landscape"
        sheet.print_title_rows = f"{page['heading']}:{page['heading']}"


def _value(cell: dict[str, Any] | None) -> Any:
    if cell is None:
        return None
    if "formula" in cell:
        return "=" + cell["formula"]
    if "runs" in cell:
        return CellRichText(cell["runs"][0], TextBlock(InlineFont(b=True), cell["runs"][1]))
    if "day" in cell:
        return datetime.fromisoformat(cell["day"])
    if "number" in cell:
        number = float(cell["number"])
        return int(number) if number.is_integer() else number
    return cell["text"]


if __name__ == "__main__":
    main(*sys.argv[1:])
