"""Exit codes of problems."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.problems import ExitCode, Problem, StoppedError, has_errors
from reportgen.problems.entry import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable


def exit_code(problems: Iterable[Problem]) -> ExitCode:
    """Return the exit code of the first error, by the first digit of its problem code."""
    stages = {"1": ExitCode.WORKBOOK, "2": ExitCode.WORKBOOK, "3": ExitCode.FILE}
    stages |= {"4": ExitCode.TEMPLATE, "5": ExitCode.ENVIRONMENT, "6": ExitCode.ARCHIVE}
    stages["7"] = ExitCode.WORKBOOK
    errors = (problem.code[1] for problem in problems if problem.severity is Severity.ERROR)
    return next((stages[stage] for stage in errors), ExitCode.DONE)


def stop_on_errors(problems: tuple[Problem, ...]) -> None:
    """Raise StoppedError with all problems if one of them is an error."""
    if has_errors(problems):
        raise StoppedError(problems, exit_code(problems))
