"""Which heading belongs to which cell, for those who hear a table instead of seeing it.

WeasyPrint loses count of the columns where merged cells stand side by side, and leaves cells
without headings. Here every heading cell is given its scope, and every other cell the headings
above it and beside it (ISO 32000-1, table 349; ISO 14289-1, 7.5).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pydyf
from weasyprint.formatting_structure import boxes

from reportgen.render.layout import walk

if TYPE_CHECKING:
    from collections.abc import Iterator

Grid = dict[tuple[int, int], Any]  # row and column → cell box


def mend_table_tags(document: Any) -> None:
    """Correct the tags of every table; WeasyPrint has left each cell's own on its box."""
    for page in document.pages:
        for box in walk(page._page_box):
            if isinstance(box, boxes.TableBox):
                _mend(_grid(box))


def _grid(table: Any) -> Grid:
    """The places of a table as laid out on one page; a merged cell stands in each of its places."""
    rows = [box for box in walk(table) if isinstance(box, boxes.TableRowBox)]
    grid: Grid = {}
    for number, row in enumerate(rows):
        column = 0
        for cell in row.children:
            while (number, column) in grid:
                column += 1
            for down in range(cell.rowspan):
                for across in range(cell.colspan):
                    grid[number + down, column + across] = cell
            column += cell.colspan
    return grid


def _mend(grid: Grid) -> None:
    for cell in dict.fromkeys(grid.values()):
        tag = getattr(cell, "mark", None)
        if tag is None:  # a cell of a block that is only laid out as a table
            continue
        if _is_heading(cell):
            tag["A"]["Scope"] = "/Row" if _heads_row(cell) else "/Column"
        else:
            ids = dict.fromkeys(heading.mark["ID"].data for heading in _headings(cell, grid))
            tag["A"]["Headers"] = pydyf.Array(ids)


def _headings(cell: Any, grid: Grid) -> Iterator[Any]:
    """The row headings beside a cell, then the column headings above it."""
    places = [place for place, other in grid.items() if other is cell]
    for row, column in sorted(grid):
        other = grid[row, column]
        if _is_heading(other):
            beside = _heads_row(other) and any(row == r and column < c for r, c in places)
            above = not _heads_row(other) and any(column == c and row < r for r, c in places)
            if beside or above:
                yield other


def _is_heading(cell: Any) -> bool:
    return cell.element is not None and cell.element.tag == "th" and hasattr(cell, "mark")


def _heads_row(cell: Any) -> bool:
    return cell.element.get("scope") in ("row", "rowgroup")
