"""The looks of marks and of the list, added to the workbook's styles; nothing there is changed.

A mark is a conditional look (``dxf``), the list has cell formats (``xf``). One that is there
already is used again, so that looks do not pile up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lxml import etree

from reportgen.problems import Severity
from reportgen.workbook.annotate.order import having, insert
from reportgen.workbook.annotate.parts import elements, plain, space_of

if TYPE_CHECKING:
    from reportgen.workbook.annotate.parts import Element, Parts

_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
_FACE: Final = '<name val="微軟正黑體"/><family val="2"/>'

# Colour, pattern and edge, so that errors, warnings and notices differ on a grey print as well.
FILLS: Final = {
    Severity.ERROR: ("solid", "FFFFB3B3", "FFFFB3B3"),  # the same, for some take the fore one
    Severity.WARNING: ("lightDown", "FFE0A800", "FFFFF3CD"),
    Severity.NOTICE: ("gray0625", "FF5B8DEF", "FFE3EEFC"),
}
INKS: Final = {
    Severity.ERROR: "FF9C0006",
    Severity.WARNING: "FF6B4E00",
    Severity.NOTICE: "FF1F3F77",
}
EDGES: Final = {
    Severity.ERROR: "thin",
    Severity.WARNING: "dashed",
    Severity.NOTICE: "dotted",
}
_DXF: Final = (
    '<dxf xmlns="{space}"><font><color rgb="{ink}"/></font><fill>{fill}</fill>'
    "<border>{edges}</border></dxf>"
)
_FILL: Final = '<patternFill patternType="{}"><fgColor rgb="{}"/><bgColor rgb="{}"/></patternFill>'
_SIDES: Final = ("left", "right", "top", "bottom")
_EDGE: Final = '<{side} style="{style}"><color rgb="{ink}"/></{side}>'

FONTS: Final = {
    "title": f'<b/><sz val="16"/><color rgb="FF1F4E5F"/>{_FACE}',
    "heading": f'<b/><sz val="11"/><color rgb="FFFFFFFF"/>{_FACE}',
    "body": f'<sz val="11"/><color rgb="FF1F2933"/>{_FACE}',
    "muted": f'<sz val="10"/><color rgb="FF6B7280"/>{_FACE}',
    "link": f'<u/><sz val="11"/><color rgb="FF1F4E5F"/>{_FACE}',
}
_LEFT: Final = '<alignment horizontal="left" vertical="center" wrapText="1" indent="1"/>'
_CENTRE: Final = '<alignment horizontal="center" vertical="center" wrapText="1"/>'

_BARE: Final = {
    "fonts": f'<font><sz val="11"/>{_FACE}</font>',
    "fills": "".join(f'<fill><patternFill patternType="{p}"/></fill>' for p in ("none", "gray125")),
    "borders": "<border><left/><right/><top/><bottom/><diagonal/></border>",
    "cellStyleXfs": '<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>',
    "cellXfs": '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>',
    "cellStyles": '<cellStyle name="Normal" xfId="0" builtinId="0"/>',
}


class Looks:
    """The workbook's styles, and the numbers of what is added to them."""

    def __init__(self, parts: Parts, workbook: str) -> None:
        self._parts = parts
        self._part = parts.related(workbook, "styles") or _new(parts, workbook)
        self._root = parts.tree(self._part)
        self._space = space_of(self._root)
        self._known: dict[tuple[str, str], int] = {}

    def mark(self, severity: Severity) -> int:
        """The conditional look of a marked cell: its ``dxfId``."""
        pattern, fore, back = FILLS[severity]
        ink = INKS[severity]
        look = _DXF.format(
            space=self._space[1:-1],
            ink=ink,
            fill=_FILL.format(pattern, fore, back),
            edges=_edges(EDGES[severity], ink),
        )
        return self._number("dxfs", look)

    def title(self) -> int:
        """The format of the sheet's title; like those below, a cell's ``s``."""
        return self._format("title", '<alignment vertical="center"/>')

    def remark(self) -> int:
        """Of the words below the title."""
        return self._format("muted", '<alignment vertical="center" wrapText="1"/>')

    def heading(self) -> int:
        """Of the list's headings."""
        return self._format(
            "heading", _CENTRE, fill=_FILL.format("solid", *["FF1F4E5F"] * 2), boxed=True
        )

    def text(self) -> int:
        """Of a text in the list."""
        return self._format("body", _LEFT, boxed=True)

    def centred(self) -> int:
        """Of a code in the list."""
        return self._format("body", _CENTRE, boxed=True)

    def link(self) -> int:
        """Of a cell's name that leads there."""
        return self._format("link", _CENTRE, boxed=True)

    def severity(self, severity: Severity) -> int:
        """Of the word for a severity: it looks like the cells that are marked so."""
        font = f'<b/><sz val="11"/><color rgb="{INKS[severity]}"/>{_FACE}'
        pattern, fore, back = FILLS[severity]
        fill = _FILL.format(pattern, fore, back)
        return self._format(font, _CENTRE, fill=fill, boxed=True)

    def _format(self, font: str, alignment: str, *, fill: str = "", boxed: bool = False) -> int:
        font_id = self._number("fonts", self._xml("font", FONTS.get(font, font)))
        fill_id = self._number("fills", self._xml("fill", fill)) if fill else 0
        border_id = (
            self._number("borders", self._xml("border", _edges("thin", "FFCBD5DB"))) if boxed else 0
        )
        numbers = f'numFmtId="0" fontId="{font_id}" fillId="{fill_id}" borderId="{border_id}"'
        applied = 'applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1"'
        space = self._space[1:-1]
        named = "" if self._root.find(f"{self._space}cellStyleXfs") is None else 'xfId="0"'
        xf = f'<xf xmlns="{space}" {numbers} {named} {applied}>{alignment}</xf>'
        return self._number("cellXfs", xf)

    def _xml(self, name: str, inner: str) -> str:
        return f'<{name} xmlns="{self._space[1:-1]}">{inner}</{name}>'

    def _number(self, group: str, xml: str) -> int:
        """The place of an element in its group, where it is put if it is not there."""
        if (group, xml) not in self._known:
            self._known[group, xml] = self._placed(group, etree.fromstring(xml))
        return self._known[group, xml]

    def _placed(self, group: str, wanted: Element) -> int:
        listed = having(self._root, group)
        shape = _shape(wanted)
        for number, each in enumerate(elements(listed)):
            if _shape(each) == shape:
                return number
        listed.append(wanted)
        count = len(list(elements(listed)))
        listed.set("count", str(count))
        self._parts.touch(self._part)
        return count - 1


def _edges(style: str, ink: str) -> str:
    return "".join(_EDGE.format(side=side, style=style, ink=ink) for side in _SIDES)


def _shape(element: Element) -> tuple[object, ...]:
    """What an element says, whatever its prefixes and the order of its attributes."""
    return (
        element.tag,
        tuple(sorted(map(tuple, element.items()))),
        (element.text or "").strip(),
        tuple(map(_shape, elements(element))),
    )


def _new(parts: Parts, workbook: str) -> str:
    """Styles for a workbook that has none: what Excel takes for granted then."""
    part = "xl/styles.xml" if not parts.has("xl/styles.xml") else parts.free_name("xl/styles{}.xml")
    root = etree.Element(f"{{{parts.main}}}styleSheet", nsmap=plain(parts.main))
    for name, inner in _BARE.items():
        insert(root, etree.fromstring(f'<{name} xmlns="{parts.main}">{inner}</{name}>'))
    parts.add(part, root, _TYPE)
    parts.relate(workbook, f"{parts.office}/styles", part)
    return part
