"""Put a content into a cell: the one way in which all workbooks of the program are filled.

Of a text that begins with ``=`` openpyxl makes a formula, which Excel would run: whatever an
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
    """Put a text, whatever it looks like: ``=1+1`` is no formula, ``#N/A`` no error."""
    if text:
        cell.value = storable(text)
        cell.data_type = "s"


def put_number(cell: AnyCell, number: Fraction | int) -> None:
    """Put a number as Excel keeps it: whole, or the nearest binary one."""
    cell.value = int(number) if number.denominator == 1 else float(number)


def put_formula(cell: AnyCell, formula: str) -> None:
    """Put a formula of our own; what an agency typed stands in it at most as a quoted text."""
    cell.value = formula
    cell.data_type = "f"


def storable(text: str) -> str:
    """Return a text as the file format takes it: what looks like an escape is escaped itself."""
    escaped = re.sub(r"_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", text)
    return ILLEGAL_CHARACTERS_RE.sub("", escaped)
