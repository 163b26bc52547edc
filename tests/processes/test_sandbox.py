"""A function in a child: its answer, or how and where it ended; and nothing is left behind."""

from __future__ import annotations

import _thread
import ctypes
import errno
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from itertools import repeat
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from reportgen.processes import resource_limits, sandbox
from reportgen.processes.call_errors import (
    CallFailedError,
    DeadlineExceededError,
    EndReason,
    from_exit,
)
from reportgen.processes.child import extend_deadline
from reportgen.processes.pipe_framing import DeferredBytes
from reportgen.processes.resource_limits import Limits
from reportgen.processes.sandbox import SandboxedCall, StartMethod, run_in_fork
from tests.readers.leftover_processes import children

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="no child without fork")
LIMITS = Limits(seconds=20, memory=1_000_000_000)
SHORT = Limits(seconds=0.2, memory=1_000_000_000)


@pytest.fixture(params=[StartMethod.FORK, StartMethod.SPAWN])
def either(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> StartMethod:
    monkeypatch.setattr(sandbox, "choose_start_method", lambda: request.param)
    if request.param is StartMethod.FORK:  # a new interpreter has its own
        monkeypatch.setattr(resource_limits, "GRACE_S", 0.3)
    return StartMethod(request.param)


@pytest.fixture
def _fork(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "choose_start_method", lambda: StartMethod.FORK)
    monkeypatch.setattr(resource_limits, "GRACE_S", 0.3)


def loops() -> None:
    while True:
        pass


def never_returns() -> None:
    deque(repeat(None), maxlen=0)  # a call of C


def asks_for_memory() -> None:
    bytearray(1 << 40)


def asks_for_address_space() -> int:
    return len(bytearray(100_000_000))


def stumbles() -> None:
    raise AttributeError("no such style")


def speaks_and_answers(content: str) -> str:
    os.write(1, b"to standard output")
    os.write(2, b"out of memory")
    return content


def swallows() -> None:
    while True:
        try:
            loops()
        except Exception:
            time.sleep(0)


def crashes() -> None:
    ctypes.string_at(0)


def line(function: Callable[..., object], text: str) -> int:
    """Where a function of this file says something."""
    lines = Path(__file__).read_text("utf-8").splitlines()
    start = lines.index(f"def {function.__name__}() -> None:")
    return next(n for n, each in enumerate(lines[start:], start + 1) if text in each)


def end(limits: Limits, function: Callable[..., object]) -> CallFailedError:
    before = len(os.listdir("/dev/fd"))  # noqa: PTH208 - no Path for a listing that changes itself
    with pytest.raises(CallFailedError) as error:
        SandboxedCall(limits, function).result()
    assert len(os.listdir("/dev/fd")) == before  # noqa: PTH208
    assert children() == []
    return error.value


def lines_of_this_file(error: CallFailedError) -> list[int]:
    return [place.line for place in error.traceback_lines if place.file == __file__]


@pytest.mark.usefixtures("either")
def test_the_answer_comes_back_whole_and_nothing_else(capfd: pytest.CaptureFixture[str]) -> None:
    content = "甲" * 3_000_000
    assert SandboxedCall(LIMITS, speaks_and_answers, content).result() == content
    assert capfd.readouterr() == ("", "")


@pytest.mark.usefixtures("either")
def test_a_loop_ends_where_it_stands() -> None:
    error = end(SHORT, loops)
    assert str(error) == "> 0 s"
    assert lines_of_this_file(error)[0] in (line(loops, "while"), line(loops, "pass"))


@pytest.mark.slow
@pytest.mark.usefixtures("either")
def test_a_call_of_c_that_never_returns_is_ended_and_found() -> None:
    error = end(SHORT, never_returns)
    assert str(error) == "> 0 s"
    assert lines_of_this_file(error)[0] == line(never_returns, "deque(")


def leaves_slowly() -> None:
    """Hears the first clock late, as after a long call of C, and takes time to leave."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
    time.sleep(0.9)
    try:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGALRM})
    finally:
        time.sleep(0.6)


@pytest.mark.slow
def test_who_hears_the_first_clock_has_time_to_say_where_it_was(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sandbox, "choose_start_method", lambda: StartMethod.FORK)
    monkeypatch.setattr(resource_limits, "GRACE_S", 1.0)
    error = end(SHORT, leaves_slowly)
    assert str(error) == "> 0 s"
    assert lines_of_this_file(error)[0] == line(leaves_slowly, "SIG_UNBLOCK")


@pytest.mark.usefixtures("_fork")
def test_no_except_clause_of_a_library_swallows_the_end() -> None:
    assert str(end(SHORT, swallows)) == "> 0 s"


@pytest.mark.usefixtures("either")
def test_memory_that_cannot_be_had_is_found() -> None:
    error = end(LIMITS, asks_for_memory)
    assert str(error) == "> 1.0 GB"
    assert lines_of_this_file(error)[0] == line(asks_for_memory, "bytearray")


@pytest.mark.usefixtures("either")
def test_memory_is_bounded_by_the_limit() -> None:
    assert SandboxedCall(LIMITS, asks_for_address_space).result() == 100_000_000
    assert str(end(Limits(seconds=20, memory=50_000_000), asks_for_address_space)) == "> 0.1 GB"


@pytest.mark.usefixtures("either")
def test_what_it_raises_is_told() -> None:
    error = end(LIMITS, stumbles)
    assert str(error) == "AttributeError: no such style"
    assert lines_of_this_file(error)[0] == line(stumbles, "raise")


@pytest.mark.usefixtures("_fork")
@pytest.mark.parametrize("name", ["SIGKILL", "SIGTERM", "SIGINT"])
def test_a_signal_is_told_by_its_name(name: str) -> None:
    assert str(end(LIMITS, lambda: os.kill(os.getpid(), getattr(signal, name)))) == name


@pytest.mark.usefixtures("_fork")
def test_an_early_leave_is_told() -> None:
    assert str(end(LIMITS, lambda: os._exit(3))) == "exit 3"


@pytest.mark.usefixtures("either")
def test_a_crash_of_a_library_is_found() -> None:
    error = end(LIMITS, crashes)
    assert str(error) == "SIGSEGV"
    assert line(crashes, "string_at") in lines_of_this_file(error)


@pytest.mark.usefixtures("_fork")
def test_an_answer_that_cannot_be_sent_is_an_end() -> None:
    error = end(LIMITS, threading.Lock)
    assert str(error) == "TypeError: cannot pickle '_thread.lock' object"


@pytest.mark.usefixtures("_fork")
def test_a_child_that_stands_still_is_ended_from_outside() -> None:
    def stopped() -> None:
        os.kill(os.getpid(), signal.SIGSTOP)

    assert str(end(SHORT, stopped)) == "> 0 s"


@pytest.mark.usefixtures("_fork")
def test_a_stage_may_ask_for_extend_deadline() -> None:
    def two_stages() -> str:
        time.sleep(0.15)
        extend_deadline(1.0)
        time.sleep(0.3)
        return "done"

    limits = Limits(seconds=0.3, memory=1_000_000_000, max_total_seconds=5)
    assert SandboxedCall(limits, two_stages).result() == "done"
    with pytest.raises(CallFailedError):
        SandboxedCall(limits, time.sleep, 0.4).result()


def test_here_nothing_is_bounded() -> None:
    extend_deadline(0.01)
    time.sleep(0.05)
    assert SandboxedCall(SHORT, os.getpid).result() == os.getpid()
    with pytest.raises(AttributeError):
        SandboxedCall(SHORT, stumbles).result()


@pytest.mark.usefixtures("_fork")
def test_an_interrupted_parent_leaves_no_child() -> None:
    with pytest.raises(KeyboardInterrupt), SandboxedCall(LIMITS, time.sleep, 60):
        raise KeyboardInterrupt
    assert children() == []


def test_the_way_is_chosen_by_what_is_safe() -> None:
    program = """
import os, threading
from reportgen.processes.resource_limits import Limits
from reportgen.processes.sandbox import SandboxedCall, choose_start_method
print(choose_start_method().name)
print(SandboxedCall(Limits(seconds=9, memory=10**9), lambda: choose_start_method().name).result())
end = threading.Event()
thread = threading.Thread(target=end.wait)
thread.start()
print(choose_start_method().name)
end.set()
thread.join()
del os.fork
print(choose_start_method().name)
"""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["FORK", "INLINE", "SPAWN", "SPAWN"]
    assert done.stderr == ""


def test_the_alarm_is_no_exception_that_is_caught_by_name() -> None:
    assert not issubclass(DeadlineExceededError, Exception)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no child without fork")
def test_a_child_whose_parent_was_killed_does_not_wait_for_a_reader() -> None:
    """Its answer is larger than a pipe; this test reads a pipe that nobody holds at the end."""
    program = (
        "import os, signal, sys, time\n"
        "from reportgen.processes.resource_limits import Limits\n"
        "from reportgen.processes.sandbox import SandboxedCall\n"
        "limits = Limits(seconds=9, memory=10**9)\n"
        "child = SandboxedCall(limits, bytes, 1_000_000)\n"
        "time.sleep(0.3)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    end, held = os.pipe()
    with subprocess.Popen([sys.executable, "-c", program], pass_fds=[held]):
        os.close(held)
        ready, _, _ = select.select([end], [], [], 20)
        assert ready
        assert os.read(end, 1) == b""
    os.close(end)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no child without fork")
@pytest.mark.usefixtures("_fork")
@pytest.mark.parametrize("size", [0, 10, 1_000_000])
def test_a_child_waits_for_what_is_made_meanwhile(
    size: int,
) -> None:
    later = DeferredBytes()
    with SandboxedCall(Limits(seconds=20, memory=10**9), later.receive) as child:
        time.sleep(0.05)
        later.send(bytes(size))
        assert child.result() == bytes(size)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no child without fork")
@pytest.mark.usefixtures("_fork")
def test_a_child_that_is_gone_takes_nothing() -> None:
    later = DeferredBytes()
    with SandboxedCall(Limits(seconds=20, memory=10**9), int, "1") as child:
        assert child.result() == 1
        later.send(bytes(1_000_000))


@pytest.mark.slow
@pytest.mark.usefixtures("_fork")
def test_a_part_of_a_child_is_done_in_a_fork_of_it() -> None:
    content = "甲" * 3_000_000

    def whole() -> tuple[int, tuple[int, str]]:
        with run_in_fork(lambda: (os.getpid(), content)) as answer:
            return os.getpid(), answer()

    with SandboxedCall(LIMITS, whole) as child:
        own, (parts, answer) = child.result()
    assert len({os.getpid(), own, parts}) == 3
    assert answer == content


@pytest.mark.usefixtures("_fork")
def test_a_part_takes_what_comes_later_as_its_child_does() -> None:
    """Both have the pipe open: neither waits for the other to close it."""
    later = DeferredBytes()

    def whole() -> tuple[bytes, str]:
        with run_in_fork(str, 5) as answer:
            return later.receive(), answer()

    with SandboxedCall(LIMITS, whole) as child:
        later.send(bytes(100_000))
        assert child.result() == (bytes(100_000), "5")


@pytest.mark.usefixtures("_fork")
@pytest.mark.parametrize(
    ("part", "told"),
    [
        (loops, "> 1 s"),
        (never_returns, "> 1 s"),
        (asks_for_memory, "> 1.0 GB"),
        (stumbles, "AttributeError: no such style"),
        (crashes, "SIGSEGV"),
        (lambda: bytearray(2 * 10**9), "> 1.0 GB"),  # it is bound as its child is
    ],
)
def test_the_end_of_a_part_is_told_to_its_child(part: Callable[[], object], told: str) -> None:
    def whole() -> str:
        extend_deadline(1)
        with run_in_fork(part) as answer:
            extend_deadline(20)
            with pytest.raises(CallFailedError) as error:
                answer()
        assert children() == []
        return str(error.value)

    with SandboxedCall(LIMITS, whole) as child:
        assert child.result() == told


def dies_by_a_signal() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there are no parts")
@pytest.mark.usefixtures("_fork")
@pytest.mark.parametrize(
    ("child_does", "told"),
    [(never_returns, "> 20 s"), (crashes, "SIGSEGV"), (dies_by_a_signal, "SIGKILL")],
)
def test_a_part_ends_with_its_child(child_does: Callable[[], None], told: str) -> None:
    def whole() -> None:
        with run_in_fork(time.sleep, 60):
            extend_deadline(0.2)
            child_does()

    gone, held = os.pipe()
    begun = time.monotonic()
    child = SandboxedCall(LIMITS, whole)
    os.close(held)  # which only the child and its part have now
    with pytest.raises(CallFailedError) as error:
        child.result()
    assert str(error.value) == told
    assert select.select([gone], [], [], 10) == ([gone], [], [])
    assert os.read(gone, 1) == b""
    assert time.monotonic() - begun < 10
    os.close(gone)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there are no parts")
@pytest.mark.usefixtures("_fork")
def test_a_child_that_is_killed_takes_its_part_with_it() -> None:
    def whole() -> None:
        with run_in_fork(time.sleep, 60):
            time.sleep(60)

    gone, held = os.pipe()
    with SandboxedCall(LIMITS, whole):
        os.close(held)
        time.sleep(0.3)
    assert select.select([gone], [], [], 10) == ([gone], [], [])
    os.close(gone)


@pytest.mark.usefixtures("_fork")
@pytest.mark.parametrize("why", ["a thread that only the system knows", "no room for a process"])
def test_where_there_can_be_no_fork_a_part_is_done_at_once(why: str) -> None:
    def fails() -> int:
        raise BlockingIOError(errno.EAGAIN, why)

    def whole() -> tuple[int, int, int]:
        if why.startswith("a thread"):
            _thread.start_new_thread(time.sleep, (20,))
        else:
            os.fork = fails
        before = len(os.listdir("/dev/fd"))  # noqa: PTH208
        with run_in_fork(os.getpid) as answer:
            return os.getpid(), answer(), len(os.listdir("/dev/fd")) - before  # noqa: PTH208

    own, parts, more = SandboxedCall(LIMITS, whole).result()
    assert own == parts
    assert more == 0


@pytest.mark.usefixtures("_fork")
def test_a_part_that_nobody_waits_for_is_ended() -> None:
    def whole() -> str:
        with run_in_fork(time.sleep, 60):
            pass
        assert children() == []
        return "done"

    with SandboxedCall(LIMITS, whole) as child:
        assert child.result() == "done"


def test_without_a_fork_a_part_is_done_at_once() -> None:
    order: list[str] = []
    with run_in_fork(order.append, "part") as answer:
        order.append("rest")
        answer()
    assert order == ["part", "rest"]


@pytest.mark.usefixtures("_fork")
def test_a_loop_ends_where_it_stands_without_a_timer_of_the_system(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As on Windows: a thread stands for the alarm."""
    monkeypatch.delattr(signal, "setitimer")
    error = end(SHORT, loops)
    assert error.reason is EndReason.TIMEOUT
    assert set(lines_of_this_file(error)) & {line(loops, "while"), line(loops, "pass")}


@pytest.mark.usefixtures("_fork")
def test_a_call_that_ends_in_time_is_not_interrupted_without_a_timer_of_the_system(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delattr(signal, "setitimer")
    assert SandboxedCall(LIMITS, asks_for_address_space).result() == 100_000_000


@pytest.mark.parametrize(
    ("code", "reason", "detail"),
    [
        (0xC0000005, EndReason.SIGNAL, "SIGSEGV"),
        (0x80000003, EndReason.SIGNAL, "SIGTRAP"),
        (0xC0000409, EndReason.SIGNAL, "0xC0000409"),
        (3, EndReason.EXIT, 3),
    ],
)
def test_a_crash_on_windows_is_no_exit(code: int, reason: EndReason, detail: str | int) -> None:
    error = from_exit(code, LIMITS)
    assert (error.reason, error.detail) == (reason, detail)


def sleeps() -> str:
    time.sleep(0.5)
    return "done"


@pytest.mark.parametrize(
    ("method", "allowance", "expected"),
    [(StartMethod.SPAWN, 20.0, "done"), (StartMethod.FORK, 20.0, "> 0 s")],
)
def test_a_new_interpreter_has_time_to_import(
    monkeypatch: pytest.MonkeyPatch, method: StartMethod, allowance: float, expected: str
) -> None:
    """As on Windows, where each call is one; a fork has imported all."""
    monkeypatch.setattr(sandbox, "IMPORT_ALLOWANCE_S", allowance)
    try:
        outcome = SandboxedCall(SHORT, sleeps, start_method=method).result()
    except CallFailedError as error:
        outcome = str(error)
    assert outcome == expected
