"""Changes between two editions of a scorecard, and their reasons.

Items are matched by code, then by what they say: a renamed code is a change, not a removal
and an addition. The reasons are those of the newer edition's 修表紀錄.
"""

from __future__ import annotations

from reportgen.compare.changes import (
    ChangeKind,
    Comparison,
    ScorecardChange,
    compare_scorecards,
    printed_cells,
)
from reportgen.compare.comparison_serializer import comparison_json
from reportgen.compare.scorecard_items import ItemLine, ScorecardItem, Section

__all__ = [
    "ChangeKind",
    "Comparison",
    "ItemLine",
    "ScorecardChange",
    "ScorecardItem",
    "Section",
    "compare_scorecards",
    "comparison_json",
    "printed_cells",
]
