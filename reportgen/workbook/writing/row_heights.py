"""Estimated row heights, for programs that do not fit rows on opening.

:mod:`~reportgen.workbook.writing.deterministic_zip` leaves the height open, so that Excel fits
the row again as soon as it is edited.
"""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Final
from unicodedata import east_asian_width

if TYPE_CHECKING:
    from collections.abc import Iterable

LINE_HEIGHT_PT: Final = 16.5  # points, of 11-point text


def estimate_lines(content: object, width: float) -> int:
    """Return the number of lines of a text in a column of ``width`` characters; 1 for no text.

    ``width`` must be above 3, which are left for the padding.
    """
    if not isinstance(content, str):
        return 1
    return sum(
        max(1, ceil(sum(2 if east_asian_width(c) in "WFA" else 1 for c in line) / (width - 3)))
        for line in content.split("\n")
    )


def row_height(lines: Iterable[int]) -> float:
    """Return the height in points of a row whose cells take so many lines; one without any."""
    return max((1, *lines)) * LINE_HEIGHT_PT + 3
