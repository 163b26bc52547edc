"""What an eye would object to: text over the margin, across a rule, or on top of other text."""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING, Any

import pypdfium2
import pypdfium2.raw as pdfium

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

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
    seen: dict[tuple[int, int], str] = {}
    for character, (left, bottom, right, top) in characters:
        place = (round((left + right) / 6), round((bottom + top) / 6))
        if seen.get(place, character) != character:
            yield f"{character} lies on {seen[place]} at {left:.0f}, {bottom:.0f}"
        seen[place] = character


def _characters(page: Any) -> Iterator[tuple[str, Box]]:
    text_page = page.get_textpage()
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    for number in range(text_page.count_chars()):
        character = chr(pdfium.FPDFText_GetUnicode(text_page, number))
        if not character.isspace():
            pdfium.FPDFText_GetCharBox(text_page, number, left, right, bottom, top)
            yield character, (left.value, bottom.value, right.value, top.value)
