"""Throughput of collecting many agencies: the ratios that the program promises, as a table.

    .venv/bin/python benchmarks/collect.py [--count 400] [--only rates pdf rerun memory]

Agencies are generated (tests/factories/agencies, seed 7, none faulty); of each, PDF and Word of
scorecard and results are made. Progress goes to standard error, the table to standard output.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

ROOT: Final = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.collection import pdf, watch  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from benchmarks.collection.watch import Watched

CORES: Final = 2
CHANGED: Final = 3  # workbooks before the rerun
ROOM: Final[list[str | Path]] = [
    *(sys.executable, "-c"),
    "words = [str(n) for n in range(20_000)]\nfor _ in range(5000): len(' '.join(words).split())",
]
ROOM_TURNS: Final = 4
TEMPLATES: Final = ("--templates", ROOT / "templates")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the table."""

    what: str
    aim: str
    found: str
    how: str


@dataclass(frozen=True, slots=True)
class Cost:
    """The cost of a contender: seconds elapsed, and of the processor."""

    clock: float
    cpu: float

    def __add__(self, other: Cost) -> Cost:
        return Cost(self.clock + other.clock, self.cpu + other.cpu)

    def per_agency(self, count: int) -> str:
        """Return the cost per agency as text."""
        return f"{self.clock / count:.2f} s by the clock, {self.cpu / count:.2f} s CPU each"


@dataclass(slots=True)
class Bench:
    """The options, and the runs that several parts use."""

    options: argparse.Namespace
    folder: Path
    cores: Sequence[int]
    warm: list[Watched] = field(default_factory=list)

    def rates(self) -> Iterator[Line]:
        """Measure all cores, one core, and a process for each agency, taking turns."""
        options = self.options
        alone = both = Cost(0, 0)
        start_up = 0.0
        sampled: list[tuple[Path, float]] = []
        for number, part in enumerate(self._parts()):
            output = self.folder / f"both-{number}"
            run = self._collect(part, output, CORES, f"{CORES} workers, part {number + 1}")
            both += Cost(run.until_made, run.cpu)
            self.warm.append(run)
            shutil.rmtree(output)
            run = self._collect(part, output, 1, f"1 worker on 1 core, part {number + 1}")
            first, last = run.ends[0], run.ends[-1]
            scale = len(run.ends) / (len(run.ends) - 1)
            alone += Cost((last - first) * scale, run.cpu)
            start_up += first
            self.warm.append(run)
            sampled += _sample(part, run, -(-options.sample // options.rounds))
            shutil.rmtree(output)
        count = options.rated or options.count
        faster = alone.clock / both.clock
        yield Line(
            f"{CORES} workers ÷ 1 warm worker on one core",
            "≥ 1.9",
            f"{faster:.2f}",
            f"{count} agencies each: {both.per_agency(count)}; alone {alone.per_agency(count)};"
            f" the start counts for the {CORES} only;"
            f" if no other load had been: {_ideal(alone, both):.2f}",
        )
        yield self._room()
        yield from self._compare_with_cold(sampled, both.clock / alone.clock, both, count)

    def _room(self) -> Line:
        """Measure the machine's own limit: independent work on one core and on all."""
        alone, together = [], []
        for _ in range(ROOM_TURNS):
            alone.append(self._processes([ROOM], "arithmetic on one core", cores=self.cores[:1]))
            together.append(self._processes([ROOM] * CORES, f"arithmetic on {CORES} cores"))
        alone_s, together_s = (sum(cost.clock for cost in costs) for costs in (alone, together))
        ratios = [CORES * a.clock / b.clock for a, b in zip(alone, together, strict=True)]
        return Line(
            f"the machine: {CORES} processes of arithmetic ÷ 1",
            f"{CORES}",
            f"{CORES * alone_s / together_s:.2f}",
            f"the most that {CORES} workers could reach here; {ROOM_TURNS} turns,"
            f" {min(ratios):.2f} to {max(ratios):.2f}",
        )

    def _compare_with_cold(
        self, sampled: list[tuple[Path, float]], share: float, both: Cost, count: int
    ) -> Iterator[Line]:
        paths = [path for path, _ in sampled]
        warm = share * sum(seconds for _, seconds in sampled)
        builds = [_build_command(path, self.folder / "cold") for path in paths]
        cold = self._processes(builds, "a process per agency")
        cpu = cold.cpu / len(paths) / (both.cpu / count)
        yield Line(
            f"{CORES} workers ÷ `reportgen build` started for each agency",
            "≥ 6",
            f"{cold.clock / warm:.2f}",
            f"a sample of {len(paths)}, {CORES} at a time: {cold.per_agency(len(paths))};"
            f" by CPU about {cpu:.2f}",
        )
        htmls = self._final_html(paths)
        stock = self._processes(list(map(_stock_command, htmls)), "a stock process per document")
        yield Line(
            f"{CORES} workers ÷ stock `weasyprint` started for each document (PDF only)",
            "–",
            f"{stock.clock / warm:.2f}",
            f"the same sample, finished HTML, {CORES} at a time: {stock.per_agency(len(paths))};"
            f" by CPU about {stock.cpu / len(paths) / (both.cpu / count):.2f}",
        )

    def pdf(self) -> Iterator[Line]:
        """Measure each document by ours and the stock one, taking turns."""
        workbooks = _spread(self.workbooks, min(self.options.sample, 12))
        pairs: list[pdf.Pair] = []
        for pair in pdf.compare(workbooks, self.options.turns, self._empty_folder("pdf")):
            pairs.append(pair)
            _log(f"{pair.document}, {pair.pages} pages: {pair.ours:.2f} ÷ {pair.stock:.2f} s CPU")
        ours, stock = sum(pair.ours for pair in pairs), sum(pair.stock for pair in pairs)
        ratios = sorted(pair.ours / pair.stock for pair in pairs)
        pages = sum(pair.pages for pair in pairs)
        yield Line(
            "the PDF part ÷ stock warm WeasyPrint, CPU",
            "≤ 0.6",
            f"{ours / stock:.2f}",
            f"{len(pairs)} documents of {pages} pages: {1000 * ours / pages:.0f} and"
            f" {1000 * stock / pages:.0f} ms a page; one by one {ratios[0]:.2f} to"
            f" {ratios[-1]:.2f}, median {statistics.median(ratios):.2f}",
        )

    def memory(self) -> Iterator[Line]:
        """Return the workers' memory in the runs so far, or in a run of its own."""
        runs = self.warm
        if not runs:
            output = self.folder / "memory"
            runs = [self._collect(self.workbooks, output, CORES, f"{CORES} workers")]
            shutil.rmtree(output)
        lives = [life for run in runs for life in run.lives()]
        if not lives:
            yield Line("memory of a worker", "< 10 MiB", "?", "too few workbooks")
            return
        after_tenth, after_last, count = max(lives, key=lambda life: life[1] - life[0])
        lowest = min(after_tenth for after_tenth, _, _ in lives)
        yield Line(
            "a worker's growth from its 10th workbook to its last",
            "< 10 MiB",
            f"{after_last - after_tenth:.1f} MiB",
            f"the most of {len(lives)} lives: {after_tenth:.0f} → {after_last:.0f} MiB resident"
            f" over about {count} workbooks; of any life of the {len(runs)} runs,"
            f" the last over the least 10th:"
            f" {max(after_last for _, after_last, _ in lives) - lowest:.1f} MiB",
        )

    def rerun(self) -> Iterator[Line]:
        """Measure a rerun after three workbooks have changed."""
        folder, output = self._empty_folder("changing"), self.folder / "rerun"
        for path in self.workbooks:
            os.link(path, folder / path.name)
        paths = sorted(folder.iterdir())
        first = self._collect(paths, output, CORES, "the first run", folder)
        self.warm.append(first)
        for path in _spread(paths, CHANGED):
            _change(path)
        again = self._collect(paths, output, CORES, "the rerun", folder)
        if len(again.ends) != CHANGED:
            raise SystemExit(f"{len(again.ends)} workbooks were made again")
        clock, cpu = again.seconds / first.seconds, again.looks[-1].cpu / first.looks[-1].cpu
        yield Line(
            f"a rerun with {CHANGED} changed workbooks ÷ the first run",
            "< 3 %",
            f"{100 * clock:.1f} %",
            f"of {len(paths)}, with the roll-up: {again.seconds:.1f} of {first.seconds:.1f} s;"
            f" by CPU {100 * cpu:.1f} %; without the roll-up {again.until_made:.1f} of"
            f" {first.until_made:.1f} s, {100 * again.until_made / first.until_made:.1f} %",
        )

    @property
    def workbooks(self) -> list[Path]:
        return sorted((self.folder / "in").glob("*.xlsx"))

    def _parts(self) -> Iterator[list[Path]]:
        """Yield parts of the agencies, each of all sizes."""
        by_size = sorted(self.workbooks, key=lambda path: path.stat().st_size)
        by_size = _spread(by_size, self.options.rated or len(by_size))
        for number in range(self.options.rounds):
            yield sorted(by_size[number :: self.options.rounds])

    def _collect(
        self, paths: Sequence[Path], output: Path, jobs: int, name: str, folder: Path | None = None
    ) -> Watched:
        started = time.monotonic()
        folder = folder or self._link_workbooks(paths)
        run = watch.collect(folder, output, jobs, self.cores[:jobs], *TEMPLATES)
        _log(f"{name}: {len(run.ends)} agencies in {run.until_made:.1f} s, CPU {run.cpu:.1f} s")
        _log(f"    with the roll-up {time.monotonic() - started:.1f} s")
        return run

    def _link_workbooks(self, paths: Sequence[Path]) -> Path:
        folder = self._empty_folder("part")
        for path in paths:
            os.link(path, folder / path.name)
        return folder

    def _empty_folder(self, name: str) -> Path:
        folder = self.folder / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        return folder

    def _final_html(self, paths: Sequence[Path]) -> list[Path]:
        """Return the final HTML of these workbooks' documents."""
        folder = self._link_workbooks(paths)
        output = self.folder / "html"
        watch.collect(folder, output, CORES, self.cores, *TEMPLATES, "--format", "html")
        return sorted(output.rglob("*_*.html"))

    def _processes(
        self, commands: list[list[str | Path]], name: str, cores: Sequence[int] = ()
    ) -> Cost:
        """Run commands, as many at a time as there are cores, on the named cores only."""
        used = os.sched_getaffinity(0)
        os.sched_setaffinity(0, cores or self.cores)
        before, started = os.times(), time.monotonic()
        running: dict[int, subprocess.Popen[bytes]] = {}
        waiting = list(commands)
        while waiting or running:
            while waiting and len(running) < CORES:
                null = subprocess.DEVNULL
                child = subprocess.Popen(waiting.pop(), stdout=null, stderr=null)
                running[child.pid] = child
            pid, status = os.wait()
            child = running.pop(pid)
            child.returncode = os.waitstatus_to_exitcode(status)
            if status:
                raise SystemExit(f"{name}: exit code {child.returncode}")
        seconds, after = time.monotonic() - started, os.times()
        os.sched_setaffinity(0, used)
        cpu = after.children_user - before.children_user
        cpu += after.children_system - before.children_system
        _log(f"{name}: {len(commands)} in {seconds:.1f} s, CPU {cpu:.1f} s")
        return Cost(seconds, cpu)


def _ideal(alone: Cost, both: Cost) -> float:
    """Return the ratio that processor time alone would give, with the cost of shared caches."""
    return CORES * alone.cpu / both.cpu


def _sample(part: Sequence[Path], run: Watched, count: int) -> Iterator[tuple[Path, float]]:
    """Yield workbooks of all sizes, and the seconds that each took the lone worker."""
    from reportgen.batch import build_cache

    took = dict(
        zip(
            run.names[1:],
            (b - a for a, b in zip(run.ends, run.ends[1:], strict=False)),
            strict=True,
        )
    )
    timed = [path for path in part if build_cache.entry_path(Path(), path.name).stem in took]
    for path in _spread(sorted(timed, key=lambda path: path.stat().st_size), count):
        yield path, took[build_cache.entry_path(Path(), path.name).stem]


def _spread(paths: Sequence[Path], count: int) -> list[Path]:
    """Return so many of the paths, evenly distributed."""
    count = min(count, len(paths))
    return [paths[(2 * number + 1) * len(paths) // (2 * count)] for number in range(count)]


def _build_command(workbook: Path, output: Path) -> list[str | Path]:
    command: list[str | Path] = [watch.REPORTGEN, "build", workbook, "--output", output]
    return [*command, "--document", "scorecard,results", *TEMPLATES]


def _stock_command(html: Path) -> list[str | Path]:
    weasyprint = Path(sys.executable).parent / "weasyprint"
    return [weasyprint, "--pdf-variant", "pdf/a-3a", html, html.with_suffix(".pdf")]


def _change(path: Path) -> None:
    """Rename the first KPI of a workbook."""
    from reportgen.workbook import read, write

    card, problems = read(path)
    if card is None:
        raise SystemExit("\n".join(problem.line("en") for problem in problems))
    first, *others = card.kpis
    name = replace(first.name, text=f"{first.name.text}（修）")
    path.unlink()  # it is linked to the one that was not changed
    write(replace(card, kpis=(replace(first, name=name), *others)), path)


def _log(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


def _parse_arguments() -> argparse.Namespace:
    parts = ("rates", "pdf", "rerun", "memory")
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--count", type=int, default=400, help="agencies (400)")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--rated", type=int, default=0, help="agencies of all sizes in rates (all)")
    parser.add_argument("--sample", type=int, default=24, help="agencies for slow contenders (24)")
    parser.add_argument("--rounds", type=int, default=1, help="parts that take turns (1)")
    parser.add_argument("--turns", type=int, default=3, help="of each document in pdf (3)")
    parser.add_argument("--only", nargs="+", choices=parts, default=parts, help="these parts")
    return parser.parse_args()


def main() -> None:
    """Measure and print."""
    options = _parse_arguments()
    cores = sorted(os.sched_getaffinity(0))[:CORES]
    if len(cores) < CORES:
        raise SystemExit(f"{CORES} cores are needed")
    with tempfile.TemporaryDirectory(prefix="reportgen-benchmark-") as name:
        bench = Bench(options, Path(name), cores)
        arguments = ["--count", str(options.count), "--seed", str(options.seed)]
        command = [
            sys.executable,
            "-m",
            "tests.factories.agencies",
            str(bench.folder / "in"),
            *arguments,
        ]
        _log("writing workbooks")
        subprocess.run(command, cwd=ROOT, check=True, stdout=sys.stderr)
        parts: list[Callable[[], Iterator[Line]]] = [
            getattr(bench, part_name) for part_name in ("rates", "pdf", "rerun", "memory")
        ]
        print("| | aim | found | how |\n|---|---|---|---|", flush=True)
        for part in parts:
            if part.__name__ in options.only:
                for line in part():
                    row = f"| {line.what} | {line.aim} | **{line.found}** | {line.how} |"
                    print(row, flush=True)


if __name__ == "__main__":
    main()
