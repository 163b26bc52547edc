"""Problems that point into the formula's text with a caret."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING

from reportgen.problems import Location, Problem, make
from reportgen.text.name_matching import is_invisible

if TYPE_CHECKING:
    from reportgen.formula.syntax_tree import Span

_AROUND = 24  # characters of the excerpt on either side of the place
_LONGEST_FOUND = 40


def problem_at(code: str, where: Location, text: str, span: Span, **fields: object) -> Problem:
    """Return a problem of the catalogue with the place in ``text``.

    Its ``where.column`` is the place's first character, counted from 1; its fields
    ``excerpt`` and ``caret`` are the two lines that :func:`pointed` prints.
    """
    start, end = span
    excerpt, caret = _lines(text, start, max(end, start + 1))
    for name, value in fields.items():
        if isinstance(value, str):
            fields[name] = shortened(value)
    return make(code, replace(where, column=start + 1), excerpt=excerpt, caret=caret, **fields)


def pointed(problem: Problem) -> str:
    """Return the excerpt with carets below the place; empty for a problem without a place.

    Full-width characters count two columns, as terminals and fixed-width fonts set them.
    """
    fields = dict(problem.fields)
    if not fields.get("excerpt"):
        return ""
    return f"{fields['excerpt']}\n{fields['caret']}"


def shortened(text: str) -> str:
    """Return a text from outside as one printable line of limited length."""
    shown = "".join(_printable(char) for char in text[: _LONGEST_FOUND + 1])
    return f"{shown[:_LONGEST_FOUND]}…" if len(text) > _LONGEST_FOUND else shown


def _lines(text: str, start: int, end: int) -> tuple[str, str]:
    end = min(end, start + _AROUND)
    first, last = max(0, start - _AROUND), min(len(text), end + _AROUND)
    before = ("…" if first else "") + "".join(_printable(char) for char in text[first:start])
    place = "".join(_printable(char) for char in text[start:end])
    after = "".join(_printable(char) for char in text[end:last]) + ("…" if last < len(text) else "")
    return before + place + after, " " * _columns(before) + "^" * max(1, _columns(place))


def _printable(char: str) -> str:
    if is_invisible(char):
        return " " if char.isspace() else ""
    odd = unicodedata.category(char) in {"Cc", "Cs"} or ord(char) & 0xFFFE == 0xFFFE
    return "\N{REPLACEMENT CHARACTER}" if odd else char


def _columns(text: str) -> int:
    return sum(_width(char) for char in text)


def _width(char: str) -> int:
    if unicodedata.category(char) in {"Mn", "Me"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
