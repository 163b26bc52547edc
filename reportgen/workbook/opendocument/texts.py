"""The text of a cell: its paragraphs, with white space as OpenDocument counts it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from reportgen.workbook.opendocument.counts import count
from reportgen.workbook.opendocument.names import DRAW, OFFICE, TABLE, TEXT

if TYPE_CHECKING:
    from reportgen.workbook.opendocument.names import Xml

MAX_SPACES: Final = 32_767  # characters of a cell in any program
_PARAGRAPHS: Final = frozenset({f"{TEXT}p", f"{TEXT}h"})
_NOT_SHOWN: Final = frozenset({f"{TEXT}note", f"{TEXT}ruby-text", f"{OFFICE}annotation"})
_NOT_TEXT: Final = (DRAW, TABLE)
_WHITE: Final = re.compile(r"[ \t\r\n]+")
_LIKE_EXCELS_ESCAPE: Final = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def text_of(cell: Xml) -> str:
    """Return the text of a cell: a line for each of its paragraphs."""
    return as_typed("\n".join(_line(each) for each in cell if each.tag in _PARAGRAPHS))


def has_paragraph(cell: Xml) -> bool:
    """Return whether a cell shows a text, were it an empty one."""
    return any(each.tag in _PARAGRAPHS for each in cell)


def as_typed(text: str) -> str:
    """Return a text in which nothing will be taken for an escape of Excel's, such as _x000D_."""
    return _LIKE_EXCELS_ESCAPE.sub("_x005f_", text)


def _line(paragraph: Xml) -> str:
    pieces: list[str] = []
    _add(paragraph, pieces)
    return "".join(pieces)


def _add(element: Xml, pieces: list[str]) -> None:
    """Add what an element says; white space in a row is one blank, and none begins a line."""
    _add_words(element.text, pieces)
    for child in element:
        tag = child.tag
        if tag == f"{TEXT}s":
            pieces += (" " * count(child.get(f"{TEXT}c"), MAX_SPACES), "")  # no white space
        elif tag == f"{TEXT}tab":
            pieces.append("\t")
        elif tag == f"{TEXT}line-break":
            pieces.append("\n")
        elif tag not in _NOT_SHOWN and not tag.startswith(_NOT_TEXT):
            _add(child, pieces)
        _add_words(child.tail, pieces)


def _add_words(words: str | None, pieces: list[str]) -> None:
    if not words:
        return
    words = _WHITE.sub(" ", words)
    if not pieces or pieces[-1].endswith(" "):
        words = words.removeprefix(" ")
    if words:
        pieces.append(words)


__all__ = ["as_typed", "has_paragraph", "text_of"]
