"""How Word and LibreOffice break the lines of a text: as many letters as possible in each.

Chinese may break after any character but for punctuation; a Latin word or a formula in Latin
letters only at its spaces and hyphens, and anywhere if it is wider than the line. LibreOffice puts
a gap between Chinese and Latin letters, whatever the file says, but where there is a space: that it
prints in the face of what stands before it, wider after Chinese than Word does. Of letters that are
set closer it leaves the last before Chinese begins or ends as wide as it is.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate
from operator import add
from typing import TYPE_CHECKING, NamedTuple
from unicodedata import east_asian_width

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

LIBREOFFICE_GAP = 0.2  # of the size, between Chinese and Latin letters

# What no line begins or ends with in Chinese.
_CLOSING = frozenset("!),.:;?]}%¢°’”‰′″℃、。〉》」』】〕〞！），．：；？］｝％…‧·•・﹚﹜﹞")
_OPENING = frozenset("([{£¥‘“〈《「『【〔〝（［｛￥﹙﹛﹝")
# What must stand in one line.
_TOKENS = re.compile(
    r"""
    [A-Za-z]+ \d+ (?: \. \d+ )*                 # a code: F1.2
    | [-−－+＋≥≤><＝=≧≦]? [\d０-９]+            # a number with its sign,
      (?: [,，.．:：-] [\d０-９]+ )* [%％‰]?    # … decimals, and percent sign,
      (?: [ ] (?<!-\d\d[ ]) [\u4e00-\u9fff] )?  # … and after a space what it is of: 104 年, no date
    | (?<=單位[:：]) \s* [^\s()（）,，;；。]+   # the unit after 單位
    """,
    re.VERBOSE,
)
_WIDE = r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uff60]"
_WIDE_LETTER = rf"(?![\W_]){_WIDE}"
# Latin letters and digits before Chinese ones, and those before them; punctuation has no gap.
_SCRIPT_CHANGES = re.compile(rf"[A-Za-z0-9](?={_WIDE_LETTER})|{_WIDE_LETTER}(?=[A-Za-z0-9])")
# What LibreOffice prints in the Chinese face after Chinese, where it is wide: spaces, and signs.
_WIDE_SIGNS = re.compile(rf"(?<={_WIDE})(?: *[≥≤“”‘’] *| +)")
_MARKS = re.compile(r"[\W_]+")


class Lines(NamedTuple):
    """How a text breaks at some width, and at all others from ``low`` to below ``high``."""

    breaks: tuple[int, ...]  # before these characters
    low: float
    high: float


class _Structure(NamedTuple):
    opportunities: tuple[int, ...]  # a line may begin with these characters; the end
    visible_ends: tuple[int, ...]  # where the text before each ends, without spaces
    script_ends: tuple[int, ...]  # how many stretches of Chinese or not end before each character
    tokens: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class MeasuredText:
    """A text without forced breaks.

    ``offsets`` are those of each character and of the end, in points: in Word, and if they differ
    there in LibreOffice.
    """

    text: str
    offsets: tuple[tuple[float, ...], ...]

    @property
    def opportunities(self) -> tuple[int, ...]:
        """The characters that a line may begin with, and the text's end."""
        return _structure(self.text).opportunities

    @property
    def visible_ends(self) -> tuple[int, ...]:
        """For each opportunity, where the text before it ends, without its spaces."""
        return _structure(self.text).visible_ends

    def set_closer(self, points: float) -> MeasuredText:
        """Return the text with every character ``points`` narrower.

        In LibreOffice those that end a stretch of Chinese, or of other letters, are not.
        """
        ends = _structure(self.text).script_ends
        in_word = tuple(place - points * index for index, place in enumerate(self.offsets[0]))
        if not points or (len(self.offsets) == 1 and not ends[-1]):
            return replace(self, offsets=(in_word, *self.offsets[1:]))
        in_libreoffice = tuple(
            place - points * (index - ends[index]) for index, place in enumerate(self.offsets[-1])
        )
        return replace(self, offsets=(in_word, in_libreoffice))

    def closer_letters(self, start: int, end: int) -> int:
        """Return how many letters of a line are narrower in both programs where it is set closer.

        It is at least 1.
        """
        ends = _structure(self.text).script_ends
        return max(1, end - start - ends[end] + ends[start])

    def lines(self, width: float, program: int) -> Lines:
        """Return the lines at a width in points, in Word (``program`` 0) or LibreOffice (-1).

        Each line takes as much as fits. A word wider than the line is broken anywhere, after at
        least one character.
        """
        offsets = self.offsets[program]
        opportunities, visible_ends, *_ = _structure(self.text)
        breaks: list[int] = []
        start, passed, low, high = 0, 0, 0.0, float("inf")
        while True:
            limit = offsets[start] + width
            fitting = bisect_right(visible_ends, limit, lo=passed, key=offsets.__getitem__)
            if fitting > passed:
                end, used = opportunities[fitting - 1], visible_ends[fitting - 1]
                if fitting == len(opportunities):
                    return Lines(tuple(breaks), max(low, offsets[used] - offsets[start]), high)
                following, passed = visible_ends[fitting], fitting
            else:  # a word that is wider than the line is broken anywhere
                end = bisect_right(offsets, limit, lo=start + 2) - 1
                used, following = end, end + 1
                if end == len(self.text):
                    return Lines(tuple(breaks), max(low, offsets[end] - offsets[start]), high)
                passed = bisect_right(opportunities, end, lo=passed)
            low = max(low, offsets[used] - offsets[start])
            high = min(high, offsets[following] - offsets[start])
            breaks.append(end)
            start = end

    def is_torn(self, index: int) -> bool:
        """Return whether a break before character ``index`` tears what must stay in one line.

        These are numbers, codes and units. A long formula that is broken anywhere counts too: each
        program has its own way.
        """
        opportunities, *_, tokens = _structure(self.text)
        return index not in opportunities or any(start < index < end for start, end in tokens)

    def lone_lines(self, breaks: Iterable[int]) -> int:
        """Return the number of lines with at most one letter or digit; 0 for a single line."""
        places = [0, *sorted(breaks), len(self.text)]
        return sum(map(self.is_lone, places, places[1:])) if len(places) > 2 else 0

    def is_lone(self, start: int, end: int) -> bool:
        """Return whether a line between two characters has at most one letter or digit."""
        return len(_MARKS.sub("", self.text[start:end])) <= 1


def measure(text: str, widths: Sequence[float], sizes: Sequence[float]) -> MeasuredText:
    """Return a text with the offsets that its characters' widths and font sizes (points) give.

    LibreOffice's offsets have its gap between Chinese and Latin letters, and its wide spaces, signs
    and quotation marks after Chinese.
    """
    gaps = [0.0] * len(text)
    for found in _SCRIPT_CHANGES.finditer(text):
        gaps[found.start()] = LIBREOFFICE_GAP * sizes[found.start()]
    for found in _WIDE_SIGNS.finditer(text):
        for index in range(*found.span()):
            gaps[index] = sizes[index] * (0.5 if text[index] == " " else 1.0) - widths[index]
    in_word = (0.0, *accumulate(widths))
    if not any(gaps):
        return MeasuredText(text, (in_word,))
    return MeasuredText(text, (in_word, (0.0, *accumulate(map(add, widths, gaps)))))


@lru_cache(maxsize=2048)
def _structure(text: str) -> _Structure:
    """Return where lines of a text may begin, and its tokens that must not be torn; cached.

    The text's end counts as a place where a line may begin.
    """
    inner = [index for index in range(1, len(text)) if _may_break_before(text, index)]
    opportunities = (*inner, len(text))
    return _Structure(
        opportunities,
        tuple(len(text[:index].rstrip()) for index in opportunities),
        tuple(_script_ends(text)),
        tuple(found.span() for found in _TOKENS.finditer(text)),
    )


def _script_ends(text: str) -> Iterator[int]:
    """Yield how many stretches of one script end before each character, and before the end.

    A space is of the stretch that it follows.
    """
    count = 0
    before: bool | None = None
    for letter in text:
        if not letter.isspace():
            count += before is not None and before != _is_narrow(letter)
            before = _is_narrow(letter)
        yield count
    yield count


def _may_break_before(text: str, index: int) -> bool:
    """Return whether a line may begin with the character at ``index``, which is at least 1.

    It may after a space, and between characters of which one is wide, unless punctuation forbids
    it; within Latin text only after a hyphen between letters or digits. No line begins with space.
    """
    one, other = text[index - 1], text[index]
    if other.isspace():
        return False  # it hangs at the line's end
    if one.isspace():
        return True
    if other in _CLOSING or one in _OPENING:
        return False
    if _is_narrow(one) and _is_narrow(other):
        return one == "-" and other.isalnum() and index > 1 and text[index - 2].isalnum()
    return True


def _is_narrow(letter: str) -> bool:
    """Return whether a character is narrow: neither wide nor full-width."""
    return east_asian_width(letter) not in "WF"
