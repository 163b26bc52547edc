"""Measurement of the contenders, taking turns on the same documents.

A text in place of a contender's figures says why it has none.
"""

from __future__ import annotations

import os
import resource
import shutil
import statistics
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks.contenders.processes import FailedError, Staying, Took, memory_of, run, watched

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from benchmarks.contenders.contender import Contender, Source

Figures = dict[str, Took | str]  # by name of contender
NO_FORM = "–"
_FAST_SAMPLING_S, _SLOW_SAMPLING_S = 0.02, 0.3  # seconds between looks at the memory


@dataclass(frozen=True, slots=True)
class Place:
    """The folder in which a contender works, and the output folder that is emptied each turn."""

    folder: Path

    @property
    def made(self) -> Path:
        """The output folder."""
        return self.folder / "made"

    def empty(self) -> Path:
        """Empty the output folder."""
        shutil.rmtree(self.made, ignore_errors=True)
        self.made.mkdir(parents=True)
        return self.made


def begins(contender: Contender, source: Source) -> Path:
    """Return the file that a contender starts from."""
    path: Path = getattr(source, contender.begins)
    return path


def place_of(contender: Contender, folder: Path) -> Place:
    """Return a contender's own place below a folder."""
    return Place(folder / "".join(char for char in contender.name if char.isalnum()))


def check(contender: Contender, folder: Path, count: int = 1) -> None:
    """Raise FailedError if files are missing, whatever the exit code was."""
    for ending in contender.makes:
        count_found = sum(1 for path in folder.rglob(f"*.{ending}") if path.stat().st_size)
        if count_found < count:
            raise FailedError(f"{count_found} of {count} {ending} made")


def told(error: FailedError) -> str:
    """Print an error; return its text for a table."""
    print(error, file=sys.stderr)
    return "failed"


def cold(
    contenders: Sequence[Contender], source: Source, rounds: int, folder: Path
) -> tuple[Figures, dict[str, list[Path]]]:
    """Return medians of a process per document, and the first two output files of each kind."""
    taken: dict[str, list[Took]] = {contender.name: [] for contender in contenders}
    outputs: dict[str, list[Path]] = {contender.name: [] for contender in contenders}
    failed: Figures = {
        contender.name: NO_FORM for contender in contenders if contender.once is None
    }
    for number in range(rounds + 2):  # the first warms the disk's cache, the last is for memory
        is_last = number == rounds + 1
        for contender in contenders:
            if contender.name not in failed:
                try:
                    cost = _once(contender, source, folder, _FAST_SAMPLING_S if is_last else 0.0)
                except FailedError as error:
                    failed[contender.name] = told(error)
                    continue
                if number:
                    taken[contender.name].append(cost)
                if number < 2:
                    outputs[contender.name] += _keep_output(contender, folder, number)
    medians: Figures = {
        name: _median(costs[:-1], costs[-1].memory) for name, costs in taken.items() if costs
    }
    return medians | failed, outputs


def _once(contender: Contender, source: Source, folder: Path, every: float) -> Took:
    assert contender.once is not None
    workplace = place_of(contender, folder)
    output = workplace.empty()
    command = contender.once(begins(contender, source), output)
    took = run(command, contender.environment, workplace.folder, every=every)
    check(contender, output)
    return took


def _keep_output(contender: Contender, folder: Path, number: int) -> list[Path]:
    workplace = place_of(contender, folder)
    file = next(workplace.made.rglob(f"*.{contender.makes[0]}"))
    return [file.rename(workplace.folder / f"{number}.{contender.makes[0]}")]


def _median(costs: Sequence[Took], memory: float) -> Took:
    return Took(
        statistics.median(cost.clock for cost in costs),
        statistics.median(cost.cpu for cost in costs),
        memory,
    )


def warm(
    contenders: Sequence[Contender], turns: Sequence[Sequence[Source]], folder: Path
) -> Figures:
    """Return medians per document of warm contenders, turn by turn; the first is not counted.

    Every document is another, as some cache what they have made. ``memory`` is that at the end.
    """
    taken: dict[str, list[Took]] = {}
    failed: Figures = {}
    with ExitStack() as stack:
        makers: dict[str, Callable[[Sequence[Source]], Took]] = {}
        staying: dict[str, Staying] = {}
        for contender in contenders:
            if contender.stays is not None:
                staying[contender.name] = stack.enter_context(
                    Staying(contender.stays(), contender.environment)
                )
                makers[contender.name] = _measure_warm(contender, staying[contender.name], folder)
            elif contender.together is not None:
                makers[contender.name] = _by_difference(contender, folder)
            else:
                failed[contender.name] = NO_FORM
        for number, turn in enumerate(turns):
            for name, make in makers.items():
                if name not in failed:
                    try:
                        cost = make(turn)
                    except FailedError as error:
                        failed[name] = told(error)
                        continue
                    if number:
                        taken.setdefault(name, []).append(cost)
        memory_mib = {name: memory_of(process.pid) for name, process in staying.items()}
    return {
        name: _median(costs, memory_mib.get(name, 0.0)) for name, costs in taken.items()
    } | failed


def _measure_warm(
    contender: Contender, staying: Staying, folder: Path
) -> Callable[[Sequence[Source]], Took]:
    def make(turn: Sequence[Source]) -> Took:
        output = place_of(contender, folder).empty()
        costs = []
        for number, source in enumerate(turn):
            staying.ready(begins(contender, source))
            costs.append(staying.make(begins(contender, source), output / str(number)))
        check(contender, output, len(turn))
        clock, cpu = sum(cost.clock for cost in costs), sum(cost.cpu for cost in costs)
        return Took(clock / len(turn), cpu / len(turn))

    return make


def _by_difference(contender: Contender, folder: Path) -> Callable[[Sequence[Source]], Took]:
    """Return a measurement of each further document in one process, by difference to one."""
    assert contender.together is not None
    together = contender.together

    def make(turn: Sequence[Source]) -> Took:
        workplace = place_of(contender, folder)
        runs = []
        for sources in (turn, turn[:1]):
            output = workplace.empty()
            command = together([begins(contender, source) for source in sources], output)
            runs.append(run(command, contender.environment, workplace.folder))
            check(contender, output, len(sources))
        more, less = runs
        further = len(turn) - 1
        return Took((more.clock - less.clock) / further, (more.cpu - less.cpu) / further)

    return make


def batch(
    contenders: Iterable[Contender], sources: Sequence[Source], jobs: int, folder: Path
) -> Figures:
    """Return totals of many documents, from a cold start, one contender after the other."""
    figures: Figures = {}
    for contender in contenders:
        if contender.once is None:
            figures[contender.name] = NO_FORM
            continue
        workplace = place_of(contender, folder)
        workplace.empty()
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        start = time.perf_counter()
        try:
            with watched(os.getpid(), _SLOW_SAMPLING_S) as memory:
                _batch(contender, sources, jobs, workplace)
            clock = time.perf_counter() - start
            check(contender, workplace.made, len(sources))
        except FailedError as error:
            figures[contender.name] = told(error)
            continue
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        figures[contender.name] = Took(clock, cpu, memory[0])
        print(f"  {contender.name}: {len(sources) / clock:.1f} documents/s", file=sys.stderr)
        shutil.rmtree(workplace.folder)
    return figures


def _batch(contender: Contender, sources: Sequence[Source], jobs: int, workplace: Place) -> None:
    """Run a contender in the best way it has: its own, warm processes, shares, a process each."""
    files = [begins(contender, each) for each in sources]
    if contender.all_of is not None:
        command = contender.all_of(files[0].parent, workplace.made, jobs)
        run(command, contender.environment, workplace.folder)
    elif contender.stays is not None:
        _distribute(contender, files, jobs, workplace)
    elif contender.together is not None:
        shares = [files[number::jobs] for number in range(min(jobs, len(files)))]
        _run_in_parallel(contender, contender.together, shares, jobs, workplace)
    else:
        once = contender.once
        assert once is not None
        singly = [[each] for each in files]
        _run_in_parallel(contender, lambda few, made: once(few[0], made), singly, jobs, workplace)


def _distribute(contender: Contender, files: Sequence[Path], jobs: int, workplace: Place) -> None:
    waiting = list(enumerate(files))
    failures: list[FailedError] = []

    def work() -> None:
        assert contender.stays is not None
        with Staying(contender.stays(), contender.environment) as staying:
            while not failures:
                try:
                    number, file = waiting.pop(0)
                except IndexError:
                    return
                try:
                    staying.let(file, workplace.made / str(number))
                except FailedError as error:
                    failures.append(error)

    workers = [threading.Thread(target=work) for _ in range(jobs)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    if failures:
        raise failures[0]


def _run_in_parallel(
    contender: Contender,
    command: Callable[[Sequence[Path], Path], list[str | Path]],
    shares: Sequence[Sequence[Path]],
    jobs: int,
    workplace: Place,
) -> None:
    def run_share(number: int) -> None:
        output = workplace.made / str(number)
        output.mkdir()
        log_folder = workplace.folder / f"said-{number}"
        log_folder.mkdir()
        run(command(shares[number], output), contender.environment, log_folder)

    with ThreadPoolExecutor(jobs) as pool:
        list(pool.map(run_share, range(len(shares))))


def growth(
    contenders: Sequence[Contender], sources: Sequence[Source], rounds: int, folder: Path
) -> list[Figures]:
    """Return the means of each document's processes; memory is sampled in the last round."""
    figures_by_size: list[Figures] = []
    for source in sources:
        figures: Figures = {}
        costs: dict[str, list[Took]] = {contender.name: [] for contender in contenders}
        for number in range(rounds):
            for contender in contenders:
                if contender.once is None:
                    figures[contender.name] = NO_FORM
                elif contender.name not in figures:
                    every = _FAST_SAMPLING_S if number == rounds - 1 else 0.0
                    try:
                        costs[contender.name].append(_once(contender, source, folder, every))
                    except FailedError as error:
                        figures[contender.name] = told(error)
        means: Figures = {
            name: _median(runs, runs[-1].memory) for name, runs in costs.items() if runs
        }
        figures_by_size.append(means | figures)
        print(f"  {source.kpis} KPIs", file=sys.stderr)
    return figures_by_size
