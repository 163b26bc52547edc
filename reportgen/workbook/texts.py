"""Text as it was typed, without what cannot be printed."""

from __future__ import annotations

import re
from typing import Final

_ESCAPE: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
_PAIR: Final = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_NEWLINES: Final = re.compile("\r\n|[\r\u0085\u2028\u2029]")
# Controls, bidirectional and zero-width marks, soft hyphen, BOM, non-characters, surrogates.
_UNPRINTABLE: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
)


def clean_text(content: str) -> tuple[str, tuple[str, ...]]:
    """The text to the letter without what cannot be printed, and what was taken away.

    ``_x000D_`` is how Excel stores a carriage return (ECMA-376 part 1, 22.9.2.19); a
    character beyond U+FFFF may be stored as two such escapes. Only outer white space is
    trimmed; a tab counts as a space.
    """
    text = content
    if "_x" in text:
        text = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
        text = _PAIR.sub(_join_surrogates, text)
    text = _NEWLINES.sub("\n", text).replace("\t", " ")
    stripped = dict.fromkeys(f"U+{ord(character):04X}" for character in _UNPRINTABLE.findall(text))
    return _UNPRINTABLE.sub("", text).strip(), tuple(stripped)


def _join_surrogates(pair: re.Match[str]) -> str:
    return pair[0].encode("utf-16-le", "surrogatepass").decode("utf-16-le")
