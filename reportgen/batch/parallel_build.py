"""Parallel builds of many workbooks, each as ``reportgen build`` does it."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.batch import batch_executor, worker
from reportgen.batch.tasks import Order, Outcome, Stage, Style
from reportgen.problems import StoppedError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reportgen.pipeline import BuildOutput, Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class _BuildOrder(Order):
    """A workbook on this machine, which is read by its worker."""

    workbook: Path
    settings: Settings
    folder: Path  # base of relative paths


@dataclass(frozen=True, slots=True, kw_only=True)
class _BuildOutcome(Outcome):
    """The outcome of a build; ``finished`` is None if its problems prevented it."""

    finished: BuildOutput | None


def builds(
    workbooks: Sequence[Path], settings: Settings, jobs: int
) -> Iterator[tuple[int, BuildOutput | StoppedError]]:
    """Yield the number and the output of each build as soon as it is done.

    Workers report no progress.
    """
    folder, settings = Path.cwd(), replace(settings, cores=1, progress=_silent)
    orders = (
        (
            number,
            _BuildOrder(
                name=path.name,
                content=b"",
                style=Style(),
                workbook=path,
                settings=settings,
                folder=folder,
            ),
        )
        for number, path in enumerate(workbooks)
    )
    for number, outcome in batch_executor.run_batch(
        orders, lambda: batch_executor.local_executor(jobs, _build)
    ):
        if isinstance(outcome, _BuildOutcome) and outcome.finished is not None:
            yield number, outcome.finished
        else:
            yield number, _stopped_error(outcome)


def _silent(stage: str) -> None:
    pass


def _build(order: Order) -> Outcome:
    from reportgen.pipeline import render_edition

    assert isinstance(order, _BuildOrder)
    os.chdir(order.folder)
    settings = replace(order.settings, fonts=worker.open_fonts(order.settings.font_folders))
    try:
        output = render_edition(order.workbook, settings).to_output()
    except StoppedError as stop:
        return Outcome(stage=Stage.REFUSED, problems=stop.problems)
    return _BuildOutcome(stage=Stage.MADE, problems=output.problems, finished=output)


def _stopped_error(outcome: Outcome) -> StoppedError:
    from reportgen.pipeline import exit_code

    return StoppedError(outcome.problems, exit_code(outcome.problems))


__all__ = ["builds"]
