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
_OFTEN, _SELDOM = 0.02, 0.3  # seconds between looks at the memory


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
    found: Path = getattr(source, contender.begins)
    return found


def place_of(contender: Contender, folder: Path) -> Place:
    """Return a contender's own place below a folder."""
    return Place(folder / "".join(each for each in contender.name if each.isalnum()))


def check(contender: Contender, folder: Path, count: int = 1) -> None:
    """Raise FailedError if files are missing, whatever the exit code was."""
    for ending in contender.makes:
        found = sum(1 for each in folder.rglob(f"*.{ending}") if each.stat().st_size)
        if found < count:
            raise FailedError(f"{found} of {count} {ending} made")


def told(error: FailedError) -> str:
    """Print an error; return its text for a table."""
    print(error, file=sys.stderr)
    return "failed"


def cold(
    contenders: Sequence[Contender], source: Source, rounds: int, folder: Path
) -> tuple[Figures, dict[str, list[Path]]]:
    """Return medians of a process per document, and the first two output files of each kind."""
    taken: dict[str, list[Took]] = {each.name: [] for each in contenders}
    kept: dict[str, list[Path]] = {each.name: [] for each in contenders}
    failed: Figures = {each.name: NO_FORM for each in contenders if each.once is None}
    for number in range(rounds + 2):  # the first warms the disk's cache, the last is for memory
        is_last = number == rounds + 1
        for each in contenders:
            if each.name not in failed:
                try:
                    one = _once(each, source, folder, _OFTEN if is_last else 0.0)
                except FailedError as error:
                    failed[each.name] = told(error)
                    continue
                if number:
                    taken[each.name].append(one)
                if number < 2:
                    kept[each.name] += _kept(each, folder, number)
    medians: Figures = {
        name: _median(each[:-1], each[-1].memory) for name, each in taken.items() if each
    }
    return medians | failed, kept


def _once(contender: Contender, source: Source, folder: Path, every: float) -> Took:
    assert contender.once is not None
    place = place_of(contender, folder)
    made = place.empty()
    command = contender.once(begins(contender, source), made)
    took = run(command, contender.environment, place.folder, every=every)
    check(contender, made)
    return took


def _kept(contender: Contender, folder: Path, number: int) -> list[Path]:
    place = place_of(contender, folder)
    found = next(place.made.rglob(f"*.{contender.makes[0]}"))
    return [found.rename(place.folder / f"{number}.{contender.makes[0]}")]


def _median(several: Sequence[Took], memory: float) -> Took:
    return Took(
        statistics.median(each.clock for each in several),
        statistics.median(each.cpu for each in several),
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
        for each in contenders:
            if each.stays is not None:
                staying[each.name] = stack.enter_context(Staying(each.stays(), each.environment))
                makers[each.name] = _by_staying(each, staying[each.name], folder)
            elif each.together is not None:
                makers[each.name] = _by_difference(each, folder)
            else:
                failed[each.name] = NO_FORM
        for number, turn in enumerate(turns):
            for name, make in makers.items():
                if name not in failed:
                    try:
                        one = make(turn)
                    except FailedError as error:
                        failed[name] = told(error)
                        continue
                    if number:
                        taken.setdefault(name, []).append(one)
        held = {name: memory_of(each.pid) for name, each in staying.items()}
    return {name: _median(each, held.get(name, 0.0)) for name, each in taken.items()} | failed


def _by_staying(
    contender: Contender, staying: Staying, folder: Path
) -> Callable[[Sequence[Source]], Took]:
    def make(turn: Sequence[Source]) -> Took:
        made = place_of(contender, folder).empty()
        several = []
        for number, source in enumerate(turn):
            staying.ready(begins(contender, source))
            several.append(staying.make(begins(contender, source), made / str(number)))
        check(contender, made, len(turn))
        clock, cpu = sum(each.clock for each in several), sum(each.cpu for each in several)
        return Took(clock / len(turn), cpu / len(turn))

    return make


def _by_difference(contender: Contender, folder: Path) -> Callable[[Sequence[Source]], Took]:
    """Return a measurement of each further document in one process, by difference to one."""
    assert contender.together is not None
    together = contender.together

    def make(turn: Sequence[Source]) -> Took:
        place = place_of(contender, folder)
        runs = []
        for sources in (turn, turn[:1]):
            made = place.empty()
            command = together([begins(contender, each) for each in sources], made)
            runs.append(run(command, contender.environment, place.folder))
            check(contender, made, len(sources))
        more, less = runs
        further = len(turn) - 1
        return Took((more.clock - less.clock) / further, (more.cpu - less.cpu) / further)

    return make


def batch(
    contenders: Iterable[Contender], sources: Sequence[Source], jobs: int, folder: Path
) -> Figures:
    """Return totals of many documents, from a cold start, one contender after the other."""
    figures: Figures = {}
    for each in contenders:
        if each.once is None:
            figures[each.name] = NO_FORM
            continue
        place = place_of(each, folder)
        place.empty()
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        start = time.perf_counter()
        try:
            with watched(os.getpid(), _SELDOM) as memory:
                _batch(each, sources, jobs, place)
            clock = time.perf_counter() - start
            check(each, place.made, len(sources))
        except FailedError as error:
            figures[each.name] = told(error)
            continue
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        figures[each.name] = Took(clock, cpu, memory[0])
        print(f"  {each.name}: {len(sources) / clock:.1f} documents/s", file=sys.stderr)
        shutil.rmtree(place.folder)
    return figures


def _batch(contender: Contender, sources: Sequence[Source], jobs: int, place: Place) -> None:
    """Run a contender in the best way it has: its own, warm processes, shares, a process each."""
    files = [begins(contender, each) for each in sources]
    if contender.all_of is not None:
        command = contender.all_of(files[0].parent, place.made, jobs)
        run(command, contender.environment, place.folder)
    elif contender.stays is not None:
        _deal(contender, files, jobs, place)
    elif contender.together is not None:
        shares = [files[number::jobs] for number in range(min(jobs, len(files)))]
        _side_by_side(contender, contender.together, shares, jobs, place)
    else:
        once = contender.once
        assert once is not None
        singly = [[each] for each in files]
        _side_by_side(contender, lambda few, made: once(few[0], made), singly, jobs, place)


def _deal(contender: Contender, files: Sequence[Path], jobs: int, place: Place) -> None:
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
                    staying.let(file, place.made / str(number))
                except FailedError as error:
                    failures.append(error)

    workers = [threading.Thread(target=work) for _ in range(jobs)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    if failures:
        raise failures[0]


def _side_by_side(
    contender: Contender,
    command: Callable[[Sequence[Path], Path], list[str | Path]],
    shares: Sequence[Sequence[Path]],
    jobs: int,
    place: Place,
) -> None:
    def one(number: int) -> None:
        made = place.made / str(number)
        made.mkdir()
        said = place.folder / f"said-{number}"
        said.mkdir()
        run(command(shares[number], made), contender.environment, said)

    with ThreadPoolExecutor(jobs) as pool:
        list(pool.map(one, range(len(shares))))


def growth(
    contenders: Sequence[Contender], sources: Sequence[Source], rounds: int, folder: Path
) -> list[Figures]:
    """Return the means of each document's processes; memory is sampled in the last round."""
    found: list[Figures] = []
    for source in sources:
        figures: Figures = {}
        taken: dict[str, list[Took]] = {each.name: [] for each in contenders}
        for number in range(rounds):
            for each in contenders:
                if each.once is None:
                    figures[each.name] = NO_FORM
                elif each.name not in figures:
                    every = _OFTEN if number == rounds - 1 else 0.0
                    try:
                        taken[each.name].append(_once(each, source, folder, every))
                    except FailedError as error:
                        figures[each.name] = told(error)
        means: Figures = {
            name: _median(runs, runs[-1].memory) for name, runs in taken.items() if runs
        }
        found.append(means | figures)
        print(f"  {source.kpis} KPIs", file=sys.stderr)
    return found
