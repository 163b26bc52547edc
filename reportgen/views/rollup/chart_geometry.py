"""Chart geometry: counts as bars and columns, in units of the SVG."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from reportgen.rollup.distribution import RATE_CLASS_NAMES, rate_text
from reportgen.rollup.kpi_status import KpiStatus

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reportgen.rollup.distribution import Distribution

BAR_WIDTH: Final = 200  # units of the SVG
COLUMN_WIDTH: Final = 40  # units of the SVG
COLUMN_HEIGHT: Final = 60  # units of the SVG


@dataclass(frozen=True, slots=True, kw_only=True)
class BarSegment:
    """A part of a bar, from left to right."""

    x: str
    width: str
    kind: str  # met, missed, none (no figure), open (no target)


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnView:
    """A column of the chart of achievement rates."""

    name: str
    count: int
    x: int
    y: str
    height: str
    reached: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TallyView:
    """The number of KPIs by status, also as a bar."""

    total: int
    met: int
    missed: int
    no_figure: int
    no_target: int
    without_rate: int
    share: str  # 達成比率 of those that can be judged; empty: none
    median: str
    bar: tuple[BarSegment, ...]
    description: str


def bar_segments(counts: Sequence[tuple[str, int]]) -> tuple[BarSegment, ...]:
    """Return a bar of BAR_WIDTH units divided in proportion, from left to right.

    ``counts`` are kind and number; zero counts have no segment.
    """
    total = sum(number for _, number in counts)
    segments, offset = [], 0
    for kind, number in counts:
        if number:
            start, end = (
                Fraction(offset * BAR_WIDTH, total),
                Fraction((offset + number) * BAR_WIDTH, total),
            )
            segments.append(BarSegment(x=_length(start), width=_length(end - start), kind=kind))
        offset += number
    return tuple(segments)


def rate_columns(of: Distribution) -> tuple[ColumnView, ...]:
    """Return a column for each class of rates; that of the most KPIs is as high as the chart.

    Classes from 100 % on are marked as reached.
    """
    highest = max(of.classes)
    return tuple(
        ColumnView(
            name=name,
            count=number,
            x=index * COLUMN_WIDTH,
            y=_length(COLUMN_HEIGHT - Fraction(number * COLUMN_HEIGHT, highest or 1)),
            height=_length(Fraction(number * COLUMN_HEIGHT, highest or 1)),
            reached=index >= RATE_CLASS_NAMES.index("100%起"),
        )
        for index, (name, number) in enumerate(zip(RATE_CLASS_NAMES, of.classes, strict=True))
    )


def rate_description(of: Distribution) -> str:
    """Return the text alternative of the chart."""
    counts = zip(RATE_CLASS_NAMES, of.classes, strict=True)
    return "達成率分布：" + "；".join(f"{name} {number} 項" for name, number in counts)


def _length(value: Fraction) -> str:
    """Return a length in the chart's units with two decimals."""
    return f"{float(value):.2f}"


def tally_view(of: Distribution) -> TallyView:
    """Return a distribution as printed: counts by status, as a bar and in words.

    With the share of KPIs met, of those that can be judged, and the median rate; both "" if there
    is none.
    """
    counts = (("met", of.met), ("missed", of.missed), ("none", of.no_figure))
    words = zip(KpiStatus, (of.met, of.missed, of.no_figure, of.no_target), strict=True)
    return TallyView(
        total=of.total,
        met=of.met,
        missed=of.missed,
        no_figure=of.no_figure,
        no_target=of.no_target,
        without_rate=of.without_rate,
        share=rate_text(of.share, 1),
        median=rate_text(of.median),
        bar=bar_segments((*counts, ("open", of.no_target))),
        description="；".join(f"{stand.value} {number} 項" for stand, number in words),
    )


__all__ = [
    "BarSegment",
    "ColumnView",
    "TallyView",
    "bar_segments",
    "rate_columns",
    "rate_description",
    "tally_view",
]
