"""Bold of faces that have none: their outlines are drawn with a line around them, as Word does.

WeasyPrint prints such text as if it were not bold, and 標楷體 has no bold face.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from weasyprint.pdf.stream import Stream

    from reportgen.render.weasyprint_types import Box, Style

BOLD_WEIGHT: Final = 600
_LINE_RATIO: Final = 1 / 28  # of the line around the outlines to the font size
_FILL, _FILL_AND_STROKE = 0, 2  # PDF's text rendering modes


@contextmanager
def synthetic_bold() -> Iterator[None]:
    """Let WeasyPrint draw text of weight 600 or more bold, whatever faces there are.

    Within the context, the outlines of faces that are not bold are stroked. It replaces
    ``weasyprint.draw.draw_text`` meanwhile.
    """
    from weasyprint import draw

    original = draw.draw_text

    def draw_text(stream: Stream, textbox: Box, *others: Any) -> None:
        """Draw a text, with stroked outlines where its style is bold and its face is not."""
        style = textbox.style
        if style["font_weight"] < BOLD_WEIGHT:
            original(stream, textbox, *others)
            return
        set_font_size = stream.set_font_size
        stream.set_font_size = lambda name, size: _set_font(
            stream, style, name, size, set_font_size
        )
        try:
            original(stream, textbox, *others)
        finally:
            del stream.set_font_size
        stream.set_text_rendering(_FILL)

    draw.draw_text = draw_text
    try:
        yield
    finally:
        draw.draw_text = original


def _set_font(
    stream: Stream, style: Style, name: str, size: float, set_font_size: Callable[..., None]
) -> None:
    """Set font and size, and fill the glyphs; stroke their outlines too if the face is not bold."""
    set_font_size(name, size)
    font = next(font for font in stream._fonts.values() if font.hash == name)
    if font.weight >= BOLD_WEIGHT:
        stream.set_text_rendering(_FILL)
        return
    stream.set_text_rendering(_FILL_AND_STROKE)
    stream.set_line_width(size * _LINE_RATIO)
    stream.set_color(style["color"], stroke=True)
