"""Which KPIs can be compared between agencies, and who stands where.

KPIs are comparable that have the same name, unit and direction in at least three agencies. They
are ranked by their exact figures of one year, equals alike (1, 2, 2, 4). A KPI without a figure
has no rank and is named; it is never ranked as zero. KPIs in 達成與否 are not ranked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from reportgen.model.scorecard import Direction, Known
from reportgen.text.name_matching import name_key

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reportgen.rollup.kpi_status import Standing

LEAST: Final = 3  # agencies


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """A place in a ranking; 1 is the best."""

    rank: int
    standing: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """A KPI that at least three agencies have."""

    name: str
    unit: str
    direction: Direction
    ranked: tuple[Ranked, ...]  # the best first, equals by the agencies' order
    without: tuple[Standing, ...]  # no figure in the year

    @property
    def agencies(self) -> int:
        """How many agencies have it."""
        members = (*(each.standing for each in self.ranked), *self.without)
        return len({each.agency.key for each in members})


def rankings(standings: Iterable[Standing]) -> tuple[Ranking, ...]:
    """Those that most agencies share first, then by name."""
    groups: dict[tuple[str, str, Direction], list[Standing]] = {}
    for each in standings:
        kpi = each.result.kpi
        if each.is_ranked_by_figure and each.result.formula is not None:
            key = name_key(kpi.name.text), name_key(each.result.unit), kpi.direction
            groups.setdefault(key, []).append(each)
    made = (
        (key, _ranking(members))
        for key, members in groups.items()
        if len({each.agency.key for each in members}) >= LEAST
    )
    ordered = sorted(made, key=lambda pair: (-pair[1].agencies, pair[0][:2], pair[0][2].value))
    return tuple(each for _, each in ordered)


def _ranking(members: list[Standing]) -> Ranking:
    kpi = members[0].result.kpi
    best_first = -1 if kpi.direction is Direction.HIGHER else 1
    known = [
        (each.actual.value * best_first, each) for each in members if isinstance(each.actual, Known)
    ]
    known.sort(key=lambda pair: pair[0])
    ranked: list[Ranked] = []
    for place, (figure, each) in enumerate(known, start=1):
        same = place > 1 and known[place - 2][0] == figure
        ranked.append(Ranked(rank=ranked[-1].rank if same else place, standing=each))
    return Ranking(
        name=kpi.name.text,
        unit=members[0].result.unit,
        direction=kpi.direction,
        ranked=tuple(ranked),
        without=tuple(each for each in members if not isinstance(each.actual, Known)),
    )


__all__ = ["LEAST", "Ranked", "Ranking", "rankings"]
