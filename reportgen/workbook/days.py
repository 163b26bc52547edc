"""ROC dates and years, in every form in which staff write them."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from reportgen.model import RocDate
from reportgen.names import name_key
from reportgen.workbook.refusal import Refusal, refuse

if TYPE_CHECKING:
    from reportgen.workbook.spreadsheet import RawCell

_DATE: Final = re.compile(
    r"(?:中華民國|民國)?(\d{1,4})(?:[-/.]|年)(\d{1,2})(?:[-/.]|月)(\d{1,2})日?"
)
_COMPACT: Final = re.compile(r"(\d{2,4})(\d{2})(\d{2})")
_YEAR: Final = re.compile(r"(?:中華民國|民國)?0*([1-9]\d{0,2})(?:年度?)?")


def parse_date(content: str) -> RocDate | Refusal:
    """``105-12-25``, ``105/12/25``, ``105.12.25``, ``1051225``, ``民國105年12月25日``.

    A year above 999 is taken for a Western one, and refused with its ROC counterpart.
    """
    text = name_key(content).replace("\u2212", "-")
    match = _DATE.fullmatch(text) or _COMPACT.fullmatch(text)
    if match is None:
        return refuse("E108", found=content)
    year, month, day = (int(part) for part in match.groups())
    try:
        if year > 999:
            meant = RocDate.from_date(date(year, month, day))
            return refuse("E123", found=content, meant=meant.edition)
        return RocDate(year, month, day)
    except ValueError:
        return refuse("E109", found=content)


def stored_date(raw: RawCell, uses_1904: bool) -> RocDate | Refusal:
    """A date as Excel stored it: days since 1899-12-30, or since 1904-01-01.

    The first epoch makes up for the 29 February 1900 that Excel believes in.
    """
    try:
        if "-" in raw.content[1:]:
            return RocDate.from_date(date.fromisoformat(raw.content[:10]))
        epoch = date(1904, 1, 1) if uses_1904 else date(1899, 12, 30)
        return RocDate.from_date(epoch + timedelta(days=int(float(raw.content))))
    except (ValueError, OverflowError):
        return refuse("E109", found=raw.content)


def parse_year(content: str) -> int | None:
    """A heading that is a ROC year: ``105``, ``105年``, ``105年度``; else None."""
    match = _YEAR.fullmatch(name_key(content))
    return int(match[1]) if match else None
