"""Layout engine: HTML to laid-out sections, each by itself, and to the document that they make.

The steps between WeasyPrint's public functions are done here one by one, so that a section can be
laid out without the others and put among them. ``tests/render/layout/test_section_layout.py``
compares the pages with those of a complete layout.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from cssselect2 import ElementWrapper
from weasyprint import HTML, Document
from weasyprint.css import StyleFor
from weasyprint.document import DEFAULT_OPTIONS, Page, get_html_metadata
from weasyprint.formatting_structure import boxes
from weasyprint.formatting_structure.build import build_formatting_structure
from weasyprint.layout import initialize_page_maker, layout_document
from weasyprint.layout.background import layout_backgrounds
from weasyprint.layout.page import make_margin_boxes, remake_page
from weasyprint.pdf.metadata import DocumentMetadata
from weasyprint.text.ffi import ffi, fontconfig

from reportgen.render.layout.laid_out_document import LaidOutPage, Layout, body_element
from reportgen.render.layout.list_counters import apply_list_attributes, counter_styles

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from typing import Unpack
    from xml.etree.ElementTree import Element

    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher

    from reportgen.render.weasyprint_types import Box, ComputedStyles, LayoutOptions, PageBox, Style


ffi.cdef("FcBool FcConfigSetCurrent (FcConfig *config);")


@dataclass(frozen=True, slots=True)
class Section:
    """A child of the body, laid out as if the others stood on pages of their own.

    The margin boxes of its pages are numbered as if it were alone (see ``renumber_pages``).
    """

    element: Element
    box: Box  # in the box tree
    pages: tuple[LaidOutPage, ...]
    fits: bool  # its pages; if not, it has one page, which goes on below its end
    engine: LayoutEngine

    def layout(self) -> Layout:
        """Return its pages as a document of their own."""
        return self.engine.layout((self,))


class CrossSectionError(Exception):
    """Raised if a section depends on others, or reaches into them."""


def prepare_layout(
    html: str, *, base_url: str, fetcher: URLFetcher, fonts: FontConfiguration
) -> LayoutEngine:
    """Return the engine of parsed HTML; no styles are computed and nothing is laid out yet.

    Its stylesheets are those that the HTML links or contains; ``fetcher`` loads them when the
    styles are computed.
    """
    return LayoutEngine(HTML(string=html, base_url=base_url, url_fetcher=fetcher), fonts)


def lay_out(html: str, **options: Unpack[LayoutOptions]) -> Layout:
    """Return the layout of HTML as a whole, as WeasyPrint alone would make it.

    ``options`` are the other arguments of ``prepare_layout``. Nothing is distributed over pages.
    """
    engine = prepare_layout(html, **options)
    engine.cascade(body_element(engine.root))
    return engine.all_pages()


class LayoutEngine:
    """A document whose sections are laid out one by one."""

    def __init__(self, html: HTML, fonts: FontConfiguration) -> None:
        """Prepare the layout of parsed HTML; styles are computed by :meth:`cascade` only.

        Attributes of lists are turned into styles, in the HTML's tree. From now on the process
        looks up families, such as ``serif``, by the rules of these fonts.
        """
        # Pango looks them up in the process's current configuration, whichever fonts it prints by.
        fontconfig.FcConfigSetCurrent(fonts._config)
        self.html = html
        self._fonts = fonts
        apply_list_attributes(html.etree_element)
        self._counters = counter_styles()
        self._profiles: dict[str, object] = {}
        self._options = DEFAULT_OPTIONS | {
            "pdf_variant": "pdf/a-3a",
            "pdf_tags": True,
            "output_intent": "srgb",
        }
        self.context: Any = None  # before the cascade
        self._frame: Box  # the boxes of html and body
        self._empty_pages: dict[tuple[bool, str], LaidOutPage] = {}
        # Of elements with styles before the last cascade: pairs of former and new style.
        self.restyled: dict[Element, list[tuple[Style | None, Style | None]]] = {}
        # Pairs of styles and the properties that differ, by the styles' id().
        self.style_differences: dict[tuple[int, int], tuple[Style, Style, frozenset[str]]] = {}

    @property
    def root(self) -> Element:
        """The html element."""
        element: Element = self.html.etree_element
        return element

    def style(self, element: Element, pseudo: str | None = None) -> Any:
        """Return the computed style of an element, or of its pseudo-element such as ``before``.

        None if the stylesheets give the pseudo-element no style. Like that of :class:`Layout`, it
        is shared between elements: never change it.
        """
        return self.context.style_for(element, pseudo)

    def cascade(
        self, children: Iterable[Element], shown: Collection[Element] | None = None
    ) -> None:
        """Make ``children`` the body's, and compute the styles of those that are ``shown``, or all.

        Children not shown stand in the body as empty copies, so that selectors by position match.
        Styles of elements that are in the body no longer are kept; elements computed anew are
        compared with before in ``restyled``.
        """
        body = body_element(self.root)
        body[:] = [
            child if shown is None or child in shown else _empty_copy(child) for child in children
        ]
        self.html.wrapper_element = ElementWrapper.from_html_root(self.root, content_language=None)
        if self.context is None:
            self.context = Document._build_layout_context(
                self.html, self._fonts, self._counters, self._profiles, self._options
            )
            return
        styles = self.context.style_for
        known = styles.get_computed_styles()
        more = StyleFor(self.html, styles._sheets, False, self._fonts, None).get_computed_styles()
        self.restyled = _restyled_elements(known, more)
        known.update(more)

    def all_pages(self) -> Layout:
        """Return the layout of all pages, as WeasyPrint makes them; needs :meth:`cascade`."""
        structure = self._build_box_tree()
        pages = list(layout_document(self.html, structure, self.context))
        states = self.context.page_maker
        return self._make_layout(
            structure,
            tuple(
                LaidOutPage(page, self.context, states[number][3])
                for number, page in enumerate(pages, 1)
            ),
        )

    def boxes_of(self, children: Sequence[Element]) -> list[Box]:
        """Make ``children``, whose styles are computed, the body's, and return the box of each.

        Raises CrossSectionError if a child has no box or several, so that they do not correspond.
        """
        body_element(self.root)[:] = children
        self._frame = self._build_box_tree()
        (body,) = self._frame.children
        if [box.element for box in body.children] != children:
            raise CrossSectionError
        return list(body.children)

    def measure(self, element: Element, box: Box, *, is_first: bool) -> Section:
        """Return a child of the body laid out on a page without an end.

        ``is_first``: as the document's first page. If it reaches below the page's end, it does not
        ``fit``. A child with page breaks of its own is laid out on pages with an end instead.
        Raises CrossSectionError if its pages depend on others.
        """
        context = self.context
        lowest = 0.0

        def overflows_page(bottom_space: float, position_y: float) -> bool:
            nonlocal lowest
            lowest = max(lowest, position_y + bottom_space)
            return False

        context.overflows_page = overflows_page
        try:
            pages = self._make_pages(box, is_first=is_first)
        finally:
            del context.overflows_page
        if len(pages) > 1:  # by breaks of its own
            return self.break_pages(Section(element, box, pages, False, self), is_first=is_first)
        # What no check would have found too low has been laid out as on a page with an end.
        fits = not context.overflows(context.page_bottom, lowest)
        return Section(element, box, pages, fits, self)

    def break_pages(self, section: Section, *, is_first: bool) -> Section:
        """Return a section laid out once more, on as many pages as WeasyPrint breaks it into.

        Raises CrossSectionError if its pages depend on others.
        """
        pages = self._make_pages(section.box, is_first=is_first)
        return Section(section.element, section.box, pages, True, self)

    def empty_page(self, box: Box, style: Style, *, is_first: bool) -> LaidOutPage:
        """Return the page that a section with this box and style stands on, without its content.

        It is cached by the page's name and ``is_first``, and must not be changed.
        """
        key = (is_first, style["page"])
        if key not in self._empty_pages:
            empty = box.copy_with_children([])
            empty.style = style
            (self._empty_pages[key],) = self._make_pages(empty, is_first=is_first)
        return self._empty_pages[key]

    def layout(self, sections: Sequence[Section]) -> Layout:
        """Return the layout of a document of these sections, which become the body's children.

        The boxes in the margins of the pages stay as they are.
        """
        body_element(self.root)[:] = [section.element for section in sections]
        pages = tuple(page for section in sections for page in section.pages)
        return self._make_layout(self._framed_tree([section.box for section in sections]), pages)

    def _make_layout(self, structure: Box, pages: tuple[LaidOutPage, ...]) -> Layout:
        """Return the document of a box tree and laid-out pages."""
        document = Document(
            [Page(page.box) for page in pages],
            DocumentMetadata(**get_html_metadata(self.html)),
            self.html.url_fetcher,
            self._fonts,
            self._profiles,
            self._options["output_intent"],
        )
        return Layout(
            html=self.html,
            document=document,
            style_for=self.context.style_for,
            box_tree=structure,
            pages=pages,
        )

    def _build_box_tree(self) -> Box:
        """Return the box tree of the html element with its present children; needs styles."""
        root_box: Box = build_formatting_structure(
            self.root,
            self.context.style_for,
            self.context.get_image_from_uri,
            self.html.base_url,
            self.context.target_collector,
            self._counters,
            self.context.footnotes,
        )
        return root_box

    def _framed_tree(self, children: Sequence[Box]) -> Box:
        """Return the box tree of html and body, with ``children`` as the body's."""
        (body,) = self._frame.children
        return self._frame.copy_with_children([body.copy_with_children(children)])

    def _make_pages(self, box: Box, *, is_first: bool) -> tuple[LaidOutPage, ...]:
        """Return a section's pages as WeasyPrint's ``layout_document`` makes them.

        Raises CrossSectionError for fixed boxes, footnotes and content that depends on other pages.
        """
        context, structure = self.context, self._framed_tree([box])
        pages_before = 0 if is_first else 1
        context.page_maker = []
        initialize_page_maker(context, structure)
        ((resume_at, wanted, right, state, remake),) = context.page_maker
        if pages_before:
            # After a forced break, and within the body.
            resume_at, wanted = {0: {0: None}}, {**wanted, "break": "page"}
            right = not right
            values = {"page": [pages_before], "pages": [pages_before]}
            state = ([0], values, [set(values)], [])
        context.page_maker = [(None, wanted, right, state, copy.deepcopy(remake))] * pages_before
        context.page_maker.append((resume_at, wanted, right, state, remake))
        context.rendered_notes = []
        pages, number, has_more = [], pages_before, True
        while has_more:
            remake_state = context.page_maker[number][-1]
            remake_state |= {"content_changed": False, "pages_wanted": False}
            page, resume_at = remake_page(number, context, structure, self.html)
            if page.fixed_boxes or remake_state["content_changed"] or remake_state["pages_wanted"]:
                raise CrossSectionError
            pages.append(page)
            number += 1
            has_more = resume_at is not None
        if context.reported_footnotes or context.broken_out_of_flow:
            raise CrossSectionError
        _bookmark_once(pages)
        _share_page_styles(pages, pages_before)
        return tuple(
            LaidOutPage(page, context, context.page_maker[pages_before + number][3])
            for number, page in enumerate(pages, 1)
        )


def renumber_pages(pages: Sequence[LaidOutPage], pages_before: int, page_count: int) -> None:
    """Make the boxes in the margins of pages anew, in place, with their numbers in the document.

    ``pages_before`` precede the first of them; ``page_count`` is that of the whole document.
    """
    for number, page in enumerate(pages, pages_before + 1):
        page.context.current_page = number
        page.state[1].update(page=[number], pages=[page_count])
        content, *page_children = page.box.children
        footnote_areas = [
            child
            for child in page_children
            if child.children and not isinstance(child, boxes.MarginBox)
        ]
        margins = make_margin_boxes(page.context, page.box, page.state)
        page.box.children = (content, *footnote_areas, *margins)
        layout_backgrounds(page.box, page.context.get_image_from_uri)


def _restyled_elements(
    known: ComputedStyles, more: ComputedStyles
) -> dict[Element, list[tuple[Style | None, Style | None]]]:
    """Return the elements in both that have another style in ``more``, with (old, new) of each.

    Pseudo-elements count; a style that is missing in one of them is None.
    """
    shared = {element for element, pseudo in more if pseudo is None and (element, None) in known}
    changed: dict[Element, list[tuple[Style | None, Style | None]]] = {}
    for key in (*more, *(key for key in known if key not in more)):
        old, new = known.get(key), more.get(key)
        if old is not new and key[0] in shared:
            changed.setdefault(key[0], []).append((old, new))
    return changed


def _empty_copy(element: Element) -> Element:
    """Return a copy of an element without text and children; it shares the attributes."""
    empty = ElementTree.Element(element.tag, element.attrib)
    empty.tail = element.tail
    return empty


def _share_page_styles(pages: Iterable[PageBox], pages_before: int) -> None:
    """Give the pages that no stylesheet can tell apart one style and page type, in place.

    They are those of the same name, blank or not alike, but the document's first page, which is
    among them if ``pages_before`` is 0.
    """
    first_of: dict[object, PageBox] = {}
    for number, page in enumerate(pages, pages_before):
        page_type = page.page_type
        if number:
            first_alike = first_of.setdefault((page_type.blank, page_type.name), page)
            page.page_type, page.style = first_alike.page_type, first_alike.style


def _bookmark_once(pages: Iterable[PageBox]) -> None:
    """Remove, in place, the bookmarks of content that is repeated, except where it stands first."""
    seen: set[tuple[Element, str]] = set()
    for page in pages:
        for box in page.descendants():
            if box.bookmark_label:
                kind = box.element_tag.partition("::")[2]
                if (box.element, kind) in seen:
                    box.bookmark_label = ""
                seen.add((box.element, kind))
