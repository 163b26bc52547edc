"""Roll-up of many agencies' results: statuses, rankings, missing agencies, cascades.

::

    rolled, problems = roll_up([Submission(workbook="甲/112-06-30.xlsx", results=results)], roster)
    rolled.tally.share, rolled.rankings[0].ranked[0].standing.agency.name

Every figure is that of the agency's own :class:`~reportgen.compute.result_types.Results`, exact and
as it is shown there. Rules are stated where they are followed: :mod:`~reportgen.rollup.agencies`
(which workbook counts), :mod:`~reportgen.rollup.perspectives`, :mod:`~reportgen.rollup.ranking`,
:mod:`~reportgen.rollup.cascade`.
"""

from __future__ import annotations

from reportgen.rollup.agencies import Agency, SubmissionState
from reportgen.rollup.kpi_status import AgencyKpi, KpiStatus
from reportgen.rollup.rollup import RollUp, roll_up
from reportgen.rollup.submissions import ExpectedAgency, Submission

__all__ = [
    "Agency",
    "AgencyKpi",
    "ExpectedAgency",
    "KpiStatus",
    "RollUp",
    "Submission",
    "SubmissionState",
    "roll_up",
]
