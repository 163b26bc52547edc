"""Phrase segmentation: line breaks in Chinese that do not tear a phrase apart.

Chinese is written without spaces, and a layout engine may break it after any character. The filter
``phrases`` wraps the phrases of a text so that lines break between them; BudouX finds them in
prose, operators and punctuation divide a formula. BudouX tears words it does not know (海上意|外);
``words.txt`` corrects it. The text itself is unchanged.
"""

from __future__ import annotations

import functools
import re
from itertools import accumulate, pairwise
from pathlib import Path
from typing import TYPE_CHECKING
from unicodedata import east_asian_width

from markupsafe import Markup, escape

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from budoux import Parser

MAX_UNSPLIT_CHARS = 10  # a part of a formula of up to so many characters stays in one piece

# A formula breaks before an operator, after a mark, before an opening bracket: where the Unicode
# line breaking algorithm (UAX 14), which has the last word, lets it.
_FORMULA_PARTS = re.compile(
    r"""
    [+＋\-－*＊×÷]* [(（]*                       # operators and opening brackets,
    [^+＋\-－*＊×÷/／、，；。．‧・·•()（）]*     # an operand,
    [/／、，；。．‧・·•)）]*                     # marks and closing brackets,
    (?:                                          # … and after a closing bracket further terms
      (?<=[)）]) [+＋\-－*＊×÷]
      [^(（+＋\-－*＊×÷/／、，；。．‧・·•)）]*
      [/／、，；。．‧・·•)）]*
    )*
    """,
    re.VERBOSE,
)
# A unit of measurement, which no line tears: (單位：公斤/萬人).
_UNIT = re.compile(r"((?<=單位[:：])\s*[^\s()（）,，;；。]+[)）]?)")
_ENDS_WITH_FIGURE = re.compile(r"(?:^|[^A-Za-z\d.,])\d[\d.,]*\s+$")  # and not with a code
_MARKS = re.compile(r"[\W_]+")
_WORDS_FILE = Path(__file__).parent / "words.txt"
_MAX_WORD_CHARS = 5


def phrases(text: str, longest: int = 12) -> Markup:
    """Return a text as HTML whose phrases are in ``span``s of class ``phrase``: the filter.

    Of phrases of more than ``longest`` characters the words are wrapped instead. The text is
    escaped and otherwise unchanged, line ends included.
    """
    return Markup("\n").join(
        Markup("").join(
            _wrap_phrase(phrase, longest)
            for phrase in split_phrases(line, min(longest, MAX_UNSPLIT_CHARS))
        )
        for line in str(text).split("\n")
    )


def width_in_ems(text: str) -> float:
    """Return a text's approximate width in ems, at least 1: the filter ``ems``.

    Chinese and other wide characters count as 1, all others as 0.6.
    """
    wide = sum(1.0 if east_asian_width(character) in "FWA" else 0.6 for character in str(text))
    return max(1.0, wide)


def _wrap_phrase(phrase: str, longest: int) -> Markup:
    """Return a phrase in a ``span``; if it is longer than ``longest``, each of its words.

    A single character, and a long phrase that has no words, are not wrapped.
    """
    if 1 < len(phrase.strip()) <= longest:
        return Markup('<span class="phrase">{}</span>').format(phrase)
    words = _split_words(phrase)
    if len(words) < 2:
        return escape(phrase)
    return Markup("").join(_wrap_phrase(word, longest) for word in words)


@functools.lru_cache(maxsize=4096)  # a text stands on many pages, and in the next preview
def split_phrases(line: str, whole: int = MAX_UNSPLIT_CHARS) -> tuple[str, ...]:
    """Return the phrases of a line, whose concatenation is the line; short parts are not split.

    ``whole`` is the number of characters up to which a part is kept in one piece.
    """
    texts = _UNIT.split(line)  # every second one is a unit
    split = (
        phrase
        for index, text in enumerate(texts)
        for part in ([text] if index % 2 else _FORMULA_PARTS.findall(text))
        for word in re.findall(r"\S+\s*|\s+", part)
        for phrase in (
            [word]
            if index % 2 or len(word.strip()) <= whole
            else _join_single_characters(_without_torn_words(_load_parser().parse(word)))
        )
    )
    return tuple(_join_figures(split, whole))


def _join_figures(split: Iterable[str], whole: int) -> Iterator[str]:
    """Yield phrases, a figure that ends with a space joined to what it is of: ``104 年的``.

    Phrases that would have more than ``whole`` characters are not joined.
    """
    before = ""
    for phrase in split:
        is_of_it = _ENDS_WITH_FIGURE.search(before) and east_asian_width(phrase[0]) == "W"
        if is_of_it and len((before + phrase).strip()) <= whole:
            before += phrase
            continue
        if before:
            yield before
        before = phrase
    if before:
        yield before


def _without_torn_words(pieces: list[str]) -> Iterator[str]:
    """Yield pieces between which no word is torn: a boundary within one moves to its beginning.

    It moves to the word's end if a single character would be left, and goes if that is no better.
    """
    text = "".join(pieces)
    *inner, end = accumulate(map(len, pieces))
    boundaries = [0]
    for boundary, following in pairwise((*inner, end)):
        word = _torn_word(text, boundary, boundaries[-1], following)
        if word is None:
            moved = boundary
        elif word.start - boundaries[-1] > 1:
            moved = word.start
        elif following - word.stop > 1:
            moved = word.stop
        else:
            continue
        if moved > boundaries[-1]:
            boundaries.append(moved)
    for start, stop in pairwise((*boundaries, end)):
        yield text[start:stop]


def _torn_word(text: str, boundary: int, start: int, stop: int) -> range | None:
    """Return the range of the word that a boundary tears, or None if it tears none.

    A word of two characters counts only if it is more frequent than those beside the boundary,
    which are within ``start`` and ``stop``.
    """
    ranks = _word_ranks()
    before = text[boundary - 2 : boundary] if boundary - start > 1 else ""
    after = text[boundary : boundary + 2] if stop - boundary > 1 else ""
    rank_beside = min(ranks.get(before, len(ranks)), ranks.get(after, len(ranks)))
    for length in range(_MAX_WORD_CHARS, 1, -1):
        words = [
            range(first, first + length)
            for first in range(max(0, boundary - length + 1), boundary)
            if text[first : first + length] in ranks and first + length <= len(text)
        ]
        rank = {word: ranks[text[word.start : word.stop]] for word in words}
        if words and (length > 2 or min(rank.values()) < rank_beside):
            return min(words, key=rank.__getitem__)
    return None


@functools.lru_cache(maxsize=4096)
def _split_words(phrase: str) -> tuple[str, ...]:
    """Return a phrase in parts, whose concatenation it is: known words, and the text between them.

    At each place, from the left, the longest known word of 2 to 5 characters counts.
    """
    ranks = _word_ranks()
    words: list[str] = []
    start = index = 0
    while index < len(phrase):
        for length in range(_MAX_WORD_CHARS, 1, -1):
            if phrase[index : index + length] in ranks and index + length <= len(phrase):
                words += [phrase[start:index]] * (index > start)
                words.append(phrase[index : index + length])
                start = index = index + length
                break
        else:
            index += 1
    return (*words, *(phrase[start:],) * (len(phrase) > start))


def word_interiors(letters: str, phrases: Sequence[range]) -> Iterator[int]:
    """Yield the letters that a line would begin with within a word of a phrase.

    ``phrases`` are ranges of letters that no line begins with; the one before is a phrase's first.
    A letter that is no part of a known word belongs to the word before, as do marks: 賸餘數)/.
    """
    for phrase in phrases:
        place = phrase.start - 1
        for word in _split_words(letters[place : phrase.stop]):
            is_alone = len(_MARKS.sub("", word)) <= 1 and place >= phrase.start
            yield from range(place + (not is_alone), place + len(word))
            place += len(word)


@functools.cache
def _word_ranks() -> dict[str, int]:
    """Return the known words, each with its rank by frequency; 0 is the most frequent."""
    lines = _WORDS_FILE.read_text("utf-8").splitlines()
    words = " ".join(line for line in lines if not line.startswith("#")).split()
    return {word: rank for rank, word in enumerate(words)}


def _join_single_characters(pieces: Iterable[str]) -> Iterator[str]:
    """Yield pieces, single characters joined to the piece before, or to the next at the start.

    The parts of a number or a Latin word are joined, too.
    """
    phrase = ""
    for piece in pieces:
        if (
            phrase
            and len(piece.strip()) > 1
            and len(phrase.strip()) > 1
            and not _is_one_word(phrase, piece)
        ):
            yield phrase
            phrase = piece
        else:
            phrase += piece
    if phrase:
        yield phrase


def _is_one_word(phrase: str, piece: str) -> bool:
    """Return whether a boundary between two pieces would tear a number or a Latin word."""
    return phrase[-1].isascii() and piece[0].isascii() and not phrase[-1].isspace()


@functools.cache
def _load_parser() -> Parser:
    """Return BudouX's parser for Traditional Chinese; loaded once."""
    import budoux

    return budoux.load_default_traditional_chinese_parser()
