"""Output: results to standard output, problems and progress to standard error."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from reportgen.cli.cli_translations import translate
from reportgen.problems import Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reportgen.atomic_files import WrittenFile
    from reportgen.cli.command_options import CommandOptions
    from reportgen.doctor import CheckFinding
    from reportgen.pipeline import WrittenBuild
    from reportgen.problems import StoppedError
    from reportgen.problems.problem import Language

Report = dict[str, Any]


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
) -> Report:
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
        "problems": [problem_as_json(problem, language) for problem in result.problems],
    }


def report_stopped_build(
    name: str, stop: StoppedError, language: Language, options: CommandOptions
) -> Report:
    """Print why a build has written nothing, unless JSON is requested; return that as JSON."""
    print_problems(stop.problems, language, options)
    if not options.json:
        print(f"{name}: {translate('nothing written', language)}", file=sys.stderr)
    return {
        "workbook": name,
        "files": [],
        "problems": [problem_as_json(problem, language) for problem in stop.problems],
    }


def report_check(
    name: str,
    problems: tuple[Problem, ...],
    language: Language,
    options: CommandOptions,
    copy: WrittenFile | None = None,
) -> Report:
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
    report = {
        "workbook": name,
        "problems": [problem_as_json(problem, language) for problem in problems],
    }
    return report | ({"copy": file_as_json(copy) if copy else None} if options.annotate else {})


def _print_file(file: WrittenFile, label: str, language: Language, options: CommandOptions) -> None:
    """Print a file's path after a label, ``written`` for one, and its backup if verbose.

    ``label`` is the key of a translation. A file that was unchanged is marked.
    """
    note = "" if file.changed else translate("unchanged", language)
    print(f"{translate(label, language)} {file.path}{note}")
    if file.backup and options.verbose:
        print(f"  {translate('backup', language)} {file.backup}")


def file_as_json(file: WrittenFile) -> Report:
    """Return a written file as JSON: path, whether it changed, and backup."""
    backup = str(file.backup) if file.backup else None
    return {"path": str(file.path), "changed": file.changed, "backup": backup}


def report_doctor(
    findings: Iterable[CheckFinding], language: Language, options: CommandOptions
) -> None:
    """Print the findings of ``doctor`` and whether the machine is ready, or one JSON object."""
    findings = list(findings)
    if options.json:
        parts = [
            {
                "name": finding.name,
                "found": finding.found,
                "problem": problem_as_json(finding.problem, language) if finding.problem else None,
            }
            for finding in findings
        ]
        print_json("reportgen.doctor/1", findings=parts)
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


def problem_as_json(problem: Problem, language: Language) -> Report:
    """Return a problem as JSON, with the texts of the printed line, without empty places."""
    where = problem.where
    location = {"file": where.file, "sheet": where.sheet, "cell": where.cell}
    location |= {"line": where.line, "column": where.column}  # type: ignore[dict-item]
    return {
        "code": problem.code,
        "severity": problem.severity.value,
        "where": {name: value for name, value in location.items() if value},
        "message": problem.message(language),
        "expected": problem.expected(language),
        "fix": problem.fix(language),
    }


def print_json(schema: str, **content: object) -> None:
    """Print one JSON object with a schema name to standard output."""
    print(json.dumps({"schema": schema, **content}, ensure_ascii=False, indent=2))


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
