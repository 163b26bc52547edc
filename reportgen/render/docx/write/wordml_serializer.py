"""The intermediate representation to WordprocessingML.

Lengths are twips unless a name says otherwise.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING

from reportgen.render.docx.ir import (
    Anchor,
    Block,
    Cell,
    Field,
    Inline,
    InlineBreak,
    Paragraph,
    Picture,
    Row,
    Run,
    Table,
)
from reportgen.render.docx.write import page_fields, paragraph_properties
from reportgen.render.docx.write.drawingml import write_picture
from reportgen.render.docx.write.table_styles import places
from reportgen.render.docx.write.wordml import RELATIONSHIP_NS, add_child, add_text

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from reportgen.render.docx.source.computed_style import BoxSides, Edge, Font
    from reportgen.render.docx.write.docx_package import WordPackage
    from reportgen.render.docx.write.named_styles import NamedStyles, ParagraphStyle
    from reportgen.render.docx.write.table_styles import TableStyles


LINK_STYLE, LINK_COLOR, LINK_UNDERLINE = "Hyperlink", "0563C1", "single"  # as in base/styles.xml


@dataclass(slots=True, eq=False)
class DocumentWriter:
    """Writes into one document; ids are counted from 1 through all its parts."""

    styles: NamedStyles
    table_styles: TableStyles
    package: WordPackage
    ids: dict[str, int] = field(default_factory=dict)  # kind of id → the last number given

    def write_blocks(self, parent: Element, blocks: list[Block]) -> None:
        """Append paragraphs and tables to the body or a cell, in order."""
        for block in blocks:
            if isinstance(block, Paragraph):
                self.write_paragraph(parent, block)
            else:
                self._write_table(parent, block)

    def write_paragraph(
        self, parent: Element, paragraph: Paragraph, style: ParagraphStyle | None = None
    ) -> None:
        """Append a paragraph, with what differs from its style; ``style`` overrides the style.

        Neighbouring runs with the same link become one hyperlink.
        """
        style = style or self.styles.style_for(paragraph)
        element = add_child(parent, "p")
        properties = add_child(element, "pPr")
        if style.id != "Normal":
            add_child(properties, "pStyle", val=style.id)
        paragraph_properties.write_paragraph_format(
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
            target = self._add_hyperlink(element, link) if link else element
            for inline in content:
                self._write_inline(target, inline, style.font, is_link=bool(link))

    def _add_hyperlink(self, parent: Element, link: str) -> Element:
        """Append ``w:hyperlink`` to an address, or to a bookmark for ``#name``, and return it."""
        if link.startswith("#"):
            return add_child(parent, "hyperlink", anchor=bookmark_name(link[1:]))
        element = add_child(parent, "hyperlink")
        element.set(f"{{{RELATIONSHIP_NS}}}id", self.package.add_link(link))
        return element

    def _write_inline(self, parent: Element, inline: Inline, base: Font, *, is_link: bool) -> None:
        """Append inline content to a paragraph or hyperlink: runs, or an empty bookmark.

        ``base`` is the font of the paragraph's style; runs within a link get the link style.
        """
        if isinstance(inline, Run):
            run = add_child(parent, "r")
            if is_link:
                base = base._replace(color=LINK_COLOR, underline=LINK_UNDERLINE)
            paragraph_properties.write_font(
                run, inline.font, base, hint=inline.hint, style=LINK_STYLE if is_link else ""
            )
            add_text(run, inline.text)
        elif isinstance(inline, InlineBreak):
            add_child(add_child(parent, "r"), inline.value)
        elif isinstance(inline, Field):
            page_fields.write_field(
                parent, inline, lambda place: _empty_run(place, inline.font, base)
            )
        elif isinstance(inline, Picture):
            number = self.next_id("picture")
            write_picture(add_child(parent, "r"), inline, number, self.package.add_picture(inline))
        elif isinstance(inline, Anchor):
            number = self.next_id("bookmark")
            add_child(parent, "bookmarkStart", id=number, name=bookmark_name(inline.name))
            add_child(parent, "bookmarkEnd", id=number)

    def next_id(self, kind: str) -> int:
        """Return the next number of a kind of id ("picture", "bookmark" …), from 1."""
        self.ids[kind] = self.ids.get(kind, 0) + 1
        return self.ids[kind]

    def _write_table(self, parent: Element, table: Table) -> None:
        """Append a table with its style, grid and rows."""
        element = add_child(parent, "tbl")
        properties = add_child(element, "tblPr")
        add_child(properties, "tblStyle", val=self.table_styles.style_id(table))
        add_child(properties, "tblW", w=sum(table.columns), type="dxa")
        if table.align != "left":
            add_child(properties, "jc", val=table.align)
        if table.spacing:
            add_child(properties, "tblCellSpacing", w=table.spacing, type="dxa")
        if table.align == "left":
            add_child(properties, "tblInd", w=table.indent, type="dxa")
        if table.borders is not None and any(table.borders):
            _write_edges(add_child(properties, "tblBorders"), table.borders)
        add_child(properties, "tblLayout", type="fixed")
        add_child(properties, "tblLook", val="0000")
        grid = add_child(element, "tblGrid")
        for width in table.columns:
            add_child(grid, "gridCol", w=width)
        by_style = self.table_styles.look(table)
        cell_places = {id(cell): place for cell, place in places(table)}
        for row in table.rows:
            inherited = [by_style.edges(cell_places[id(cell)]) for cell in row.cells]
            self._write_row(element, row, table, inherited, by_style.padding)

    def _write_row(
        self,
        parent: Element,
        row: Row,
        table: Table,
        inherited: list[BoxSides[Edge | None]],
        padding: BoxSides[int],
    ) -> None:
        """Append a row of a table; properties that are not set are left out.

        ``inherited`` are the borders of each cell, and ``padding`` is that of all, by table style.
        """
        element = add_child(parent, "tr")
        properties = add_child(element, "trPr")
        if row.whole:
            add_child(properties, "cantSplit")
        if row.height:
            add_child(properties, "trHeight", val=row.height, hRule="atLeast")
        if row.header:
            add_child(properties, "tblHeader")
        if table.spacing:
            add_child(properties, "tblCellSpacing", w=table.spacing, type="dxa")
        if not len(properties):
            element.remove(properties)
        column = 0
        for cell, edges in zip(row.cells, inherited, strict=True):
            width = sum(table.columns[column : column + cell.span])
            self._write_cell(element, cell, width, edges, padding)
            column += cell.span

    def _write_cell(
        self,
        parent: Element,
        cell: Cell,
        width: int,
        inherited: BoxSides[Edge | None],
        padding: BoxSides[int],
    ) -> None:
        """Append a cell ``width`` twips wide, with what differs from the table's style.

        ``inherited`` borders and ``padding`` are the style's.
        """
        element = add_child(parent, "tc")
        properties = add_child(element, "tcPr")
        add_child(properties, "tcW", w=width, type="dxa")
        if cell.span > 1:
            add_child(properties, "gridSpan", val=cell.span)
        if cell.merge:
            add_child(properties, "vMerge", val=cell.merge)
        if cell.borders != inherited:
            _write_edges(add_child(properties, "tcBorders"), cell.borders, inherited)
        if cell.shade:
            paragraph_properties.write_shade(properties, cell.shade)
        if cell.nowrap:
            add_child(properties, "noWrap")
        if cell.padding != padding:
            margins = add_child(properties, "tcMar")
            for side in paragraph_properties.SIDE_ORDER:
                if getattr(cell.padding, side) != getattr(padding, side):
                    add_child(margins, side, w=getattr(cell.padding, side), type="dxa")
        if cell.align != "top":
            add_child(properties, "vAlign", val=cell.align)
        self.write_blocks(element, cell.blocks)


def bookmark_name(anchor: str) -> str:
    """Return an id as a bookmark name: a letter first, no spaces, at most 40 characters.

    Different ids may give the same name.
    """
    name = re.sub(r"\W", "_", anchor)
    return (name if name[:1].isalpha() else f"b_{name}")[:40]


def _link(inline: Inline) -> str:
    """Return the link of a run, "" for other inline content."""
    return inline.link if isinstance(inline, Run) else ""


def _write_edges(
    parent: Element,
    edges: BoxSides[Edge | None],
    inherited: BoxSides[Edge | None] | None = None,
) -> None:
    """Append the four borders, but for those that equal ``inherited`` if it is not None."""
    for side in paragraph_properties.SIDE_ORDER:
        edge = getattr(edges, side)
        if inherited is None or edge != getattr(inherited, side):
            paragraph_properties.write_edge(parent, side, edge)


def _empty_run(parent: Element, font: Font, base: Font) -> Element:
    """Append a run without content, whose font differs from ``base`` as given, and return it."""
    run = add_child(parent, "r")
    paragraph_properties.write_font(run, font, base)
    return run
