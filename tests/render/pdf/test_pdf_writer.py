"""The PDF: the same bytes everywhere, two profiles, and its source inside."""

from __future__ import annotations

import base64
import hashlib
import io
import os
import re
import subprocess
import sys
import zlib
from datetime import date
from pathlib import Path
from random import Random
from typing import Any
from xml.etree import ElementTree

import pydyf
import pytest
from PIL import Image
from pypdf import PdfReader
from weasyprint.images import RasterImage

from reportgen.render.fonts.font_set import FontSet, find_fonts, font_folders
from reportgen.render.layout.layout_engine import lay_out
from reportgen.render.pdf.pdf_writer import (
    EmbeddedFile,
    _serialize_objects,
    write_pdf,
)
from reportgen.render.templates.url_fetcher import TEMPLATE_URL, TemplateFetcher
from tests.validators.pdf import page_findings

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
TITLE = "臺北市教師研習中心 <策略地圖> & 平衡計分卡（105-12-25 修表）"
HTML = """<!DOCTYPE html><html lang="zh-Hant-TW"><head><title>範本的題名</title><style>
@page { size: A4 landscape; margin: 15mm }
body { font-family: "Times New Roman", "標楷體" }
h1 { bookmark-label: attr(data-bookmark) }
section { break-before: page }
</style></head><body>
<section><h1 data-bookmark="策略地圖">臺北市教師研習中心 Map</h1><p>使命：&hellip;</p></section>
<section><h1 data-bookmark="計分卡">平衡計分卡</h1>
<table><thead><tr><th scope="col">策略目標</th><th scope="col">KPI</th></tr></thead>
<tbody><tr><th scope="row" rowspan="2">AC1</th><td>AC1.1</td></tr><tr><td>AC1.2</td></tr></tbody>
</table></section></body></html>"""
WORKBOOK = EmbeddedFile(
    name="105-12-25 臺北.xlsx", content=b"PK\x03\x04 the workbook", description="Source workbook"
)


@pytest.fixture(scope="module")
def machine() -> FontSet:
    return FontSet(find_fonts(font_folders())[0])


def attached(content: bytes) -> EmbeddedFile:
    return EmbeddedFile(name="a.xlsx", content=content, description="")


def make(machine: FontSet, html: str = HTML, *, source: EmbeddedFile = WORKBOOK) -> bytes:
    fetcher = TemplateFetcher(HERE)
    with machine.configuration(html) as fonts:
        layout = lay_out(html, base_url=TEMPLATE_URL, fetcher=fetcher, fonts=fonts)
        day = date(2016, 12, 25)
        return write_pdf(
            layout, title=TITLE, author="臺北市 & 中心", day=day, attached=(source,), fonts=machine
        )


@pytest.fixture(scope="module")
def pdf(machine: FontSet) -> bytes:
    return make(machine)


@pytest.fixture
def reader(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf))


def test_two_runs_give_the_same_bytes(machine: FontSet, pdf: bytes) -> None:
    assert make(machine) == pdf


@pytest.mark.slow
def test_surroundings_do_not_change_the_bytes(pdf: bytes) -> None:
    code = (
        "import hashlib; from tests.render.pdf.test_pdf_writer import *; "
        "machine = FontSet(find_fonts(font_folders())[0]); "
        "print(hashlib.sha256(make(machine)).hexdigest())"
    )
    surroundings = [
        {"PYTHONHASHSEED": "1", "TZ": "Asia/Taipei", "LC_ALL": "C"},
        {"PYTHONHASHSEED": "2", "TZ": "America/New_York", "LC_ALL": "zh_TW.UTF-8"},
    ]
    running = [
        subprocess.Popen(
            [sys.executable, "-c", code],
            stdout=subprocess.PIPE,
            env=os.environ | given | {"PYTHONPATH": str(ROOT)},
            encoding="ascii",
        )
        for given in surroundings
    ]
    digests = {process.communicate()[0].strip() for process in running}
    assert digests == {hashlib.sha256(pdf).hexdigest()}


def test_another_workbook_gives_another_identifier(machine: FontSet, reader: PdfReader) -> None:
    other = PdfReader(io.BytesIO(make(machine, source=attached(b"other"))))
    assert other.trailer["/ID"] != reader.trailer["/ID"]


def test_source_workbook_is_inside(reader: PdfReader) -> None:
    assert dict(reader.attachments) == {WORKBOOK.name: [WORKBOOK.content]}
    (file,) = catalog(reader)["/AF"]
    assert file.get_object()["/AFRelationship"] == "/Source"
    assert file.get_object()["/F"] == file.get_object()["/UF"] == WORKBOOK.name
    stream = file.get_object()["/EF"]["/F"].get_object()
    assert stream["/Subtype"].startswith("/application/vnd.openxmlformats")
    parameters = file.get_object()["/EF"]["/F"].get_object()["/Params"]
    assert parameters["/ModDate"].startswith("D:20161225000000")
    assert parameters["/CreationDate"].startswith("D:20161225000000")


def catalog(reader: PdfReader) -> Any:
    return reader.trailer["/Root"]


def test_title_author_and_dates_are_those_given(reader: PdfReader) -> None:
    assert reader.metadata is not None
    assert reader.metadata.title == TITLE
    assert reader.metadata.author == "臺北市 & 中心"
    assert reader.metadata.creator == "reportgen"
    assert reader.metadata.creation_date == reader.metadata.modification_date
    assert reader.metadata.creation_date is not None
    assert reader.metadata.creation_date.date() == date(2016, 12, 25)


def test_readers_are_told_title_and_language(reader: PdfReader) -> None:
    assert catalog(reader)["/Lang"] == "zh-Hant-TW"
    assert catalog(reader)["/ViewerPreferences"]["/DisplayDocTitle"]
    assert catalog(reader)["/MarkInfo"]["/Marked"]


def test_template_without_title_or_language_has_them_all_the_same(machine: FontSet) -> None:
    made = PdfReader(io.BytesIO(make(machine, "<!DOCTYPE html><p>甲")))
    assert made.metadata is not None
    assert made.metadata.title == TITLE
    assert catalog(made)["/Lang"] == "zh-Hant-TW"


def test_bookmarks(reader: PdfReader) -> None:
    marks = [(each.title, reader.get_destination_page_number(each)) for each in reader.outline]  # type: ignore[union-attr, arg-type]
    assert marks == [("策略地圖", 0), ("計分卡", 1)]


def test_text_can_be_searched(reader: PdfReader) -> None:
    assert "臺北市教師研習中心" in reader.pages[0].extract_text()
    assert "使命：…" in reader.pages[0].extract_text()


NAMES = {
    "pdfaid": "http://www.aiim.org/pdfa/ns/id/",
    "pdfuaid": "http://www.aiim.org/pdfua/ns/id/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "pdfaSchema": "http://www.aiim.org/pdfa/ns/schema#",
}


def test_xmp_claims_both_profiles(reader: PdfReader) -> None:
    stream = catalog(reader)["/Metadata"]
    assert "/Filter" not in stream  # PDF/A: whoever knows no PDF can read it
    xmp = ElementTree.fromstring(stream.get_data())

    def said(path: str) -> list[str | None]:
        return [each.text for each in xmp.iterfind(f".//{path}", NAMES)]

    assert said("pdfaid:part") == ["3"]
    assert said("pdfaid:conformance") == ["A"]
    assert said("pdfuaid:part") == ["1"]
    assert said("pdfaSchema:prefix") == ["pdfuaid"]
    assert said("dc:title//rdf:li") == [TITLE]
    assert said("dc:creator//rdf:li") == ["臺北市 & 中心"]
    assert said("dc:language//rdf:li") == ["zh-Hant-TW"]
    assert said("xmp:CreateDate") == said("xmp:ModifyDate") == ["2016-12-25T00:00:00Z"]


def test_validator_finds_nothing(pdf: bytes, tmp_path: Path) -> None:
    path = tmp_path / "made.pdf"
    path.write_bytes(pdf)
    assert page_findings(path) == []


def test_streams_are_compressed_once(reader: PdfReader) -> None:
    streams: list[Any] = [page["/Contents"].get_object() for page in reader.pages]
    assert [each["/Filter"] for each in streams] == ["/FlateDecode", "/FlateDecode"]
    assert all(b"BT" in each.get_data() for each in streams)


def test_no_stream_ends_in_what_reads_as_a_line_end(machine: FontSet) -> None:
    sources = (attached(b"%c" % number) for number in range(256))
    source = next(each for each in sources if zlib.compress(each.content, 6).endswith(b"\r"))
    made = make(machine, source=source)
    assert b"\r\nendstream" not in made
    assert dict(PdfReader(io.BytesIO(made)).attachments) == {"a.xlsx": [source.content]}


def test_no_stream_that_is_added_last_does_either() -> None:
    """That of small objects and the cross-reference: one in 256 of each would."""
    wrapped: set[bytes] = set()
    for number in range(1000):
        text = Random(number).randbytes(number).hex()
        pdf = pydyf.PDF()
        pdf.add_object(pydyf.Dictionary({"Text": pydyf.String(text)}))
        _serialize_objects(pdf)
        target = io.BytesIO()
        pdf.write(target, version=b"1.7", compress=True)
        written = target.getvalue()
        assert b"\r\nendstream" not in written
        if b"/ASCII85Decode" in written:
            read: Any = PdfReader(target).get_object(3)
            assert read["/Text"] == text
            wrapped.update(re.findall(rb"/Type /(\w+)[^>]*/ASCII85Decode", written))
    assert wrapped == {b"ObjStm", b"XRef"}


def test_pictures_have_the_same_bytes_whatever_pillow_is_built_with(
    machine: FontSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its wheels bring a zlib of their own, which compresses otherwise on Windows."""
    picture = io.BytesIO()
    Image.frombytes("RGBA", (40, 30), Random(1).randbytes(1200) * 4).save(picture, "PNG")
    source = base64.b64encode(picture.getvalue()).decode()
    html = f'<html lang=zh><body><img alt="甲" src="data:image/png;base64,{source}">'
    here = make(machine, html)
    real = RasterImage._get_png_data

    def compressed_otherwise(image: Image.Image) -> bytes:
        return zlib.compress(zlib.decompress(real(image)), 1)

    monkeypatch.setattr(RasterImage, "_get_png_data", staticmethod(compressed_otherwise))
    assert make(machine, html) == here
    (shown,) = PdfReader(io.BytesIO(here)).pages[0].images
    assert shown.image is not None
    assert shown.image.tobytes() == Image.open(picture).tobytes()


def test_no_picture_ends_in_what_reads_as_a_line_end(machine: FontSet) -> None:
    """One in 256 would, and a reader drops the carriage return before "endstream"."""
    for grey in range(256):
        pixels = bytes([grey, 0, 0, 0])
        if zlib.compress(b"\0" + pixels).endswith(b"\r"):
            break
    picture = io.BytesIO()
    Image.frombytes("L", (4, 1), pixels).save(picture, "PNG")
    source = base64.b64encode(picture.getvalue()).decode()
    made = make(machine, f'<html lang=zh><body><img alt="甲" src="data:image/png;base64,{source}">')
    assert b"\r\nendstream" not in made
    assert b"ASCII85Decode" in made
    (shown,) = PdfReader(io.BytesIO(made)).pages[0].images
    assert shown.image is not None
    assert shown.image.tobytes() == pixels
