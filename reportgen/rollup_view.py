"""RollUp → the strings and picture sizes that the 彙整 document prints.

The document is read by those who decide, so it stays some tens of pages however many agencies
there are: what is long is cut to what matters, and says how much more stands in 彙整.xlsx.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import groupby
from typing import TYPE_CHECKING, Final

from reportgen.model import DataStatus, Direction, Known
from reportgen.problems import Severity
from reportgen.results import Level
from reportgen.rollup.agencies import State, count
from reportgen.rollup.standing import Stand
from reportgen.rollup.tally import CLASS_NAMES, rate_text, tally

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from reportgen.model import Objective
    from reportgen.problems import Problem
    from reportgen.rollup import Agency, RollUp, Standing
    from reportgen.rollup.cascade import Cascade
    from reportgen.rollup.perspectives import PerspectiveGroup
    from reportgen.rollup.ranking import Ranked, Ranking
    from reportgen.rollup.tally import Tally

SHEET: Final = "彙整.xlsx"
COLUMNS: Final = 5  # perspectives with a column of their own; the others share one
ALL_KPIS: Final = 25  # of a perspective: so many are listed, of more only those not reached
WORST: Final = 25  # KPIs not reached that a perspective lists
WHOLE_RANKING: Final = 24  # places: so many are listed whole, of more only both ends
ENDS: Final = 10
DETAILED: Final = 8  # rankings with a table of their own, the most shared ones
COMPARED: Final = 40  # rankings with a row of their own
LISTED: Final = 40  # problems
LINKS: Final = 240  # rows of cascades, above which a row is an objective of the parent
SMALL: Final = 8  # agencies below a parent: so many are one row where there are many rows
FEW: Final = 2  # agencies that are named where others are counted
NAMES: Final = 24  # in a row of names
BAR, COLUMN, HEIGHT = 200, 40, 60  # of the pictures, in their own units

_Members = dict[tuple[str, str], "list[Standing]"]  # agency, objective → its KPIs


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of a bar, from left to right."""

    x: str
    width: str
    kind: str  # met, missed, none (no figure), open (no target)


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnView:
    """A column of the picture of achievement rates."""

    name: str
    count: int
    x: int
    y: str
    height: str
    reached: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TallyView:
    """How many KPIs stand where; the same in a bar."""

    total: int
    met: int
    missed: int
    no_figure: int
    no_target: int
    without_rate: int
    share: str  # 達成比率 of those that can be judged; empty: none
    median: str
    bar: tuple[Part, ...]
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """How many KPIs are met, of those judged; ``rest`` cannot be judged."""

    total: int
    met: int
    judged: int
    rest: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedCount:
    """A number of agencies, and what they have in common."""

    name: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedRow:
    """An agency of which nothing could be made, and why."""

    agency: str
    workbook: str
    errors: int
    first: tuple[str, ...]
    other: str  # what counts in its place, if anything


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyRow:
    """An agency in the overview: KPIs met of those judged, by perspective."""

    name: str
    edition: str
    state: str
    year: str  # its data year, where it is another one
    cells: tuple[Met, ...]
    tally: TallyView
    rate: str  # its weighted achievement rate, where it has weights


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
    """KPIs of an agency that stand together."""

    name: str
    note: str  # the agency's own name of the perspective, where it differs; 草稿
    rows: tuple[KpiRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PerspectiveView:
    """A perspective across agencies."""

    name: str
    also: str  # other ways of writing it
    agencies: int
    tally: TallyView
    columns: tuple[ColumnView, ...]
    picture: str  # the picture in words
    selected: str  # what the rows are a selection of; empty: they are all
    agency_rows: tuple[AgencyKpis, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RankingRow:
    """A comparable KPI in one line."""

    name: str
    unit: str
    direction: str
    agencies: int
    best: str
    last: str
    without: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place in a ranking."""

    rank: int
    agency: str
    actual: str
    note: str  # 草稿


@dataclass(frozen=True, slots=True, kw_only=True)
class RankingView:
    """A ranking in two columns: its first half and its second, or its two ends."""

    name: str
    unit: str
    direction: str
    rows: tuple[tuple[Place | None, Place | None], ...]
    left_out: int  # places between the two ends
    without: str  # the agencies without a figure; empty: none


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedRow:
    """An objective of a parent agency and one below that serves it, or how many do."""

    agency: str
    objective: str
    kpis: str  # "2/3"


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalView:
    """An objective of a parent agency, with what serves it."""

    objective: str
    kpis: str
    rows: tuple[ServedRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CascadeView:
    """A parent agency with those directly below it."""

    parent: str
    above: str  # its own parent, if it has one
    is_small: bool  # all of it is one row
    below: int
    goals: tuple[GoalView, ...]
    unserved: str  # objectives that nothing below serves; empty: none
    unlinked: str  # agencies below of which no objective serves one; empty: none


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemRow:
    """Something to be said of the collection."""

    file: str
    place: str
    code: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RollUpView:
    """Everything that the document prints."""

    year: str  # ROC; empty where no workbook counts
    latest: str  # 112年6月30日, the newest 修表日期
    sheet: str  # where the details stand
    expected: int
    handed: int
    counted: int
    states: tuple[NamedCount, ...]
    state_bar: tuple[Part, ...]
    not_final: str
    missing: tuple[str, ...]
    refused: tuple[RefusedRow, ...]
    tally: TallyView
    columns: tuple[ColumnView, ...]
    picture: str
    groups: tuple[PerspectiveView, ...]  # a page each
    others: tuple[PerspectiveView, ...]  # a row each
    headings: tuple[str, ...]  # of the perspectives' columns in the overview
    agencies: tuple[AgencyRow, ...]
    weighted: bool  # one of them has weights
    comparable: tuple[RankingRow, ...]
    more_comparable: int
    rankings: tuple[RankingView, ...]
    cascades: tuple[CascadeView, ...]
    condensed: bool  # cascades as numbers of agencies
    problems: tuple[ProblemRow, ...]
    more_problems: int


def rollup_view(rolled: RollUp) -> RollUpView:
    """The names of the template."""
    groups = _common(rolled)
    pages = {each.key for each in groups}
    others = [each for each in rolled.perspectives if each.key not in pages]
    agencies = tuple(_agency_rows(rolled, groups, bool(others)))
    problems = tuple(_problems(rolled))
    links = sum(len(goal.by) for each in rolled.cascades for goal in each.objectives)
    return RollUpView(
        year="" if rolled.year is None else str(rolled.year),
        latest=rolled.latest.printed if rolled.latest else "",
        sheet=SHEET,
        expected=sum(each.expected for each in rolled.agencies),
        handed=sum(bool(each.handed) for each in rolled.agencies),
        counted=len(rolled.counted),
        states=tuple(NamedCount(name=s.value, count=len(rolled.of_state(s))) for s in State),
        state_bar=_parts([(s.name.lower(), len(rolled.of_state(s))) for s in State]),
        not_final=_names(each.name for each in rolled.counted if _is_unsettled(each)),
        missing=tuple(each.name for each in rolled.of_state(State.MISSING)),
        refused=tuple(_refused(rolled)),
        tally=_tally(rolled.tally),
        columns=_columns(rolled.tally),
        picture=_picture(rolled.tally),
        groups=tuple(_group(each) for each in groups),
        others=tuple(_group(each, rows=False) for each in others),
        headings=(*(each.name for each in groups), *(("其他構面",) if others else ())),
        agencies=agencies,
        weighted=any(each.rate for each in agencies),
        comparable=tuple(_comparable(each) for each in rolled.rankings[:COMPARED]),
        more_comparable=max(0, len(rolled.rankings) - COMPARED),
        rankings=tuple(_ranking(each) for each in rolled.rankings[:DETAILED]),
        cascades=tuple(_cascade(each, rolled, links > LINKS) for each in rolled.cascades),
        condensed=links > LINKS,
        problems=problems[:LISTED],
        more_problems=max(0, len(problems) - LISTED),
    )


def _common(rolled: RollUp) -> list[PerspectiveGroup]:
    """The perspectives that most agencies have, a tenth of them at least, in their order."""
    by_agencies = sorted(rolled.perspectives, key=lambda each: -each.agencies)[:COLUMNS]
    chosen = {e.key for e in by_agencies if 10 * e.agencies >= len(rolled.counted)}
    return [each for each in rolled.perspectives if each.key in chosen]


def _is_unsettled(agency: Agency) -> bool:
    return bool(agency.card and agency.card.status is not DataStatus.FINAL)


def _names(names: Iterable[str], most: int = NAMES) -> str:
    found = tuple(names)
    more = f"等 {len(found)} 個機關" if len(found) > most else ""
    return "、".join(found[:most]) + more


# --- pictures -----------------------------------------------------------------------


def _parts(counts: Sequence[tuple[str, int]]) -> tuple[Part, ...]:
    """A bar of BAR units cut in proportion; what is nothing has no part."""
    total = sum(number for _, number in counts)
    found, before = [], 0
    for kind, number in counts:
        if number:
            x, end = Fraction(before * BAR, total), Fraction((before + number) * BAR, total)
            found.append(Part(x=_length(x), width=_length(end - x), kind=kind))
        before += number
    return tuple(found)


def _columns(of: Tally) -> tuple[ColumnView, ...]:
    highest = max(of.classes)
    return tuple(
        ColumnView(
            name=name,
            count=number,
            x=place * COLUMN,
            y=_length(HEIGHT - Fraction(number * HEIGHT, highest or 1)),
            height=_length(Fraction(number * HEIGHT, highest or 1)),
            reached=place >= CLASS_NAMES.index("100%起"),
        )
        for place, (name, number) in enumerate(zip(CLASS_NAMES, of.classes, strict=True))
    )


def _picture(of: Tally) -> str:
    told = zip(CLASS_NAMES, of.classes, strict=True)
    return "達成率分布：" + "；".join(f"{name} {number} 項" for name, number in told)


def _length(value: Fraction) -> str:
    return f"{float(value):.2f}"


def _tally(of: Tally) -> TallyView:
    counts = (("met", of.met), ("missed", of.missed), ("none", of.no_figure))
    words = zip(Stand, (of.met, of.missed, of.no_figure, of.no_target), strict=True)
    return TallyView(
        total=of.total,
        met=of.met,
        missed=of.missed,
        no_figure=of.no_figure,
        no_target=of.no_target,
        without_rate=of.without_rate,
        share=rate_text(of.share, 1),
        median=rate_text(of.median),
        bar=_parts((*counts, ("open", of.no_target))),
        description="；".join(f"{stand.value} {number} 項" for stand, number in words),
    )


# --- the collection -----------------------------------------------------------------


def _refused(rolled: RollUp) -> Iterator[RefusedRow]:
    for agency in rolled.agencies:
        for handed in agency.refused:
            errors = [each for each in handed.problems if each.severity is Severity.ERROR]
            yield RefusedRow(
                agency=agency.name,
                workbook=handed.workbook.rpartition("/")[2],
                errors=count(handed.problems, Severity.ERROR),
                first=tuple(f"{each.where.text()} {each.message()}".strip() for each in errors[:2]),
                other=f"改採 {agency.card.edition}" if agency.card else "",
            )


def _agency_rows(
    rolled: RollUp, groups: Sequence[PerspectiveGroup], has_others: bool
) -> Iterator[AgencyRow]:
    members: dict[str, list[Standing]] = {}
    columns: dict[tuple[str, int], list[Standing]] = {}
    for each in rolled.standings:
        members.setdefault(each.agency.key, []).append(each)
    grouped = [*(each.standings for each in groups)]
    known = {group.key for group in groups}
    grouped.append(
        tuple(e for group in rolled.perspectives if group.key not in known for e in group.standings)
    )
    for place, standings in enumerate(grouped):
        for each in standings:
            columns.setdefault((each.agency.key, place), []).append(each)
    for agency in rolled.counted:
        assert agency.card is not None
        year = agency.card.data_year
        yield AgencyRow(
            name=agency.name,
            edition=agency.card.edition,
            state=agency.state.value,
            year="" if year == rolled.year else f"{year}年",
            cells=tuple(
                _judged(columns.get((agency.key, place), ()))
                for place in range(len(groups) + has_others)
            ),
            tally=_tally(tally(members.get(agency.key, ()))),
            rate=_weighted(agency, rolled.year),
        )


def _judged(standings: Sequence[Standing]) -> Met:
    found = tally(standings)
    rest = found.total - found.judged
    return Met(total=found.total, met=found.met, judged=found.judged, rest=rest)


def _met(standings: Sequence[Standing]) -> str:
    """``5/6``: met of those judged; empty without KPIs."""
    found = tally(standings)
    return f"{found.met}/{found.judged}" if found.total else ""


def _weighted(agency: Agency, year: int | None) -> str:
    assert agency.results is not None
    for each in agency.results.roll_ups:
        if each.level is Level.WHOLE and each.year == year:
            return each.rate.text
    return ""


# --- perspectives -------------------------------------------------------------------


def _group(group: PerspectiveGroup, *, rows: bool = True) -> PerspectiveView:
    chosen, selected = list(group.standings), ""
    if len(chosen) > ALL_KPIS:
        missed = [each for each in chosen if each.stand is Stand.MISSED]
        chosen = sorted(missed, key=_rate)[:WORST]
        selected = f"未達成 {len(missed)} 項" + (
            f"中達成率最低的 {len(chosen)} 項" if len(missed) > len(chosen) else ""
        )
    return PerspectiveView(
        name=group.name,
        also="、".join(group.names[1:4]) + ("等" if len(group.names) > 4 else ""),
        agencies=group.agencies,
        tally=_tally(group.tally),
        columns=_columns(group.tally),
        picture=_picture(group.tally),
        selected=selected,
        agency_rows=tuple(_together(chosen, group.name)) if rows else (),
    )


def _rate(standing: Standing) -> tuple[bool, Fraction]:
    """Lowest rates first; those that have none, last."""
    if isinstance(standing.rate, Known):
        return False, standing.rate.value
    return True, Fraction(0)


def _together(standings: Iterable[Standing], group: str) -> Iterator[AgencyKpis]:
    for _, members in groupby(standings, key=lambda each: each.agency.key):
        first, *others = members
        own = first.perspective.map_name.text
        notes = [own] if own != group else []
        if _is_unsettled(first.agency):
            notes.append(first.agency.state.value)
        rows = tuple(_kpi(each) for each in (first, *others))
        yield AgencyKpis(name=first.agency.name, note="、".join(notes), rows=rows)


def _kpi(standing: Standing) -> KpiRow:
    now, kpi = standing.now, standing.result.kpi
    return KpiRow(
        code=kpi.code,
        name=kpi.name.text,
        unit=standing.result.unit,
        target=_target(standing),
        actual=now.printed if now else "無此年度",
        rate=now.rate.text if now and now.rate else "",
        verdict=now.verdict if now else "",
        light=now.light.name.text if now and now.light else "",
    )


def _target(standing: Standing) -> str:
    now = standing.now
    if now and now.target:
        return now.target.shown
    return f"≥{now.threshold.text}" if now and now.threshold else ""


# --- rankings -----------------------------------------------------------------------

_DIRECTIONS: Final = {Direction.HIGHER: "由高而低", Direction.LOWER: "由低而高"}


def _comparable(ranking: Ranking) -> RankingRow:
    first = [each for each in ranking.ranked if each.rank == 1]
    bottom = max((each.rank for each in ranking.ranked), default=0)
    last = [each for each in ranking.ranked if each.rank == bottom and bottom > 1]
    return RankingRow(
        name=ranking.name,
        unit=ranking.unit,
        direction=_DIRECTIONS[ranking.direction],
        agencies=ranking.agencies,
        best=_end(first),
        last=_end(last),
        without=len(ranking.without),
    )


def _end(places: Sequence[Ranked]) -> str:
    """``98.11% 臺北市教師研習中心``, of several the first and how many."""
    if not places:
        return ""
    standing = places[0].standing
    many = f"等 {len(places)} 個機關" if len(places) > 1 else ""
    return f"{_figure(standing)} {standing.agency.name}{many}"


def _figure(standing: Standing) -> str:
    return standing.now.printed if standing.now else ""


def _ranking(ranking: Ranking) -> RankingView:
    places = [_place(each) for each in ranking.ranked]
    left_out = 0
    if len(places) > WHOLE_RANKING:
        left, right = places[:ENDS], places[-ENDS:]
        left_out = len(places) - 2 * ENDS
    else:
        half = (len(places) + 1) // 2
        left, right = places[:half], places[half:]
    rights = [*right, *[None] * (len(left) - len(right))]
    return RankingView(
        name=ranking.name,
        unit=ranking.unit,
        direction=_DIRECTIONS[ranking.direction],
        rows=tuple(zip(left, rights, strict=True)),
        left_out=left_out,
        without=_names((_without(each) for each in ranking.without), ENDS),
    )


def _without(standing: Standing) -> str:
    shown = standing.now.printed.strip("（）") if standing.now else "無此年度"
    return f"{standing.agency.name}（{shown}）"


def _place(ranked: Ranked) -> Place:
    agency = ranked.standing.agency
    note = agency.state.value if _is_unsettled(agency) else ""
    return Place(rank=ranked.rank, agency=agency.name, actual=_figure(ranked.standing), note=note)


# --- the cascade --------------------------------------------------------------------


def _cascade(cascade: Cascade, rolled: RollUp, condensed: bool) -> CascadeView:
    members: _Members = {}
    for each in rolled.standings:
        members.setdefault((each.agency.key, each.objective.code), []).append(each)
    is_small = condensed and len(cascade.below) <= SMALL
    goals = _in_one(cascade, members) if is_small else _goals(cascade, members, condensed)
    unserved = [each.objective.code for each in cascade.objectives if not each.by]
    return CascadeView(
        parent=cascade.parent.name,
        above=cascade.parent.parent,
        is_small=is_small,
        below=len(cascade.below),
        goals=tuple(goals),
        unserved="" if is_small else "、".join(unserved),
        unlinked="" if is_small else _names(each.name for each in cascade.unlinked),
    )


def _goals(cascade: Cascade, members: _Members, condensed: bool) -> Iterator[GoalView]:
    """An objective of the parent, with each that serves it or the number of them."""
    for served in cascade.objectives:
        if served.by:
            own = members.get((cascade.parent.key, served.objective.code), ())
            rows = (
                ServedRow(
                    agency=agency.name,
                    objective=f"{goal.code} {goal.name}",
                    kpis=_met(members.get((agency.key, goal.code), ())),
                )
                for agency, goal in served.by
            )
            yield GoalView(
                objective=f"{served.objective.code} {served.objective.name}",
                kpis=_met(own),
                rows=(_numbers(served.by, members),) if condensed else tuple(rows),
            )


def _in_one(cascade: Cascade, members: _Members) -> Iterator[GoalView]:
    """All objectives of a parent in one row."""
    served = [each for each in cascade.objectives if each.by]
    by = [each for goal in served for each in goal.by]
    own = (members.get((cascade.parent.key, each.objective.code), ()) for each in served)
    yield GoalView(
        objective=f"{len(cascade.objectives)} 項目標中 {len(served)} 項有下級目標對應",
        kpis=_met([each for group in own for each in group]),
        rows=(replace(_numbers(by, members), agency=_few(each.name for each in cascade.below)),),
    )


def _few(names: Iterable[str]) -> str:
    """Names where they are few, else how many."""
    found = tuple(dict.fromkeys(names))
    return "、".join(found) if len(found) <= FEW else f"{len(found)} 個機關"


def _numbers(by: Sequence[tuple[Agency, Objective]], members: _Members) -> ServedRow:
    """Who serves an objective, by name only where they are few."""
    goals = {(agency.key, goal.code) for agency, goal in by}
    return ServedRow(
        agency=_few(agency.name for agency, _ in by),
        objective=f"{len(goals)} 項目標",
        kpis=_met([each for key in sorted(goals) for each in members.get(key, ())]),
    )


def _problems(rolled: RollUp) -> Iterator[ProblemRow]:
    """One row for what several workbooks are told alike."""
    alike: dict[tuple[str, str], list[Problem]] = {}
    for each in rolled.problems:
        alike.setdefault((each.code, f"{each.message()}{each.fix()}"), []).append(each)
    for (code, text), (first, *others) in alike.items():
        place = f"「{first.where.sheet}」{first.where.cell}" if first.where.sheet else ""
        file = first.where.file.rpartition("/")[2]
        yield ProblemRow(
            file=f"{file} 等 {1 + len(others)} 份" if others else file,
            place=f"{place} 等" if others and place else place,
            code=code,
            text=text,
        )


__all__ = ["RollUpView", "rollup_view"]
