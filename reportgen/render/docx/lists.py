"""Real numbering for ``ul`` and ``ol``: what a marker shows is turned into Word's number format.

A list gets a number of its own, so that it starts anew; lists whose markers look alike share
their definition.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from reportgen.render.docx import style as css
from reportgen.render.docx import support, tree
from reportgen.render.docx.story import Item
from reportgen.render.docx.wordml import w

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

BULLET = "bullet"
SUFFIXES = ".、,)） "
DEEPEST = 8
SLACK = 3.0  # points: the marker's face in Word may be a little wider


class _Definition(NamedTuple):
    """How one level's markers look."""

    level: int
    format: str
    text: str
    left: int
    hang: int


@dataclass(slots=True, eq=False)
class Lists:
    """The lists of one document; numbers count from 1."""

    definitions: dict[_Definition, int] = field(default_factory=dict)
    numbers: list[tuple[int, int, int]] = field(default_factory=list)  # definition, level, start
    _known: dict[int, int] = field(default_factory=dict)  # a list's box → its number

    def item(self, marker: Any, parent: Any, depth: int, left: float) -> Item:
        """The place of an item from its marker; ``left`` is the text's indent in points."""
        level = min(max(depth, 0), DEEPEST)
        hang = css.twips(min((tree.width(marker) or 0.0) + SLACK, max(left, SLACK)))
        if id(parent) not in self._known:
            self._known[id(parent)] = self._number(marker, level, css.twips(left), hang)
        return Item(self._known[id(parent)], level, hang)

    def _number(self, marker: Any, level: int, left: int, hang: int) -> int:
        shown = tree.all_text(marker).strip()
        format_ = support.FORMATS.get(str(marker.style["list_style_type"]), BULLET)
        start, text = 1, shown
        if format_ != BULLET:
            number = shown.rstrip(SUFFIXES)
            start = int(number) if number.isdecimal() else 1
            text = f"%{level + 1}" + shown[len(number) :]
        definition = _Definition(level, format_, text, left, hang)
        known = self.definitions.setdefault(definition, len(self.definitions))
        self.numbers.append((known, level, start))
        return len(self.numbers)

    def write(self, numbering: Element) -> None:
        """Write everything below ``w:numbering``."""
        for definition, number in self.definitions.items():
            abstract = w(numbering, "abstractNum", abstractNumId=number)
            w(abstract, "multiLevelType", val="hybridMultilevel")
            level = w(abstract, "lvl", ilvl=definition.level)
            w(level, "start", val=1)
            w(level, "numFmt", val=definition.format)
            w(level, "lvlText", val=definition.text)
            w(level, "lvlJc", val="left")
            w(w(level, "pPr"), "ind", left=definition.left, hanging=definition.hang)
        for number, (known, ilvl, start) in enumerate(self.numbers, 1):
            num = w(numbering, "num", numId=number)
            w(num, "abstractNumId", val=known)
            w(w(num, "lvlOverride", ilvl=ilvl), "startOverride", val=start)
