"""Bad and odd workbooks: each is the first sample after one mutation, and what must come of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.factories.workbooks import Found


@dataclass(frozen=True, slots=True)
class Case:
    """One mutation.

    ``expected`` lists every problem, such as ``E105 年度資料!H4``, a file's own as ``E132``;
    the sample's own are left out. ``alters``: figures, or what is printed, change with it as
    they should; else every result of the sample must stand.
    """

    name: str
    make: Callable[[], bytes]
    expected: tuple[str, ...] = ()
    alters: bool = False

    @property
    def found(self) -> Found:
        """The problems as code, sheet and cell."""
        places = [each.partition(" ") for each in self.expected]
        return [(code, *_place(place)) for code, _, place in places]

    @property
    def stops(self) -> bool:
        """Whether nothing may be written."""
        return any(each.startswith("E") for each in self.expected)


def _place(text: str) -> tuple[str, str]:
    sheet, _, cell = text.partition("!")
    return sheet, cell


def case(name: str, make: Callable[[], bytes], *expected: str, alters: bool = False) -> Case:
    """A row of the table."""
    return Case(name, make, expected, alters)
