"""Writing of slips into the archive, by the same durable steps as editions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from reportgen.approval.approval_check import edition_approval
from reportgen.approval.approval_state import EditionApproval, withdrawable
from reportgen.approval.approved_content import (
    ArchivedContents,
    document_digests,
    source_digests,
)
from reportgen.approval.rounds import (
    DEFAULT_ROUNDS,
    earlier_rounds_missing,
    later_rounds_approved,
)
from reportgen.approval.slip import (
    KEY_FILE,
    MAX_NAME_CHARS,
    MAX_NAMES,
    MAX_REMARK_CHARS,
    NO_PREVIOUS_SLIP,
    SIGNATURE_FILE,
    SLIP_FILE,
    Action,
    Slip,
    slip_content,
    unusable_texts,
)
from reportgen.archive import find_edition, head, log
from reportgen.archive.digests import sha256
from reportgen.archive.errors import ArchiveError
from reportgen.archive.identifiers import user_address
from reportgen.archive.repository import lock_archive, newest_state, now
from reportgen.archive.retrieval import approvals_object
from reportgen.archive.transaction import UnfinishedTransactionError, VersionChange, commit_version
from reportgen.model.scorecard import RocDate
from reportgen.problems import Location, Problem, has_errors, make_problem

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from reportgen.approval.slip_signature import SigningKey
    from reportgen.archive import Archive, Head, LogEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipRequest:
    """The data of a slip that is to be written; ``withdraws`` is 0 for an approval."""

    edition: str  # as named by the user
    agency: str = ""  # "": the only one that has the edition
    role: str = ""  # of an approval
    names: tuple[str, ...]
    day: date
    today: date
    remark: str = ""
    withdraws: int = 0  # number of the slip
    rounds: tuple[str, ...] = DEFAULT_ROUNDS  # of an edition without slips that count
    entry: int | None = None  # number of the version that ``rounds`` are of
    key: SigningKey | None = None
    user: str = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipReceipt:
    """A slip that is on disk, and the edition's approval with it."""

    slip: Slip
    approval: EditionApproval
    head: Head


def write_slip(
    folder: Path, request: SlipRequest
) -> tuple[SlipReceipt | None, tuple[Problem, ...]]:
    """Archive a slip; once a receipt is returned, it is on disk.

    Return None with the problems if nothing was written. E650 no such round, E651 an earlier one is
    missing, E652 a later one is given already, E653 the edition has no figures, E654 the date, E657
    no slip that can be withdrawn, E658 a name or the remark, E659 the edition is not the newest
    version; E660-E662 an earlier slip is not sound; those of :func:`find_edition` and of archiving.
    """
    try:
        with lock_archive(folder, create=False) as locked:
            return _write(locked, request), ()
    except ArchiveError as refused:
        return None, refused.problems
    except UnfinishedTransactionError as error:
        fields = {"edition": request.edition, "reason": error.args[0]}
        return None, (make_problem("E609", Location(file=str(folder)), **fields),)


def _write(archive: Archive, request: SlipRequest) -> SlipReceipt:
    """Write a slip and return its receipt; the caller holds the lock.

    Raise ArchiveError or UnfinishedTransactionError.
    """
    _check_texts(request)
    entry, problems = find_edition(archive, request.edition, request.agency)
    if entry is None:
        raise ArchiveError(*problems)
    approval, problems = edition_approval(archive, entry, request.rounds)
    if has_errors(problems):
        raise ArchiveError(*problems)
    if request.entry is not None:
        entry = archive.entries[request.entry]
    if entry.number != approval.entry.number:
        raise ArchiveError(make_problem("E659", found=entry.name, newest=approval.entry.name))
    slip = _make_slip(archive, request, approval)
    committed = _commit(archive, approval, slip, request)
    extended = replace(archive, entries=(*archive.entries, committed))
    approval, _ = edition_approval(extended, entry, request.rounds)
    return SlipReceipt(slip=slip, approval=approval, head=head((committed,)))


def _check_texts(request: SlipRequest) -> None:
    """Raise ArchiveError (E658) for names or a remark that no slip can have.

    A withdrawal must give its reason.
    """
    unusable = unusable_texts(request.names, request.remark)
    if request.withdraws and not request.remark:
        unusable = (*unusable, "")
    if unusable:
        limits = {
            "names": MAX_NAMES,
            "name_chars": MAX_NAME_CHARS,
            "remark_chars": MAX_REMARK_CHARS,
        }
        raise ArchiveError(*(make_problem("E658", found=text[:60], **limits) for text in unusable))


def _make_slip(archive: Archive, request: SlipRequest, approval: EditionApproval) -> Slip:
    """Return the slip that a request asks for; raise ArchiveError if it must not be given."""
    withdrawn = _withdrawn_slip(request, approval) if request.withdraws else None
    if withdrawn is None:
        _check_order(request, approval)
    _check_date(request, approval)
    entry = approval.entry
    previous = approval.slips[-1].digest if approval.slips else NO_PREVIOUS_SLIP
    own: dict[str, Any] = {
        "number": len(approval.slips) + 1,
        "previous": previous,
        "names": request.names,
        "date": request.day.isoformat(),
        "remark": request.remark,
        "key": request.key.fingerprint if request.key else "",
    }
    if withdrawn is not None:
        return replace(withdrawn, action=Action.WITHDRAW, withdraws=withdrawn.number, **own)
    contents = ArchivedContents(archive)
    figures = contents.figures(entry)
    if contents.problems:
        raise ArchiveError(*contents.problems)
    if not figures:
        raise ArchiveError(make_problem("E653", edition=entry.edition))
    return Slip(
        archive=archive.entries[0].archive,
        agency=entry.agency,
        edition=entry.edition,
        reprint=entry.reprint,
        entry=entry.number,
        entry_sha256=entry.hash,
        action=Action.APPROVE,
        role=request.role,
        rounds=approval.rounds,
        withdraws=0,
        documents=document_digests(entry),
        made_from=source_digests(entry),
        figures=sha256(figures),
        **own,
    )


def _withdrawn_slip(request: SlipRequest, approval: EditionApproval) -> Slip:
    """Return the slip to be withdrawn.

    Raise ArchiveError: E657 there is none that counts, E652 a later round stands on it.
    """
    slip = next((slip for slip in approval.valid if slip.number == request.withdraws), None)
    if slip is None:
        numbers = "、".join(str(valid.number) for valid in approval.valid) or "—"
        raise ArchiveError(make_problem("E657", found=request.withdraws, numbers=numbers))
    if not withdrawable(approval.valid, request.withdraws):
        raise ArchiveError(_later_round_problem(approval, slip.role))
    return slip


def _check_order(request: SlipRequest, approval: EditionApproval) -> None:
    """Raise ArchiveError unless the requested round comes next, or is the last that was given."""
    rounds, approved, role = approval.rounds, approval.approved, request.role
    if role not in rounds:
        raise ArchiveError(make_problem("E650", found=role, rounds="、".join(rounds)))
    if missing := earlier_rounds_missing(rounds, approved, role):
        raise ArchiveError(
            make_problem(
                "E651",
                found=role,
                missing="、".join(missing),
                first=missing[0],
                edition=approval.entry.edition,
            )
        )
    if later_rounds_approved(rounds, approved, role):
        raise ArchiveError(_later_round_problem(approval, role))


def _later_round_problem(approval: EditionApproval, role: str) -> Problem:
    """Return E652: the rounds after ``role`` must be withdrawn first, the last one first."""
    later = later_rounds_approved(approval.rounds, approval.approved, role)
    numbers = [
        str(slip.number) for name in later for slip in approval.valid[::-1] if slip.role == name
    ]
    return make_problem(
        "E652",
        found=role,
        later="、".join(later),
        numbers="、".join(numbers),
        first=numbers[0],
        edition=approval.entry.edition,
    )


def _check_date(request: SlipRequest, approval: EditionApproval) -> None:
    """Raise ArchiveError (E654) for a date in the future, or before that of a slip that counts."""
    first = max((slip.day for slip in approval.valid), default=None)
    if request.day > request.today or (first and request.day < first):
        shown = [
            RocDate.from_date(day).edition if day else ""
            for day in (request.day, first, request.today)
        ]
        raise ArchiveError(
            make_problem("E654", found=shown[0], first=shown[1] or "—", last=shown[2])
        )


def _commit(
    archive: Archive, approval: EditionApproval, slip: Slip, request: SlipRequest
) -> LogEntry:
    """Write a slip, with its signature if there is a key, as a version of the slips' object.

    Return its line of the log. Raises as :func:`commit_version`.
    """
    entry = approval.entry
    content = slip_content(slip)
    files = {SLIP_FILE: content}
    if request.key is not None:
        files |= {SIGNATURE_FILE: request.key.sign(content), KEY_FILE: request.key.public_pem}
    folder = f"{entry.edition}/{slip.number:03d}"
    identifier = approvals_object(entry)
    change = VersionChange(
        entry=log.LogEntry(
            number=0,
            previous="",
            time=now(),
            kind=log.APPROVAL,
            object=identifier,
            agency=entry.agency,
            edition=entry.edition,
            reprint=slip.reprint,
        ),
        files={f"{folder}/{name}": data for name, data in files.items()},
        inherited=newest_state(archive, identifier),
        message=f"{slip.action.value} {slip.role} {entry.name}",
        user=request.user,
        address=user_address(request.user),
    )
    return commit_version(archive.root, archive.entries, archive.size, change)
