"""What Word prints for a number in each of its formats, as far as CSS prints the same."""

from __future__ import annotations

from typing import Final

from reportgen.render.layout.list_counters import LARGEST_NUMERAL, numeral

_STEMS: Final = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES: Final = "子丑寅卯辰巳午未申酉戌亥"
_ALPHABET: Final = "abcdefghijklmnopqrstuvwxyz"
_ROMAN: Final = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l")),
    *((40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)
_SYMBOLS: Final = {
    "lowerLetter": _ALPHABET,
    "upperLetter": _ALPHABET.upper(),
    "ideographTraditional": _STEMS,
    "ideographZodiac": _BRANCHES,
}
_NUMERALS: Final = {
    "taiwaneseCountingThousand": "trad-chinese-informal",
    "ideographLegalTraditional": "trad-chinese-formal",
}
_LARGEST: Final = 999


def number_of(format_: str, text: str, likely: int) -> int | None:
    """Return the number, up to 999, that Word prints as a text in a format; None if there is none.

    ``likely`` is tried first and may be larger; then the smallest number counts.
    """
    numbers = (likely, *range(_LARGEST + 1))
    return next((number for number in numbers if _word_numeral(format_, number) == text), None)


def _word_numeral(format_: str, number: int) -> str | None:
    """Return Word's text of a number in a format, or None where it may differ from that of CSS.

    Alphabets end with their last letter; all formats but the decimal ones begin at 1.
    """
    if format_ == "decimal":
        return str(number) if number >= 0 else None
    if format_ == "decimalZero":
        return f"{number:02d}" if number >= 0 else None
    if number < 1:
        return None
    if format_ in _SYMBOLS:
        symbols = _SYMBOLS[format_]
        return symbols[number - 1] if number <= len(symbols) else None
    if format_ in _NUMERALS:
        return numeral(_NUMERALS[format_], number) if number <= LARGEST_NUMERAL else None
    roman = _roman_numeral(number)
    return roman.upper() if format_ == "upperRoman" else roman


def _roman_numeral(number: int) -> str:
    """Return a number from 1 as a Roman numeral, in lower case."""
    text = ""
    for value, letters in _ROMAN:
        count, number = divmod(number, value)
        text += letters * count
    return text
