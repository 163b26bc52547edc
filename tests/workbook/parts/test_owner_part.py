"""The record of a part: what was shared, or an error if anything of it was altered."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import pytest

from reportgen.workbook.parts.owner_part import RecordError, parse_record, record_lines
from tests.workbook.parts.test_part_writer import PART

if TYPE_CHECKING:
    from collections.abc import Callable


def signed(records: list[Any]) -> list[str]:
    """The lines of records, with the digest that fits."""
    lines = [json.dumps(record) for record in records]
    digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    return [*lines, json.dumps({"sha256": digest})]


def records() -> list[Any]:
    return [json.loads(line) for line in record_lines(PART)[:-1]]


def test_it_is_what_was_shared() -> None:
    lines = record_lines(PART)
    assert parse_record(lines) == PART
    assert parse_record(signed(records())) == PART
    assert all(line.isascii() and "  " not in line and "_x" not in line for line in lines)


@pytest.mark.parametrize("number", range(len(record_lines(PART))))
def test_no_line_can_be_left_out_or_changed(number: int) -> None:
    lines = record_lines(PART)
    with pytest.raises(RecordError):
        parse_record([*lines[:number], *lines[number + 1 :]])
    with pytest.raises(RecordError):
        parse_record(
            [*lines[:number], lines[number].replace("1", "2", 1) + " ", *lines[number + 1 :]]
        )
    with pytest.raises(RecordError):
        parse_record([*lines[:number], "", *lines[number:]])


def with_head(**fields: object) -> Callable[[list[Any]], None]:
    return lambda found: found[0].update(fields)


def with_row(**fields: object) -> Callable[[list[Any]], None]:
    return lambda found: found[-1]["row"].update(fields)


@pytest.mark.parametrize(
    "change",
    [
        with_head(schema="reportgen.part/2"),
        with_head(data_year="105"),
        with_head(data_year=True),
        with_head(owner=None),
        with_head(more=1),
        lambda found: found[0].pop("edition"),
        lambda found: found.__setitem__(0, []),
        lambda found: found.append({"row": {}}),
        lambda found: found.append({"row": None}),
        lambda found: found.append(3),
        lambda found: found[1]["kpi"].update(name=7),
        with_row(item=7),
        with_row(kpis=[7]),
        with_row(kpis=None),
        with_row(previous={"content": 7, "is_percentage": False}),
        with_row(open_cells={"106": {"content": "", "is_percentage": False}}),
        with_row(open_cells={"105": {"content": ""}}),
        with_row(open_cells=[]),
    ],
)
def test_other_forms_are_refused(change: Callable[[list[Any]], object]) -> None:
    """Even with a digest that fits."""
    found = records()
    change(found)
    with pytest.raises(RecordError):
        parse_record(signed(found))


def test_nothing_at_all_is_refused() -> None:
    for lines in ([], [""], ["{}"], signed([]), ["[" * 5000]):
        with pytest.raises(RecordError):
            parse_record(lines)
