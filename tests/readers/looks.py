"""What an eye would object to: text over the margin, across a rule, or on top of other text."""

from __future__ import annotations

import ctypes
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pypdfium2
import pypdfium2.raw as pdfium

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SHARED = 0.3  # of a glyph's area that another may cover
LEAST = 0.5  # points
Box = tuple[float, float, float, float]  # left, bottom, right, top in points


def objections(path: Path, margin: float = 36.0) -> list[str]:
    """One line for each character that is cut, crossed or overprinted; lengths are points."""
    document = pypdfium2.PdfDocument(path)
    try:
        return [
            f"page {number}: {text}"
            for number, page in enumerate(document, 1)
            for text in _page(page, margin)
        ]
    finally:
        document.close()


def _page(page: Any, margin: float) -> Iterator[str]:
    width, height = page.get_size()
    rules = [
        each.get_bounds() for each in page.get_objects() if each.type == pdfium.FPDF_PAGEOBJ_PATH
    ]
    upright = [rule for rule in rules if rule[2] - rule[0] < 4 and rule[3] - rule[1] > 8]
    characters = list(_characters(page))
    for character, (left, bottom, right, top) in characters:
        if left < margin or right > width - margin or bottom < 18 or top > height - 18:
            yield f"{character} lies beyond the margin at {left:.0f}, {bottom:.0f}"
        for rule in upright:
            across = left + 1 < (rule[0] + rule[2]) / 2 < right - 1
            if across and rule[1] < (bottom + top) / 2 < rule[3]:
                yield f"{character} is crossed by a rule at {left:.0f}, {bottom:.0f}"
    yield from _leaving(characters, upright)
    yield from _overprinted(characters)


def _leaving(characters: list[tuple[str, Box]], upright: list[Box]) -> Iterator[str]:
    """Neighbours in a run of text that a rule parts: no cell's padding is between them."""
    for (_, one), (character, other) in pairwise(characters):
        near = -1 < other[0] - one[2] < 0.3 * (one[3] - one[1])
        middle = (max(one[1], other[1]) + min(one[3], other[3])) / 2
        level = max(one[1], other[1]) < min(one[3], other[3])
        for rule in upright if near and level else ():
            between = (one[0] + one[2]) / 2 < (rule[0] + rule[2]) / 2 < (other[0] + other[2]) / 2
            if between and rule[1] < middle < rule[3]:
                yield f"{character} has left its column at {other[0]:.0f}, {other[1]:.0f}"


def _overprinted(characters: list[tuple[str, Box]]) -> Iterator[str]:
    """Glyphs whose boxes share more than a little of the smaller one: kerning shares less."""
    from_left = sorted(characters, key=lambda each: each[1][0])
    for number, (character, box) in enumerate(from_left):
        for other, another in from_left[number + 1 :]:
            if another[0] >= box[2]:
                break
            if _shared(box, another) > SHARED * min(_area(box), _area(another)):
                yield f"{other} lies on {character} at {another[0]:.0f}, {another[1]:.0f}"


def _shared(one: Box, other: Box) -> float:
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    return width * height if width > LEAST and height > LEAST else 0.0


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _characters(page: Any) -> Iterator[tuple[str, Box]]:
    text_page = page.get_textpage()
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    for number in range(text_page.count_chars()):
        character = chr(pdfium.FPDFText_GetUnicode(text_page, number))
        if not character.isspace():
            pdfium.FPDFText_GetCharBox(text_page, number, left, right, bottom, top)
            yield character, (left.value, bottom.value, right.value, top.value)
