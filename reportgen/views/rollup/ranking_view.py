"""View of the rankings: KPIs that agencies share, and each agency's place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from reportgen.model.scorecard import Direction
from reportgen.views.figure_texts import print_figure
from reportgen.views.rollup.wording import is_unsettled, join_names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reportgen.rollup import AgencyKpi
    from reportgen.rollup.ranking import RankedKpi, Ranking

MAX_WHOLE_RANKING_PLACES: Final = 24  # longer rankings show only both ends
MAX_END_PLACES: Final = 10

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
class RankingPlace:
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
    rows: tuple[tuple[RankingPlace | None, RankingPlace | None], ...]
    left_out: int  # places between the two ends
    without: str  # the agencies without a figure; empty: none


def comparable_row(ranking: Ranking) -> RankingRow:
    """Return a ranking as one line: first and last agency, number with and without a figure.

    Of several on the first or last place one is named. There is no last one if all share the first.
    """
    leaders = [ranked for ranked in ranking.ranked if ranked.rank == 1]
    lowest_rank = max((ranked.rank for ranked in ranking.ranked), default=0)
    trailing = [
        ranked for ranked in ranking.ranked if ranked.rank == lowest_rank and lowest_rank > 1
    ]
    return RankingRow(
        name=ranking.name,
        unit=ranking.unit,
        direction=_DIRECTIONS[ranking.direction],
        agencies=ranking.agencies,
        best=_end_text(leaders),
        last=_end_text(trailing),
        without=len(ranking.without),
    )


def _end_text(ranked: Sequence[RankedKpi]) -> str:
    """Return figure and agency of one end of a ranking: ``98.11% 臺北市教師研習中心``.

    Of several agencies of that place the first, and their number; "" for none.
    """
    if not ranked:
        return ""
    agency_kpi = ranked[0].standing
    suffix = f"等 {len(ranked)} 個機關" if len(ranked) > 1 else ""
    return f"{_figure_text(agency_kpi)} {agency_kpi.agency.name}{suffix}"


def _figure_text(agency_kpi: AgencyKpi) -> str:
    """Return the figure as printed; empty without a result in the year."""
    return print_figure(agency_kpi.now.printed) if agency_kpi.now else ""


def ranking_view(ranking: Ranking) -> RankingView:
    """Return a ranking in two columns: its halves, or the first and last MAX_END_PLACES places.

    The second is None beside the last place of an odd number.
    """
    places = [_make_place(ranked) for ranked in ranking.ranked]
    left_out = 0
    if len(places) > MAX_WHOLE_RANKING_PLACES:
        left, right = places[:MAX_END_PLACES], places[-MAX_END_PLACES:]
        left_out = len(places) - 2 * MAX_END_PLACES
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
        without=join_names(
            (_without_figure(agency_kpi) for agency_kpi in ranking.without), MAX_END_PLACES
        ),
    )


def _without_figure(agency_kpi: AgencyKpi) -> str:
    """Return an agency's name with the reason why it has no figure."""
    printed = agency_kpi.now.printed if agency_kpi.now else "無此年度"
    text = printed.strip("（）") if printed.startswith("（") else printed
    return f"{agency_kpi.agency.name}（{text}）"


def _make_place(ranked: RankedKpi) -> RankingPlace:
    """Return an agency's rank and figure; the note is its state if that is unsettled, else ""."""
    agency = ranked.standing.agency
    note = agency.state.value if is_unsettled(agency) else ""
    return RankingPlace(
        rank=ranked.rank, agency=agency.name, actual=_figure_text(ranked.standing), note=note
    )


__all__ = ["RankingPlace", "RankingRow", "RankingView", "comparable_row", "ranking_view"]
