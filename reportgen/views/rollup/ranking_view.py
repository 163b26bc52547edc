"""KPIs that agencies share, in a line each, and who stands where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from reportgen.model.scorecard import Direction
from reportgen.views.rollup.wording import is_unsettled, listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reportgen.rollup import Standing
    from reportgen.rollup.ranking import Ranked, Ranking

WHOLE_RANKING: Final = 24  # places: so many are listed whole, of more only both ends
ENDS: Final = 10

_DIRECTIONS: Final = {Direction.HIGHER: "由高而低", Direction.LOWER: "由低而高"}


@dataclass(frozen=True, slots=True, kw_only=True)
class RankingRow:
    """A comparable KPI in one line."""

    name: str
    unit: str
    direction: str
    agencies: int
    best: str
    last: str
    without: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place in a ranking."""

    rank: int
    agency: str
    actual: str
    note: str  # 草稿


@dataclass(frozen=True, slots=True, kw_only=True)
class RankingView:
    """A ranking in two columns: its first half and its second, or its two ends."""

    name: str
    unit: str
    direction: str
    rows: tuple[tuple[Place | None, Place | None], ...]
    left_out: int  # places between the two ends
    without: str  # the agencies without a figure; empty: none


def comparable_row(ranking: Ranking) -> RankingRow:
    """Its first and its last."""
    first = [each for each in ranking.ranked if each.rank == 1]
    bottom = max((each.rank for each in ranking.ranked), default=0)
    last = [each for each in ranking.ranked if each.rank == bottom and bottom > 1]
    return RankingRow(
        name=ranking.name,
        unit=ranking.unit,
        direction=_DIRECTIONS[ranking.direction],
        agencies=ranking.agencies,
        best=_end(first),
        last=_end(last),
        without=len(ranking.without),
    )


def _end(places: Sequence[Ranked]) -> str:
    """``98.11% 臺北市教師研習中心``, of several the first and how many."""
    if not places:
        return ""
    standing = places[0].standing
    many = f"等 {len(places)} 個機關" if len(places) > 1 else ""
    return f"{_figure(standing)} {standing.agency.name}{many}"


def _figure(standing: Standing) -> str:
    return standing.now.printed if standing.now else ""


def ranking_view(ranking: Ranking) -> RankingView:
    """Its places side by side: both halves, or both ends."""
    places = [_place(each) for each in ranking.ranked]
    left_out = 0
    if len(places) > WHOLE_RANKING:
        left, right = places[:ENDS], places[-ENDS:]
        left_out = len(places) - 2 * ENDS
    else:
        half = (len(places) + 1) // 2
        left, right = places[:half], places[half:]
    rights = [*right, *[None] * (len(left) - len(right))]
    return RankingView(
        name=ranking.name,
        unit=ranking.unit,
        direction=_DIRECTIONS[ranking.direction],
        rows=tuple(zip(left, rights, strict=True)),
        left_out=left_out,
        without=listed((_without(each) for each in ranking.without), ENDS),
    )


def _without(standing: Standing) -> str:
    printed = standing.now.printed if standing.now else "無此年度"
    shown = printed.strip("（）") if printed.startswith("（") else printed
    return f"{standing.agency.name}（{shown}）"


def _place(ranked: Ranked) -> Place:
    agency = ranked.standing.agency
    note = agency.state.value if is_unsettled(agency) else ""
    return Place(rank=ranked.rank, agency=agency.name, actual=_figure(ranked.standing), note=note)


__all__ = ["Place", "RankingRow", "RankingView", "comparable_row", "ranking_view"]
