"""What was handed in: workbooks with errors, how each agency stands, what is to be said of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from reportgen.compute.result_types import Level
from reportgen.problems import Severity
from reportgen.rollup.agencies import count
from reportgen.rollup.distribution import tally
from reportgen.views.rollup.chart_geometry import TallyView, tally_view

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reportgen.problems import Problem
    from reportgen.rollup import Agency, RollUp, Standing
    from reportgen.rollup.perspectives import PerspectiveGroup

_DIGEST: Final = re.compile("; SHA-256 [0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """How many KPIs are met, of those judged; ``rest`` cannot be judged."""

    total: int
    met: int
    judged: int
    rest: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedRow:
    """An agency of which nothing could be made, and why."""

    agency: str
    workbook: str
    errors: int
    first: tuple[str, ...]
    other: str  # what counts in its place, if anything


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyRow:
    """An agency in the overview: KPIs met of those judged, by perspective."""

    name: str
    edition: str
    state: str
    year: str  # its data year, where it is another one
    cells: tuple[Met, ...]
    tally: TallyView
    rate: str  # its weighted achievement rate, where it has weights


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemRow:
    """Something to be said of the collection."""

    file: str
    place: str
    code: str
    text: str


def refused_rows(rolled: RollUp) -> Iterator[RefusedRow]:
    """One for each workbook with errors."""
    for agency in rolled.agencies:
        for handed in agency.refused:
            errors = [each for each in handed.problems if each.severity is Severity.ERROR]
            yield RefusedRow(
                agency=agency.name,
                workbook=handed.workbook.rpartition("/")[2],
                errors=count(handed.problems, Severity.ERROR),
                first=tuple(_told(each) for each in errors[:2]),
                other=f"改採 {agency.card.edition}" if agency.card else "",
            )


def agency_rows(
    rolled: RollUp, groups: Sequence[PerspectiveGroup], has_others: bool
) -> Iterator[AgencyRow]:
    """One for each agency that counts, with a cell for each group and for all others."""
    members: dict[str, list[Standing]] = {}
    columns: dict[tuple[str, int], list[Standing]] = {}
    for each in rolled.standings:
        members.setdefault(each.agency.key, []).append(each)
    grouped = [*(each.standings for each in groups)]
    known = {group.key for group in groups}
    grouped.append(
        tuple(e for group in rolled.perspectives if group.key not in known for e in group.standings)
    )
    for place, standings in enumerate(grouped):
        for each in standings:
            columns.setdefault((each.agency.key, place), []).append(each)
    for agency in rolled.counted:
        assert agency.card is not None
        year = agency.card.data_year
        yield AgencyRow(
            name=agency.name,
            edition=agency.card.edition,
            state=agency.state.value,
            year="" if year == rolled.year else f"{year}年",
            cells=tuple(
                _judged(columns.get((agency.key, place), ()))
                for place in range(len(groups) + has_others)
            ),
            tally=tally_view(tally(members.get(agency.key, ()))),
            rate=_weighted(agency, rolled.year),
        )


def _judged(standings: Sequence[Standing]) -> Met:
    found = tally(standings)
    rest = found.total - found.judged
    return Met(total=found.total, met=found.met, judged=found.judged, rest=rest)


def _weighted(agency: Agency, year: int | None) -> str:
    assert agency.results is not None
    for each in agency.results.roll_ups:
        if each.level is Level.WHOLE and each.year == year:
            return each.rate.text
    return ""


def _told(problem: Problem) -> str:
    """Return where and what; a file's digest is for those who look into it."""
    return _DIGEST.sub("", f"{_place(problem)} {problem.message()}".strip())


def _place(problem: Problem) -> str:
    """Sheet and cell, without the file, which is told beside it."""
    return replace(problem.where, file="").text()


def problem_rows(rolled: RollUp) -> Iterator[ProblemRow]:
    """One row for what several workbooks are told alike."""
    alike: dict[tuple[str, str], list[Problem]] = {}
    for each in rolled.problems:
        alike.setdefault((each.code, f"{each.message()}{each.fix()}"), []).append(each)
    for (code, text), (first, *others) in alike.items():
        place = _place(first)
        file = first.where.file.rpartition("/")[2]
        yield ProblemRow(
            file=f"{file} 等 {1 + len(others)} 份" if others else file,
            place=f"{place} 等" if others and place else place,
            code=code,
            text=text,
        )


__all__ = [
    "AgencyRow",
    "Met",
    "ProblemRow",
    "RefusedRow",
    "agency_rows",
    "problem_rows",
    "refused_rows",
]
