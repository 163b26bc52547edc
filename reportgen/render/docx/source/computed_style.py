"""Computed styles to small records in Word's units.

This is the only module that knows the types of WeasyPrint's values. WeasyPrint counts in CSS
pixels; what leaves this module is in points, twips (1/20 pt), half-points (font sizes) or eighths
of a point (border widths), as each name or docstring says.
"""

from __future__ import annotations

import re
from functools import lru_cache
from math import isfinite
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from reportgen.render.docx.source.font_mapping import latin_and_cjk_family
from reportgen.render.layout.colors import to_srgb
from reportgen.render.layout.laid_out_document import PT_PER_PX

if TYPE_CHECKING:
    from collections.abc import Callable

    from reportgen.render.weasyprint_types import BorderSegment, Box, CssValue, Style

T = TypeVar("T")

MAX_BORDER_SPACE_PT = 31  # points, Word's limit between a border and its paragraph
SINGLE_LINE = 240  # Word's unit of "auto" line spacing: 240 is one line

BORDERS = {
    "solid": "single",
    "double": "double",
    "dashed": "dashed",
    "dotted": "dotted",
    "inset": "inset",
}
ALIGNMENTS = {
    "start": "left",
    "left": "left",
    "end": "right",
    "right": "right",
    "center": "center",
    "justify": "both",
    "justify-all": "distribute",
}
UNDERLINES = {
    "solid": "single",
    "double": "double",
    "dotted": "dotted",
    "dashed": "dash",
    "wavy": "wave",
}
VERTICAL_ALIGNMENTS = {"top": "top", "middle": "center", "bottom": "bottom"}


class BoxSides(NamedTuple, Generic[T]):
    """One value for each side of a box."""

    top: T
    right: T
    bottom: T
    left: T


class Edge(NamedTuple):
    """A border: Word's name of its style, eighths of a point, ``RRGGBB``."""

    style: str
    width: int
    color: str


class Font(NamedTuple):
    """The formatting of a run of text."""

    latin: str
    cjk: str
    size: int  # half-points
    bold: bool = False
    italic: bool = False
    small_caps: bool = False
    underline: str = ""  # Word's name of the line, empty: none
    strike: bool = False
    color: str = "000000"
    shade: str = ""  # RRGGBB, empty: none
    spacing: int = 0  # twips between letters
    position: int = 0  # half-points above the line
    border: Edge | None = None


class LineSpacing(NamedTuple):
    """Line spacing: twips and ``atLeast`` or ``exact``, or 240ths of a line and ``auto``."""

    value: int
    rule: str


def twips(points: float) -> int:
    """Return points as twips (1/20 pt), rounded to the nearest, halves away from zero."""
    return int(points * 20 + 0.5) if points >= 0 else -int(-points * 20 + 0.5)


def points(value: CssValue, base: float = 0.0) -> float | None:
    """Return a length in points; percentages are of ``base``, plain numbers CSS pixels.

    It is None for keywords (``auto``, ``normal``) and for units other than ``px`` and ``%``, which
    computed values do not have.
    """
    if isinstance(value, (int, float)):
        return value * PT_PER_PX
    unit = getattr(value, "unit", "")
    if unit == "px":
        return float(value.value * PT_PER_PX)
    if unit == "%":
        return float(value.value * base / 100)
    return None


def sides(box: Box, what: str, base: float) -> BoxSides[float]:
    """Return the four sides of ``what``, "margin" or "padding", in points; ``auto`` is 0.

    Percentages are of ``base``, in points.
    """
    return BoxSides(
        *(points(box.style[f"{what}_{side}"], base) or 0.0 for side in BoxSides._fields)
    )


def has_own_width(style: Style) -> bool:
    """Return whether a box's width, or its minimum or maximum, is a finite length or percentage.

    ``auto`` and ``none`` do not count.
    """
    widths = (points(style[name], 0.0) for name in ("width", "min_width", "max_width"))
    return any(width is not None and isfinite(width) for width in widths)


def auto_margins(style: Style) -> tuple[bool, bool]:
    """Return whether the left and the right margin are ``auto``."""
    return style["margin_left"] == "auto", style["margin_right"] == "auto"


def color(style: Style | dict[str, CssValue], name: str) -> str:
    """Return a property's colour as ``RRGGBB``, or "" if it is transparent.

    A translucent one is blended with white. One that cannot be converted to sRGB is black here;
    ``has_color`` finds it.
    """
    value = style[name]
    if value == "currentcolor":
        value = style["color"]
    if value.alpha == 0:
        return ""
    parts = to_srgb(value)
    return "000000" if parts is None else _hex_color(parts, value.alpha)  # reported by has_color


def has_color(style: Style, name: str) -> bool:
    """Return whether a property's colour can be converted to red, green and blue."""
    value = style[name.replace("-", "_")]
    return value == "currentcolor" or to_srgb(value) is not None


@lru_cache(maxsize=256)
def _hex_color(channels: tuple[float, ...], alpha: float) -> str:
    """Return ``RRGGBB`` of channels from 0 to 1, blended with white by ``alpha``."""
    blended = (min(max(1 - alpha * (1 - part), 0), 1) for part in channels)
    return "".join(f"{round(part * 255):02X}" for part in blended)


def border_of(style: Style, side: str) -> Edge | None:
    """Return one border of a box with separate borders, None if nothing of it is to be seen."""
    return _make_edge(
        style[f"border_{side}_style"],
        style[f"border_{side}_width"],
        lambda: color(style, f"border_{side}_color"),
    )


def collapsed_border(segment: BorderSegment) -> Edge | None:
    """Return a segment of a table's collapsed borders, as WeasyPrint has resolved them.

    It is None for a segment that is not to be seen.
    """
    kind, width, color_value = segment[1]
    return _make_edge(kind, width, lambda: color({"color": color_value}, "color"))


def borders_of(style: Style) -> BoxSides[Edge | None]:
    """Return the four borders of a box with separate borders, None for each that is not seen."""
    return BoxSides(*(border_of(style, side) for side in BoxSides._fields))


def border_width_pt(line: Edge | None) -> float:
    """Return the width that a border takes in points, 0 for None.

    A double border takes three times the width of its lines, which is what Word records.
    """
    if line is None:
        return 0.0
    return line.width / 8 * (3 if line.style == "double" else 1)


def _make_edge(kind: str, width: float, get_color: Callable[[], str]) -> Edge | None:
    """Return a border in Word's units, or None if it has no style, width or visible colour.

    ``width`` is in CSS pixels; the border's is kept within Word's limits, 1/4 to 12 pt.
    ``get_color`` is called for a border with style and width only.
    """
    if kind not in BORDERS or not width:
        return None
    shade = get_color()
    if not shade:
        return None
    eighths = width * PT_PER_PX * 8 / (3 if kind == "double" else 1)
    return Edge(BORDERS[kind], min(max(round(eighths), 2), 96), shade)


def font_of(style: Style) -> Font:
    """Return the font of a computed style; background and position come from inline boxes.

    The size is at least one point; weights from 600 are bold; transparent text is white.
    """
    latin, cjk = latin_and_cjk_family(style["font_family"])
    lines = style["text_decoration_line"]
    spacing = points(style["letter_spacing"]) or 0.0
    return Font(
        latin=latin,
        cjk=cjk,
        size=max(round(style["font_size"] * PT_PER_PX * 2), 2),
        bold=style["font_weight"] >= 600,
        italic=style["font_style"] != "normal",
        small_caps=style["font_variant_caps"] == "small-caps",
        underline=UNDERLINES[style["text_decoration_style"]] if "underline" in lines else "",
        strike="line-through" in lines,
        color=color(style, "color") or "FFFFFF",
        spacing=twips(spacing),
    )


def inline_font(style: Style, outer: Font) -> Font:
    """Return the font of an inline box within text of ``outer``.

    Its position adds to the outer one; background and border are the outer ones unless it has its
    own. A border that is not the same on all sides is left out.
    """
    inner = font_of(style)
    raised, position = style["vertical_align"], outer.position
    if isinstance(raised, (int, float)):  # "super" and "sub" are lengths, too
        position += round(raised * PT_PER_PX * 2)
    borders = borders_of(style)
    own_border = borders.top if len(set(borders)) == 1 else None  # Word has one on all sides
    return inner._replace(
        position=position,
        shade=color(style, "background_color") or outer.shade,
        border=own_border or outer.border,
    )


def is_plain(style: Style) -> bool:
    """Return whether an inline box is formatted as the text around it, but for line breaking.

    It is False for anonymous boxes, which have no declarations to look at.
    """
    return bool(getattr(style, "cascaded", {"": None}).keys() <= {"white_space", "box_sizing"})


def line_spacing(style: Style) -> LineSpacing:
    """Return the line spacing of a computed style: one line for ``normal``, else a least height.

    A number is multiplied by the font size.
    """
    height = style["line_height"]
    if height == "normal":
        return LineSpacing(SINGLE_LINE, "auto")
    if isinstance(height, (int, float)):
        return LineSpacing(twips(height * style["font_size"] * PT_PER_PX), "atLeast")
    return LineSpacing(twips(points(height) or 0.0), "atLeast")


def text_lines(style: Style, text: str) -> list[str]:
    """Return the lines of a text that no layout has collapsed, as ``white-space`` has them.

    Newlines end lines in ``pre``, ``pre-wrap`` and ``pre-line`` and are spaces elsewhere; runs of
    spaces become one but in ``pre`` and ``pre-wrap``.
    """
    white_space = style["white_space"]
    lines = text.split("\n") if white_space.startswith("pre") else [text.replace("\n", " ")]
    if white_space in ("pre", "pre-wrap"):
        return lines
    return [re.sub(" +", " ", line) for line in lines]


def custom_property_text(style: Style, name: str) -> str:
    """Return the first string or identifier of a custom property (``--word-style``), or ""."""
    tokens = style["__" + name.removeprefix("--").replace("-", "_")] or ()
    return next((str(token.value) for token in tokens if token.type in ("string", "ident")), "")


def specified_value(style: Style, name: str) -> CssValue:
    """Return a property's computed value in the form in which it may be declared.

    They differ for ``text-align-last`` only: "auto" for what ``text-align`` alone has set.
    """
    value = style[name.replace("-", "_")]
    if name == "text-align-last" and value in (style["text_align_all"], "start"):
        return "auto"  # as expanded from the shorthand text-align
    return value


def framing_property(style: Style) -> str:
    """Return the property by which a box has a border or background, to find its declaration.

    It is the ``border-…-style`` of the first visible side, from the top clockwise, or
    ``background-color`` if there is none.
    """
    visible = (f"border-{side}-style" for side in BoxSides._fields if border_of(style, side))
    return next(visible, "background-color")


def declared_properties(style: Style) -> dict[str, int]:
    """Return the declared properties of a box: name → origin (1 browser, 3 or more author).

    It is empty for anonymous boxes.
    """
    cascaded = getattr(style, "cascaded", None) or {}
    return {
        name.replace("_", "-") if name[:2] != "__" else "--" + name[2:].replace("_", "-"): weight[0]
        for name, (_, weight) in cascaded.items()
    }
