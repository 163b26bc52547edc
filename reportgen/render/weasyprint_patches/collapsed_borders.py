"""Patch of collapsed table borders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from weasyprint.draw.color import get_color
from weasyprint.layout import table as table_layout

from reportgen.render.layout.memoize import memoize_per_style

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reportgen.render.weasyprint_types import BorderSegment, Box, CollapsedBorders, Style

_SIDES: Final = ("top", "right", "bottom", "left")
# From the weakest to the strongest: CSS 2.1, 17.6.2.1.
_STYLES: Final = (
    *("none", "inset", "groove", "outset", "ridge", "dotted", "dashed", "solid", "double"),
    "hidden",
)
_WEIGHTS: Final = {style: weight for weight, style in enumerate(_STYLES)}
_DRAWN_AS: Final = {"inset": "ridge", "outset": "groove"}
_NO_WIDTHS: Final = {f"border_{side}_width": 0.0 for side in _SIDES}
_WEAK: Final[BorderSegment] = (0, 0, _WEIGHTS["none"]), ("none", 0, table_layout.TRANSPARENT)
_STRONG: Final[BorderSegment] = (1, 0, _WEIGHTS["hidden"]), ("hidden", 0, table_layout.TRANSPARENT)
_collapse_table_borders = table_layout.collapse_table_borders


def collapse_table_borders(table: Box, width: int, height: int) -> CollapsedBorders:
    """Set the border widths in a table, and return its vertical and horizontal borders.

    ``width`` and ``height`` are the numbers of its columns and rows. A style's borders are cached,
    weightless ones are skipped. A table in right-to-left direction, or without rows or columns, is
    left to the original.
    """
    if not (width and height) or table.style["direction"] != "ltr":
        borders: CollapsedBorders = _collapse_table_borders(table, width, height)
        return borders
    grid = _Grid(
        [[_WEAK] * (width + 1) for _ in range(height)],
        [[_WEAK] * width for _ in range(height + 1)],
    )
    _resolve_conflicts(table, grid, width, height)
    _set_border_widths(table, grid, width, height)
    return grid.vertical, grid.horizontal


@dataclass(frozen=True, slots=True)
class _Grid:
    """The borders of a table: vertical ones by row and column, horizontal ones likewise."""

    vertical: list[list[BorderSegment]]
    horizontal: list[list[BorderSegment]]

    def meet(self, box: Box, x: int, y: int, width: int, height: int) -> None:
        """Put a box's borders into the grid where they are stronger than the present ones.

        The box covers ``width`` columns from ``x`` and ``height`` rows from ``y``.
        """
        top, right, bottom, left = _borders_of(box.style)
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

    def empty(self, cell: Box, y: int) -> None:
        """Remove the borders inside a merged cell that begins in row ``y``.

        In their place there are hidden borders, which no other ones override.
        """
        x, across, down = cell.grid_x, cell.colspan, cell.rowspan
        for line in self.vertical[y : y + down]:
            line[x + 1 : x + across] = [_STRONG] * (across - 1)
        for line in self.horizontal[y + 1 : y + down]:
            line[x : x + across] = [_STRONG] * across

    def max_vertical_width(self, x: int, top: int, bottom: int) -> float:
        """Return the widest border on column line ``x``, from row ``top`` to before ``bottom``.

        It is in CSS pixels, as all widths of the grid.
        """
        return max(row[x][1][1] for row in self.vertical[top:bottom])

    def max_horizontal_width(self, left: int, y: int, right: int) -> float:
        """Return the widest border on row line ``y``, from column ``left`` to before ``right``."""
        return max(border[1][1] for border in self.horizontal[y][left:right])


def _style_borders(style: Style) -> tuple[BorderSegment | None, ...]:
    """Return top, right, bottom and left border of a style, None for each that is never drawn."""
    return tuple(_border_segment(style, side) for side in _SIDES)


_borders_of = memoize_per_style("borders", _style_borders)


def _border_segment(style: Style, side: str) -> BorderSegment | None:
    """Return one border of a style with its weight, or None if it is no stronger than none.

    ``inset`` and ``outset`` become what they are drawn as in collapsed tables.
    """
    kind: str = style[f"border_{side}_style"]
    width: float = style[f"border_{side}_width"]
    weight = (1 if kind == "hidden" else 0), width, _WEIGHTS[kind]
    if weight <= (0, 0, _WEIGHTS["none"]):
        return None
    colour = get_color(style, f"border_{side}_color")
    return weight, (_DRAWN_AS.get(kind, kind), width, colour)


def _numbered_rows(table: Box) -> Iterator[tuple[int, Box]]:
    """Yield (number from 0, row) for the rows of a table, through all its groups."""
    yield from enumerate(row for group in table.children for row in group.children)


def _resolve_conflicts(table: Box, grid: _Grid, width: int, height: int) -> None:
    """Put the borders of all boxes of a table into the grid, the stronger one at each place.

    Of equally strong ones a cell's wins over a row's, a group's, a column's and the table's.
    """
    for y, row in _numbered_rows(table):
        for cell in row.children:
            if cell.colspan > 1 or cell.rowspan > 1:
                grid.empty(cell, y)
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
