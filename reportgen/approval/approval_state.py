"""The state of an edition's approval, as its slips and the archive give it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from reportgen.approval.approved_content import NO_CHANGES, ContentChanges
from reportgen.approval.rounds import later_rounds_approved, next_round
from reportgen.approval.slip import SLIP_FILE
from reportgen.archive.digests import sha256

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from reportgen.approval.slip import Slip
    from reportgen.archive import LogEntry

_MAX_SHOWN: Final = 8


class SlipState(StrEnum):
    """The state of a slip; only a valid one counts."""

    VALID = "valid"
    VOID = "void"  # the content was changed since
    WITHDRAWN = "withdrawn"
    WITHDRAWAL = "withdrawal"  # it withdraws another
    INVALID = "invalid"  # it is damaged, or contradicts the archive


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedSlip:
    """A slip of an edition as it is archived, and its state."""

    folder: str  # below the object: 105-12-25/001
    time: str  # of its line in the log, ISO 8601, UTC
    files: Mapping[str, bytes]  # name → content: slip.json, and with a signature two more
    slip: Slip | None  # None if it cannot be read
    state: SlipState
    changes: ContentChanges = NO_CHANGES  # why it is void
    voided_by: str = ""  # name of the version that made it void
    is_signature_checked: bool = False

    @property
    def digest(self) -> str:
        """The SHA-256 of the slip's file; of nothing if it is missing."""
        return sha256(self.files.get(SLIP_FILE, b""))


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionApproval:
    """All slips of an edition, in their order, and what they mean for its newest version."""

    entry: LogEntry  # the newest version
    slips: tuple[CheckedSlip, ...]
    default_rounds: tuple[str, ...]

    @property
    def valid(self) -> tuple[Slip, ...]:
        """The slips that count."""
        return tuple(
            checked.slip
            for checked in self.slips
            if checked.slip is not None and checked.state is SlipState.VALID
        )

    @property
    def rounds(self) -> tuple[str, ...]:
        """All rounds in their order: those of the slips that count, else the default ones."""
        return self.valid[-1].rounds if self.valid else self.default_rounds

    @property
    def approved(self) -> tuple[str, ...]:
        """The rounds that are approved, in their order."""
        roles = {slip.role for slip in self.valid}
        return tuple(name for name in self.rounds if name in roles)

    @property
    def next_round(self) -> str:
        """The round that comes next; "" if all are approved."""
        return next_round(self.rounds, self.approved)

    @property
    def has_invalid_slips(self) -> bool:
        """Whether a slip is damaged or contradicts the archive; nothing may be added then."""
        return any(checked.state is SlipState.INVALID for checked in self.slips)


def describe_changes(changes: ContentChanges) -> str:
    """Return the changed figures in one line, or without any the changed files."""
    texts = [str(change) for change in changes.figures] or list(changes.files)
    return "；".join(texts[:_MAX_SHOWN]) + ("；…" if len(texts) > _MAX_SHOWN else "")


def withdrawable(valid: Sequence[Slip], number: int) -> bool:
    """Return whether the slip of a number counts, and no later round stands on it alone."""
    slip = next((slip for slip in valid if slip.number == number), None)
    if slip is None:
        return False
    left = {other.role for other in valid if other.number != number}
    return slip.role in left or not later_rounds_approved(slip.rounds, left, slip.role)
