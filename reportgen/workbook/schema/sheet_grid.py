"""The grid of a sheet as it is written: the rows of its head, and its columns in order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from reportgen.workbook.schema.cell_refs import column_letters
from reportgen.workbook.schema.declarations import Kind

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from reportgen.workbook.schema.declarations import Column, Sheet

TITLE_ROW: Final = 1
PURPOSE_ROW: Final = 2
MARK_ROW: Final = 3
HEADING_ROW: Final = 4
FIRST_ROW: Final = 5
SPARE_ROWS: Final = 300  # rows below the last one that have drop-downs and conditional formats
MAX_COLUMNS: Final = 16_384


class GridColumn(NamedTuple):
    """A column at its position; ``heading`` is its name, or its ROC year."""

    number: int
    heading: str | int
    column: Column

    @property
    def letter(self) -> str:
        """The letter of the column in the sheet, such as ``C``."""
        return column_letters(self.number)

    @property
    def is_year(self) -> bool:
        """True for the column of a year."""
        return isinstance(self.heading, int)

    @property
    def required_mark(self) -> str:
        """The symbol and word above the heading: required, yearly or optional."""
        if self.column.required or self.heading == "內容":
            return "● 必填"
        return "◆ 年度" if self.column.kind is Kind.FIGURE else "○ 選填"

    @property
    def first_cell(self) -> str:
        """The first input cell, as conditional formats refer to it: ``$C5``."""
        return f"${self.letter}{FIRST_ROW}"


def grid_columns(
    sheet: Sheet, years: Sequence[int], without: Collection[str] = ()
) -> tuple[GridColumn, ...]:
    """Return the columns of a sheet from left to right, with the years among them.

    ``without`` are the names of columns that are left out.
    """
    columns: list[tuple[str | int, Column]] = []
    for column in sheet.columns:
        if column.name in without:
            continue
        if sheet.years is not None and column.name == sheet.years_before:
            columns += [(year, sheet.years) for year in years]
        columns.append((column.name, column))
    return tuple(GridColumn(number, *pair) for number, pair in enumerate(columns, start=1))
