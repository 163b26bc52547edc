"""What a layout has found out that holds for the next of the same fonts and stylesheets.

Styles follow from the rules that match and the style of the parent; the lines of a text from its
styles and the width they have. Layouts that share a memory share the styles, so that a text that
stays, or comes again, is set once: what is set again is a copy in its new place.
"""

from __future__ import annotations

from collections import OrderedDict
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST: Final = 400  # characters of a text whose lines are remembered
MOST: Final = 20_000  # texts
FULL: Final = 100_000  # styles
_STATE: Final[dict[str, Memory | None]] = {}

# What boxes have before layout, beside what tells them apart below; layout may have been begun
# before, and has then left its lengths.
_TELLING: Final = ("leading_collapsible_space", "trailing_collapsible_space", "text_overflow")
_SPECIAL: Final = frozenset(
    (
        *("footnote", "note", "note_call", "note_callback", "bookmark_label", "string_set"),
        *(
            "first_letter_style",
            "first_line_style",
            "missing_link",
            "is_leader",
            "transformation_matrix",
        ),
        *("is_outside_marker", "justification_spacing", "link_annotation", "widget_annotation"),
    )
)


@dataclass(slots=True)
class Memory:
    """Styles by what they follow from, and lines by their texts; for one set of fonts."""

    styles: dict[Any, Any] = field(default_factory=dict)
    ruled: dict[Any, dict[Any, Any]] = field(default_factory=dict)  # rules → what they declare
    rules: dict[int, Any] = field(default_factory=dict)  # of sheets, told by their identity
    widths: dict[Any, tuple[Any, Any]] = field(default_factory=dict)  # of texts: box, by line
    lines: OrderedDict[Any, Lines] = field(default_factory=OrderedDict)
    asked: frozenset[str] | None = None  # the attributes that selectors look at; None: at more
    shapes: dict[Any, Any] = field(default_factory=dict)  # of elements → rules that match

    def know(self, sheets: Any) -> None:
        """Keep the rules of sheets, so that their identities stay theirs."""
        self.rules |= {id(sheet.matcher): sheet.matcher for sheet, *_ in sheets}

    def is_full(self) -> bool:
        """Whether it is time for a new one."""
        return max(len(self.styles), len(self.widths)) > FULL

    def keep(self, key: Any, lines: Lines) -> None:
        """Remember lines; the oldest are forgotten."""
        self.lines[key] = lines
        while len(self.lines) > MOST:
            self.lines.popitem(last=False)


@dataclass(frozen=True, slots=True)
class Lines:
    """A text that has been set: the elements of its boxes, its lines, and where each ends."""

    elements: tuple[Any, ...]
    lines: tuple[tuple[Any, Any], ...]
    top: float

    def at(self, top: float, elements: tuple[Any, ...]) -> Iterator[tuple[Any, Any]]:
        """The lines for other elements of the same text, lower by what ``top`` is lower."""
        same = all(one is other for one, other in zip(self.elements, elements, strict=True))
        others = {} if same else dict(zip(map(id, self.elements), elements, strict=True))
        down = top - self.top
        for line, resume_at in self.lines:
            copy = _copied(line, down, others)
            copy.position_y = top  # without what adding has rounded
            top += copy.height
            yield copy, resume_at


def memory() -> Memory | None:
    """What layouts share just now."""
    return _STATE.get("memory")


@contextmanager
def remembering(shared: Memory) -> Iterator[None]:
    """Let layouts within use and add to what is remembered."""
    before = _STATE.get("memory")
    _STATE["memory"] = shared
    try:
        yield
    finally:
        _STATE["memory"] = before


def set_lines(
    usual: Any, shared: Memory, key: tuple[Any, ...], elements: tuple[Any, ...], given: Any
) -> Iterator[tuple[Any, Any]]:
    """The lines of a text, remembered or set by ``usual``; ``given`` are its arguments."""
    top = given[2]
    known = shared.lines.get(key)
    if known is None:
        made = tuple(usual(*given))
        known = Lines(elements, tuple((_copied(line, 0.0, {}), at) for line, at in made), top)
        shared.keep(key, known)
        return iter(made)
    return known.at(top, elements)


def told(line_box: Any, plain: frozenset[type]) -> tuple[Any, tuple[Any, ...]] | None:
    """What the lines of a text depend on, and its elements; None where it is not only a text."""
    elements: list[Any] = []
    length = [0]
    key = _told(line_box, plain, elements, length)
    return None if key is None or length[0] > LONGEST else (key, tuple(elements))


def _told(box: Any, plain: frozenset[type], elements: list[Any], length: list[int]) -> Any:
    kind, values, style = type(box), box.__dict__, box.style
    if kind not in plain or any(values[name] for name in _SPECIAL & values.keys()):
        return None
    if style["position"] != "static" or style["float"] != "none":
        return None
    elements.append(box.element)
    own = (kind, id(style), box.element_tag, *(values.get(name) for name in _TELLING))
    text = values.get("text")
    if text is not None:
        length[0] += len(text)
        return *own, text
    parts = tuple(_told(child, plain, elements, length) for child in box.children)
    return None if None in parts else (*own, parts)


def _copied(box: Any, down: float, elements: dict[int, Any]) -> Any:
    copy = box.copy()
    copy.position_y += down
    copy.remove_decoration_sides = set(box.remove_decoration_sides)
    if elements:
        copy.element = elements[id(box.element)]
    if box.children:
        copy.children = [_copied(child, down, elements) for child in box.children]
    return copy


__all__ = ["Lines", "Memory", "memory", "remembering", "set_lines", "told"]
