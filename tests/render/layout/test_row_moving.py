"""Pages made of rows that are laid out already, and those that must be laid out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from reportgen.render.fonts.font_set import FontSet, find_fonts, font_folders
from reportgen.render.layout.laid_out_document import serialize
from reportgen.render.layout.layout_engine import lay_out
from reportgen.render.layout.section_layout import lay_out_document
from reportgen.render.templates.url_fetcher import TEMPLATE_URL, TemplateFetcher
from tests.render.layout.work_counter import count_work

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.slow

STYLE = """
@page { size: 400px 300px; margin: 20px; @bottom-center { content: counter(page) } }
* { margin: 0; padding: 0; font: 16px/20px "Liberation Serif", "TW-Kai" }
section { break-before: page } h2 { bookmark-level: 1 } .continued h2 { bookmark-level: none }
table { width: 300px; border-collapse: collapse; table-layout: fixed; border: 3px solid }
td, th { border: 1px solid; vertical-align: middle } th { border-bottom: 5px solid #800 }
"""
COVER = '<section class="page"><h2>首</h2></section>'


def rows(count: int, cell: str = "字<br>字") -> str:
    return "".join(f'<tr id="r{n}"><td>{n}</td><td>{cell}</td></tr>' for n in range(count))


def long(body: str = "", *, head: str = "<tr><th>甲</th><th>乙</th></tr>", after: str = "") -> str:
    table = f"<table><thead>{head}</thead>{body or f'<tbody>{rows(20)}</tbody>'}</table>"
    return f'<section class="page"><h2>題</h2>{table}{after}</section>'


GROUPS = "".join(
    f'<tbody><tr><td rowspan="2">甲<br>乙</td><td>丙</td></tr>'
    f"<tr><td>{number}<br>丁</td></tr></tbody>"
    for number in range(8)
)
CUT = '<tbody><tr><td rowspan="20">甲</td><td>0</td></tr>' + "".join(
    f"<tr><td>{number}<br>丁</td></tr>" for number in range(1, 20)
)
# What a document consists of, what its stylesheet says besides, and how many page layouts it takes.
MOVED = {
    "after a cover": (COVER + long(), "", 2),
    "the first section": (long(), "", 2),
    "something below the table": (COVER + long(after="<p>註</p>"), "", 2),
    "groups with merged cells": (COVER + long(GROUPS), "tbody { break-inside: avoid }", 2),
    "borders of their own": (COVER + long(), "table { border-collapse: separate }", 2),
    "a column group": (
        COVER + long().replace("<thead>", "<colgroup><col><col class=c></colgroup><thead>"),
        ".c { width: 90px; background: #eee }",
        2,
    ),
    "a foot": (
        COVER + long(f"<tbody>{rows(20)}</tbody><tfoot><tr><td>計</td><td>和</td></tr></tfoot>"),
        "",
        2,
    ),
    "a last page of another name": (
        COVER + long(),
        ".page:last-child { page: sealed } @page sealed { @top-left { content: '印' } }",
        3,
    ),
}
LAID_OUT = {
    "a head with other words": (COVER + long(), ".continued h2::after { content: '續' }"),
    "rows of another look": (COVER + long(), ".continued td { padding-top: 3px }"),
    "a merged cell that is cut": (COVER + long(CUT), ""),
    "a last page of another size": (
        COVER + long(),
        ".page:last-child { page: sealed } @page sealed { margin: 30px }",
    ),
    "columns of another width": (COVER + long(), "table { table-layout: auto }"),
    "a border in part": (COVER + long(), "th:first-child { border-bottom: 1px solid }"),
    "a float": (COVER + long(after='<p style="float: right">註</p>'), ""),
    "a height": (COVER + long(), ".page { min-height: 100px }"),
}


@pytest.fixture(scope="module")
def fonts() -> Iterator[Any]:
    with FontSet(find_fonts(font_folders())[0]).configuration("甲乙丙丁題首字註續印計和") as found:
        yield found


def page_layouts(body: str, style: str, fonts: Any) -> tuple[int, int]:
    """Return the page layouts and the pages, which must be those of WeasyPrint alone."""
    css = STYLE + style
    html = (
        f"<!DOCTYPE html><html lang=zh-TW><head><title>題</title><style>{css}</style></head>"
        f"<body>{body}</body></html>"
    )
    fetcher = TemplateFetcher(Path(__file__).parent)
    options: Any = {"base_url": TEMPLATE_URL, "fetcher": fetcher, "fonts": fonts}
    with count_work() as work:
        layout = lay_out_document(html, css, **options)
    whole = lay_out(serialize(layout.root), **options)
    pdfs = [
        each.document.write_pdf(pdf_variant="pdf/a-3a", pdf_identifier=b"1")
        for each in (layout, whole)
    ]
    assert pdfs[0] == pdfs[1]
    return work["page layouts"], len(layout.pages)


@pytest.mark.parametrize(("body", "style", "count"), MOVED.values(), ids=MOVED)
def test_rows_are_moved(body: str, style: str, count: int, fonts: Any) -> None:
    layouts, pages = page_layouts(body, style, fonts)
    assert pages >= 3
    assert layouts == count


@pytest.mark.parametrize(("body", "style"), LAID_OUT.values(), ids=LAID_OUT)
def test_a_page_that_differs_by_more_than_its_rows_is_laid_out(
    body: str, style: str, fonts: Any
) -> None:
    layouts, pages = page_layouts(body, style, fonts)
    assert layouts > pages - 2
