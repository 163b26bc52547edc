"""What ends a program from outside: Ctrl-C (SIGINT), and what systems send (SIGTERM)."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ENDS: Final = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def interrupts(told: Callable[[int], None]) -> Iterator[None]:
    """Call ``told`` with the signal's number and raise KeyboardInterrupt, whichever it is.

    A signal that is ignored stays so (a job in the background, ``nohup``), and nothing is changed
    in another thread than the main one, which alone can hear them.
    """

    def stop(number: int, frame: object) -> None:
        told(number)
        raise KeyboardInterrupt

    heard = threading.current_thread() is threading.main_thread()
    heeded = [each for each in ENDS if heard and _is_heeded(each)]
    before = {each: signal.signal(each, stop) for each in heeded}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _is_heeded(number: int) -> bool:
    """Not ignored, nor heard by something that Python does not know."""
    return signal.getsignal(number) not in (signal.SIG_IGN, None)


__all__ = ["interrupts"]
