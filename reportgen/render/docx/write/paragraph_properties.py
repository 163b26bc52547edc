"""Paragraph and run properties, written as differences from a style.

The order of elements is the schema's: Word refuses any other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.render.docx.source.computed_style import Edge, Font, Sides
from reportgen.render.docx.write.wordml import flag, name, w

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml.etree import _Element as Element

    from reportgen.render.docx.ir import Item, Look

CUSTOM = name("customStyle")
BARE = Font(latin="", cjk="", size=0)  # Word's font if a document declares none
ORDER = ("top", "left", "bottom", "right")  # the schema's, of every four sides


def write_look(
    properties: Element,
    look: Look,
    base: Look,
    *,
    page_break: bool = False,
    item: Item | None = None,
    tabs: tuple[tuple[str, int], ...] = (),
) -> None:
    """Append to ``w:pPr`` what ``look`` has and ``base`` has not."""
    _flags(properties, look, base, page_break=page_break)
    if item is not None:
        numbering = w(properties, "numPr")
        w(numbering, "ilvl", val=item.level)
        w(numbering, "numId", val=item.number)
    _frame(properties, look, base)
    if tabs:
        stops = w(properties, "tabs")
        for align, position in tabs:
            w(stops, "tab", val=align, pos=position)
    _spacing(properties, look, base)
    _indent(properties, look, base)
    if look.align != base.align:
        w(properties, "jc", val=look.align)


def _flags(properties: Element, look: Look, base: Look, *, page_break: bool) -> None:
    if look.keep_next != base.keep_next:
        flag(properties, "keepNext", on=look.keep_next)
    if look.keep_lines != base.keep_lines:
        flag(properties, "keepLines", on=look.keep_lines)
    if page_break:
        flag(properties, "pageBreakBefore", on=True)
    if look.widows != base.widows:
        flag(properties, "widowControl", on=look.widows)


def _frame(properties: Element, look: Look, base: Look) -> None:
    if (look.borders, look.spaces) != (base.borders, base.spaces):
        frame = w(properties, "pBdr")
        spaces = look.spaces or Sides(0, 0, 0, 0)
        for side in ORDER:
            line = getattr(look.borders, side) if look.borders else None
            write_edge(frame, side, line, space=getattr(spaces, side))
    if look.shade != base.shade:
        w(properties, "shd", val="clear", color="auto", fill=look.shade or "auto")


def _spacing(properties: Element, look: Look, base: Look) -> None:
    attributes: dict[str, str | int] = {}
    if look.before != base.before:
        attributes["before"] = look.before
    if look.after != base.after:
        attributes["after"] = look.after
    if look.line != base.line:
        attributes["line"] = look.line.value if look.line else 240
        attributes["lineRule"] = look.line.rule if look.line else "auto"
    if attributes:
        w(properties, "spacing", **attributes)


def _indent(properties: Element, look: Look, base: Look) -> None:
    attributes: dict[str, str | int] = {}
    if look.left != base.left:
        attributes["left"] = look.left
    if look.right != base.right:
        attributes["right"] = look.right
    if look.first != base.first:
        attributes["hanging" if look.first < 0 else "firstLine"] = abs(look.first)
    if attributes:
        w(properties, "ind", **attributes)


def write_edge(parent: Element, side: str, line: Edge | None, *, space: int = 0) -> None:
    """Append one border."""
    if line is None:
        w(parent, side, val="nil")
    else:
        w(parent, side, val=line.style, sz=line.width, space=space, color=line.color)


def write_font(parent: Element, font: Font, base: Font, *, hint: bool = False) -> None:
    """Append ``w:rPr`` with what ``font`` has and ``base`` has not; nothing if they are equal."""
    if font == base and not hint:
        return
    properties = w(parent, "rPr")
    _faces(properties, font, base, hint=hint)
    for attribute, local in (("bold", "b"), ("italic", "i")):
        on = getattr(font, attribute)
        if on != getattr(base, attribute):
            flag(properties, local, on=on)
            flag(properties, local + "Cs", on=on)
    for attribute, write in _RUN_PROPERTIES:
        value = getattr(font, attribute)
        if value != getattr(base, attribute):
            write(properties, value)


def _faces(properties: Element, font: Font, base: Font, *, hint: bool) -> None:
    faces = {}
    if font.latin != base.latin:
        faces = {"ascii": font.latin, "hAnsi": font.latin, "cs": font.latin}
    if font.cjk != base.cjk:
        faces["eastAsia"] = font.cjk
    if hint:
        faces["hint"] = "eastAsia"
    if faces:
        w(properties, "rFonts", **faces)


def _size(properties: Element, size: int) -> None:
    w(properties, "sz", val=size)
    w(properties, "szCs", val=size)


def _border(properties: Element, line: Edge | None) -> None:
    if line is None:
        w(properties, "bdr", val="nil")
    else:
        w(properties, "bdr", val=line.style, sz=line.width, space=0, color=line.color)


def _shade(properties: Element, shade: str) -> None:
    w(properties, "shd", val="clear", color="auto", fill=shade or "auto")


# In the schema's order.
_RUN_PROPERTIES: tuple[tuple[str, Callable[[Element, object], object]], ...] = (
    ("small_caps", lambda p, value: flag(p, "smallCaps", on=bool(value))),
    ("strike", lambda p, value: flag(p, "strike", on=bool(value))),
    ("color", lambda p, value: w(p, "color", val=str(value))),
    ("spacing", lambda p, value: w(p, "spacing", val=str(value))),
    ("position", lambda p, value: w(p, "position", val=str(value))),
    ("size", lambda p, value: _size(p, int(str(value)))),
    ("underline", lambda p, value: w(p, "u", val=str(value) or "none")),
    ("border", lambda p, value: _border(p, value if isinstance(value, Edge) else None)),
    ("shade", lambda p, value: _shade(p, str(value))),
    ("shift", lambda p, value: w(p, "vertAlign", val=str(value) or "baseline")),
)
