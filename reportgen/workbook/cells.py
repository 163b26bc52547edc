"""One cell to one value, or to the problem that stands in its way.

Numbers are exact: a typed number is read by its shortest decimal form, the cached value
of a formula by the 15 digits that Excel shows, and nothing passes through binary
arithmetic. The symbols for missing figures are those of Taiwan's statistical convention
(``-`` no figure, ``…`` not yet available, ``--`` meaningless).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from reportgen.model import CellRef, Known, Missing, MissingReason, RocDate, Text, Value
from reportgen.problems import Location, make
from reportgen.names import name_key
from reportgen.workbook.spreadsheet import Stored

if TYPE_CHECKING:
    from reportgen.problems import Problem
    from reportgen.workbook.spreadsheet import RawCell

MAX_NUMBER: Final = 10**15  # Excel keeps 15 digits; Taiwan's general budget has 13
MAX_TEXT: Final = 4_000  # characters; a printed page holds some 1,500


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a content cannot be taken: a code of the catalogue and its fields."""

    code: str
    fields: tuple[tuple[str, str], ...] = ()


def refuse(code: str, **fields: str) -> Refusal:
    """A refusal with these fields."""
    return Refusal(code, tuple(fields.items()))


def hints(chinese: str, english: str) -> dict[str, str]:
    """The fields of a hint, which is a sentence of its own or empty."""
    return {"hint": chinese, "hint_en": english}


@dataclass(frozen=True, slots=True)
class Cell:
    """A place in the workbook, what is stored there, and where its problems go.

    ``label`` names it for people: the heading of its column, or the item of its row.
    """

    at: CellRef
    raw: RawCell | None
    label: str
    problems: list[Problem]
    uses_1904: bool = False

    def report(self, code: str, **fields: object) -> None:
        """Add a problem of this cell."""
        where = Location(sheet=self.at.sheet, cell=self.at.cell)
        self.problems.append(make(code, where, label=self.label, **fields))

    def refused(self, refusal: Refusal) -> None:
        """Report why its content was not taken."""
        self.report(refusal.code, **dict(refusal.fields))

    @property
    def is_blank(self) -> bool:
        """Nothing, or nothing that could be seen."""
        return self.raw is None or (self.raw.stored is Stored.TEXT and not name_key(self.raw.content))


# --- text ---------------------------------------------------------------------------

_ESCAPE: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
_PAIR: Final = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_NEWLINES: Final = re.compile("\r\n|[\r\u0085\u2028\u2029]")
# Controls, bidirectional and zero-width marks, soft hyphen, BOM, non-characters, surrogates.
_UNPRINTABLE: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
)


def clean_text(content: str) -> tuple[str, tuple[str, ...]]:
    """The text to the letter without what cannot be printed, and what was taken away.

    ``_x000D_`` is how Excel stores a carriage return (ECMA-376 part 1, 22.9.2.19); a
    character beyond U+FFFF may be stored as two such escapes. Only outer white space is
    trimmed; a tab counts as a space.
    """
    text = content
    if "_x" in text:
        text = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
        text = _PAIR.sub(_join_surrogates, text)
    text = _NEWLINES.sub("\n", text).replace("\t", " ")
    stripped = dict.fromkeys(f"U+{ord(character):04X}" for character in _UNPRINTABLE.findall(text))
    return _UNPRINTABLE.sub("", text).strip(), tuple(stripped)


def _join_surrogates(pair: re.Match[str]) -> str:
    return pair[0].encode("utf-16-le", "surrogatepass").decode("utf-16-le")


def read_text(cell: Cell) -> Text:
    """What would be printed; empty for a blank cell, and for one that is refused.

    A number or a date in a text column is taken as Excel shows it, dates in ROC form.
    """
    return Text(text=_text_of(cell), at=cell.at)


def _text_of(cell: Cell) -> str:
    raw = cell.raw
    if raw is None or _has_no_value(cell, raw):
        return ""
    if raw.stored is Stored.NUMBER:
        number = _stored_number(raw)
        return raw.content if isinstance(number, Refusal) else number_text(number, raw.percent)
    if raw.stored is Stored.DATE:
        day = _stored_date(raw, cell.uses_1904)
        return raw.content if isinstance(day, Refusal) else day.edition
    if raw.stored is Stored.TRUTH:
        return "TRUE" if raw.content == "1" else "FALSE"
    text, stripped = clean_text(raw.content)
    if stripped:
        cell.report("N155", found="、".join(stripped))
    if len(text) > MAX_TEXT:
        cell.report("E126", found=f"{len(text):,}", most=f"{MAX_TEXT:,}")
        return text[:MAX_TEXT]
    return text


def _has_no_value(cell: Cell, raw: RawCell) -> bool:
    """Report a formula that nobody has calculated, or whose result is an error."""
    if raw.stored is Stored.UNCACHED:
        cell.report("E114")
    elif raw.stored is Stored.ERROR:
        cell.report("E115", found=raw.content)
    return raw.stored in {Stored.UNCACHED, Stored.ERROR}


# --- numbers ------------------------------------------------------------------------

_NUMBER: Final = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?%?|[+-]?\.\d+%?")
_EXPONENT: Final = re.compile(r"[+-]?\d+(?:\.\d+)?[eE][+-]?\d+|[+-]?(?:nan|inf|infinity)", re.I)
_WITH_UNIT: Final = re.compile(r"([+-]?[\d,]*\.?\d+)\s*([^\d\s.,()]+)")
_BRACKETED: Final = re.compile(r"\(([\d,]*\.?\d+)\)")
_SYMBOLS: Final = {
    "-": MissingReason.NO_FIGURE,
    "--": MissingReason.MEANINGLESS,
    "...": MissingReason.NOT_YET,
    "......": MissingReason.NOT_YET,
    "⋯": MissingReason.NOT_YET,
}


def parse_number(content: str) -> Fraction | Refusal:
    """``１７``, ``1,234``, `` 12 ``, ``-3.5`` and ``12.5%`` (1/8), exactly.

    A unit, an accountant's ``(50)``, an exponent and what is above 10^15 are refused.
    """
    text = unicodedata.normalize("NFKC", content).replace("\u2212", "-").strip()
    if _NUMBER.fullmatch(text):
        bare = text.rstrip("%").replace(",", "")
        return _within_limits(bare, 100 if text.endswith("%") else 1)
    if _EXPONENT.fullmatch(text):
        return refuse("E118", found=content, allowed=_ALLOWED)
    if match := _BRACKETED.fullmatch(text):
        return refuse("E125", found=content, number=match[1])
    if match := _WITH_UNIT.fullmatch(text):
        return refuse("E112", found=content, number=match[1], unit=match[2])
    return refuse("E111", found=content)


_ALLOWED: Final = f"±{MAX_NUMBER:,}"


def _within_limits(digits: str, divisor: int) -> Fraction | Refusal:
    if len(digits) > 40:  # beyond any figure; Python itself refuses 4,300 digits
        return refuse("E118", found=f"{digits[:20]}…", allowed=_ALLOWED)
    number = Fraction(digits) / divisor
    if abs(number) > MAX_NUMBER:
        return refuse("E118", found=digits, allowed=_ALLOWED)
    return number


def _stored_number(raw: RawCell) -> Fraction | Refusal:
    """A number as Excel stored it: 17 significant digits, of which 15 are the user's."""
    try:
        number = float(raw.content)
    except ValueError:
        return refuse("E111", found=raw.content)
    if not abs(number) <= MAX_NUMBER:  # also NaN
        return refuse("E118", found=raw.content, allowed=_ALLOWED)
    if raw.content.isdecimal():
        return Fraction(int(raw.content))
    return Fraction(format(number, ".15g") if raw.computed else repr(number))


def number_text(number: Fraction, percent: bool = False) -> str:
    """The shortest decimal form: ``12.5``, or ``12.5%`` for 1/8 as a percentage.

    Raises ValueError for a fraction that has none, such as 1/3.
    """
    if percent:
        return f"{number_text(number * 100)}%"
    places, scaled = 0, number
    while scaled.denominator != 1:
        if scaled.denominator % 2 and scaled.denominator % 5:
            raise ValueError(f"{number} has no finite decimal form")
        scaled *= 10
        places += 1
    digits = str(abs(scaled.numerator)).rjust(places + 1, "0")
    whole, decimals = digits[: len(digits) - places], digits[len(digits) - places :]
    return ("-" if number < 0 else "") + whole + (f".{decimals}" if decimals else "")


def read_number(cell: Cell) -> Fraction | None:
    """An exact number, or None for a blank cell and for one that is refused."""
    raw = cell.raw
    if raw is None or cell.is_blank or _has_no_value(cell, raw):
        return None
    if raw.stored is Stored.TRUTH:
        cell.report("E117", found="TRUE" if raw.content == "1" else "FALSE")
        return None
    if raw.stored is Stored.DATE:
        cell.report("E122", found=_text_of(cell))
        return None
    if raw.stored is Stored.NUMBER:
        number = _stored_number(raw)
    else:
        number = parse_number(clean_text(raw.content)[0])
    if isinstance(number, Refusal):
        cell.refused(number)
        return None
    if raw.stored is Stored.TEXT:
        cell.report("N154", found=raw.content, taken=number_text(number))
    return number


def read_within(cell: Cell, low: int, high: int) -> Fraction | None:
    """A number from ``low`` to ``high``, both included."""
    number = read_number(cell)
    if number is None or low <= number <= high:
        return number
    cell.report("E118", found=number_text(number), allowed=f"{low:,}–{high:,}")
    return None


def read_integer(cell: Cell, low: int, high: int) -> int | None:
    """A whole number from ``low`` to ``high``, both included."""
    number = read_within(cell, low, high)
    if number is None or number.denominator == 1:
        return None if number is None else number.numerator
    cell.report("E118", found=number_text(number), allowed=f"{low:,}–{high:,}")
    return None


def read_figure(cell: Cell) -> Value:
    """A yearly figure, or why there is none; a refused content counts as blank."""
    if cell.raw is not None and cell.raw.stored is Stored.TEXT:
        symbol = unicodedata.normalize("NFKC", clean_text(cell.raw.content)[0]).strip()
        if symbol in _SYMBOLS:
            return Missing(reason=_SYMBOLS[symbol])
    number = read_number(cell)
    return Missing(reason=MissingReason.BLANK) if number is None else Known(value=number)


_TARGET: Final = re.compile(r"(?:>=|<=|[≥≤≧≦><=])?\s*(.*)", re.DOTALL)


def read_target(cell: Cell) -> Text:
    """A target as written: ``≥90``, ``≤3``, ``12``, ``90%``; empty for none (blank or ``-``)."""
    text = read_text(cell)
    if text.text in {"", "-", "－"}:
        return Text(text="", at=cell.at)
    if cell.raw is not None and cell.raw.stored in {Stored.DATE, Stored.TRUTH}:
        cell.report("E127", found=text.text)
        return Text(text="", at=cell.at)
    match = _TARGET.fullmatch(unicodedata.normalize("NFKC", text.text))
    number = parse_number(match[1]) if match else refuse("E111", found=text.text)
    if isinstance(number, Refusal):
        if number.code == "E111":
            number = refuse("E127", found=text.text)
        cell.refused(number)
        return Text(text="", at=cell.at)
    return text


# --- dates and years ----------------------------------------------------------------

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


def _stored_date(raw: RawCell, uses_1904: bool) -> RocDate | Refusal:
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


def read_date(cell: Cell) -> RocDate | None:
    """A day, or None for a blank cell and for one that is refused."""
    raw = cell.raw
    if raw is None or cell.is_blank or _has_no_value(cell, raw):
        return None
    if raw.stored is Stored.DATE:
        day = _stored_date(raw, cell.uses_1904)
    elif raw.stored is Stored.TRUTH:
        day = refuse("E108", found=_text_of(cell))
    else:
        day = parse_date(clean_text(raw.content)[0])
    if isinstance(day, Refusal):
        cell.refused(day)
        return None
    return day


def parse_year(content: str) -> int | None:
    """A heading that is a ROC year: ``105``, ``105年``, ``105年度``; else None."""
    match = _YEAR.fullmatch(name_key(content))
    return int(match[1]) if match else None


# --- choices and codes --------------------------------------------------------------

_BETWEEN_CODES: Final = re.compile(r"[、,，/／;；\s]+")


def read_choice(cell: Cell, choices: tuple[str, ...]) -> str | None:
    """One of the choices, matched by its key; None for a blank or refused cell."""
    text = read_text(cell).text
    if not text:
        return None
    for choice in choices:
        if name_key(choice) == name_key(text):
            return choice
    cell.report("E113", found=text, choices="、".join(choices))
    return None


def split_codes(text: str) -> tuple[str, ...]:
    """``A、B``, ``A, B``, ``A／B`` and ``A B`` are two codes."""
    return tuple(part for part in _BETWEEN_CODES.split(text) if part)
