"""Cells that are to be set in a workbook, and how files store their numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from fractions import Fraction


class CellEdit(NamedTuple):
    """A content for a cell: a number, a text, or None for a blank cell with a format.

    Rows and columns count from 1.

    The cell keeps its format, or takes that of the column ``format_from`` in its row, or of its
    column in the row ``format_row``. A row that is missing is added.
    """

    sheet: str
    row: int
    column: int
    content: Fraction | str | None
    is_percentage: bool = False  # a number that is to be shown with %
    format_from: int | None = None
    format_row: int | None = None


def number_text(number: Fraction) -> str:
    """Return a number as files store it: an integer, or the shortest binary form."""
    return str(int(number)) if number.denominator == 1 else repr(float(number))
