"""Comparison → one JSON object: every change with both texts, both cells, and its reasons."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from reportgen.compare.scorecard_items import Section

if TYPE_CHECKING:
    from reportgen.compare.changes import Comparison, LineChange, ScorecardChange
    from reportgen.compare.comparison_schema import (
        ChangedItem,
        ChangedLine,
        ChangeReason,
        ComparedEdition,
        ComparisonForm,
        LineSide,
        NewYear,
        ScorecardChangeForm,
    )
    from reportgen.compare.scorecard_items import ItemLine, ScorecardItem
    from reportgen.model.scorecard import Revision, Scorecard

SCHEMA: Final = "reportgen.comparison/1"


def comparison_json(comparison: Comparison) -> bytes:
    """Return a comparison as UTF-8 JSON, for the file beside the table of changes.

    The same comparison gives the same bytes.
    """
    content: ComparisonForm = {
        "schema": SCHEMA,
        "agency": comparison.new.agency.text,
        "old": _edition_json(comparison.old),
        "new": _edition_json(comparison.new),
        "changes": [_change_json(change) for change in comparison.changes],
        "other_reasons": [_reason_json(revision) for revision in comparison.other_reasons],
    }
    return f"{json.dumps(content, ensure_ascii=False, indent=2)}\n".encode()


def _edition_json(card: Scorecard) -> ComparedEdition:
    """Return edition, data year and status of a scorecard as JSON."""
    return {"edition": card.edition, "data_year": card.data_year, "status": card.status.value}


def _change_json(change: ScorecardChange) -> ScorecardChangeForm:
    """Return a change as JSON, with its changed lines alone."""
    return {
        "section": change.section.value,
        "kinds": [kind.value for kind in change.kinds],
        "old": _item_json(change.old),
        "new": _item_json(change.new),
        "lines": [_line_json(line) for line in change.lines if line.changed],
        "old_order": list(change.old_order),
        "new_order": list(change.new_order),
        "years": [_year_json(change.section, year, count) for year, count in change.years],
        "reasons": [_reason_json(revision) for revision in change.reasons],
    }


def _year_json(section: Section, year: int, count: int) -> NewYear:
    """Return a new year with its number of figures, or of texts in the section 執行說明."""
    if section is Section.COMMENTARIES:
        return {"year": year, "texts": count}
    return {"year": year, "figures": count}


def _item_json(item: ScorecardItem | None) -> ChangedItem | None:
    """Return an item as JSON with its cell; None for an item that is missing."""
    if item is None:
        return None
    return {
        "code": item.code,
        "name": item.name,
        "parent": item.parent,
        "sheet": item.at.sheet,
        "cell": item.at.cell,
    }


def _line_json(change: LineChange) -> ChangedLine:
    """Return a changed line as JSON, with its old and its new side."""
    return {
        "label": change.label,
        "old": _line_side_json(change.old),
        "new": _line_side_json(change.new),
    }


def _line_side_json(line: ItemLine | None) -> LineSide | None:
    """Return one side of a changed line as JSON with its cell; None for a missing one."""
    if line is None:
        return None
    return {"text": line.text, "sheet": line.at.sheet, "cell": line.at.cell}


def _reason_json(revision: Revision) -> ChangeReason:
    """Return a revision note as JSON with its cell."""
    return {
        "day": revision.day.edition,
        "item": revision.item.text,
        "note": revision.note.text,
        "sheet": revision.note.at.sheet,
        "cell": revision.note.at.cell,
    }
