"""Rich text as plain text with marks for runs that are struck through, raised or lowered.

The runs of a text are joined: 19 with a raised 1 would be 191, a struck 18 before a 20 would be
1820. So a struck run is put between two marks, and the digits of a raised or lowered run become
¹²³ and ₁₂₃, which are what they show.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

# Noncharacters, which no program writes into a text.
_OPEN, _CLOSE = "\ufdd0", "\ufdd1"
_STRUCK: Final = re.compile(f"{_OPEN}([^{_OPEN}{_CLOSE}]*){_CLOSE}")

_ESCAPE: Final = re.compile(r"(_x[0-9A-Fa-f]{4}_)")  # _x000D_ is a carriage return
_SHIFTED: Final = {
    "superscript": str.maketrans("0123456789+-=()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾"),
    "subscript": str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎"),
}


class Runs(NamedTuple):
    """A text without its struck runs, which are ``struck_text``.

    ``is_struck``: all of it is struck, and is kept.
    """

    text: str
    struck_text: str = ""
    is_struck: bool = False


def encode_run(text: str, *, shift: str = "", is_struck: bool = False) -> str:
    """Return the text of a run, marked; ``shift`` is ``superscript``, ``subscript`` or empty."""
    if shift in _SHIFTED:
        pieces = _ESCAPE.split(text)
        pieces[::2] = [piece.translate(_SHIFTED[shift]) for piece in pieces[::2]]
        text = "".join(pieces)
    return f"{_OPEN}{text}{_CLOSE}" if is_struck and text else text


def has_struck_runs(text: str) -> bool:
    """Return whether a text holds a run that :func:`encode_run` has marked."""
    return _OPEN in text


def decode_runs(text: str) -> Runs:
    """Return a text that :func:`encode_run` has marked, its marks removed and its runs split."""
    struck = "".join(_STRUCK.findall(text))
    unstruck = _STRUCK.sub("", text)
    if struck.strip() and not unstruck.strip():
        return Runs(_STRUCK.sub(r"\1", text), is_struck=True)
    return Runs(unstruck, struck_text=struck.strip())


__all__ = ["Runs", "decode_runs", "encode_run", "has_struck_runs"]
