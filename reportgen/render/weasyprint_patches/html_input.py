"""Patch of the HTML input stream."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import ModuleType


def chars_until(stream: ModuleType) -> Callable[..., str]:
    """Return a ``chars_until`` that caches its regular expressions.

    The original's own cache never hits. It is a method of tinyhtml5's input stream.
    """
    patterns: dict[tuple[object, bool], re.Pattern[str]] = {}

    def patched(self: Any, characters: Iterable[str], opposite: bool = False) -> str:
        """Return the input up to one of the characters, and move behind it.

        If ``opposite``, up to a character that is none of them.
        """
        key = characters, opposite
        pattern = patterns.get(key)
        if pattern is None:
            escaped = "".join(f"\\x{ord(character):02x}" for character in characters)
            pattern = patterns[key] = re.compile(f"[{'' if opposite else '^'}{escaped}]+")
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

    return patched
