"""Changes since the year before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.compute.formula_results import format_figure, format_rate
from reportgen.compute.result_types import FormattedFigure, YearChange
from reportgen.formula import figure_text
from reportgen.model.missing_symbols import MissingReason
from reportgen.model.scorecard import Known, Missing

if TYPE_CHECKING:
    from fractions import Fraction

    from reportgen.formula import Outcome, Unit
    from reportgen.model.scorecard import Value


def year_change(
    year: int, before: Outcome | None, now: Outcome, places: int | None
) -> YearChange | None:
    """Return the change from the calendar year before, ``year``; None if that year has no column.

    A year without a survey interrupts the series: 111 is never silently compared with 109. If
    either figure is missing, so are the differences, for its reason. ``places`` None: as many as
    either figure is printed with.
    """
    if before is None:
        return None
    unit = now.unit
    label = unit.points if unit else ""
    missing = next(
        (value for value in (now.value, before.value) if isinstance(value, Missing)), None
    )
    if missing:
        unknown = format_figure(missing, None)
        return YearChange(since=year, difference=unknown, unit=label, relative=unknown)
    assert isinstance(now.value, Known)
    assert isinstance(before.value, Known)
    old, new = before.value.value, now.value.value
    if places is None:
        places = max(_places(old, unit), _places(new, unit))
    relative: Value = Missing(reason=MissingReason.MEANINGLESS)
    if old != 0:
        relative = Known(value=(new - old) / abs(old))
    return YearChange(
        since=year,
        difference=_signed_text(new - old, unit, places),
        unit=label,
        relative=format_rate(relative),
    )


def _places(value: Fraction, unit: Unit | None) -> int:
    """Return the number of decimal places that the figure itself is printed with."""
    if unit is None:
        return 0 if value.denominator == 1 else 2
    return unit.default_places(value * unit.per)


def _signed_text(value: Fraction, unit: Unit | None, places: int) -> FormattedFigure:
    """Return a difference rounded to ``places`` in its unit, with ``+`` for a positive one.

    A difference that rounds to zero has no sign.
    """
    per = unit.per if unit else 1
    text = figure_text(value * per, places)
    rises = value > 0 and any(digit in "123456789" for digit in text)
    return FormattedFigure(value=Known(value=value), text=f"+{text}" if rises else text, per=per)
