"""What an agency of a certain field says of itself, and what it looks after."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from tests.factories.agencies.subjects import Kind, Subject

if TYPE_CHECKING:
    from tests.factories.agencies.patterns import Pattern


@dataclass(frozen=True, kw_only=True)
class Field:
    """Lists are written with blanks between, ``講座:家長 …`` with their word behind a colon.

    ``{a}`` in a mission or vision is the agency as it calls itself.
    """

    missions: tuple[str, ...]
    visions: tuple[str, ...]
    values: str
    themes: str
    owners: str
    activities: str = ""
    cases: str = ""
    facilities: str = ""
    people: str = ""
    projects: str = ""
    specials: tuple[Pattern, ...] = ()
    perspectives: tuple[str, ...] = ("customary",)

    @cached_property
    def subjects(self) -> tuple[Subject, ...]:
        lists: tuple[tuple[str, Kind], ...] = (
            (self.activities, "activity"),
            (self.cases, "case"),
            (self.facilities, "facility"),
            (self.people, "people"),
            (self.projects, "project"),
        )
        named = ((each.partition(":"), kind) for text, kind in lists for each in text.split())
        return tuple(Subject(name, kind, word) for (name, _, word), kind in named)
