"""Text overflow: text that leaves its cell or its page, or covers other text.

Phrases are kept unbroken (``.phrase { white-space: nowrap }``); one that is wider than its column
may break all the same: ``allow_phrase_breaks`` allows breaks in the phrases of each line that is
too long. Text that overflows even so, by a stylesheet's own doing, is reported with its page.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

from weasyprint.formatting_structure import boxes

from reportgen.render.layout.laid_out_document import body_element, deep_copy, walk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

    from reportgen.render.layout.laid_out_document import Layout
    from reportgen.render.weasyprint_types import Box, PageBox

PHRASE_CLASS = "phrase"
OVERFLOW_TOLERANCE = 1.0  # CSS pixels: too small to be seen
MAX_SHOWN_CHARS = 12  # characters of a text in a message


@dataclass(frozen=True, slots=True)
class _Area:
    """The edges of the area that must contain a text, in CSS pixels."""

    left: float
    right: float
    bottom: float

    def within(self, box: Box) -> _Area:
        """Return the area, limited at the left and right to the content of a box."""
        left = box.content_box_x()
        return _Area(max(self.left, left), min(self.right, left + box.width), self.bottom)


@dataclass(frozen=True, slots=True)
class _Line:
    """The texts of a laid-out line, and the area that must contain them."""

    box: Box
    area: _Area
    texts: tuple[Box, ...]

    def overflows(self) -> bool:
        """Return whether a text of the line leaves the area sideways or below, visibly.

        Trailing spaces, and the lowest quarter of the line, which has no letters, do not count.
        """
        return any(
            text.position_x < self.area.left - OVERFLOW_TOLERANCE
            or text.position_x + _visible_width(text) > self.area.right + OVERFLOW_TOLERANCE
            or text.position_y + text.height * 0.75 > self.area.bottom + OVERFLOW_TOLERANCE
            for text in self.texts
        )

    def shown(self) -> str:
        """Return the beginning of the line's text, for a message."""
        text = "".join(box.text for box in self.texts).strip()
        return text if len(text) <= MAX_SHOWN_CHARS else f"{text[:MAX_SHOWN_CHARS]}…"


def find_overflowing_text(layout: Layout) -> tuple[tuple[int, str], ...]:
    """Return (page number from 1, beginning) of each text that overflows or covers another.

    It is empty if all text is where it belongs. Equal beginnings on a page are returned once.
    """
    texts: dict[tuple[int, str], None] = {}
    for number, page in enumerate(layout.document.pages, 1):
        lines = list(_text_lines(page._page_box))
        is_outside = [line.overflows() for line in lines]
        overflowing = [line for line, is_out in zip(lines, is_outside, strict=True) if is_out]
        others = [line for line, is_out in zip(lines, is_outside, strict=True) if not is_out]
        for line in (*overflowing, *_covering_lines(others)):
            texts[number, line.shown()] = None
    return tuple(texts)


def allow_phrase_breaks(layout: Layout) -> dict[Element, list[Element]]:
    """Return children of the body with overlong lines, each with the one copy to replace it.

    In it the phrases of those lines may break. It is empty if no overlong line has a phrase; text
    below the end of its page is not looked at.
    """
    breakable = {
        box.element
        for page in layout.document.pages
        for line in _text_lines(page._page_box, has_end=False)
        if line.overflows()
        for box in walk(line.box)
        if box.element is not None and PHRASE_CLASS in box.element.get("class", "").split()
    }
    return {
        child: [_with_phrase_breaks(child, breakable)]
        for child in (body_element(layout.root) if breakable else ())
        if any(element in breakable for element in child.iter())
    }


def _with_phrase_breaks(child: Element, breakable: set[Element]) -> Element:
    """Return a copy of an element in which the ``breakable`` phrases lose their class."""
    twin_root = deep_copy(child)
    for element, twin in zip(child.iter(), twin_root.iter(), strict=True):
        if element in breakable:
            names = [name for name in twin.get("class", "").split() if name != PHRASE_CLASS]
            twin.set("class", " ".join(names))
    return twin_root


def _text_lines(page: PageBox, *, has_end: bool = True) -> Iterator[_Line]:
    """Yield the lines of a page that hold text, each with its area: its cell's part of the page.

    If ``has_end`` is false, the page goes on without end below its area.
    """
    left, top = page.content_box_x(), page.content_box_y()
    content = _Area(left, left + page.width, top + page.height if has_end else inf)
    paper = _Area(0.0, page.margin_width(), page.margin_height())
    for child in page.children:
        yield from _lines_within(child, paper if isinstance(child, boxes.MarginBox) else content)


def _lines_within(box: Box, area: _Area) -> Iterator[_Line]:
    """Yield the lines in a box that hold text, each with its area: its cell's part of ``area``."""
    if isinstance(box, boxes.LineBox):
        texts = tuple(
            text for text in walk(box) if isinstance(text, boxes.TextBox) and text.text.strip()
        )
        if texts:
            yield _Line(box, area, texts)
        return
    if isinstance(box, boxes.TableCellBox | boxes.MarginBox):
        area = area.within(box)
    for child in getattr(box, "children", ()):
        yield from _lines_within(child, area)


def _visible_width(text: Box) -> float:
    """Return a text's width in CSS pixels without trailing spaces, which may hang."""
    spaces = len(text.text) - len(text.text.rstrip())
    return float(text.width) * (1 - spaces / len(text.text)) if spaces else float(text.width)


def _covering_lines(lines: list[_Line]) -> Iterator[_Line]:
    """Yield lines whose letters, without the space above and below, overlap those of another.

    Of two such lines it is the later one; a line may be yielded several times.
    """
    marks = [
        (text.position_y + text.height * 0.3, number, text)
        for number, line in enumerate(lines)
        for text in line.texts
    ]
    marks.sort(key=lambda mark: mark[:2])
    for index, (_, number, text) in enumerate(marks):
        bottom = text.position_y + text.height * 0.7
        for other_top, other, above in marks[index + 1 :]:
            if other_top > bottom - OVERFLOW_TOLERANCE:
                break
            left = max(text.position_x, above.position_x)
            right = min(
                text.position_x + _visible_width(text), above.position_x + _visible_width(above)
            )
            if other != number and right - left > 2 * OVERFLOW_TOLERANCE:
                yield lines[max(number, other)]
                break
