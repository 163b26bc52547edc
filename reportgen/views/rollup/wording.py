"""Phrases that all parts of the 彙整 document share."""

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
    """Return whether an agency's figures may still change."""
    return bool(agency.card and agency.card.status is not DataStatus.FINAL)


def join_names(names: Iterable[str], most: int = MAX_LISTED_NAMES) -> str:
    """Return ``甲、乙、丙``; of more than ``most`` names the first ones and the total."""
    all_names = tuple(names)
    more = f"等 {len(all_names)} 個機關" if len(all_names) > most else ""
    return "、".join(all_names[:most]) + more


def met_ratio_text(agency_kpis: Sequence[AgencyKpi]) -> str:
    """Return ``5/6``, met of those judged; － if none can be judged, empty without KPIs."""
    counts = distribution_of(agency_kpis)
    if not counts.judged:
        return "－" if counts.total else ""
    return f"{counts.met}/{counts.judged}"


__all__ = ["ROLLUP_SHEET_NAME", "is_unsettled", "join_names", "met_ratio_text"]
