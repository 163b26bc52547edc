"""Write a book with XlsxWriter: ``python xlsxwriter_book.py BOOK.json FILE.xlsx [OPTION…]``.

``memory`` row by row, strings inline; ``1904`` days from 1904; ``uncached`` formulas without
their results; ``table`` tables of Excel; ``zip64`` big-file records.
"""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter


def main(source: str, target: str, *options: str) -> None:
    """Write one workbook."""
    settings = {"constant_memory": "memory" in options, "date_1904": "1904" in options}
    book = xlsxwriter.Workbook(target, settings)
    if "zip64" in options:
        book.use_zip64()
    formats: dict[str, Any] = {}
    for page in json.loads(Path(source).read_text("utf-8"))["sheets"]:
        _page(book, page, options, formats)
    book.close()


def _page(book: Any, page: dict[str, Any], options: tuple[str, ...], formats: Any) -> None:
    sheet = book.add_worksheet(page["name"])
    bold = formats.setdefault("bold", book.add_format({"bold": True, "text_wrap": True}))
    if page["merged"] and "memory" not in options:
        sheet.merge_range(page["merged"][0], "", bold)
    for place, width in enumerate(page["widths"]):
        sheet.set_column(place, place, width)
    for place in page["hidden_rows"]:
        sheet.set_row(place - 1, None, None, {"hidden": True})
    for place in page["hidden_columns"]:
        sheet.set_column(place - 1, place - 1, None, None, {"hidden": True})
    for number, row in enumerate(page["rows"]):
        for column, cell in enumerate(row):
            if cell is not None:
                look = bold if number == page["heading"] - 1 or "runs" in cell else None
                code = cell.get("format", "")
                if code:
                    look = formats.setdefault(code, book.add_format({"num_format": code}))
                _cell(sheet, (number, column), cell, look, options)
    _furnish(sheet, page, options)


def _cell(
    sheet: Any, place: tuple[int, int], cell: dict[str, Any], look: Any, options: tuple[str, ...]
) -> None:
    if "formula" in cell:
        result = cell["text"] if "text" in cell else float(cell["number"])
        result = 0 if "uncached" in options else result
        sheet.write_formula(*place, "=" + cell["formula"], look, result)
    elif "runs" in cell:
        sheet.write_rich_string(*place, cell["runs"][0], look, cell["runs"][1])
    elif "day" in cell:
        sheet.write_datetime(*place, datetime.fromisoformat(cell["day"]), look)
    elif "number" in cell:
        sheet.write_number(*place, float(cell["number"]), look)
    else:
        sheet.write_string(*place, cell["text"], look)


def _furnish(sheet: Any, page: dict[str, Any], options: tuple[str, ...]) -> None:
    heading, last = page["heading"] - 1, len(page["rows"]) - 1
    width = max(map(len, page["rows"]), default=0) - 1
    if page["frozen"]:
        sheet.freeze_panes(*page["frozen"])
    if "table" in options and last > heading:
        names = [
            cell["text"] if "text" in cell else cell["number"] for cell in page["rows"][heading]
        ]
        columns = [{"header": name} for name in names]
        sheet.add_table(heading, 0, last, width, {"columns": columns})
    elif page["filter"] and last > heading:
        sheet.autofilter(heading, 0, last, width)
    for place, text in page["comments"].items():
        sheet.write_comment(place, text)
    if page["hidden"]:
        sheet.hide()
    if page["landscape"]:
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.repeat_rows(heading)
        sheet.set_footer("&C第 &P 頁")


if __name__ == "__main__":
    main(*sys.argv[1:])
