"""Colours as red, green and blue."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reportgen.render.weasyprint_types import Color


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
