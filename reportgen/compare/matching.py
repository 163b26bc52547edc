"""Matching of the items of two editions.

In this order: the same code and name; a name or formula that moved to another code (so that
a renumbered KPI is not matched with its neighbour that was removed); the same code; similar
texts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reportgen.compare.scorecard_items import ScorecardItem, Section
from reportgen.text.diff import similarity
from reportgen.text.name_matching import name_key

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Sequence

MIN_RECODED_SIMILARITY: Final = 0.85  # from here an item of another code is the same item
MIN_SAME_ITEM_SIMILARITY: Final = 0.6  # from here two unmatched items are one that changed
MIN_SAME_CODE_SIMILARITY: Final = 0.5  # below this the same code may denote another item
MAX_COMPARED_PAIRS: Final = 40_000  # beyond this, unmatched items count as added and removed

Pairs = list[tuple[ScorecardItem, ScorecardItem]]


def match_items(
    old: Sequence[ScorecardItem], new: Sequence[ScorecardItem]
) -> tuple[Pairs, tuple[ScorecardItem, ...], tuple[ScorecardItem, ...]]:
    """Return pairs of old and new items of one section, and the unmatched old and new items.

    Statements and lights are matched by their names alone. The unmatched keep their order.
    """
    matcher = _Matcher(list(old), list(new))
    # Initiatives have no codes: those of one name are told apart by their objectives.
    matcher.by_key(lambda item: (name_key(item.code), name_key(item.name), item.parent))
    matcher.by_key(lambda item: (name_key(item.code), name_key(item.name)))
    is_known_by_name = bool(old) and old[0].section in (Section.STATEMENTS, Section.LIGHTS)
    if not is_known_by_name:
        matcher.by_likeness(
            MIN_RECODED_SIMILARITY,
            lambda old_item, new_item: _have_no_successors(old_item, new_item, matcher),
        )
        matcher.by_key(lambda item: name_key(item.code) or None)
        matcher.by_likeness(MIN_SAME_ITEM_SIMILARITY, lambda old_item, new_item: True)
    return matcher.pairs, tuple(matcher.old), tuple(matcher.new)


class _Matcher:
    """The pairs found so far, and the items that remain to be matched."""

    def __init__(self, old: list[ScorecardItem], new: list[ScorecardItem]) -> None:
        self.old, self.new = old, new
        self.pairs: Pairs = []

    def by_key(self, key: Callable[[ScorecardItem], Hashable]) -> None:
        """Pair items with the same key, in the editions' order; the key None matches nothing."""
        unpaired: dict[Hashable, list[ScorecardItem]] = {}
        for item in self.new:
            unpaired.setdefault(key(item), []).append(item)
        for item in list(self.old):
            matches = unpaired.get(key(item), []) if key(item) is not None else []
            if matches:
                self._pair(item, matches.pop(0))

    def by_likeness(
        self, least: float, allowed: Callable[[ScorecardItem, ScorecardItem], bool]
    ) -> None:
        """Pair allowed items at least ``least`` (0–1) similar, the most similar first.

        Of ties the earlier old item comes first, and for it the later new one. Nothing is paired
        if there are more than MAX_COMPARED_PAIRS to compare.
        """
        if len(self.old) * len(self.new) > MAX_COMPARED_PAIRS:
            return
        scores = (
            (item_similarity(old_item, new_item), -number, old_item, new_item)
            for number, old_item in enumerate(self.old)
            for new_item in self.new
            if allowed(old_item, new_item)
        )
        ranked = sorted(
            (score for score in scores if score[0] >= least), key=lambda score: score[:2]
        )
        for _, _, old_item, new_item in reversed(ranked):
            if old_item in self.old and new_item in self.new:
                self._pair(old_item, new_item)

    def _pair(self, old_item: ScorecardItem, new_item: ScorecardItem) -> None:
        """Record two items as a pair, and remove them from those to match."""
        self.pairs.append((old_item, new_item))
        self.old.remove(old_item)
        self.new.remove(new_item)


def _have_no_successors(
    old_item: ScorecardItem, new_item: ScorecardItem, matcher: _Matcher
) -> bool:
    """Return whether items of different codes may be one: neither code has a similar item."""
    return not (_has_successor(old_item, matcher.new) or _has_successor(new_item, matcher.old))


def _has_successor(item: ScorecardItem, candidates: Iterable[ScorecardItem]) -> bool:
    """Return whether a candidate has an item's code and is similar enough to succeed it."""
    return any(
        item.code
        and name_key(item.code) == name_key(candidate.code)
        and item_similarity(item, candidate) >= MIN_SAME_CODE_SIMILARITY
        for candidate in candidates
    )


def item_similarity(old_item: ScorecardItem, new_item: ScorecardItem) -> float:
    """Return the similarity of two items, 0 to 1: that of their names.

    Of two KPIs it is the mean of the names' and the formulas' similarity, if that is higher.
    """
    names = similarity(name_key(old_item.name), name_key(new_item.name))
    if old_item.section is not Section.KPIS:
        return names
    formulas = [item.line("計算公式及計量單位") for item in (old_item, new_item)]
    texts = [name_key(line.text) if line else "" for line in formulas]
    return max(names, 0.5 * names + 0.5 * similarity(*texts))
