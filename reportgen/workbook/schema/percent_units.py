"""Conversion of numbers into the unit of their row: %, ‰ or the like.

A figure is in the unit of its row. A cell that shows 85.5% holds 0.855: in a row of % it is
85.5, in a row of ‰ 855, and in any other row it stays the ratio 0.855.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable
    from fractions import Fraction

    from reportgen.formula import Unit

PERCENT: Final = 100
_MAX_FACTOR: Final = 10  # the geometric mean of a number as typed and a hundred times as much


def to_row_unit(number: Fraction, *, is_ratio: bool, unit: Unit | None) -> Fraction:
    """Return the figure that a number states in a row of this unit.

    ``is_ratio``: its cell shows it with a sign such as %, so that 1 is 100 %.
    """
    return number * unit.per if is_ratio and unit is not None else number


def may_be_ratio(number: Fraction, unit: Unit | None) -> bool:
    """Return whether a number without a sign may have been meant as 0.43 for 43 %."""
    return unit is not None and unit.per == PERCENT and 0 < abs(number) < 1


def is_plausible_in_row(number: Fraction, others: Iterable[Fraction]) -> bool:
    """Return whether the certain figures of a row are nearer to a number than to its hundredfold.

    False if there are none.
    """
    largest = max(map(abs, others), default=None)
    return largest is not None and largest < _MAX_FACTOR * abs(number)
