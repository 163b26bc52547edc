"""``reportgen merge``: what units return comes into the edition, or who has not returned it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from reportgen.cli import output
from reportgen.cli.cli_translations import translate
from reportgen.problems import ExitCode, Problem, StoppedError, has_errors
from reportgen.workbook.schema.sheets import DATA

if TYPE_CHECKING:
    from pathlib import Path

    from reportgen.cli.command_schema import MergeReportForm
    from reportgen.cli.sharing_arguments import SharingOptions
    from reportgen.model.scorecard import CellRef
    from reportgen.problems.problem import Language
    from reportgen.sharing.delivery_status import UnitStatus
    from reportgen.sharing.part_merging import Change
    from reportgen.sharing.workbook_merging import MergeReport

_MAX_LISTED_CELLS = 12


def merge(workbook: Path, options: SharingOptions, language: Language) -> ExitCode:
    """Merge parts into a workbook and report it; raise StoppedError if it cannot be read."""
    from reportgen.pipeline import exit_code
    from reportgen.sharing.workbook_merging import merge_workbook

    report = merge_workbook(
        workbook, options.parts, is_trial=options.status, is_partial=options.partial
    )
    problems = report.problems
    if options.sheet is not None:
        problems += _write_sheet(report, options.sheet, language)
    if options.json:
        _print_json(report, problems, options, language)
    else:
        _print_report(report, problems, options, language)
    return exit_code(problems)


def _write_sheet(report: MergeReport, path: Path, language: Language) -> tuple[Problem, ...]:
    """Write the report as a workbook; return the problems of writing it."""
    from reportgen.atomic_files import write_files
    from reportgen.sharing.merge_tables import merge_report_workbook

    content = merge_report_workbook(report, language, path.suffix.lower())
    return write_files({path: content})[1]


def _print_report(
    report: MergeReport,
    problems: tuple[Problem, ...],
    options: SharingOptions,
    language: Language,
) -> None:
    """Print problems to standard error, and changes, units and the outcome to standard output."""
    output.print_problems(problems, language, options)
    if not options.quiet:
        for change in report.changes:
            print(_change_line(change, language))
        for status in report.statuses:
            print(_status_line(status, language))
    count = len(report.changes)
    if report.written is not None:
        path = report.written.path
        print(translate("merged", language, count=count, path=path))
        if report.written.backup:
            print(f"  {translate('backup', language)} {report.written.backup}")
    elif options.status:
        print(translate("would merge", language, count=count))
    elif has_errors(problems):
        print(translate("not merged", language, count=count), file=sys.stderr)
    else:
        print(translate("nothing to merge", language))


def _change_line(change: Change, language: Language) -> str:
    """Return a change as a line: where, was, is, by whom."""
    part, target = change.part, change.target.at
    blank = translate("blank content", language)
    return translate(
        "change",
        language,
        sheet=target.sheet,
        cell=target.cell,
        item=change.returned.row.label,
        heading=change.returned.heading,
        was=change.was or blank,
        now=change.content,
        by=" ".join(filter(None, (part.owner, part.signed_by, part.signed_on))),
    )


def _status_line(status: UnitStatus, language: Language) -> str:
    """Return the state of a unit as a line, with the first of its blank cells."""
    from reportgen.sharing.merge_tables import DELIVERY_NAMES, UNOWNED

    index = 0 if language == "zh-TW" else 1
    cells = [_blank_cell_name(cell.at) for cell in status.blank]
    more = "…" if len(cells) > _MAX_LISTED_CELLS else ""
    return translate(
        "unit status",
        language,
        owner=status.owner or UNOWNED[index],
        state=DELIVERY_NAMES[status.delivery][index],
        rows=status.row_count,
        blank=len(cells),
        cells=("、" if index == 0 else ", ").join(cells[:_MAX_LISTED_CELLS]) + more,
    ).rstrip()


def _blank_cell_name(cell: CellRef) -> str:
    """Return the name of a blank cell; of a sheet other than 年度資料 with its sheet."""
    return cell.cell if cell.sheet == DATA.name else f"「{cell.sheet}」{cell.cell}"


def _print_json(
    report: MergeReport,
    problems: tuple[Problem, ...],
    options: SharingOptions,
    language: Language,
) -> None:
    """Print the report as JSON."""
    from reportgen.sharing.merge_json import change_as_json, status_as_json

    content: MergeReportForm = {
        "schema": "reportgen.merge/1",
        "workbook": options.workbooks[0],
        "edition": report.scorecard.edition,
        "written": output.file_as_json(report.written) if report.written else None,
        "changes": [change_as_json(change) for change in report.changes],
        "units": [status_as_json(status) for status in report.statuses],
        "problems": output.problems_as_json(problems, language),
    }
    output.print_json(content)


def report_stopped_merge(options: SharingOptions, stop: StoppedError, language: Language) -> None:
    """Print why nothing could be merged, or as JSON."""
    if options.json:
        content: MergeReportForm = {
            "schema": "reportgen.merge/1",
            "workbook": options.workbooks[0],
            "edition": None,
            "written": None,
            "changes": [],
            "units": [],
            "problems": output.problems_as_json(stop.problems, language),
        }
        output.print_json(content)
        return
    output.print_problems(stop.problems, language, options)
    nothing = translate("nothing written", language)
    print(f"{options.workbooks[0]}: {nothing}", file=sys.stderr)
