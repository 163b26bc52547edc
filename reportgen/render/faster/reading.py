"""HTML is read in fewer steps."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def chars_until(stream: Any) -> Callable[..., Any]:
    """The expressions are kept under the key that they are looked for with: theirs never is."""
    known: dict[tuple[Any, bool], Any] = {}

    def until(self: Any, characters: Any, opposite: bool = False) -> str:
        key = characters, opposite
        pattern = known.get(key)
        if pattern is None:
            escaped = "".join(f"\\x{ord(each):02x}" for each in characters)
            pattern = known[key] = re.compile(f"[{'' if opposite else '^'}{escaped}]+")
        found = ""
        while True:
            match = pattern.match(self.chunk, self.chunk_offset)
            if match is None:
                if self.chunk_offset != self.chunk_size:
                    return found
            else:
                end = match.end()
                if end != self.chunk_size:
                    found += str(self.chunk[self.chunk_offset : end])
                    self.chunk_offset = end
                    return found
            found += str(self.chunk[self.chunk_offset :])
            if not self.read_chunk():
                return found

    return until
