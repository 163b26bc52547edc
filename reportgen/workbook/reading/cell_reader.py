"""Conversion of a cell into a typed value, with a problem for each that cannot be converted.

Numbers are exact: a stored number is read by the 15 digits that Excel shows, whether it was
typed, pasted or calculated, and nothing passes through binary arithmetic. Symbols for missing
figures are those of :mod:`reportgen.model.missing_symbols`.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final, NamedTuple

from reportgen.formula.milestones import find_target_stage
from reportgen.formula.units import RATE_SIGNS
from reportgen.model.missing_symbols import MissingReason, find_reason
from reportgen.model.scorecard import CellRef, Known, Missing, RocDate, Text, Value
from reportgen.problems import Location, make_problem
from reportgen.text.name_matching import name_key
from reportgen.workbook.reading.number_formats import display_number
from reportgen.workbook.reading.number_parsing import (
    SignedNumber,
    format_number,
    is_wps_picture,
    parse_number_with_sign,
    parse_stored_number,
)
from reportgen.workbook.reading.raw_cells import StoredType
from reportgen.workbook.reading.rejection import Rejection, reject
from reportgen.workbook.reading.roc_dates import parse_date, parse_iso_date
from reportgen.workbook.reading.target_diagnostics import reject_stored_target, reject_target
from reportgen.workbook.reading.text_cleaning import clean_text
from reportgen.workbook.schema.percent_units import PERCENT, to_row_unit

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from fractions import Fraction

    from reportgen.formula import Unit
    from reportgen.formula.milestones import Stage
    from reportgen.problems import Problem
    from reportgen.workbook.reading.raw_cells import RawCell

MAX_TEXT_CHARS: Final = 300  # characters, unless the column declares another limit


def hint_fields(chinese: str, english: str) -> dict[str, str]:
    """Return the fields of a problem's hint, a sentence in each language or empty."""
    return {"hint": chinese, "hint_en": english}


class Cell(NamedTuple):
    """A cell of the workbook, its stored content, and the list that its problems are added to.

    ``label`` names it for people: the heading of its column, or the item of its row.
    ``covered_by`` is the cell whose merged area hides this one, empty if none does.
    """

    at: CellRef
    raw: RawCell | None
    label: str
    problems: list[Problem]
    covered_by: str = ""
    max_chars: int = MAX_TEXT_CHARS  # characters of its text

    def report(self, code: str, **fields: object) -> None:
        """Add a problem located at this cell; ``fields`` are those of the code but ``label``."""
        location = Location(sheet=self.at.sheet, cell=self.at.cell)
        self.problems.append(make_problem(code, location, label=self.label, **fields))

    def report_rejection(self, refusal: Rejection) -> None:
        """Report why the content was rejected."""
        self.report(refusal.code, **dict(refusal.fields))

    @property
    def is_blank(self) -> bool:
        """True if the cell holds nothing, or nothing visible."""
        return is_blank(self.raw) and not self.covered_by


def is_blank(raw: RawCell | None) -> bool:
    """Return whether a cell holds nothing, or nothing visible."""
    return raw is None or (raw.stored is StoredType.TEXT and not clean_text(raw.content)[0])


# --- text ---------------------------------------------------------------------------


def read_text(cell: Cell) -> Text:
    """Return the text that would be printed; empty for a blank cell and for a rejected one.

    A number in a text column is taken as Excel shows it, a date in ROC form (W139). A text that
    is too long is cut off (E126).
    """
    return Text(text=_text_of_cell(cell), at=cell.at)


def read_remark(cell: Cell) -> Text:
    """Return the text of a cell; a date is accepted without W139, as text in ROC form."""
    if cell.raw is not None and cell.raw.stored is StoredType.DATE:
        return Text(text=_date_text(cell.raw), at=cell.at)
    return read_text(cell)


def read_code(cell: Cell) -> Text:
    """Return the text of a cell that holds codes, as :func:`read_text` does.

    A date is rejected (E142) and empty: Excel has made it of a code such as 1-2.
    """
    if cell.raw is not None and cell.raw.stored is StoredType.DATE:
        cell.report("E142", found=_date_text(cell.raw))
        return Text(text="", at=cell.at)
    return read_text(cell)


def _text_of_cell(cell: Cell) -> str:
    """Return the text of a cell: numbers, dates (W139) and truth values as they are shown.

    Empty for a blank cell and for one without a usable value, which is reported.
    """
    raw = cell.raw
    if _lacks_value(cell) or raw is None:
        return ""
    if raw.stored is StoredType.NUMBER:
        return _number_as_shown(cell, raw)
    if raw.stored is StoredType.DATE:
        cell.report("W139", found=_date_text(raw))
        return _date_text(raw)
    return _bool_text(raw) if raw.stored is StoredType.BOOLEAN else _typed_text(cell, raw.content)


def _typed_text(cell: Cell, content: str) -> str:
    """Return a stored text without unprintable characters (N155), cut off at the limit (E126).

    Empty, with E146, for a picture of WPS Office; E145 for characters that were lost.
    """
    text, stripped = clean_text(content)
    if stripped:
        cell.report("N155", found="、".join(stripped))
    if is_wps_picture(text):
        cell.report("E146")
        return ""
    if "\ufffd" in text:
        cell.report("E145", found=text[:40])
    if len(text) > cell.max_chars:
        cell.report("E126", found=f"{len(text):,}", most=f"{cell.max_chars:,}")
        return text[: cell.max_chars]
    return text


def _number_as_shown(cell: Cell, raw: RawCell) -> str:
    """Return a number as Excel displays it; empty, with E148, if it is invalid.

    If its format is not known, or hides it, return the number itself, with W142. A percentage in a
    format that is not known needs no W142.
    """
    number = parse_stored_number(raw)
    if isinstance(number, Rejection):
        cell.report("E148", found=raw.content)
        return ""
    displayed = display_number(number, raw.number_format) if raw.number_format else None
    if displayed is not None and not displayed.is_hidden:
        return displayed.text
    text = format_number(number, raw.is_percentage)
    if raw.number_format and (displayed is not None or not raw.is_percentage):
        cell.report("W142", shown="" if displayed is None else displayed.text, taken=text)
    return text


def _date_text(raw: RawCell) -> str:
    """Return a stored date as text in the ROC calendar; as stored if it is no day of it."""
    day = parse_iso_date(raw)
    return raw.content if isinstance(day, Rejection) else day.edition


def _bool_text(raw: RawCell) -> str:
    """Return a stored truth value as Excel shows it."""
    return "TRUE" if raw.content == "1" else "FALSE"


def _lacks_value(cell: Cell) -> bool:
    """Return whether a cell has no usable value, and report why unless it is blank.

    E140: hidden below a merged area, E114: not calculated, E115: an error. Reported as well is a
    value that may not be meant: one of another workbook, which is as old as the last visit there
    (W141), one that nobody may have calculated (W163), and one that is struck through.
    """
    raw = cell.raw
    if cell.covered_by:
        cell.report("E140", first=cell.covered_by)
        return True
    if raw is None:
        return True
    if raw.stored is StoredType.UNCACHED:
        cell.report("E114")
    elif raw.stored is StoredType.ERROR:
        cell.report("E115", found=raw.content)
    elif raw.is_external:
        cell.report("W141")
    elif raw.is_doubtful:
        cell.report("W163", found=_quoted_content(raw))
    _report_struck(cell, raw)
    return raw.stored in {StoredType.UNCACHED, StoredType.ERROR}


def _report_struck(cell: Cell, raw: RawCell) -> None:
    """Report W161 for a cell that is struck through, which is read, W162 for parts left out."""
    if raw.is_struck and not cell.is_blank:
        cell.report("W161", found=_quoted_content(raw))
    elif raw.struck_text:
        cell.report("W162", found=raw.struck_text[:_MAX_QUOTED_CHARS], taken=_quoted_content(raw))


_MAX_QUOTED_CHARS: Final = 40  # characters of a content


def _quoted_content(raw: RawCell) -> str:
    """Return a content as problems quote it, cut after ``_MAX_QUOTED_CHARS``, with ``…`` if cut.

    A date is in ROC form and never cut, a truth value TRUE or FALSE.
    """
    if raw.stored is StoredType.DATE:
        return _date_text(raw)
    text = _bool_text(raw) if raw.stored is StoredType.BOOLEAN else clean_text(raw.content)[0]
    return text if len(text) <= _MAX_QUOTED_CHARS else f"{text[:_MAX_QUOTED_CHARS]}…"


# --- numbers ------------------------------------------------------------------------


def read_number(cell: Cell, signs: Collection[str] = ("%",)) -> Fraction | None:
    """Return an exact number, or None for a blank cell and for a rejected one, which is reported.

    ``signs`` are those that may follow it: 12.5% is 1/8. N154 for a number stored as text, W142
    or N143 for one that is displayed as another.
    """
    signed_number = _read_signed_number(cell, signs)
    if signed_number is None:
        return None
    _report_representation(cell, signed_number.number, signed_number.number)
    return signed_number.number


def _read_signed_number(cell: Cell, signs: Collection[str] = ("%",)) -> SignedNumber | None:
    """Return a number with the sign it is written with; None if blank or rejected.

    A rejected one is reported. How it is stored or displayed is not.
    """
    raw = cell.raw
    if cell.is_blank or _lacks_value(cell) or raw is None:
        return None
    if raw.stored is StoredType.BOOLEAN:
        cell.report("E117", found=_bool_text(raw))
        return None
    if raw.stored is StoredType.DATE:
        cell.report("E122", found=_date_text(raw))
        return None
    signed_number = number_with_sign(raw, signs)
    if isinstance(signed_number, Rejection):
        cell.report_rejection(signed_number)
        return None
    return signed_number


def number_with_sign(raw: RawCell, signs: Collection[str] = ("%",)) -> SignedNumber | Rejection:
    """Return the number of a cell that holds a number or a text, with the sign shown.

    Nothing is reported. A number in a percentage format has ``%``; ``signs`` are those that a
    text may have.
    """
    if raw.stored is not StoredType.NUMBER:
        return parse_number_with_sign(clean_text(raw.content)[0], signs)
    number = parse_stored_number(raw)
    return (
        number
        if isinstance(number, Rejection)
        else SignedNumber(number, "%" if raw.is_percentage else "")
    )


def displayed_sign(raw: RawCell, number: Fraction) -> str:
    """Return the %, ‰ or ‱ shown behind a number, even if it is literal text of its format.

    Empty without one. ``number`` is the one that ``raw`` stores.
    """
    text = raw.content
    if raw.stored is StoredType.NUMBER:
        has_sign = any(sign in raw.number_format for sign in RATE_SIGNS)
        displayed = (
            display_number(number, raw.number_format)
            if has_sign and not raw.is_percentage
            else None
        )
        text = "%" if raw.is_percentage else displayed.text if displayed is not None else ""
    if not text:
        return ""
    last = unicodedata.normalize("NFKC", clean_text(text)[0]).strip()[-1:]
    return last if last in RATE_SIGNS else ""


def _report_representation(cell: Cell, number: Fraction, figure: Fraction) -> None:
    """Report that a number is stored as text (N154), or displayed as another one (W142, N143).

    ``figure`` is the value read from it.
    """
    raw = cell.raw
    if raw is None:
        return
    if raw.stored is StoredType.TEXT:
        cell.report("N154", found=raw.content, taken=format_number(figure))
    else:
        _report_display(cell, number, raw)


def _report_display(cell: Cell, number: Fraction, raw: RawCell) -> None:
    """Report W142 or N143 for a number that Excel displays as another one.

    W142: scaled, hidden or with digits that are not its own. N143: rounded. A zero may be shown
    as ``-``.
    """
    displayed = display_number(number, raw.number_format) if raw.number_format else None
    if displayed is None or not number:
        return
    if displayed.divisor != 1 or displayed.is_hidden or displayed.has_literal_digits:
        cell.report("W142", shown=displayed.text, taken=format_number(number, raw.is_percentage))
    elif displayed.displayed_value != number:
        cell.report("N143", shown=displayed.text, taken=format_number(number, raw.is_percentage))


def read_number_in_range(
    cell: Cell, low: int, high: int, signs: Collection[str] = ("%",)
) -> Fraction | None:
    """Return a number from ``low`` to ``high``, both included.

    None stands for a blank cell, or one that is reported: E118 if out of range.
    """
    number = read_number(cell, signs)
    if number is None or low <= number <= high:
        return number
    cell.report("E118", found=format_number(number), allowed=f"{low:,}–{high:,}")
    return None


def read_integer(cell: Cell, low: int, high: int) -> int | None:
    """Return a whole number from ``low`` to ``high``, both included; 200% is none.

    None for a blank cell, or one that is reported: E118 out of range, E138 with decimals.
    """
    number = read_number_in_range(cell, low, high, signs=())
    if number is None or number.denominator == 1:
        return None if number is None else number.numerator
    cell.report("E138", found=format_number(number), allowed=f"{low:,}–{high:,}")
    return None


def read_rate(cell: Cell, low: int, high: int) -> Fraction | None:
    """Return a ratio from ``low`` to ``high``, typed as 0.9 or 90%; None if blank or rejected.

    90 is rejected (E149), others out of range are E118. What is allowed without a sign but hardly
    meant, such as 5, gets W148.
    """
    signed_number = _read_signed_number(cell)
    if signed_number is None:
        return None
    number, sign = signed_number
    percentage, as_typed = format_number(number, percent=True), format_number(number)
    if not low <= number <= high:
        is_text = cell.raw is not None and cell.raw.stored is StoredType.TEXT
        if not (is_text and sign) and low <= number / PERCENT <= high:
            cell.report("E149", found=as_typed, taken=percentage)
        else:
            allowed = f"{low:,.0%}–{high:,.0%}"
            cell.report("E118", found=percentage, allowed=allowed)
        return None
    _report_representation(cell, number, number)
    if not sign and number >= _DOUBTFUL_RATIO:
        cell.report("W148", found=as_typed, taken=percentage)
    return number


_DOUBTFUL_RATIO: Final = 2  # 1.2 is 120 %, but 2 may be 2 % as well as 200 %


def read_figure(cell: Cell, unit: Unit | None = None) -> Value:
    """Return a yearly figure in the unit of its row, or the reason why it is missing.

    A rejected content is reported and counts as blank. E112 for a % in a row of counts; W147,
    N145 or W142 for a sign that does not match the row.
    """
    raw = cell.raw
    symbol = read_symbol(cell)
    if symbol is not None:
        return symbol
    signed_number = read_number_with_sign(cell)
    if signed_number is None or raw is None:
        return Missing(reason=MissingReason.BLANK)
    number, sign = signed_number
    is_count = unit is not None and bool(unit.measure.dims)
    if sign and is_count and raw.stored is StoredType.TEXT:
        plain = format_number(number * RATE_SIGNS[sign])
        cell.report("E112", found=raw.content, number=plain, unit=sign)
        return Missing(reason=MissingReason.BLANK)
    figure = to_row_unit(number, is_ratio=bool(sign), unit=unit)
    if sign == "%" and unit is not None and unit.is_rate and number:
        if raw.stored is not StoredType.TEXT:
            _report_display(cell, number, raw)
    else:
        _report_representation(cell, number, figure)
        _report_sign(cell, raw, signed_number, unit)
    return Known(value=figure)


def read_symbol(cell: Cell) -> Missing | None:
    """Return the reason that a symbol such as ``…`` states, or None for other contents.

    A blank cell is None too.
    """
    raw = cell.raw
    if raw is None or raw.stored is not StoredType.TEXT:
        return None
    reason = find_reason(clean_text(raw.content)[0])
    if reason is None:
        return None
    _report_struck(cell, raw)
    return Missing(reason=reason)


def read_number_with_sign(cell: Cell) -> SignedNumber | None:
    """Return a number with the %, ‰ or ‱ behind it; None if blank or rejected."""
    return _read_signed_number(cell, tuple(RATE_SIGNS))


def report_percentages(row: Iterable[tuple[Cell, Value]], unit: Unit | None) -> None:
    """Report N146 once for a row of percentages, of which earlier versions read a hundredth.

    ``row`` are the cells with the values read; nothing is reported unless ``unit`` is a rate.
    """
    if unit is None or not unit.is_rate:
        return
    percentages = [(cell, number) for cell, value in row if (number := _percentage(cell, value))]
    for cell, number in percentages[:1]:
        cell.report(
            "N146",
            shown=format_number(number, percent=True),
            taken=format_number(to_row_unit(number, is_ratio=True, unit=unit)),
            before=format_number(number),
            unit=unit.text,
            count=len(percentages),
        )


def _percentage(cell: Cell, value: Value) -> Fraction | None:
    """Return the number of a cell that was read and is written with %, or None."""
    if cell.raw is None or not isinstance(value, Known):
        return None
    signed_number = number_with_sign(cell.raw, tuple(RATE_SIGNS))
    return (
        None
        if isinstance(signed_number, Rejection) or signed_number.sign != "%"
        else signed_number.number
    )


def _report_sign(cell: Cell, raw: RawCell, signed_number: SignedNumber, unit: Unit | None) -> None:
    """Report a % or ‰ that does not match the row's unit.

    W147: in a row of counts, N145: in one without a unit or of ratios, W142: only displayed.
    """
    number, sign = signed_number
    if sign and (unit is None or not unit.is_rate):
        displayed = f"{format_number(number * RATE_SIGNS[sign])}{sign}"
        figure_text = format_number(number)
        if unit is not None and unit.measure.dims:
            cell.report("W147", shown=displayed, taken=figure_text, unit=unit.text)
        else:
            cell.report("N145", shown=displayed, taken=figure_text)
    elif not sign and number:
        other_sign = displayed_sign(raw, number)
        if other_sign and RATE_SIGNS[other_sign] != (1 if unit is None else unit.per):
            figure_text = format_number(number)
            cell.report("W142", shown=f"{figure_text}{other_sign}", taken=figure_text)


def read_target(cell: Cell, stages: tuple[Stage, ...] = ()) -> Text:
    """Return a target as written: ``≥90``, ``3件以下``, ``12``, ``90%``, ``80~90``; empty for none.

    A blank cell and ``-`` state none; a text that is no target is reported and empty. ``=30``,
    which Excel stores as a formula, is read as the text would be (N159): just 30. The target of a
    milestone may name one of its ``stages``. Whether its unit suits the KPI is not checked here.
    """
    none = Text(text="", at=cell.at)
    raw = cell.raw
    if raw is not None and raw.stored in {StoredType.DATE, StoredType.BOOLEAN} and not raw.constant:
        stored_text = _date_text(raw) if raw.stored is StoredType.DATE else _bool_text(raw)
        cell.report_rejection(reject_stored_target(raw.stored, stored_text))
        return none
    if raw is not None and raw.constant:
        text = Text(text=f"={raw.constant}", at=cell.at)
        cell.report("N159", found=text.text, number=raw.constant)
    elif raw is not None and raw.stored is StoredType.NUMBER:
        text = _numeric_target(cell, raw)
    else:
        text = read_text(cell)
    # Narrower than the spellings of a figure: ﹣ is refused, as it always was.
    if text.text in {"", MissingReason.NO_FIGURE.symbol, "－"}:
        return none
    if find_target_stage(text.text, stages):
        return text
    refusal = reject_target(text.text, stages)
    if refusal is None:
        return text
    cell.report_rejection(refusal)
    return none


def _numeric_target(cell: Cell, raw: RawCell) -> Text:
    """Return a target stored as a number, with all its digits and %; empty if it is invalid."""
    number = read_number(cell)
    text = "" if number is None else format_number(number, raw.is_percentage)
    return Text(text=text, at=cell.at)


# --- dates and years ----------------------------------------------------------------


def read_date(cell: Cell) -> RocDate | None:
    """Return a date, or None for a blank cell and for a rejected one, which is reported."""
    raw = cell.raw
    if cell.is_blank or _lacks_value(cell) or raw is None:
        return None
    if raw.stored is StoredType.DATE:
        day = parse_iso_date(raw)
    elif raw.stored is StoredType.BOOLEAN:
        day = reject("E108", found=_bool_text(raw))
    else:
        day = parse_date(clean_text(raw.content)[0])
    if isinstance(day, Rejection):
        cell.report_rejection(day)
        return None
    return day


# --- choices and codes --------------------------------------------------------------

_CODE_SEPARATOR: Final = re.compile(r"[、,，/／;；\s]+")


def read_choice(cell: Cell, choices: tuple[str, ...]) -> str | None:
    """Return the choice that a cell names, as ``choices`` spells it; None if blank or rejected.

    Spelling variants count as the same. E113 for any other text.
    """
    text = read_code(cell).text
    if not text:
        return None
    for choice in choices:
        if name_key(choice) == name_key(text):
            return choice
    cell.report("E113", found=text, choices="、".join(choices))
    return None


def split_codes(text: str) -> tuple[str, ...]:
    """Return the codes of a list: ``A、B``, ``A, B``, ``A／B`` and ``A B`` are two."""
    return tuple(part for part in _CODE_SEPARATOR.split(text) if part)
