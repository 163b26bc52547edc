"""Verdicts that the printed, rounded figure contradicts: 3.00 against ≥3, missed.

Verdicts are those of the unrounded figure; if the printed one suggests another, the page must
explain why.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reportgen.compute.formula_results import cell_location
from reportgen.compute.result_types import satisfies
from reportgen.formula import figure_text
from reportgen.formula.rounding import MAX_DECIMAL_PLACES, round_half_up
from reportgen.formula.syntax_tree import Comparison
from reportgen.formula.units import RATE_SIGNS
from reportgen.model.scorecard import Known
from reportgen.problems import make_problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from fractions import Fraction

    from reportgen.compute.result_types import FormattedFigure, KpiTarget, Results
    from reportgen.formula import Outcome
    from reportgen.problems import Problem

_SIGNS: Final = "".join(RATE_SIGNS)


def rounding_note(
    outcome: Outcome,
    actual: FormattedFigure,
    target: KpiTarget | None,
    threshold: FormattedFigure | None,
) -> str:
    """Return the explanation of a verdict that the printed figures contradict, else empty.

    A ≥ KPI is compared with its ``threshold``, any other with its ``target``: once as exact, once
    as printed. Empty as well if a figure, or what it is compared with, is missing.
    """
    if not isinstance(actual.value, Known):
        return ""
    value, rounded = actual.value.value, _printed_number(actual)
    if isinstance(outcome.tree, Comparison) and threshold is not None:
        relation, low = outcome.tree.relation, threshold.value
        if not isinstance(low, Known):
            return ""
        is_reached = satisfies(relation, value, low.value, low.value)
        bound = _printed_number(threshold)
        seems_reached = satisfies(relation, rounded, bound, bound)
        is_exact = bound == low.value
        limit = threshold.text if is_exact else _distinct_text(low.value, threshold, value)
        condition = f"{relation}{limit}"
        precise = _distinct_text(value, actual, low.value)
    elif target is not None:
        is_reached, seems_reached = target.is_reached(value), target.is_reached(rounded)
        condition = target.shown
        precise = _distinct_text(value, actual, target.low, target.high)
    else:
        return ""
    if is_reached == seems_reached:
        return ""
    return f"未進位前為 {precise}，{'已達' if is_reached else '未達'} {condition}"


def _printed_number(figure: FormattedFigure) -> Fraction:
    """Return the number that a printed figure rounds to, in the unit of its exact value.

    The figure must not be missing.
    """
    assert isinstance(figure.value, Known)
    decimals = figure.text.rstrip(_SIGNS).partition(".")[2]
    return round_half_up(figure.value.value * figure.per, len(decimals)) / figure.per


def _distinct_text(value: Fraction, figure: FormattedFigure, *bounds: Fraction) -> str:
    """Return a figure with the fewest decimal places that distinguish it from the bounds.

    It has MAX_DECIMAL_PLACES at most, and the sign (%, ‰) of ``figure``.
    """
    sign = figure.text[-1:] if figure.per != 1 and not figure.text[-1:].isdigit() else ""
    places = 0
    while places < MAX_DECIMAL_PLACES and not _is_distinct(
        value * figure.per, places, figure.per, bounds
    ):
        places += 1
    return f"{figure_text(value * figure.per, places)}{sign}"


def _is_distinct(value: Fraction, places: int, per: int, bounds: tuple[Fraction, ...]) -> bool:
    """Return whether a value rounded to ``places`` compares with each bound as the exact one does.

    ``per`` is the factor at which the bounds are printed, 100 for %.
    """
    rounded = round_half_up(value, places)
    return rounded == value or all(
        (rounded < bound * per) == (value < bound * per)
        and (rounded > bound * per) == (value > bound * per)
        for bound in bounds
    )


def rounding_problems(results: Results) -> Iterator[Problem]:
    """Yield W251 for each verdict of the data year that the printed figures contradict."""
    year = results.scorecard.data_year
    for result in results.kpis:
        kpi_year = result.of(year)
        if kpi_year is None or not kpi_year.note:
            continue
        cell_ref = kpi_year.target.declared_at.at if kpi_year.target else result.kpi.formula.at
        fields = {"kpi": result.kpi.code, "year": year, "shown": kpi_year.actual.text}
        yield make_problem(
            "W251", cell_location(cell_ref), **fields, verdict=kpi_year.verdict, note=kpi_year.note
        )


__all__ = ["rounding_note", "rounding_problems"]
