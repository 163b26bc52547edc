"""The boxes of comments: shapes in a sheet's legacy drawing, which is VML.

A comment without its shape is lost when Excel saves. The shape names its cell by row and
column from 0 in ``x:ClientData``. Shape ids are unique in their part; Excel gives every
drawing its own blocks of 1,024 ids, named in ``o:idmap``. Rules: ECMA-376 part 4, 19.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from lxml import etree

from reportgen.problems import Severity
from reportgen.workbook.annotate.comment_anchor import Box
from reportgen.workbook.annotate.opc_package import MissingPartError, parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from reportgen.workbook.annotate.opc_package import Element

VML_NS: Final = "{urn:schemas-microsoft-com:vml}"
OFFICE_NS: Final = "{urn:schemas-microsoft-com:office:office}"
EXCEL_NS: Final = "{urn:schemas-microsoft-com:office:excel}"
BOX_COLORS: Final = {
    Severity.ERROR: "#fde2e2",
    Severity.WARNING: "#fff3cd",
    Severity.NOTICE: "#e3eefc",
}
_IDS_PER_BLOCK: Final = 1024
_ID: Final = re.compile(r"_s(\d{1,9})$")
_UNCLOSED: Final = re.compile(rb"<br\s*>(?!\s*</br)")
_EMPTY_DRAWING: Final = b"""<xml xmlns:v="urn:schemas-microsoft-com:vml"
 xmlns:o="urn:schemas-microsoft-com:office:office"
 xmlns:x="urn:schemas-microsoft-com:office:excel"
><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/></o:shapelayout></xml>"""
_TYPE: Final = """<v:shapetype xmlns:v="urn:schemas-microsoft-com:vml"
 xmlns:o="urn:schemas-microsoft-com:office:office" id="_x0000_t202" coordsize="21600,21600"
 o:spt="202" path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/>
<v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>"""
_SHAPE: Final = """<v:shape xmlns:v="urn:schemas-microsoft-com:vml"
 xmlns:o="urn:schemas-microsoft-com:office:office"
 xmlns:x="urn:schemas-microsoft-com:office:excel" id="_x0000_s{id}" type="#_x0000_t202"
 style="position:absolute;margin-left:60pt;margin-top:2pt;width:240pt;height:60pt;\
z-index:{order};visibility:hidden" fillcolor="{colour}" o:insetmode="auto">\
<v:fill color2="{colour}"/><v:shadow on="t" color="black" obscured="t"/>\
<v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto">\
<div style="text-align:left"/></v:textbox><x:ClientData ObjectType="Note"><x:MoveWithCells/>\
<x:SizeWithCells/><x:Anchor>{anchor}</x:Anchor><x:AutoFill>False</x:AutoFill>\
<x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"""


def parse_drawing(content: bytes, name: str) -> Element:
    """Return the root of a legacy drawing, in which Excel may leave ``<br>`` unclosed.

    Raises MissingPartError if it is no XML even so.
    """
    try:
        return parse(content, name)
    except MissingPartError:
        return parse(_UNCLOSED.sub(b"<br/>", content), name)


def new_drawing(block: int) -> Element:
    """Return a drawing without shapes that claims the block ``block`` of ids."""
    root = etree.fromstring(_EMPTY_DRAWING)
    for idmap in root.iter(f"{OFFICE_NS}idmap"):
        idmap.set("data", str(block))
    return root


def claimed_id_blocks(root: Element) -> set[int]:
    """Return the blocks of ids that a drawing claims."""
    ranges = ",".join(idmap.get("data", "") for idmap in root.iter(f"{OFFICE_NS}idmap"))
    return {int(number) for number in re.findall(r"\d{1,6}", ranges)}


def comment_shapes(root: Element) -> dict[tuple[int, int], Element]:
    """Return the shape of each cell with a comment, by row and column from 1."""
    return {cell: shape for shape in root.iter(f"{VML_NS}shape") if (cell := _cell_of(shape))}


def is_empty(root: Element) -> bool:
    """Return whether a drawing has no shapes."""
    other_tags = {f"{VML_NS}shapetype", f"{OFFICE_NS}shapelayout"}
    return all(child.tag in other_tags for child in root if isinstance(child.tag, str))


class NewNote(NamedTuple):
    """The box to be drawn for the comment of a cell (from 1)."""

    row: int
    column: int
    severity: Severity
    box: Box


def add_boxes(root: Element, boxes: Sequence[NewNote]) -> None:
    """Add hidden comment boxes to a drawing, with new ids, and claim the blocks of these ids."""
    if boxes and not any(
        shape_type.get("id") == "_x0000_t202" for shape_type in root.iter(f"{VML_NS}shapetype")
    ):
        root.append(etree.fromstring(_TYPE))
    claimed_blocks = claimed_id_blocks(root)
    used_ids = set(_shape_ids(root))
    first_id = max(used_ids | {min(claimed_blocks, default=1) * _IDS_PER_BLOCK}) + 1
    for shape_id, note in enumerate(boxes, first_id):
        shape = _SHAPE.format(
            id=shape_id,
            order=len(used_ids) + shape_id - first_id + 1,
            colour=BOX_COLORS[note.severity],
            anchor=", ".join(map(str, note.box)),
            row=note.row - 1,
            column=note.column - 1,
        )
        root.append(etree.fromstring(shape))
        claimed_blocks.add(shape_id // _IDS_PER_BLOCK)
    for idmap in root.iter(f"{OFFICE_NS}idmap"):
        idmap.set("data", ",".join(map(str, sorted(claimed_blocks))))


def box_of(shape: Element) -> Box | None:
    """Return the position of a shape, or None if it states none."""
    anchor = shape.find(f"{EXCEL_NS}ClientData/{EXCEL_NS}Anchor")
    numbers = re.findall(r"-?\d{1,7}", (anchor.text or "") if anchor is not None else "")
    return Box(*(max(int(number), 0) for number in numbers)) if len(numbers) == 8 else None


def set_box(shape: Element, box: Box) -> None:
    """Set the position of a shape; one that states none is left as it is."""
    anchor = shape.find(f"{EXCEL_NS}ClientData/{EXCEL_NS}Anchor")
    if anchor is not None:
        anchor.text = ", ".join(map(str, box))


def _cell_of(shape: Element) -> tuple[int, int] | None:
    """Return the cell of a comment's shape, or None for any other shape."""
    data = shape.find(f"{EXCEL_NS}ClientData")
    if data is None or data.get("ObjectType") != "Note":
        return None
    row, column = data.findtext(f"{EXCEL_NS}Row", ""), data.findtext(f"{EXCEL_NS}Column", "")
    return (int(row) + 1, int(column) + 1) if row.isdecimal() and column.isdecimal() else None


def _shape_ids(root: Element) -> Iterator[int]:
    """Yield the numbers in the ids of the shapes."""
    shapes: Iterable[Element] = root.iter(f"{VML_NS}shape")
    return (int(match[1]) for shape in shapes if (match := _ID.search(shape.get("id", ""))))
