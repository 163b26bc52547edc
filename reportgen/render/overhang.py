"""Text that sticks out: over its cell or its page, or over other text.

Phrases are kept in one piece (``.phrase { white-space: nowrap }``); one that is wider than its
column may break all the same: ``loosen`` frees those of each line that is too long. What
sticks out even so, by a stylesheet's own doing, is told with its page, never left to be found.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from weasyprint.formatting_structure import boxes

from reportgen.render.layout import body_of, copied, walk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

    from reportgen.render.layout import Layout

PHRASE = "phrase"
SLACK = 1.0  # CSS pixels that no eye sees
SHOWN = 12  # characters of a text that is told


@dataclass(frozen=True, slots=True)
class _Area:
    """The edges of what must hold a text."""

    left: float
    right: float
    bottom: float

    def within(self, box: Any) -> _Area:
        """The part of it that the content of a box has."""
        left = box.content_box_x()
        return _Area(max(self.left, left), min(self.right, left + box.width), self.bottom)


@dataclass(frozen=True, slots=True)
class _Line:
    """The texts of a laid-out line, and the area that must hold them."""

    box: Any
    area: _Area
    texts: tuple[Any, ...]

    def outside(self) -> bool:
        return any(
            text.position_x < self.area.left - SLACK
            or text.position_x + _width(text) > self.area.right + SLACK
            or text.position_y + text.height * 0.75 > self.area.bottom + SLACK
            for text in self.texts
        )

    def shown(self) -> str:
        text = "".join(each.text for each in self.texts).strip()
        return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def overhangs(layout: Layout) -> tuple[tuple[int, str], ...]:
    """Page number and beginning of each text that leaves its column or page, or covers another."""
    found: dict[tuple[int, str], None] = {}
    for number, page in enumerate(layout.document.pages, 1):
        lines = list(_lines(page._page_box))
        outside = [line.outside() for line in lines]
        out = [line for line, so in zip(lines, outside, strict=True) if so]
        others = [line for line, so in zip(lines, outside, strict=True) if not so]
        for line in (*out, *_covering(others)):
            found[number, line.shown()] = None
    return tuple(found)


def loosen(layout: Layout) -> dict[Element, list[Element]]:
    """Children of the body with lines that are too long, and copies whose phrases may break."""
    loose = {
        box.element
        for page in layout.document.pages
        for line in _lines(page._page_box)
        if line.outside()
        for box in walk(line.box)
        if box.element is not None and PHRASE in box.element.get("class", "").split()
    }
    return {
        child: [_loosened(child, loose)]
        for child in (body_of(layout.root) if loose else ())
        if any(each in loose for each in child.iter())
    }


def _loosened(child: Element, loose: set[Element]) -> Element:
    whole = copied(child)
    for element, twin in zip(child.iter(), whole.iter(), strict=True):
        if element in loose:
            names = [name for name in twin.get("class", "").split() if name != PHRASE]
            twin.set("class", " ".join(names))
    return whole


def _lines(page: Any) -> Iterator[_Line]:
    """The lines of a page that hold text, each with its area: its cell's part of the page."""
    left, top = page.content_box_x(), page.content_box_y()
    content = _Area(left, left + page.width, top + page.height)
    paper = _Area(0.0, page.margin_width(), page.margin_height())
    for child in page.children:
        yield from _within(child, paper if isinstance(child, boxes.MarginBox) else content)


def _within(box: Any, area: _Area) -> Iterator[_Line]:
    if isinstance(box, boxes.LineBox):
        texts = tuple(
            each for each in walk(box) if isinstance(each, boxes.TextBox) and each.text.strip()
        )
        if texts:
            yield _Line(box, area, texts)
        return
    if isinstance(box, boxes.TableCellBox | boxes.MarginBox):
        area = area.within(box)
    for child in getattr(box, "children", ()):
        yield from _within(child, area)


def _width(text: Any) -> float:
    """Its width without the space at its end, which may hang."""
    spaces = len(text.text) - len(text.text.rstrip())
    return float(text.width) * (1 - spaces / len(text.text)) if spaces else float(text.width)


def _covering(lines: list[_Line]) -> Iterator[_Line]:
    """Lines whose letters, without the room above and below them, lie on those of another."""
    marks = [
        (text.position_y + text.height * 0.3, number, text)
        for number, line in enumerate(lines)
        for text in line.texts
    ]
    marks.sort(key=lambda mark: mark[:2])
    for place, (_, number, text) in enumerate(marks):
        bottom = text.position_y + text.height * 0.7
        for other_top, other, above in marks[place + 1 :]:
            if other_top > bottom - SLACK:
                break
            left = max(text.position_x, above.position_x)
            right = min(text.position_x + _width(text), above.position_x + _width(above))
            if other != number and right - left > 2 * SLACK:
                yield lines[max(number, other)]
                break
