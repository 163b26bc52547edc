"""The roll-up of many agencies' results."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reportgen.rollup.agencies import SubmissionState, agencies_of, other_year_problems, rolled_year
from reportgen.rollup.cascade import cascades
from reportgen.rollup.distribution import distribution_of
from reportgen.rollup.kpi_status import agency_kpis
from reportgen.rollup.perspectives import perspective_groups
from reportgen.rollup.ranking import rankings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reportgen.model.scorecard import RocDate
    from reportgen.problems import Problem
    from reportgen.rollup.agencies import Agency
    from reportgen.rollup.cascade import Cascade
    from reportgen.rollup.distribution import Distribution
    from reportgen.rollup.kpi_status import AgencyKpi
    from reportgen.rollup.perspectives import PerspectiveGroup
    from reportgen.rollup.ranking import Ranking
    from reportgen.rollup.submissions import ExpectedAgency, Submission


@dataclass(frozen=True, slots=True, kw_only=True)
class RollUp:
    """A collection, rolled up. ``year`` is None if no workbook counts."""

    year: int | None  # ROC year of the comparison
    agencies: tuple[Agency, ...]  # those of the roster in its order, then the others by name
    standings: tuple[AgencyKpi, ...]  # every KPI of every agency that counts, in this order
    tally: Distribution
    perspectives: tuple[PerspectiveGroup, ...]
    rankings: tuple[Ranking, ...]
    cascades: tuple[Cascade, ...]
    problems: tuple[Problem, ...]  # of the collection, not of one workbook

    @property
    def counted(self) -> tuple[Agency, ...]:
        """The agencies whose figures count."""
        return tuple(agency for agency in self.agencies if agency.used)

    @property
    def latest(self) -> RocDate | None:
        """The newest 修表日期 that counts; it dates the documents, which never use the clock.

        None if no workbook counts.
        """
        return max((agency.card.revised for agency in self.agencies if agency.card), default=None)

    def of_state(self, state: SubmissionState) -> tuple[Agency, ...]:
        """Return the agencies in a state, in their order."""
        return tuple(agency for agency in self.agencies if agency.state is state)


def roll_up(
    submissions: Iterable[Submission],
    roster: Iterable[ExpectedAgency] = (),
    *,
    year: int | None = None,
) -> tuple[RollUp, tuple[Problem, ...]]:
    """Return the roll-up of the submissions, whatever their order, and its problems.

    ``roster`` names the expected agencies; without it none is missing. ``year`` is the ROC year
    to compare in; without it the 資料年度 of most agencies. The problems are those of the
    collection, also in ``RollUp.problems``, without those of single workbooks. Never raises.
    """
    agencies, problems = agencies_of(submissions, roster)
    year = rolled_year(agencies) if year is None else year
    standings = tuple(standing for agency in agencies for standing in agency_kpis(agency, year))
    agency_cascades, cascade_problems = cascades(agencies)
    problems += (*other_year_problems(agencies, year), *cascade_problems)
    rolled = RollUp(
        year=year,
        agencies=agencies,
        standings=standings,
        tally=distribution_of(standings),
        perspectives=perspective_groups(standings),
        rankings=rankings(standings),
        cascades=agency_cascades,
        problems=problems,
    )
    return rolled, problems


__all__ = ["RollUp", "roll_up"]
