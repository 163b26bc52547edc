"""Where a line of Chinese may break without tearing a phrase apart.

Chinese is written without spaces, and a layout engine may break it after any character. The
filter ``phrases`` wraps the phrases of a text so that lines break between them; BudouX finds
them in prose, operators and punctuation part a formula. Not a letter is changed.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Any
from unicodedata import east_asian_width

from markupsafe import Markup, escape

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

WHOLE = 10  # a part of a formula of up to so many characters stays in one piece

# A formula breaks before an operator, after a mark, before an opening bracket: where the Unicode
# line breaking algorithm (UAX 14), which has the last word, lets it.
_PARTS = re.compile(
    r"[+＋\-－*＊×÷]*[(（]*[^+＋\-－*＊×÷/／、，；。．‧・·•()（）]*[/／、，；。．‧・·•)）]*"
    r"(?:(?<=[)）])[+＋\-－*＊×÷][^(（+＋\-－*＊×÷/／、，；。．‧・·•)）]*[/／、，；。．‧・·•)）]*)*"
)


def phrases(text: str, longest: int = 12) -> Markup:
    """A text whose phrases stay whole, but for those of over ``longest`` characters."""
    return Markup("\n").join(
        Markup("").join(_wrapped(phrase, longest) for phrase in split(line, min(longest, WHOLE)))
        for line in str(text).split("\n")
    )


def ems(text: str) -> float:
    """About how wide a text is, in its own font size: 1 for a Chinese character; at least 1."""
    wide = sum(1.0 if east_asian_width(each) in "FWA" else 0.6 for each in str(text))
    return max(1.0, wide)


def _wrapped(phrase: str, longest: int) -> Markup:
    if 1 < len(phrase.strip()) <= longest:
        return Markup('<span class="phrase">{}</span>').format(phrase)
    return escape(phrase)


@functools.lru_cache(maxsize=4096)  # a text stands on many pages, and in the next preview
def split(line: str, whole: int = WHOLE) -> tuple[str, ...]:
    """The phrases of a line, which joined give the line; parts of up to ``whole`` are not split."""
    parts = [part for part in _PARTS.findall(line) if part]
    return tuple(
        phrase
        for part in parts
        for word in re.findall(r"\S+\s*|\s+", part)
        for phrase in ([word] if len(word.strip()) <= whole else _joined(_parser().parse(word)))
    )


def _joined(pieces: Iterable[str]) -> Iterator[str]:
    """Pieces of one character go with the piece before, the first one with the next."""
    phrase = ""
    for piece in pieces:
        if (
            phrase
            and len(piece.strip()) > 1
            and len(phrase.strip()) > 1
            and not _runs(phrase, piece)
        ):
            yield phrase
            phrase = piece
        else:
            phrase += piece
    if phrase:
        yield phrase


def _runs(phrase: str, piece: str) -> bool:
    """Whether a number or Latin word would be torn."""
    return phrase[-1].isascii() and piece[0].isascii() and not phrase[-1].isspace()


@functools.cache
def _parser() -> Any:
    import budoux

    return budoux.load_default_traditional_chinese_parser()
