"""The intermediate representation to WordprocessingML.

Lengths are twips unless a name says otherwise.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Protocol

from reportgen.render.docx.ir import (
    Anchor,
    Block,
    Cell,
    Field,
    Inline,
    Mark,
    Paragraph,
    Picture,
    Row,
    Run,
    Table,
)
from reportgen.render.docx.write import page_fields, paragraph_properties
from reportgen.render.docx.write.drawingml import write_picture
from reportgen.render.docx.write.wordml import R, text, w

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from reportgen.render.docx.source.computed_style import Edge, Font, Sides
    from reportgen.render.docx.write.named_styles import Style, Styles


class Part(Protocol):
    """A part of the package being written: it resolves links and pictures to relationship ids."""

    def link(self, address: str) -> str:
        """Return the relationship id of an external address."""
        ...

    def picture(self, picture: Picture) -> tuple[str, str]:
        """Return the relationship ids of a picture's pixels and of its SVG ("" if it has none)."""
        ...


@dataclass(slots=True, eq=False)
class Writer:
    """Writes into one document; ids are counted from 1 through all its parts."""

    styles: Styles
    part: Part
    ids: dict[str, int] = field(default_factory=dict)

    def blocks(self, parent: Element, blocks: list[Block]) -> None:
        """Append paragraphs and tables."""
        for block in blocks:
            if isinstance(block, Paragraph):
                self.paragraph(parent, block)
            else:
                self._table(parent, block)

    def paragraph(self, parent: Element, paragraph: Paragraph, style: Style | None = None) -> None:
        """Append a paragraph; ``style`` overrides the one of its style name."""
        style = style or self.styles.of(paragraph)
        element = w(parent, "p")
        properties = w(element, "pPr")
        if style.id != "Normal":
            w(properties, "pStyle", val=style.id)
        paragraph_properties.write_look(
            properties,
            paragraph.look,
            style.look,
            page_break=paragraph.page_break,
            item=paragraph.item,
            tabs=paragraph.tabs,
        )
        paragraph_properties.write_font(properties, paragraph.font, style.font)
        if not len(properties):
            element.remove(properties)
        for link, content in groupby(paragraph.content, _link):
            target = self._hyperlink(element, link) if link else element
            for inline in content:
                self._inline(target, inline, style.font)

    def _hyperlink(self, parent: Element, link: str) -> Element:
        if link.startswith("#"):
            return w(parent, "hyperlink", anchor=bookmark(link[1:]))
        element = w(parent, "hyperlink")
        element.set(f"{{{R}}}id", self.part.link(link))
        return element

    def _inline(self, parent: Element, inline: Inline, base: Font) -> None:
        if isinstance(inline, Run):
            run = w(parent, "r")
            paragraph_properties.write_font(run, inline.font, base, hint=inline.hint)
            text(run, inline.text)
        elif isinstance(inline, Mark):
            w(w(parent, "r"), inline.value)
        elif isinstance(inline, Field):
            page_fields.write(parent, inline, lambda place: _empty_run(place, inline.font, base))
        elif isinstance(inline, Picture):
            number = self.next("picture")
            write_picture(w(parent, "r"), inline, number, self.part.picture(inline))
        elif isinstance(inline, Anchor):
            number = self.next("bookmark")
            w(parent, "bookmarkStart", id=number, name=bookmark(inline.name))
            w(parent, "bookmarkEnd", id=number)

    def next(self, kind: str) -> int:
        """Return the next number of a kind of id."""
        self.ids[kind] = self.ids.get(kind, 0) + 1
        return self.ids[kind]

    def _table(self, parent: Element, table: Table) -> None:
        element = w(parent, "tbl")
        properties = w(element, "tblPr")
        w(properties, "tblW", w=sum(table.columns), type="dxa")
        if table.align != "left":
            w(properties, "jc", val=table.align)
        if table.spacing:
            w(properties, "tblCellSpacing", w=table.spacing, type="dxa")
        if table.align == "left":
            w(properties, "tblInd", w=table.indent, type="dxa")
        if table.borders is not None and any(table.borders):
            _edges(w(properties, "tblBorders"), table.borders)
        w(properties, "tblLayout", type="fixed")
        margins = w(properties, "tblCellMar")
        for side in paragraph_properties.ORDER:
            w(margins, side, w=0, type="dxa")
        w(properties, "tblLook", val="0000")
        grid = w(element, "tblGrid")
        for width in table.columns:
            w(grid, "gridCol", w=width)
        for row in table.rows:
            self._row(element, row, table)

    def _row(self, parent: Element, row: Row, table: Table) -> None:
        element = w(parent, "tr")
        properties = w(element, "trPr")
        if row.whole:
            w(properties, "cantSplit")
        if row.height:
            w(properties, "trHeight", val=row.height, hRule="atLeast")
        if row.header:
            w(properties, "tblHeader")
        if table.spacing:
            w(properties, "tblCellSpacing", w=table.spacing, type="dxa")
        if not len(properties):
            element.remove(properties)
        column = 0
        for cell in row.cells:
            width = sum(table.columns[column : column + cell.span])
            self._cell(element, cell, width)
            column += cell.span

    def _cell(self, parent: Element, cell: Cell, width: int) -> None:
        element = w(parent, "tc")
        properties = w(element, "tcPr")
        w(properties, "tcW", w=width, type="dxa")
        if cell.span > 1:
            w(properties, "gridSpan", val=cell.span)
        if cell.merge:
            w(properties, "vMerge", val=cell.merge)
        _edges(w(properties, "tcBorders"), cell.borders)
        if cell.shade:
            w(properties, "shd", val="clear", color="auto", fill=cell.shade)
        if cell.nowrap:
            w(properties, "noWrap")
        if any(cell.padding):
            margins = w(properties, "tcMar")
            for side in paragraph_properties.ORDER:
                w(margins, side, w=getattr(cell.padding, side), type="dxa")
        w(properties, "vAlign", val=cell.align)
        self.blocks(element, cell.blocks)


def bookmark(anchor: str) -> str:
    """Return an id as a bookmark name: a letter first, no spaces, at most 40 characters."""
    name = re.sub(r"\W", "_", anchor)
    return (name if name[:1].isalpha() else f"b_{name}")[:40]


def _link(inline: Inline) -> str:
    return inline.link if isinstance(inline, Run) else ""


def _edges(parent: Element, edges: Sides[Edge | None]) -> None:
    for side in paragraph_properties.ORDER:
        paragraph_properties.write_edge(parent, side, getattr(edges, side))


def _empty_run(parent: Element, font: Font, base: Font) -> Element:
    run = w(parent, "r")
    paragraph_properties.write_font(run, font, base)
    return run
