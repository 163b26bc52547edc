"""The one rounding of the program, and how an exact figure is written.

Source of the rule: design/formula.md, 四捨五入 on fractions. Binary floats print
17/160 as 10.62 %; it is 10.63 %.
"""

from __future__ import annotations

from fractions import Fraction

MAX_DECIMAL_PLACES = 10


def round_half_up(value: Fraction, places: int) -> Fraction:
    """Return the nearest multiple of ``10**-places``; a tie goes away from zero (四捨五入).

    So 0.125 → 0.13 and -0.125 → -0.13, as ``decimal.ROUND_HALF_UP``. ``places`` is
    0-10; anything else raises ValueError.
    """
    if not 0 <= places <= MAX_DECIMAL_PLACES:
        raise ValueError(f"{places} decimal places are outside 0-{MAX_DECIMAL_PLACES}")
    shift = 10**places
    divisor = value.denominator * 2
    rounded = (abs(value.numerator) * shift * 2 + value.denominator) // divisor
    return Fraction(rounded if value.numerator >= 0 else -rounded, shift)


def figure_text(value: Fraction, places: int, *, grouped: bool = True) -> str:
    """Return ``1,234.50``, rounded half up to ``places`` (0-10); never ``-0.00``.

    ``grouped``: with thousands commas. Raises ValueError for other ``places``.
    """
    return _decimal_text(round_half_up(value, places), places, grouped)


def exact_text(value: Fraction) -> str:
    """Return ``1,234.5`` with all its decimal places; a repeating decimal is ``1÷3``."""
    places = _places_needed(value.denominator)
    if places is None:
        return f"{value.numerator:,}÷{value.denominator:,}"
    return _decimal_text(value, places, grouped=True)


def _decimal_text(value: Fraction, places: int, grouped: bool) -> str:
    """Return a value as a decimal; ``places`` must suffice to write it exactly."""
    integer, fraction = divmod(abs(value.numerator) * 10**places // value.denominator, 10**places)
    sign = "-" if value.numerator < 0 else ""
    text = f"{sign}{integer:,}" if grouped else f"{sign}{integer}"
    return f"{text}.{fraction:0{places}d}" if places else text


def _places_needed(denominator: int) -> int | None:
    """Return the decimal places that write 1/denominator exactly; None if no number does."""
    twos = fives = 0
    while denominator % 2 == 0:
        denominator, twos = denominator // 2, twos + 1
    while denominator % 5 == 0:
        denominator, fives = denominator // 5, fives + 1
    return max(twos, fives) if denominator == 1 else None
