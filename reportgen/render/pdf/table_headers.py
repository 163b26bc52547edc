"""Table headers in tagged PDF: which heading belongs to which cell, for assistive technology.

WeasyPrint miscounts the columns if merged cells stand side by side, and leaves cells without
headings. Here every heading cell is given its scope, and every other cell the headings above it and
beside it (ISO 32000-1, table 349; ISO 14289-1, 7.5).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import pydyf
from weasyprint.formatting_structure import boxes

from reportgen.render.layout.laid_out_document import walk

if TYPE_CHECKING:
    from weasyprint import Document

    from reportgen.render.weasyprint_types import Box

GridPosition = tuple[int, int]  # row and column
TableGrid: TypeAlias = "dict[GridPosition, Box]"
Headings = dict[int, list[tuple[int, GridPosition]]]


def correct_table_tags(document: Document) -> None:
    """Set scope and headings in the tags of every table of a drawn document, page by page.

    WeasyPrint leaves each cell's tag on its box; it is changed in place, and written with the file.
    Headings on earlier pages of a table do not count.
    """
    for page in document.pages:
        for box in walk(page._page_box):
            if isinstance(box, boxes.TableBox):
                _set_header_attributes(_table_grid(box))


def _table_grid(table: Box) -> TableGrid:
    """Return the cells of a table on one page by (row, column), from 0.

    A merged cell is at each of its positions.
    """
    rows = [box for box in walk(table) if isinstance(box, boxes.TableRowBox)]
    grid: TableGrid = {}
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


def _set_header_attributes(grid: TableGrid) -> None:
    """Set the scope of each heading cell's tag, and the headings of each other cell's tag.

    Headings are those above a cell in its columns and before it in its rows.
    """
    rows: Headings = {}  # by row: column and heading of it
    columns: Headings = {}  # by column: row and heading of it
    for (row, column), cell in grid.items():
        if _is_heading(cell) and _heads_row(cell):
            rows.setdefault(row, []).append((column, (row, column)))
        elif _is_heading(cell):
            columns.setdefault(column, []).append((row, (row, column)))
    positions_by_cell: dict[Box, list[GridPosition]] = {}
    for position, cell in grid.items():
        positions_by_cell.setdefault(cell, []).append(position)
    for cell, positions in positions_by_cell.items():
        tag = getattr(cell, "mark", None)
        if tag is None:  # not a table element: display: table
            continue
        if _is_heading(cell):
            tag["A"]["Scope"] = "/Row" if _heads_row(cell) else "/Column"
        else:
            above = {
                at for row, column in positions for y, at in columns.get(column, ()) if y < row
            }
            beside = {at for row, column in positions for x, at in rows.get(row, ()) if x < column}
            ids = dict.fromkeys(grid[at].mark["ID"].data for at in sorted(above | beside))
            tag["A"]["Headers"] = pydyf.Array(ids)


def _is_heading(cell: Box) -> bool:
    """Return whether a cell is a ``th`` with a tag in the PDF."""
    return cell.element is not None and cell.element.tag == "th" and hasattr(cell, "mark")


def _heads_row(cell: Box) -> bool:
    """Return whether a heading is of its row, by its ``scope``, not of its column."""
    return cell.element.get("scope") in ("row", "rowgroup")
