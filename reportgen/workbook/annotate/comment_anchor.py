"""Anchors of comment boxes on a sheet, from widths and heights in pixels, 96 to the inch."""

from __future__ import annotations

import math
import unicodedata
from typing import TYPE_CHECKING, Final, NamedTuple

from reportgen.workbook.annotate.opc_package import namespace_of
from reportgen.workbook.schema.cell_refs import MAX_COLUMN, MAX_ROW

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from reportgen.workbook.annotate.opc_package import Element

BOX_WIDTH_PX: Final = 320
MAX_BOX_HEIGHT_PX: Final = 480
# Pixels of a comment's text in Excel; half a character is that of Latin letters.
_LINE_HEIGHT, _HALF_CHARACTER_WIDTH, _BOX_PADDING = 17, 6.2, 12
_DIGIT_WIDTH: Final = 7  # the width of a digit in Excel's default font
_DEFAULT_COLUMN_WIDTH, _DEFAULT_ROW_HEIGHT = 64, 20  # pixels, of a sheet that states no default


class Box(NamedTuple):
    """An anchor: for two corners the column and row, from 0, and the pixels beyond them."""

    left: int
    left_beyond: int
    top: int
    top_beyond: int
    right: int
    right_beyond: int
    bottom: int
    bottom_beyond: int


class SheetGrid:
    """The widths and heights in pixels of a sheet's columns and rows, counted from 0.

    ``sheet`` is the root of the worksheet's part.
    """

    def __init__(self, sheet: Element) -> None:
        space = namespace_of(sheet)
        default_sizes = sheet.find(f"{space}sheetFormatPr")
        self._default_width = _pixels(
            default_sizes, "defaultColWidth", _DIGIT_WIDTH, _DEFAULT_COLUMN_WIDTH
        )
        self._default_height = _pixels(
            default_sizes, "defaultRowHeight", 96 / 72, _DEFAULT_ROW_HEIGHT
        )
        self._columns = [
            (
                int(column.get("min", "0")) - 1,
                int(column.get("max", "0")) - 1,
                self._column_width(column),
            )
            for column in sheet.iterfind(f"{space}cols/{space}col")
        ]
        self._rows = {
            int(row.get("r", "0")) - 1: 0
            if row.get("hidden") in {"1", "true"}
            else _pixels(row, "ht", 96 / 72, self._default_height)
            for row in sheet.iterfind(f"{space}sheetData/{space}row")
            if row.get("ht") is not None or row.get("hidden") is not None
        }

    def _column_width(self, column: Element) -> int:
        """Return the width of a column in pixels; 0 for a hidden one."""
        if column.get("hidden") in {"1", "true"}:
            return 0
        return _pixels(column, "width", _DIGIT_WIDTH, self._default_width)

    def width(self, column: int) -> int:
        """Return the width of a column in pixels; 0 for a hidden one."""
        return next(
            (width for first, last, width in self._columns if first <= column <= last),
            self._default_width,
        )

    def height(self, row: int) -> int:
        """Return the height of a row in pixels; 0 for a hidden one."""
        return self._rows.get(row, self._default_height)

    def box_beside(self, row: int, column: int, height: int) -> Box:
        """Return a box right of a cell (from 1) and a little above it.

        It is BOX_WIDTH_PX wide and ``height`` pixels high, less at the edge of the sheet.
        """
        left = _advance(self.width, column, 0, 12, MAX_COLUMN)
        right = _advance(self.width, *left, BOX_WIDTH_PX, MAX_COLUMN)
        above = max(row - 2, 0)
        top = (above, max(self.height(above) - 8, 0) if row > 1 else 2)
        bottom = _advance(self.height, *top, height, MAX_ROW)
        return Box(*left, *top, *right, *bottom)

    def lengthened(self, box: Box, height: int) -> Box:
        """Return the box, lengthened to ``height`` pixels if it is lower; its top stays."""
        bottom = _advance(self.height, box.top, box.top_beyond, height, MAX_ROW)
        if bottom <= (box.bottom, box.bottom_beyond):
            return box
        return box._replace(bottom=bottom[0], bottom_beyond=bottom[1])

    def box_width(self, box: Box) -> int:
        """Return the width of a box in pixels; beyond a hundred columns it is cut off."""
        columns = range(box.left, min(box.right, box.left + 100))
        return sum(map(self.width, columns)) - box.left_beyond + box.right_beyond


def text_height(lines: Sequence[str], width: int = BOX_WIDTH_PX) -> int:
    """Return the height in pixels that lines of text take in a box ``width`` pixels wide.

    It is an estimate from character counts, MAX_BOX_HEIGHT_PX at most.
    """
    text_width = max(width - _BOX_PADDING, 40)
    count = sum(
        max(1, math.ceil(_halves(line) * _HALF_CHARACTER_WIDTH / text_width)) for line in lines
    )
    return min(count * _LINE_HEIGHT + _BOX_PADDING, MAX_BOX_HEIGHT_PX)


def _halves(text: str) -> int:
    """Return the width of a text in half-width characters; a full-width one counts 2."""
    return sum(2 if unicodedata.east_asian_width(character) in "WFA" else 1 for character in text)


def _advance(
    size: Callable[[int], int], index: int, beyond: int, distance: int, max_index: int
) -> tuple[int, int]:
    """Return the column or row, and the pixels beyond it, ``distance`` pixels further on.

    The start is ``beyond`` pixels into ``index``; ``size`` is the width or height by index. The
    result stays below ``max_index``.
    """
    remaining = beyond + distance
    while remaining > size(index) and index < max_index - 1:
        remaining -= size(index)
        index += 1
    return index, min(remaining, size(index))


def _pixels(element: Element | None, attribute: str, factor: float, default: int) -> int:
    """Return a size in pixels, or the default if it is missing or invalid."""
    try:
        text = "" if element is None else element.get(attribute, "")
        return round(float(text) * factor)
    except (ValueError, OverflowError):
        return default
