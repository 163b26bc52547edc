"""The runs of a paragraph: what its text is made of, to be cut and put together again."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Final

from lxml import etree

from reportgen.render.docx.wordml import NAMESPACES, name, w
from reportgen.render.docx.wordml import text as add_text

if TYPE_CHECKING:
    from reportgen.render.docx.aligned import Xml

_PLAIN: Final = frozenset({name("t"), name("br"), name("rPr")})


class Runs:
    """The text of a plain paragraph, and its runs to cut from."""

    def __init__(self, paragraph: Xml) -> None:
        self._parts: list[tuple[str, Xml | None]] = []  # text, run properties
        for run in paragraph.findall(name("r")):
            properties = run.find(name("rPr"))
            for each in run:
                if each.tag == name("t"):
                    self._parts.append((each.text or "", properties))
                elif each.tag == name("br"):
                    self._parts.append(("\n", properties))
        self.text = "".join(text for text, _ in self._parts)

    def cut(self, start: int, stop: int, local: str = "t") -> list[Xml]:
        """New runs that hold a part of the text."""
        made: list[Xml] = []
        place = 0
        for text, properties in self._parts:
            words = text[max(0, start - place) : max(0, stop - place)]
            place += len(text)
            if words:
                run = etree.Element(name("r"), nsmap=NAMESPACES)
                if properties is not None:
                    run.append(copy.deepcopy(properties))
                if words == "\n":
                    w(run, "br")
                else:
                    add_text(run, words, local)
                made.append(run)
        return made


def contents(paragraph: Xml) -> list[Xml]:
    """All of a paragraph but its properties and the places in it."""
    kept = (name("pPr"), name("bookmarkStart"), name("bookmarkEnd"))
    return [each for each in paragraph if each.tag not in kept]


def is_plain(paragraph: Xml) -> bool:
    """Whether a paragraph holds nothing but text and line breaks."""
    return all(
        run.tag == name("r") and all(each.tag in _PLAIN for each in run)
        for run in contents(paragraph)
    )


def after_properties(paragraph: Xml) -> int:
    """The place where a paragraph's contents begin."""
    properties = paragraph.find(name("pPr"))
    return 0 if properties is None else paragraph.index(properties) + 1
