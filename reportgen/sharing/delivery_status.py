"""Which units have delivered, and what is still blank."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from reportgen.compute import compute
from reportgen.sharing.ownership import assign_owners, assign_words
from reportgen.sharing.shared_edition import shared_cell
from reportgen.text.name_matching import name_key
from reportgen.views.review_view import MEASURES, PROGRESS, SHORTFALL

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from reportgen.model.scorecard import CellRef, Scorecard
    from reportgen.sharing.ownership import OwnedFigure
    from reportgen.sharing.part_merging import Change
    from reportgen.sharing.shared_edition import SharedEdition
    from reportgen.workbook.parts.part_reader import ReturnedPart


class Delivery(Enum):
    """The state of a unit; the names are those of the JSON."""

    MISSING = "missing"  # no part among those given, and cells are blank
    INCOMPLETE = "incomplete"  # a part, but cells are still blank
    DELIVERED = "delivered"
    FILLED = "filled"  # no part among those given, but no cell is blank


@dataclass(frozen=True, slots=True, kw_only=True)
class BlankCell:
    """A figure of the data year, or words, that are still blank in the edition.

    Of words ``item`` is the KPI's code, and ``component`` the column.
    """

    item: str
    component: str
    at: CellRef


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitStatus:
    """A unit, its parts, and the figures and words that it still owes."""

    owner: str
    row_count: int
    parts: tuple[ReturnedPart, ...]
    blank: tuple[BlankCell, ...]

    @property
    def delivery(self) -> Delivery:
        """What has come of the unit."""
        if self.parts:
            return Delivery.INCOMPLETE if self.blank else Delivery.DELIVERED
        return Delivery.MISSING if self.blank else Delivery.FILLED


def unit_statuses(
    edition: SharedEdition,
    parts: Sequence[ReturnedPart],
    changes: Sequence[Change],
    missed: Collection[str] = (),
) -> tuple[UnitStatus, ...]:
    """Return the state of each unit once the changes are in the edition, in order of their rows.

    ``missed`` are the codes of the KPIs that are missed then, and need reasons. The unit without a
    name has the rows that nobody is asked for.
    """
    filled = {change.target.at for change in changes}
    owned_figures = assign_owners(edition.scorecard)[0]
    rows: dict[str, list[OwnedFigure]] = {}
    for owned in owned_figures:
        rows.setdefault(owned.owner, []).append(owned)
    kpis: dict[str, list[str]] = {}
    if edition.word_headings:
        for code, owner in assign_words(edition.scorecard, owned_figures)[0].items():
            kpis.setdefault(owner, []).append(code)
    statuses = []
    for owner in dict.fromkeys((*rows, *kpis)):
        owned_rows, owned_kpis = rows.get(owner, []), kpis.get(owner, [])
        blank = (_blank_cell(edition, owned, filled) for owned in owned_rows)
        blank_words = (
            cell
            for code in owned_kpis
            for cell in _blank_words(edition, code, filled, is_missed=code in missed)
        )
        statuses.append(
            UnitStatus(
                owner=owner,
                row_count=len(owned_rows) + len(owned_kpis),
                parts=tuple(part for part in parts if name_key(part.owner) == name_key(owner)),
                blank=(*(cell for cell in blank if cell is not None), *blank_words),
            )
        )
    return tuple(statuses)


def missed_kpis(scorecard: Scorecard) -> frozenset[str]:
    """Return the codes of the KPIs that have missed their target in the data year."""
    results, _ = compute(scorecard)
    return frozenset(
        result.kpi.code
        for result in results.kpis
        if (kpi_year := result.of(scorecard.data_year)) and kpi_year.achieved is False
    )


def _blank_words(
    edition: SharedEdition, code: str, filled: set[CellRef], *, is_missed: bool
) -> Iterator[BlankCell]:
    """Yield the cells of words on a KPI that are wanted and blank."""
    for heading in (PROGRESS, *((SHORTFALL, MEASURES) if is_missed else ())):
        cell = edition.cell((name_key(code),), heading)
        if cell is None or cell.at in filled or shared_cell(cell, is_figure=False).content:
            continue
        yield BlankCell(item=code, component=heading, at=cell.at)


def _blank_cell(
    edition: SharedEdition, owned: OwnedFigure, filled: set[CellRef]
) -> BlankCell | None:
    """Return the cell of a row's data year if it is blank; None if it is not."""
    figure = owned.figure
    key = name_key(figure.item.text), name_key(figure.component.text)
    cell = edition.cell(key, str(edition.scorecard.data_year))
    if cell is None or cell.at in filled or shared_cell(cell, is_figure=True).content:
        return None
    return BlankCell(item=figure.item.text, component=figure.component.text, at=cell.at)
