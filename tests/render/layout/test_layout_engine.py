"""Pages laid out again, alone or among others, are those of the whole."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from reportgen.render.fonts.font_set import FontSet, find_fonts, font_folders
from reportgen.render.layout import fixed_point
from reportgen.render.layout.fixed_point import layout_to_fixed_point
from reportgen.render.layout.layout_engine import lay_out_changes
from reportgen.render.templates.url_fetcher import TEMPLATE_URL, TemplateFetcher

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


@pytest.fixture
def ways(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """For each round but the first of those that lay out parts, how many parts it had."""
    seen: list[int] = []

    def again(layout: Layout, changes: Any) -> Layout:
        seen.append(len(changes))
        return lay_out_changes(layout, changes)

    monkeypatch.setattr(fixed_point, "lay_out_changes", again)
    return seen


def both(body: str, fonts: Any, style: str = "") -> tuple[Layout, bytes, bytes]:
    """The layout with what is quicker, and the PDFs made in this and in the long way."""
    html = (
        f"<!DOCTYPE html><html lang=zh-TW><head><title>題</title></head><body>{body}</body></html>"
    )
    css = STYLE + style
    html = html.replace("</head>", f"<style>{css}</style></head>")
    ground = {
        "base_url": TEMPLATE_URL,
        "fetcher": TemplateFetcher(Path(__file__).parent),
        "fonts": fonts,
    }
    quick = layout_to_fixed_point(html, css, **ground)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fixed_point, "_incrementally", lambda *given: None)
        whole = layout_to_fixed_point(html, css, **ground)
    return quick, printed(quick), printed(whole)


def printed(layout: Layout) -> bytes:
    data: bytes = layout.document.write_pdf(pdf_variant="pdf/a-3a", pdf_identifier=b"1")
    return data


@pytest.mark.parametrize("sections", DOCUMENTS.values(), ids=DOCUMENTS)
def test_pages_are_those_of_the_whole(
    sections: list[tuple[str, int]], fonts: Any, ways: list[int]
) -> None:
    layout, quick, whole = both("".join(section(*each) for each in sections), fonts)
    assert ways == [sum(rows > 6 for _, rows in sections)]
    assert len(layout.document.pages) > len(sections)
    assert quick == whole


def test_phrases_are_loosened_and_then_sections_cut(fonts: Any, ways: list[int]) -> None:
    body = section("a", 1) + section("b", 6, phrase="字連字連字連字連") + section("c", 9)
    layout, quick, whole = both(body, fonts)
    assert ways == [1, 2]
    assert len(layout.document.pages) == 6
    assert quick == whole


def test_a_section_within_something_else(fonts: Any, ways: list[int]) -> None:
    body = section("a", 1) + section("b", 12, within=True) + section("c", 1)
    _, quick, whole = both(body, fonts, ".outer { break-before: page }")
    assert ways == [1]
    assert quick == whole


@pytest.mark.parametrize("style", REACHING.values(), ids=REACHING)
def test_what_reaches_further_is_laid_out_as_a_whole(
    style: str, fonts: Any, ways: list[int]
) -> None:
    body = "".join(section(*each) for each in DOCUMENTS["in the middle"])
    _, quick, whole = both(body, fonts, style)
    assert not ways
    assert quick == whole


def test_what_stays_is_not_made_anew(fonts: Any) -> None:
    """Elements, styles and boxes of sections that a round leaves alone are the same objects."""
    layout, *_ = both("".join(section(*each) for each in DOCUMENTS["in the middle"]), fonts)
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
