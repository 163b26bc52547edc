"""Selection of the workbook that counts for each agency; none is passed over in silence.

Of an agency's sound workbooks the newest edition counts. Of two workbooks of one edition that
differ it is the one of the higher 資料狀態 (定稿 before 草稿 before 範例), then the one whose
path comes first; the other is reported. A newer workbook with errors does not hide an older sound
one: the agency counts with the older one, and the errors are reported beside it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

from reportgen.model.scorecard import DataStatus
from reportgen.problems import Location, Severity, make_problem
from reportgen.text.name_matching import closest_name, name_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from reportgen.compute.result_types import Results
    from reportgen.model.scorecard import Scorecard
    from reportgen.problems import Problem
    from reportgen.rollup.submissions import ExpectedAgency, Submission

_STATUS_PREFERENCE: Final = (DataStatus.FINAL, DataStatus.DRAFT, DataStatus.SAMPLE)


class SubmissionState(Enum):
    """收件情形 of an agency: the 資料狀態 of the workbook that counts, or why none does.

    REFUSED: all its workbooks have errors; MISSING: it has handed in none.
    """

    FINAL = "定稿"
    DRAFT = "草稿"
    SAMPLE = "範例"
    REFUSED = "待補正"
    MISSING = "未交"


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency:
    """An agency of the collection, named by the roster, a workbook, or both."""

    name: str  # as its workbook writes it, else as the roster does
    parent: str  # 上級機關 by its workbook, else by the roster; empty where neither says so
    expected: bool  # on the roster, or no roster exists
    used: Submission | None  # the workbook that counts
    refused: tuple[Submission, ...]  # workbooks with errors
    not_counted: tuple[Submission, ...]  # sound ones that do not count: older editions, duplicates

    @property
    def key(self) -> str:
        """The agency's name as compared; spelling variants have the same key."""
        return name_key(self.name)

    @property
    def results(self) -> Results | None:
        """The results of the submission that is used, or None."""
        return self.used.results if self.used else None

    @property
    def card(self) -> Scorecard | None:
        """The scorecard of the submission that is used, or None."""
        return self.results.scorecard if self.results else None

    @property
    def state(self) -> SubmissionState:
        """The state of its submission: draft to final if counted, else refused or missing."""
        if self.card:
            return SubmissionState[self.card.status.name]
        return SubmissionState.REFUSED if self.refused else SubmissionState.MISSING

    @property
    def submissions(self) -> tuple[Submission, ...]:
        """All its submissions, the one that is used first."""
        return (*((self.used,) if self.used else ()), *self.refused, *self.not_counted)


def count_severity(problems: Iterable[Problem], severity: Severity) -> int:
    """Return how many of the problems are of a severity."""
    return sum(problem.severity is severity for problem in problems)


def agencies_of(
    submissions: Iterable[Submission], roster: Iterable[ExpectedAgency]
) -> tuple[tuple[Agency, ...], tuple[Problem, ...]]:
    """Return every agency, those of the roster first and in its order, then the others by name.

    The problems are those of the collection: W247 for an agency listed twice, N241, N242 and W246
    for workbooks that do not count, W244 for parents, W245 for agencies not on the roster.
    """
    problems: list[Problem] = []
    listed: dict[str, ExpectedAgency] = {}
    for expected in roster:
        if name_key(expected.agency) in listed:
            problems.append(make_problem("W247", found=expected.agency))
        listed.setdefault(name_key(expected.agency), expected)
    by_agency: dict[str, list[Submission]] = {}
    for workbook in sorted(submissions, key=_submission_order):
        by_agency.setdefault(name_key(_owning_agency(workbook, listed)), []).append(workbook)
    unlisted = sorted(by_agency.keys() - listed.keys())
    agencies = tuple(
        _make_agency(by_agency.get(key, []), listed.get(key), listed, problems)
        for key in (*listed, *unlisted)
    )
    if listed:
        problems += _unlisted_agencies(agencies, listed)
    return agencies, tuple(problems)


def _submission_order(submission: Submission) -> tuple[str, str]:
    """Return the sort key of submissions: path, then agency."""
    return submission.workbook, submission.agency


def _owning_agency(submission: Submission, listed: Mapping[str, ExpectedAgency]) -> str:
    """Return the name of a submission's agency.

    If its workbook names none, it is ``agency``, else the listed agency with the longest name
    that the path contains, else the path itself. ``listed`` is by name key.
    """
    if submission.results and submission.results.scorecard.agency:
        return submission.results.scorecard.agency.text
    if submission.agency:
        return submission.agency
    path = name_key(submission.workbook)
    matching = [key for key in listed if key in path]
    return listed[max(matching, key=len)].agency if matching else submission.workbook


def _make_agency(
    submissions: list[Submission],
    expected: ExpectedAgency | None,
    listed: Mapping[str, ExpectedAgency],
    problems: list[Problem],
) -> Agency:
    """Return an agency with its best submission as the one that is used.

    ``submissions`` are in the order of their paths; ``expected`` is its entry in the roster. Add
    to ``problems`` one for each other sound submission, and W244 if its parent is not the roster's.
    """
    sound = sorted(
        (submission for submission in submissions if submission.is_sound),
        key=_submission_rank,
        reverse=True,
    )
    # The first path wins a tie: reverse sorting is stable.
    used = sound[0] if sound else None
    refused = tuple(submission for submission in submissions if not submission.is_sound)
    name = expected.agency if expected else ""
    parent = expected.parent if expected else ""
    if submissions:
        name = _owning_agency(used or submissions[0], listed)
    if used and used.results:
        card = used.results.scorecard
        if card.parent:
            problems += _parent_conflict(used, name, card.parent.text, parent)
            parent = card.parent.text
        problems += (_not_counted_problem(other, used, name) for other in sound[1:])
    return Agency(
        name=name,
        parent=parent,
        expected=expected is not None or not listed,
        used=used,
        refused=refused,
        not_counted=tuple(sound[1:]),
    )


def _submission_rank(submission: Submission) -> tuple[str, int]:
    """Return a sort key: the newest edition is greatest, then the one of the highest status."""
    assert submission.results is not None
    card = submission.results.scorecard
    return card.edition, -_STATUS_PREFERENCE.index(card.status)


def _not_counted_problem(other: Submission, used: Submission, agency: str) -> Problem:
    """Return the problem for a sound workbook that is not used.

    It is N241 for an older edition, N242 for equal results, W246 for others of the same edition.
    """
    assert other.results is not None
    assert used.results is not None
    location = Location(file=other.workbook)
    edition, newest = other.results.scorecard.edition, used.results.scorecard.edition
    if edition != newest:
        words = {"agency": agency, "edition": edition, "used": newest}
        return make_problem("N241", location, **words, file=used.workbook)
    if other.results == used.results:
        return make_problem("N242", location, agency=agency, used=used.workbook)
    return make_problem("W246", location, agency=agency, edition=edition, used=used.workbook)


def _parent_conflict(
    used: Submission, agency: str, workbook_parent: str, roster_parent: str
) -> Iterator[Problem]:
    """Yield W244 if the roster states a parent agency and the workbook's is another."""
    if roster_parent and name_key(workbook_parent) != name_key(roster_parent):
        assert used.results is not None
        parent_text = used.results.scorecard.parent
        location = Location(
            file=used.workbook,
            sheet=parent_text.at.sheet if parent_text else "",
            cell=parent_text.at.cell if parent_text else "",
        )
        yield make_problem(
            "W244", location, agency=agency, found=workbook_parent, listed=roster_parent
        )


def _unlisted_agencies(
    agencies: Iterable[Agency], listed: Mapping[str, ExpectedAgency]
) -> Iterator[Problem]:
    """Yield W245 for each agency that is not on the roster, with a similar one that is missing.

    A submission of no known agency, which goes by its path, is left out.
    """
    all_agencies = tuple(agencies)
    without_workbook = [agency.name for agency in all_agencies if not agency.submissions]
    for agency in all_agencies:
        if not agency.expected and agency.name != agency.submissions[0].workbook:
            suggestion = closest_name(agency.name, without_workbook)
            words = {"hint": "", "hint_en": ""}
            if suggestion:
                words = {"hint": f"是否為「{suggestion}」？", "hint_en": f"Is it “{suggestion}”?"}
            location = Location(file=agency.submissions[0].workbook)
            yield make_problem("W245", location, agency=agency.name, **words)


def rolled_year(agencies: Iterable[Agency]) -> int | None:
    """Return the 資料年度 of most agencies, the latest of ties; None if no workbook counts."""
    years = Counter(agency.card.data_year for agency in agencies if agency.card)
    return max(years, key=lambda year: (years[year], year), default=None)


def other_year_problems(agencies: Iterable[Agency], year: int | None) -> Iterator[Problem]:
    """Yield W248 for each counted workbook whose data year is not ``year``."""
    for agency in agencies:
        if agency.used and agency.card and agency.card.data_year != year:
            location = Location(file=agency.used.workbook)
            yield make_problem("W248", location, found=agency.card.data_year, year=year)


__all__ = [
    "Agency",
    "SubmissionState",
    "agencies_of",
    "count_severity",
    "other_year_problems",
    "rolled_year",
]
