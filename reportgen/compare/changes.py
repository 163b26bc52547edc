"""All changes between two scorecards, in the order of the document."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING

from reportgen.compare.matching import match_items
from reportgen.compare.reasons import reasons_for
from reportgen.compare.scorecard_items import ItemLine, ScorecardItem, Section, items_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from reportgen.model.scorecard import CellRef, Revision, Scorecard


class ChangeKind(Enum):
    """The kind of a change; one change may be of several kinds."""

    ADDED = "新增"
    REMOVED = "刪除"
    RECODED = "調整代碼"
    MOVED = "移列"
    CHANGED = "修正"
    REORDERED = "調整順序"
    NEW_YEAR = "新增年度"


@dataclass(frozen=True, slots=True, kw_only=True)
class LineChange:
    """A line of an item in both editions; None if an edition has no such line."""

    label: str
    old: ItemLine | None
    new: ItemLine | None

    @property
    def changed(self) -> bool:
        """True if the line's text differs between the editions, or the items that it refers to."""
        if self.old and self.new and self.old.refers_to and self.new.refers_to:
            return self.old.refers_to != self.new.refers_to
        return _line_text(self.old) != _line_text(self.new)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScorecardChange:
    """One row of the table of changes.

    ``lines`` are those to print: the lines that identify the item, and the changed ones. Of a
    change of order, ``old_order`` and ``new_order`` are the titles in their sequence.
    """

    section: Section
    kinds: tuple[ChangeKind, ...]
    old: ScorecardItem | None
    new: ScorecardItem | None
    lines: tuple[LineChange, ...] = ()
    old_order: tuple[str, ...] = ()
    new_order: tuple[str, ...] = ()
    years: tuple[tuple[int, int], ...] = ()  # of new years: ROC year, figures or words in it
    reasons: tuple[Revision, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """All changes from one edition to another.

    ``other_reasons`` are entries of 修表紀錄 that belong to no change.
    """

    old: Scorecard
    new: Scorecard
    changes: tuple[ScorecardChange, ...]
    other_reasons: tuple[Revision, ...]


def compare_scorecards(old: Scorecard, new: Scorecard) -> Comparison:
    """Return the changes from ``old`` to ``new``, with the reasons that ``new`` states.

    They are grouped by section, in each in the order of :func:`_section_changes`. Neither
    scorecard is computed: results are not compared.
    """
    before, after = items_of(old), items_of(new)
    all_changes: list[ScorecardChange] = []
    codes: dict[Section, dict[str, str]] = {section: {} for section in Section}  # old → new code
    for section in Section:
        new_codes = codes[_PARENT_SECTIONS.get(section, section)]
        themes = codes[Section.THEMES]
        old_items = [
            _with_new_codes(item, new_codes, themes) for item in before if item.section is section
        ]
        new_items = [item for item in after if item.section is section]
        new_years = _new_years(section, old_items, new_items, old.data_year)
        if section is Section.COMMENTARIES:
            new_items = list(_without_years(new_items, {year for year, _ in new_years}))
        pairs, removed, _ = match_items(old_items, new_items)
        codes[section] = {earlier.code: later.code for earlier, later in pairs}
        all_changes += _section_changes(old_items, new_items, pairs, removed, new_years)
        if new_years:
            all_changes.append(
                ScorecardChange(
                    section=section,
                    kinds=(ChangeKind.NEW_YEAR,),
                    old=None,
                    new=None,
                    years=new_years,
                )
            )
    changes, other_reasons = reasons_for(tuple(all_changes), old, new)
    return Comparison(old=old, new=new, changes=changes, other_reasons=other_reasons)


def printed_cells(comparison: Comparison) -> tuple[frozenset[CellRef], frozenset[CellRef]]:
    """Return the cells of the old and of the new edition whose texts the changes print."""
    lines = [line for change in comparison.changes for line in change.lines]
    return (
        frozenset(line.old.at for line in lines if line.old),
        frozenset(line.new.at for line in lines if line.new),
    )


def _with_new_codes(
    item: ScorecardItem, parents: Mapping[str, str], themes: Mapping[str, str]
) -> ScorecardItem:
    """Return an old item that refers to others by their new codes: renamed is not moved.

    ``parents`` and ``themes`` map old codes to new ones; a code that is not in them stays.
    """
    lines = tuple(
        replace(line, refers_to=tuple(themes.get(code, code) for code in line.refers_to))
        for line in item.lines
    )
    return replace(item, parent=parents.get(item.parent, item.parent), lines=lines)


_PARENT_SECTIONS = {
    Section.OBJECTIVES: Section.PERSPECTIVES,
    Section.KPIS: Section.OBJECTIVES,
    Section.INITIATIVES: Section.OBJECTIVES,
}


def _section_changes(
    old: Sequence[ScorecardItem],
    new: Sequence[ScorecardItem],
    pairs: list[tuple[ScorecardItem, ScorecardItem]],
    removed: Sequence[ScorecardItem],
    new_years: tuple[tuple[int, int], ...],
) -> Iterator[ScorecardChange]:
    """Yield the changes of one section: items, then their order.

    ``pairs`` and ``removed`` are those of :func:`~reportgen.compare.matching.match_items`.
    """
    predecessors = {id(after): before for before, after in pairs}
    yield from _item_changes(new, removed, predecessors, {year for year, _ in new_years})
    yield from _order_changes(old, new, pairs)


def _item_changes(
    new: Sequence[ScorecardItem],
    removed: Sequence[ScorecardItem],
    predecessors: dict[int, ScorecardItem],
    new_years: set[int],
) -> Iterator[ScorecardChange]:
    """Yield added and changed items in the new edition's order, then the removed items.

    ``predecessors`` gives the old item of a new one, by the new one's ``id()``.
    """
    for item in new:
        before = predecessors.get(id(item))
        if before is None:
            yield _added_or_removed(ChangeKind.ADDED, None, item)
        elif (change := _item_change(before, item, new_years)) is not None:
            yield change
    for item in removed:
        yield _added_or_removed(ChangeKind.REMOVED, item, None)


def _added_or_removed(
    kind: ChangeKind, old: ScorecardItem | None, new: ScorecardItem | None
) -> ScorecardChange:
    """Return the change of an item that one edition lacks; its blank lines are left out.

    Exactly one of ``old`` and ``new`` is given.
    """
    item = new or old
    assert item is not None
    lines = tuple(
        LineChange(label=line.label, old=line if old else None, new=line if new else None)
        for line in item.lines
        if line.text
    )
    return ScorecardChange(section=item.section, kinds=(kind,), old=old, new=new, lines=lines)


def _item_change(
    old: ScorecardItem, new: ScorecardItem, new_years: set[int]
) -> ScorecardChange | None:
    """Return how an item was recoded, moved or changed; None if it was not.

    Lines of ``new_years``, which the old edition does not have, are no changes. An item
    without a code counts as changed if its name differs.
    """
    labels = dict.fromkeys(line.label for item in (new, old) for line in item.lines)
    lines = [LineChange(label=label, old=old.line(label), new=new.line(label)) for label in labels]
    lines = [line for line in lines if not (line.new and line.new.year in new_years)]
    kinds = []
    if old.code != new.code:
        kinds.append(ChangeKind.RECODED)
    if old.parent != new.parent:
        kinds.append(ChangeKind.MOVED)
    if any(line.changed for line in lines) or (not new.code and old.name != new.name):
        kinds.append(ChangeKind.CHANGED)
    if not kinds:
        return None
    visible_lines = tuple(
        line for line in lines if line.changed or (line.new is not None and line.new.always_printed)
    )
    return ScorecardChange(
        section=new.section, kinds=tuple(kinds), old=old, new=new, lines=visible_lines
    )


def _new_years(
    section: Section,
    old: Sequence[ScorecardItem],
    new: Sequence[ScorecardItem],
    old_data_year: int,
) -> tuple[tuple[int, int], ...]:
    """Return each year that only the new edition has, with its number of figures or words.

    Years are ascending. Those of 年度資料 are columns that the old edition lacks, if it has
    figures; those of 執行說明 come after its data year: other words are additions that are printed
    whole. Empty for other sections.
    """
    is_words = section is Section.COMMENTARIES
    if not is_words and (section is not Section.FIGURES or not old):
        return ()
    before = {line.year for item in old for line in item.lines if line.year}
    counts: dict[int, int] = {}
    for item in new:
        for line in item.lines:
            is_new = line.year and line.year not in before
            if line.year and is_new and not (is_words and line.year <= old_data_year):
                counts[line.year] = counts.get(line.year, 0) + bool(line.text)
    return tuple(sorted(counts.items()))


def _without_years(items: Sequence[ScorecardItem], years: set[int]) -> Iterator[ScorecardItem]:
    """Yield the items without their lines of some years; one without other lines is left out."""
    for item in items:
        lines = tuple(line for line in item.lines if line.year not in years)
        if lines:
            yield replace(item, lines=lines)


def _order_changes(
    old: Sequence[ScorecardItem],
    new: Sequence[ScorecardItem],
    pairs: list[tuple[ScorecardItem, ScorecardItem]],
) -> Iterator[ScorecardChange]:
    """Yield a change for each parent whose common items are in another order than before.

    Items that were moved to another parent are left out. Yield nothing for sections whose order
    is not printed.
    """
    if not new or new[0].section in _SECTIONS_WITHOUT_ORDER:
        return
    section = new[0].section
    position = {id(item): number for number, item in enumerate(old)}
    predecessors = {id(after): before for before, after in pairs}
    groups: dict[str, list[ScorecardItem]] = {}
    for item in new:
        before = predecessors.get(id(item))
        if before is not None and before.parent == item.parent:
            groups.setdefault(item.parent, []).append(item)
    for group in groups.values():
        positions = [position[id(predecessors[id(item)])] for item in group]
        if positions != sorted(positions):
            earlier = sorted(
                (predecessors[id(item)] for item in group), key=lambda item: position[id(item)]
            )
            yield ScorecardChange(
                section=section,
                kinds=(ChangeKind.REORDERED,),
                old=None,
                new=None,
                old_order=tuple(item.title for item in earlier),
                new_order=tuple(item.title for item in group),
            )


_SECTIONS_WITHOUT_ORDER = (  # it is not printed, or that of the KPIs
    Section.STATEMENTS,
    Section.FIGURES,
    Section.TARGETS,
    Section.COMMENTARIES,
)


def _line_text(line: ItemLine | None) -> str:
    """Return the text of a line; empty for a missing one."""
    return line.text if line else ""


def longest_increasing_positions(places: Sequence[int]) -> set[int]:
    """Return the positions of a longest strictly increasing subsequence.

    Of several that are equally long it is always the same one.
    """
    tails: list[int] = []
    links: list[int] = []
    tail_positions: list[int] = []
    for position, value in enumerate(places):
        index = bisect_left(tails, value)
        links.append(tail_positions[index - 1] if index else -1)
        if index == len(tails):
            tails.append(value)
            tail_positions.append(position)
        else:
            tails[index], tail_positions[index] = value, position
    positions, position = set(), tail_positions[-1] if tail_positions else -1
    while position >= 0:
        positions.add(position)
        position = links[position]
    return positions


__all__ = [
    "ChangeKind",
    "Comparison",
    "LineChange",
    "ScorecardChange",
    "compare_scorecards",
    "longest_increasing_positions",
    "printed_cells",
]
