"""The lines of the laid-out pages: where the PDF breaks a paragraph, and how wide its glyphs are.

Word breaks lines by itself; ``conversion.line_fitting`` leads it to break them as the PDF does.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from weasyprint.formatting_structure import boxes
from weasyprint.text.line_break import create_layout, line_size

from reportgen.render.docx.source import box_tree
from reportgen.render.layout.laid_out_document import walk

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from reportgen.render.layout.laid_out_document import Layout
    from reportgen.render.weasyprint_types import Box, Style

Key = tuple["Element | None", str]  # an element, and its tag with ``::before`` and the like


@dataclass(slots=True, eq=False)
class LaidOutLines:
    """The texts of all lines without white space, by the element that they are of.

    ``breaks`` consumes them: it keeps how many lines of each element it has returned.
    """

    lines: dict[Key, list[str]]
    _taken: dict[Key, int] = field(default_factory=dict)

    def breaks(self, block: Box, text: str) -> tuple[int, ...] | None:
        """Return where the next lines of a block end, in its text without white space.

        The last of the offsets is the text's length. Blocks of the same element must be asked for
        in the document's order, as each call goes on after the lines of the one before. Returns
        None, and consumes nothing, if the next lines are not exactly this text.
        """
        key = block.element, block.element_tag
        lines = self.lines.get(key, [])
        first = self._taken.get(key, 0)
        ends: list[int] = []
        length = 0
        for index in range(first, len(lines)):
            if not text.startswith(lines[index], length):
                return None
            length += len(lines[index])
            ends.append(length)
            if length == len(text):
                self._taken[key] = index + 1
                return tuple(ends)
        return None


def read_lines(layout: Layout) -> LaidOutLines:
    """Return the lines of a document's pages, in their order; lines without text are left out."""
    lines: dict[Key, list[str]] = {}
    for page in layout.document.pages:
        for box in walk(page._page_box):
            if isinstance(box, boxes.LineBox) and (
                squeezed := "".join(box_tree.all_text(box).split())
            ):
                lines.setdefault((box.element, box.element_tag), []).append(squeezed)
    return LaidOutLines(lines)


def advance(character: str, style: Style) -> float:
    """Return the width of a character in ems of its font, as the PDF has it.

    The letter spacing of the style is not part of it.
    """
    # How often a letter by itself has its spacing depends on Pango's version.
    plain = style.copy()
    plain["letter_spacing"] = "normal"
    layout = create_layout(character, plain, None, None, 0)
    width, _ = line_size(layout.get_first_line()[0], plain)
    return float(width / style["font_size"])
