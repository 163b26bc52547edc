"""The runs of a paragraph: its text, to be split and recombined."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Final

from lxml import etree

from reportgen.render.docx.write.wordml import NAMESPACES, add_child, add_text, qualified_name

if TYPE_CHECKING:
    from reportgen.render.docx.track_changes.alignment import Xml

_PLAIN: Final = frozenset(map(qualified_name, ("t", "br", "rPr")))
_WITHOUT_CONTENT: Final = frozenset(map(qualified_name, ("pPr", "bookmarkStart", "bookmarkEnd")))


class TextRuns:
    """The text of a plain paragraph, and the runs it consists of."""

    def __init__(self, paragraph: Xml) -> None:
        """Read the text of a plain paragraph; a line break is a newline."""
        # Text and the properties of its run, None without any; a line break is its own part.
        self._parts: list[tuple[str, Xml | None]] = []
        for run in paragraph.findall(qualified_name("r")):
            properties = run.find(qualified_name("rPr"))
            for child in run:
                if child.tag == qualified_name("t"):
                    self._parts.append((child.text or "", properties))
                elif child.tag == qualified_name("br"):
                    self._parts.append(("\n", properties))
        self.text = "".join(text for text, _ in self._parts)

    def slice(self, start: int, stop: int, local: str = "t") -> list[Xml]:
        """Return new runs with the text from ``start`` to before ``stop``, in their formatting.

        A line break, which counts as one character, is a run of its own. ``local`` is the tag of
        the text: "t", or "delText" within ``w:del``. The paragraph itself is not changed.
        """
        new_runs: list[Xml] = []
        offset = 0
        for text, properties in self._parts:
            words = text[max(0, start - offset) : max(0, stop - offset)]
            offset += len(text)
            if words:
                run = etree.Element(qualified_name("r"), nsmap=NAMESPACES)
                if properties is not None:
                    run.append(copy.deepcopy(properties))
                if words == "\n":
                    add_child(run, "br")
                else:
                    add_text(run, words, local)
                new_runs.append(run)
        return new_runs


def content_elements(paragraph: Xml) -> list[Xml]:
    """Return the children of a paragraph, such as runs, without its properties and bookmarks."""
    return [child for child in paragraph if child.tag not in _WITHOUT_CONTENT]


def is_plain(paragraph: Xml) -> bool:
    """Return whether a paragraph's runs hold nothing but text and line breaks.

    Hyperlinks, pictures, tabs and fields make it False; bookmarks do not.
    """
    return all(
        run.tag == qualified_name("r") and all(child.tag in _PLAIN for child in run)
        for run in content_elements(paragraph)
    )


def content_index(paragraph: Xml) -> int:
    """Return the index at which a paragraph's contents begin."""
    properties = paragraph.find(qualified_name("pPr"))
    return 0 if properties is None else paragraph.index(properties) + 1
