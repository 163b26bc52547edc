"""Ctrl-C, and what a system ends programs with."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType


class Interrupt:
    """Whether Ctrl-C was pressed, which a library's callback may have swallowed."""

    def __init__(self) -> None:
        self.pressed = False

    def look(self) -> None:
        """Raise KeyboardInterrupt where it was."""
        if self.pressed:
            raise KeyboardInterrupt


@contextmanager
def interruptible(interrupt: Interrupt) -> Iterator[None]:
    """Let Ctrl-C end what is done here, at the next look at the latest."""
    ignored = signal.getsignal(signal.SIGINT) is signal.SIG_IGN  # in the background, say
    if ignored or threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, frame: object) -> None:
        interrupt.pressed = True
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield
        interrupt.look()
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def terminable(interrupt: Interrupt) -> Iterator[None]:
    """Let SIGTERM end what is done here as Ctrl-C does: no child and no temporary file is left."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, frame: FrameType | None) -> None:
        interrupt.pressed = True
        as_ctrl_c = signal.getsignal(signal.SIGINT)
        if callable(as_ctrl_c):
            as_ctrl_c(number, frame)
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


__all__ = ["Interrupt", "interruptible", "terminable"]
