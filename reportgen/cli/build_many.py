"""``reportgen build`` of many workbooks: in parallel, reported in the order of the arguments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.cli import output, signal_state
from reportgen.problems import StoppedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from reportgen.cli.argument_parser import CommandOptions
    from reportgen.pipeline import BuildOutput, Settings, WrittenBuild
    from reportgen.problems.problem import Language


def build_many(
    options: CommandOptions,
    language: Language,
    settings: Settings,
    find_workbook: Callable[[str], Path],
    jobs: int,
) -> Iterator[tuple[str, WrittenBuild | StoppedError]]:
    """Yield each build, or why it has written nothing, in the order of the arguments."""
    outcomes: dict[int, BuildOutput | StoppedError] = {}
    names, yielded = options.workbooks, 0
    progress = output.ProgressLine(f"[0/{len(names)}]", language, shown=not options.quiet)
    progress("read")
    for number, outcome in _finished_builds(names, settings, find_workbook, jobs):
        signal_state.raise_if_interrupted()
        outcomes[number] = outcome
        progress.clear()
        while yielded in outcomes:
            yield names[yielded], _write_outcome(outcomes.pop(yielded), settings)
            yielded += 1
        count = f"[{yielded + len(outcomes)}/{len(names)}]"
        progress = output.ProgressLine(count, language, shown=not options.quiet)
        progress("render")
    progress.clear()


def _finished_builds(
    names: Sequence[str], settings: Settings, find_workbook: Callable[[str], Path], jobs: int
) -> Iterator[tuple[int, BuildOutput | StoppedError]]:
    """Yield the number of a name and its outcome, as soon as it is done."""
    from reportgen.batch.parallel_build import builds

    paths: dict[int, Path] = {}
    for number, name in enumerate(names):
        try:
            paths[number] = find_workbook(name)
        except StoppedError as stop:
            yield number, stop
    if paths:
        numbers = list(paths)
        for position, outcome in builds(tuple(paths.values()), settings, min(jobs, len(paths))):
            yield numbers[position], outcome


def _write_outcome(
    outcome: BuildOutput | StoppedError, settings: Settings
) -> WrittenBuild | StoppedError:
    from reportgen.pipeline import write_build

    if isinstance(outcome, StoppedError):
        return outcome
    try:
        return write_build(outcome, settings)
    except StoppedError as stop:
        return stop


__all__ = ["build_many"]
