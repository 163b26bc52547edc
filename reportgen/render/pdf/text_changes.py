"""Where the text of a document's pages differs from that of an earlier version of them.

Pages are matched by their texts, then the lines of those that differ, then the characters of those
lines.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from reportgen.render.pdf.hit_regions import bounding_edges
from reportgen.text.diff import diff

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Sequence
    from pathlib import Path

_EDGE_POINTS: Final = 1.0  # around a changed text
_MAX_LINES: Final = 20_000  # of both versions; beyond, nothing is marked


class Box(NamedTuple):
    """A region of a page from its upper left corner, in shares of its width and height."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PageText:
    """A page of a PDF, by its index from 0, and its text."""

    pdf: Path
    index: int
    text: str


class _Character(NamedTuple):
    """A character on a page: the page's number, and left, top, right and bottom in shares."""

    text: str
    page: int
    left: float
    top: float
    right: float
    bottom: float


def changed_boxes(
    before: Sequence[PageText], after: Sequence[PageText], seal: re.Pattern[str]
) -> tuple[tuple[Box, ...], ...]:
    """Return for each page of ``after`` the regions whose text is not in ``before``.

    Where text was only taken away, what stood before it is marked. Lines in which ``seal`` is
    found are left out, as each build renews them. Raise PdfiumError for a file that is no PDF.
    """

    def unsealed(page: PageText) -> tuple[str, ...]:
        """Return the lines of a page without that of its seal."""
        return tuple(line for line in page.text.splitlines() if not seal.search(line))

    old, new = [unsealed(page) for page in before], [unsealed(page) for page in after]
    if sum(map(len, (*old, *new))) > _MAX_LINES:
        return ((),) * len(after)
    changed: list[_Character] = []
    with ExitStack() as stack:
        reader = _PageReader(stack)
        for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, False).get_opcodes():
            if tag in ("replace", "insert"):
                lines = [
                    line
                    for number in range(j1, j2)
                    for line in reader.lines(after[number], number)
                    if not seal.search(_text_of(line))
                ]
                old_lines = [line for page_lines in old[i1:i2] for line in page_lines]
                changed += _changed_characters(old_lines, lines)
        sizes = [reader.size(page) for page in after] if changed else []
    found: dict[int, list[Box]] = {}
    for number, characters in groupby(changed, key=lambda character: character.page):
        found.setdefault(number, []).extend(_boxes(characters, sizes[number]))
    return tuple(tuple(found.get(number, ())) for number in range(len(after)))


class _PageReader:
    """Reads pages of PDFs, which are closed with ``stack``."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self._documents: dict[Path, Any] = {}

    def _page(self, page: PageText) -> Any:
        """Return PDFium's page."""
        import pypdfium2

        if page.pdf not in self._documents:
            opened = pypdfium2.PdfDocument(page.pdf)
            self._documents[page.pdf] = self._stack.enter_context(opened)
        return self._documents[page.pdf][page.index]

    def size(self, page: PageText) -> tuple[float, float]:
        """Return width and height of a page in points."""
        width, height = self._page(page).get_size()
        return width, height

    def lines(self, page: PageText, number: int) -> list[list[_Character]]:
        """Return the lines of a page as characters; blank lines are left out."""
        from pypdfium2.raw import FPDFText_GetUnicode

        found = self._page(page)
        width, height = found.get_size()
        text = found.get_textpage()
        lines: list[list[_Character]] = [[]]
        for index in range(text.count_chars()):
            character = chr(FPDFText_GetUnicode(text, index))
            if character in "\r\n":
                lines.append([])
                continue
            left, bottom, right, top = text.get_charbox(index, loose=True)
            lines[-1].append(
                _Character(
                    character,
                    number,
                    left / width,
                    1 - top / height,
                    right / width,
                    1 - bottom / height,
                )
            )
        return [line for line in lines if line]


def _text_of(line: Iterable[_Character]) -> str:
    """Return the text of characters."""
    return "".join(character.text for character in line)


def _changed_characters(
    old_lines: Sequence[str], lines: Sequence[list[_Character]]
) -> list[_Character]:
    """Return the characters of ``lines`` that are not in ``old_lines``, in order."""
    new_lines = [_text_of(line) for line in lines]
    changed: list[_Character] = []
    matcher = SequenceMatcher(None, old_lines, new_lines, False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            continue
        characters = [character for line in lines[j1:j2] for character in line]
        if not characters:
            changed += lines[j1 - 1][-1:] if j1 else []
            continue
        position = 0
        for piece in diff("".join(old_lines[i1:i2]), _text_of(characters)):
            end = position + len(piece.new)
            if piece.changed:
                changed += characters[position:end] or characters[max(0, position - 1) : position]
            position = end
    return changed


def _boxes(characters: Iterable[_Character], size: tuple[float, float]) -> list[Box]:
    """Return the regions of characters of one page in order; those that touch are one."""
    width, height = size
    edges: list[tuple[float, float, float, float]] = []
    for character in characters:
        if character.text.isspace():
            continue
        edge = character[2:]
        if edges and _follows(edges[-1], edge, width / height):
            edge = bounding_edges(edges.pop(), edge)
        edges.append(edge)
    across, down = _EDGE_POINTS / width, _EDGE_POINTS / height
    return [
        Box(
            round(left - across, 5),
            round(top - down, 5),
            round(right - left + 2 * across, 5),
            round(bottom - top + 2 * down, 5),
        )
        for left, top, right, bottom in edges
    ]


def _follows(
    last: tuple[float, float, float, float], edge: tuple[float, float, float, float], ratio: float
) -> bool:
    """Return whether a character stands in the same line as a region, right after it.

    ``ratio`` is the page's width by its height.
    """
    line_height = (last[3] - last[1]) / ratio  # in shares of the width
    has_same_line = min(last[3], edge[3]) - max(last[1], edge[1]) > 0.5 * (edge[3] - edge[1])
    return has_same_line and abs(edge[0] - last[2]) < line_height
