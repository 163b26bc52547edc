"""Layout to a fixed point: until phrases fit their lines and sections their pages.

If the sections are independent of each other, only those that an iteration has changed are laid out
in the next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reportgen.render.layout.laid_out_document import replaced, serialize
from reportgen.render.layout.layout_cache import Memory, remembering
from reportgen.render.layout.layout_engine import (
    NotAloneError,
    begin,
    lay_out,
    lay_out_again,
    number_pages,
)
from reportgen.render.layout.pagination import paginate
from reportgen.render.layout.section_independence import (
    attributes_reach,
    independent,
    stand_alone,
    told_apart_by_place,
)
from reportgen.render.layout.selector_dependencies import attributes_asked
from reportgen.render.layout.stylesheet_cache import parsed
from reportgen.render.layout.text_overflow import loosen

if TYPE_CHECKING:
    from typing import Unpack

    from reportgen.render.layout.laid_out_document import Layout
    from reportgen.render.weasyprint_types import LayoutOptions

ROUNDS: Final = 6  # iterations; two suffice for most documents


def lay_out_rounds(html: str, css: str, **options: Unpack[LayoutOptions]) -> Layout:
    """Return the layout of HTML; ``css``: the text of its sheets, ``ground``: as for ``begin``."""
    with parsed(css).of("", css):
        layout = _incrementally(html, css, options)
        if layout is not None:
            return layout
        layout = lay_out(html, **options)
        for _ in range(ROUNDS):
            changes = loosen(layout) or paginate(layout)
            if not changes:
                break
            layout = lay_out(serialize(replaced(layout.root, changes)), **options)
        return layout


def _incrementally(html: str, css: str, options: LayoutOptions) -> Layout | None:
    """Return the layout, each iteration laying out what has changed, or None if not possible."""
    if attributes_reach(html):
        return None
    with remembering(Memory(asked=attributes_asked(css, html))):
        engine = begin(html, **options)
        if told_apart_by_place(engine, css) or not independent(engine, css):
            return None
        try:
            layout = engine.apart()
            for _ in range(ROUNDS):
                changes = loosen(layout) or paginate(layout)
                if not changes:
                    break
                layout = lay_out_again(layout, changes)
                if not stand_alone(layout):
                    return None
        except NotAloneError:
            return None
        number_pages(layout.leaves, 0, len(layout.leaves))
    return layout


__all__ = ["ROUNDS", "lay_out_rounds"]
