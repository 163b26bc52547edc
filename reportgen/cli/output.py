"""Output: results to standard output, problems and progress to standard error."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from reportgen.cli.cli_translations import translate
from reportgen.problems import Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from reportgen.atomic_files import WrittenFile
    from reportgen.cli.command_options import CommandOptions
    from reportgen.cli.command_schema import (
        BuiltWorkbook,
        CheckedWorkbook,
        DoctorReport,
        FileForm,
        ProblemForm,
        WrittenFileForm,
    )
    from reportgen.doctor import CheckFinding
    from reportgen.pipeline import WrittenBuild
    from reportgen.problems import StoppedError
    from reportgen.problems.problem import Language


class ProgressLine:
    """One line on a terminal that shows the current stage; nothing on a pipe."""

    def __init__(self, name: str, language: Language, *, shown: bool) -> None:
        self._name, self._language = name, language
        self._shown = shown and sys.stderr.isatty()

    def __call__(self, stage: str) -> None:
        """Show a stage in place of the previous one."""
        if self._shown:
            text = translate(stage, self._language)
            print(f"\r\x1b[K{self._name}: {text}…", end="", file=sys.stderr, flush=True)

    def clear(self) -> None:
        """Remove the line."""
        if self._shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def report_build(
    name: str, result: WrittenBuild, language: Language, options: CommandOptions
) -> BuiltWorkbook:
    """Print the problems and files of a build, unless JSON is requested; return it as JSON."""
    print_problems(result.problems, language, options)
    if not options.json and not options.quiet:
        for file in result.files:
            _print_file(file, "written", language, options)
        if options.verbose:
            for folder in result.templates:
                print(f"{translate('template used', language)} {folder}")
    return {
        "workbook": name,
        "edition": result.edition,
        "files": [file_as_json(file) for file in result.files],
        "templates": [str(folder) for folder in result.templates],
        "problems": problems_as_json(result.problems, language),
    }


def report_stopped_build(
    name: str, stop: StoppedError, language: Language, options: CommandOptions
) -> BuiltWorkbook:
    """Print why a build has written nothing, unless JSON is requested; return that as JSON."""
    print_problems(stop.problems, language, options)
    if not options.json:
        print(f"{name}: {translate('nothing written', language)}", file=sys.stderr)
    return {
        "workbook": name,
        "edition": None,
        "files": [],
        "templates": [],
        "problems": problems_as_json(stop.problems, language),
    }


def report_check(
    name: str,
    problems: tuple[Problem, ...],
    language: Language,
    options: CommandOptions,
    copy: WrittenFile | None = None,
) -> CheckedWorkbook:
    """Print the problems of a workbook to standard output, and their number; return them as JSON.

    They are the result of ``check``. Nothing is printed with ``--json``. ``copy`` is the annotated
    copy, if one was written.
    """
    if not options.json:
        visible = [problem for problem in problems if _is_shown(problem, options)]
        for problem in visible:
            print(problem.line(language))
        if not options.quiet:
            print(f"{name}: {_problem_summary(problems, language)}")
            if copy is not None:
                _print_file(copy, "marked copy", language, options)
    return {
        "workbook": name,
        "annotated_copy": file_as_json(copy) if copy else None,
        "problems": problems_as_json(problems, language),
    }


def _print_file(file: WrittenFile, label: str, language: Language, options: CommandOptions) -> None:
    """Print a file's path after a label, ``written`` for one, and its backup if verbose.

    ``label`` is the key of a translation. A file that was unchanged is marked.
    """
    note = "" if file.changed else translate("unchanged", language)
    print(f"{translate(label, language)} {file.path}{note}")
    if file.backup and options.verbose:
        print(f"  {translate('backup', language)} {file.backup}")


def path_as_json(path: Path) -> FileForm:
    """Return a file that was made as JSON."""
    return {"path": str(path)}


def file_as_json(file: WrittenFile) -> WrittenFileForm:
    """Return a written file as JSON: path, whether it changed, and backup."""
    backup = str(file.backup) if file.backup else None
    return {"path": str(file.path), "changed": file.changed, "backup": backup}


def report_doctor(
    findings: Iterable[CheckFinding], language: Language, options: CommandOptions
) -> None:
    """Print the findings of ``doctor`` and whether the machine is ready, or one JSON object."""
    findings = list(findings)
    if options.json:
        report: DoctorReport = {
            "schema": "reportgen.doctor/1",
            "findings": [
                {
                    "name": finding.name,
                    "found": finding.found,
                    "problem": _problem_as_json(finding.problem, language)
                    if finding.problem
                    else None,
                }
                for finding in findings
            ],
        }
        print_json(report)
        return
    for finding in findings:
        mark = translate("absent" if finding.problem else "present", language)
        print(f"[{mark}] {finding.name}" + (f": {finding.found}" if finding.found else ""))
        if finding.problem:
            print(f"     {finding.problem.line(language)}")
    errors = any(
        finding.problem and finding.problem.severity is Severity.ERROR for finding in findings
    )
    print(translate("not ready" if errors else "ready", language))


def problems_as_json(problems: Iterable[Problem], language: Language) -> list[ProblemForm]:
    """Return problems as JSON, with the texts of the printed lines."""
    return [_problem_as_json(problem, language) for problem in problems]


def _problem_as_json(problem: Problem, language: Language) -> ProblemForm:
    """Return a problem as JSON."""
    where = problem.where
    return {
        "code": problem.code,
        "severity": problem.severity.value,
        "where": {
            "file": where.file or None,
            "sheet": where.sheet or None,
            "cell": where.cell or None,
            "line": where.line,
            "column": where.column,
        },
        "message": problem.message(language),
        "expected": problem.expected(language),
        "fix": problem.fix(language),
    }


def print_json(report: Mapping[str, object]) -> None:
    """Print a report as JSON to standard output, with the name of its form first."""
    content = {"schema": report["schema"], **report}
    print(json.dumps(content, ensure_ascii=False, indent=2))


def print_problems(
    problems: Iterable[Problem], language: Language, options: CommandOptions
) -> None:
    """Print the problems to standard error, unless JSON is requested."""
    if not options.json:
        for problem in problems:
            if _is_shown(problem, options):
                print(problem.line(language), file=sys.stderr)


def _is_shown(problem: Problem, options: CommandOptions) -> bool:
    """Return whether a problem is printed; with ``--quiet`` notices are not."""
    return not (options.quiet and problem.severity is Severity.NOTICE)


def _problem_summary(problems: tuple[Problem, ...], language: Language) -> str:
    """Return the number of errors, warnings and notices as a text, or that there are none."""
    if not problems:
        return translate("clean", language)
    counts = {
        severity: sum(problem.severity is severity for problem in problems) for severity in Severity
    }
    return translate(
        "counts",
        language,
        errors=counts[Severity.ERROR],
        warnings=counts[Severity.WARNING],
        notices=counts[Severity.NOTICE],
    )
