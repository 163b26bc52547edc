"""Used lengths of boxes, which mostly follow from their styles alone."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING, Any, Final

from reportgen.render.kept import with_style

if TYPE_CHECKING:
    from collections.abc import Callable


def is_in_normal_flow(boxes: Any) -> Callable[[Any], bool]:
    """Nearly every box is: two looks at its style tell, where the original has seven."""
    usual = boxes.Box.is_in_normal_flow

    def in_flow(self: Any) -> bool:
        style = self.style
        if style["float"] == "none" and style["position"] in ("static", "relative"):
            return True
        answer: bool = usual(self)
        return answer

    return in_flow


_OF_WIDTH: Final = (
    *("margin_left", "margin_right", "padding_left", "padding_right"),
    *("width", "min_width", "max_width"),
)
_OF_HEIGHT: Final = ("margin_top", "margin_bottom", "padding_top", "padding_bottom")
_HEIGHTS: Final = ("height", "min_height", "max_height")
_BORDERS: Final = tuple(f"border_{side}_width" for side in ("top", "right", "bottom", "left"))


def resolve_percentages(percent: Any, boxes: Any) -> Callable[[Any, Any], None]:
    """Lengths that do not depend on what is around, as nearly all are, are kept with the style."""
    lengths_of = with_style("lengths", _lengths)
    adjust, box_type, page_type = percent.adjust_box_sizing, boxes.Box, boxes.PageBox

    def resolve(box: Any, containing_block: Any) -> None:
        style, values = box.style, box.__dict__
        known = lengths_of(style)
        values.update(known.fixed)
        if known.open:
            if isinstance(containing_block, box_type):
                across, up = containing_block.width, containing_block.height
            else:
                across, up = containing_block
            vertical = up if isinstance(box, page_type) else across
            for name in known.open:
                values[name] = _open_length(percent, style, name, (across, vertical, up))
        for name, width in known.collapsed:
            if not hasattr(box, name):
                values[name] = width
        if known.adjusted:
            _adjust(box, adjust)

    return resolve


def _adjust(box: Any, adjust: Any) -> None:
    """Take from width and height what is around the content, if anything is."""
    if box.padding_left or box.padding_right or box.border_left_width or box.border_right_width:
        adjust(box, "width")
    if box.padding_top or box.padding_bottom or box.border_top_width or box.border_bottom_width:
        adjust(box, "height")


@dataclass(frozen=True, slots=True)
class _Lengths:
    """Used values of lengths, as far as a style alone tells them."""

    fixed: dict[str, Any]
    open: tuple[str, ...]  # that depend on what is around
    collapsed: tuple[tuple[str, Any], ...]  # widths of borders that a table may have set already
    adjusted: bool  # width and height are not those of the content


def _lengths(style: Any) -> _Lengths:
    fixed: dict[str, Any] = {}
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


def _open_length(percent: Any, style: Any, name: str, around: tuple[Any, Any, Any]) -> Any:
    """A length by the width and height around, the second of which is what margins refer to."""
    across, vertical, up = around
    value = style[name]
    if name in _HEIGHTS and up == "auto":
        if name == "height":
            if percent.check_math(value) or value.unit == "%":
                return "auto"
            assert value.unit.lower() == "px"
            return value.value
        return percent.percentage(value, style, 0 if name == "min_height" else inf)
    return percent.percentage(
        value, style, up if name in _HEIGHTS else vertical if name in _OF_HEIGHT else across
    )


_CORNERS: Final = ("top_left", "top_right", "bottom_right", "bottom_left")
_SQUARE: Final = {f"border_{corner}_radius": (0, 0) for corner in _CORNERS}


def resolve_radii(percent: Any) -> Callable[[Any], None]:
    """Whether all corners are square, as nearly all are, is kept with the style."""
    usual = percent.resolve_radii_percentages
    is_square = with_style(
        "square", lambda style: all((0, "px") in style[each] for each in _SQUARE)
    )

    def resolve(box: Any) -> None:
        if is_square(box.style):
            box.__dict__.get("_box", box).__dict__.update(_SQUARE)  # it may stand for another
        else:
            usual(box)

    return resolve


def outer(page: Any) -> property:
    """How wide the words of a margin box are is not asked where their whole line has room."""
    usual = page.OrientedBox.outer

    def give(self: Any, length: Any) -> None:
        most = self.max_content_size
        if length - self.sugar >= most:
            self.inner = most
        else:
            usual.fset(self, length)

    return property(usual.fget, give)
