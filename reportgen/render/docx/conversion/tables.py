"""Tables: a grid of Word cells, with widths, merges, borders and shading.

Merged cells have a ``gridSpan``; downwards they are ``restart`` and ``continue`` cells. In
collapsed tables the borders are those that WeasyPrint has resolved, segment by segment, so
neighbours always agree.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from reportgen.render.docx.ir import Block, Cell, Paragraph, ParagraphFormat, Row, Table, paragraphs
from reportgen.render.docx.source import box_tree
from reportgen.render.docx.source import computed_style as css
from reportgen.render.docx.source.computed_style import BoxSides, Edge, Font, LineSpacing, twips

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reportgen.render.docx.conversion.blocks import BlockBuilder
    from reportgen.render.weasyprint_types import Box, CollapsedBorders

NO_EDGES: BoxSides[Edge | None] = BoxSides(None, None, None, None)
NO_PADDING: BoxSides[int] = BoxSides(0, 0, 0, 0)


class _Slot(NamedTuple):
    """A cell at its position in the grid; ``last`` is the row it ends in (0 the first)."""

    box: Any  # Box, as the next two; None in place of a missing cell
    group: Any
    row: Any
    column: int
    span: int
    first: int
    last: int


class _Grid(NamedTuple):
    """A table's slots by row, each row in column order, and the table's borders and box."""

    rows: tuple[tuple[Box, Box, tuple[_Slot, ...]], ...]
    columns: tuple[int, ...]  # twips
    borders: CollapsedBorders | None
    box: Box


def convert_table(box: Box, content: BlockBuilder, *, left: float, align: str) -> Table:
    """Return the Word table of a laid-out table box.

    ``left`` is the indent of its left edge in points; ``align`` is ``center``, ``right`` or empty.
    Unsupported properties of its rows and cells are recorded in the context.
    """
    context = content.context
    grid = _build_grid(box, context.column_widths(box))
    edge = _edge_offset(grid)
    spacing = 0.0
    if grid.borders is None:
        spacing = css.points(box.style["border_spacing"][0]) or 0.0
    result = Table(
        columns=_outer_columns(grid, twips(spacing)),
        indent=twips(left + edge),
        align=align or "left",
        spacing=twips(spacing / 2),
        borders=css.borders_of(box.style) if grid.borders is None else None,
    )
    for number, (group, row, slots) in enumerate(grid.rows):
        context.check_supported(group)
        context.check_supported(row)
        cells = list(_row_cells(number, slots, grid, content))
        _equalize_margins(cells, content.font)
        result.rows.append(
            Row(
                cells=cells,
                header=group.is_header,
                whole=row.style["break_inside"] in box_tree.AVOID,
                height=_row_height(row, slots),
            )
        )
    if box.style["break_inside"] in box_tree.AVOID:
        keep_together(result, last=False)
    return result


def keep_together(word_table: Table, *, last: bool) -> None:
    """Keep a table's rows on one page, in place; with ``last`` also with the block that follows."""
    for row in word_table.rows if last else word_table.rows[:-1]:
        for cell in row.cells:
            for paragraph in paragraphs(cell.blocks):
                paragraph.look = paragraph.look._replace(keep_next=True)


def _build_grid(box: Box, widths: tuple[float, ...]) -> _Grid:
    """Return the grid of a table; a cell that overlaps an earlier one is shortened or left out.

    ``widths`` are those of the columns, in points.
    """
    rows = [(group, row) for group in box.children for row in group.children]
    taken: dict[tuple[int, int], _Slot] = {}
    grid_rows: list[tuple[Box, Box, tuple[_Slot, ...]]] = []
    for number, (group, row) in enumerate(rows):
        for cell in row.children:
            column, free_columns = cell.grid_x, 0
            while free_columns < cell.colspan and (number, column + free_columns) not in taken:
                free_columns += 1
            if not free_columns:
                continue
            last = _last_free_row(taken, number, cell.rowspan, range(column, column + free_columns))
            slot = _Slot(cell, group, row, column, free_columns, number, last)
            for y in range(number, last + 1):
                for x in range(column, column + free_columns):
                    taken[y, x] = slot
    count = max(len(widths), max((x + 1 for _, x in taken), default=0), 1)
    for number, (group, row) in enumerate(rows):
        slots = dict.fromkeys(taken[number, x] for x in range(count) if (number, x) in taken)
        grid_rows.append((group, row, tuple(slots)))
    return _Grid(
        tuple(grid_rows), _column_twips(widths, count), box_tree.collapsed_borders(box), box
    )


def _last_free_row(
    taken: dict[tuple[int, int], _Slot], number: int, height: int, columns: range
) -> int:
    """Return the last of up to ``height`` rows, from row ``number``, in which all columns are free.

    The first row counts as free.
    """
    last = number
    while last + 1 < number + height and not any((last + 1, x) in taken for x in columns):
        last += 1
    return last


def _outer_columns(grid: _Grid, spacing: int) -> tuple[int, ...]:
    """Return the columns' widths in twips, with the space between separate cells.

    In a table of separate cells the outermost ones also hold the table's borders at the sides.
    """
    columns = [width + spacing for width in grid.columns]
    if grid.borders is None:
        edges = css.borders_of(grid.box.style)
        columns[0] += spacing // 2 + twips(css.border_width_pt(edges.left))
        columns[-1] += spacing // 2 + twips(css.border_width_pt(edges.right))
    return tuple(columns)


def _column_twips(widths: tuple[float, ...], count: int) -> tuple[int, ...]:
    """Return the widths of ``count`` columns in twips, each at least 1, from those in points.

    The column lines are rounded, not the widths, so that the sums stay exact.
    """
    lines, total = [0], 0.0
    for width in (*widths, *(0.0,) * (count - len(widths))):
        total += width
        lines.append(max(twips(total), lines[-1] + 1))
    return tuple(after - before for before, after in pairwise(lines))


def _row_cells(
    number: int, slots: tuple[_Slot, ...], grid: _Grid, content: BlockBuilder
) -> Iterator[Cell]:
    """Yield the Word cells of row ``number``, from left to right, as wide as the grid in all.

    There is one for each slot, also if it began in a row above, and one for each gap.
    """
    column = 0
    for slot in slots:
        if slot.column > column:
            yield _filler_cell(number, column, slot.column - column, grid, content)
        yield _build_cell(number, slot, grid, content)
        column = slot.column + slot.span
    if column < len(grid.columns):
        yield _filler_cell(number, column, len(grid.columns) - column, grid, content)


def _build_cell(number: int, slot: _Slot, grid: _Grid, content: BlockBuilder) -> Cell:
    """Return the Word cell of a slot in row ``number``; below its first row it is without content.

    Unsupported properties of the cell are recorded, in its first row.
    """
    box = slot.box
    is_first = number == slot.first
    if is_first:
        content.context.check_supported(box)
        content.context.refuse_declared(box, "min-height", "max-height")
        if box.style["vertical_align"] not in css.VERTICAL_ALIGNMENTS:
            content.context.refuse_declared(box, "vertical-align")
    borders = _cell_borders(slot, number, grid)
    width = sum(grid.columns[slot.column : slot.column + slot.span]) / 20
    padding = _cell_padding(box, borders, width, collapsed=grid.borders is not None)
    content_width = width - (padding.left + padding.right) / 20
    placeholder: list[Block] = [_empty_paragraph(css.font_of(box.style))]
    blocks = content.convert_cell(box, content_width) if is_first else placeholder
    return Cell(
        blocks=blocks,
        span=slot.span,
        merge="" if slot.first == slot.last else "restart" if is_first else "continue",
        borders=borders,
        padding=padding,
        shade=_cell_background(slot, grid.box),
        align=css.VERTICAL_ALIGNMENTS.get(box.style["vertical_align"], "top"),
        nowrap=box.style["white_space"] == "nowrap",
    )


def _cell_padding(
    box: Box, borders: BoxSides[Edge | None], width: float, *, collapsed: bool
) -> BoxSides[int]:
    """Return the margins of a cell in Word, in twips: its padding, at the sides with its border.

    Word measures them from the grid line at the sides, CSS from the border; a collapsed border has
    one half on either side of the line. Percentages are of ``width``, in points.
    """
    padding = css.sides(box, "padding", width)
    share = 0.5 if collapsed else 1.0
    left, right = (css.border_width_pt(line) * share for line in (borders.left, borders.right))
    return BoxSides(
        twips(padding.top),
        twips(padding.right + right),
        twips(padding.bottom),
        twips(padding.left + left),
    )


def _equalize_margins(cells: list[Cell], font: Font) -> None:
    """Give all cells of a row the same margins above and below, in place.

    Word takes the row's largest for every cell; what a cell has beyond the row's smallest is given
    to its first and last paragraphs; a cell that begins with a table gets an empty one for it, and
    each ends with one. Cells that continue one from above neither count nor change otherwise.
    """
    filled = [cell for cell in cells if cell.merge != "continue"]
    top = min((cell.padding.top for cell in filled), default=0)
    bottom = min((cell.padding.bottom for cell in filled), default=0)
    for cell in cells:
        above, below = cell.padding.top - top, cell.padding.bottom - bottom
        cell.padding = cell.padding._replace(top=top, bottom=bottom)
        first, last = cell.blocks[0], cell.blocks[-1]
        if cell.merge == "continue":
            continue
        if isinstance(first, Paragraph) and above > 0:
            first.look = first.look._replace(before=first.look.before + above)
        elif above > 0:
            cell.blocks.insert(0, _empty_paragraph(font, height=above))
        if isinstance(last, Paragraph) and below > 0:
            last.look = last.look._replace(after=last.look.after + below)


def _filler_cell(number: int, column: int, span: int, grid: _Grid, content: BlockBuilder) -> Cell:
    """Return an empty cell for ``span`` columns that a short row lacks."""
    slot = _Slot(None, None, None, column, span, number, number)
    borders = _cell_borders(slot, number, grid)
    return Cell([_empty_paragraph(content.font)], span, "", borders, NO_PADDING, "", "top")


def _empty_paragraph(font: Font, height: int = 20) -> Paragraph:
    """Return a paragraph without text, ``height`` twips high; Word requires one in each cell."""
    look = ParagraphFormat(line=LineSpacing(height, "exact"))
    return Paragraph((), font._replace(size=2), look, spacer=True)


def _cell_borders(slot: _Slot, row: int, grid: _Grid) -> BoxSides[Edge | None]:
    """Return the borders of a cell's part in row ``row``; top and bottom are the whole cell's.

    Collapsed borders are those of the grid; of several segments above or below, the strongest.
    """
    if grid.borders is None:
        return css.borders_of(slot.box.style) if slot.box is not None else NO_EDGES
    vertical, horizontal = grid.borders
    left, right = slot.column, slot.column + slot.span
    across = range(left, right)

    def strongest(line: int) -> Edge | None:
        segments = [horizontal[line][x] for x in across if x < len(horizontal[line])]
        return css.collapsed_border(max(segments, key=lambda part: part[0])) if segments else None

    def beside(x: int) -> Edge | None:
        return css.collapsed_border(vertical[row][x]) if x < len(vertical[row]) else None

    return BoxSides(strongest(slot.first), beside(right), strongest(slot.last + 1), beside(left))


def _cell_background(slot: _Slot, box: Box) -> str:
    """Return a cell's background as ``RRGGBB``, "" if it has none.

    It is the first of its own, its row's, its group's, its column's and its table's.
    """
    columns = box_tree.column_and_group(box, slot.column)
    for part in (slot.box, slot.row, slot.group, *columns, box):
        if shade := css.color(part.style, "background_color"):
            return shade
    return ""


def _row_height(row: Box, slots: tuple[_Slot, ...]) -> int:
    """Return the greatest specified height of a row and its cells, in twips; 0 without any.

    Cells that span several rows do not count.
    """
    heights = [css.points(row.style["height"]) or 0.0]
    for slot in slots:
        if slot.row is row and slot.first == slot.last:
            heights.append(_specified_height(slot.box))
    return twips(max(heights))


def _specified_height(cell: Box) -> float:
    """Return the specified height of a cell with its padding, in points; 0 if there is none.

    With ``border-box`` the padding is part of the height already.
    """
    height = css.points(cell.style["height"])
    if not height or cell.style["box_sizing"] == "border-box":
        return height or 0.0
    padding = css.sides(cell, "padding", 0.0)
    return height + padding.top + padding.bottom


def _edge_offset(grid: _Grid) -> float:
    """Return how far the first column line lies right of the table's edge, in points.

    It is half the widest collapsed border on that line, and 0 for separate borders.
    """
    if grid.borders is None:
        return 0.0
    vertical, _ = grid.borders
    lines = [css.border_width_pt(css.collapsed_border(row[0])) for row in vertical if row]
    return max(lines, default=0.0) / 2
