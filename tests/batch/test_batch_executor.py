"""Workers that die, hang or fail: each costs its own order and no other."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from reportgen.batch import batch_executor
from reportgen.batch.batch_executor import BatchExecutor
from reportgen.batch.tasks import BuildOptions, Status, Task, TaskResult
from reportgen.processes import resource_limits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="kills processes as Unix does")
STYLE = BuildOptions()


def told(order: Task) -> TaskResult:
    """What the order's name says is to happen."""
    if order.name.startswith("dies"):
        os.kill(os.getpid(), signal.SIGKILL)
    if order.name.startswith("hangs"):
        with resource_limits.task_deadline(0.5, lambda seconds: None):
            while True:
                time.sleep(10)
    if order.name.startswith("fails"):
        raise ValueError(order.name)
    if order.name.startswith("slow"):
        time.sleep(0.3)
    return TaskResult(status=Status.MADE, problems=(), files={order.name: b"made"})


def plain(jobs: int) -> BatchExecutor:
    """Processes that need not be warm."""
    return BatchExecutor(batch_executor.open_local_executor(jobs).executor, jobs, told)


def outcomes(names: list[str], open_team: Callable[[], BatchExecutor]) -> dict[str, TaskResult]:
    orders = ((name, Task(name=name, content=b"", options=STYLE)) for name in names)
    found = list(batch_executor.run_batch(orders, open_team))
    assert len(found) == len(dict(found))  # none twice
    return dict(found)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("names", "culprits"),
    [
        (["a", "b", "c", "d", "e"], []),
        (["dies"], ["dies"]),
        (["slow1", "dies", "slow2", "a", "b"], ["dies"]),
        (["a", "dies1", "b", "dies2", "dies3", "c"], ["dies1", "dies2", "dies3"]),
        (["a", "hangs", "b", "c"], ["hangs"]),
        ([], []),
    ],
)
def test_who_ends_its_worker_is_found_and_all_others_are_made(
    names: list[str], culprits: list[str]
) -> None:
    found = outcomes(names, lambda: plain(2))
    assert set(found) == set(names)
    assert [name for name in names if found[name].status is Status.FAILED] == culprits
    for name in culprits:
        assert [each.code for each in found[name].problems] == ["E510"]
    for name in set(names) - set(culprits):
        assert found[name].files == {name: b"made"}


def test_for_no_order_there_is_no_team() -> None:
    def none() -> BatchExecutor:
        raise AssertionError

    assert outcomes([], none) == {}


def test_orders_are_found_while_the_team_gets_ready() -> None:
    """Not one by one, each when the one before it is handed out."""
    seen: list[str] = []

    def orders() -> Iterator[tuple[int, Task]]:
        for number in range(4):
            seen.append(f"found {number}")
            yield number, Task(name=str(number), content=b"", options=STYLE)

    def made(order: Task) -> TaskResult:
        seen.append(f"made {order.name}")
        return TaskResult(status=Status.MADE, problems=())

    def threads() -> BatchExecutor:
        seen.append("team")
        return BatchExecutor(ThreadPoolExecutor(1), 3, made)

    assert len(list(batch_executor.run_batch(orders(), threads))) == 4
    assert seen[:4] == ["found 0", "team", "found 1", "found 2"]


def test_what_else_is_to_be_done_is_done_while_outcomes_are_waited_for() -> None:
    """Little by little: an outcome that is there waits for one piece of it at the most."""
    seen: list[str] = []
    begun = threading.Event()

    def made(order: Task) -> TaskResult:
        assert begun.wait(20)
        return TaskResult(status=Status.MADE, problems=())

    def meanwhile() -> bool:
        seen.append("a piece")
        if len(seen) == 3:
            begun.set()
        time.sleep(0.05)
        return len(seen) < 1000

    orders = [(0, Task(name="a", content=b"", options=STYLE))]
    for _ in batch_executor.run_batch(
        orders, lambda: BatchExecutor(ThreadPoolExecutor(1), 1, made), meanwhile
    ):
        seen.append("outcome")
    assert seen[:3] == ["a piece"] * 3
    assert seen[-1] == "outcome"
    assert len(seen) < 100


def test_where_nothing_else_is_to_be_done_outcomes_are_waited_for() -> None:
    asked: list[int] = []

    def meanwhile() -> bool:
        asked.append(1)
        return False

    def made(order: Task) -> TaskResult:
        time.sleep(0.2)
        return TaskResult(status=Status.MADE, problems=())

    orders = [(0, Task(name="a", content=b"", options=STYLE))]
    team = BatchExecutor(ThreadPoolExecutor(1), 1, made)
    assert len(list(batch_executor.run_batch(orders, lambda: team, meanwhile))) == 1
    assert asked == [1]


def test_a_fault_is_a_row() -> None:
    executors: list[ThreadPoolExecutor] = []

    def threads() -> BatchExecutor:
        executors.append(ThreadPoolExecutor(2))
        return BatchExecutor(executors[-1], 2, told)

    found = outcomes(["a", "fails", "b"], threads)
    assert len(executors) == 1
    assert found["fails"].status is Status.FAILED
    assert dict(found["fails"].problems[0].fields) == {"found": "ValueError: fails"}
    assert found["a"].status is found["b"].status is Status.MADE


def test_so_many_orders_are_out_at_once_and_no_more() -> None:
    asked: list[str] = []
    made: list[int] = []

    def seen(order: Task) -> TaskResult:
        made.append(len(asked))
        return told(order)

    def orders() -> Iterator[tuple[int, Task]]:
        for number in range(20):
            asked.append(str(number))
            yield number, Task(name=str(number), content=b"", options=STYLE)

    out = 0
    for _ in batch_executor.run_batch(
        orders(), lambda: BatchExecutor(ThreadPoolExecutor(3), 3, seen)
    ):
        out += 1
        assert len(asked) - out <= 3
    assert out == 20


@pytest.mark.slow
def test_no_process_outlives_who_gave_the_orders(tmp_path: Path) -> None:
    """It is killed, and can tell nobody; its processes hold its standard output."""
    program = (
        "from tests.batch.test_batch_executor import STYLE, plain\n"
        "from reportgen.batch.tasks import Task\n"
        "if __name__ == '__main__':\n"
        "    team = plain(1)\n"
        "    team.submit(Task(name='a', content=b'', options=STYLE)).result()\n"
        "    print('begun', flush=True)\n"
        "    team.submit(Task(name='slow', content=b'', options=STYLE)).result()\n"
        "    input()\n"
    )
    place = tmp_path / "orders.py"
    place.write_text(program, "utf-8")
    root = Path(__file__).parents[2]
    with subprocess.Popen(
        [sys.executable, str(place)],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == b"begun\n"
        running.kill()
        running.communicate(timeout=60)  # until nobody holds it any more


def test_who_stops_listening_leaves_no_process() -> None:
    orders = ((name, Task(name=name, content=b"", options=STYLE)) for name in ("a", "hangs", "b"))
    running = batch_executor.run_batch(orders, lambda: plain(2))
    next(running)
    begun = time.monotonic()
    running.close()  # type: ignore[attr-defined]
    assert time.monotonic() - begun < 5
