"""Cleaning of texts: characters that cannot be printed are removed."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_ESCAPE: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
_PAIR: Final = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_NEWLINES: Final = re.compile("\r\n|[\r\u0085\u2028\u2029]")

# All of category Zs but the space and the ideographic one. For U+2007 or U+202F, and for U+00A0
# next to Chinese, TW-Kai draws a box with the character's name.
_SPACES: Final = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f]")

_CONTROLS: Final = "\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff"
_FORMATS: Final = (  # soft hyphen, zero width, bidirectional, tags: Unicode's category Cf
    "\u00ad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\ufeff\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e007f"
)
_FILLERS: Final = (  # no format characters, yet nothing to be seen
    "\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\uffa0\ufffc"
)
_NO_CHARACTERS: Final = "\ufdd0-\ufdef" + "".join(
    f"{chr(plane * 0x10000 + 0xFFFE)}-{chr(plane * 0x10000 + 0xFFFF)}" for plane in range(17)
)
_HAN: Final = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003fffd"
# Variation selectors: only a Han character has variants in print (IVS, and the standardised
# variants); U+FE0E and U+FE0F choose between text and emoji.
_SELECTORS: Final = f"[\ufe0e\ufe0f]|(?<![{_HAN}])[\ufe00-\ufe0d\U000e0100-\U000e01ef]"
_UNPRINTABLE: Final = re.compile(f"[{_CONTROLS}{_FORMATS}{_FILLERS}{_NO_CHARACTERS}]|{_SELECTORS}")

# Most texts: there is nothing to clean.
_PLAIN: Final = re.compile("[ -~\u3001-\u303f\u4e00-\u9fff\uff01-\uff5e]*")


def clean_text(content: str) -> tuple[str, tuple[str, ...]]:
    """Return the text without unprintable characters, and the names of those removed (U+200B).

    ``_x000D_`` is how Excel stores a carriage return (ECMA-376 part 1, 22.9.2.19); a
    character beyond U+FFFF may be stored as two such escapes. Only outer white space is
    trimmed; a tab, and a space of another width, or at which no line breaks, count as a space.
    """
    text = content
    if _PLAIN.fullmatch(text) and "_x" not in text:
        return text.strip(), ()
    if "_x" in text:
        text = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
        text = _PAIR.sub(_join_surrogates, text)
    text = _SPACES.sub(" ", _NEWLINES.sub("\n", text).replace("\t", " "))
    stripped = dict.fromkeys(f"U+{ord(character):04X}" for character in _UNPRINTABLE.findall(text))
    return _UNPRINTABLE.sub("", text).strip(), tuple(stripped)


def misleading_digits(text: str) -> str:
    """Return the characters, such as ² and ①, that NFKC would turn into digits of a number.

    Behind a letter they belong to its unit: m². Empty without any.
    """
    false, previous = "", ""
    for character in "" if text.isascii() else text:
        if not _is_false_digit(character):
            previous = character
        elif not previous.isalpha():
            false += character
    return false


def _is_false_digit(character: str) -> bool:
    """Return whether NFKC turns a character into a digit, or into a raised sign or bracket."""
    if character.isdecimal() or character.isascii():
        return False
    plain = unicodedata.normalize("NFKC", character)
    is_shifted = unicodedata.decomposition(character).startswith(("<super>", "<sub>"))
    return "0" <= plain[:1] <= "9" or (is_shifted and plain in {"+", "-", "\u2212", "=", "(", ")"})


def _join_surrogates(pair: re.Match[str]) -> str:
    """Return the single character that a pair of UTF-16 surrogates encodes."""
    return pair[0].encode("utf-16-le", "surrogatepass").decode("utf-16-le")
