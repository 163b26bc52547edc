"""Styles of paragraphs by name and level: Word's navigation pane shows the PDF's bookmarks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.render.docx.conversion.block_spacing import MIN_LINE
from reportgen.render.docx.ir import Paragraph, ParagraphFormat, Run, StyleName
from reportgen.render.docx.source import box_tree
from reportgen.render.docx.source import computed_style as css
from reportgen.render.docx.write.named_styles import PAGE_HEADING
from reportgen.render.verify.output_text import NAVIGATION_STYLE

if TYPE_CHECKING:
    from reportgen.render.docx.ir import Inline
    from reportgen.render.docx.source.computed_style import Font
    from reportgen.render.weasyprint_types import Box


def heading_style(
    box: Box, content: tuple[Inline, ...], font: Font
) -> tuple[Paragraph | None, StyleName]:
    """Return (entry in the navigation pane or None, style) of a paragraph with this content.

    An entry, a paragraph that is not to be seen and precedes this one, is needed if the bookmark
    has another text than the page, white space apart. It then has the outline level in place of the
    paragraph itself.
    """
    style = _style_name(box)
    label = box_tree.bookmark_label(box)
    if not style.level or not label or label.replace(" ", "") == _text_of(content):
        return None, style
    return _navigation_paragraph(label, style.level, font), StyleName(style.name or PAGE_HEADING)


def _style_name(box: Box) -> StyleName:
    """Return the Word style and outline level of a box, as ``--word-style`` and bookmarks set them.

    A heading without a level has the style of headings that are repeated on further pages.
    """
    # Without a label there is no bookmark in the PDF either.
    level = box_tree.outline_level(box) if box_tree.bookmark_label(box) else 0
    is_heading = bool(box_tree.heading_level(box))
    is_named = "--word-style" in css.declared_properties(box.style)
    if is_named or not (level or is_heading):
        return StyleName(css.custom_property_text(box.style, "--word-style"), level)
    # A heading without a level: such as one that is repeated on a further page.
    return StyleName(level=level) if level else StyleName(PAGE_HEADING)


def _text_of(content: tuple[Inline, ...]) -> str:
    """Return the text of a paragraph without white space."""
    return "".join("".join(part.text.split()) for part in content if isinstance(part, Run))


def _navigation_paragraph(label: str, level: int, font: Font) -> Paragraph:
    """Return a paragraph of one point in white: the navigation pane shows it, the page does not.

    Word has no other way to call a heading by a text that is not printed.
    """
    tiny = font._replace(size=2, color="FFFFFF", spacing=0)
    return Paragraph(
        (Run(label, tiny),),
        tiny,
        ParagraphFormat(line=MIN_LINE, keep_next=True),
        StyleName(NAVIGATION_STYLE, level, navigation=True),
    )
