"""Workers beside the server: what they answer, and how they end."""

from __future__ import annotations

import multiprocessing
import os
import signal
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from reportgen.processes import worker_pool
from reportgen.processes.call_errors import EndReason
from reportgen.processes.resource_limits import task_deadline
from reportgen.processes.worker_pool import Task, WorkerPool

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def nothing() -> None:
    """Prepare nothing."""


def doubled(tell: Callable[[Any], None], number: int) -> int:
    tell(f"doubling {number}")
    return 2 * number


def raising(tell: Callable[[Any], None]) -> None:
    raise ValueError("odd")


def endless(tell: Callable[[Any], None], place: Path) -> None:
    """Starts a child that would go on for ever, as it does itself."""
    child = os.fork()
    if not child:
        time.sleep(1000)
    whole = place.with_suffix(".whole")
    whole.write_text(f"{os.getpid()} {child}", "ascii")
    whole.rename(place)
    while True:
        pass


def noting(tell: Callable[[Any], None], order: Path, name: str) -> int:
    with order.open("a") as stream:
        stream.write(f"{name} ")
    return 0


def process(tell: Callable[[Any], None]) -> int:
    return os.getpid()


def littering(tell: Callable[[Any], None]) -> Path:
    return Path(tempfile.mkdtemp())


def dying(tell: Callable[[Any], None]) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def sleeping(tell: Callable[[Any], None], tries: Path) -> None:
    (tries / str(os.getpid())).touch()
    time.sleep(1000)


def dying_once(tell: Callable[[Any], None], mark: Path) -> int:
    if not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return 1


def lambda_result(tell: Callable[[Any], None]) -> Any:
    return lambda: None


class UnreadableResult:
    """A result that can be pickled and not unpickled."""

    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return _raise_lookup_error, ("no such class",)


def _raise_lookup_error(message: str) -> None:
    raise LookupError(message)


def unreadable_result(tell: Callable[[Any], None]) -> UnreadableResult:
    return UnreadableResult()


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("scratch")


@pytest.fixture(scope="module")
def pool(scratch: Path) -> Iterator[WorkerPool]:
    made = WorkerPool(1, nothing, name="test", scratch=scratch)
    yield made
    made.close()
    assert list(scratch.iterdir()) == []


class Asked:
    """A task, and what has become of it."""

    def __init__(
        self,
        pool: WorkerPool,
        function: Any,
        *given: Any,
        seconds: float = 20.0,
        max_tries: int = 1,
        group: str = "",
        is_long: bool = False,
    ) -> None:
        self.pool = pool
        self.news: list[Any] = []
        self.ahead: list[int] = []
        self.over = threading.Event()
        self.task = Task(
            function,
            given,
            self._heard,
            self._failed,
            self.ahead.append,
            seconds,
            max_tries,
            group,
            is_long,
        )
        self.taken = pool.submit(self.task)

    def _heard(self, news: Any) -> None:
        self.news.append(news)
        if not isinstance(news, str):
            self.over.set()

    def _failed(self, error: Exception) -> None:
        self.news.append(error)
        self.over.set()

    def answer(self) -> Any:
        assert self.over.wait(30), self.news
        return self.news[-1]


def is_alive(number: int) -> bool:
    try:
        os.kill(number, 0)
        stat = Path(f"/proc/{number}/stat").read_text("ascii")
    except (ProcessLookupError, FileNotFoundError):
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def until(holds: Callable[[], Any], seconds: float = 20.0) -> Any:
    end = time.monotonic() + seconds
    while not (found := holds()) and time.monotonic() < end:
        time.sleep(0.01)
    assert found
    return found


def test_a_worker_tells_and_answers_and_stays(pool: WorkerPool) -> None:
    first = Asked(pool, doubled, 4)
    assert first.answer() == 8
    assert first.news == ["doubling 4", 8]
    assert Asked(pool, process).answer() == Asked(pool, process).answer() != os.getpid()


def test_a_fault_is_told_with_its_traceback_and_the_worker_stays(pool: WorkerPool) -> None:
    before = Asked(pool, process).answer()
    error = Asked(pool, raising).answer()
    assert (error.reason, str(error)) == (EndReason.EXCEPTION, "ValueError: odd")
    assert Asked(pool, process).answer() == before


@pytest.mark.parametrize(
    ("function", "arguments", "message"),
    [
        (lambda_result, (), "AttributeError: Can't pickle local object"),
        (unreadable_result, (), "LookupError: no such class"),
        (doubled, (threading.Lock(),), "TypeError: cannot pickle"),
    ],
    ids=["result not picklable", "result not readable", "task not picklable"],
)
def test_what_cannot_cross_the_pipe_fails_its_task_alone(
    pool: WorkerPool, function: Any, arguments: tuple[Any, ...], message: str
) -> None:
    error = Asked(pool, function, *arguments).answer()
    assert error.reason is EndReason.EXCEPTION
    assert str(error).startswith(message)
    assert Asked(pool, doubled, 5).answer() == 10


def test_temporary_files_go_with_their_worker(pool: WorkerPool, scratch: Path) -> None:
    left: Path = Asked(pool, littering).answer()
    assert left.is_dir()
    assert left.parents[1] == scratch
    assert str(Asked(pool, dying).answer()) == "SIGKILL"
    assert Asked(pool, doubled, 1).answer() == 2
    assert not left.exists()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="forks")
def test_what_is_dropped_ends_with_all_its_children_and_tells_no_more(
    pool: WorkerPool, tmp_path: Path
) -> None:
    place = tmp_path / "pids"
    asked = Asked(pool, endless, place)
    worker, child = map(int, until(lambda: place.exists() and place.read_text("ascii")).split())
    assert is_alive(worker)
    assert is_alive(child)
    pool.cancel(asked.task)
    until(lambda: not is_alive(worker) and not is_alive(child))
    assert Asked(pool, doubled, 1).answer() == 2
    assert asked.news == []


def test_what_is_dropped_with_patience_may_end_by_itself(pool: WorkerPool, tmp_path: Path) -> None:
    before = Asked(pool, process).answer()
    asked = Asked(pool, doubled, 3)
    pool.cancel(asked.task, 10)
    assert Asked(pool, process).answer() == before
    place = tmp_path / "pids"
    hanging = Asked(pool, endless, place)
    until(place.exists)
    pool.cancel(hanging.task, 0.1)
    assert Asked(pool, process).answer() != before


def test_what_takes_too_long_is_ended(
    pool: WorkerPool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reportgen.processes.worker_pool.START_TIMEOUT_S", 0.2)
    assert Asked(pool, process).over.wait(30)  # the worker has started
    asked = Asked(pool, endless, tmp_path / "pids", seconds=0.3)
    assert asked.answer().reason is EndReason.TIMEOUT
    assert str(asked.answer()) == "> 0 s"


@pytest.mark.slow
def test_a_task_whose_worker_has_ended_it_as_overdue_is_a_timeout_and_not_tried_again(
    pool: WorkerPool, tmp_path: Path
) -> None:
    """The worker's own watchdog comes before the pool's deadline."""
    tries = tmp_path / "tries"
    tries.mkdir()
    asked = Asked(pool, sleeping, tries, seconds=0.3, max_tries=2)
    error = asked.answer()
    assert error.reason is EndReason.TIMEOUT
    assert len(list(tries.iterdir())) == 1


def test_a_task_whose_worker_dies_is_tried_as_often_as_it_may(
    pool: WorkerPool, tmp_path: Path
) -> None:
    assert str(Asked(pool, dying_once, tmp_path / "a", max_tries=1).answer()) == "SIGKILL"
    assert Asked(pool, dying_once, tmp_path / "b", max_tries=2).answer() == 1


def test_a_worker_that_dies_costs_its_own_task_alone(pool: WorkerPool) -> None:
    dead, next_one = Asked(pool, dying), Asked(pool, doubled, 5)
    assert str(dead.answer()) == "SIGKILL"
    assert next_one.answer() == 10


def test_those_who_wait_are_told_how_many_are_before_them(pool: WorkerPool, tmp_path: Path) -> None:
    place = tmp_path / "pids"
    hanging = Asked(pool, endless, place)
    until(place.exists)
    waiting = [Asked(pool, doubled, number) for number in range(3)]
    assert [each.ahead for each in waiting] == [[1], [2], [3]]
    pool.cancel(hanging.task)
    assert [each.answer() for each in waiting] == [0, 2, 4]
    assert [each.ahead[-1] for each in waiting] == [1, 1, 1]


def test_groups_take_turns_and_long_tasks_let_others_of_their_group_go_first(
    pool: WorkerPool, tmp_path: Path
) -> None:
    place, order = tmp_path / "pids", tmp_path / "order"
    hanging = Asked(pool, endless, place, group="a")
    until(place.exists)
    queued = [("a", True), ("a", True), ("b", True), ("a", False), ("b", False), ("c", False)]
    tasks = [
        Asked(pool, noting, order, f"{group}{number}", group=group, is_long=is_long)
        for number, (group, is_long) in enumerate(queued)
    ]
    pool.cancel(hanging.task)
    for task in tasks:
        task.answer()
    assert order.read_text().split() == ["b4", "c5", "a3", "b2", "a0", "a1"]


def test_a_full_queue_takes_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reportgen.processes.worker_pool.MAX_QUEUED", 1)
    pool = WorkerPool(1, nothing, name="small", scratch=tmp_path)
    place = tmp_path / "pids"
    hanging = Asked(pool, endless, place)
    until(place.exists)
    assert [Asked(pool, doubled, number).taken for number in range(2)] == [True, False]
    worker = int(place.read_text("ascii").split()[0])
    pool.close()
    until(lambda: not is_alive(worker))
    assert not Asked(pool, doubled, 1).taken
    assert hanging.news == []


def works_too_long() -> None:
    """A worker's process with a task that never ends."""
    worker_pool._arm_watchdog("not-there")
    with task_deadline(0.1, lambda seconds: None):
        time.sleep(60)


def test_a_thread_watches_where_the_system_has_no_timer(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on Windows, where no worker is a fork."""
    monkeypatch.delattr(signal, "setitimer")
    monkeypatch.setattr(worker_pool, "POLL_INTERVAL_S", 0.05)
    process = multiprocessing.get_context("fork").Process(target=works_too_long)
    process.start()
    process.join(30)
    assert process.exitcode == 1


def test_a_worker_is_in_a_job_that_ends_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    events: list[str] = []

    class Job:
        def close(self) -> None:
            events.append("closed")

    def contained(handle: int) -> Job:
        events.append("contained")
        return Job()

    monkeypatch.setattr(worker_pool, "contain", contained)
    pool = WorkerPool(1, nothing, name="test", scratch=tmp_path)
    try:
        assert Asked(pool, doubled, 4).answer() == 8
        assert events == ["contained"]
    finally:
        pool.close()
    assert events[-1] == "closed"
