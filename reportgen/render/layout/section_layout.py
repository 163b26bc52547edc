"""Section layout: a document's pages, made from its sections, each laid out once.

If the children of the body are independent of each other, each is laid out by itself on a page
without an end. One that fits its page is kept as it is. One whose rows do not fit its page is
replaced by its pages, to which the rows are moved as they are laid out (``row_moving``); only where
that cannot be, and where phrases do not fit their lines, what replaces it is laid out in turn. A
section that a cache holds is not laid out at all: a preview is a build with such a cache.

A document whose sections depend on each other is laid out as a whole, again and again.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree

from reportgen.render.layout.css_dependencies import has_cross_section_rules_in_style_attributes
from reportgen.render.layout.laid_out_document import (
    body_element,
    serialize,
    with_replaced_children,
)
from reportgen.render.layout.layout_cache import LayoutCache, use_cache
from reportgen.render.layout.layout_engine import (
    CrossSectionError,
    Section,
    lay_out,
    prepare_layout,
    renumber_pages,
)
from reportgen.render.layout.pagination import paginate
from reportgen.render.layout.row_moving import move_rows
from reportgen.render.layout.section_independence import (
    children_are_pages,
    sections_are_independent,
)
from reportgen.render.layout.selector_dependencies import attributes_matched_on
from reportgen.render.layout.stylesheet_cache import prepared_stylesheets
from reportgen.render.layout.text_overflow import allow_phrase_breaks

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Unpack
    from xml.etree.ElementTree import Element

    from reportgen.render.layout.laid_out_document import Layout
    from reportgen.render.layout.layout_engine import LayoutEngine
    from reportgen.render.weasyprint_types import LayoutOptions

MAX_ITERATIONS: Final = 6  # iterations; two suffice for most documents
MAX_CACHED_SECTIONS: Final = 300
_STYLE_TAGS: Final = ("style", "link", "base")  # in one section, they affect the others


@dataclass(slots=True)
class SectionCache:
    """A cache of laid-out sections, for one set of fonts and one state of a template's files."""

    text: LayoutCache
    sections: OrderedDict[str, tuple[Section, ...]] = field(default_factory=OrderedDict)

    def store(self, key: str, sections: tuple[Section, ...]) -> None:
        """Store what a section has become, and evict the least recently used."""
        self.sections[key] = sections
        self.sections.move_to_end(key)
        while len(self.sections) > MAX_CACHED_SECTIONS:
            self.sections.popitem(last=False)


def lay_out_document(html: str, css: str, **options: Unpack[LayoutOptions]) -> Layout:
    """Return the layout of HTML, its overlong sections distributed over pages.

    ``css`` is the text of the stylesheets that it links; ``options`` are the other arguments of
    ``prepare_layout``. Sections are laid out one by one if that is possible, else as a whole.
    """
    with prepared_stylesheets(css).use("", css):
        cache = SectionCache(LayoutCache(matched_attributes=attributes_matched_on(css, html)))
        sections = lay_out_sections(html, css, cache, **options)
        if sections is None:
            return lay_out_as_whole(html, **options)
        pages = [page for section in sections for page in section.pages]
        with use_cache(cache.text):
            renumber_pages(pages, 0, len(pages))
        return sections[0].engine.layout(sections)


def lay_out_as_whole(html: str, **options: Unpack[LayoutOptions]) -> Layout:
    """Return the layout of a document whose sections may depend on each other.

    It is laid out again until no phrase and no section is too long, at most ``MAX_ITERATIONS``
    times more: what is too long still is broken over pages as it is.
    """
    layout = lay_out(html, **options)
    for _ in range(MAX_ITERATIONS):
        changes = allow_phrase_breaks(layout) or paginate(layout)
        if not changes:
            break
        layout = lay_out(serialize(with_replaced_children(layout.root, changes)), **options)
    return layout


def lay_out_sections(
    html: str, css: str, cache: SectionCache, **options: Unpack[LayoutOptions]
) -> list[Section] | None:
    """Return the sections that the body's children become, or None if they are not independent.

    Those that ``cache`` has are not laid out; the others are stored in it. The boxes in the margins
    of their pages are not made (see :func:`renumber_pages`).
    """
    if has_cross_section_rules_in_style_attributes(html):
        return None
    with use_cache(cache.text):
        try:
            return _lay_out_sections(prepare_layout(html, **options), css, cache)
        except CrossSectionError:
            return None


def _lay_out_sections(engine: LayoutEngine, css: str, cache: SectionCache) -> list[Section]:
    """Return the sections of a document, and store them in the cache.

    Raises CrossSectionError if they depend on each other.
    """
    body = body_element(engine.root)
    if any(next(body.iter(tag), None) is not None for tag in _STYLE_TAGS):
        raise CrossSectionError
    keys = dict(zip(body, _section_keys(engine.root), strict=True))
    known = {child: cache.sections.get(key, ()) for child, key in keys.items()}
    missing = [child for child in keys if not known[child]]
    engine.cascade(keys, missing)
    # Selectors that match on more than attributes may match on other sections.
    if cache.text.matched_attributes is None or not sections_are_independent(engine, css):
        raise CrossSectionError
    document = _DocumentParts(engine, known)
    for number in range(MAX_ITERATIONS + 1):
        missing = document.lay_out(missing, may_change=number < MAX_ITERATIONS)
        if not missing:
            break
    for child, key in keys.items():
        cache.store(key, document.sections_of(child))
    return [section for child in keys for section in document.sections_of(child)]


class _DocumentParts:
    """What the children of a document's body have become so far."""

    def __init__(self, engine: LayoutEngine, known: Mapping[Element, tuple[Section, ...]]) -> None:
        """Start with the body's children; ``known`` has the cached sections of each.

        A child without cached sections is a part that is still to be laid out.
        """
        self._engine = engine
        self._parts = {
            child: [section.element for section in sections] or [child]
            for child, sections in known.items()
        }
        self._done = {
            section.element: section for sections in known.values() for section in sections
        }

    def sections_of(self, child: Element) -> tuple[Section, ...]:
        """Return the laid-out sections that a child of the original body has become."""
        return tuple(self._done[part] for part in self._parts[child])

    def _all_parts(self) -> list[Element]:
        """Return all parts in document order."""
        return [part for parts in self._parts.values() for part in parts]

    def lay_out(self, missing: Sequence[Element], *, may_change: bool) -> list[Element]:
        """Lay out parts, and return those that replace some of them and are not laid out yet.

        Parts that fit are done, and so are new ones whose rows can be moved to them; the others are
        to be laid out by the next call. If ``may_change`` is false, no part is replaced: it is
        broken over pages as it is. Raises CrossSectionError if the new parts are no pages of their
        own.
        """
        if not missing:
            return []
        engine, first = self._engine, self._all_parts()[0]
        measured = [
            engine.measure(part, box, is_first=part is first)
            for part, box in zip(missing, engine.boxes_of(missing), strict=True)
        ]
        changes = _replacements(engine, measured) if may_change else {}
        for section in measured:
            if section.element not in changes:
                self._done[section.element] = (
                    section
                    if section.fits
                    else engine.break_pages(section, is_first=section.element is first)
                )
        if not changes:
            return []
        for child, parts in self._parts.items():
            self._parts[child] = [new for part in parts for new in changes.get(part, (part,))]
        new_parts = [new for parts in changes.values() for new in parts]
        engine.cascade(self._all_parts(), new_parts)
        if not children_are_pages(engine):
            raise CrossSectionError
        first = self._all_parts()[0]
        for section in measured:
            for part in changes.get(section.element, ()):
                moved = move_rows(section, part, is_first=part is first)
                if moved is not None:
                    self._done[part] = moved
        return [part for part in new_parts if part not in self._done]


def _replacements(
    engine: LayoutEngine, measured: Sequence[Section]
) -> dict[Element, list[Element]]:
    """Return the elements that replace sections with overlong lines or tables.

    If a section has both, the lines come first: what replaces it is measured again.
    """
    layout = engine.layout(measured)
    return paginate(layout) | allow_phrase_breaks(layout)


def section_digest(section: Section) -> str:
    """Return a digest of all that a section's pages depend on, but for their numbers.

    Stylesheets and fonts are not part of it.
    """
    root = section.engine.root
    return _digest(_surroundings(root), section.element, section.pages[0].box.page_type.index == 0)


def _section_keys(root: Element) -> list[str]:
    """Return, for each child of the body, a digest of all that it and its parts depend on."""
    body, frame = body_element(root), _surroundings(root)
    return [_digest(frame, child, (child is body[0], child is body[-1])) for child in body]


def _surroundings(root: Element) -> bytes:
    """Return what surrounds the body's children: the head, and the attributes of html and body."""
    head = b"".join(ElementTree.tostring(child) for child in root if child.tag != "body")
    return repr((root.attrib, body_element(root).attrib)).encode() + head


def _digest(frame: bytes, element: Element, position: object) -> str:
    """Return a digest of an element with what surrounds it and its position."""
    parts = (frame, ElementTree.tostring(element), repr(position).encode())
    return hashlib.sha256(b"\0".join(parts)).hexdigest()
