"""A child that persists: it calls one function repeatedly, and keeps its caches.

Each call has limits as a :class:`SandboxedCall` has: either it ends within them, or the child does,
and the next call gets a new one. That is a fork, so it has its parent's data, but not the caches
of the last one. Where ``fork`` is not safe each call is a child of its own.
"""

from __future__ import annotations

import pickle
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Generic, NoReturn, TypeVar

from reportgen.processes import call_errors, child, sandbox
from reportgen.processes.pipe_framing import write_message
from reportgen.processes.resource_limits import extend_task_deadline
from reportgen.processes.sandbox import ForkedProcess, SandboxedCall, StartMethod

if TYPE_CHECKING:
    from collections.abc import Callable

    from reportgen.processes.resource_limits import Limits

T = TypeVar("T")


class PersistentWorker(Generic[T]):
    """A function in a persistent child. To be called by one thread at a time."""

    def __init__(self, function: Callable[..., T]) -> None:
        self._function = function
        self._process: ForkedProcess | None = None

    def call(self, limits: Limits, *arguments: Any) -> T:
        """Return what the function returns; raise CallFailedError as a SandboxedCall does.

        After an error, of whatever kind, the child is killed, and the next call starts a new one.
        Without a child, as where it cannot be forked, the call is a SandboxedCall of its own.
        """
        process = self._running_child()
        if process is None:
            return SandboxedCall(limits, self._function, *arguments).result()
        extend_task_deadline(limits.kill_after)
        deadline = time.monotonic() + limits.kill_after
        try:
            with suppress(BrokenPipeError):  # the reason why it is gone is read below
                call = pickle.dumps((limits, arguments), pickle.HIGHEST_PROTOCOL)
                write_message(process.calls, call)
            result: T = sandbox.receive(process, limits, deadline)
        except BaseException:
            self.close()
            raise
        return result

    def close(self) -> None:
        """Kill the child, if any; the next call starts another one."""
        if self._process is not None:
            self._process.kill()
            self._process = None

    def _running_child(self) -> ForkedProcess | None:
        """Return the child, started if necessary; None where no child can be kept.

        Raise CallFailedError if it cannot be started.
        """
        method = sandbox.choose_start_method()
        if method is StartMethod.INLINE:
            return None
        if self._process is None or not self._process.is_alive():
            self._process = None
            if method is StartMethod.FORK:
                try:
                    self._process = ForkedProcess(self._serve)
                except OSError as error:
                    raise call_errors.start_failed(error) from error
        return self._process

    def _serve(self, calls: int, answers: int, traces: int) -> NoReturn:
        """Answer calls in the child until the pipe closes, and end the process."""
        child.serve(self._function, child.calls_from(calls), answers, traces, persistent=True)


__all__ = ["PersistentWorker"]
