"""The state of approvals as lines for people, and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.cli.archive_reporter import localized_date
from reportgen.cli.cli_translations import translate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reportgen.approval import CheckedSlip, EditionApproval
    from reportgen.cli.approval_schema import ApprovalForm, CheckedSlipForm
    from reportgen.problems.problem import Language

_KEY_CHARS = 16  # of a fingerprint, on the terminal


def approval_lines(approval: EditionApproval, language: Language) -> Iterator[str]:
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


def approval_as_json(approval: EditionApproval) -> ApprovalForm:
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


def _slip_as_json(checked: CheckedSlip) -> CheckedSlipForm:
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
