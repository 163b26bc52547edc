"""What the safety benchmarks share: kills at random moments, many processes at once, parts."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

_FORK: Final = multiprocessing.get_context("fork")


def output_until_killed(
    target: Callable[..., object], arguments: tuple[object, ...], delay_s: float
) -> bytes:
    """Run ``target(*arguments, pipe)`` in a process, SIGKILL it, and return what it wrote.

    The delay begins with the first byte, which says that it is at work and is left out.
    """
    reader, writer = os.pipe()
    child = _FORK.Process(target=target, args=(*arguments, writer))
    child.start()
    os.close(writer)
    os.read(reader, 1)
    time.sleep(delay_s)
    assert child.pid is not None
    os.kill(child.pid, signal.SIGKILL)
    child.join()
    with os.fdopen(reader, "rb") as output:
        return output.read()


def run_at_once(target: Callable[..., object], calls: Iterable[tuple[object, ...]]) -> None:
    """Run each call in a process of its own, all at once; fail unless each ends with 0."""
    processes = [_FORK.Process(target=target, args=arguments) for arguments in calls]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0] * len(processes)


def run_parts(parts: Mapping[str, Callable[[Path], None]]) -> None:
    """Run the parts that the command line names, or all, each in an empty folder."""
    for name in sys.argv[1:] or parts:
        started = time.monotonic()
        with tempfile.TemporaryDirectory() as scratch, suppress(KeyboardInterrupt):
            parts[name](Path(scratch))
        print(f"  {time.monotonic() - started:.0f} s", flush=True)
