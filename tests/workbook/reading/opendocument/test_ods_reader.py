"""What a cell, a row and a sheet of OpenDocument hold, element by element."""

from __future__ import annotations

import pytest

from reportgen.workbook.reading.opendocument import read_opendocument
from reportgen.workbook.reading.raw_cells import RawCell, RawSheet, RawWorkbook, StoredType
from reportgen.workbook.reading.zip_package import Package
from reportgen.workbook.schema.cell_refs import Area
from tests.factories.open_documents import NAMES, content_xml, of_sheets, packed

TEXT = "<text:p>{}</text:p>"
NUMBER = 'office:value-type="float" office:value="{}"'


def book_of(sheets: str, styles: str = "", before: str = "") -> RawWorkbook:
    content = of_sheets(sheets, styles, before)
    return read_opendocument(Package(content), lambda name: name != "別的")


def sheet_of(rows: str, styles: str = "", before: str = "") -> RawSheet:
    (sheet,) = book_of(
        f'<table:table table:name="構面">{rows}</table:table>', styles, before
    ).sheets
    return sheet


def cell_of(attributes: str, inner: str = "", styles: str = "", before: str = "") -> RawCell | None:
    row = f"<table:table-row><table:table-cell {attributes}>{inner}</table:table-cell>"
    sheet = sheet_of(f"{row}</table:table-row>", styles, before)
    return sheet.rows.get(1, {}).get(1)


@pytest.mark.parametrize(
    ("attributes", "inner", "expected"),
    [
        ("", "", None),
        ("", TEXT.format(""), None),
        ('office:value-type="string"', TEXT.format("愛"), RawCell(StoredType.TEXT, "愛")),
        ("", TEXT.format("愛"), RawCell(StoredType.TEXT, "愛")),
        ('office:value-type="string" office:string-value="甲"', "", RawCell(StoredType.TEXT, "甲")),
        (NUMBER.format("14"), "", RawCell(StoredType.NUMBER, "14")),
        (NUMBER.format("12.50"), "", RawCell(StoredType.NUMBER, "12.5")),
        (NUMBER.format("1E+020"), "", RawCell(StoredType.NUMBER, "1e+20")),
        (NUMBER.format("INF"), "", RawCell(StoredType.NUMBER, "inf")),
        ('office:value-type="float"', TEXT.format("12"), RawCell(StoredType.TEXT, "12")),
        (
            'office:value-type="currency" office:currency="TWD" office:value="3"',
            TEXT.format("NT$3"),
            RawCell(StoredType.NUMBER, "3"),
        ),
        (
            'office:value-type="percentage" office:value="0.43"',
            "",
            RawCell(StoredType.NUMBER, "0.43", is_percentage=True),
        ),
        (
            NUMBER.format("0.3"),
            TEXT.format("30.00%"),
            RawCell(StoredType.NUMBER, "0.3", is_percentage=True),
        ),
        (NUMBER.format("1"), TEXT.format("TRUE"), RawCell(StoredType.BOOLEAN, "1")),
        (
            'office:value-type="boolean" office:boolean-value="false"',
            TEXT.format("FALSE"),
            RawCell(StoredType.BOOLEAN, "0"),
        ),
        (
            'office:value-type="date" office:date-value="2016-12-25"',
            TEXT.format("105/12/25"),
            RawCell(StoredType.DATE, "2016-12-25"),
        ),
        (
            'office:value-type="time" office:time-value="PT03H04M05S"',
            "",
            RawCell(StoredType.DATE, "03:04:05"),
        ),
        (
            'office:value-type="time" office:time-value="PT24H00M00S"',
            "",
            RawCell(StoredType.DATE, "1899-12-31T00:00:00"),
        ),
        (
            f'table:formula="of:=1+1" {NUMBER.format("2")}',
            "",
            RawCell(StoredType.NUMBER, "2", is_computed=True),
        ),
        (
            f'table:formula="of:=30%" {NUMBER.format("0.3")}',
            TEXT.format("30.00%"),
            RawCell(StoredType.NUMBER, "0.3", is_percentage=True, is_computed=True, constant="30%"),
        ),
        ('table:formula="of:=[.A2]"', "", RawCell(StoredType.UNCACHED, "", is_computed=True)),
        (
            f'table:formula="of:=1/0" {NUMBER.format("0")}',
            TEXT.format("#DIV/0!"),
            RawCell(StoredType.ERROR, "#DIV/0!", is_computed=True),
        ),
        ('table:formula="of:=&quot;&quot;"', "<text:p/>", None),
        (
            'table:formula="of:=1/0" office:value-type="string" office:string-value=""',
            TEXT.format("#DIV/0!"),
            RawCell(StoredType.ERROR, "#DIV/0!", is_computed=True),
        ),
        (
            'table:formula="of:=x" office:value-type="string"',
            TEXT.format("Err:508"),
            RawCell(StoredType.ERROR, "Err:508", is_computed=True),
        ),
        ('office:value-type="string"', TEXT.format("#N/A"), RawCell(StoredType.TEXT, "#N/A")),
        (
            f"table:formula=\"of:=['file:///b.ods'#$Sheet1.A1]\" {NUMBER.format('2')}",
            "",
            RawCell(StoredType.NUMBER, "2", is_computed=True, is_external=True),
        ),
        (
            f"table:formula=\"of:='[2]總 表'!a1+1\" {NUMBER.format('2')}",
            "",
            RawCell(StoredType.NUMBER, "2", is_computed=True, is_external=True),
        ),
    ],
)
def test_a_cell_is_read_as_it_is_stored(
    attributes: str, inner: str, expected: RawCell | None
) -> None:
    assert cell_of(attributes, inner) == expected


@pytest.mark.parametrize(
    ("inner", "text"),
    [
        ("<text:p>甲</text:p><text:p>乙</text:p>", "甲\n乙"),
        ("<text:p>甲<text:line-break/>乙<text:tab/>丙</text:p>", "甲\n乙\t丙"),
        ('<text:p>甲<text:s text:c="3"/>乙<text:s/>丙</text:p>', "甲   乙 丙"),
        ("<text:p>\n  甲  \n 乙</text:p>", "甲 乙"),
        ("<text:p>甲 <text:span> 乙</text:span></text:p>", "甲 乙"),
        ("<text:p><text:s/> 甲</text:p>", "  甲"),
        ("<text:p>甲<text:span>乙<text:a>丙</text:a></text:span>丁</text:p>", "甲乙丙丁"),
        ("<office:annotation><text:p>註</text:p></office:annotation><text:p>甲</text:p>", "甲"),
        ("<text:p>甲<text:note><text:p>註</text:p></text:note>乙</text:p>", "甲乙"),
        ("<text:p>甲<!-- 註 -->乙</text:p>", "甲乙"),
        (
            "<text:p><text:ruby-base>甲</text:ruby-base><text:ruby-text>ㄐ</text:ruby-text></text:p>",
            "甲",
        ),
        ("<draw:frame><draw:text-box><text:p>圖</text:p></draw:text-box></draw:frame>", None),
    ],
)
def test_the_text_of_a_cell_is_its_paragraphs(inner: str, text: str | None) -> None:
    found = cell_of('office:value-type="string"', inner)
    assert (None if found is None else found.content) == text


def test_nothing_is_taken_for_an_escape_of_excels() -> None:
    found = cell_of('office:value-type="string"', TEXT.format("a_x0041_b"))
    assert found is not None
    assert found.content == "a_x005f_x0041_b"


def number_style(name: str, inner: str, kind: str = "number") -> str:
    cell = f'style:name="c{name}" style:family="table-cell" style:data-style-name="{name}"'
    return (
        f'<number:{kind}-style style:name="{name}">{inner}</number:{kind}-style>'
        f"<style:style {cell}/>"
    )


def digits(**given: str) -> str:
    words = "".join(f' number:{name.replace("_", "-")}="{value}"' for name, value in given.items())
    return f"<number:number{words}/>"


@pytest.mark.parametrize(
    ("style", "look"),
    [
        (digits(min_integer_digits="1"), ""),
        (digits(decimal_places="0", min_integer_digits="1"), "0"),
        (digits(decimal_places="2", min_integer_digits="1", grouping="true"), "#,##0.00"),
        (digits(decimal_places="2", min_decimal_places="1", min_integer_digits="1"), "0.0#"),
        (digits(decimal_places="2", decimal_replacement="", min_integer_digits="1"), "0.##"),
        (digits(decimal_places="0", min_integer_digits="7", grouping="true"), "0,000,000"),
        (digits(decimal_places="0", min_integer_digits="0"), "#"),
        (
            digits(decimal_places="0", min_integer_digits="1", display_factor="1000000"),
            "0,,",
        ),
        (digits(min_integer_digits="1") + "<number:text> 元</number:text>", 'General" 元"'),
        ("<number:text>說&quot;好&quot;</number:text>", '"說"\\""好"\\"'),
        (
            "<number:currency-symbol>NT$</number:currency-symbol>" + digits(decimal_places="0"),
            '"NT$"#',
        ),
        ("<number:scientific-number/>", "0E+0"),
    ],
)
def test_a_number_format_becomes_its_code(style: str, look: str) -> None:
    found = cell_of(f'table:style-name="cN" {NUMBER.format("3")}', "", number_style("N", style))
    assert found == RawCell(StoredType.NUMBER, "3", number_format=look)


def test_a_format_with_sections_becomes_sections() -> None:
    plain = digits(decimal_places="1", min_integer_digits="1")
    percent = f"{plain}<number:text>%</number:text>"
    dash = '<number:number-style style:name="P"><number:text>-</number:text></number:number-style>'
    zero = '<style:map style:condition="value()=0" style:apply-style-name="P"/>'
    style = dash + number_style("N", percent + zero, "percentage")
    found = cell_of(f'table:style-name="cN" {NUMBER.format("0.93")}', "", style)
    assert found == RawCell(
        StoredType.NUMBER, "0.93", is_percentage=True, number_format='[=0]"-";0.0%'
    )
    found = cell_of(f'table:style-name="cN" {NUMBER.format("0")}', "", style)
    assert found == RawCell(
        StoredType.NUMBER, "0", is_percentage=False, number_format='[=0]"-";0.0%'
    )


def test_a_section_that_shows_a_number_as_it_is_hides_nothing() -> None:
    others = number_style("P", digits(min_integer_digits="1"))
    plain = '<style:map style:condition="value()&gt;=0" style:apply-style-name="P"/>'
    style = others + number_style("N", digits(decimal_places="1") + plain)
    found = cell_of(f'table:style-name="cN" {NUMBER.format("0.93")}', "", style)
    assert found == RawCell(StoredType.NUMBER, "0.93", number_format="General;#.0")


def test_other_numerals_are_not_taken_for_digits() -> None:
    style = number_style("N", digits(decimal_places="0"))
    style = style.replace('style:name="N"', 'style:name="N" number:transliteration-format="一"', 1)
    found = cell_of(f'table:style-name="cN" {NUMBER.format("3")}', "", style)
    assert found == RawCell(StoredType.NUMBER, "3", number_format="0E+0")


def test_a_sign_in_words_is_no_percentage() -> None:
    style = number_style("N", digits(decimal_places="1") + "<number:text>%</number:text>")
    found = cell_of(f'table:style-name="cN" {NUMBER.format("3")}', TEXT.format("3.0%"), style)
    assert found == RawCell(StoredType.NUMBER, "3", number_format='#.0"%"')


def test_a_number_in_a_dates_format_is_counted_from_the_null_date() -> None:
    style = number_style("N", "<number:year/>", "date")
    attributes = f'table:style-name="cN" {NUMBER.format("42729")}'
    assert cell_of(attributes, "", style) == RawCell(StoredType.DATE, "2016-12-25T00:00:00")
    settings = (
        '<table:calculation-settings><table:null-date table:date-value="1904-01-01"/>'
        "</table:calculation-settings>"
    )
    found = cell_of(attributes, "", style, settings)
    assert found == RawCell(StoredType.DATE, "2020-12-26T00:00:00")


def test_the_format_of_a_cell_may_be_its_parents_its_rows_or_its_columns() -> None:
    percent = digits(decimal_places="0", min_integer_digits="1") + "<number:text>%</number:text>"
    styles = (
        number_style("N", percent, "percentage")
        + '<style:style style:name="d" style:family="table-cell" style:parent-style-name="cN"/>'
        + '<style:style style:name="e" style:family="table-cell" style:parent-style-name="e"/>'
    )
    value = NUMBER.format("0.5")
    cells = f'<table:table-cell {value}/><table:table-cell table:style-name="d" {value}/>'
    other = f'<table:table-cell table:style-name="e" {value}/>'
    column = '<table:table-column table:default-cell-style-name="cN"/>'
    sheet = sheet_of(
        f"{column}<table:table-column/>"
        f"<table:table-row>{cells}{other}</table:table-row>"
        f'<table:table-row table:default-cell-style-name="d">{other}{cells}</table:table-row>',
        styles,
    )
    shown = [[cell.is_percentage for cell in row.values()] for row in sheet.rows.values()]
    assert shown == [[True, True, False], [False, True, True]]


def test_repeated_cells_and_rows_are_there_as_often() -> None:
    sheet = sheet_of(
        '<table:table-row table:number-rows-repeated="2"><table:table-cell/>'
        f'<table:table-cell table:number-columns-repeated="3" {NUMBER.format(7)}/>'
        '<table:table-cell table:number-columns-repeated="16380"/></table:table-row>'
        '<table:table-row table:number-rows-repeated="1048000"/>'
        f"<table:table-row><table:table-cell {NUMBER.format(1)}/></table:table-row>"
    )
    assert {row: list(cells) for row, cells in sheet.rows.items()} == {
        1: [2, 3, 4],
        2: [2, 3, 4],
        1048003: [1],
    }


def test_merged_areas_hide_what_they_cover() -> None:
    sheet = sheet_of(
        "<table:table-row><table:table-cell/>"
        f'<table:table-cell table:number-columns-spanned="2" table:number-rows-spanned="2" '
        f"{NUMBER.format(7)}/><table:covered-table-cell {NUMBER.format(8)}/></table:table-row>"
        "<table:table-row><table:table-cell/>"
        f'<table:covered-table-cell table:number-columns-repeated="2" {NUMBER.format(9)}/>'
        f"<table:table-cell {NUMBER.format(10)}/></table:table-row>"
    )
    assert sheet.merged == (Area(1, 2, 2, 3),)
    assert {row: list(cells) for row, cells in sheet.rows.items()} == {1: [2], 2: [4]}


def test_hidden_rows_columns_and_sheets_are_told() -> None:
    row = "<table:table-row{}><table:table-cell " + NUMBER.format(1) + "/></table:table-row>"
    styles = (
        '<style:style style:name="h" style:family="table"><style:table-properties '
        'table:display="false"/></style:style>'
        '<style:style style:name="r" style:family="table-row"><style:table-row-properties '
        'style:row-height="0in"/></style:style>'
        '<style:style style:name="c" style:family="table-column"><style:table-column-properties '
        'style:column-width="0.000cm"/></style:style>'
    )
    sheet = book_of(
        '<table:table table:name="構面" table:style-name="h">'
        '<table:table-column/><table:table-column table:visibility="collapse" '
        'table:number-columns-repeated="2"/><table:table-column table:style-name="c"/>'
        '<table:table-column-group table:display="false"><table:table-column/>'
        "</table:table-column-group><table:table-column/>"
        + row.format("")
        + row.format(' table:visibility="filter"')
        + row.format(' table:style-name="r"')
        + f'<table:table-row-group table:display="false">{row.format("")}</table:table-row-group>'
        + f"<table:table-header-rows>{row.format('')}</table:table-header-rows>"
        + '<table:table-row table:visibility="collapse"/></table:table>',
        styles,
    ).sheets[0]
    assert sheet.is_hidden
    assert sheet.hidden_rows == {2, 3, 4}
    assert sheet.hidden_columns == ((2, 3), (4, 4), (5, 5))


def test_sheets_are_named_in_order_and_what_is_no_sheet_is_left_out() -> None:
    inner = f"<table:table-row><table:table-cell {NUMBER.format(1)}/></table:table-row>"
    nested = f'<table:table table:name="內">{inner}{inner}</table:table>'
    book = book_of(
        f'<table:table table:name="別的">{inner}</table:table>'
        '<table:table table:name="構面"><table:table-row><table:table-cell>'
        f"{nested}</table:table-cell></table:table-row>{inner}</table:table>"
        f"<table:table table:name=\"'file:///b.ods'#$Sheet1\">{inner}</table:table>"
        '<table:dde-links><table:dde-link><table:table table:name="x">'
        f"{inner}</table:table></table:dde-link></table:dde-links>"
    )
    assert book.names == ("別的", "構面")
    assert [sheet.name for sheet in book.sheets] == ["構面"]
    assert list(book.sheets[0].rows) == [2]


@pytest.mark.parametrize(("value", "is_stale"), [("true", False), ("false", True)])
def test_formulas_that_are_calculated_on_demand_are_told(value: str, is_stale: bool) -> None:
    formula = f'table:formula="of:=1+1" {NUMBER.format(2)}'
    row = f"<table:table-row><table:table-cell {formula}/></table:table-row>"
    settings = (
        f"<office:document-settings {NAMES}><config:config-item "
        f'config:name="AutoCalculate">{value}</config:config-item></office:document-settings>'
    )
    sheets = f'<table:table table:name="構面">{row}</table:table>'
    parts = {"content.xml": content_xml(sheets), "settings.xml": settings}
    assert (
        read_opendocument(Package(packed(parts)), lambda name: True).is_manually_calculated
        is is_stale
    )


def frame(inner: str, size: str = 'svg:width="12cm" svg:height="1in"') -> str:
    return f"<draw:frame {size}>{inner}</draw:frame>"


IMAGE = '<draw:image xlink:href="{}"/>'


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        (
            frame(
                IMAGE.format("Pictures/1.png") + "<svg:title>題</svg:title><svg:desc>述</svg:desc>"
            ),
            [("Pictures/1.png", "述", 120, 25.4)],
        ),
        (
            frame(IMAGE.format("./Pictures/1.png") + "<svg:title>題</svg:title>", ""),
            [("Pictures/1.png", "題", None, None)],
        ),
        (
            frame(IMAGE.format("Pictures/1.svg") + IMAGE.format("Pictures/1.png")),
            [("Pictures/1.png", "", 120, 25.4)],
        ),
        (frame(IMAGE.format("https://example.org/1.png")), [("", "", 120, 25.4)]),
        (frame(IMAGE.format("../1.png")), [("", "", 120, 25.4)]),
        (frame(f'<draw:object xlink:href="Object 1"/>{IMAGE.format("Replacements/1")}'), []),
        (frame("<draw:text-box/>"), []),
        (f"<draw:g>{frame(IMAGE.format('a.gif'), '')}</draw:g>", [("a.gif", "", None, None)]),
    ],
)
def test_pictures_are_where_they_are_placed(
    inner: str, expected: list[tuple[str, str, float | None, float | None]]
) -> None:
    cells = f"<table:table-cell/><table:table-cell>{inner}</table:table-cell>"
    sheet = sheet_of(f"<table:table-row/><table:table-row>{cells}</table:table-row>")
    found = [(each.part, each.description, each.width, each.height) for each in sheet.pictures]
    assert found == expected
    assert {each.cell for each in sheet.pictures} <= {"B2"}
    shapes = sheet_of(f"<table:shapes>{inner}</table:shapes>")
    assert {each.cell for each in shapes.pictures} <= {"A1"}
    assert len(shapes.pictures) == len(expected)
