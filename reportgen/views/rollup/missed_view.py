"""View of missed KPIs with their reasons, and of the agencies that state none."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final

from reportgen.model.missing_symbols import MissingReason
from reportgen.rollup.kpi_status import KpiStatus
from reportgen.rollup.missed_kpis import MissedKpi
from reportgen.views.figure_texts import SymbolNote, symbol_notes
from reportgen.views.review_view import MEASURES, PROGRESS, SHORTFALL, scorecard_as_printed
from reportgen.views.rollup.perspective_view import KpiRow, kpi_row, rate_sort_key
from reportgen.views.rollup.wording import is_unsettled

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from reportgen.model.scorecard import Commentary
    from reportgen.rollup import Agency, AgencyKpi, RollUp

MAX_MISSED_ROWS: Final = 60
MAX_MISSED_CHARS: Final = 40_000  # of reasons and measures: some thirty pages
MAX_NAMED_CODES: Final = 8  # of an agency's KPIs without words


@dataclass(frozen=True, slots=True, kw_only=True)
class MissedRow:
    """A missed KPI, its reason and measures; what is blank is printed as （待填）."""

    kpi: KpiRow
    reason: str
    measures: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MissedAgency:
    """The missed KPIs of an agency that are listed: one at least."""

    name: str
    note: str  # 草稿
    rows: tuple[MissedRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MissedView:
    """The missed KPIs of all agencies that count."""

    total: int
    agencies: tuple[MissedAgency, ...]
    left_out: int  # KPIs that 彙整.xlsx alone lists: those of the highest rates
    without_words: tuple[str, ...]  # every agency with a blank: 甲（AC1.1、BP2.1）
    symbols: tuple[SymbolNote, ...]


def missed_kpis(rolled: RollUp) -> tuple[MissedKpi, ...]:
    """Return every missed KPI with its words in the year of the roll-up, in the roll-up's order.

    Empty if no agency that counts has words on its KPIs in that year: then none is asked for them.
    """
    commentaries = {agency.key: _commentaries(agency, rolled.year) for agency in rolled.counted}
    if not any(commentaries.values()):
        return ()
    return tuple(
        _missed_kpi(standing, commentaries[standing.agency.key].get(standing.result.kpi.code, {}))
        for standing in rolled.standings
        if standing.status is KpiStatus.MISSED
    )


def _commentaries(agency: Agency, year: int | None) -> dict[str, dict[str, str]]:
    """Return the words of an agency in a year by KPI and column, with their figures."""
    results = agency.results
    if results is None or not any(
        commentary.year == year for commentary in results.scorecard.commentaries
    ):
        return {}
    card, _ = scorecard_as_printed(results)
    return {
        commentary.kpi: _texts(commentary)
        for commentary in card.commentaries
        if commentary.year == year
    }


def _texts(commentary: Commentary) -> dict[str, str]:
    """Return the words on a KPI by column."""
    return {column: text.text for column, text in commentary.columns.items()}


def _missed_kpi(standing: AgencyKpi, words: dict[str, str]) -> MissedKpi:
    """Return a missed KPI with its words, which may be missing."""
    return MissedKpi(
        standing=standing,
        progress=words.get(PROGRESS, ""),
        reason=words.get(SHORTFALL, ""),
        measures=words.get(MEASURES, ""),
    )


def missed_view(missed: Sequence[MissedKpi]) -> MissedView | None:
    """Return the missed KPIs as printed; None without any.

    Of more than MAX_MISSED_ROWS rows or MAX_MISSED_CHARS characters those of the lowest rates are
    listed. Words are printed whole, and every agency that owes some is named.
    """
    if not missed:
        return None
    listed = _listed(missed)
    agencies = tuple(
        _missed_agency(tuple(members))
        for _, members in groupby(listed, key=lambda kpi: kpi.standing.agency.key)
    )
    return MissedView(
        total=len(missed),
        agencies=agencies,
        left_out=len(missed) - len(listed),
        without_words=tuple(_agencies_without_words(missed)),
        symbols=symbol_notes(
            text
            for agency in agencies
            for row in agency.rows
            for text in (row.kpi.target, row.kpi.actual, row.kpi.rate)
        ),
    )


def _listed(missed: Sequence[MissedKpi]) -> list[MissedKpi]:
    """Return the KPIs of the lowest rates that fit, one at least, in the order of ``missed``."""
    chosen: set[int] = set()
    chars = 0
    for number in sorted(
        range(len(missed)), key=lambda number: rate_sort_key(missed[number].standing)
    ):
        chars += len(missed[number].reason) + len(missed[number].measures)
        if chosen and (len(chosen) == MAX_MISSED_ROWS or chars > MAX_MISSED_CHARS):
            break
        chosen.add(number)
    return [kpi for number, kpi in enumerate(missed) if number in chosen]


def _missed_agency(members: Sequence[MissedKpi]) -> MissedAgency:
    """Return the listed KPIs of one agency; the note is its state if that is unsettled."""
    agency = members[0].standing.agency
    blank = MissingReason.BLANK.printed
    return MissedAgency(
        name=agency.name,
        note=agency.state.value if is_unsettled(agency) else "",
        rows=tuple(
            MissedRow(
                kpi=kpi_row(kpi.standing),
                reason=kpi.reason or blank,
                measures=kpi.measures or blank,
            )
            for kpi in members
        ),
    )


def _agencies_without_words(missed: Iterable[MissedKpi]) -> Iterator[str]:
    """Yield each agency that owes reasons or measures, with the codes of these KPIs."""
    for _, members in groupby(missed, key=lambda kpi: kpi.standing.agency.key):
        owing = [kpi.standing for kpi in members if kpi.missing_words]
        codes = "、".join(standing.result.kpi.code for standing in owing[:MAX_NAMED_CODES])
        more = f"等 {len(owing)} 項" if len(owing) > MAX_NAMED_CODES else ""
        if owing:
            yield f"{owing[0].agency.name}（{codes}{more}）"


__all__ = ["MissedView", "missed_kpis", "missed_view"]
