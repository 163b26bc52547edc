"""Past one machine: the same orders, handed to a Dask cluster (``reportgen[cluster]``).

Dask moves the orders and gives those of a worker that dies to another. A Dask worker has threads;
so each keeps processes of its own beside it, forked from a warm one as on a single machine.
"""

from __future__ import annotations

import multiprocessing
import threading
from concurrent.futures import BrokenExecutor
from typing import TYPE_CHECKING, Any, Final

from reportgen.bounded import cores
from reportgen.collect import work
from reportgen.collect.crew import Team, failed, local
from reportgen.problems import ExitCode, Location, StoppedError, make

if TYPE_CHECKING:
    from collections.abc import Callable

    from reportgen.collect.orders import Order, Outcome

TRIES: Final = 2  # an order whose process dies may have been beside the culprit
CONNECTING: Final = 15  # seconds
_HERE: Final[dict[str, Team]] = {}
_LOCK: Final = threading.Lock()


def cluster(address: str) -> Team:
    """The workers of a scheduler; raises StoppedError (E512, E513) where there are none."""
    try:
        import distributed
    except ImportError:
        raise StoppedError([make("E512")], ExitCode.ENVIRONMENT) from None
    connect: Callable[..., Any] = distributed.Client
    where = Location(file=address)
    try:
        client = connect(address, timeout=CONNECTING, set_as_default=False)
    except (OSError, ValueError) as error:
        told = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
        problem = make("E513", where, found=address, reason=told)
        raise StoppedError([problem], ExitCode.ENVIRONMENT) from None
    threads = sum(client.nthreads().values())
    if not threads:
        client.close()
        problem = make("E513", where, found=address, reason="no workers")
        raise StoppedError([problem], ExitCode.ENVIRONMENT)
    executor = client.get_executor(pure=False)

    def end(whole: bool) -> None:
        executor.shutdown(wait=whole)  # what is still out is called back
        client.close()

    return Team(executor, 2 * threads, relayed, end)


def relayed(order: Order) -> Outcome:
    """On a Dask worker: make a workbook in a process beside it.

    A worker below a nanny is a daemon, which may have no processes of multiprocessing's: there it
    is made in the worker itself, whose bounded children are new interpreters. That takes longer.
    """
    if multiprocessing.current_process().daemon:
        return work.make(order)
    for _ in range(TRIES):
        team = _beside()
        try:
            return team.submit(order).result()
        except BrokenExecutor as error:
            found = error
            with _LOCK:
                if _HERE.get("team") is team:
                    del _HERE["team"]
    return failed(order, found)


def _beside() -> Team:
    with _LOCK:
        if "team" not in _HERE:
            _HERE["team"] = local(cores())
        return _HERE["team"]


__all__ = ["cluster", "relayed"]
