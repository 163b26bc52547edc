"""Output of ``reportgen archive``: lines for people, or one JSON object."""

from __future__ import annotations

import copy
import sys
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from reportgen.cli import output
from reportgen.cli.cli_translations import translate
from reportgen.model.scorecard import RocDate
from reportgen.problems import ExitCode, Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reportgen.archive import Head, LogEntry
    from reportgen.cli.archive_arguments import ArchiveOptions
    from reportgen.cli.archive_command_schema import EntryForm, HeadForm
    from reportgen.problems.problem import Language

Report = dict[str, Any]


class ArchiveReporter:
    """The output of one action, and its exit code."""

    def __init__(self, options: ArchiveOptions, language: Language) -> None:
        self.options, self.language = options, language
        self.report = _empty_report(options)
        self._problems: list[Problem] = []

    def report_problems(self, problems: Iterable[Problem]) -> None:
        """Record problems for the exit code and the JSON report, or print them.

        They go to standard error unless JSON is requested; with ``--quiet`` notices are not
        printed.
        """
        for problem in problems:
            self._problems.append(problem)
            quiet = self.options.quiet and problem.severity is Severity.NOTICE
            if not self.options.json and not quiet:
                print(problem.line(self.language), file=sys.stderr)

    def print_line(self, text: str) -> None:
        """Print a line to standard output, unless the output is JSON or quiet."""
        if not self.options.json and not self.options.quiet:
            print(text)

    def translate(self, key: str, **fields: object) -> str:
        """Return the text of a key in the user's language."""
        return translate(key, self.language, **fields)

    def error_count(self) -> int:
        """Return how many errors were reported."""
        return sum(problem.severity is Severity.ERROR for problem in self._problems)

    def has_reported(self, code: str) -> bool:
        """Return whether a problem of this code was reported."""
        return any(problem.code == code for problem in self._problems)

    def finish(self, exit_code: ExitCode | None = None) -> ExitCode:
        """Print the JSON report if requested; return ``exit_code``, or else the problems' own."""
        if self.options.json:
            problems = output.problems_as_json(self._problems, self.language)
            output.print_json(self.report | {"problems": problems})
        return exit_code_of(self._problems) if exit_code is None else exit_code


def exit_code_of(problems: Iterable[Problem]) -> ExitCode:
    """Return the exit code of the first error, DONE without errors.

    Damage of the archive (6) precedes all others, wherever it stands.
    """
    from reportgen.pipeline import exit_code

    codes = [exit_code([problem]) for problem in problems]
    if ExitCode.ARCHIVE in codes:
        return ExitCode.ARCHIVE
    return next((code for code in codes if code), ExitCode.DONE)


def _empty_report(options: ArchiveOptions) -> Report:
    """Return the JSON of an action that has done nothing, for it to fill in.

    So an action that is stopped prints the same fields.
    """
    return {
        "schema": f"reportgen.archive.{options.action}/1",
        "archive": str(options.archive),
        **copy.deepcopy(_NOTHING_DONE[options.action]),
    }


_NOTHING_DONE: Final[dict[str, Report]] = {
    "add": {"workbooks": []},
    "list": {"editions": []},
    "show": {"editions": []},
    "verify": {
        "intact": None,
        "counts": None,
        "head": None,
        "anchors": [],
        "approvals": [],
        "identified": [],
    },
    "restore": {"files": []},
    "export": {"bags": []},
    "rebuild": {"rebuilt": []},
    "head": {"head": None, "time": None},
    "stamp": {"entry": None, "head": None},
    "sign": {"entry": None, "head": None},
}


def head_as_json(head: Head) -> HeadForm:
    """Return a head as JSON."""
    return {"code": head.code, "number": head.number, "sha256": head.hash}


def localized_time(time: str, language: Language) -> str:
    """Return an ISO 8601 timestamp in local time, in Chinese with the ROC year.

    Any other text is returned as it is.
    """
    try:
        moment = datetime.fromisoformat(time).astimezone()
        return f"{_localized_date(moment.date(), language)} {moment:%H:%M:%S}"
    except (ValueError, OverflowError):
        return time


def localized_date(text: str, language: Language) -> str:
    """Return an ISO 8601 date, in Chinese as a ROC date; any other text is returned as it is."""
    try:
        return _localized_date(date.fromisoformat(text), language)
    except ValueError:
        return text


def _localized_date(calendar_day: date, language: Language) -> str:
    """Return a date in ISO 8601, in Chinese as a ROC date."""
    return calendar_day.isoformat() if language == "en" else RocDate.from_date(calendar_day).edition


def entry_summary(entry: LogEntry, reporter: ArchiveReporter) -> str:
    """Return a line on when an edition was printed and archived, its status and its files."""
    fields = {"status": entry.status, "files": len(entry.files)}
    printed, time = (
        localized_date(entry.printed, reporter.language),
        localized_time(entry.time, reporter.language),
    )
    return reporter.translate("listed", printed=printed, time=time, **fields)


def entry_as_json(entry: LogEntry) -> EntryForm:
    """Return an edition's entry as JSON, with its files and their digests.

    The hash chain is left out.
    """
    return {
        "agency": entry.agency,
        "edition": entry.edition,
        "reprint": entry.reprint,
        "status": entry.status,
        "printed": entry.printed,
        "time": entry.time,
        "entry": entry.number,
        "object": entry.object,
        "version": entry.version,
        "files": [
            {"path": file.path, "sha256": file.sha256, "size": file.size} for file in entry.files
        ],
    }
