"""The formats of marks and of the list, added to the workbook's styles without changing others.

A mark is a conditional format (``dxf``), the list has cell formats (``xf``). A format that is
there already is reused, so that repeated annotation does not add more and more of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lxml import etree

from reportgen.problems import Severity
from reportgen.workbook.annotate.opc_package import default_namespace, elements, namespace_of
from reportgen.workbook.annotate.schema_order import find_or_insert, insert_in_schema_order

if TYPE_CHECKING:
    from reportgen.workbook.annotate.opc_package import Element, OpcPackage

_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
_FACE: Final = '<name val="微軟正黑體"/><family val="2"/>'

# Colour, pattern and edge, so that errors, warnings and notices differ on a grey print as well.
SEVERITY_FILLS: Final = {
    Severity.ERROR: ("solid", "FFFFB3B3", "FFFFB3B3"),  # some programs take the foreground
    Severity.WARNING: ("lightDown", "FFE0A800", "FFFFF3CD"),
    Severity.NOTICE: ("gray0625", "FF5B8DEF", "FFE3EEFC"),
}
SEVERITY_COLORS: Final = {
    Severity.ERROR: "FF9C0006",
    Severity.WARNING: "FF6B4E00",
    Severity.NOTICE: "FF1F3F77",
}
SEVERITY_BORDERS: Final = {
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

_DEFAULT_STYLES: Final = {
    "fonts": f'<font><sz val="11"/>{_FACE}</font>',
    "fills": "".join(f'<fill><patternFill patternType="{p}"/></fill>' for p in ("none", "gray125")),
    "borders": "<border><left/><right/><top/><bottom/><diagonal/></border>",
    "cellStyleXfs": '<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>',
    "cellXfs": '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>',
    "cellStyles": '<cellStyle name="Normal" xfId="0" builtinId="0"/>',
}


class CellStyles:
    """The workbook's styles, to which missing formats are added.

    The methods return the index of a format. ``workbook`` is the name of the workbook's part.
    """

    def __init__(self, parts: OpcPackage, workbook: str) -> None:
        self._parts = parts
        self._part = parts.related(workbook, "styles") or _add_default_styles(parts, workbook)
        self._root = parts.tree(self._part)
        self._space = namespace_of(self._root)
        self._index_cache: dict[tuple[str, str], int] = {}

    def mark(self, severity: Severity) -> int:
        """Return the ``dxfId`` of the format that marks cells of a severity, added if missing."""
        pattern, fore, back = SEVERITY_FILLS[severity]
        ink = SEVERITY_COLORS[severity]
        dxf = _DXF.format(
            space=self._space[1:-1],
            ink=ink,
            fill=_FILL.format(pattern, fore, back),
            edges=_border_xml(SEVERITY_BORDERS[severity], ink),
        )
        return self._index_of("dxfs", dxf)

    def title(self) -> int:
        """Return the format of the sheet's title: like those below, the ``s`` of a cell."""
        return self._format_index("title", '<alignment vertical="center"/>')

    def remark(self) -> int:
        """Return the format of the texts below the title."""
        return self._format_index("muted", '<alignment vertical="center" wrapText="1"/>')

    def heading(self) -> int:
        """Return the index of the cell format of the list's headings."""
        return self._format_index(
            "heading", _CENTRE, fill=_FILL.format("solid", *["FF1F4E5F"] * 2), boxed=True
        )

    def text(self) -> int:
        """Return the format of a text in the list."""
        return self._format_index("body", _LEFT, boxed=True)

    def centred(self) -> int:
        """Return the format of a code in the list."""
        return self._format_index("body", _CENTRE, boxed=True)

    def link(self) -> int:
        """Return the format of a cell name with a link."""
        return self._format_index("link", _CENTRE, boxed=True)

    def severity(self, severity: Severity) -> int:
        """Return the format of a severity's name, which is that of the cells marked so."""
        font = f'<b/><sz val="11"/><color rgb="{SEVERITY_COLORS[severity]}"/>{_FACE}'
        pattern, fore, back = SEVERITY_FILLS[severity]
        fill = _FILL.format(pattern, fore, back)
        return self._format_index(font, _CENTRE, fill=fill, boxed=True)

    def _format_index(
        self, font: str, alignment: str, *, fill: str = "", boxed: bool = False
    ) -> int:
        """Return the index of the cell format with these properties, added if missing.

        ``font`` is a name in FONTS, or XML as ``fill`` and ``alignment``; ``boxed``: with a border.
        """
        font_id = self._index_of("fonts", self._xml("font", FONTS.get(font, font)))
        fill_id = self._index_of("fills", self._xml("fill", fill)) if fill else 0
        border_id = (
            self._index_of("borders", self._xml("border", _border_xml("thin", "FFCBD5DB")))
            if boxed
            else 0
        )
        numbers = f'numFmtId="0" fontId="{font_id}" fillId="{fill_id}" borderId="{border_id}"'
        applied = 'applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1"'
        space = self._space[1:-1]
        style_reference = (
            "" if self._root.find(f"{self._space}cellStyleXfs") is None else 'xfId="0"'
        )
        xf = f'<xf xmlns="{space}" {numbers} {style_reference} {applied}>{alignment}</xf>'
        return self._index_of("cellXfs", xf)

    def _xml(self, name: str, inner: str) -> str:
        """Return the XML of an element in the namespace of the styles."""
        return f'<{name} xmlns="{self._space[1:-1]}">{inner}</{name}>'

    def _index_of(self, group: str, xml: str) -> int:
        """Return the index of an element in its group, added if missing; cached by its XML."""
        if (group, xml) not in self._index_cache:
            self._index_cache[group, xml] = self._find_or_add(group, etree.fromstring(xml))
        return self._index_cache[group, xml]

    def _find_or_add(self, group: str, wanted: Element) -> int:
        """Return the index of an element in its group, to which it is added if missing."""
        group_element = find_or_insert(self._root, group)
        wanted_content = _canonical(wanted)
        for number, element in enumerate(elements(group_element)):
            if _canonical(element) == wanted_content:
                return number
        group_element.append(wanted)
        count = len(list(elements(group_element)))
        group_element.set("count", str(count))
        self._parts.mark_changed(self._part)
        return count - 1


def _border_xml(style: str, ink: str) -> str:
    """Return the XML of a border of one style and colour on all four sides."""
    return "".join(_EDGE.format(side=side, style=style, ink=ink) for side in _SIDES)


def _canonical(element: Element) -> tuple[object, ...]:
    """Return the content of an element, regardless of prefixes and the order of attributes."""
    return (
        element.tag,
        tuple(sorted(map(tuple, element.items()))),
        (element.text or "").strip(),
        tuple(map(_canonical, elements(element))),
    )


def _add_default_styles(parts: OpcPackage, workbook: str) -> str:
    """Add the styles that Excel assumes for a workbook without any; return the new part's name."""
    part = "xl/styles.xml" if not parts.has("xl/styles.xml") else parts.free_name("xl/styles{}.xml")
    root = etree.Element(f"{{{parts.main}}}styleSheet", nsmap=default_namespace(parts.main))
    for name, inner in _DEFAULT_STYLES.items():
        insert_in_schema_order(
            root, etree.fromstring(f'<{name} xmlns="{parts.main}">{inner}</{name}>')
        )
    parts.add(part, root, _TYPE)
    parts.add_relation(workbook, f"{parts.office}/styles", part)
    return part
