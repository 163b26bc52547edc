"""An edition as parts: one for each unit that fills in rows of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.sharing.ownership import assign_owners, assign_words
from reportgen.sharing.shared_edition import shared_cell
from reportgen.text.name_matching import name_key
from reportgen.workbook.parts.owner_part import (
    OwnerPart,
    PartKpi,
    PartRow,
    PartWords,
    SharedCell,
)

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
    kpis_by_unit: dict[str, list[Kpi]] = {}
    if edition.word_headings:
        owners, word_problems = assign_words(edition.scorecard, owned)
        problems += word_problems
        for kpi in edition.scorecard.kpis:
            if owners[kpi.code]:
                kpis_by_unit.setdefault(owners[kpi.code], []).append(kpi)
    parts = tuple(
        _part(edition, unit, by_unit.get(unit, []), kpis_by_unit.get(unit, []), due)
        for unit in dict.fromkeys((*by_unit, *kpis_by_unit))
    )
    return parts, problems


def _part(
    edition: SharedEdition, unit: str, rows: list[OwnedFigure], kpis: list[Kpi], due: str
) -> OwnerPart:
    """Return the part of one unit: its rows of figures, and the KPIs that it writes on."""
    scorecard = edition.scorecard
    used = {kpi.code for row in rows for kpi in row.kpis} | {kpi.code for kpi in kpis}
    return OwnerPart(
        agency=scorecard.agency.text,
        title=scorecard.title.text,
        edition=scorecard.edition,
        data_year=scorecard.data_year,
        owner=unit,
        due=due,
        kpis=tuple(_part_kpi(edition, kpi) for kpi in scorecard.kpis if kpi.code in used),
        rows=tuple(_part_row(edition, row) for row in rows),
        words=tuple(_part_words(edition, kpi) for kpi in kpis),
    )


def _part_kpi(edition: SharedEdition, kpi: Kpi) -> PartKpi:
    """Return a KPI as units see it."""
    return PartKpi(
        code=kpi.code,
        name=kpi.name.text,
        formula=kpi.formula.text,
        target=_target_text(edition, kpi),
    )


def _target_text(edition: SharedEdition, kpi: Kpi) -> str:
    """Return a KPI's target of the data year as it is written; empty for none."""
    goals = (
        target.goal.text
        for target in edition.scorecard.targets
        if target.kpi == kpi.code and target.year == edition.scorecard.data_year
    )
    return next(goals, "")


def _part_words(edition: SharedEdition, kpi: Kpi) -> PartWords:
    """Return the words on a KPI as they are shared."""
    key = (name_key(kpi.code),)
    return PartWords(
        code=kpi.code,
        name=kpi.name.text,
        target=_target_text(edition, kpi),
        open_cells={
            heading: shared_cell(edition.cell(key, heading), is_figure=False)
            for heading in edition.word_headings
        },
    )


def _part_row(edition: SharedEdition, owned: OwnedFigure) -> PartRow:
    """Return a row as it is shared."""
    figure = owned.figure
    key = name_key(figure.item.text), name_key(figure.component.text)
    previous_year = str(edition.scorecard.data_year - 1)
    previous = shared_cell(edition.cell(key, previous_year), is_figure=True)
    open_cells = {}
    for heading in edition.open_headings:
        cell = edition.cell(key, heading)
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
