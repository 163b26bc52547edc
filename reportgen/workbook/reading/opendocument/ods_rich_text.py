"""Letters that are struck through, raised or lowered, by the styles of cells and texts.

:mod:`reportgen.workbook.reading.rich_text` says how they are read, as it does for Excel.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from reportgen.workbook.reading.opendocument.ods_text import (
    PLAIN_STYLE,
    TextStyle,
    escape_literal,
    styled_pieces,
    text_of,
)
from reportgen.workbook.reading.opendocument.repeat_counts import style_ancestry
from reportgen.workbook.reading.opendocument.xml_names import STYLE
from reportgen.workbook.reading.raw_cells import StoredType
from reportgen.workbook.reading.rich_text import decode_runs, encode_run

if TYPE_CHECKING:
    from reportgen.workbook.reading.opendocument.xml_names import Xml
    from reportgen.workbook.reading.raw_cells import RawCell

CELL_FAMILY: Final = "table-cell"
STYLE_FAMILIES: Final = frozenset({CELL_FAMILY, "paragraph", "text"})
_LINES: Final = (f"{STYLE}text-line-through-style", f"{STYLE}text-line-through-type")
_SOME: Final = r"[0.]{0,9}[1-9][0-9.]{0,9}%"
_POSITION: Final = re.compile(rf"\s*(?:(super|\+?{_SOME})|(sub|-{_SOME}))")


class TextStyles:
    """The strokes of a workbook's styles, by family and name."""

    def __init__(self) -> None:
        self._stroke_by_style: dict[str, TextStyle] = {}
        self._parents: dict[str, str] = {}
        self._resolved: dict[str, TextStyle] = {}
        self._is_needed = False

    def add(self, family: str, style: Xml) -> None:
        """Register a style's parent, and whether it strikes through, raises or lowers text."""
        stroke = _text_style(style.find(f"{STYLE}text-properties"))
        key = f"{family} {style.get(f'{STYLE}name')}"
        self._stroke_by_style[key] = stroke
        self._parents[key] = f"{family} {style.get(f'{STYLE}parent-style-name')}"
        self._resolved.clear()
        self._is_needed = self._is_needed or bool(stroke.is_struck or stroke.shift)

    def of(self, family: str, name: str) -> TextStyle:
        """Return how a style strikes, raises or lowers text, its parents included.

        PLAIN_STYLE if it is unknown.
        """
        key = f"{family} {name}"
        if key not in self._resolved:
            stroke = PLAIN_STYLE
            for ancestor in style_ancestry(key, self._parents):
                stroke = stroke.within(self._stroke_by_style[ancestor])
            self._resolved[key] = stroke
        return self._resolved[key]

    def read(self, raw: RawCell, cell: Xml, style: str) -> RawCell:
        """Return a cell's content without struck text, its raised digits as superscripts.

        ``raw`` is the content as read so far, ``style`` the cell's style.
        """
        if not self._is_needed:
            return raw
        is_struck = bool(self.of(CELL_FAMILY, style).is_struck)
        if raw.stored is not StoredType.TEXT or raw.content != text_of(cell):
            return raw._replace(is_struck=is_struck)
        # As in Excel, a cell that is raised as a whole is read like any other.
        cell_stroke = TextStyle(is_struck, "")
        marked = "".join(
            encode_run(text, shift=stroke.shift or "", is_struck=bool(stroke.is_struck))
            for text, stroke in styled_pieces(cell, self.of, cell_stroke)
        )
        runs = decode_runs(marked)
        return raw._replace(
            content=escape_literal(runs.text),
            is_struck=runs.is_struck,
            struck_text=escape_literal(runs.struck_text),
        )


def _text_style(properties: Xml) -> TextStyle:
    """Return how a style's text properties strike, raise or lower letters.

    A property that it does not state is None, which leaves it to the surrounding style.
    """
    if properties is None:
        return PLAIN_STYLE
    lines = [line_style for line_style in map(properties.get, _LINES) if line_style is not None]
    position = properties.get(f"{STYLE}text-position")
    shift = None
    if position is not None:
        match = _POSITION.match(position)
        shift = "" if match is None else "superscript" if match[1] else "subscript"
    return TextStyle("none" not in lines if lines else None, shift)


__all__ = ["STYLE_FAMILIES", "TextStyles"]
