"""The ROC calendar, and values that cannot be changed."""

from __future__ import annotations

import dataclasses
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.model.scorecard import CellRef, RocDate, Text


@pytest.mark.parametrize(
    ("roc", "day", "edition", "printed"),
    [
        (RocDate(105, 12, 25), date(2016, 12, 25), "105-12-25", "105年12月25日"),
        (RocDate(106, 3, 29), date(2017, 3, 29), "106-03-29", "106年3月29日"),
        (RocDate(1, 1, 1), date(1912, 1, 1), "001-01-01", "1年1月1日"),
        (RocDate(99, 2, 1), date(2010, 2, 1), "099-02-01", "99年2月1日"),
        (RocDate(113, 2, 29), date(2024, 2, 29), "113-02-29", "113年2月29日"),
        (RocDate(999, 12, 31), date(2910, 12, 31), "999-12-31", "999年12月31日"),
    ],
)
def test_roc_date(roc: RocDate, day: date, edition: str, printed: str) -> None:
    assert roc.to_date() == day
    assert RocDate.from_date(day) == roc
    assert roc.edition == edition
    assert roc.printed == printed


@pytest.mark.parametrize(
    ("year", "month", "day", "reason"),
    [
        (0, 1, 1, "outside 1-999"),
        (1000, 1, 1, "outside 1-999"),
        (-1, 1, 1, "outside 1-999"),
        (105, 13, 1, "month must be in 1..12"),
        (105, 2, 30, "day is out of range"),
        (106, 2, 29, "day is out of range"),
    ],
)
def test_day_that_does_not_exist(year: int, month: int, day: int, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        RocDate(year, month, day)


@pytest.mark.parametrize("day", [date(1911, 12, 31), date(2911, 1, 1)])
def test_day_outside_the_calendar(day: date) -> None:
    with pytest.raises(ValueError, match="outside 1-999"):
        RocDate.from_date(day)


@given(*[st.dates(date(1912, 1, 1), date(2910, 12, 31))] * 2)
def test_editions_sort_as_days_do(one: date, other: date) -> None:
    first, second = RocDate.from_date(one), RocDate.from_date(other)
    assert (first < second) == (one < other) == (first.edition < second.edition)
    assert (first.to_date(), second.to_date()) == (one, other)


def test_values_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        RocDate(105, 12, 25).year = 106  # type: ignore[misc]


def test_text_is_its_content_and_knows_its_cell() -> None:
    at = CellRef(sheet="年度資料", cell="E5")
    assert str(at) == "年度資料!E5"
    assert str(Text(text=" 甲 ", at=at)) == " 甲 "
    assert bool(Text(text="0", at=at))
    assert not Text(text="", at=at)
