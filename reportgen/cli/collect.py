"""``reportgen collect``: build of every workbook of a folder, and the roll-up."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.cli import output, signal_state
from reportgen.cli.cli_translations import translate
from reportgen.problems import ExitCode, Location, Severity, StoppedError, make_problem

if TYPE_CHECKING:
    from reportgen.batch import BatchResult, Progress, WorkbookRow
    from reportgen.batch.batch_executor import BatchExecutor
    from reportgen.batch.rollup_step import RollupFiles
    from reportgen.cli.command_options import CommandOptions
    from reportgen.cli.command_schema import CollectReport
    from reportgen.problems import Problem
    from reportgen.problems.problem import Language
    from reportgen.rollup import ExpectedAgency


def collect(
    options: CommandOptions, language: Language, font_folders: tuple[Path, ...]
) -> ExitCode:
    """Build all workbooks, print progress and result, and roll them up.

    Return 1 if a workbook has errors or failed, else the exit code of the roll-up's first error;
    that of the StoppedError if nothing could be built.
    """
    try:
        collected, rollup = _collect_and_roll_up(options, language, font_folders)
    except StoppedError as stop:
        _report_refusal(stop.problems, options, language)
        return stop.exit_code
    if options.json:
        output.print_json(_result_as_json(collected, rollup, options, language))
    else:
        _print_summary(collected, rollup, options, language)
    from reportgen.batch import Status
    from reportgen.pipeline import exit_code

    if any(row.status not in (Status.MADE, Status.UNCHANGED) for row in collected.rows):
        return ExitCode.WORKBOOK
    return exit_code(rollup.problems if rollup else ())


def _collect_and_roll_up(
    options: CommandOptions, language: Language, font_folders: tuple[Path, ...]
) -> tuple[BatchResult, RollupFiles | None]:
    """Build all workbooks of the folder and roll them up; return both results.

    Files are written to the output folder; the roll-up is None without workbooks. Raise
    StoppedError before any build: E313 for a missing folder, E315 for one within the output folder,
    and those of roster, templates, fonts and cluster. Raise KeyboardInterrupt if interrupted.
    """
    from reportgen.batch import (
        BatchOptions,
        build_incrementally,
        find_workbooks,
        read_build_options,
    )
    from reportgen.batch.batch_executor import start_forkserver
    from reportgen.batch.incremental_build import has_probably_changed

    if not options.folder.is_dir():
        folder = str(options.folder)
        raise StoppedError(
            [make_problem("E313", Location(file=folder), found=folder)], ExitCode.FILE
        )
    if options.folder.resolve().is_relative_to(options.output.resolve()):  # nothing to read
        location = Location(file=str(options.output))
        problem = make_problem("E315", location, found=str(options.folder))
        raise StoppedError([problem], ExitCode.USAGE)
    paths = find_workbooks(options.folder, options.output)
    if not options.scheduler and (
        options.force or has_probably_changed(options.folder, paths, options.output)
    ):
        start_forkserver()

    # The rest is imported meanwhile.
    from reportgen.batch.rollup_step import write_rollup_files
    from reportgen.pipeline import Settings
    from reportgen.pipeline.rollup_document import preload_rollup

    build_options, inputs_digest = read_build_options(
        documents=options.documents,
        formats=options.formats,
        templates=options.templates,
        working_folder=Path.cwd(),
        font_folders=font_folders,
        language=language,
    )
    settings = Settings(
        output=options.output,
        formats=build_options.formats,
        templates=options.templates,
        working_folder=Path.cwd(),
        font_folders=build_options.font_folders,
        cores=_job_count(options),
        open_data=options.open_data,
    )
    counter = _Counter(language, shown=not options.quiet)
    batch_options = BatchOptions(
        output=options.output,
        build_options=build_options,
        inputs_digest=inputs_digest,
        open_executor=lambda: _open_executor(options),
        force=options.force,
        preload=lambda: preload_rollup(settings),
        on_progress=counter.show,
    )
    roster = _load_roster(options)
    try:
        collected = build_incrementally(options.folder, paths, batch_options)
        signal_state.raise_if_interrupted()
        rollup = (
            write_rollup_files(collected, roster, batch_options, settings)
            if collected.rows
            else None
        )
    finally:
        counter.clear()
    return collected, rollup


def _load_roster(options: CommandOptions) -> tuple[ExpectedAgency, ...]:
    """Return the expected agencies; raise StoppedError if the roster cannot be read."""
    from reportgen.batch.roster import find_roster, read_roster

    path = options.roster or find_roster(options.folder)
    roster, problems = read_roster(path) if path else ((), ())
    if problems:
        raise StoppedError(problems, ExitCode.FILE)
    return roster


def _open_executor(options: CommandOptions) -> BatchExecutor:
    """Return an executor of this machine or a cluster; raise StoppedError if there is none."""
    if options.scheduler:
        from reportgen.batch.dask_executor import open_dask_executor

        return open_dask_executor(options.scheduler)
    from reportgen.batch.batch_executor import open_local_executor

    return open_local_executor(_job_count(options))


def _job_count(options: CommandOptions) -> int:
    """Return the number of worker processes: that of ``--jobs``, else of the available cores."""
    from reportgen.processes.resource_limits import available_cores

    return options.jobs or available_cores()


class _Counter:
    """One line on a terminal that shows the progress; nothing on a pipe."""

    def __init__(self, language: Language, *, shown: bool) -> None:
        self._language = language
        self._shown = shown and sys.stderr.isatty()

    def show(self, row: WorkbookRow, progress: Progress) -> None:
        """Show progress, rate and time left in one line, on a terminal only.

        Raise KeyboardInterrupt if the program was interrupted, shown or not.
        """
        signal_state.raise_if_interrupted()
        if not self._shown:
            return
        time_left = ""
        if progress.remaining_seconds is not None:
            minutes, seconds = divmod(round(progress.remaining_seconds), 60)
            time_left = translate("time left", self._language, minutes=minutes, seconds=seconds)
        text = translate(
            "collecting",
            self._language,
            done=progress.done,
            total=progress.total,
            rate=f"{60 * progress.rate:.0f}",
            left=time_left,
        )
        print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)

    def clear(self) -> None:
        """Remove the line."""
        if self._shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def _print_summary(
    collected: BatchResult, rollup: RollupFiles | None, options: CommandOptions, language: Language
) -> None:
    """Print the problems to standard error, and the summary line and roll-up to standard output.

    Only errors, unless verbose: then all problems, and the files to standard output. If quiet,
    there is no summary line, unless the folder has no workbooks, and no roll-up files are named.
    """
    for row in collected.rows:
        for problem in row.problems:
            if problem.severity is Severity.ERROR or options.verbose:
                print(problem.line(language), file=sys.stderr)
        if options.verbose:
            for path in row.files:
                print(path)
    if not collected.rows:
        print(translate("no workbooks", language, folder=options.folder))
    elif not options.quiet:
        print(_summary_line(collected, language))
    if rollup is not None:
        _print_rollup(rollup, options, language)


def _print_rollup(rollup: RollupFiles, options: CommandOptions, language: Language) -> None:
    """Print the problems and the files of the roll-up.

    Notices are printed only if verbose, files unless quiet.
    """
    for problem in rollup.problems:
        if problem.severity is not Severity.NOTICE or options.verbose:
            print(problem.line(language), file=sys.stderr)
    if not options.quiet:
        note = translate("unchanged", language) if rollup.unchanged else ""
        for path in rollup.files:
            print(f"{translate('rolled up', language)} {path}{note}")


def _summary_line(collected: BatchResult, language: Language) -> str:
    """Return the line with the number of workbooks by status and the seconds taken."""
    counts = {status.value: 0 for status in type(collected.rows[0].status)}
    for row in collected.rows:
        counts[row.status.value] += 1
    seconds = f"{collected.seconds:.1f}"
    return translate("collected", language, total=len(collected.rows), seconds=seconds, **counts)


def _result_as_json(
    collected: BatchResult, rollup: RollupFiles | None, options: CommandOptions, language: Language
) -> CollectReport:
    """Return the result of ``collect`` as JSON."""
    return {
        "schema": "reportgen.collect/1",
        "folder": str(options.folder),
        "seconds": round(collected.seconds, 1),
        "workbooks": [
            {
                "workbook": str(row.workbook),
                "status": row.status.value,
                "files": [output.path_as_json(path) for path in row.files],
                "annotated_copy": (
                    output.path_as_json(row.annotated_copy) if row.annotated_copy else None
                ),
                "problems": output.problems_as_json(row.problems, language),
            }
            for row in collected.rows
        ],
        "rollup": [output.path_as_json(path) for path in rollup.files] if rollup else [],
        "problems": output.problems_as_json(rollup.problems if rollup else (), language),
    }


def _report_refusal(
    problems: tuple[Problem, ...], options: CommandOptions, language: Language
) -> None:
    """Print the problems that stopped ``collect``, as JSON on standard output if requested."""
    if options.json:
        report: CollectReport = {
            "schema": "reportgen.collect/1",
            "folder": str(options.folder),
            "seconds": None,
            "workbooks": [],
            "rollup": [],
            "problems": output.problems_as_json(problems, language),
        }
        output.print_json(report)
        return
    for problem in problems:
        print(problem.line(language), file=sys.stderr)
