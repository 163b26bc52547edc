"""Inline content: text, breaks, links, pictures."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from reportgen.render.docx.ir import Anchor, Inline, InlineBreak, Run
from reportgen.render.docx.source import box_tree
from reportgen.render.docx.source import computed_style as css
from reportgen.render.docx.source.box_tree import BoxKind
from reportgen.render.docx.source.font_mapping import GENERIC_FAMILIES, is_east_asian, split_by_hint

if TYPE_CHECKING:
    from collections.abc import Callable

    from reportgen.render.docx.conversion_context import ConversionContext
    from reportgen.render.docx.source.computed_style import Font
    from reportgen.render.weasyprint_types import Box

SPACE_EM, MONOSPACE_EM = 0.25, 0.6  # how wide a space is
TAB_STOPS = 10
# Characters that XML cannot hold.
_FORBIDDEN = {
    code: None
    for code in (*range(0x20), 0xFFFE, 0xFFFF, *range(0xD800, 0xE000))
    if code not in (0x09, 0x0A, 0x0D)
}


@dataclass(slots=True, eq=False)
class _Piece:
    """Text before it becomes a run; ``collapsible``: spaces at the ends of a line vanish."""

    text: str
    font: Font
    link: str
    collapsible: bool


@dataclass(slots=True, eq=False)
class _Lines:
    """The content of one block's lines, collected in order."""

    context: ConversionContext
    pieces: list[_Piece | Inline] = field(default_factory=list)
    heights: list[int] = field(default_factory=list)  # twips, of boxes within the line
    phrases: list[range] = field(default_factory=list)
    letters: int = 0  # so far, without white space

    def gather(self, box: Box, font: Font, link: str) -> None:
        """Add the text, pictures, anchors and breaks within a box, at any depth, to the pieces.

        ``font`` and ``link`` are those inherited; "" is no link.
        """
        for child in box.children:
            kind = box_tree.kind(child)
            if kind is BoxKind.TEXT:
                self._add_text(child, font, link)
            elif kind is BoxKind.PICTURE:
                self.context.refuse_declared(child, "vertical-align")
                picture = self.context.picture(child)
                if picture is not None:
                    self.pieces.append(picture)
            elif kind in (BoxKind.INLINE, BoxKind.ATOM, BoxKind.LINE, BoxKind.BLOCK, BoxKind.TABLE):
                self._add_box(child, kind, font, link)

    def _add_box(self, box: Box, kind: BoxKind, font: Font, link: str) -> None:
        """Add an inline box: its anchor if a link leads to it, then its content in its own font.

        Unsupported properties of the box are recorded.
        """
        self.context.check_supported(box)
        if kind is BoxKind.INLINE and not css.is_plain(box.style):
            font = css.inline_font(box.style, font)
            self.context.check_inline_edges(box)
            if box.style["vertical_align"] in css.VERTICAL_ALIGNMENTS:
                self.context.refuse_declared(box, "vertical-align")
        self.pieces += self.context.anchors(box)
        self.gather(box, font, self.context.link_target(box) or link)

    def _add_text(self, box: Box, font: Font, link: str) -> None:
        """Add a box's text, its line ends and tabs as breaks, and the least height of its line.

        Its unbroken phrases and the widths of its characters are recorded too.
        """
        is_collapsible = box_tree.collapsible(box)
        length = len("".join(box.text.split()))
        if box_tree.is_unbroken(box):
            self.phrases.append(range(self.letters + 1, self.letters + length))
        self.letters += length
        for index, line in enumerate(box.text.translate(_FORBIDDEN).split("\n")):
            if index:
                self.pieces.append(InlineBreak.BREAK)
            for number, part in enumerate(line.replace("\r", "").split("\t")):
                if number:
                    self.pieces.append(InlineBreak.TAB)
                if part:
                    self.pieces.append(_Piece(part, font, link, is_collapsible))
                    self.heights.append(_min_line_height(box))
                    self.context.learn_advances(part, font, box.style)


class InlineContent(NamedTuple):
    """The inline content of a block."""

    content: tuple[Inline, ...]
    min_height: int  # of a line in twips; 0 if no line has a minimum
    phrases: tuple[range, ...]  # before which characters, white space not counted, no line begins


def inline_content(box: Box, font: Font, context: ConversionContext) -> InlineContent:
    """Return a block's lines as Word's inline content.

    ``font`` is the block's. Unsupported properties, pictures and links are recorded in ``context``,
    and the widths of the characters are measured there.
    """
    lines = _Lines(context)
    for line in box.children:
        lines.gather(line, font, "")
    _trim(lines.pieces)
    return InlineContent(
        tuple(_runs(lines.pieces)), min(lines.heights, default=0), tuple(lines.phrases)
    )


def _min_line_height(box: Box) -> int:
    """Return the least height of a box's line in twips, 0 if the font alone determines it."""
    line = css.line_spacing(box.style)
    return 0 if line.rule == "auto" else line.value


def _trim(pieces: list[_Piece | Inline]) -> None:
    """Remove, in place, the spaces that vanish at the ends of lines and a break that ends the last.

    Anchors do not count as content of a line.
    """
    _trim_starts(pieces, str.lstrip, 1)
    _trim_starts(pieces, str.rstrip, -1)
    for index in range(len(pieces) - 1, -1, -1):
        piece = pieces[index]
        if piece is InlineBreak.BREAK:
            del pieces[index]
        if not isinstance(piece, Anchor):
            break


def _trim_starts(
    pieces: list[_Piece | Inline], strip: Callable[[str, str], str], step: int
) -> None:
    """Strip the collapsible spaces at the starts of lines, in place.

    With a ``step`` of -1 the pieces are read backwards: at the ends of lines.
    """
    at_start = True
    for piece in pieces[::step]:
        if isinstance(piece, _Piece):
            if at_start and piece.collapsible:
                piece.text = strip(piece.text, " ")
            at_start = at_start and not piece.text
        elif not isinstance(piece, Anchor):
            at_start = piece is InlineBreak.BREAK


def _runs(pieces: list[_Piece | Inline]) -> list[Inline]:
    """Return pieces as inline content: neighbours of equal font and link are merged into runs.

    Runs are then split by script, with a hint where Word needs it. Empty pieces are left out.
    """
    joined: list[Inline] = []
    for piece in pieces:
        if not isinstance(piece, _Piece):
            joined.append(piece)
        elif piece.text:
            last = joined[-1] if joined else None
            if isinstance(last, Run) and (last.font, last.link) == (piece.font, piece.link):
                joined[-1] = last._replace(text=last.text + piece.text)
            else:
                joined.append(Run(piece.text, piece.font, piece.link))
    return [part for run in joined for part in _split_by_script(run)]


def _split_by_script(run: Inline) -> list[Inline]:
    """Return a run in parts, its East-Asian characters upright and with a font hint where needed.

    Inline content other than runs is returned unchanged.
    """
    if not isinstance(run, Run):
        return [run]
    return [
        part._replace(text=text, hint=hint)
        for part in upright_ideographs(run)
        for text, hint in split_by_hint(part.text)
    ]


def upright_ideographs(run: Run) -> list[Run]:
    """Return an italic run in parts, its East-Asian characters upright: they have no italics.

    A run that is not italic is returned as the only part.
    """
    if not run.font.italic:
        return [run]
    upright = run.font._replace(italic=False)
    return [
        run._replace(text="".join(characters), font=upright if is_ideograph else run.font)
        for is_ideograph, characters in groupby(run.text, is_east_asian)
    ]


def tab_stops(font: Font) -> tuple[tuple[str, int], ...]:
    """Return ten tab stops, as (alignment, position in twips): every eight spaces, as in CSS.

    The width of a space is an estimate by the kind of the font.
    """
    spaces = MONOSPACE_EM if font.latin == GENERIC_FAMILIES["monospace"] else SPACE_EM
    width = font.size / 2 * spaces * 8
    return tuple(("left", css.twips(width * number)) for number in range(1, TAB_STOPS + 1))
