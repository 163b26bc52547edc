"""What a cell's number format makes of its number: a date, a percentage, or neither.

Rules: ECMA-376 part 1, 18.8.30 and 18.8.31.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple


class NumberFormat(NamedTuple):
    """What a cell shows its number as."""

    is_date: bool
    is_percent: bool


PLAIN: Final = NumberFormat(is_date=False, is_percent=False)
# 14-22 and 45-47 everywhere; 27-36 and 50-58 in Taiwan's, China's, Japan's and Korea's Excel.
_DATE_IDS: Final = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
_PERCENT_IDS: Final = frozenset({9, 10})
# Quoted and escaped characters, paddings, colours and locales, but not elapsed time as in [h].
_LITERALS: Final = re.compile(
    r'"[^"]*"|\\.|_.|\*.|\[(?![hms]+\])[^\]]*\]|General|E[+-]', re.IGNORECASE
)


def number_format(number: int, codes: dict[int, str]) -> NumberFormat:
    """The format of that number: one of the workbook's own ``codes``, or a built-in one."""
    if number in codes:
        bare = _LITERALS.sub("", codes[number]).split(";")[0].lower()
        return NumberFormat(is_date=bool(re.search("[ymdehs]", bare)), is_percent="%" in bare)
    return NumberFormat(is_date=number in _DATE_IDS, is_percent=number in _PERCENT_IDS)
