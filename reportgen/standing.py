"""A child that stays: it runs a function again and again, and remembers between the calls.

What :mod:`reportgen.bounded` promises of a child holds for each call: it ends within its time and
its memory, or the child does, and the next call gets a new one. A new one is a fork and so knows
what its parent knows, but not what it would have learned itself. Where there is no ``fork``, or
other threads run, each call is a child of its own.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
import time
import weakref
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, Generic, NoReturn, TypeVar

from reportgen import bounded
from reportgen.bounded import Child, EndedError, Limits, Way
from reportgen.messages import LENGTH, read_message, write_message

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
CALLS: Final = 300  # until a child is replaced: what it leaks is gone with it
GROWTH: Final = 500_000_000  # bytes that it may have come to hold, when it is replaced
_OPEN: weakref.WeakSet[_Process] = weakref.WeakSet()


class Standing(Generic[T]):
    """A function in a child that stays. To be called by one thread at a time."""

    def __init__(self, function: Callable[..., T]) -> None:
        self._function = function
        self._process: _Process | None = None

    def start(self) -> None:
        """Let the child be there before it is called."""
        if bounded.way() is Way.FORK and (self._process is None or not self._process.is_alive()):
            self._process = _Process(self._function)

    def call(self, limits: Limits, *arguments: Any) -> T:
        """What the function answers; raises EndedError as :meth:`Child.result` does."""
        self.start()
        if self._process is None or bounded.way() is Way.HERE:
            with Child(limits, self._function, *arguments) as child:
                return child.result()
        try:
            answer: T = self._process.call(limits, arguments)
        except BaseException:
            self.close()
            raise
        return answer

    def close(self) -> None:
        """End the child."""
        if self._process is not None:
            self._process.end()
            self._process = None


class _Process:
    """A fork of this process, its work, its answers, and where it stands when it is stopped."""

    def __init__(self, function: Callable[..., Any]) -> None:
        work, self._work = os.pipe()
        self._answers, answers = os.pipe()
        self._traces, traces = os.pipe()
        self._owner = os.getpid()
        self._pid = os.fork()
        if not self._pid:
            for each in (*_OPEN, self):
                each.close()  # or their children would not see the parent go
            _serve(function, work, answers, traces)
        for mine in (work, answers, traces):
            os.close(mine)
        _OPEN.add(self)

    def is_alive(self) -> bool:
        """Whether it waits for work."""
        if self._pid and os.waitpid(self._pid, os.WNOHANG) != (0, 0):
            self._pid = 0
            self.close()
        return bool(self._pid)

    def call(self, limits: Limits, arguments: tuple[Any, ...]) -> Any:
        """What the function answers; raises EndedError."""
        deadline = time.monotonic() + limits.patience
        work = pickle.dumps((limits, arguments), pickle.HIGHEST_PROTOCOL)
        with suppress(BrokenPipeError):  # of a child that is gone: its end is read
            write_message(self._work, work)
        content = self._answer(deadline)
        if content is None:
            if time.monotonic() >= deadline:
                raise EndedError(bounded.too_long(limits))
            code, said = self._wait()
            raise EndedError(bounded.end_of(limits, code, said), bounded.places(said))
        done, told = pickle.loads(content)
        if not done:
            raise EndedError(*told)
        return told

    def _answer(self, deadline: float) -> bytes | None:
        """All of an answer; None where it does not come."""
        from select import POLLIN, poll

        waiting = poll()
        waiting.register(self._answers, POLLIN)
        content, wanted = bytearray(), LENGTH.size
        while waiting.poll(max(0.0, deadline - time.monotonic()) * 1000):
            part = os.read(self._answers, 1 << 20)
            if not part:
                return None
            content += part
            if len(content) >= LENGTH.size:
                wanted = LENGTH.size + LENGTH.unpack_from(content)[0]
            if len(content) >= wanted > LENGTH.size:
                return bytes(content[LENGTH.size :])
        return None

    def _wait(self) -> tuple[int, str]:
        _, status = os.waitpid(self._pid, 0)
        self._pid = 0
        os.set_blocking(self._traces, False)
        with suppress(BlockingIOError):
            said = os.read(self._traces, 1 << 16)
            return os.waitstatus_to_exitcode(status), said.decode("ascii", "replace")
        return os.waitstatus_to_exitcode(status), ""

    def end(self) -> None:
        """Leave no process and no pipe."""
        if self._owner == os.getpid():
            if self._pid:
                os.kill(self._pid, signal.SIGKILL)
                os.waitpid(self._pid, 0)
                self._pid = 0
            self.close()

    def close(self) -> None:
        """Leave no pipe: the child ends by itself."""
        for pipe in (self._work, self._answers, self._traces):
            if pipe >= 0:
                os.close(pipe)
        self._work = self._answers = self._traces = -1
        _OPEN.discard(self)

    def __del__(self) -> None:
        self.end()


def _serve(function: Callable[..., Any], work: int, answers: int, traces: int) -> NoReturn:
    """The child, until there is no more work to come."""
    code = 1
    try:
        bounded.prepare(answers, traces)
        held = bounded.memory_held()
        for _ in range(CALLS):
            content = read_message(work)
            if content is None:
                break
            limits, arguments = pickle.loads(content)
            bounded.limit_memory(limits.memory, for_good=False)
            bounded.more_time(limits.seconds)
            outcome = bounded.outcome_of(limits, function, arguments)
            bounded.stop_clocks()
            write_message(answers, pickle.dumps(outcome, pickle.HIGHEST_PROTOCOL))
            if not outcome[0] or bounded.memory_held() - held > GROWTH:
                break
            del outcome, arguments
            gc.collect()
            gc.freeze()  # what it remembers is not looked through in the midst of a call
        code = 0
    finally:
        os._exit(code)


__all__ = ["Standing"]
