"""Struck, raised and lowered letters of .ods, by the styles of cells, paragraphs and texts."""

from __future__ import annotations

import pytest

from reportgen.workbook.reading.opendocument import read_opendocument
from reportgen.workbook.reading.raw_cells import RawCell, RawWorkbook, StoredType
from reportgen.workbook.reading.zip_package import Package, UnreadableError
from tests.factories.open_documents import NAMES, content_xml, packed

STRUCK = 'style:text-line-through-style="solid"'
PLAIN = 'style:text-line-through-style="none"'
CELLS = {
    "struck": ("", STRUCK),
    "heir": ("struck", 'style:text-position="0% 100%"'),
    "mended": ("struck", PLAIN),
    "typed": ("", 'style:text-line-through-type="double"'),
    "own": ("own", ""),
}
TEXTS = {
    "old": ("", STRUCK),
    "older": ("old", ""),
    "new": ("old", PLAIN),
    "up": ("", 'style:text-position="super 58%"'),
    "higher": ("", 'style:text-position="33% 58%"'),
    "down": ("", 'style:text-position="sub 58%"'),
    "lower": ("", 'style:text-position="-33% 58%"'),
    "level": ("up", 'style:text-position="0% 100%"'),
}


def style(family: str, name: str, parent: str, looks: str) -> str:
    parents = f' style:parent-style-name="{parent}"' if parent else ""
    return (
        f'<style:style style:name="{name}" style:family="{family}"{parents}>'
        f"<style:text-properties {looks}/></style:style>"
    )


STYLES = "".join(
    style(family, name, *given)
    for family, named in (("table-cell", CELLS), ("text", TEXTS), ("paragraph", TEXTS))
    for name, given in named.items()
)


def read(cell: str, styles: str = STYLES, common: str = "", program: str = "") -> RawWorkbook:
    rows = f"<table:table-row>{cell}</table:table-row>"
    sheet = f'<table:table table:name="構面">{rows}</table:table>'
    meta = f"<office:meta><meta:generator>{program}</meta:generator></office:meta>"
    parts = {
        "content.xml": content_xml(sheet, styles),
        "styles.xml": f"<office:document-styles {NAMES}><office:styles>{common}</office:styles>"
        "</office:document-styles>",
        "meta.xml": f"<office:document-meta {NAMES}>{meta}</office:document-meta>",
    }
    return read_opendocument(Package(packed(parts)), lambda name: True)


def cell_of(look: str, inner: str, **styles: str) -> RawCell:
    attributes = f'table:style-name="{look}" office:value-type="string"'
    book = read(f"<table:table-cell {attributes}>{inner}</table:table-cell>", **styles)
    return book.sheets[0].rows[1][1]


def span(name: str, words: str) -> str:
    return f'<text:span text:style-name="{name}">{words}</text:span>'


@pytest.mark.parametrize(
    ("look", "inner", "text", "left_out", "is_struck"),
    [
        ("", "<text:p>20</text:p>", "20", "", False),
        ("struck", "<text:p>20</text:p>", "20", "", True),
        ("struck", "<text:p>2</text:p><text:p>0</text:p>", "2\n0", "", True),
        ("heir", "<text:p>20</text:p>", "20", "", True),
        ("typed", "<text:p>20</text:p>", "20", "", True),
        ("mended", "<text:p>20</text:p>", "20", "", False),
        ("own", "<text:p>20</text:p>", "20", "", False),
        ("", f"<text:p>{span('old', '18')}20</text:p>", "20", "18", False),
        ("", f"<text:p>{span('older', '18')}20</text:p>", "20", "18", False),
        ("", f"<text:p>{span('old', '18')}</text:p>", "18", "", True),
        ("", f"<text:p>{span('new', '18')}20</text:p>", "1820", "", False),
        ("struck", f"<text:p>18{span('new', '20')}</text:p>", "20", "18", False),
        ("", f"<text:p>{span('old', '18' + span('new', '20'))}</text:p>", "20", "18", False),
        ("", '<text:p text:style-name="old">18</text:p><text:p>20</text:p>', "\n20", "18", False),
        ("", f"<text:p>19{span('up', '1')}</text:p>", "19¹", "", False),
        ("", f"<text:p>19{span('higher', '1')}</text:p>", "19¹", "", False),
        ("", f"<text:p>19{span('down', '1')}</text:p>", "19₁", "", False),
        ("", f"<text:p>19{span('lower', '1')}</text:p>", "19₁", "", False),
        ("", f"<text:p>19{span('level', '1')}</text:p>", "191", "", False),
        ("", f"<text:p>19{span('unknown', '1')}</text:p>", "191", "", False),
        ("", f"<text:p>{span('old', 'a ')} b</text:p>", "b", "a", False),
    ],
)
def test_a_text_is_read_as_it_is_written(
    look: str, inner: str, text: str, left_out: str, is_struck: bool
) -> None:
    raw = cell_of(look, inner)
    assert (raw.content, raw.struck_text, raw.is_struck) == (text, left_out, is_struck)


def test_a_style_of_the_workbook_is_inherited() -> None:
    own = style("table-cell", "ce1", "Old", "") + style("text", "T1", "Gone", "")
    common = style("table-cell", "Old", "", STRUCK) + style("text", "Gone", "", STRUCK)
    assert cell_of("ce1", "<text:p>20</text:p>", styles=own, common=common).is_struck
    found = cell_of("", f"<text:p>{span('T1', '18')}20</text:p>", styles=own, common=common)
    assert (found.content, found.struck_text) == ("20", "18")


def test_a_cell_without_a_style_looks_as_all_do() -> None:
    common = style("table-cell", "Default", "", STRUCK)
    assert cell_of("", "<text:p>20</text:p>", common=common).is_struck


def test_a_number_and_a_date_are_struck_by_the_cell() -> None:
    cell = '<table:table-cell table:style-name="struck" office:value-type="{}" office:{}="{}"/>'
    cells = cell.format("float", "value", "18") + cell.format("date", "date-value", "2016-12-25")
    row = read(cells).sheets[0].rows[1]
    assert row[1] == RawCell(StoredType.NUMBER, "18", is_struck=True)
    assert row[2] == RawCell(StoredType.DATE, "2016-12-25", is_struck=True)


@pytest.mark.parametrize(
    ("program", "value", "is_doubtful"),
    [
        ("LibreOffice/7.4.7.2$Linux_X86_64", "0", False),
        ("MicrosoftOffice/16.0 MicrosoftExcel", "0", False),
        ("ODFPY/1.4.1", "0", True),
        ("", "0", True),
        ("ODFPY/1.4.1", "17", False),
    ],
)
def test_a_zero_that_no_program_calculated_is_doubtful(
    program: str, value: str, is_doubtful: bool
) -> None:
    formula = f'table:formula="of:=[.B1]" office:value-type="float" office:value="{value}"'
    (sheet,) = read(f"<table:table-cell {formula}/>", program=program).sheets
    assert sheet.rows[1][1].is_doubtful is is_doubtful


def test_styles_that_are_derived_without_end_are_refused() -> None:
    chain = "".join(style("table-cell", f"s{n}", f"s{n + 1}", STRUCK) for n in range(1000))
    with pytest.raises(UnreadableError) as raised:
        cell_of("s0", "<text:p>20</text:p>", styles=chain)
    assert raised.value.problem.code == "E133"
