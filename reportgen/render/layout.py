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
from weasyprint.layout import initialize_page_maker, layout_document
from weasyprint.layout.background import layout_backgrounds
from weasyprint.layout.page import (
    PageType,
    make_margin_boxes,
    remake_page,
    set_page_type_computed_styles,
)
from weasyprint.pdf.metadata import DocumentMetadata
from weasyprint.urls import URLFetcher, fetch, url_join

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
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
    context: Any  # of the layout

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


@dataclass(frozen=True, slots=True)
class Part:
    """One child of the body that is laid out as if the others stood on pages of their own."""

    index: int  # among the body's children
    pages_before: int
    pages_in_all: int


class NotAloneError(Exception):
    """Something of a part goes on beyond its last page."""


def lay_out(
    html: str,
    *,
    base_url: str,
    fetcher: URLFetcher,
    fonts: FontConfiguration,
    part: Part | None = None,
) -> Layout:
    """Parse, cascade and lay out; stylesheets are those that the HTML links.

    With ``part`` all else in the body takes part in the cascade only. Raises NotAloneError where
    that cannot be the same as a part of the whole.
    """
    parsed = HTML(string=html, base_url=base_url, url_fetcher=fetcher)
    options = DEFAULT_OPTIONS | {
        "pdf_variant": "pdf/a-3a",
        "pdf_tags": True,
        "output_intent": "srgb",
    }
    counters = CounterStyle()
    profiles: dict[str, Any] = {}
    context = Document._build_layout_context(parsed, fonts, counters, profiles, options)
    style_for = context.style_for if part is None else _hiding(parsed, part, context.style_for)
    root = build_formatting_structure(
        parsed.etree_element,
        style_for,
        context.get_image_from_uri,
        parsed.base_url,
        context.target_collector,
        counters,
        context.footnotes,
    )
    laid_out = (
        layout_document(parsed, root, context)
        if part is None
        else _pages_of(part, parsed, root, context)
    )
    pages = [Page(box) for box in laid_out]
    metadata = DocumentMetadata(**get_html_metadata(parsed))
    document = Document(pages, metadata, fetcher, fonts, profiles, options["output_intent"])
    return Layout(
        html=parsed, document=document, style_for=context.style_for, structure=root, context=context
    )


def parse(html: str) -> Element:
    """The html element of a text."""
    root: Element = HTML(string=html, url_fetcher=URLFetcher(allowed_protocols=[])).etree_element
    return root


def _hiding(html: HTML, part: Part, style_for: Any) -> Callable[..., Any]:
    """The styles, by which the body's other children make no boxes."""
    (body,) = html.etree_element.iterfind("body")
    hidden = {child for number, child in enumerate(body) if number != part.index}

    def style(element: Element, pseudo: str | None = None) -> Any:
        return {"display": ("none",)} if element in hidden else style_for(element, pseudo)

    return style


def _pages_of(part: Part, html: HTML, root: Any, context: Any) -> list[Any]:
    """What WeasyPrint's ``layout_document`` does, for pages in the middle of a document."""
    before, in_all = part.pages_before, part.pages_in_all
    initialize_page_maker(context, root)
    ((resume_at, wanted, right, state, remake),) = context.page_maker
    if before:
        # Behind a forced break, and where the body has begun.
        resume_at, wanted = {0: {0: None}}, {**wanted, "break": "page"}
        right = right if before % 2 == 0 else not right
        values = {"page": [before], "pages": [in_all]}
        state = ([0], values, [set(values)], [])
    context.page_maker = [(None, wanted, right, state, copy.deepcopy(remake))] * before
    context.page_maker.append((resume_at, wanted, right, state, remake))
    context.rendered_notes = []
    pages, number, more = [], before, True
    while more:
        changed = context.page_maker[number][-1]
        changed |= {"content_changed": False, "pages_wanted": False}
        page, resume_at = remake_page(number, context, root, html)
        if page.fixed_boxes or changed["content_changed"] or changed["pages_wanted"]:
            raise NotAloneError
        pages.append(page)
        number += 1
        more = resume_at is not None
    if context.reported_footnotes or context.broken_out_of_flow:
        raise NotAloneError
    for number, page in enumerate(pages, 1):
        _add_margins(page, context, context.page_maker[before + number][3], before + number, in_all)
    return pages


def renumber(layout: Layout, before: Part, after: Part) -> None:
    """Let the pages of a part stand elsewhere: only what is in their margins tells."""
    for number, page in enumerate(layout.document.pages, 1):
        state = layout.context.page_maker[before.pages_before + number][3]
        _add_margins(
            page._page_box,
            layout.context,
            state,
            after.pages_before + number,
            after.pages_in_all,
        )


def _add_margins(page: Any, context: Any, state: Any, number: int, in_all: int) -> None:
    context.current_page = number
    state[1].update(page=[number], pages=[in_all])
    content, *others = page.children
    areas = [each for each in others if each.children and not isinstance(each, boxes.MarginBox)]
    page.children = (content, *areas, *make_margin_boxes(context, page, state))
    layout_backgrounds(page, context.get_image_from_uri)


_PREFIXES = {
    "http://www.w3.org/1999/xlink": "xlink:",
    "http://www.w3.org/XML/1998/namespace": "xml:",
}


def serialize(root: Element, *, whole: bool = True) -> str:
    """HTML that parses to the same tree; of a part of one, without what follows it."""
    plain = copy.deepcopy(root)
    if not whole:
        plain.tail = None
    for element in plain.iter():
        if isinstance(element.tag, str):  # a comment's is a function
            element.tag = element.tag.rpartition("}")[2]  # HTML knows SVG by its name alone
            for name in [name for name in element.attrib if name.startswith("{")]:
                space, _, local = name[1:].partition("}")
                element.set(_PREFIXES.get(space, "") + local, element.attrib.pop(name))
    text = ElementTree.tostring(plain, encoding="unicode", method="html")
    return f"<!DOCTYPE html>\n{text}" if whole else text


__all__ = [
    "PT_PER_PX",
    "Layout",
    "NotAloneError",
    "Part",
    "lay_out",
    "parse",
    "renumber",
    "serialize",
    "walk",
]
