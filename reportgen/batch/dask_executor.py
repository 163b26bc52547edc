"""Batches on several machines: the orders are sent to a Dask cluster (``reportgen[cluster]``).

Dask distributes the orders, and reassigns those of a worker that died. A Dask worker has threads;
so each keeps a pool of processes, forked from a preloaded one as on a single machine.
"""

from __future__ import annotations

import multiprocessing
import threading
from typing import TYPE_CHECKING, Any, Final

from reportgen.batch import worker
from reportgen.batch.batch_executor import BatchExecutor, local_executor, outcome_of
from reportgen.problems import ExitCode, Location, StoppedError, make_problem
from reportgen.processes.resource_limits import available_cores

if TYPE_CHECKING:
    from collections.abc import Callable

    from reportgen.batch.tasks import Order, Outcome

CONNECTING: Final = 15
_local_executor: BatchExecutor | None = None
_LOCK: Final = threading.Lock()


def cluster(address: str) -> BatchExecutor:
    """Return an executor of a scheduler's workers; raises StoppedError (E512, E513) without any."""
    try:
        import distributed
    except ImportError:
        raise StoppedError([make_problem("E512")], ExitCode.ENVIRONMENT) from None
    connect: Callable[..., Any] = distributed.Client
    where = Location(file=address)
    try:
        client = connect(address, timeout=CONNECTING, set_as_default=False)
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
        executor.shutdown(wait=completed)  # cancels the orders in flight
        client.close()

    return BatchExecutor(executor, 2 * threads, run_on_dask_worker, close)


def run_on_dask_worker(order: Order) -> Outcome:
    """Build a workbook in a process of its own on the machine of the Dask worker.

    A worker below a nanny is a daemon, which must not start processes by multiprocessing: there it
    is built in the worker itself, whose sandboxed calls are new interpreters. That takes longer.
    """
    if multiprocessing.current_process().daemon:
        return worker.make(order)
    return outcome_of(_local_pool().submit(order), order)


def _local_pool() -> BatchExecutor:
    global _local_executor  # noqa: PLW0603 - one for all threads of a Dask worker
    with _LOCK:
        if _local_executor is None:
            _local_executor = local_executor(available_cores())
        return _local_executor


__all__ = ["cluster", "run_on_dask_worker"]
