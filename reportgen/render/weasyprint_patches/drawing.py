"""Patches of drawing and of PDF serialization."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pydyf
from weasyprint.draw import border
from weasyprint.layout import background

from reportgen.render.layout.colors import paints_background
from reportgen.render.layout.memoize import memoize_per_style

if TYPE_CHECKING:
    from collections.abc import Callable

    from weasyprint.pdf.stream import Stream

    from reportgen.render.weasyprint_types import Box, PageBox, Style

_draw_line = border.draw_line
_layout_box_backgrounds = background.layout_box_backgrounds
_to_bytes = pydyf._to_bytes


def layout_box_backgrounds(
    page: PageBox,
    box: Box,
    get_image: Callable[..., object],
    layout_children: bool = True,
    style: Style | None = None,
) -> None:
    """Set the background of a box and of all within it, None for boxes that paint nothing.

    Whether a style paints anything is cached with it. Calls for a page, for another style or
    without children are left to the original.
    """
    if style is not None or not layout_children or box is page:
        _layout_box_backgrounds(page, box, get_image, layout_children, style)
        return
    if not _is_unpainted(box.style):
        _layout_box_backgrounds(page, box, get_image)
        return
    background.resolve_radii_percentages(box)
    for child in box.all_children():
        layout_box_backgrounds(page, child, get_image)
    box.background = None


def _paints_nothing(style: Style) -> bool:
    """Return whether a style has no background, shadow or border image."""
    pictures = (style["border_image_source"], style["mask_border_source"])
    if any(kind != "none" for kind, *_ in pictures) or style["box_shadow"]:
        return False
    return style["visibility"] == "hidden" or not paints_background(style)


_is_unpainted = memoize_per_style("unpainted", _paints_nothing)


def to_bytes(item: Any) -> bytes:
    """Return an item of a PDF as bytes; what is neither bytes nor a number is the original's."""
    kind = item.__class__
    if kind is bytes:
        data: bytes = item
        return data
    if kind is float:
        return b"%d" % item if item.is_integer() else (b"%f" % item).rstrip(b"0")
    if kind is int:
        return b"%d" % item
    result: bytes = _to_bytes(item)
    return result


def draw_line(stream: Stream, *arguments: Any) -> None:
    """Draw a line; it repeats the operators of an equal line drawn before on its page.

    Of a solid line of the same colour and width only the end points are written anew. Other lines,
    and those drawn while a stroke colour is set, are left to the original.
    """
    x1, y1, x2, y2, thickness, style, colour, *_ = arguments
    if (
        style != "solid"
        or stream._current_color_stroke is not None
        or stream._current_alpha_stroke is not None
    ):
        _draw_line(stream, *arguments)
        return
    prefixes = stream.__dict__.setdefault("_reportgen_lines", {})
    key = (id(colour), thickness)
    if key not in prefixes:
        start = len(stream.stream)
        _draw_line(stream, *arguments)
        *prefix, _, _, _, _ = stream.stream[start:]  # move, line, stroke, restore
        prefixes[key] = colour, prefix  # the reference keeps id(colour) unique
        return
    stream.stream += prefixes[key][1]
    stream.move_to(x1, y1)
    stream.line_to(x2, y2)
    stream.stream += (b"S", b"Q")
    stream._current_color = stream._current_alpha = stream._current_font = None


class PageReferences:
    """The references to the pages, computed once and not for each tag."""

    def __get__(self, pdf: pydyf.PDF | None, owner: type | None = None) -> Any:
        """Return the references to the pages of a PDF; computed again if pages were added."""
        if pdf is None:
            return self
        pages = pdf.pages["Kids"][::3]
        cached: tuple[list[int], tuple[bytes, ...]] | None = pdf.__dict__.get("_page_references")
        if cached is None or cached[0] != pages:
            cached = pages, tuple(f"{number} 0 R".encode("ascii") for number in pages)
            pdf.__dict__["_page_references"] = cached
        return cached[1]
