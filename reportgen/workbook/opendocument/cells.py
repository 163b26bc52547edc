"""One cell of OpenDocument → what Excel's workbooks hold in its place."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from reportgen.workbook.looks import is_percentage
from reportgen.workbook.opendocument.formats import Kind
from reportgen.workbook.opendocument.names import CALCEXT, OFFICE, TABLE
from reportgen.workbook.opendocument.texts import as_typed, has_paragraph, text_of
from reportgen.workbook.spreadsheet import RawCell, Stored, constant_of, is_of_elsewhere

if TYPE_CHECKING:
    from reportgen.workbook.opendocument.formats import Format
    from reportgen.workbook.opendocument.names import Xml

NULL_DATE: Final = datetime(1899, 12, 30)  # noqa: DTZ001 (of a calendar, not of a clock)
_FORMULA: Final = f"{TABLE}formula"
_TYPE: Final = f"{OFFICE}value-type"
_NUMBERS: Final = frozenset({"float", "percentage", "currency"})
_DOUBLE: Final = re.compile(
    r"\s*([+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|-?INF)\s*"
)
_DATE: Final = re.compile(r"-?[0-9]{4,6}-[0-9]{2}-[0-9]{2}(?:T[0-9:.]{1,20}Z?)?")
_TIME: Final = re.compile(
    r"(-?)PT(?:([0-9]{1,9})H)?(?:([0-9]{1,9})M)?(?:([0-9]{1,9})(?:[.,][0-9]{1,12})?S)?"
)
_PREFIX: Final = re.compile(r"[A-Za-z][\w.-]*:(?==)")  # of the language: of:=, oooc:=, msoxl:=
_ERROR: Final = re.compile(r"#(?:DIV/0!|N/A|NAME\?|NULL!|NUM!|REF!|VALUE!|SPILL!)|Err:[0-9]{3}")
# 'file:///…/b.ods'#$Sheet1.A1; a reference that LibreOffice could not follow stays as Excel's.
_ELSEWHERE: Final = re.compile(r"'#\$?|\bDDE\(", re.IGNORECASE)
_TRUTHS: Final = {"TRUE": "1", "FALSE": "0"}


def read_cell(cell: Xml, look: Format, epoch: datetime) -> RawCell | None:
    """Return what a cell holds, None for a blank one; raise ValueError for what is no value.

    The value counts, as its type says; the text beside it is how a program showed it. Only where
    no format is stated does the text tell a truth value or a percentage: LibreOffice shows both
    by the formula.
    """
    stated = cell.get(_FORMULA)
    formula = None if stated is None else _PREFIX.sub("", stated.strip(), count=1)
    kind = cell.get(_TYPE)
    if formula is not None and _is_error(cell):
        raw: RawCell | None = RawCell(Stored.ERROR, text_of(cell).strip() or "#VALUE!")
    elif kind in _NUMBERS and cell.get(f"{OFFICE}value") is not None:
        raw = _number(cell, kind, look, epoch)
    elif kind == "date" and cell.get(f"{OFFICE}date-value") is not None:
        raw = RawCell(Stored.DATE, _date(cell.get(f"{OFFICE}date-value")))
    elif kind == "time" and cell.get(f"{OFFICE}time-value") is not None:
        raw = RawCell(Stored.DATE, _time(cell.get(f"{OFFICE}time-value"), epoch))
    elif kind == "boolean" and cell.get(f"{OFFICE}boolean-value") is not None:
        raw = RawCell(Stored.TRUTH, "1" if cell.get(f"{OFFICE}boolean-value") == "true" else "0")
    else:
        raw = _text(cell, kind, formula)
    if raw is None or formula is None:
        return raw
    elsewhere = bool(_ELSEWHERE.search(formula)) or is_of_elsewhere(formula)
    return raw._replace(computed=True, elsewhere=elsewhere, constant=constant_of(formula))


def _is_error(cell: Xml) -> bool:
    """LibreOffice marks an error as such; other programs show its text, beside any value."""
    if cell.get(f"{CALCEXT}value-type") == "error":
        return True
    shown = cell.get(f"{OFFICE}string-value") or text_of(cell)
    return bool(_ERROR.fullmatch(shown.strip()))


def _text(cell: Xml, kind: str | None, formula: str | None) -> RawCell | None:
    """Return a text, or a formula that has no result; a number without a value is its text."""
    stated = cell.get(f"{OFFICE}string-value") if kind == "string" else None
    text = text_of(cell) if stated is None else as_typed(stated)
    if text:
        return RawCell(Stored.TEXT, text)
    if formula is not None and kind != "string" and not has_paragraph(cell):
        return RawCell(Stored.UNCACHED, "")
    return None


def _number(cell: Xml, kind: str, look: Format, epoch: datetime) -> RawCell:
    match = _DOUBLE.fullmatch(cell.get(f"{OFFICE}value"))
    if match is None:
        raise ValueError(f"{cell.get(f'{OFFICE}value')[:40]!r} is no number")
    number = float(match[1])
    content = str(number) if re.search("[.eEN]", match[1]) else str(int(match[1]))
    if look.kind in {Kind.DATE, Kind.TIME}:
        return RawCell(Stored.DATE, _day(number, epoch))
    if look.kind is Kind.TRUTH:
        return RawCell(Stored.TRUTH, "1" if number else "0")
    if look.code:
        return RawCell(Stored.NUMBER, content, is_percentage(number, look.code), look=look.code)
    shown = text_of(cell).strip()
    if shown in _TRUTHS and number in {0, 1}:
        return RawCell(Stored.TRUTH, _TRUTHS[shown])
    return RawCell(Stored.NUMBER, content, kind == "percentage" or shown.endswith("%"))


def _day(number: float, epoch: datetime) -> str:
    """Return the day of a number; ``#####`` where there is none, as programs show it."""
    try:
        return (epoch + timedelta(days=number)).isoformat()
    except OverflowError:
        return "#####"


def _date(text: str) -> str:
    if _DATE.fullmatch(text.strip()) is None:
        raise ValueError(f"{text[:40]!r} is no date")
    return text.strip()


def _time(text: str, epoch: datetime) -> str:
    """Return a time of the day; what is longer than a day is a moment after the first one."""
    match = _TIME.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text[:40]!r} is no time")
    hours, minutes, seconds = (int(each or 0) for each in match.groups()[1:])
    if hours < 24 and minutes < 60 and seconds < 60 and not match[1]:
        return f"{hours:02}:{minutes:02}:{seconds:02}"
    length = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return _day((-length if match[1] else length) / timedelta(days=1), epoch)


__all__ = ["NULL_DATE", "read_cell"]
