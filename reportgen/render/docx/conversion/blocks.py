"""Blocks to paragraphs and tables of the intermediate representation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from reportgen.render.docx.conversion import headings, inlines, tables
from reportgen.render.docx.conversion.block_spacing import MIN_LINE, BlockSpacing
from reportgen.render.docx.conversion.line_fitting import fit_lines, indented
from reportgen.render.docx.conversion_context import OF_PADDING
from reportgen.render.docx.ir import (
    Block,
    InlineBreak,
    ListItem,
    Paragraph,
    ParagraphFormat,
    Run,
    Table,
)
from reportgen.render.docx.source import box_tree
from reportgen.render.docx.source import computed_style as css
from reportgen.render.docx.source.box_tree import BoxKind
from reportgen.render.docx.source.computed_style import BoxSides, Edge, LineSpacing, twips

if TYPE_CHECKING:
    from reportgen.render.docx.conversion_context import ConversionContext
    from reportgen.render.docx.source.computed_style import Font
    from reportgen.render.weasyprint_types import Box

MAX_BORDER_EIGHTHS = 96  # eighths of a point, Word's limit


class BlockPlace(NamedTuple):
    """Where a block is: indents and the width between them in points, and inherited properties."""

    width: float
    left: float = 0.0
    right: float = 0.0
    shade: str = ""
    borders: BoxSides[Edge | None] | None = None
    spaces: BoxSides[int] | None = None
    item: ListItem | None = None  # for the first paragraph
    depth: int = -1  # of lists
    listing: Box | None = None  # the box of the innermost list
    align: str = ""  # of a table; empty: by its left edge


@dataclass(slots=True, eq=False)
class BlockBuilder:
    """Converts the boxes of one document."""

    context: ConversionContext
    font: Font

    def convert_body(self, root: Box, width: float) -> list[Block]:
        """Return the blocks of a document whose text is ``width`` points wide.

        Whatever of them Word has no counterpart for is recorded in the context.
        """
        flow = BlockSpacing(self.font)
        self._add_block(root, BlockPlace(width=width), flow)
        return flow.finish(cell=False)

    def convert_cell(self, box: Box, width: float) -> list[Block]:
        """Return the blocks of a table cell whose content is ``width`` points wide, at least one.

        Whatever of them Word has no counterpart for is recorded in the context.
        """
        flow = BlockSpacing(css.font_of(box.style))
        if box_tree.holds_lines(box):
            self._add_paragraph(box, BlockPlace(width=width), flow, 0.0)
        else:
            self._add_children(box, BlockPlace(width=width), flow)
        return flow.finish(cell=True)

    def _add_children(self, box: Box, place: BlockPlace, flow: BlockSpacing) -> None:
        """Add the paragraphs and tables of a box's children to ``flow``.

        A list marker numbers the block that follows it.
        """
        for child in box.children:
            kind = box_tree.kind(child)
            if kind is BoxKind.BLOCK:
                self._add_block(child, place, flow)
                place = place._replace(item=None)
            elif kind is BoxKind.TABLE:
                self._add_table(child, place, flow)
            elif kind is BoxKind.LINE:
                self._add_paragraph(box, place, flow, 0.0)
            elif kind is BoxKind.PICTURE:
                self._add_picture(child, place, flow)
            elif kind is BoxKind.MARKER:
                item = self.context.lists.list_item(child, place.listing, place.depth, place.left)
                place = place._replace(item=item)

    def _add_block(self, box: Box, place: BlockPlace, flow: BlockSpacing) -> None:
        """Add a block box to ``flow``: its margins, its anchor, its content and its page breaks.

        Unsupported properties of the box are recorded.
        """
        self.context.check_supported(box)
        style = box.style
        if style["break_before"] in box_tree.PAGE_BREAKS:
            flow.end_page()
        elif style["break_before"] in box_tree.AVOID and box_tree.is_principal_box(box):
            flow.keep_last_with_next()
        flow.anchors += self.context.anchors(box)
        start = len(flow.blocks)
        margin = css.sides(box, "margin", place.width)
        flow.add_margin(margin.top)
        self._add_content(box, margin, place, flow)
        flow.add_margin(margin.bottom)
        if style["break_inside"] in box_tree.AVOID:
            _keep_together(flow.blocks[start:])
        if style["break_after"] in box_tree.PAGE_BREAKS:
            flow.end_page()
        elif style["break_after"] in box_tree.AVOID:
            flow.keep_last_with_next()

    def _add_content(
        self, box: Box, margin: BoxSides[float], place: BlockPlace, flow: BlockSpacing
    ) -> None:
        """Add the content of a block to ``flow``, with its padding, borders and background.

        ``margin`` is the block's own, in points.
        """
        if box.is_table_wrapper:
            self._add_children(box, self._wrapper_place(box, margin, place), flow)
            return
        padding = css.sides(box, "padding", place.width)
        self.context.check_sizes(box, padding)
        framed = self._frame(box)
        inner = _place_within(box, margin, padding, framed, place)
        if box_tree.opens_list(box):
            inner = inner._replace(depth=place.depth + 1, listing=box)
        if framed and not box.children:
            self._add_rule(box, inner._replace(**framed), flow)
            return
        if framed:
            inner = inner._replace(**framed, spaces=_border_spaces(padding))
            self._add_framed_content(box, inner, margin, flow)
            return
        flow.add_fixed_space(padding.top)
        if box_tree.holds_lines(box):
            self._add_paragraph(box, inner, flow, margin.bottom if not padding.bottom else 0.0)
        elif box.children:
            self._add_children(box, inner, flow)
        else:
            flow.add_fixed_space(css.points(box.style["height"], 0.0) or 0.0)
        flow.add_fixed_space(padding.bottom)

    def _frame(self, box: Box) -> dict[str, Any]:
        """Return the ``shade`` and ``borders`` of a block by field name, empty if it has neither.

        A background without any border has thin borders of its colour, to fill the padding too.
        Those of ``html`` and ``body`` are recorded as unsupported (E404), and not returned.
        """
        borders = css.borders_of(box.style)
        shade = css.color(box.style, "background_color")
        if not any(borders) and not shade:
            return {}
        if box_tree.is_root(box):
            self.context.report_unsupported("E404", css.framing_property(box.style), box=box)
            return {}
        if shade and not any(borders):
            # Word shades the lines only; borders of the same colour carry it over the padding.
            thin = Edge("single", 2, shade)
            borders = BoxSides(thin, thin, thin, thin)
        return {"shade": shade, "borders": borders}

    def _add_framed_content(
        self, box: Box, inner: BlockPlace, margin: BoxSides[float], flow: BlockSpacing
    ) -> None:
        """Add a block with borders or a background to ``flow``: Word gives both to its paragraphs.

        A table in it is recorded as unsupported (E404), as it gets neither.
        """
        start = len(flow.blocks)
        if box_tree.holds_lines(box):
            self._add_paragraph(box, inner, flow, margin.bottom)
        else:
            self._add_children(box, inner, flow)
            flow.add_margin(0.0)
        if any(isinstance(block, Table) for block in flow.blocks[start:]):
            self.context.report_unsupported("E404", css.framing_property(box.style), box=box)

    def _add_paragraph(self, box: Box, place: BlockPlace, flow: BlockSpacing, after: float) -> None:
        """Add the lines of a box to ``flow`` as one paragraph, fitted to the PDF's line breaks.

        ``after`` is its bottom margin in points. A heading's entry for the navigation pane precedes
        it.
        """
        font = css.font_of(box.style)
        inline = inlines.inline_content(box, font, self.context)
        style_line = css.line_spacing(box.style)
        line = (
            LineSpacing(max(style_line.value, inline.min_height), style_line.rule)
            if style_line.rule == "atLeast"
            else style_line
        )
        look = ParagraphFormat(
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
            look = look._replace(first=-place.item.marker_width)
        runs = (part.text for part in inline.content if isinstance(part, Run))
        breaks = self.context.lines.breaks(box, "".join("".join(runs).split()))
        if look.first > 0:
            breaks = None  # the first line is narrower than the others
        fit = fit_lines(
            inline.content,
            place.width,
            breaks,
            inline.phrases,
            self.context.advance,
            is_ragged_right=look.align == "left",
        )
        look = indented(look, fit.indent)
        tabs = inlines.tab_stops(font) if InlineBreak.TAB in fit.content else ()
        entry, style = headings.heading_style(box, inline.content, font)
        if entry is not None:
            flow.add(entry, 0.0)
        paragraph = Paragraph(fit.content, font, look, style, item=place.item, tabs=tabs)
        flow.add(paragraph, after)

    def _add_picture(self, box: Box, place: BlockPlace, flow: BlockSpacing) -> None:
        """Add a picture that is a block of its own to ``flow``, as a paragraph.

        One that Word cannot show is recorded, and nothing is added.
        """
        margin = css.sides(box, "margin", place.width)
        picture = self.context.picture(box)
        if picture is None:
            return
        auto = css.auto_margins(box.style)
        align = "center" if all(auto) else "right" if auto[0] else "left"
        look = ParagraphFormat(
            align=align,
            left=twips(place.left + margin.left),
            right=twips(place.right + margin.right),
        )
        flow.add_margin(margin.top)
        flow.add(Paragraph((picture,), css.font_of(box.style), look), margin.bottom)

    def _add_rule(self, box: Box, place: BlockPlace, flow: BlockSpacing) -> None:
        """Add an empty block with a border or background to ``flow``: a line across the page.

        The line is the top border, else the bottom one, else the background as a border as thick as
        the block is high. The browser's default border of ``hr`` is recorded as E403.
        """
        borders = css.borders_of(box.style)
        top = borders.top or borders.bottom
        if top is not None and top.style == "inset":  # as it is where no stylesheet has another
            self.context.report_unsupported("E403", "hr")
        height = css.points(box.style["height"]) or 0.0
        if top is None and place.borders and (fill := place.borders.top):
            top = fill._replace(width=min(max(round(height * 8), 2), MAX_BORDER_EIGHTHS))
        look = ParagraphFormat(
            line=MIN_LINE,
            left=twips(place.left),
            right=twips(place.right),
            borders=BoxSides(None, None, top, None),
            spaces=BoxSides(0, 0, 0, 0),
        )
        flow.add(Paragraph((), self.font._replace(size=2), look), 0.0)

    def _wrapper_place(self, box: Box, margin: BoxSides[float], place: BlockPlace) -> BlockPlace:
        """Return the place of a table: its indents, and its alignment if margins are ``auto``.

        Frames and lists around the table are not inherited, but for a pending list marker.
        """
        auto = css.auto_margins(box.style)
        align = "center" if all(auto) else "right" if auto[0] else ""
        left = place.left if align else place.left + margin.left
        return BlockPlace(
            width=place.width, left=left, right=place.right, item=place.item, align=align
        )

    def _add_table(self, box: Box, place: BlockPlace, flow: BlockSpacing) -> None:
        """Add a table to ``flow``, after an empty paragraph for its list marker if it has one.

        Unsupported properties of the box are recorded.
        """
        self.context.check_supported(box)
        self.context.refuse_declared(box, "height", "min-height", "max-height", *OF_PADDING)
        if place.item is not None:  # the marker needs a line of its own
            look = ParagraphFormat(left=twips(place.left), first=-place.item.marker_width)
            flow.add(Paragraph((), css.font_of(box.style), look, item=place.item), 0.0)
        flow.add_table(tables.convert_table(box, self, left=place.left, align=place.align))


def _border_spaces(padding: BoxSides[float]) -> BoxSides[int]:
    """Return the space between border and text in whole points, at most what Word allows."""
    return BoxSides(*(min(round(side), css.MAX_BORDER_SPACE_PT) for side in padding))


def _place_within(
    box: Box,
    margin: BoxSides[float],
    padding: BoxSides[float],
    framed: dict[str, Any],
    place: BlockPlace,
) -> BlockPlace:
    """Return the place of a block's content: its indents and its width, in points.

    ``place`` is the block's own; the borders in ``framed`` take their width from the content. A
    width of the block's own is aligned left, right or centred by its ``auto`` margins.
    """
    borders = framed.get("borders") or (None,) * 4
    edge = BoxSides(*(css.border_width_pt(line) for line in borders))
    left = margin.left + padding.left + edge.left
    right = margin.right + padding.right + edge.right
    width = box_tree.width(box)
    if width is None:
        width = place.width - left - right
    if css.has_own_width(box.style):
        free = place.width - left - right - width
        auto = css.auto_margins(box.style)
        left_share = free / 2 if all(auto) else free if auto[0] else 0.0
        left, right = left + left_share, right + free - left_share
    return place._replace(width=width, left=place.left + left, right=place.right + right)


def _keep_together(blocks: list[Block]) -> None:
    """Keep blocks on one page, in place: all but the last with the next, and each one's lines."""
    for block in blocks[:-1]:
        if isinstance(block, Paragraph):
            block.look = block.look._replace(keep_next=True)
        else:
            tables.keep_together(block, last=True)
    for block in blocks:
        if isinstance(block, Paragraph):
            block.look = block.look._replace(keep_lines=True)
    if blocks and isinstance(blocks[-1], Table):
        tables.keep_together(blocks[-1], last=False)
