"""執行說明 and 行動方案: what is read, carried over, and refused."""

from __future__ import annotations

from fractions import Fraction
from io import BytesIO
from typing import TYPE_CHECKING

import pytest

from reportgen.model.scorecard import InitiativeStage, RocDate
from reportgen.workbook import read_bytes
from reportgen.workbook.writing.new_edition import next_edition, previous_edition, same_edition
from reportgen.workbook.writing.scorecard_rows import rows_by_sheet
from reportgen.workbook.writing.workbook_writer import write_rows
from tests.factories.samples import scorecard, teachers_center, workbook, yearly_review
from tests.factories.scorecards import figure, kpi, rows
from tests.factories.workbooks import (
    changed,
    part,
    read_problems,
    read_scorecard,
    sample_bytes,
)

if TYPE_CHECKING:
    from reportgen.workbook.writing.scorecard_rows import Row
    from tests.factories.workbooks import Found


def content(**sheets: list[Row]) -> bytes:
    """A workbook of two KPIs with these sheets."""
    target = BytesIO()
    given = rows(
        關鍵績效指標=[kpi("甲（單位：件）"), kpi("乙（單位：件）", "AC1.2")],
        年度資料=[figure("甲", [1, 2, 3]), figure("乙", [1, 2, 3])],
        **sheets,
    )
    write_rows(given, target, modified=teachers_center.REVISED)
    return target.getvalue()


def test_words_and_initiatives_are_read_with_their_cells() -> None:
    card = scorecard(yearly_review)
    missed = next(commentary for commentary in card.commentaries if commentary.kpi == "BP1.1")
    assert (missed.year, missed.at.sheet, missed.at.cell) == (105, "執行說明", "A8")
    assert missed.shortfall_reason.text.startswith("範例：目標值為 {BP1.1 目標值} 件")
    assert missed.measures.at.cell == "E8"
    assert [text.at.cell for text in missed.texts] == ["C8", "D8", "E8"]
    first, *_, last = card.initiatives
    assert (first.objective, first.budget, first.stage) == (
        "AC1",
        Fraction(1850),
        InitiativeStage.FINISHED,
    )
    assert (last.start, last.end) == (RocDate(105, 2, 1), RocDate(105, 11, 30))


def test_a_workbook_without_the_sheets_is_as_it_was() -> None:
    card = read_scorecard(sample_bytes())
    assert (card.commentaries, card.initiatives) == ((), ())
    assert "執行說明".encode() not in part("xl/workbook.xml", sample_bytes())
    assert "行動方案" not in part("xl/workbook.xml", sample_bytes()).decode()
    assert [code for code, *_ in read_problems(sample_bytes()) if code == "N157"] == []


def test_everything_reaches_the_workbook_again() -> None:
    card = scorecard(yearly_review)
    assert rows_by_sheet(card)["行動方案"] == [
        {"經費（千元）": None, **initiative} for initiative in yearly_review.INITIATIVES
    ]
    again = read_scorecard(workbook(yearly_review))
    assert (again.commentaries, again.initiatives) == (card.commentaries, card.initiatives)


def test_a_new_workbook_has_a_row_of_words_for_each_kpi_of_its_year() -> None:
    old = previous_edition(scorecard(yearly_review), workbook(yearly_review), ())
    following = next_edition(old, RocDate(106, 12, 25), 106).rows["執行說明"]
    assert [(row["KPI代碼"], row["年度"]) for row in following][-9:] == [
        (code, 106) for code, *_ in teachers_center.KPIS
    ]
    assert list(following[:9]) == list(old.rows["執行說明"])
    assert same_edition(old).rows["執行說明"] == old.rows["執行說明"]
    # Rows to be filled in are no words.
    empty = next_edition(old, RocDate(106, 12, 25), 106).to_bytes()
    assert {entry.year for entry in read_scorecard(empty).commentaries} == {105}


ENTRY: Row = {"KPI代碼": "AC1.1", "年度": 105, "執行情形": "辦理完成"}
INITIATIVE: Row = {"策略目標": "AC1", "名稱": "方案"}


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ([ENTRY, {**ENTRY, "KPI代碼": "AC1.2"}, {**ENTRY, "年度": 104}], []),
        ([{**ENTRY, "KPI代碼": "AC9.9"}], [("E107", "執行說明", "A5")]),
        ([{**ENTRY, "年度": None}], [("E101", "執行說明", "B5")]),
        ([{**ENTRY, "年度": "今年"}], [("E111", "執行說明", "B5")]),
        ([{**ENTRY, "年度": 2016}], [("E118", "執行說明", "B5")]),
        ([ENTRY, ENTRY], [("E106", "執行說明", "A6")]),
        ([{**ENTRY, "執行情形": "字" * 1001}], [("E126", "執行說明", "C5")]),
    ],
)
def test_words_are_refused_by_their_cell(entries: list[Row], expected: Found) -> None:
    assert read_problems(content(執行說明=entries)) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"開始日期": "105-01-01", "結束日期": "105年12月31日", "辦理階段": "執行中"}, []),
        ({"策略目標": "ZZ9"}, [("E107", "行動方案", "A5")]),
        ({"名稱": None, "主辦單位": "研究組"}, [("E101", "行動方案", "B5")]),
        (
            {"開始日期": "105-12-31", "結束日期": "105-12-30"},
            [("E162", "行動方案", "E5")],
        ),
        ({"辦理階段": "快好了"}, [("E113", "行動方案", "F5")]),
        ({"經費（千元）": "約一百"}, [("E111", "行動方案", "F5")]),
        ({"經費（千元）": -1}, [("E118", "行動方案", "F5")]),
    ],
)
def test_an_initiative_is_refused_by_its_cell(given: Row, expected: Found) -> None:
    assert read_problems(content(行動方案=[{**INITIATIVE, **given}])) == expected


def test_an_end_that_is_put_right_is_accepted() -> None:
    right = {**INITIATIVE, "開始日期": "105-12-30", "結束日期": "105-12-30"}
    assert read_problems(content(行動方案=[right])) == []


def test_a_sheet_of_remarks_is_not_suggested_to_be_words() -> None:
    with_remarks = changed(lambda book: book.create_sheet("備註說明"))
    _, problems = read_bytes(with_remarks)
    (unread,) = (problem for problem in problems if problem.code == "N151")
    assert "執行說明" not in unread.line()
