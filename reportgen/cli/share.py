"""``reportgen share``: a workbook for each unit that fills in figures of an edition."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from reportgen.cli import output
from reportgen.cli.cli_translations import translate
from reportgen.model.scorecard import RocDate
from reportgen.problems import ExitCode, Problem, StoppedError, has_errors, make_problem

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from reportgen.atomic_files import WrittenFile
    from reportgen.cli.command_schema import SharedPart, ShareReport
    from reportgen.cli.sharing_arguments import SharingOptions
    from reportgen.problems.problem import Language
    from reportgen.workbook.parts.owner_part import OwnerPart

PART_FOLDER = "填報"


def share(workbook: Path, options: SharingOptions, language: Language) -> ExitCode:
    """Write the parts of a workbook and report them; raise StoppedError if that fails."""
    from reportgen.pipeline import exit_code
    from reportgen.sharing.edition_sharing import share_edition
    from reportgen.sharing.part_files import write_parts
    from reportgen.sharing.shared_edition import read_edition

    due = _parse_due(options.due)
    edition, _ = read_edition(workbook)
    card = edition.scorecard
    parts, problems = share_edition(edition, due)
    if has_errors(problems):
        raise StoppedError(problems, exit_code(problems))
    suffix = f".{options.kind}" if options.kind else workbook.suffix.lower()
    suffix = suffix if suffix == ".ods" else ".xlsx"
    folder = options.target or options.output / card.edition / PART_FOLDER
    try:
        files, write_problems = write_parts(
            parts, folder, suffix, card.revised, replaces=options.replace
        )
    except StoppedError as stop:
        raise StoppedError((*problems, *stop.problems), stop.exit_code) from stop
    _report(parts, files, (*problems, *write_problems), options, language)
    return ExitCode.DONE


def _parse_due(text: str) -> str:
    """Return a due date in the form 106-01-20, or an empty text; raise StoppedError for no date."""
    from reportgen.workbook.reading.roc_dates import parse_date

    parsed = parse_date(text) if text else None
    if parsed is None:
        return ""
    if isinstance(parsed, RocDate):
        return parsed.edition
    raise StoppedError(
        [make_problem(parsed.code, label="--due", **dict(parsed.fields))], ExitCode.USAGE
    )


def _report(
    parts: Sequence[OwnerPart],
    files: Sequence[WrittenFile],
    problems: tuple[Problem, ...],
    options: SharingOptions,
    language: Language,
) -> None:
    """Print the files with their units, or all as JSON."""
    name = options.workbooks[0]
    if options.json:
        reports: list[SharedPart] = [
            {"owner": part.owner, "rows": part.row_count, **output.file_as_json(file)}
            for part, file in zip(parts, files, strict=True)
        ]
        _print_json(name, parts[0].edition, reports, problems, language)
        return
    output.print_problems(problems, language, options)
    if options.quiet:
        return
    for part, file in zip(parts, files, strict=True):
        note = "" if file.changed else translate("unchanged", language)
        fields = {"owner": part.owner, "rows": part.row_count, "path": file.path, "note": note}
        print(translate("shared part", language, **fields))
    rows = sum(part.row_count for part in parts)
    print(translate("shared", language, count=len(parts), rows=rows, workbook=name))


def report_stopped_share(options: SharingOptions, stop: StoppedError, language: Language) -> None:
    """Print why nothing was shared, or as JSON."""
    if options.json:
        _print_json(options.workbooks[0], None, [], stop.problems, language)
        return
    output.print_problems(stop.problems, language, options)
    nothing = translate("nothing written", language)
    print(f"{options.workbooks[0]}: {nothing}", file=sys.stderr)


def _print_json(
    workbook: str,
    edition: str | None,
    parts: list[SharedPart],
    problems: tuple[Problem, ...],
    language: Language,
) -> None:
    """Print what was shared as JSON."""
    report: ShareReport = {
        "schema": "reportgen.share/1",
        "workbook": workbook,
        "edition": edition,
        "parts": parts,
        "problems": output.problems_as_json(problems, language),
    }
    output.print_json(report)
