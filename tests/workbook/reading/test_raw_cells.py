"""What openpyxl tells of a cell, and what has to be found out beside it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

import pytest

from reportgen.workbook import read_bytes
from reportgen.workbook.reading.raw_cells import RawCell, StoredType, read_spreadsheet
from reportgen.workbook.reading.zip_package import Package
from reportgen.workbook.schema.cell_refs import cell_name, parse_cell_name
from tests.factories.workbooks import changed, page, part, places, with_parts
from tests.workbook.reading.test_zip_package import SHEET, sheet_with

if TYPE_CHECKING:
    from openpyxl import Workbook


@pytest.mark.parametrize("name", ["A1", "Z9", "AA10", "XFD1048576"])
def test_cell_names_are_read_and_made(name: str) -> None:
    assert cell_name(*parse_cell_name(name)) == name


@pytest.mark.parametrize("name", ["", "A", "1", "A0", "a1", "XFE1", "A1048577", "A1:B2", "$A$1"])
def test_what_is_no_cell_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"is no cell|outside"):
        parse_cell_name(name)


def cells_of(rows: str) -> dict[int, RawCell]:
    """The first row of 構面, from its XML."""
    content = with_parts({SHEET: sheet_with(rows)})
    raw = read_spreadsheet(Package(content), lambda name: name == "構面")
    return raw.sheets[0].rows.get(1, {})


@pytest.mark.parametrize(
    ("xml", "expected"),
    [
        ("<c><v>12</v></c>", RawCell(StoredType.NUMBER, "12")),
        ('<c t="b"><v>1</v></c>', RawCell(StoredType.BOOLEAN, "1")),
        ('<c t="e"><v>#N/A</v></c>', RawCell(StoredType.ERROR, "#N/A")),
        ('<c t="d"><v>2016-12-25</v></c>', RawCell(StoredType.DATE, "2016-12-25")),
        ("<c><f>1+1</f><v>2</v></c>", RawCell(StoredType.NUMBER, "2", is_computed=True)),
        (
            "<c><f>30</f><v>30</v></c>",
            RawCell(StoredType.NUMBER, "30", is_computed=True, constant="30"),
        ),
        ("<c><f>-90%</f></c>", RawCell(StoredType.UNCACHED, "", is_computed=True, constant="-90%")),
        ("<c><f>1+1</f></c>", RawCell(StoredType.UNCACHED, "", is_computed=True)),
        ("<c><f>1+1</f><v/></c>", RawCell(StoredType.UNCACHED, "", is_computed=True)),
        ('<c t="str"><f>"x"</f><v>x</v></c>', RawCell(StoredType.TEXT, "x", is_computed=True)),
        ('<c t="str"><f>""</f><v></v></c>', None),
        ('<c s="3"/>', None),
        ('<c t="inlineStr"><is><t>甲</t></is></c>', RawCell(StoredType.TEXT, "甲")),
        (
            (
                '<c t="inlineStr"><is><r><rPr><b/></rPr><t>甲</t></r><r><t>乙</t></r>'
                "<rPh sb='0' eb='1'><t>ㄐㄧㄚˇ</t></rPh></is></c>"
            ),
            RawCell(StoredType.TEXT, "甲乙"),
        ),
    ],
)
def test_a_cell_is_read_as_it_is_stored(xml: str, expected: RawCell | None) -> None:
    assert cells_of(f"<row>{xml}</row>").get(1) == expected


def test_cells_without_names_follow_each_other() -> None:
    cells = cells_of('<row><c><v>1</v></c><c r="D1"><v>2</v></c><c><v>3</v></c></row>')
    assert {column: cell.content for column, cell in cells.items()} == {1: "1", 4: "2", 5: "3"}


@pytest.mark.parametrize(
    "number_format", ["yyyy/m/d", "mm-dd-yy", '[$-404]e"年"m"月"d"日"', "[$-404]e/m/d"]
)
def test_a_date_of_taiwans_excel_is_a_date(number_format: str) -> None:
    def enter(book: Workbook) -> None:
        cell = page(book, "基本資料")["B8"]
        cell.value = datetime(2016, 12, 25)  # noqa: DTZ001 - Excel knows no time zones
        cell.number_format = number_format

    scorecard, problems = read_bytes(changed(enter))
    assert scorecard is not None
    assert scorecard.revised.edition == "105-12-25"
    assert places(problems) == []


def shown(number_format: str, xml: str = "<v>42729</v>") -> RawCell:
    """A number in a format: its number, or its code."""
    number, own = number_format, ""
    if not number.isdecimal() or number == "0":
        number, own = "200", f'<numFmt numFmtId="200" formatCode={quoteattr(number_format)}/>'
    styles = (
        '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f'<numFmts>{own}</numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="{number}"/></cellXfs>'
        "</styleSheet>"
    )
    parts = {"xl/styles.xml": styles.encode(), SHEET: sheet_with(f'<row><c s="1">{xml}</c></row>')}
    raw = read_spreadsheet(Package(with_parts(parts)), lambda name: name == "構面")
    return raw.sheets[0].rows[1][1]


@pytest.mark.parametrize("number_format", ["14", "27", "31", "36", "50", "57"])
def test_built_in_dates_need_no_code(number_format: str) -> None:
    assert shown(number_format) == RawCell(StoredType.DATE, "2016-12-25T00:00:00")


@pytest.mark.parametrize(
    ("code", "is_date"),
    [
        ("#,##0.00E+00", False),
        ('0"月"', False),
        ("[Red]0;[Blue]-0", False),
        ("0%", False),
        ("G/通用格式", False),
        ("yyyy-mm-dd", True),
        ("[h]:mm", True),
        ("[hh]", True),
        ("e/m/d", True),
    ],
)
def test_date_formats_are_told_from_number_formats(code: str, is_date: bool) -> None:
    assert (shown(code).stored is StoredType.DATE) is is_date


@pytest.mark.parametrize(
    ("code", "is_percent"),
    [("9", True), ("10", True), ("0.0%", True), ('0"%"', False), (r"0\%", False), ("0", False)],
)
def test_percentages_are_told_from_numbers(code: str, is_percent: bool) -> None:
    assert shown(code, "<v>0.5</v>").is_percentage is is_percent


def test_dates_of_1904_are_read() -> None:
    def enter(book: Workbook) -> None:
        cell = page(book, "基本資料")["B8"]
        cell.value, cell.number_format = 41267, "yyyy-mm-dd"

    content = changed(enter)
    settings = part("xl/workbook.xml", content).replace(
        b"<workbookPr/>", b'<workbookPr date1904="1"/>'
    )
    scorecard, _ = read_bytes(with_parts({"xl/workbook.xml": settings}, content))
    assert scorecard is not None
    assert scorecard.revised.edition == "105-12-25"
