"""Problems that point into the formula's text with a caret."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING

from reportgen.problems import Location, Problem, make_problem
from reportgen.text.name_matching import is_invisible

if TYPE_CHECKING:
    from reportgen.formula.syntax_tree import Span

_CONTEXT_CHARS = 24  # characters of the excerpt on either side of the place
_MAX_QUOTED_CHARS = 40


def problem_at(code: str, where: Location, text: str, span: Span, **fields: object) -> Problem:
    """Return a problem of the catalogue with the place in ``text``.

    Its ``where.column`` is the place's first character, counted from 1; its fields
    ``excerpt`` and ``caret`` are the two lines that :func:`excerpt_with_caret` prints. Texts
    among ``fields`` are shortened by :func:`shorten`. Raises KeyError as ``make_problem``.
    """
    start, end = span
    excerpt, caret = _excerpt_and_caret(text, start, max(end, start + 1))
    for name, value in fields.items():
        if isinstance(value, str):
            fields[name] = shorten(value)
    return make_problem(
        code, replace(where, column=start + 1), excerpt=excerpt, caret=caret, **fields
    )


def excerpt_with_caret(problem: Problem) -> str:
    """Return the excerpt with carets below the place; empty for a problem without a place.

    Full-width characters count two columns, as terminals and fixed-width fonts set them.
    """
    fields = dict(problem.fields)
    if not fields.get("excerpt"):
        return ""
    return f"{fields['excerpt']}\n{fields['caret']}"


def shorten(text: str) -> str:
    """Return a text from outside as one printable line of _MAX_QUOTED_CHARS at most.

    A longer one ends in ``…``.
    """
    printable = "".join(_printable(char) for char in text[: _MAX_QUOTED_CHARS + 1])
    return f"{printable[:_MAX_QUOTED_CHARS]}…" if len(text) > _MAX_QUOTED_CHARS else printable


def _excerpt_and_caret(text: str, start: int, end: int) -> tuple[str, str]:
    """Return the text around ``start:end``, with ``…`` where it is cut, and a line of ``^``.

    The carets stand below ``start:end``, or its first _CONTEXT_CHARS.
    """
    end = min(end, start + _CONTEXT_CHARS)
    context_start, context_end = (
        max(0, start - _CONTEXT_CHARS),
        min(len(text), end + _CONTEXT_CHARS),
    )
    before = ("…" if context_start else "") + "".join(
        _printable(char) for char in text[context_start:start]
    )
    marked = "".join(_printable(char) for char in text[start:end])
    after = "".join(_printable(char) for char in text[end:context_end]) + (
        "…" if context_end < len(text) else ""
    )
    return before + marked + after, " " * _columns(before) + "^" * max(1, _columns(marked))


def _printable(char: str) -> str:
    """Return a character as printed: nothing or a space if invisible, U+FFFD for a control."""
    if is_invisible(char):
        return " " if char.isspace() else ""
    is_unprintable = unicodedata.category(char) in {"Cc", "Cs"} or ord(char) & 0xFFFE == 0xFFFE
    return "\N{REPLACEMENT CHARACTER}" if is_unprintable else char


def _columns(text: str) -> int:
    """Return the width of a text in columns of a terminal."""
    return sum(_char_columns(char) for char in text)


def _char_columns(char: str) -> int:
    """Return the columns of a character in a terminal: 0 for a combining mark, else 1 or 2."""
    if unicodedata.category(char) in {"Mn", "Me"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
