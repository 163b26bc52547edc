"""Layout engine: HTML to a laid-out document, complete or reusing pages of an earlier layout.

The steps between WeasyPrint's public functions are done here one by one, so that pages can be laid
out in isolation and put among others. ``tests/render/layout/test_layout_engine.py`` compares them
with those of the complete layout.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from cssselect2 import ElementWrapper
from weasyprint import HTML, Document
from weasyprint.document import DEFAULT_OPTIONS, Page, get_html_metadata
from weasyprint.formatting_structure import boxes
from weasyprint.formatting_structure.build import build_formatting_structure
from weasyprint.layout import initialize_page_maker, layout_document
from weasyprint.layout.background import layout_backgrounds
from weasyprint.layout.page import make_margin_boxes, remake_page
from weasyprint.pdf.metadata import DocumentMetadata

from reportgen.render.layout.laid_out_document import LaidOutPage, Layout, body_element
from reportgen.render.layout.list_counters import apply_list_attributes, counter_styles

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Unpack
    from xml.etree.ElementTree import Element

    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher

    from reportgen.render.weasyprint_types import Box, LayoutOptions, PageBox


@dataclass(frozen=True, slots=True)
class BodyPart:
    """One child of the body, laid out as if the others stood on pages of their own."""

    index: int  # among the body's children
    pages_before: int
    page_count: int


class CrossSectionError(Exception):
    """Raised if content of a part continues beyond its last page."""


def prepare_layout(
    html: str, *, base_url: str, fetcher: URLFetcher, fonts: FontConfiguration
) -> LayoutEngine:
    """Parse and cascade; stylesheets are those that the HTML links."""
    return LayoutEngine(HTML(string=html, base_url=base_url, url_fetcher=fetcher), fonts)


def lay_out(html: str, *, part: BodyPart | None = None, **options: Unpack[LayoutOptions]) -> Layout:
    """Parse, cascade and lay out; ``ground`` holds the further arguments of ``prepare_layout``.

    With ``part`` all else in the body takes part in the cascade only. Raises CrossSectionError if
    that cannot equal the same part of a complete layout.
    """
    engine = prepare_layout(html, **options)
    return engine.all_pages() if part is None else engine.part_pages(part)


def lay_out_changes(layout: Layout, changes: Mapping[Element, Sequence[Element]]) -> Layout:
    """Return a layout in which children of the body are replaced: only these are laid out.

    Each child must stand on pages of its own; the boxes in the margins of the pages are not made
    (see :func:`renumber_pages`). Raises CrossSectionError if content of a new one continues beyond
    its last page. The old layout must not be used any more.
    """
    replacements = [(child, changes.get(child)) for child in body_element(layout.root)]
    html, order = _with_empty_children(layout.html, replacements)
    engine = LayoutEngine(html, layout.document.font_config)
    pages, boxes_of = _pages_by_child(layout), _boxes_by_child(layout.box_tree)
    leaves: list[LaidOutPage] = []
    structure: Any = None  # there is at least one new child
    for needs_layout, run in groupby(order, key=lambda child: child not in pages):
        group = list(run)
        if needs_layout:
            structure = engine.structure(frozenset({*body_element(html.etree_element)} - {*group}))
            boxes_of |= _boxes_by_child(structure)
            leaves += engine.make_pages(structure, len(leaves))
        else:
            leaves += (leaf for child in group for leaf in pages[child])
    body_element(html.etree_element)[:] = order
    return Layout(
        html=html,
        document=engine.document(leaves, layout.document.metadata),
        styles=(engine.context.style_for, *layout.styles),
        box_tree=_with_body_children(
            structure, [boxes_of[child] for child in order if child in boxes_of]
        ),
        pages=tuple(leaves),
    )


class LayoutEngine:
    """A document between its cascade and its pages, which are made once."""

    def __init__(self, html: HTML, fonts: FontConfiguration) -> None:
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
        self.context = Document._build_layout_context(
            html, fonts, self._counters, self._profiles, self._options
        )

    @property
    def root(self) -> Element:
        """The html element."""
        element: Element = self.html.etree_element
        return element

    def style(self, element: Element, pseudo: str | None = None) -> Any:
        """Return the computed style of an element, as :class:`Layout` does."""
        return self.context.style_for(element, pseudo)

    def all_pages(self) -> Layout:
        """Return all pages, as WeasyPrint makes them."""
        structure = self.structure(frozenset())
        pages = list(layout_document(self.html, structure, self.context))
        states = self.context.page_maker
        return self._layout(
            structure,
            tuple(
                LaidOutPage(page, self.context, states[number][3])
                for number, page in enumerate(pages, 1)
            ),
        )

    def independent_pages(self) -> Layout:
        """Return all pages without margin boxes; CrossSectionError if body's children interact."""
        structure = self.structure(frozenset())
        return self._layout(structure, self.make_pages(structure, 0))

    def part_pages(self, part: BodyPart) -> Layout:
        """Return the pages of one of body's children; CrossSectionError if it reaches further."""
        body = body_element(self.root)
        structure = self.structure(frozenset({*body} - {body[part.index]}))
        leaves = self.make_pages(structure, part.pages_before)
        renumber_pages(leaves, part.pages_before, part.page_count)
        return self._layout(structure, leaves)

    def _layout(self, structure: Box, leaves: tuple[LaidOutPage, ...]) -> Layout:
        return Layout(
            html=self.html,
            document=self.document(leaves, DocumentMetadata(**get_html_metadata(self.html))),
            styles=(self.context.style_for,),
            box_tree=structure,
            pages=leaves,
        )

    def structure(self, hidden: frozenset[Element]) -> Box:
        """Return the box tree, in which some elements make no boxes."""
        style_for = self.context.style_for

        def style(element: Element, pseudo: str | None = None) -> Any:
            return {"display": ("none",)} if element in hidden else style_for(element, pseudo)

        root_box: Box = build_formatting_structure(
            self.html.etree_element,
            style if hidden else style_for,
            self.context.get_image_from_uri,
            self.html.base_url,
            self.context.target_collector,
            self._counters,
            self.context.footnotes,
        )
        return root_box

    def make_pages(self, structure: Box, pages_before: int) -> tuple[LaidOutPage, ...]:
        """Return pages as WeasyPrint's ``layout_document`` makes them, from any page number."""
        context = self.context
        context.page_maker = []
        initialize_page_maker(context, structure)
        ((resume_at, wanted, right, state, remake),) = context.page_maker
        if pages_before:
            # After a forced break, and within the body.
            resume_at, wanted = {0: {0: None}}, {**wanted, "break": "page"}
            right = right if pages_before % 2 == 0 else not right
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

    def document(self, leaves: Iterable[LaidOutPage], metadata: DocumentMetadata) -> Document:
        """Return the pages as a WeasyPrint document."""
        return Document(
            [Page(leaf.box) for leaf in leaves],
            metadata,
            self.html.url_fetcher,
            self._fonts,
            self._profiles,
            self._options["output_intent"],
        )


def renumber_pages(leaves: Sequence[LaidOutPage], pages_before: int, page_count: int) -> None:
    """Renumber pages that follow others: only their margin boxes are laid out again."""
    for number, leaf in enumerate(leaves, pages_before + 1):
        leaf.context.current_page = number
        leaf.state[1].update(page=[number], pages=[page_count])
        content, *page_children = leaf.box.children
        footnote_areas = [
            child
            for child in page_children
            if child.children and not isinstance(child, boxes.MarginBox)
        ]
        margins = make_margin_boxes(leaf.context, leaf.box, leaf.state)
        leaf.box.children = (content, *footnote_areas, *margins)
        layout_backgrounds(leaf.box, leaf.context.get_image_from_uri)


def _with_empty_children(
    html: HTML, children: Iterable[tuple[Element, Sequence[Element] | None]]
) -> tuple[HTML, list[Element]]:
    """Return a document in which unchanged children are empty, and the body's final children."""
    order: list[Element] = []
    shown: list[Element] = []
    for child, others in children:
        order += [child] if others is None else others
        shown += [_emptied(child)] if others is None else others
    root: Element = html.etree_element
    twin, body = copy.copy(root), copy.copy(body_element(root))
    twin[list(root).index(body_element(root))] = body
    body[:] = shown
    document = copy.copy(html)
    document.wrapper_element = ElementWrapper.from_html_root(twin, content_language=None)
    document.etree_element = twin
    return document, order


def _emptied(element: Element) -> Element:
    empty = ElementTree.Element(element.tag, element.attrib)
    empty.tail = element.tail
    return empty


def _pages_by_child(layout: Layout) -> dict[Element, list[LaidOutPage]]:
    """Return the pages of each child of the body; CrossSectionError if a page has several."""
    pages: dict[Element, list[LaidOutPage]] = {child: [] for child in body_element(layout.root)}
    for leaf in layout.pages:
        children = [box.element for box in _boxes_within_body(leaf.box.children[0])]
        if len(children) != 1 or children[0] not in pages:
            raise CrossSectionError
        pages[children[0]].append(leaf)
    return pages


def _boxes_by_child(structure: Box) -> dict[Element, Box]:
    return {box.element: box for box in _boxes_within_body(structure)}


def _boxes_within_body(root_box: Box) -> list[Box]:
    return [child for body in root_box.children for child in body.children]


def _with_body_children(structure: Box, children: list[Box]) -> Box:
    """Return the box tree with these children of the body."""
    (body,) = structure.children
    return structure.copy_with_children([body.copy_with_children(children)])


def _share_page_styles(pages: Iterable[PageBox], pages_before: int) -> None:
    """Let pages after the first share one style if no stylesheet distinguishes them."""
    first_of: dict[object, PageBox] = {}
    for number, page in enumerate(pages, pages_before):
        page_type = page.page_type
        if number:
            first_alike = first_of.setdefault((page_type.blank, page_type.name), page)
            page.page_type, page.style = first_alike.page_type, first_alike.style


def _bookmark_once(pages: Iterable[PageBox]) -> None:
    """Keep the first bookmark only of content that is repeated on several pages."""
    seen: set[tuple[Element, str]] = set()
    for page in pages:
        for box in page.descendants():
            if box.bookmark_label:
                kind = box.element_tag.partition("::")[2]
                if (box.element, kind) in seen:
                    box.bookmark_label = ""
                seen.add((box.element, kind))


__all__ = [
    "BodyPart",
    "CrossSectionError",
    "LayoutEngine",
    "lay_out",
    "lay_out_changes",
    "prepare_layout",
    "renumber_pages",
]
