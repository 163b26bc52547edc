"""Parsing of ROC dates and years, in every form in which staff write them."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Final

from reportgen.model.scorecard import ROC_OFFSET, RocDate
from reportgen.text.name_matching import name_key
from reportgen.workbook.reading.rejection import Rejection, reject
from reportgen.workbook.reading.text_cleaning import misleading_digits

if TYPE_CHECKING:
    from reportgen.workbook.reading.raw_cells import RawCell

_DATE: Final = re.compile(
    r"(?:中華民國|民國)?(\d{1,4})(?:[-/.]|年)(\d{1,2})(?:[-/.]|月)(\d{1,2})日?"
)
# Six digits that begin with 1 are ambiguous: 101121 is 101-1-21, 101-12-1 or 10-11-21.
_COMPACT_DATE: Final = re.compile(r"((?!1\d{5}$)\d{2,4})(\d{2})(\d{2})")
_TWO_DIGIT_YEAR: Final = re.compile(r"\d\d[-/.]")
_LAST_TWO_DIGIT_YEAR: Final = 60  # ROC 60 is 1971; scorecards are of 1992 and later
_SPACE_BETWEEN_DIGITS: Final = re.compile(r"(?<=\d)\s+(?=\d)")
_YEAR: Final = re.compile(r"(?:中華民國|民國)?0*([1-9]\d{0,2})(?:年度?)?")
_COMMON_YEAR: Final = re.compile(r"(?:西元|公元)?(19[1-9]\d|20\d\d)(?:年度?)?")


def parse_date(content: str) -> RocDate | Rejection:
    """Return the date of ``105-12-25``, ``105/12/25``, ``1051225`` or ``民國105年12月25日``.

    A year above 999 is taken for a Western one, and so is 16/12/25: no scorecard is of ROC 16.
    Both are rejected (E123) with the ROC date that is probably meant. E109 rejects a day that does
    not exist, E108 any other text.
    """
    if misleading_digits(content):
        return reject("E108", found=content)
    text = name_key(_SPACE_BETWEEN_DIGITS.sub("-", content.strip())).replace("\u2212", "-")
    match = _DATE.fullmatch(text) or _COMPACT_DATE.fullmatch(text)
    if match is None:
        return reject("E108", found=content)
    year, month, day = (int(part) for part in match.groups())
    try:
        is_short = _TWO_DIGIT_YEAR.match(text) is not None and year <= _LAST_TWO_DIGIT_YEAR
        if is_short:
            year += 2000
        if year > 999:
            roc_date = RocDate.from_date(date(year, month, day))
            return reject("E123", found=content, meant=roc_date.edition)
        return RocDate(year, month, day)
    except ValueError:
        return reject("E109", found=content)


def parse_iso_date(raw: RawCell) -> RocDate | Rejection:
    """Return the date of an ISO 8601 text, which the reader made of Excel's number.

    A time behind it is ignored. E109 rejects a text that is no date, or one before 1912.
    """
    try:
        return RocDate.from_date(date.fromisoformat(raw.content[:10]))
    except ValueError:
        return reject("E109", found=raw.content)


def parse_year(content: str) -> int | None:
    """Return the ROC year of a heading such as ``105``, ``105年`` or ``105年度``, or None."""
    match = None if misleading_digits(content) else _YEAR.fullmatch(name_key(content))
    return int(match[1]) if match else None


def parse_western_year(content: str) -> int | None:
    """Return the ROC year of a heading that is a year from 1912 to 2099 CE, or None."""
    match = _COMMON_YEAR.fullmatch(name_key(content))
    return int(match[1]) - ROC_OFFSET if match and int(match[1]) > ROC_OFFSET else None
