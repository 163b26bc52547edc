"""Where on its pages a document shows a KPI's figures, so that they can be clicked.

A template names them: ``data-kpi="F1.1"`` on the element that prints the KPI, with
``data-year="105"`` on one that prints a figure of that ROC year.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

    from weasyprint.document import Page

    from reportgen.render.layout import Layout

KPI, YEAR = "data-kpi", "data-year"
DECIMALS = 5  # of a fraction: a hundredth of a point on paper of A4
_ROC_YEAR = re.compile(r"[0-9]{1,3}")
_Edges = tuple[float, float, float, float]  # left, top, right, bottom in CSS pixels


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A rectangle that tells of a KPI: as fractions of its page, from the left and the top."""

    kpi: str
    year: int | None  # ROC year; None: the KPI as such, its name or formula
    x: float
    y: float
    width: float
    height: float


def places(layout: Layout) -> tuple[tuple[Place, ...], ...]:
    """Page by page what can be clicked, in document order: what lies inside comes later.

    To be called before the PDF is written, for painting a page uses its boxes up.
    """
    return tuple(tuple(dict.fromkeys(_of_page(page))) for page in layout.document.pages)


def places_json(layout: Layout) -> bytes:
    """The same as JSON: ``{"pages": [[{"kpi", "year", "x", "y", "w", "h"}, …], …]}``."""
    pages = [[_object(each) for each in page] for page in places(layout)]
    return json.dumps({"pages": pages}, ensure_ascii=False).encode()


def from_json(content: bytes) -> tuple[tuple[Place, ...], ...]:
    """What was told so, page by page."""
    return tuple(
        tuple(
            Place(
                kpi=each["kpi"],
                year=each["year"],
                x=each["x"],
                y=each["y"],
                width=each["w"],
                height=each["h"],
            )
            for each in page
        )
        for page in json.loads(content)["pages"]
    )


def _object(place: Place) -> dict[str, Any]:
    size = {"x": place.x, "y": place.y, "w": place.width, "h": place.height}
    return {"kpi": place.kpi, "year": place.year, **size}


def _of_page(page: Page) -> Iterator[Place]:
    """The named elements of a page: one rectangle round all the boxes that each has there."""
    found: dict[Element, _Edges] = {}
    for element, box in _named(page._page_box, None):
        left, top, width, height = map(float, box.hit_area())
        edges = (left, top, left + width, top + height)
        found[element] = _around(found[element], edges) if element in found else edges
    for element, edges in found.items():
        name = _name(element)
        area = _fractions(edges, page)
        if name is not None and area is not None:
            kpi, year = name
            x, y, width, height = area
            yield Place(kpi=kpi, year=year, x=x, y=y, width=width, height=height)


def _named(box: Any, inside: Element | None) -> Iterator[tuple[Element, Any]]:
    """Elements that name a KPI, with their outermost boxes: an element has many, nested too."""
    element = box.element
    if element is not None and element is not inside and element.get(KPI):
        yield element, box
    for child in getattr(box, "children", ()):
        yield from _named(child, element)


def _name(element: Element) -> tuple[str, int | None] | None:
    """The KPI and the year; None where either of them is none."""
    kpi, year = element.get(KPI, "").strip(), element.get(YEAR, "").strip()
    if not kpi or (year and not _ROC_YEAR.fullmatch(year)):
        return None
    return kpi, int(year) if year else None


def _around(one: _Edges, other: _Edges) -> _Edges:
    left, top = min(one[0], other[0]), min(one[1], other[1])
    return left, top, max(one[2], other[2]), max(one[3], other[3])


def _fractions(edges: _Edges, page: Page) -> tuple[float, float, float, float] | None:
    """Left, top, width and height of what lies on the sheet, bleed included; None: nothing."""
    bleed = page.bleed
    across = page.width + bleed["left"] + bleed["right"]
    down = page.height + bleed["top"] + bleed["bottom"]
    left, right = (_fraction(edges[side] + bleed["left"], across) for side in (0, 2))
    top, bottom = (_fraction(edges[side] + bleed["top"], down) for side in (1, 3))
    width, height = round(right - left, DECIMALS), round(bottom - top, DECIMALS)
    return (left, top, width, height) if width > 0 and height > 0 else None


def _fraction(length: float, whole: float) -> float:
    return round(min(max(length / whole, 0.0), 1.0), DECIMALS)
