"""Distribution of a batch over processes of this machine, or of a cluster."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from typing import TYPE_CHECKING, Final

from reportgen.batch import worker
from reportgen.batch.tasks import Status, Task, TaskResult
from reportgen.problems import Location, make_problem
from reportgen.processes import gc_policy
from reportgen.processes.call_errors import CallFailedError, describe
from reportgen.processes.worker_pool import PoolExecutor, WorkerPool

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from multiprocessing.context import BaseContext
    from typing import TypeVar

    K = TypeVar("K")

MAX_TASKS_PER_WORKER: Final = 100  # then a worker is replaced


@dataclass(frozen=True, slots=True)
class BatchExecutor:
    """An executor, the function that it runs for each task, and how many may be in flight."""

    executor: Executor
    max_in_flight: int
    function: Callable[[Task], TaskResult]
    on_close: Callable[[bool], None] | None = None  # its argument: all tasks are done

    def submit(self, task: Task) -> Future[TaskResult]:
        """Schedule a task and return the future of its result; returns at once.

        The future raises what the function raises, or the executor's error if a worker dies or the
        task cannot be queued; :func:`task_result` turns both into a FAILED result.
        """
        return self.executor.submit(self.function, task)

    def close(self, *, completed: bool) -> None:
        """Shut the executor down and cancel what is pending.

        Other executors wait for running tasks if ``completed``; the local one kills its workers.
        """
        if self.on_close is not None:
            self.on_close(completed)
        else:
            self.executor.shutdown(wait=completed, cancel_futures=True)


def open_local_executor(
    jobs: int, function: Callable[[Task], TaskResult] = worker.run_task
) -> BatchExecutor:
    """Return an executor of ``jobs`` processes, forked from one that has loaded everything.

    On Windows they are new interpreters. A process is replaced after MAX_TASKS_PER_WORKER tasks;
    garbage is collected after each.
    """
    start_forkserver()
    pool = WorkerPool(
        jobs,
        _initialize_worker,
        name="batch",
        max_tasks=MAX_TASKS_PER_WORKER,
        context=_worker_context(),
    )
    # One more than jobs, ready to run while a result is written.
    return BatchExecutor(PoolExecutor(pool), jobs + 1, partial(_run_and_trim, function))


def start_forkserver() -> None:
    """Start the process that workers are forked from, if the system has one; return at once.

    It preloads in parallel; calling this again does nothing.
    """
    if _worker_context().get_start_method() == "forkserver":
        from multiprocessing import forkserver  # not on Windows

        forkserver.ensure_running()


def _worker_context() -> BaseContext:
    """Return the context that starts workers: a preloaded forkserver if available, else spawn."""
    methods = multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")
    context.set_forkserver_preload(["reportgen.batch.preload"])  # no effect on spawn
    return context


def _initialize_worker() -> None:
    """Set the GC thresholds of a worker process and preload its libraries.

    Without Pango it preloads what it can; no error is raised.
    """
    gc_policy.use_program_thresholds()
    with suppress(OSError):  # a missing Pango is reported by the documents
        worker.preload()


def _run_and_trim(function: Callable[[Task], TaskResult], task: Task) -> TaskResult:
    """Return the result of a task; collect its garbage, as that of each workbook would pile up."""
    try:
        return function(task)
    finally:
        gc_policy.collect_and_trim()


def run_batch(
    tasks: Iterable[tuple[K, Task]],
    open_executor: Callable[[], BatchExecutor],
    do_idle_work: Callable[[], bool] = lambda: False,
) -> Iterator[tuple[K, TaskResult]]:
    """Yield key and result of each task as it is done, in any order.

    At most ``max_in_flight`` tasks are taken ahead of their results; without tasks no executor is
    opened. ``do_idle_work`` is called while results are awaited, until it returns False; each call
    should be short, so that no result has to wait. A task that raises or loses its worker gives a
    FAILED result. Leaving the iteration early cancels the rest.
    """
    waiting = iter(tasks)
    first = list(islice(waiting, 1))
    if not first:
        return
    waiting = chain(first, waiting)
    executor = open_executor()
    in_flight: dict[Future[TaskResult], tuple[K, Task]] = {}
    completed = False
    try:
        while not completed:
            # All are read before the first is submitted: a reader that raises leaves none behind.
            next_tasks = list(islice(waiting, executor.max_in_flight - len(in_flight)))
            in_flight |= {executor.submit(task): (key, task) for key, task in next_tasks}
            while in_flight and not any(future.done() for future in in_flight) and do_idle_work():
                pass
            for future in wait(in_flight, return_when=FIRST_COMPLETED).done:
                key, task = in_flight.pop(future)
                yield key, task_result(future, task)
            completed = not in_flight and not next_tasks
    finally:
        executor.close(completed=completed)


def task_result(future: Future[TaskResult], task: Task) -> TaskResult:
    """Wait for a task's result and return it; never raises for the task.

    If its worker died, or it raised, the result is FAILED with E510 and the first line of the
    reason.
    """
    try:
        return future.result()
    except Exception as error:  # of this program, or of a cluster
        message = str(error) if isinstance(error, CallFailedError) else describe(error)
        first_line = next(iter(message.splitlines()), "")
        problem = make_problem("E510", Location(file=task.name), found=first_line)
        return TaskResult(status=Status.FAILED, problems=(problem,))
