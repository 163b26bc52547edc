"""Matching of names that are written differently.

Headings, figures and the names in formulas are matched by this key, so that workbook
and formulas agree. Only the key is normalised: names are printed as they were typed.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_MAX_COMPARED_CHARS = 200  # difflib is quadratic
_VISIBLE_OR_SPACE = re.compile(
    "[ -~\u00d7\u00f7\u2264-\u2267\u3001-\u303f\u4e00-\u9fff\uff01-\uff5e]*"
)
_UNCHANGED_BY_NFKC = re.compile("[ -~\u4e00-\u9fff]*")  # most names: NFKC leaves them as they are


def is_invisible(char: str) -> bool:
    """Return whether a character is invisible: white space, format or variation selector."""
    return (
        char.isspace()
        or unicodedata.category(char) == "Cf"
        or "\ufe00" <= char <= "\ufe0f"
        or "\U000e0100" <= char <= "\U000e01ef"
    )


def strip_invisible(text: str) -> str:
    """Return the text without the characters that show nothing."""
    if _VISIBLE_OR_SPACE.fullmatch(text):  # most texts
        return text.replace(" ", "")
    return "".join(char for char in text if not is_invisible(char))


@lru_cache(maxsize=4096)  # the same names recur in every formula and year
def name_key(text: str) -> str:
    """Return the key that names are matched by, ignoring width, letter case and white space.

    So ``ＫＰＩ 數`` and ``kpi數`` have the key ``kpi數``. Any text has a key, and the key of a key
    is itself. NFKC makes full-width letters and digits plain and maps compatibility ideographs to
    their usual form; it keeps 臺 and 台, 賸 and 剩 apart. Zero-width characters are ignored.
    """
    if _UNCHANGED_BY_NFKC.fullmatch(text):
        return text.replace(" ", "").casefold()
    # Taking out a space, or folding case, can bring a letter and its accent together.
    for _ in range(2):
        text = strip_invisible(unicodedata.normalize("NFKC", text)).casefold()
    return unicodedata.normalize("NFKC", text)


def closest_name(name: str, candidates: Iterable[str]) -> str:
    """Return the candidate most similar to ``name`` by its key; empty if none is similar.

    Similar is a difflib ratio of 0.5 and more. A key of over 200 characters has no similar name.
    """
    import difflib

    key = name_key(name)
    if len(key) > _MAX_COMPARED_CHARS:
        return ""
    by_key = {name_key(candidate): candidate for candidate in candidates}
    matches = difflib.get_close_matches(key, by_key, n=1, cutoff=0.5)
    return by_key[matches[0]] if matches else ""
