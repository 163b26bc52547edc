"""修表紀錄 → the reasons of each change.

An entry counts when it is new: not in the old edition with the same day, 項目 and text. Its
項目 names a code (``BP3.1``), a name (``願景``), or a section (``年度資料``); the most exact
match wins.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from reportgen.text.name_matching import name_key

if TYPE_CHECKING:
    from reportgen.compare.changes import ScorecardChange
    from reportgen.compare.scorecard_items import ScorecardItem
    from reportgen.model.scorecard import Revision, Scorecard


def reasons_for(
    changes: tuple[ScorecardChange, ...], old: Scorecard, new: Scorecard
) -> tuple[tuple[ScorecardChange, ...], tuple[Revision, ...]]:
    """Return the changes with their reasons, and the entries that belong to none of them.

    Changes keep their order. An entry that fits several changes is a reason of each.
    """
    old_entries = {
        (revision.day, revision.item.text, revision.note.text) for revision in old.revisions
    }
    entries = [
        revision
        for revision in new.revisions
        if (revision.day, revision.item.text, revision.note.text) not in old_entries
    ]
    reasons_by_change: dict[int, list[Revision]] = {}
    unassigned = []
    for entry in entries:
        numbers = _changes_mentioned(entry, changes)
        for number in numbers:
            reasons_by_change.setdefault(number, []).append(entry)
        if not numbers:
            unassigned.append(entry)
    explained = tuple(
        replace(change, reasons=tuple(reasons_by_change.get(number, ())))
        for number, change in enumerate(changes)
    )
    return explained, tuple(unassigned)


def _changes_mentioned(entry: Revision, changes: tuple[ScorecardChange, ...]) -> list[int]:
    """Return the indices of the changes that an entry mentions, by new names, then by old ones.

    An exact name or code takes precedence over a code within a longer 項目. Empty if none fits.
    """
    keys = {name_key(part) for part in re.split(r"[、,，;；\n]", entry.item.text) if part.strip()}
    entry_key = name_key(entry.item.text)
    for names in (_current_keys, _former_keys):
        exact = [number for number, change in enumerate(changes) if keys & names(change)]
        if exact:
            return exact
    return [
        number
        for number, change in enumerate(changes)
        if any(_mentions(entry_key, name) for name in _current_keys(change) | _former_keys(change))
    ]


def _current_keys(change: ScorecardChange) -> set[str]:
    """Return the keys by which a 項目 names a change's item in the new edition.

    A change of order and new years have no item: the section's name, and ``112年``, name them.
    """
    if change.new is None and change.old is None:
        years = [f"{year}{kind}" for year, _ in change.years for kind in ("年", "年度資料")]
        return {name_key(name) for name in (change.section.value, *years)}
    return _item_keys(change.new)


def _former_keys(change: ScorecardChange) -> set[str]:
    """Return the keys by which a 項目 names a change's item in the old edition.

    Empty if the old edition has no such item.
    """
    return _item_keys(change.old)


def _item_keys(item: ScorecardItem | None) -> set[str]:
    """Return code, name and title of an item as compared; empty without an item."""
    if item is None:
        return set()
    return {name_key(name) for name in (item.code, item.name, item.title) if name}


def _mentions(entry_key: str, name: str) -> bool:
    """Return whether an entry's 項目 contains a name: a whole code, or at least four characters."""
    if re.fullmatch(r"[a-z0-9.]+", name):
        return re.search(rf"(?<![a-z0-9.]){re.escape(name)}(?![a-z0-9.])", entry_key) is not None
    return len(name) >= 4 and name in entry_key
