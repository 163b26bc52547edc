"""Pagination: a section longer than its page continues on further pages.

A template marks what is one printed page with ``class="page"``. If the laid-out section is longer
than its page, the rows of its last table are distributed over as many copies of the section as
needed: heading, statements, column headings and band are repeated, and so is the text of a merged
cell that is split. A row that is higher than a page is cut between lines, and so is one that would
leave a large part of the page before it empty. PDF and Word get the same pages, so neither decides
on its own where a page ends.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from weasyprint.formatting_structure import boxes

from reportgen.render.layout.laid_out_document import body_element, deep_copy, walk
from reportgen.render.layout.row_slices import RowSlices, frame_height, measure_lines, slice_row
from reportgen.render.layout.row_splitting import (
    is_breakable,
    split_rows,
    split_spanning_cells,
    with_breakable_rows,
)
from reportgen.render.layout.table_splitting import grid_cells, repeated_rows, split_section

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from xml.etree.ElementTree import Element

    from reportgen.render.layout.laid_out_document import Layout
    from reportgen.render.weasyprint_types import Box, PageBox, Style

PAGE_RESERVE = 12.0  # CSS pixels (3 mm) a page: Word's lines are a little taller than the PDF's
TABLE_EDGE = 2.0  # CSS pixels: the last row's border is the table's own, on every page
PAGE_COST = 100.0  # of one page more; a page that stays empty costs 1
SPLIT_CELL_COST = 0.3  # of splitting a merged cell: about as much as a half-empty page
SINGLE_ROW_COST = 2.0  # of a row parted from all others of its group: more than an empty page
MAX_SINGLE_ROW = 0.5  # of a page's room: a row that fills more stands well alone
SPLIT_GROUP_COST = 0.5  # of splitting a row group with break-inside: avoid
KEEP_WITH_NEXT_COST = 150.0  # of a break after break-after: avoid: more than a page
SPLIT_ROW_COST = 0.1  # of a break within a row
MAX_GAP = 1 / 3  # of a page's height: a row that would leave more empty above it may be cut
LONE_LINE_COST = 2.0  # of a break that leaves one line of a row alone: never a page more for it
PAGE_CLASS = "page"


@dataclass(frozen=True, slots=True)
class _PlacedBox:
    """A box and the page that it is on; lengths are CSS pixels."""

    page: PageBox
    box: Box

    @property
    def page_bottom(self) -> float:
        """Return the bottom of the page's content area, in CSS pixels."""
        bottom: float = self.page.content_box_y() + self.page.height
        return bottom

    @property
    def bottom(self) -> float:
        """Return the bottom of the box with its border, in CSS pixels."""
        bottom: float = self.box.border_box_y() + self.box.border_height()
        return bottom


@dataclass(frozen=True, slots=True)
class _TableParts:
    """The boxes of tables by their elements: one, or one on each page that has a part of it."""

    rows: dict[Element, list[_PlacedBox]] = field(default_factory=dict)
    heads: dict[Element | None, list[_PlacedBox]] = field(default_factory=dict)
    cells: dict[Element, list[Box]] = field(default_factory=dict)

    def needed_height(self, cell: Element) -> float:
        """Return the height in CSS pixels that a cell needs for its text.

        If the cell is on several pages, it is the height of its highest part.
        """
        return max(map(min_cell_height, self.cells[cell]))


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
    break_penalties: tuple[float, ...]  # of a break after each row, by the stylesheet
    rowspan_cells: tuple[RowspanCell, ...]
    available_height: float
    whole_rows: frozenset[int]  # those in groups with break-inside: avoid
    slices: Mapping[int, RowSlices] = field(default_factory=dict)  # of rows that may be cut
    # Merged cells higher than a page, and the items of each that a page can hold.
    high_cells: Mapping[Element, int] = field(default_factory=dict)
    # Rows higher than a page that keep the column headings from being laid out, so that it is not
    # known yet how high these are.
    rows_without_head: tuple[Element, ...] = ()

    @property
    def is_cut(self) -> bool:
        """Whether a row or a merged cell is higher than a page and can be cut."""
        return bool(self.slices or self.high_cells or self.rows_without_head)


@dataclass(frozen=True, slots=True)
class _Units:
    """What is distributed over pages: rows, or slices of rows that may be cut."""

    heights: Sequence[float]
    rowspan_cells: Sequence[RowspanCell]
    break_costs: Sequence[float]  # of a page break before each
    frames: Sequence[float]  # what each adds to the height of a page that it begins
    repeated: Sequence[float]  # the height of the heading row that is repeated above each
    groups: Sequence[set[tuple[int, int]]]  # those that each is of, as ranges of units
    rows: Sequence[int]  # that each is of
    available_height: float


def paginate(layout: Layout) -> dict[Element, list[Element]]:
    """Return the children of the body that are too long, each with the elements to replace it.

    These are its pages, or one changed copy of it that has to be laid out and paginated again:
    where sections within it are split, or where what is higher than a page had to be prepared.
    Children that fit are left out, and so are those whose rows cannot be distributed.
    """
    overflows = {overflow.section: overflow for overflow in find_overlong_sections(layout)}
    changes: dict[Element, list[Element]] = {}
    for child in body_element(layout.root):
        if child in overflows:
            changes[child] = _split_into_pages(overflows[child])
        elif nested := [overflows[element] for element in child.iter() if element in overflows]:
            changes[child] = [_split_within(child, nested)]
    return changes


def _split_into_pages(overflow: OverlongSection) -> list[Element]:
    """Return a section's pages, or the one section changed so that the next layout can split it.

    It is changed if rows hid the column headings, or if merged cells are higher than a page: those
    rows are made breakable, or those cells are split, first.
    """
    section, rows, ends = overflow.section, overflow.rows, overflow.group_ends
    if overflow.rows_without_head:
        return [with_breakable_rows(section, overflow.rows_without_head)]
    if overflow.high_cells:
        return [split_spanning_cells(section, rows, ends, overflow.high_cells)]
    parts = distribute_rows(overflow)
    starts = {part.start for part in parts}
    first_units = _first_units(overflow)
    cuts_by_row = {
        row: used
        for row, slices in overflow.slices.items()
        if (
            used := tuple(
                cuts
                for unit, cuts in enumerate(slices.cuts, first_units[row] + 1)
                if unit in starts
            )
        )
    }
    cut_section = split_rows(section, rows, ends, cuts_by_row) if cuts_by_row else section
    # The units that begin a row now: those that began one before, and those that begin a page.
    row_starts = sorted({*first_units[:-1], *starts})
    numbers = {unit: number for number, unit in enumerate((*row_starts, first_units[-1]))}
    return split_section(
        cut_section,
        _body_rows(cut_section),
        group_ends(cut_section),
        [range(numbers[part.start], numbers[part.stop]) for part in parts],
    )


def _first_units(overflow: OverlongSection) -> list[int]:
    """Return the index of the unit that begins each row, and last the number of units."""
    counts = (
        len(overflow.slices[row].heights) if row in overflow.slices else 1
        for row in range(len(overflow.rows))
    )
    return list(accumulate(counts, initial=0))


def _body_rows(section: Element) -> list[Element]:
    """Return the body rows of a section's last table."""
    bodies = list(tables_of(section))[-1].iterfind("tbody")
    return [row for body in bodies for row in body if row.tag == "tr"]


def _split_within(child: Element, overflows: list[OverlongSection]) -> Element:
    """Return a copy of an element in which the overlong sections within it are split into pages."""
    twin_root = deep_copy(child)
    twins = dict(zip(child.iter(), twin_root.iter(), strict=True))
    parents = {child: parent for parent in twin_root.iter() for child in parent}
    for overflow in overflows:
        section = twins[overflow.section]
        index = list(parents[section]).index(section)
        parents[section][index : index + 1] = _split_into_pages(overflow)
    return twin_root


def find_overlong_sections(layout: Layout) -> list[OverlongSection]:
    """Return the sections that are longer than their page and can be distributed, in page order.

    Sections are elements of class ``page``. A reserve at the foot of the page, for Word's lines,
    counts as being too long already.
    """
    sections: dict[Element, list[_PlacedBox]] = {}
    parts = _TableParts()
    for page in layout.document.pages:
        for box in walk(page._page_box):
            if isinstance(box, boxes.TableRowBox) and box.element is not None:
                parts.rows.setdefault(box.element, []).append(_PlacedBox(page._page_box, box))
            elif isinstance(box, boxes.TableCellBox) and box.element is not None:
                parts.cells.setdefault(box.element, []).append(box)
            elif isinstance(box, boxes.TableRowGroupBox) and box.is_header:
                parts.heads.setdefault(box.element, []).append(_PlacedBox(page._page_box, box))
            elif isinstance(box, boxes.BlockBox) and is_page(box.element):
                sections.setdefault(box.element, []).append(_PlacedBox(page._page_box, box))
    return [
        overflow
        for section, placed in sections.items()
        if (overflow := _measure_overlong(layout, section, placed, parts)) is not None
    ]


def min_cell_height(cell: Box) -> float:
    """Return the height in CSS pixels that a cell needs for its text, with padding and borders.

    How high the row is for other cells plays no part. Padding in percent counts as 0.
    """
    return float(cell.content_height) + frame_height(cell)


def is_page(element: Element | None) -> bool:
    """Return whether an element is marked as a printed page, by ``class="page"``."""
    return element is not None and PAGE_CLASS in element.get("class", "").split()


def tables_of(element: Element) -> Iterator[Element]:
    """Yield the tables within an element in document order, but not those inside other tables."""
    for child in element:
        if child.tag == "table":
            yield child
        else:
            yield from tables_of(child)


def _measure_overlong(
    layout: Layout,
    section: Element,
    places: list[_PlacedBox],
    parts: _TableParts,
) -> OverlongSection | None:
    """Return the measures of a section that is longer than its page, or None.

    None also if it has no table whose rows can be distributed, or one row that cannot be cut.
    """
    if len(places) == 1 and places[0].bottom <= places[0].page_bottom - PAGE_RESERVE:
        return None
    tables = list(tables_of(section))
    if not tables:
        return None
    bodies = list(tables[-1].iterfind("tbody"))
    groups = [[row for row in group if row.tag == "tr"] for group in bodies]
    body = [row for group in groups for row in group]
    if not body or any(row not in parts.rows for row in body):
        return None
    head = tables[-1].find("thead")
    heads = parts.heads.get(head, [])
    row_gap = row_spacing(layout.style(tables[-1]))
    heights = tuple(sum(placed.box.height for placed in parts.rows[row]) + row_gap for row in body)
    room = (
        places[0].page_bottom
        - _first_row_top(places[0], parts.rows[body[0]][0], heads)
        - _height_below(places, parts.rows[body[-1]][-1])
        - PAGE_RESERVE
        - TABLE_EDGE
    )
    ends = group_ends(section)
    group_of = {row: group for group, rows in zip(bodies, groups, strict=True) for row in rows}
    wishes = tuple(_avoid_costs(layout, groups, bodies))
    labels = tuple(
        RowspanCell(cell.row, cell.end, parts.needed_height(cell.element), cell.column)
        for cell in grid_cells(body, ends)
        if cell.end - cell.row > 1 and cell.element in parts.cells
    )
    overflow = OverlongSection(
        section,
        tuple(body),
        ends,
        heights,
        wishes,
        labels,
        room,
        frozenset(
            number
            for number, row in enumerate(body)
            if layout.style(group_of[row])["break_inside"] == "avoid"
        ),
        slices := _slice_rows(
            body,
            ends,
            {row: room for row, height in enumerate(heights) if height > room > 0},
            parts.cells,
        ),
        _high_cells(body, parts.cells, room),
        ()
        if head is None or heads
        else tuple(body[row] for row in slices if not is_breakable(body[row])),
    )
    if len(body) == 1 and not overflow.is_cut:
        return None
    if overflow.high_cells or overflow.rows_without_head:
        return overflow
    return _slice_rows_below_gaps(overflow, parts.cells, places[0].page.height * MAX_GAP)


def _slice_rows_below_gaps(
    overflow: OverlongSection,
    cells: Mapping[Element, list[Box]],
    max_gap: float,
) -> OverlongSection:
    """Return a section in which rows may be cut, too, that leave more than ``max_gap`` empty.

    ``max_gap`` is in CSS pixels, ``cells`` has the boxes of each cell. Whether the rows are cut is
    for :func:`distribute_rows`; each that may be lets it find other pages, so gaps are looked for
    again.
    """
    tried = set(overflow.slices)
    while gaps := {
        row: gap for row, gap in _gaps_above_rows(overflow) if gap > max_gap and row not in tried
    }:
        tried |= gaps.keys()
        slices = _slice_rows(overflow.rows, overflow.group_ends, gaps, cells)
        overflow = replace(overflow, slices={**overflow.slices, **slices})
    return overflow


def _gaps_above_rows(overflow: OverlongSection) -> Iterator[tuple[int, float]]:
    """Yield the rows that the rest of a page is too low for, and its height in CSS pixels.

    Those before it on its page, such as its heading, have their room.
    """
    units = _make_units(overflow)
    for part, following in pairwise(distribute_rows(overflow)):
        gap = units.available_height - _used_height(units, part.start, part.stop)
        for unit in following:
            if units.heights[unit] > gap:
                yield units.rows[unit], gap
                break
            gap -= units.heights[unit]


def _slice_rows(
    rows: Sequence[Element],
    ends: Sequence[int],
    rooms: Mapping[int, float],
    cells: Mapping[Element, list[Box]],
) -> dict[int, RowSlices]:
    """Return the slices of rows by their indices.

    ``rooms`` has the height in CSS pixels that each of these rows is too high for. Rows that cannot
    be cut are left out. ``ends`` has for each row the index at which its group ends, ``cells`` the
    boxes of each cell.
    """
    if not rooms:
        return {}
    headed = {
        row
        for cell in grid_cells(rows, ends)
        if cell.column == 0 and cell.element.tag == "th"
        for row in range(cell.row, cell.end)
    }
    return {
        number: slices
        for number, room in rooms.items()
        if (slices := slice_row(rows[number], cells, room, has_header=number in headed))
    }


def _high_cells(
    rows: list[Element], cells: dict[Element, list[Box]], room: float
) -> dict[Element, int]:
    """Return merged cells higher than ``room`` CSS pixels, and how many items of each fit in it.

    Cells of which no item fits are left out.
    """
    merged = [cell for row in rows for cell in row if cell.get("rowspan", "1").strip() != "1"]
    measured = {cell: measure_lines(cells.get(cell, ())) for cell in merged}
    items = {
        cell: lines.items_above(room - lines.frame)
        for cell, lines in measured.items()
        if lines.height > room
    }
    return {cell: count for cell, count in items.items() if count}


def group_ends(section: Element) -> tuple[int, ...]:
    """Return, for each row of a section's last table, the index at which its group ends."""
    bodies = list(tables_of(section))[-1].iterfind("tbody")
    counts = [sum(row.tag == "tr" for row in body) for body in bodies]
    ends = accumulate(counts)
    return tuple(end for count, end in zip(counts, ends, strict=True) for _ in range(count))


def row_spacing(table_style: Style) -> float:
    """Return the space between two rows of a table, in CSS pixels; 0 if borders collapse."""
    collapsed = table_style["border_collapse"] == "collapse"
    return 0.0 if collapsed else float(table_style["border_spacing"][1])


def _first_row_top(section: _PlacedBox, first_row: _PlacedBox, heads: list[_PlacedBox]) -> float:
    """Return where the first row begins, or would if it had not moved to the next page.

    It is in CSS pixels from the top of the section's page. ``heads`` are the column headings on
    each page: WeasyPrint leaves them out where a row needs the whole page.
    """
    if first_row.page is section.page and any(head.page is section.page for head in heads):
        top: float = first_row.box.position_y
        return top
    head_height = max((float(head.box.height) for head in heads), default=0.0)
    if first_row.page is section.page:
        return float(first_row.box.position_y) + head_height
    ends = (child.position_y + child.margin_height() for child in section.box.children)
    return float(max(ends, default=section.box.position_y)) + head_height


def _height_below(section: list[_PlacedBox], last_row: _PlacedBox) -> float:
    """Return the height in CSS pixels of what follows the last row: the table's border, notes."""
    below = section[[placed.page is last_row.page for placed in section].index(True) :]
    above = last_row.box.position_y + last_row.box.height
    first, *others = below
    return float(first.bottom - above + sum(placed.box.border_height() for placed in others))


def distribute_rows(overflow: OverlongSection) -> list[range]:
    """Return the units of each page, as ranges: rows, or slices of rows higher than a page.

    They are distributed over the fewest pages that hold them, evenly, splitting few merged cells:
    the cheapest breaks, by dynamic programming over the rows. A page costs far more than all else,
    so none is wasted; then empty space counts by its square, which evens the pages out. Of equally
    cheap breaks the later one is taken. A unit that no page can hold has a page of its own.
    """
    units = _make_units(overflow)
    heights, room = units.heights, units.available_height
    # For each number of units from the start: the least cost of their pages, and where the last
    # page begins.
    cheapest: list[tuple[float, int]] = [(0.0, 0)]
    for stop in range(1, len(heights) + 1):
        choices: list[tuple[float, int]] = []
        rows = 0.0
        for start in range(stop - 1, -1, -1):
            rows += heights[start]
            content = rows + units.frames[start] + units.repeated[start]
            used = content + _added_height(units, start, stop)
            if rows > room and choices:
                break  # an earlier start is only longer
            if used > room and choices:
                continue  # what is repeated may take less room with an earlier start
            # Pages are even in what goes on, whatever room the labels beside it take.
            empty = max(0.0, 1 - content / room) if room > 0 else 0.0
            cost = cheapest[start][0] + PAGE_COST + empty**2 + units.break_costs[start]
            cost += SINGLE_ROW_COST * _count_single_rows(units, start, stop)
            choices.append((round(cost, 9), start))
        cheapest.append(min(choices, key=lambda choice: (choice[0], -choice[1])))
    # Follow the beginnings of the pages back from the end.
    parts, stop = [], len(heights)
    while stop:
        parts.append(range(cheapest[stop][1], stop))
        stop = cheapest[stop][1]
    return parts[::-1]


def _count_single_rows(units: _Units, start: int, stop: int) -> int:
    """Return how many groups have a single row on a page, of at most half the room of a page."""
    count = 0
    for first, end in units.groups[start] | units.groups[stop - 1]:
        part = range(max(first, start), min(end, stop))
        is_single = units.rows[part[0]] == units.rows[part[-1]]
        height = sum(units.heights[part[0] : part.stop]) if is_single else 0.0
        count += is_single and height <= units.available_height * MAX_SINGLE_ROW
    return count


def _make_units(overflow: OverlongSection) -> _Units:
    """Return what is distributed over pages: the rows, in slices where they exceed a page.

    Indices of merged cells and groups count units. Labels of a sliced row are a merged cell.
    """
    costs, groups = _break_costs(overflow), _groups_of_rows(overflow)
    repeated = [
        0.0 if above is None else overflow.heights[above] for above in repeated_rows(overflow.rows)
    ]
    firsts = _first_units(overflow)
    row_of_unit = [row for row, (a, b) in enumerate(pairwise(firsts)) for _ in range(a, b)]
    unit_groups = [
        {(firsts[first], firsts[end]) for first, end in groups[row]} for row in row_of_unit
    ]
    heights: list[float] = []
    break_costs: list[float] = []
    frames: list[float] = []
    labels = [
        RowspanCell(firsts[cell.row], firsts[cell.end], cell.height, cell.column)
        for cell in overflow.rowspan_cells
    ]
    for row, height in enumerate(overflow.heights):
        slices = overflow.slices.get(row)
        if slices is None:
            heights.append(height)
            break_costs.append(costs[row])
            frames.append(0.0)
            continue
        labels.append(RowspanCell(firsts[row], firsts[row + 1], slices.label_height))
        heights += slices.heights
        spanning = sum(cell.row <= row < cell.end for cell in overflow.rowspan_cells)
        cost = SPLIT_ROW_COST + SPLIT_CELL_COST * spanning
        cost += SPLIT_GROUP_COST * (row in overflow.whole_rows)
        within = [cost] * len(slices.cuts)
        for edge in (0, -1) if slices.first_lines == 1 else (-1,):
            within[edge] = LONE_LINE_COST
        break_costs += [costs[row], *within]
        frames += [0.0, *(slices.frame for _ in slices.cuts)]
    return _Units(
        heights,
        labels,
        (*break_costs, 0.0),
        frames,
        [repeated[row] for row in row_of_unit],
        unit_groups,
        row_of_unit,
        overflow.available_height,
    )


def _used_height(units: _Units, start: int, stop: int) -> float:
    """Return the height in CSS pixels of a page of units, with what is repeated on it."""
    rows = sum(units.heights[start:stop]) + units.frames[start] + units.repeated[start]
    return rows + _added_height(units, start, stop)


def _added_height(units: _Units, start: int, stop: int) -> float:
    """Return what the split cells of a page add to its rows, in CSS pixels.

    Their text is repeated in the fewer rows of the page, which may be too low for it.
    """
    added: dict[int, float] = {}  # row → additional height
    for label in units.rowspan_cells:
        if label.row < start < label.end or label.row < stop < label.end:
            first, end = max(label.row, start), min(label.end, stop)
            own = sum(units.heights[first:end]) + units.frames[start] * (first == start)
            lack = label.height - own
            added[end] = max(added.get(end, 0.0), lack)
    return sum(added.values())


def _break_costs(overflow: OverlongSection) -> list[float]:
    """Return, for each row and the end, the cost of a page break before it.

    It counts the merged cells that the break splits and the ``avoid`` that it ignores.
    """
    costs = [0.0, *overflow.break_penalties]
    for cell in grid_cells(overflow.rows, overflow.group_ends):
        for row in range(cell.row + 1, cell.end):
            costs[row] += SPLIT_CELL_COST
    return costs


def _groups_of_rows(overflow: OverlongSection) -> list[set[tuple[int, int]]]:
    """Return, for each row, the groups that it is in, as (first row, end).

    A group is what a merged cell spans, or the rows under a repeated heading row; single rows are
    none.
    """
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
    """Yield, for each row, the cost of a page break after it that ignores an ``avoid``, or 0."""
    for body, group in zip(bodies, groups, strict=True):
        is_group_unbroken = layout.style(body)["break_inside"] == "avoid"
        for row in group:
            is_kept_with_next = layout.style(row)["break_after"] == "avoid"
            yield KEEP_WITH_NEXT_COST * is_kept_with_next + SPLIT_GROUP_COST * (
                is_group_unbroken and row is not group[-1]
            )
