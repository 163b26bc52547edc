"""Figures of several years that move as in life: a trend, some noise, a dip, a gap.

Whole numbers alone, so that the same seed gives the same figures on any machine.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from random import Random

    from tests.factories.agencies.patterns import Item, Pattern

DIP: Final = {109: 700, 110: 600, 111: 850}  # ‰ of what is counted in people, by ROC year
_DIPPED: Final = frozenset({"人次", "場次", "場"})

Series = dict[int, Fraction]  # by ROC year
Parts = dict[str, Series]  # by component, "" where there is none


def figures(
    pattern: Pattern, known: dict[str, Parts], years: range, size: int, chance: Random
) -> list[Parts]:
    """The figures of a pattern's items; those ``known`` already stay as they are."""
    found: list[Parts] = []
    for item in pattern.items:
        if item.name in known:
            found.append(known[item.name])
        elif item.tie:
            found.append(_tied(item, found[0], chance))
        else:
            found.append(_free(item, years, size, chance, falls=pattern.lower))
    return found


def _free(item: Item, years: range, size: int, chance: Random, *, falls: bool) -> Parts:
    parts: Parts = {}
    for place, component in enumerate(item.components or ("",)):
        is_rest = place > 0 and "預算" in item.name  # carried over: little beside the year's own
        low, high = (item.low // 60, item.high // 40) if is_rest else (item.low, item.high)
        parts[component] = _level(item, (low, high), years, size, chance, falls=falls)
    return parts


def _level(
    item: Item, between: tuple[int, int], years: range, size: int, chance: Random, *, falls: bool
) -> Series:
    low, high = between
    reach = high - low
    fixed = item.unit in {"分", "名"} or reach * 8 < high
    place = chance.randrange(0, 101) if fixed else chance.randrange(size // 2, size + 1)
    now = (low + reach * place // 100) * 1000
    trend = chance.randrange(-70, 15) if falls else chance.randrange(-15, 75)
    if fixed:
        trend = chance.randrange(-4, 9)
    found: Series = {}
    for year in years:
        noise = chance.randrange(-40, 41) if not fixed else chance.randrange(-6, 7)
        now = max(0, now * (1000 + trend + noise) // 1000)
        dip = DIP.get(year, 1000) if item.unit in _DIPPED else 1000
        found[year] = Fraction((now * dip // 1000 + 500) // 1000, 10 if item.tenths else 1)
    return found


def _tied(item: Item, first: Parts, chance: Random) -> Parts:
    if item.tie == "last year":
        return {component: _last_year(series) for component, series in first.items()}
    rate = chance.randrange(item.low, item.high + 1)
    step = max(1, (item.high - item.low) // 12)
    parts: Parts = {component: {} for component in first}
    for year in next(iter(first.values())):
        rate = min(item.high, max(item.low, rate + chance.randrange(-step, step + step // 2 + 2)))
        for component, series in first.items():
            factor = (
                Fraction(rate, 1000) if item.tie == "share" else Fraction(rate * item.scale, 100)
            )
            exact = series[year] * factor
            parts[component][year] = Fraction(round(exact))
    return parts


def _last_year(series: Series) -> Series:
    return {year: series[before] for before, year in pairwise(series)}
