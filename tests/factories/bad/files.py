"""What is no workbook, half of one, or built to harm; as bytes and as a package."""

from __future__ import annotations

import random
import re
from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from tests.factories.bad import case
from tests.factories.bad.editing import MAIN, RELATIONS, Book, edited, on, packed
from tests.factories.workbooks import part, sample_bytes, sheet_part, with_parts

if TYPE_CHECKING:
    from collections.abc import Callable

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
CSV = "資料項,103,104\n預算數,1,2\n"
ENTITIES = (
    '<!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
    f'<worksheet xmlns="{MAIN}"><sheetData/></worksheet>'
)
EXTERNAL = (
    '<!DOCTYPE w [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    f'<worksheet xmlns="{MAIN}"><sheetData/></worksheet>'
)


def zipped(**parts: bytes) -> bytes:
    return packed({name.replace("__", "/"): content for name, content in parts.items()})


def _cut(share: float) -> bytes:
    return sample_bytes()[: int(len(sample_bytes()) * share)]


def _flipped(name: str) -> bytes:
    """A bit in the middle of a packed part is another one."""
    content = bytearray(sample_bytes())
    with ZipFile(BytesIO(content)) as package:
        entry = package.getinfo(name)
    content[entry.header_offset + 30 + len(name) + entry.compress_size // 2] ^= 0x10
    return bytes(content)


def _without(name: str) -> Callable[[], bytes]:
    return lambda: with_parts({name: None})


def _renamed_in_directory() -> bytes:
    """The name of a part is damaged where the directory tells it, and only there."""
    content = sample_bytes()
    at = content.rindex(b"xl/theme/theme1.xml")
    return content[:at] + b"xl/theme/themf1.xml" + content[at + 19 :]


def _twice() -> bytes:
    target = BytesIO(sample_bytes())
    with ZipFile(target, "a") as package:
        info = ZipInfo(sheet_part("年度資料").replace("sheet7", "SHEET7"))
        package.writestr(info, part(sheet_part("年度資料")))
    return target.getvalue()


def _strict() -> bytes:
    """As Excel saves a Strict Open XML Spreadsheet: other vocabularies, dates in ISO 8601."""
    book = Book()
    book.sheet("基本資料").put("B8", "<v>2016-12-25T00:00:00.000</v>", t="d", s="0")
    with ZipFile(BytesIO(book.content())) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    names = re.compile(
        rb"http://schemas\.openxmlformats\.org/(spreadsheetml|officeDocument|drawingml)/2006/"
    )
    strict = {
        name: names.sub(rb"http://purl.oclc.org/ooxml/\1/", content)
        for name, content in parts.items()
        if name != "[Content_Types].xml"
    }
    main = strict["xl/workbook.xml"]
    strict["xl/workbook.xml"] = main.replace(b"<workbook ", b'<workbook conformance="strict" ', 1)
    return packed(parts | strict)


def _noise(length: int) -> bytes:
    return b"<!--" + random.Random(1).randbytes(length).hex().encode() + b"-->"


def _many_names(book: Book) -> None:
    names = "".join(f'<definedName name="n{n}">構面!$A$1</definedName>' for n in range(65_000))
    content = part("xl/workbook.xml")
    told = re.sub(rb"(?s)<definedNames>.*</definedNames>", b"", content)
    named = f"</sheets><definedNames>{names}</definedNames>".encode()
    book.parts["xl/workbook.xml"] = told.replace(b"</sheets>", named)


def many_names() -> bytes:
    book = Book()
    _many_names(book)
    return packed(book.parts)


def many_styles() -> bytes:
    book = Book()
    for _ in range(20):
        book.format("0.0")
    looks = book.styles.find(f"{{{MAIN}}}cellXfs")
    assert looks is not None
    for n in range(64_000):
        looks.append(looks.makeelement(f"{{{MAIN}}}xf", {"numFmtId": str(n % 40)}))
    return book.content()


def named_styles() -> bytes:
    """What years of copying sheets from workbook to workbook leave behind."""
    book = Book()
    looks, names = (
        book.styles.find(f"{{{MAIN}}}{each}") for each in ("cellStyleXfs", "cellStyles")
    )
    assert looks is not None
    assert names is not None
    for n in range(30_000):
        looks.append(looks.makeelement(f"{{{MAIN}}}xf", {"numFmtId": "0"}))
        attributes = {"name": f"樣式 {n}", "xfId": str(n + 1)}
        names.append(names.makeelement(f"{{{MAIN}}}cellStyle", attributes))
    return book.content()


def million_rows() -> bytes:
    rows = "<row><c><v>1</v></c></row>" * 1_000_000
    content = part(sheet_part("年度資料")).replace(b"</sheetData>", rows.encode() + b"</sheetData>")
    return with_parts({sheet_part("年度資料"): content})


def bomb() -> bytes:
    return with_parts({"xl/media/image1.png": bytes(120_000_000)})


def billion_columns() -> bytes:
    columns = '<col min="1" max="16384" width="9" hidden="0"/>' * 5_000
    content = part(sheet_part("年度資料"))
    return with_parts(
        {sheet_part("年度資料"): content.replace(b"<cols>", b"<cols>" + columns.encode())}
    )


def _links(book: Book) -> None:
    book.sheet("構面").add(
        '<hyperlinks><hyperlink ref="A1:XFD1048576" display="x"/></hyperlinks>', "sheetProtection"
    )


def _encrypted_part() -> bytes:
    content = bytearray(sample_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.rindex(mark) + offset] |= 1
    return bytes(content)


def _sheet_xml(inner: str) -> Callable[[], bytes]:
    xml = f'<worksheet xmlns="{MAIN}"><sheetData>{inner}</sheetData></worksheet>'
    return lambda: with_parts({sheet_part("構面"): xml.encode()})


def _macro() -> bytes:
    book = Book()
    book.parts["xl/vbaProject.bin"] = OLE
    kinds = book.parts["[Content_Types].xml"]
    plain = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    book.parts["[Content_Types].xml"] = kinds.replace(
        plain, b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    )
    return book.content()


def _chartsheet() -> bytes:
    book = Book()
    content = f'<chartsheet xmlns="{MAIN}"><sheetViews><sheetView workbookViewId="0"/></sheetViews>'
    book.add_sheet("圖表1", (content + "</chartsheet>").encode())
    relation = book.relations[-1]
    relation.set("Type", f"{RELATIONS}/chartsheet")
    return book.content()


CASES = (
    case("nothing", lambda: b"", "E130"),
    case("zeros", lambda: bytes(4096), "E130"),
    case("noise", lambda: random.Random(1).randbytes(4096), "E130"),
    case("a CSV in UTF-8", CSV.encode, "E130"),
    case("a CSV in Big5", lambda: CSV.encode("cp950"), "E130"),
    case("a CSV in UTF-16", lambda: CSV.encode("utf-16"), "E130"),
    case("a web page", lambda: b"<html><table><tr><td>1</td></tr></table></html>", "E130"),
    case("an XML spreadsheet of 2003", lambda: b'<?xml version="1.0"?><Workbook/>', "E130"),
    case("a PDF", lambda: b"%PDF-1.7\n%\xe2\xe3", "E130"),
    case("an old .xls", lambda: OLE, "E130"),
    case("a password", lambda: OLE + "EncryptedPackage".encode("utf-16-le"), "E131"),
    case("a password on the zip", _encrypted_part, "E131"),
    case(
        "an OpenDocument",
        lambda: zipped(mimetype=b"application/vnd.oasis.opendocument.text"),
        "E130",
    ),
    case(
        "a Word file",
        lambda: zipped(**{"[Content_Types].xml": b"", "word__document.xml": b""}),
        "E130",
    ),
    case(
        "a presentation",
        lambda: zipped(**{"[Content_Types].xml": b"", "ppt__presentation.xml": b""}),
        "E130",
    ),
    case(
        "a binary .xlsb",
        lambda: zipped(**{"[Content_Types].xml": b"", "xl__workbook.bin": b""}),
        "E130",
    ),
    case("a zip of workbooks", lambda: zipped(**{"105.xlsx": sample_bytes()}), "E130"),
    case("a lock file of Excel", lambda: b"\x05user " + bytes(160), "E130"),
    case("cut at 10 %", lambda: _cut(0.1), "E132"),
    case("cut at 90 %", lambda: _cut(0.9), "E132"),
    case("a byte short", lambda: sample_bytes()[:-1], "E132"),
    case("something before it", lambda: b"\n" + sample_bytes(), "E130"),
    case("something behind it", lambda: sample_bytes() + b"\n"),
    case("a bit flipped in a sheet", lambda: _flipped(sheet_part("年度資料")), "E132"),
    case("a bit flipped that nobody reads", lambda: _flipped("xl/theme/theme1.xml"), "E132"),
    case("a part's name damaged", _renamed_in_directory, "E132"),
    case("two parts of one name", _twice, "E132"),
    case("entities", lambda: with_parts({sheet_part("構面"): ENTITIES.encode()}), "E133"),
    case("external entities", lambda: with_parts({sheet_part("構面"): EXTERNAL.encode()}), "E133"),
    case(
        "entities in UTF-16",
        lambda: with_parts({sheet_part("構面"): ENTITIES.encode("utf-16")}),
        "E133",
    ),
    case("no list of parts", _without("[Content_Types].xml"), "E130"),
    case("no relations", _without("_rels/.rels"), "E130"),
    case("no relations of the workbook", _without("xl/_rels/workbook.xml.rels"), "E132"),
    case("no workbook", _without("xl/workbook.xml"), "E130"),
    case("no styles", _without("xl/styles.xml"), "E132"),
    case("no theme", _without("xl/theme/theme1.xml")),
    case("no sheet", lambda: with_parts({sheet_part("構面"): None}), "E132"),
    case("an unread sheet missing", lambda: with_parts({sheet_part("填寫說明"): None})),
    case("no shared strings", on("構面", lambda page: page.put("B5", "<v>0</v>", t="s")), "E132"),
    case(
        "a string beyond the last",
        edited(
            lambda book: book.sheet("構面").put(
                "B5", book.string("<t>x</t>").replace("0", "9"), t="s"
            )
        ),
        "E132",
    ),
    case(
        "XML cut off",
        lambda: with_parts({sheet_part("構面"): part(sheet_part("構面"))[:2000]}),
        "E132",
    ),
    case("a sheet that is empty", lambda: with_parts({sheet_part("構面"): b""}), "E132"),
    case(
        "a cell outside of every sheet",
        _sheet_xml('<row r="1"><c r="XFE1"><v>1</v></c></row>'),
        "E132",
    ),
    case(
        "two cells of one place",
        _sheet_xml('<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>'),
        "E132",
    ),
    case(
        "an element within a value", on("構面", lambda page: page.put("D5", "<v><x/>1</v>")), "E132"
    ),
    case(
        "two values in a cell", on("構面", lambda page: page.put("D5", "<v>1</v><v>2</v>")), "E132"
    ),
    case("a row that is no number", _sheet_xml('<row r="x"/>'), "E132"),
    case(
        "a control character in XML",
        _sheet_xml('<row r="1"><c r="A1" t="inlineStr"><is><t>\x01</t></is></c></row>'),
        "E132",
    ),
    case(
        "a surrogate in XML",
        _sheet_xml('<row r="1"><c r="A1" t="inlineStr"><is><t>&#xD842;</t></is></c></row>'),
        "E132",
    ),
    case(
        "a date that is none",
        on("基本資料", lambda page: page.put("B8", "<v>昨天</v>", t="d")),
        "E132",
    ),
    case("Strict Open XML", _strict),
    case("macros, under .xlsx", _macro, "W156", "N156"),
    case("a chart on its own sheet", _chartsheet, "N151 圖表1"),
    case("a part that leads out", lambda: with_parts({"../../evil.txt": b"x"}), "N142"),
    case("a part on another drive", lambda: with_parts({"C:\\evil.txt": b"x"}), "N142"),
    case("unpacks to 120 MB", bomb, "E133"),
    case("packs too well", lambda: with_parts({sheet_part("構面"): bytes(2_000_000)}), "E133"),
    case(
        "6,000 parts", lambda: with_parts({f"xl/media/{n}.png": b"" for n in range(6_000)}), "E133"
    ),
    case("a million rows", million_rows, "E133"),
    case(
        "rows without end",
        on("構面", lambda page: page.rows.update({n: {"ht": "20"} for n in range(9, 100_100)})),
        "E133",
    ),
    case("a merged area without end", on("構面", lambda page: page.merge("H1:XFD1048576")), "E133"),
    case("a whole column merged", on("構面", lambda page: page.merge("H1:H1048576")), "E133"),
    case("a link without end", edited(_links)),
    case("65,000 names", many_names),
    case("64,000 styles", many_styles),
    case("30,000 named styles", named_styles),
    case("5,000 looks of columns", billion_columns),
    case(
        "a cell in the last corner",
        on("構面", lambda page: page.put("XFD1048576", 1)),
        "N139 構面!XFD1048576",
    ),
    case(
        "a dimension that lies",
        on("構面", lambda page: page._find("dimension").set("ref", "A1:XFD1048576")),
    ),
    case("no dimension", on("構面", lambda page: page.drop("dimension"))),
    case("a part that is stored", lambda: packed(dict(Book().parts), ZIP_STORED)),
    case("a part that is packed", lambda: packed(dict(Book().parts), ZIP_DEFLATED)),
)
