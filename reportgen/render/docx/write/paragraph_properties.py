"""Paragraph and run properties, written as differences from a style.

The order of elements is the schema's: Word refuses any other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.render.docx.source.computed_style import BoxSides, Edge, Font
from reportgen.render.docx.write.wordml import add_child, add_flag, qualified_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml.etree import _Element as Element

    from reportgen.render.docx.ir import ListItem, ParagraphFormat

CUSTOM = qualified_name("customStyle")
WORD_DEFAULT_FONT = Font(latin="", cjk="", size=0)  # Word's font if a document declares none
SIDE_ORDER = ("top", "left", "bottom", "right")  # the schema's, of every four sides


def write_paragraph_format(
    properties: Element,
    look: ParagraphFormat,
    base: ParagraphFormat,
    *,
    page_break: bool = False,
    item: ListItem | None = None,
    tabs: tuple[tuple[str, int], ...] = (),
) -> None:
    """Append to ``w:pPr`` what of ``look`` differs from ``base``, the formatting of the style.

    Page break, list position and tab stops (alignment, position in twips) are no part of a style.
    """
    _write_flags(properties, look, base, page_break=page_break)
    if item is not None:
        numbering = add_child(properties, "numPr")
        add_child(numbering, "ilvl", val=item.level)
        add_child(numbering, "numId", val=item.number)
    _write_frame(properties, look, base)
    if tabs:
        stops = add_child(properties, "tabs")
        for align, position in tabs:
            add_child(stops, "tab", val=align, pos=position)
    _write_spacing(properties, look, base)
    _write_indent(properties, look, base)
    if look.align != base.align:
        add_child(properties, "jc", val=look.align)


def _write_flags(
    properties: Element, look: ParagraphFormat, base: ParagraphFormat, *, page_break: bool
) -> None:
    """Append the on/off properties of paging that differ from ``base``, and the page break."""
    for flag, local in (("keep_next", "keepNext"), ("keep_lines", "keepLines")):
        if getattr(look, flag) != getattr(base, flag):
            add_flag(properties, local, on=getattr(look, flag))
    if page_break:
        add_flag(properties, "pageBreakBefore", on=True)
    if look.widows != base.widows:
        add_flag(properties, "widowControl", on=look.widows)


def _write_frame(properties: Element, look: ParagraphFormat, base: ParagraphFormat) -> None:
    """Append the four borders if any differs from ``base``, and the background if it differs."""
    if (look.borders, look.spaces) != (base.borders, base.spaces):
        frame = add_child(properties, "pBdr")
        spaces = look.spaces or BoxSides(0, 0, 0, 0)
        for side in SIDE_ORDER:
            line = getattr(look.borders, side) if look.borders else None
            write_edge(frame, side, line, space=getattr(spaces, side))
    if look.shade != base.shade:
        write_shade(properties, look.shade)


def _write_spacing(properties: Element, look: ParagraphFormat, base: ParagraphFormat) -> None:
    """Append the space before and after and the line spacing, as far as they differ."""
    attributes = _differences(look, base, ("before", "after"))
    if look.line != base.line:
        attributes["line"] = look.line.value if look.line else 240
        attributes["lineRule"] = look.line.rule if look.line else "auto"
    if attributes:
        add_child(properties, "spacing", **attributes)


def _write_indent(properties: Element, look: ParagraphFormat, base: ParagraphFormat) -> None:
    """Append the indents that differ from ``base``; that of the first line may hang."""
    attributes = _differences(look, base, ("left", "right"))
    if look.first != base.first:
        attributes["hanging" if look.first < 0 else "firstLine"] = abs(look.first)
    if attributes:
        add_child(properties, "ind", **attributes)


def _differences(
    look: ParagraphFormat, base: ParagraphFormat, names: tuple[str, ...]
) -> dict[str, str | int]:
    """Return those of the named values that differ from ``base``, by name."""
    return {
        name: getattr(look, name) for name in names if getattr(look, name) != getattr(base, name)
    }


def write_edge(parent: Element, side: str, line: Edge | None, *, space: int = 0) -> None:
    """Append the border of a ``side`` to its parent; None is an explicit "no border".

    ``space`` is between border and text, in points.
    """
    if line is None:
        add_child(parent, side, val="nil")
    else:
        add_child(parent, side, val=line.style, sz=line.width, space=space, color=line.color)


def write_font(
    parent: Element, font: Font, base: Font, *, hint: bool = False, style: str = ""
) -> None:
    """Append ``w:rPr`` with what of ``font`` differs from ``base``; nothing if they are equal.

    ``style`` is the id of the character style that makes ``base`` of the paragraph's font; ``hint``
    makes Word use the East-Asian face for ambiguous characters.
    """
    if font == base and not hint and not style:
        return
    properties = add_child(parent, "rPr")
    if style:
        add_child(properties, "rStyle", val=style)
    _write_faces(properties, font, base, hint=hint)
    for attribute, local in (("bold", "b"), ("italic", "i")):
        on = getattr(font, attribute)
        if on != getattr(base, attribute):
            add_flag(properties, local, on=on)
            add_flag(properties, local + "Cs", on=on)
    for attribute, write in _RUN_PROPERTIES:
        value = getattr(font, attribute)
        if value != getattr(base, attribute):
            write(properties, value)


def _write_faces(properties: Element, font: Font, base: Font, *, hint: bool) -> None:
    """Append the faces that differ from ``base``, and the East-Asian hint if ``hint`` is set."""
    faces = {}
    if font.latin != base.latin:
        faces = {"ascii": font.latin, "hAnsi": font.latin, "cs": font.latin}
    if font.cjk != base.cjk:
        faces["eastAsia"] = font.cjk
    if hint:
        faces["hint"] = "eastAsia"
    if faces:
        add_child(properties, "rFonts", **faces)


def _write_size(properties: Element, size: int) -> None:
    """Append the font size in half-points."""
    add_child(properties, "sz", val=size)
    add_child(properties, "szCs", val=size)


def write_shade(properties: Element, shade: str) -> None:
    """Append a background as ``RRGGBB``; "" removes the style's."""
    add_child(properties, "shd", val="clear", color="auto", fill=shade or "auto")


# In the schema's order.
_RUN_PROPERTIES: tuple[tuple[str, Callable[[Element, object], object]], ...] = (
    ("small_caps", lambda p, value: add_flag(p, "smallCaps", on=bool(value))),
    ("strike", lambda p, value: add_flag(p, "strike", on=bool(value))),
    ("color", lambda p, value: add_child(p, "color", val=str(value))),
    ("spacing", lambda p, value: add_child(p, "spacing", val=str(value))),
    ("position", lambda p, value: add_child(p, "position", val=str(value))),
    ("size", lambda p, value: _write_size(p, int(str(value)))),
    ("underline", lambda p, value: add_child(p, "u", val=str(value) or "none")),
    ("border", lambda p, value: write_edge(p, "bdr", value if isinstance(value, Edge) else None)),
    ("shade", lambda p, value: write_shade(p, str(value))),
)
