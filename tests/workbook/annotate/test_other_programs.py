"""Marked copies of workbooks that other programs have written, and on their way through them."""

from __future__ import annotations

import re
import uuid
from io import BytesIO

import pytest
from lxml import etree
from openpyxl import load_workbook

from reportgen.problems import Location, make_problem
from reportgen.workbook import read_bytes
from reportgen.workbook.annotate import annotate_in_process, without_annotations
from tests.factories.annotated import (
    OFFICE,
    marks_in,
    our_lines,
    part_of,
    parts_of,
    rich,
    sheets_of,
    text_of,
)
from tests.factories.bad.files import _strict
from tests.factories.workbooks import part, read_scorecard, sample_bytes, with_cells, with_parts
from tests.readers.libreoffice import convert

pytestmark = pytest.mark.slow

B5 = make_problem("E101", Location(sheet="構面", cell="B5"), label="策略地圖名稱")
E6 = make_problem("W110", Location(sheet="年度資料", cell="E6"), found="AP1")
THREADS = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"
ALICE = "{A0000000-0000-0000-0000-000000000001}"
FIRST = "{B0000000-0000-0000-0000-000000000001}"


def copy_of(content: bytes, *problems: object) -> bytes:
    copy, complaints = annotate_in_process(content, problems, "zh-TW", "a.xlsx")  # type: ignore[arg-type]
    assert copy is not None
    assert complaints == ()
    return copy


# --- threads of Excel 365 -----------------------------------------------------------


def threaded() -> bytes:
    """The rich workbook with a thread in E6 of 年度資料, whose note stands for it."""
    sheet = part_of(rich(), "年度資料")
    name = sheet.rpartition("/")[2]
    thread = (
        f'<ThreadedComments xmlns="{THREADS}"><threadedComment ref="E6" dT="2024-01-02T03:04:05.00"'
        f' personId="{ALICE}" id="{FIRST}"><text>請確認</text></threadedComment>'
        "</ThreadedComments>"
    )
    persons = (
        f'<personList xmlns="{THREADS}"><person displayName="王小明" id="{ALICE}"'
        ' userId="S::x" providerId="AD"/></personList>'
    )

    def more(list_name: str, kind: str, target: str) -> bytes:
        head, _, tail = part(list_name, rich()).rpartition(b"</")
        kind = f"http://schemas.microsoft.com/office/2017/10/relationships/{kind}"
        added = f'<Relationship Id="rIdT" Type="{kind}" Target="{target}"/>'
        return head + added.encode() + b"</" + tail

    sheets, book = f"xl/worksheets/_rels/{name}.rels", "xl/_rels/workbook.xml.rels"
    return with_parts(
        {
            "xl/threadedComments/threadedComment1.xml": thread.encode(),
            "xl/persons/person.xml": persons.encode(),
            sheets: more(sheets, "threadedComment", "../threadedComments/threadedComment1.xml"),
            book: more(book, "person", "persons/person.xml"),
        },
        rich(),
    )


def test_a_thread_gets_a_reply_by_us() -> None:
    copy = copy_of(threaded(), E6)
    root = etree.fromstring(part("xl/threadedComments/threadedComment1.xml", copy))
    first, reply = root
    assert (first.get("id"), text_of(first)) == (FIRST, "請確認")
    assert (reply.get("ref"), reply.get("parentId")) == ("E6", FIRST)
    assert reply.get("dT") == first.get("dT")
    assert text_of(reply).startswith("▲〔W110〕")
    assert uuid.UUID(reply.get("id"))
    persons = etree.fromstring(part("xl/persons/person.xml", copy))
    assert [each.get("displayName") for each in persons] == ["王小明", "reportgen"]
    assert reply.get("personId") == persons[1].get("id")


def test_our_reply_comes_out_again_and_the_users_stay() -> None:
    copy = copy_of(threaded(), E6)
    assert copy_of(copy, E6) == copy
    stripped = parts_of(without_annotations(copy))
    for name in ("xl/threadedComments/threadedComment1.xml", "xl/persons/person.xml"):
        assert text_of(etree.fromstring(stripped[name])) == text_of(
            etree.fromstring(part(name, threaded()))
        )
        assert len(etree.fromstring(stripped[name])) == 1


# --- odd but lawful packages --------------------------------------------------------


def prefixed(content: bytes) -> bytes:
    """The same XML with a prefix on every element, as some programs write it."""
    text = content.decode()
    text = re.sub(r"<(/?)(\w+)(?=[\s/>])", r"<\1x:\2", text)
    return text.replace('xmlns="', 'xmlns:x="', 1).replace(' xmlns="', ' xmlns:x="').encode()


def test_elements_may_have_a_prefix() -> None:
    names = ["xl/workbook.xml", "xl/styles.xml", part_of(sample_bytes(), "構面")]
    odd = with_parts({name: prefixed(part(name)) for name in names})
    assert read_bytes(odd)[1] == read_bytes(sample_bytes())[1]
    copy = copy_of(odd, B5)
    assert marks_in(copy).colours == {("構面", "B5"): "error"}
    assert b"<x:conditionalFormatting" in part(names[2], copy)
    assert load_workbook(BytesIO(copy)).sheetnames[0] == "檢查結果"
    assert parts_of(without_annotations(copy)).keys() == parts_of(odd).keys()


def test_a_workbook_without_styles_gets_some() -> None:
    relations = part("xl/_rels/workbook.xml.rels")
    relations = re.sub(rb'<Relationship Type="[^"]*/styles"[^>]*/>', b"", relations)
    bare = with_parts({"xl/styles.xml": None, "xl/_rels/workbook.xml.rels": relations})
    sheets = {entry.part: part(entry.part) for entry in sheets_of(sample_bytes())}
    looks = rb' s(tyle)?="\d+"|<conditionalFormatting.*?</conditionalFormatting>'
    plain = {name: re.sub(looks, b"", content) for name, content in sheets.items()}
    copy = copy_of(with_parts(plain, bare), B5)
    assert load_workbook(BytesIO(copy))["構面"].conditional_formatting


def test_a_drawing_that_excel_left_unclosed_is_read() -> None:
    name = "xl/drawings/commentsDrawing1.vml"
    if name not in parts_of(rich()):
        name = next(each for each in parts_of(rich()) if each.endswith(".vml"))
    drawing = part(name, rich()).replace(b"</xml>", b"<div>a<br>b</div></xml>")
    copy = copy_of(with_parts({name: drawing}, rich()), E6)
    assert b"<div>a<br/>b</div>" in part(name, copy)


def test_a_header_picture_keeps_its_drawing() -> None:
    """A legacyDrawingHF is a drawing of its own: notes do not go there."""
    sheet = part_of(sample_bytes(), "構面")
    rels = f"xl/worksheets/_rels/{sheet.rpartition('/')[2]}.rels"
    vml = b'<xml xmlns:v="urn:schemas-microsoft-com:vml"><v:shape id="CH"/></xml>'
    relation = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId9" Type="{OFFICE}/vmlDrawing" Target="../drawings/v1.vml"/>'
        "</Relationships>"
    )
    told = f'<legacyDrawingHF xmlns:r="{OFFICE}" r:id="rId9"/></worksheet>'.encode()
    odd = with_parts(
        {
            sheet: part(sheet).replace(b"</worksheet>", told),
            rels: relation.encode(),
            "xl/drawings/v1.vml": vml,
        }
    )
    copy = copy_of(odd, B5)
    assert part("xl/drawings/v1.vml", copy) == vml
    order = [etree.QName(each).localname for each in etree.fromstring(part(sheet, copy))]
    assert order[-2:] == ["legacyDrawing", "legacyDrawingHF"]


def test_macros_stay_as_they_are() -> None:
    types = part("[Content_Types].xml").replace(
        b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    )
    macros = bytes(range(256)) * 4
    odd = with_parts({"[Content_Types].xml": types, "xl/vbaProject.bin": macros})
    assert "N156" in [each.code for each in read_bytes(odd)[1]]
    copy = copy_of(odd, B5)
    assert part("xl/vbaProject.bin", copy) == macros
    assert b"macroEnabled.main" in part("[Content_Types].xml", copy)


def test_a_signature_is_the_originals_and_not_the_copys() -> None:
    package = "http://schemas.openxmlformats.org/package/2006"
    kind = f"{package}/relationships/digital-signature"
    head, _, tail = part("_rels/.rels").rpartition(b"</")
    origin = f'<Relationship Id="rIdO" Type="{kind}/origin" Target="_xmlsignatures/origin.sigs"/>'
    signature = (
        f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1"'
        f' Type="{kind}/signature" Target="sig1.xml"/></Relationships>'
    )
    signed = with_parts(
        {
            "_rels/.rels": head + origin.encode() + b"</" + tail,
            "_xmlsignatures/origin.sigs": b"",
            "_xmlsignatures/_rels/origin.sigs.rels": signature.encode(),
            "_xmlsignatures/sig1.xml": b"<Signature/>",
        }
    )
    copy = copy_of(signed, B5)
    assert not [name for name in parts_of(copy) if name.startswith("_xmlsignatures")]
    assert b"digital-signature" not in part("_rels/.rels", copy)


def test_a_strict_workbook_stays_strict() -> None:
    usual, strict = b"http://schemas.openxmlformats.org/", b"http://purl.oclc.org/ooxml/"
    copy = copy_of(_strict(), B5, E6)
    list_part = part(sheets_of(copy)[0].part, copy)
    assert strict + b"spreadsheetml/main" in list_part
    assert usual not in list_part
    comments = next(name for name in parts_of(copy) if name.startswith("xl/comments"))
    assert strict + b"spreadsheetml/main" in part(comments, copy)
    assert read_bytes(copy)[1] == read_bytes(_strict())[1]
    assert copy_of(copy, B5, E6) == copy


# --- LibreOffice --------------------------------------------------------------------


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A marked copy as LibreOffice saves it."""
    folder = tmp_path_factory.mktemp("libreoffice")
    faulty = with_cells(("構面", "B5", ""))
    (folder / "copy.xlsx").write_bytes(copy_of(faulty, *read_bytes(faulty)[1], E6))
    return convert(folder / "copy.xlsx", folder / "saved", "xlsx").read_bytes()


def test_libreoffice_keeps_colours_notes_and_links(saved: bytes) -> None:
    marks = marks_in(saved)
    assert marks.colours["構面", "B5"] == "error"
    assert marks.notes["構面", "B5"] == (
        "✖〔E101〕「策略地圖名稱」尚未填寫。請填寫這一格；整列不需要時請刪除整列。"
    )
    assert marks.notes["年度資料", "E6"].startswith("▲〔W110〕")
    assert {link.replace("'", "") for link in marks.links.values()} >= {"構面!B5", "年度資料!E6"}
    assert sheets_of(saved)[0].name == "檢查結果"


def test_marks_are_known_after_libreoffice_has_saved_them(saved: bytes) -> None:
    again = copy_of(saved, E6)
    marks = marks_in(again)
    assert marks.colours == {("年度資料", "E6"): "warning"}
    assert list(marks.notes) == [("年度資料", "E6")]
    assert len(our_lines(marks.notes["年度資料", "E6"])) == 1
    assert [entry.name for entry in sheets_of(again)].count("檢查結果") == 1
    clean = without_annotations(saved)
    assert "檢查結果" not in {entry.name for entry in sheets_of(clean)}
    assert not any("comments" in name or name.endswith(".vml") for name in parts_of(clean))


def test_a_copy_that_libreoffice_has_saved_is_read_like_the_original(saved: bytes) -> None:
    assert read_scorecard(saved) == read_scorecard(with_cells(("構面", "B5", "")))
