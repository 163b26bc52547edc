"""Layout cache: styles and text lines reused by the next layout of the same fonts and stylesheets.

Styles follow from the matching rules and the parent's style; the lines of a text from its styles
and the available width. Layouts that share a cache share the styles, so that a text that stays, or
recurs, is laid out once; further uses are copies in a new position.
"""

from __future__ import annotations

from collections import OrderedDict
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator
    from xml.etree.ElementTree import Element

    from reportgen.render.weasyprint_types import (
        Box,
        Cascaded,
        MatchedRule,
        Sheets,
        SkipStack,
        Style,
    )

MAX_CACHED_CHARS: Final = 400  # of a text whose lines are cached
MAX_CACHED_TEXTS: Final = 20_000
MAX_CACHED_STYLES: Final = 100_000
_STATE: Final[dict[str, LayoutCache | None]] = {}

# Attributes of boxes before layout that affect it, beside those of the cache key below. Lengths
# left by an earlier layout do not.
_LAYOUT_ATTRIBUTES: Final = (
    "leading_collapsible_space",
    "trailing_collapsible_space",
    "text_overflow",
)
_UNCACHEABLE_ATTRIBUTES: Final = frozenset(
    (
        *("footnote", "note", "note_call", "note_callback", "bookmark_label", "string_set"),
        *("first_letter_style", "first_line_style", "missing_link", "is_leader"),
        *("transformation_matrix", "is_outside_marker", "justification_spacing"),
        *("link_annotation", "widget_annotation"),
    )
)


@dataclass(slots=True)
class LayoutCache:
    """A cache of styles and text lines, for one set of fonts."""

    styles: dict[Hashable, Style] = field(default_factory=dict)
    # Rules → what they declare, by pseudo-element.
    declarations_by_rules: dict[Hashable, dict[str | None, Cascaded]] = field(default_factory=dict)
    rules: dict[int, object] = field(default_factory=dict)  # of sheets, by their id()
    # Texts → their box and the widths of their lines.
    widths: dict[Hashable, tuple[Box, tuple[float, ...]]] = field(default_factory=dict)
    lines: OrderedDict[Hashable, CachedLines] = field(default_factory=OrderedDict)
    # The attributes that selectors match on; None if they match on more.
    matched_attributes: frozenset[str] | None = None
    # Shapes of elements → the number of the shape, and the rules that match.
    rules_by_shape: dict[Hashable, tuple[int, tuple[tuple[MatchedRule, ...], Hashable]]] = field(
        default_factory=dict
    )

    def pin_rules(self, sheets: Sheets) -> None:
        """Keep references to the sheets' rules, so that their ``id()`` stays theirs."""
        self.rules |= {id(sheet.matcher): sheet.matcher for sheet, *_ in sheets}

    def is_full(self) -> bool:
        """Return whether the cache holds so many styles or texts that it should be replaced.

        These, unlike lines, are never evicted: their ``id()`` is part of other keys.
        """
        return max(len(self.styles), len(self.widths)) > MAX_CACHED_STYLES

    def store(self, key: Hashable, lines: CachedLines) -> None:
        """Store lines, and evict the oldest beyond MAX_CACHED_TEXTS."""
        self.lines[key] = lines
        while len(self.lines) > MAX_CACHED_TEXTS:
            self.lines.popitem(last=False)


@dataclass(frozen=True, slots=True)
class CachedLines:
    """A text that has been laid out: the elements of its boxes, its lines, and where each ends."""

    elements: tuple[Element, ...]
    lines: tuple[tuple[Box, SkipStack | None], ...]
    top: float

    def copied_to(
        self, top: float, elements: tuple[Element, ...]
    ) -> Iterator[tuple[Box, SkipStack | None]]:
        """Yield copies of the lines for other elements of the same text, moved to ``top``.

        ``top`` is in CSS pixels; ``elements`` correspond to those of the cached text, one by one.
        """
        is_same_elements = all(
            known is other for known, other in zip(self.elements, elements, strict=True)
        )
        element_by_id = (
            {} if is_same_elements else dict(zip(map(id, self.elements), elements, strict=True))
        )
        down = top - self.top
        for line, resume_at in self.lines:
            copy = _copy_box(line, down, element_by_id)
            copy.position_y = top  # without accumulated rounding errors
            top += copy.height
            yield copy, resume_at


def current_cache() -> LayoutCache | None:
    """Return the cache in use, or None."""
    return _STATE.get("memory")


@contextmanager
def use_cache(shared: LayoutCache) -> Iterator[None]:
    """Let layouts within the context use this cache and add to it, in this process.

    The cache that was in use before is restored afterwards.
    """
    before = _STATE.get("memory")
    _STATE["memory"] = shared
    try:
        yield
    finally:
        _STATE["memory"] = before


def lay_out_lines(
    lay_out: Callable[..., Iterator[tuple[Box, SkipStack | None]]],
    shared: LayoutCache,
    key: Hashable,
    elements: tuple[Element, ...],
    arguments: tuple[Any, ...],
) -> Iterator[tuple[Box, SkipStack | None]]:
    """Return the lines of a text from the cache, or laid out by ``lay_out`` and stored.

    ``arguments`` are those of ``lay_out``, the third of them the position of the first line;
    ``elements`` are those of the text's boxes. Lines from the cache are copies. Each line comes
    with where the next one begins, None after the last.
    """
    top = arguments[2]
    cached = shared.lines.get(key)
    if cached is None:
        laid_out = tuple(lay_out(*arguments))
        cached = CachedLines(
            elements, tuple((_copy_box(line, 0.0, {}), at) for line, at in laid_out), top
        )
        shared.store(key, cached)
        return iter(laid_out)
    return cached.copied_to(top, elements)


def cache_key(line_box: Box, plain: frozenset[type]) -> tuple[Hashable, tuple[Element, ...]] | None:
    """Return (cache key of a text's lines, its elements in document order), or None.

    None means that the lines are not to be cached: the text has more than 400 characters, or the
    box holds one of a class that is not in ``plain``, a float, or something else than text.
    """
    elements: list[Element] = []
    length = [0]
    key = _cache_key(line_box, plain, elements, length)
    return None if key is None or length[0] > MAX_CACHED_CHARS else (key, tuple(elements))


def _cache_key(
    box: Box, plain: frozenset[type], elements: list[Element], length: list[int]
) -> tuple[Hashable, ...] | None:
    """Return the cache key of a box and its children, or None if it is more than text.

    A box is more if its class is not in ``plain``, if it floats or is positioned, or if it has one
    of _UNCACHEABLE_ATTRIBUTES. Appends the boxes' elements to ``elements``, and adds the characters
    to ``length[0]``; both are incomplete if None is returned.
    """
    kind, values, style = type(box), box.__dict__, box.style
    if kind not in plain or any(values[name] for name in _UNCACHEABLE_ATTRIBUTES & values.keys()):
        return None
    if style["position"] != "static" or style["float"] != "none":
        return None
    elements.append(box.element)
    key = (kind, id(style), box.element_tag, *(values.get(name) for name in _LAYOUT_ATTRIBUTES))
    text = values.get("text")
    if text is not None:
        length[0] += len(text)
        return *key, text
    child_keys = tuple(_cache_key(child, plain, elements, length) for child in box.children)
    return None if None in child_keys else (*key, child_keys)


def _copy_box(box: Box, down: float, elements: dict[int, Element]) -> Box:
    """Return a deep copy of a box, moved down by CSS pixels.

    ``elements`` has the new element by the id of the old one; if empty, the elements stay.
    """
    copy = box.copy()
    copy.position_y += down
    copy.remove_decoration_sides = set(box.remove_decoration_sides)
    if elements:
        copy.element = elements[id(box.element)]
    if box.children:
        copy.children = [_copy_box(child, down, elements) for child in box.children]
    return copy
