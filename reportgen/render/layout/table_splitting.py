"""Table splitting: a section with a long table becomes pieces of one page each."""

from __future__ import annotations

from bisect import bisect
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from reportgen.render.layout.laid_out_document import deep_copy

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from xml.etree.ElementTree import Element

CONTINUED_CLASS = "continued"  # class of pieces after the first
REPEAT_CLASS = "repeat"  # class of rows that head those below them, on every page


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell in the grid of its table: from ``row`` to before ``end``."""

    element: Element
    row: int
    end: int
    column: int


def grid_cells(rows: Sequence[Element], group_ends: Sequence[int]) -> Iterator[GridCell]:
    """Yield cells in document order, in the columns left free by those above (HTML 4.9.12).

    ``group_ends`` has for each row the index at which its group ends; no cell spans beyond it.
    """
    taken: dict[int, int] = {}  # column → the row before which it is taken
    for number, row in enumerate(rows):
        column = 0
        for element in row:
            while taken.get(column, 0) > number:
                column += 1
            end = number + (_read_span(element, "rowspan") or len(rows))
            cell = GridCell(element, number, min(end, group_ends[number]), column)
            yield cell
            for _ in range(_read_span(element, "colspan") or 1):
                taken[column] = cell.end
                column += 1


def _read_span(cell: Element, name: str) -> int:
    """Return a cell's ``rowspan`` or ``colspan``, 1 if it is missing or no number."""
    text = cell.get(name, "1").strip()
    return int(text) if text.isdecimal() else 1


@dataclass(frozen=True, slots=True)
class _Table:
    """The rows that are distributed, by their indices."""

    numbers: Mapping[Element, int]
    cells: tuple[tuple[GridCell, ...], ...]  # of each row
    spanning: tuple[GridCell, ...]  # that span several rows
    repeated: tuple[Element | None, ...]  # for each row, the row to repeat above it


def repeated_rows(rows: Sequence[Element]) -> list[int | None]:
    """Return, for each row, the index of the row of class ``repeat`` that it stands under.

    It is None for those rows themselves, and above the first of them.
    """
    above: list[int | None] = []
    current: int | None = None
    for number, row in enumerate(rows):
        is_repeated = REPEAT_CLASS in row.get("class", "").split()
        current = number if is_repeated else current
        above.append(None if is_repeated else current)
    return above


def split_section(
    section: Element, rows: Sequence[Element], group_ends: Sequence[int], parts: Iterable[range]
) -> list[Element]:
    """Return copies of a section, each with one part of these rows; rowspans are shortened to fit.

    ``rows`` are those of the section's last table, ``parts`` consecutive ranges of their indices;
    ``group_ends`` has for each row the index at which its group ends. On each page column headings,
    a heading row (class ``repeat``) and merged cells from the page before are repeated.

    A row that stays as it is is not copied: the section must not be used any more.
    """
    cells: list[list[GridCell]] = [[] for _ in rows]
    for cell in grid_cells(rows, group_ends):
        cells[cell.row].append(cell)
    table = _Table(
        {row: number for number, row in enumerate(rows)},
        tuple(map(tuple, cells)),
        tuple(cell for row in cells for cell in row if cell.end - cell.row > 1),
        tuple(None if above is None else rows[above] for above in repeated_rows(rows)),
    )
    return [_page_section(section, table, part) for part in parts]


def _page_section(section: Element, table: _Table, part: range) -> Element:
    """Return a copy of a section with one part of its rows, and with rowspans shortened to fit.

    At its top, merged cells that began on an earlier page and the heading row are repeated. All but
    the first part have the class ``continued``.
    """
    rows: dict[int, Element] = {}
    piece = _copy_with_rows(section, table, part, rows)
    own_elements = {descendant for row in rows.values() for descendant in row.iter()}
    for number, row in rows.items():
        for cell, element in zip(table.cells[number], row, strict=True):
            if cell.end > part.stop:
                element.set("rowspan", str(part.stop - number))
    _repeat_rowspans(rows[part.start], table, part)
    if (heading := table.repeated[part.start]) is not None:
        _repeat_heading(piece, rows[part.start], heading)
    if part.start > 0:
        _mark_continued(piece, own_elements)
    return piece


def _repeat_heading(piece: Element, first_row: Element, heading: Element) -> None:
    """Append a copy of a heading row to the column headings, without its bookmark.

    A table without column headings gets a ``thead`` for it.
    """
    parents = {child: parent for parent in piece.iter() for child in parent}
    body = parents[first_row]
    table = parents[body]
    head = table.find("thead")
    if head is None:
        head = ElementTree.Element("thead")
        table.insert(list(table).index(body), head)
    repeated = deep_copy(heading)
    for element in (repeated, *repeated):
        element.set("style", f"{element.get('style', '')};bookmark-level:none".lstrip(";"))
    head.append(repeated)


def _copy_with_rows(
    element: Element, table: _Table, part: range, rows: dict[int, Element]
) -> Element:
    """Return a copy of an element with a part of the rows, and record these in ``rows`` by index.

    Rows that no cut touches are not copied; no group is left empty.
    """
    copy = ElementTree.Element(element.tag, element.attrib)
    copy.text, copy.tail = element.text, element.tail
    for child in element:
        number = table.numbers.get(child)
        if number is None:
            twin = _copy_with_rows(child, table, part, rows)
            if len(twin) or not len(child):
                copy.append(twin)
        elif number in part:
            is_cut = any(
                cell.row < cut < cell.end
                for cell in table.spanning
                for cut in (part.start, part.stop)
                if number in (cell.row, part.start)
            )
            rows[number] = deep_copy(child) if is_cut else child
            copy.append(rows[number])
    return copy


def _repeat_rowspans(row: Element, table: _Table, part: range) -> None:
    """Insert into a part's first row copies of the merged cells that begin above and reach into it.

    Each is in its column, and as high as it is within the part.
    """
    columns = [cell.column for cell in table.cells[part.start]]
    for cell in table.spanning:
        if cell.row < part.start < cell.end:
            repeated = deep_copy(cell.element)
            repeated.set("rowspan", str(min(cell.end, part.stop) - part.start))
            index = bisect(columns, cell.column)
            row.insert(index, repeated)
            columns.insert(index, cell.column)


def _mark_continued(piece: Element, own_elements: set[Element]) -> None:
    """Add the class ``continued``, and remove the ids of repeated elements, as ids are unique.

    Both are done in place; elements in ``own_elements`` keep their ids.
    """
    names = piece.get("class", "").split()
    piece.set("class", " ".join(dict.fromkeys([*names, CONTINUED_CLASS])))
    for element in piece.iter():
        if element not in own_elements:
            element.attrib.pop("id", None)
