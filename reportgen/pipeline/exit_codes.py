"""Exit codes of problems."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reportgen.problems import ExitCode, Problem, StoppedError, has_errors
from reportgen.problems.entry import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable


_EXIT_CODES: Final = {  # by the first digit of a problem's code, its area
    "1": ExitCode.WORKBOOK,
    "2": ExitCode.WORKBOOK,
    "3": ExitCode.FILE,
    "4": ExitCode.TEMPLATE,
    "5": ExitCode.ENVIRONMENT,
    "6": ExitCode.ARCHIVE,
    "7": ExitCode.WORKBOOK,
}

_EXIT_CODES_BY_CODE: Final = {  # problems 6xx that are no damage of the archive
    **dict.fromkeys(("E601", "E602", "E628", "E653", "E663"), ExitCode.WORKBOOK),
    **dict.fromkeys(("E603", "E612", "E613", "E614", "E622", "E633", "E664"), ExitCode.USAGE),
    **dict.fromkeys(("E650", "E651", "E652", "E654", "E657", "E658", "E659"), ExitCode.USAGE),
    **dict.fromkeys(("E604", "E605", "E606", "E607", "E608", "E609"), ExitCode.FILE),
    **dict.fromkeys(("E610", "E611", "E623", "E626", "E630", "E632", "E643"), ExitCode.FILE),
    **dict.fromkeys(("E629", "E655"), ExitCode.ENVIRONMENT),
    "E656": ExitCode.FILE,
    "E665": ExitCode.TEMPLATE,
}


def exit_code(problems: Iterable[Problem]) -> ExitCode:
    """Return the exit code of the first error, by the area of its code, else DONE."""
    codes = (problem.code for problem in problems if problem.severity is Severity.ERROR)
    return next(
        (_EXIT_CODES_BY_CODE.get(code, _EXIT_CODES[code[1]]) for code in codes), ExitCode.DONE
    )


def stop_on_errors(problems: tuple[Problem, ...]) -> None:
    """Raise StoppedError with all problems if one of them is an error."""
    if has_errors(problems):
        raise StoppedError(problems, exit_code(problems))
