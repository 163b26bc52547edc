"""Blocks → paragraphs and tables, with the space between them.

CSS puts space between blocks by margins that collapse, Word by the space before and after
each paragraph. :class:`Flow` keeps the books: what has been asked for since the last
paragraph is given to whichever neighbour can carry it, and to one only.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from reportgen.render.docx import inline, tables, tree
from reportgen.render.docx import style as css
from reportgen.render.docx.story import (
    Anchor,
    Block,
    Item,
    Look,
    Paragraph,
    StyleName,
    Table,
)
from reportgen.render.docx.style import Edge, Line, Sides, twips
from reportgen.render.docx.tree import Kind

if TYPE_CHECKING:
    from reportgen.render.docx.context import Context
    from reportgen.render.docx.style import Font

TINY = Line(20, "exact")  # one point: a paragraph that Word wants and nobody sees
NO_SIDES: Sides[float] = Sides(0.0, 0.0, 0.0, 0.0)
MOST_BORDER_SPACE = 31  # points, Word's limit


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a block stands: indents and the room between them in points, and what it inherits."""

    width: float
    left: float = 0.0
    right: float = 0.0
    shade: str = ""
    borders: Sides[Edge | None] | None = None
    spaces: Sides[int] | None = None
    item: Item | None = None  # for the first paragraph
    depth: int = -1  # of lists
    listing: Any = None  # the box of the innermost list


@dataclass(slots=True)
class Flow:
    """A column of blocks: the body, or a cell."""

    font: Font  # of paragraphs that nobody sees
    blocks: list[Block] = field(default_factory=list)
    fixed: float = 0.0  # points that do not collapse
    margin: tuple[float, float] = (0.0, 0.0)  # the largest, and the most negative
    own_after: float = 0.0  # the margin of the last paragraph itself
    breaking: bool = False
    anchors: list[Anchor] = field(default_factory=list)

    @property
    def gap(self) -> float:
        """Points asked for since the last block."""
        return max(self.fixed + sum(self.margin), 0.0)

    def collapse(self, margin: float) -> None:
        """Ask for a margin, which collapses with its neighbours."""
        self.margin = max(self.margin[0], margin), min(self.margin[1], margin)

    def space(self, points: float) -> None:
        """Ask for room that does not collapse: a padding, or a border."""
        if points:
            self.fixed += sum(self.margin) + points
            self.margin = 0.0, 0.0

    def end_page(self) -> None:
        """Let the next block begin a page, unless it is the first of all."""
        if self.blocks:
            self._give_after(min(self.own_after, self.gap))
            self._forget()
            self.breaking = True

    def add(self, paragraph: Paragraph, after: float) -> None:
        """Add a paragraph whose own bottom margin is ``after`` points."""
        last = self.blocks[-1] if self.blocks else None
        if isinstance(last, Paragraph) and not self.breaking and self.gap == self.own_after:
            self._give_after(self.gap)
        else:
            paragraph.look = replace(
                paragraph.look, before=paragraph.look.before + twips(self.gap)
            )
        paragraph.page_break = self.breaking
        paragraph.content = (*self.anchors, *paragraph.content)
        self.anchors.clear()
        self.blocks.append(paragraph)
        self._forget()
        self.own_after = after
        self.collapse(after)

    def add_table(self, table: Table) -> None:
        """Add a table: the room above it is given to what can carry it."""
        last = self.blocks[-1] if self.blocks else None
        if isinstance(last, Table) or self.breaking or self.anchors or not self.blocks:
            if self.blocks or self.anchors or self.gap:
                self._spacer()
        else:
            self._give_after(self.gap)
        self.blocks.append(table)
        self._forget()

    def finish(self, *, cell: bool) -> list[Block]:
        """The blocks, with the paragraph at the end that Word wants after a table."""
        if cell:
            self._give_after(self.gap)
        if self.anchors or not self.blocks or isinstance(self.blocks[-1], Table):
            self._spacer()
        elif not cell:
            self._give_after(min(self.own_after, self.gap))
        return self.blocks

    def keep_last(self) -> None:
        """Keep the last paragraph on the page of what follows."""
        last = self.blocks[-1] if self.blocks else None
        if isinstance(last, Paragraph):
            last.look = replace(last.look, keep_next=True)

    def _spacer(self) -> None:
        """A paragraph without text, as high as the gap, at least a point."""
        height = Line(max(twips(self.gap), TINY.value), TINY.rule)
        font = replace(self.font, size=2)
        spacer = Paragraph(tuple(self.anchors), font, Look(line=height), spacer=True)
        spacer.page_break = self.breaking
        self.anchors.clear()
        self.blocks.append(spacer)
        self._forget()

    def _give_after(self, points: float) -> None:
        last = self.blocks[-1] if self.blocks else None
        if isinstance(last, Paragraph) and not last.spacer:
            last.look = replace(last.look, after=twips(points))

    def _forget(self) -> None:
        self.fixed, self.margin, self.own_after, self.breaking = 0.0, (0.0, 0.0), 0.0, False


@dataclass(slots=True)
class Builder:
    """Walks the boxes of one document."""

    context: Context
    font: Font

    def body(self, root: Any, width: float) -> list[Block]:
        """The blocks of a document whose text is ``width`` points wide."""
        flow = Flow(self.font)
        self._block(root, Place(width=width), flow)
        return flow.finish(cell=False)

    def cell(self, box: Any, width: float) -> list[Block]:
        """The blocks of a table cell whose content is ``width`` points wide."""
        flow = Flow(css.font(box.style))
        if tree.holds_lines(box):
            self._paragraph(box, Place(width=width), flow, 0.0)
        else:
            self._children(box, Place(width=width), flow)
        return flow.finish(cell=True)

    def _children(self, box: Any, place: Place, flow: Flow) -> None:
        for child in box.children:
            kind = tree.kind(child)
            if kind is Kind.BLOCK:
                self._block(child, place, flow)
                place = replace(place, item=None)
            elif kind is Kind.TABLE:
                self._table(child, place, flow)
            elif kind is Kind.LINE:
                self._paragraph(box, place, flow, 0.0)
            elif kind is Kind.PICTURE:
                self._picture(child, place, flow)
            elif kind is Kind.MARKER:
                item = self.context.lists.item(child, place.listing, place.depth, place.left)
                place = replace(place, item=item)

    def _block(self, box: Any, place: Place, flow: Flow) -> None:
        self.context.meet(box)
        style = box.style
        if style["break_before"] in tree.PAGE_BREAKS:
            flow.end_page()
        elif style["break_before"] in tree.AVOID and tree.own(box):
            flow.keep_last()
        if tree.own(box) and (name := tree.attribute(box, "id")) in self.context.targets:
            flow.anchors.append(Anchor(name))
        start = len(flow.blocks)
        margin = css.sides(box, "margin", place.width)
        flow.collapse(margin.top)
        self._inside(box, margin, place, flow)
        flow.collapse(margin.bottom)
        if style["break_inside"] in tree.AVOID:
            _keep_together(flow.blocks[start:])
        if style["break_after"] in tree.PAGE_BREAKS:
            flow.end_page()
        elif style["break_after"] in tree.AVOID:
            flow.keep_last()

    def _inside(self, box: Any, margin: Sides[float], place: Place, flow: Flow) -> None:
        """The content of a block between its margins."""
        if tree.is_table_wrapper(box):
            self._children(box, self._wrapper_place(box, margin, place), flow)
            return
        padding = css.sides(box, "padding", place.width)
        framed = self._frame(box)
        inner = _indented(box, margin, padding, framed, place)
        if tree.opens_list(box):
            inner = replace(inner, depth=place.depth + 1, listing=box)
        if framed and not box.children:
            self._rule(box, inner, flow)
            return
        if framed:
            inner = replace(inner, **framed, spaces=_spaces(padding))
            self._framed(box, inner, margin, flow)
            return
        flow.space(padding.top)
        if tree.holds_lines(box):
            self._paragraph(box, inner, flow, margin.bottom if not padding.bottom else 0.0)
        elif box.children:
            self._children(box, inner, flow)
        else:
            flow.space(css.points(box.style["height"], 0.0) or 0.0)
        flow.space(padding.bottom)

    def _frame(self, box: Any) -> dict[str, Any]:
        """The borders and background of a block, empty where it has neither."""
        borders = css.edges(box.style)
        shade = css.color(box.style, "background_color")
        if not any(borders) and not shade:
            return {}
        if tree.is_root(box):
            self.context.refuse("E404", "border" if any(borders) else "background-color")
            return {}
        if shade and not any(borders):
            # Word shades the lines only; borders of the same colour carry it over the padding.
            thin = Edge("single", 2, shade)
            borders = Sides(thin, thin, thin, thin)
        return {"shade": shade, "borders": borders}

    def _framed(self, box: Any, inner: Place, margin: Sides[float], flow: Flow) -> None:
        """A block with borders or a background: Word gives both to its paragraphs."""
        start = len(flow.blocks)
        if tree.holds_lines(box):
            self._paragraph(box, inner, flow, margin.bottom)
        else:
            self._children(box, inner, flow)
            flow.collapse(0.0)
        if any(isinstance(block, Table) for block in flow.blocks[start:]):
            name = "border" if any(css.edges(box.style)) else "background"
            self.context.refuse("E404", name)

    def _paragraph(self, box: Any, place: Place, flow: Flow, after: float) -> None:
        font = css.font(box.style)
        content, least = inline.content(box, font, self.context)
        own = css.line(box.style)
        line = Line(max(own.value, least), own.rule) if own.rule == "atLeast" else own
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
            # The marker hangs in the room that the list leaves at its side.
            look = replace(look, first=-place.item.hang)
        flow.add(Paragraph(content, font, look, _style_name(box), item=place.item), after)

    def _picture(self, box: Any, place: Place, flow: Flow) -> None:
        """A picture that is a block of its own."""
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

    def _rule(self, box: Any, place: Place, flow: Flow) -> None:
        """An empty block with a border: a line across the page."""
        borders = css.edges(box.style)
        top = borders.top or borders.bottom
        look = Look(
            line=TINY,
            left=twips(place.left),
            right=twips(place.right),
            borders=Sides(None, None, top, None),
            spaces=Sides(0, 0, 0, 0),
        )
        flow.add(Paragraph((), replace(self.font, size=2), look), 0.0)

    def _wrapper_place(self, box: Any, margin: Sides[float], place: Place) -> Place:
        auto = css.auto_margins(box.style)
        align = "center" if all(auto) else "right" if auto[0] else ""
        left = place.left if align else place.left + margin.left
        return TablePlace(width=place.width, left=left, right=place.right, align=align)

    def _table(self, box: Any, place: Place, flow: Flow) -> None:
        self.context.meet(box)
        if place.item is not None:  # the marker needs a line to stand in
            look = Look(left=twips(place.left), first=-place.item.hang)
            flow.add(Paragraph((), css.font(box.style), look, item=place.item), 0.0)
        align = place.align if isinstance(place, TablePlace) else ""
        flow.add_table(tables.table(box, self, left=place.left, align=align))


@dataclass(frozen=True, slots=True, kw_only=True)
class TablePlace(Place):
    """Where a table stands; ``align`` is empty where its left edge counts."""

    align: str = ""


def _style_name(box: Any) -> StyleName:
    level = tree.heading_level(box)
    if level and "--word-style" not in css.declared(box.style):
        return StyleName(level=level)
    return StyleName(css.text(box.style, "--word-style"), level)


def _spaces(padding: Sides[float]) -> Sides[int]:
    return Sides(*(min(round(side), MOST_BORDER_SPACE) for side in padding))


def _indented(
    box: Any, margin: Sides[float], padding: Sides[float], framed: dict[str, Any], place: Place
) -> Place:
    """The place within a block: its indents and its width."""
    borders = framed.get("borders") or (None,) * 4
    edge = Sides(*(css.edge_points(line) for line in borders))
    left = margin.left + padding.left + edge.left
    right = margin.right + padding.right + edge.right
    width = tree.width(box)
    if css.points(box.style["width"], 0.0) is not None:
        spare = place.width - left - right - width
        auto = css.auto_margins(box.style)
        before = spare / 2 if all(auto) else spare if auto[0] else 0.0
        left, right = left + before, right + spare - before
    return replace(place, width=width, left=place.left + left, right=place.right + right)


def _keep_together(blocks: list[Block]) -> None:
    """Keep blocks on one page: every paragraph with the next, but the last."""
    for block in blocks[:-1]:
        if isinstance(block, Paragraph):
            block.look = replace(block.look, keep_next=True)
        else:
            tables.keep(block, last=True)
    for block in blocks:
        if isinstance(block, Paragraph):
            block.look = replace(block.look, keep_lines=True)
    if blocks and isinstance(blocks[-1], Table):
        tables.keep(blocks[-1], last=False)
