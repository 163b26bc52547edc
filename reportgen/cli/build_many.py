"""``reportgen build`` of many workbooks: beside each other, told in the order they were named."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.cli import output, signal_state
from reportgen.problems import StoppedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from reportgen.cli.argument_parser import Options
    from reportgen.pipeline import Built, Finished, Settings
    from reportgen.problems.problem import Language


def build_many(
    options: Options,
    language: Language,
    settings: Settings,
    find_workbook: Callable[[str], Path],
    jobs: int,
) -> Iterator[tuple[str, Built | StoppedError]]:
    """What each build has written, or why it has written nothing."""
    done: dict[int, Finished | StoppedError] = {}
    names, told = options.workbooks, 0
    progress = output.Progress(f"[0/{len(names)}]", language, shown=not options.quiet)
    progress("read")
    for number, outcome in _outcomes(names, settings, find_workbook, jobs):
        signal_state.look()
        done[number] = outcome
        progress.clear()
        while told in done:
            yield names[told], _written(done.pop(told), settings)
            told += 1
        count = f"[{told + len(done)}/{len(names)}]"
        progress = output.Progress(count, language, shown=not options.quiet)
        progress("render")
    progress.clear()


def _outcomes(
    names: Sequence[str], settings: Settings, find_workbook: Callable[[str], Path], jobs: int
) -> Iterator[tuple[int, Finished | StoppedError]]:
    """Of each name, by its number: as it is done."""
    from reportgen.batch.parallel_build import builds

    found: dict[int, Path] = {}
    for number, name in enumerate(names):
        try:
            found[number] = find_workbook(name)
        except StoppedError as stop:
            yield number, stop
    if found:
        numbers = list(found)
        for place, outcome in builds(tuple(found.values()), settings, min(jobs, len(found))):
            yield numbers[place], outcome


def _written(made: Finished | StoppedError, settings: Settings) -> Built | StoppedError:
    from reportgen.pipeline import write

    if isinstance(made, StoppedError):
        return made
    try:
        return write(made, settings)
    except StoppedError as stop:
        return stop


__all__ = ["build_many"]
