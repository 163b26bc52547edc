"""A target as agencies write it: ``≥90``, ``12``, ``80%(含)以上``, ``不超過3件``, ``80至90%``.

:func:`read_goal` reads a cell of 目標值, and a threshold in words behind a formula. Three
rules keep it from guessing:

- The words count as they are defined: 以上, 以下 and 以內 include the number, 超過 and 未滿
  do not. 達80% is at least 80 %.
- A text with two meanings (``不低於80%以下``) is no target. :func:`alternatives` lists
  what it may mean.
- A unit stays a text, with its scale (``1,200千元`` is 1200 of 千元): what it
  measures is known only together with the KPI's own unit. A scale without a unit is part of the
  number (``10萬``).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal

# "" is a bare number, interpreted by the KPI's direction; "~" a range, both ends included.
GoalRelation = Literal["", "≥", "≤", ">", "<", "=", "~"]
GoalSign = Literal["", "%", "‰", "‱"]

_MAX_LENGTH: Final = 80  # characters; beyond any target
_DASHES: Final = "−–—‐‑‒─"
_FOLDED: Final = str.maketrans(dict.fromkeys(_DASHES, "-") | {"〜": "~", "∼": "~"})

_NUMBER: Final = r"(?:(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?|\.[0-9]+)"
_SCALE: Final = r"(?:[十拾百佰千仟]?[萬億]|[十拾百佰千仟])"
# No unit holds a word that compares, approximates or joins: 12以上 is no unit 以上.
_LETTER: Final = r"[^\W\d_至到與和及以或內外含達未不約逾左右上下超滿等於介之間概起]"
_UNIT: Final = rf"(?:(?:CO2|(?<=m)[23]|°|{_LETTER})(?:/(?={_LETTER}))?){{1,12}}"
_SIGN_OF_PARTS: Final[dict[str, GoalSign]] = {"百分之": "%", "千分之": "‰", "萬分之": "‱"}
_AMOUNT: Final = (
    rf"(?:[百千萬]分之)?[+-]?{_NUMBER}(?:{_SCALE}{_NUMBER})*{_SCALE}?(?:[%‰‱]|{_UNIT})?"
)
_ONE_AMOUNT: Final = re.compile(
    rf"(?P<parts>[百千萬]分之)?(?P<minus>[+-]?)(?P<number>{_NUMBER}(?:{_SCALE}{_NUMBER})*)"
    rf"(?P<scale>{_SCALE}?)(?P<sign>[%‰‱]?)(?P<unit>(?:{_UNIT})?)"
)
_ENDING: Final = re.compile(rf"^[+-]?{_NUMBER}(?:{_SCALE}{_NUMBER})*")
_SCALED: Final = re.compile(_SCALE)
_PART: Final = re.compile(rf"({_NUMBER})({_SCALE}?)")
_TENS: Final = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_POWERS: Final = {"": 1, **_TENS, "萬": 10**4, "億": 10**8}
_SCALES: Final = "".join(_POWERS)
_SIGNS: Final[dict[str, GoalSign]] = {"": "", "%": "%", "‰": "‰", "‱": "‱"}

_NOT: Final = "(?:不|未)(?:得|可|應|宜|能|會)?"
_OR_EQUAL: Final = r"\(?(?:或|及)?等於\)?"
_BEFORE: Final[tuple[tuple[str, GoalRelation], ...]] = (  # the first that fits
    (rf"{_NOT}(?:低於|少於|小於)|至少|最少", "≥"),
    (rf"{_NOT}(?:超過|超出|高於|大於|多於|逾)|至多|最多", "≤"),
    (rf"(?:大於|高於|多於|超過){_OR_EQUAL}|等於或大於|>=|=>|[≥≧⩾]", "≥"),
    (rf"(?:小於|低於|少於){_OR_EQUAL}|等於或小於|<=|=<|[≤≦⩽]", "≤"),
    ("未滿|不滿|不足|不到|未達|未及|不及|低於|少於|小於|<", "<"),
    ("超過|超出|高於|大於|多於|逾|>", ">"),
    ("等於|恰為|正好|=", "="),
)
_BEHIND: Final[tuple[tuple[str, GoalRelation], ...]] = (
    ("(?:含|及|或)?以上", "≥"),
    ("(?:含|及|或)?(?:以下|以內|之內|內)", "≤"),
)
_INCLUDED: Final[dict[GoalRelation, GoalRelation]] = {">": "≥", "<": "≤"}
_EXCLUDED: Final[dict[GoalRelation, GoalRelation]] = {"≥": ">", "≤": "<"}


def _one_of(words: tuple[tuple[str, GoalRelation], ...]) -> str:
    """Return a pattern that matches any of the words' patterns."""
    return "|".join(pattern for pattern, _ in words)


_INTRODUCED: Final = (
    "(?:目標值?[為:]?)?(?:應|須|需|必須|必需|預計|預期|均|皆|各|每年|全年){0,3}為?"
    "(?:(?P<reach>達到|達成|達至|達)|(?P<keep>(?:維持|保持|控制)[在於]?))?"
)
_MARK: Final = r"\(不?含\)"
_ONE_TARGET: Final = re.compile(
    rf"{_INTRODUCED}(?:(?P<before>{_one_of(_BEFORE)})(?:達到|達)?)?"
    rf"(?P<mark>{_MARK})?(?P<amount>{_AMOUNT})"
    rf"(?P<mark_within>{_MARK})?(?P<behind>{_one_of(_BEHIND)})?(?P<mark_behind>{_MARK})?"
)
_RANGE: Final = re.compile(
    rf"{_INTRODUCED}(?P<between>介於|落在|在)?(?P<low>{_AMOUNT})(?:\(含\))?"
    rf"(?P<joined>[~-]|至|到|與|和|及)(?P<high>{_AMOUNT})(?:\(含\))?(?P<within>之間|間)?"
)
_TWO_LIMITS: Final = re.compile(  # 80%以上、90%以下
    rf"{_INTRODUCED}(?P<low>{_AMOUNT})(?:含|\(含\))?以上[、,~至到且]?"
    rf"(?P<high>{_AMOUNT})(?:含|\(含\))?(?:以下|以內)"
)
_JOINED_IN_BETWEEN: Final = frozenset("與和及")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """A number of a target: ``90%`` is 90 with its sign, not yet 0.9; ``3件`` 3 with its unit."""

    text: str
    number: Fraction
    sign: GoalSign = ""
    unit: str = ""

    @property
    def is_bare(self) -> bool:
        """True if it is a number without a sign and without a unit."""
        return not self.sign and not self.unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """A target as read: one bound, or the two ends of a range."""

    relation: GoalRelation
    bounds: tuple[Bound, ...]

    @property
    def text(self) -> str:
        """The target in signs, ``≥80%`` or ``80~90``; it reads as the same target."""
        if self.relation == "~":
            return "~".join(bound.text for bound in self.bounds)
        return f"{self.relation}{self.bounds[0].text}"


def read_goal(text: str) -> Goal | None:
    """Return the target that a text states; None for any other text, and for an ambiguous one.

    Width, white space and thousands commas do not matter. In ``80~90%`` both are in %.
    The ends of a range must be in ascending order: ``90~80`` is no target. Whether the unit
    suits the KPI is not checked here.
    """
    goals = _possible_goals(text)
    return goals[0] if len(goals) == 1 and not _needs_mending(goals[0]) else None


def alternatives(text: str) -> tuple[str, ...]:
    """Return the possible meanings of a text that is no target, each as a valid target.

    ``不低於80%以下`` gives ``≥80%`` and ``≤80%``, ``90~80`` gives ``80~90``, 約八成 none. A
    text that is a target gives itself, in signs.
    """
    goals = [_in_order(goal) if _needs_mending(goal) else goal for goal in _possible_goals(text)]
    texts = [goal.text for goal in goals if goal is not None]
    return tuple(
        candidate for candidate in dict.fromkeys(texts) if read_goal(candidate) is not None
    )


def _possible_goals(text: str) -> list[Goal]:
    """Return the targets that a text can mean: one, several if ambiguous, none if unreadable.

    A range is returned as written, even if :func:`_needs_mending`. A text longer than
    _MAX_LENGTH is unreadable.
    """
    plain = "".join(unicodedata.normalize("NFKC", text).translate(_FOLDED).split())
    plain = unicodedata.normalize("NFKC", plain).rstrip("。")  # a space may have parted a letter
    if len(plain) > _MAX_LENGTH:
        return []
    if match := _ONE_TARGET.fullmatch(plain):
        bound = _bound(match["amount"])
        if bound is None:
            return []
        return [Goal(relation=relation, bounds=(bound,)) for relation in _relations(match)]
    ends = _RANGE.fullmatch(plain) or _TWO_LIMITS.fullmatch(plain)
    if ends is None or not _is_range(ends):
        return []
    goal = _range(ends["low"], ends["high"])
    return [goal] if goal else []


def _relations(match: re.Match[str]) -> list[GoalRelation]:
    """Return the relations that the words around an amount state, each once.

    (含) and (不含) decide whether the number itself is included, whatever the word. A bare
    number gives ``[""]``; marks that contradict each other or qualify no word give ``[]``.
    """
    stated = [_relation(match["before"], _BEFORE), _relation(match["behind"], _BEHIND)]
    relations: list[GoalRelation] = list(dict.fromkeys(relation for relation in stated if relation))
    if not relations and match["reach"]:
        relations = ["≥"]
    elif not relations and match["keep"]:  # 維持80%: at least, or just?
        relations = ["≥", "="]
    marks = {match["mark"], match["mark_within"], match["mark_behind"]} - {None}
    if not marks:
        return relations if relations else [""]
    if len(marks) > 1 or not relations or "=" in relations:
        return []
    change = _INCLUDED if marks == {"(含)"} else _EXCLUDED
    return list(dict.fromkeys(change.get(relation, relation) for relation in relations))


def _relation(words: str | None, among: tuple[tuple[str, GoalRelation], ...]) -> GoalRelation:
    """Return the relation of the first pattern that matches all of the words; empty without any."""
    matching = (relation for pattern, relation in among if words and re.fullmatch(pattern, words))
    return next(matching, "")


def _is_range(ends: re.Match[str]) -> bool:
    """Return whether two amounts are the ends of a range: 80與90 only with 之間."""
    groups = ends.groupdict()
    joined = groups.get("joined")
    return joined not in _JOINED_IN_BETWEEN or bool(groups["between"] or groups["within"])


def _range(first: str, last: str) -> Goal | None:
    """Return the range between two amounts; a unit behind the last alone applies to both.

    None if an amount cannot be read, or if a scale behind the last would turn the ends round:
    8,000~1萬. Otherwise the ends may still be out of order, or in two units.
    """
    low, high = _bound(first), _bound(last)
    if low is None or high is None:
        return None
    shared = _ENDING.sub("", high.text)
    if shared and low.is_bare and not _ENDING.sub("", low.text):
        low = _bound(low.text + shared) or low
        if low.number > high.number and re.match(_SCALE, shared):
            return None
    return Goal(relation="~", bounds=(low, high))


def _needs_mending(goal: Goal) -> bool:
    """Return whether the ends of a range are out of order, or not of one kind."""
    low, high = goal.bounds[0], goal.bounds[-1]
    return (low.sign, low.unit) != (high.sign, high.unit) or low.number > high.number


def _in_order(goal: Goal) -> Goal | None:
    """Return the range with ascending ends, and with the sign or unit of its first end at both.

    None if the ends differ in sign or unit even then.
    """
    low, high = goal.bounds[0], goal.bounds[-1]
    if high.is_bare:
        high = _bound(f"{high.text}{low.sign}{low.unit}") or high
    if (low.sign, low.unit) != (high.sign, high.unit):
        return None
    ends = sorted((low, high), key=lambda bound: bound.number)
    return Goal(relation="~", bounds=tuple(ends))


def _bound(text: str) -> Bound | None:
    """Return the number, sign and unit of an amount, such as ``-1,200千元`` or ``百分之90``.

    None if its scales are out of order, if its unit is a mere scale, or if a sign or unit
    follows 百分之.
    """
    match = _ONE_AMOUNT.fullmatch(text)
    if match is None or (match["unit"] and not match["unit"].strip(_SCALES)):  # 10萬億
        return None
    number, scale, unit = match["number"], match["scale"], match["unit"]
    sign = _SIGNS[match["sign"]]
    if match["parts"]:
        if sign or unit:
            return None
        sign = _SIGN_OF_PARTS[match["parts"]]
    if unit and not _SCALED.search(number):  # 1,200千元 is counted in 千元
        unit, scale = scale + unit, ""
    value = _value(_PART.findall(number + scale))
    if value is None:
        return None
    if match["minus"] == "-":
        value = -value
    bound_text = f"{match['minus']}{number}{scale}{sign}{unit}"
    return Bound(text=bound_text, number=value, sign=sign, unit=unit)


def _value(parts: list[tuple[str, str]]) -> Fraction | None:
    """Return the sum of ``1億2,000萬``, given as (number, scale) pairs.

    None if a part is not below the scale before it. A last part without a scale has three
    digits at least: 3萬5 is 35,000 to some and 30,005 to others.
    """
    total, above = Fraction(0), 0
    for number, scale in parts:
        power = _POWERS[scale[:1]] * _POWERS[scale[1:]]
        amount = Fraction(number.replace(",", "")) * power
        is_short = not scale and len(number.partition(".")[0]) < 3
        if above and (amount >= above or is_short):
            return None
        total, above = total + amount, power
    return total
