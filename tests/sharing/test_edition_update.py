"""How a figure is written into the edition: as it is shown, in whatever format the cell has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from reportgen.model.scorecard import Known
from reportgen.workbook import read_bytes
from tests.factories.owner_parts import (
    cells,
    edited,
    edition,
    filled,
    merged,
    part_workbooks,
    returned,
    sample_card,
    workbook_of,
)
from tests.sharing.test_conflicts import formula, sheet_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from openpyxl import Workbook

pytestmark = pytest.mark.slow

PRIZES = "當年度優質學校獲獎校數"  # row 10
KPI = "關鍵績效指標"


def start(
    unit: str, previous: tuple[object, str], now: str, formula: str = f"{PRIZES}（單位：%）"
) -> bytes:
    """The sample whose row 10 has a unit, last year's figure and format, and a format this year."""

    def change(book: Workbook) -> None:
        page: Any = book["年度資料"]
        page["C10"].value = unit
        page["D10"].value = None
        page["E10"].value, page["E10"].number_format = previous
        page["F10"].value, page["F10"].number_format = None, now
        kpis: Any = book[KPI]
        kpis["D10"].value = formula

    return edited(workbook_of(sample_card()), change)


def typed(value: object, number_format: str | None = None) -> Callable[[Workbook], object]:
    """A figure typed into the part, in the format that is there or in another."""

    def change(book: Workbook) -> None:
        page: Any = book["填報資料"]
        row = next(row for row in range(5, 9) if page.cell(row, 1).value == PRIZES)
        cell = page.cell(row, 6)
        cell.value = value
        if number_format is not None:
            cell.number_format = number_format

    return change


@pytest.mark.parametrize(
    ("previous", "now", "typed_figure", "stored", "percent"),
    [
        ((36, "General"), "General", (43, None), "43", 43),
        ((36, "General"), "General", (0.43, "0%"), "43%", 43),  # a text: no cell to copy from
        ((0.36, "0%"), "General", (0.43, None), "0.43", 43),  # the part's cell is in % already
        ((0.36, "0%"), "0%", (0.43, None), "0.43", 43),
        ((36, "General"), "0%", (43, None), "43", 43),  # a text: 43 would be 4300%
        ((0.36, "0%"), "General", (43, "General"), "43", 43),
        ((36, "General"), "General", ("43.5%", "@"), "43.5%", 43.5),
    ],
)
def test_a_percentage_is_worth_what_the_part_shows(
    previous: tuple[object, str],
    now: str,
    typed_figure: tuple[object, str | None],
    stored: str,
    percent: float,
) -> None:
    content = start("%", previous, now)
    part = part_workbooks(edition(content))["研究組"]
    found = returned(filled(part, {}, change=typed(*typed_figure)))
    _, update, problems = merged(edition(content), [found])
    assert [problem for problem in problems if problem.code[0] == "E"] == []
    assert cells(update.content)["年度資料", 10, 6][1] == stored
    card, _ = read_bytes(update.content)
    assert card is not None
    figure = next(figure for figure in card.figures if figure.item.text == PRIZES)
    value = next(value.value for value in figure.values if value.year == 105)
    assert isinstance(value, Known)
    assert float(value.value) == percent
    again = merged(edition(update.content), [found])[1]
    assert again.changes == ()


@pytest.mark.parametrize("stage", ["設計", "60%", "完工"])
def test_the_stage_of_a_milestone_comes_back(stage: str) -> None:
    formula = "完成工作項目（規劃30%、設計60%、完工100%）"

    def milestone(book: Workbook) -> None:
        page: Any = book["年度資料"]
        page["A10"].value = "完成工作項目"

    content = edited(start("%", ("規劃", "General"), "General", formula), milestone)
    part = part_workbooks(edition(content))["研究組"]

    def type_stage(book: Workbook) -> None:
        page: Any = book["填報資料"]
        page["F6"].value = stage

    found = returned(filled(part, {}, change=type_stage))
    _, update, problems = merged(edition(content), [found])
    assert [problem for problem in problems if problem.code[0] == "E"] == []
    assert cells(update.content)["年度資料", 10, 6][1] == stage

    def unknown(book: Workbook) -> None:
        page: Any = book["填報資料"]
        page["F6"].value = "招標"

    _, update, problems = merged(
        edition(content), [returned(filled(part, {}, change=unknown), "a.xlsx")]
    )
    assert {(problem.where.file, problem.where.cell) for problem in problems} == {("a.xlsx", "F6")}
    assert update.changes == ()


def test_results_of_formulas_are_doubted_once_their_inputs_have_changed() -> None:
    """F11 is a formula of F10: its stored result is of the time before."""
    base = start_with_formula()
    content = formula(base, sheet_of(base, "年度資料"), "F11", "99")
    assert "W163" not in {problem.code for problem in read_bytes(content)[1]}
    part = part_workbooks(edition(content))["研究組"]
    found = returned(filled(part, {PRIZES: {"105": 17}}))
    _, update, problems = merged(edition(content), [found])
    assert [problem for problem in problems if problem.code[0] == "E"] == []
    doubted = {
        problem.where.cell for problem in read_bytes(update.content)[1] if problem.code == "W163"
    }
    assert doubted == {"F11"}


def start_with_formula() -> bytes:
    """An edition whose results a program has calculated, as Excel states."""

    def change(book: Workbook) -> None:
        page: Any = book["年度資料"]
        page["F10"].value = None
        assert book.calculation is not None
        book.calculation.fullCalcOnLoad = None
        book.calculation.calcId = 191029

    return edited(workbook_of(sample_card()), change)
