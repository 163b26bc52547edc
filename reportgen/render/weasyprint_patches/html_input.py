"""Patch of the HTML input stream."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

_PATTERNS: Final[dict[tuple[object, bool], re.Pattern[str]]] = {}


def chars_until(self: Any, characters: Iterable[str], opposite: bool = False) -> str:
    """Return the input up to one of the characters, and move behind it.

    If ``opposite``, up to a character that is none of them. It is a method of tinyhtml5's input
    stream, whose own cache of regular expressions never hits.
    """
    key = characters, opposite
    pattern = _PATTERNS.get(key)
    if pattern is None:
        escaped = "".join(f"\\x{ord(character):02x}" for character in characters)
        pattern = _PATTERNS[key] = re.compile(f"[{'' if opposite else '^'}{escaped}]+")
    text = ""
    while True:
        match = pattern.match(self.chunk, self.chunk_offset)
        if match is None:
            if self.chunk_offset != self.chunk_size:
                return text
        else:
            end = match.end()
            if end != self.chunk_size:
                text += str(self.chunk[self.chunk_offset : end])
                self.chunk_offset = end
                return text
        text += str(self.chunk[self.chunk_offset :])
        if not self.read_chunk():
            return text
