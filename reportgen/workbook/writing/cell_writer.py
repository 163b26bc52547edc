"""The writing of contents into cells, for all workbooks of the program.

openpyxl turns a text that begins with ``=`` into a formula, which Excel would run: whatever an
agency typed must stay text. Only 試算 has formulas, and no others than its own.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

if TYPE_CHECKING:
    from fractions import Fraction

    from openpyxl.cell.cell import Cell, MergedCell

    AnyCell = Cell | MergedCell


def put_text(cell: AnyCell, text: str) -> None:
    """Write a text, whatever it looks like: ``=1+1`` is no formula, ``#N/A`` no error.

    An empty text leaves the cell as it is; characters that XML forbids are left out.
    """
    if text:
        cell.value = escape_text(text)
        cell.data_type = "s"


def put_number(cell: AnyCell, number: Fraction | int) -> None:
    """Write a number as Excel stores it: an integer, or the nearest binary fraction."""
    cell.value = int(number) if number.denominator == 1 else float(number)


def put_formula(cell: AnyCell, formula: str) -> None:
    """Write a formula of our own; what an agency typed is at most a quoted text in it."""
    cell.value = formula
    cell.data_type = "f"


def escape_text(text: str) -> str:
    """Return a text escaped for the file format, in which _x000D_ would be read as a character.

    Characters that XML forbids are left out.
    """
    escaped = re.sub(r"_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", text)
    return ILLEGAL_CHARACTERS_RE.sub("", escaped)
