"""The one door to WeasyPrint's inside: computed styles, laid-out boxes, pages.

WeasyPrint's public interface hands out pages and bytes. Word is made from the same
cascade and the same laid-out column widths, which are private; this module alone knows
where they are. ``tests/test_layout.py`` pins what it relies on.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from weasyprint import HTML, Document
from weasyprint.css.counters import CounterStyle
from weasyprint.document import DEFAULT_OPTIONS, Page, get_html_metadata
from weasyprint.formatting_structure import boxes
from weasyprint.formatting_structure.build import build_formatting_structure
from weasyprint.layout import layout_document
from weasyprint.layout.page import PageType, set_page_type_computed_styles
from weasyprint.pdf.metadata import DocumentMetadata
from weasyprint.urls import URLFetcher, fetch, url_join

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

    from weasyprint.text.fonts import FontConfiguration

PT_PER_PX = 0.75


@dataclass(frozen=True, slots=True)
class Layout:
    """A document after the cascade and after layout."""

    html: HTML
    document: Document
    style_for: Any  # element, pseudo-element name or None → computed style or None
    structure: Any  # the box tree that the pages were made from: whole, in document order

    @property
    def root(self) -> Element:
        """The html element."""
        element: Element = self.html.etree_element
        return element

    def style(self, element: Element, pseudo: str | None = None) -> Any:
        """The computed style of an element; lengths in it are CSS pixels.

        It is a lazy dict, shared between elements: test it with ``is not None`` and never
        change it.
        """
        return self.style_for(element, pseudo)

    def page_style(self, *, first: bool, box: str | None = None) -> Any:
        """The computed style of a first or a later page, or of one of its margin boxes.

        ``box`` is a margin box's name such as ``@bottom-center``; where the stylesheet has no
        such box, None is answered or a style whose ``content`` is ``normal``.
        """
        page = PageType(side="right", blank=False, name="", index=0 if first else 2, groups=())
        if self.style_for(page) is None:
            set_page_type_computed_styles(page, self.html, self.style_for)
        return self.style_for(page, box)

    def column_widths(self) -> dict[Element, tuple[float, ...]]:
        """The widths of every table's columns as laid out, in points."""
        return {
            box.element: tuple(width * PT_PER_PX for width in box.column_widths)
            for page in self.document.pages
            for box in walk(page._page_box)
            if isinstance(box, boxes.TableBox)
        }

    def picture_sizes(self) -> dict[Element, tuple[float, float]]:
        """The width and height of every picture as laid out, in points."""
        return {
            box.element: (box.width * PT_PER_PX, box.height * PT_PER_PX)
            for page in self.document.pages
            for box in walk(page._page_box)
            if isinstance(box, boxes.ReplacedBox)
        }

    def resource(self, element: Element, attribute: str) -> bytes:
        """What an element's ``src`` holds; URLFetchingError where the fetcher refuses it."""
        url = url_join(self.html.base_url, element.get(attribute, ""), False, element.tag)
        with fetch(self.document.url_fetcher, url) as response:
            content: bytes = response.read()
        return content


def walk(box: Any) -> Iterator[Any]:
    """A laid-out box and all that is in it, in document order."""
    yield box
    for child in getattr(box, "children", ()):
        yield from walk(child)


def lay_out(html: str, *, base_url: str, fetcher: URLFetcher, fonts: FontConfiguration) -> Layout:
    """Parse, cascade and lay out; stylesheets are those that the HTML links."""
    parsed = HTML(string=html, base_url=base_url, url_fetcher=fetcher)
    options = DEFAULT_OPTIONS | {
        "pdf_variant": "pdf/a-3a",
        "pdf_tags": True,
        "output_intent": "srgb",
    }
    counters = CounterStyle()
    profiles: dict[str, Any] = {}
    context = Document._build_layout_context(parsed, fonts, counters, profiles, options)
    root = build_formatting_structure(
        parsed.etree_element,
        context.style_for,
        context.get_image_from_uri,
        parsed.base_url,
        context.target_collector,
        counters,
        context.footnotes,
    )
    pages = [Page(box) for box in layout_document(parsed, root, context)]
    metadata = DocumentMetadata(**get_html_metadata(parsed))
    document = Document(pages, metadata, fetcher, fonts, profiles, options["output_intent"])
    return Layout(html=parsed, document=document, style_for=context.style_for, structure=root)


_PREFIXES = {
    "http://www.w3.org/1999/xlink": "xlink:",
    "http://www.w3.org/XML/1998/namespace": "xml:",
}


def serialize(root: Element) -> str:
    """HTML that parses to the same tree."""
    plain = copy.deepcopy(root)
    for element in plain.iter():
        if isinstance(element.tag, str):  # a comment's is a function
            element.tag = element.tag.rpartition("}")[2]  # HTML knows SVG by its name alone
            for name in [name for name in element.attrib if name.startswith("{")]:
                space, _, local = name[1:].partition("}")
                element.set(_PREFIXES.get(space, "") + local, element.attrib.pop(name))
    return "<!DOCTYPE html>\n" + ElementTree.tostring(plain, encoding="unicode", method="html")


__all__ = ["PT_PER_PX", "Layout", "lay_out", "serialize", "walk"]
