"""Colours as red, green and blue, and what a style paints behind its content."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reportgen.render.weasyprint_types import Color, CssValue, Style


def to_srgb(color: Color) -> tuple[float, float, float] | None:
    """Return a colour's channels from 0 to 1, or None if tinycss2 cannot convert it (``lab()``)."""
    if color.space == "srgb":
        red, green, blue = color.coordinates
    else:
        try:
            red, green, blue = color.to("srgb").coordinates
        except NotImplementedError:  # raised by tinycss2
            return None
    return red or 0.0, green or 0.0, blue or 0.0


def background_color(style: Style) -> CssValue:
    """Return the background colour of a style, ``currentcolor`` resolved."""
    color = style["background_color"]
    return style["color"] if color == "currentcolor" else color


def has_background_picture(style: Style) -> bool:
    """Return whether a style has a background picture, such as a gradient."""
    return any(kind != "none" for kind, _ in style["background_image"])


def paints_background(style: Style) -> bool:
    """Return whether a style paints a background."""
    return has_background_picture(style) or bool(background_color(style).alpha > 0)
