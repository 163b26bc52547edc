"""Line fitting: Word's own line breaking is led to the lines that the PDF has.

Word breaks Chinese after any character and knows no phrases. A forced break would get in the way
of whoever edits the text, and a word joiner is a letter more. What remains is the width: of all
widths up to the paragraph's own, the one is taken at which Word's breaks tear no number, leave no
character alone, need no more lines than the PDF, tear few phrases, and are the PDF's as far as
possible. The
difference becomes an indent. Where a line fits by a hair or not at all, its letters are set closer
by up to 3 %. Only if neither helps are the PDF's breaks forced.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, pairwise
from operator import add
from typing import TYPE_CHECKING, NamedTuple
from unicodedata import east_asian_width

from reportgen.render.docx.ir import Anchor, Inline, InlineBreak, Run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from reportgen.render.docx.source.computed_style import Font

TOLERANCE = 0.6  # points by which Word and LibreOffice may differ from the PDF in a line
ENOUGH = 3.0  # points of slack that no program uses up
LIBREOFFICE_GAP = 0.2  # of the size, between Chinese and Latin letters, whatever the file says
MAX_CLOSER = 0.03  # of the size of the smallest letters
MIN_WIDTH = 0.5  # of the paragraph's: narrower lines would be seen

# What Word and LibreOffice let no line begin or end with in Chinese.
_CLOSING = frozenset("!),.:;?]}%¢°’”‰′″℃、。〉》」』】〕〞！），．：；？］｝％…‧·•・﹚﹜﹞")
_OPENING = frozenset("([{£¥‘“〈《「『【〔〝（［｛￥﹙﹛﹝")
# What must stand in one line: numbers with sign, codes, and units after 單位.
_TOKENS = re.compile(
    r"[A-Za-z]+\d+(?:\.\d+)*"
    r"|[-−－+＋≥≤><＝=≧≦]?[\d０-９]+(?:[,，.．:：-][\d０-９]+)*[%％‰]?"
    r"|(?<=單位[:：])\s*[^\s()（）,，;；。]+"
)
_WIDE = r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uff60]"
# Latin letters and digits, with the spaces after them, before Chinese; Chinese before Latin.
_SCRIPT_CHANGES = re.compile(rf"[A-Za-z0-9][ ]*(?={_WIDE})|{_WIDE}(?=[A-Za-z0-9])")
_MARKS = re.compile(r"[\W_]+")


class LineFit(NamedTuple):
    """How a paragraph is led: an indent, closer letters (twips, negative), forced breaks."""

    content: tuple[Inline, ...]
    indent: int = 0  # twips
    spacing: int = 0


@dataclass(frozen=True, slots=True)
class _Text:
    """The text between two forced breaks: where it may break, and where the PDF breaks it."""

    text: str
    # Of each character and of the end, in points: in Word, and in LibreOffice if it differs.
    offsets: tuple[tuple[float, ...], ...]
    opportunities: tuple[int, ...]  # before these characters, and at the end
    tokens: tuple[tuple[int, int], ...]
    breaks: frozenset[int]  # of the PDF
    within_phrases: frozenset[int]  # where the PDF does not break

    def is_torn(self, index: int) -> bool:
        """Return whether a break tears what must stay in one line.

        A long formula that Word breaks anywhere counts: each program has its own way.
        """
        return index not in self.opportunities or any(
            start < index < end for start, end in self.tokens
        )

    def lone_lines(self, breaks: Iterable[int]) -> int:
        """Return the number of lines of a single letter or digit, beside others."""
        places = [0, *sorted(breaks), len(self.text)]
        lines = (self.text[start:end] for start, end in pairwise(places))
        return sum(len(_MARKS.sub("", line)) <= 1 for line in lines) if len(places) > 2 else 0


class _Lines(NamedTuple):
    """How a text breaks at some width, and at all others from ``low`` to below ``high``."""

    breaks: tuple[int, ...]
    low: float
    high: float


class _Cost(NamedTuple):
    """What is wrong with a paragraph's lines; the first is the worst."""

    torn: int
    lone: int  # beyond those of the PDF
    lines: int  # likewise
    fragile: bool
    phrases: int  # torn
    differences: int  # from the PDF's breaks
    closer: int  # twips
    indent: float


def fit_lines(
    content: tuple[Inline, ...],
    width: float,
    pdf_breaks: Sequence[int] | None,
    phrases: Sequence[range],
    advance: Callable[[str, Font], float],
) -> LineFit:
    """Return how a paragraph ``width`` points wide is led to its lines in the PDF.

    ``pdf_breaks``: where they end in the text without white space. ``phrases``: before which of its
    characters the PDF would not break. ``advance`` returns the width of a character in points.
    """
    runs = [inline for inline in content if not isinstance(inline, Anchor)]
    if not all(isinstance(run, Run) or run is InlineBreak.BREAK for run in runs):
        return LineFit(content)
    if pdf_breaks is None:
        return LineFit(content)
    texts = _texts(runs, frozenset(pdf_breaks), phrases, advance)
    if all(offsets[-1] <= width - TOLERANCE for text in texts for offsets in text.offsets):
        return LineFit(content)
    sizes = [run.font.size / 2 for run in runs if isinstance(run, Run)]
    closest = int(min(sizes, default=0.0) * MAX_CLOSER * 20)
    best: tuple[_Cost, float] | None = None
    for closer in range(closest + 1):
        found = min(
            (_cost(texts, place, width, closer), place) for place in _places(texts, width, closer)
        )
        best = min(best or found, found)
        if not any(best[0][:4]):
            break
    if best is None or any(best[0][:3]):
        return _forced(content, texts, width, closest)
    cost, place = best
    return LineFit(content, round((width - place) * 20), -cost.closer)


def _texts(
    runs: Sequence[Inline],
    pdf_breaks: frozenset[int],
    phrases: Sequence[range],
    advance: Callable[[str, Font], float],
) -> list[_Text]:
    unbroken = frozenset(index for phrase in phrases for index in phrase)
    pieces: list[list[Run]] = [[]]
    for run in runs:
        if isinstance(run, Run):
            pieces[-1].append(run)
        else:
            pieces.append([])
    texts, before = [], 0  # letters before the text
    for piece in pieces:
        text = "".join(run.text for run in piece)
        widths = [advance(letter, run.font) for run in piece for letter in run.text]
        gaps = _gaps(text, [run.font.size / 2 for run in piece for _ in run.text])
        offsets = (0.0, *accumulate(widths))
        apart = (0.0, *accumulate(map(add, widths, gaps)))
        letters = [index for index, letter in enumerate(text) if not letter.isspace()]
        breaks = frozenset(
            index
            for number, index in enumerate(letters)
            if number and before + number in pdf_breaks
        )
        within = frozenset(
            index for number, index in enumerate(letters) if before + number in unbroken
        )
        before += len(letters)
        opportunities, tokens = _structure(text)
        models = (offsets, apart) if any(gaps) else (offsets,)
        texts.append(_Text(text, models, opportunities, tokens, breaks, within))
    return texts


def _gaps(text: str, sizes: Sequence[float]) -> list[float]:
    """Return the space that LibreOffice adds to each character: between the scripts."""
    gaps = [0.0] * len(text)
    for found in _SCRIPT_CHANGES.finditer(text):
        gaps[found.end() - 1] = LIBREOFFICE_GAP * sizes[found.end() - 1]
    return gaps


@lru_cache(maxsize=2048)
def _structure(text: str) -> tuple[tuple[int, ...], tuple[tuple[int, int], ...]]:
    """Return before which characters Word may break a text, its end, and what it must not tear."""
    opportunities = [index for index in range(1, len(text)) if _may_break(text, index)]
    return (*opportunities, len(text)), tuple(found.span() for found in _TOKENS.finditer(text))


def _may_break(text: str, index: int) -> bool:
    one, other = text[index - 1], text[index]
    if other.isspace():
        return False  # it hangs at the line's end
    if one.isspace():
        return True
    if other in _CLOSING or one in _OPENING:
        return False
    if _is_latin(one) and _is_latin(other):
        return one == "-" and other.isalnum() and index > 1 and text[index - 2].isalnum()
    return True


def _is_latin(letter: str) -> bool:
    return east_asian_width(letter) not in "WF"


def _places(texts: Sequence[_Text], width: float, closer: int) -> set[float]:
    """Return widths up to ``width`` points, one for each way in which the texts break."""
    most = sum(len(text.breaks) for text in texts)
    places = set()
    for model in (0, -1):
        place = width
        while place >= width * MIN_WIDTH:
            found = [_break(text, text.offsets[model], place, closer / 20) for text in texts]
            low = max(lines.low for lines in found)
            high = min(lines.high for lines in found)
            if place < width and sum(len(lines.breaks) for lines in found) > most:
                break
            places.add(_surest(low, high, width))
            place = min(low, place) - 0.01
    return places


def _surest(low: float, high: float, width: float) -> float:
    """Return the width at which breaks are surest and the indent is small."""
    if high - width >= TOLERANCE:
        return width
    middle = (low + min(high, width)) / 2
    return max(middle, min(high, width) - ENOUGH)


def _break(text: _Text, offsets: tuple[float, ...], width: float, closer: float) -> _Lines:
    """Return the lines of a text, as many letters as possible in each."""
    breaks: list[int] = []
    start, end, widest, wanted = 0, 0, 0.0, 1e9

    def measure(stop: int) -> float:
        visible = len(text.text[start:stop].rstrip()) + start
        return offsets[visible] - offsets[start] - closer * (visible - start)

    for place in text.opportunities:
        while measure(place) > width and end > start:
            wanted = min(wanted, measure(place))
            widest = max(widest, measure(end))
            breaks.append(end)
            start = end
        if measure(place) > width:  # a word that is wider than the line is broken anywhere
            for inner in range(start + 1, place):
                if measure(inner + 1) > width and inner > start:
                    wanted = min(wanted, measure(inner + 1))
                    widest = max(widest, measure(inner))
                    breaks.append(inner)
                    start = inner
        end = place
    return _Lines(tuple(breaks), max(widest, measure(len(text.text))), wanted)


def _cost(texts: Sequence[_Text], place: float, width: float, closer: int) -> _Cost:
    """Return what is wrong with the lines at a width, in Word and in LibreOffice."""
    torn = lone = lines = phrases = differences = 0
    is_fragile = False
    for text in texts:
        for offsets in text.offsets:
            found = _break(text, offsets, place, closer / 20)
            torn += sum(map(text.is_torn, found.breaks))
            lone += max(text.lone_lines(found.breaks) - text.lone_lines(text.breaks), 0)
            lines += max(len(found.breaks) - len(text.breaks), 0)
            phrases += len(text.within_phrases.intersection(found.breaks))
            differences += len(text.breaks.symmetric_difference(found.breaks))
            is_fragile |= min(place - found.low, found.high - place) < TOLERANCE
    return _Cost(torn, lone, lines, is_fragile, phrases, differences, closer, width - place)


def _forced(
    content: tuple[Inline, ...], texts: Sequence[_Text], width: float, closest: int
) -> LineFit:
    """Return the content with the PDF's breaks, its letters as close as its widest line needs."""
    closer = 0
    while closer < closest and any(
        offsets[stop] - offsets[start] - closer / 20 * (stop - start) > width - TOLERANCE
        for text in texts
        for offsets in text.offsets
        for start, stop in zip(
            (0, *sorted(text.breaks)), (*sorted(text.breaks), len(text.text)), strict=True
        )
    ):
        closer += 1
    broken: list[Inline] = []
    number = offset = 0
    for inline in content:
        if inline is InlineBreak.BREAK:
            number, offset = number + 1, 0
        if not isinstance(inline, Run):
            broken.append(inline)
            continue
        start = 0
        for index in range(len(inline.text)):
            if offset + index in texts[number].breaks:
                if index > start:
                    broken.append(inline._replace(text=inline.text[start:index]))
                broken.append(InlineBreak.BREAK)
                start = index
        if start < len(inline.text):
            broken.append(inline._replace(text=inline.text[start:]))
        offset += len(inline.text)
    return LineFit(tuple(broken), 0, -closer)
