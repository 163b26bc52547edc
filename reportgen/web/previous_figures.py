"""What an agency's archived edition of an earlier year prints, to stand beside a new edition."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from reportgen.approval.approved_content import ArchivedContents
from reportgen.model.scorecard import DataStatus
from reportgen.web.serializers import problems_json

if TYPE_CHECKING:
    from reportgen.archive import Archive, LogEntry
    from reportgen.web.api_types import PreviousAnswer, PreviousFigure


def previous_edition(archive: Archive, agency: str, edition: str) -> LogEntry | None:
    """Return the newest print of an agency's last edition of an earlier year; drafts do not count.

    None if there is none. Editions are days of ROC years, such as 105-12-25.
    """
    earlier = [
        entry
        for entry in archive.editions
        if entry.agency == agency
        and entry.status != DataStatus.DRAFT.value
        and _year(entry.edition) < _year(edition)
    ]
    return max(earlier, key=_order, default=None)


def previous_figures(archive: Archive, agency: str, edition: str) -> PreviousAnswer:
    """Return what the archived edition before another one printed of its KPIs for its own year.

    ``edition`` is None if there is no such edition; ``figures`` is empty, with the problems, if its
    figures are damaged.
    """
    entry = previous_edition(archive, agency, edition)
    contents = ArchivedContents(archive)
    content = contents.figures(entry) if entry else b""
    year, figures = _printed_figures(content)
    return {
        "edition": entry.name if entry else None,
        "year": year,
        "figures": figures,
        "problems": problems_json(contents.problems),
    }


def _printed_figures(content: bytes) -> tuple[int | None, list[PreviousFigure]]:
    """Return data year and printed figures of a results.json; None and [] for other content."""
    try:
        results: dict[str, Any] = json.loads(content)
        year = int(results["data_year"])
        figures: list[PreviousFigure] = [
            {"kpi": str(kpi["code"]), "name": str(kpi["name"]), "printed": str(of_year["printed"])}
            for kpi in results["kpis"]
            for of_year in kpi["years"]
            if of_year["year"] == year
        ]
    except (ValueError, LookupError, TypeError):
        return None, []
    return year, figures


def _year(edition: str) -> int:
    """Return the ROC year of an edition."""
    return int(edition.partition("-")[0])


def _order(entry: LogEntry) -> tuple[str, int]:
    """Return what decides between editions."""
    return entry.edition, entry.reprint


__all__ = ["previous_edition", "previous_figures"]
