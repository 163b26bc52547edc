"""Numbering for ``ul`` and ``ol``: markers become Word's number formats.

Each list has a number of its own, so that it restarts; lists with the same markers share their
definition.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from math import inf
from typing import TYPE_CHECKING, NamedTuple

from weasyprint.css.counters import CounterStyle
from weasyprint.html import UA_COUNTER_STYLE

from reportgen.render.docx.ir import ListItem
from reportgen.render.docx.source import box_tree, supported_css
from reportgen.render.docx.source import computed_style as css
from reportgen.render.docx.write.wordml import add_child
from reportgen.render.layout.list_counters import LARGEST_NUMERAL, counter_styles

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from reportgen.render.weasyprint_types import Box

BULLET = "bullet"
SUFFIXES = ".、,)） "
MAX_LEVEL = 8
MAX_TRIED_NUMBER = 999
# Word's number format → the numbers, to before the last, that it writes as CSS does.
_SAME_AS_CSS = {
    **dict.fromkeys(("decimal", "decimalZero"), (0, inf)),
    **dict.fromkeys(("lowerLetter", "upperLetter"), (1, 27)),
    **dict.fromkeys(("lowerRoman", "upperRoman"), (1, 4000)),
    "ideographTraditional": (1, 11),
    "ideographZodiac": (1, 13),
    **dict.fromkeys(
        ("taiwaneseCountingThousand", "ideographLegalTraditional"), (1, LARGEST_NUMERAL + 1)
    ),
}
MARKER_SLACK_PT = 3.0  # points: the marker's face in Word may be a little wider


class _Definition(NamedTuple):
    """The marker format of one level."""

    level: int
    format: str
    text: str
    left: int
    hang: int


class _Position(NamedTuple):
    """Where a list is: the number of its latest part, and of its last item (bullets: 0)."""

    number: int
    definition: _Definition
    last: int


@dataclass(slots=True, eq=False)
class ListNumbering:
    """The lists of one document; numbers count from 1."""

    definitions: dict[_Definition, int] = field(default_factory=dict)
    numbers: list[tuple[int, int, int]] = field(default_factory=list)  # definition, level, start
    _positions: dict[int, _Position] = field(default_factory=dict)  # by a list's box

    def list_item(self, marker: Box, parent: Box | None, depth: int, left: float) -> ListItem:
        """Return the list position of an item; ``left``: the indent of its text in points.

        An item that does not continue the count, or whose marker Word would write otherwise,
        begins a list of its own in Word. ``parent`` is the list's box and ``depth`` its nesting
        from 0; beyond Word's deepest level it is that. Items must be asked for in document order.
        """
        level = min(max(depth, 0), MAX_LEVEL)
        hang = css.twips(
            min((box_tree.width(marker) or 0.0) + MARKER_SLACK_PT, max(left, MARKER_SLACK_PT))
        )
        before = self._positions.get(id(parent))
        format_, text, number = _parse_marker(marker, level, before.last + 1 if before else 1)
        definition = _Definition(level, format_, text, css.twips(left), hang)
        if before is not None:  # the markers of a list share its indent, that of the first one
            definition = before.definition._replace(format=format_, text=text)
        goes_on = before is not None and number in (0, before.last + 1)
        if before is None or not goes_on or before.definition != definition:
            before = _Position(self._add_list(definition, number), definition, number)
        self._positions[id(parent)] = before._replace(last=number)
        return ListItem(before.number, level, definition.hang)

    def _add_list(self, definition: _Definition, start: int) -> int:
        """Record a list that starts at ``start`` (0: at 1), and return its number in Word."""
        definition_id = self.definitions.setdefault(definition, len(self.definitions))
        self.numbers.append((definition_id, definition.level, start or 1))
        return len(self.numbers)

    def write(self, numbering: Element) -> None:
        """Append all definitions, then all lists, to ``w:numbering``, in the order of their ids."""
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


def _parse_marker(marker: Box, level: int, likely: int) -> tuple[str, str, int]:
    """Return (Word's number format, level text, number) of a marker; a bullet's number is 0.

    A marker that Word cannot count is a bullet with the marker's text. ``likely`` is the number
    that is tried first. Level texts have ``%1``-``%9`` in place of the number.
    """
    text = box_tree.all_text(marker).strip()
    style = str(marker.style["list_style_type"])
    digits = text.rstrip(SUFFIXES)
    number = marker_number(style, digits, likely)
    if number is None:
        return BULLET, text, 0
    return supported_css.FORMATS[style], f"%{level + 1}{text[len(digits) :]}", number


def marker_number(style: str, text: str, likely: int) -> int | None:
    """Return the number, up to 999, that a ``list-style-type`` and Word write as a text.

    ``likely`` is tried first and may be larger; then the smallest number counts. It is None for
    styles that Word lacks, and if there is no such number that Word writes alike.
    """
    if style not in supported_css.FORMATS:
        return None
    first, end = _SAME_AS_CSS[supported_css.FORMATS[style]]
    return next(
        (
            number
            for number in (likely, *range(MAX_TRIED_NUMBER + 1))
            if first <= number < end and _counter_styles().render_value(number, style) == text
        ),
        None,
    )


@cache
def _counter_styles() -> CounterStyle:
    """Return the counter styles of the layout: WeasyPrint's own and Taiwan's; cached."""
    return CounterStyle({**UA_COUNTER_STYLE, **counter_styles()})
