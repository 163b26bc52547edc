"""Tables that are written as openpyxl writes them, to the byte."""

from __future__ import annotations

from fractions import Fraction
from io import BytesIO
from typing import Any
from urllib.parse import quote

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from reportgen.model.scorecard import RocDate
from reportgen.workbook.export import table_sheet
from reportgen.workbook.export.table_sheet import CellContent, Link, Number, write_table
from reportgen.workbook.writing import cell_styles
from reportgen.workbook.writing.cell_writer import escape_text
from reportgen.workbook.writing.deterministic_zip import save_deterministic
from reportgen.workbook.writing.page_setup import set_up_page

DAY = RocDate(112, 6, 30)
COLUMNS = (("甲<&>", 9), ("乙", 12), ("丙", 30))
Rows = list[list[CellContent]]

ODD: Rows = [
    ["文字", "=1+1", "#N/A"],
    [" 前後 ", "a\nb\tc\rd", "<b>&amp;'\"</b>"],
    ["_x0041_", "\x01", "\U000f0000𠀀é"],
    ["", None, "x"],
    [None],
    [0, -7, 10**20],
    [Number(Fraction(1, 3), "0.0%"), Number(Fraction(5), "#,##0"), Number(Fraction(-1, 7), "0.0%")],
    [Link("檔 案.pdf", "甲/檔 案.pdf"), Link("", "x"), Link("丙", "a&b#c.xlsx")],
    ["長" * 40_000, "字", Link("三", "3")],
]


def written(rows: Rows) -> bytes:
    book, target = Workbook(write_only=True), BytesIO()
    save_deterministic(book, target, DAY, (), [write_table(book, "表", COLUMNS, rows, frozen=2)])
    return target.getvalue()


def read_again(rows: Rows) -> Any:
    return openpyxl.load_workbook(BytesIO(written(rows))).active


def by_openpyxl(rows: Rows) -> bytes:
    """The same by openpyxl alone, cell by cell."""
    book, target = Workbook(write_only=True), BytesIO()
    page: Any = book.create_sheet("表")
    for letter, (_, width) in zip("ABC", COLUMNS, strict=True):
        page.column_dimensions[letter].width = width
    page.freeze_panes = "C2"
    page.sheet_view.showGridLines = False
    set_up_page(page, "1:1")
    head = [
        _cell(page, heading, cell_styles.HEADING, cell_styles.HEADING_ALIGNMENT, "General")
        for heading, _ in COLUMNS
    ]
    for each in head:
        each.fill, each.border = cell_styles.HEADING_FILL, cell_styles.BOX_BORDER
    page.append(head)
    links = 0
    for row in rows:
        cells = [_by_kind(page, content, links) for content in row]
        links += sum(isinstance(content, Link) and content.text != "" for content in row)
        page.append(cells)
    page.auto_filter.ref = f"A1:C{max(2, len(rows) + 1)}"
    save_deterministic(book, target, DAY, ())
    return target.getvalue()


def _by_kind(page: Any, content: CellContent, links: int) -> Any:
    if isinstance(content, Number):
        whole = content.value.denominator == 1
        number = int(content.value) if whole else float(content.value)
        return _cell(page, number, cell_styles.BODY, cell_styles.NUMERIC, content.format)
    if isinstance(content, int):
        return _cell(page, content, cell_styles.BODY, cell_styles.CENTRED, "General")
    text = content.text if isinstance(content, Link) else content
    if not text:
        return None
    longest = table_sheet.MAX_CELL_CHARS
    shown = escape_text(text if len(text) <= longest else f"{text[:longest]}…")
    linked = isinstance(content, Link) and links < table_sheet.MAX_SHEET_LINKS
    font = cell_styles.LINK if isinstance(content, Link) else cell_styles.BODY
    cell = _cell(page, shown, font, cell_styles.ONE_LINE, "General" if linked else "@")
    cell.data_type = "s"
    if linked and isinstance(content, Link):
        cell.hyperlink = quote(content.path)
    return cell


def _cell(page: Any, value: Any, font: Any, alignment: Any, number_format: str) -> Any:
    cell: Any = WriteOnlyCell(page, value)
    cell.font, cell.alignment, cell.number_format = font, alignment, number_format
    return cell


@pytest.mark.parametrize("rows", [[], ODD, ODD * 2], ids=["none", "odd", "twice"])
def test_the_bytes_are_those_of_openpyxl(rows: Rows) -> None:
    assert written(rows) == by_openpyxl(rows)


@settings(max_examples=40, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\ufffe\uffff")))
def test_any_text_is_written_as_openpyxl_does(text: str) -> None:
    assert written([[text, "x"]]) == by_openpyxl([[text, "x"]])


def test_what_excel_cannot_link_any_more_stays_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_sheet, "MAX_SHEET_LINKS", 2)
    page = read_again([[Link(each, each)] for each in "一二三"])
    cells = [page[f"A{row}"] for row in (2, 3, 4)]
    assert [each.value for each in cells] == [*"一二三"]
    assert [each.hyperlink is not None for each in cells] == [True, True, False]


def test_what_is_written_is_read_again() -> None:
    page = read_again(ODD)
    rows = [[cell.value for cell in row] for row in page.iter_rows(min_row=2)]
    assert rows[0] == ["文字", "=1+1", "#N/A"]
    assert rows[1] == [" 前後 ", "a\nb\tc\rd", "<b>&amp;'\"</b>"]
    assert rows[5][:2] == [0, -7]
    assert page["A2"].data_type == page["B2"].data_type == "s"
