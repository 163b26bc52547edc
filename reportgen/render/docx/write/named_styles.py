"""Named Word styles: headings, and the names given by ``--word-style``.

A style has the formatting of most of its paragraphs; the others carry only the differences.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from reportgen.render.docx.ir import Paragraph, ParagraphFormat, StyleName
from reportgen.render.docx.write import paragraph_properties
from reportgen.render.docx.write.wordml import add_child
from reportgen.render.verify.output_text import NAVIGATION_STYLE

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from reportgen.render.docx.source.computed_style import Font

# Names of Word's built-in styles, in lower case and without spaces.
BUILT_IN = frozenset(
    (
        *("normal", "header", "footer", "defaultparagraphfont", "nolist"),
        *("listparagraph", "hyperlink"),
        *("normaltable", "tablenormal", *(f"heading{level}" for level in range(1, 10))),
    )
)
PAGE_HEADING = "頁標題"  # of a heading that the navigation pane does not show, or by another text
NORMAL_STYLE_NAMES = ("", "Normal", "內文")  # names of the plain style


class ParagraphStyle(NamedTuple):
    """A paragraph style; ``parent`` is the heading that it is based on, empty for Normal."""

    id: str
    name: str
    parent: str
    level: int
    look: ParagraphFormat
    font: Font


class NamedStyles:
    """The styles of one document; every paragraph has one."""

    def __init__(self, paragraphs: list[Paragraph], look: ParagraphFormat, font: Font) -> None:
        """Choose the styles of the paragraphs; ``look`` and ``font`` are those of the plain style.

        A named style with an outline level is based on the built-in heading of that level.
        """
        self.normal = ParagraphStyle("Normal", "Normal", "", 0, look, font)
        self.list_item = self.normal._replace(id="ListParagraph", name="List Paragraph")
        uses: dict[StyleName, Counter[tuple[ParagraphFormat, Font]]] = {}
        for paragraph in paragraphs:
            key = _style_key(paragraph.style)
            if not paragraph.spacer and (key.name or key.level):
                formatting = paragraph.look._replace(widows=look.widows), paragraph.font
                uses.setdefault(key, Counter())[formatting] += 1
        for key in [key for key in uses if key.name and key.level]:
            # Its parent style; that of what the navigation pane shows looks as the page's heading.
            seen = StyleName(PAGE_HEADING) if key.navigation else key
            uses.setdefault(StyleName(level=key.level), uses.get(seen, uses[key]))
        self._ids = {*BUILT_IN, NAVIGATION_STYLE}
        self._styles = {
            key: self._make_style(key, uses[key]) for key in sorted(uses, key=_sort_key)
        }

    def style_for(self, paragraph: Paragraph) -> ParagraphStyle:
        """Return the style of a paragraph: named, heading, list item or Normal.

        Paragraphs whose name no style was made for are treated as unnamed.
        """
        plain = self.list_item if paragraph.item is not None else self.normal
        return self._styles.get(_style_key(paragraph.style), plain)

    def write(self, root: Element) -> None:
        """Append the styles to ``w:styles``, after those of the base document."""
        for style in self._styles.values():
            parent = self._styles[StyleName(level=style.level)] if style.parent else self.normal
            element = add_child(root, "style", type="paragraph", styleId=style.id)
            if not style.id.startswith("Heading"):
                element.set(paragraph_properties.CUSTOM, "1")
            add_child(element, "name", val=style.name)
            add_child(element, "basedOn", val=parent.id)
            add_child(element, "next", val="Normal" if style.level else style.id)
            if style.level:
                add_child(element, "uiPriority", val=9)
            add_child(element, "qFormat")
            properties = add_child(element, "pPr")
            paragraph_properties.write_paragraph_format(properties, style.look, parent.look)
            if style.level and parent is self.normal:
                add_child(properties, "outlineLvl", val=style.level - 1)
            paragraph_properties.write_font(element, style.font, parent.font)
            if not len(properties):
                element.remove(properties)

    def _make_style(
        self, key: StyleName, counter: Counter[tuple[ParagraphFormat, Font]]
    ) -> ParagraphStyle:
        """Return the style of a key, with the commonest formatting of its paragraphs.

        Of equally common ones it is the first in the document. The style's id is recorded.
        """
        (look, font), _ = counter.most_common(1)[0]
        level = key.level
        if not key.name:
            return ParagraphStyle(f"Heading{level}", f"heading {level}", "", level, look, font)
        parent = f"Heading{level}" if level else ""
        name = key.name if key.navigation else self._unused_name(key.name)
        return ParagraphStyle("".join(name.split()), name, parent, level, look, font)

    def _unused_name(self, name: str) -> str:
        """Return a name, numbered from 2 if another style has its id, and record the id.

        Ids are names without spaces; Word ignores their case.
        """
        number, candidate = 1, name
        while "".join(candidate.lower().split()) in self._ids:
            number += 1
            candidate = f"{name} {number}"
        self._ids.add("".join(candidate.lower().split()))
        return candidate


def _sort_key(name: StyleName) -> tuple[bool, str, int, bool]:
    """Return the sort key of a style: headings first, then by name."""
    return bool(name.name), name.name, name.level, name.navigation


def _style_key(name: StyleName) -> StyleName:
    """Return a style name with the names of the plain style as ""."""
    plain = name.name in NORMAL_STYLE_NAMES
    return name._replace(name="" if plain else name.name)
