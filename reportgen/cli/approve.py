"""``reportgen approve``: slips of archived editions, their withdrawal, and the state."""

from __future__ import annotations

import getpass
import os
import sys
from datetime import date
from typing import TYPE_CHECKING

from reportgen.cli import output
from reportgen.cli.approval_report import approval_as_json, approval_lines
from reportgen.cli.archive_reporter import exit_code_of, head_as_json
from reportgen.cli.cli_translations import translate
from reportgen.cli.username import current_username
from reportgen.problems import ExitCode, StoppedError, has_errors, make_problem

if TYPE_CHECKING:
    from reportgen.approval import EditionApproval, SlipReceipt
    from reportgen.approval.slip_signature import SigningKey
    from reportgen.atomic_files import WrittenFile
    from reportgen.cli.approval_arguments import ApprovalOptions
    from reportgen.cli.archive_command_schema import ApproveReport
    from reportgen.problems import Problem
    from reportgen.problems.problem import Language


def approve(options: ApprovalOptions, language: Language) -> ExitCode:
    """Write a slip, or show the state; print the report and return the exit code.

    Problems, StoppedError included, are reported, not raised.
    """
    receipt: SlipReceipt | None = None
    approval: EditionApproval | None = None
    code: ExitCode | None = None
    try:
        if options.status:
            from reportgen.pipeline.approve_edition import approval_of

            approval, problems = approval_of(options.archive, options.edition, options.agency)
        else:
            receipt, problems = _write(options, language)
            approval = receipt.approval if receipt else None
    except StoppedError as stop:
        problems, code = stop.problems, stop.exit_code
    files, unwritten = _write_files(options, approval)
    problems += unwritten
    output.print_problems(problems, language, options)
    if options.json:
        _print_json(options, (approval, receipt), files, problems, language)
    elif not options.quiet:
        if receipt is not None:
            print(_receipt_line(receipt, language))
            print(f"{translate('head', language)} {receipt.head.code}")
        for line in approval_lines(approval, language) if approval else ():
            print(line)
        for file in files:
            note = "" if file.changed else translate("unchanged", language)
            print(f"{translate('written', language)} {file.path}{note}")
    return exit_code_of(problems) if code is None else code


def _write(
    options: ApprovalOptions, language: Language
) -> tuple[SlipReceipt | None, tuple[Problem, ...]]:
    """Write the slip that the options ask for; return its receipt, or None with the problems.

    Raise StoppedError for a date or a key that cannot be used.
    """
    from reportgen.approval import SlipRequest
    from reportgen.pipeline.approve_edition import approve_edition

    today = date.today()  # noqa: DTZ011 (local date)
    request = SlipRequest(
        edition=options.edition,
        agency=options.agency,
        role=options.role,
        names=tuple(options.names),
        day=_parse_day(options.date) if options.date else today,
        today=today,
        remark=options.remark,
        withdraws=options.withdraws,
        key=_read_key(options, language),
        user=options.user or current_username(),
    )
    return approve_edition(options.archive, request)


def _parse_day(text: str) -> date:
    """Return the date that ``--date`` states in any form; raise StoppedError for no date."""
    from reportgen.model.scorecard import RocDate
    from reportgen.workbook.reading.roc_dates import parse_date

    parsed = parse_date(text)
    if isinstance(parsed, RocDate):
        return parsed.to_date()
    problem = make_problem(parsed.code, label="--date", **dict(parsed.fields))
    raise StoppedError([problem], ExitCode.USAGE)


def _read_key(options: ApprovalOptions, language: Language) -> SigningKey | None:
    """Return the key of ``--sign``, None without it; raise StoppedError if it cannot be used.

    The passphrase is taken from REPORTGEN_KEY_PASSPHRASE, else asked for.
    """
    if options.key is None:
        return None
    from reportgen.approval.slip_signature import PassphraseNeededError, read_signing_key

    passphrase = os.environ.get("REPORTGEN_KEY_PASSPHRASE")
    try:
        key, problems = read_signing_key(options.key, passphrase)
    except PassphraseNeededError:
        is_interactive = sys.stdin.isatty()
        passphrase = getpass.getpass(translate("passphrase", language)) if is_interactive else ""
        key, problems = read_signing_key(options.key, passphrase)
    if has_errors(problems):
        raise StoppedError(problems, exit_code_of(problems))
    return key


def _receipt_line(receipt: SlipReceipt, language: Language) -> str:
    """Return the line that a slip was written."""
    slip = receipt.slip
    return translate(
        "written withdrawal" if slip.withdraws else "written slip",
        language,
        number=slip.number,
        withdraws=slip.withdraws,
        edition=slip.edition,
        role=slip.role,
        names="、".join(slip.names),
    )


def _write_files(
    options: ApprovalOptions, approval: EditionApproval | None
) -> tuple[tuple[WrittenFile, ...], tuple[Problem, ...]]:
    """Write the files of all slips below ``--output``, in ``105-12-25_001`` and so on.

    Return them, and the problems of those that could not be written; nothing without ``--output``.
    """
    if options.target is None or approval is None:
        return (), ()
    from reportgen.atomic_files import write_files

    return write_files(
        {
            options.target / checked.folder.replace("/", "_") / name: content
            for checked in approval.slips
            for name, content in checked.files.items()
        }
    )


def _print_json(
    options: ApprovalOptions,
    outcome: tuple[EditionApproval | None, SlipReceipt | None],
    files: tuple[WrittenFile, ...],
    problems: tuple[Problem, ...],
    language: Language,
) -> None:
    """Print the report as JSON; ``outcome`` is what was found and written."""
    approval, receipt = outcome
    report: ApproveReport = {
        "schema": "reportgen.approval/1",
        "archive": str(options.archive),
        "written": receipt.slip.number if receipt else None,
        "head": head_as_json(receipt.head) if receipt else None,
        "approval": approval_as_json(approval) if approval else None,
        "files": [output.file_as_json(file) for file in files],
        "problems": output.problems_as_json(problems, language),
    }
    output.print_json(report)
