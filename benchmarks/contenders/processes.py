"""Cost of processes with their descendants: elapsed time, processor time, memory.

Processor time and memory of running processes are read from /proc, so on Linux only.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from benchmarks.contenders.contender import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from benchmarks.contenders.contender import Command

PATIENCE = 600.0  # seconds for one command
_SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER
_SAME_ENVIRONMENT = {
    "PYTHONPATH": str(ROOT),
    "SOURCE_DATE_EPOCH": "1500000000",
}  # who can, gives the same bytes
_TICK = os.sysconf("SC_CLK_TCK")


class FailedError(Exception):
    """A contender did not make its document; the message is its output."""


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds elapsed, and of the processor; the peak memory in MiB."""

    clock: float
    cpu: float
    memory: float = 0.0


def adopt() -> None:
    """Become the subreaper of orphaned descendants, so that their time is counted."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)


def run(
    command: Command, environment: Mapping[str, str], folder: Path, *, every: float = 0.0
) -> Took:
    """Run a command and its descendants to their end; raise FailedError on failure.

    Memory is sampled ``every`` so many seconds; 0: never.
    """
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with (folder / "said").open("w+b") as output:
        start = time.perf_counter()
        child = _start(command, environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        timer = threading.Timer(PATIENCE, _kill, [child.pid])
        timer.start()
        try:
            with watched(child.pid, every) as memory:
                code = child.wait()
                clock = time.perf_counter() - start
        finally:
            timer.cancel()
            _reap(child.pid)
        output.seek(0)
        if code:
            message = output.read().decode(errors="replace")[-500:]
            raise FailedError(f"{Path(command[0]).name}: exit code {code}: {message}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Took(clock, cpu, memory[0])


class Staying:
    """A warm process that makes documents on request."""

    def __init__(self, command: Command, environment: Mapping[str, str]) -> None:
        self._process = _start(
            command,
            environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self.pid = self._process.pid

    def ready(self, source: Path) -> None:
        """Let it prepare a document, unmeasured."""
        self._ask({"ready": str(source)})

    def make(self, source: Path, folder: Path) -> Took:
        """Return the cost of making a document; raise FailedError on failure."""
        before, start = cpu_of(self.pid), time.perf_counter()
        self.let(source, folder)
        clock = time.perf_counter() - start
        return Took(clock, cpu_of(self.pid) - before)

    def let(self, source: Path, folder: Path) -> None:
        """Let it make a document; raise FailedError on failure."""
        folder.mkdir(parents=True, exist_ok=True)
        self._ask({"make": str(source), "into": str(folder)})

    def _ask(self, what: dict[str, str]) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with suppress(BrokenPipeError):
            self._process.stdin.write(json.dumps(what).encode() + b"\n")
            self._process.stdin.flush()
        line = self._process.stdout.readline()
        answer = json.loads(line) if line else {"failed": "it has ended"}
        if "failed" in answer:
            raise FailedError(answer["failed"])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(20)
        _reap(self.pid)
        self._process.wait()
        self._process.stdout.close()


def _start(
    command: Command, environment: Mapping[str, str], **streams: Any
) -> subprocess.Popen[bytes]:
    variables = {**os.environ, **_SAME_ENVIRONMENT, **environment}
    return subprocess.Popen(command, env=variables, start_new_session=True, **streams)


def _reap(session: int) -> None:
    """Kill the rest of a session, and wait for it to count its time."""
    _kill(session)
    with suppress(ChildProcessError):
        while True:  # they have been killed: it does not take long
            os.waitpid(-session, 0)


def _kill(session: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(session, signal.SIGKILL)


def tree(root: int) -> list[tuple[int, list[str]]]:
    """Return a process and its descendants: number, and the fields of /proc/…/stat."""
    fields_by_process: dict[int, list[str]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields_by_process[int(path.parent.name)] = (
                path.read_text("utf-8").rpartition(")")[2].split()
            )
    parents = {number: int(fields[1]) for number, fields in fields_by_process.items()}
    return [
        (number, fields)
        for number, fields in fields_by_process.items()
        if int(fields[3]) == root or root in _line(number, parents)
    ]


def _line(number: int, parents: Mapping[int, int]) -> Iterator[int]:
    while number in parents:
        yield number
        number = parents[number]


def cpu_of(root: int) -> float:
    """Return the processor seconds of a process and its descendants."""
    ticks = sum(sum(map(int, fields[11:15])) for _, fields in tree(root))
    return ticks / _TICK


def memory_of(root: int) -> float:
    """Return the MiB of a process and its descendants, this one left out; shared memory once."""
    total = 0
    for number in {number for number, _ in tree(root)} - {os.getpid()}:
        with suppress(OSError):
            text = Path(f"/proc/{number}/smaps_rollup").read_text("utf-8")
            total += sum(int(line.split()[1]) for line in text.splitlines() if line[:4] == "Pss:")
    return total / 1024


@contextmanager
def watched(root: int, every: float) -> Iterator[list[float]]:
    """Yield a list whose only item is the peak memory."""
    peak, stopped = [0.0], threading.Event()

    def look() -> None:
        while not stopped.is_set():
            peak[0] = max(peak[0], memory_of(root))
            stopped.wait(every)

    watcher = threading.Thread(target=look)
    if every:
        watcher.start()
    try:
        yield peak
    finally:
        stopped.set()
        if every:
            watcher.join()
