"""What does not fit on a page goes to a further page, with everything repeated.

A template marks what is one printed page with ``class="page"``. Where the laid-out section
is longer than its page, the rows of its last table are dealt out to as many copies of the
section as are needed: heading, statements, column headings and band are repeated, a merged
cell that is cut is repeated with its text. The same pages go to PDF and Word, so neither
decides on its own where a page ends.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from weasyprint.formatting_structure import boxes

from reportgen.render.layout import walk

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from reportgen.render.layout import Layout

RESERVE = 12.0  # CSS pixels (3 mm) a page: Word's lines are a little taller than the PDF's
PAGE_COST = 100.0  # of one page more, against a page that stays empty (1)
CUT_COST = 0.3  # of cutting a merged cell: as much as a page that stays half empty
MARK, CONTINUED = "page", "continued"


@dataclass(frozen=True, slots=True)
class _Overflow:
    """A section that is longer than its page, as laid out; lengths are CSS pixels."""

    section: Element
    rows: tuple[Element, ...]
    heights: tuple[float, ...]
    room: float


def paginate(layout: Layout) -> Element | None:
    """A copy of the tree in which each overlong section is cut into pages; None: all fit."""
    overflows = _overflows(layout)
    if not overflows:
        return None
    root = copy.deepcopy(layout.root)
    twins = dict(zip(layout.root.iter(), root.iter(), strict=True))
    parents = {child: parent for parent in root.iter() for child in parent}
    for overflow in overflows:
        parts = _deal(overflow)
        section = twins[overflow.section]
        parent = parents[section]
        place = list(parent).index(section)
        numbers = {element: number for number, element in enumerate(section.iter())}
        rows = [numbers[twins[row]] for row in overflow.rows]
        pieces = [_piece(section, rows, part) for part in parts]
        parent.remove(section)
        for offset, piece in enumerate(pieces):
            parent.insert(place + offset, piece)
    return root


def _overflows(layout: Layout) -> list[_Overflow]:
    pages: dict[Element, list[Any]] = {}
    rows: dict[Element, list[Any]] = {}
    for page in layout.document.pages:
        for box in walk(page._page_box):
            if isinstance(box, boxes.TableRowBox) and box.element is not None:
                rows.setdefault(box.element, []).append(box)
            elif isinstance(box, boxes.BlockBox) and _is_page(box.element):
                pages.setdefault(box.element, []).append((page._page_box, box))
    return [
        overflow
        for section, places in pages.items()
        if (overflow := _overflow(section, places, rows)) is not None
    ]


def _is_page(element: Element | None) -> bool:
    return element is not None and MARK in element.get("class", "").split()


def _overflow(
    section: Element, places: list[Any], rows: dict[Element, list[Any]]
) -> _Overflow | None:
    tables = list(section.iter("table"))
    if not tables:
        return None
    body = [row for group in tables[-1].iter("tbody") for row in group.iter("tr")]
    if len(body) < 2 or any(row not in rows for row in body):
        return None
    page_box, box = places[0]
    bottom = page_box.content_box_y() + page_box.height
    too_long = len(places) > 1 or box.position_y + box.height > bottom - RESERVE
    if not too_long:
        return None
    heights = tuple(sum(each.height for each in rows[row]) for row in body)
    room = bottom - rows[body[0]][0].position_y - RESERVE
    return _Overflow(section, tuple(body), heights, room)


def _deal(overflow: _Overflow) -> list[range]:
    """Rows to pages: as few pages as hold them, filled evenly, cutting few merged cells.

    The cheapest way to break, found row by row. A page costs far more than all else, so none
    is wasted; then what stays empty counts by its square, which evens the pages out.
    """
    heights, room = overflow.heights, overflow.room
    cuts = _cut_cells(overflow.rows)
    best: list[tuple[float, int]] = [(0.0, 0)]  # for each row: cost up to it, where its page began
    for stop in range(1, len(heights) + 1):
        choices = []
        used = 0.0
        for start in range(stop - 1, -1, -1):
            used += heights[start]
            if used > room and start < stop - 1:
                break
            empty = max(0.0, 1 - used / room) if room > 0 else 0.0
            cost = best[start][0] + PAGE_COST + empty**2 + CUT_COST * cuts[start]
            choices.append((cost, start))
        best.append(min(choices))
    parts, stop = [], len(heights)
    while stop:
        parts.append(range(best[stop][1], stop))
        stop = best[stop][1]
    return parts[::-1]


def _cut_cells(rows: tuple[Element, ...]) -> list[int]:
    """For each row, how many merged cells a page break before it would cut."""
    cuts = [0] * (len(rows) + 1)
    for number, row in enumerate(rows):
        for cell in row:
            for cut in range(number + 1, min(number + _span(cell), len(rows))):
                cuts[cut] += 1
    return cuts


def _span(cell: Element) -> int:
    text = cell.get("rowspan", "1")
    return max(1, int(text)) if text.isdecimal() else 1


def _piece(section: Element, rows: list[int], part: range) -> Element:
    """A copy of a section with one part of its rows; merged cells are cut to size."""
    piece = copy.deepcopy(section)
    elements = list(piece.iter())
    table_rows = [elements[number] for number in rows]
    open_cells = _open_cells(table_rows, part)
    parents = {child: parent for parent in elements for child in parent}
    for number, row in enumerate(table_rows):
        if number not in part:
            parents[row].remove(row)
    first = table_rows[part.start]
    for place, cell in enumerate(open_cells):
        first.insert(place, cell)
    for number in part:
        for cell in table_rows[number]:
            if _span(cell) > part.stop - number:
                cell.set("rowspan", str(part.stop - number))
    if part.start > 0:
        piece.set("class", f"{piece.get('class', '')} {CONTINUED}")
    return piece


def _open_cells(rows: list[Element], part: range) -> list[Element]:
    """Merged cells that begin above a part and reach into it, shortened to what is left."""
    cells = []
    for number in range(part.start):
        for cell in rows[number]:
            left = number + _span(cell) - part.start
            if left > 0:
                again = copy.deepcopy(cell)
                again.set("rowspan", str(left))
                cells.append(again)
    return cells
