"""A workbook with everything that staff put into one, and what its marked copies hold."""

from __future__ import annotations

import posixpath
import re
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING, NamedTuple
from zipfile import ZipFile

from lxml import etree
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.drawing.image import Image
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Font, PatternFill
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table
from PIL import Image as Pictures

from reportgen.workbook.annotate.cell_marks import our_spans
from reportgen.workbook.schema.cell_refs import cell_name
from tests.factories.workbooks import changed, page, part, with_parts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openpyxl import Workbook

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_X14 = """<extLst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><ext
 xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
 uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}"><x14:dataValidations
 xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main" count="1"><x14:dataValidation
 type="list" allowBlank="1"><x14:formula1><xm:f>清單!$A$2:$A$4</xm:f></x14:formula1>
<xm:sqref>J5:J9</xm:sqref></x14:dataValidation></x14:dataValidations></ext><ext
 xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
 uri="{78C0D931-6437-407d-A8EE-F0AAD7539E65}"><x14:conditionalFormattings
 xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main"><x14:conditionalFormatting>
<x14:cfRule type="expression" priority="99" id="{00000000-0001-0000-0000-000000000001}"><xm:f
>LEN(J5)&gt;3</xm:f><x14:dxf><font><b/></font></x14:dxf></x14:cfRule><xm:sqref>J5:J9</xm:sqref>
</x14:conditionalFormatting></x14:conditionalFormattings></ext></extLst>"""
_ITEM = b"<agency xmlns='urn:example'>\xe8\x87\xba\xe5\x8c\x97</agency>"
_PHONETIC = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="1" uniqueCount="1">
<si><r><rPr><b/><sz val="11"/></rPr><t>課</t></r><r><t xml:space="preserve"> 稱 </t></r>
<rPh sb="0" eb="1"><t>か</t></rPh><phoneticPr fontId="1"/></si></sst>"""
_STRINGS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"


@cache
def rich() -> bytes:
    """The sample with own columns and sheets, notes, tables, pictures, extensions, custom XML."""
    made = changed(_enrich)
    sheet = part_of(made, "年度資料")
    root = etree.fromstring(part(sheet, made))
    root.append(etree.fromstring(_X14))
    for cell in root.iterfind(f".//{MAIN}c[@r='J6']"):
        cell.set("t", "s")
        etree.SubElement(cell, f"{MAIN}v").text = "0"
    return with_parts(
        {
            sheet: etree.tostring(root),
            "xl/sharedStrings.xml": _PHONETIC.encode(),
            "xl/_rels/workbook.xml.rels": _with(
                part("xl/_rels/workbook.xml.rels", made),
                f'<Relationship Id="rIdS" Type="{OFFICE}/sharedStrings"'
                ' Target="sharedStrings.xml"/>'
                f'<Relationship Id="rIdX" Type="{OFFICE}/customXml"'
                ' Target="../customXml/item1.xml"/>',
            ),
            "[Content_Types].xml": _with(
                part("[Content_Types].xml", made),
                f'<Override PartName="/xl/sharedStrings.xml" ContentType="{_STRINGS_TYPE}"/>',
            ),
            "customXml/item1.xml": _ITEM,
        },
        made,
    )


def _with(content: bytes, last: str) -> bytes:
    """A list of relations or types with one more."""
    head, _, tail = content.rpartition(b"</")
    return head + last.encode() + b"</" + tail


def _enrich(book: Workbook) -> None:
    data = page(book, "年度資料")
    data["J4"], data["J5"], data["J6"] = "承辦人自用", "自己的註記", None
    data["J6"].font = Font(name="標楷體")
    data["A5"].font = Font(name="標楷體", size=14, italic=True)
    data["E6"].fill = PatternFill("solid", fgColor="FF00FF00")
    data["E6"].comment = Comment("這個數字\n已向會計室確認。", "王小明", height=80, width=150)
    data["J5"].comment = Comment("", "王小明")
    data.conditional_formatting.add(
        "F5:F20", _rule("F5>100", PatternFill("solid", bgColor="FF00FFFF"))
    )
    own = book.create_sheet("我的工作表", 2)
    for row in (("項目", "數"), ("甲", 1), ("乙", 2.5), ("丙", "=SUM(B2:B3)")):
        own.append(row)
    own.add_table(Table(displayName="我的表", ref="A1:B4"))
    own.merge_cells("D1:F2")
    own.protection.sheet = True
    own.print_title_rows = "1:1"
    own.sheet_view.tabSelected = True
    check = DataValidation(type="whole", operator="between", formula1="1", formula2="9")
    own.add_data_validation(check)
    check.add("B2:B9")
    chart = BarChart()
    chart.add_data(Reference(own, min_col=2, min_row=1, max_row=4), titles_from_data=True)
    own.add_chart(chart, "H2")
    picture = BytesIO()
    Pictures.new("RGB", (20, 10), "red").save(picture, "PNG")
    own.add_image(Image(picture), "H20")
    book.active = 2


def _rule(formula: str, fill: PatternFill) -> Rule:
    return Rule(type="expression", formula=[formula], dxf=DifferentialStyle(fill=fill))


def part_of(content: bytes, sheet: str) -> str:
    """The part of a sheet."""
    return next(entry.part for entry in sheets_of(content) if entry.name == sheet)


class Entry(NamedTuple):
    name: str
    part: str


def sheets_of(content: bytes) -> list[Entry]:
    """The sheets in their order; read without the program's own help."""
    with ZipFile(BytesIO(content)) as package:
        book = etree.fromstring(package.read("xl/workbook.xml"))
        relations = etree.fromstring(package.read("xl/_rels/workbook.xml.rels"))
    targets = {each.get("Id", ""): each.get("Target", "") for each in relations}
    return [
        Entry(
            sheet.get("name", ""),
            "xl/" + targets[_relation(sheet)].removeprefix("/xl/"),
        )
        for sheet in book.iter("{*}sheet")
    ]


def _relation(sheet: etree._Element) -> str:
    """Its ``r:id``, in whichever dialect."""
    return next(str(value) for key, value in sheet.attrib.items() if str(key).endswith("}id"))


def parts_of(content: bytes) -> dict[str, bytes]:
    """Every part."""
    with ZipFile(BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


class Marked(NamedTuple):
    """What a copy shows, read without the program's own help."""

    notes: dict[tuple[str, str], str]
    colours: dict[tuple[str, str], str]  # severity
    list_rows: list[tuple[object, ...]]
    links: dict[str, str]


def marks_in(content: bytes) -> Marked:
    parts = parts_of(content)
    notes, colours = {}, {}
    for name, sheet in sheets_of(content):
        for target in _related(parts, sheet, "comments"):
            for each in etree.fromstring(parts[target]).iter("{*}comment"):
                text = "".join(piece.text or "" for piece in each.iter("{*}t"))
                notes[name, each.get("ref", "")] = text
        for looks in etree.fromstring(parts[sheet]).iter(f"{MAIN}conditionalFormatting"):
            for formula in looks.iter(f"{MAIN}formula"):
                if ours := re.fullmatch(r'"reportgen-(\w+)"<>""', formula.text or ""):
                    for area in looks.get("sqref", "").split():
                        for row, column in CellRange(area).cells:
                            colours[name, cell_name(row, column)] = ours[1]
    listed = etree.fromstring(parts[sheets_of(content)[0].part])
    rows: list[tuple[object, ...]] = [
        tuple(text_of(cell) or None for cell in row)
        for row in listed.iter(f"{MAIN}row")
        if int(row.get("r", "0")) > 7
    ]
    found = listed.iter(f"{MAIN}hyperlink")
    links = {each.get("ref", ""): each.get("location", "") for each in found}
    return Marked(notes, colours, rows, links)


def text_of(element: etree._Element) -> str:
    """All its text."""
    return "".join(map(str, element.itertext()))


def _related(parts: Mapping[str, bytes], sheet: str, kind: str) -> list[str]:
    folder, _, name = sheet.rpartition("/")
    relations = parts.get(f"{folder}/_rels/{name}.rels", b"<none/>")
    return [
        posixpath.normpath(posixpath.join("/", folder, each.get("Target", ""))).lstrip("/")
        for each in etree.fromstring(relations)
        if each.get("Type", "").endswith(f"/{kind}")
    ]


def our_lines(note: str) -> list[str]:
    """What of a note is ours."""
    return [note[low:high].strip() for low, high in our_spans(note)]


def canonical(content: bytes) -> bytes:
    """XML whose writing does not count; the selected sheet is nobody's content."""
    root = etree.fromstring(content)
    for view in root.iter("{*}sheetView"):
        view.attrib.pop("tabSelected", "")
    for view in root.iter("{*}workbookView"):
        view.attrib.pop("activeTab", "")
        view.attrib.pop("firstSheet", "")
    target = BytesIO()
    root.getroottree().write_c14n(target)
    return target.getvalue()
