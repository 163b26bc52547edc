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

_KpisByObjective = dict[tuple[str, str], "list[AgencyKpi]"]  # agency, objective → its KPIs


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportingObjective:
    """An objective that serves one of the parent agency, or the number of such objectives."""

    agency: str
    objective: str
    kpis: str  # "2/3"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedObjective:
    """An objective of a parent agency, and all that serve it."""

    objective: str
    kpis: str
    rows: tuple[SupportingObjective, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CascadeView:
    """A parent agency and the agencies directly below it."""

    parent: str
    above: str  # its own parent, if it has one
    is_small: bool  # the whole cascade is one row
    below: int
    goals: tuple[ServedObjective, ...]
    unserved: str  # objectives that nothing below serves; empty: none
    unlinked: str  # agencies below of which no objective serves one; empty: none


def cascade_view(cascade: Cascade, rolled: RollUp, condensed: bool) -> CascadeView:
    """Return the view of a cascade; ``condensed`` gives numbers in place of names.

    A condensed one with few agencies becomes a single row without the lists of exceptions.
    """
    kpis_by_objective: _KpisByObjective = {}
    for agency_kpi in rolled.standings:
        kpis_by_objective.setdefault((agency_kpi.agency.key, agency_kpi.objective.code), []).append(
            agency_kpi
        )
    is_small = condensed and len(cascade.below) <= MAX_SMALL_CASCADE_AGENCIES
    goals = (
        _condensed_cascade(cascade, kpis_by_objective)
        if is_small
        else _served_objectives(cascade, kpis_by_objective, condensed)
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


def _served_objectives(
    cascade: Cascade, kpis_by_objective: _KpisByObjective, condensed: bool
) -> Iterator[ServedObjective]:
    """Yield each served objective of the parent with the objectives that serve it.

    If ``condensed``, their number takes the place of the list.
    """
    for served in cascade.objectives:
        if served.served_by:
            parent_kpis = kpis_by_objective.get((cascade.parent.key, served.objective.code), ())
            rows = (
                SupportingObjective(
                    agency=agency.name,
                    objective=f"{objective.code} {objective.name}",
                    kpis=met_ratio_text(kpis_by_objective.get((agency.key, objective.code), ())),
                )
                for agency, objective in served.served_by
            )
            yield ServedObjective(
                objective=f"{served.objective.code} {served.objective.name}",
                kpis=met_ratio_text(parent_kpis),
                rows=(_counted_row(served.served_by, kpis_by_objective),)
                if condensed
                else tuple(rows),
            )


def _condensed_cascade(
    cascade: Cascade, kpis_by_objective: _KpisByObjective
) -> Iterator[ServedObjective]:
    """Yield one row for a whole cascade: how many objectives of the parent are served, by whom."""
    served = [objective for objective in cascade.objectives if objective.served_by]
    servers = [server for objective in served for server in objective.served_by]
    parent_kpis = (
        kpis_by_objective.get((cascade.parent.key, objective.objective.code), ())
        for objective in served
    )
    yield ServedObjective(
        objective=f"{len(cascade.objectives)} 項中 {len(served)} 項有下級對應",
        kpis=met_ratio_text([agency_kpi for group in parent_kpis for agency_kpi in group]),
        rows=(
            replace(
                _counted_row(servers, kpis_by_objective),
                agency=_names_or_count(agency.name for agency in cascade.below),
            ),
        ),
    )


def _names_or_count(names: Iterable[str]) -> str:
    """Return the distinct names joined; above MAX_NAMED_AGENCIES, their number."""
    unique_names = tuple(dict.fromkeys(names))
    return (
        "、".join(unique_names)
        if len(unique_names) <= MAX_NAMED_AGENCIES
        else f"{len(unique_names)} 個機關"
    )


def _counted_row(
    supporting: Sequence[tuple[Agency, Objective]], kpis_by_objective: _KpisByObjective
) -> SupportingObjective:
    """Return one row for all objectives that serve: their number and KPIs, and who has them.

    The agencies are named if they are few, else counted.
    """
    keys = {(agency.key, objective.code) for agency, objective in supporting}
    return SupportingObjective(
        agency=_names_or_count(agency.name for agency, _ in supporting),
        objective=f"{len(keys)} 項目標",
        kpis=met_ratio_text(
            [agency_kpi for key in sorted(keys) for agency_kpi in kpis_by_objective.get(key, ())]
        ),
    )


__all__ = ["CascadeView", "ServedObjective", "SupportingObjective", "cascade_view"]
