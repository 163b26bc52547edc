"""Limits on repetition: repeat counts of rows and cells, and chains of parent styles."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MAX_PARENTS: Final = 50  # of a style; LibreOffice's own are three levels deep
_COUNT: Final = re.compile(r"\s*0*([1-9][0-9]{0,8})\s*")


class CountError(ValueError):
    """A count that is no number above zero, or exceeds its limit."""


def parse_repeat_count(text: str | None, maximum: int) -> int:
    """Return a count, 1 if none is stated.

    Raises CountError above ``maximum``, and for a text that is no number above zero.
    """
    if text is None:
        return 1
    match = _COUNT.fullmatch(text)
    if match is None or int(match[1]) > maximum:
        raise CountError(f"repeated {text[:20]!r} times")
    return int(match[1])


def style_ancestry(name: str, parents: Mapping[str, str]) -> Iterator[str]:
    """Yield a style and those that it is derived from, the nearest first.

    A cycle ends before its first repetition. Raises CountError for more than MAX_PARENTS.
    """
    seen: set[str] = set()
    while name in parents and name not in seen:
        if len(seen) > MAX_PARENTS:
            raise CountError(f"styles derived more than {MAX_PARENTS} times")
        seen.add(name)
        yield name
        name = parents[name]
