"""Cascades: the objectives that serve those of the parent agency (上位目標)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reportgen.problems import Location, make_problem
from reportgen.text.name_matching import closest_name, name_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from reportgen.model.scorecard import Objective, Text
    from reportgen.problems import Problem
    from reportgen.rollup.agencies import Agency


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedObjective:
    """An objective of a parent agency, and the objectives below it that serve it."""

    objective: Objective
    served_by: tuple[tuple[Agency, Objective], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cascade:
    """A parent agency with the agencies directly below it."""

    parent: Agency
    depth: int  # agencies above the parent
    objectives: tuple[ServedObjective, ...]  # all of the parent's, in its own order
    below: tuple[Agency, ...]  # every agency that names it
    unlinked: tuple[Agency, ...]  # those of which no objective finds one of the parent's


def cascades(agencies: Iterable[Agency]) -> tuple[tuple[Cascade, ...], tuple[Problem, ...]]:
    """Return a cascade for each agency that others name as their parent, parents before children.

    A parent without a workbook that counts has none. W241 and W242 for unresolved references,
    W243 for cycles of parents.
    """
    agencies_by_key = {agency.key: agency for agency in agencies}
    problems: list[Problem] = [*_cycle_problems(agencies_by_key)]
    served: dict[tuple[str, str], list[tuple[Agency, Objective]]] = {}
    linked: set[str] = set()
    for agency in agencies_by_key.values():
        for objective, code in _objective_links(agency, agencies_by_key, problems):
            served.setdefault((name_key(agency.parent), code), []).append((agency, objective))
            linked.add(agency.key)
    result = []
    for parent in _parents_first(agencies_by_key):
        below = tuple(
            agency
            for agency in agencies_by_key.values()
            if agency.parent and name_key(agency.parent) == parent.key
        )
        if below and parent.card:
            result.append(
                Cascade(
                    parent=parent,
                    depth=len(_ancestors(parent, agencies_by_key)),
                    objectives=tuple(
                        ServedObjective(
                            objective=goal,
                            served_by=tuple(served.get((parent.key, name_key(goal.code)), ())),
                        )
                        for goal in parent.card.objectives
                    ),
                    below=below,
                    unlinked=tuple(agency for agency in below if agency.key not in linked),
                )
            )
    return tuple(result), tuple(problems)


def _objective_links(
    agency: Agency, agencies_by_key: Mapping[str, Agency], problems: list[Problem]
) -> Iterator[tuple[Objective, str]]:
    """Yield each objective of an agency with the key of each parent's objective it refers to.

    Add W242 to ``problems`` for a code that the parent does not have, W241 (once) if the parent
    is unknown or has no workbook that counts.
    """
    card = agency.card
    if card is None or not agency.parent:
        return  # W114 has reported references without an agency
    references = [(objective, code) for objective in card.objectives for code in objective.parents]
    parent = agencies_by_key.get(name_key(agency.parent))
    if parent is None or parent.card is None:
        if references:
            problems.append(_unknown_parent_problem(agency, references[0][1], agencies_by_key))
        return
    codes = {name_key(objective.code): objective.code for objective in parent.card.objectives}
    for objective, code in references:
        if name_key(code.text) in codes:
            yield objective, name_key(code.text)
        else:
            suggestion = closest_name(code.text, codes.values())
            words = _similar_name_hint(suggestion) | {
                "found": code.text,
                "codes": "、".join(codes.values()),
            }
            problems.append(
                make_problem("W242", _cell_location(agency, code), parent=parent.name, **words)
            )


def _unknown_parent_problem(
    agency: Agency, reference: Text, agencies_by_key: Mapping[str, Agency]
) -> Problem:
    """Return W241, located at ``reference``, with a hint at an agency of a similar name.

    A parent that is known, but without a workbook, gets no hint.
    """
    usable = [
        candidate.name
        for candidate in agencies_by_key.values()
        if candidate.card and candidate is not agency
    ]
    is_there = name_key(agency.parent) in agencies_by_key
    words = _similar_name_hint("" if is_there else closest_name(agency.parent, usable))
    return make_problem("W241", _cell_location(agency, reference), parent=agency.parent, **words)


def _similar_name_hint(suggestion: str) -> dict[str, str]:
    """Return the fields of a hint at a similar name, in both languages; empty without one."""
    if not suggestion:
        return {"hint": "", "hint_en": ""}
    return {"hint": f"是否為「{suggestion}」？", "hint_en": f"Is it “{suggestion}”?"}


def _cell_location(agency: Agency, code: Text) -> Location:
    """Return the location of a code in the workbook that is used for an agency."""
    file = agency.used.workbook if agency.used else ""
    return Location(file=file, sheet=code.at.sheet, cell=code.at.cell)


def _ancestors(agency: Agency, agencies_by_key: Mapping[str, Agency]) -> list[Agency]:
    """Return an agency's parent, its parent and so on, the nearest first.

    It ends at an agency that is not in the collection; a cycle ends before the first repetition.
    """
    ancestors: dict[str, Agency] = {}
    parent = agencies_by_key.get(name_key(agency.parent)) if agency.parent else None
    while parent is not None and parent.key not in ancestors and parent is not agency:
        ancestors[parent.key] = parent
        parent = agencies_by_key.get(name_key(parent.parent)) if parent.parent else None
    return list(ancestors.values())


def _parents_first(agencies_by_key: Mapping[str, Agency]) -> list[Agency]:
    """Return each agency after its parent, together with its siblings, in the agencies' order."""
    order = {key: position for position, key in enumerate(agencies_by_key)}
    paths = {
        key: [order[ancestor.key] for ancestor in reversed(_ancestors(agency, agencies_by_key))]
        + [order[key]]
        for key, agency in agencies_by_key.items()
    }
    return sorted(agencies_by_key.values(), key=lambda agency: paths[agency.key])


def _cycle_problems(agencies_by_key: Mapping[str, Agency]) -> Iterator[Problem]:
    """Yield W243 once for each cycle, located at its first agency."""
    reported: set[str] = set()
    for agency in agencies_by_key.values():
        ancestors = _ancestors(agency, agencies_by_key)
        topmost = ancestors[-1] if ancestors else agency
        if agency.parent and name_key(topmost.parent) == agency.key and agency.key not in reported:
            reported.update((agency.key, *(ancestor.key for ancestor in ancestors)))
            cycle = " → ".join(ancestor.name for ancestor in (agency, *ancestors, agency))
            parent_text = agency.card.parent if agency.card else None
            file = agency.used.workbook if agency.used else ""
            location = (
                Location(file=file, sheet=parent_text.at.sheet, cell=parent_text.at.cell)
                if parent_text
                else Location()
            )
            yield make_problem("W243", location, agency=agency.name, found=cycle)


__all__ = ["Cascade", "ServedObjective", "cascades"]
