"""What Excel and its relatives do by habit changes no figure and no letter."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from reportgen.model.scorecard import Known
from tests.factories.bad import contents, files, layout
from tests.factories.bad.contents import shared
from tests.factories.bad.editing import Book, cell, edited, on
from tests.factories.bad.outcome import outcome, sample
from tests.factories.workbooks import read_scorecard, with_parts

if TYPE_CHECKING:
    from reportgen.model.scorecard import Scorecard
    from tests.factories.bad.editing import Sheet

CASES = {case.name: case for case in (*files.CASES, *layout.CASES, *contents.CASES)}

# Cases after which the very same scorecard is read, but for the places of its cells.
HABITS = (
    "Strict Open XML",
    "no dimension",
    "a dimension that lies",
    "a part that is packed",
    "30,000 named styles",
    "sheets in another order",
    "a sheet named with a space behind",
    "a sheet named in full width",
    "a hidden sheet",
    "a row inserted above all",
    "three rows between headings and data",
    "blank rows between all rows",
    "a column inserted before all",
    "a column of their own between",
    "the title merged",
    "names merged over their components",
    "headings in two rows",
    "a heading above the headings",
    "headings repeated for print",
    "headings of themes repeated",
    "perspectives merged",
    "objectives merged",
    "a heading with a line break",
    "a heading with spaces",
    "a heading as rich text",
    "a heading that is a formula",
    "years as 105年度",
    "years in full width",
    "a filter that hides rows",
    "a hidden row",
    "a hidden column",
    "all unused columns hidden",
    "totals of the weights",
    "a remark below the table",
    "a remark beside the table",
    "the last row far below",
    "columns of items exchanged",
    "a figure in full width",
    "a figure as text",
    "a figure with an apostrophe",
    "thousands",
    "thousands by format",
    "an accountant's format",
    "a unit by format",
    "a decimal that is shown",
    "a column formatted as text",
    "a formula with its result",
    "a formula that gives a text",
    "a shared formula",
    "a formula over several cells",
    "a formula of a table's column",
    "a binary rest",
    "a date of Excel",
    "a date with its time",
    "a date counted from 1904",
    "a date as a number",
    "a date in full width",
    "a date with dots",
    "a shared string with phonetics",
    "a shared string of rich text",
    "a shared string with spaces",
    "a carriage return",
    "a text by Google",
    "a file of LibreOffice",
)


def words(card: Scorecard) -> str:
    """The scorecard without the places of its cells."""
    return re.sub(r"CellRef\(sheet='[^']*', cell='[A-Z]+\d+'\)", "", repr(card))


@pytest.mark.parametrize("name", HABITS)
def test_a_habit_changes_nothing(name: str) -> None:
    before = sample().scorecard
    assert before is not None
    assert words(read_scorecard(CASES[name].make())) == words(before)


def name_of(content: bytes) -> str:
    return read_scorecard(content).perspectives[0].map_name.text


@pytest.mark.parametrize(
    ("inner", "text"),
    [
        ("<t>_x005F_x000D_</t>", "_x000D_"),
        ("<t>a_x005F_b</t>", "a_b"),
        ("<t>甲_x000D_\n乙</t>", "甲\n乙"),
        ("<t>甲_x000a_乙</t>", "甲\n乙"),
        ("<r><t>甲</t></r><r><t> 乙</t></r>", "甲 乙"),
        ("<t>東京</t><rPh sb='0' eb='2'><t>トウキョウ</t></rPh>", "東京"),
    ],
)
def test_a_shared_string_is_read_to_the_letter(inner: str, text: str) -> None:
    assert name_of(shared("構面", "B5", inner)()) == text


def test_a_table_of_excel_is_read_with_its_totals_as_a_row_of_its_own() -> None:
    card = read_scorecard(CASES["a table of Excel with totals"].make())
    assert card.figures[-1].item.text == "合計"
    assert card.figures[:-1] == read_scorecard(Book().content()).figures


def test_rows_and_columns_inserted_together_move_the_places_that_are_told() -> None:
    def change(page: Sheet) -> None:
        page.put("F10", "17 校")
        page.insert_rows(1, 2)
        page.insert_columns(2, 3)

    assert outcome(on("年度資料", change)()).places() == [("E112", "年度資料", "I12")]


def test_a_gap_between_the_years_is_told() -> None:
    found = outcome(on("年度資料", lambda page: page.delete_columns(5))())
    assert found.places() == [("W145", "年度資料", "A4")]


def test_a_cell_of_a_merged_figure_is_told_only_where_it_hides_something() -> None:
    def change(page: Sheet) -> None:
        page.merge("F13:F15")
        page.put("F13", None)

    assert "E140" not in {code for code, *_ in outcome(on("年度資料", change)()).places()}


def test_a_percentage_is_its_hundredth() -> None:
    card = read_scorecard(CASES["a percentage"].make())
    (figure,) = (each for each in card.figures if each.at.cell == "A10")
    assert figure.values[2].value == Known(value=Fraction(1, 8))


@pytest.mark.parametrize("mode", ["auto", "autoNoTable"])
def test_other_ways_of_calculating_are_not_told(mode: str) -> None:
    def change(book: Book) -> None:
        calculation = book.workbook.find("{*}calcPr")
        assert calculation is not None
        calculation.set("calcMode", mode)
        book.sheet("年度資料").put("F10", "<f>10+7</f><v>17</v>")

    assert outcome(edited(change)()).places() == []


def test_a_workbook_calculated_by_hand_without_formulas_is_current() -> None:
    content = Book().content()
    with_manual = Book(content)
    calculation = with_manual.workbook.find("{*}calcPr")
    assert calculation is not None
    calculation.set("calcMode", "manual")
    assert outcome(with_manual.content()).places() == []


def test_macros_are_noticed_whatever_else() -> None:
    content = with_parts({"xl/vbaProject.bin": b""}, cell("年度資料", "F10", "17 校")())
    assert outcome(content).places() == [("N156", "", ""), ("E112", "年度資料", "F10")]
