"""Patch of collapsed table borders."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from reportgen.render.layout.memoize import memoize_per_style

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

    from reportgen.render.weasyprint_types import BorderSegment, Box, CollapsedBorders, Color, Style

_SIDES: Final = ("top", "right", "bottom", "left")
# From the weakest to the strongest: CSS 2.1, 17.6.2.1.
_STYLES: Final = (
    *("none", "inset", "groove", "outset", "ridge", "dotted", "dashed", "solid", "double"),
    "hidden",
)
_WEIGHTS: Final = {style: weight for weight, style in enumerate(_STYLES)}
_DRAWN_AS: Final = {"inset": "ridge", "outset": "groove"}
_NO_WIDTHS: Final = {f"border_{side}_width": 0.0 for side in _SIDES}


def collapse_table_borders(
    table: ModuleType, color: ModuleType
) -> Callable[[Box, int, int], CollapsedBorders]:
    """Return a ``collapse_table_borders`` that caches a style's borders and skips weightless ones.

    The returned function takes a table box and the numbers of its columns and rows; it sets the
    border widths of the boxes and returns the grid of segments, vertical and horizontal. A table in
    right-to-left direction, or without rows or columns, is left to the original.
    """
    original: Callable[[Box, int, int], CollapsedBorders] = table.collapse_table_borders
    transparent = table.TRANSPARENT
    borders = memoize_per_style("borders", partial(_style_borders, color.get_color))
    weak: BorderSegment = (0, 0, _WEIGHTS["none"]), ("none", 0, transparent)
    strong: BorderSegment = (1, 0, _WEIGHTS["hidden"]), ("hidden", 0, transparent)

    def patched(box: Box, width: int, height: int) -> CollapsedBorders:
        """Set the border widths in a table, and return its vertical and horizontal borders."""
        if not (width and height) or box.style["direction"] != "ltr":
            return original(box, width, height)
        grid = _Grid(
            [[weak] * (width + 1) for _ in range(height)],
            [[weak] * width for _ in range(height + 1)],
            borders,
        )
        _resolve_conflicts(box, grid, strong, width, height)
        _set_border_widths(box, grid, width, height)
        return grid.vertical, grid.horizontal

    return patched


@dataclass(frozen=True, slots=True)
class _Grid:
    """The borders of a table: vertical ones by row and column, horizontal ones likewise."""

    vertical: list[list[BorderSegment]]
    horizontal: list[list[BorderSegment]]
    borders: Callable[[Style], tuple[BorderSegment | None, ...]]  # of a style, by its sides

    def meet(self, box: Box, x: int, y: int, width: int, height: int) -> None:
        """Put a box's borders into the grid where they are stronger than the present ones.

        The box covers ``width`` columns from ``x`` and ``height`` rows from ``y``.
        """
        top, right, bottom, left = self.borders(box.style)
        if left or right:
            for row in self.vertical[y : y + height]:
                if left and row[x][0] < left[0]:
                    row[x] = left
                if right and row[x + width][0] < right[0]:
                    row[x + width] = right
        for side, line in ((top, self.horizontal[y]), (bottom, self.horizontal[y + height])):
            if side:
                for across in range(x, x + width):
                    if line[across][0] < side[0]:
                        line[across] = side

    def empty(self, cell: Box, y: int, strong: BorderSegment) -> None:
        """Remove the borders inside a merged cell that begins in row ``y``.

        ``strong`` is put in their place: a hidden border, which no other one overrides.
        """
        x, across, down = cell.grid_x, cell.colspan, cell.rowspan
        for line in self.vertical[y : y + down]:
            line[x + 1 : x + across] = [strong] * (across - 1)
        for line in self.horizontal[y + 1 : y + down]:
            line[x : x + across] = [strong] * across

    def max_vertical_width(self, x: int, top: int, bottom: int) -> float:
        """Return the widest border on column line ``x``, from row ``top`` to before ``bottom``.

        It is in CSS pixels, as all widths of the grid.
        """
        return max(row[x][1][1] for row in self.vertical[top:bottom])

    def max_horizontal_width(self, left: int, y: int, right: int) -> float:
        """Return the widest border on row line ``y``, from column ``left`` to before ``right``."""
        return max(border[1][1] for border in self.horizontal[y][left:right])


def _style_borders(
    color_of: Callable[[Style, str], Color], style: Style
) -> tuple[BorderSegment | None, ...]:
    """Return top, right, bottom and left border of a style, None for each that is never drawn."""
    return tuple(_border_segment(color_of, style, side) for side in _SIDES)


def _border_segment(
    color_of: Callable[[Style, str], Color], style: Style, side: str
) -> BorderSegment | None:
    """Return one border of a style with its weight, or None if it is no stronger than none.

    ``inset`` and ``outset`` become what they are drawn as in collapsed tables.
    """
    kind: str = style[f"border_{side}_style"]
    width: float = style[f"border_{side}_width"]
    weight = (1 if kind == "hidden" else 0), width, _WEIGHTS[kind]
    if weight <= (0, 0, _WEIGHTS["none"]):
        return None
    colour = color_of(style, f"border_{side}_color")
    return weight, (_DRAWN_AS.get(kind, kind), width, colour)


def _numbered_rows(table: Box) -> Iterator[tuple[int, Box]]:
    """Yield (number from 0, row) for the rows of a table, through all its groups."""
    yield from enumerate(row for group in table.children for row in group.children)


def _resolve_conflicts(
    table: Box, grid: _Grid, strong: BorderSegment, width: int, height: int
) -> None:
    """Put the borders of all boxes of a table into the grid, the stronger one at each place.

    Of equally strong ones a cell's wins over a row's, a group's, a column's and the table's.
    """
    for y, row in _numbered_rows(table):
        for cell in row.children:
            if cell.colspan > 1 or cell.rowspan > 1:
                grid.empty(cell, y, strong)
            grid.meet(cell, cell.grid_x, y, cell.colspan, cell.rowspan)
    for y, row in _numbered_rows(table):
        grid.meet(row, 0, y, width, 1)
    y = 0
    for group in table.children:
        rows = len(group.children)
        grid.meet(group, 0, y, width, rows)
        y += rows
    for group in table.column_groups:
        for column in group.children:
            grid.meet(column, column.grid_x, 0, 1, height)
    for group in table.column_groups:
        grid.meet(group, group.grid_x, 0, group.span, height)
    grid.meet(table, 0, 0, width, height)


def _set_border_widths(table: Box, grid: _Grid, width: int, height: int) -> None:
    """Set on the table and each cell half the widths of the borders around it, 0 on other boxes.

    The grid itself is drawn separately.
    """
    for group in table.children:
        group.__dict__.update(_NO_WIDTHS)
    for y, row in _numbered_rows(table):
        row.__dict__.update(_NO_WIDTHS)
        for cell in row.children:
            x, right, bottom = cell.grid_x, cell.grid_x + cell.colspan, y + cell.rowspan
            cell.border_top_width = grid.max_horizontal_width(x, y, right) / 2
            cell.border_bottom_width = grid.max_horizontal_width(x, bottom, right) / 2
            cell.border_left_width = grid.max_vertical_width(x, y, bottom) / 2
            cell.border_right_width = grid.max_vertical_width(right, y, bottom) / 2
    for group in table.column_groups:
        group.__dict__.update(_NO_WIDTHS)
        for column in group.children:
            column.__dict__.update(_NO_WIDTHS)
    table.border_top_width = grid.max_horizontal_width(0, 0, width) / 2
    table.border_bottom_width = grid.max_horizontal_width(0, height, width) / 2
    # The first row alone tells how wide the table's own sides are: CSS 2.1, 17.6.2.
    table.border_left_width = grid.max_vertical_width(0, 0, 1) / 2
    table.border_right_width = grid.max_vertical_width(width, 0, 1) / 2
