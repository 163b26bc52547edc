"""View of the submissions: workbooks with errors, agencies' results, problems."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import PureWindowsPath
from typing import TYPE_CHECKING, Final

from reportgen.compute.result_types import RateLevel
from reportgen.problems import Severity
from reportgen.rollup.agencies import count_severity
from reportgen.rollup.distribution import distribution_of
from reportgen.views.figure_texts import print_figure
from reportgen.views.rollup.chart_geometry import TallyView, tally_view

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reportgen.problems import Problem
    from reportgen.rollup import Agency, AgencyKpi, RollUp
    from reportgen.rollup.perspectives import PerspectiveGroup

_DIGEST: Final = re.compile("; SHA-256 [0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class MetCounts:
    """The number of KPIs met, of those judged; ``rest`` cannot be judged."""

    total: int
    met: int
    judged: int
    rest: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedRow:
    """An agency whose workbook has errors, and the first of them."""

    agency: str
    workbook: str
    errors: int
    first: tuple[str, ...]
    other: str  # the workbook that counts instead, if any


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyRow:
    """An agency in the overview: KPIs met of those judged, by perspective."""

    name: str
    edition: str
    state: str
    year: str  # its data year if that differs
    cells: tuple[MetCounts, ...]
    tally: TallyView
    rate: str  # its weighted achievement rate; empty without weights


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemRow:
    """A problem of the collection."""

    file: str
    place: str
    code: str
    text: str


def refused_rows(rolled: RollUp) -> Iterator[RefusedRow]:
    """Yield a row for each refused workbook: its errors, and the edition used instead.

    The first two errors are printed, all are counted.
    """
    for agency in rolled.agencies:
        for submission in agency.refused:
            errors = [
                problem for problem in submission.problems if problem.severity is Severity.ERROR
            ]
            yield RefusedRow(
                agency=agency.name,
                workbook=_file_name(submission.workbook),
                errors=count_severity(submission.problems, Severity.ERROR),
                first=tuple(_problem_text(problem) for problem in errors[:2]),
                other=f"改採 {agency.card.edition}" if agency.card else "",
            )


def agency_rows(
    rolled: RollUp, groups: Sequence[PerspectiveGroup], has_others: bool
) -> Iterator[AgencyRow]:
    """Yield a row for each agency that counts, with a cell per group in their order.

    With ``has_others`` a further cell counts the KPIs of all other perspectives.
    """
    members: dict[str, list[AgencyKpi]] = {}
    columns: dict[tuple[str, int], list[AgencyKpi]] = {}
    for agency_kpi in rolled.standings:
        members.setdefault(agency_kpi.agency.key, []).append(agency_kpi)
    grouped = [*(group.standings for group in groups)]
    group_keys = {group.key for group in groups}
    grouped.append(
        tuple(
            agency_kpi
            for group in rolled.perspectives
            if group.key not in group_keys
            for agency_kpi in group.standings
        )
    )
    for index, agency_kpis in enumerate(grouped):
        for agency_kpi in agency_kpis:
            columns.setdefault((agency_kpi.agency.key, index), []).append(agency_kpi)
    for agency in rolled.counted:
        assert agency.card is not None
        year = agency.card.data_year
        yield AgencyRow(
            name=agency.name,
            edition=agency.card.edition,
            state=agency.state.value,
            year="" if year == rolled.year else f"{year}年",
            cells=tuple(
                _met_counts(columns.get((agency.key, index), ()))
                for index in range(len(groups) + has_others)
            ),
            tally=tally_view(distribution_of(members.get(agency.key, ()))),
            rate=_weighted_rate(agency, rolled.year),
        )


def _met_counts(agency_kpis: Sequence[AgencyKpi]) -> MetCounts:
    """Return how many KPIs there are, are met, can be judged, and cannot."""
    counts = distribution_of(agency_kpis)
    unjudged = counts.total - counts.judged
    return MetCounts(total=counts.total, met=counts.met, judged=counts.judged, rest=unjudged)


def _weighted_rate(agency: Agency, year: int | None) -> str:
    """Return the weighted rate of the whole scorecard in a year; empty without one."""
    assert agency.results is not None
    for roll_up in agency.results.roll_ups:
        if roll_up.level is RateLevel.WHOLE and roll_up.year == year:
            return print_figure(roll_up.rate.text)
    return ""


def _problem_text(problem: Problem) -> str:
    """Return place and message; a file's digest is left out."""
    return _DIGEST.sub("", f"{_cell_text(problem)} {problem.message()}".strip())


def _file_name(path: str) -> str:
    """Return a file's name alone, of any system: print shows no folder of the operator's."""
    return PureWindowsPath(path).name


def _cell_text(problem: Problem) -> str:
    """Return sheet and cell, without the file, which has a column of its own."""
    return replace(problem.where, file="").text()


def problem_rows(rolled: RollUp) -> Iterator[ProblemRow]:
    """Yield a row for each distinct message, with its first file and cell, and how many have it.

    Problems are alike if code, message and remedy are. They come in the order of their first.
    """
    problems_by_text: dict[tuple[str, str], list[Problem]] = {}
    for problem in rolled.problems:
        problems_by_text.setdefault(
            (problem.code, f"{problem.message()}{problem.fix()}"), []
        ).append(problem)
    for (code, text), (first_problem, *similar) in problems_by_text.items():
        cell = _cell_text(first_problem)
        file = _file_name(first_problem.where.file)
        yield ProblemRow(
            file=f"{file} 等 {1 + len(similar)} 份" if similar else file,
            place=f"{cell} 等" if similar and cell else cell,
            code=code,
            text=text,
        )


__all__ = [
    "AgencyRow",
    "MetCounts",
    "ProblemRow",
    "RefusedRow",
    "agency_rows",
    "problem_rows",
    "refused_rows",
]
