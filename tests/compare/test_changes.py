"""What counts as a change, and what a change shows."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, permutations
from typing import Any

import pytest

from reportgen.compare import ChangeKind, Section, compare_scorecards
from reportgen.compare.changes import LineChange, longest_increasing_positions, printed_cells
from reportgen.compare.scorecard_items import ItemLine
from reportgen.model.scorecard import CellRef, Direction, Scorecard, Text
from tests.factories.samples import scorecard, teachers_center, yearly_review

CARD = scorecard(teachers_center)
REVIEWED = scorecard(yearly_review)


def text(words: str) -> Text:
    return Text(text=words, at=CellRef(sheet="新", cell="Z9"))


def first_edited(kind: str, **changes: Any) -> Scorecard:
    first, *others = getattr(CARD, kind)
    edited: dict[str, Any] = {kind: (replace(first, **changes), *others)}
    return replace(CARD, **edited)


def line(words: str, *refers_to: str) -> ItemLine:
    return ItemLine(
        label="主題", text=words, at=CellRef(sheet="策略目標", cell="A5"), refers_to=refers_to
    )


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        (line("甲"), line("甲"), False),
        (line("甲"), line("乙"), True),
        (line("甲"), None, True),
        (None, line("甲"), True),
        (line(""), None, False),  # a blank line says as much as none
        (None, None, False),
        (line("甲", "A"), line("乙", "A"), False),  # the theme is renamed
        (line("甲", "A"), line("甲", "B"), True),
        (line("甲", "A"), line("共同"), True),
        (line("共同"), line("甲", "A"), True),
    ],
)
def test_a_line_has_changed(old: ItemLine | None, new: ItemLine | None, changed: bool) -> None:
    assert LineChange(label="主題", old=old, new=new).changed is changed


def test_a_change_shows_what_identifies_the_item_and_what_has_changed() -> None:
    (change,) = compare_scorecards(CARD, first_edited("kpis", direction=Direction.LOWER)).changes
    assert [line_.label for line_ in change.lines] == ["名稱", "計算公式及計量單位", "方向"]
    old_cells, new_cells = printed_cells(compare_scorecards(CARD, CARD))
    assert (old_cells, new_cells) == (frozenset(), frozenset())
    edited = first_edited("kpis", name=text("增加各類創新研習班後之類別總數"))
    old_cells, new_cells = printed_cells(compare_scorecards(CARD, edited))
    assert old_cells == {CellRef(sheet="關鍵績效指標", cell=cell) for cell in ("C5", "D5")}
    assert new_cells == {CellRef(sheet="新", cell="Z9"), CellRef(sheet="關鍵績效指標", cell="D5")}


def test_an_added_or_removed_item_shows_its_lines_but_the_blank_ones() -> None:
    without = replace(CARD, kpis=CARD.kpis[1:], targets=CARD.targets)
    for old, new, kind in ((without, CARD, ChangeKind.ADDED), (CARD, without, ChangeKind.REMOVED)):
        change = next(
            each for each in compare_scorecards(old, new).changes if each.section is Section.KPIS
        )
        assert change.kinds == (kind,)
        assert [line_.label for line_ in change.lines] == ["名稱", "計算公式及計量單位", "方向"]
        assert {line_.new is None for line_ in change.lines} == {kind is ChangeKind.REMOVED}
        assert {line_.old is None for line_ in change.lines} == {kind is ChangeKind.ADDED}


def test_a_theme_that_is_nowhere_listed_is_no_change() -> None:
    card = first_edited("objectives", themes=("Z",))
    assert compare_scorecards(card, card).changes == ()


def test_a_renamed_parent_moves_no_item() -> None:
    """The perspective C is called X now, and so its objectives say."""
    perspectives = tuple(
        replace(each, code="X") if each.code == "C" else each for each in CARD.perspectives
    )
    objectives = tuple(
        replace(each, perspective="X") if each.perspective == "C" else each
        for each in CARD.objectives
    )
    found = compare_scorecards(
        CARD, replace(CARD, perspectives=perspectives, objectives=objectives)
    )
    assert [(change.section, change.kinds) for change in found.changes] == [
        (Section.PERSPECTIVES, (ChangeKind.RECODED,))
    ]


def test_an_item_without_a_code_has_changed_if_its_name_has() -> None:
    rule = CARD.cross_checks[0].rule
    edited = first_edited("cross_checks", rule=replace(rule, text=f"{rule.text}+0"))
    (change,) = compare_scorecards(CARD, edited).changes
    assert (change.section, change.kinds) == (Section.CHECKS, (ChangeKind.CHANGED,))


def test_words_of_a_new_year_are_no_item_of_their_own() -> None:
    """The KPI had no words before; of the new year, only the count is told."""
    words = REVIEWED.commentaries[0]
    old = replace(REVIEWED, commentaries=REVIEWED.commentaries[1:])
    new = replace(old, data_year=106, commentaries=(*old.commentaries, replace(words, year=106)))
    (change,) = compare_scorecards(old, new).changes
    assert (change.section, change.kinds) == (Section.COMMENTARIES, (ChangeKind.NEW_YEAR,))
    assert change.years == ((106, len(words.texts)),)


@pytest.mark.parametrize(("year", "kinds"), [(104, ["新增"]), (105, ["新增"]), (106, ["新增年度"])])
def test_words_are_of_a_new_year_after_the_data_year(year: int, kinds: list[str]) -> None:
    words = REVIEWED.commentaries[0]
    old = replace(REVIEWED, commentaries=())
    new = replace(REVIEWED, commentaries=(replace(words, year=year),))
    (change,) = compare_scorecards(old, new).changes
    assert [kind.value for kind in change.kinds] == kinds


def of_years(*years: int) -> Scorecard:
    """The sample with the figures of some years, each the same."""
    figures = tuple(
        replace(figure, values=tuple(replace(figure.values[0], year=year) for year in years))
        for figure in CARD.figures
    )
    return replace(CARD, figures=figures)


def test_new_years_are_told_in_order_with_their_figures() -> None:
    (change,) = compare_scorecards(of_years(104), of_years(106, 104, 105)).changes
    count = len(CARD.figures)
    assert change.years == ((105, count), (106, count))


def test_figures_of_an_edition_that_had_none_are_added_one_by_one() -> None:
    changes = compare_scorecards(replace(CARD, figures=()), CARD).changes
    assert {change.kinds for change in changes} == {(ChangeKind.ADDED,)}
    assert len(changes) == len(CARD.figures)


@pytest.mark.parametrize(
    ("kind", "section"),
    [
        ("themes", Section.THEMES),
        ("values", Section.VALUES),
        ("cross_checks", Section.CHECKS),
        ("figures", None),
    ],
)
def test_the_order_is_compared_where_it_is_printed(kind: str, section: Section | None) -> None:
    first, second, *others = getattr(CARD, kind)
    turned_items: dict[str, Any] = {kind: (second, first, *others)}
    turned = compare_scorecards(CARD, replace(CARD, **turned_items)).changes
    assert [change.section for change in turned] == ([section] if section else [])
    assert all(change.kinds == (ChangeKind.REORDERED,) for change in turned)


def test_a_new_order_of_one_parent_names_its_items() -> None:
    """Those of the other parents, and one that was moved there, are left out."""
    kpi = CARD.kpis[0]
    one, two, three = (
        replace(kpi, code=f"AC1.{number}", name=text(name))
        for number, name in enumerate(("甲甲甲", "乙乙乙", "丙丙丙"), start=1)
    )
    old = replace(CARD, kpis=(one, two, replace(three, objective="BC1")), targets=())
    new = replace(CARD, kpis=(three, two, one), targets=())
    moved, order = compare_scorecards(old, new).changes
    assert moved.kinds == (ChangeKind.MOVED,)
    assert order.old_order == ("AC1.1 甲甲甲", "AC1.2 乙乙乙")
    assert order.new_order == ("AC1.2 乙乙乙", "AC1.1 甲甲甲")


@pytest.mark.parametrize(
    ("places", "positions"),
    [
        ([], set()),
        ([7], {0}),
        ([1, 2, 3], {0, 1, 2}),
        ([3, 1, 2], {1, 2}),
        ([2, 1], {1}),
        ([1, 1], {1}),  # strictly
        ([1, 3, 2, 4], {0, 2, 3}),
    ],
)
def test_the_longest_increasing_positions(places: list[int], positions: set[int]) -> None:
    assert longest_increasing_positions(places) == positions


def test_no_longer_increasing_sequence_exists() -> None:
    for places in permutations(range(5)):
        found = longest_increasing_positions(places)
        assert [places[position] for position in sorted(found)] == sorted(
            places[position] for position in found
        )
        longer = combinations(places, len(found) + 1)
        assert not any(list(chosen) == sorted(chosen) for chosen in longer)
