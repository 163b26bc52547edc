"""A section with a long table, cut into pieces that each stand on a page of their own."""

from __future__ import annotations

from bisect import bisect
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from reportgen.render.layout import copied

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from xml.etree.ElementTree import Element

CONTINUED = "continued"  # the class of a piece that is not the first


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell in the grid of its table: from ``row`` to before ``end``."""

    element: Element
    row: int
    end: int
    column: int


def grid_cells(rows: Sequence[Element], group_ends: Sequence[int]) -> Iterator[Cell]:
    """Cells in document order, in the columns that those above leave free (HTML 4.9.12)."""
    taken: dict[int, int] = {}  # column → the row before which it is taken
    for number, row in enumerate(rows):
        column = 0
        for element in row:
            while taken.get(column, 0) > number:
                column += 1
            end = number + (_span(element, "rowspan") or len(rows))
            cell = Cell(element, number, min(end, group_ends[number]), column)
            yield cell
            for _ in range(_span(element, "colspan") or 1):
                taken[column] = cell.end
                column += 1


def _span(cell: Element, name: str) -> int:
    text = cell.get(name, "1").strip()
    return int(text) if text.isdecimal() else 1


@dataclass(frozen=True, slots=True)
class _Table:
    """The rows that are dealt out, by their numbers."""

    numbers: Mapping[Element, int]
    cells: tuple[tuple[Cell, ...], ...]  # of each row
    tall: tuple[Cell, ...]  # that are merged with those below


def cut(
    section: Element, rows: Sequence[Element], group_ends: Sequence[int], parts: Iterable[range]
) -> list[Element]:
    """Copies of a section, each with one part of these rows; merged cells are cut to size.

    ``group_ends`` tell for each row before which row its group ends.
    """
    cells: list[list[Cell]] = [[] for _ in rows]
    for cell in grid_cells(rows, group_ends):
        cells[cell.row].append(cell)
    table = _Table(
        {row: number for number, row in enumerate(rows)},
        tuple(map(tuple, cells)),
        tuple(cell for row in cells for cell in row if cell.end - cell.row > 1),
    )
    return [_piece(section, table, part) for part in parts]


def _piece(section: Element, table: _Table, part: range) -> Element:
    rows: dict[int, Element] = {}
    piece = _copied(section, table, part, rows)
    own = {each for row in rows.values() for each in row.iter()}
    for number, row in rows.items():
        for cell, element in zip(table.cells[number], row, strict=True):
            if cell.end > part.stop:
                element.set("rowspan", str(part.stop - number))
    _reopen(rows[part.start], table, part)
    if part.start > 0:
        _mark_continued(piece, own)
    return piece


def _copied(element: Element, table: _Table, part: range, rows: dict[int, Element]) -> Element:
    """A copy with a part of the rows, which are told in ``rows``; no group is left empty."""
    made = ElementTree.Element(element.tag, element.attrib)
    made.text, made.tail = element.text, element.tail
    for child in element:
        number = table.numbers.get(child)
        if number is None:
            twin = _copied(child, table, part, rows)
            if len(twin) or not len(child):
                made.append(twin)
        elif number in part:
            rows[number] = copied(child)
            made.append(rows[number])
    return made


def _reopen(row: Element, table: _Table, part: range) -> None:
    """Repeat the merged cells that begin above a part and reach into it, each in its column."""
    columns = [cell.column for cell in table.cells[part.start]]
    for cell in table.tall:
        if cell.row < part.start < cell.end:
            again = copied(cell.element)
            again.set("rowspan", str(min(cell.end, part.stop) - part.start))
            place = bisect(columns, cell.column)
            row.insert(place, again)
            columns.insert(place, cell.column)


def _mark_continued(piece: Element, own: set[Element]) -> None:
    """What is repeated has no id: there would be two of it."""
    names = piece.get("class", "").split()
    piece.set("class", " ".join(dict.fromkeys([*names, CONTINUED])))
    for element in piece.iter():
        if element not in own:
            element.attrib.pop("id", None)


__all__ = ["CONTINUED", "Cell", "cut", "grid_cells"]
