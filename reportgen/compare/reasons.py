"""修表紀錄 → the reasons of each change.

An entry counts when it is new: dated after the old edition, or not in it. Its 項目 names a
code (``BP3.1``), a name (``願景``), or a section (``年度資料``); the most exact match wins.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from reportgen.text.name_matching import name_key

if TYPE_CHECKING:
    from reportgen.compare.changes import Change
    from reportgen.compare.scorecard_items import Item
    from reportgen.model.scorecard import Revision, Scorecard


def reasons_for(
    changes: tuple[Change, ...], old: Scorecard, new: Scorecard
) -> tuple[tuple[Change, ...], tuple[Revision, ...]]:
    """Return the changes with their reasons, and the entries that belong to none of them."""
    known = {(each.day, each.item.text, each.note.text) for each in old.revisions}
    entries = [
        each for each in new.revisions if (each.day, each.item.text, each.note.text) not in known
    ]
    given: dict[int, list[Revision]] = {}
    others = []
    for entry in entries:
        numbers = _spoken_of(entry, changes)
        for number in numbers:
            given.setdefault(number, []).append(entry)
        if not numbers:
            others.append(entry)
    explained = tuple(
        replace(change, reasons=tuple(given.get(number, ())))
        for number, change in enumerate(changes)
    )
    return explained, tuple(others)


def _spoken_of(entry: Revision, changes: tuple[Change, ...]) -> list[int]:
    """Return the changes that an entry speaks of: what is called so now, then what was called so.

    An exact name or code goes before a code that stands within a longer 項目.
    """
    wanted = {name_key(part) for part in re.split(r"[、,，;；\n]", entry.item.text) if part.strip()}
    told = name_key(entry.item.text)
    for names in (_names_now, _names_before):
        exact = [number for number, change in enumerate(changes) if wanted & names(change)]
        if exact:
            return exact
    return [
        number
        for number, change in enumerate(changes)
        if any(_speaks_of(told, name) for name in _names_now(change) | _names_before(change))
    ]


def _names_now(change: Change) -> set[str]:
    """Keys by which a change is called in the new edition."""
    if change.new is None and change.old is None:
        years = [f"{year}{kind}" for year, _ in change.years for kind in ("年", "年度資料")]
        return {name_key(each) for each in (change.section.value, *years)}
    return _names_of(change.new)


def _names_before(change: Change) -> set[str]:
    """Keys by which it was called in the old one."""
    return _names_of(change.old)


def _names_of(item: Item | None) -> set[str]:
    if item is None:
        return set()
    return {name_key(each) for each in (item.code, item.name, item.title) if each}


def _speaks_of(told: str, name: str) -> bool:
    """Return whether a name stands in an entry's 項目, as a whole code or at some length."""
    if re.fullmatch(r"[a-z0-9.]+", name):
        return re.search(rf"(?<![a-z0-9.]){re.escape(name)}(?![a-z0-9.])", told) is not None
    return len(name) >= 4 and name in told
