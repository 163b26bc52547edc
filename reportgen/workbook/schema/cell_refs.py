"""References to cells and areas, ``B5`` and ``A1:C2``; rows and columns count from 1."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

MAX_COLUMN: Final = 16_384
MAX_ROW: Final = 1_048_576


@lru_cache(maxsize=1024)  # of a cell in each row
def column_letters(column: int) -> str:
    """Return the letters of a column from 1: ``AB`` for 28; empty for 0."""
    letters = ""
    while column:
        column, remainder = divmod(column - 1, 26)
        letters = chr(65 + remainder) + letters
    return letters


def cell_name(row: int, column: int) -> str:
    """Return the name of a cell: ``B5`` for row 5 and column 2."""
    return f"{column_letters(column)}{row}"


_CELL_NAME: Final = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")


def parse_cell_name(name: str) -> tuple[int, int]:
    """Return row and column of a cell name: (5, 2) for ``B5``.

    Raises ValueError for another text, lower case and ``$B$5`` included, or outside a sheet.
    """
    match = _CELL_NAME.fullmatch(name)
    if match is None:
        raise ValueError(f"{name!r} is no cell")
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    row = int(match[2])
    if column > MAX_COLUMN or row > MAX_ROW:
        raise ValueError(f"{name!r} lies outside a sheet")
    return row, column


class Area(NamedTuple):
    """A range of cells; rows and columns count from 1, both ends belong to it."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def cell_count(self) -> int:
        """The number of cells that the area covers."""
        return (self.bottom - self.top + 1) * (self.right - self.left + 1)

    def contains(self, row: int, column: int) -> bool:
        """Return whether a cell lies in it."""
        return self.top <= row <= self.bottom and self.left <= column <= self.right


def parse_area(reference: str) -> Area:
    """Return the area of a reference, ``A1:C2`` or a single cell; raises ValueError for no cell.

    That the first cell is the top left one is not checked.
    """
    first, _, last = reference.partition(":")
    top, left = parse_cell_name(first)
    bottom, right = parse_cell_name(last or first)
    return Area(top, left, bottom, right)
