"""Observation of `reportgen collect` from outside: completion times, processor time, memory."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

REPORTGEN: Final = Path(sys.executable).parent / "reportgen"
SETTLED: Final = 10  # workbooks of a worker until it has all that it needs
WINDOW: Final = 6  # workbooks over which a worker's memory is looked at
_LOOKING: Final = 0.2  # seconds between looks
_TICKS: Final = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Look:
    """A sample at one moment."""

    done: int  # workbooks of the whole collection
    cpu: float  # seconds of all its processes
    workers: dict[int, float]  # process → resident MiB


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A completed collection."""

    seconds: float  # the command, from start to end
    ends: tuple[float, ...]  # when each workbook was done, in order, from the start
    names: tuple[str, ...]  # of the records, in this order
    looks: tuple[Look, ...]

    @property
    def until_made(self) -> float:
        """The seconds until the last workbook was done, without the roll-up."""
        return self.ends[-1]

    @property
    def cpu(self) -> float:
        """The processor seconds until then."""
        count = len(self.ends)
        at_end = (each.cpu for each in self.looks if each.done >= count)
        return next(at_end, self.looks[-1].cpu)

    def lives(self) -> Iterator[tuple[float, float, int]]:
        """Yield for each worker the MiB after its 10th workbook and after its last, and its number.

        The number cannot be observed; the workers are assumed to be equally busy.
        """
        for worker in dict.fromkeys(pid for each in self.looks for pid in each.workers):
            seen = [each for each in self.looks if worker in each.workers]
            beside = max(len(each.workers) for each in seen)
            first, last = seen[0].done, seen[-1].done
            window = WINDOW * beside
            settled = first + SETTLED * beside
            early = [
                each.workers[worker] for each in seen if settled <= each.done < settled + window
            ]
            late = [each.workers[worker] for each in seen if each.done > last - window]
            if early and last >= settled + 2 * window:
                yield _median(early), _median(late), round((last - first) / beside)


@dataclass(slots=True)
class _Tree:
    """All descendants of a process."""

    root: int
    below: dict[int, list[int]] = field(default_factory=dict)
    cpu: dict[int, float] = field(default_factory=dict)

    def look(self) -> None:
        self.below.clear()
        self.cpu.clear()
        for place in Path("/proc").iterdir():
            if place.name.isdigit():
                with suppress(OSError):  # it has just ended
                    self._add(int(place.name), (place / "stat").read_text("utf-8", "replace"))

    def _add(self, pid: int, stat: str) -> None:
        told = stat.rpartition(")")[2].split()
        self.below.setdefault(int(told[1]), []).append(pid)
        self.cpu[pid] = sum(map(int, told[11:15])) / _TICKS  # its own, and of children waited for

    def all(self) -> Iterator[int]:
        waiting = [self.root]
        while waiting:
            pid = waiting.pop()
            yield pid
            waiting += self.below.get(pid, ())

    def workers(self) -> Iterator[int]:
        for server in self.below.get(self.root, ()):
            with suppress(OSError):
                if b"forkserver" in Path(f"/proc/{server}/cmdline").read_bytes():
                    yield from self.below.get(server, ())


def collect(
    folder: Path,
    output: Path,
    jobs: int,
    cores: Sequence[int],
    *more: str | Path,
    documents: str = "scorecard,results",
) -> Watched:
    """Run the command on these cores and watch it; exit if a workbook fails."""
    command: list[str | Path] = [
        REPORTGEN,
        "collect",
        folder,
        "--output",
        output,
        "--jobs",
        str(jobs),
    ]
    command += ["--document", documents, *more]
    all_cores = os.sched_getaffinity(0)
    with tempfile.TemporaryFile() as said:
        os.sched_setaffinity(0, cores)  # which children inherit
        begun, clock = time.monotonic(), time.time()
        try:
            child = subprocess.Popen(command, stdout=said, stderr=said)
        finally:
            os.sched_setaffinity(0, all_cores)
        looks = list(_watched(child, output))
        seconds = time.monotonic() - begun
        _succeeded(child, said)
    records = sorted(_records(output), key=lambda path: path.stat().st_mtime)
    ends = [path.stat().st_mtime - clock for path in records]
    new = [(end, path.stem) for end, path in zip(ends, records, strict=True) if end >= 0]
    made = new[:-1]  # the last is the roll-up's
    return Watched(
        seconds=seconds,
        ends=tuple(end for end, _ in made),
        names=tuple(name for _, name in made),
        looks=tuple(looks),
    )


def _watched(child: subprocess.Popen[bytes], output: Path) -> Iterator[Look]:
    tree = _Tree(child.pid)
    before = len(_records(output))
    while child.poll() is None:
        tree.look()
        cpu = sum(tree.cpu.get(pid, 0.0) for pid in tree.all())
        workers = {pid: held for pid in tree.workers() if (held := _resident(pid))}
        yield Look(len(_records(output)) - before, cpu, workers)
        time.sleep(_LOOKING)


def _succeeded(child: subprocess.Popen[bytes], said: IO[bytes]) -> None:
    if child.returncode:
        said.seek(0)
        raise SystemExit(f"exit code {child.returncode}: {said.read().decode()[-2000:]}")


def _records(output: Path) -> list[Path]:
    return list((output / ".collect").glob("*.record"))


def _resident(pid: int) -> float:
    with suppress(OSError, StopIteration):
        lines = Path(f"/proc/{pid}/status").read_text("utf-8", "replace").splitlines()
        line = next(each for each in lines if each.startswith("VmRSS"))
        return int(line.split()[1]) / 1024
    return 0.0


def _median(values: Sequence[float]) -> float:
    return sorted(values)[len(values) // 2]


__all__ = ["REPORTGEN", "Look", "Watched", "collect"]
