"""The suggestion behind a misspelt name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.names import name_key

if TYPE_CHECKING:
    from collections.abc import Iterable


def nearest(name: str, candidates: Iterable[str]) -> str:
    """The candidate that looks most like ``name``; empty when none comes close."""
    import difflib

    by_key = {name_key(candidate): candidate for candidate in candidates}
    found = difflib.get_close_matches(name_key(name), by_key, n=1, cutoff=0.5)
    return by_key[found[0]] if found else ""
