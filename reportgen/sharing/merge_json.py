"""What merging changes, and what units have delivered, as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reportgen.sharing.delivery_status import UnitStatus
    from reportgen.sharing.merge_schema import MergedChange, UnitDelivery
    from reportgen.sharing.part_merging import Change


def change_as_json(change: Change) -> MergedChange:
    """Return a change as JSON; contents are texts."""
    row, part = change.returned.row, change.part
    return {
        "sheet": change.target.at.sheet,
        "cell": change.target.at.cell,
        "item": row.item,
        "component": row.component,
        "column": change.returned.heading,
        "was": change.was,
        "now": change.content,
        "owner": part.owner,
        "signed_by": part.signed_by,
        "signed_on": part.signed_on,
        "part": part.file,
        "part_cell": change.location.cell,
    }


def status_as_json(status: UnitStatus) -> UnitDelivery:
    """Return the state of a unit as JSON."""
    return {
        "owner": status.owner,
        "delivery": status.delivery.value,
        "rows": status.row_count,
        "parts": [
            {"file": part.file, "signed_by": part.signed_by, "signed_on": part.signed_on}
            for part in status.parts
        ],
        "blank": [
            {
                "sheet": cell.at.sheet,
                "cell": cell.at.cell,
                "item": cell.item,
                "component": cell.component,
            }
            for cell in status.blank
        ],
    }
