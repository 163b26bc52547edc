"""構面 across agencies, which name theirs as they like: 顧客, 顧客構面 and 顧客面 are one.

Perspectives are matched by their name on the map without its ending and without 與, 及, 和
between words; 市民 and 顧客 stay apart, for nobody but the agencies can say that they are one.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from reportgen.rollup.distribution import distribution_of
from reportgen.text.name_matching import name_key

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reportgen.model.scorecard import Perspective
    from reportgen.rollup.distribution import Distribution
    from reportgen.rollup.kpi_status import AgencyKpi

_SUFFIX: Final = re.compile(r"(?<=..)(?:構面|面向|層面|面)$")
_CONJUNCTION: Final = re.compile(r"(?<=.)[與及和](?=.)")


@dataclass(frozen=True, slots=True, kw_only=True)
class PerspectiveGroup:
    """A perspective that one or more agencies have."""

    key: str
    name: str  # as most of them write it
    names: tuple[str, ...]  # every way of writing, the most frequent first
    agencies: int
    standings: tuple[AgencyKpi, ...]
    tally: Distribution


def perspective_key(perspective: Perspective) -> str:
    """Return the key by which perspectives are matched: 顧客 for 顧客構面."""
    return _CONJUNCTION.sub("", _SUFFIX.sub("", name_key(perspective.map_name.text)))


def perspective_groups(standings: Iterable[AgencyKpi]) -> tuple[PerspectiveGroup, ...]:
    """Return those of at least half of the agencies, then the others; each in 計分卡順序.

    The order is that of the agencies' mean, ties by key. Agencies without KPIs do not count.
    """
    members: dict[str, list[AgencyKpi]] = {}
    for standing in standings:
        members.setdefault(perspective_key(standing.perspective), []).append(standing)
    agency_count = len({standing.agency.key for group in members.values() for standing in group})
    groups = [_make_group(key, tuple(group_standings)) for key, group_standings in members.items()]
    return tuple(
        sorted(
            groups,
            key=lambda group: (
                2 * group.agencies < agency_count,
                _mean_card_order(group),
                group.key,
            ),
        )
    )


def _make_group(key: str, standings: tuple[AgencyKpi, ...]) -> PerspectiveGroup:
    """Return the perspectives of one key as a group, named by the name that most agencies use.

    Of equally frequent names, the first in code point order.
    """
    names_by_agency = {
        standing.agency.key: standing.perspective.map_name.text for standing in standings
    }
    frequencies = Counter(names_by_agency.values())
    names = tuple(sorted(frequencies, key=lambda name: (-frequencies[name], name)))
    return PerspectiveGroup(
        key=key,
        name=names[0],
        names=names,
        agencies=len(names_by_agency),
        standings=standings,
        tally=distribution_of(standings),
    )


def _mean_card_order(group: PerspectiveGroup) -> Fraction:
    """Return the mean position (計分卡順序) on the scorecards of the group's agencies."""
    positions = {
        standing.agency.key: standing.perspective.card_order for standing in group.standings
    }
    return Fraction(sum(positions.values()), len(positions))


__all__ = ["PerspectiveGroup", "perspective_groups", "perspective_key"]
