"""Sudden jumps: figures of the data year that look like typing errors.

The rule: a figure is more than three times the largest, or less than a third of the
smallest, of its row's earlier figures. A digit too many, or 元 for 千元, is ten times and
more. Rows whose figures are all below 10 are left alone: there, a third is one or two.
So are those of milestones, whose stages are far apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reportgen.compute.formula_results import cell_location
from reportgen.formula import exact_text
from reportgen.model.scorecard import Known
from reportgen.problems import make_problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from fractions import Fraction

    from reportgen.model.scorecard import Figure, Scorecard
    from reportgen.problems import Problem

OUTLIER_FACTOR: Final = 3
MIN_OUTLIER_VALUE: Final = 10


def outlier_problems(scorecard: Scorecard) -> Iterator[Problem]:
    """Yield N223 for each figure of the data year that jumps against all years before.

    Rows of milestones, and figures of which none or no earlier one is known, are left out.
    """
    for figure in scorecard.figures:
        current = next(
            (value for value in figure.values if value.year == scorecard.data_year), None
        )
        if figure.is_milestone or current is None or not isinstance(current.value, Known):
            continue
        earlier = _figures_before(figure, scorecard.data_year)
        if _is_outlier(current.value.value, list(earlier.values())):
            yield make_problem(
                "N223",
                cell_location(current.at),
                year=current.year,
                item=_figure_label(figure),
                found=exact_text(current.value.value),
                earlier="、".join(
                    f"{year}年 {exact_text(value)}" for year, value in earlier.items()
                ),
                factor=OUTLIER_FACTOR,
            )


def _figures_before(figure: Figure, year: int) -> dict[int, Fraction]:
    """Return the known figures of the years before ``year``, in ascending order of years."""
    figures = {
        value.year: value.value.value
        for value in figure.values
        if value.year < year and isinstance(value.value, Known)
    }
    return dict(sorted(figures.items()))


def _is_outlier(current: Fraction, earlier: list[Fraction]) -> bool:
    """Return whether a figure is beyond all earlier ones by more than OUTLIER_FACTOR.

    That is above three times the largest, or below a third of the smallest. False without
    earlier ones, if all are below MIN_OUTLIER_VALUE, or if one is negative.
    """
    if not earlier or max(abs(value) for value in (current, *earlier)) < MIN_OUTLIER_VALUE:
        return False
    low, high = min(earlier), max(earlier)
    if low < 0 or current < 0:  # no ratio is meaningful across zero
        return False
    return (high > 0 and current > OUTLIER_FACTOR * high) or current * OUTLIER_FACTOR < low


def _figure_label(figure: Figure) -> str:
    """Return the item of a figure, with its component in brackets."""
    component = figure.component.text
    return f"{figure.item.text}（{component}）" if component else figure.item.text
