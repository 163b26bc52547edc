"""A missed KPI of an agency with the words on it, as its review prints them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reportgen.rollup.kpi_status import AgencyKpi


@dataclass(frozen=True, slots=True, kw_only=True)
class MissedKpi:
    """A missed KPI, and the words on it in the year of the roll-up; each may be empty."""

    standing: AgencyKpi
    progress: str  # 執行情形
    reason: str  # 未達成原因
    measures: str  # 因應策略

    @property
    def missing_words(self) -> tuple[str, ...]:
        """The columns that a missed KPI needs and that are blank."""
        words = (("未達成原因", self.reason), ("因應策略", self.measures))
        return tuple(column for column, text in words if not text)


__all__ = ["MissedKpi"]
