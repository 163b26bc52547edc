"""Where a note's box lies on a sheet: columns and rows in pixels, 96 to the inch."""

from __future__ import annotations

import math
import unicodedata
from typing import TYPE_CHECKING, Final, NamedTuple

from reportgen.workbook.annotate.parts import space_of
from reportgen.workbook.places import MAX_COLUMN, MAX_ROW

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from reportgen.workbook.annotate.parts import Element

BOX_WIDTH: Final = 320
MAX_HEIGHT: Final = 480
_LINE, _HALF, _EDGE = 17, 6.2, 12  # a line; half a Chinese character; the box's own edges
_DIGIT: Final = 7  # the width of a digit in Excel's default font
_COLUMN, _ROW = 64, 20  # what a sheet has that says nothing


class Box(NamedTuple):
    """An anchor: column and row from 0 and the pixels beyond, of two corners."""

    left: int
    left_beyond: int
    top: int
    top_beyond: int
    right: int
    right_beyond: int
    bottom: int
    bottom_beyond: int


class Grid:
    """The widths and heights of a sheet's columns and rows, counted from 0."""

    def __init__(self, sheet: Element) -> None:
        space = space_of(sheet)
        usual = sheet.find(f"{space}sheetFormatPr")
        self._column = _pixels(usual, "defaultColWidth", _DIGIT, _COLUMN)
        self._row = _pixels(usual, "defaultRowHeight", 96 / 72, _ROW)
        self._columns = [
            (int(each.get("min", "0")) - 1, int(each.get("max", "0")) - 1, self._shown(each))
            for each in sheet.iterfind(f"{space}cols/{space}col")
        ]
        self._rows = {
            int(each.get("r", "0")) - 1: 0
            if each.get("hidden") in {"1", "true"}
            else _pixels(each, "ht", 96 / 72, self._row)
            for each in sheet.iterfind(f"{space}sheetData/{space}row")
            if each.get("ht") is not None or each.get("hidden") is not None
        }

    def _shown(self, column: Element) -> int:
        if column.get("hidden") in {"1", "true"}:
            return 0
        return _pixels(column, "width", _DIGIT, self._column)

    def width(self, column: int) -> int:
        """Of a column; 0 for a hidden one."""
        return next((w for low, high, w in self._columns if low <= column <= high), self._column)

    def height(self, row: int) -> int:
        """Of a row; 0 for a hidden one."""
        return self._rows.get(row, self._row)

    def beside(self, row: int, column: int, height: int) -> Box:
        """A box right of a cell (from 1) and a little above it."""
        left = _advance(self.width, column, 0, 12, MAX_COLUMN)
        right = _advance(self.width, *left, BOX_WIDTH, MAX_COLUMN)
        above = max(row - 2, 0)
        top = (above, max(self.height(above) - 8, 0) if row > 1 else 2)
        bottom = _advance(self.height, *top, height, MAX_ROW)
        return Box(*left, *top, *right, *bottom)

    def at_least(self, box: Box, height: int) -> Box:
        """The box, lengthened where it is lower than that."""
        bottom = _advance(self.height, box.top, box.top_beyond, height, MAX_ROW)
        if bottom <= (box.bottom, box.bottom_beyond):
            return box
        return box._replace(bottom=bottom[0], bottom_beyond=bottom[1])

    def box_width(self, box: Box) -> int:
        """In pixels."""
        columns = range(box.left, min(box.right, box.left + 100))
        return sum(map(self.width, columns)) - box.left_beyond + box.right_beyond


def height_of(lines: Sequence[str], width: int = BOX_WIDTH) -> int:
    """Pixels that lines of text take in a box."""
    room = max(width - _EDGE, 40)
    count = sum(max(1, math.ceil(_halves(line) * _HALF / room)) for line in lines)
    return min(count * _LINE + _EDGE, MAX_HEIGHT)


def _halves(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(each) in "WFA" else 1 for each in text)


def _advance(
    size: Callable[[int], int], index: int, beyond: int, distance: int, most: int
) -> tuple[int, int]:
    """The place so many pixels further on."""
    left = beyond + distance
    while left > size(index) and index < most - 1:
        left -= size(index)
        index += 1
    return index, min(left, size(index))


def _pixels(element: Element | None, attribute: str, factor: float, otherwise: int) -> int:
    try:
        told = "" if element is None else element.get(attribute, "")
        return round(float(told) * factor)
    except (ValueError, OverflowError):
        return otherwise
