"""The figures of a KPI's year as every document prints them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.model.missing_symbols import MissingReason
from reportgen.model.scorecard import DataStatus, Known
from reportgen.views.figure_texts import print_figure

if TYPE_CHECKING:
    from reportgen.compute.result_types import KpiYear


def target_text(year: KpiYear | None) -> str:
    """Return the target as printed, else the formula's threshold with its relation, else ""."""
    if year and year.target:
        return year.target.shown
    return year.threshold_text if year else ""


def actual_text(year: KpiYear | None, status: DataStatus) -> str:
    """Return the figure, verdict or symbol of a year.

    Before the final edition, missing inputs are printed as blank.
    """
    if year is None:
        return MissingReason.NOT_YET.symbol
    if isinstance(year.outcome.value, Known) or year.verdict:
        return year.printed
    blank = any(gap.reason is MissingReason.BLANK for gap in year.gaps)
    return MissingReason.BLANK.printed if blank and status is not DataStatus.FINAL else year.printed


def change_texts(year: KpiYear | None) -> tuple[str, str]:
    """Return the change from the year before, ``+2.50``, and 百分點 for a KPI in %; else empty."""
    change = year.change if year and not year.is_verdict_only else None
    if change is None or change.difference.text == MissingReason.BLANK.printed:
        return "", ""
    difference = change.difference
    has_points = isinstance(difference.value, Known) and difference.per != 1
    return print_figure(difference.text), change.unit if has_points else ""


def trend_value_text(year: KpiYear) -> str:
    """Return a figure as printed beside the chart; blank inputs as not yet available."""
    if any(gap.reason is MissingReason.BLANK for gap in year.gaps):
        return MissingReason.NOT_YET.symbol  # other years: not yet available
    return year.actual.text if year.stage else year.printed
