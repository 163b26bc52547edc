"""Row slices: the lines of a row that is higher than a page, and where it may be cut between them.

A slice is one line of the row's longest cell; the first has as many lines as the row's short cells
are high, so that none of these is cut. Slices are distributed over pages as if they were rows;
those that come to one page become one row again (:mod:`.row_splitting`).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import ceil
from typing import TYPE_CHECKING, Final

from weasyprint.formatting_structure import boxes

from reportgen.render.layout.laid_out_document import walk
from reportgen.render.layout.row_splitting import (
    LABEL_ATTRIBUTE,
    count_characters,
    count_items,
    is_picture,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from xml.etree.ElementTree import Element

    from reportgen.render.layout.row_splitting import Cuts
    from reportgen.render.weasyprint_types import Box

MAX_SHORT_SHARE: Final = 0.5  # of a page's room, for a cell that is not cut: a figure, a label
LINE_TOLERANCE: Final = 0.5  # CSS pixels


@dataclass(frozen=True, slots=True)
class CellLines:
    """The lines of a cell; lengths are CSS pixels from the top of its first line."""

    starts: tuple[int, ...]  # the items of its content before each line
    bottoms: tuple[float, ...]
    frame: float  # height of its padding and borders

    @property
    def height(self) -> float:
        """The height that the cell needs: its frame, and its lines down to the last bottom."""
        return self.frame + (self.bottoms[-1] if self.bottoms else 0.0)

    def items_above(self, height: float) -> int | None:
        """Return the number of items in the lines that end above a height, or None if all do.

        The height is measured in CSS pixels from the top of the first line; 0.5 more is tolerated.
        """
        for start, bottom in zip(self.starts, self.bottoms, strict=True):
            if bottom > height + LINE_TOLERANCE:
                return start
        return None


@dataclass(frozen=True, slots=True)
class RowSlices:
    """A row in slices; lengths are CSS pixels."""

    heights: tuple[float, ...]  # the first with the row's frame
    cuts: tuple[Cuts, ...]  # before each slice but the first
    frame: float  # height of padding and borders, and of the label of the rest: on every page again
    label_height: float  # of what is repeated on every page
    first_lines: int  # number of the longest cell's lines in the first slice


def measure_lines(fragments: Iterable[Box]) -> CellLines:
    """Return the lines of a cell by its boxes: one, or one on each page that has a part of it.

    What stands beside each other, so that lines do not follow downwards, counts as a single line.
    Without any box there are no lines and the height is 0.
    """
    starts: list[int] = []
    bottoms: list[float] = []
    items, above, frame = 0, 0.0, 0.0
    for cell in fragments:
        frame = frame or frame_height(cell)
        top: float | None = None
        for line_top, bottom, count in _line_extents(cell):
            top = line_top if top is None else top
            starts.append(items)
            bottoms.append(above + bottom - top)
            items += count
        above = bottoms[-1] if bottoms else 0.0
    if any(before > after for before, after in pairwise(bottoms)):  # beside each other: one block
        return CellLines((0,), (max(bottoms),), frame)
    return CellLines(tuple(starts), tuple(bottoms), frame)


def frame_height(cell: Box) -> float:
    """Return the height of a cell's padding and borders, in CSS pixels; percentages count as 0."""
    padding = [cell.style[name] for name in ("padding_top", "padding_bottom")]
    borders = float(cell.border_top_width + cell.border_bottom_width)
    return borders + sum(float(length.value) for length in padding if length.unit == "px")


def _line_extents(box: Box) -> Iterator[tuple[float, float, int]]:
    """Yield (top, bottom, number of items) of the lines and block pictures in a box.

    Lengths are CSS pixels on the page. Outside list markers are left out.
    """
    for child in getattr(box, "children", ()):
        if isinstance(child, boxes.LineBox | boxes.ReplacedBox):
            top = float(child.position_y)
            yield top, top + float(child.margin_height()), sum(map(_box_items, walk(child)))
        elif not child.is_outside_marker:
            yield from _line_extents(child)


def _box_items(box: Box) -> int:
    """Return the number of items of a box alone: its printed characters, or 1 for a picture.

    Generated content has none: it is not in the element that is cut.
    """
    if isinstance(box, boxes.TextBox):
        _, _, pseudo = box.element_tag.partition("::")
        return count_characters(box.text) if pseudo in ("", "first-letter", "first-line") else 0
    is_own = box.element is not None and "::" not in box.element_tag
    return int(isinstance(box, boxes.ReplacedBox) and is_own and is_picture(box.element))


def slice_row(
    row: Element,
    cells: Mapping[Element, Sequence[Box]],
    available_height: float,
    *,
    has_header: bool,
) -> RowSlices | None:
    """Return the slices of a row, or None if its cells are not too high or have a single line.

    ``cells`` has the boxes of each cell, ``available_height`` is that of a page in CSS pixels.
    Cells that span several rows are never cut, nor are those of at most half that height: they are
    in the first slice. Header cells among them are labels, repeated beside every slice;
    ``has_header`` tells whether the row begins with a row header, its own or one that spans it:
    then cells before the first that is cut are labels, too.
    """
    lines = {cell: measure_lines(cells.get(cell, ())) for cell in row}
    own = [cell for cell in row if cell.get("rowspan", "1").strip() == "1"]
    longest = max(own, key=lambda cell: lines[cell].height, default=None)
    if longest is None or lines[longest].height <= available_height:
        return None
    measure = lines[longest]
    if len(measure.bottoms) < 2:
        return None
    labels: set[Element] = set()
    short_height = 0.0  # of the lines of cells that are not to be cut
    is_leading = has_header
    for cell in own:
        is_short = lines[cell].height <= available_height * MAX_SHORT_SHARE
        if cell is not longest and is_short and (is_leading or cell.tag == "th"):
            labels.add(cell)
            continue
        is_leading = False
        if is_short and lines[cell].bottoms:
            short_height = max(short_height, lines[cell].bottoms[-1])
    # The first slice ends after this many lines; there is always one more, or nothing to cut.
    first_lines = min(
        1 + sum(bottom + LINE_TOLERANCE < short_height for bottom in measure.bottoms),
        len(measure.bottoms) - 1,
    )
    cuts = tuple(
        tuple(
            None
            if cell in labels or cell not in own
            else start
            if cell is longest
            else _items_or_all(cell, lines[cell], bottom)
            for cell in row
        )
        for start, bottom in zip(
            measure.starts[first_lines:], measure.bottoms[first_lines - 1 : -1], strict=True
        )
    )
    first, *others = measure.bottoms[first_lines - 1 :]
    label_line = max((_label_height(cell, cells[cell], lines[cell]) for cell in own), default=0.0)
    return RowSlices(
        (measure.frame + first, *(after - before for before, after in pairwise((first, *others)))),
        cuts,
        measure.frame + label_line,
        max((lines[cell].height for cell in labels), default=0.0),
        first_lines,
    )


def _label_height(cell: Element, fragments: Sequence[Box], lines: CellLines) -> float:
    """Return an estimate of the height of the label that the rest of a cell begins with, or 0.

    It is in CSS pixels, and never too low where lines are as high as the cell's first.
    """
    label = cell.get(LABEL_ATTRIBUTE, "")
    if not label or not lines.bottoms:
        return 0.0
    box = fragments[0]
    line_count: int = ceil(len(label) * box.style["font_size"] / box.width)
    return lines.bottoms[0] * line_count


def _items_or_all(cell: Element, lines: CellLines, height: float) -> int:
    """Return the items of a cell's lines that end above a height, all items if all lines do."""
    above = lines.items_above(height)
    return count_items(cell) if above is None else above
