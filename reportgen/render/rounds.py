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
from reportgen.render.stylesheets import Stylesheets
from reportgen.render.typeset import NotAloneError, lay_out, lay_out_again

if TYPE_CHECKING:
    from reportgen.render.layout import Layout

ROUNDS: Final = 6  # until phrases and pages settle; two are enough for most


def lay_out_rounds(html: str, css: str, **ground: Any) -> Layout:
    """The layout of HTML; ``css`` is the text of its sheets, ``ground`` as ``lay_out`` has it."""
    with Stylesheets().of("", css), remembering(Memory()):
        layout = lay_out(html, **ground)
        alone: bool | None = None
        for _ in range(ROUNDS):
            changes = loosen(layout) or paginate(layout)
            if not changes:
                break
            if alone is None:
                alone = _parts_alone(layout, html, css)
            again = _again(layout, changes) if alone else None
            if again is None:
                alone = False
                again = lay_out(serialize(replaced(layout.root, changes)), **ground)
            layout = again
    return layout


def _parts_alone(layout: Layout, html: str, css: str) -> bool:
    """Whether a part can be laid out without the others."""
    return (
        not attributes_reach(html)
        and not told_apart_by_place(layout, css)
        and independent(layout, css)
    )


def _again(layout: Layout, changes: Any) -> Layout | None:
    """The layout with these changes, of which alone pages are made; None where that cannot be."""
    try:
        again = lay_out_again(layout, changes)
    except NotAloneError:
        return None
    return again if stand_alone(again) else None


__all__ = ["ROUNDS", "lay_out_rounds"]
