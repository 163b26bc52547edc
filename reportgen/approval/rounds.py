"""The order of the rounds of an approval: 自評, 初核, 複核, or the posts of the 核章欄."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection

DEFAULT_ROUNDS: Final = ("自評", "初核", "複核")


def earlier_rounds_missing(
    rounds: tuple[str, ...], approved: Collection[str], role: str
) -> tuple[str, ...]:
    """Return the rounds before ``role`` that are not approved yet, in order."""
    before = rounds[: rounds.index(role)]
    return tuple(name for name in before if name not in approved)


def later_rounds_approved(
    rounds: tuple[str, ...], approved: Collection[str], role: str
) -> tuple[str, ...]:
    """Return the rounds after ``role`` that are approved already, the last one first."""
    after = rounds[rounds.index(role) + 1 :]
    return tuple(name for name in reversed(after) if name in approved)


def next_round(rounds: tuple[str, ...], approved: Collection[str]) -> str:
    """Return the first round that is not approved; "" if all are."""
    return next((name for name in rounds if name not in approved), "")
