"""A document laid out until its phrases fit their lines and its sections their pages.

Where the sections do not reach into each other, only those that a round has changed are laid out
in the next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from reportgen.render.independent import (
    attributes_reach,
    independent,
    stand_alone,
    told_apart_by_place,
)
from reportgen.render.layout import replaced, serialize
from reportgen.render.overhang import loosen
from reportgen.render.paginate import paginate
from reportgen.render.remembered import Memory, remembering
from reportgen.render.selectors import attributes_asked
from reportgen.render.stylesheets import parsed
from reportgen.render.typeset import NotAloneError, begin, lay_out, lay_out_again, number_pages

if TYPE_CHECKING:
    from reportgen.render.layout import Layout

ROUNDS: Final = 6  # until phrases and pages settle; two are enough for most


def lay_out_rounds(html: str, css: str, **ground: Any) -> Layout:
    """The layout of HTML; ``css`` is the text of its sheets, ``ground`` as ``begin`` has it."""
    with parsed(css).of("", css):
        layout = _apart(html, css, ground)
        if layout is not None:
            return layout
        layout = lay_out(html, **ground)
        for _ in range(ROUNDS):
            changes = loosen(layout) or paginate(layout)
            if not changes:
                break
            layout = lay_out(serialize(replaced(layout.root, changes)), **ground)
        return layout


def _apart(html: str, css: str, ground: Any) -> Layout | None:
    """The layout, of which rounds make only what has changed; None where that cannot be."""
    if attributes_reach(html):
        return None
    with remembering(Memory(asked=attributes_asked(css, html))):
        work = begin(html, **ground)
        if told_apart_by_place(work, css) or not independent(work, css):
            return None
        try:
            layout = work.apart()
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
