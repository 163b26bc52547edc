"""Section layout: a document's pages, made from its sections, each laid out once.

If the children of the body are independent of each other, each is laid out by itself on a page
without an end. One that fits its page is kept as it is; one whose phrases do not fit their lines,
or whose rows do not fit its page, is replaced, and its replacements are laid out in turn. A section
that a cache holds is not laid out at all: a preview is a build with such a cache.

A document whose sections depend on each other is laid out as a whole, again and again.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree

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
from reportgen.render.layout.section_independence import (
    children_are_pages,
    has_cross_section_rules_in_style_attributes,
    sections_are_independent,
    uses_sibling_selectors,
)
from reportgen.render.layout.selector_dependencies import attributes_matched_on
from reportgen.render.layout.stylesheet_cache import prepared_stylesheets
from reportgen.render.layout.text_overflow import allow_phrase_breaks

if TYPE_CHECKING:
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
    """Return the layout of HTML; ``css``: its stylesheets, ``options``: of ``prepare_layout``."""
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
    """Return the layout of a document whose sections may depend on each other."""
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

    The boxes in the margins of their pages are not made (see :func:`renumber_pages`).
    """
    if has_cross_section_rules_in_style_attributes(html):
        return None
    with use_cache(cache.text):
        try:
            return _lay_out_sections(prepare_layout(html, **options), css, cache)
        except CrossSectionError:
            return None


def _lay_out_sections(engine: LayoutEngine, css: str, cache: SectionCache) -> list[Section]:
    """Return the sections of a document; raises CrossSectionError."""
    if any(next(body_element(engine.root).iter(tag), None) is not None for tag in _STYLE_TAGS):
        raise CrossSectionError
    originals = list(body_element(engine.root))
    keys = dict(zip(originals, _section_keys(engine.root), strict=True))
    known = {child: cache.sections.get(key, ()) for child, key in keys.items()}
    missing = [child for child in originals if not known[child]]
    engine.cascade(originals, missing)
    if uses_sibling_selectors(engine, css) or not sections_are_independent(engine, css):
        raise CrossSectionError
    parts = {child: [section.element for section in known[child]] or [child] for child in originals}
    done = {section.element: section for sections in known.values() for section in sections}
    for number in range(MAX_ITERATIONS + 1):
        children = [part for child in originals for part in parts[child]]
        measured = [
            engine.measure(child, box, is_first=child is children[0])
            for child, box in zip(missing, engine.boxes_of(missing) if missing else (), strict=True)
        ]
        changes = _changes(engine, measured) if number < MAX_ITERATIONS and measured else {}
        done |= {
            section.element: section
            if section.fits
            else engine.break_pages(section, is_first=section.element is children[0])
            for section in measured
            if section.element not in changes
        }
        missing = [new for child in missing for new in changes.get(child, ())]
        if not missing:
            break
        for child in originals:
            parts[child] = [new for part in parts[child] for new in changes.get(part, (part,))]
        engine.cascade([part for child in originals for part in parts[child]], missing)
        if not children_are_pages(engine):
            raise CrossSectionError
    for child in originals:
        cache.store(keys[child], tuple(done[part] for part in parts[child]))
    return [done[part] for child in originals for part in parts[child]]


def _changes(engine: LayoutEngine, measured: list[Section]) -> dict[Element, list[Element]]:
    """Return what replaces sections whose phrases do not fit their lines, or rows their page."""
    layout = engine.layout(measured)
    return paginate(layout) | allow_phrase_breaks(layout)


def section_digest(section: Section) -> str:
    """Return a digest of all that a section's pages depend on, but for their numbers."""
    root = section.engine.root
    return _digest(_frame(root), section.element, section.pages[0].box.page_type.index == 0)


def _section_keys(root: Element) -> list[str]:
    """Return, for each child of the body, a digest of all that it and its parts depend on."""
    body, frame = body_element(root), _frame(root)
    return [_digest(frame, child, (child is body[0], child is body[-1])) for child in body]


def _frame(root: Element) -> bytes:
    """Return what surrounds the body's children."""
    head = b"".join(ElementTree.tostring(child) for child in root if child.tag != "body")
    return repr((root.attrib, body_element(root).attrib)).encode() + head


def _digest(frame: bytes, element: Element, position: object) -> str:
    parts = (frame, ElementTree.tostring(element), repr(position).encode())
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


__all__ = [
    "MAX_ITERATIONS",
    "SectionCache",
    "lay_out_as_whole",
    "lay_out_document",
    "lay_out_sections",
    "section_digest",
]
