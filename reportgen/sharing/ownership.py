"""Which unit fills in which row of 年度資料, and writes on which KPI.

A row belongs to its 填報單位, if that column is filled; else to the 承辦單位 of the first KPI, in
the order of the workbook, whose formula reads it. The words on a KPI belong to its 承辦單位. Of
several units in one cell the first counts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from reportgen.compute import compute
from reportgen.problems import Location, has_errors, make_problem
from reportgen.text.name_matching import name_key
from reportgen.workbook.schema.cell_refs import parse_cell_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from reportgen.compute.result_types import KpiResult, Results
    from reportgen.model.scorecard import Figure, Kpi, Scorecard
    from reportgen.problems import Problem

_SEPARATORS: Final = re.compile(r"[、,，;；/／\n]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnedFigure:
    """A row of 年度資料, the KPIs that use it, and its unit (empty: nobody is asked)."""

    figure: Figure
    kpis: tuple[Kpi, ...]
    owner: str


def assign_owners(scorecard: Scorecard) -> tuple[tuple[OwnedFigure, ...], tuple[Problem, ...]]:
    """Return every row with its unit, in the order of 年度資料, and what should be settled.

    W701 if units share a row, W702, once, for rows without a unit. An error in a formula
    is among them, as it is unknown then which rows the KPI needs.
    """
    results, formula_problems = compute(scorecard)
    kpis_by_row = _kpis_by_row(results)
    names: dict[str, str] = {}  # each unit as it is written first
    owned = []
    problems = [problem for problem in formula_problems if has_errors([problem])]
    for figure in scorecard.figures:
        kpis = kpis_by_row.get(_row_number(figure.at.cell), ())
        units = {name_key(unit): unit for kpi in kpis if (unit := first_unit(kpi.owner.text))}
        provider = first_unit(figure.provider.text) if figure.provider else ""
        owner = provider or next(iter(units.values()), "")
        owner = names.setdefault(name_key(owner), owner)
        owned.append(OwnedFigure(figure=figure, kpis=kpis, owner=owner))
        if not provider and len(units) > 1:
            location = Location(sheet=figure.at.sheet, cell=figure.at.cell)
            fields = {"item": figure.item.text, "found": "、".join(units.values())}
            problems.append(make_problem("W701", location, **fields, owner=owner))
    unowned = [row.figure for row in owned if not row.owner]
    if unowned:
        location = Location(sheet=unowned[0].at.sheet, cell=unowned[0].at.cell)
        cells = "、".join(figure.at.cell for figure in unowned)
        problems.append(make_problem("W702", location, found=len(unowned), cells=cells))
    return tuple(owned), tuple(problems)


def assign_words(
    scorecard: Scorecard, owned: Iterable[OwnedFigure]
) -> tuple[dict[str, str], tuple[Problem, ...]]:
    """Return the unit that writes on each KPI, by code in the workbook's order; empty for none.

    A unit is named as ``owned`` names it, if it has figures, too. W715, once, for KPIs without one.
    """
    names = {name_key(row.owner): row.owner for row in owned}
    units = {kpi.code: first_unit(kpi.owner.text) for kpi in scorecard.kpis}
    owners = {code: names.setdefault(name_key(unit), unit) for code, unit in units.items()}
    unowned = [kpi for kpi in scorecard.kpis if not owners[kpi.code]]
    if not unowned:
        return owners, ()
    location = Location(sheet=unowned[0].owner.at.sheet, cell=unowned[0].owner.at.cell)
    codes = "、".join(kpi.code for kpi in unowned)
    return owners, (make_problem("W715", location, found=len(unowned), codes=codes),)


def first_unit(text: str) -> str:
    """Return the first of the units that a cell names: 教務組 of 教務組、學務組."""
    return next((unit.strip() for unit in _SEPARATORS.split(text) if unit.strip()), "")


def _kpis_by_row(results: Results) -> Mapping[int, tuple[Kpi, ...]]:
    """Return the KPIs that read each row of 年度資料, by the row's number."""
    kpis: dict[int, tuple[Kpi, ...]] = {}
    for result in results.kpis:
        for row in dict.fromkeys(_rows_read(result)):
            kpis[row] = (*kpis.get(row, ()), result.kpi)
    return kpis


def _rows_read(result: KpiResult) -> Iterator[int]:
    """Yield the number of each row that a KPI reads in any year."""
    for year in result.years:
        for evidence in year.outcome.evidence:
            yield from (_row_number(part.at.cell) for part in evidence.parts)
        yield from (_row_number(gap.at.cell) for gap in year.outcome.gaps)


def _row_number(cell: str) -> int:
    """Return the row of a cell name."""
    return parse_cell_name(cell)[0]
