"""Only what is needed is read: whatever is wrong with anything else, the scorecard is the same."""

from __future__ import annotations

import re
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING
from xml.sax.saxutils import unescape
from zipfile import ZipFile

import pytest

from reportgen.workbook import read_bytes
from reportgen.workbook.annotate import annotate_in_process
from reportgen.workbook.reading.opc_relationships import MAX_XML_NODES
from reportgen.workbook.reading.raw_cells import (
    MAX_SHEET_BYTES,
    RawCell,
    StoredType,
    read_spreadsheet,
)
from reportgen.workbook.reading.text_cleaning import clean_text
from reportgen.workbook.reading.zip_package import Package, UnreadableError
from tests.factories.bad.editing import MAIN, RELATIONS, packed
from tests.factories.samples import second_agency, workbook
from tests.factories.workbooks import places, sample_bytes, sheet_part
from tests.workbook.reading.test_zip_package import sheet_with

if TYPE_CHECKING:
    from collections.abc import Callable

    from reportgen.model.scorecard import Scorecard
    from reportgen.problems import Problem

Parts = dict[str, bytes]

DATA = sheet_part("年度資料")
BOOK, STYLES, TYPES = "xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml"
RELS = "xl/_rels/workbook.xml.rels"


def relations_path(part: str) -> str:
    folder, _, name = part.rpartition("/")
    return f"{folder}/_rels/{name}.rels"


def put(xml: str, part: str = DATA, *, before: str = "</worksheet>") -> Callable[[Parts], None]:
    """Insert XML before the first such words of a part."""

    def change(parts: Parts) -> None:
        assert before.encode() in parts[part], before
        parts[part] = parts[part].replace(before.encode(), xml.encode() + before.encode(), 1)

    return change


def write(part: str, content: str | bytes) -> Callable[[Parts], None]:
    """Give a part that content."""
    found = content if isinstance(content, bytes) else content.encode()
    return lambda parts: parts.update({part: found})


def drop(*names: str) -> Callable[[Parts], None]:
    def change(parts: Parts) -> None:
        for name in names:
            del parts[name]

    return change


def sub(pattern: str, by: str, part: str = DATA, count: int = 0) -> Callable[[Parts], None]:
    """Replace what matches a pattern, which has to be found."""

    def change(parts: Parts) -> None:
        parts[part], found = re.subn(pattern.encode(), by.encode(), parts[part], count=count)
        assert found, pattern

    return change


def relate(kind: str, target: str, part: str = DATA) -> Callable[[Parts], None]:
    """Let a part refer to another, which may be missing."""

    def change(parts: Parts) -> None:
        path = relations_path(part)
        space = "http://schemas.openxmlformats.org/package/2006/relationships"
        given = parts.get(path, f'<Relationships xmlns="{space}"></Relationships>'.encode())
        told = f'<Relationship Id="x1" Type="{RELATIONS}/{kind}" Target="{target}"/>'
        parts[path] = given.replace(b"</Relationships>", f"{told}</Relationships>".encode())

    return change


def renamed(rename: Callable[[str], str]) -> Callable[[Parts], None]:
    """Give all parts other names in the zip."""

    def change(parts: Parts) -> None:
        former = dict(parts)
        parts.clear()
        parts.update({rename(name): content for name, content in former.items()})

    return change


def both(*changes: Callable[[Parts], None]) -> Callable[[Parts], None]:
    def change(parts: Parts) -> None:
        for each in changes:
            each(parts)

    return change


# What openpyxl stumbles over, or might: most of these once refused the workbook.
CASES: dict[str, Callable[[Parts], None]] = {
    # the workbook part
    "no calcPr": sub("<calcPr[^>]*/>", "", BOOK),
    "a calcPr that says nothing": sub("<calcPr[^>]*/>", '<calcPr calcId="" calcMode=""/>', BOOK),
    "no workbookPr": sub("<workbookPr/>", "", BOOK),
    "a code name and a theme version that are none": sub(
        "<workbookPr/>", '<workbookPr codeName="" defaultThemeVersion="x" date1904=""/>', BOOK
    ),
    "broken views": sub('activeTab="0"', 'activeTab="" xWindow=""', BOOK),
    "no views": sub("<bookViews>.*</bookViews>", "", BOOK),
    "a broken file version": put(
        '<fileVersion rupBuild="1" lowestEdited="" x="1"/>', BOOK, before="<workbookPr"
    ),
    "a protection of an unknown kind": sub(
        "<workbookProtection/>",
        '<workbookProtection lockStructure="x" workbookSpinCount=""/>',
        BOOK,
    ),
    "a name that refers to nothing": put(
        '<definedName name="甲">#REF!</definedName>', BOOK, before="</definedNames>"
    ),
    "names of no sheet": put(
        '<definedName name="_xlnm.Print_Area" localSheetId="99">#REF!</definedName>'
        '<definedName name="_xlnm.Print_Titles" localSheetId="">x</definedName><definedName/>',
        BOOK,
        before="</definedNames>",
    ),
    "names that are no XML": sub("</definedName>", "", BOOK),
    "a broken print area": sub(r"'燈號'!\$4:\$4", "#REF!,A:", BOOK),
    "pivot caches without a part": put(
        f'<pivotCaches><pivotCache cacheId="" xmlns:q="{RELATIONS}" q:id="none"/></pivotCaches>',
        BOOK,
        before="<calcPr",
    ),
    "links to workbooks that are missing": put(
        f'<externalReferences><externalReference xmlns:q="{RELATIONS}" q:id="none"/>'
        "</externalReferences>",
        BOOK,
        before="<definedNames",
    ),
    "a broken external link": both(
        put(
            f'<externalReferences><externalReference xmlns:q="{RELATIONS}" q:id="x1"/>'
            "</externalReferences>",
            BOOK,
            before="<definedNames",
        ),
        relate("externalLink", "externalLinks/externalLink1.xml", BOOK),
        write("xl/externalLinks/externalLink1.xml", "<externalLink"),
    ),
    "custom views": put(
        '<customWorkbookViews><customWorkbookView guid="x"/></customWorkbookViews>',
        BOOK,
        before="<calcPr",
    ),
    "an unknown extension of the workbook": put(
        "<extLst><ext><x/></ext></extLst>", BOOK, before="</workbook>"
    ),
    "a sheet number that is none": sub('sheetId="7"', 'sheetId=""', BOOK),
    "a state that is none": sub('sheetId="7" state="visible"', 'sheetId="7" state=""', BOOK),
    "a relation of the workbook without a target": sub(
        "</Relationships>", f'<Relationship Id="y" Type="{RELATIONS}/theme"/></Relationships>', RELS
    ),
    "a sheet of an unknown type": sub(f'{RELATIONS}/worksheet"', 'x"', RELS, 7),
    "a relation without a type": sub(
        "</Relationships>", '<Relationship Id="y" Target="x"/></Relationships>', RELS
    ),
    # what belongs to the package
    "document properties with a bad date": sub("2016-12-25T00:00:00Z", "昨天", "docProps/core.xml"),
    "empty document properties": write("docProps/core.xml", b""),
    "document properties that are no XML": write("docProps/core.xml", b"<x"),
    "no document properties": drop("docProps/core.xml"),
    "no properties at all": drop("docProps/core.xml", "docProps/app.xml"),
    "broken custom properties": write(
        "docProps/custom.xml", '<Properties><property fmtid="x" pid="" name="x"/></Properties>'
    ),
    "broken custom XML": both(
        write("customXml/item1.xml", "<x"), write("customXml/itemProps1.xml", b"\xff\xfe")
    ),
    "custom XML with a document type": write("customXml/item1.xml", "<!DOCTYPE x><x/>"),
    "a broken theme": write("xl/theme/theme1.xml", "<a:theme"),
    "an empty theme": write("xl/theme/theme1.xml", b""),
    "no theme": drop("xl/theme/theme1.xml"),
    "shared strings that nobody uses, broken": both(
        write("xl/sharedStrings.xml", "<sst"), relate("sharedStrings", "sharedStrings.xml", BOOK)
    ),
    "a calculation chain that is broken": both(
        write("xl/calcChain.xml", "<x"), relate("calcChain", "calcChain.xml", BOOK)
    ),
    "content types of nothing": sub(
        "</Types>", '<Override PartName="/none.xml"/><Default/></Types>', TYPES
    ),
    "content types that tell of other parts": sub(
        '<Override PartName="/xl/styles.xml"[^>]*/>', "", TYPES
    ),
    "names with backslashes": renamed(lambda name: name.replace("/", "\\")),
    "names that begin with a slash": renamed(lambda name: f"/{name}"),
    "names that begin with a backslash": renamed(lambda name: "\\" + name.replace("/", "\\")),
    "names in capitals": renamed(lambda name: name.upper() if name != TYPES else name),
    "targets with backslashes": sub("/xl/worksheets/", r"\\xl\\worksheets\\", RELS),
    "targets in capitals": sub("worksheets/sheet", "WorkSheets/SHEET", RELS),
    "targets that are escaped": sub("/xl/worksheets/sheet7", "/xl/worksheets/%73heet7", RELS),
    "targets with a detour": sub("/xl/worksheets/", "/xl/theme/../worksheets/", RELS),
    "folders among the parts": both(write("xl/", b""), write("xl/worksheets/", b"")),
    # styles
    "broken fonts": sub('<sz val="11"/>', '<sz val=""/><u val="x"/><family val="99"/>', STYLES),
    "no fonts": sub("<fonts.*</fonts>", "", STYLES),
    "broken fills": sub('patternType="solid"', 'patternType="x"', STYLES),
    "no fills and no borders": sub("<fills.*</borders>", "", STYLES),
    "broken borders": sub('style="thin"', 'style=""', STYLES),
    "a colour that is none": sub('rgb="FF1F4E5F"', 'rgb="#1F4E5F"', STYLES),
    "a theme colour that is none": sub('theme="1"', 'theme="x" tint="y"', STYLES),
    "broken differential styles": sub(
        "<dxfs.*?</dxfs>", '<dxfs><dxf><font><sz val="x"/></font><fill/><x/></dxf></dxfs>', STYLES
    ),
    "an orientation that is none": sub('vertical="center"', 'vertical="" textRotation="x"', STYLES),
    "fonts and fills that there are not": sub(
        'fontId="\\d+" fillId="\\d+"', 'fontId="99" fillId=""', STYLES
    ),
    "styles without their parents": sub('xfId="0"', 'xfId="77"', STYLES),
    "duplicate named styles": put(
        '<cellStyle name="一般" xfId="0"/><cellStyle name="一般" xfId="0"/><cellStyle/>',
        STYLES,
        before="</cellStyles>",
    ),
    "no named styles": sub(
        "<cellStyleXfs.*?</cellStyleXfs>|<cellStyles.*?</cellStyles>", "", STYLES
    ),
    "a number format without a code": put('<numFmt numFmtId="190"/>', STYLES, before="</numFmts>"),
    "a number format without a number": put(
        '<numFmt formatCode="0"/>', STYLES, before="</numFmts>"
    ),
    "two number formats alike": put(
        '<numFmt numFmtId="200" formatCode="0.00####%"/>', STYLES, before="</numFmts>"
    ),
    "broken table styles and colours": put(
        '<tableStyles count=""/><colors><indexedColors><rgbColor rgb="x"/></indexedColors>'
        "</colors>",
        STYLES,
        before="</styleSheet>",
    ),
    "an unknown extension of the styles": put(
        "<extLst><ext><x/></ext></extLst>", STYLES, before="</styleSheet>"
    ),
    "a count of styles that is none": sub('<cellXfs count="\\d+"', '<cellXfs count="x"', STYLES),
    # a sheet
    "a style beyond the last": put(
        '<row r="900"><c r="A900" s="9999"/></row>', before="</sheetData>"
    ),
    "an empty style": put('<row r="900"><c r="A900" s=""/></row>', before="</sheetData>"),
    "a negative style": put('<row r="900"><c r="A900" s="-1"/></row>', before="</sheetData>"),
    "a style that is no number": put(
        '<row r="900"><c r="A900" s="x"/></row>', before="</sheetData>"
    ),
    "styles of texts that there are not": sub('s="\\d+" t="inlineStr"', 's="9999" t="inlineStr"'),
    "a style of rows that there is not": sub("<row r", '<row s="9999" customFormat="1" r'),
    "heights that are none": sub(
        '<row r="(\\d+)"( ht="[^"]*")?', r'<row r="\1" ht="" outlineLevel="x"'
    ),
    "a style of columns that there is not": sub(
        '<col width="\\d+" customWidth="1" style="\\d+"',
        '<col width="" customWidth="" style="9999"',
    ),
    "columns of nothing": put('<col/><col min="x" max="" hidden="1"/>', before="</cols>"),
    "a tab colour that is none": sub("<sheetPr>", '<sheetPr codeName=""><tabColor rgb="#FF0000"/>'),
    "a broken outline": sub(
        "<sheetPr>", '<sheetPr syncRef="x" enableFormatConditionsCalculation=""><x/>'
    ),
    "a broken dimension": sub('<dimension ref="[^"]*"', '<dimension ref=""'),
    "broken views of a sheet": sub("<pane ", '<pane x="" '),
    "a view that is none": sub('zoomScale="100"', 'zoomScale="" view="x"'),
    "a default height that is none": sub('defaultRowHeight="15"', 'defaultRowHeight=""'),
    "a broken protection": sub(
        "<sheetProtection[^>]*/>", '<sheetProtection spinCount="" sheet="x" password=""/>'
    ),
    "a broken filter": put('<autoFilter ref=""><filterColumn colId=""/></autoFilter>'),
    "a broken sorting": put('<sortState ref=""><sortCondition/></sortState>'),
    "a broken condition": put(
        '<conditionalFormatting sqref=""><cfRule type="x" operator="" priority=""/>'
        "</conditionalFormatting>"
    ),
    "a condition without its style": put(
        '<conditionalFormatting sqref="A1"><cfRule type="cellIs" dxfId="999" priority="1" '
        'operator="equal"><formula>1</formula></cfRule></conditionalFormatting>'
    ),
    "a validation with an empty operator": sub("<dataValidation ", '<dataValidation operator="" '),
    "a validation of nothing": sub('<dataValidation sqref="[^"]*"', '<dataValidation sqref=""'),
    "a validation of an unknown kind": put(
        '<dataValidations count="x"><dataValidation type="x" errorStyle="y"/></dataValidations>'
    ),
    "a link without its relation": put(
        f'<hyperlinks><hyperlink ref="A1" xmlns:q="{RELATIONS}" q:id="none"/></hyperlinks>'
    ),
    "a link of nowhere": put('<hyperlinks><hyperlink ref=""/><hyperlink/></hyperlinks>'),
    "a link in an empty cell": put('<hyperlinks><hyperlink ref="B900" location="x"/></hyperlinks>'),
    "a link of a whole sheet": put('<hyperlinks><hyperlink ref="A1:XFD1048576"/></hyperlinks>'),
    "an orientation of the page": sub('orientation="landscape"', 'orientation=""'),
    "a paper that is none": sub('paperSize="9"', 'paperSize="x" copies="" errors="x"'),
    "margins that are none": sub('left="0.5"', 'left=""'),
    "a header that is broken": sub(
        "<oddHeader></oddHeader>", "<oddHeader>&amp;&amp;L<x/></oddHeader>"
    ),
    "missing printer settings": both(
        sub("<pageSetup ", f'<pageSetup xmlns:q="{RELATIONS}" q:id="none" '),
        relate("printerSettings", "../printerSettings/printerSettings1.bin"),
    ),
    "breaks that are none": put(
        '<rowBreaks count="x"><brk id=""/></rowBreaks><colBreaks><x/></colBreaks>'
    ),
    "broken scenarios": put('<scenarios current="x"><scenario/></scenarios>'),
    "broken custom views of a sheet": put(
        '<customSheetViews><customSheetView guid="x"/></customSheetViews>'
    ),
    "a table without its relation": put(
        f'<tableParts count="1"><tablePart xmlns:q="{RELATIONS}" q:id="none"/></tableParts>'
    ),
    "a broken table": both(
        put(f'<tableParts count="1"><tablePart xmlns:q="{RELATIONS}" q:id="x1"/></tableParts>'),
        relate("table", "../tables/table1.xml"),
        write("xl/tables/table1.xml", '<table id=""'),
    ),
    "broken comments": both(
        relate("comments", "../comments1.xml"), write("xl/comments1.xml", "<comments")
    ),
    "comments without authors": both(
        relate("comments", "../comments1.xml"),
        write(
            "xl/comments1.xml",
            f'<comments xmlns="{MAIN}"><commentList><comment ref="" '
            'authorId="9"/></commentList></comments>',
        ),
    ),
    "missing comments": relate("comments", "../comments1.xml"),
    "a missing vmlDrawing": both(
        put(f'<legacyDrawing xmlns:q="{RELATIONS}" q:id="x1"/>'),
        relate("vmlDrawing", "../drawings/vmlDrawing1.vml"),
    ),
    "a legacy drawing without a relation": put("<legacyDrawing/><legacyDrawingHF/>"),
    "a missing drawing": both(
        put(f'<drawing xmlns:q="{RELATIONS}" q:id="x1"/>'),
        relate("drawing", "../drawings/none.xml"),
    ),
    "a broken drawing": both(
        relate("drawing", "../drawings/drawing9.xml"), write("xl/drawings/drawing9.xml", "<x")
    ),
    "a broken chart": both(
        relate("drawing", "../drawings/drawing9.xml"),
        write("xl/drawings/drawing9.xml", "<wsDr/>"),
        relate("chart", "../charts/chart1.xml", "xl/drawings/drawing9.xml"),
        write("xl/charts/chart1.xml", "<c"),
    ),
    "a broken pivot table": both(
        relate("pivotTable", "../pivotTables/pivotTable1.xml"),
        write("xl/pivotTables/pivotTable1.xml", "<pivotTableDefinition"),
    ),
    "a broken pivot cache": both(
        relate("pivotTable", "../pivotTables/pivotTable1.xml"),
        write(
            "xl/pivotTables/pivotTable1.xml",
            f'<pivotTableDefinition xmlns="{MAIN}" name="x" cacheId="1"/>',
        ),
        relate("pivotCacheDefinition", "pivotCache/pivotCacheDefinition1.xml", BOOK),
        write("xl/pivotCache/pivotCacheDefinition1.xml", "<x"),
    ),
    "relations of a sheet that are no XML": write(relations_path(DATA), "<Relationships"),
    "an unknown extension": put(
        '<extLst><ext uri="{X}"><x14:y xmlns:x14="x14"><a/></x14:y></ext><ext/></extLst>'
    ),
    "an extension of a cell": put(
        '<row r="900"><c r="A900"><extLst><ext/></extLst></c><extLst><ext/></extLst></row>',
        before="</sheetData>",
    ),
    "controls, objects and web parts": put(
        "<oleObjects><oleObject/></oleObjects><controls><control/></controls>"
        "<webPublishItems/><smartTags/><picture/><cellWatches/><ignoredErrors/><phoneticPr/>"
    ),
    "attributes of another vocabulary": sub(
        "<c r=", '<c xmlns:y="y" y:z="1" cm="x" vm="y" ph="z" r=', count=5
    ),
    "a reading aid in a text": sub(
        "<is><t>([^<]*)</t></is>",
        r'<is><t>\1</t><rPh sb="x"><t>ㄅ</t></rPh><phoneticPr fontId="" type="x"/></is>',
    ),
    "broken fonts of runs": sub(
        "<is><t>([^<]*)</t></is>",
        r'<is><r><rPr><sz val=""/><u val="x"/><color rgb="#"/><vertAlign val=""/><strike val=""/>'
        r"<x/></rPr><t>\1</t></r></is>",
    ),
}
# Those that might touch what leads to a picture.
WITH_PICTURES = {
    name: CASES[name]
    for name in (
        "a broken theme",
        "no document properties",
        "names with backslashes",
        "names in capitals",
        "names that begin with a slash",
        "a broken pivot cache",
        "broken comments",
        "no calcPr",
    )
}


@cache
def parts_of(content: bytes) -> Parts:
    with ZipFile(BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def made(name: str, content: bytes) -> bytes:
    parts = dict(parts_of(content))
    CASES[name](parts)
    return packed(parts)


@cache
def untouched(content: bytes) -> tuple[Scorecard | None, tuple[Problem, ...]]:
    return read_bytes(content)


@pytest.mark.parametrize("name", CASES)
def test_what_is_not_used_refuses_nothing(name: str) -> None:
    assert read_bytes(made(name, sample_bytes())) == untouched(sample_bytes())


@pytest.mark.parametrize("name", WITH_PICTURES)
def test_pictures_are_read_beside_it(name: str) -> None:
    content = workbook(second_agency)
    scorecard, problems = untouched(content)
    assert scorecard is not None
    assert scorecard.pictures
    assert read_bytes(made(name, content)) == (scorecard, problems)


@pytest.mark.parametrize("name", CASES)
def test_it_can_be_marked_or_is_told_that_it_cannot(name: str) -> None:
    content = made(name, sample_bytes())
    copy, complaints = annotate_in_process(
        content, untouched(sample_bytes())[1], "zh-TW", "105-12-25.xlsx"
    )
    if copy is None:
        assert places(complaints) == [("E155", "", "")]
    else:
        assert read_bytes(copy)[0] == untouched(sample_bytes())[0]


# --- what is needed, and how it is handed on ---------------------------------------------

PAGE = sheet_part("構面")


def shared(*strings: str) -> Callable[[Parts], None]:
    inner = "".join(f"<si>{each}</si>" for each in strings)
    return both(
        write("xl/sharedStrings.xml", f'<sst xmlns="{MAIN}">{inner}</sst>'),
        relate("sharedStrings", "sharedStrings.xml", BOOK),
    )


def first_row(cells: str, *changes: Callable[[Parts], None], after: str = "") -> dict[int, RawCell]:
    """Return the first row of 構面 from its XML."""
    parts = dict(parts_of(sample_bytes()))
    for change in changes:
        change(parts)
    parts[PAGE] = sheet_with(f"<row>{cells}</row>", after)
    raw = read_spreadsheet(Package(packed(parts)), lambda name: name == "構面")
    return raw.sheets[0].rows.get(1, {})


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(sub("<cellXfs.*?</cellXfs>", "", STYLES), id="no looks of cells"),
        pytest.param(sub("<xf [^>]*/></cellXfs>", "</cellXfs>", STYLES), id="a look is lost"),
        pytest.param(drop(STYLES), id="no styles"),
        pytest.param(write(STYLES, "<styleSheet"), id="styles that are no XML"),
    ],
)
def test_lost_number_formats_are_damage(change: Callable[[Parts], None]) -> None:
    cell = '<row r="900"><c r="A900" s="37"><v>1</v></c></row>'
    parts = dict(parts_of(sample_bytes()))
    put(cell, before="</sheetData>")(parts)
    change(parts)
    assert places(read_bytes(packed(parts))[1]) == [("E132", "", "")]


def test_a_number_in_a_format_that_is_lost_is_damage() -> None:
    formats = sub('numFmtId="0"', 'numFmtId="170"', STYLES)
    assert first_row('<c t="str"><v>x</v></c>', formats)[1].content == "x"
    with pytest.raises(UnreadableError):
        first_row("<c><v>1</v></c>", formats)


@pytest.mark.parametrize("string", ["<t>1<x/>7</t>", "<t>1</t><t>7</t>", "<r><t>1<x/>7</t></r>"])
def test_a_broken_shared_string_is_damage_where_it_is_used(string: str) -> None:
    strings = shared("<t>甲</t>", string)
    assert first_row('<c t="s"><v>0</v></c>', strings)[1].content == "甲"
    with pytest.raises(UnreadableError):
        first_row('<c t="s"><v>1</v></c>', strings)


@pytest.mark.parametrize("number", ["-1", "2", "x", "1.0"])
def test_a_shared_string_that_there_is_not_is_damage(number: str) -> None:
    with pytest.raises(UnreadableError):
        first_row(f'<c t="s"><v>{number}</v></c>', shared("<t>甲</t>", "<t>乙</t>"))


@pytest.mark.parametrize(
    "string",
    [
        "<t>{}</t>",
        "<t>{}</t><rPh><t>ㄅ</t></rPh>",
        "<r><t>{}</t></r><r/>",
        "<r><rPr><b/></rPr><t>{}</t></r>",
        "<r><rPr><strike/></rPr><t>{}</t></r>",
    ],
)
@pytest.mark.parametrize(
    "text", ["甲", "  甲\n乙 ", "&lt;甲&amp;", "_x005F_x000D_", "長" * 300, ""]
)
def test_a_text_is_the_same_however_it_is_stored(string: str, text: str) -> None:
    xml = string.format(text)
    in_cell = first_row(f'<c t="inlineStr"><is>{xml}</is></c>')
    among_all = first_row('<c t="s"><v>0</v></c>', shared(xml))
    contents = [clean_text(row[1].content)[0] for row in (in_cell, among_all) if row]
    expected = unescape(text).replace("_x005F_", "_").strip()
    assert contents == ([expected] * 2 if text else [])


@pytest.mark.parametrize(
    ("runs", "content", "left_out", "is_struck"),
    [
        ("<r><rPr><strike/></rPr><t>1</t></r><r><t>2</t></r>", "2", "1", False),
        ("<r><rPr><strike/><sz val='x'/></rPr><t>1</t></r>", "1", "", True),
        ("<r><rPr><strike val='false'/></rPr><t>1</t></r><r><t>2</t></r>", "12", "", False),
        ("<r><rPr><strike/></rPr><t/></r><r><t>2</t></r>", "2", "", False),
        (
            "<r><t>1</t></r><r><rPr><vertAlign val='superscript'/></rPr><t>9</t></r>",
            "1⁹",
            "",
            False,
        ),
        ("<r><rPr><vertAlign val='subscript'/></rPr><t>&#49;&amp;</t></r>", "₁&", "", False),
        ("<r><rPr><vertAlign/></rPr><t>1</t></r>", "1", "", False),
    ],
)
def test_struck_raised_and_lowered_runs_are_marked(
    runs: str, content: str, left_out: str, is_struck: bool
) -> None:
    in_cell = first_row(f'<c t="inlineStr"><is>{runs}</is></c>')[1]
    among_all = first_row('<c t="s"><v>0</v></c>', shared(runs))[1]
    expected = RawCell(StoredType.TEXT, content, is_struck=is_struck, struck_text=left_out)
    assert [in_cell, among_all] == [expected] * 2


def test_a_cell_in_a_struck_font_is_struck() -> None:
    change = sub("<font><sz", "<font><strike/><sz", STYLES, 1)
    row = first_row('<c s="1"><v>1</v></c><c><v>1</v></c>', change)
    assert [row[1].is_struck, row[2].is_struck] == [False, True]


def test_a_text_that_a_formula_gives_may_be_empty_but_not_missing() -> None:
    row = first_row('<c t="str"><f>1</f><v/></c><c t="str"><f>1</f></c>')
    assert list(row) == [2]
    assert row[2].stored is StoredType.UNCACHED


@pytest.mark.parametrize(
    ("cells", "is_elsewhere"),
    [
        (
            '<c><f t="shared" si="0" ref="A1:B1">(((</f><v>1</v></c><c><f t="shared" si="0"/></c>',
            False,
        ),
        ('<c r="A1"><f t="dataTable" x="y"/><v>1</v></c><c r="B1"><f t="array">1</f></c>', False),
        ('<c r="A1"><f>[1]a!B1</f><v>1</v></c><c><f>1+1</f></c>', True),
        ('<c><f t="shared" si="">[1]a!B1</f><v>1</v></c><c><f/></c>', True),
    ],
)
def test_formulas_are_known_whatever_they_say(cells: str, is_elsewhere: bool) -> None:
    row = first_row(cells)
    assert row[1] == RawCell(StoredType.NUMBER, "1", is_computed=True, is_external=is_elsewhere)
    assert row[2].stored is StoredType.UNCACHED


def test_a_formula_in_a_merged_area_is_not_seen() -> None:
    cells = "<c><f>1</f><v>1</v></c><c><f>2</f><v>2</v></c>"
    merged = '<mergeCells count="x"><mergeCell ref="A1:B1" x="y"/><x/></mergeCells>'
    assert list(first_row(cells, after=merged)) == [1]


def test_a_chart_that_is_called_like_a_sheet_is_no_sheet() -> None:
    parts = dict(parts_of(sample_bytes()))
    sub('(worksheet)(" Target="/xl/worksheets/sheet7.xml)', r"chartsheet\2", RELS)(parts)
    found = places(read_bytes(packed(parts))[1])
    assert [each for each in found if each[0].startswith("E")] == [("E103", "年度資料", "")]


def test_hidden_rows_and_columns_are_handed_on() -> None:
    rows = '<row r="1" hidden="true"><c><v>1</v></c></row><row r="2" ht="0"><c><v>1</v></c></row>'
    parts = dict(parts_of(sample_bytes()))
    columns = '<cols><col min="2" max="3" hidden="1"/><col min="5" max="5" width="0"/></cols>'
    parts[PAGE] = sheet_with(f'{rows}<row r="3" ht="9"><c><v>1</v></c></row>', columns)
    sheet = read_spreadsheet(Package(packed(parts)), lambda name: name == "構面").sheets[0]
    assert sheet.hidden_rows == {1, 2}
    assert sheet.hidden_columns == ((2, 3), (5, 5))


def test_a_filled_cell_outside_of_every_row_is_damage() -> None:
    row = '<row r="9"><c><v>1</v></c></row>'
    for cells, after in ((f"<c>{row}</c>", ""), ("", row), (row, "")):
        with pytest.raises(UnreadableError):
            first_row(cells, after=after)


def test_elements_without_end_are_refused_before_they_are_looked_at() -> None:
    parts = dict(parts_of(sample_bytes()))
    parts[PAGE] = sheet_with("", "<a/>" * (MAX_XML_NODES + 1))
    content = packed(parts)
    assert len(parts[PAGE]) < MAX_SHEET_BYTES
    assert places(read_bytes(content)[1]) == [("E133", "", "")]
