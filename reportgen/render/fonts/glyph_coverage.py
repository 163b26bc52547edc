"""Glyph coverage: which characters of the data the fonts can print as intended, by cell.

Nothing is printed as an empty box, or with the shape that another agency's fonts happen to have: a
private-use character is refused, and one that only some machines can show is reported.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Final

from reportgen.problems import Location, make_problem
from reportgen.text.name_matching import is_invisible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from reportgen.model.scorecard import Text
    from reportgen.problems import Problem
    from reportgen.render.fonts.font_set import FontSet

# Planes 15 and 16 hold private characters, too; those of plane 15 that TW-Kai-Plus has are
# assigned by the National Development Council for all of Taiwan.
_NATIONAL_PRIVATE_USE: Final = range(0xF0000, 0xFFFFE)
_RARE_ROLE: Final = "Kai, rare characters"


def glyph_problems(texts: Iterable[Text], fonts: FontSet) -> tuple[Problem, ...]:
    """Return a problem for each character that is not printed as intended, once for each cell.

    E119: no font has it, with its marks. E147: it is private-use; W144: of the national private
    use. W140: the font lacks the form of its variation selector. N144: it is printed by a font for
    rare characters that other machines may lack.
    """
    return tuple(dict.fromkeys(problem for text in texts for problem in _problems_of(text, fonts)))


def _problems_of(text: Text, fonts: FontSet) -> Iterator[Problem]:
    """Yield a problem, with its cell, for each distinct cluster that is not printed as intended."""
    where = Location(sheet=text.at.sheet, cell=text.at.cell)
    for cluster in dict.fromkeys(glyph_clusters(text.text)):
        code = _problem_code(cluster, fonts)
        if code:
            details = {"found": text.text, "codepoint": _codepoints(cluster)}
            if code != "E147":
                details["character"] = cluster
            if code == "E119":
                details |= _compatible_form(cluster, fonts)
            yield make_problem(code, where, **details)


def glyph_clusters(text: str) -> Iterator[str]:
    """Yield the visible characters, each with the combining marks and selectors that follow it.

    Invisible characters are left out, and marks at the beginning stand alone.
    """
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
    """Return whether a character is a combining mark, variation selectors left out."""
    return unicodedata.category(character) in {"Mn", "Mc", "Me"} and not _is_selector(character)


def _is_selector(character: str) -> bool:
    """Return whether a character is a variation selector."""
    return "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"


def _problem_code(cluster: str, fonts: FontSet) -> str:
    """Return the code of a cluster's problem, "" if it is printed as intended.

    The codes are those of :func:`glyph_problems`, of which the gravest counts.
    """
    base = cluster[0]
    if unicodedata.category(base) == "Co":
        is_national = ord(base) in _NATIONAL_PRIVATE_USE and fonts.role_of(base)
        return "W144" if is_national else "E147"
    role = fonts.role_of(base)
    marks = [mark for mark in cluster[1:] if _is_mark(mark)]
    if not role or any(fonts.role_of(mark, beside=base) != role for mark in marks):
        return "E119"
    if any(
        _is_selector(selector) and not fonts.has_variant(base, selector) for selector in cluster[1:]
    ):
        return "W140"
    return "N144" if role == _RARE_ROLE else ""


def _codepoints(cluster: str) -> str:
    """Return the code points of a cluster, as in ``U+4E00 U+E0100``."""
    return " ".join(f"U+{ord(character):04X}" for character in cluster)


def _compatible_form(cluster: str, fonts: FontSet) -> dict[str, str]:
    """Return ``hint`` and ``hint_en``, sentences that name a printable equivalent by NFKC.

    Both are "" if there is none.
    """
    normalized = unicodedata.normalize("NFKC", cluster)
    if normalized == cluster or any(
        _problem_code(part, fonts) for part in glyph_clusters(normalized)
    ):
        return {"hint": "", "hint_en": ""}
    codes = _codepoints(normalized)
    return {
        "hint": f"可改用「{normalized}」（{codes}）。",
        "hint_en": f"“{normalized}” ({codes}) can be printed.",
    }
