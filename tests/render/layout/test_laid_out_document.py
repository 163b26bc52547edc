"""What this program relies on in WeasyPrint's inside."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import pytest
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetchingError

from reportgen.render.layout.laid_out_document import Layout, serialize, walk
from reportgen.render.layout.layout_engine import lay_out
from reportgen.render.templates.url_fetcher import TEMPLATE_URL, TemplateFetcher

if TYPE_CHECKING:
    from pathlib import Path

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABc3UBGAAAAABJRU5ErkJggg=="
)
CSS = """
:root { --ink: #102030 }
@page { size: 400px 300px; margin: 20px; @bottom-center { content: counter(page) } }
@page :first { margin: 30px; @bottom-center { content: none } }
p { color: var(--ink); font-size: 10pt }
p::before { content: "前"; color: red }
table { table-layout: fixed; width: 300px; border-spacing: 0 }
td { padding: 0 }
td:first-child { width: 100px }
img { width: 40px; height: 20px }
"""
HTML = """<!DOCTYPE html><html lang="zh-Hant-TW"><head><title>題</title>
<link rel="stylesheet" href="style.css"></head><body>
<p id="a">甲<b>乙</b></p><table><tr><td>1</td><td>2</td></tr></table>
<p><img src="dot.png" alt="點"></p><p style="break-before: page">丙</p></body></html>"""


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    (tmp_path / "style.css").write_text(CSS, "utf-8")
    (tmp_path / "dot.png").write_bytes(PNG)
    return lay(HTML, tmp_path)


def lay(html: str, folder: Path) -> Layout:
    fetcher = TemplateFetcher(folder)
    return lay_out(html, base_url=TEMPLATE_URL, fetcher=fetcher, fonts=FontConfiguration())


def test_pages(layout: Layout) -> None:
    assert [(page.width, page.height) for page in layout.document.pages] == [(400, 300), (400, 300)]
    assert layout.document.metadata.title == "題"
    assert layout.document.metadata.lang == "zh-Hant-TW"


def test_computed_style(layout: Layout) -> None:
    paragraph = next(layout.root.iter("p"))
    style = layout.style(paragraph)
    assert style is not None
    assert style["font_size"] == pytest.approx(10 / 0.75)
    assert tuple(style["color"].coordinates) == pytest.approx((0x10 / 255, 0x20 / 255, 0x30 / 255))
    before = layout.style(paragraph, "before")
    assert before is not None
    assert tuple(before["color"].coordinates) == pytest.approx((1, 0, 0))
    assert layout.style(paragraph, "after") is None


def test_page_style(layout: Layout) -> None:
    assert layout.page_style(first=True)["margin_top"].value == 30
    assert layout.page_style(first=False)["margin_top"].value == 20
    assert layout.page_style(first=False, box="@bottom-center")["content"] != "none"
    absent = layout.page_style(first=False, box="@top-left")
    assert absent is None or absent["content"] == "normal"


def test_column_widths_are_points(layout: Layout) -> None:
    ((table, widths),) = layout.column_widths().items()
    assert table.tag == "table"
    assert widths == pytest.approx((75, 150))


def test_picture_sizes_are_points(layout: Layout) -> None:
    ((image, size),) = layout.picture_sizes().items()
    assert image.get("alt") == "點"
    assert size == pytest.approx((30, 15))


def test_resource(layout: Layout) -> None:
    image = next(layout.root.iter("img"))
    assert layout.resource(image, "src") == PNG
    image.set("src", "../secret.png")
    with pytest.raises(URLFetchingError, match="not in the template's folder"):
        layout.resource(image, "src")


def test_structure_is_the_whole_document(layout: Layout) -> None:
    tags = [box.element_tag for box in walk(layout.box_tree)]
    assert tags[0] == "html"
    assert tags.count("p") >= 3  # those of both pages


def test_walk_goes_in_document_order(layout: Layout) -> None:
    text = "".join(getattr(box, "text", "") for box in walk(layout.document.pages[0]._page_box))
    assert text.replace("前", "").startswith("甲乙12")


def test_serialized_html_parses_to_the_same_tree(layout: Layout, tmp_path: Path) -> None:
    again = lay(serialize(layout.root), tmp_path)
    assert serialize(again.root) == serialize(layout.root)
    for one, other in zip(layout.root.iter(), again.root.iter(), strict=True):
        assert (one.tag, one.attrib, one.text, one.tail) == (
            other.tag,
            other.attrib,
            other.text,
            other.tail,
        )


@pytest.mark.parametrize(
    "body",
    [
        "<p>a &lt; b &amp; c &quot;d&quot;</p>",
        '<p title="&lt;&quot;&amp;">x</p>',
        "<p>a<br>b<img src='dot.png' alt=''></p>",
        "<table><tbody><tr><td>1</td></tr></tbody></table>",
        '<svg viewBox="0 0 9 9" width="9" height="9"><rect width="5" height="5"></rect></svg>',
        '<svg width="9"><use xlink:href="#a"></use></svg>',
        "<!-- note --><p>x</p>",
    ],
)
def test_serialize_keeps_what_html_needs(tmp_path: Path, body: str) -> None:
    (tmp_path / "dot.png").write_bytes(PNG)
    html = f"<!DOCTYPE html><html><head></head><body>{body}</body></html>"
    once = serialize(lay(html, tmp_path).root)
    assert serialize(lay(once, tmp_path).root) == once
    assert once.startswith("<!DOCTYPE html>\n<html>")


def test_layout_is_the_same_as_weasyprints_own(layout: Layout, tmp_path: Path) -> None:
    from weasyprint import HTML as WEASYPRINT_HTML

    options = {"pdf_variant": "pdf/a-3a", "pdf_tags": True, "pdf_identifier": b"1"}
    html = WEASYPRINT_HTML(
        string=HTML, base_url=TEMPLATE_URL, url_fetcher=TemplateFetcher(tmp_path)
    ).render(font_config=FontConfiguration(), **options)
    theirs = [
        (type(box).__name__, getattr(box, "position_x", None), getattr(box, "position_y", None))
        for page in html.pages
        for box in walk(page._page_box)
    ]
    ours = [
        (type(box).__name__, getattr(box, "position_x", None), getattr(box, "position_y", None))
        for page in layout.document.pages
        for box in walk(page._page_box)
    ]
    assert ours == theirs
