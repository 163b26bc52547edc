"""Figures as documents print them: a true minus sign, and the meaning of the symbols.

Data files keep the ASCII hyphen, which other programs read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from reportgen.model.missing_symbols import SYMBOLS

if TYPE_CHECKING:
    from collections.abc import Iterable

MINUS: Final = "\u2212"
_SIGN: Final = re.compile(r"(?<![\w.%‰)）])-(?=\.?\d)")
_SIGN_OR_OPERATOR: Final = re.compile(r"-(?=[\d.(（])")


@dataclass(frozen=True, slots=True, kw_only=True)
class SymbolNote:
    """A symbol for a missing figure, and its meaning."""

    symbol: str
    meaning: str


def print_figure(text: str) -> str:
    """Return a figure with U+2212 for the hyphen before a negative number.

    ``-3.5`` becomes ``−3.5``; the hyphens of ``3-5``, ``105-12-25`` and a lone ``-`` stay.
    """
    return _SIGN.sub(MINUS, text)


def print_calculation(text: str) -> str:
    """Return a calculation with U+2212 for signs and for the operator.

    ``(5-3)/-2`` becomes ``(5−3)/−2``; the symbol ``-`` stays.
    """
    return _SIGN_OR_OPERATOR.sub(MINUS, text)


def symbol_notes(figures: Iterable[str]) -> tuple[SymbolNote, ...]:
    """Return symbol and meaning of those symbols that stand in figures as words of their own.

    Each once, in the order in which symbols are declared.
    """
    words = {word for text in figures for word in re.split(r"[\s（）：~=]+", text)}
    return tuple(
        SymbolNote(symbol=reason.symbol, meaning=reason.value.meaning)
        for reason in SYMBOLS
        if reason.symbol in words
    )


__all__ = ["MINUS", "SymbolNote", "print_calculation", "print_figure", "symbol_notes"]
