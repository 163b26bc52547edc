"""Batches on several machines: the tasks are sent to a Dask cluster (``reportgen[cluster]``).

Dask distributes the tasks, and reassigns those of a worker that died. A Dask worker has threads;
so each keeps a pool of processes, forked from a preloaded one as on a single machine.
"""

from __future__ import annotations

import multiprocessing
import threading
from typing import TYPE_CHECKING, Any, Final

from reportgen.batch import worker
from reportgen.batch.batch_executor import BatchExecutor, open_local_executor, task_result
from reportgen.problems import ExitCode, Location, StoppedError, make_problem
from reportgen.processes.resource_limits import available_cores

if TYPE_CHECKING:
    from collections.abc import Callable

    from reportgen.batch.tasks import Task, TaskResult

CONNECT_TIMEOUT_S: Final = 15
_local_executor: BatchExecutor | None = None
_LOCK: Final = threading.Lock()


def open_dask_executor(address: str) -> BatchExecutor:
    """Return an executor of a scheduler's workers, with two tasks in flight for each thread.

    Raise StoppedError: E512 Dask is not installed, E513 nobody answers within 15 s, or it has no
    workers.
    """
    try:
        import distributed
    except ImportError:
        raise StoppedError([make_problem("E512")], ExitCode.ENVIRONMENT) from None
    connect: Callable[..., Any] = distributed.Client
    where = Location(file=address)
    try:
        client = connect(address, timeout=CONNECT_TIMEOUT_S, set_as_default=False)
    except (OSError, ValueError) as error:
        reason = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
        problem = make_problem("E513", where, found=address, reason=reason)
        raise StoppedError([problem], ExitCode.ENVIRONMENT) from None
    threads = sum(client.nthreads().values())
    if not threads:
        client.close()
        problem = make_problem("E513", where, found=address, reason="no workers")
        raise StoppedError([problem], ExitCode.ENVIRONMENT)
    executor = client.get_executor(pure=False)

    def close(completed: bool) -> None:
        """Close the connection; wait for all tasks if ``completed``, else cancel them."""
        executor.shutdown(wait=completed)  # cancels the tasks in flight
        client.close()

    return BatchExecutor(executor, 2 * threads, run_on_dask_worker, close)


def run_on_dask_worker(task: Task) -> TaskResult:
    """Build a workbook in a process of its own on the machine of the Dask worker.

    A worker below a nanny is a daemon, which must not start processes by multiprocessing: there it
    is built in the worker itself, whose sandboxed calls are new interpreters. That takes longer.
    """
    if multiprocessing.current_process().daemon:
        return worker.run_task(task)
    return task_result(_local_pool().submit(task), task)


def _local_pool() -> BatchExecutor:
    """Return the process pool of this Dask worker, which the first call opens.

    All threads share it. It has as many processes as cores are available, and is never closed.
    """
    global _local_executor  # noqa: PLW0603 - one for all threads of a Dask worker
    with _LOCK:
        if _local_executor is None:
            _local_executor = open_local_executor(available_cores())
        return _local_executor


__all__ = ["open_dask_executor", "run_on_dask_worker"]
