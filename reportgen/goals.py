"""A target as agencies write it: ``≥90``, ``≤3``, ``12``, ``90%``, ``80~90``, ``80至90%``."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal

# "" is a bare number, whose sense the KPI's direction tells; "~" a range, both ends included.
GoalRelation = Literal["", "≥", "≤", ">", "<", "=", "~"]

_NUMBER: Final = r"[+-]?(?:(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?|\.[0-9]+)%?"
_ONE: Final = re.compile(rf"(>=|<=|[≥≤≧≦><=])?({_NUMBER})")
_RANGE: Final = re.compile(rf"({_NUMBER})(?:~|-|至|到)({_NUMBER})")
_RELATIONS: Final[dict[str, GoalRelation]] = {
    "": "",
    ">": ">",
    ">=": "≥",
    "≥": "≥",
    "≧": "≥",
    "<": "<",
    "<=": "≤",
    "≤": "≤",
    "≦": "≤",
    "=": "=",
}
_SIGNS: Final = str.maketrans({"−": "-", "–": "-", "—": "-", "〜": "~", "∼": "~"})
_MAX_LENGTH: Final = 80  # characters; beyond any target


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """A number of a target: ``90%`` is 90 with its sign, not yet 0.9."""

    text: str
    number: Fraction
    is_percent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """A target as read: one bound, or the two ends of a range."""

    relation: GoalRelation
    bounds: tuple[Bound, ...]


def read_goal(text: str) -> Goal | None:
    """The target that a text states; None for any other text.

    Width, white space and thousands commas do not matter. In ``80~90%`` both are in %.
    The ends of a range stand in order: ``90~80`` is no target.
    """
    plain = "".join(unicodedata.normalize("NFKC", text).translate(_SIGNS).split())
    if len(plain) > _MAX_LENGTH:
        return None
    if one := _ONE.fullmatch(plain):
        return Goal(relation=_RELATIONS[one[1] or ""], bounds=(_bound(one[2]),))
    ends = _RANGE.fullmatch(plain)
    if ends is None:
        return None
    shared = ends[2].endswith("%") and not ends[1].endswith("%")
    low, high = _bound(ends[1] + "%" * shared), _bound(ends[2])
    if low.is_percent != high.is_percent or low.number > high.number:
        return None
    return Goal(relation="~", bounds=(low, high))


def _bound(text: str) -> Bound:
    number = Fraction(text.rstrip("%").replace(",", ""))
    return Bound(text=text, number=number, is_percent=text.endswith("%"))
