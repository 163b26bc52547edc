"""四捨五入, and figures as text."""

from __future__ import annotations

from fractions import Fraction

import pytest

from reportgen.formula.rounding import exact_text, figure_text, round_half_up


@pytest.mark.parametrize(
    ("value", "places", "rounded"),
    [
        ("0.125", 2, "0.13"),
        ("-0.125", 2, "-0.13"),
        ("0.1249999", 2, "0.12"),
        ("0.135", 2, "0.14"),
        ("2.5", 0, "3"),
        ("-2.5", 0, "-3"),
        ("-2.4", 0, "-2"),
        ("1/3", 3, "0.333"),
        ("2/3", 3, "0.667"),
        ("17/160", 4, "0.1063"),
        ("0", 0, "0"),
        ("1e-11", 10, "0"),
        ("5e-11", 10, "1e-10"),
    ],
)
def test_a_tie_goes_away_from_zero(value: str, places: int, rounded: str) -> None:
    assert round_half_up(Fraction(value), places) == Fraction(rounded)


@pytest.mark.parametrize("places", [-1, 11])
def test_other_places_are_an_error(places: int) -> None:
    for function in (round_half_up, figure_text):
        with pytest.raises(ValueError, match=rf"^{places} decimal places are outside 0-10$"):
            function(Fraction(1), places)


@pytest.mark.parametrize(
    ("value", "places", "text", "plain"),
    [
        ("1234.5", 2, "1,234.50", "1234.50"),
        ("1234.5", 0, "1,235", "1235"),
        ("-1234.5", 1, "-1,234.5", "-1234.5"),
        ("-0.004", 2, "0.00", "0.00"),
        ("0.05", 1, "0.1", "0.1"),
        ("0.05", 3, "0.050", "0.050"),
        ("1000000", 0, "1,000,000", "1000000"),
    ],
)
def test_a_figure_has_its_places(value: str, places: int, text: str, plain: str) -> None:
    assert figure_text(Fraction(value), places) == text
    assert figure_text(Fraction(value), places, grouped=False) == plain


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("0", "0"),
        ("1234.5", "1,234.5"),
        ("-0.025", "-0.025"),
        ("1/8", "0.125"),
        ("1/1024", "0.0009765625"),
        ("1/3125", "0.00032"),
        ("7/20", "0.35"),
        ("1/3", "1÷3"),
        ("-4000/3000", "-4÷3"),
        ("10000/7", "10,000÷7"),
        ("1/7000", "1÷7,000"),
        ("1/6", "1÷6"),
        ("1/15", "1÷15"),
    ],
)
def test_an_exact_figure_has_all_its_places(value: str, text: str) -> None:
    assert exact_text(Fraction(value)) == text
