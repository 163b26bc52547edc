"""Which objectives of an agency serve which of its parent agency's (上位目標)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reportgen.problems import Location, make
from reportgen.text.name_matching import name_key, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from reportgen.model.scorecard import Objective, Text
    from reportgen.problems import Problem
    from reportgen.rollup.agencies import Agency


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """An objective of a parent agency, and the objectives below it that serve it."""

    objective: Objective
    by: tuple[tuple[Agency, Objective], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cascade:
    """A parent agency with the agencies directly below it."""

    parent: Agency
    depth: int  # agencies above the parent
    objectives: tuple[Served, ...]  # all of the parent's, in its own order
    below: tuple[Agency, ...]  # every agency that names it
    unlinked: tuple[Agency, ...]  # those of which no objective finds one of the parent's


def cascades(agencies: Iterable[Agency]) -> tuple[tuple[Cascade, ...], tuple[Problem, ...]]:
    """A cascade for each agency that others name as their parent: a parent before its children.

    W241 and W242 for references that lead nowhere, W243 for parents that go round.
    """
    everyone = {each.key: each for each in agencies}
    problems: list[Problem] = [*_circles(everyone)]
    served: dict[tuple[str, str], list[tuple[Agency, Objective]]] = {}
    linked: set[str] = set()
    for each in everyone.values():
        for objective, code in _links(each, everyone, problems):
            served.setdefault((name_key(each.parent), code), []).append((each, objective))
            linked.add(each.key)
    found = []
    for parent in _top_down(everyone):
        below = tuple(e for e in everyone.values() if e.parent and name_key(e.parent) == parent.key)
        if below and parent.card:
            found.append(
                Cascade(
                    parent=parent,
                    depth=len(_above(parent, everyone)),
                    objectives=tuple(
                        Served(
                            objective=goal,
                            by=tuple(served.get((parent.key, name_key(goal.code)), ())),
                        )
                        for goal in parent.card.objectives
                    ),
                    below=below,
                    unlinked=tuple(each for each in below if each.key not in linked),
                )
            )
    return tuple(found), tuple(problems)


def _links(
    agency: Agency, everyone: Mapping[str, Agency], problems: list[Problem]
) -> Iterator[tuple[Objective, str]]:
    """The agency's objectives with the key of each objective of the parent's that they find."""
    card = agency.card
    if card is None or not agency.parent:
        return  # W114 has told of references without an agency
    references = [(each, code) for each in card.objectives for code in each.parents]
    parent = everyone.get(name_key(agency.parent))
    if parent is None or parent.card is None:
        if references:
            problems.append(_no_parent(agency, references[0][1], everyone))
        return
    codes = {name_key(each.code): each.code for each in parent.card.objectives}
    for objective, code in references:
        if name_key(code.text) in codes:
            yield objective, name_key(code.text)
        else:
            close = nearest(code.text, codes.values())
            words = _hint(close) | {"found": code.text, "codes": "、".join(codes.values())}
            problems.append(make("W242", _at(agency, code), parent=parent.name, **words))


def _no_parent(agency: Agency, first: Text, everyone: Mapping[str, Agency]) -> Problem:
    """W241, once for an agency, at the first of its references."""
    usable = [each.name for each in everyone.values() if each.card and each is not agency]
    is_there = name_key(agency.parent) in everyone
    words = _hint("" if is_there else nearest(agency.parent, usable))
    return make("W241", _at(agency, first), parent=agency.parent, **words)


def _hint(close: str) -> dict[str, str]:
    if not close:
        return {"hint": "", "hint_en": ""}
    return {"hint": f"是否為「{close}」？", "hint_en": f"Is it “{close}”?"}


def _at(agency: Agency, code: Text) -> Location:
    file = agency.used.workbook if agency.used else ""
    return Location(file=file, sheet=code.at.sheet, cell=code.at.cell)


def _above(agency: Agency, everyone: Mapping[str, Agency]) -> list[Agency]:
    """Its parent, the parent's parent and so on; parents that go round are walked once."""
    found: dict[str, Agency] = {}
    parent = everyone.get(name_key(agency.parent)) if agency.parent else None
    while parent is not None and parent.key not in found and parent is not agency:
        found[parent.key] = parent
        parent = everyone.get(name_key(parent.parent)) if parent.parent else None
    return list(found.values())


def _top_down(everyone: Mapping[str, Agency]) -> list[Agency]:
    """Return each agency after its parent, beside its siblings, in the agencies' own order."""
    order = {key: place for place, key in enumerate(everyone)}
    paths = {
        key: [order[up.key] for up in reversed(_above(each, everyone))] + [order[key]]
        for key, each in everyone.items()
    }
    return sorted(everyone.values(), key=lambda each: paths[each.key])


def _circles(everyone: Mapping[str, Agency]) -> Iterator[Problem]:
    """W243 once for each circle, told of the agency that comes first."""
    told: set[str] = set()
    for each in everyone.values():
        above = _above(each, everyone)
        last = above[-1] if above else each
        if each.parent and name_key(last.parent) == each.key and each.key not in told:
            told.update((each.key, *(up.key for up in above)))
            way = " → ".join(up.name for up in (each, *above, each))
            at = each.card.parent if each.card else None
            file = each.used.workbook if each.used else ""
            place = Location(file=file, sheet=at.at.sheet, cell=at.at.cell) if at else Location()
            yield make("W243", place, agency=each.name, found=way)


__all__ = ["Cascade", "Served", "cascades"]
