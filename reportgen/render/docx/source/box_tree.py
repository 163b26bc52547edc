"""WeasyPrint's box tree in the converter's terms.

The tree that the pages are made from has been through everything that affects text: white space,
``text-transform``, generated content, counters, anonymous table parts, collapsed borders. Word is
made from this same tree, so both outputs agree by construction.
"""

from __future__ import annotations

from enum import Enum, auto
from functools import cache
from typing import TYPE_CHECKING

from weasyprint.formatting_structure import boxes

from reportgen.render.layout.laid_out_document import PT_PER_PX, walk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

    from reportgen.render.weasyprint_types import Box, CollapsedBorders

PAGE_BREAKS = frozenset(("page", "left", "right", "recto", "verso", "always"))
AVOID = frozenset(("avoid", "avoid-page"))
COLLAPSIBLE = frozenset(("normal", "nowrap", "pre-line"))


class BoxKind(Enum):
    """The kind of a box in Word's terms."""

    BLOCK = auto()
    LINE = auto()
    TEXT = auto()
    INLINE = auto()
    ATOM = auto()  # a block within a line
    PICTURE = auto()
    TABLE = auto()
    MARKER = auto()
    NOTHING = auto()


_KINDS: tuple[tuple[type, BoxKind], ...] = (
    (boxes.TextBox, BoxKind.TEXT),
    (boxes.LineBox, BoxKind.LINE),
    (boxes.ReplacedBox, BoxKind.PICTURE),
    (boxes.InlineBox, BoxKind.INLINE),
    (boxes.TableBox, BoxKind.TABLE),
    (boxes.AtomicInlineLevelBox, BoxKind.ATOM),
    (boxes.TableColumnGroupBox, BoxKind.NOTHING),
    (boxes.TableColumnBox, BoxKind.NOTHING),
    (boxes.ParentBox, BoxKind.BLOCK),
)


def kind(box: Box) -> BoxKind:
    """Return the kind of a box: list markers by their flag, others by their class."""
    return BoxKind.MARKER if box.is_outside_marker else _kind(box.__class__)


@cache
def _kind(box_type: type) -> BoxKind:
    """Return the kind of the boxes of a class, ``NOTHING`` for what Word does not get; cached."""
    return next((kind for type_, kind in _KINDS if issubclass(box_type, type_)), BoxKind.NOTHING)


def tag(box: Box) -> str:
    """Return the name of the tag that a box comes from, without namespace or pseudo-element."""
    return str(box.element_tag).rpartition("}")[2].partition("::")[0]


def is_principal_box(box: Box) -> bool:
    """Return whether a box is its element's principal box: not anonymous, not a pseudo-element."""
    return hasattr(box.style, "cascaded") and "::" not in box.element_tag


def holds_lines(box: Box) -> bool:
    """Return whether a block's content is text, not blocks."""
    return bool(box.children) and all(kind(child) is BoxKind.LINE for child in box.children)


def collapsible(box: Box) -> bool:
    """Return whether spaces at the ends of this text's lines vanish."""
    return box.style["white_space"] in COLLAPSIBLE


def is_unbroken(box: Box) -> bool:
    """Return whether no line of the PDF ends within this text."""
    return box.style["white_space"] in ("nowrap", "pre")


def link(box: Box) -> str:
    """Return the target of an inline box: an address, ``#name`` within the document, or ""."""
    if not box.link:
        return ""
    kind_, target = box.link[1]
    return f"#{target}" if kind_ == "internal" else str(target)


def width(box: Box) -> float | None:
    """Return the width of a box's content as laid out, in points.

    It is None for a box that was not laid out, or whose width is ``auto``.
    """
    value = getattr(box, "width", "auto")
    return None if value == "auto" else float(value) * PT_PER_PX


def columns(table: Box) -> tuple[float, ...] | None:
    """Return the widths of a table's columns as laid out, in points, or None if it was not."""
    widths = getattr(table, "column_widths", None)
    return None if widths is None else tuple(value * PT_PER_PX for value in widths)


def unsupported_features(box: Box) -> Iterator[str]:
    """Yield what of a box Word does not get, as it is declared: ``::first-letter`` and the like.

    These are features that WeasyPrint keeps on the box, not in its style.
    """
    if box.footnote is not None:
        yield "float: footnote"
    if box.note is not None:
        yield "position: note()"
    if box.first_letter_style is not None:
        yield "::first-letter"
    if box.first_line_style is not None:
        yield "::first-line"


def column_and_group(table: Box, number: int) -> tuple[Box, ...]:
    """Return (column box, group box) of a table's column, 0 the first; empty if it has none.

    Only tables with ``col`` elements, or boxes displayed like them, have them.
    """
    columns = ((column, group) for group in table.column_groups for column in group.children)
    return next((pair for pair in columns if pair[0].grid_x == number), ())


def collapsed_borders(table: Box) -> CollapsedBorders | None:
    """Return a table's collapsed borders, or None if its borders are separate.

    They are (vertical, horizontal): the segments at the sides of cells by row and column line, and
    those above and below cells by row line and column.
    """
    is_collapsed = table.style["border_collapse"] == "collapse"
    return table.collapsed_border_grid if is_collapsed else None


def is_root(box: Box) -> bool:
    """Return whether a box is the page's own: ``html`` or ``body``."""
    return box.element_tag in ("html", "body") and is_principal_box(box)


def opens_list(box: Box) -> bool:
    """Return whether a box has list items as direct children."""
    return any("list-item" in child.style["display"] for child in box.children)


def all_text(box: Box) -> str:
    """Return the text of a box and everything in it."""
    return "".join(part.text for part in walk(box) if isinstance(part, boxes.TextBox))


def heading_level(box: Box) -> int:
    """Return 1-6 for ``h1``-``h6``, 0 for anything else."""
    tag = box.element_tag
    return int(tag[1]) if len(tag) == 2 and tag[0] == "h" and tag[1] in "123456" else 0


def outline_level(box: Box) -> int:
    """Return 1-6 for what is a bookmark of the PDF, by ``bookmark-level``; 0 for anything else.

    Levels below the sixth are 6, Word's lowest here.
    """
    if not is_principal_box(box):
        return heading_level(box)
    level = box.style["bookmark_level"]
    return min(level, 6) if isinstance(level, int) else 0


def bookmark_label(box: Box) -> str:
    """Return the text of a box's bookmark with its white space collapsed; "" if it has none."""
    return " ".join((box.bookmark_label or "").split())


def attribute(box: Box, name: str) -> str:
    """Return an attribute of a box's element, "" if it lacks the attribute or has no element."""
    element: Element | None = box.element
    return element.get(name, "") if element is not None else ""
