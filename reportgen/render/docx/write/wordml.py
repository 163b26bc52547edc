"""WordprocessingML elements in one line each."""

from __future__ import annotations

from functools import cache

from lxml import etree

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
PIC = "http://schemas.openxmlformats.org/drawingml/2006/picture"
ASVG = "http://schemas.microsoft.com/office/drawing/2016/SVG/main"
SPACE = "{http://www.w3.org/XML/1998/namespace}space"
NAMESPACES = {"w": W, "r": R, "wp": WP, "a": A, "pic": PIC}


@cache
def name(local: str) -> str:
    """Return ``{namespace}local`` for a local name such as ``p``."""
    return f"{{{W}}}{local}"


def root(local: str) -> etree._Element:
    """Return an element without parent."""
    return etree.Element(name(local), nsmap=NAMESPACES)


def w(parent: etree._Element, local: str, /, **attributes: str | int) -> etree._Element:
    """Append a ``w:`` element with ``w:`` attributes, and return it."""
    named = {name(key): str(value) for key, value in attributes.items()}
    return etree.SubElement(parent, name(local), named)


def flag(parent: etree._Element, local: str, *, on: bool) -> None:
    """Append an on/off property; off is ``w:val="0"``."""
    element = etree.SubElement(parent, name(local))
    if not on:
        element.set(name("val"), "0")


def text(parent: etree._Element, words: str, local: str = "t") -> None:
    """Append ``w:t``, or ``w:instrText``, preserving spaces at its ends."""
    element = etree.SubElement(parent, name(local))
    element.text = words
    if words != words.strip() or "  " in words:
        element.set(SPACE, "preserve")
