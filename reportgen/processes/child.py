"""The child's side of a call: its timers, its limits, and what it sends back.

Two timers run in a child. The soft timeout raises :class:`DeadlineExceededError` where the call
stands, so that it can report where that was, for which it has GRACE_S seconds. The hard timeout,
GRACE_S seconds after the soft one, is a thread of C (:mod:`faulthandler`): it ends the process even
within a call of C that never returns, and dumps the lines where it stood.
"""

from __future__ import annotations

import _thread
import faulthandler
import gc
import os
import pickle
import signal
import sys
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NoReturn

from reportgen.processes import gc_policy, resource_limits
from reportgen.processes.call_errors import DeadlineExceededError, from_exception
from reportgen.processes.pipe_framing import read_message, write_message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

    from reportgen.processes.resource_limits import Limits

    Call = tuple[Limits, tuple[Any, ...]]  # and the arguments of the function

MAX_CALLS: Final = 300  # until a persistent worker is replaced: what it leaks is gone with it
MAX_GROWTH: Final = 500_000_000  # bytes that it may come to hold, before it is replaced
_ALARM: Final = getattr(signal, "SIGALRM", None) or signal.Signals["SIGBREAK"]  # on Windows
_PR_SET_PDEATHSIG: Final = 1  # of prctl(2): the signal for when the parent is gone


@dataclass(slots=True)
class _ChildState:
    limits: Limits | None = None  # of the running call; None: this process is no child
    soft_deadline: float = 0.0  # of time.monotonic()
    traces: int = 2  # the pipe that faulthandler writes to
    alarm: threading.Timer | None = None  # where the system has none


_state = _ChildState()


def is_child() -> bool:
    """Return whether this process is running a sandboxed call."""
    return _state.limits is not None


def remaining_limits() -> Limits:
    """Return the limits of the running call with the time that is left, at least 0.1 s.

    Must be called in a child.
    """
    assert _state.limits is not None
    left = max(_state.soft_deadline - time.monotonic(), 0.1)
    return resource_limits.Limits(seconds=left, memory=_state.limits.memory)


def extend_deadline(seconds: float) -> None:
    """Give a child ``seconds`` from now, for a further stage of its call; no-op elsewhere.

    Both timers start anew, so the limit may become earlier as well. The parent's own deadline
    stays.
    """
    if is_child():
        _state.soft_deadline = time.monotonic() + seconds
        _start_hard_timer(seconds + resource_limits.GRACE_S)
        _start_soft_timer(seconds)


def cancel_timers() -> None:
    """Cancel the alarm of this process and the pending dump of its traceback."""
    _start_soft_timer(0)
    faulthandler.cancel_dump_traceback_later()


def _start_soft_timer(seconds: float) -> None:
    """Start the alarm, in the place of an earlier one; 0 only cancels that.

    Without a timer of the system (Windows) a thread simulates the signal.
    """
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)
        return
    if _state.alarm is not None:
        _state.alarm.cancel()
        _state.alarm = None
    if seconds:
        _state.alarm = threading.Timer(seconds, _thread.interrupt_main, (_ALARM,))
        _state.alarm.daemon = True
        _state.alarm.start()


def _on_alarm(number: int, frame: FrameType | None) -> None:
    """Raise DeadlineExceededError where the call stands, with GRACE_S seconds for a report."""
    _start_hard_timer(resource_limits.GRACE_S)  # the whole grace, though the signal may be late
    raise DeadlineExceededError


def _start_hard_timer(seconds: float) -> None:
    """Start the timer that ends this process after so many seconds, whatever it does."""
    faulthandler.dump_traceback_later(seconds, exit=True, file=_state.traces)


def serve(
    function: Callable[..., Any],
    calls: Iterator[Call],
    answers: int,
    traces: int,
    *,
    persistent: bool = False,
    nested: bool = False,
) -> NoReturn:
    """Answer calls until there are no more or one has failed, and end this process.

    The exit code is 0 if every answer was written, else 1. A ``persistent`` child also ends when it
    has grown by MAX_GROWTH. A ``nested`` one is bound by the memory limit of the child that it is
    forked from. None of the parent's exit handlers or open contexts run.
    """
    code = 1
    try:
        _become_child(answers, traces)
        before = resource_limits.address_space_in_use()
        for limits, arguments in calls:
            if not nested:
                resource_limits.limit_address_space(limits.memory, permanently=not persistent)
            _state.limits = limits
            extend_deadline(limits.seconds)
            succeeded, answer = _answer(limits, function, arguments)
            cancel_timers()  # the reader of a long answer may be busy
            write_message(answers, answer)
            if not succeeded or resource_limits.address_space_in_use() - before > MAX_GROWTH:
                break
            del arguments, answer
        code = 0
    finally:
        os._exit(code)


def calls_from(pipe: int) -> Iterator[Call]:
    """Yield limits and arguments of each call sent to a persistent worker.

    Ends when the pipe is closed, or after MAX_CALLS. Collects garbage before each call but the
    first.
    """
    for number in range(MAX_CALLS):
        if number:
            gc.collect()
            gc.freeze()  # what the worker caches is not traversed in the midst of a call
        content = read_message(pipe)
        if content is None:
            return
        yield pickle.loads(content)


def main() -> NoReturn:
    """Serve one call in a new interpreter: its pickle comes by standard input."""
    answers, traces = os.dup(1), os.dup(2)
    limits, function, arguments = pickle.load(sys.stdin.buffer)
    serve(function, iter([(limits, arguments)]), answers, traces)


def die_with_parent(parent: int) -> None:
    """Let the system kill this fork once its parent is gone, where it can (Linux).

    ``parent`` is its process id. If it is gone already, this process ends at once.
    """
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # gone before the call of prctl
        os._exit(1)


def _become_child(answers: int, traces: int) -> None:
    """Set up a forked child: silence its streams, reset signals, trace crashes.

    The file descriptors ``answers`` and ``traces`` are left open.
    """
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in {1, 2} - {answers, traces}:  # C libraries without memory complain at length
        os.dup2(nowhere, stream)
    gc_policy.use_sandbox_thresholds()
    resource_limits.forget_task()
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(_ALARM, _on_alarm)
    _state.traces = traces
    faulthandler.enable(traces)


def _answer(
    limits: Limits, function: Callable[..., Any], arguments: tuple[Any, ...]
) -> tuple[bool, bytes]:
    """Call the function; return whether it has succeeded, and the pickle to send.

    The pickle holds that and the result, or a CallFailedError, also for a result that cannot be
    pickled.
    """
    try:
        return True, _serialize(True, function(*arguments))
    except (DeadlineExceededError, Exception) as error:
        try:
            return False, _serialize(False, from_exception(error, limits))
        except MemoryError:  # not even room for the lines
            return False, _serialize(False, from_exception(error, limits, with_lines=False))


def _serialize(succeeded: bool, result: object) -> bytes:
    """Return a pickle of an answer: whether the call succeeded, and its result or error."""
    return pickle.dumps((succeeded, result), pickle.HIGHEST_PROTOCOL)
