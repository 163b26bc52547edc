"""The signal that ended this program; module state, because signals belong to the process."""

from __future__ import annotations

import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from reportgen.processes.signals import terminating_signals

if TYPE_CHECKING:
    from collections.abc import Iterator

_LAST_SIGNAL: Final = {"number": 0}  # 0: no signal yet


@contextmanager
def track_signals() -> Iterator[None]:
    """Raise KeyboardInterrupt on Ctrl-C or SIGTERM in the block, so that all is cleaned up."""
    _LAST_SIGNAL["number"] = 0
    with terminating_signals(lambda number: _LAST_SIGNAL.update(number=number)):
        yield


def raise_if_interrupted() -> None:
    """Raise KeyboardInterrupt if a signal has come.

    A library's callback may have swallowed the exception that the signal raised.
    """
    if _LAST_SIGNAL["number"]:
        raise KeyboardInterrupt


def signal_exit_code() -> int:
    """Return 128 plus the signal's number, as shells do: 130 for Ctrl-C, 143 for SIGTERM."""
    return 128 + (_LAST_SIGNAL["number"] or signal.SIGINT)


__all__ = ["raise_if_interrupted", "signal_exit_code", "track_signals"]
