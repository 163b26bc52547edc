"""A laid-out document: computed styles, boxes, pages.

WeasyPrint's public interface gives pages and bytes only. Word is made from the same cascade and the
same laid-out column widths, which are private; this module knows where they are, and
``layout_engine`` how they are made. ``tests/render/layout/test_laid_out_document.py`` pins the
internals they rely on.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from weasyprint.formatting_structure import boxes
from weasyprint.layout.page import PageType, set_page_type_computed_styles
from weasyprint.urls import fetch, url_join

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from xml.etree.ElementTree import Element

    from weasyprint import HTML, Document

    from reportgen.render.weasyprint_types import Box, LayoutContext, PageBox, PageState, StyleFor


PT_PER_PX = 0.75


@dataclass(frozen=True, slots=True)
class LaidOutPage:
    """A laid-out page, with the state that the boxes in its margins are made from."""

    box: PageBox
    context: LayoutContext  # of its layout
    state: PageState  # of the counters, after the page


@dataclass(frozen=True, slots=True)
class Layout:
    """A document after the cascade and after layout."""

    html: HTML
    document: Document
    style_for: StyleFor  # element, pseudo-element name or None → style
    box_tree: Box  # the box tree that the pages were made from: whole, in document order
    pages: tuple[LaidOutPage, ...]

    @property
    def root(self) -> Element:
        """The html element."""
        element: Element = self.html.etree_element
        return element

    def style(self, element: Element, pseudo: str | None = None) -> Any:
        """Return the computed style of an element; its lengths are CSS pixels.

        None for a pseudo-element, such as ``before``, that the stylesheets give none. It is a lazy
        dict, shared between elements: compare it by ``is not None`` and never change it.
        """
        return self.style_for(element, pseudo)

    def page_style(self, *, first: bool, box: str | None = None) -> Any:
        """Return the computed style of a first or a later page, or of one of its margin boxes.

        The page is a right one without a name. ``box`` is a margin box's name such as
        ``@bottom-center``; if the stylesheet has no such box, returns None or a style whose
        ``content`` is ``normal``.
        """
        page = PageType(side="right", blank=False, name="", index=0 if first else 2, groups=())
        if self.style_for(page) is None:
            set_page_type_computed_styles(page, self.html, self.style_for)
        return self.style_for(page, box)

    def column_widths(self) -> dict[Element, tuple[float, ...]]:
        """Return the widths of every table's columns as laid out, in points, by table element.

        Of a table on several pages they are those on the last.
        """
        return {
            box.element: tuple(width * PT_PER_PX for width in box.column_widths)
            for page in self.document.pages
            for box in walk(page._page_box)
            if isinstance(box, boxes.TableBox)
        }

    def picture_sizes(self) -> dict[Element, tuple[float, float]]:
        """Return (width, height) of every picture as laid out, in points, by element."""
        return {
            box.element: (box.width * PT_PER_PX, box.height * PT_PER_PX)
            for page in self.document.pages
            for box in walk(page._page_box)
            if isinstance(box, boxes.ReplacedBox)
        }

    def resource(self, element: Element, attribute: str) -> bytes:
        """Return the content that an attribute of an element (``src``) refers to.

        Raises URLFetchingError, an OSError, if it is refused or cannot be read, and ValueError for
        an address that cannot be parsed.
        """
        url = url_join(self.html.base_url, element.get(attribute, ""), False, element.tag)
        with fetch(self.document.url_fetcher, url) as response:
            content: bytes = response.read()
        return content


def walk(box: Box) -> Iterator[Box]:
    """Yield a laid-out box and its descendants, in document order."""
    yield box
    for child in getattr(box, "children", ()):
        yield from walk(child)


def with_replaced_children(root: Element, changes: Mapping[Element, Sequence[Element]]) -> Element:
    """Return a copy of ``root`` in which some children of the body are replaced by others.

    ``root`` and its body stay as they are; all other elements are shared with them.
    """
    twin, body = copy.copy(root), copy.copy(body_element(root))
    twin[list(root).index(body_element(root))] = body
    body[:] = [new for child in body for new in changes.get(child, (child,))]
    return twin


def body_element(root: Element) -> Element:
    """Return the body element of an html element; ValueError unless there is exactly one."""
    (body,) = root.iterfind("body")
    return body


_PREFIXES = {
    "http://www.w3.org/1999/xlink": "xlink:",
    "http://www.w3.org/XML/1998/namespace": "xml:",
}


def deep_copy(element: Element) -> Element:
    """Return a deep copy of an element with its tail: ``copy.deepcopy`` in a third of its time."""
    copy = ElementTree.Element(element.tag, element.attrib)
    copy.text, copy.tail = element.text, element.tail
    copy.extend(map(deep_copy, element))
    return copy


def serialize(root: Element, *, whole: bool = True) -> str:
    """Return HTML that parses to the same tree: a document, or a part of one unless ``whole``.

    A part has no doctype, and not the text that follows it. ``root`` is not changed.
    """
    plain = deep_copy(root)
    if not whole:
        plain.tail = None
    for element in plain.iter():
        if isinstance(element.tag, str):  # the tag of a comment is a function
            element.tag = element.tag.rpartition("}")[2]  # HTML knows SVG by its name alone
            for name in [name for name in element.attrib if name.startswith("{")]:
                space, _, local = name[1:].partition("}")
                element.set(_PREFIXES.get(space, "") + local, element.attrib.pop(name))
    text = ElementTree.tostring(plain, encoding="unicode", method="html")
    return f"<!DOCTYPE html>\n{text}" if whole else text
