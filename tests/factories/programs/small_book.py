"""Write a book with a small library: ``python small_book.py BOOK.json FILE.xlsx LIBRARY``.

``aspose``, ``pyexcelerate``, ``pylightxl``, ``pandas-openpyxl`` and ``pandas-xlsxwriter`` write
.xlsx, ``pyexcel-ods3`` and ``odfpy`` .ods. What a library cannot write is left out.
"""

from __future__ import annotations

import json
import sys
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

Pages = list[dict[str, Any]]


def main(source: str, target: str, library: str) -> None:
    """Write one workbook."""
    LIBRARIES[library](json.loads(Path(source).read_text("utf-8"))["sheets"], target)


def aspose(pages: Pages, target: str) -> None:
    """Write cells with their formats, and formulas that it calculates itself."""
    from aspose.cells_foss import Workbook

    book = Workbook()
    while len(book.worksheets) < len(pages):
        book.add_worksheet(f"頁{len(book.worksheets)}")
    for page, sheet in zip(pages, book.worksheets, strict=True):
        sheet.rename(page["name"])
        for number, row in enumerate(page["rows"], start=1):
            for column, cell in enumerate(row, start=1):
                if cell is None:
                    continue
                made = sheet.cells.cell(number, column)
                made.value = _value(cell)
                if "formula" in cell:
                    made.formula = "=" + cell["formula"]
                if "format" in cell:
                    look = made.get_style()
                    look.number_format = cell["format"]
                    made.apply_style(look)
    for sheet in book.worksheets:
        sheet.calculate_formula()
    book.save(target)


def pyexcelerate(pages: Pages, target: str) -> None:
    """Write cells of any kind with their formats."""
    from pyexcelerate import Format, Style, Workbook

    book = Workbook()
    for page in pages:
        sheet = book.new_sheet(page["name"], data=[list(map(_value, row)) for row in page["rows"]])
        for number, row in enumerate(page["rows"], start=1):
            for column, cell in enumerate(row, start=1):
                if cell and "format" in cell:
                    look = Style(
                        format=Format(cell["format"].replace('"-"', "\\-"))
                    )  # " is not escaped
                    sheet.set_cell_style(number, column, look)
    book.save(target)


def pylightxl(pages: Pages, target: str) -> None:
    """Write texts and numbers."""
    import pylightxl

    book = pylightxl.Database()
    for page in pages:
        book.add_ws(ws=page["name"])
        for number, row in enumerate(page["rows"], start=1):
            for column, cell in enumerate(row, start=1):
                if cell:
                    book.ws(ws=page["name"]).update_index(number, column, _value(cell))
    pylightxl.writexl(db=book, fn=target)


def pandas(pages: Pages, target: str, engine: str) -> None:
    """Write frames whose columns are the headings, as one does with ``to_excel``."""
    import pandas

    with pandas.ExcelWriter(target, engine=engine) as writer:
        for page in pages:
            heading, *rows = [list(map(_value, row)) for row in page["rows"]]
            frame = pandas.DataFrame(rows, columns=heading)
            frame.to_excel(writer, sheet_name=page["name"], index=False)


def pyexcel_ods3(pages: Pages, target: str) -> None:
    """Write rows of plain values."""
    from pyexcel_ods3 import save_data

    values = {
        page["name"]: [
            ["" if cell is None else _value(cell) for cell in row] for row in page["rows"]
        ]
        for page in pages
    }
    save_data(target, values)


def odfpy(pages: Pages, target: str) -> None:
    """Write cells with their value types, and percentages as such."""
    from odf.opendocument import OpenDocumentSpreadsheet
    from odf.table import Table, TableCell, TableRow
    from odf.text import P

    book = OpenDocumentSpreadsheet()
    for page in pages:
        table = Table(name=page["name"])
        for row in page["rows"]:
            line = TableRow()
            for cell in row:
                made = TableCell(**_typed(cell))
                for text in _shown(cell).split("\n") if cell else ():
                    made.addElement(P(text=text))
                line.addElement(made)
            table.addElement(line)
        book.spreadsheet.addElement(table)
    book.save(target)


def _typed(cell: dict[str, Any] | None) -> dict[str, str]:
    """Return what ODF says of a cell's value."""
    if cell is None:
        return {}
    if "day" in cell:
        return {"valuetype": "date", "datevalue": cell["day"]}
    if "number" in cell:
        kind = "percentage" if "%" in cell.get("format", "") else "float"
        return {"valuetype": kind, "value": cell["number"]}
    return {"valuetype": "string"}


def _shown(cell: dict[str, Any]) -> str:
    value = _value(cell)
    if "%" in cell.get("format", ""):
        return f"{value:.2%}"
    return value.strftime("%Y/%m/%d") if isinstance(value, date) else str(value)


def _value(cell: dict[str, Any] | None) -> Any:
    if cell is None:
        return None
    if "runs" in cell:
        return "".join(cell["runs"])
    if "day" in cell:
        return datetime.fromisoformat(cell["day"])
    if "number" in cell:
        number = float(cell["number"])
        return int(number) if number.is_integer() else number
    return cell["text"]


LIBRARIES: dict[str, Callable[[Pages, str], None]] = {
    "aspose": aspose,
    "pyexcelerate": pyexcelerate,
    "pylightxl": pylightxl,
    "pandas-openpyxl": lambda pages, target: pandas(pages, target, "openpyxl"),
    "pandas-xlsxwriter": lambda pages, target: pandas(pages, target, "xlsxwriter"),
    "pyexcel-ods3": pyexcel_ods3,
    "odfpy": odfpy,
}

if __name__ == "__main__":
    main(*sys.argv[1:])
