"""The roll-up: which workbook counts, who stands where, what serves what."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.exports.results_json import figure_object, results_json
from reportgen.model.scorecard import DataStatus, Direction, Known
from reportgen.problems import make_problem
from reportgen.rollup import ExpectedAgency, KpiStatus, Submission, SubmissionState, roll_up
from reportgen.rollup.distribution import RATE_CLASS_BOUNDS
from reportgen.rollup.perspectives import perspective_key
from tests.factories.rollups import city, codes, handed

if TYPE_CHECKING:
    from reportgen.rollup import RollUp

REFUSED = make_problem("E302", found="x.xlsx", hint="", hint_en="")


def refused(agency: str = "", workbook: str = "x.xlsx") -> Submission:
    return Submission(workbook=workbook, results=None, problems=(REFUSED,), agency=agency)


def rolled_up(*workbooks: Submission, roster: str = "", year: int | None = None) -> RollUp:
    expected = [ExpectedAgency(agency=name) for name in roster]
    rolled, problems = roll_up(workbooks, expected, year=year)
    assert problems == rolled.problems
    return rolled


def states(rolled: RollUp) -> dict[str, str]:
    return {each.name: each.state.value for each in rolled.agencies}


# --- which workbook counts ----------------------------------------------------------


def test_every_agency_stands_somewhere() -> None:
    draft = handed("乙", status=DataStatus.DRAFT)
    rolled = rolled_up(handed("甲"), draft, refused("丙"), roster="丁丙乙甲")
    assert states(rolled) == {"丁": "未交", "丙": "待補正", "乙": "草稿", "甲": "定稿"}
    assert [each.name for each in rolled.counted] == ["乙", "甲"]
    assert rolled.problems == ()


def test_nobody_is_missing_without_a_roster() -> None:
    rolled = rolled_up(handed("乙"), handed("甲"))
    assert list(states(rolled)) == sorted("乙甲")
    assert all(each.expected for each in rolled.agencies)


def test_the_newest_sound_edition_counts_and_the_others_are_told() -> None:
    old = handed("甲", 1, edition=(105, 6, 30))
    new = handed("甲", 12)
    newer = refused("甲", "甲/106-06-30.xlsx")
    rolled = rolled_up(old, new, newer)
    (agency,) = rolled.agencies
    assert (agency.used, agency.not_counted, agency.refused) == (new, (old,), (newer,))
    assert agency.state is SubmissionState.FINAL
    (problem,) = rolled.problems
    assert (problem.code, problem.where.file) == ("N241", "甲/105-06-30.xlsx")


@pytest.mark.parametrize(
    ("value", "status", "used", "told"),
    [
        (12, DataStatus.FINAL, "a.xlsx", "N242"),  # the same twice: the first path
        (11, DataStatus.FINAL, "a.xlsx", "W246"),
        (12, DataStatus.DRAFT, "b.xlsx", "W246"),  # a is a draft, b is final
    ],
)
def test_of_two_workbooks_of_one_edition_one_counts(
    value: int, status: DataStatus, used: str, told: str
) -> None:
    pair = [handed("甲", value, workbook="a.xlsx", status=status), handed("甲", workbook="b.xlsx")]
    for order in (pair, pair[::-1]):
        rolled = rolled_up(*order)
        (agency,) = rolled.agencies
        assert agency.used is not None
        assert agency.used.workbook == used
        assert codes(rolled.problems) == [told]
        assert rolled.tally.total == 1


def test_one_who_is_not_on_the_roster_counts_and_is_told() -> None:
    rolled = rolled_up(handed("澄海縣政府文化處"), roster="")
    assert rolled.problems == ()
    expected = [ExpectedAgency(agency="澄海縣政府文化局"), ExpectedAgency(agency="乙")]
    rolled, problems = roll_up([handed("澄海縣政府文化處")], [*expected, expected[1]])
    assert states(rolled) == {
        "澄海縣政府文化局": "未交",
        "乙": "未交",
        "澄海縣政府文化處": "定稿",
    }
    assert codes(problems) == ["W247", "W245"]
    assert "是否為「澄海縣政府文化局」？" in problems[1].fix()


@pytest.mark.parametrize(
    ("workbook", "agency"),
    [
        ("澄海縣政府文化局/106-03-01.xlsx", "澄海縣政府文化局"),
        ("澄海縣政府_壞檔.xlsx", "澄海縣政府"),  # and not 文化局, whose name begins so
        ("壞檔.xlsx", "壞檔.xlsx"),
    ],
)
def test_an_unreadable_workbook_is_whose_its_path_says(workbook: str, agency: str) -> None:
    expected = [ExpectedAgency(agency="澄海縣政府"), ExpectedAgency(agency="澄海縣政府文化局")]
    rolled, problems = roll_up([refused(workbook=workbook)], expected)
    (owner,) = (each.name for each in rolled.agencies if each.refused)
    assert owner == agency
    assert problems == ()


def test_most_agencies_decide_the_year_and_the_others_are_told() -> None:
    rolled = rolled_up(handed("甲"), handed("乙"), handed("丙", year=104, edition=(105, 3, 1)))
    assert rolled.year == 105
    assert codes(rolled.problems) == ["W248"]
    (late,) = (each for each in rolled.standings if each.agency.name == "丙")
    assert (late.now, late.status) == (None, KpiStatus.NO_FIGURE)
    assert rolled_up(handed("甲"), year=104).year == 104
    assert rolled_up(refused("甲")).year is None


# --- figures ------------------------------------------------------------------------


def test_every_figure_is_that_of_the_agencys_own_results() -> None:
    handed_in = city(5)
    rolled = rolled_up(*handed_in)
    compared = 0
    for each in handed_in:
        assert each.results is not None
        told = json.loads(results_json(each.results))
        own = [s for s in rolled.standings if s.agency.name == told["agency"]]
        assert [s.result.kpi.code for s in own] == [kpi["code"] for kpi in told["kpis"]]
        for standing, kpi in zip(own, told["kpis"], strict=True):
            years = {year["year"]: year for year in kpi["years"]}
            year = years.get(rolled.year)
            assert (standing.now is None) == (year is None)
            if standing.now and year:
                assert figure_object(standing.actual, standing.now.actual.text) == year["actual"]
                rate = standing.now.rate
                assert (rate and figure_object(rate.value, rate.text)) == year["rate"]
                judged = {"達成": KpiStatus.MET, "未達成": KpiStatus.MISSED}
                assert judged.get(year["verdict"]) in (standing.status, None)
                compared += 1
    assert compared > 60


def test_where_a_kpi_stands() -> None:
    stands = {
        value: rolled_up(handed("甲", value)).standings[0].status for value in (12, 10, 9, None)
    }
    assert list(stands.values()) == [
        KpiStatus.MET,
        KpiStatus.MET,
        KpiStatus.MISSED,
        KpiStatus.NO_FIGURE,
    ]


def test_rates_on_the_edge_of_a_class_belong_to_the_upper_one() -> None:
    values: list[Fraction | int | None] = [
        5,
        6,
        Fraction(79, 10),
        8,
        9,
        10,
        Fraction(109, 10),
        11,
        20,
        None,
    ]
    rolled = rolled_up(*(handed(f"第{n}處", value) for n, value in enumerate(values)))
    assert rolled.tally.classes == (1, 2, 1, 1, 2, 2)
    assert rolled.tally.without_rate == 1
    assert rolled.tally.median == Fraction(9, 10)  # of nine rates the fifth
    assert rolled.tally.share == Fraction(4, 9)


# --- perspectives -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("顧客", "顧客"),
        ("顧客構面", "顧客"),
        ("顧 客 面", "顧客"),
        ("學習與成長", "學習成長"),
        ("學習及成長構面", "學習成長"),
        ("市民", "市民"),
        ("方面", "方面"),
    ],
)
def test_ways_of_writing_a_perspective(written: str, key: str) -> None:
    rolled = rolled_up(handed("甲", perspective=written))
    assert perspective_key(rolled.standings[0].perspective) == key


def test_the_name_of_a_perspective_is_the_one_that_most_write() -> None:
    names = ["顧客構面", "顧客", "顧客", "市民"]
    rolled = rolled_up(*(handed(f"第{n}處", perspective=name) for n, name in enumerate(names)))
    assert [(each.name, each.names, each.agencies) for each in rolled.perspectives] == [
        ("顧客", ("顧客", "顧客構面"), 3),
        ("市民", ("市民",), 1),
    ]


# --- rankings -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "direction", "ranks", "without"),
    [
        ([1, 2, 3], Direction.HIGHER, [("丙", 1), ("乙", 2), ("甲", 3)], ""),
        ([1, 2, 3], Direction.LOWER, [("甲", 1), ("乙", 2), ("丙", 3)], ""),
        ([2, 2, 1, 2], Direction.HIGHER, [("甲", 1), ("乙", 1), ("丁", 1), ("丙", 4)], ""),
        ([5, None, 5, 4], Direction.HIGHER, [("甲", 1), ("丙", 1), ("丁", 3)], "乙"),
        ([0, None, -1], Direction.HIGHER, [("甲", 1), ("丙", 2)], "乙"),  # none is not zero
        ([None, None, None], Direction.HIGHER, [], "甲乙丙"),
        # 2.3333 and 2.33 are shown alike but differ
        ([Fraction(7, 3), Fraction(233, 100), 1], Direction.LOWER,
         [("丙", 1), ("乙", 2), ("甲", 3)], ""),
    ],
)  # fmt: skip
def test_ranks(
    values: list[Fraction | int | None],
    direction: Direction,
    ranks: list[tuple[str, int]],
    without: str,
) -> None:
    names = "甲乙丙丁"[: len(values)]
    workbooks = (handed(n, v, direction=direction) for n, v in zip(names, values, strict=True))
    rolled = rolled_up(*workbooks, roster=names)
    (ranking,) = rolled.rankings
    assert [(each.standing.agency.name, each.rank) for each in ranking.ranked] == ranks
    assert "".join(each.agency.name for each in ranking.without) == without


@pytest.mark.parametrize(
    "third",
    [
        {"unit": "人"},
        {"direction": Direction.LOWER},
        {"unit": "達成與否"},
    ],
)
def test_what_differs_is_not_compared(third: dict[str, Any]) -> None:
    assert rolled_up(handed("甲"), handed("乙"), handed("丙", **third)).rankings == ()
    assert len(rolled_up(handed("甲"), handed("乙"), handed("丙", unit="件 ")).rankings) == 1


# --- the cascade --------------------------------------------------------------------


def test_objectives_serve_those_of_the_parent() -> None:
    above = handed("局", goals=("E1", "E2"))
    below = handed("所", parent="局", serves=("E2",))
    beside = handed("館", parent=" 局")
    rolled = rolled_up(beside, below, above)
    (cascade,) = rolled.cascades
    assert cascade.parent.name == "局"
    served = {
        each.objective.code: [(agency.name, goal.code) for agency, goal in each.served_by]
        for each in cascade.objectives
    }
    assert served == {"E1": [], "E2": [("所", "AC1")]}
    assert {each.name for each in cascade.below} == {"所", "館"}
    assert [each.name for each in cascade.unlinked] == ["館"]
    assert rolled.problems == ()


def test_parents_come_before_their_children() -> None:
    rolled = rolled_up(
        handed("丙", parent="甲"),
        handed("甲", parent="乙"),
        handed("乙"),
        handed("丁", parent="丙"),
    )
    assert [(each.parent.name, each.depth) for each in rolled.cascades] == [
        ("乙", 0),
        ("甲", 1),
        ("丙", 2),
    ]


def test_references_that_lead_nowhere_are_told_with_their_cells() -> None:
    above = handed("澄海縣政府教育局", goals=("E1", "F12"))
    stray = handed("甲", parent="澄海縣政府教育局", serves=("E1", "F13"))
    lost = handed("乙", parent="澄海縣教育局", serves=("E1", "E2"))
    waiting = handed("丙", parent="丁", serves=("E1",))
    rolled = rolled_up(above, stray, lost, waiting, refused("丁"))
    told = {each.where.file[0]: each for each in rolled.problems}
    assert {name: each.code for name, each in told.items()} == {
        "甲": "W242",
        "乙": "W241",
        "丙": "W241",
    }
    assert {str(each.where.text()).partition("「")[2] for each in told.values()} == {"策略目標」E5"}
    assert "是否為「F12」？" in told["甲"].fix()
    assert "是否為「澄海縣政府教育局」？" in told["乙"].fix()
    assert "是否為" not in told["丙"].fix()


def test_parents_that_go_round_end() -> None:
    rolled = rolled_up(
        handed("甲", parent="乙"), handed("乙", parent="甲"), handed("丙", parent="丙")
    )
    assert codes(rolled.problems) == ["W243", "W243"]
    ways = {dict(each.fields)["found"] for each in rolled.problems}
    assert "丙 → 丙" in ways
    assert len(rolled.cascades) == 3


def test_a_parent_that_the_roster_names_otherwise_is_told() -> None:
    roster = [ExpectedAgency(agency="甲", parent="乙"), ExpectedAgency(agency="丙", parent="乙")]
    rolled, problems = roll_up([handed("甲", parent="丁"), handed("丙")], roster)
    assert [(each.name, each.parent) for each in rolled.agencies] == [("甲", "丁"), ("丙", "乙")]
    assert [(each.code, each.where.cell) for each in problems] == [("W244", "B15")]


# --- whatever comes -----------------------------------------------------------------

_WORKBOOKS = st.lists(
    st.tuples(
        st.sampled_from("甲乙丙丁"),
        st.sampled_from([None, 0, 9, 10, 11, 12]),
        st.sampled_from([(105, 3, 1), (106, 3, 1)]),
        st.sampled_from(["", "甲", "戊"]),
    ),
    max_size=6,
)


@settings(max_examples=40, deadline=None)
@given(_WORKBOOKS, st.randoms(use_true_random=False), st.booleans())
def test_the_order_changes_nothing_and_the_counts_add_up(
    drawn: list[tuple[str, int | None, tuple[int, int, int], str]], chance: object, listed: bool
) -> None:
    workbooks = [
        handed(name, value, edition=edition, parent=parent, serves=("AC1",), workbook=f"{n}.xlsx")
        for n, (name, value, edition, parent) in enumerate(drawn)
    ]
    workbooks.append(refused("甲", "9.xlsx"))
    roster = [ExpectedAgency(agency=name) for name in "甲丙己"] if listed else []
    rolled = roll_up(workbooks, roster)
    chance.shuffle(workbooks)  # type: ignore[attr-defined]
    assert roll_up(workbooks, roster) == rolled
    made = rolled[0]
    assert sum(len(made.of_state(state)) for state in SubmissionState) == len(made.agencies)
    assert sum(len(each.submissions) for each in made.agencies) == len(workbooks)
    assert made.tally.total == len(made.standings) == len(made.counted)
    assert sum(made.tally.classes) + made.tally.without_rate == made.tally.total
    assert sum(each.tally.total for each in made.perspectives) == made.tally.total
    for ranking in made.rankings:
        assert len(ranking.ranked) + len(ranking.without) >= ranking.agencies
        figures = [each.standing.actual for each in ranking.ranked]
        assert all(isinstance(each, Known) for each in figures)
    assert len(RATE_CLASS_BOUNDS) + 1 == len(made.tally.classes)
