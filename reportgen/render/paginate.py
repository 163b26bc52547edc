"""What does not fit on a page goes to a further page, with everything repeated.

A template marks what is one printed page with ``class="page"``. Where the laid-out section
is longer than its page, the rows of its last table are dealt out to as many copies of the
section as are needed: heading, statements, column headings and band are repeated, a merged
cell that is cut is repeated with its text. The same pages go to PDF and Word, so neither
decides on its own where a page ends.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from weasyprint.formatting_structure import boxes

from reportgen.render.layout import body_of, copied, walk
from reportgen.render.pieces import cut, grid_cells

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

    from reportgen.render.layout import Layout

RESERVE = 12.0  # CSS pixels (3 mm) a page: Word's lines are a little taller than the PDF's
EDGE = 2.0  # CSS pixels: the last row's border is the table's own, on every page
PAGE_COST = 100.0  # of one page more, against a page that stays empty (1)
CUT_COST = 0.3  # of cutting a merged cell: as much as a page that stays half empty
GROUP_COST = 0.5  # of cutting a row group that wants to stay whole (break-inside: avoid)
KEEP_COST = 150.0  # of parting a row from the next (break-after: avoid): more than of a page
MARK = "page"


@dataclass(frozen=True, slots=True)
class _Place:
    """A box and the page that it is on; lengths are CSS pixels."""

    page: Any
    box: Any

    @property
    def page_bottom(self) -> float:
        bottom: float = self.page.content_box_y() + self.page.height
        return bottom

    @property
    def bottom(self) -> float:
        bottom: float = self.box.border_box_y() + self.box.border_height()
        return bottom


@dataclass(frozen=True, slots=True)
class Label:
    """A cell over several rows, and how high its text needs them to be together."""

    row: int
    end: int
    height: float
    column: int = 0


@dataclass(frozen=True, slots=True)
class Overflow:
    """A section that is longer than its page, as laid out."""

    section: Element
    rows: tuple[Element, ...]
    group_ends: tuple[int, ...]  # for each row, where its tbody ends
    heights: tuple[float, ...]
    wishes: tuple[float, ...]  # for each row, what a break after it costs by the stylesheet
    labels: tuple[Label, ...]
    room: float


def paginate(layout: Layout) -> dict[Element, list[Element]]:
    """Children of the body, and the pages that each is cut into; those that fit are not told."""
    overflows = {each.section: each for each in find_overflows(layout)}
    changes: dict[Element, list[Element]] = {}
    for child in body_of(layout.root):
        if child in overflows:
            changes[child] = _pieces(overflows[child])
        elif own := [overflows[each] for each in child.iter() if each in overflows]:
            changes[child] = [_cut_within(child, own)]
    return changes


def _pieces(overflow: Overflow) -> list[Element]:
    """A section's pages."""
    return cut(overflow.section, overflow.rows, overflow.group_ends, deal_rows(overflow))


def _cut_within(child: Element, overflows: list[Overflow]) -> Element:
    """A copy of what sections are in, in which they are cut into pages."""
    whole = copied(child)
    twins = dict(zip(child.iter(), whole.iter(), strict=True))
    parents = {child: parent for parent in whole.iter() for child in parent}
    for overflow in overflows:
        section = twins[overflow.section]
        place = list(parents[section]).index(section)
        parents[section][place : place + 1] = _pieces(overflow)
    return whole


def find_overflows(layout: Layout) -> list[Overflow]:
    """The sections that are longer than their page and can be dealt out."""
    sections: dict[Element, list[_Place]] = {}
    rows: dict[Element, list[_Place]] = {}
    needs: dict[Element, float] = {}
    for page in layout.document.pages:
        for box in walk(page._page_box):
            if isinstance(box, boxes.TableRowBox) and box.element is not None:
                rows.setdefault(box.element, []).append(_Place(page._page_box, box))
            elif isinstance(box, boxes.TableCellBox) and box.rowspan > 1:
                needs[box.element] = max(needs.get(box.element, 0.0), need_of(box))
            elif isinstance(box, boxes.BlockBox) and _is_page(box.element):
                sections.setdefault(box.element, []).append(_Place(page._page_box, box))
    return [
        overflow
        for section, places in sections.items()
        if (overflow := _overflow(layout, section, places, rows, needs)) is not None
    ]


def need_of(cell: Any) -> float:
    """How high a cell must be for its text, whatever the rows beside it are."""
    padding = [cell.style[name] for name in ("padding_top", "padding_bottom")]
    borders = float(cell.border_top_width + cell.border_bottom_width)
    inside = sum(float(each.value) for each in padding if each.unit == "px")
    return float(cell.content_height) + borders + inside


def _is_page(element: Element | None) -> bool:
    return element is not None and MARK in element.get("class", "").split()


def tables_of(element: Element) -> Iterator[Element]:
    """The tables of an element, but not those inside other tables."""
    for child in element:
        if child.tag == "table":
            yield child
        else:
            yield from tables_of(child)


def _overflow(
    layout: Layout,
    section: Element,
    places: list[_Place],
    rows: dict[Element, list[_Place]],
    needs: dict[Element, float],
) -> Overflow | None:
    if len(places) == 1 and places[0].bottom <= places[0].page_bottom - RESERVE:
        return None
    tables = list(tables_of(section))
    if not tables:
        return None
    bodies = list(tables[-1].iterfind("tbody"))
    groups = [[row for row in group if row.tag == "tr"] for group in bodies]
    body = [row for group in groups for row in group]
    if len(body) < 2 or any(row not in rows for row in body):
        return None
    gap = spacing(layout.style(tables[-1]))
    heights = tuple(sum(each.box.height for each in rows[row]) + gap for row in body)
    room = (
        places[0].page_bottom
        - _start(places[0], rows[body[0]][0])
        - _tail(places, rows[body[-1]][-1])
        - RESERVE
        - EDGE
    )
    ends = group_ends(section)
    wishes = tuple(_wishes(layout, groups, bodies))
    labels = tuple(
        Label(cell.row, cell.end, needs[cell.element], cell.column)
        for cell in grid_cells(body, ends)
        if cell.element in needs
    )
    return Overflow(section, tuple(body), ends, heights, wishes, labels, room)


def group_ends(section: Element) -> tuple[int, ...]:
    """For each row of a section's last table, before which row its group ends."""
    bodies = list(tables_of(section))[-1].iterfind("tbody")
    counts = [sum(row.tag == "tr" for row in body) for body in bodies]
    ends = accumulate(counts)
    return tuple(end for count, end in zip(counts, ends, strict=True) for _ in range(count))


def spacing(table_style: Any) -> float:
    """What stands between two rows."""
    collapsed = table_style["border_collapse"] == "collapse"
    return 0.0 if collapsed else float(table_style["border_spacing"][1])


def _start(section: _Place, first_row: _Place) -> float:
    """Where the first row begins, or would, had it not been sent to the next page."""
    if first_row.page is section.page:
        top: float = first_row.box.position_y
        return top
    ends = (child.position_y + child.margin_height() for child in section.box.children)
    return float(max(ends, default=section.box.position_y))


def _tail(section: list[_Place], last_row: _Place) -> float:
    """The height of what follows the last row: the table's border, a note below it."""
    after = section[[each.page is last_row.page for each in section].index(True) :]
    above = last_row.box.position_y + last_row.box.height
    first, *others = after
    return float(first.bottom - above + sum(each.box.border_height() for each in others))


def deal_rows(overflow: Overflow) -> list[range]:
    """Rows to pages: as few pages as hold them, filled evenly, cutting few merged cells.

    The cheapest way to break, found row by row. A page costs far more than all else, so none
    is wasted; then what stays empty counts by its square, which evens the pages out.
    """
    heights, room = overflow.heights, overflow.room
    cuts = _costs(overflow)
    best: list[tuple[float, int]] = [(0.0, 0)]  # for each row: cost up to it, where its page began
    for stop in range(1, len(heights) + 1):
        choices: list[tuple[float, int]] = []
        rows = 0.0
        for start in range(stop - 1, -1, -1):
            rows += heights[start]
            used = rows + _stretch(overflow, start, stop)
            if rows > room and choices:
                break
            if used > room and choices:
                continue
            empty = max(0.0, 1 - used / room) if room > 0 else 0.0
            cost = best[start][0] + PAGE_COST + empty**2 + cuts[start]
            choices.append((round(cost, 9), start))
        best.append(min(choices, key=lambda choice: (choice[0], -choice[1])))
    parts, stop = [], len(heights)
    while stop:
        parts.append(range(best[stop][1], stop))
        stop = best[stop][1]
    return parts[::-1]


def _stretch(overflow: Overflow, start: int, stop: int) -> float:
    """What cells that are cut add to the rows of a page: their text is repeated in fewer rows."""
    added: dict[int, float] = {}  # the row that is stretched → by how much
    for label in overflow.labels:
        if label.row < start < label.end or label.row < stop < label.end:
            first, end = max(label.row, start), min(label.end, stop)
            lack = label.height - sum(overflow.heights[first:end])
            added[end] = max(added.get(end, 0.0), lack)
    return sum(added.values())


def _costs(overflow: Overflow) -> list[float]:
    """For each row, what a page break before it costs: merged cells cut, wishes not heeded."""
    costs = [0.0, *overflow.wishes]
    for cell in grid_cells(overflow.rows, overflow.group_ends):
        for row in range(cell.row + 1, cell.end):
            costs[row] += CUT_COST
    return costs


def _wishes(layout: Layout, groups: list[list[Element]], bodies: list[Element]) -> Iterator[float]:
    """For each row, what a page break after it costs by the stylesheet: ``avoid`` is a wish."""
    for body, group in zip(bodies, groups, strict=True):
        whole = layout.style(body)["break_inside"] == "avoid"
        for row in group:
            kept = layout.style(row)["break_after"] == "avoid"
            yield KEEP_COST * kept + GROUP_COST * (whole and row is not group[-1])
