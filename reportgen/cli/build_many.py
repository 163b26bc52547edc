"""``reportgen build`` of many workbooks: in parallel, reported in the order of the arguments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.cli import output, signal_state
from reportgen.problems import StoppedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from reportgen.cli.command_options import CommandOptions
    from reportgen.pipeline import BuildOutput, Settings, WrittenBuild
    from reportgen.problems.problem import Language


def build_many(
    options: CommandOptions,
    language: Language,
    settings: Settings,
    find_workbook: Callable[[str], Path],
    jobs: int,
) -> Iterator[tuple[str, WrittenBuild | StoppedError]]:
    """Build in ``jobs`` processes, and yield each build in the order of the arguments.

    Its files are written before; it comes with the name of its workbook, and is a StoppedError if
    nothing was written. Shows progress. Raise KeyboardInterrupt if the program was interrupted.
    """
    results: dict[int, BuildOutput | StoppedError] = {}
    names, yielded = options.workbooks, 0
    progress = output.ProgressLine(f"[0/{len(names)}]", language, shown=not options.quiet)
    progress("read")
    for number, result in _finished_builds(names, settings, find_workbook, jobs):
        signal_state.raise_if_interrupted()
        results[number] = result
        progress.clear()
        while yielded in results:
            yield names[yielded], _write_outcome(results.pop(yielded), settings)
            yielded += 1
        count = f"[{yielded + len(results)}/{len(names)}]"
        progress = output.ProgressLine(count, language, shown=not options.quiet)
        progress("render")
    progress.clear()


def _finished_builds(
    names: Sequence[str], settings: Settings, find_workbook: Callable[[str], Path], jobs: int
) -> Iterator[tuple[int, BuildOutput | StoppedError]]:
    """Yield the index of a name and its output or StoppedError, as soon as it is done.

    Names without a workbook come first. Nothing is written.
    """
    from reportgen.batch.parallel_build import build_in_parallel

    paths: dict[int, Path] = {}
    for number, name in enumerate(names):
        try:
            paths[number] = find_workbook(name)
        except StoppedError as stop:
            yield number, stop
    if paths:
        numbers = list(paths)
        for position, result in build_in_parallel(
            tuple(paths.values()), settings, min(jobs, len(paths))
        ):
            yield numbers[position], result


def _write_outcome(
    result: BuildOutput | StoppedError, settings: Settings
) -> WrittenBuild | StoppedError:
    """Write the documents of a build and return them; return a StoppedError, do not raise it."""
    from reportgen.pipeline import write_build

    if isinstance(result, StoppedError):
        return result
    try:
        return write_build(result, settings)
    except StoppedError as stop:
        return stop


__all__ = ["build_many"]
