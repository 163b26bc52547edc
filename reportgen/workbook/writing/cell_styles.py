"""Styles of the workbook: a calm sheet, one accent, colours that never carry meaning alone."""

from __future__ import annotations

from typing import Final

from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat

FACE: Final = "微軟正黑體"
INK: Final = "FF1F2933"
MUTED: Final = "FF6B7280"
ACCENT: Final = "FF1F4E5F"
RULE: Final = "FFCBD5DB"

TITLE: Final = Font(name=FACE, size=16, bold=True, color=ACCENT)
PURPOSE: Final = Font(name=FACE, size=10, color=MUTED)
MARK: Final = Font(name=FACE, size=9, color=MUTED)
HEADING: Final = Font(name=FACE, size=11, bold=True, color="FFFFFFFF")
BODY: Final = Font(name=FACE, size=11, color=INK)
STRONG: Final = Font(name=FACE, size=11, bold=True, color=INK)
LINK: Final = Font(name=FACE, size=11, color=ACCENT, underline="single")

HEADING_FILL: Final = PatternFill("solid", fgColor=ACCENT)
FIXED_FILL: Final = PatternFill("solid", fgColor="FFF1F5F7")
BAND_FILL: Final = PatternFill("solid", fgColor="FFE3ECEF")
MISSING_COLOUR: Final = "FFFFE3A3"

WRAPPED: Final = Alignment(vertical="center", horizontal="left", indent=1, wrap_text=True)
CENTRED: Final = Alignment(vertical="center", horizontal="center", wrap_text=True)
NUMERIC: Final = Alignment(vertical="center", horizontal="right", indent=1)
NUMERIC_WORDS: Final = Alignment(vertical="center", horizontal="right", indent=1, wrap_text=True)
HEADING_ALIGNMENT: Final = Alignment(vertical="center", horizontal="center", wrap_text=True)
ONE_LINE: Final = Alignment(vertical="center")

_HAIR: Final = Side(style="thin", color=RULE)
ROW_RULE: Final = Border(bottom=_HAIR)
BOX_BORDER: Final = Border(left=_HAIR, right=_HAIR, top=_HAIR, bottom=_HAIR)
UNLOCKED: Final = Protection(locked=False)
LOCKED: Final = Protection(locked=True)
TEXT_FORMAT: Final = "@"

# Excel merges the formats whose conditions hold, LibreOffice takes the first: so each format
# repeats the border.
# A required cell that is still blank: coloured and hatched, so that it shows on a grey print.
MISSING: Final = PatternFill("lightUp", fgColor="FFB7791F", bgColor=MISSING_COLOUR)
DOUBT_INK: Final = "FF9A3412"
DOUBTFUL: Final = PatternFill("solid", fgColor="FFFDE4D3", bgColor="FFFDE4D3")


def missing_format() -> DifferentialStyle:
    """Return the format of a required cell that is blank."""
    return DifferentialStyle(fill=MISSING, border=ROW_RULE)


def doubtful_format(*, whole: bool = False) -> DifferentialStyle:
    """Return the format of a doubtful content: coloured, and ▲ before it by its number format.

    ``whole``: for a whole number, which gets thousands commas.
    """
    number = "#,##0" if whole else "General"
    code = f'"▲ "{number};"▲ "-{number};"▲ "0;"▲ "@'
    return DifferentialStyle(
        font=Font(color=DOUBT_INK),
        numFmt=NumberFormat(numFmtId=190 + whole, formatCode=code),  # below 164 are Excel's own
        fill=DOUBTFUL,
        border=ROW_RULE,
    )


def fault_format() -> DifferentialStyle:
    """Return the format of a cell whose text begins with ✗."""
    return DifferentialStyle(font=Font(color=DOUBT_INK), fill=DOUBTFUL, border=ROW_RULE)


def filled_format() -> DifferentialStyle:
    """Return the format of a row that has been started."""
    return DifferentialStyle(border=ROW_RULE)


def whole_number_format() -> DifferentialStyle:
    """Return the format of whole numbers, with thousands separators."""
    return DifferentialStyle(numFmt=NumberFormat(numFmtId=3, formatCode="#,##0"), border=ROW_RULE)
