"""When two names are the same name.

The workbook finds headings and figures by this key, and the formula language its
names; both therefore share it. Only the key is normalised: what is printed is what
was typed.
"""

from __future__ import annotations

import unicodedata

_SELECTORS = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))


def is_invisible(char: str) -> bool:
    """Whether a character shows nothing: white space, format characters, variation selectors."""
    return (
        char.isspace()
        or unicodedata.category(char) == "Cf"
        or any(ord(char) in selectors for selectors in _SELECTORS)
    )


def visible(text: str) -> str:
    """The text without the characters that show nothing."""
    return "".join(char for char in text if not is_invisible(char))


def name_key(text: str) -> str:
    """What a name is matched by: NFKC, without white space and zero-width characters.

    Any text has a key, and the key of a key is itself. NFKC makes full-width letters
    and digits plain and maps compatibility ideographs to their usual form; it keeps
    臺 and 台, 賸 and 剩 apart.
    """
    # Taking out a space can bring a letter and its accent together: normalise again.
    return unicodedata.normalize("NFKC", visible(unicodedata.normalize("NFKC", text)))
