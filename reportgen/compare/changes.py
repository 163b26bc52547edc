"""Scorecard, scorecard → everything that has changed, in the order of the document."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING

from reportgen.compare.matching import match
from reportgen.compare.reasons import reasons_for
from reportgen.compare.scorecard_items import Item, Line, Section, items_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reportgen.model.scorecard import Revision, Scorecard


class Kind(Enum):
    """What has happened to an item; one change may be of several kinds."""

    ADDED = "新增"
    REMOVED = "刪除"
    RECODED = "調整代碼"
    MOVED = "移列"
    CHANGED = "修正"
    REORDERED = "調整順序"
    NEW_YEAR = "新增年度"


@dataclass(frozen=True, slots=True, kw_only=True)
class LineChange:
    """A line of an item in both editions; None where an edition has no such line."""

    label: str
    old: Line | None
    new: Line | None

    @property
    def changed(self) -> bool:
        """Whether the editions differ in it."""
        return _text(self.old) != _text(self.new)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One row of the table of changes.

    ``lines`` are those to print: what the item is known by, and what has changed. Of a
    change of order, ``old_order`` and ``new_order`` are the titles in their sequence.
    """

    section: Section
    kinds: tuple[Kind, ...]
    old: Item | None
    new: Item | None
    lines: tuple[LineChange, ...] = ()
    old_order: tuple[str, ...] = ()
    new_order: tuple[str, ...] = ()
    years: tuple[tuple[int, int], ...] = ()  # of new years: ROC year, figures in it
    reasons: tuple[Revision, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """All changes from one edition to another.

    ``other_reasons`` are entries of 修表紀錄 that speak of nothing that has changed.
    """

    old: Scorecard
    new: Scorecard
    changes: tuple[Change, ...]
    other_reasons: tuple[Revision, ...]


def compare(old: Scorecard, new: Scorecard) -> Comparison:
    """Return what has changed from ``old`` to ``new``, with the reasons that ``new`` gives."""
    before, after = items_of(old), items_of(new)
    found: list[Change] = []
    codes: dict[Section, dict[str, str]] = {}  # old code → new code, of what others stand under
    for section in Section:
        heirs = codes.get(_PARENTS.get(section, section), {})
        one = [
            replace(item, parent=heirs.get(item.parent, item.parent))  # renamed is not moved
            for item in before
            if item.section is section
        ]
        other = [item for item in after if item.section is section]
        pairs, removed, _ = match(one, other)
        codes[section] = {earlier.code: later.code for earlier, later in pairs}
        found += _changes(one, other, pairs, removed)
    changes, others = reasons_for(tuple(found), old, new)
    return Comparison(old=old, new=new, changes=changes, other_reasons=others)


_PARENTS = {Section.OBJECTIVES: Section.PERSPECTIVES, Section.KPIS: Section.OBJECTIVES}


def _changes(
    old: Sequence[Item],
    new: Sequence[Item],
    pairs: list[tuple[Item, Item]],
    removed: Sequence[Item],
) -> Iterator[Change]:
    """Yield the changes of one section."""
    heirs = {id(after): before for before, after in pairs}
    fresh = _new_years(old, new)
    yield from _in_order(new, removed, heirs, {year for year, _ in fresh})
    yield from _orders(old, new, pairs)
    if fresh:
        section = Section.FIGURES
        yield Change(section=section, kinds=(Kind.NEW_YEAR,), old=None, new=None, years=fresh)


def _in_order(
    new: Sequence[Item],
    removed: Sequence[Item],
    heirs: dict[int, Item],
    fresh: set[int],
) -> Iterator[Change]:
    """Changes in the new edition's order; what was removed comes last."""
    for item in new:
        before = heirs.get(id(item))
        if before is None:
            yield _one_sided(Kind.ADDED, None, item)
        elif (change := _changed(before, item, fresh)) is not None:
            yield change
    for item in removed:
        yield _one_sided(Kind.REMOVED, item, None)


def _one_sided(kind: Kind, old: Item | None, new: Item | None) -> Change:
    item = new or old
    assert item is not None
    lines = tuple(
        LineChange(label=line.label, old=line if old else None, new=line if new else None)
        for line in item.lines
        if line.text
    )
    return Change(section=item.section, kinds=(kind,), old=old, new=new, lines=lines)


def _changed(old: Item, new: Item, fresh: set[int]) -> Change | None:
    labels = dict.fromkeys(line.label for item in (new, old) for line in item.lines)
    lines = [LineChange(label=each, old=old.line(each), new=new.line(each)) for each in labels]
    lines = [each for each in lines if not (each.new and each.new.year in fresh)]
    kinds = []
    if old.code != new.code:
        kinds.append(Kind.RECODED)
    if old.parent != new.parent:
        kinds.append(Kind.MOVED)
    if any(each.changed for each in lines) or (not new.code and old.name != new.name):
        kinds.append(Kind.CHANGED)
    if not kinds:
        return None
    shown = tuple(
        each for each in lines if each.changed or (each.new is not None and each.new.always)
    )
    return Change(section=new.section, kinds=tuple(kinds), old=old, new=new, lines=shown)


def _new_years(old: Sequence[Item], new: Sequence[Item]) -> tuple[tuple[int, int], ...]:
    """Years of 年度資料 that only the new edition has, and how many figures it states for each."""
    if not old or old[0].section is not Section.FIGURES:
        return ()
    before = {line.year for item in old for line in item.lines if line.year}
    counts: dict[int, int] = {}
    for item in new:
        for line in item.lines:
            if line.year and line.year not in before:
                counts[line.year] = counts.get(line.year, 0) + bool(line.text)
    return tuple(sorted(counts.items()))


def _orders(
    old: Sequence[Item], new: Sequence[Item], pairs: list[tuple[Item, Item]]
) -> Iterator[Change]:
    """One change for each group of items (of one parent) whose sequence is another one."""
    if not new or new[0].section in (Section.STATEMENTS, Section.FIGURES, Section.TARGETS):
        return  # their order is not printed
    section = new[0].section
    place = {id(item): number for number, item in enumerate(old)}
    heirs = {id(after): before for before, after in pairs}
    groups: dict[str, list[Item]] = {}
    for item in new:
        before = heirs.get(id(item))
        if before is not None and before.parent == item.parent:
            groups.setdefault(item.parent, []).append(item)
    for group in groups.values():
        places = [place[id(heirs[id(item)])] for item in group]
        if places != sorted(places):
            earlier = sorted((heirs[id(item)] for item in group), key=lambda each: place[id(each)])
            yield Change(
                section=section,
                kinds=(Kind.REORDERED,),
                old=None,
                new=None,
                old_order=tuple(each.title for each in earlier),
                new_order=tuple(each.title for each in group),
            )


def _text(line: Line | None) -> str:
    return line.text if line else ""


def stayed(places: Sequence[int]) -> set[int]:
    """Of a sequence of numbers, which positions keep their order: a longest rising part."""
    tails: list[int] = []
    links: list[int] = []
    ends: list[int] = []
    for position, value in enumerate(places):
        at = bisect_left(tails, value)
        links.append(ends[at - 1] if at else -1)
        if at == len(tails):
            tails.append(value)
            ends.append(position)
        else:
            tails[at], ends[at] = value, position
    kept, position = set(), ends[-1] if ends else -1
    while position >= 0:
        kept.add(position)
        position = links[position]
    return kept


__all__ = ["Change", "Comparison", "Kind", "LineChange", "compare", "stayed"]
