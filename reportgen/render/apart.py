"""HTML taken apart into its sections, each of which can be parsed without the others.

A template's ``<section>`` elements in the body are its pages. Where nothing stands between them
and none leaves anything open, a document with all but one of them emptied parses to the same
tree, but for what is in those; the cascade then gives each element that is left the same style,
as no selector but ``:has`` and ``:empty`` looks into what comes before or after.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree

from reportgen.render.layout import parse, serialize

if TYPE_CHECKING:
    from collections.abc import Iterable
    from xml.etree.ElementTree import Element

SECTION: Final = "section"
_TAG: Final = re.compile(rf"(?i)<(/?){SECTION}\b[^>]*>")
_FOR_ALL: Final = re.compile(r"(?i)<(?:style|link|base|script)\b")  # reach beyond their section
_RAW: Final = re.compile(  # what is within them is read otherwise
    r"(?i)<(?:!|textarea|title|xmp|iframe|noembed|noframes|noscript|plaintext)"
)
_TEXT: Final = re.compile(r">([^<>]*)<")
_MARK: Final = f'<{SECTION} id="behind"><form></form>x</{SECTION}>'


@dataclass(frozen=True, slots=True)
class Section:
    """A section as it is written, and its start and end alone."""

    html: str
    empty: str


@dataclass(frozen=True, slots=True)
class Apart:
    """A document: what stands before its sections, between them and behind them."""

    before: str
    sections: tuple[Section, ...]
    behind: str

    def only(self, index: int) -> str:
        """The document with one section as it is, and the others empty."""
        parts = (
            each.html if number == index else each.empty
            for number, each in enumerate(self.sections)
        )
        return "\n".join((self.before, *parts, self.behind))

    def frame(self) -> str:
        """The document with all sections empty."""
        return self.only(-1)


def cut(html: str) -> tuple[str, list[str], str] | None:
    """The text before the sections of the body, theirs, and the text behind; None: it has none."""
    places: list[tuple[int, int]] = []
    depth = start = 0
    for tag in _TAG.finditer(html):
        if tag[1]:
            depth -= 1
            if depth == 0:
                places.append((start, tag.end()))
        else:
            start = start if depth else tag.start()
            depth += 1
        if depth < 0:
            return None
    if depth or not places:
        return None
    gaps = (html[end:begin] for (_, end), (begin, _) in pairwise(places))
    if any(gap.strip() for gap in gaps):
        return None
    texts = [html[begin:end] for begin, end in places]
    return html[: places[0][0]], texts, html[places[-1][1] :]


def section(html: str) -> Section | None:
    """A section by its text; None where it changes how what follows is parsed or looks."""
    if _FOR_ALL.search(html):
        return None
    root = parse(f"<!DOCTYPE html><html><head></head><body>{html}{_MARK}</body></html>")
    head, body = root
    if root.attrib or body.attrib or len(head) or len(body) != 2 or (body.text or "").strip():
        return None
    own, mark = body
    if own.tag != SECTION or own.tail or _written(mark) != _MARK:
        return None
    return Section(html, _empty(own))


def is_frame(apart: Apart) -> bool:
    """Whether the sections are all that the body holds."""
    root = parse(apart.frame())
    if [child.tag for child in root if isinstance(child.tag, str)] != ["head", "body"]:
        return False
    body = root[-1]
    texts = (body.text, *(each.tail for each in body))
    return [_written(each) for each in body] == [each.empty for each in apart.sections] and not any(
        text.strip() for text in texts if text
    )


def written(elements: Iterable[Element]) -> list[str]:
    """Sections of a laid-out tree as text."""
    return [serialize(each, whole=False) for each in elements]


def shape(html: str) -> str:
    """All tags of a section, and between which of them a text stands; empty where it is unclear.

    Whatever the texts are, sections of one shape parse to the same elements: a text has no tag in
    it, and where it is written (a table throws texts out) is part of the shape.
    """
    if html.count("<") != html.count(">") or _RAW.search(html):
        return ""
    return _TEXT.sub(lambda found: ">x<" if found[1].strip() else "><", html)


def pieces(elements: Iterable[Element]) -> list[Section]:
    """Sections of a tree that was parsed from text which can be parsed alone."""
    return [Section(serialize(each, whole=False), _empty(each)) for each in elements]


def _empty(element: Element) -> str:
    return _written(ElementTree.Element(element.tag, element.attrib))


def _written(element: Element) -> str:
    tail, element.tail = element.tail, None
    text = ElementTree.tostring(element, encoding="unicode", method="html")
    element.tail = tail
    return text
