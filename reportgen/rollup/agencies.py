"""Who has handed in what: one workbook of each agency counts, and nothing is passed over.

Of an agency's sound workbooks the newest edition counts. Of two workbooks of one edition that
differ it is the one of the higher 資料狀態 (定稿 before 草稿 before 範例), then the one whose
path comes first; the other is told. A newer workbook with errors does not hide an older sound
one: the agency counts with what could be made, and the errors are told beside it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

from reportgen.model.scorecard import DataStatus
from reportgen.problems import Location, Severity, make
from reportgen.text.name_matching import name_key, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from reportgen.compute.result_types import Results
    from reportgen.model.scorecard import Scorecard
    from reportgen.problems import Problem
    from reportgen.rollup.submissions import Expected, Handed

_PREFERENCE: Final = (DataStatus.FINAL, DataStatus.DRAFT, DataStatus.SAMPLE)


class State(Enum):
    """收件情形 of an agency: the 資料狀態 of what counts, or why nothing does."""

    FINAL = "定稿"
    DRAFT = "草稿"
    SAMPLE = "範例"
    REFUSED = "待補正"
    MISSING = "未交"


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency:
    """An agency of the collection: at least one of roster and workbooks names it."""

    name: str  # as its workbook writes it, else as the roster does
    parent: str  # 上級機關 by its workbook, else by the roster; empty where neither says so
    expected: bool  # on the roster, or there is none
    used: Handed | None  # what counts
    refused: tuple[Handed, ...]  # workbooks with errors
    aside: tuple[Handed, ...]  # sound ones that do not count: older editions, doubles

    @property
    def key(self) -> str:
        """What it is known by."""
        return name_key(self.name)

    @property
    def results(self) -> Results | None:
        """The results that count."""
        return self.used.results if self.used else None

    @property
    def card(self) -> Scorecard | None:
        """The edition that counts."""
        return self.results.scorecard if self.results else None

    @property
    def state(self) -> State:
        """Where it stands."""
        if self.card:
            return State[self.card.status.name]
        return State.REFUSED if self.refused else State.MISSING

    @property
    def handed(self) -> tuple[Handed, ...]:
        """All that it handed in: what counts first."""
        return (*((self.used,) if self.used else ()), *self.refused, *self.aside)


def count(problems: Iterable[Problem], severity: Severity) -> int:
    """Return how many problems are of a severity."""
    return sum(each.severity is severity for each in problems)


def agencies_of(
    handed: Iterable[Handed], roster: Iterable[Expected]
) -> tuple[tuple[Agency, ...], tuple[Problem, ...]]:
    """Return every agency, those of the roster first and in its order, then the others by name."""
    problems: list[Problem] = []
    listed: dict[str, Expected] = {}
    for each in roster:
        if name_key(each.agency) in listed:
            problems.append(make("W247", found=each.agency))
        listed.setdefault(name_key(each.agency), each)
    found: dict[str, list[Handed]] = {}
    for workbook in sorted(handed, key=_place):
        found.setdefault(name_key(_owner(workbook, listed)), []).append(workbook)
    others = sorted(found.keys() - listed.keys())
    agencies = tuple(
        _agency(found.get(key, []), listed.get(key), listed, problems) for key in (*listed, *others)
    )
    if listed:
        problems += _strangers(agencies, listed)
    return agencies, tuple(problems)


def _place(handed: Handed) -> tuple[str, str]:
    return handed.workbook, handed.agency


def _owner(handed: Handed, listed: Mapping[str, Expected]) -> str:
    """Whose a workbook is; of one that says nothing, by the agency that its path names."""
    if handed.results and handed.results.scorecard.agency:
        return handed.results.scorecard.agency.text
    if handed.agency:
        return handed.agency
    path = name_key(handed.workbook)
    named = [key for key in listed if key in path]
    return listed[max(named, key=len)].agency if named else handed.workbook


def _agency(
    handed: list[Handed],
    expected: Expected | None,
    listed: Mapping[str, Expected],
    problems: list[Problem],
) -> Agency:
    sound = sorted((each for each in handed if each.is_sound), key=_rank, reverse=True)
    # Of equals the first path is preferred: sorting backwards keeps their order.
    used = sound[0] if sound else None
    refused = tuple(each for each in handed if not each.is_sound)
    name = expected.agency if expected else ""
    parent = expected.parent if expected else ""
    if handed:
        name = _owner(used or handed[0], listed)
    if used and used.results:
        card = used.results.scorecard
        if card.parent:
            problems += _other_parent(used, name, card.parent.text, parent)
            parent = card.parent.text
        problems += (_told(each, used, name) for each in sound[1:])
    return Agency(
        name=name,
        parent=parent,
        expected=expected is not None or not listed,
        used=used,
        refused=refused,
        aside=tuple(sound[1:]),
    )


def _rank(handed: Handed) -> tuple[str, int]:
    """Return a sort key: the newest edition is greatest, and of one edition the most settled."""
    assert handed.results is not None
    card = handed.results.scorecard
    return card.edition, -_PREFERENCE.index(card.status)


def _told(other: Handed, used: Handed, agency: str) -> Problem:
    """Why a sound workbook does not count."""
    assert other.results is not None
    assert used.results is not None
    where = Location(file=other.workbook)
    edition, newest = other.results.scorecard.edition, used.results.scorecard.edition
    if edition != newest:
        words = {"agency": agency, "edition": edition, "used": newest}
        return make("N241", where, **words, file=used.workbook)
    if other.results == used.results:
        return make("N242", where, agency=agency, used=used.workbook)
    return make("W246", where, agency=agency, edition=edition, used=used.workbook)


def _other_parent(used: Handed, agency: str, own: str, listed: str) -> Iterator[Problem]:
    if listed and name_key(own) != name_key(listed):
        assert used.results is not None
        at = used.results.scorecard.parent
        where = Location(
            file=used.workbook, sheet=at.at.sheet if at else "", cell=at.at.cell if at else ""
        )
        yield make("W244", where, agency=agency, found=own, listed=listed)


def _strangers(agencies: Iterable[Agency], listed: Mapping[str, Expected]) -> Iterator[Problem]:
    """W245 for each agency that the roster does not name; likely one that has no workbook."""
    everyone = tuple(agencies)
    lacking = [each.name for each in everyone if not each.handed]
    for each in everyone:
        if not each.expected and each.name != each.handed[0].workbook:
            close = nearest(each.name, lacking)
            words = {"hint": "", "hint_en": ""}
            if close:
                words = {"hint": f"是否為「{close}」？", "hint_en": f"Is it “{close}”?"}
            where = Location(file=each.handed[0].workbook)
            yield make("W245", where, agency=each.name, **words)


def rolled_year(agencies: Iterable[Agency]) -> int | None:
    """Return the 資料年度 of most agencies, the latest of equals; None where nothing counts."""
    years = Counter(each.card.data_year for each in agencies if each.card)
    return max(years, key=lambda year: (years[year], year), default=None)


def of_other_years(agencies: Iterable[Agency], year: int | None) -> Iterator[Problem]:
    """W248 for each workbook of another data year."""
    for each in agencies:
        if each.used and each.card and each.card.data_year != year:
            where = Location(file=each.used.workbook)
            yield make("W248", where, found=each.card.data_year, year=year)


__all__ = ["Agency", "State", "agencies_of", "count", "of_other_years", "rolled_year"]
