"""WordprocessingML elements in one line each."""

from __future__ import annotations

from functools import cache

from lxml import etree

WORD_NS = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONSHIP_NS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
NAMESPACES = {
    "w": WORD_NS,
    "r": RELATIONSHIP_NS,
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
}


@cache
def qualified_name(local: str) -> str:
    """Return ``{namespace}local`` for a local name such as ``p``."""
    return f"{{{WORD_NS}}}{local}"


def root_element(local: str) -> etree._Element:
    """Return a new ``w:`` element without parent, which declares all namespaces of a part."""
    return etree.Element(qualified_name(local), nsmap=NAMESPACES)


def add_child(parent: etree._Element, local: str, /, **attributes: str | int) -> etree._Element:
    """Append a ``w:`` element with ``w:`` attributes, and return it."""
    named = {qualified_name(key): str(value) for key, value in attributes.items()}
    return etree.SubElement(parent, qualified_name(local), named)


def add_flag(parent: etree._Element, local: str, *, on: bool) -> None:
    """Append an on/off property; off is ``w:val="0"``, which overrides a style."""
    element = etree.SubElement(parent, qualified_name(local))
    if not on:
        element.set(qualified_name("val"), "0")


def add_text(parent: etree._Element, words: str, local: str = "t") -> None:
    """Append ``w:t`` or another text element (``local``), preserving its spaces."""
    element = etree.SubElement(parent, qualified_name(local))
    element.text = words
    if words != words.strip() or "  " in words:
        element.set(XML_SPACE, "preserve")
