"""Pagination: a section longer than its page continues on further pages.

A template marks what is one printed page with ``class="page"``. If the laid-out section is longer
than its page, the rows of its last table are distributed over as many copies of the section as
needed: heading, statements, column headings and band are repeated, and so is the text of a merged
cell that is split. PDF and Word get the same pages, so neither decides on its own where a page
ends.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from weasyprint.formatting_structure import boxes

from reportgen.render.layout.laid_out_document import body_element, deep_copy, walk
from reportgen.render.layout.table_splitting import grid_cells, repeated_rows, split_section

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

    from reportgen.render.layout.laid_out_document import Layout
    from reportgen.render.weasyprint_types import Box, PageBox, Style

PAGE_RESERVE = 12.0  # CSS pixels (3 mm) a page: Word's lines are a little taller than the PDF's
TABLE_EDGE = 2.0  # CSS pixels: the last row's border is the table's own, on every page
PAGE_COST = 100.0  # of one page more; a page that stays empty costs 1
SPLIT_CELL_COST = 0.3  # of splitting a merged cell: about as much as a half-empty page
SINGLE_ROW_COST = 2.0  # of a row parted from all others of its group: more than an empty page
SPLIT_GROUP_COST = 0.5  # of splitting a row group with break-inside: avoid
KEEP_WITH_NEXT_COST = 150.0  # of a break after break-after: avoid: more than a page
PAGE_CLASS = "page"


@dataclass(frozen=True, slots=True)
class _PlacedBox:
    """A box and the page that it is on; lengths are CSS pixels."""

    page: PageBox
    box: Box

    @property
    def page_bottom(self) -> float:
        bottom: float = self.page.content_box_y() + self.page.height
        return bottom

    @property
    def bottom(self) -> float:
        bottom: float = self.box.border_box_y() + self.box.border_height()
        return bottom


@dataclass(frozen=True, slots=True)
class RowspanCell:
    """A cell over several rows, and the height that its text needs of them together."""

    row: int
    end: int
    height: float
    column: int = 0


@dataclass(frozen=True, slots=True)
class OverlongSection:
    """A section that is longer than its page, as laid out."""

    section: Element
    rows: tuple[Element, ...]
    group_ends: tuple[int, ...]  # for each row, where its tbody ends
    heights: tuple[float, ...]
    break_penalties: tuple[
        float, ...
    ]  # for each row, the cost of a break after it by the stylesheet
    rowspan_cells: tuple[RowspanCell, ...]
    available_height: float


def paginate(layout: Layout) -> dict[Element, list[Element]]:
    """Return children of the body and the pages each is split into; without those that fit."""
    overflows = {overflow.section: overflow for overflow in find_overlong_sections(layout)}
    changes: dict[Element, list[Element]] = {}
    for child in body_element(layout.root):
        if child in overflows:
            changes[child] = _pieces(overflows[child])
        elif nested := [overflows[element] for element in child.iter() if element in overflows]:
            changes[child] = [_split_within(child, nested)]
    return changes


def _pieces(overflow: OverlongSection) -> list[Element]:
    """Return a section's pages."""
    return split_section(
        overflow.section, overflow.rows, overflow.group_ends, distribute_rows(overflow)
    )


def _split_within(child: Element, overflows: list[OverlongSection]) -> Element:
    """Return a copy of a sections' ancestor in which they are split into pages."""
    twin_root = deep_copy(child)
    twins = dict(zip(child.iter(), twin_root.iter(), strict=True))
    parents = {child: parent for parent in twin_root.iter() for child in parent}
    for overflow in overflows:
        section = twins[overflow.section]
        index = list(parents[section]).index(section)
        parents[section][index : index + 1] = _pieces(overflow)
    return twin_root


def find_overlong_sections(layout: Layout) -> list[OverlongSection]:
    """Return the sections that are longer than their page and can be distributed."""
    sections: dict[Element, list[_PlacedBox]] = {}
    rows: dict[Element, list[_PlacedBox]] = {}
    needs: dict[Element, float] = {}
    for page in layout.document.pages:
        for box in walk(page._page_box):
            if isinstance(box, boxes.TableRowBox) and box.element is not None:
                rows.setdefault(box.element, []).append(_PlacedBox(page._page_box, box))
            elif isinstance(box, boxes.TableCellBox) and box.rowspan > 1:
                needs[box.element] = max(needs.get(box.element, 0.0), min_cell_height(box))
            elif isinstance(box, boxes.BlockBox) and _is_page(box.element):
                sections.setdefault(box.element, []).append(_PlacedBox(page._page_box, box))
    return [
        overflow
        for section, placed in sections.items()
        if (overflow := _overflow(layout, section, placed, rows, needs)) is not None
    ]


def min_cell_height(cell: Box) -> float:
    """Return the height that a cell needs for its text, whatever the rows beside it are."""
    padding = [cell.style[name] for name in ("padding_top", "padding_bottom")]
    borders = float(cell.border_top_width + cell.border_bottom_width)
    padding_height = sum(float(length.value) for length in padding if length.unit == "px")
    return float(cell.content_height) + borders + padding_height


def _is_page(element: Element | None) -> bool:
    return element is not None and PAGE_CLASS in element.get("class", "").split()


def tables_of(element: Element) -> Iterator[Element]:
    """Yield the tables of an element, but not those inside other tables."""
    for child in element:
        if child.tag == "table":
            yield child
        else:
            yield from tables_of(child)


def _overflow(
    layout: Layout,
    section: Element,
    places: list[_PlacedBox],
    rows: dict[Element, list[_PlacedBox]],
    needs: dict[Element, float],
) -> OverlongSection | None:
    if len(places) == 1 and places[0].bottom <= places[0].page_bottom - PAGE_RESERVE:
        return None
    tables = list(tables_of(section))
    if not tables:
        return None
    bodies = list(tables[-1].iterfind("tbody"))
    groups = [[row for row in group if row.tag == "tr"] for group in bodies]
    body = [row for group in groups for row in group]
    if len(body) < 2 or any(row not in rows for row in body):
        return None
    row_gap = row_spacing(layout.style(tables[-1]))
    heights = tuple(sum(placed.box.height for placed in rows[row]) + row_gap for row in body)
    room = (
        places[0].page_bottom
        - _start(places[0], rows[body[0]][0])
        - _height_below(places, rows[body[-1]][-1])
        - PAGE_RESERVE
        - TABLE_EDGE
    )
    ends = group_ends(section)
    wishes = tuple(_avoid_costs(layout, groups, bodies))
    labels = tuple(
        RowspanCell(cell.row, cell.end, needs[cell.element], cell.column)
        for cell in grid_cells(body, ends)
        if cell.element in needs
    )
    return OverlongSection(section, tuple(body), ends, heights, wishes, labels, room)


def group_ends(section: Element) -> tuple[int, ...]:
    """Return, for each row of a section's last table, the index at which its group ends."""
    bodies = list(tables_of(section))[-1].iterfind("tbody")
    counts = [sum(row.tag == "tr" for row in body) for body in bodies]
    ends = accumulate(counts)
    return tuple(end for count, end in zip(counts, ends, strict=True) for _ in range(count))


def row_spacing(table_style: Style) -> float:
    """Return the space between two rows, in CSS pixels."""
    collapsed = table_style["border_collapse"] == "collapse"
    return 0.0 if collapsed else float(table_style["border_spacing"][1])


def _start(section: _PlacedBox, first_row: _PlacedBox) -> float:
    """Return where the first row begins, or would if it had not moved to the next page."""
    if first_row.page is section.page:
        top: float = first_row.box.position_y
        return top
    ends = (child.position_y + child.margin_height() for child in section.box.children)
    return float(max(ends, default=section.box.position_y))


def _height_below(section: list[_PlacedBox], last_row: _PlacedBox) -> float:
    """Return the height of what follows the last row: the table's border, a note below it."""
    below = section[[placed.page is last_row.page for placed in section].index(True) :]
    above = last_row.box.position_y + last_row.box.height
    first, *others = below
    return float(first.bottom - above + sum(placed.box.border_height() for placed in others))


def distribute_rows(overflow: OverlongSection) -> list[range]:
    """Distribute rows over the fewest pages that hold them, evenly, splitting few merged cells.

    The cheapest breaks, by dynamic programming over the rows. A page costs far more than all else,
    so none is wasted; then empty space counts by its square, which evens the pages out.
    """
    heights, room = overflow.heights, overflow.available_height
    cuts, groups = _break_costs(overflow), _groups_of_rows(overflow)
    repeated = [0.0 if above is None else heights[above] for above in repeated_rows(overflow.rows)]
    # For each row: the cost up to it, and where its page began.
    cheapest: list[tuple[float, int]] = [(0.0, 0)]
    for stop in range(1, len(heights) + 1):
        choices: list[tuple[float, int]] = []
        rows = 0.0
        for start in range(stop - 1, -1, -1):
            rows += heights[start]
            used = rows + _stretch(overflow, start, stop) + repeated[start]
            if rows > room and choices:
                break
            if used > room and choices:
                continue
            empty = max(0.0, 1 - used / room) if room > 0 else 0.0
            single = sum(
                min(end, stop) - max(first, start) == 1
                for first, end in groups[start] | groups[stop - 1]
            )
            cost = cheapest[start][0] + PAGE_COST + empty**2 + cuts[start]
            cost += SINGLE_ROW_COST * single
            choices.append((round(cost, 9), start))
        cheapest.append(min(choices, key=lambda choice: (choice[0], -choice[1])))
    parts, stop = [], len(heights)
    while stop:
        parts.append(range(cheapest[stop][1], stop))
        stop = cheapest[stop][1]
    return parts[::-1]


def _stretch(overflow: OverlongSection, start: int, stop: int) -> float:
    """Return what split cells add to the rows of a page: their text is repeated in fewer rows."""
    added: dict[int, float] = {}  # row → additional height
    for label in overflow.rowspan_cells:
        if label.row < start < label.end or label.row < stop < label.end:
            first, end = max(label.row, start), min(label.end, stop)
            lack = label.height - sum(overflow.heights[first:end])
            added[end] = max(added.get(end, 0.0), lack)
    return sum(added.values())


def _break_costs(overflow: OverlongSection) -> list[float]:
    """Return, for each row, the cost of a page break before it: split cells, ``avoid`` ignored."""
    costs = [0.0, *overflow.break_penalties]
    for cell in grid_cells(overflow.rows, overflow.group_ends):
        for row in range(cell.row + 1, cell.end):
            costs[row] += SPLIT_CELL_COST
    return costs


def _groups_of_rows(overflow: OverlongSection) -> list[set[tuple[int, int]]]:
    """Return, for each row, the groups that it is of: a merged cell's, and a heading row's."""
    groups = {
        (cell.row, cell.end)
        for cell in grid_cells(overflow.rows, overflow.group_ends)
        if cell.end - cell.row > 1
    }
    above = repeated_rows(overflow.rows)
    for heading in {row for row in above if row is not None}:
        under = [row for row, other in enumerate(above) if other == heading]
        if len(under) > 1:
            groups.add((under[0], under[-1] + 1))
    by_row: list[set[tuple[int, int]]] = [set() for _ in overflow.rows]
    for group in groups:
        for row in range(*group):
            by_row[row].add(group)
    return by_row


def _avoid_costs(
    layout: Layout, groups: list[list[Element]], bodies: list[Element]
) -> Iterator[float]:
    """Yield, for each row, the cost of a page break after it by the stylesheet (``avoid``)."""
    for body, group in zip(bodies, groups, strict=True):
        is_group_unbroken = layout.style(body)["break_inside"] == "avoid"
        for row in group:
            is_kept_with_next = layout.style(row)["break_after"] == "avoid"
            yield KEEP_WITH_NEXT_COST * is_kept_with_next + SPLIT_GROUP_COST * (
                is_group_unbroken and row is not group[-1]
            )
