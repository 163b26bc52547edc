"""Every row of the table of properties and values, built to PDF and Word: both change, or neither.

Each value stands in a tiny document that lets it show; what it changes is seen in the picture of
the PDF's pages, and in the parts of the Word file.
"""

from __future__ import annotations

import io
import zipfile
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pypdfium2
import pytest

from reportgen.render.docx import convert
from reportgen.render.docx.source.supported_css import (
    MARGIN_BOX_PROPERTIES,
    PAGE_PROPERTIES,
    PROPERTIES,
)
from reportgen.render.layout.layout_engine import lay_out
from reportgen.render.templates.url_fetcher import TEMPLATE_URL, TemplateFetcher
from reportgen.render.weasyprint_patches.startup import load_weasyprint
from tests.factories.templates import machine
from tests.readers.word_xml import PROPERTIES as OF_FILE

if TYPE_CHECKING:
    from collections.abc import Iterator

SAMPLES = {
    "<length>": "7pt",
    "<percentage>": "40%",
    "<number>": "2",
    "<color>": "#c00000",
    "<string>": '"甲"',
    "<family>": "Arial, 標楷體",
    "<counter>": "c 4",
    "<any>": "initial",
    "attr()": "attr(title)",
    "counter()": "counter(c)",
    "counters()": 'counters(c, ".")',
    "content()": "content()",
}
TEXT = "<p>一</p><p class=x title=乙>甲  乙\nabc Def<b class=y>ghi</b></p><p>三</p>"
TABLE = "<table><caption>題</caption><tr><td class=x>甲<td>乙<br>丙<br>丁<tr><td>a<td>b</table>"
LIST = "<ul class=x><li>甲<li>乙</ul>"
PICTURE = "<p><img class=x src='data:image/svg+xml,<svg xmlns=%22http://www.w3.org/2000/svg%22 "
PICTURE += "width=%2240%22 height=%2240%22><rect width=%2240%22 height=%2240%22/></svg>' alt=''>"
SMALL = "@page{size:80mm 72pt;margin:10pt}p,div{line-height:15pt}"
ONE = "html{orphans:1;widows:1}"

# How a property shows: HTML, and a stylesheet around it; "" is any other.
PLACES: dict[str, tuple[str, str]] = {
    "": (TEXT, ""),
    "bookmark-level": (TEXT, ".x{bookmark-label:content(text)}"),
    "bookmark-label": (TEXT, ".x{bookmark-level:1}"),
    "margin-right": (TEXT, ".x{text-align:right}"),
    "padding-right": (TEXT, ".x{text-align:right}"),
    "border-": (TEXT, ".x{border:2pt solid #00f}"),
    "text-decoration-style": (TEXT, ".x{text-decoration-line:underline}"),
    "content": (TEXT, ".x{counter-reset:c 3;quotes:'(' ')'}"),
    "quotes": ("<p class=x><q>甲</q>", ""),
    "counter-": (TEXT, "body{counter-reset:c}.x::before{content:counter(c)}"),
    "break-before": ("<p>一<p>二<p>三<p class=x>甲", SMALL),
    "break-after": ("<p>一<p>二<p class=x>甲<p>三", SMALL),
    "break-inside": ("<p>一<p>二<p class=x>甲<br>乙", SMALL + ONE),
    "orphans": ("<p>一<p>二<p class=x>甲<br>乙<br>丙", SMALL),
    "widows": ("<p>一<p class=x>甲<br>乙<br>丙", SMALL),
    "list-style": (LIST, "li{margin-left:40pt}"),
    "border-collapse": (TABLE.replace("<table", "<table class=x"), "td{border:2pt solid}"),
    "border-spacing": (TABLE.replace("<table", "<table class=x"), "td{border:2pt solid}"),
    "caption-side": (TABLE.replace("<table", "<table class=x"), ""),
    "empty-cells": (TABLE, "td{border:2pt solid}"),
    "table-layout": (
        TABLE.replace("<table", "<table class=x"),
        "table{border-collapse:collapse;width:200pt}td{border:1pt solid}",
    ),
    "vertical-align": (TABLE, "table{border-collapse:collapse}td{border:1pt solid}"),
    "width": (TEXT, ".x{background:#eee}"),
    "max-width": (TEXT, ".x{background:#eee}"),
    "min-width": (TEXT, ".x{background:#eee;width:3pt}"),
    "height": (PICTURE, ".x{display:block}"),
    "min-height": (PICTURE, ".x{display:block;height:2pt;width:20pt}"),
    "max-height": (PICTURE, ".x{display:block}"),
    "box-sizing": (TEXT, ".x{background:#eee;width:60pt;padding:5pt}"),
}
# What shows in neither output by itself: it is about what is not supported, or the PDF's alone.
WITHOUT_EFFECT = {
    *("text-align-last", "overflow-wrap", "hyphens", "empty-cells", "object-fit", "float", "clear"),
    *("position", "overflow", "visibility", "direction", "opacity", "background-image"),
    *("list-style-image", "font-variant-caps", "word-break"),
    *("bookmark-state", *(name for name in PROPERTIES if name.startswith("background-"))),
} - {"background-color"}
ELSEWHERE = {"--watermark", "--word-style"}  # tests of watermarks and of named styles
SAME_LOOK = {  # Word has another structure for the same look
    ("display", value) for value in PROPERTIES["display"].values if value.startswith("table")
} | {("display", "inline"), ("display", "flow-root")}


@pytest.fixture(scope="module")
def fonts() -> Iterator[Any]:
    load_weasyprint()
    with ExitStack() as stack:
        letters = frozenset("一二三四甲乙丙丁題、•◦▪“”ＡＢＣＤＥＦＧＨＩａｂｃｄｅｆｇｈｉ")
        letters |= frozenset("戊己庚辛壬癸子丑寅卯壹貳參")
        ascii_ = frozenset(map(chr, range(32, 127)))
        families = machine().with_families(["Arial"])
        yield stack.enter_context(families.subset_configuration(letters | ascii_))


def place_of(name: str) -> tuple[str, str]:
    prefixes = [prefix for prefix in PLACES if name == prefix]
    prefixes += [prefix for prefix in PLACES if name.startswith(prefix)][::-1]
    return PLACES[prefixes[0]]


def look(html: str, css: str, fonts: Any) -> tuple[tuple[bytes, ...], dict[str, bytes]]:
    """The pictures of the PDF's pages and its bookmarks, and the parts of the Word file."""
    page = f"<html lang=zh-TW><style>{css}</style><body>{html}"
    return _look(page, fonts)


@cache
def _look(page: str, fonts: Any) -> tuple[tuple[bytes, ...], dict[str, bytes]]:
    layout = lay_out(
        page, base_url=TEMPLATE_URL, fetcher=TemplateFetcher(Path(__file__).parent), fonts=fonts
    )
    word, problems = convert(layout, OF_FILE, Path("nowhere"))
    assert [problem.line("en") for problem in problems] == []
    document = pypdfium2.PdfDocument(layout.document.write_pdf())
    try:
        bookmarks = repr([(each.level, each.get_title()) for each in document.get_toc()])
        pictures = (
            *(bytes(document[number].render(scale=1).buffer) for number in range(len(document))),
            bookmarks.encode(),
        )
    finally:
        document.close()
    with zipfile.ZipFile(io.BytesIO(word)) as package:
        return pictures, {name: package.read(name) for name in package.namelist()}


def changes(name: str, value: str, fonts: Any) -> tuple[bool, bool]:
    """Whether a value of a property changes the PDF, and Word."""
    html, css = place_of(name)
    written = SAMPLES.get(value, value)
    target = ".x::before" if name == "content" else ".x"
    if value in ("page", "always"):
        html, css = PLACES[""]
    if name == "vertical-align" and value not in ("top", "middle", "bottom"):
        (html, css), target = PLACES[""], ".y"
    plain = "@page{size:A6;margin:10mm}body,p,ul{margin:0}html{font:12pt 'Times New Roman',標楷體}"
    before = look(html, plain + css, fonts)
    after = look(html, f"{plain}{css}{target}{{{name}:{written}}}", fonts)
    return before[0] != after[0], before[1] != after[1]


@pytest.mark.parametrize("name", [name for name in PROPERTIES if name not in ELSEWHERE])
def test_each_value_is_the_same_in_both(name: str, fonts: Any) -> None:
    shown = {
        value: changes(name, value, fonts)
        for value in PROPERTIES[name].values
        if (name, value) not in SAME_LOOK
    }
    assert {value: both for value, both in shown.items() if both[0] != both[1]} == {}
    assert any(pdf for pdf, _ in shown.values()) == (name not in WITHOUT_EFFECT)


def edge(name: str, value: str) -> str:
    content = "" if name == "content" else 'content: "甲  abc\\A d";'
    box = f"{content}{name}: {SAMPLES.get(value, value)}"
    if name == "line-height":
        box += ";vertical-align: top"
    if name == "text-decoration-style":
        box += ";text-decoration-line: underline"
    return f"@page{{size:A6;margin:20mm;@bottom-center{{{box}}}}}"


@pytest.mark.parametrize("name", MARGIN_BOX_PROPERTIES)
def test_each_value_of_a_footer_is_the_same_in_both(name: str, fonts: Any) -> None:
    base = edge("content", "none" if name == "content" else '"甲  abc\\A d"')
    if name == "text-decoration-style":
        base = edge("text-decoration-line", "underline")
    if name == "line-height":
        base = edge("vertical-align", "top")
    plain = "html{font:12pt 'Times New Roman',標楷體}"
    before = look("<p>甲", plain + base, fonts)
    shown = {}
    for value in MARGIN_BOX_PROPERTIES[name].values:
        after = look("<p>甲", plain + edge(name, value), fonts)
        shown[value] = (before[0] != after[0], before[1] != after[1])
    assert {value: both for value, both in shown.items() if both[0] != both[1]} == {}
    assert any(pdf for pdf, _ in shown.values())


@pytest.mark.parametrize("name", PAGE_PROPERTIES)
def test_each_value_of_a_page_is_the_same_in_both(name: str, fonts: Any) -> None:
    before = look("<p>甲", "@page{size:A5;margin:9mm}", fonts)
    for value in PAGE_PROPERTIES[name].values:
        written = {"<length>": "90mm" if name == "size" else "7pt"}.get(value) or SAMPLES.get(
            value, value
        )
        css = f"@page{{size:A5;margin:9mm}}@page{{{name}:{written}}}"
        after = look("<p style='text-align:right'>甲" if "right" in name else "<p>甲", css, fonts)
        assert before[1] != after[1]
        assert before[0] != after[0] or name == "margin-bottom"
