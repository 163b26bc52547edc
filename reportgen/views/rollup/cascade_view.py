"""View of a cascade: the objectives that serve those of the parent agency."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from reportgen.views.rollup.wording import join_names, met_ratio_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from reportgen.model.scorecard import Objective
    from reportgen.rollup import Agency, AgencyKpi, RollUp
    from reportgen.rollup.cascade import Cascade

MAX_SMALL_CASCADE_AGENCIES: Final = (
    8  # a parent of at most so many agencies is one row in long documents
)
MAX_NAMED_AGENCIES: Final = 2  # more agencies are counted, not named

_Members = dict[tuple[str, str], "list[AgencyKpi]"]  # agency, objective → its KPIs


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedRow:
    """An objective of a parent agency with one below that serves it, or their number."""

    agency: str
    objective: str
    kpis: str  # "2/3"


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalView:
    """An objective of a parent agency, and all that serve it."""

    objective: str
    kpis: str
    rows: tuple[ServedRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CascadeView:
    """A parent agency and the agencies directly below it."""

    parent: str
    above: str  # its own parent, if it has one
    is_small: bool  # the whole cascade is one row
    below: int
    goals: tuple[GoalView, ...]
    unserved: str  # objectives that nothing below serves; empty: none
    unlinked: str  # agencies below of which no objective serves one; empty: none


def cascade_view(cascade: Cascade, rolled: RollUp, condensed: bool) -> CascadeView:
    """Return the view of a cascade; ``condensed`` gives numbers in place of names.

    A condensed one with few agencies becomes a single row without the lists of exceptions.
    """
    members: _Members = {}
    for standing in rolled.standings:
        members.setdefault((standing.agency.key, standing.objective.code), []).append(standing)
    is_small = condensed and len(cascade.below) <= MAX_SMALL_CASCADE_AGENCIES
    goals = (
        _condensed_goal(cascade, members) if is_small else _goal_views(cascade, members, condensed)
    )
    unserved = [served.objective.code for served in cascade.objectives if not served.served_by]
    return CascadeView(
        parent=cascade.parent.name,
        above=cascade.parent.parent,
        is_small=is_small,
        below=len(cascade.below),
        goals=tuple(goals),
        unserved="" if is_small else "、".join(unserved),
        unlinked="" if is_small else join_names(agency.name for agency in cascade.unlinked),
    )


def _goal_views(cascade: Cascade, members: _Members, condensed: bool) -> Iterator[GoalView]:
    """Yield each served objective of the parent with the objectives that serve it.

    If ``condensed``, their number takes the place of the list.
    """
    for served in cascade.objectives:
        if served.served_by:
            parent_kpis = members.get((cascade.parent.key, served.objective.code), ())
            rows = (
                ServedRow(
                    agency=agency.name,
                    objective=f"{goal.code} {goal.name}",
                    kpis=met_ratio_text(members.get((agency.key, goal.code), ())),
                )
                for agency, goal in served.served_by
            )
            yield GoalView(
                objective=f"{served.objective.code} {served.objective.name}",
                kpis=met_ratio_text(parent_kpis),
                rows=(_counted_row(served.served_by, members),) if condensed else tuple(rows),
            )


def _condensed_goal(cascade: Cascade, members: _Members) -> Iterator[GoalView]:
    """Yield one row for a whole cascade: how many objectives of the parent are served, by whom."""
    served = [objective for objective in cascade.objectives if objective.served_by]
    servers = [server for goal in served for server in goal.served_by]
    parent_kpis = (
        members.get((cascade.parent.key, objective.objective.code), ()) for objective in served
    )
    yield GoalView(
        objective=f"{len(cascade.objectives)} 項中 {len(served)} 項有下級對應",
        kpis=met_ratio_text([standing for group in parent_kpis for standing in group]),
        rows=(
            replace(
                _counted_row(servers, members),
                agency=_names_or_count(agency.name for agency in cascade.below),
            ),
        ),
    )


def _names_or_count(names: Iterable[str]) -> str:
    """Return the names joined if they are few, else their number."""
    unique_names = tuple(dict.fromkeys(names))
    return (
        "、".join(unique_names)
        if len(unique_names) <= MAX_NAMED_AGENCIES
        else f"{len(unique_names)} 個機關"
    )


def _counted_row(by: Sequence[tuple[Agency, Objective]], members: _Members) -> ServedRow:
    """Return one row for all objectives that serve: their number and KPIs, and who has them.

    The agencies are named if they are few, else counted.
    """
    goals = {(agency.key, goal.code) for agency, goal in by}
    return ServedRow(
        agency=_names_or_count(agency.name for agency, _ in by),
        objective=f"{len(goals)} 項目標",
        kpis=met_ratio_text(
            [standing for key in sorted(goals) for standing in members.get(key, ())]
        ),
    )


__all__ = ["CascadeView", "GoalView", "ServedRow", "cascade_view"]
