"""Intermediate representation of a Word document, before it is XML.

The converter first builds it (``conversion.blocks``, ``.inlines``, ``.tables``), then the styles
are chosen from all of it (``write.named_styles``), then it is written
(``write.wordml_serializer``). Lengths are twips (1/20 pt) unless a name says otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from reportgen.render.docx.source.computed_style import BoxSides, Edge, Font, LineSpacing


class ParagraphFormat(NamedTuple):
    """The formatting of a paragraph."""

    align: str = "left"
    before: int = 0
    after: int = 0
    line: LineSpacing | None = None  # None: the default of one line
    left: int = 0
    right: int = 0
    first: int = 0  # of the first line; negative: it hangs
    keep_next: bool = False
    keep_lines: bool = False
    widows: bool = True  # no single line at the foot or head of a page
    shade: str = ""
    borders: BoxSides[Edge | None] | None = None
    spaces: BoxSides[int] | None = None  # points between border and text


class Run(NamedTuple):
    """Text with one formatting; ``link`` is an address, or ``#name`` within the document."""

    text: str
    font: Font
    link: str = ""
    hint: bool = False


class InlineBreak(Enum):
    """Inline content other than text."""

    BREAK = "br"
    TAB = "tab"


class Field(NamedTuple):
    """A number computed by Word: ``PAGE`` or ``NUMPAGES``, with its text until then."""

    code: str
    shown: str
    font: Font


class Picture(NamedTuple):
    """A picture in a line; width and height in points."""

    content: bytes
    vector: bool  # SVG, not pixels
    description: str
    width: float
    height: float


class Anchor(NamedTuple):
    """A link target."""

    name: str


Inline = Run | InlineBreak | Field | Picture | Anchor


class StyleName(NamedTuple):
    """The Word style of a paragraph: heading level 1-6, or 0; name, or "" for a built-in one.

    ``navigation``: of a paragraph that the navigation pane shows instead of the heading below it.
    """

    name: str = ""
    level: int = 0
    navigation: bool = False


NO_STYLE = StyleName()


class ListItem(NamedTuple):
    """A paragraph's list position: list, level (0 the outermost), width of its marker."""

    number: int
    level: int
    marker_width: int


@dataclass(slots=True)
class Paragraph:
    """One paragraph; its look is final once the next block is known.

    ``BlockSpacing`` sets the space before and after it, and whether it stays with the next one.
    """

    content: tuple[Inline, ...]
    font: Font
    look: ParagraphFormat
    style: StyleName = NO_STYLE
    page_break: bool = False
    item: ListItem | None = None
    tabs: tuple[tuple[str, int], ...] = ()  # alignment, position
    spacer: bool = False  # stands only between tables or at the end


@dataclass(slots=True, eq=False)
class Cell:
    """A cell of a row; ``merge`` is ``restart``, ``continue`` or empty."""

    blocks: list[Block]
    span: int
    merge: str
    borders: BoxSides[Edge | None]
    padding: BoxSides[int]
    shade: str
    align: str  # top, center, bottom
    nowrap: bool = False


@dataclass(slots=True, eq=False)
class Row:
    """A row of a table."""

    cells: list[Cell]
    header: bool = False
    whole: bool = False  # is not cut at the foot of a page
    height: int = 0  # at least


@dataclass(slots=True, eq=False)
class Table:
    """A table with its columns' widths."""

    columns: tuple[int, ...]
    rows: list[Row] = field(default_factory=list)
    indent: int = 0
    align: str = "left"
    spacing: int = 0  # between cells
    borders: BoxSides[Edge | None] | None = None  # of the table itself where cells stand apart


Block = Paragraph | Table


def paragraphs(blocks: list[Block]) -> list[Paragraph]:
    """Return every paragraph, those in tables at any depth too, in document order."""
    collected: list[Paragraph] = []
    for block in blocks:
        if isinstance(block, Paragraph):
            collected.append(block)
        else:
            for row in block.rows:
                for cell in row.cells:
                    collected += paragraphs(cell.blocks)
    return collected
