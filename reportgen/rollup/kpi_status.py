"""The status of an agency's KPI in the year of the roll-up."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from reportgen.model.missing_symbols import MissingReason
from reportgen.model.scorecard import Known, Missing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reportgen.compute.result_types import KpiResult, KpiYear
    from reportgen.model.scorecard import Objective, Perspective, Value
    from reportgen.rollup.agencies import Agency

_NO_YEAR = Missing(reason=MissingReason.NOT_YET)


class KpiStatus(Enum):
    """The status of a KPI in the year of the roll-up.

    MET and MISSED have a target and a figure, NO_TARGET a figure alone, NO_FIGURE none. One that
    cannot be judged never counts as 未達成.
    """

    MET = "達成"
    MISSED = "未達成"
    NO_FIGURE = "無數字"
    NO_TARGET = "未訂目標"


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyKpi:
    """A KPI of an agency, in the year of the roll-up and in all others."""

    agency: Agency
    perspective: Perspective
    objective: Objective
    result: KpiResult
    now: KpiYear | None  # None: the agency has no such year

    @property
    def actual(self) -> Value:
        """The exact actual figure of the year; Missing if the KPI has none."""
        return self.now.actual.value if self.now else _NO_YEAR

    @property
    def rate(self) -> Value | None:
        """The exact achievement rate, or None without a target."""
        return self.now.rate.value if self.now and self.now.rate else None

    @property
    def status(self) -> KpiStatus:
        """The status in the year: met, missed, without a figure, or without a target.

        A KPI without a verdict has no target if its figure is known, else no figure.
        """
        if self.now is None:
            return KpiStatus.NO_FIGURE
        if self.now.achieved is not None:
            return KpiStatus.MET if self.now.achieved else KpiStatus.MISSED
        return KpiStatus.NO_TARGET if isinstance(self.actual, Known) else KpiStatus.NO_FIGURE

    @property
    def is_ranked_by_figure(self) -> bool:
        """True if its figure states its performance; in 達成與否 the verdict does."""
        return not any(kpi_year.is_verdict_only for kpi_year in self.result.years)


def agency_kpis(agency: Agency, year: int | None) -> Iterator[AgencyKpi]:
    """Yield the KPIs of an agency with their results in ``year``; none without a workbook.

    ``year`` None: ``now`` is None for each of them.
    """
    if agency.results is None or agency.card is None:
        return
    perspectives = {perspective.code: perspective for perspective in agency.card.perspectives}
    objectives = {objective.code: objective for objective in agency.card.objectives}
    for result in agency.results.kpis:
        objective = objectives[result.kpi.objective]
        yield AgencyKpi(
            agency=agency,
            perspective=perspectives[objective.perspective],
            objective=objective,
            result=result,
            now=None if year is None else result.of(year),
        )


__all__ = ["AgencyKpi", "KpiStatus", "agency_kpis"]
