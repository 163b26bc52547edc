"""Numbering for ``ul`` and ``ol``: markers become Word's number formats.

Each list has a number of its own, so that it restarts; lists with the same markers share their
definition.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from reportgen.render.docx.ir import ListItem
from reportgen.render.docx.source import box_tree, supported_css
from reportgen.render.docx.source import computed_style as css
from reportgen.render.docx.write.wordml import add_child

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from reportgen.render.weasyprint_types import Box

BULLET = "bullet"
SUFFIXES = ".、,)） "
MAX_LEVEL = 8
MARKER_SLACK_PT = 3.0  # points: the marker's face in Word may be a little wider


class _Definition(NamedTuple):
    """The marker format of one level."""

    level: int
    format: str
    text: str
    left: int
    hang: int


@dataclass(slots=True, eq=False)
class ListNumbering:
    """The lists of one document; numbers count from 1."""

    definitions: dict[_Definition, int] = field(default_factory=dict)
    numbers: list[tuple[int, int, int]] = field(default_factory=list)  # definition, level, start
    _number_by_list: dict[int, int] = field(default_factory=dict)  # a list's box → its number

    def list_item(self, marker: Box, parent: Box | None, depth: int, left: float) -> ListItem:
        """Return the list position of an item; ``left``: the indent of its text in points."""
        level = min(max(depth, 0), MAX_LEVEL)
        hang = css.twips(
            min((box_tree.width(marker) or 0.0) + MARKER_SLACK_PT, max(left, MARKER_SLACK_PT))
        )
        if id(parent) not in self._number_by_list:
            self._number_by_list[id(parent)] = self._number(marker, level, css.twips(left), hang)
        return ListItem(self._number_by_list[id(parent)], level, hang)

    def _number(self, marker: Box, level: int, left: int, hang: int) -> int:
        marker_text = box_tree.all_text(marker).strip()
        format_ = supported_css.FORMATS.get(str(marker.style["list_style_type"]), BULLET)
        start, text = 1, marker_text
        if format_ != BULLET:
            number = marker_text.rstrip(SUFFIXES)
            start = int(number) if number.isdecimal() else 1
            text = f"%{level + 1}" + marker_text[len(number) :]
        definition = _Definition(level, format_, text, left, hang)
        definition_id = self.definitions.setdefault(definition, len(self.definitions))
        self.numbers.append((definition_id, level, start))
        return len(self.numbers)

    def write(self, numbering: Element) -> None:
        """Write everything below ``w:numbering``."""
        for definition, number in self.definitions.items():
            abstract = add_child(numbering, "abstractNum", abstractNumId=number)
            add_child(abstract, "multiLevelType", val="hybridMultilevel")
            level = add_child(abstract, "lvl", ilvl=definition.level)
            add_child(level, "start", val=1)
            add_child(level, "numFmt", val=definition.format)
            add_child(level, "lvlText", val=definition.text)
            add_child(level, "lvlJc", val="left")
            add_child(add_child(level, "pPr"), "ind", left=definition.left, hanging=definition.hang)
        for number, (definition_id, ilvl, start) in enumerate(self.numbers, 1):
            num = add_child(numbering, "num", numId=number)
            add_child(num, "abstractNumId", val=definition_id)
            add_child(add_child(num, "lvlOverride", ilvl=ilvl), "startOverride", val=start)
