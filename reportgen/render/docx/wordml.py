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
    """``p`` in the namespace of WordprocessingML."""
    return f"{{{W}}}{local}"


def root(local: str) -> etree._Element:
    """An element that has no parent yet."""
    return etree.Element(name(local), nsmap=NAMESPACES)


def w(parent: etree._Element, local: str, /, **attributes: str | int) -> etree._Element:
    """Append a ``w:`` element with ``w:`` attributes."""
    named = {name(key): str(value) for key, value in attributes.items()}
    return etree.SubElement(parent, name(local), named)


def flag(parent: etree._Element, local: str, *, on: bool) -> None:
    """A switch, off said with ``w:val="0"``."""
    made = etree.SubElement(parent, name(local))
    if not on:
        made.set(name("val"), "0")


def text(parent: etree._Element, words: str, local: str = "t") -> None:
    """``w:t``, or ``w:instrText``, keeping spaces at its ends."""
    made = etree.SubElement(parent, name(local))
    made.text = words
    if words != words.strip() or "  " in words:
        made.set(SPACE, "preserve")
