"""Sections laid out by themselves have the pages of the whole, for less work."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from reportgen.render.fonts.font_set import FontSet, find_fonts, font_folders
from reportgen.render.layout.laid_out_document import serialize
from reportgen.render.layout.layout_cache import LayoutCache
from reportgen.render.layout.layout_engine import lay_out
from reportgen.render.layout.section_layout import (
    SectionCache,
    lay_out_document,
    lay_out_sections,
)
from reportgen.render.layout.selector_dependencies import attributes_matched_on
from reportgen.render.templates.url_fetcher import TEMPLATE_URL, TemplateFetcher
from tests.render.layout.work_counter import count_work

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reportgen.render.layout.laid_out_document import Layout

STYLE = """
@page { size: 400px 300px; margin: 20px;
  @bottom-center { content: counter(page) "/" counter(pages) }
  @top-left { content: "題"; font: 10px serif } }
@page :first { @top-left { content: "首" } }
* { margin: 0; padding: 0; font: 16px/20px "Liberation Serif", "TW-Kai" }
section { break-before: page }
table { width: 300px; border-collapse: collapse; table-layout: fixed }
td, th { border: 1px solid; white-space: normal } .phrase { white-space: nowrap }
.continued h2::after { content: "（續）" } h2 { bookmark-level: 1 } .r { color: #800 }
"""


def section(name: str, rows: int, *, phrase: str = "", within: bool = False) -> str:
    cells = "".join(
        f'<tr id="{name}{n}"><td>{name}{n}<td class=r>字<br>字<td><i class=phrase>{phrase}</i>'
        for n in range(rows)
    )
    table = f"<table><thead><tr><th>甲<th>乙<th>丙<tbody>{cells}</table>"
    html = f'<section class="page"><h2>{name}</h2>{table}<p><a href="#b0">連</a></section>'
    return f"<div class=outer><p>外</p>{html}</div>" if within else html


DOCUMENTS = {  # sections, and how many rows each has: a page holds six
    "in the middle": [("a", 1), ("b", 14), ("c", 2)],
    "at the beginning": [("a", 14), ("b", 2), ("c", 1)],
    "at the end": [("a", 1), ("b", 2), ("c", 20)],
    "all": [("a", 9), ("b", 20), ("c", 8)],
    "apart": [("a", 12), ("b", 1), ("c", 13), ("d", 1), ("e", 1)],
    "one": [("a", 30)],
}
REACHING = {
    "a counter": "section { counter-increment: s } h2::before { content: counter(s) }",
    "a neighbour": "section + section h2 { color: blue }",
    "a place": "section:nth-child(even) h2 { color: blue }",
    "no break": "section:last-child { break-before: auto }",
    "what the body has": "body { padding-top: 10px }",
    "what the body adds": "body::after { content: '末' }",
    "fixed": "h2 { position: fixed; bottom: 0 }",
    "left and right": "@page :left { margin-left: 40px }",
}


@pytest.fixture(scope="module")
def fonts() -> Iterator[Any]:
    with FontSet(find_fonts(font_folders())[0]).configuration("甲乙丙題首外連字續（）末") as found:
        yield found


class Both:
    """A document laid out section by section, and as a whole."""

    def __init__(self, body: str, fonts: Any, style: str = "") -> None:
        html = f"<!DOCTYPE html><html lang=zh-TW><head><title>題</title></head><body>{body}</body>"
        self.css = STYLE + style
        self.html = html.replace("</head>", f"<style>{self.css}</style></head>")
        self.options: Any = {
            "base_url": TEMPLATE_URL,
            "fetcher": TemplateFetcher(Path(__file__).parent),
            "fonts": fonts,
        }
        with count_work() as self.work:
            self.layout = lay_out_document(self.html, self.css, **self.options)
        self.page_count = len(self.layout.document.pages)

    def are_equal(self) -> bool:
        """Return whether WeasyPrint makes the same PDF of the final HTML, without our help."""
        whole = lay_out(serialize(self.layout.root), **self.options)
        return printed(self.layout) == printed(whole)

    def are_sections(self) -> bool:
        """Return whether it can be laid out section by section."""
        return lay_out_sections(self.html, self.css, self.new_cache(), **self.options) is not None

    def new_cache(self) -> SectionCache:
        """Return an empty cache for the document."""
        return SectionCache(
            LayoutCache(matched_attributes=attributes_matched_on(self.css, self.html))
        )


def printed(layout: Layout) -> bytes:
    data: bytes = layout.document.write_pdf(pdf_variant="pdf/a-3a", pdf_identifier=b"1")
    return data


@pytest.mark.slow
@pytest.mark.parametrize("sections", DOCUMENTS.values(), ids=DOCUMENTS)
def test_pages_are_those_of_the_whole(sections: list[tuple[str, int]], fonts: Any) -> None:
    both = Both("".join(section(*each) for each in sections), fonts)
    assert both.are_sections()
    assert both.page_count > len(sections)
    assert both.are_equal()


@pytest.mark.slow
def test_rows_are_measured_as_if_no_page_had_broken_them(fonts: Any) -> None:
    """A row that a page breaks is higher: its borders are drawn twice."""
    both = Both(section("a", 30), fonts)
    assert both.page_count == 8
    rows = [len(list(each.iter("tr"))) - 1 for each in both.layout.root[-1]]
    assert rows == [4, 4, 4, 4, 4, 4, 3, 3]


@pytest.mark.slow
def test_phrases_are_loosened_and_then_sections_cut(fonts: Any) -> None:
    body = section("a", 1) + section("b", 6, phrase="字連字連字連字連") + section("c", 9)
    both = Both(body, fonts)
    assert both.page_count == 6
    assert both.are_equal()


def test_a_section_within_something_else(fonts: Any) -> None:
    body = section("a", 1) + section("b", 12, within=True) + section("c", 1)
    both = Both(body, fonts, ".outer { break-before: page }")
    assert both.are_sections()
    assert both.are_equal()


@pytest.mark.parametrize("style", REACHING.values(), ids=REACHING)
def test_what_reaches_further_is_laid_out_as_a_whole(style: str, fonts: Any) -> None:
    both = Both("".join(section(*each) for each in DOCUMENTS["in the middle"]), fonts, style)
    assert not both.are_sections()
    assert both.are_equal()


def test_all_styles_and_boxes_are_those_of_the_sections(fonts: Any) -> None:
    layout = Both("".join(section(*each) for each in DOCUMENTS["in the middle"]), fonts).layout
    first, *_, last = layout.root[-1]
    assert [each.get("class") for each in layout.root[-1]] == [
        *("page", "page", "page continued", "page continued", "page continued", "page")
    ]
    for kept in (first, last):
        cell = next(kept.iter("td"))
        assert layout.style(cell)["border_top_style"] == "solid"
        assert any(box.element is kept for box in layout.box_tree.children[0].children)
    assert layout.style(layout.root)["font_size"] == 16
    assert layout.page_style(first=True) is not None


@pytest.mark.slow
def test_a_cached_section_is_not_laid_out_again(fonts: Any) -> None:
    one = Both(section("a", 14) + section("b", 3), fonts)
    other = Both(section("a", 14) + section("b", 2), fonts)
    cache = one.new_cache()
    first = lay_out_sections(one.html, one.css, cache, **one.options)
    with count_work() as work:
        assert lay_out_sections(one.html, one.css, cache, **one.options) == first
    assert not work["page layouts"]
    assert not work["elements"]
    with count_work() as work:
        edited = lay_out_sections(other.html, other.css, cache, **other.options)
    assert work["page layouts"] == 1
    assert first is not None
    assert edited is not None
    assert edited[:-1] == first[:-1]
    assert edited[-1] != first[-1]
