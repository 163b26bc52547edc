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

from reportgen.rollup.distribution import tally
from reportgen.text.name_matching import name_key

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reportgen.model.scorecard import Perspective
    from reportgen.rollup.distribution import Tally
    from reportgen.rollup.kpi_status import Standing

_ENDING: Final = re.compile(r"(?<=..)(?:構面|面向|層面|面)$")
_BETWEEN: Final = re.compile(r"(?<=.)[與及和](?=.)")


@dataclass(frozen=True, slots=True, kw_only=True)
class PerspectiveGroup:
    """A perspective that one or more agencies have."""

    key: str
    name: str  # as most of them write it
    names: tuple[str, ...]  # every way of writing, the most frequent first
    agencies: int
    standings: tuple[Standing, ...]
    tally: Tally


def perspective_key(perspective: Perspective) -> str:
    """Return what a perspective is matched by."""
    return _BETWEEN.sub("", _ENDING.sub("", name_key(perspective.map_name.text)))


def perspective_groups(standings: Iterable[Standing]) -> tuple[PerspectiveGroup, ...]:
    """Those of half of the agencies or more come first, then the others; each in 計分卡順序."""
    members: dict[str, list[Standing]] = {}
    for each in standings:
        members.setdefault(perspective_key(each.perspective), []).append(each)
    everyone = len({each.agency.key for group in members.values() for each in group})
    groups = [_group(key, tuple(each)) for key, each in members.items()]
    return tuple(
        sorted(groups, key=lambda each: (2 * each.agencies < everyone, _order(each), each.key))
    )


def _group(key: str, standings: tuple[Standing, ...]) -> PerspectiveGroup:
    owners = {each.agency.key: each.perspective.map_name.text for each in standings}
    written = Counter(owners.values())
    names = tuple(sorted(written, key=lambda name: (-written[name], name)))
    return PerspectiveGroup(
        key=key,
        name=names[0],
        names=names,
        agencies=len(owners),
        standings=standings,
        tally=tally(standings),
    )


def _order(group: PerspectiveGroup) -> Fraction:
    """Return the mean place on the agencies' cards."""
    places = {each.agency.key: each.perspective.card_order for each in group.standings}
    return Fraction(sum(places.values()), len(places))


__all__ = ["PerspectiveGroup", "perspective_groups", "perspective_key"]
