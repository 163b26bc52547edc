"""The invented agencies: the same for a seed, and read back as written.

None has an error, but for those that are meant to have one.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from reportgen.compute import compute, plausibility_problems
from reportgen.model.scorecard import DataStatus, Known
from reportgen.pipeline import check_workbook
from reportgen.problems import has_errors
from reportgen.workbook import read_bytes
from tests.factories.agencies import Agency, agency, generate, most
from tests.factories.agencies.__main__ import main
from tests.factories.agencies.common import RANKED
from tests.factories.agencies.faults import FAULTS
from tests.factories.agencies.outline import outline
from tests.factories.bad.outcome import outcome

if TYPE_CHECKING:
    from pathlib import Path

    from reportgen.problems import Problem
    from tests.factories.agencies.faults import Fault

SEED = 7
# What real agencies would be told, too: an objective without KPI, a draft's blanks, a rare
# character, two ways of writing, odd perspective names, a year left out, and a figure that
# only its rounding brings to the target.
EXPECTED = {"W110", "W145", "W251", "W262", "N144", "N149", "N221", "N222"}


@pytest.fixture(scope="module")
def agencies() -> list[Agency]:
    return list(generate(most(), SEED))


@pytest.fixture(scope="module")
def some(agencies: list[Agency]) -> list[Agency]:
    """Those whose scorecards are looked at."""
    return agencies[:180]


def test_there_are_hundreds_of_them_with_names_of_their_own(agencies: list[Agency]) -> None:
    assert most() >= 400
    assert len({each.name for each in agencies}) == most()
    assert len({each.entry.field for each in agencies}) >= 25
    assert len({each.entry.field for each in agencies[:40]}) >= 12


def test_more_than_there_are_is_refused() -> None:
    with pytest.raises(ValueError, match="can be generated"):
        generate(most() + 1, SEED)
    with pytest.raises(IndexError):
        agency(0, SEED)


def test_a_parent_comes_before_its_children(agencies: list[Agency]) -> None:
    numbers = {each.name: each.number for each in agencies}
    children = [each for each in agencies if each.parent]
    assert len(children) > len(agencies) * 0.9
    assert all(numbers[each.parent or ""] < each.number for each in children)


def test_objectives_serve_those_of_the_parent(agencies: list[Agency]) -> None:
    by_name = {each.name: each for each in agencies}
    served = 0
    for each in agencies:
        own = {aim.code for aim in outline(SEED, each.entry).aims}
        assert set(each.parent_objectives) <= own
        if each.parent:
            above = {aim.code for aim in outline(SEED, by_name[each.parent].entry).aims}
            assert set(each.parent_objectives.values()) <= above
        served += len(each.parent_objectives)
    assert served > len(agencies) * 3


def test_the_number_says_which_agency_it_is_whatever_the_count(agencies: list[Agency]) -> None:
    few = list(generate(9, SEED))
    assert [each.scorecard for each in few] == [each.scorecard for each in agencies[:9]]
    assert agency(9, SEED).scorecard == agencies[8].scorecard


def test_another_seed_gives_other_agencies() -> None:
    first, second = agency(5, SEED), agency(5, SEED + 1)
    assert first.name != second.name
    assert (
        agency(5, SEED).scorecard
        != next(each for each in generate(most(), SEED + 1) if each.name == first.name).scorecard
    )


def test_what_a_seed_gives_is_this_on_any_machine(some: list[Agency]) -> None:
    """No hash, no clock and no library decides anything: only another bank of KPIs does."""
    told = "".join(repr(each.contents.rows) for each in some).encode()
    assert sha256(told).hexdigest()[:16] == "1b6a6fab669f1483"


def test_they_have_5_to_60_kpis_and_4_to_18_objectives(some: list[Agency]) -> None:
    kpis = Counter(len(each.scorecard.kpis) for each in some)
    objectives = [len(each.scorecard.objectives) for each in some]
    assert min(kpis) == 5
    assert 57 <= max(kpis) <= 60
    assert (min(objectives), max(objectives)) == (4, 18)
    assert set(range(5, 30)) <= set(kpis)
    assert sum(count for kpi, count in kpis.items() if kpi > 40) >= 10


def test_they_differ_as_agencies_do(some: list[Agency]) -> None:
    cards = [each.scorecard for each in some]
    statuses = Counter(card.status for card in cards)
    assert statuses[DataStatus.FINAL] > statuses[DataStatus.DRAFT] > statuses[DataStatus.SAMPLE] > 9
    assert {len(card.figures[0].values) for card in cards} == {3, 4, 5, 6}
    assert {len(card.perspectives) for card in cards} == {4, 5}
    assert {len(card.themes) for card in cards} == {2, 3, 4, 5}
    assert {card.objectives_per_page for card in cards} == {1, 2, 3, 4}
    assert 3 <= sum(bool(card.pictures) for card in cards) <= 20
    assert sum(bool(card.revisions) for card in cards) > 40
    assert sum(bool(card.lights) for card in cards) > 60
    assert 2 < sum(card.data_year == 111 for card in cards) < 40
    longest = max(len(kpi.name.text) for card in cards for kpi in card.kpis)
    assert longest > 90


def test_what_is_ranked_is_the_same_in_nearly_all(some: list[Agency]) -> None:
    for pattern in RANKED:
        kpis = [
            kpi
            for each in some
            for kpi in each.scorecard.kpis
            if kpi.name.text.endswith(pattern.name) and pattern.items[1].name in kpi.formula.text
        ]
        assert len(kpis) > len(some) * 0.75, pattern.name
        assert len({kpi.direction for kpi in kpis}) == 1
        assert all(pattern.unit in kpi.formula.text for kpi in kpis)


@pytest.mark.slow
def test_forty_are_computed_without_an_error(some: list[Agency]) -> None:
    known: Counter[bool] = Counter()
    for each in some[:: len(some) // 40][:40]:
        results, problems = compute(each.scorecard)
        told = {problem.code for problem in (*problems, *plausibility_problems(results))}
        assert told <= EXPECTED | _jump(each), each.name
        if each.scorecard.status is not DataStatus.DRAFT:
            values = [year.outcome.value for kpi in results.kpis for year in kpi.years]
            known.update(isinstance(value, Known) for value in values)
    assert known[True] > known[False] * 5 > 0


def test_targets_are_met_more_often_than_not(some: list[Agency]) -> None:
    met = Counter(
        year.achieved
        for each in some[:15]
        for kpi in compute(each.scorecard)[0].kpis
        for year in kpi.years
        if year.achieved is not None
    )
    assert met[True] > met[False] > met[True] / 12


@pytest.mark.slow
def test_they_are_read_back_as_they_were_written(some: list[Agency]) -> None:
    smallest = min(some, key=lambda each: len(each.scorecard.kpis))
    largest = max(some, key=lambda each: len(each.scorecard.kpis))
    pictured = next(each for each in some if each.scorecard.pictures)
    for each in (smallest, largest, pictured):
        found = outcome(each.workbook())
        assert found.scorecard == each.scorecard
        assert {problem.code for problem in found.problems} <= EXPECTED | _jump(each), each.name


def test_a_workbook_may_tell_what_its_objectives_serve() -> None:
    child = next(each for each in generate(60, SEED, upwards=True) if each.parent_objectives)
    card = outcome(child.workbook()).scorecard
    assert card == child.scorecard
    assert card.parent is not None
    assert card.parent.text == child.parent
    told = {each.code: code.text for each in card.objectives for code in each.parents}
    assert told == child.parent_objectives


def test_the_same_seed_gives_the_same_bytes() -> None:
    assert agency(11, SEED).workbook() == agency(11, SEED).workbook()


def _jump(each: Agency) -> set[str]:
    """A digit too many is told, and may break a cross-check."""
    return {"N223", "W225"} if each.contents.has_jump else set()


# --- faults -------------------------------------------------------------------------


def test_the_share_that_is_faulty_is_about_what_was_asked_for() -> None:
    faulty = [each for each in generate(most(), SEED, faulty=0.05) if each.fault]
    assert 0.03 < len(faulty) / most() < 0.08
    more = [each for each in generate(most(), SEED, faulty=0.2) if each.fault]
    assert {each.name for each in faulty} < {each.name for each in more}
    assert len({each.fault.name for each in more if each.fault}) > len(FAULTS) * 0.8


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_is_told_by_its_code(fault: Fault) -> None:
    small = replace(SMALL, fault=fault)
    content = small.workbook()
    scorecard, problems = read_bytes(content, file=small.file_name)
    if scorecard is not None and not has_errors(problems):
        results, found = compute(scorecard)
        problems = (*problems, *found, *plausibility_problems(results))
    assert _errors(problems) == set(small.codes)


SMALL = min(generate(60, SEED), key=lambda each: len(each.scorecard.kpis))


def _errors(problems: tuple[Problem, ...]) -> set[str]:
    return {problem.code for problem in problems if problem.code.startswith("E")}


# --- the command --------------------------------------------------------------------


@pytest.mark.slow
def test_the_command_fills_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, about = tmp_path / "many", tmp_path / "about.json"
    arguments = ["--count", "3", "--faulty", "1", "--jobs", "1", "--about", str(about)]
    assert main([str(folder), *arguments]) == 0
    assert capsys.readouterr().out.startswith("3 workbooks, ")
    told = json.loads(about.read_text(encoding="utf-8"))
    assert {each["file"] for each in told} <= {path.name for path in folder.iterdir()}
    for each in told:
        assert {"E000"} | _errors(check_workbook(folder / each["file"], ())[1]) >= set(
            each["codes"]
        )


def test_a_lock_file_lies_beside_a_workbook_that_is_open(tmp_path: Path) -> None:
    fault = next(each for each in FAULTS if each.beside)
    place = replace(SMALL, fault=fault).write(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {place.name, f"~${place.name}"}
