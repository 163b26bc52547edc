"""上級機關 and 上位目標: two that may be there, read and written like all others."""

from __future__ import annotations

from io import BytesIO

import pytest

from reportgen.model.scorecard import RocDate
from reportgen.workbook import read_bytes, rows_by_sheet
from reportgen.workbook.writing.new_edition import blank_edition
from reportgen.workbook.writing.workbook_writer import write_rows
from tests.factories.samples import teachers_center
from tests.factories.scorecards import YEARS, figure, kpi, rows

PARENT = "臺北市政府教育局"


def workbook(code: str, parent: str | None = PARENT) -> bytes:
    made = rows(關鍵績效指標=[kpi("甲（單位：件）")], 年度資料=[figure("甲", [1, 2, 3])])
    made["策略目標"] = [{**made["策略目標"][0], "上位目標": code}]
    if parent:
        made["基本資料"] = [*made["基本資料"], {"項目": "上級機關", "內容": parent}]
    target = BytesIO()
    write_rows(made, target, modified=teachers_center.REVISED, years=YEARS)
    return target.getvalue()


@pytest.mark.parametrize(
    ("written", "codes"),
    [("E1", ["E1"]), ("E1、E2", ["E1", "E2"]), ("E1,E1", ["E1"]), ("", [])],
)
def test_codes_of_the_parent_are_read_with_their_cell(written: str, codes: list[str]) -> None:
    card, problems = read_bytes(workbook(written))
    assert card is not None
    assert card.parent is not None
    assert str(card.parent) == PARENT
    (goal,) = card.objectives
    assert [each.text for each in goal.parents] == codes
    assert {str(each.at) for each in goal.parents} <= {"策略目標!E5"}
    assert "W114" not in [problem.code for problem in problems]
    target = BytesIO()
    write_rows(rows_by_sheet(card), target, modified=card.revised, years=YEARS)
    again, _ = read_bytes(target.getvalue())
    assert again is not None
    assert (again.parent, again.objectives) == (card.parent, card.objectives)


def test_a_reference_upwards_without_an_agency_is_told() -> None:
    card, problems = read_bytes(workbook("E1", parent=None))
    assert card is not None
    assert card.parent is None
    (problem,) = (each for each in problems if each.code == "W114")
    assert problem.where.text() == "「策略目標」E5"


def test_a_workbook_made_before_is_written_as_before() -> None:
    target = BytesIO()
    write_rows(rows(), target, modified=teachers_center.REVISED, years=YEARS)
    assert read_column(target.getvalue()) == (["代碼", "構面", "主題", "名稱"], False)


def test_a_new_workbook_offers_both() -> None:
    columns, asked = read_column(blank_edition(RocDate(106, 3, 29), 105).to_bytes())
    assert (columns[-1], asked) == ("上位目標", True)


def read_column(content: bytes) -> tuple[list[str], bool]:
    """The headings of 策略目標, and whether 基本資料 asks for the parent."""
    from openpyxl import load_workbook

    book = load_workbook(BytesIO(content))
    headings = [str(cell.value) for cell in book["策略目標"][4] if cell.value]
    asked = any(row[0].value == "上級機關" for row in book["基本資料"].iter_rows())
    book.close()
    return headings, asked
