"""Font mapping: which face Word uses for which character.

Word has no list of families: a run names one face for Latin text and one for East-Asian text, and
Word decides by character. For ambiguous characters (× ≥ “ ” …) it uses the Latin face unless the
run carries ``w:hint="eastAsia"``.
"""

from __future__ import annotations

from functools import lru_cache

LATIN, CJK = "Times New Roman", "標楷體"

GENERIC_FAMILIES = {"sans-serif": "Arial", "monospace": "Courier New", "system-ui": "Arial"}

# East-Asian faces under names without an East-Asian character.
EAST_ASIAN_NAMES = (
    "batang",
    "biaukai",
    "dfkai",
    "gothic",
    "heiti",
    "hiragino",
    "kaiti",
    "meiryo",
    "microsoft jhenghei",
    "microsoft yahei",
    "mingliu",
    "noto sans cjk",
    "noto sans tc",
    "noto serif cjk",
    "noto serif tc",
    "pingfang",
    "simhei",
    "simsun",
    "songti",
    "source han",
    "tw-kai",
    "tw-sung",
    "wenquanyi",
)

# The name that an English Windows gives to a face.
ALTERNATIVE_NAMES = {"標楷體": "DFKai-SB", "新細明體": "PMingLiU", "細明體": "MingLiU"}

# The ambiguous part of WGL4, the characters that every Times-like face has.
_LATIN_HAS = (
    (0x80, 0x17F), (0x192, 0x192), (0x1FA, 0x1FF), (0x218, 0x21B), (0x2C6, 0x2C7),
    (0x2C9, 0x2C9), (0x2D8, 0x2DD), (0x37E, 0x37E), (0x384, 0x3CE), (0x400, 0x45F),
    (0x490, 0x491), (0x1E80, 0x1E85), (0x1EF2, 0x1EF3), (0x2010, 0x2015), (0x2017, 0x201E),
    (0x2020, 0x2022), (0x2026, 0x2026), (0x2030, 0x2030), (0x2032, 0x2033), (0x2039, 0x203A),
    (0x203C, 0x203C), (0x203E, 0x203E), (0x2044, 0x2044), (0x207F, 0x207F), (0x20A3, 0x20A4),
    (0x20A7, 0x20A7), (0x20AC, 0x20AC), (0x2105, 0x2105), (0x2113, 0x2113), (0x2116, 0x2116),
    (0x2122, 0x2122), (0x2126, 0x2126), (0x212E, 0x212E), (0x215B, 0x215E), (0x2190, 0x2195),
    (0x21A8, 0x21A8), (0x2202, 0x2202), (0x2206, 0x2206), (0x220F, 0x220F), (0x2211, 0x2212),
    (0x2215, 0x2215), (0x2219, 0x221A), (0x221E, 0x221F), (0x2229, 0x2229), (0x222B, 0x222B),
    (0x2248, 0x2248), (0x2260, 0x2261), (0x2264, 0x2265), (0x2302, 0x2302), (0x2310, 0x2310),
    (0x2320, 0x2321), (0x2500, 0x2500), (0x2502, 0x2502), (0x250C, 0x250C), (0x2510, 0x2510),
    (0x2514, 0x2514), (0x2518, 0x2518), (0x251C, 0x251C), (0x2524, 0x2524), (0x252C, 0x252C),
    (0x2534, 0x2534), (0x253C, 0x253C), (0x2550, 0x256C), (0x2580, 0x2580), (0x2584, 0x2584),
    (0x2588, 0x2588), (0x258C, 0x258C), (0x2590, 0x2593), (0x25A0, 0x25A1), (0x25AA, 0x25AC),
    (0x25B2, 0x25B2), (0x25BA, 0x25BA), (0x25BC, 0x25BC), (0x25C4, 0x25C4), (0x25CA, 0x25CB),
    (0x25CF, 0x25CF), (0x25D8, 0x25D9), (0x25E6, 0x25E6), (0x263A, 0x263C), (0x2640, 0x2640),
    (0x2642, 0x2642), (0x2660, 0x2660), (0x2663, 0x2663), (0x2665, 0x2666), (0x266A, 0x266B),
)  # fmt: skip

# Invisible characters belong to no face: they never need a hint.
_INVISIBLE = frozenset((*range(0x2000, 0x2010), *range(0x2028, 0x2030), *range(0x205F, 0x2070)))

# Ambiguous to Word, so that the hint decides: characters below this, and in the ranges above it.
_EAST_ASIAN_FROM = 0x2E80
_AMBIGUOUS_ABOVE = ((0xE000, 0xF8FF), (0xFB00, 0xFB4F))

LATIN_SYMBOLS = frozenset(
    code for first, last in _LATIN_HAS for code in range(first, last + 1)
) - frozenset(range(0x80, 0xA0))


@lru_cache(maxsize=256)
def latin_and_cjk_family(names: tuple[str, ...]) -> tuple[str, str]:
    """Return the first Latin and the first East-Asian family of a CSS ``font-family``.

    An East-Asian family that comes first prints the Latin letters, too. Generic families are
    replaced by the installed ones of their kind. Without a Latin family it is Times New Roman,
    without an East-Asian one 標楷體.
    """
    latin = cjk = ""
    for name in names:
        if name in GENERIC_FAMILIES or name == "serif":
            latin = latin or GENERIC_FAMILIES.get(name, LATIN)
        elif is_east_asian(name):
            cjk = cjk or name
        else:
            latin = latin or name
    if names and is_east_asian(names[0]):
        latin = names[0]
    return latin or LATIN, cjk or CJK


def is_east_asian(family: str) -> bool:
    """Return whether a family is made for East-Asian text, by its name.

    It is if the name has an East-Asian character, or holds one of ``EAST_ASIAN_NAMES``. For a
    single character: whether it is East Asian.
    """
    if any(ord(char) >= _EAST_ASIAN_FROM for char in family):
        return True
    lowered = family.lower()
    return any(name in lowered for name in EAST_ASIAN_NAMES)


def needs_hint(char: str) -> bool:
    """Return whether Word needs the hint for a character: the Latin face does not have it.

    These are ambiguous characters beyond WGL4. ASCII, invisible and East-Asian ones need none.
    """
    code = ord(char)
    if code < 0x80 or code in LATIN_SYMBOLS or code in _INVISIBLE:
        return False
    return code < _EAST_ASIAN_FROM or any(first <= code <= last for first, last in _AMBIGUOUS_ABOVE)


def refuses_hint(char: str) -> bool:
    """Return whether the hint would take a character from the Latin face, which has it."""
    return ord(char) in LATIN_SYMBOLS


def split_by_hint(text: str) -> list[tuple[str, bool]]:
    """Return a text in as few pieces as possible, each with whether it needs the hint.

    Characters that are indifferent to the hint stay with the piece before them.
    """
    if text.isascii():
        return [(text, False)]
    pieces: list[tuple[str, bool]] = []
    start, state = 0, None
    for index, char in enumerate(text):
        needed = True if needs_hint(char) else False if refuses_hint(char) else None
        if needed is None or needed == state:
            continue
        if state is not None:
            pieces.append((text[start:index], state))
            start = index
        state = needed
    pieces.append((text[start:], bool(state)))
    return pieces
