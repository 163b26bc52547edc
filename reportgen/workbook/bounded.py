"""Reading in a process of its own: bounded in time and memory, and beside other work.

A workbook is a stranger's file, and openpyxl a large library: whatever the two do to each
other ends within the limits, as a problem. Where there is no ``fork``, or other threads
make it unsafe, the workbook is read in this process when its result is asked for.
"""

from __future__ import annotations

import os
import pickle
import signal
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn, Self

from reportgen.problems import Location, make
from reportgen.workbook.reading import load, read_loaded

if TYPE_CHECKING:
    from types import TracebackType

    from reportgen.model import Scorecard
    from reportgen.problems import Problem

SECONDS: Final = 10  # by the clock, and of the processor
MEMORY: Final = 1_250_000_000  # bytes, beside what this process holds already


class Pending:
    """A workbook that is being read; ``with`` ends the reading whatever happens.

    ``content`` is the very bytes that are read, None where the file cannot be had.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.content, self._unreadable = load(path)
        self._child, self._pipe = 0, -1
        if self.content is not None and _can_fork():
            self._child, self._pipe = _fork(path, self.content)
        self._deadline = time.monotonic() + SECONDS

    def result(self) -> tuple[Scorecard | None, tuple[Problem, ...]]:
        """What :func:`reportgen.workbook.read` tells; waits for it. To be called once."""
        if self.content is None:
            return None, self._unreadable
        if not self._child:
            return _read(self._path, self.content)
        with self:
            answer = self._answer()
            if answer is None:
                return _refused(self._path, f"> {SECONDS} s")
            _, status = os.waitpid(self._child, 0)
            self._child = 0
        code = os.waitstatus_to_exitcode(status)
        if code:
            return _refused(self._path, signal.Signals(-code).name if code < 0 else f"exit {code}")
        outcome: tuple[Scorecard | None, tuple[Problem, ...]] = pickle.loads(answer)
        return outcome

    def _answer(self) -> bytes | None:
        """All that the child writes; None if it takes too long."""
        from select import POLLIN, poll

        waiting = poll()
        parts: list[bytes] = []
        waiting.register(self._pipe, POLLIN)
        while waiting.poll(max(0, self._deadline - time.monotonic()) * 1000):
            part = os.read(self._pipe, 1 << 16)
            if not part:
                return b"".join(parts)
            parts.append(part)
        return None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._child:
            os.kill(self._child, signal.SIGKILL)
            os.waitpid(self._child, 0)
            self._child = 0
        if self._pipe >= 0:
            os.close(self._pipe)
            self._pipe = -1


def start(path: Path) -> Pending:
    """Begin to read a workbook."""
    return Pending(path)


def _can_fork() -> bool:
    return hasattr(os, "fork") and threading.active_count() == 1


def _fork(path: Path, content: bytes) -> tuple[int, int]:
    """The child that reads, and the pipe that it answers by."""
    pipe, answers = os.pipe()
    child = os.fork()
    if not child:
        _serve(path, content, answers)
    os.close(answers)
    return child, pipe


def _serve(path: Path, content: bytes, answers: int) -> NoReturn:
    """The child: nothing of what its parent has open, or left to do at its end, is touched."""
    code = 1
    try:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        _limit()
        answer = memoryview(pickle.dumps(_read(path, content), pickle.HIGHEST_PROTOCOL))
        while answer:
            answer = answer[os.write(answers, answer) :]
        code = 0
    finally:
        os._exit(code)


def _limit() -> None:
    import resource

    memory = MEMORY
    with suppress(OSError):  # no /proc
        held = int(Path("/proc/self/statm").read_text("ascii").split()[0])
        memory += held * resource.getpagesize()
    limits = (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_AS, memory),
    )
    for kind, most in limits:
        with suppress(ValueError, OSError):  # a limit that this system does not know, or bars
            resource.setrlimit(kind, (most, most))


def _read(path: Path, content: bytes) -> tuple[Scorecard | None, tuple[Problem, ...]]:
    try:
        return read_loaded(path, content)
    except MemoryError:
        return _refused(path, f"> {MEMORY / 1e9:.1f} GB")
    except Exception as error:
        detail = f"{type(error).__name__}: {error}"[:200]
        return None, (make("E132", Location(file=path.name), detail=detail),)


def _refused(path: Path, found: str) -> tuple[None, tuple[Problem, ...]]:
    return None, (make("E133", Location(file=path.name), found=found),)
