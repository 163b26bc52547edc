"""Rounding half up, and the number of decimal places it takes."""

from __future__ import annotations

from fractions import Fraction

import pytest

from reportgen.formula.rounding import MAX_DECIMAL_PLACES, round_half_up


@pytest.mark.parametrize("places", [-1, MAX_DECIMAL_PLACES + 1])
def test_places_outside_the_range_are_refused(places: int) -> None:
    with pytest.raises(ValueError, match=f"^{places} decimal places are outside 0-10$"):
        round_half_up(Fraction(1, 3), places)


def test_the_ends_of_the_range_are_not() -> None:
    assert round_half_up(Fraction(5, 2), 0) == 3
    assert round_half_up(Fraction(1, 3), MAX_DECIMAL_PLACES) == Fraction(3333333333, 10**10)
