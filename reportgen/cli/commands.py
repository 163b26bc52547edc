"""The commands: each runs a use case of the pipeline and reports its result."""

from __future__ import annotations

import errno
import os
import sys
import time
from contextlib import suppress
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Final

from reportgen.cli import output, signal_state
from reportgen.cli.annotated_copy import AnnotatedCopies
from reportgen.cli.cli_translations import translate
from reportgen.problems import ExitCode, Location, Problem, StoppedError, has_errors, make_problem
from reportgen.processes.resource_limits import system_lacks_memory

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from reportgen.cli.command_options import CommandOptions
    from reportgen.cli.command_schema import BuildReport, CheckReport, CompareReport
    from reportgen.pipeline import Settings, WrittenBuild
    from reportgen.problems.problem import Language

INPUT_FOLDER = Path("inputs")
WORKBOOK_SUFFIXES = (
    ".xlsx",
    ".xlsm",
    ".ods",
)  # in the order of the search
MIN_PARALLEL_WORKBOOKS = 4  # starting the workers costs about as much as one workbook
_INTERRUPTED = {
    "archive": "archiving interrupted",
    "approve": "archiving interrupted",
    "collect": "collecting interrupted",
}


def run_command(options: CommandOptions, language: Language) -> int:
    """Run the command and return its exit code.

    Before it, a clock that is far off is E516. A lack of memory is reported as E515, whatever error
    it causes; any other exception is a bug and raised.
    """
    if (problem := clock_problem(time.time())) is not None:
        return _report_environment_problem(problem, language)
    try:
        return _run(options, language)
    except MemoryError:
        return _report_environment_problem(make_problem("E515"), language)
    except Exception:  # libraries raise any error if they cannot map a font
        if not system_lacks_memory(_MIN_FREE_MEMORY_BYTES):
            raise
        return _report_environment_problem(make_problem("E515"), language)


def _run(options: CommandOptions, language: Language) -> int:
    """Run the command and return its exit code; what it raises about bad input it reports itself.

    An interrupt prints a line and gives the signal's code; a closed output ends it silently with
    DONE; a failing standard output is E310. Raise MemoryError for ENOMEM.
    """
    commands: dict[str, Callable[[CommandOptions, Language], ExitCode]] = {
        "build": _build,
        "check": _check,
        "explain": _explain,
        "new": _new,
        "share": _share,
        "merge": _merge,
        "compare": _compare,
        "collect": _collect,
        "archive": _archive,
        "approve": _approve,
        "serve": _serve,
        "doctor": _doctor,
        "completion": _completion,
    }
    try:
        code = commands[options.command](options, language)
        sys.stdout.flush()
    except KeyboardInterrupt:
        message_key = _INTERRUPTED.get(options.command, "interrupted")
        print(f"\n{translate(message_key, language)}", file=sys.stderr)
        return signal_state.signal_exit_code()
    except BrokenPipeError:  # nobody reads the output any more
        _discard_output()
        return ExitCode.DONE
    except OSError as error:  # of standard output; the pipeline reports those of files
        if error.errno == errno.ENOMEM:
            raise MemoryError from error
        _discard_output()
        problem = make_problem("E310", reason=error.strerror or type(error).__name__)
        print(problem.line(language), file=sys.stderr)
        return ExitCode.FILE
    return code


def clock_problem(now: float) -> Problem | None:
    """Return E516 if the clock's year is outside 1980-2107, which no zip file can store."""
    year = time.localtime(now).tm_year
    return None if _MIN_ZIP_YEAR <= year <= _MAX_ZIP_YEAR else make_problem("E516", found=str(year))


_MIN_FREE_MEMORY_BYTES: Final = 1_000_000_000  # for one document
_MIN_ZIP_YEAR: Final = 1980
_MAX_ZIP_YEAR: Final = 2107


def _report_environment_problem(problem: Problem, language: Language) -> ExitCode:
    """Print a problem of the environment; return ExitCode.ENVIRONMENT."""
    print(problem.line(language), file=sys.stderr)
    return ExitCode.ENVIRONMENT


def _discard_output() -> None:
    """Replace standard output by the null device, so that the program ends silently."""
    sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123


def _build(options: CommandOptions, language: Language) -> ExitCode:
    """Run ``build``: write the documents of each workbook and report it.

    Return the first failure's exit code, else DONE. With ``--json`` one object for all.
    """
    first_failure = ExitCode.DONE
    reports = []
    workbook_of_file: dict[Path, str] = {}
    for name, built in _builds(options, language):
        if isinstance(built, StoppedError):
            reports.append(output.report_stopped_build(name, built, language, options))
            first_failure = first_failure or built.exit_code
        else:
            result = _with_replacement_warnings(built, name, workbook_of_file)
            reports.append(output.report_build(name, result, language, options))
            workbook_of_file |= {file.path: name for file in built.files}
    if options.json:
        build_report: BuildReport = {"schema": "reportgen.build-report/1", "workbooks": reports}
        output.print_json(build_report)
    return first_failure


def _with_replacement_warnings(
    built: WrittenBuild, name: str, workbook_of_file: Mapping[Path, str]
) -> WrittenBuild:
    """Return the build with W316 for each earlier workbook of this run whose files it has replaced.

    ``workbook_of_file`` has the files written so far; a file with the same content is not replaced.
    """
    earlier = {workbook_of_file.get(file.path, name): None for file in built.files if file.changed}
    replaced = [
        make_problem("W316", Location(file=name), other=other) for other in earlier if other != name
    ]
    return replace(built, problems=(*built.problems, *replaced))


def _builds(
    options: CommandOptions, language: Language
) -> Iterator[tuple[str, WrittenBuild | StoppedError]]:
    """Build and write the workbooks; yield each name with its files, in the order of the arguments.

    A StoppedError instead of the files says why nothing was written; it is not raised. From
    MIN_PARALLEL_WORKBOOKS on they are built in parallel, if there are several cores.
    """
    if len(options.workbooks) >= MIN_PARALLEL_WORKBOOKS:
        from reportgen.cli.build_many import build_many
        from reportgen.processes.resource_limits import available_cores

        if (jobs := available_cores()) > 1:
            settings = _build_settings(options, lambda stage: None)
            yield from build_many(options, language, settings, find_workbook, jobs)
            return
    from reportgen.pipeline import build

    for number, name in enumerate(options.workbooks, 1):
        count = f"[{number}/{len(options.workbooks)}] " if len(options.workbooks) > 1 else ""
        progress = output.ProgressLine(f"{count}{name}", language, shown=not options.quiet)
        try:
            built: WrittenBuild | StoppedError = build(
                find_workbook(name), _build_settings(options, progress)
            )
        except StoppedError as stop:
            built = stop
        progress.clear()
        yield name, built


def _check(options: CommandOptions, language: Language) -> ExitCode:
    """Run ``check``, with annotated copies if requested; print each workbook's problems.

    Return the exit code of the first workbook with an error, else DONE.
    """
    from reportgen.pipeline import check_workbook, exit_code

    first_failure = ExitCode.DONE
    reports = []
    copies = AnnotatedCopies(options.beside, language) if options.annotate else None
    for name in options.workbooks:
        copy = None
        try:
            path = find_workbook(name)
            _, problems = check_workbook(path, _font_folders(options))
        except StoppedError as stop:
            problems = stop.problems
        else:
            if copies is not None:
                copy, unmarked = copies.write(path, problems)
                problems += unmarked
        reports.append(output.report_check(name, problems, language, options, copy))
        first_failure = first_failure or exit_code(problems)
    if options.json:
        check_report: CheckReport = {"schema": "reportgen.check/1", "workbooks": reports}
        output.print_json(check_report)
    return first_failure


def _explain(options: CommandOptions, language: Language) -> ExitCode:
    """Run ``explain``: print how a KPI's figure was calculated; return the exit code.

    A workbook that cannot be found is reported.
    """
    from reportgen.cli.explain import explain, print_report

    try:
        return explain(find_workbook(options.workbooks[0]), options, language)
    except StoppedError as stop:
        print_report(options, language, stop.problems)
        return stop.exit_code


def _new(options: CommandOptions, language: Language) -> ExitCode:
    """Run ``new``; return its exit code."""
    from reportgen.cli.new import create_workbook

    return create_workbook(options, language, INPUT_FOLDER, find_workbook)


def _share(options: CommandOptions, language: Language) -> ExitCode:
    """Run ``share``; return its exit code."""
    from reportgen.cli.share import report_stopped_share, share
    from reportgen.cli.sharing_arguments import SharingOptions

    assert isinstance(options, SharingOptions)
    try:
        return share(find_workbook(options.workbooks[0]), options, language)
    except StoppedError as stop:
        report_stopped_share(options, stop, language)
        return stop.exit_code


def _merge(options: CommandOptions, language: Language) -> ExitCode:
    """Run ``merge``; return its exit code."""
    from reportgen.cli.merge import merge, report_stopped_merge
    from reportgen.cli.sharing_arguments import SharingOptions

    assert isinstance(options, SharingOptions)
    try:
        return merge(find_workbook(options.workbooks[0]), options, language)
    except StoppedError as stop:
        report_stopped_merge(options, stop, language)
        return stop.exit_code


def _compare(options: CommandOptions, language: Language) -> ExitCode:
    """Run ``compare``: write the comparison of two workbooks and report it.

    Return the exit code of what prevented it, else DONE.
    """
    from reportgen.pipeline import compare_workbooks

    old, new = options.workbooks
    progress = output.ProgressLine(f"{old} → {new}", language, shown=not options.quiet)
    try:
        older, newer = _find_all(options.workbooks)
        built = compare_workbooks(older, newer, _build_settings(options, progress))
    except StoppedError as stop:
        progress.clear()
        report = output.report_stopped_build(f"{old} → {new}", stop, language, options)
        code = stop.exit_code
    else:
        progress.clear()
        report = output.report_build(new, built, language, options)
        code = ExitCode.DONE
    if options.json:
        compare_report: CompareReport = {
            **report,
            "schema": "reportgen.compare/1",
            "workbook": new,
            "old": old,
        }
        output.print_json(compare_report)
    return code


def _archive(options: CommandOptions, language: Language) -> ExitCode:
    """Run ``archive`` with one of its actions; return its exit code."""
    from reportgen.cli.archive_arguments import ArchiveOptions
    from reportgen.cli.archive_command import run_archive_command as run_archive

    assert isinstance(options, ArchiveOptions)
    return run_archive(options, language, find_workbook, _build_settings)


def _approve(options: CommandOptions, language: Language) -> ExitCode:
    """Run ``approve``; return its exit code."""
    from reportgen.cli.approval_arguments import ApprovalOptions
    from reportgen.cli.approve import approve

    assert isinstance(options, ApprovalOptions)
    return approve(options, language)


def _collect(options: CommandOptions, language: Language) -> ExitCode:
    """Run ``collect``; return its exit code."""
    from reportgen.cli.collect import collect

    return collect(options, language, _font_folders(options))


def _serve(options: CommandOptions, language: Language) -> ExitCode:
    """Run ``serve`` until it is ended; return its exit code.

    The first named workbook is followed; names without a workbook are reported.
    """
    from reportgen.cli.serve import report_refusal, serve

    try:
        workbook = next(iter(_find_all(options.workbooks)), None)
        return serve(options, language, workbook, _font_folders(options))
    except StoppedError as stop:
        report_refusal(stop.problems, options, language)
        return stop.exit_code


def _doctor(options: CommandOptions, language: Language) -> ExitCode:
    """Run ``doctor``: report each check; return ENVIRONMENT if one found an error."""
    from reportgen.doctor import run_checks

    findings = run_checks(_font_folders(options), (options.output,))
    output.report_doctor(findings, language, options)
    problems = [finding.problem for finding in findings if finding.problem]
    return ExitCode.ENVIRONMENT if has_errors(problems) else ExitCode.DONE


def _completion(options: CommandOptions, language: Language) -> ExitCode:
    """Run ``completion``: print the script by which a shell completes this program's arguments."""
    from reportgen.cli.completion import completion_script

    print(completion_script(options.shell, language))
    return ExitCode.DONE


def _find_all(names: tuple[str, ...]) -> list[Path]:
    """Return the paths of several workbooks.

    Raise StoppedError with the problems of all missing ones.
    """
    paths: list[Path] = []
    problems: list[Problem] = []
    for name in names:
        try:
            paths.append(find_workbook(name))
        except StoppedError as stop:
            problems += stop.problems
    if problems:
        raise StoppedError(problems, ExitCode.FILE)
    return paths


def find_workbook(name: str) -> Path:
    """Return the path of a workbook's name: a file, or an edition's in ``inputs/``.

    An edition may be any form of its date, with or without suffix; .xlsx comes before .xlsm and
    .ods. Raise StoppedError if there is none: E302, E306 for a folder, E307 for a blank name.
    """
    path = Path(name)
    candidates = (
        path,
        *(INPUT_FOLDER / f"{name}{ending}" for ending in WORKBOOK_SUFFIXES),
        INPUT_FOLDER / name,
    )
    for candidate in chain(
        candidates, chain.from_iterable(map(_edition_paths, [name]))
    ):  # lazy: parsing a date imports the reader
        with suppress(OSError):  # such as a name that is too long
            if name and candidate.is_file():
                return candidate
    raise StoppedError([_missing_workbook_problem(name, path)], ExitCode.FILE)


def _edition_paths(name: str) -> Iterator[Path]:
    """Return the possible paths in ``inputs/`` of an edition named by date: ``105.12.25``.

    They need not exist. A name that is no date is taken as it is.
    """
    from reportgen.workbook.reading.roc_dates import parse_date

    stem, dot, suffix = name.rpartition(".")
    has_suffix = f"{dot}{suffix}" in WORKBOOK_SUFFIXES
    day = parse_date(stem if has_suffix else name)
    edition = getattr(day, "edition", name)
    return (INPUT_FOLDER / f"{edition}{suffix}" for suffix in WORKBOOK_SUFFIXES)


def _missing_workbook_problem(name: str, path: Path) -> Problem:
    """Return the problem of a missing workbook, with names like it.

    It is E307 for a blank name, E306 for a folder, and else E302.
    """
    from difflib import get_close_matches

    location = Location(file=name)
    if not name.strip():
        return make_problem(
            "E307",
            location,
            **_file_names_hint("例如", "For example:", _workbook_names(INPUT_FOLDER)[:3]),
        )
    with suppress(OSError):
        if path.is_dir():
            return make_problem(
                "E306",
                location,
                found=name,
                **_file_names_hint("例如", "For example:", _workbook_names(path)[:3]),
            )
    names_by_stem = {
        Path(name).stem: name for name in reversed(_workbook_names(path.parent, INPUT_FOLDER))
    }
    similar_names = [
        names_by_stem[stem] for stem in get_close_matches(path.stem, names_by_stem, 3, 0.4)
    ]
    return make_problem(
        "E302", location, found=name, **_file_names_hint("是否為", "Is it", similar_names)
    )


def _workbook_names(*folders: Path) -> list[str]:
    """Return the names of .xlsx and .ods files in these folders, sorted; no hidden ones."""
    paths = (path for folder in folders for path in folder.glob("[!~.]*"))
    return sorted({path.name for path in paths if path.suffix in (".xlsx", ".ods")})


def _file_names_hint(chinese: str, english: str, names: list[str]) -> dict[str, str]:
    """Return the fields ``hint`` and ``hint_en`` that list file names; both are "" without names.

    A question mark ends the Chinese 是否為 and its English counterpart, else a full stop.
    """
    if not names:
        return {"hint": "", "hint_en": ""}
    ends = ("？", "?") if chinese == "是否為" else ("。", ".")
    return {
        "hint": f"{chinese} {'、'.join(names)}{ends[0]}",
        "hint_en": f"{english} {', '.join(names)}{ends[1]}",
    }


def _build_settings(options: CommandOptions, progress: Callable[[str], None]) -> Settings:
    """Return the settings of a build as the options state them, with all available cores.

    ``progress`` is called with the name of each stage.
    """
    from reportgen.pipeline import Settings
    from reportgen.processes.resource_limits import available_cores

    return Settings(
        output=options.output,
        formats=options.formats,
        documents=options.documents,
        templates=options.templates,
        working_folder=Path.cwd(),
        font_folders=_font_folders(options),
        cores=available_cores(),
        open_data=options.open_data,
        verify=options.verify,
        approvals=options.archive if options.approvals else None,
        progress=progress,
    )


def _font_folders(options: CommandOptions) -> tuple[Path, ...]:
    """Return the folders to look for fonts in: that of ``--fonts`` first, then the system's."""
    from reportgen.render.fonts.font_set import font_folders

    return font_folders(options.fonts)
