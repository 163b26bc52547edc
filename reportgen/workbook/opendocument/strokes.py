"""Letters that are struck through, raised or lowered, by the styles of cells and texts.

What they mean is the matter of :mod:`reportgen.workbook.rich_text`, as it is of Excel's.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from reportgen.workbook.opendocument.counts import lineage
from reportgen.workbook.opendocument.names import STYLE
from reportgen.workbook.opendocument.texts import PLAIN, Stroke, as_typed, pieces_of, text_of
from reportgen.workbook.rich_text import mark_run, read_runs
from reportgen.workbook.spreadsheet import Stored

if TYPE_CHECKING:
    from reportgen.workbook.opendocument.names import Xml
    from reportgen.workbook.spreadsheet import RawCell

CELL: Final = "table-cell"
FAMILIES: Final = frozenset({CELL, "paragraph", "text"})
_LINES: Final = (f"{STYLE}text-line-through-style", f"{STYLE}text-line-through-type")
_SOME: Final = r"[0.]{0,9}[1-9][0-9.]{0,9}%"
_POSITION: Final = re.compile(rf"\s*(?:(super|\+?{_SOME})|(sub|-{_SOME}))")


class Strokes:
    """The strokes of a workbook's styles, by family and name."""

    def __init__(self) -> None:
        self._own: dict[str, Stroke] = {}
        self._parents: dict[str, str] = {}
        self._known: dict[str, Stroke] = {}
        self._is_needed = False

    def add(self, family: str, style: Xml) -> None:
        """Add a style."""
        own = _stroke(style.find(f"{STYLE}text-properties"))
        key = f"{family} {style.get(f'{STYLE}name')}"
        self._own[key] = own
        self._parents[key] = f"{family} {style.get(f'{STYLE}parent-style-name')}"
        self._known.clear()
        self._is_needed = self._is_needed or bool(own.is_struck or own.shift)

    def of(self, family: str, name: str) -> Stroke:
        """Return the stroke of a style, or of those that it is derived from."""
        key = f"{family} {name}"
        if key not in self._known:
            found = PLAIN
            for each in lineage(key, self._parents):
                found = found.within(self._own[each])
            self._known[key] = found
        return self._known[key]

    def read(self, raw: RawCell, cell: Xml, style: str) -> RawCell:
        """Return a cell with what is struck through in it, and its raised digits as such."""
        if not self._is_needed:
            return raw
        is_struck = bool(self.of(CELL, style).is_struck)
        if raw.stored is not Stored.TEXT or raw.content != text_of(cell):
            return raw._replace(is_struck=is_struck)
        whole = Stroke(is_struck, "")  # of a cell that is raised as a whole Excel's tells nothing
        marked = "".join(
            mark_run(words, shift=stroke.shift or "", is_struck=bool(stroke.is_struck))
            for words, stroke in pieces_of(cell, self.of, whole)
        )
        runs = read_runs(marked)
        return raw._replace(
            content=as_typed(runs.text),
            is_struck=runs.is_struck,
            left_out=as_typed(runs.left_out),
        )


def _stroke(looks: Xml) -> Stroke:
    if looks is None:
        return PLAIN
    lines = [each for each in map(looks.get, _LINES) if each is not None]
    position = looks.get(f"{STYLE}text-position")
    shift = None
    if position is not None:
        found = _POSITION.match(position)
        shift = "" if found is None else "superscript" if found[1] else "subscript"
    return Stroke("none" not in lines if lines else None, shift)


__all__ = ["FAMILIES", "Strokes"]
