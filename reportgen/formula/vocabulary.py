"""The names of a workbook, and their positions in a formula's text.

A name may hold signs that are operators elsewhere: ``0-14歲人口數``, ``自行車道長度(公里)``.
So a formula is read by the workbook's own names first, the longest that fits; the grammar
decides only if no name is known.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from reportgen.text.name_matching import name_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from reportgen.model.scorecard import Figure

# Words before the name of an item that state the year of its figure.
LAST_YEAR = (
    "前一年度同期", "上年度同期", "去年同期", "上年同期", "前一年同期",
    "上年度底", "去年底", "上年底",
    "上一學年度", "前一學年度", "上學年度", "前一學年", "上學年", "上一年度", "前一年度", "上年度",
    "去年度", "前一年", "上一年", "去年", "上年",
)  # fmt: skip
THIS_YEAR = (
    "本學年度",
    "當學年度",
    "本學年",
    "當學年",
    "本年度",
    "當年度",
    "今年度",
    "該年度",
    "本年",
    "當年",
    "今年",
)
_WORDS = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The 資料項 of a workbook by their keys, and the components of each.

    ``title`` is the name of the KPI whose formula is read: it may stand before a ``=``.
    """

    items: Mapping[str, str] = field(default_factory=dict)  # key → as written
    components: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # key → 組成
    title: str = ""
    code: str = ""  # of that KPI
    _lengths: Mapping[str, tuple[int, ...]] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, rows: Iterable[tuple[str, str]]) -> Vocabulary:
        """Return the vocabulary of rows of 年度資料: 資料項 and 組成, as written.

        Of two spellings of one item the first is kept; a row without an item is left out.
        """
        items: dict[str, str] = {}
        components: dict[str, list[str]] = {}
        for item, component in rows:
            if key := name_key(item):
                items.setdefault(key, item)
                if component:
                    components.setdefault(key, []).append(component)
        lengths: dict[str, set[int]] = {}
        for key in items:
            lengths.setdefault(key[0], set()).add(len(key))
        return cls(
            items,
            {key: tuple(values) for key, values in components.items()},
            _lengths={
                first: tuple(sorted(lengths_of, reverse=True))
                for first, lengths_of in lengths.items()
            },
        )

    @classmethod
    def of_figures(cls, figures: Iterable[Figure]) -> Vocabulary:
        """Return the vocabulary of a scorecard's figures."""
        return cls.of((figure.item.text, figure.component.text) for figure in figures)

    def for_kpi(self, title: str, code: str = "") -> Vocabulary:
        """Return the same vocabulary for the formula of a KPI."""
        return Vocabulary(self.items, self.components, title, code, self._lengths)

    def matches(self, text: FoldedText, start: int) -> Iterator[tuple[str, int]]:
        """Yield the keys of the names at ``start``, with their ends in the text, longest first."""
        folded = text.index_of.get(start)
        if folded is None:
            return
        for length in self._lengths.get(text.folded[folded], ()):
            key = text.folded[folded : folded + length]
            if key in self.items and (end := text.end_of(folded + length)) is not None:
                yield key, end


class FoldedText:
    """A text as names are compared, and where each of its characters comes from."""

    def __init__(self, text: str) -> None:
        pieces: list[str] = []
        self.index_of: dict[int, int] = {}  # offset in the text → offset in the folded text
        self._ends: dict[int, int] = {0: 0}  # offset in the folded text → offset behind it
        length = 0
        for offset, char in enumerate(text):
            piece = char if "\u4e00" <= char <= "\u9fff" else name_key(char)
            if not piece:  # an invisible character
                continue
            self.index_of[offset] = length
            length += len(piece)
            self._ends[length] = offset + 1
            pieces.append(piece)
        self.folded = "".join(pieces)

    def end_of(self, folded: int) -> int | None:
        """Return the offset in the text behind a folded offset; None within a character."""
        return self._ends.get(folded)


def names_items(text: str, vocabulary: Vocabulary) -> bool:
    """Return whether a text contains a name of the workbook.

    A name of one character counts only if nothing is beside it: 甲 is none in 甲等.
    """
    key = name_key(text)
    if any(len(item) > 1 and item in key for item in vocabulary.items):
        return True
    return any(word in vocabulary.items for word in _WORDS.findall(key))
