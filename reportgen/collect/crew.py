"""The workers: an Executor, and what is done when one of them dies.

An executor of the standard library is broken as a whole when one of its processes dies, and does
not say whose task it was. So few orders are out at once; when the executor breaks, those that were
out are suspects, and each is tried again alone: the one that breaks it once more is the culprit.
"""

from __future__ import annotations

import ctypes
import gc
import math
import multiprocessing
import os
import signal
import sys
import time
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache, partial
from itertools import chain, islice
from typing import TYPE_CHECKING, Final

from reportgen.collect import work
from reportgen.collect.orders import Order, Outcome, Stage
from reportgen.problems import Location, make

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from concurrent.futures import Executor
    from multiprocessing.context import BaseContext
    from typing import TypeVar

    K = TypeVar("K")

LONGEST: Final = 900  # seconds of a workbook: its stages have bounds of their own
LOOKING: Final = 2.0  # seconds between looks whether who gives the orders is still there
RECYCLED: Final = 100  # workbooks until a process is replaced by a new one
RUBBISH: Final = 50_000  # objects that a process makes until it looks for some
_STATE: Final = {"until": math.inf}  # of a worker: when its order has lasted too long


@dataclass(frozen=True, slots=True)
class Team:
    """An executor, what it does with an order, and how many orders are out at once."""

    executor: Executor
    out: int
    make: Callable[[Order], Outcome]
    end: Callable[[bool], None] | None = None  # told whether all has come to its end

    def close(self, *, whole: bool) -> None:
        """Wait for nothing that nobody waits for."""
        if self.end is not None:
            self.end(whole)
            return
        self.executor.shutdown(wait=whole, cancel_futures=True)
        if not whole:
            _end_processes()

    def submit(self, order: Order) -> Future[Outcome]:
        """Hand an order out; raises BrokenExecutor where the executor is broken."""
        try:
            return self.executor.submit(self.make, order)
        except (EOFError, OSError) as error:  # what processes are forked from has ended
            raise BrokenExecutor(f"{type(error).__name__}: {error}") from error


def get_warm() -> None:
    """Let the process that workers are forked from get warm, while orders are looked for."""
    if _context().get_start_method() == "forkserver":
        from multiprocessing import forkserver  # which Windows has not

        forkserver.ensure_running()


def local(jobs: int, make: Callable[[Order], Outcome] = work.make) -> Team:
    """Processes on this machine, forked from one that is warm; a worker that hangs ends itself."""
    get_warm()
    executor = ProcessPoolExecutor(jobs, _context(), _begin, max_tasks_per_child=RECYCLED)
    return Team(
        executor, jobs + 1, partial(fused, make)
    )  # one lies ready while an outcome is written


def _context() -> BaseContext:
    known = multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("forkserver" if "forkserver" in known else "spawn")
    context.set_forkserver_preload(["reportgen.collect.warm"])  # no harm elsewhere
    return context


def _begin() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for who started this
    _watch_over()
    gc.set_threshold(RUBBISH, 20, 20)
    with suppress(OSError):  # without Pango the documents tell
        work.warm_up()


def _watch_over() -> None:
    """End this process when who gives the orders is gone, or an order takes too long.

    A pool's process would wait for more orders for ever. A timer of the system looks now and then,
    for a thread would forbid the forks that bounded children are.
    """
    parent = multiprocessing.parent_process()
    if parent is None or not hasattr(signal, "setitimer"):
        return

    def look(number: int, frame: object) -> None:
        if not parent.is_alive() or time.monotonic() > _STATE["until"]:
            os._exit(1)

    signal.signal(signal.SIGALRM, look)
    signal.setitimer(signal.ITIMER_REAL, LOOKING, LOOKING)


def fused(make: Callable[[Order], Outcome], order: Order) -> Outcome:
    """Do what is asked for an order, within the time that it may take."""
    try:
        with lasting(LONGEST):
            return make(order)
    finally:
        gc.collect()  # what a workbook leaves about would pile up
        _give_back()


def _give_back() -> None:
    """Let the system have the memory that is free: files of a megabyte leave holes."""
    if trim := _malloc_trim():
        trim(0)


@cache
def _malloc_trim() -> Callable[[int], int] | None:
    """GNU's C library's; None where there is another one."""
    if sys.platform != "linux":
        return None
    return getattr(ctypes.CDLL(None), "malloc_trim", None)


@contextmanager
def lasting(seconds: float) -> Iterator[None]:
    """What may last so long, and then ends its worker."""
    _STATE["until"] = time.monotonic() + seconds
    try:
        yield
    finally:
        _STATE["until"] = math.inf


def _nothing_to_do() -> bool:
    return False


def run(
    orders: Iterable[tuple[K, Order]],
    open_team: Callable[[], Team],
    meanwhile: Callable[[], bool] = _nothing_to_do,
) -> Iterator[tuple[K, Outcome]]:
    """The outcome of each order as it is done; a team is opened anew when it breaks.

    For no order there is no team. ``meanwhile`` does a little of what else is to be done, while
    outcomes are waited for, and tells whether there was anything.
    """
    waiting = iter(orders)
    first = next(waiting, None)
    if first is None:
        return
    waiting = chain((first,), waiting)
    suspects: list[tuple[K, Order]] = []
    over = False
    while not over:
        team = open_team()
        try:
            while suspects:
                yield from _alone(suspects, team)
            yield from _together(waiting, team, suspects, meanwhile)
            over = True
        except BrokenExecutor:
            continue
        finally:
            team.close(whole=over)


def _alone(suspects: list[tuple[K, Order]], team: Team) -> Iterator[tuple[K, Outcome]]:
    """The first suspect's outcome; raises BrokenExecutor where it was the culprit."""
    key, order = suspects.pop(0)
    try:
        yield key, _outcome(team.submit(order), order)
    except BrokenExecutor as error:
        yield key, failed(order, error)
        raise


def _together(
    waiting: Iterator[tuple[K, Order]],
    team: Team,
    suspects: list[tuple[K, Order]],
    meanwhile: Callable[[], bool],
) -> Iterator[tuple[K, Outcome]]:
    """Outcomes as they come; when the executor breaks, those that were out are suspects."""
    running: dict[Future[Outcome], tuple[K, Order]] = {}
    more = True
    while more or running:
        # They are found before the first is handed out: that waits until a process is warm.
        found = list(islice(waiting, team.out - len(running))) if more else []
        more = len(running) + len(found) == team.out
        for number, given in enumerate(found):
            try:
                running[team.submit(given[1])] = given
            except BrokenExecutor:
                suspects += [*running.values(), *found[number:]]
                raise
        while running and not any(each.done() for each in running) and meanwhile():
            pass
        for future in wait(running, return_when=FIRST_COMPLETED).done:
            key, order = running[future]
            try:
                outcome = _outcome(future, order)
            except BrokenExecutor:
                suspects += running.values()
                raise
            del running[future]
            yield key, outcome


def _outcome(future: Future[Outcome], order: Order) -> Outcome:
    """What came of an order; raises BrokenExecutor where a process died."""
    try:
        return future.result()
    except BrokenExecutor:
        raise
    except Exception as error:  # a fault of this program, or of a cluster
        return failed(order, error)


def _end_processes() -> None:
    """End what still works for nobody."""
    for process in multiprocessing.active_children():
        process.kill()


def failed(order: Order, error: BaseException) -> Outcome:
    """The outcome of a workbook that ended its worker, or met a fault of this program."""
    told = f"{type(error).__name__}: {error}".splitlines()[0][:200]
    problem = make("E510", Location(file=order.name), found=told)
    return Outcome(stage=Stage.FAILED, problems=(problem,))


__all__ = ["Team", "failed", "get_warm", "local", "run"]
