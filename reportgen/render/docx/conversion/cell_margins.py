"""Margins of cells: CSS measures them from the border, and Word has one height for each row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.render.docx.ir import Cell, Paragraph
from reportgen.render.docx.source import computed_style as css
from reportgen.render.docx.source.computed_style import BoxSides, Edge, twips

if TYPE_CHECKING:
    from reportgen.render.weasyprint_types import Box


def cell_padding(
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


def equalize_margins(cells: list[Cell]) -> None:
    """Give all cells of a row the same margins above and below, in place.

    Word takes the row's largest for every cell; what a cell has beyond the row's smallest is given
    to its first and last paragraphs, and lost where that block is a table. Cells that continue one
    from above neither count nor change otherwise.
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
        if isinstance(last, Paragraph) and below > 0:
            last.look = last.look._replace(after=last.look.after + below)
