"""KPI patterns: how agencies state a KPI, and what figures it is calculated from.

Figures are whole numbers all along (shares in ‰, ratios in hundredths), so that the same seed
gives the same ones on any machine.
"""

# ruff: noqa: PLR0917 - tables of KPIs hand these over by place
from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Literal

# Which side of a scorecard a KPI or an objective is of.
Side = Literal["C", "P", "F", "L", "S"]
CUSTOMER: Final = "C"
PROCESS: Final = "P"
FINANCE: Final = "F"
GROWTH: Final = "L"
SOCIETY: Final = "S"

MONTHS: Final = tuple(f"{n}月" for n in range(1, 13))
QUARTERS: Final = ("第一季", "第二季", "第三季", "第四季")
BUDGETS: Final = ("本年度原預算", "併決算", "以前年度保留數")
NORTH: Final = ("士林區", "北投區", "大同區", "中山區")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A figure that a formula uses.

    ``tie`` says how it hangs together with the formula's first item: a share of it (``low``
    and ``high`` in ‰), a multiple (in hundredths, and ``scale`` times that), or the same
    figure of the year before. Without a tie it lies between ``low`` and ``high``.
    """

    name: str
    unit: str
    low: int = 0
    high: int = 0
    tie: Literal["", "share", "ratio", "last year"] = ""
    scale: int = 1
    tenths: bool = False  # one decimal place
    components: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """A KPI: ``formula`` names its items in braces by number, ``{1}/{0}×100%``."""

    name: str
    formula: str
    unit: str
    items: tuple[Item, ...]
    side: Side
    lower: bool = False
    threshold: int = 0  # in %, 0 for none
    dated: bool = False  # its figures may be called 當年度…
    is_common: bool = False  # means the same in every agency
    is_milestone: bool = False  # has no figure, ever

    def common(self) -> Pattern:
        """The same, as a KPI that every agency may have."""
        return replace(self, is_common=True)


def tally(
    name: str,
    unit: str,
    low: int,
    high: int,
    side: Side,
    *,
    lower: bool = False,
    tenths: bool = False,
) -> Pattern:
    """A number that is counted."""
    item = Item(name=name, unit=unit, low=low, high=high, tenths=tenths)
    return Pattern(
        name=name, formula="{0}", unit=unit, items=(item,), side=side, lower=lower, dated=True
    )


def share(
    name: str,
    part: str,
    whole: str,
    unit: str,
    size: tuple[int, int],
    at: tuple[int, int],
    side: Side,
    *,
    lower: bool = False,
    threshold: int = 0,
) -> Pattern:
    """A part of a whole, in %; ``at`` in ‰."""
    items = (
        Item(name=whole, unit=unit, low=size[0], high=size[1]),
        Item(name=part, unit=unit, low=at[0], high=at[1], tie="share"),
    )
    return Pattern(
        name=name,
        formula="{1}/{0}×100%",
        unit="%",
        items=items,
        side=side,
        lower=lower,
        threshold=threshold,
    )


def mean(
    name: str,
    over: tuple[str, str],
    under: tuple[str, str],
    unit: str,
    size: tuple[int, int],
    ratio: tuple[int, int],
    side: Side,
    *,
    lower: bool = False,
    scale: int = 1,
) -> Pattern:
    """So much for each; ``ratio`` in hundredths of ``unit``, ``scale`` its factor.

    ``scale`` 1000 is for 千元/人 of figures in 元.
    """
    items = (
        Item(name=under[0], unit=under[1], low=size[0], high=size[1]),
        Item(name=over[0], unit=over[1], low=ratio[0], high=ratio[1], tie="ratio", scale=scale),
    )
    return Pattern(name=name, formula="{1}/{0}", unit=unit, items=items, side=side, lower=lower)


def per_residents(
    name: str, item: str, unit: str, low: int, high: int, side: Side, *, lower: bool = False
) -> Pattern:
    """So many for every 10,000 residents of the city; the unit scales the figure."""
    items = (
        Item(name="市民人口數", unit="人", low=2_480_000, high=2_520_000),
        Item(name=item, unit=unit, low=low, high=high),
    )
    return Pattern(
        name=name,
        formula="{1}/{0}",
        unit=f"{unit}/萬人",
        items=items,
        side=side,
        lower=lower,
    )


def growth(name: str, item: str, unit: str, low: int, high: int, side: Side) -> Pattern:
    """The change against the year before, in %."""
    items = (
        Item(name=f"當年度{item}", unit=unit, low=low, high=high),
        Item(name=f"前一年度{item}", unit=unit, tie="last year"),
    )
    return Pattern(name=name, formula="({0}-{1})/{1}×100%", unit="%", items=items, side=side)


def saved(name: str, item: str, unit: str, low: int, high: int, side: Side) -> Pattern:
    """What was used less than in the year before, in %."""
    made = growth(name, item, unit, low, high, side)
    return replace(made, formula="({1}-{0})/{1}×100%")


def summed(
    name: str,
    unit: str,
    low: int,
    high: int,
    parts: tuple[str, ...],
    side: Side,
    *,
    lower: bool = False,
) -> Pattern:
    """A number that is added up over months, districts or kinds; ``low``, ``high`` for each."""
    item = Item(name=name, unit=unit, low=low, high=high, components=parts)
    return Pattern(name=name, formula="{0}", unit=unit, items=(item,), side=side, lower=lower)


def weighted(name: str, first: str, second: str, side: Side) -> Pattern:
    """Two marks out of 100, weighted."""
    items = tuple(
        Item(name=each, unit="分", low=780, high=960, tenths=True) for each in (first, second)
    )
    return Pattern(name=name, formula="{0}×0.6+{1}×0.4", unit="分", items=items, side=side)


def rank(name: str, among: int, side: Side) -> Pattern:
    """A place among others; the first is the best."""
    item = Item(name=name, unit="名", low=1, high=among)
    return Pattern(name=name, formula="{0}", unit="名", items=(item,), side=side, lower=True)


def milestone(name: str, side: Side) -> Pattern:
    """Something done or not, which no figure measures."""
    item = Item(name=name, unit="里程碑")
    return Pattern(
        name=f"完成{name}（里程碑）",
        formula="{0}",
        unit="里程碑",
        items=(item,),
        side=side,
        is_milestone=True,
    )
