"""Outer deadlines are computed from inner ones."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from reportgen.processes import resource_limits
from reportgen.processes.resource_limits import (
    GRACE_S,
    Limits,
    extend_task_deadline,
    forget_task,
    task_deadline,
    task_is_overdue,
)
from reportgen.render.limits import document_limits

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """Set the time by hand: the first element."""
    now = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    yield now
    forget_task()


@pytest.mark.parametrize(
    ("limits", "kill_after"),
    [
        (Limits(seconds=10, memory=1), 10 + 3 * GRACE_S),
        (Limits(seconds=10, memory=1, max_total_seconds=940), 940 + 3 * GRACE_S),
    ],
)
def test_the_parent_kills_after_both_timers_of_the_child(limits: Limits, kill_after: float) -> None:
    assert limits.kill_after == kill_after


def test_more_time_is_more_at_each_limit() -> None:
    limits = Limits(seconds=10, memory=1, max_total_seconds=40)
    assert limits.extended(20) == Limits(seconds=30, memory=1, max_total_seconds=60)
    assert Limits(seconds=10, memory=1).extended(20) == Limits(seconds=30, memory=1)


def test_a_task_outlasts_its_inner_calls_and_then_has_its_own_time_again(
    clock: list[float],
) -> None:
    remaining: list[float] = []
    with task_deadline(300, remaining.append):
        clock[0] += 299
        assert not task_is_overdue()
        extend_task_deadline(946)
        assert remaining == [1246]
        clock[0] += 1245
        assert not task_is_overdue()
        clock[0] += 2
        assert task_is_overdue()
    assert not task_is_overdue()


def test_a_shorter_inner_call_takes_no_time_away(clock: list[float]) -> None:
    remaining: list[float] = []
    with task_deadline(300, remaining.append):
        extend_task_deadline(900)
        extend_task_deadline(10)
        assert remaining == [1200]
        clock[0] += 1199
        assert not task_is_overdue()


def test_a_long_document_may_take_as_long_outside_as_inside(clock: list[float]) -> None:
    """60,000 characters may take 940 s inside; they were killed after 600 s outside."""
    limits = document_limits({"texts": ["字" * 600] * 100})
    with task_deadline(resource_limits.OWN_WORK_S, lambda seconds: None):
        extend_task_deadline(limits.kill_after)
        clock[0] += limits.kill_after
        assert limits.kill_after > 900
        assert not task_is_overdue()
