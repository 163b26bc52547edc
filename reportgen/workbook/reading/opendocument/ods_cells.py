"""Conversion of a cell of OpenDocument into that of an Excel workbook."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from reportgen.workbook.reading.number_formats import is_percentage
from reportgen.workbook.reading.opendocument.ods_number_formats import ValueType
from reportgen.workbook.reading.opendocument.ods_text import escape_literal, has_paragraph, text_of
from reportgen.workbook.reading.opendocument.xml_names import CALCEXT, OFFICE, TABLE
from reportgen.workbook.reading.raw_cells import (
    RawCell,
    StoredType,
    constant_formula_value,
    refers_to_other_workbook,
)

if TYPE_CHECKING:
    from reportgen.workbook.reading.opendocument.ods_number_formats import Format
    from reportgen.workbook.reading.opendocument.xml_names import Xml

NULL_DATE: Final = datetime(1899, 12, 30)  # noqa: DTZ001 (of a calendar, not of a clock)
_FORMULA: Final = f"{TABLE}formula"
_TYPE: Final = f"{OFFICE}value-type"
_NUMBERS: Final = frozenset({"float", "percentage", "currency"})
_FLOAT: Final = re.compile(
    r"\s*([+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|-?INF)\s*"
)
_DATE: Final = re.compile(r"-?[0-9]{4,6}-[0-9]{2}-[0-9]{2}(?:T[0-9:.]{1,20}Z?)?")
_TIME: Final = re.compile(
    r"(-?)PT(?:([0-9]{1,9})H)?(?:([0-9]{1,9})M)?(?:([0-9]{1,9})(?:[.,][0-9]{1,12})?S)?"
)
_FORMULA_PREFIX: Final = re.compile(r"[A-Za-z][\w.-]*:(?==)")  # of:=, oooc:=, msoxl:=
_ERROR: Final = re.compile(r"#(?:DIV/0!|N/A|NAME\?|NULL!|NUM!|REF!|VALUE!|SPILL!)|Err:[0-9]{3}")
# 'file:///…/b.ods'#$Sheet1.A1; a reference that LibreOffice could not follow stays as Excel's.
_ELSEWHERE: Final = re.compile(r"'#\$?|\bDDE\(", re.IGNORECASE)
_TRUTHS: Final = {"TRUE": "1", "FALSE": "0"}


def read_cell(cell: Xml, number_format: Format, epoch: datetime) -> RawCell | None:
    """Return the content of a cell, or None for a blank one.

    The value counts, as its type says; the text beside it is how a program displayed it. Only if
    no format is stated does the text decide on a truth value or a percentage: LibreOffice displays
    both by the formula. ``epoch`` is the day that numbers of dates count from. Raises ValueError
    for an invalid value.
    """
    stated = cell.get(_FORMULA)
    formula = None if stated is None else _FORMULA_PREFIX.sub("", stated.strip(), count=1)
    value_type = cell.get(_TYPE)
    if formula is not None and _is_error(cell):
        raw: RawCell | None = RawCell(StoredType.ERROR, text_of(cell).strip() or "#VALUE!")
    elif value_type in _NUMBERS and cell.get(f"{OFFICE}value") is not None:
        raw = _number(cell, value_type, number_format, epoch)
    elif value_type == "date" and cell.get(f"{OFFICE}date-value") is not None:
        raw = RawCell(StoredType.DATE, _date(cell.get(f"{OFFICE}date-value")))
    elif value_type == "time" and cell.get(f"{OFFICE}time-value") is not None:
        raw = RawCell(StoredType.DATE, _time(cell.get(f"{OFFICE}time-value"), epoch))
    elif value_type == "boolean" and cell.get(f"{OFFICE}boolean-value") is not None:
        raw = RawCell(
            StoredType.BOOLEAN, "1" if cell.get(f"{OFFICE}boolean-value") == "true" else "0"
        )
    else:
        raw = _text(cell, value_type, formula)
    if raw is None or formula is None:
        return raw
    elsewhere = bool(_ELSEWHERE.search(formula)) or refers_to_other_workbook(formula)
    return raw._replace(
        is_computed=True, is_external=elsewhere, constant=constant_formula_value(formula)
    )


def _is_error(cell: Xml) -> bool:
    """Return whether a cell is an error: LibreOffice marks it, other programs show its text."""
    if cell.get(f"{CALCEXT}value-type") == "error":
        return True
    shown = cell.get(f"{OFFICE}string-value") or text_of(cell)
    return bool(_ERROR.fullmatch(shown.strip()))


def _text(cell: Xml, value_type: str | None, formula: str | None) -> RawCell | None:
    """Return a text, or a formula that has no result; a number without a value is its text.

    None for a blank cell, and for a formula whose result is an empty text.
    """
    stated = cell.get(f"{OFFICE}string-value") if value_type == "string" else None
    text = text_of(cell) if stated is None else escape_literal(stated)
    if text:
        return RawCell(StoredType.TEXT, text)
    if formula is not None and value_type != "string" and not has_paragraph(cell):
        return RawCell(StoredType.UNCACHED, "")
    return None


def _number(cell: Xml, value_type: str, number_format: Format, epoch: datetime) -> RawCell:
    """Return the content of a number, a date or truth value by its format.

    Raises ValueError for a value that is no number.
    """
    match = _FLOAT.fullmatch(cell.get(f"{OFFICE}value"))
    if match is None:
        raise ValueError(f"{cell.get(f'{OFFICE}value')[:40]!r} is no number")
    number = float(match[1])
    content = str(number) if re.search("[.eEN]", match[1]) else str(int(match[1]))
    if number_format.kind in {ValueType.DATE, ValueType.TIME}:
        return RawCell(StoredType.DATE, _date_of(number, epoch))
    if number_format.kind is ValueType.TRUTH:
        return RawCell(StoredType.BOOLEAN, "1" if number else "0")
    if number_format.code:
        return RawCell(
            StoredType.NUMBER,
            content,
            is_percentage(number, number_format.code),
            number_format=number_format.code,
        )
    shown = text_of(cell).strip()
    if shown in _TRUTHS and number in {0, 1}:
        return RawCell(StoredType.BOOLEAN, _TRUTHS[shown])
    return RawCell(StoredType.NUMBER, content, value_type == "percentage" or shown.endswith("%"))


def _date_of(number: float, epoch: datetime) -> str:
    """Return the date of a number of days since ``epoch``; ``#####`` if there is none."""
    try:
        return (epoch + timedelta(days=number)).isoformat()
    except OverflowError:
        return "#####"


def _date(text: str) -> str:
    """Return a date or date and time of ISO 8601; raises ValueError for another text."""
    if _DATE.fullmatch(text.strip()) is None:
        raise ValueError(f"{text[:40]!r} is no date")
    return text.strip()


def _time(text: str, epoch: datetime) -> str:
    """Return a time of the day; a negative one, or one of a day and more, as date and time.

    Raises ValueError for a text that is no duration.
    """
    match = _TIME.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text[:40]!r} is no time")
    hours, minutes, seconds = (int(part or 0) for part in match.groups()[1:])
    if hours < 24 and minutes < 60 and seconds < 60 and not match[1]:
        return f"{hours:02}:{minutes:02}:{seconds:02}"
    duration = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return _date_of((-duration if match[1] else duration) / timedelta(days=1), epoch)


__all__ = ["NULL_DATE", "read_cell"]
