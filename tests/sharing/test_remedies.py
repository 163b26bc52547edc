"""Each remedy of a conflict, followed to the letter: the problem is gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.factories.owner_parts import cells, edited, edition, filled, part_workbooks
from tests.sharing.test_conflicts import (
    CASES,
    PRIZES,
    SCHOOLS,
    TYPES,
    Case,
    attempt,
    blank_part,
    in_data,
    part,
    set_cell,
    start,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from openpyxl import Workbook

E = "年度資料"


def unmerge(book: Workbook) -> None:
    page: object = book[E]
    page.unmerge_cells("F9:F10")  # type: ignore[attr-defined]


def both(*changes: Callable[[Workbook], object]) -> Callable[[Workbook], object]:
    def change(book: Workbook) -> None:
        for single in changes:
            single(book)

    return change


# The case, what its remedy changes in the edition, and in each part.
REMEDIES: dict[str, tuple[str, tuple[Callable[[Workbook], object], ...], str]] = {
    "the unit is right": ("the cell was changed in the edition", (set_cell(E, "F10", 17),), "17"),
    "the item has its name back": (
        "the item was renamed",
        (
            set_cell(E, "A10", PRIZES),
            set_cell("關鍵績效指標", "D10", f"{PRIZES}/{SCHOOLS}*100%。(單位：%)"),
        ),
        "17",
    ),
    "the formula is replaced": (
        "the edition's cell is a formula",
        (set_cell(E, "F10", 17),),
        "17",
    ),
    "the cells are separated": ("the edition's cell is merged with another", (unmerge,), "17"),
    "the column is added": (
        "the edition has no column for a note",
        (set_cell(E, "H4", "備註"),),
        "17",
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", REMEDIES)
def test_the_edition_is_put_right(name: str) -> None:
    case_name, changes, figure = REMEDIES[name]
    case = CASES[case_name]
    assert attempt(case)[2]
    mended = edited(case.now(), both(*changes))
    _, update, problems = attempt(Case((), case.parts, lambda: mended))
    assert problems == []
    assert cells(update.content)[E, 10, 6][1] == figure


PARTS: dict[str, tuple[str, Callable[[], tuple[bytes, ...]]]] = {
    "the edition is right": (
        "the cell was changed in the edition",
        lambda: (part({PRIZES: {"105": 16}}),),
    ),
    "the formula stays": (
        "the edition's cell is a formula",
        lambda: (part({PRIZES: {"105": 16}}),),
    ),
    "the deleted row is given up": (
        "the row was deleted",
        lambda: (part({PRIZES: {"105": None}}),),
    ),
    "the figure is entered again": ("a figure was cleared", lambda: (part(),)),
    "the units agree": ("two parts give a cell differently", lambda: (part(), part())),
    "a part is taken away": ("two parts give a cell differently", lambda: (part(),)),
    "the row has its name back": (
        "an item was overtyped",
        lambda: (part(change=in_data("A6", PRIZES)),),
    ),
    "the unit of measure is restored": (
        "the unit of measure was overtyped",
        lambda: (part(change=in_data("C6", "校")),),
    ),
    "last year's figure is restored": (
        "last year's figure was overtyped",
        lambda: (part(change=in_data("E6", 18)),),
    ),
    "it is signed": ("nobody has signed", lambda: (part(),)),
    "it is signed as it is": ("it was never touched", lambda: (filled(blank_part(), {}),)),
    "the figure has no unit": ("the figure has a unit", lambda: (part({PRIZES: {"105": 17}}),)),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", PARTS)
def test_the_part_is_put_right(name: str) -> None:
    case_name, parts = PARTS[name]
    case = CASES[case_name]
    assert attempt(case)[2]
    _, _, problems = attempt(Case((), parts, case.now))
    assert [problem for problem in problems if problem.code not in {"N711"}] == []


def test_another_unit_of_measure_is_converted_on_both_sides() -> None:
    case = CASES["the unit of measure was changed"]
    mended = edited(case.now(), set_cell(E, "F10", 34))
    _, update, problems = attempt(Case((), lambda: (part({PRIZES: {"105": 34}}),), lambda: mended))
    assert problems == []
    assert cells(update.content)[E, 10, 6][1] == "34"
    assert cells(update.content)[E, 5, 6][1] == "19"


@pytest.mark.slow
def test_an_edition_that_is_shared_again_takes_the_part() -> None:
    revised = edited(start(), set_cell("基本資料", "B8", "106-03-29"))
    again = part_workbooks(edition(revised))["研究組"]
    contents: dict[str, dict[str, object]] = {TYPES: {"105": 19}}
    _, update, problems = attempt(Case((), lambda: (filled(again, contents),), lambda: revised))
    assert problems == []
    assert len(update.changes) == 1
