"""The check of an edition's slips, one by one, against the archive and each other."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from reportgen.approval.approval_state import (
    CheckedSlip,
    EditionApproval,
    SlipState,
    describe_changes,
    withdrawable,
)
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
    NO_PREVIOUS_SLIP,
    SIGNATURE_FILE,
    SLIP_FILE,
    Action,
    InvalidSlipError,
    Slip,
    parse_slip,
)
from reportgen.approval.slip_signature import InvalidSignatureError, verify_signature
from reportgen.archive import log
from reportgen.archive.digests import sha256
from reportgen.archive.retrieval import approvals_object, load_slips
from reportgen.problems import Location, Problem, make_problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from reportgen.archive import Archive, LogEntry

_WITHDRAWN_FIELDS: Final = (  # that a withdrawal shares with what it withdraws
    *("agency", "reprint", "entry", "entry_sha256", "documents", "made_from", "figures"),
    *("rounds", "role"),
)


def edition_approval(
    archive: Archive, entry: LogEntry, rounds: tuple[str, ...] = ()
) -> tuple[EditionApproval, tuple[Problem, ...]]:
    """Return the approval of an edition, given by any of its versions, and its problems.

    ``rounds`` are those of an edition without slips that count; those of its last slip, or the
    default ones, if it is empty.

    Problems: E660 a slip is damaged, E661 it contradicts the archive, E662 its signature is wrong;
    W660 slips are void, W661 signatures were not checked; those of :func:`load_files`, of slips
    and versions.
    """
    checker = _SlipChecker(archive, entry)
    slips = checker.check_all()
    last_rounds = next((item.slip.rounds for item in reversed(slips) if item.slip), DEFAULT_ROUNDS)
    approval = EditionApproval(
        entry=checker.versions[-1], slips=slips, default_rounds=rounds or last_rounds
    )
    problems = (*checker.problems, *checker.contents.problems)
    return approval, (*dict.fromkeys(problems), *_void_problems(approval))


def all_approvals(archive: Archive) -> tuple[tuple[EditionApproval, ...], tuple[Problem, ...]]:
    """Return the approval of each edition that has slips, in the order of their first ones.

    Problems: as :func:`edition_approval`; E661, too, for slips of an edition that is not archived.
    """
    approvals: list[EditionApproval] = []
    problems: list[Problem] = []
    editions = {(approvals_object(entry), entry.edition): entry for entry in archive.editions}
    first_slips: dict[tuple[str, str], LogEntry] = {}
    for entry in archive.entries:
        if entry.kind == log.APPROVAL:
            first_slips.setdefault((entry.object, entry.edition), entry)
    for key, entry in first_slips.items():
        if (edition := editions.get(key)) is None:
            found_name = f"{entry.agency} {entry.edition}"
            problems.append(make_problem("E661", found=found_name, reason="edition"))
            continue
        approval, found = edition_approval(archive, edition)
        approvals.append(approval)
        problems += found
    return tuple(approvals), tuple(problems)


def _void_problems(approval: EditionApproval) -> Iterator[Problem]:
    """Yield W660, with the changes, for the void slips of an edition that none has replaced yet."""
    void = [checked for checked in approval.slips if checked.state is SlipState.VOID]
    if void and not approval.valid:
        slips = "、".join(str(checked.slip.number) for checked in void if checked.slip)
        yield make_problem(
            "W660",
            Location(file=f"{approval.entry.agency} {approval.entry.edition}"),
            slips=slips,
            version=void[-1].voided_by,
            found=describe_changes(void[-1].changes),
        )


class _SlipChecker:
    """The check of an edition's slips, one after another."""

    def __init__(self, archive: Archive, entry: LogEntry) -> None:
        self.archive = archive
        self.versions = [
            version
            for version in archive.editions
            if version.object == entry.object and version.edition == entry.edition
        ]
        self.problems: list[Problem] = []
        self.contents = ArchivedContents(archive)
        self._entries = [
            item
            for item in archive.entries
            if item.kind == log.APPROVAL
            and item.object == approvals_object(entry)
            and item.edition == entry.edition
        ]
        self._files: Mapping[str, bytes] = {}

    def check_all(self) -> tuple[CheckedSlip, ...]:
        """Return all slips with their states; problems are recorded."""
        if not self._entries:
            return ()
        self._files, load_problems = load_slips(self.archive, self.versions[-1])
        self.problems += load_problems
        self._report_foreign_files()
        slips: list[CheckedSlip] = []
        for entry in self._entries:
            slips.append(self._check(entry, slips))
        return self._states_at(slips, self.versions[-1])

    def _report_foreign_files(self) -> None:
        """Record E661 for each file of the edition that no line of the log names."""
        known = {file.path for entry in self._entries for file in entry.files}
        for path in self._files.keys() - known:
            self._report("E661", path, found=path, reason="file")

    def _report(self, code: str, folder: str, **fields: object) -> None:
        """Record a problem of the slip in a folder."""
        self.problems.append(make_problem(code, Location(file=folder), **fields))

    def _check(self, entry: LogEntry, earlier: Sequence[CheckedSlip]) -> CheckedSlip:
        """Return the slip of a line of the log; its problems are recorded, and it is invalid then.

        A slip without problems is valid, or a withdrawal; later changes are not regarded.
        """
        folder = f"{entry.edition}/{len(earlier) + 1:03d}"
        files = {
            file.path.rpartition("/")[2]: self._files[file.path]
            for file in entry.files
            if file.path in self._files and sha256(self._files[file.path]) == file.sha256
        }
        slip: Slip | None = None
        is_checked, state = False, SlipState.INVALID
        try:
            slip = parse_slip(files.get(SLIP_FILE, b""))
        except InvalidSlipError as error:
            self._report("E660", folder, reason=error.args[0])
        else:
            reason = self._contradiction(slip, entry, earlier)
            if reason:
                self._report("E661", folder, found=f"{slip.edition} {slip.role}", reason=reason)
            is_checked, is_sound = self._check_signature(slip, files, folder)
            if is_sound and not reason:
                is_approval = slip.action is Action.APPROVE
                state = SlipState.VALID if is_approval else SlipState.WITHDRAWAL
        return CheckedSlip(
            folder=folder,
            time=entry.time,
            files=files,
            slip=slip,
            state=state,
            is_signature_checked=is_checked,
        )

    def _contradiction(self, slip: Slip, entry: LogEntry, earlier: Sequence[CheckedSlip]) -> str:
        """Return the name of the first field that contradicts the archive; "" if none does."""
        before = [version for version in self.versions if version.number < entry.number]
        if not before:
            return "entry"
        return (
            self._place_contradiction(slip, entry, earlier)
            or self._content_contradiction(slip, earlier, before[-1])
            or self._order_contradiction(slip, entry, earlier, before[-1])
        )

    def _place_contradiction(
        self, slip: Slip, entry: LogEntry, earlier: Sequence[CheckedSlip]
    ) -> str:
        """Return the first field that does not fit the log or the slip before, or ""."""
        folder = f"{entry.edition}/{len(earlier) + 1:03d}"
        names = {SLIP_FILE} | ({SIGNATURE_FILE, KEY_FILE} if slip.key else set())
        if {file.path for file in entry.files} != {f"{folder}/{name}" for name in names}:
            return "files"
        expected = {
            "archive": self.archive.entries[0].archive,
            "agency": entry.agency,
            "edition": entry.edition,
            "number": len(earlier) + 1,
            "previous": earlier[-1].digest if earlier else NO_PREVIOUS_SLIP,
            "reprint": entry.reprint,
        }
        return _differing_field(slip, expected)

    def _content_contradiction(
        self, slip: Slip, earlier: Sequence[CheckedSlip], version: LogEntry
    ) -> str:
        """Return the first field that is not that of the approved version, or "".

        A withdrawal has the content of the slip that it withdraws.
        """
        if slip.action is Action.WITHDRAW:
            slips = (checked.slip for checked in earlier if checked.slip)
            withdrawn = next((item for item in slips if item.number == slip.withdraws), None)
            if withdrawn is None:
                return "withdraws"
            fields = {name: getattr(withdrawn, name) for name in _WITHDRAWN_FIELDS}
            return _differing_field(slip, fields)
        figures = self.contents.figures(version)
        expected = {
            "agency": version.agency,
            "reprint": version.reprint,
            "entry": version.number,
            "entry_sha256": version.hash,
            "documents": document_digests(version),
            "made_from": source_digests(version),
            "figures": sha256(figures) if figures else "",
            "withdraws": 0,
        }
        return _differing_field(slip, expected)

    def _order_contradiction(
        self,
        slip: Slip,
        entry: LogEntry,
        earlier: Sequence[CheckedSlip],
        version: LogEntry,
    ) -> str:
        """Return the field by which a slip could not have been given at its time, or ""."""
        valid = [
            checked.slip
            for checked in self._states_at(earlier, version)
            if checked.slip and checked.state is SlipState.VALID
        ]
        if valid and slip.rounds != valid[-1].rounds:
            return "rounds"
        if slip.role not in slip.rounds or len(set(slip.rounds)) != len(slip.rounds):
            return "role"
        last_day = date.fromisoformat(entry.time[:10]) + timedelta(days=1)  # in any time zone
        first_day = max((other.day for other in valid), default=date.min)
        if not first_day <= slip.day <= last_day:
            return "date"
        if slip.action is Action.WITHDRAW:
            return "" if withdrawable(valid, slip.withdraws) else "withdraws"
        approved = {other.role for other in valid}
        is_missing = earlier_rounds_missing(slip.rounds, approved, slip.role)
        is_late = later_rounds_approved(slip.rounds, approved, slip.role)
        return "role" if is_missing or is_late else ""

    def _check_signature(
        self, slip: Slip, files: Mapping[str, bytes], folder: str
    ) -> tuple[bool, bool]:
        """Return whether a signature was verified, and whether nothing speaks against the slip.

        Problems are recorded: E662, or W661 if it could not be verified here.
        """
        if not slip.key:
            return False, True
        try:
            fingerprint = verify_signature(
                files.get(KEY_FILE, b""), files.get(SIGNATURE_FILE, b""), files[SLIP_FILE]
            )
            if fingerprint != slip.key:
                raise InvalidSignatureError("key")
        except ImportError:
            self._report("W661", folder)
            return False, True
        except InvalidSignatureError as error:
            self._report("E662", folder, found=f"{slip.edition} {slip.role}", reason=error.args[0])
            return False, False
        return True, True

    def _states_at(
        self, slips: Sequence[CheckedSlip], version: LogEntry
    ) -> tuple[CheckedSlip, ...]:
        """Return slips with their states as of a version: withdrawn, void or still valid."""
        withdrawn = {
            checked.slip.withdraws
            for checked in slips
            if checked.slip and checked.state is SlipState.WITHDRAWAL
        }
        states = []
        for checked in slips:
            slip = checked.slip
            if slip is None or checked.state is not SlipState.VALID:
                states.append(checked)
            elif slip.number in withdrawn:
                states.append(replace(checked, state=SlipState.WITHDRAWN))
            else:
                states.append(self._voided(checked, slip, version))
        return tuple(states)

    def _voided(self, checked: CheckedSlip, slip: Slip, version: LogEntry) -> CheckedSlip:
        """Return a valid slip as it is after a version: void by the first that has changes.

        A later version that takes a change back does not make it valid again.
        """
        then = next(entry for entry in self.versions if entry.number == slip.entry)
        for later in self.versions:
            if not then.number < later.number <= version.number:
                continue
            changes = self.contents.changes(then, later)
            if changes:
                return replace(checked, state=SlipState.VOID, changes=changes, voided_by=later.name)
        return checked


def _differing_field(slip: Slip, expected: Mapping[str, object]) -> str:
    """Return the name of the first field of a slip that is not as expected, or ""."""
    return next((name for name, value in expected.items() if getattr(slip, name) != value), "")
