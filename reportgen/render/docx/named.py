"""Word styles: headings, and the names that ``--word-style`` gives.

A style looks as most of its paragraphs do; the others carry only what differs.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from reportgen.render.docx import looks
from reportgen.render.docx.story import Look, Paragraph, StyleName
from reportgen.render.docx.wordml import w

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from reportgen.render.docx.style import Font

# What Word calls its own, without case and spaces.
BUILT_IN = frozenset(
    (
        *("normal", "header", "footer", "defaultparagraphfont", "nolist"),
        *("normaltable", "tablenormal", *(f"heading{level}" for level in range(1, 10))),
    )
)
NORMAL = ("", "Normal", "內文")  # how the plain style may be called


class Style(NamedTuple):
    """A paragraph style; ``parent`` is the heading that it is based on, empty for Normal."""

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
                formatting = paragraph.look._replace(widows=look.widows), paragraph.font
                uses.setdefault(key, Counter())[formatting] += 1
        for key in [key for key in uses if key.name and key.level]:
            uses.setdefault(StyleName(level=key.level), uses[key])  # what it is based on
        self._ids = {*BUILT_IN}
        self._styles = {key: self._style(key, uses[key]) for key in sorted(uses, key=_rank)}

    def of(self, paragraph: Paragraph) -> Style:
        """The style of a paragraph."""
        return self._styles.get(_key(paragraph.style), self.normal)

    def write(self, root: Element) -> None:
        """Append the styles to ``w:styles``, behind those of the base document."""
        for style in self._styles.values():
            parent = self._styles[StyleName(level=style.level)] if style.parent else self.normal
            made = w(root, "style", type="paragraph", styleId=style.id)
            if not style.id.startswith("Heading"):
                made.set(looks.CUSTOM, "1")
            w(made, "name", val=style.name)
            w(made, "basedOn", val=parent.id)
            w(made, "next", val="Normal" if style.level else style.id)
            if style.level:
                w(made, "uiPriority", val=9)
            w(made, "qFormat")
            properties = w(made, "pPr")
            looks.write_look(properties, style.look, parent.look)
            if style.level and parent is self.normal:
                w(properties, "outlineLvl", val=style.level - 1)
            looks.write_font(made, style.font, parent.font)
            if not len(properties):
                made.remove(properties)

    def _style(self, key: StyleName, counter: Counter[tuple[Look, Font]]) -> Style:
        (look, font), _ = counter.most_common(1)[0]
        level = key.level
        if not key.name:
            return Style(f"Heading{level}", f"heading {level}", "", level, look, font)
        parent = f"Heading{level}" if level else ""
        name = self._unused(key.name)
        return Style("".join(name.split()), name, parent, level, look, font)

    def _unused(self, name: str) -> str:
        """A name that is no other style's, nor is its id: Word compares without case."""
        number, tried = 1, name
        while "".join(tried.lower().split()) in self._ids:
            number += 1
            tried = f"{name} {number}"
        self._ids.add("".join(tried.lower().split()))
        return tried


def _rank(name: StyleName) -> tuple[bool, str, int]:
    """Headings first, then by name."""
    return bool(name.name), name.name, name.level


def _key(name: StyleName) -> StyleName:
    plain = name.name in NORMAL
    return StyleName("" if plain else name.name, name.level)
