"""Whether this program was told to end: one state, as signals are to a process."""

from __future__ import annotations

import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from reportgen.processes.signals import terminating_signals

if TYPE_CHECKING:
    from collections.abc import Iterator

_LAST_SIGNAL: Final = {"number": 0}  # of the signal; 0: none yet


@contextmanager
def track_signals() -> Iterator[None]:
    """Let Ctrl-C and SIGTERM end what is done here: no child and no temporary file is left."""
    _LAST_SIGNAL["number"] = 0
    with terminating_signals(lambda number: _LAST_SIGNAL.update(number=number)):
        yield


def raise_if_interrupted() -> None:
    """Raise KeyboardInterrupt once more: a library's callback may have swallowed it."""
    if _LAST_SIGNAL["number"]:
        raise KeyboardInterrupt


def signal_exit_code() -> int:
    """Of what was ended so, as shells tell it: 130 for Ctrl-C, 143 for SIGTERM."""
    return 128 + (_LAST_SIGNAL["number"] or signal.SIGINT)


__all__ = ["raise_if_interrupted", "signal_exit_code", "track_signals"]
