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
_SAMPLE_INTERVAL_S: Final = 0.2  # seconds between looks
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
        at_end = (look.cpu for look in self.looks if look.done >= count)
        return next(at_end, self.looks[-1].cpu)

    def lives(self) -> Iterator[tuple[float, float, int]]:
        """Yield for each worker the MiB after its 10th workbook and after its last, and its number.

        The number cannot be observed; the workers are assumed to be equally busy.
        """
        for worker in dict.fromkeys(pid for look in self.looks for pid in look.workers):
            looks_at_worker = [look for look in self.looks if worker in look.workers]
            worker_count = max(len(look.workers) for look in looks_at_worker)
            first, last = looks_at_worker[0].done, looks_at_worker[-1].done
            window = WINDOW * worker_count
            settled = first + SETTLED * worker_count
            early_mib = [
                look.workers[worker]
                for look in looks_at_worker
                if settled <= look.done < settled + window
            ]
            late_mib = [
                look.workers[worker] for look in looks_at_worker if look.done > last - window
            ]
            if early_mib and last >= settled + 2 * window:
                yield _median(early_mib), _median(late_mib), round((last - first) / worker_count)


@dataclass(slots=True)
class _Tree:
    """All descendants of a process."""

    root: int
    below: dict[int, list[int]] = field(default_factory=dict)
    cpu: dict[int, float] = field(default_factory=dict)

    def look(self) -> None:
        self.below.clear()
        self.cpu.clear()
        for folder in Path("/proc").iterdir():
            if folder.name.isdigit():
                with suppress(OSError):  # it has just ended
                    self._add(int(folder.name), (folder / "stat").read_text("utf-8", "replace"))

    def _add(self, pid: int, stat: str) -> None:
        fields = stat.rpartition(")")[2].split()
        self.below.setdefault(int(fields[1]), []).append(pid)
        self.cpu[pid] = sum(map(int, fields[11:15])) / _TICKS  # its own, and of children waited for

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
    with tempfile.TemporaryFile() as output_file:
        os.sched_setaffinity(0, cores)  # which children inherit
        started, clock = time.monotonic(), time.time()
        try:
            child = subprocess.Popen(command, stdout=output_file, stderr=output_file)
        finally:
            os.sched_setaffinity(0, all_cores)
        looks = list(_sample(child, output))
        seconds = time.monotonic() - started
        _check_success(child, output_file)
    records = sorted(_records(output), key=lambda path: path.stat().st_mtime)
    ends = [path.stat().st_mtime - clock for path in records]
    new = [(end, path.stem) for end, path in zip(ends, records, strict=True) if end >= 0]
    built = new[:-1]  # the last is the roll-up's
    return Watched(
        seconds=seconds,
        ends=tuple(end for end, _ in built),
        names=tuple(name for _, name in built),
        looks=tuple(looks),
    )


def _sample(child: subprocess.Popen[bytes], output: Path) -> Iterator[Look]:
    tree = _Tree(child.pid)
    before = len(_records(output))
    while child.poll() is None:
        tree.look()
        cpu = sum(tree.cpu.get(pid, 0.0) for pid in tree.all())
        workers = {pid: resident for pid in tree.workers() if (resident := _resident(pid))}
        yield Look(len(_records(output)) - before, cpu, workers)
        time.sleep(_SAMPLE_INTERVAL_S)


def _check_success(child: subprocess.Popen[bytes], output_file: IO[bytes]) -> None:
    if child.returncode:
        output_file.seek(0)
        raise SystemExit(f"exit code {child.returncode}: {output_file.read().decode()[-2000:]}")


def _records(output: Path) -> list[Path]:
    return list((output / ".collect").glob("*.record"))


def _resident(pid: int) -> float:
    with suppress(OSError, StopIteration):
        lines = Path(f"/proc/{pid}/status").read_text("utf-8", "replace").splitlines()
        line = next(candidate for candidate in lines if candidate.startswith("VmRSS"))
        return int(line.split()[1]) / 1024
    return 0.0


def _median(values: Sequence[float]) -> float:
    return sorted(values)[len(values) // 2]


__all__ = ["REPORTGEN", "Look", "Watched", "collect"]
