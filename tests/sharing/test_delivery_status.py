"""The state of each unit: what has come of it, and what it still owes."""

from __future__ import annotations

import pytest

from reportgen.sharing.delivery_status import Delivery, unit_statuses
from reportgen.sharing.part_merging import merge_parts
from tests.factories.owner_parts import edited, edition, filled, returned
from tests.sharing.test_conflicts import PRIZES, SCHOOLS, TYPES, blank_part, set_cell, start


@pytest.mark.parametrize(
    ("contents", "delivery", "blank"),
    [
        (None, Delivery.MISSING, ["F5", "F10"]),
        ({}, Delivery.INCOMPLETE, ["F5", "F10"]),  # signed as it is
        ({PRIZES: {"105": 17}}, Delivery.INCOMPLETE, ["F5"]),
        ({PRIZES: {"105": 17}, TYPES: {"105": "…"}}, Delivery.DELIVERED, []),
    ],
)
def test_a_unit_has_delivered_once_nothing_is_blank(
    contents: dict[str, dict[str, object]] | None, delivery: Delivery, blank: list[str]
) -> None:
    shared = edition(start())
    parts = [] if contents is None else [returned(filled(blank_part(), contents))]
    merge = merge_parts(shared, parts)
    statuses = {
        status.owner: status for status in unit_statuses(shared, merge.parts, merge.changes)
    }
    status = statuses["研究組"]
    assert status.delivery is delivery
    assert [cell.at.cell for cell in status.blank] == blank
    assert status.row_count == 3
    assert statuses["教務組"].delivery is Delivery.MISSING


def test_a_unit_without_a_part_may_be_done() -> None:
    content = edited(edited(start(), set_cell("年度資料", "F5", 1)), set_cell("年度資料", "F10", 2))
    shared = edition(content)
    status = next(status for status in unit_statuses(shared, (), ()) if status.owner == "研究組")
    assert status.delivery is Delivery.FILLED
    assert SCHOOLS not in {cell.item for cell in status.blank}
