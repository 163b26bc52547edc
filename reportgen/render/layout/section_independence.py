"""Whether the children of a document's body can be laid out independently of each other.

They can if each begins a page, no style depends across them, and html and body are mere containers
of the pages.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reportgen.render.layout.css_dependencies import has_cross_section_rules
from reportgen.render.layout.laid_out_document import body_element

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from reportgen.render.layout.layout_engine import LayoutEngine
    from reportgen.render.weasyprint_types import Style


def sections_are_independent(document: LayoutEngine, css: str) -> bool:
    """Return whether the body's children are pages of their own, and no rule reaches across them.

    ``css`` is the text of the folder's sheets; a document that links any other is not independent.
    Selectors and style attributes are not looked at here: see
    :func:`reportgen.render.layout.selector_dependencies.attributes_matched_on` and
    :func:`reportgen.render.layout.css_dependencies.has_cross_section_rules_in_style_attributes`.
    """
    root = document.root
    links = [link.get("href", "") for link in root.iter("link") if _is_stylesheet(link)]
    inline_styles = ("".join(element.itertext()) for element in root.iter("style"))
    if any(has_cross_section_rules(sheet) for sheet in (css, *inline_styles)):
        return False
    return all(map(_is_template_stylesheet, links)) and children_are_pages(document)


def children_are_pages(document: LayoutEngine) -> bool:
    """Return whether html and body only hold the pages, and each child of body begins one.

    There is no text beside the children, which are blocks in the normal flow, and html and body
    have neither margins, borders nor content of their own. The first child needs no page break.
    """
    body = body_element(document.root)
    containers = (document.root, body)
    return (
        [child.tag for child in document.root if isinstance(child.tag, str)] == ["head", "body"]
        and not any(text and text.strip() for text in (body.text, *(child.tail for child in body)))
        and all(_is_mere_container(document.style(container)) for container in containers)
        and not any(_has_generated_content(document, container) for container in containers)
        and all(isinstance(child.tag, str) and _is_page(document.style(child)) for child in body)
        and all(_begins_page(document.style(child)) for child in body[1:])
    )


def _is_stylesheet(link: Element) -> bool:
    """Return whether a ``link`` element refers to a stylesheet."""
    return "stylesheet" in link.get("rel", "").lower().split()


def _is_template_stylesheet(address: str) -> bool:
    """Return whether an address is a stylesheet of the folder, which has been examined."""
    return address.endswith(".css") and ":" not in address and not address.startswith("/")


_ZERO_LENGTHS: Final = (
    *("margin_top", "margin_bottom", "padding_top", "padding_bottom"),
    *("border_top_width", "border_bottom_width", "outline_width"),
)
# Of a block in the normal flow that is as high as its content.
PLAIN_VALUES: Final = {
    "position": "static",
    "float": "none",
    "overflow": "visible",
    "height": "auto",
    "transform": (),
    "column_count": "auto",
    "column_width": "auto",
}
_CONTAINER_VALUES: Final = {
    **PLAIN_VALUES,
    "display": ("block", "flow"),
    "min_height": "auto",
    "white_space": "normal",
    "opacity": 1,
}


def _is_mere_container(style: Style) -> bool:
    """Return whether html or body adds nothing to the pages it holds.

    It is a plain block without vertical margins, paddings, borders and background picture.
    """
    return (
        all(_is_zero(style[name]) for name in _ZERO_LENGTHS)
        and all(style[name] == value for name, value in _CONTAINER_VALUES.items())
        and style["background_image"][0][0] == "none"
    )


def _is_zero(length: object) -> bool:
    """Return whether a length, with or without a unit, is 0."""
    return bool(getattr(length, "value", length) == 0)


def _has_generated_content(document: LayoutEngine, element: Element) -> bool:
    """Return whether an element has ``::before`` or ``::after`` content."""
    return any(document.style(element, pseudo) is not None for pseudo in ("before", "after"))


def _is_page(style: Style) -> bool:
    """Return whether a child of body is a block in the normal flow."""
    return (
        style["display"] == ("block", "flow")
        and style["float"] == "none"
        and bool(style["position"] in ("static", "relative"))
    )


def _begins_page(style: Style) -> bool:
    """Return whether a style has a page break before it."""
    return style["break_before"] in ("page", "always")
