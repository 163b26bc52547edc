"""A function call in a child process that is bounded in time and memory.

A child is a fork where that is safe: it has all that this process has loaded, and costs some ten
milliseconds. Where there is no ``fork`` (Windows), or other threads run (a server), it is a new
interpreter, which costs a second and receives the function and its arguments as a pickle.
What happens within the child is in :mod:`reportgen.processes.child`.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import threading
import time
import weakref
from contextlib import AbstractContextManager, contextmanager, suppress
from enum import Enum, auto
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Generic, NoReturn, TypeVar

from reportgen.processes import call_errors, child
from reportgen.processes.external_program import contain_program
from reportgen.processes.pipe_framing import LENGTH_PREFIX, read_message
from reportgen.processes.resource_limits import extend_task_deadline

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from reportgen.processes.resource_limits import Limits

T = TypeVar("T")
_MAX_DUMP: Final = 1 << 16  # bytes of a traceback; what a pipe holds
# For a new interpreter to start and to import what a fork would have: on Windows each call needs
# one, and a virus scanner may look at every module. The workbook is not to be blamed for that.
IMPORT_ALLOWANCE_S: Final = 20.0 if sys.platform == "win32" else 0.0
_THREAD_EXIT_S: Final = 0.01  # that a thread may take to be gone after it has ended


class StartMethod(Enum):
    """The process in which a function runs, and how it is started."""

    FORK = auto()
    SPAWN = auto()
    NESTED_FORK = auto()  # a fork of a child, within the child's memory limit
    INLINE = auto()  # in this process, which is a child: its own limits hold


def choose_start_method() -> StartMethod:
    """Return how to run a call: inline in a child, forked if that is safe, else spawned."""
    if child.is_child():
        return StartMethod.INLINE
    return StartMethod.FORK if _can_fork() else StartMethod.SPAWN


def _can_fork() -> bool:
    """Return whether the system can fork and only one Python thread runs."""
    return hasattr(os, "fork") and threading.active_count() == 1


class SandboxedCall(AbstractContextManager["SandboxedCall[T]"], Generic[T]):
    """A call that runs in a child; leaving the ``with`` block kills it if it still does."""

    def __init__(
        self,
        limits: Limits,
        function: Callable[..., T],
        *arguments: Any,
        start_method: StartMethod | None = None,
    ) -> None:
        method = start_method or choose_start_method()
        if method is StartMethod.SPAWN:
            limits = limits.extended(IMPORT_ALLOWANCE_S)
        self._limits = limits
        self._deadline = time.monotonic() + limits.kill_after
        self._call = (function, arguments)
        self._process: ForkedProcess | _SpawnedProcess | None = None
        self._start_error: OSError | None = None
        if method in (StartMethod.FORK, StartMethod.SPAWN):
            extend_task_deadline(limits.kill_after)
        try:
            if method is StartMethod.SPAWN:
                self._process = _SpawnedProcess(limits, function, arguments)
            elif method is not StartMethod.INLINE:
                nested = method is StartMethod.NESTED_FORK
                self._process = ForkedProcess(
                    lambda _, answers, traces: child.serve(
                        function, iter([(limits, arguments)]), answers, traces, nested=nested
                    )
                )
        except OSError as error:  # no room for a process
            self._start_error = error

    def result(self) -> T:
        """Wait for the result and return it; must be called at most once.

        Raise CallFailedError if the call did not start, took too much time or memory, was killed,
        or raised anything itself. An inline call runs only now, and raises its own exceptions.
        """
        if self._start_error is not None:
            raise call_errors.start_failed(self._start_error) from self._start_error
        function, arguments = self._call
        if self._process is None:
            return function(*arguments)
        with self:
            result: T = receive(self._process, self._limits, self._deadline)
            return result

    def __exit__(self, *exc_info: object) -> None:
        if self._process is not None:
            self._process.kill()


@contextmanager
def run_inline(function: Callable[..., T], *arguments: Any) -> Iterator[Callable[[], T]]:
    """Call a function at once, with the interface of :func:`run_in_fork`.

    What it raises is raised on entering the block.
    """
    result = function(*arguments)
    yield lambda: result


@contextmanager
def run_in_fork(function: Callable[..., T], *arguments: Any) -> Iterator[Callable[[], T]]:
    """Run a part of a child's call in a fork of the child, which has all that was made by now.

    The part has the time and the memory that the child has left, and is killed at the end of the
    block. What is yielded waits for its result, as :meth:`SandboxedCall.result` does. Where a fork
    is not possible, or outside a child, the function is called at once.
    """
    call = _nested_call(function, arguments)
    if call is None:
        with run_inline(function, *arguments) as result:
            yield result
    else:
        with call:
            yield call.result


def _nested_call(function: Callable[..., T], arguments: tuple[Any, ...]) -> SandboxedCall[T] | None:
    """Return a call forked from this sandbox's process, or None where that is impossible.

    This process's own timers start anew with the time that was left.
    """
    if not (child.is_child() and _can_fork()):
        return None
    limits = child.remaining_limits()
    child.cancel_timers()  # a fork would inherit faulthandler's lock, not the thread that frees it
    try:
        if _is_single_threaded():
            call = SandboxedCall(limits, function, *arguments, start_method=StartMethod.NESTED_FORK)
            return call if call._process is not None else None
    finally:
        child.extend_deadline(limits.seconds)
    return None


def _is_single_threaded() -> bool:
    """Return whether no thread of a C library runs either: a fork might wait for its locks.

    Pango has one that looks for fonts, since 1.52. One that is ending is waited for, _THREAD_EXIT_S
    at most. False where threads cannot be counted.
    """
    deadline = time.monotonic() + _THREAD_EXIT_S
    with suppress(OSError):  # not Linux
        while len(list(Path("/proc/self/task").iterdir())) > 1:
            if time.monotonic() > deadline:
                return False
        return True
    return False


def receive(process: ForkedProcess | _SpawnedProcess, limits: Limits, deadline: float) -> Any:
    """Wait for the result of a child's call and return it.

    ``deadline`` is a time of ``time.monotonic()``. Raise the CallFailedError that the child sends,
    or one for a child that is late or has ended without an answer. A late child is left running.
    """
    try:
        content = process.read_answer(deadline)
    except TimeoutError:
        raise call_errors.timed_out(limits) from None
    if content is None:
        code, dump = process.wait()
        raise call_errors.from_exit(code, limits, dump)
    succeeded, result = pickle.loads(content)
    if not succeeded:
        raise result
    return result


class ForkedProcess:
    """A fork of this process, and three pipes: calls, answers, and traceback dumps."""

    def __init__(self, main: Callable[[int, int, int], NoReturn]) -> None:
        calls, self.calls = os.pipe()
        self._answers, answers = os.pipe()
        self._traces, traces = os.pipe()
        self._pid, self._owner = 0, os.getpid()
        try:
            self._pid = os.fork()
            if not self._pid:
                self._run_child(lambda: main(calls, answers, traces))
        except OSError:
            self.close()
            raise
        finally:
            for pipe in (calls, answers, traces):
                os.close(pipe)
        _open_processes.add(self)

    def _run_child(self, main: Callable[[], NoReturn]) -> NoReturn:
        """Run ``main`` in the child, without the parent's pipes, and end the process with code 1.

        ``main`` ends it itself if all goes well.
        """
        try:
            for process in (*_open_processes, self):
                process.close()
            child.die_with_parent(self._owner)
            main()
        finally:  # whatever happens: nothing of the parent's is done twice
            os._exit(1)

    def read_answer(self, deadline: float) -> bytes | None:
        """Return an answer, or None if the process ended without one.

        ``deadline`` is a time of ``time.monotonic()``; raise TimeoutError once it has passed. The
        child is left running.
        """
        return read_message(self._answers, deadline)

    def is_alive(self) -> bool:
        """Return whether the child still runs; if not, it is reaped and its pipes are closed."""
        if self._pid and os.waitpid(self._pid, os.WNOHANG) != (0, 0):
            self._pid = 0
            self.close()
        return bool(self._pid)

    def wait(self) -> tuple[int, str]:
        """Wait for the end; return the exit code, negative for a signal, and faulthandler's dump.

        The dump is empty unless the child crashed or its hard timeout ended it.
        """
        _, status = os.waitpid(self._pid, 0)
        self._pid = 0
        os.set_blocking(self._traces, False)
        dump = b""
        with suppress(BlockingIOError):
            dump = os.read(self._traces, _MAX_DUMP)
        return os.waitstatus_to_exitcode(status), dump.decode("ascii", "replace")

    def kill(self) -> None:
        """Kill the child and wait for it, if this process started it; close the pipes."""
        if self._owner == os.getpid():
            if self._pid:
                os.kill(self._pid, signal.SIGKILL)
                os.waitpid(self._pid, 0)
                self._pid = 0
            self.close()

    def close(self) -> None:
        """Close this process's ends of the pipes; calling it again does nothing.

        A child that waits for a call ends itself then.
        """
        for pipe in (self.calls, self._answers, self._traces):
            if pipe >= 0:
                os.close(pipe)
        self.calls = self._answers = self._traces = -1
        _open_processes.discard(self)

    def __del__(self) -> None:
        self.kill()


# A child that reads a pipe waits for all writers to be gone: a later fork must not keep it open.
_open_processes: weakref.WeakSet[ForkedProcess] = weakref.WeakSet()


class _SpawnedProcess:
    """A new interpreter that receives its call by standard input."""

    def __init__(
        self, limits: Limits, function: Callable[..., Any], arguments: tuple[Any, ...]
    ) -> None:
        paths = [path for path in sys.path if isinstance(path, str)]
        program = (
            f"import sys; sys.path[:] = {paths!r}; import reportgen.processes.child as c; c.main()"
        )
        call = pickle.dumps((limits, function, arguments), pickle.HIGHEST_PROTOCOL)
        options = ["-X", "utf8"] if sys.flags.utf8_mode else []
        self._process = subprocess.Popen(
            [sys.executable, *options, "-c", program],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self._job = contain_program(self._process)  # before the call, so before it starts others
        self._dump = b""
        if self._process.stdin:
            with suppress(OSError):  # the reason why it is gone is read later
                self._process.stdin.write(call)
                self._process.stdin.close()
            self._process.stdin = None

    def read_answer(self, deadline: float) -> bytes | None:
        """Return an answer, or None if the process ended with an error.

        ``deadline`` is a time of ``time.monotonic()``; raise TimeoutError once it has passed. The
        process is left running.
        """
        try:
            content, self._dump = self._process.communicate(
                timeout=max(0.0, deadline - time.monotonic())
            )
        except subprocess.TimeoutExpired:
            raise TimeoutError from None
        return content[LENGTH_PREFIX.size :] if self._process.returncode == 0 else None

    def wait(self) -> tuple[int, str]:
        """Wait for the end; return the exit code, negative for a signal, and faulthandler's dump.

        The dump is what :meth:`read_answer` has read.
        """
        return self._process.wait(), self._dump.decode("ascii", "replace")

    def kill(self) -> None:
        """Kill the process if it runs, wait for it to end, and close its pipes.

        In a job what it has started ends with it.
        """
        if self._process.poll() is None:
            self._process.kill()
        if self._job is not None:
            self._job.close()
        self._process.wait()
        for pipe in (self._process.stdout, self._process.stderr):
            if pipe:
                pipe.close()


__all__ = ["SandboxedCall", "StartMethod", "choose_start_method", "run_in_fork", "run_inline"]
