"""Thresholds of the garbage collector, by kind of process.

A layout, or a batch that holds the values of many workbooks, makes millions of objects that live
until it ends. With Python's defaults the collector took a quarter of a layout.
"""

from __future__ import annotations

import gc
import sys
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# Arguments of gc.set_threshold: allocations until generation 0 is collected, and how often the
# older generations are.
PROGRAM_THRESHOLDS: Final = (50_000, 20, 20)  # of a command, and of a batch worker
SANDBOX_THRESHOLDS: Final = (500_000, 50, 1000)  # of a child, which ends soon


def use_program_thresholds() -> None:
    """Collect less often than by default, for a process that lives for a command or many tasks."""
    gc.set_threshold(*PROGRAM_THRESHOLDS)


def use_sandbox_thresholds() -> None:
    """Collect rarely, and never the parent's objects: their pages stay shared after the fork."""
    gc.freeze()
    gc.set_threshold(*SANDBOX_THRESHOLDS)


@contextmanager
def relaxed_gc() -> Iterator[None]:
    """Collect rarely within the block, then as before.

    Traversing a million results that stay took as long as reading them.
    """
    before = gc.get_threshold()
    gc.set_threshold(*SANDBOX_THRESHOLDS)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def collect_and_trim() -> None:
    """Collect, and return free heap to the system, where glibc can (Linux).

    Files of a megabyte leave holes in it.
    """
    gc.collect()
    if trim := _malloc_trim():
        trim(0)


@cache
def _malloc_trim() -> Callable[[int], int] | None:
    """Return glibc's ``malloc_trim``, or None with another C library."""
    if sys.platform != "linux":
        return None
    import ctypes

    return getattr(ctypes.CDLL(None), "malloc_trim", None)


__all__ = ["collect_and_trim", "relaxed_gc", "use_program_thresholds", "use_sandbox_thresholds"]
