"""Limits of time and memory: of a sandboxed call, and of the worker's task that it belongs to."""

from __future__ import annotations

import math
import os
import sys
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from reportgen.processes import job_objects

if sys.platform != "win32":
    import resource

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

GRACE_S: Final = 2.0  # from the soft to the hard timeout, for a report
OWN_WORK_S: Final = 300.0  # of a worker's task outside its sandboxed calls, between two of them


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The limits of a sandboxed call."""

    seconds: float  # of wall-clock time, until the call extends its deadline
    memory: int  # bytes, in addition to those of the process
    max_total_seconds: float | None = None  # with all extensions; None: no extension

    def extended(self, seconds: float) -> Limits:
        """Return these limits with so many seconds more."""
        total = self.max_total_seconds
        return replace(
            self,
            seconds=self.seconds + seconds,
            max_total_seconds=None if total is None else total + seconds,
        )

    @property
    def kill_after(self) -> float:
        """The seconds after which the parent kills a child whose timers have both failed."""
        return (self.max_total_seconds or self.seconds) + 3 * GRACE_S


# --- the deadline of a worker's task ----------------------------------------------------


@dataclass(slots=True)
class _Task:
    deadline: float = math.inf  # of time.monotonic()
    own_work_s: float = OWN_WORK_S
    on_extend: Callable[[float], None] = lambda seconds: None


_task = _Task()


@contextmanager
def task_deadline(own_work_s: float, on_extend: Callable[[float], None]) -> Iterator[None]:
    """Bound the task that this worker does within the block.

    It may work ``own_work_s`` seconds by itself, and so many again after each sandboxed call, which
    has limits of its own. ``on_extend`` is called with the seconds that then remain. Nothing is
    interrupted here: :func:`task_is_overdue` is what a watchdog asks.
    """
    global _task  # noqa: PLW0603 - one task at a time is what a worker is
    _task = _Task(time.monotonic() + own_work_s, own_work_s, on_extend)
    try:
        yield
    finally:
        forget_task()


def extend_task_deadline(inner_s: float) -> None:
    """Let the task outlast an inner call of at most so many seconds; no-op outside a worker.

    The deadline moves to ``inner_s`` and the task's own seconds from now, never back, and
    ``on_extend`` is called. This is the one place where outer deadlines are computed from inner.
    """
    seconds = inner_s + _task.own_work_s
    if _task.deadline < time.monotonic() + seconds:
        _task.deadline = time.monotonic() + seconds
        _task.on_extend(seconds)


def forget_task() -> None:
    """Drop the task with its deadline: it is over, or left to the worker that this is a fork of."""
    global _task  # noqa: PLW0603
    _task = _Task()


def task_is_overdue() -> bool:
    """Return whether this worker's task has passed its deadline."""
    return time.monotonic() > _task.deadline


# --- memory and processors --------------------------------------------------------------


@dataclass(slots=True)
class _AddressSpace:
    limited: bool = False  # by this module
    was_short: bool = False  # before it was


_address_space = _AddressSpace()


def limit_address_space(size: int, *, permanently: bool) -> None:
    """Bound the bytes that this process may allocate from now on, as far as the system can.

    ``size`` comes on top of what is in use. Unless ``permanently``, the bound can be raised again
    by a further call; on Windows it always can. Core dumps are turned off too. A limit that the
    system refuses is left out.
    """
    if job_objects.IS_SUPPORTED:
        with suppress(OSError):
            job_objects.limit_own_memory(size + job_objects.committed_memory())
        return
    if sys.platform == "win32":
        return
    _address_space.was_short = system_lacks_memory(size)
    size += address_space_in_use()
    for kind, limit in ((resource.RLIMIT_CORE, 0), (resource.RLIMIT_AS, size)):
        with suppress(ValueError, OSError):  # a limit that the system does not know, or forbids
            hard = limit if permanently else resource.getrlimit(kind)[1]
            resource.setrlimit(kind, (limit, hard))
    _address_space.limited = True


def system_lacks_memory(size: int) -> bool:
    """Return whether the system grants less than a child may take, as after ``ulimit -v``.

    ``size`` is in bytes, on top of what is in use. In a child it is what was true before this
    module limited it. False on Windows.
    """
    if _address_space.was_short:
        return True
    if _address_space.limited or sys.platform == "win32":
        return False
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    return hard != resource.RLIM_INFINITY and hard < size + address_space_in_use()


def address_space_in_use() -> int:
    """Return the bytes of this process's address space, or 0 if the system does not report them."""
    if sys.platform == "win32":  # under Wine there may be a /proc
        return 0
    with suppress(OSError):  # no /proc
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
        return pages * resource.getpagesize()
    return 0


def available_cores() -> int:
    """Return the number of processors that this process may use; 1 if that is unknown."""
    with suppress(AttributeError):  # not Linux
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


__all__ = ["Limits", "available_cores", "system_lacks_memory"]
