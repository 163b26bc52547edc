"""The comparable form of a cell: the same whichever program saved it, and however it is typed.

``12``, ``12.0`` and the text ``１２`` are one figure; ``43%`` and 0.43 shown as a percentage are
one, but 0.43 without the sign is another.
"""

from __future__ import annotations

from typing import Final

from reportgen.formula.units import RATE_SIGNS
from reportgen.model.missing_symbols import find_reason
from reportgen.model.scorecard import CellRef
from reportgen.workbook.reading.cell_reader import Cell, is_blank, number_with_sign, read_remark
from reportgen.workbook.reading.number_parsing import SignedNumber, format_number
from reportgen.workbook.reading.raw_cells import RawCell, StoredType

_SIGNS: Final = tuple(RATE_SIGNS)
_NOWHERE: Final = CellRef(sheet="", cell="A1")
_NUMERIC: Final = frozenset({StoredType.NUMBER, StoredType.TEXT})


def figure_key(raw: RawCell | None) -> str:
    """Return the comparable form of a figure: its digits with their sign, or its symbol.

    Other contents keep their text; a blank cell is empty.
    """
    text = text_key(raw)
    if raw is None or not text or raw.stored not in _NUMERIC:
        return text
    reason = find_reason(text) if raw.stored is StoredType.TEXT else None
    if reason is not None:
        return reason.symbol
    signed_number = number_with_sign(raw, _SIGNS)
    return _digits(signed_number) if isinstance(signed_number, SignedNumber) else text


def text_key(raw: RawCell | None) -> str:
    """Return the comparable form of a text: as it is printed, whatever its length.

    Only a blank cell is empty: one whose content the readers refuse has it as stored.
    """
    if raw is None or is_blank(raw):
        return ""
    printed = read_remark(Cell(_NOWHERE, raw, "", [], max_chars=len(raw.content) + 1)).text
    return printed or raw.content or "=?"  # a formula without a result


def _digits(signed_number: SignedNumber) -> str:
    """Return a number in its shortest decimal form, with the sign it is written with."""
    number, sign = signed_number
    return f"{format_number(number * RATE_SIGNS.get(sign, 1))}{sign}"
