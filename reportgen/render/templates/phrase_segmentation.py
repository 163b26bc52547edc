"""Phrase segmentation: line breaks in Chinese that do not tear a phrase apart.

Chinese is written without spaces, and a layout engine may break it after any character. The filter
``phrases`` wraps the phrases of a text so that lines break between them; BudouX finds them in
prose, operators and punctuation divide a formula. The text itself is unchanged.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING
from unicodedata import east_asian_width

from markupsafe import Markup, escape

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from budoux import Parser

MAX_UNSPLIT_CHARS = 10  # a part of a formula of up to so many characters stays in one piece

# A formula breaks before an operator, after a mark, before an opening bracket: where the Unicode
# line breaking algorithm (UAX 14), which has the last word, lets it.
_FORMULA_PARTS = re.compile(
    r"[+＋\-－*＊×÷]*[(（]*[^+＋\-－*＊×÷/／、，；。．‧・·•()（）]*[/／、，；。．‧・·•)）]*"
    r"(?:(?<=[)）])[+＋\-－*＊×÷][^(（+＋\-－*＊×÷/／、，；。．‧・·•)）]*[/／、，；。．‧・·•)）]*)*"
)


def phrases(text: str, longest: int = 12) -> Markup:
    """Return a text whose phrases stay unbroken, except those of over ``longest`` characters."""
    return Markup("\n").join(
        Markup("").join(
            _wrapped(phrase, longest)
            for phrase in split_phrases(line, min(longest, MAX_UNSPLIT_CHARS))
        )
        for line in str(text).split("\n")
    )


def width_in_ems(text: str) -> float:
    """Return a text's approximate width in ems: 1 for a Chinese character; at least 1."""
    wide = sum(1.0 if east_asian_width(character) in "FWA" else 0.6 for character in str(text))
    return max(1.0, wide)


def _wrapped(phrase: str, longest: int) -> Markup:
    if 1 < len(phrase.strip()) <= longest:
        return Markup('<span class="phrase">{}</span>').format(phrase)
    return escape(phrase)


@functools.lru_cache(maxsize=4096)  # a text stands on many pages, and in the next preview
def split_phrases(line: str, whole: int = MAX_UNSPLIT_CHARS) -> tuple[str, ...]:
    """Return the phrases of a line, whose concatenation is the line; short parts are not split.

    ``whole`` is the number of characters up to which a part is kept in one piece.
    """
    parts = [part for part in _FORMULA_PARTS.findall(line) if part]
    return tuple(
        phrase
        for part in parts
        for word in re.findall(r"\S+\s*|\s+", part)
        for phrase in ([word] if len(word.strip()) <= whole else _joined(_parser().parse(word)))
    )


def _joined(pieces: Iterable[str]) -> Iterator[str]:
    """Yield pieces, single characters joined to the piece before, or to the next at the start."""
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
    """Return whether a number or Latin word would be torn."""
    return phrase[-1].isascii() and piece[0].isascii() and not phrase[-1].isspace()


@functools.cache
def _parser() -> Parser:
    import budoux

    return budoux.load_default_traditional_chinese_parser()
