"""The text of a cell: its paragraphs, with white space as OpenDocument counts it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from reportgen.workbook.opendocument.counts import count
from reportgen.workbook.opendocument.names import DRAW, OFFICE, TABLE, TEXT

if TYPE_CHECKING:
    from collections.abc import Callable

    from reportgen.workbook.opendocument.names import Xml

    Pieces = list[tuple[str, "Stroke"]]
    StrokeOf = Callable[[str, str], "Stroke"]  # of a family and the name of a style

MAX_SPACES: Final = 32_767  # characters of a cell in any program
_PARAGRAPHS: Final = frozenset({f"{TEXT}p", f"{TEXT}h"})
_STYLE: Final = f"{TEXT}style-name"
_NOT_SHOWN: Final = frozenset({f"{TEXT}note", f"{TEXT}ruby-text", f"{OFFICE}annotation"})
_NOT_TEXT: Final = (DRAW, TABLE)
_WHITE: Final = re.compile(r"[ \t\r\n]+")
_LIKE_EXCELS_ESCAPE: Final = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


class Stroke(NamedTuple):
    """How letters are written; None: as those around them."""

    is_struck: bool | None = None
    shift: str | None = None  # superscript, subscript, or empty for neither

    def within(self, outer: Stroke) -> Stroke:
        """Return the stroke of letters in a style that stands within another one."""
        return Stroke(
            outer.is_struck if self.is_struck is None else self.is_struck,
            outer.shift if self.shift is None else self.shift,
        )


PLAIN: Final = Stroke()


def text_of(cell: Xml) -> str:
    """Return the text of a cell: a line for each of its paragraphs."""
    return as_typed("".join(words for words, _ in pieces_of(cell)))


def pieces_of(cell: Xml, stroke_of: StrokeOf | None = None, stroke: Stroke = PLAIN) -> Pieces:
    """Return the text piece by piece with the stroke of each; ``stroke`` is the cell's own."""
    pieces: Pieces = []
    for number, each in enumerate(each for each in cell if each.tag in _PARAGRAPHS):
        line: Pieces = []
        _add(each, line, stroke_of, stroke)
        pieces += [("\n", stroke), *line] if number else line
    return pieces


def has_paragraph(cell: Xml) -> bool:
    """Return whether a cell shows a text, were it an empty one."""
    return any(each.tag in _PARAGRAPHS for each in cell)


def as_typed(text: str) -> str:
    """Return a text in which nothing will be taken for an escape of Excel's, such as _x000D_."""
    return _LIKE_EXCELS_ESCAPE.sub("_x005f_", text)


def _add(element: Xml, pieces: Pieces, stroke_of: StrokeOf | None, around: Stroke) -> None:
    """Add what an element says; white space in a row is one blank, and none begins a line."""
    stroke, name = around, element.get(_STYLE)
    if stroke_of and name:
        family = "paragraph" if element.tag in _PARAGRAPHS else "text"
        stroke = stroke_of(family, name).within(around)
    _add_words(element.text, pieces, stroke)
    for child in element:
        tag = child.tag
        if tag == f"{TEXT}s":
            blanks = " " * count(child.get(f"{TEXT}c"), MAX_SPACES)
            pieces += ((blanks, stroke), ("", stroke))  # behind it a blank is no second one
        elif tag == f"{TEXT}tab":
            pieces.append(("\t", stroke))
        elif tag == f"{TEXT}line-break":
            pieces.append(("\n", stroke))
        elif tag not in _NOT_SHOWN and not tag.startswith(_NOT_TEXT):
            _add(child, pieces, stroke_of, stroke)
        _add_words(child.tail, pieces, stroke)


def _add_words(words: str | None, pieces: Pieces, stroke: Stroke) -> None:
    if not words:
        return
    words = _WHITE.sub(" ", words)
    if not pieces or pieces[-1][0].endswith(" "):
        words = words.removeprefix(" ")
    if words:
        pieces.append((words, stroke))


__all__ = ["PLAIN", "Stroke", "as_typed", "has_paragraph", "pieces_of", "text_of"]
