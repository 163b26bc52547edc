"""Where the writer puts things: rows of the head, and the columns of a sheet in order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from reportgen.workbook.declare import Kind
from reportgen.workbook.places import column_letters

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from reportgen.workbook.declare import Column, Sheet

TITLE_ROW: Final = 1
PURPOSE_ROW: Final = 2
MARK_ROW: Final = 3
HEADING_ROW: Final = 4
FIRST_ROW: Final = 5
SPARE_ROWS: Final = 300  # rows below the last one that have drop-downs and conditional looks
LAST_COLUMN: Final = 16_384


class Field(NamedTuple):
    """A column where it stands. ``heading`` is its name, or its ROC year."""

    number: int
    heading: str | int
    column: Column

    @property
    def letter(self) -> str:
        """Its column letter."""
        return column_letters(self.number)

    @property
    def is_year(self) -> bool:
        """Whether it is a year's column."""
        return isinstance(self.heading, int)

    @property
    def mark(self) -> str:
        """What stands above the heading: a symbol and a word."""
        if self.column.required or self.heading == "內容":
            return "● 必填"
        return "◆ 年度" if self.column.kind is Kind.FIGURE else "○ 選填"

    @property
    def below(self) -> str:
        """Its first input cell, as conditional looks refer to it: ``$C5``."""
        return f"${self.letter}{FIRST_ROW}"


def fields_of(
    sheet: Sheet, years: Sequence[int], without: Collection[str] = ()
) -> tuple[Field, ...]:
    """The columns of a sheet from left to right, the years at their place."""
    placed: list[tuple[str | int, Column]] = []
    for column in sheet.columns:
        if column.name in without:
            continue
        if sheet.years is not None and column.name == sheet.years_before:
            placed += [(year, sheet.years) for year in years]
        placed.append((column.name, column))
    return tuple(Field(number, *pair) for number, pair in enumerate(placed, start=1))
