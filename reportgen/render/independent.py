"""Whether the children of a document's body can be laid out without each other.

They can where each begins a page, nothing reaches from one to another, and html and body are no
more than what the pages are in.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, Protocol

from reportgen.render.layout import body_of
from reportgen.render.reach import attributes_reach, reaches

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_BESIDE: Final = re.compile(r"(?i)[+~]|:nth|:only|:has|:empty|:not|:is|:where")


class Styled(Protocol):
    """A document after the cascade, laid out or not yet."""

    @property
    def root(self) -> Element:
        """The html element."""

    def style(self, element: Element, pseudo: str | None = None) -> Any:
        """The computed style of an element."""


def independent(document: Styled, css: str) -> bool:
    """Whether the children of the body are pages of their own; ``css``: of the folder's sheets.

    Style attributes within the body are looked through by :func:`attributes_reach`.
    """
    root = document.root
    links = [each.get("href", "") for each in root.iter("link") if _is_stylesheet(each)]
    if any(reaches(each) for each in (css, *_inline_styles(document))):
        return False
    return all(map(_is_own, links)) and stand_alone(document)


def stand_alone(document: Styled) -> bool:
    """Whether html and body only hold the pages, and all that body holds begins one."""
    body = body_of(document.root)
    around = (document.root, body)
    return (
        [child.tag for child in document.root if isinstance(child.tag, str)] == ["head", "body"]
        and not any(text and text.strip() for text in (body.text, *(each.tail for each in body)))
        and all(_holds_pages(document.style(each)) for each in around)
        and not any(_adds(document, each) for each in around)
        and all(isinstance(each.tag, str) and _is_page(document.style(each)) for each in body)
        and all(_begins_page(document.style(each)) for each in body[1:])
    )


def told_apart_by_place(document: Styled, css: str) -> bool:
    """Whether a selector looks at what stands beside an element, but for the first and last."""
    return any(tells_places(each) for each in (css, *_inline_styles(document)))


def _inline_styles(document: Styled) -> list[str]:
    return ["".join(each.itertext()) for each in document.root.iter("style")]


def tells_places(css: str) -> bool:
    """Whether a selector looks at what stands beside an element, but for the first and last."""
    plain = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    selectors = (each.rpartition("}")[2] for each in plain.split("{")[:-1])
    return any(_BESIDE.search(each) for each in selectors)


def _is_stylesheet(link: Any) -> bool:
    return "stylesheet" in link.get("rel", "").lower().split()


def _is_own(address: str) -> bool:
    """Whether it is a stylesheet of the folder, which has been looked through."""
    return address.endswith(".css") and ":" not in address and not address.startswith("/")


_ZERO: Final = (
    *("margin_top", "margin_bottom", "padding_top", "padding_bottom"),
    *("border_top_width", "border_bottom_width", "outline_width"),
)
_PLAIN: Final = {
    "display": ("block", "flow"),
    "position": "static",
    "float": "none",
    "overflow": "visible",
    "height": "auto",
    "min_height": "auto",
    "white_space": "normal",
    "transform": (),
    "opacity": 1,
    "column_count": "auto",
    "column_width": "auto",
}


def _holds_pages(style: Any) -> bool:
    """Whether html or body is no more than what the pages are in."""
    return (
        all(_nothing(style[name]) for name in _ZERO)
        and all(style[name] == value for name, value in _PLAIN.items())
        and style["background_image"][0][0] == "none"
    )


def _nothing(length: Any) -> bool:
    return bool(getattr(length, "value", length) == 0)


def _adds(document: Styled, element: Any) -> bool:
    """Whether the stylesheet puts something before or behind what an element holds."""
    return any(document.style(element, pseudo) is not None for pseudo in ("before", "after"))


def _is_page(style: Any) -> bool:
    return (
        style["display"] == ("block", "flow")
        and style["float"] == "none"
        and bool(style["position"] in ("static", "relative"))
    )


def _begins_page(style: Any) -> bool:
    return style["break_before"] in ("page", "always")


__all__ = ["attributes_reach", "independent", "stand_alone", "tells_places", "told_apart_by_place"]
