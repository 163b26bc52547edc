"""What an agency wants: perspectives, themes and objectives, each with its parent's objective."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from random import Random
from typing import TYPE_CHECKING, Final

from tests.factories.agencies.directory import Entry, entries
from tests.factories.agencies.fields import FIELDS
from tests.factories.agencies.patterns import CUSTOMER, FINANCE, GROWTH, PROCESS, SOCIETY
from tests.factories.agencies.subjects import FOR_ALL, OBJECTIVES

if TYPE_CHECKING:
    from tests.factories.agencies.fields.field import Field
    from tests.factories.agencies.patterns import Side
    from tests.factories.agencies.subjects import Subject

# Letter, on the map, in the tables, side; in the order of the map.
_View = tuple[str, str, str, "Side"]
PERSPECTIVES: Final[dict[str, tuple[tuple[_View, ...], ...]]] = {
    "customary": (
        (
            ("C", "顧客", "顧客構面", CUSTOMER),
            ("P", "內部流程", "內部流程構面", PROCESS),
            ("F", "財務", "財務構面", FINANCE),
            ("L", "學習成長", "學習成長構面", GROWTH),
        ),
        (
            ("C", "顧客", "顧客構面", CUSTOMER),
            ("P", "內部流程", "內部流程構面", PROCESS),
            ("F", "財務", "財務流程", FINANCE),
            ("L", "學習成長", "學習成長構面", GROWTH),
        ),
        (
            ("C", "市民", "市民面", CUSTOMER),
            ("P", "內部程序", "內部程序面", PROCESS),
            ("L", "學習與成長", "學習與成長面", GROWTH),
            ("F", "財務", "財務面", FINANCE),
        ),
        (
            ("S", "社會責任", "社會責任構面", SOCIETY),
            ("C", "服務對象", "服務對象構面", CUSTOMER),
            ("P", "內部流程", "內部流程構面", PROCESS),
            ("L", "學習成長", "學習成長構面", GROWTH),
            ("F", "財務", "財務構面", FINANCE),
        ),
        (
            ("V", "公共價值", "公共價值", SOCIETY),
            ("C", "民眾", "民眾服務", CUSTOMER),
            ("O", "作業", "作業流程與創新", PROCESS),
            ("R", "資源", "資源運用", FINANCE),
            ("T", "人才", "人才發展", GROWTH),
        ),
    ),
    "school": (
        (
            ("E", "學生", "學生學習構面", CUSTOMER),
            ("S", "家長與社區", "家長與社區構面", SOCIETY),
            ("P", "課程教學", "課程與教學構面", PROCESS),
            ("L", "專業成長", "教師專業成長構面", GROWTH),
            ("F", "資源", "資源管理構面", FINANCE),
        ),
        (
            ("C", "學生", "學生構面", CUSTOMER),
            ("P", "教學與行政", "教學與行政構面", PROCESS),
            ("L", "教師成長", "教師成長構面", GROWTH),
            ("F", "財務", "財務構面", FINANCE),
        ),
    ),
    "hospital": (
        (
            ("C", "病人", "病人構面", CUSTOMER),
            ("S", "社會責任", "社會責任構面", SOCIETY),
            ("P", "內部流程", "醫療品質與流程構面", PROCESS),
            ("L", "學習成長", "學習成長構面", GROWTH),
            ("F", "財務", "財務構面", FINANCE),
        ),
    ),
    "safety": (
        (
            ("S", "社會安全", "社會安全構面", SOCIETY),
            ("C", "民眾", "民眾構面", CUSTOMER),
            ("P", "執法與勤務", "執法與勤務構面", PROCESS),
            ("L", "學習成長", "學習成長構面", GROWTH),
            ("F", "財務", "財務構面", FINANCE),
        ),
    ),
}
# How many objectives of a side there are, of 100.
_SHARES: Final[dict[Side, int]] = {"C": 28, "P": 34, "S": 18, "F": 14, "L": 16}
# KPIs from, to; how likely, of 100, for a bureau and for any other.
SIZES: Final = ((5, 7, 3, 14), (8, 12, 15, 36), (13, 24, 40, 34), (25, 40, 27, 11), (41, 60, 15, 5))


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """構面."""

    code: str
    map_name: str
    card_name: str
    side: Side
    map_order: int
    card_order: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """策略目標. ``subject`` is what it is about; None for one that any agency could have."""

    code: str
    view: View
    themes: tuple[str, ...]
    name: str
    subject: Subject | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """The agency before its KPIs. ``size`` is 0-100, of the largest agency there is."""

    entry: Entry
    field: Field
    size: int
    kpis: int  # how many it means to have
    views: tuple[View, ...]  # in the order of the map
    themes: tuple[tuple[str, str], ...]
    aims: tuple[Aim, ...]
    parents: dict[str, str]  # code of an objective → code of its parent agency's objective


@lru_cache(maxsize=2048)
def outline(seed: int, entry: Entry) -> Outline:
    """The outline of an agency, by the seed and its name alone."""
    chance = Random(f"{seed}/{entry.name}/outline")
    field = FIELDS[entry.field]
    kpis = _how_many_kpis(entry, chance)
    views = _views(field, chance)
    themes = _themes(field, chance, kpis)
    aims = _aims(field, chance, views, [code for code, _ in themes], kpis)
    size = chance.randrange(45, 100) if entry.is_bureau else chance.randrange(2, 40)
    return Outline(
        entry=entry,
        field=field,
        size=size,
        kpis=kpis,
        views=views,
        themes=themes,
        aims=aims,
        parents=_parents(seed, entry, aims),
    )


def _how_many_kpis(entry: Entry, chance: Random) -> int:
    weights = [bureau if entry.is_bureau else other for *_, bureau, other in SIZES]
    low, high, *_ = chance.choices(SIZES, weights)[0]
    return chance.randrange(low, high + 1)


def _views(field: Field, chance: Random) -> tuple[View, ...]:
    chosen = chance.choice(PERSPECTIVES[chance.choice(field.perspectives)])
    places = list(range(1, len(chosen) + 1))
    on_cards = list(places)
    if chance.random() < 0.4:  # the last two the other way round
        on_cards[-2:] = on_cards[:-3:-1]
    return tuple(
        View(code=code, map_name=on_map, card_name=on_card, side=side, map_order=a, card_order=b)
        for (code, on_map, on_card, side), a, b in zip(chosen, places, on_cards, strict=True)
    )


def _themes(field: Field, chance: Random, kpis: int) -> tuple[tuple[str, str], ...]:
    names = field.themes.split()
    most = min(len(names), 5, 2 + kpis // 6)
    count = chance.randrange(2, most + 1)
    chosen = chance.sample(names, count)
    return tuple(zip("ABCDE", chosen, strict=False))


def _aims(
    field: Field, chance: Random, views: tuple[View, ...], themes: list[str], kpis: int
) -> tuple[Aim, ...]:
    """4 to 18, at least one for each perspective, perspective by perspective."""
    count = max(4, len(views), min(18, kpis * chance.randrange(40, 75) // 100))
    sides = [view.side for view in views]
    weights = [_SHARES[side] for side in sides]
    of_views = sorted([*range(len(views)), *_more(chance, weights, count - len(views))])
    used: set[str] = set()
    found = []
    for place in of_views:
        name, subject = _name(field, chance, views[place].side, used)
        columns = _columns(chance, views[place].side, themes)
        found.append((place, not columns, columns, name, subject))
    numbers: dict[str, int] = {}
    aims = []
    for place, _, columns, name, subject in sorted(found, key=lambda each: each[:3]):
        letters = "".join(columns) + views[place].code
        number = numbers[letters] = numbers.get(letters, 0) + 1
        code = f"{letters}{number}"
        aims.append(Aim(code=code, view=views[place], themes=columns, name=name, subject=subject))
    return tuple(aims)


def _more(chance: Random, weights: list[int], count: int) -> list[int]:
    return chance.choices(range(len(weights)), weights, k=count)


def _columns(chance: Random, side: Side, themes: list[str]) -> tuple[str, ...]:
    """The themes an objective stands in; finance and learning serve all of them, mostly."""
    for_all = 0.8 if side in {FINANCE, GROWTH} else 0.06
    if chance.random() < for_all:
        return ()
    count = 2 if chance.random() < 0.08 else 1
    return tuple(sorted(chance.sample(themes, count)))


def _name(field: Field, chance: Random, side: Side, used: set[str]) -> tuple[str, Subject | None]:
    """A name that is not used yet, and its subject."""
    choices: list[tuple[str, Subject | None]] = [
        (text.format(s=subject.name, w=subject.word), subject)
        for subject in field.subjects
        for text in OBJECTIVES.get((subject.kind, side), ())
        if "{w}" not in text or subject.kind == "activity"
    ]
    general: list[tuple[str, Subject | None]] = [(text, None) for text in FOR_ALL[side]]
    if not choices or chance.random() < 0.15:
        choices = [each for each in general if each[0] not in used] or choices or general
    free = [each for each in choices if each[0] not in used] or choices
    name, subject = chance.choice(free)
    used.add(name)
    return name, subject


def _parents(seed: int, entry: Entry, aims: tuple[Aim, ...]) -> dict[str, str]:
    """Three of five objectives serve one of the parent's that is of the same side."""
    if entry.is_bureau:
        return {}
    chance = Random(f"{seed}/{entry.name}/parents")
    above = outline(seed, _by_name(entry.parent)).aims
    found = {}
    for aim in aims:
        alike = [each for each in above if each.view.side == aim.view.side]
        if alike and chance.random() < 0.6:
            found[aim.code] = chance.choice(alike).code
    return found


def _by_name(name: str) -> Entry:
    return next(entry for entry in entries() if entry.name == name)
