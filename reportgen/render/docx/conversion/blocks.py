"""Blocks to paragraphs and tables of the intermediate representation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from reportgen.render.docx.conversion import inlines, tables
from reportgen.render.docx.conversion.block_spacing import TINY, Flow
from reportgen.render.docx.ir import Anchor, Block, Item, Look, Paragraph, StyleName, Table
from reportgen.render.docx.source import box_tree
from reportgen.render.docx.source import computed_style as css
from reportgen.render.docx.source.box_tree import Kind
from reportgen.render.docx.source.computed_style import Edge, Line, Sides, twips

if TYPE_CHECKING:
    from reportgen.render.docx.conversion_context import Context
    from reportgen.render.docx.source.computed_style import Font
    from reportgen.render.weasyprint_types import Box

MAX_BORDER_EIGHTHS = 96  # eighths of a point, Word's limit
MAX_BORDER_SPACE_PT = 31  # points, Word's limit


class Place(NamedTuple):
    """Where a block is: indents and the width between them in points, and inherited properties."""

    width: float
    left: float = 0.0
    right: float = 0.0
    shade: str = ""
    borders: Sides[Edge | None] | None = None
    spaces: Sides[int] | None = None
    item: Item | None = None  # for the first paragraph
    depth: int = -1  # of lists
    listing: Box | None = None  # the box of the innermost list
    align: str = ""  # of a table; empty: by its left edge


@dataclass(slots=True, eq=False)
class Builder:
    """Converts the boxes of one document."""

    context: Context
    font: Font

    def body(self, root: Box, width: float) -> list[Block]:
        """Return the blocks of a document whose text is ``width`` points wide."""
        flow = Flow(self.font)
        self._block(root, Place(width=width), flow)
        return flow.finish(cell=False)

    def cell(self, box: Box, width: float) -> list[Block]:
        """Return the blocks of a table cell whose content is ``width`` points wide."""
        flow = Flow(css.font(box.style))
        if box_tree.holds_lines(box):
            self._paragraph(box, Place(width=width), flow, 0.0)
        else:
            self._children(box, Place(width=width), flow)
        return flow.finish(cell=True)

    def _children(self, box: Box, place: Place, flow: Flow) -> None:
        for child in box.children:
            kind = box_tree.kind(child)
            if kind is Kind.BLOCK:
                self._block(child, place, flow)
                place = place._replace(item=None)
            elif kind is Kind.TABLE:
                self._table(child, place, flow)
            elif kind is Kind.LINE:
                self._paragraph(box, place, flow, 0.0)
            elif kind is Kind.PICTURE:
                self._picture(child, place, flow)
            elif kind is Kind.MARKER:
                item = self.context.lists.item(child, place.listing, place.depth, place.left)
                place = place._replace(item=item)

    def _block(self, box: Box, place: Place, flow: Flow) -> None:
        self.context.meet(box)
        style = box.style
        if style["break_before"] in box_tree.PAGE_BREAKS:
            flow.end_page()
        elif style["break_before"] in box_tree.AVOID and box_tree.own(box):
            flow.keep_last()
        if box_tree.own(box) and (name := box_tree.attribute(box, "id")) in self.context.targets:
            flow.anchors.append(Anchor(name))
        start = len(flow.blocks)
        margin = css.sides(box, "margin", place.width)
        flow.collapse(margin.top)
        self._content(box, margin, place, flow)
        flow.collapse(margin.bottom)
        if style["break_inside"] in box_tree.AVOID:
            _keep_together(flow.blocks[start:])
        if style["break_after"] in box_tree.PAGE_BREAKS:
            flow.end_page()
        elif style["break_after"] in box_tree.AVOID:
            flow.keep_last()

    def _content(self, box: Box, margin: Sides[float], place: Place, flow: Flow) -> None:
        """Convert the content of a block between its margins."""
        if box_tree.is_table_wrapper(box):
            self._children(box, self._wrapper_place(box, margin, place), flow)
            return
        padding = css.sides(box, "padding", place.width)
        framed = self._frame(box)
        inner = _place_within(box, margin, padding, framed, place)
        if box_tree.opens_list(box):
            inner = inner._replace(depth=place.depth + 1, listing=box)
        if framed and not box.children:
            self._rule(box, inner._replace(**framed), flow)
            return
        if framed:
            inner = inner._replace(**framed, spaces=_border_spaces(padding))
            self._framed_content(box, inner, margin, flow)
            return
        flow.space(padding.top)
        if box_tree.holds_lines(box):
            self._paragraph(box, inner, flow, margin.bottom if not padding.bottom else 0.0)
        elif box.children:
            self._children(box, inner, flow)
        else:
            flow.space(css.points(box.style["height"], 0.0) or 0.0)
        flow.space(padding.bottom)

    def _frame(self, box: Box) -> dict[str, Any]:
        """Return the borders and background of a block, empty if it has neither."""
        borders = css.edges(box.style)
        shade = css.color(box.style, "background_color")
        if not any(borders) and not shade:
            return {}
        if box_tree.is_root(box):
            self.context.refuse("E404", "border" if any(borders) else "background-color")
            return {}
        if shade and not any(borders):
            # Word shades the lines only; borders of the same colour carry it over the padding.
            thin = Edge("single", 2, shade)
            borders = Sides(thin, thin, thin, thin)
        return {"shade": shade, "borders": borders}

    def _framed_content(self, box: Box, inner: Place, margin: Sides[float], flow: Flow) -> None:
        """Convert a block with borders or a background: Word gives both to its paragraphs."""
        start = len(flow.blocks)
        if box_tree.holds_lines(box):
            self._paragraph(box, inner, flow, margin.bottom)
        else:
            self._children(box, inner, flow)
            flow.collapse(0.0)
        if any(isinstance(block, Table) for block in flow.blocks[start:]):
            name = "border" if any(css.edges(box.style)) else "background"
            self.context.refuse("E404", name)

    def _paragraph(self, box: Box, place: Place, flow: Flow, after: float) -> None:
        font = css.font(box.style)
        content, min_line_height = inlines.content(box, font, self.context)
        style_line = css.line(box.style)
        line = (
            Line(max(style_line.value, min_line_height), style_line.rule)
            if style_line.rule == "atLeast"
            else style_line
        )
        look = Look(
            align=css.ALIGNMENTS[box.style["text_align_all"]],
            line=line,
            left=twips(place.left),
            right=twips(place.right),
            first=twips(css.points(box.style["text_indent"], place.width) or 0.0),
            widows=min(box.style["orphans"], box.style["widows"]) > 1,
            shade=place.shade,
            borders=place.borders,
            spaces=place.spaces,
        )
        if place.item is not None:
            # The marker hangs in the indent of the list.
            look = look._replace(first=-place.item.hang)
        flow.add(Paragraph(content, font, look, _style_name(box), item=place.item), after)

    def _picture(self, box: Box, place: Place, flow: Flow) -> None:
        """Convert a picture that is a block of its own."""
        margin = css.sides(box, "margin", place.width)
        picture = self.context.picture(box)
        if picture is None:
            return
        auto = css.auto_margins(box.style)
        align = "center" if all(auto) else "right" if auto[0] else "left"
        look = Look(
            align=align,
            left=twips(place.left + margin.left),
            right=twips(place.right + margin.right),
        )
        flow.collapse(margin.top)
        flow.add(Paragraph((picture,), css.font(box.style), look), margin.bottom)

    def _rule(self, box: Box, place: Place, flow: Flow) -> None:
        """Convert an empty block with a border: a line across the page."""
        borders = css.edges(box.style)
        top = borders.top or borders.bottom
        height = css.points(box.style["height"]) or 0.0
        if top is None and place.borders and (fill := place.borders.top):
            top = fill._replace(width=min(max(round(height * 8), 2), MAX_BORDER_EIGHTHS))
        look = Look(
            line=TINY,
            left=twips(place.left),
            right=twips(place.right),
            borders=Sides(None, None, top, None),
            spaces=Sides(0, 0, 0, 0),
        )
        flow.add(Paragraph((), self.font._replace(size=2), look), 0.0)

    def _wrapper_place(self, box: Box, margin: Sides[float], place: Place) -> Place:
        auto = css.auto_margins(box.style)
        align = "center" if all(auto) else "right" if auto[0] else ""
        left = place.left if align else place.left + margin.left
        return Place(width=place.width, left=left, right=place.right, item=place.item, align=align)

    def _table(self, box: Box, place: Place, flow: Flow) -> None:
        self.context.meet(box)
        if place.item is not None:  # the marker needs a line of its own
            look = Look(left=twips(place.left), first=-place.item.hang)
            flow.add(Paragraph((), css.font(box.style), look, item=place.item), 0.0)
        flow.add_table(tables.table(box, self, left=place.left, align=place.align))


def _style_name(box: Box) -> StyleName:
    level = box_tree.heading_level(box)
    if level and "--word-style" not in css.declared(box.style):
        return StyleName(level=level)
    return StyleName(css.text(box.style, "--word-style"), level)


def _border_spaces(padding: Sides[float]) -> Sides[int]:
    return Sides(*(min(round(side), MAX_BORDER_SPACE_PT) for side in padding))


def _place_within(
    box: Box, margin: Sides[float], padding: Sides[float], framed: dict[str, Any], place: Place
) -> Place:
    """Return the place within a block: its indents and its width."""
    borders = framed.get("borders") or (None,) * 4
    edge = Sides(*(css.edge_points(line) for line in borders))
    left = margin.left + padding.left + edge.left
    right = margin.right + padding.right + edge.right
    width = box_tree.width(box)
    if width is None:
        width = place.width - left - right
    if css.points(box.style["width"], 0.0) is not None:
        free = place.width - left - right - width
        auto = css.auto_margins(box.style)
        left_share = free / 2 if all(auto) else free if auto[0] else 0.0
        left, right = left + left_share, right + free - left_share
    return place._replace(width=width, left=place.left + left, right=place.right + right)


def _keep_together(blocks: list[Block]) -> None:
    """Keep blocks on one page: every paragraph with the next, but the last."""
    for block in blocks[:-1]:
        if isinstance(block, Paragraph):
            block.look = block.look._replace(keep_next=True)
        else:
            tables.keep(block, last=True)
    for block in blocks:
        if isinstance(block, Paragraph):
            block.look = block.look._replace(keep_lines=True)
    if blocks and isinstance(blocks[-1], Table):
        tables.keep(blocks[-1], last=False)
