"""Signals that terminate the program: SIGINT (Ctrl-C) and SIGTERM."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TERMINATING_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def terminating_signals(on_signal: Callable[[int], None]) -> Iterator[None]:
    """Call ``on_signal`` with the signal's number and raise KeyboardInterrupt for either signal.

    A signal that is ignored stays ignored (a background job, ``nohup``). Outside the main thread,
    which alone receives signals, nothing is changed.
    """

    def handler(number: int, frame: object) -> None:
        """Report the signal, and raise KeyboardInterrupt."""
        on_signal(number)
        raise KeyboardInterrupt

    in_main_thread = threading.current_thread() is threading.main_thread()
    numbers = [number for number in TERMINATING_SIGNALS if in_main_thread and _is_handled(number)]
    previous = {number: signal.signal(number, handler) for number in numbers}
    try:
        yield
    finally:
        for number, handler_before in previous.items():
            signal.signal(number, handler_before)


def _is_handled(number: int) -> bool:
    """Return whether a signal has a handler that can be restored, and is not ignored."""
    # None: a handler that was not installed from Python, which could not be restored
    return signal.getsignal(number) not in (signal.SIG_IGN, None)


__all__ = ["terminating_signals"]
