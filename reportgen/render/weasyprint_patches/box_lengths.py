"""Patches of used lengths of boxes, which mostly follow from their styles alone."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING, Any, Final

from weasyprint.formatting_structure import boxes
from weasyprint.layout import percent

from reportgen.render.layout.memoize import memoize_per_style

if TYPE_CHECKING:
    from reportgen.render.weasyprint_types import Box, CssValue, Style

_OF_WIDTH: Final = (
    *("margin_left", "margin_right", "padding_left", "padding_right"),
    *("width", "min_width", "max_width"),
)
_OF_HEIGHT: Final = ("margin_top", "margin_bottom", "padding_top", "padding_bottom")
_HEIGHTS: Final = ("height", "min_height", "max_height")
_BORDERS: Final = tuple(f"border_{side}_width" for side in ("top", "right", "bottom", "left"))


def resolve_percentages(box: Box, containing_block: Any) -> None:
    """Set all used lengths of a box on it, from a containing block: a box, or (width, height).

    Those that its style alone determines are cached with the style.
    """
    style, values = box.style, box.__dict__
    lengths = _lengths_of(style)
    values.update(lengths.fixed)
    if lengths.open:
        if isinstance(containing_block, boxes.Box):
            width, height = containing_block.width, containing_block.height
        else:
            width, height = containing_block
        margin_base = height if isinstance(box, boxes.PageBox) else width
        for name in lengths.open:
            values[name] = _open_length(style, name, width, margin_base, height)
    for name, border_width in lengths.collapsed:
        if not hasattr(box, name):
            values[name] = border_width
    if lengths.adjusted:
        _adjust(box)


def _adjust(box: Box) -> None:
    """Subtract paddings and borders, if there are any, from width and height."""
    if box.padding_left or box.padding_right or box.border_left_width or box.border_right_width:
        percent.adjust_box_sizing(box, "width")
    if box.padding_top or box.padding_bottom or box.border_top_width or box.border_bottom_width:
        percent.adjust_box_sizing(box, "height")


@dataclass(frozen=True, slots=True)
class _Lengths:
    """Used values of lengths, as far as a style alone determines them."""

    fixed: dict[str, CssValue]
    open: tuple[str, ...]  # that depend on the containing block
    # Widths of borders that a table may have set already.
    collapsed: tuple[tuple[str, CssValue], ...]
    adjusted: bool  # width and height are not those of the content


def _style_lengths(style: Style) -> _Lengths:
    """Return the used lengths that a style alone determines, and the names of the others.

    Those alone are ``auto``, absent and absolute ones; percentages and computed ones need the
    containing block.
    """
    fixed: dict[str, CssValue] = {}
    for name in (*_OF_WIDTH, *_OF_HEIGHT, *_HEIGHTS):
        value = style[name]
        if value is None or value == "auto":
            fixed[name] = 0 if name in ("min_width", "min_height") and value else value
        elif getattr(value, "unit", None) == "px":
            fixed[name] = value.value
    names = (*_OF_WIDTH, *_OF_HEIGHT, *_HEIGHTS)
    borders = tuple((name, style[name]) for name in _BORDERS)
    collapse = style["border_collapse"] == "collapse"
    return _Lengths(
        fixed if collapse else fixed | dict(borders),
        tuple(name for name in names if name not in fixed),
        borders if collapse else (),
        style["box_sizing"] != "content-box",
    )


_lengths_of = memoize_per_style("lengths", _style_lengths)


def _open_length(
    style: Style, name: str, width: CssValue, margin_base: CssValue, height: CssValue
) -> CssValue:
    """Return a length that depends on the containing block, in CSS pixels, or "auto".

    ``width`` and ``height`` are the block's, ``margin_base`` is that of vertical margins and
    paddings.
    """
    value = style[name]
    if name in _HEIGHTS and height == "auto":
        if name == "height":
            if percent.check_math(value) or value.unit == "%":
                return "auto"
            assert value.unit.lower() == "px"
            return value.value
        return percent.percentage(value, style, 0 if name == "min_height" else inf)
    return percent.percentage(
        value, style, height if name in _HEIGHTS else margin_base if name in _OF_HEIGHT else width
    )
