"""Which characters of a text the fonts can print as they are meant, told by cell.

Nothing is printed as an empty box, or with the shape that another agency's fonts happen to
have: a private character is refused, and what only some machines can show is told.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Final

from reportgen.names import is_invisible
from reportgen.problems import Location, make

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from reportgen.model import Text
    from reportgen.problems import Problem
    from reportgen.render.fonts import FontSet

# Planes 15 and 16 hold private characters, too; those of plane 15 that TW-Kai-Plus has are
# assigned by the National Development Council for all of Taiwan.
_NATIONAL: Final = range(0xF0000, 0xFFFFE)
_RARE: Final = "Kai, rare characters"


def glyph_problems(texts: Iterable[Text], fonts: FontSet) -> tuple[Problem, ...]:
    """E119, E147, W140, W144 and N144 for each cell and character, once."""
    return tuple(dict.fromkeys(problem for text in texts for problem in _problems_of(text, fonts)))


def _problems_of(text: Text, fonts: FontSet) -> Iterator[Problem]:
    where = Location(sheet=text.at.sheet, cell=text.at.cell)
    for cluster in dict.fromkeys(clusters(text.text)):
        code = _code(cluster, fonts)
        if code:
            words = {"found": text.text, "codepoint": _codepoints(cluster)}
            if code != "E147":
                words["character"] = cluster
            if code == "E119":
                words |= _usual_form(cluster, fonts)
            yield make(code, where, **words)


def clusters(text: str) -> Iterator[str]:
    """The characters that show something, each with the marks and selectors that follow it."""
    cluster = ""
    for character in text:
        if cluster and (_is_mark(character) or _is_selector(character)):
            cluster += character
            continue
        if cluster:
            yield cluster
        cluster = "" if is_invisible(character) else character
    if cluster:
        yield cluster


def _is_mark(character: str) -> bool:
    return unicodedata.category(character) in {"Mn", "Mc", "Me"} and not _is_selector(character)


def _is_selector(character: str) -> bool:
    return "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"


def _code(cluster: str, fonts: FontSet) -> str:
    """What is to be said of it; nothing, for most."""
    base = cluster[0]
    if unicodedata.category(base) == "Co":
        is_national = ord(base) in _NATIONAL and fonts.role_of(base)
        return "W144" if is_national else "E147"
    role = fonts.role_of(base)
    marks = [each for each in cluster[1:] if _is_mark(each)]
    if not role or any(fonts.role_of(each, beside=base) != role for each in marks):
        return "E119"
    if any(_is_selector(each) and not fonts.has_variant(base, each) for each in cluster[1:]):
        return "W140"
    return "N144" if role == _RARE else ""


def _codepoints(cluster: str) -> str:
    return " ".join(f"U+{ord(character):04X}" for character in cluster)


def _usual_form(cluster: str, fonts: FontSet) -> dict[str, str]:
    """The character that Unicode counts as the same, and that can be printed."""
    usual = unicodedata.normalize("NFKC", cluster)
    if usual == cluster or any(_code(each, fonts) for each in clusters(usual)):
        return {"hint": "", "hint_en": ""}
    codes = _codepoints(usual)
    return {
        "hint": f"可改用「{usual}」（{codes}）。",
        "hint_en": f"“{usual}” ({codes}) can be printed.",
    }
