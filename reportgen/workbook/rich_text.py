"""What rich text shows beside its letters: runs that are struck through, raised or lowered.

openpyxl joins the runs of a text: of 19 with a raised 1 it makes 191, of a struck 18 before a
20 it makes 1820. So the XML is changed before it is read: a struck run is put between two
marks, and the digits of a raised or lowered run become ¹²³ and ₁₂₃, which are what they show.
"""

from __future__ import annotations

import re
from html import unescape
from typing import Final, NamedTuple
from xml.sax.saxutils import escape

# Noncharacters, which no program writes into a text.
_OPEN, _CLOSE = "\ufdd0", "\ufdd1"
_STRUCK: Final = re.compile(f"{_OPEN}([^{_OPEN}{_CLOSE}]*){_CLOSE}")

_NEEDED: Final = re.compile(rb"<(?:\w+:)?(?:strike|vertAlign)[\s/>]")
_TAG: Final = re.compile(rb"<(/?)(?:\w+:)?(r|strike|vertAlign|t)(?=[\s/>])([^<>]*)>")
_OFF: Final = re.compile(rb"""\bval\s*=\s*["'](?:0|false|off)["']""")
_SHIFT: Final = re.compile(rb"""\bval\s*=\s*["'](superscript|subscript)["']""")
_SHIFTED: Final = {
    "superscript": str.maketrans("0123456789+-=()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾"),
    "subscript": str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎"),
}


class Runs(NamedTuple):
    """A text without its struck runs; ``is_struck``: all of it is struck, and stays."""

    text: str
    left_out: str = ""
    is_struck: bool = False


def mark_runs(content: bytes) -> bytes:
    """Return the XML of a sheet, or of the shared strings, with such runs marked."""
    if not _NEEDED.search(content):
        return content
    pieces, done, start = [], 0, -1
    is_run = is_struck = False
    shift = b""
    for tag in _TAG.finditer(content):
        is_end, name, inside = bool(tag[1]), tag[2], tag[3]
        if name == b"r":
            is_run, is_struck, shift, start = not is_end, False, b"", -1
        elif not is_run:
            continue
        elif name == b"strike":
            is_struck = is_struck or not (is_end or _OFF.search(inside))
        elif name == b"vertAlign":
            found = _SHIFT.search(inside)
            shift = found[1] if found else shift
        elif not is_end:
            start = -1 if inside.endswith(b"/") else tag.end()
        elif start >= 0 and (is_struck or shift):
            text = _marked(content[start : tag.start()], shift, is_struck=is_struck)
            pieces += [content[done:start], text]
            done, start = tag.start(), -1
    return b"".join([*pieces, content[done:]])


def _marked(inside: bytes, shift: bytes, *, is_struck: bool) -> bytes:
    text = unescape(inside.decode("utf-8", "surrogateescape"))
    text = mark_run(text, shift.decode(), is_struck=is_struck)
    return escape(text).encode("utf-8", "surrogateescape")


def mark_run(text: str, shift: str, *, is_struck: bool) -> str:
    """Return a run of a text marked; ``shift`` is superscript, subscript or empty."""
    text = text.translate(_SHIFTED.get(shift, {}))
    return f"{_OPEN}{text}{_CLOSE}" if is_struck and text else text


def holds_struck_runs(text: str) -> bool:
    """Return whether :func:`mark_runs` has marked a run of a text."""
    return _OPEN in text


def read_runs(text: str) -> Runs:
    """Return a text that :func:`mark_runs` has marked without its marks."""
    struck = "".join(_STRUCK.findall(text))
    kept = _STRUCK.sub("", text)
    if struck.strip() and not kept.strip():
        return Runs(_STRUCK.sub(r"\1", text), is_struck=True)
    return Runs(kept, left_out=struck.strip())


__all__ = ["Runs", "holds_struck_runs", "mark_run", "mark_runs", "read_runs"]
