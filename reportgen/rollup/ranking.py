"""Rankings of KPIs that can be compared between agencies.

KPIs are comparable that have the same name, unit and direction in at least three agencies. They
are ranked by their exact figures of one year, ties alike (1, 2, 2, 4). A KPI without a figure
has no rank and is named; it is never ranked as zero. KPIs in 達成與否 are not ranked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from reportgen.model.scorecard import Direction, Known
from reportgen.text.name_matching import name_key

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reportgen.rollup.kpi_status import AgencyKpi

MIN_RANKED_AGENCIES: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedKpi:
    """A place in a ranking; 1 is the best."""

    rank: int
    standing: AgencyKpi


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """A KPI that at least three agencies have."""

    name: str
    unit: str
    direction: Direction
    ranked: tuple[RankedKpi, ...]  # the best first, equals by the agencies' order
    without: tuple[AgencyKpi, ...]  # no figure in the year

    @property
    def agencies(self) -> int:
        """The number of agencies that have the KPI."""
        members = (*(ranked.standing for ranked in self.ranked), *self.without)
        return len({standing.agency.key for standing in members})


def rankings(standings: Iterable[AgencyKpi]) -> tuple[Ranking, ...]:
    """Return the rankings, those of most agencies first, then by name, unit and direction.

    KPIs of fewer than MIN_RANKED_AGENCIES agencies, in 達成與否, or with a formula that cannot
    be read have none.
    """
    groups: dict[tuple[str, str, Direction], list[AgencyKpi]] = {}
    for standing in standings:
        kpi = standing.result.kpi
        if standing.is_ranked_by_figure and standing.result.formula is not None:
            key = name_key(kpi.name.text), name_key(standing.result.unit), kpi.direction
            groups.setdefault(key, []).append(standing)
    candidates = (
        (key, _make_ranking(members))
        for key, members in groups.items()
        if len({standing.agency.key for standing in members}) >= MIN_RANKED_AGENCIES
    )
    ordered = sorted(
        candidates, key=lambda pair: (-pair[1].agencies, pair[0][:2], pair[0][2].value)
    )
    return tuple(ranking for _, ranking in ordered)


def _make_ranking(members: list[AgencyKpi]) -> Ranking:
    """Return the agencies ranked by a common KPI, best first.

    Equal figures share a rank and keep their order. Those without a figure are listed apart. Name
    and unit are as the first of them writes it.
    """
    kpi = members[0].result.kpi
    best_first = -1 if kpi.direction is Direction.HIGHER else 1
    with_figures = [
        (standing.actual.value * best_first, standing)
        for standing in members
        if isinstance(standing.actual, Known)
    ]
    with_figures.sort(key=lambda pair: pair[0])
    ranked: list[RankedKpi] = []
    for position, (figure, standing) in enumerate(with_figures, start=1):
        is_tie = position > 1 and with_figures[position - 2][0] == figure
        ranked.append(RankedKpi(rank=ranked[-1].rank if is_tie else position, standing=standing))
    return Ranking(
        name=kpi.name.text,
        unit=members[0].result.unit,
        direction=kpi.direction,
        ranked=tuple(ranked),
        without=tuple(standing for standing in members if not isinstance(standing.actual, Known)),
    )


__all__ = ["MIN_RANKED_AGENCIES", "RankedKpi", "Ranking", "rankings"]
