"""View of the whole 彙整 document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from reportgen.rollup.agencies import SubmissionState
from reportgen.views.figure_texts import SymbolNote, symbol_notes
from reportgen.views.rollup.cascade_view import CascadeView, cascade_view
from reportgen.views.rollup.chart_geometry import (
    BarSegment,
    ColumnView,
    TallyView,
    bar_segments,
    rate_columns,
    rate_description,
    tally_view,
)
from reportgen.views.rollup.missed_view import MissedView, missed_kpis, missed_view
from reportgen.views.rollup.perspective_view import PerspectiveView, perspective_view
from reportgen.views.rollup.ranking_view import (
    RankingRow,
    RankingView,
    comparable_row,
    ranking_view,
)
from reportgen.views.rollup.submission_view import (
    AgencyRow,
    ProblemRow,
    RefusedRow,
    agency_rows,
    problem_rows,
    refused_rows,
)
from reportgen.views.rollup.wording import ROLLUP_SHEET_NAME, is_unsettled, join_names

if TYPE_CHECKING:
    from reportgen.rollup import RollUp
    from reportgen.rollup.perspectives import PerspectiveGroup

MAX_PERSPECTIVE_COLUMNS: Final = 5  # perspectives with a column of their own; the others share one
MAX_DETAILED_RANKINGS: Final = 8  # rankings with a table of their own, the most shared ones
MAX_RANKING_ROWS: Final = 40  # rankings with a row of their own
MAX_LISTED_PROBLEMS: Final = 40
MAX_CASCADE_ROWS: Final = 240  # beyond this, one row per objective of the parent


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedCount:
    """A number of agencies and their common property."""

    name: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RollUpView:
    """The data of the template of 彙整."""

    year: str  # ROC; empty if no workbook counts
    latest: str  # 112年6月30日, the newest 修表日期
    sheet: str  # the sheet with the details
    expected: int
    handed: int
    counted: int
    states: tuple[NamedCount, ...]
    state_bar: tuple[BarSegment, ...]
    not_final: str
    missing: tuple[str, ...]
    refused: tuple[RefusedRow, ...]
    tally: TallyView
    columns: tuple[ColumnView, ...]
    picture: str
    groups: tuple[PerspectiveView, ...]  # a page each
    others: tuple[PerspectiveView, ...]  # a row each
    headings: tuple[str, ...]  # of the perspectives' columns in the overview
    agencies: tuple[AgencyRow, ...]
    weighted: bool  # one of them has weights
    agency_symbols: tuple[SymbolNote, ...]
    missed_kpis: MissedView | None  # None if no agency has words, or none has missed a KPI
    comparable: tuple[RankingRow, ...]
    more_comparable: int
    rankings: tuple[RankingView, ...]
    ranking_symbols: tuple[SymbolNote, ...]
    cascades: tuple[CascadeView, ...]
    condensed: bool  # cascades as numbers of agencies
    problems: tuple[ProblemRow, ...]
    more_problems: int


def rollup_view(rolled: RollUp) -> RollUpView:
    """Return all that the roll-up document prints.

    Lists are cut at the limits of this module, and the number left out is given. Common
    perspectives have a page each, the others a row.
    """
    groups = _widespread_perspectives(rolled)
    pages = {group.key for group in groups}
    other_groups = [group for group in rolled.perspectives if group.key not in pages]
    agencies = tuple(agency_rows(rolled, groups, bool(other_groups)))
    problems = tuple(problem_rows(rolled))
    rankings = tuple(ranking_view(ranking) for ranking in rolled.rankings[:MAX_DETAILED_RANKINGS])
    links = sum(len(goal.served_by) for cascade in rolled.cascades for goal in cascade.objectives)
    return RollUpView(
        year="" if rolled.year is None else str(rolled.year),
        latest=rolled.latest.printed if rolled.latest else "",
        sheet=ROLLUP_SHEET_NAME,
        expected=sum(agency.expected for agency in rolled.agencies),
        handed=sum(bool(agency.submissions) for agency in rolled.agencies),
        counted=len(rolled.counted),
        states=tuple(
            NamedCount(name=state.value, count=len(rolled.of_state(state)))
            for state in SubmissionState
        ),
        state_bar=bar_segments(
            [(state.name.lower(), len(rolled.of_state(state))) for state in SubmissionState]
        ),
        not_final=join_names(agency.name for agency in rolled.counted if is_unsettled(agency)),
        missing=tuple(agency.name for agency in rolled.of_state(SubmissionState.MISSING)),
        refused=tuple(refused_rows(rolled)),
        tally=tally_view(rolled.tally),
        columns=rate_columns(rolled.tally),
        picture=rate_description(rolled.tally),
        groups=tuple(perspective_view(group) for group in groups),
        others=tuple(perspective_view(group, rows=False) for group in other_groups),
        headings=(*(group.name for group in groups), *(("其他構面",) if other_groups else ())),
        agencies=agencies,
        weighted=any(row.rate for row in agencies),
        agency_symbols=symbol_notes(row.rate for row in agencies),
        missed_kpis=missed_view(missed_kpis(rolled)),
        comparable=tuple(comparable_row(ranking) for ranking in rolled.rankings[:MAX_RANKING_ROWS]),
        more_comparable=max(0, len(rolled.rankings) - MAX_RANKING_ROWS),
        rankings=rankings,
        ranking_symbols=symbol_notes(ranking.without for ranking in rankings),
        cascades=tuple(
            cascade_view(cascade, rolled, links > MAX_CASCADE_ROWS) for cascade in rolled.cascades
        ),
        condensed=links > MAX_CASCADE_ROWS,
        problems=problems[:MAX_LISTED_PROBLEMS],
        more_problems=max(0, len(problems) - MAX_LISTED_PROBLEMS),
    )


def _widespread_perspectives(rolled: RollUp) -> list[PerspectiveGroup]:
    """Return the perspectives that at least a tenth of the agencies that count have.

    At most the MAX_PERSPECTIVE_COLUMNS most common ones, in the roll-up's order.
    """
    by_agencies = sorted(rolled.perspectives, key=lambda group: -group.agencies)[
        :MAX_PERSPECTIVE_COLUMNS
    ]
    chosen = {group.key for group in by_agencies if 10 * group.agencies >= len(rolled.counted)}
    return [group for group in rolled.perspectives if group.key in chosen]


__all__ = ["NamedCount", "RollUpView", "rollup_view"]
