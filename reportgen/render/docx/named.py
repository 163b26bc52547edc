"""Word styles: headings, and the names that ``--word-style`` gives.

A style looks as most of its paragraphs do; the others carry only what differs.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from reportgen.render.docx import looks
from reportgen.render.docx.story import Look, Paragraph, StyleName
from reportgen.render.docx.wordml import w

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from reportgen.render.docx.style import Font

NORMAL = ("", "Normal", "內文")  # how the plain style may be called


@dataclass(frozen=True, slots=True)
class Style:
    """A paragraph style; ``parent`` is the id of the one it is based on, empty for Normal."""

    id: str
    name: str
    parent: str
    level: int
    look: Look
    font: Font


class Styles:
    """The styles of one document; every paragraph has one."""

    def __init__(self, paragraphs: list[Paragraph], look: Look, font: Font) -> None:
        self.normal = Style("Normal", "Normal", "", 0, look, font)
        uses: dict[StyleName, Counter[tuple[Look, Font]]] = {}
        for paragraph in paragraphs:
            key = _key(paragraph.style)
            if not paragraph.spacer and (key.name or key.level):
                formatting = replace(paragraph.look, widows=look.widows), paragraph.font
                uses.setdefault(key, Counter())[formatting] += 1
        self._styles = {key: self._style(key, counter) for key, counter in uses.items()}

    def of(self, paragraph: Paragraph) -> Style:
        """The style of a paragraph."""
        return self._styles.get(_key(paragraph.style), self.normal)

    def write(self, root: Element) -> None:
        """Append the styles to ``w:styles``, behind those of the base document."""
        for style in sorted(self._styles.values(), key=lambda style: (not style.level, style.id)):
            made = w(root, "style", type="paragraph", styleId=style.id)
            if not style.id.startswith("Heading"):
                made.set(looks.CUSTOM, "1")
            w(made, "name", val=style.name)
            w(made, "basedOn", val=style.parent)
            w(made, "next", val="Normal" if style.level else style.id)
            if style.level:
                w(made, "uiPriority", val=9)
            w(made, "qFormat")
            properties = w(made, "pPr")
            looks.write_look(properties, style.look, self.normal.look)
            if style.level:
                w(properties, "outlineLvl", val=style.level - 1)
            looks.write_font(made, style.font, self.normal.font)
            if not len(properties):
                made.remove(properties)

    def _style(self, key: StyleName, counter: Counter[tuple[Look, Font]]) -> Style:
        (look, font), _ = counter.most_common(1)[0]
        if not key.name:
            return Style(f"Heading{key.level}", f"heading {key.level}", "Normal", key.level, look, font)
        return Style("".join(key.name.split()), key.name, "Normal", key.level, look, font)


def _key(name: StyleName) -> StyleName:
    plain = name.name in NORMAL
    return StyleName("" if plain else name.name, name.level)
