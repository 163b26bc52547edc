"""Which KPIs an agency chooses for its objectives."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from tests.factories.agencies.common import COMMON, OF_BUDGET_PARTS, RANKED
from tests.factories.agencies.subjects import patterns_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.factories.agencies.outline import Aim, Outline
    from tests.factories.agencies.patterns import Pattern, Side

_IDLE = 0.05  # of the objectives that have no KPI, as in the original


@dataclass(frozen=True, slots=True)
class Measure:
    """A KPI at its objective, the ``number``-th of it."""

    aim: Aim
    number: int
    pattern: Pattern

    @property
    def code(self) -> str:
        return f"{self.aim.code}.{self.number}"


class _Choice:
    """KPIs by objective; no name and no figure twice, unless the figure is the same one."""

    def __init__(self) -> None:
        self.by_aim: dict[str, list[Pattern]] = {}
        self._names: set[str] = set()
        self._items: dict[str, str] = {}  # figure → its unit

    def __len__(self) -> int:
        return len(self._names)

    def take(self, aim: Aim, pattern: Pattern) -> bool:
        first, *rest = pattern.items
        clashes = (
            pattern.name in self._names
            or any(item.name in self._items for item in rest)
            or self._items.get(first.name, first.unit) != first.unit
            or (first.name in self._items and (first.components or not rest))
        )
        if clashes:
            return False
        self._names.add(pattern.name)
        self._items |= {item.name: item.unit for item in pattern.items}
        self.by_aim.setdefault(aim.code, []).append(pattern)
        return True


def measures(plan: Outline, seed: int) -> tuple[Measure, ...]:
    """About ``plan.kpis`` KPIs, by objective."""
    chance = Random(f"{seed}/{plan.entry.name}/measures")
    choice = _Choice()
    busy = [aim for aim in plan.aims if chance.random() > _IDLE] or list(plan.aims)
    _take_ranked(plan, busy, choice, chance)
    waiting = {aim.code: _candidates(plan, aim, chance) for aim in busy}
    for aim in chance.sample(busy, len(busy)):  # one for each, as far as they go
        if len(choice) < plan.kpis and aim.code not in choice.by_aim:
            _take(choice, aim, waiting[aim.code])
    open_aims = list(busy)
    while len(choice) < plan.kpis and open_aims:
        aim = chance.choice(open_aims)
        if not _take(choice, aim, waiting[aim.code]):
            open_aims.remove(aim)
    return tuple(
        Measure(aim, number, pattern)
        for aim in plan.aims
        for number, pattern in enumerate(choice.by_aim.get(aim.code, ()), start=1)
    )


def _take(choice: _Choice, aim: Aim, candidates: Iterator[Pattern]) -> bool:
    return any(choice.take(aim, pattern) for pattern in candidates)


def _take_ranked(plan: Outline, busy: list[Aim], choice: _Choice, chance: Random) -> None:
    """Those that are ranked across agencies: nearly all of them have them."""
    for pattern in RANKED:
        at = [aim for aim in busy if aim.view.side == pattern.side]
        at = [aim for aim in at if aim.subject is None] or at
        if not at or chance.random() < 0.12 or len(choice) >= plan.kpis:
            continue
        with_parts = pattern.name == OF_BUDGET_PARTS.name and chance.random() < 0.4
        choice.take(chance.choice(at), OF_BUDGET_PARTS if with_parts else pattern)


def _candidates(plan: Outline, aim: Aim, chance: Random) -> Iterator[Pattern]:
    """The nearest to the objective first: its subject, its field, what all have, other subjects."""
    side: Side = aim.view.side
    own = [] if aim.subject is None else list(patterns_of(aim.subject))
    others = [p for subject in plan.field.subjects for p in patterns_of(subject)]
    general, special = list(COMMON), list(plan.field.specials)
    tiers = [own, special, others] if aim.subject is not None else [general, special, others]
    tiers.append(general)
    for tier in tiers:
        fitting = [pattern for pattern in tier if pattern.side == side]
        yield from chance.sample(fitting, len(fitting))
