"""Layout to a fixed point: until phrases fit their lines and sections their pages.

If the sections are independent of each other, only those that an iteration has changed are laid out
in the next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reportgen.render.layout.laid_out_document import serialize, with_replaced_children
from reportgen.render.layout.layout_cache import LayoutCache, use_cache
from reportgen.render.layout.layout_engine import (
    CrossSectionError,
    lay_out,
    lay_out_changes,
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

    from reportgen.render.layout.laid_out_document import Layout
    from reportgen.render.weasyprint_types import LayoutOptions

MAX_ITERATIONS: Final = 6  # iterations; two suffice for most documents


def layout_to_fixed_point(html: str, css: str, **options: Unpack[LayoutOptions]) -> Layout:
    """Return the layout of HTML; ``css``: its sheets, ``ground``: as for ``prepare_layout``."""
    with prepared_stylesheets(css).use("", css):
        layout = _incrementally(html, css, options)
        if layout is not None:
            return layout
        layout = lay_out(html, **options)
        for _ in range(MAX_ITERATIONS):
            changes = allow_phrase_breaks(layout) or paginate(layout)
            if not changes:
                break
            layout = lay_out(serialize(with_replaced_children(layout.root, changes)), **options)
        return layout


def _incrementally(html: str, css: str, options: LayoutOptions) -> Layout | None:
    """Return the layout, each iteration laying out what has changed, or None if not possible."""
    if has_cross_section_rules_in_style_attributes(html):
        return None
    with use_cache(LayoutCache(matched_attributes=attributes_matched_on(css, html))):
        engine = prepare_layout(html, **options)
        if uses_sibling_selectors(engine, css) or not sections_are_independent(engine, css):
            return None
        try:
            layout = engine.independent_pages()
            for _ in range(MAX_ITERATIONS):
                changes = allow_phrase_breaks(layout) or paginate(layout)
                if not changes:
                    break
                layout = lay_out_changes(layout, changes)
                if not children_are_pages(layout):
                    return None
        except CrossSectionError:
            return None
        renumber_pages(layout.pages, 0, len(layout.pages))
    return layout


__all__ = ["MAX_ITERATIONS", "layout_to_fixed_point"]
