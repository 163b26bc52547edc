"""One cell to one value, or to the problem that stands in its way.

Numbers are exact: a stored number is read by the 15 digits that Excel shows, whether it was
typed, pasted or calculated, and nothing passes through binary arithmetic. Symbols for missing
figures are those of :mod:`reportgen.missing_symbols`.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final, NamedTuple

from reportgen.formula.milestones import find_goal
from reportgen.formula.units import RATE_SIGNS
from reportgen.missing_symbols import MissingReason, find_reason
from reportgen.model import CellRef, Known, Missing, RocDate, Text, Value
from reportgen.names import name_key
from reportgen.problems import Location, make
from reportgen.workbook.days import parse_date, stored_date
from reportgen.workbook.looks import look_of
from reportgen.workbook.numerals import (
    Written,
    is_wps_picture,
    number_text,
    parse_written,
    stored_number,
)
from reportgen.workbook.rates import PERCENT, in_unit
from reportgen.workbook.refusal import Refusal, refuse
from reportgen.workbook.refused_targets import refusal_of, refused_as
from reportgen.workbook.spreadsheet import Stored
from reportgen.workbook.texts import clean_text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from fractions import Fraction

    from reportgen.formula import Unit
    from reportgen.formula.milestones import Stage
    from reportgen.problems import Problem
    from reportgen.workbook.spreadsheet import RawCell

MAX_TEXT: Final = 300  # characters of a text whose column says nothing else


def hints(chinese: str, english: str) -> dict[str, str]:
    """The fields of a hint, which is a sentence of its own or empty."""
    return {"hint": chinese, "hint_en": english}


class Cell(NamedTuple):
    """A place in the workbook, what is stored there, and where its problems go.

    ``label`` names it for people: the heading of its column, or the item of its row.
    ``covered_by`` is the cell whose merged area hides this one, blank where none does.
    """

    at: CellRef
    raw: RawCell | None
    label: str
    problems: list[Problem]
    covered_by: str = ""
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
        """Nothing, or nothing that could be seen; what a merged area hides is not known."""
        return is_blank(self.raw) and not self.covered_by


def is_blank(raw: RawCell | None) -> bool:
    """Return whether a cell holds nothing, or nothing that could be seen."""
    return raw is None or (raw.stored is Stored.TEXT and not clean_text(raw.content)[0])


# --- text ---------------------------------------------------------------------------


def read_text(cell: Cell) -> Text:
    """What would be printed; empty for a blank cell, and for one that is refused.

    A number in a text column is taken as Excel shows it, a date in ROC form.
    """
    return Text(text=_text_of(cell), at=cell.at)


def read_remark(cell: Cell) -> Text:
    """Like :func:`read_text`, where a date is a usual content."""
    if cell.raw is not None and cell.raw.stored is Stored.DATE:
        return Text(text=_day_text(cell.raw), at=cell.at)
    return read_text(cell)


def read_code(cell: Cell) -> Text:
    """Like :func:`read_text`, for codes: what Excel took for a date is refused."""
    if cell.raw is not None and cell.raw.stored is Stored.DATE:
        cell.report("E142", found=_day_text(cell.raw))
        return Text(text="", at=cell.at)
    return read_text(cell)


def _text_of(cell: Cell) -> str:
    raw = cell.raw
    if _has_no_value(cell) or raw is None:
        return ""
    if raw.stored is Stored.NUMBER:
        return _number_as_shown(cell, raw)
    if raw.stored is Stored.DATE:
        cell.report("W139", found=_day_text(raw))
        return _day_text(raw)
    return _truth_text(raw) if raw.stored is Stored.TRUTH else _typed_text(cell, raw.content)


def _typed_text(cell: Cell, content: str) -> str:
    text, stripped = clean_text(content)
    if stripped:
        cell.report("N155", found="、".join(stripped))
    if is_wps_picture(text):
        cell.report("E146")
        return ""
    if "\ufffd" in text:
        cell.report("E145", found=text[:40])
    if len(text) > cell.most:
        cell.report("E126", found=f"{len(text):,}", most=f"{cell.most:,}")
        return text[: cell.most]
    return text


def _number_as_shown(cell: Cell, raw: RawCell) -> str:
    number = stored_number(raw)
    if isinstance(number, Refusal):
        cell.report("E148", found=raw.content)
        return ""
    look = look_of(number, raw.look) if raw.look else None
    if look is not None and not look.is_hidden:
        return look.text
    text = number_text(number, raw.percent)
    if raw.look and (look is not None or not raw.percent):
        cell.report("W142", shown="" if look is None else look.text, taken=text)
    return text


def _day_text(raw: RawCell) -> str:
    day = stored_date(raw)
    return raw.content if isinstance(day, Refusal) else day.edition


def _truth_text(raw: RawCell) -> str:
    return "TRUE" if raw.content == "1" else "FALSE"


def _has_no_value(cell: Cell) -> bool:
    """Report what hides a cell's value, or that its formula has none or an error.

    What may not be meant is told as well: a value of another workbook, which is as old as the
    last visit there, one that nobody may have calculated, and what is struck through.
    """
    raw = cell.raw
    if cell.covered_by:
        cell.report("E140", first=cell.covered_by)
        return True
    if raw is None:
        return True
    if raw.stored is Stored.UNCACHED:
        cell.report("E114")
    elif raw.stored is Stored.ERROR:
        cell.report("E115", found=raw.content)
    elif raw.elsewhere:
        cell.report("W141")
    elif raw.is_doubtful:
        cell.report("W163", found=_found(raw))
    _report_struck(cell, raw)
    return raw.stored in {Stored.UNCACHED, Stored.ERROR}


def _report_struck(cell: Cell, raw: RawCell) -> None:
    """Report what is struck through: a part of a text is left out, a whole cell is taken."""
    if raw.is_struck and not cell.is_blank:
        cell.report("W161", found=_found(raw))
    elif raw.left_out:
        cell.report("W162", found=raw.left_out[:_QUOTED], taken=_found(raw))


_QUOTED: Final = 40  # characters of a content


def _found(raw: RawCell) -> str:
    """Return a content as a problem names it."""
    if raw.stored is Stored.DATE:
        return _day_text(raw)
    text = _truth_text(raw) if raw.stored is Stored.TRUTH else clean_text(raw.content)[0]
    return text if len(text) <= _QUOTED else f"{text[:_QUOTED]}…"


# --- numbers ------------------------------------------------------------------------


def read_number(cell: Cell, signs: Collection[str] = ("%",)) -> Fraction | None:
    """An exact number, or None for a blank cell and for one that is refused."""
    written = _read_written(cell, signs)
    if written is None:
        return None
    _report_storage(cell, written.number, written.number)
    return written.number


def _read_written(cell: Cell, signs: Collection[str] = ("%",)) -> Written | None:
    """Return the number of a cell with its sign; None for a blank and for a refused one."""
    raw = cell.raw
    if cell.is_blank or _has_no_value(cell) or raw is None:
        return None
    if raw.stored is Stored.TRUTH:
        cell.report("E117", found=_truth_text(raw))
        return None
    if raw.stored is Stored.DATE:
        cell.report("E122", found=_day_text(raw))
        return None
    written = written_number(raw, signs)
    if isinstance(written, Refusal):
        cell.refused(written)
        return None
    return written


def written_number(raw: RawCell, signs: Collection[str] = ("%",)) -> Written | Refusal:
    """Return the number of a cell that holds a number or a text, with the sign that it shows."""
    if raw.stored is not Stored.NUMBER:
        return parse_written(clean_text(raw.content)[0], signs)
    number = stored_number(raw)
    return number if isinstance(number, Refusal) else Written(number, "%" if raw.percent else "")


def shown_sign(raw: RawCell, number: Fraction) -> str:
    """Return the %, ‰ or ‱ that is seen behind a number, though it be words of its format."""
    text = raw.content
    if raw.stored is Stored.NUMBER:
        has_sign = any(sign in raw.look for sign in RATE_SIGNS)
        look = look_of(number, raw.look) if has_sign and not raw.percent else None
        text = "%" if raw.percent else look.text if look is not None else ""
    if not text:
        return ""
    last = unicodedata.normalize("NFKC", clean_text(text)[0]).strip()[-1:]
    return last if last in RATE_SIGNS else ""


def _report_storage(cell: Cell, number: Fraction, taken: Fraction) -> None:
    """Report that a number is stored as text, or is shown otherwise than it is."""
    raw = cell.raw
    if raw is None:
        return
    if raw.stored is Stored.TEXT:
        cell.report("N154", found=raw.content, taken=number_text(taken))
    else:
        _compare_with_look(cell, number, raw)


def _compare_with_look(cell: Cell, number: Fraction, raw: RawCell) -> None:
    """Tell where Excel shows another number than it holds; a zero may be shown as ``-``."""
    look = look_of(number, raw.look) if raw.look else None
    if look is None or not number:
        return
    if look.shift != 1 or look.is_hidden or look.is_literal:
        cell.report("W142", shown=look.text, taken=number_text(number, raw.percent))
    elif look.rounded != number:
        cell.report("N143", shown=look.text, taken=number_text(number, raw.percent))


def read_within(
    cell: Cell, low: int, high: int, signs: Collection[str] = ("%",)
) -> Fraction | None:
    """A number from ``low`` to ``high``, both included."""
    number = read_number(cell, signs)
    if number is None or low <= number <= high:
        return number
    cell.report("E118", found=number_text(number), allowed=f"{low:,}–{high:,}")
    return None


def read_integer(cell: Cell, low: int, high: int) -> int | None:
    """A whole number from ``low`` to ``high``, both included; 200% is none."""
    number = read_within(cell, low, high, signs=())
    if number is None or number.denominator == 1:
        return None if number is None else number.numerator
    cell.report("E138", found=number_text(number), allowed=f"{low:,}–{high:,}")
    return None


def read_rate(cell: Cell, low: int, high: int) -> Fraction | None:
    """Return a ratio from ``low`` to ``high``, typed as 0.9 or 90%; None for what is refused.

    90 is refused; what is possible without a sign but hardly meant, such as 5, is doubted.
    """
    written = _read_written(cell)
    if written is None:
        return None
    number, sign = written
    taken, meant = number_text(number, percent=True), number_text(number)
    if not low <= number <= high:
        is_text = cell.raw is not None and cell.raw.stored is Stored.TEXT
        if not (is_text and sign) and low <= number / PERCENT <= high:
            cell.report("E149", found=meant, taken=taken)
        else:
            allowed = f"{low:,.0%}–{high:,.0%}"
            cell.report("E118", found=taken, allowed=allowed)
        return None
    _report_storage(cell, number, number)
    if not sign and number >= _HARDLY_A_RATIO:
        cell.report("W148", found=meant, taken=taken)
    return number


_HARDLY_A_RATIO: Final = 2  # 1.2 is 120 %, but 2 may be 2 % as well as 200 %


def read_figure(cell: Cell, unit: Unit | None = None) -> Value:
    """Return a yearly figure in its row's unit, or why there is none.

    What is refused counts as blank.
    """
    raw = cell.raw
    symbol = read_symbol(cell)
    if symbol is not None:
        return symbol
    written = read_number_with_sign(cell)
    if written is None or raw is None:
        return Missing(reason=MissingReason.BLANK)
    number, sign = written
    is_count = unit is not None and bool(unit.measure.dims)
    if sign and is_count and raw.stored is Stored.TEXT:
        plain = number_text(number * RATE_SIGNS[sign])
        cell.report("E112", found=raw.content, number=plain, unit=sign)
        return Missing(reason=MissingReason.BLANK)
    figure = in_unit(number, is_ratio=bool(sign), unit=unit)
    if sign == "%" and unit is not None and unit.is_rate and number:
        if raw.stored is not Stored.TEXT:
            _compare_with_look(cell, number, raw)
    else:
        _report_storage(cell, number, figure)
        _report_sign(cell, raw, written, unit)
    return Known(value=figure)


def read_symbol(cell: Cell) -> Missing | None:
    """Return why there is no figure, where the cell holds a symbol that says so."""
    raw = cell.raw
    if raw is None or raw.stored is not Stored.TEXT:
        return None
    reason = find_reason(clean_text(raw.content)[0])
    if reason is None:
        return None
    _report_struck(cell, raw)
    return Missing(reason=reason)


def read_number_with_sign(cell: Cell) -> Written | None:
    """Return a number with the %, ‰ or ‱ behind it; None for a blank and for a refused cell."""
    return _read_written(cell, tuple(RATE_SIGNS))


def report_percentages(row: Iterable[tuple[Cell, Value]], unit: Unit | None) -> None:
    """Report percentages, once for a row: former versions took the hundredth of what is shown."""
    if unit is None or not unit.is_rate:
        return
    found = [(cell, number) for cell, value in row if (number := _percentage(cell, value))]
    for cell, number in found[:1]:
        cell.report(
            "N146",
            shown=number_text(number, percent=True),
            taken=number_text(in_unit(number, is_ratio=True, unit=unit)),
            before=number_text(number),
            unit=unit.text,
            count=len(found),
        )


def _percentage(cell: Cell, value: Value) -> Fraction | None:
    """Return the number of a cell that was read and is written with %; None for any other."""
    if cell.raw is None or not isinstance(value, Known):
        return None
    written = written_number(cell.raw, tuple(RATE_SIGNS))
    return None if isinstance(written, Refusal) or written.sign != "%" else written.number


def _report_sign(cell: Cell, raw: RawCell, written: Written, unit: Unit | None) -> None:
    """Report a sign that is not the one of the row's unit."""
    number, sign = written
    if sign and (unit is None or not unit.is_rate):
        shown = f"{number_text(number * RATE_SIGNS[sign])}{sign}"
        taken = number_text(number)
        if unit is not None and unit.measure.dims:
            cell.report("W147", shown=shown, taken=taken, unit=unit.text)
        else:
            cell.report("N145", shown=shown, taken=taken)
    elif not sign and number:
        seen = shown_sign(raw, number)
        if seen and RATE_SIGNS[seen] != (1 if unit is None else unit.per):
            taken = number_text(number)
            cell.report("W142", shown=f"{taken}{seen}", taken=taken)


def read_target(cell: Cell, stages: tuple[Stage, ...] = ()) -> Text:
    """Return a target as written: ``≥90``, ``3件以下``, ``12``, ``90%``, ``80~90``; empty for none.

    A blank cell and ``-`` state none. ``=30``, of which Excel makes a formula, is what it
    would be as text: just 30. The target of a milestone may name one of its ``stages``.
    """
    none = Text(text="", at=cell.at)
    raw = cell.raw
    if raw is not None and raw.stored in {Stored.DATE, Stored.TRUTH} and not raw.constant:
        found = _day_text(raw) if raw.stored is Stored.DATE else _truth_text(raw)
        cell.refused(refused_as(raw.stored, found))
        return none
    if raw is not None and raw.constant:
        text = Text(text=f"={raw.constant}", at=cell.at)
        cell.report("N159", found=text.text, number=raw.constant)
    elif raw is not None and raw.stored is Stored.NUMBER:
        text = _exact_target(cell, raw)
    else:
        text = read_text(cell)
    # Narrower than the spellings of a figure: ﹣ is refused, as it always was.
    if text.text in {"", MissingReason.NO_FIGURE.symbol, "－"}:
        return none
    if find_goal(text.text, stages):
        return text
    refusal = refusal_of(text.text, stages)
    if refusal is None:
        return text
    cell.refused(refusal)
    return none


def _exact_target(cell: Cell, raw: RawCell) -> Text:
    """Return a target that is stored as a number, whatever Excel shows of it."""
    number = read_number(cell)
    text = "" if number is None else number_text(number, raw.percent)
    return Text(text=text, at=cell.at)


# --- dates and years ----------------------------------------------------------------


def read_date(cell: Cell) -> RocDate | None:
    """A day, or None for a blank cell and for one that is refused."""
    raw = cell.raw
    if cell.is_blank or _has_no_value(cell) or raw is None:
        return None
    if raw.stored is Stored.DATE:
        day = stored_date(raw)
    elif raw.stored is Stored.TRUTH:
        day = refuse("E108", found=_truth_text(raw))
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
    text = read_code(cell).text
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
