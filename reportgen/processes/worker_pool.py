"""Long-lived worker processes, one task at a time each, with a queue before them.

A worker is one process with one thread, so that sandboxed calls can be forks of it, and the leader
of a process group, so that it can be killed at any moment with all that it has started. Each has a
pipe and a thread of its own in the pool: a worker that dies, at whatever moment, fails the very
task that it had, and the next task gets a new worker.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import shutil
import signal
import tempfile
import threading
import time
from collections import Counter, deque
from concurrent.futures import Executor, Future
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from reportgen.processes.call_errors import (
    CallFailedError,
    EndReason,
    describe,
    from_exit,
    start_failed,
)
from reportgen.processes.external_program import kill_group
from reportgen.processes.job_objects import contain
from reportgen.processes.resource_limits import OWN_WORK_S, task_deadline, task_is_overdue

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection
    from multiprocessing.context import BaseContext
    from pathlib import Path

    from reportgen.processes.job_objects import JobObject

START_TIMEOUT_S: Final = 60.0  # until a new interpreter takes its first task
POLL_INTERVAL_S: Final = 2.0  # between a worker's looks for its parent and its deadline
_TEMPORARY_VARIABLES: Final = ("TMPDIR", "TEMP", "TMP")  # the last two: on Windows
_EXIT_S: Final = 5.0  # until a killed process is gone
MAX_QUEUED: Final = 200  # tasks of a pool that no worker has taken
_MAX_TRIES: Final = 2  # of an executor's call


@dataclass(slots=True, eq=False)
class Task:
    """A call that is queued, runs or is over.

    ``function`` is called in a worker, with a function that reports progress, and the arguments.
    All that is sent there and back must be picklable, reports included. The callbacks are called
    in a thread of the pool, so they must be thread-safe and should be short.
    """

    function: Callable[..., Any]
    arguments: tuple[Any, ...]
    on_result: Callable[[Any], None]  # called with each report, and last with the result
    on_error: Callable[[CallFailedError], None]
    on_queue_position: Callable[[int], None] = lambda ahead: None  # how many tasks are before it
    own_work_s: float = OWN_WORK_S  # outside sandboxed calls, which have limits of their own
    max_tries: int = 1  # in workers that die: each may have been killed for another's sake
    group: str = ""  # for whom it is; groups take turns
    is_long: bool = False  # waits behind those of its group that are not
    cancelled: threading.Event = field(default_factory=threading.Event)  # no callback any more


class WorkerPool:
    """A fixed number of workers, and tasks that wait for them.

    Groups take turns: a task waits for as many turns as its group has tasks that run or go before
    it. Within a turn, long tasks come last, and then the group that was served last; else it is
    first in, first out.

    ``prepare`` is called in each new worker before its first task, and what it raises is ignored.
    Workers start at once, not with the first task. Each has a temporary folder below ``scratch``,
    by default the system's, which is deleted with it.
    """

    def __init__(
        self,
        size: int,
        prepare: Callable[[], None],
        *,
        name: str,
        scratch: Path | None = None,
        max_tasks: int = 400,  # until a worker is replaced
        context: BaseContext | None = None,
    ) -> None:
        context = context or multiprocessing.get_context("spawn")
        self._max_tasks = max_tasks
        self._queue: deque[Task] = deque()
        self._changed = threading.Condition()
        self._running: dict[Task, _Worker] = {}
        self._served: Counter[str] = Counter()  # group → number of its latest turn
        self._closed = False
        self._threads = [
            threading.Thread(
                target=self._serve_tasks,
                args=(_Worker(context, prepare, scratch),),
                name=f"{name}-{number}",
                daemon=True,
            )
            for number in range(size)
        ]
        for thread in self._threads:
            thread.start()

    def submit(self, task: Task) -> bool:
        """Queue a task and report its position to it; return True, and at once.

        Return False if the pool is closed or MAX_QUEUED tasks wait.
        """
        with self._changed:
            if self._closed or len(self._queue) >= MAX_QUEUED:
                return False
            self._queue.append(task)
            ahead = self._queue_position(self._ordered_queue().index(task))
            self._changed.notify()
        task.on_queue_position(ahead)
        return True

    def cancel(self, task: Task, grace_s: float = 0.0) -> None:
        """Remove a task from the queue, or kill its worker; no callback is called any more.

        It may end by itself within ``grace_s`` seconds, as its worker may have cached much. No-op
        for a task that is over.
        """
        with self._changed:
            task.cancelled.set()
            if task in self._queue:
                self._queue.remove(task)
            is_running = task in self._running
        if is_running and grace_s:
            timer = threading.Timer(grace_s, self._kill, (task,))
            timer.daemon = True
            timer.start()
        elif is_running:
            self._kill(task)

    def _kill(self, task: Task) -> None:
        """Kill the worker that runs a task, if the task is still running."""
        with self._changed:  # or the worker might have begun another task
            if worker := self._running.get(task):
                worker.kill()

    def busy(self) -> int:
        """Return how many tasks are queued or run."""
        with self._changed:
            return len(self._queue) + len(self._running)

    def close(self) -> None:
        """Cancel all tasks, kill all workers, and wait for their threads, at most 10 s each.

        Nothing can be submitted afterwards.
        """
        with self._changed:
            self._closed = True
            for task in (*self._queue, *self._running):
                task.cancelled.set()
            self._queue.clear()
            for worker in self._running.values():
                worker.kill()
            self._changed.notify_all()
        for thread in self._threads:
            thread.join(10)

    def _serve_tasks(self, worker: _Worker) -> None:
        """Run queued tasks in a worker until the pool closes; replace it after ``_max_tasks``.

        The main function of one of the pool's threads.
        """
        try:
            with suppress(CallFailedError):  # the first task will tell
                worker.start()
            while (task := self._next_task(worker)) is not None:
                self._run_task(task, worker)
                with self._changed:
                    self._running.pop(task, None)
                if worker.tasks_done >= self._max_tasks:
                    worker.kill()
                if not self._closed:
                    with suppress(CallFailedError):
                        worker.start()
        finally:
            worker.end()

    def _next_task(self, worker: _Worker) -> Task | None:
        """Wait for the next task and mark it as running; return None once the pool closes.

        The tasks behind it are notified of their positions.
        """
        with self._changed:
            while not self._queue and not self._closed:
                self._changed.wait()
            if self._closed:
                return None
            task = self._ordered_queue()[0]
            self._queue.remove(task)
            self._running[task] = worker
            self._served[task.group] = max(self._served.values(), default=0) + 1
            waiting = [
                (self._queue_position(index), task)
                for index, task in enumerate(self._ordered_queue())
            ]
        for ahead, queued_task in waiting:
            queued_task.on_queue_position(ahead)
        return task

    def _ordered_queue(self) -> list[Task]:
        """Return the queued tasks in the order in which they would start now."""
        turns = Counter(task.group for task in self._running)
        keys: dict[Task, tuple[int, bool, int]] = {}
        for task in sorted(self._queue, key=lambda task: task.is_long):  # stable: oldest first
            keys[task] = (turns[task.group], task.is_long, self._served[task.group])
            turns[task.group] += 1
        return sorted(self._queue, key=keys.__getitem__)

    def _queue_position(self, index: int) -> int:
        """Return how many tasks must end before the one at this index of the order starts."""
        return index + (len(self._running) >= len(self._threads))

    @staticmethod
    def _run_task(task: Task, worker: _Worker) -> None:
        """Run a task in a worker, again in a new process if that dies, at most ``max_tries`` times.

        Its callbacks receive the results, or the last error, unless it is cancelled.
        """

        def report(value: Any) -> None:
            """Pass a value on to the task's callback, unless the task is cancelled."""
            if not task.cancelled.is_set():
                task.on_result(value)

        for tries_left in reversed(range(task.max_tries)):
            try:
                report(worker.call(task, report))
                return
            except CallFailedError as error:
                if task.cancelled.is_set():
                    return
                is_crash = error.reason not in (EndReason.EXCEPTION, EndReason.TIMEOUT)
                if not (is_crash and tries_left):
                    task.on_error(error)
                    return


class PoolExecutor(Executor):
    """A pool as an executor of :mod:`concurrent.futures`; it outlives the death of its workers."""

    def __init__(self, pool: WorkerPool) -> None:
        self.pool = pool

    def submit(  # type: ignore[override]
        self, function: Callable[..., Any], /, *arguments: Any
    ) -> Future[Any]:
        """Queue a call and return the future of its result, which may raise CallFailedError.

        A call whose worker dies is tried once more. A full or closed pool fails it with
        START_FAILED.
        """
        future: Future[Any] = Future()
        call = (function, *arguments)
        task = Task(
            _without_report, call, future.set_result, future.set_exception, max_tries=_MAX_TRIES
        )
        if not self.pool.submit(task):
            future.set_exception(start_failed(RuntimeError("the pool is full or closed")))
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Kill the workers, whatever the arguments are.

        The futures of calls that were queued or running are never done.
        """
        self.pool.close()


def _without_report(
    report: Callable[[Any], None], function: Callable[..., Any], *arguments: Any
) -> Any:
    """Call a function that does not report progress; return its result."""
    return function(*arguments)


_REPORT, _EXTEND, _DONE, _RAISED = range(4)  # kinds of a worker's messages


class _Worker:
    """A process and its temporary folder; used by one thread, and killed by any."""

    def __init__(
        self, context: BaseContext, prepare: Callable[[], None], scratch: Path | None
    ) -> None:
        self._context, self._prepare, self._scratch = context, prepare, scratch
        self._process: Any = None  # of multiprocessing
        self._pipe: Connection | None = None
        self._job: JobObject | None = None  # where there are jobs
        self._folder = ""
        self._killed = False
        self.tasks_done = 0

    def start(self) -> None:
        """Start the process if it does not run; raise CallFailedError if that fails."""
        if self._process is not None and not self._killed and self._process.is_alive():
            return
        self.end()
        try:
            self._folder = tempfile.mkdtemp(prefix="reportgen-worker-", dir=self._scratch)
            self._pipe, remote = self._context.Pipe()
            arguments = (remote, self._prepare, self._folder)
            process = self._context.Process(  # type: ignore[attr-defined]
                target=_worker_main, args=arguments, daemon=True
            )
            process.start()
            self._job = contain(process.sentinel)  # before its first task
            remote.close()
        except (OSError, EOFError) as error:  # EOFError: of the forkserver, which has ended
            self.end()
            raise start_failed(error) from error
        self._process, self._killed, self.tasks_done = process, False, 0

    def call(self, task: Task, report: Callable[[Any], None]) -> Any:
        """Run a task in the process and return its result.

        ``report`` receives what it sends meanwhile. Raise CallFailedError for an exception, a crash
        or a timeout; the last two end the process.
        """
        self.start()
        assert self._pipe is not None
        self.tasks_done += 1
        limit = task.own_work_s
        deadline = time.monotonic() + START_TIMEOUT_S + limit
        try:
            self._pipe.send((task.function, task.arguments, task.own_work_s))
            while self._pipe.poll(max(0.0, deadline - time.monotonic())):
                kind, content = self._pipe.recv()
                if kind == _DONE:
                    return content
                if kind == _RAISED:
                    raise CallFailedError(EndReason.EXCEPTION, content)
                if kind == _EXTEND:
                    limit = content
                    deadline = time.monotonic() + START_TIMEOUT_S + limit
                else:
                    report(content)
        except (EOFError, OSError):
            is_overdue = time.monotonic() > deadline - START_TIMEOUT_S  # ended by its own watchdog
            self._process.join(_EXIT_S)
            code = self._process.exitcode
            self.kill()
            error = CallFailedError(EndReason.TIMEOUT, limit) if is_overdue else from_exit(code)
            raise error from None
        except CallFailedError:
            raise
        except Exception as error:  # a task that cannot be sent, or an answer that cannot be read
            self.kill()
            raise CallFailedError(EndReason.EXCEPTION, describe(error)) from error
        self.kill()
        raise CallFailedError(EndReason.TIMEOUT, limit)

    def kill(self) -> None:
        """Kill the process and its descendants without waiting for the end.

        Any thread may call it.
        """
        self._killed = True
        if self._process is not None and self._process.is_alive():
            with suppress(OSError):
                if hasattr(os, "getpgid") and os.getpgid(self._process.pid) == self._process.pid:
                    kill_group(self._process.pid)
                self._process.kill()
        if self._job is not None:
            self._job.close()

    def end(self) -> None:
        """Kill the process, wait for its end, close the pipe, and delete its temporary folder."""
        self.kill()
        if self._process is not None:
            self._process.join(_EXIT_S)
        if self._pipe is not None:
            self._pipe.close()
        self._process = self._pipe = None
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = ""


def _worker_main(pipe: Connection, prepare: Callable[[], None], folder: str) -> None:
    """Run the calls that arrive through the pipe, and send results or errors, until it closes.

    ``prepare`` is called first; temporary files go to ``folder``.
    """
    tempfile.tempdir = folder
    os.environ.update(dict.fromkeys(_TEMPORARY_VARIABLES, folder))
    if hasattr(os, "setsid"):
        os.setsid()  # a group of its own; Ctrl-C at the terminal is the parent's
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "register_at_fork"):  # a fork that kept it open would outlive a killed pool
        os.register_at_fork(after_in_child=pipe.close)
    _arm_watchdog(folder)
    with suppress(Exception):  # the task itself will report what cannot be loaded
        prepare()
    with suppress(EOFError, OSError):
        while True:
            function, arguments, own_work_s = pipe.recv()
            with task_deadline(own_work_s, lambda seconds: pipe.send((_EXTEND, seconds))):
                try:
                    result = function(lambda value: pipe.send((_REPORT, value)), *arguments)
                    answer = _DONE, result
                except Exception as error:
                    answer = _RAISED, describe(error)
            try:
                pipe.send(answer)
            except (pickle.PicklingError, AttributeError, TypeError) as error:
                pipe.send((_RAISED, describe(error)))


def _arm_watchdog(folder: str) -> None:
    """End this process, and delete its folder, once its parent is gone or its task overdue.

    A timer of the system looks now and then, for a thread would forbid forks; where there is no
    such timer (Windows), there are no forks either, and a thread looks.
    """
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def look(*signal_and_frame: object) -> None:
        """End this process, and delete its folder, if the parent ended or the task is overdue."""
        if not parent.is_alive() or task_is_overdue():
            shutil.rmtree(folder, ignore_errors=True)
            os._exit(1)

    if hasattr(signal, "setitimer"):
        signal.signal(signal.SIGALRM, look)
        signal.setitimer(signal.ITIMER_REAL, POLL_INTERVAL_S, POLL_INTERVAL_S)
    else:
        threading.Thread(target=_look_repeatedly, args=(look,), daemon=True).start()


def _look_repeatedly(look: Callable[[], None]) -> None:
    """Call a function every POLL_INTERVAL_S seconds, without end."""
    while True:
        time.sleep(POLL_INTERVAL_S)
        look()


__all__ = ["PoolExecutor", "Task", "WorkerPool"]
