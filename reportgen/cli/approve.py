"""``reportgen approve``: slips of archived editions, their withdrawal, and the state."""

from __future__ import annotations

import getpass
import os
import sys
from datetime import date
from typing import TYPE_CHECKING

from reportgen.cli import output
from reportgen.cli.archive_reporter import exit_code_of, head_as_json, localized_date
from reportgen.cli.cli_translations import translate
from reportgen.cli.username import current_username
from reportgen.problems import ExitCode, StoppedError, has_errors, make_problem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reportgen.approval import CheckedSlip, EditionApproval, SlipReceipt
    from reportgen.approval.slip_signature import SigningKey
    from reportgen.cli.approval_arguments import ApprovalOptions
    from reportgen.cli.output import Report
    from reportgen.problems import Problem
    from reportgen.problems.problem import Language

SCHEMA = "reportgen.approval/1"
_KEY_CHARS = 16  # of a fingerprint, on the terminal


def approve(options: ApprovalOptions, language: Language) -> ExitCode:
    """Write a slip, or show the state; print the report and return the exit code.

    Problems, StoppedError included, are reported, not raised.
    """
    receipt: SlipReceipt | None = None
    approval: EditionApproval | None = None
    try:
        if options.status:
            from reportgen.pipeline.approve_edition import approval_of

            approval, problems = approval_of(options.archive, options.edition, options.agency)
        else:
            receipt, problems = _write(options, language)
            approval = receipt.approval if receipt else None
    except StoppedError as stop:
        problems = stop.problems
    output.print_problems(problems, language, options)
    if options.json:
        _print_json(options, approval, receipt, problems, language)
    elif not options.quiet:
        if receipt is not None:
            print(_receipt_line(receipt, language))
            print(f"{translate('head', language)} {receipt.head.code}")
        for line in approval_lines(approval, language) if approval else ():
            print(line)
    return exit_code_of(problems)


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


def approval_lines(approval: EditionApproval, language: Language) -> Iterable[str]:
    """Yield the state of an edition's approval: a line for the whole, and one for each slip."""
    if not approval.approved:
        key = "approval begins"
    else:
        key = "approval open" if approval.next_round else "approval complete"
    fields = {"approved": "、".join(approval.approved), "next": approval.next_round}
    entry = approval.entry
    yield translate(key, language, agency=entry.agency, edition=entry.name, **fields)
    for checked in approval.slips:
        yield _slip_line(checked, language)


def _slip_line(checked: CheckedSlip, language: Language) -> str:
    """Return a slip with its state, why it is void, and its signature, in one line."""
    from reportgen.approval.approval_state import describe_changes

    slip = checked.slip
    state = translate(
        f"slip {checked.state.value}",
        language,
        version=checked.voided_by,
        changes=describe_changes(checked.changes),
        withdraws=slip.withdraws if slip else 0,
    )
    if slip is None:
        return translate("slip unreadable", language, folder=checked.folder, state=state)
    signature = ""
    if slip.key:
        key = "slip signed" if checked.is_signature_checked else "slip signature unchecked"
        signature = translate(key, language, key=slip.key[:_KEY_CHARS])
    return translate(
        "slip",
        language,
        number=slip.number,
        role=slip.role,
        names="、".join(slip.names),
        date=localized_date(slip.date, language),
        state=state,
        signature=signature,
        remark=translate("slip remark", language, remark=slip.remark) if slip.remark else "",
    )


def _print_json(
    options: ApprovalOptions,
    approval: EditionApproval | None,
    receipt: SlipReceipt | None,
    problems: tuple[Problem, ...],
    language: Language,
) -> None:
    """Print the report as JSON."""
    output.print_json(
        SCHEMA,
        archive=str(options.archive),
        written=receipt.slip.number if receipt else None,
        head=head_as_json(receipt.head) if receipt else None,
        approval=approval_as_json(approval) if approval else None,
        problems=[output.problem_as_json(problem, language) for problem in problems],
    )


def approval_as_json(approval: EditionApproval) -> Report:
    """Return the approval of an edition as JSON."""
    entry = approval.entry
    return {
        "agency": entry.agency,
        "edition": entry.edition,
        "reprint": entry.reprint,
        "entry": entry.number,
        "rounds": list(approval.rounds),
        "approved": list(approval.approved),
        "next": approval.next_round or None,
        "slips": [_slip_as_json(checked) for checked in approval.slips],
    }


def _slip_as_json(checked: CheckedSlip) -> Report:
    """Return a slip as JSON; fields of the slip are null if it cannot be read."""
    slip = checked.slip
    return {
        "number": slip.number if slip else None,
        "folder": checked.folder,
        "sha256": checked.digest,
        "time": checked.time,
        "state": checked.state.value,
        "action": slip.action.value if slip else None,
        "role": slip.role if slip else None,
        "names": list(slip.names) if slip else None,
        "date": slip.date if slip else None,
        "remark": slip.remark if slip else None,
        "withdraws": (slip.withdraws or None) if slip else None,
        "entry": slip.entry if slip else None,
        "key": (slip.key or None) if slip else None,
        "signature_checked": checked.is_signature_checked,
        "voided_by": checked.voided_by or None,
        "changed_figures": [
            {"figure": change.figure, "was": change.was or None, "now": change.now or None}
            for change in checked.changes.figures
        ],
        "changed_files": list(checked.changes.files),
    }
