"""Exact numbers, parsed from texts and from what Excel stored, and their shortest decimal form."""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction
from typing import TYPE_CHECKING, Final, NamedTuple

from reportgen.formula.units import RATE_SIGNS, leading_scale, scale_of
from reportgen.workbook.reading.rejection import Rejection, reject
from reportgen.workbook.reading.text_cleaning import misleading_digits

if TYPE_CHECKING:
    from collections.abc import Collection

    from reportgen.workbook.reading.raw_cells import RawCell

MAX_ABS_NUMBER: Final = 10**15  # Excel keeps 15 digits; Taiwan's general budget has 13
_ALLOWED_RANGE: Final = f"±{MAX_ABS_NUMBER:,}"

_NUMBER: Final = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?[%‰‱]?|[+-]?\.\d+[%‰‱]?")
_EXPONENT_NUMBER: Final = re.compile(r"[+-]?\d+(?:\.\d+)?[eE][+-]?\d+")
_SPACE_BEFORE_SIGN: Final = re.compile(r"\s+(?=[%‰‱])")
_WPS_PICTURE: Final = re.compile(r"=(?:_xlfn\.)?DISPIMG\(", re.IGNORECASE)
_NUMBER_WITH_UNIT: Final = re.compile(r"([+-]?[\d,]*\.?\d+)\s*([^\d\s.,()]+)")
_BRACKETED_NUMBER: Final = re.compile(r"\(([\d,]*\.?\d+)\)")


class SignedNumber(NamedTuple):
    """A number and the sign it is written with: 12.5% is 1/8 with ``%``, 12.5 has none."""

    number: Fraction
    sign: str = ""


def parse_number(content: str) -> Fraction | Rejection:
    """Return the exact number of ``１７``, ``1,234``, `` 12 ``, ``-3.5`` or ``12.5%`` (1/8).

    Rejected are a unit, an accountant's ``(50)``, an exponent, what is above 10^15, and a formula
    that Excel keeps as text because of the format of its cell.
    """
    signed_number = parse_number_with_sign(content)
    return signed_number if isinstance(signed_number, Rejection) else signed_number.number


def parse_number_with_sign(
    content: str, signs: Collection[str] = ("%",)
) -> SignedNumber | Rejection:
    """Return a number as :func:`parse_number` does, with its sign; ``signs`` are those allowed.

    The sign is taken into account: 12.5% is 1/8. E161 rejects digits that look like others.
    """
    if false := misleading_digits(content):
        return reject("E161", found=content, character=false)
    text = unicodedata.normalize("NFKC", content).replace("\u2212", "-").strip()
    text = _SPACE_BEFORE_SIGN.sub("", text)
    sign = text[-1:] if text[-1:] in RATE_SIGNS else ""
    if _NUMBER.fullmatch(text) and (not sign or sign in signs):
        number = _within_limits(text.rstrip(sign).replace(",", ""), RATE_SIGNS.get(sign, 1))
        return number if isinstance(number, Rejection) else SignedNumber(number, sign)
    return _reject_number(text, content)


def _reject_number(text: str, content: str) -> Rejection:
    """Return the rejection of a text that is no number.

    E144: an exponent, E146: a picture of WPS Office, E143: another formula, E125: brackets, E157:
    a scale such as 萬, E112: a unit, else E111. ``content`` is the text as written.
    """
    if _EXPONENT_NUMBER.fullmatch(text):
        return reject("E144", found=content)
    if text.startswith("="):
        return reject("E146") if is_wps_picture(text) else reject("E143", found=content[:40])
    if match := _BRACKETED_NUMBER.fullmatch(text):
        return reject("E125", found=content, number=match[1])
    if (match := _NUMBER_WITH_UNIT.fullmatch(text)) and match[2] not in "‰‱":  # no unit: a divisor
        if scale := leading_scale(match[2]):
            whole = format_number(Fraction(match[1].replace(",", "")) * scale_of(scale))
            return reject(
                "E157", found=content, number=match[1], unit=match[2], scale=scale, whole=whole
            )
        return reject("E112", found=content, number=match[1], unit=match[2])
    return reject("E111", found=content)


def is_wps_picture(text: str) -> bool:
    """Return whether a text is the formula by which WPS Office places a picture in a cell."""
    return bool(_WPS_PICTURE.match(text))


def _within_limits(digits: str, divisor: int) -> Fraction | Rejection:
    """Return digits divided by ``divisor``; the rejection E118 if the number is too large."""
    if len(digits) > 40:  # beyond any figure; Python itself refuses 4,300 digits
        return reject("E118", found=f"{digits[:20]}…", allowed=_ALLOWED_RANGE)
    number = Fraction(digits) / divisor
    if abs(number) > MAX_ABS_NUMBER:
        return reject("E118", found=digits, allowed=_ALLOWED_RANGE)
    return number


def parse_stored_number(raw: RawCell) -> Fraction | Rejection:
    """Return a number as Excel stored it: 17 significant digits, of which 15 are the user's.

    The others are left over from binary arithmetic, in results and in values that were pasted.
    Rejected are NaN and what is above 10^15 (E118), and what is no number (E111).
    """
    try:
        number = float(raw.content)
    except ValueError:
        return reject("E111", found=raw.content)
    if not abs(number) <= MAX_ABS_NUMBER:  # also NaN
        return reject("E118", found=raw.content, allowed=_ALLOWED_RANGE)
    if raw.content.isdecimal():
        return Fraction(int(raw.content))
    return Fraction(format(number, ".15g"))


def format_number(number: Fraction, percent: bool = False) -> str:
    """Return the shortest decimal form: ``12.5``, or ``12.5%`` for 1/8 as a percentage.

    Raises ValueError for a fraction without a finite one, such as 1/3.
    """
    if percent:
        return f"{format_number(number * 100)}%"
    places, scaled = 0, number
    while scaled.denominator != 1:
        if scaled.denominator % 2 and scaled.denominator % 5:
            raise ValueError(f"{number} has no finite decimal form")
        scaled *= 10
        places += 1
    digits = str(abs(scaled.numerator)).rjust(places + 1, "0")
    integer_part, decimal_part = digits[: len(digits) - places], digits[len(digits) - places :]
    return ("-" if number < 0 else "") + integer_part + (f".{decimal_part}" if decimal_part else "")
