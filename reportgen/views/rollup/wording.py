"""How the 彙整 document says what all of its parts say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reportgen.model.scorecard import DataStatus
from reportgen.rollup.distribution import distribution_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from reportgen.rollup import Agency, AgencyKpi

ROLLUP_SHEET_NAME: Final = "彙整.xlsx"
MAX_LISTED_NAMES: Final = 24  # in a row of names


def is_unsettled(agency: Agency) -> bool:
    """Return whether its figures may still change."""
    return bool(agency.card and agency.card.status is not DataStatus.FINAL)


def join_names(names: Iterable[str], most: int = MAX_LISTED_NAMES) -> str:
    """``甲、乙、丙``, of more than ``most`` the first ones and how many."""
    all_names = tuple(names)
    more = f"等 {len(all_names)} 個機關" if len(all_names) > most else ""
    return "、".join(all_names[:most]) + more


def met_ratio_text(standings: Sequence[AgencyKpi]) -> str:
    """``5/6``: met of those judged; － where none can be, empty without KPIs."""
    counts = distribution_of(standings)
    if not counts.judged:
        return "－" if counts.total else ""
    return f"{counts.met}/{counts.judged}"


__all__ = ["ROLLUP_SHEET_NAME", "is_unsettled", "join_names", "met_ratio_text"]
