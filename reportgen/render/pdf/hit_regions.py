"""Hit regions: where a document's pages show a KPI's figures, so that they can be clicked.

A template names them: ``data-kpi="F1.1"`` on the element that prints the KPI, with
``data-year="105"`` on one that prints a figure of that ROC year.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

    from weasyprint.document import Page

    from reportgen.render.layout.laid_out_document import Layout
    from reportgen.render.weasyprint_types import Box

KPI_ATTRIBUTE, YEAR_ATTRIBUTE = "data-kpi", "data-year"
DECIMALS = 5  # of a fraction: a hundredth of a point on paper of A4
_JSON_KEYS = ("kpi", "year", "x", "y", "w", "h")  # of a region's fields, in their order
_ROC_YEAR = re.compile(r"[0-9]{1,3}")
_Edges = tuple[float, float, float, float]  # left, top, right, bottom in CSS pixels


class HitRegion(NamedTuple):
    """A rectangle that shows a KPI, in fractions of its page from the left and the top."""

    kpi: str
    year: int | None  # ROC year; None: the KPI as such, its name or formula
    x: float
    y: float
    width: float
    height: float


def hit_regions(layout: Layout) -> tuple[tuple[HitRegion, ...], ...]:
    """Return the regions page by page, in document order: nested ones come later.

    An element has one region on each page that shows it. Elements with an invalid KPI or year, and
    those without area or beside the paper, have none. Must be called before the PDF is written:
    drawing a page consumes its boxes.
    """
    return tuple(tuple(dict.fromkeys(_page_regions(page))) for page in layout.document.pages)


def hit_regions_json(layout: Layout) -> bytes:
    """Return the regions of a layout's pages as JSON, for :func:`parse_hit_regions`.

    Its form is ``{"pages": [[{"kpi", "year", "x", "y", "w", "h"}, …], …]}``.
    """
    pages = [
        [dict(zip(_JSON_KEYS, region, strict=True)) for region in page]
        for page in hit_regions(layout)
    ]
    return json.dumps({"pages": pages}, ensure_ascii=False).encode()


def parse_hit_regions(content: bytes) -> tuple[tuple[HitRegion, ...], ...]:
    """Return the regions page by page from the JSON of :func:`hit_regions_json`.

    Its form is not checked: KeyError or ValueError for any other content.
    """
    return tuple(
        tuple(HitRegion(*map(region.__getitem__, _JSON_KEYS)) for region in page)
        for page in json.loads(content)["pages"]
    )


def _page_regions(page: Page) -> Iterator[HitRegion]:
    """Yield the regions of a page: one rectangle around all the boxes of an element there.

    Elements with an invalid name, and rectangles without area on the page, are left out.
    """
    edges_by_element: dict[Element, _Edges] = {}
    for element, box in _named_boxes(page._page_box, None):
        left, top, width, height = map(float, box.hit_area())
        edges = (left, top, left + width, top + height)
        edges_by_element[element] = bounding_edges(edges_by_element.get(element, edges), edges)
    for element, edges in edges_by_element.items():
        name = _kpi_and_year(element)
        area = _page_fractions(edges, page)
        if name is not None and area is not None:
            yield HitRegion(*name, *area)


def _named_boxes(box: Box, inside: Element | None) -> Iterator[tuple[Element, Box]]:
    """Yield (element that names a KPI, one of its outermost boxes), in document order.

    An element may have several; ``inside`` is the element of the box around, whose own are not
    yielded again.
    """
    element = box.element
    if element is not None and element is not inside and element.get(KPI_ATTRIBUTE):
        yield element, box
    for child in getattr(box, "children", ()):
        yield from _named_boxes(child, element)


def _kpi_and_year(element: Element) -> tuple[str, int | None] | None:
    """Return (KPI, ROC year or None) of an element, or None if either of them is invalid."""
    kpi, year = element.get(KPI_ATTRIBUTE, "").strip(), element.get(YEAR_ATTRIBUTE, "").strip()
    if not kpi or (year and not _ROC_YEAR.fullmatch(year)):
        return None
    return kpi, int(year) if year else None


def bounding_edges(one: _Edges, other: _Edges) -> _Edges:
    """Return the edges of the smallest rectangle that contains two others."""
    left, top = min(one[0], other[0]), min(one[1], other[1])
    return left, top, max(one[2], other[2]), max(one[3], other[3])


def _page_fractions(edges: _Edges, page: Page) -> tuple[float, float, float, float] | None:
    """Return left, top, width and height as fractions of the sheet, bleed included.

    None if the rectangle is outside or has no area.
    """
    bleed = page.bleed
    across = page.width + bleed["left"] + bleed["right"]
    down = page.height + bleed["top"] + bleed["bottom"]
    left, right = (_fraction(edges[side] + bleed["left"], across) for side in (0, 2))
    top, bottom = (_fraction(edges[side] + bleed["top"], down) for side in (1, 3))
    width, height = round(right - left, DECIMALS), round(bottom - top, DECIMALS)
    return (left, top, width, height) if width > 0 and height > 0 else None


def _fraction(length: float, total: float) -> float:
    """Return a length as a fraction of another, limited to 0 to 1 and rounded."""
    return round(min(max(length / total, 0.0), 1.0), DECIMALS)
