"""Staff move things: rows, columns, titles and merged cells never change what is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reportgen.model.missing_symbols import MissingReason
from tests.factories.workbooks import (
    changed,
    page,
    read_problems,
    read_scorecard,
    sample_bytes,
    with_cells,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

    from reportgen.model.scorecard import Scorecard


def contents(card: Scorecard) -> object:
    """What a scorecard says, wherever it stands."""
    return (
        (card.agency.text, card.cover_date, card.revised, card.mission.text),
        [(each.code, each.map_name.text, each.map_order) for each in card.perspectives],
        [(each.code, each.perspective, each.themes, each.name.text) for each in card.objectives],
        [(each.code, each.name.text, each.formula.text) for each in card.kpis],
        [
            (each.item.text, each.component.text, {year.year: year.value for year in each.values})
            for each in card.figures
        ],
        {(each.kpi, each.year, each.goal.text) for each in card.targets},
    )


def _on_every_sheet(change: Callable[[Worksheet], object]) -> Callable[[Workbook], None]:
    def apply(book: Workbook) -> None:
        for name in book.sheetnames[1:-1]:
            change(page(book, name))

    return apply


def _reverse_columns(sheet: Worksheet) -> None:
    for row in sheet.iter_rows(min_row=4):
        values = [cell.value for cell in row]
        for cell, value in zip(row, reversed(values), strict=True):
            cell.value = value


def _scatter_rows(sheet: Worksheet) -> None:
    for row in range(sheet.max_row, 4, -1):
        sheet.insert_rows(row, 2)


def _shout(sheet: Worksheet) -> None:
    for cell in sheet[4]:
        wide = {ord(letter): ord(letter) + 0xFEE0 for letter in "KPI0123456789"}
        cell.value = " \n".join(str(cell.value).translate(wide))


def _merge_title(sheet: Worksheet) -> None:
    sheet.insert_rows(1, 3)
    sheet["A1"] = "代碼"  # a title that looks like a heading
    sheet.merge_cells("A1:Z2")


def _sheets_reversed(book: Workbook) -> None:
    for name in book.sheetnames:
        book.move_sheet(name, -book.sheetnames.index(name))


CHANGES: list[tuple[str, Callable[[Workbook], object]]] = [
    ("columns in reverse", _on_every_sheet(_reverse_columns)),
    ("a column before", _on_every_sheet(lambda sheet: sheet.insert_cols(1, 2))),
    ("a column between", _on_every_sheet(lambda sheet: sheet.insert_cols(2))),
    ("rows before", _on_every_sheet(lambda sheet: sheet.insert_rows(1, 5))),
    ("no rows before", _on_every_sheet(lambda sheet: sheet.delete_rows(1, 3))),
    ("blank rows between", _on_every_sheet(_scatter_rows)),
    ("wide and broken headings", _on_every_sheet(_shout)),
    ("a merged title", _on_every_sheet(_merge_title)),
    ("sheets in another order", _sheets_reversed),
]


@pytest.mark.parametrize("change", [each[1] for each in CHANGES], ids=[each[0] for each in CHANGES])
def test_positions_never_matter(change: Callable[[Workbook], object]) -> None:
    content = changed(change)
    assert contents(read_scorecard(content)) == contents(read_scorecard(sample_bytes()))
    assert [code for code, *_ in read_problems(content) if code.startswith("E")] == []


def test_years_may_be_written_in_any_form() -> None:
    card = read_scorecard(
        with_cells(
            ("年度資料", "D4", "103年度"), ("年度資料", "E4", "１０４年"), ("年度資料", "F4", 105)
        )
    )
    assert contents(card) == contents(read_scorecard(sample_bytes()))


def test_a_cell_merged_downwards_speaks_for_each_of_its_rows() -> None:
    def merge(book: Workbook) -> None:
        sheet = page(book, "年度資料")
        sheet.merge_cells("A13:A15")  # 資本門預算數 beside its three components
        page(book, "關鍵績效指標").merge_cells("B11:B12")  # F1 beside its two KPIs

    card = read_scorecard(changed(merge))
    assert contents(card) == contents(read_scorecard(sample_bytes()))


def test_a_merged_figure_counts_once() -> None:
    def merge(book: Workbook) -> None:
        page(book, "年度資料").merge_cells("F13:F15")

    values = [figure.values[2].value for figure in read_scorecard(changed(merge)).figures[8:11]]
    assert [getattr(value, "reason", None) for value in values] == [
        None,
        MissingReason.BLANK,
        MissingReason.BLANK,
    ]


@pytest.mark.parametrize("content", ["共同", " 共 同 ", None])
def test_a_goal_of_all_themes_names_none(content: str | None) -> None:
    card = read_scorecard(with_cells(("策略目標", "C5", content)))
    assert card.objectives[0].themes == ()


@pytest.mark.parametrize("content", ["A、B", "B,A", "Ａ／Ｂ", "A B"])
def test_a_goal_may_belong_to_several_themes(content: str) -> None:
    card = read_scorecard(with_cells(("策略目標", "C5", content)))
    assert sorted(card.objectives[0].themes) == ["A", "B"]


def test_codes_are_found_by_their_key_and_kept_as_declared() -> None:
    card = read_scorecard(with_cells(("構面", "A5", "Ｃ"), ("策略目標", "B5", " C ")))
    assert card.perspectives[0].code == card.objectives[0].perspective == "Ｃ"


def test_rows_that_are_left_out_take_along_what_hangs_on_them() -> None:
    card = read_scorecard(with_cells(("構面", "A5", None)))
    assert {objective.perspective for objective in card.objectives} == {"P", "F", "L"}
    objectives = {objective.code for objective in card.objectives}
    assert {kpi.objective for kpi in card.kpis} <= objectives
    assert {target.kpi for target in card.targets} <= {kpi.code for kpi in card.kpis}


def test_a_sheet_that_never_ends_is_read_to_its_limit() -> None:
    def fill(book: Workbook) -> None:
        for row in range(5, 5010):
            page(book, "經營核心價值").cell(row, 1, "愛")

    assert read_problems(changed(fill)) == [("E129", "經營核心價值", "A5005")]


def test_cells_are_named_where_they_stand() -> None:
    card = read_scorecard(changed(_on_every_sheet(lambda sheet: sheet.insert_rows(1, 2))))
    assert str(card.agency.at) == "基本資料!B7"
    assert str(card.kpis[0].formula.at) == "關鍵績效指標!D7"
    assert str(card.figures[0].values[0].at) == "年度資料!D7"
