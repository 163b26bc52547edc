"""One cell to one value, or to the problem that stands in its way.

Numbers are exact: a typed number is read by its shortest decimal form, the cached value
of a formula by the 15 digits that Excel shows, and nothing passes through binary
arithmetic. The symbols for missing figures are those of Taiwan's statistical convention
(``-`` no figure, ``…`` not yet available, ``--`` meaningless).
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final, NamedTuple

from reportgen.goals import read_goal
from reportgen.model import CellRef, Known, Missing, MissingReason, RocDate, Text, Value
from reportgen.names import name_key
from reportgen.problems import Location, make
from reportgen.workbook.days import parse_date, stored_date
from reportgen.workbook.numerals import number_text, parse_number, stored_number
from reportgen.workbook.refusal import Refusal, refuse
from reportgen.workbook.spreadsheet import Stored
from reportgen.workbook.texts import clean_text

if TYPE_CHECKING:
    from fractions import Fraction

    from reportgen.problems import Problem
    from reportgen.workbook.spreadsheet import RawCell

MAX_TEXT: Final = 300  # characters of a text whose column says nothing else


def hints(chinese: str, english: str) -> dict[str, str]:
    """The fields of a hint, which is a sentence of its own or empty."""
    return {"hint": chinese, "hint_en": english}


class Cell(NamedTuple):
    """A place in the workbook, what is stored there, and where its problems go.

    ``label`` names it for people: the heading of its column, or the item of its row.
    """

    at: CellRef
    raw: RawCell | None
    label: str
    problems: list[Problem]
    uses_1904: bool = False
    most: int = MAX_TEXT  # characters of its text

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
        raw = self.raw
        return raw is None or (raw.stored is Stored.TEXT and not clean_text(raw.content)[0])


# --- text ---------------------------------------------------------------------------


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
        number = stored_number(raw)
        return raw.content if isinstance(number, Refusal) else number_text(number, raw.percent)
    if raw.stored is Stored.DATE:
        day = stored_date(raw, cell.uses_1904)
        return raw.content if isinstance(day, Refusal) else day.edition
    if raw.stored is Stored.TRUTH:
        return "TRUE" if raw.content == "1" else "FALSE"
    text, stripped = clean_text(raw.content)
    if stripped:
        cell.report("N155", found="、".join(stripped))
    if len(text) > cell.most:
        cell.report("E126", found=f"{len(text):,}", most=f"{cell.most:,}")
        return text[: cell.most]
    return text


def _has_no_value(cell: Cell, raw: RawCell) -> bool:
    """Report a formula that nobody has calculated, or whose result is an error."""
    if raw.stored is Stored.UNCACHED:
        cell.report("E114")
    elif raw.stored is Stored.ERROR:
        cell.report("E115", found=raw.content)
    return raw.stored in {Stored.UNCACHED, Stored.ERROR}


# --- numbers ------------------------------------------------------------------------

_SYMBOLS: Final = {
    "-": MissingReason.NO_FIGURE,
    "--": MissingReason.MEANINGLESS,
    "...": MissingReason.NOT_YET,
    "......": MissingReason.NOT_YET,
    "⋯": MissingReason.NOT_YET,
}


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
        number = stored_number(raw)
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
    cell.report("E138", found=number_text(number), allowed=f"{low:,}–{high:,}")
    return None


def read_figure(cell: Cell) -> Value:
    """A yearly figure, or why there is none; a refused content counts as blank."""
    if cell.raw is not None and cell.raw.stored is Stored.TEXT:
        symbol = unicodedata.normalize("NFKC", clean_text(cell.raw.content)[0]).strip()
        if symbol in _SYMBOLS:
            return Missing(reason=_SYMBOLS[symbol])
    number = read_number(cell)
    return Missing(reason=MissingReason.BLANK) if number is None else Known(value=number)


_SIGN: Final = re.compile(r"(?:>=|<=|[≥≤≧≦><=])?\s*(.*)", re.DOTALL)


def read_target(cell: Cell) -> Text:
    """A target as written: ``≥90``, ``≤3``, ``12``, ``90%``, ``80~90``; empty for none.

    A blank cell and ``-`` state none.
    """
    text = read_text(cell)
    none = Text(text="", at=cell.at)
    if text.text in {"", "-", "－"}:
        return none
    if cell.raw is not None and cell.raw.stored in {Stored.DATE, Stored.TRUTH}:
        cell.report("E127", found=text.text)
        return none
    refusal = _refusal_of_target(text.text)
    if refusal is None:
        return text
    cell.refused(refusal)
    return none


def _refusal_of_target(text: str) -> Refusal | None:
    goal = read_goal(text)
    if goal is None:
        match = _SIGN.fullmatch(unicodedata.normalize("NFKC", text))
        number = parse_number(match[1]) if match else None
        if isinstance(number, Refusal) and number.code != "E111":
            return number
        return refuse("E127", found=text)
    numbers = (parse_number(bound.text) for bound in goal.bounds)
    return next((number for number in numbers if isinstance(number, Refusal)), None)


# --- dates and years ----------------------------------------------------------------


def read_date(cell: Cell) -> RocDate | None:
    """A day, or None for a blank cell and for one that is refused."""
    raw = cell.raw
    if raw is None or cell.is_blank or _has_no_value(cell, raw):
        return None
    if raw.stored is Stored.DATE:
        day = stored_date(raw, cell.uses_1904)
    elif raw.stored is Stored.TRUTH:
        day = refuse("E108", found=_text_of(cell))
    else:
        day = parse_date(clean_text(raw.content)[0])
    if isinstance(day, Refusal):
        cell.refused(day)
        return None
    return day


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
