"""An edition as parts: one for each unit that fills in rows of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.sharing.ownership import assign_owners
from reportgen.sharing.shared_edition import shared_cell
from reportgen.text.name_matching import name_key
from reportgen.workbook.parts.owner_part import OwnerPart, PartKpi, PartRow, SharedCell

if TYPE_CHECKING:
    from reportgen.model.scorecard import Kpi
    from reportgen.problems import Problem
    from reportgen.sharing.ownership import OwnedFigure
    from reportgen.sharing.shared_edition import SharedEdition


def share_edition(
    edition: SharedEdition, due: str = ""
) -> tuple[tuple[OwnerPart, ...], tuple[Problem, ...]]:
    """Return a part for each unit, in the order of their first rows, and problems of ownership.

    ``due`` is the date by which they are wanted, as it is to be shown.
    """
    owned, problems = assign_owners(edition.scorecard)
    by_unit: dict[str, list[OwnedFigure]] = {}
    for row in owned:
        if row.owner:
            by_unit.setdefault(row.owner, []).append(row)
    parts = tuple(_part(edition, unit, rows, due) for unit, rows in by_unit.items())
    return parts, problems


def _part(edition: SharedEdition, unit: str, rows: list[OwnedFigure], due: str) -> OwnerPart:
    """Return the part of one unit."""
    scorecard = edition.scorecard
    used = {kpi.code: kpi for row in rows for kpi in row.kpis}
    return OwnerPart(
        agency=scorecard.agency.text,
        title=scorecard.title.text,
        edition=scorecard.edition,
        data_year=scorecard.data_year,
        owner=unit,
        due=due,
        kpis=tuple(_part_kpi(edition, kpi) for kpi in scorecard.kpis if kpi.code in used),
        rows=tuple(_part_row(edition, row) for row in rows),
    )


def _part_kpi(edition: SharedEdition, kpi: Kpi) -> PartKpi:
    """Return a KPI as units see it."""
    goals = (
        target.goal.text
        for target in edition.scorecard.targets
        if target.kpi == kpi.code and target.year == edition.scorecard.data_year
    )
    return PartKpi(
        code=kpi.code, name=kpi.name.text, formula=kpi.formula.text, target=next(goals, "")
    )


def _part_row(edition: SharedEdition, owned: OwnedFigure) -> PartRow:
    """Return a row as it is shared."""
    figure = owned.figure
    row = edition.rows[name_key(figure.item.text), name_key(figure.component.text)]
    previous_year = str(edition.scorecard.data_year - 1)
    previous = shared_cell(edition.cell(row, previous_year), is_figure=True)
    open_cells = {}
    for heading in edition.open_headings:
        cell = edition.cell(row, heading)
        if cell is not None:
            shared = shared_cell(cell, is_figure=heading.isdecimal())
            if heading.isdecimal() and not shared.content and previous.is_percentage:
                shared = SharedCell(content="", is_percentage=True)
            open_cells[heading] = shared
    return PartRow(
        item=figure.item.text,
        component=figure.component.text,
        unit=figure.unit.text,
        kpis=tuple(kpi.code for kpi in owned.kpis),
        previous=previous,
        open_cells=open_cells,
    )
