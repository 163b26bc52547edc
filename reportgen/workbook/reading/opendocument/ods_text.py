"""The text of a cell: its paragraphs, with white space as OpenDocument counts it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from reportgen.workbook.reading.opendocument.repeat_counts import parse_repeat_count
from reportgen.workbook.reading.opendocument.xml_names import DRAW, OFFICE, TABLE, TEXT

if TYPE_CHECKING:
    from collections.abc import Callable

    from reportgen.workbook.reading.opendocument.xml_names import Xml

    Pieces = list[tuple[str, "TextStyle"]]
    StrokeOf = Callable[[str, str], "TextStyle"]  # of a family and the name of a style

MAX_REPEATED_SPACES: Final = 32_767  # characters of a cell in any program
_PARAGRAPHS: Final = frozenset({f"{TEXT}p", f"{TEXT}h"})
_STYLE: Final = f"{TEXT}style-name"
_NOT_SHOWN: Final = frozenset({f"{TEXT}note", f"{TEXT}ruby-text", f"{OFFICE}annotation"})
_NOT_TEXT: Final = (DRAW, TABLE)
_WHITE: Final = re.compile(r"[ \t\r\n]+")
_LIKE_EXCELS_ESCAPE: Final = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


class TextStyle(NamedTuple):
    """The style of letters; None means that of the surrounding ones."""

    is_struck: bool | None = None
    shift: str | None = None  # superscript, subscript, or empty for neither

    def within(self, outer: TextStyle) -> TextStyle:
        """Return the style of letters in this style, nested in ``outer``."""
        return TextStyle(
            outer.is_struck if self.is_struck is None else self.is_struck,
            outer.shift if self.shift is None else self.shift,
        )


PLAIN_STYLE: Final = TextStyle()


def text_of(cell: Xml) -> str:
    """Return the text of a cell, a line for each of its paragraphs, without notes and comments."""
    return escape_literal("".join(text for text, _ in styled_pieces(cell)))


def styled_pieces(
    cell: Xml, stroke_of: StrokeOf | None = None, stroke: TextStyle = PLAIN_STYLE
) -> Pieces:
    """Return the pieces of a cell's text with the style of each.

    ``stroke`` is the cell's own style; ``stroke_of`` gives that of a family and name.
    """
    pieces: Pieces = []
    for number, paragraph in enumerate(
        paragraph for paragraph in cell if paragraph.tag in _PARAGRAPHS
    ):
        line: Pieces = []
        _append_pieces(paragraph, line, stroke_of, stroke)
        pieces += [("\n", stroke), *line] if number else line
    return pieces


def has_paragraph(cell: Xml) -> bool:
    """Return whether a cell shows a text, even an empty one."""
    return any(child.tag in _PARAGRAPHS for child in cell)


def escape_literal(text: str) -> str:
    """Return a text with what Excel's rules would take for an escape, such as _x000D_, escaped."""
    return _LIKE_EXCELS_ESCAPE.sub("_x005f_", text)


def _append_pieces(
    element: Xml, pieces: Pieces, stroke_of: StrokeOf | None, outer: TextStyle
) -> None:
    """Append the pieces of text in an element with their styles, white space collapsed."""
    stroke, name = outer, element.get(_STYLE)
    if stroke_of and name:
        family = "paragraph" if element.tag in _PARAGRAPHS else "text"
        stroke = stroke_of(family, name).within(outer)
    _append_words(element.text, pieces, stroke)
    for child in element:
        tag = child.tag
        if tag == f"{TEXT}s":
            blanks = " " * parse_repeat_count(child.get(f"{TEXT}c"), MAX_REPEATED_SPACES)
            pieces += ((blanks, stroke), ("", stroke))  # behind it a blank is no second one
        elif tag == f"{TEXT}tab":
            pieces.append(("\t", stroke))
        elif tag == f"{TEXT}line-break":
            pieces.append(("\n", stroke))
        elif tag not in _NOT_SHOWN and not tag.startswith(_NOT_TEXT):
            _append_pieces(child, pieces, stroke_of, stroke)
        _append_words(child.tail, pieces, stroke)


def _append_words(text: str | None, pieces: Pieces, stroke: TextStyle) -> None:
    """Append a text; its white space is collapsed, also with the space before it."""
    if not text:
        return
    text = _WHITE.sub(" ", text)
    if not pieces or pieces[-1][0].endswith(" "):
        text = text.removeprefix(" ")
    if text:
        pieces.append((text, stroke))


__all__ = [
    "PLAIN_STYLE",
    "TextStyle",
    "escape_literal",
    "has_paragraph",
    "styled_pieces",
    "text_of",
]
