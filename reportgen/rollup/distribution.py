"""Counts of KPIs by status, and the distribution of their achievement rates; all of it exact."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from reportgen.formula import figure_text
from reportgen.model.scorecard import Known
from reportgen.rollup.kpi_status import KpiStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from reportgen.rollup.kpi_status import AgencyKpi

# Lower bounds of the classes, inclusive; the first class is below the first bound.
RATE_CLASS_BOUNDS: Final = tuple(Fraction(percent, 100) for percent in (60, 80, 90, 100, 110))
RATE_CLASS_NAMES: Final = ("未滿60%", "60%起", "80%起", "90%起", "100%起", "110%起")


@dataclass(frozen=True, slots=True, kw_only=True)
class Distribution:
    """A group of KPIs: their number by status, and their achievement rates."""

    met: int
    missed: int
    no_figure: int
    no_target: int
    rates: tuple[Fraction, ...]  # ascending; of those that have one

    @property
    def total(self) -> int:
        """The number of KPIs."""
        return self.met + self.missed + self.no_figure + self.no_target

    @property
    def judged(self) -> int:
        """The number of KPIs with a target and a figure."""
        return self.met + self.missed

    @property
    def without_rate(self) -> int:
        """The number of KPIs that no class of rates counts, for they have no rate."""
        return self.total - len(self.rates)

    @property
    def share(self) -> Fraction | None:
        """達成比率: the share of met KPIs in those that can be judged; None without any."""
        return Fraction(self.met, self.judged) if self.judged else None

    @property
    def median(self) -> Fraction | None:
        """The median achievement rate, None without any rate.

        Of an even number it is the mean of the middle two.
        """
        if not self.rates:
            return None
        return (self.rates[(len(self.rates) - 1) // 2] + self.rates[len(self.rates) // 2]) / 2

    @property
    def classes(self) -> tuple[int, ...]:
        """The number of rates in each class of RATE_CLASS_NAMES, the lowest class first."""
        counts = Counter(sum(rate >= low for low in RATE_CLASS_BOUNDS) for rate in self.rates)
        return tuple(counts[number] for number in range(len(RATE_CLASS_BOUNDS) + 1))


def distribution_of(standings: Iterable[AgencyKpi]) -> Distribution:
    """Return the number of KPIs by status, and their known rates in ascending order."""
    members: Sequence[AgencyKpi] = tuple(standings)
    counts = Counter(standing.status for standing in members)
    rates = (standing.rate for standing in members)
    return Distribution(
        met=counts[KpiStatus.MET],
        missed=counts[KpiStatus.MISSED],
        no_figure=counts[KpiStatus.NO_FIGURE],
        no_target=counts[KpiStatus.NO_TARGET],
        rates=tuple(sorted(rate.value for rate in rates if isinstance(rate, Known))),
    )


def rate_text(rate: Fraction | None, places: int = 2) -> str:
    """Return a ratio in %, rounded once; empty for None."""
    return "" if rate is None else f"{figure_text(rate * 100, places)}%"


__all__ = ["RATE_CLASS_BOUNDS", "RATE_CLASS_NAMES", "Distribution", "distribution_of", "rate_text"]
