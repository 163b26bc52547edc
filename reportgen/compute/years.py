"""The years that have results, and their figures.

Every year up to the data year that has a column in 年度資料 has results, and a later one
if it holds a figure: columns are made ahead of time. A blank cell is 尚未填寫 in the data
year; in any other it is 「…」, as it will hardly be filled in any more.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from reportgen.formula import YearFigures
from reportgen.model.missing_symbols import MissingReason
from reportgen.model.scorecard import Known, Missing

if TYPE_CHECKING:
    from reportgen.model.scorecard import Scorecard

_BLANK = Missing(reason=MissingReason.BLANK)
_NOT_YET = Missing(reason=MissingReason.NOT_YET)


def figures_by_year(scorecard: Scorecard) -> dict[int, YearFigures]:
    """Return the figures of each year that has results, in the order of the years."""
    data_year = scorecard.data_year
    cells = [cell for figure in scorecard.figures for cell in figure.values]
    years = {cell.year for cell in cells if cell.year <= data_year} | {data_year}
    years |= {cell.year for cell in cells if isinstance(cell.value, Known)}
    return {year: _figures_of_year(scorecard, year) for year in sorted(years)}


def _figures_of_year(scorecard: Scorecard, year: int) -> YearFigures:
    """Return the figures of a year and of the one before, for formulas that refer to it.

    Blanks of the data year stay blank; those of any other year become 「…」.
    """
    figures = YearFigures.of(scorecard.figures, year)
    before = _blanks_as_not_yet(YearFigures.of(scorecard.figures, year - 1))
    if year == scorecard.data_year:
        return replace(figures, before=before)
    if year - 1 == scorecard.data_year:
        before = YearFigures.of(scorecard.figures, year - 1)
    return replace(_blanks_as_not_yet(figures), before=before)


def _blanks_as_not_yet(figures: YearFigures) -> YearFigures:
    """Return the figures of a year with every blank as 「…」, for it will hardly be filled in."""
    rows = {
        name: replace(figure, value=_NOT_YET) if figure.value == _BLANK else figure
        for name, figure in figures.rows.items()
    }
    return replace(figures, rows=rows)
