"""Splitting HTML into its sections, so that each can be parsed without the others.

A template's ``<section>`` elements in the body are its pages. If nothing stands between them and
none leaves anything open, a document with all but one of them emptied parses to the same tree but
for their contents; the cascade then gives each remaining element the same style, as no selector but
``:has`` and ``:empty`` looks into preceding or following content.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree

from reportgen.render.layout.laid_out_document import parse, serialize

if TYPE_CHECKING:
    from collections.abc import Iterable
    from xml.etree.ElementTree import Element

SECTION_TAG: Final = "section"
_TAG: Final = re.compile(rf"(?i)<(/?){SECTION_TAG}\b[^>]*>")
_AFFECTS_DOCUMENT: Final = re.compile(r"(?i)<(?:style|link|base|script)\b")  # affect other sections
_RAW_TEXT_ELEMENTS: Final = re.compile(  # their content is not parsed as HTML
    r"(?i)<(?:!|textarea|title|xmp|iframe|noembed|noframes|noscript|plaintext)"
)
_TEXT: Final = re.compile(r">([^<>]*)<")
_SENTINEL: Final = f'<{SECTION_TAG} id="behind"><form></form>x</{SECTION_TAG}>'


@dataclass(frozen=True, slots=True)
class SectionHtml:
    """The HTML of a section, and of the same element without content."""

    html: str
    skeleton: str


@dataclass(frozen=True, slots=True)
class SplitDocument:
    """A document split at its sections: text before, the sections, text behind."""

    before: str
    sections: tuple[SectionHtml, ...]
    after: str

    def with_only(self, index: int) -> str:
        """Return the document with one section as it is and the others empty."""
        parts = (
            section.html if number == index else section.skeleton
            for number, section in enumerate(self.sections)
        )
        return "\n".join((self.before, *parts, self.after))

    def skeleton(self) -> str:
        """Return the document with all sections empty."""
        return self.with_only(-1)


def split_html(html: str) -> tuple[str, list[str], str] | None:
    """Return the text before the body's sections, the sections, and the text behind, or None.

    None if the body has no sections, they are not balanced, or text stands between them.
    """
    spans: list[tuple[int, int]] = []
    depth = start = 0
    for tag in _TAG.finditer(html):
        if tag[1]:
            depth -= 1
            if depth == 0:
                spans.append((start, tag.end()))
        else:
            start = start if depth else tag.start()
            depth += 1
        if depth < 0:
            return None
    if depth or not spans:
        return None
    gaps = (html[end:begin] for (_, end), (begin, _) in pairwise(spans))
    if any(gap.strip() for gap in gaps):
        return None
    texts = [html[begin:end] for begin, end in spans]
    return html[: spans[0][0]], texts, html[spans[-1][1] :]


def parse_section(html: str) -> SectionHtml | None:
    """Return a section by its text, or None if it affects how what follows is parsed or styled."""
    if _AFFECTS_DOCUMENT.search(html):
        return None
    root = parse(f"<!DOCTYPE html><html><head></head><body>{html}{_SENTINEL}</body></html>")
    head, body = root
    if root.attrib or body.attrib or len(head) or len(body) != 2 or (body.text or "").strip():
        return None
    element, sentinel = body
    if element.tag != SECTION_TAG or element.tail or _to_html(sentinel) != _SENTINEL:
        return None
    return SectionHtml(html, _without_content(element))


def is_valid_skeleton(apart: SplitDocument) -> bool:
    """Return whether the body holds the sections and nothing else."""
    root = parse(apart.skeleton())
    if [child.tag for child in root if isinstance(child.tag, str)] != ["head", "body"]:
        return False
    body = root[-1]
    texts = (body.text, *(element.tail for element in body))
    return [_to_html(element) for element in body] == [
        section.skeleton for section in apart.sections
    ] and not any(text.strip() for text in texts if text)


def to_html(elements: Iterable[Element]) -> list[str]:
    """Return the HTML of sections of a laid-out tree."""
    return [serialize(element, whole=False) for element in elements]


def tag_shape(html: str) -> str:
    """Return a section's tags and which of them have text between, or "" if that is not certain.

    Whatever the texts are, sections of one shape parse to the same elements: a text has no tag in
    it, and where it is written (a table moves texts out) is part of the shape.
    """
    if html.count("<") != html.count(">") or _RAW_TEXT_ELEMENTS.search(html):
        return ""
    return _TEXT.sub(lambda match: ">x<" if match[1].strip() else "><", html)


def to_sections(elements: Iterable[Element]) -> list[SectionHtml]:
    """Return sections of a tree whose HTML can be parsed in isolation."""
    return [
        SectionHtml(serialize(element, whole=False), _without_content(element))
        for element in elements
    ]


def _without_content(element: Element) -> str:
    return _to_html(ElementTree.Element(element.tag, element.attrib))


def _to_html(element: Element) -> str:
    tail, element.tail = element.tail, None
    text = ElementTree.tostring(element, encoding="unicode", method="html")
    element.tail = tail
    return text
