"""Block spacing: collapsing CSS margins as Word's space before and after paragraphs.

:class:`BlockSpacing` tracks the space requested since the last block and assigns it to one
neighbour that can carry it, and to one only, as programs differ in whether they add or collapse
the two.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from reportgen.render.docx.ir import Anchor, Block, Paragraph, ParagraphFormat, Table
from reportgen.render.docx.source.computed_style import LineSpacing, twips

if TYPE_CHECKING:
    from reportgen.render.docx.source.computed_style import Font

MIN_LINE = LineSpacing(20, "exact")  # one point: for paragraphs that Word requires


@dataclass(slots=True, eq=False)
class BlockSpacing:
    """A column of blocks: the body, or a cell."""

    font: Font  # of spacers
    blocks: list[Block] = field(default_factory=list)
    fixed: float = 0.0  # points that do not collapse
    margin: tuple[float, float] = (0.0, 0.0)  # the largest, and the most negative
    own_after: float = 0.0  # the margin of the last paragraph itself
    breaking: bool = False  # the next block begins a page
    anchors: list[Anchor] = field(default_factory=list)  # pending, for the next paragraph

    @property
    def gap(self) -> float:
        """Points requested since the last block, at least 0."""
        return max(self.fixed + sum(self.margin), 0.0)

    def add_margin(self, margin: float) -> None:
        """Request a margin in points, which collapses with its neighbours; it may be negative."""
        self.margin = max(self.margin[0], margin), min(self.margin[1], margin)

    def add_fixed_space(self, points: float) -> None:
        """Request space in points that does not collapse: a padding, or a border.

        Margins before it no longer collapse with those after it. 0 has no effect.
        """
        if points:
            self.fixed += sum(self.margin) + points
            self.margin = 0.0, 0.0

    def end_page(self) -> None:
        """Let the next block begin a page, unless it is the first of all.

        The requested space is dropped, but for the last paragraph's own margin.
        """
        if self.blocks:
            self._set_space_after(min(self.own_after, self.gap))
            self._reset_gap()
            self.breaking = True

    def add(self, paragraph: Paragraph, after: float) -> None:
        """Add a paragraph whose own bottom margin is ``after`` points, and start a new gap with it.

        The gap becomes the space after the previous paragraph if it is that paragraph's own margin,
        else the space before this one. Pending anchors and a page break go to the paragraph, which
        is changed in place.
        """
        last = self.blocks[-1] if self.blocks else None
        if isinstance(last, Paragraph) and not self.breaking and self.gap == self.own_after:
            self._set_space_after(self.gap)
        else:
            paragraph.look = paragraph.look._replace(before=paragraph.look.before + twips(self.gap))
        paragraph.page_break = self.breaking
        paragraph.content = (*self.anchors, *paragraph.content)
        self.anchors.clear()
        self.blocks.append(paragraph)
        self._reset_gap()
        self.own_after = after
        self.add_margin(after)

    def add_table(self, table: Table) -> None:
        """Add a table; the space above it becomes the space after the paragraph before it.

        A spacer carries it instead after a table and wherever an anchor or a page break is pending,
        as tables cannot carry either.
        """
        last = self.blocks[-1] if self.blocks else None
        if isinstance(last, Table) or self.breaking or self.anchors or not self.blocks:
            if self.blocks or self.anchors or self.gap:
                self._add_spacer()
        else:
            self._set_space_after(self.gap)
        self.blocks.append(table)
        self._reset_gap()

    def finish(self, *, cell: bool) -> list[Block]:
        """Return the blocks, with the paragraph that Word requires after a final table.

        A cell's last paragraph gets the remaining space, the document's only its own margin. There
        is at least one block.
        """
        if cell:
            self._set_space_after(self.gap)
        elif self.blocks and isinstance(self.blocks[-1], Table):
            self._reset_gap()
        if self.anchors or not self.blocks or isinstance(self.blocks[-1], Table):
            self._add_spacer()
        elif not cell:
            self._set_space_after(min(self.own_after, self.gap))
        return self.blocks

    def keep_last_with_next(self) -> None:
        """Keep the last paragraph on the page of what follows; no effect after a table."""
        last = self.blocks[-1] if self.blocks else None
        if isinstance(last, Paragraph):
            last.look = last.look._replace(keep_next=True)

    def _add_spacer(self) -> None:
        """Add a paragraph without text, as high as the gap and at least a point, and reset the gap.

        It takes the pending anchors and the pending page break.
        """
        height = LineSpacing(max(twips(self.gap), MIN_LINE.value), MIN_LINE.rule)
        font = self.font._replace(size=2)
        spacer = Paragraph(tuple(self.anchors), font, ParagraphFormat(line=height), spacer=True)
        spacer.page_break = self.breaking
        self.anchors.clear()
        self.blocks.append(spacer)
        self._reset_gap()

    def _set_space_after(self, points: float) -> None:
        """Set the space after the last block in points, if it is a paragraph with text."""
        last = self.blocks[-1] if self.blocks else None
        if isinstance(last, Paragraph) and not last.spacer:
            last.look = last.look._replace(after=twips(points))

    def _reset_gap(self) -> None:
        """Clear the space requested since the last block, and the pending page break."""
        self.fixed, self.margin, self.own_after, self.breaking = 0.0, (0.0, 0.0), 0.0, False
