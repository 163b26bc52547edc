"""Which units have delivered, and what is still blank."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from reportgen.sharing.ownership import assign_owners
from reportgen.sharing.shared_edition import shared_cell
from reportgen.text.name_matching import name_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reportgen.model.scorecard import CellRef
    from reportgen.sharing.ownership import OwnedFigure
    from reportgen.sharing.part_merging import Change
    from reportgen.sharing.shared_edition import SharedEdition
    from reportgen.workbook.parts.part_reader import ReturnedPart


class Delivery(Enum):
    """The state of a unit; the names are those of the JSON."""

    MISSING = "missing"  # no part among those given, and figures are blank
    INCOMPLETE = "incomplete"  # a part, but figures are still blank
    DELIVERED = "delivered"
    FILLED = "filled"  # no part among those given, but no figure is blank


@dataclass(frozen=True, slots=True, kw_only=True)
class BlankCell:
    """A figure of the data year that is still blank in the edition."""

    item: str
    component: str
    at: CellRef


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitStatus:
    """A unit, its parts, and the figures that it still owes."""

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
    edition: SharedEdition, parts: Sequence[ReturnedPart], changes: Sequence[Change]
) -> tuple[UnitStatus, ...]:
    """Return the state of each unit once the changes are in the edition, in order of their rows.

    The unit without a name has the rows that nobody is asked for.
    """
    filled = {change.target.at for change in changes}
    rows: dict[str, list[OwnedFigure]] = {}
    for owned in assign_owners(edition.scorecard)[0]:
        rows.setdefault(owned.owner, []).append(owned)
    statuses = []
    for owner, owned_rows in rows.items():
        blank = (_blank_cell(edition, owned, filled) for owned in owned_rows)
        statuses.append(
            UnitStatus(
                owner=owner,
                row_count=len(owned_rows),
                parts=tuple(part for part in parts if name_key(part.owner) == name_key(owner)),
                blank=tuple(cell for cell in blank if cell is not None),
            )
        )
    return tuple(statuses)


def _blank_cell(
    edition: SharedEdition, owned: OwnedFigure, filled: set[CellRef]
) -> BlankCell | None:
    """Return the cell of a row's data year if it is blank; None if it is not."""
    figure = owned.figure
    row = edition.rows[name_key(figure.item.text), name_key(figure.component.text)]
    cell = edition.cell(row, str(edition.scorecard.data_year))
    if cell is None or cell.at in filled or shared_cell(cell, is_figure=True).content:
        return None
    return BlankCell(item=figure.item.text, component=figure.component.text, at=cell.at)
