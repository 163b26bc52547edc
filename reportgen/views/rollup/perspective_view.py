"""View of a perspective across agencies: its counts, and its most important KPIs."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from typing import TYPE_CHECKING, Final

from reportgen.model.scorecard import Known
from reportgen.rollup.kpi_status import KpiStatus
from reportgen.views.figure_texts import SymbolNote, print_figure, symbol_notes
from reportgen.views.rollup.chart_geometry import (
    ColumnView,
    TallyView,
    rate_columns,
    rate_description,
    tally_view,
)
from reportgen.views.rollup.wording import is_unsettled

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from reportgen.rollup import AgencyKpi
    from reportgen.rollup.perspectives import PerspectiveGroup

MAX_LISTED_KPIS: Final = 25  # of a longer list only KPIs that were missed
MAX_MISSED_KPIS: Final = 25  # missed KPIs that a perspective lists


@dataclass(frozen=True, slots=True, kw_only=True)
class KpiRow:
    """A KPI of an agency."""

    code: str
    name: str
    unit: str
    target: str
    actual: str
    rate: str
    verdict: str
    light: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyKpis:
    """Consecutive KPIs of an agency."""

    name: str
    note: str  # the agency's own name of the perspective if it differs; 草稿
    rows: tuple[KpiRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PerspectiveView:
    """A perspective across agencies."""

    name: str
    also: str  # other spellings
    agencies: int
    tally: TallyView
    columns: tuple[ColumnView, ...]
    picture: str  # the picture in words
    symbols: tuple[SymbolNote, ...]
    selected: str  # describes the selection of rows; empty: all are listed
    agency_rows: tuple[AgencyKpis, ...]


def perspective_view(group: PerspectiveGroup, *, rows: bool = True) -> PerspectiveView:
    """Return a perspective with its distribution and, if ``rows``, its KPIs by agency.

    Of more than MAX_LISTED_KPIS only missed ones are listed, the MAX_MISSED_KPIS of the lowest
    rates, lowest first: an agency may then occur several times.
    """
    agency_kpis, selected = list(group.standings), ""
    if len(agency_kpis) > MAX_LISTED_KPIS:
        missed = [agency_kpi for agency_kpi in agency_kpis if agency_kpi.status is KpiStatus.MISSED]
        agency_kpis = sorted(missed, key=rate_sort_key)[:MAX_MISSED_KPIS]
        selected = f"未達成 {len(missed)} 項" + (
            f"中達成率最低的 {len(agency_kpis)} 項" if len(missed) > len(agency_kpis) else ""
        )
    agency_rows = tuple(_agency_kpis(agency_kpis, group.name)) if rows else ()
    return PerspectiveView(
        name=group.name,
        also="、".join(group.names[1:4]) + ("等" if len(group.names) > 4 else ""),
        agencies=group.agencies,
        tally=tally_view(group.tally),
        columns=rate_columns(group.tally),
        picture=rate_description(group.tally),
        symbols=symbol_notes(
            text
            for agency in agency_rows
            for row in agency.rows
            for text in (row.target, row.actual, row.rate)
        ),
        selected=selected,
        agency_rows=agency_rows,
    )


def rate_sort_key(agency_kpi: AgencyKpi) -> tuple[bool, Fraction]:
    """Return a sort key by which the lowest rates come first, KPIs without a rate last."""
    if isinstance(agency_kpi.rate, Known):
        return False, agency_kpi.rate.value
    return True, Fraction(0)


def _agency_kpis(agency_kpis: Iterable[AgencyKpi], group: str) -> Iterator[AgencyKpis]:
    """Yield the KPIs of each agency as a group with a note; the order stays.

    KPIs of one agency that are not adjacent give several groups. The note holds the agency's own
    name of the perspective if it differs, and an unsettled state.
    """
    for _, members in groupby(agency_kpis, key=lambda agency_kpi: agency_kpi.agency.key):
        first_kpi, *other_kpis = members
        own_name = first_kpi.perspective.map_name.text
        notes = [own_name] if own_name != group else []
        if is_unsettled(first_kpi.agency):
            notes.append(first_kpi.agency.state.value)
        rows = tuple(kpi_row(agency_kpi) for agency_kpi in (first_kpi, *other_kpis))
        yield AgencyKpis(name=first_kpi.agency.name, note="、".join(notes), rows=rows)


def kpi_row(agency_kpi: AgencyKpi) -> KpiRow:
    """Return a KPI of an agency in the data year, formatted; empty texts for what it lacks."""
    now, kpi = agency_kpi.now, agency_kpi.result.kpi
    return KpiRow(
        code=kpi.code,
        name=kpi.name.text,
        unit=agency_kpi.result.unit,
        target=print_figure(_target(agency_kpi)),
        actual=print_figure(now.printed) if now else "無此年度",
        rate=print_figure(now.rate.text) if now and now.rate else "",
        verdict=now.verdict if now else "",
        light=now.light.name.text if now and now.light else "",
    )


def _target(agency_kpi: AgencyKpi) -> str:
    """Return the target as printed, else the formula's threshold with its relation, else ""."""
    now = agency_kpi.now
    if now and now.target:
        return now.target.shown
    return now.threshold_text if now else ""


__all__ = [
    "AgencyKpis",
    "KpiRow",
    "PerspectiveView",
    "kpi_row",
    "perspective_view",
    "rate_sort_key",
]
