"""Parallel builds of many workbooks, each as ``reportgen build`` does it."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.batch import batch_executor, worker
from reportgen.batch.tasks import BuildOptions, Status, Task, TaskResult
from reportgen.problems import StoppedError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reportgen.pipeline import BuildOutput, Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class _BuildTask(Task):
    """A workbook on this machine, which is read by its worker."""

    workbook: Path
    settings: Settings
    folder: Path  # base of relative paths


@dataclass(frozen=True, slots=True, kw_only=True)
class _BuildTaskResult(TaskResult):
    """The result of a build; ``finished`` is None if its problems prevented it."""

    finished: BuildOutput | None


def build_in_parallel(
    workbooks: Sequence[Path], settings: Settings, jobs: int
) -> Iterator[tuple[int, BuildOutput | StoppedError]]:
    """Yield index and outcome of each workbook's build as soon as it is done, in any order.

    The outcome is the output, which is not written yet, or a StoppedError with its problems; that
    is yielded, not raised. Paths are relative to the current folder. Workers report no progress.
    """
    folder, settings = Path.cwd(), replace(settings, cores=1, progress=_ignore_progress)
    tasks = (
        (
            number,
            _BuildTask(
                name=path.name,
                content=b"",
                options=BuildOptions(),
                workbook=path,
                settings=settings,
                folder=folder,
            ),
        )
        for number, path in enumerate(workbooks)
    )
    for number, result in batch_executor.run_batch(
        tasks, lambda: batch_executor.open_local_executor(jobs, _build)
    ):
        if isinstance(result, _BuildTaskResult) and result.finished is not None:
            yield number, result.finished
        else:
            yield number, _stopped_error(result)


def _ignore_progress(stage: str) -> None:
    """Ignore a progress report."""


def _build(task: Task) -> TaskResult:
    """Build the documents of a workbook in a worker; nothing is written.

    Problems that stop it give Status.REFUSED. The working folder of the process is changed to the
    task's.
    """
    from reportgen.pipeline import render_edition

    assert isinstance(task, _BuildTask)
    os.chdir(task.folder)
    settings = replace(task.settings, fonts=worker.open_fonts(task.settings.font_folders))
    try:
        output = render_edition(task.workbook, settings).to_output()
    except StoppedError as stop:
        return TaskResult(status=Status.REFUSED, problems=stop.problems)
    return _BuildTaskResult(status=Status.MADE, problems=output.problems, finished=output)


def _stopped_error(result: TaskResult) -> StoppedError:
    """Return, without raising it, a StoppedError with a result's problems and their exit code."""
    from reportgen.pipeline import exit_code

    return StoppedError(result.problems, exit_code(result.problems))


__all__ = ["build_in_parallel"]
