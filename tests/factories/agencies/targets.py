"""Targets as agencies set them: round, near last year's figure, met more often than not."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from tests.factories.agencies.patterns import Pattern

Totals = list[Fraction]  # the figures of a formula, each with its components added up

_VALUES: Final[dict[str, Callable[[Totals], Fraction]]] = {
    "{0}": lambda figures: figures[0],
    "{1}/{0}": lambda figures: figures[1] / figures[0],
    "{1}/{0}×100%": lambda figures: 100 * figures[1] / figures[0],
    "({0}-{1})/{1}×100%": lambda figures: 100 * (figures[0] - figures[1]) / figures[1],
    "({1}-{0})/{1}×100%": lambda figures: 100 * (figures[1] - figures[0]) / figures[1],
    "({1}+{2})/{0}×100%": lambda figures: 100 * (figures[1] + figures[2]) / figures[0],
    "{0}×0.6+{1}×0.4": lambda figures: figures[0] * Fraction(6, 10) + figures[1] * Fraction(4, 10),
}


def value(pattern: Pattern, figures: Totals) -> Fraction | None:
    """The KPI's figure in its unit (% as 95); None where it has none."""
    try:
        found = _VALUES[pattern.formula](figures)
    except ZeroDivisionError:
        return None
    factor = Fraction(10_000) if pattern.unit.endswith("/萬人") else Fraction(1)
    return found * factor / max(item.scale for item in pattern.items)


def target(pattern: Pattern, actual: Fraction, chance: Random) -> str:
    """A target that this figure would meet, or miss by a little."""
    away = chance.randrange(-40, 90)  # ‰, or tenths of a percent; above 0 it is met
    sign = 1 if pattern.lower else -1
    if pattern.unit == "%":
        aim = actual + sign * Fraction(away, 20)
        if not pattern.lower and actual <= 100:
            aim = min(aim, Fraction(100))
        if "-" in pattern.formula:  # nobody aims at getting worse
            aim = max(aim, Fraction(1))
    else:
        aim = actual * (1000 + sign * away) / 1000
    number = _round(aim, lower=pattern.lower)
    if pattern.formula == "{0}" and not any(item.tenths for item in pattern.items):
        number = round(number)  # what is counted has no tenths
    percent = "%" if pattern.unit == "%" else ""
    shown = f"{number:,}" if chance.random() < 0.5 else f"{number}"
    shape = chance.randrange(100)
    if shape < 2 and not percent and number >= 20:
        return f"{number * 8 // 10}~{number}"
    if shape < 40:
        return f"{shown}{percent}"
    return f"{'≤' if pattern.lower else '≥'}{shown}{percent}"


def _round(number: Fraction, *, lower: bool) -> int | float:
    """To two or three digits; below 10 to one decimal place, which floats hold exactly enough."""
    if abs(number) < 10:
        tenths = round(number * 10)
        whole, rest = divmod(tenths, 10)
        if abs(tenths) < 10:  # 0.9 would look like a ratio
            return max(1, whole) if not lower else 1
        return whole if rest == 0 else float(f"{tenths / 10:.1f}")
    step = 1
    while step * 100 <= abs(number):
        step *= 10
    step = max(1, step // 2)
    return round(number / step) * step
