"""Running a function in a process of its own: bounded in time and memory, beside other work.

A child is a fork where that is safe: it has all that this process has loaded, and costs some ten
milliseconds. Where there is no ``fork`` (Windows), or other threads run (a server), it is a new
interpreter, which costs a second and is handed the function and its arguments as a pickle.

A fork ends with the process that it is a fork of, whatever ends that, where the system can see to
it (Linux).

Two clocks run in the child. The first raises :class:`OutOfTimeError` where the function stands, so
that it can say where that was, for which it has GRACE seconds; the second, GRACE seconds after the
first, ends the process even within a call of C that never returns, and leaves the lines where it
stood. Memory is bounded by the system (``RLIMIT_AS``), which Windows does not know.
"""

from __future__ import annotations

import ctypes
import faulthandler
import gc
import os
import pickle
import re
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from enum import Enum, auto
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Generic, NoReturn, Self, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType, TracebackType

T = TypeVar("T")
GRACE: Final = 2.0  # seconds from the first clock to the second
# Objects that a call may leave about before it is looked for some, and how often among older ones.
RUBBISH: Final = (500_000, 50, 1000)
_PR_SET_PDEATHSIG: Final = 1  # of prctl(2): the signal for when the parent is gone
_LEAVING: Final = 0.01  # seconds that a thread may take to be gone after it has ended
_STATE: dict[str, Any] = {
    "child": False,
    "traces": None,
    "until": 0.0,
    "short": False,
    "limited": False,
}


class Way(Enum):
    """Where a function runs."""

    FORK = auto()
    SPAWN = auto()
    PART = auto()  # a fork of a child, within the child's bounds of memory
    HERE = auto()  # unbounded: within a child, whose own bounds hold


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a child may take."""

    seconds: float  # by the clock, until the function asks for more
    memory: int  # bytes, beside what this process holds already
    longest: float | None = None  # seconds in all, whatever it asks for; None: no more than that

    @property
    def patience(self) -> float:
        """Seconds until a child is ended from outside, when its own two clocks have run down."""
        return (self.longest or self.seconds) + 3 * GRACE


class OutOfTimeError(BaseException):
    """The first clock has run down. No ``except Exception`` of a library swallows it."""


@dataclass(frozen=True, slots=True)
class Place:
    """A line that a function stood at."""

    file: str
    line: int


class EndedError(Exception):
    """A child ended without an answer; ``places`` are where it stood, innermost first."""

    def __init__(self, found: str, places: tuple[Place, ...] = ()) -> None:
        super().__init__(found)
        self.found = found
        self.places = places


class UnbegunError(EndedError):
    """There was no room for a process."""


def way() -> Way:
    """How a function is run from here."""
    if _STATE["child"]:
        return Way.HERE
    return Way.FORK if _can_fork() else Way.SPAWN


def _can_fork() -> bool:
    return hasattr(os, "fork") and threading.active_count() == 1


class Child(Generic[T]):
    """A function that runs; ``with`` ends it whatever happens."""

    def __init__(
        self, limits: Limits, function: Callable[..., T], *arguments: Any, by: Way | None = None
    ) -> None:
        self._limits = limits
        self._deadline = time.monotonic() + limits.patience
        self._call = (function, arguments)
        self._process: _Forked | _Spawned | None = None
        self._failed: OSError | None = None
        chosen = by or way()
        try:
            if chosen in (Way.FORK, Way.PART):
                self._process = _Forked(limits, function, arguments, part=chosen is Way.PART)
            elif chosen is Way.SPAWN:
                self._process = _Spawned(limits, function, arguments)
        except OSError as error:  # no room for a process
            self._failed = error

    def result(self) -> T:
        """What the function answers; waits for it. To be called once.

        Raises UnbegunError where it could not begin, and EndedError where it took too long or too
        much memory, was killed, or raised anything itself.
        """
        if self._failed is not None:
            raise UnbegunError(_told(self._failed)) from self._failed
        if self._process is None:
            function, arguments = self._call
            answer: T = function(*arguments)
            return answer
        with self:
            content = self._process.answer(self._deadline - time.monotonic())
            if content is None:
                raise EndedError(too_long(self._limits))
            code, said = self._process.wait()
        if code:
            raise EndedError(end_of(self._limits, code, said), places(said))
        done, told = pickle.loads(content)
        if not done:
            raise EndedError(*told)
        result: T = told
        return result

    @property
    def has_begun(self) -> bool:
        """Whether there was room for a process."""
        return self._failed is None

    @contextmanager
    def answering(self) -> Iterator[Callable[[], T]]:
        """What waits for its answer; it is ended with the block."""
        with self:
            yield self.result

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._process is not None:
            self._process.end()


@contextmanager
def at_once(function: Callable[..., T], *arguments: Any) -> Iterator[Callable[[], T]]:
    """Do it here, in the same form."""
    answer = function(*arguments)
    yield lambda: answer


@contextmanager
def in_a_fork(function: Callable[..., T], *arguments: Any) -> Iterator[Callable[[], T]]:
    """Do a part of a child's work in a fork of the child, which has all that was made by now.

    The part has the time and the memory that the child has left, and is ended with the block.
    What is yielded waits for its answer, once, and raises EndedError as a Child's result does.
    Where there can be no such fork, the part is done at once.
    """
    part = _part(function, arguments)
    with at_once(function, *arguments) if part is None else part.answering() as answer:
        yield answer


def _part(function: Callable[..., T], arguments: tuple[Any, ...]) -> Child[T] | None:
    """A fork of this child; None where there can be none."""
    if not (_STATE["child"] and _can_fork()):
        return None
    limits: Limits = _STATE["limits"]
    left = replace(limits, seconds=max(_STATE["until"] - time.monotonic(), 0.1), longest=None)
    stop_clocks()  # a fork would have the lock of the watch that runs, and not its thread
    try:
        if _is_alone():
            part = Child(left, function, *arguments, by=Way.PART)
            return part if part.has_begun else None
    finally:
        more_time(left.seconds)
    return None


def _is_alone() -> bool:
    """Whether no other thread runs, of a library of C either: a fork would wait for it in vain.

    Pango of 1.52 and later has one that looks for fonts. False where it cannot be seen.
    """
    deadline = time.monotonic() + _LEAVING
    with suppress(OSError):  # not Linux
        while len(list(Path("/proc/self/task").iterdir())) > 1:
            if time.monotonic() > deadline:
                return False
        return True
    return False


def too_long(limits: Limits) -> str:
    """What is said of a child that takes more than its time."""
    return f"> {limits.longest or limits.seconds:.0f} s"


def _too_much(limits: Limits) -> str:
    return f"> {limits.memory / 1e9:.1f} GB"


def end_of(limits: Limits, code: int, said: str) -> str:
    """What is said of a child by its exit code, negative for a signal, and its last lines."""
    if said.startswith("Timeout"):
        return too_long(limits)
    return signal.Signals(-code).name if code < 0 else f"exit {code}"


def more_time(seconds: float) -> None:
    """Wind a child's clocks up again, for a further stage; elsewhere nothing."""
    if _STATE["child"]:
        _STATE["until"] = time.monotonic() + seconds
        faulthandler.dump_traceback_later(seconds + GRACE, exit=True, file=_STATE["traces"])
        if hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_REAL, seconds)


def cores() -> int:
    """How many processes this machine has room for."""
    with suppress(AttributeError):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def stop_clocks() -> None:
    """Let a child take its time."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, 0)
    faulthandler.cancel_dump_traceback_later()


class _Forked:
    """A copy of this process, and the pipes that it answers by."""

    def __init__(
        self,
        limits: Limits,
        function: Callable[..., Any],
        arguments: tuple[Any, ...],
        *,
        part: bool,
    ) -> None:
        self._answers, answers = os.pipe()
        self._traces, traces = os.pipe()
        self._pid, parent = 0, os.getpid()
        try:
            self._pid = os.fork()
        except OSError:
            os.close(answers)
            os.close(traces)
            self.end()
            raise
        if not self._pid:
            for pipe in (self._answers, self._traces):  # or it would wait for itself to read
                os.close(pipe)
            _end_with(parent)
            _serve(limits, function, arguments, answers, traces, part=part)
        os.close(answers)
        os.close(traces)

    def answer(self, seconds: float) -> bytes | None:
        """All that the child writes; None if it takes too long."""
        from select import POLLIN, poll

        deadline = time.monotonic() + seconds
        waiting = poll()
        waiting.register(self._answers, POLLIN)
        parts: list[bytes] = []
        while waiting.poll(max(0.0, deadline - time.monotonic()) * 1000):
            part = os.read(self._answers, 1 << 20)
            if not part:
                return b"".join(parts)
            parts.append(part)
        return None

    def wait(self) -> tuple[int, str]:
        """The exit code, negative for a signal, and the lines where the child stood."""
        _, status = os.waitpid(self._pid, 0)
        self._pid = 0
        os.set_blocking(self._traces, False)
        with suppress(BlockingIOError):
            said = os.read(self._traces, 1 << 16)
            return os.waitstatus_to_exitcode(status), said.decode("ascii", "replace")
        return os.waitstatus_to_exitcode(status), ""

    def end(self) -> None:
        """Leave no process and no pipe."""
        if self._pid:
            os.kill(self._pid, signal.SIGKILL)
            os.waitpid(self._pid, 0)
            self._pid = 0
        for pipe in (self._answers, self._traces):
            if pipe >= 0:
                os.close(pipe)
        self._answers = self._traces = -1


class _Spawned:
    """A new interpreter that is handed its work."""

    def __init__(
        self, limits: Limits, function: Callable[..., Any], arguments: tuple[Any, ...]
    ) -> None:
        paths = [path for path in sys.path if isinstance(path, str)]
        program = f"import sys; sys.path[:] = {paths!r}; import reportgen.bounded as b; b.main()"
        work = pickle.dumps((limits, function, arguments), pickle.HIGHEST_PROTOCOL)
        self._process = subprocess.Popen(
            [sys.executable, "-c", program],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self._said = b""
        if self._process.stdin:
            with suppress(OSError):  # a child that is gone tells its end later
                self._process.stdin.write(work)
                self._process.stdin.close()
            self._process.stdin = None

    def answer(self, seconds: float) -> bytes | None:
        """All that the child writes; None if it takes too long."""
        try:
            content, self._said = self._process.communicate(timeout=max(0.0, seconds))
        except subprocess.TimeoutExpired:
            return None
        return content

    def wait(self) -> tuple[int, str]:
        """The exit code, negative for a signal, and the lines where the child stood."""
        return self._process.wait(), self._said.decode("ascii", "replace")

    def end(self) -> None:
        """Leave no process and no pipe."""
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        for pipe in (self._process.stdout, self._process.stderr):
            if pipe:
                pipe.close()


def main() -> NoReturn:
    """A new interpreter's work: what to do comes by standard input, the answer goes out."""
    answers, traces = os.dup(1), os.dup(2)
    limits, function, arguments = pickle.load(sys.stdin.buffer)
    _serve(limits, function, arguments, answers, traces)


def _end_with(parent: int) -> None:
    """Let the system end this process when the one that it is a fork of is gone."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it has gone meanwhile
        os._exit(1)


def _serve(
    limits: Limits,
    function: Callable[..., Any],
    arguments: tuple[Any, ...],
    answers: int,
    traces: int,
    *,
    part: bool = False,
) -> NoReturn:
    """The child: nothing of what its parent has open, or left to do at its end, is touched."""
    code = 1
    try:
        prepare(answers, traces)
        if not part:
            limit_memory(limits.memory)
        more_time(limits.seconds)
        outcome = outcome_of(limits, function, arguments)
        stop_clocks()  # the reader of a long answer may be busy
        answer = memoryview(pickle.dumps(outcome, pickle.HIGHEST_PROTOCOL))
        while answer:
            answer = answer[os.write(answers, answer) :]
        code = 0
    finally:
        os._exit(code)


def prepare(answers: int, traces: int) -> None:
    """Make this process a child that answers and tells where it stands by two pipes."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in {1, 2} - {answers, traces}:  # C libraries without memory say so at length
        os.dup2(nowhere, stream)
    gc.freeze()  # what the parent has made is not looked through again, and stays shared
    gc.set_threshold(*RUBBISH)  # looking for some took a quarter of a layout
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if hasattr(signal, "SIGALRM"):
        signal.signal(signal.SIGALRM, _ring)
    _STATE.update(child=True, traces=traces)
    faulthandler.enable(traces)


def _ring(number: int, frame: FrameType | None) -> None:
    """The first clock is heard; what stood here has time to be left and told of."""
    faulthandler.dump_traceback_later(GRACE, exit=True, file=_STATE["traces"])
    raise OutOfTimeError


def limit_memory(most: int, *, for_good: bool = True) -> None:
    """Let this process have so many bytes beside what it holds; for good, or until told anew."""
    try:
        import resource
    except ImportError:  # Windows
        return
    _STATE["short"] = _STATE["short"] or lacks_memory(most)
    most += memory_held()
    for kind, limit in ((resource.RLIMIT_CORE, 0), (resource.RLIMIT_AS, most)):
        with suppress(ValueError, OSError):  # a limit that this system does not know, or bars
            hard = limit if for_good else resource.getrlimit(kind)[1]
            resource.setrlimit(kind, (limit, hard))
    _STATE["limited"] = True


def lacks_memory(most: int) -> bool:
    """Return whether the system gives less than a child may take, as after ``ulimit -v``."""
    if _STATE["short"]:
        return True
    if _STATE["limited"]:  # by ourselves
        return False
    try:
        import resource
    except ImportError:  # Windows
        return False
    bound = resource.getrlimit(resource.RLIMIT_AS)[1]
    return bound != resource.RLIM_INFINITY and bound < most + memory_held()


def memory_held() -> int:
    """The bytes of addresses that this process has; 0 where the system does not tell."""
    with suppress(OSError, ImportError):  # no /proc; Windows
        import resource

        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
        return pages * resource.getpagesize()
    return 0


def outcome_of(
    limits: Limits, function: Callable[..., Any], arguments: tuple[Any, ...]
) -> tuple[bool, Any]:
    """Whether the function came to its end, and its answer or why not and where."""
    _STATE["limits"] = limits
    try:
        return _outcome(limits, function, arguments)
    except MemoryError:  # not even room to tell where it was
        return False, (_too_much(limits), ())


def _outcome(
    limits: Limits, function: Callable[..., Any], arguments: tuple[Any, ...]
) -> tuple[bool, Any]:
    try:
        return True, function(*arguments)
    except OutOfTimeError as error:
        return False, (too_long(limits), _lines(error))
    except MemoryError as error:
        return False, (_too_much(limits), _lines(error))
    except Exception as error:
        return False, (_told(error), _lines(error))


def _told(error: Exception) -> str:
    """What kind of error it is, and what it says."""
    return f"{type(error).__name__}: {error}"[:200]


def _lines(error: BaseException) -> tuple[Place, ...]:
    import traceback

    frames = traceback.extract_tb(error.__traceback__)
    return tuple(Place(each.filename, each.lineno or 1) for each in reversed(frames))


def places(said: str) -> tuple[Place, ...]:
    """What faulthandler writes: innermost first; names in ASCII with escapes."""
    return tuple(
        Place(re.sub(r"\\x(..)|\\u(....)|\\U(.{8})", _unescaped, file), int(line))
        for file, line in re.findall(r'File "(.*?)", line (\d+) in', said)
    )


def _unescaped(found: re.Match[str]) -> str:
    return chr(int(found[1] or found[2] or found[3], 16))
