"""The boxes of notes: shapes in a sheet's legacy drawing, which is VML.

A note without its shape is lost when Excel saves. The shape names its cell by row and
column from 0 in ``x:ClientData``. Shape ids are unique in their part; Excel gives every
drawing its own blocks of 1,024 ids, named in ``o:idmap``. Rules: ECMA-376 part 4, 19.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from lxml import etree

from reportgen.problems import Severity
from reportgen.workbook.annotate.geometry import Box
from reportgen.workbook.annotate.parts import MissingPartError, parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from reportgen.workbook.annotate.parts import Element

V: Final = "{urn:schemas-microsoft-com:vml}"
OFFICE: Final = "{urn:schemas-microsoft-com:office:office}"
X: Final = "{urn:schemas-microsoft-com:office:excel}"
COLOURS: Final = {
    Severity.ERROR: "#fde2e2",
    Severity.WARNING: "#fff3cd",
    Severity.NOTICE: "#e3eefc",
}
_BLOCK: Final = 1024
_ID: Final = re.compile(r"_s(\d{1,9})$")
_UNCLOSED: Final = re.compile(rb"<br\s*>(?!\s*</br)")
_NEW: Final = b"""<xml xmlns:v="urn:schemas-microsoft-com:vml"
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


def read(content: bytes, name: str) -> Element:
    """A legacy drawing; Excel leaves ``<br>`` open in some. Raises MissingPartError."""
    try:
        return parse(content, name)
    except MissingPartError:
        return parse(_UNCLOSED.sub(b"<br/>", content), name)


def new(block: int) -> Element:
    """A drawing without shapes, with a block of ids of its own."""
    root = etree.fromstring(_NEW)
    for each in root.iter(f"{OFFICE}idmap"):
        each.set("data", str(block))
    return root


def blocks(root: Element) -> set[int]:
    """The blocks of ids that a drawing says are its own."""
    found = ",".join(each.get("data", "") for each in root.iter(f"{OFFICE}idmap"))
    return {int(number) for number in re.findall(r"\d{1,6}", found)}


def notes(root: Element) -> dict[tuple[int, int], Element]:
    """The shape of each cell with a note, by row and column from 1."""
    return {place: shape for shape in root.iter(f"{V}shape") if (place := _place(shape))}


def is_empty(root: Element) -> bool:
    """Whether nothing is drawn."""
    drawn = {f"{V}shapetype", f"{OFFICE}shapelayout"}
    return all(each.tag in drawn for each in root if isinstance(each.tag, str))


class NewNote(NamedTuple):
    """The box to be drawn for the note of a cell (from 1)."""

    row: int
    column: int
    severity: Severity
    box: Box


def add(root: Element, boxes: Sequence[NewNote]) -> None:
    """Draw hidden boxes."""
    if boxes and not any(each.get("id") == "_x0000_t202" for each in root.iter(f"{V}shapetype")):
        root.append(etree.fromstring(_TYPE))
    taken = blocks(root)
    used = set(_ids(root))
    first = max(used | {min(taken, default=1) * _BLOCK}) + 1
    for identity, each in enumerate(boxes, first):
        shape = _SHAPE.format(
            id=identity,
            order=len(used) + identity - first + 1,
            colour=COLOURS[each.severity],
            anchor=", ".join(map(str, each.box)),
            row=each.row - 1,
            column=each.column - 1,
        )
        root.append(etree.fromstring(shape))
        taken.add(identity // _BLOCK)
    for idmap in root.iter(f"{OFFICE}idmap"):
        idmap.set("data", ",".join(map(str, sorted(taken))))


def box_of(shape: Element) -> Box | None:
    """Where a shape lies; None where it does not say."""
    anchor = shape.find(f"{X}ClientData/{X}Anchor")
    numbers = re.findall(r"-?\d{1,7}", (anchor.text or "") if anchor is not None else "")
    return Box(*(max(int(each), 0) for each in numbers)) if len(numbers) == 8 else None


def move(shape: Element, box: Box) -> None:
    """Let a shape lie there."""
    anchor = shape.find(f"{X}ClientData/{X}Anchor")
    if anchor is not None:
        anchor.text = ", ".join(map(str, box))


def _place(shape: Element) -> tuple[int, int] | None:
    data = shape.find(f"{X}ClientData")
    if data is None or data.get("ObjectType") != "Note":
        return None
    row, column = data.findtext(f"{X}Row", ""), data.findtext(f"{X}Column", "")
    return (int(row) + 1, int(column) + 1) if row.isdecimal() and column.isdecimal() else None


def _ids(root: Element) -> Iterator[int]:
    shapes: Iterable[Element] = root.iter(f"{V}shape")
    return (int(found[1]) for each in shapes if (found := _ID.search(each.get("id", ""))))
