"""Every slip that staff make in Excel: its code, its sheet, its cell, and its words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from openpyxl.comments import Comment

from reportgen.model.missing_symbols import MissingReason
from reportgen.model.scorecard import Known, Missing
from reportgen.problems import CATALOGUE
from reportgen.problems.catalogue.workbook_problems import ENTRIES
from reportgen.workbook import read_bytes
from tests.factories.workbooks import (
    Change,
    Found,
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

FINAL: Change = ("基本資料", "B10", "定稿")


def test_the_sample_is_read_without_a_word() -> None:
    assert read_problems(sample_bytes()) == []


# What is put into the sample's cells, and what must be said.
CELLS: list[tuple[str, list[Change], Found]] = [
    ("blank item", [("基本資料", "B5", None)], [("E136", "基本資料", "B5")]),
    ("blank by white space", [("基本資料", "B5", " \u3000 ")], [("E136", "基本資料", "B5")]),
    ("blank name", [("構面", "B6", None)], [("E101", "構面", "B6")]),
    ("blank order", [("構面", "D6", None)], [("E101", "構面", "D6")]),
    ("blank formula", [("關鍵績效指標", "D7", None)], [("E101", "關鍵績效指標", "D7")]),
    ("blank figure in 範例", [("年度資料", "F5", None)], []),
    ("blank figures in 草稿", [("基本資料", "B10", "草稿"), ("年度資料", "F6", None),
        ("年度資料", "F9", None)], [("N149", "年度資料", "F6")]),
    ("blank figure in 定稿", [FINAL, ("年度資料", "F5", None)], [("E102", "年度資料", "F5")]),
    ("blank figure of another year", [FINAL, ("年度資料", "D5", None)], [
        ("W164", "年度資料", "D5"),
    ]),
    ("symbols in 定稿", [FINAL, ("年度資料", "F5", "-"), ("年度資料", "F6", "…")], []),
    ("misnamed heading", [("年度資料", "A4", "資料名稱")], [
        ("E104", "年度資料", "B4"),
        ("N152", "年度資料", "A4"),
    ]),
    ("no column of the data year", [("年度資料", "F4", "一百零五")], [
        ("N152", "年度資料", "F4"),
        ("E104", "年度資料", "A4"),
    ]),
    ("heading twice", [("年度資料", "H4", "資料來源")], [("E105", "年度資料", "H4")]),
    ("year twice", [("年度資料", "E4", "１０３年度")], [
        ("E105", "年度資料", "E4"),
        ("W145", "年度資料", "A4"),
    ]),
    ("years exchanged", [("年度資料", "D4", 104), ("年度資料", "E4", 103)], [
        ("W153", "年度資料", "E4"),
    ]),
    ("latest year first", [("年度資料", "D4", 105), ("年度資料", "F4", 103)], []),
    ("perspective twice", [("構面", "A6", "C")], [
        ("E106", "構面", "A6"),
        *(("E107", "策略目標", f"B{row}") for row in range(7, 13)),
    ]),
    ("KPI twice, wide", [("關鍵績效指標", "A6", "ＡＣ１.１")], [
        ("E106", "關鍵績效指標", "A6"),
        ("W110", "策略目標", "A6"),
        ("E107", "目標值", "A6"),
    ]),
    ("target twice", [("目標值", "A6", "AC1.1")], [("E106", "目標值", "A6")]),
    ("item twice", [("基本資料", "A6", "機關名稱")], [
        ("E137", "基本資料", "A6"),
        ("E120", "基本資料", "A5"),
    ]),
    ("unknown perspective", [("策略目標", "B14", "G")], [
        ("E107", "策略目標", "B14"),
        ("W111", "構面", "A8"),
    ]),
    ("unknown theme", [("策略目標", "C5", "A、D")], [("E107", "策略目標", "C5")]),
    ("unknown objective", [("關鍵績效指標", "B5", "AC9")], [
        ("E107", "關鍵績效指標", "B5"),
        ("W110", "策略目標", "A5"),
    ]),
    ("unknown KPI", [("目標值", "A5", "AC1.9")], [("E107", "目標值", "A5")]),
    ("no date", [("基本資料", "B7", "年底")], [("E108", "基本資料", "B7")]),
    ("impossible date", [("基本資料", "B7", "105-02-30")], [("E109", "基本資料", "B7")]),
    ("date of the common era", [("基本資料", "B7", "2017/3/29")], [("E123", "基本資料", "B7")]),
    ("no number", [("年度資料", "F5", "很多")], [("E111", "年度資料", "F5")]),
    ("number with a unit", [("年度資料", "F5", "17 人")], [("E112", "年度資料", "F5")]),
    ("number with a scale", [("年度資料", "F5", "42萬元")], [("E157", "年度資料", "F5")]),
    ("accountant's negative", [("年度資料", "F5", "(50)")], [("E125", "年度資料", "F5")]),
    ("refused, and not blank besides", [FINAL, ("年度資料", "F5", "１７人")], [
        ("E112", "年度資料", "F5"),
    ]),
    ("no such status", [("基本資料", "B10", "定搞")], [("E113", "基本資料", "B10")]),
    ("no such direction", [("關鍵績效指標", "F5", "高")], [("E113", "關鍵績效指標", "F5")]),
    ("formula that nobody calculated", [("年度資料", "F5", "=1+1")], [("E114", "年度資料", "F5")]),
    ("formula in a text", [("構面", "B5", '="顧"&"客"')], [("E114", "構面", "B5")]),
    ("error value", [("年度資料", "F5", "#DIV/0!")], [("E115", "年度資料", "F5")]),
    ("error value in a text", [("構面", "B5", "#N/A")], [("E115", "構面", "B5")]),
    ("figure twice", [("年度資料", "A6", "每年增加 創新研習班後之研習類別總數")], [
        ("E116", "年度資料", "A6"),
    ]),
    ("truth value", [("年度資料", "F5", True)], [("E117", "年度資料", "F5")]),
    ("beyond any figure", [("年度資料", "F5", 1e300)], [("E118", "年度資料", "F5")]),
    ("too many goals a page", [("基本資料", "B14", 11)], [("E118", "基本資料", "B14")]),
    ("half a place", [("關鍵績效指標", "E5", 1.5)], [("E138", "關鍵績效指標", "E5")]),
    ("negative weight", [("關鍵績效指標", "G5", -1)], [("E118", "關鍵績效指標", "G5")]),
    ("renamed item", [("基本資料", "A11", "任務")], [
        ("N141", "基本資料", "A11"),
        ("E120", "基本資料", "A5"),
    ]),
    ("too long", [("構面", "B5", "長" * 4001)], [("E126", "構面", "B5")]),
    ("perspective's name", [("構面", "B5", "長" * 31)], [("E126", "構面", "B5")]),
    ("theme's name", [("策略主題", "B5", "長" * 61)], [("E126", "策略主題", "B5")]),
    ("objective's name", [("策略目標", "D5", "長" * 121)], [("E126", "策略目標", "D5")]),
    ("objective's longest name", [("策略目標", "D5", "長" * 120)], []),
    ("KPI's name", [("關鍵績效指標", "C5", "長" * 121)], [("E126", "關鍵績效指標", "C5")]),
    ("formula", [("關鍵績效指標", "D5", "長" * 1001)], [("E126", "關鍵績效指標", "D5")]),
    ("longest formula", [("關鍵績效指標", "D5", "長" * 1000)], []),
    ("agency", [("基本資料", "B5", "長" * 61)], [("E126", "基本資料", "B5")]),
    ("mission", [("基本資料", "B11", "長" * 201)], [("E126", "基本資料", "B11")]),
    ("longest mission", [("基本資料", "B11", "長" * 200)], []),
    ("vision", [("基本資料", "B12", "長" * 101)], [("E126", "基本資料", "B12")]),
    ("core values", [("基本資料", "B13", "長" * 101)], [("E126", "基本資料", "B13")]),
    ("value's name", [("經營核心價值", "A5", "長" * 21)], [("E126", "經營核心價值", "A5")]),
    ("value's note", [("經營核心價值", "B5", "長" * 301)], [("E126", "經營核心價值", "B5")]),
    ("remark", [("年度資料", "H5", "長" * 301)], [("E126", "年度資料", "H5")]),
    ("no target", [("目標值", "D5", "越多越好")], [("E127", "目標值", "D5")]),
    ("target of two limits", [("目標值", "D5", "不低於18類以下")], [("E127", "目標值", "D5")]),
    ("goal without KPI", [("關鍵績效指標", "B5", "AP1")], [("W110", "策略目標", "A5")]),
    ("perspective without goals", [("構面", "A9", "Q"), ("構面", "B9", "品質"),
                                   ("構面", "C9", "品質面"), ("構面", "D9", 5),
                                   ("構面", "E9", 5)], [("W111", "構面", "A9")]),
    ("order twice", [("構面", "D6", 1)], [("W112", "構面", "D6")]),
    ("column of their own", [("年度資料", "I4", "核對")], [("N152", "年度資料", "I4")]),
    ("text number", [("年度資料", "F5", "１，２３４")], [("N154", "年度資料", "F5")]),
    ("zero-width space", [("構面", "B5", "顧\u200b客")], [("N155", "構面", "B5")]),
    ("light without a rate", [("燈號", "A5", "綠燈")], [("E101", "燈號", "B5")]),
    ("light twice", [("燈號", "A5", "綠燈"), ("燈號", "B5", 1), ("燈號", "A6", "綠燈"),
                     ("燈號", "B6", 0.8)], [("E106", "燈號", "A6")]),
    ("rate as 90", [("燈號", "A5", "綠燈"), ("燈號", "B5", 90)], [("E149", "燈號", "B5")]),
    ("revision without a day", [("修表紀錄", "C30", "改名")], [("E101", "修表紀錄", "A30")]),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "expected"), [case[1:] for case in CELLS], ids=[
    case[0] for case in CELLS
])  # fmt: skip
def test_a_slip_is_named_by_code_sheet_and_cell(changes: list[Change], expected: Found) -> None:
    assert sorted(read_problems(with_cells(*changes))) == sorted(expected)


def _hide_column(book: Workbook) -> None:
    page(book, "年度資料").column_dimensions["B"].hidden = True


def _hide_row(book: Workbook) -> None:
    page(book, "策略目標").row_dimensions[6].hidden = True


def _hide_sheet(book: Workbook) -> None:
    page(book, "構面").sheet_state = "hidden"


def _keep_headings_only(book: Workbook) -> None:
    page(book, "策略主題").delete_rows(5, 2)


SHEETS: list[tuple[str, Callable[[Workbook], object], Found]] = [
    ("missing", lambda book: book.remove(book["策略主題"]), [
        ("E103", "策略主題", ""),
    ]),
    ("all that refers is silent", lambda book: book.remove(book["策略目標"]), [
        ("E103", "策略目標", ""),
    ]),
    ("no KPI", lambda book: page(book, "關鍵績效指標").delete_rows(5, 9), [
        ("E121", "關鍵績效指標", "A5"),
    ]),
    ("optional and missing", lambda book: book.remove(book["修表紀錄"]), [
        ("N157", "修表紀錄", ""),
    ]),
    ("renamed", lambda book: setattr(book["燈號"], "title", "燈號表"), [
        ("N151", "燈號表", ""),
        ("N157", "燈號", ""),
    ]),
    ("spaced and wide", lambda book: setattr(book["目標值"], "title", "目標 值"), []),
    ("of their own", lambda book: book.create_sheet("開會紀錄"), [("N151", "開會紀錄", "")]),
    ("without rows", _keep_headings_only, [
        ("E121", "策略主題", "A5"),
    ]),
    ("hidden", _hide_sheet, [("N153", "構面", "")]),
    ("hidden row", _hide_row, [("N153", "策略目標", "A6")]),
    ("hidden column", _hide_column, [("N153", "年度資料", "B4")]),
    ("commented", lambda book: setattr(
        book["構面"]["B5"], "comment", Comment("請確認", "同事")
    ), []),
]  # fmt: skip


@pytest.mark.parametrize(("change", "expected"), [case[1:] for case in SHEETS], ids=[
    case[0] for case in SHEETS
])  # fmt: skip
def test_sheets_are_found_by_name(change: Callable[[Workbook], object], expected: Found) -> None:
    assert sorted(read_problems(changed(change))) == sorted(expected)


@pytest.mark.parametrize("number_format", ["yyyy-mm-dd", "mm-dd-yy"])
def test_a_date_is_no_figure(number_format: str) -> None:
    def enter(book: Workbook) -> None:
        cell = page(book, "年度資料")["F5"]
        cell.value, cell.number_format = 42729, number_format

    assert read_problems(changed(enter)) == [("E122", "年度資料", "F5")]


def test_all_problems_are_told_at_once() -> None:
    content = with_cells(
        ("基本資料", "B5", None), ("構面", "D6", "第二"), ("年度資料", "F5", "17 人"), FINAL
    )
    assert [code for code, *_ in read_problems(content)] == ["E136", "E111", "E112"]


def test_words_say_where_what_and_what_to_do() -> None:
    def line(*changes: Change) -> str:
        lines = [problem.line() for problem in read_bytes(with_cells(*changes))[1]]
        return next(each for each in lines if "W110" not in each)

    assert line(FINAL, ("年度資料", "F11", None)) == (
        "〔E102〕「年度資料」F11 尚未填寫：105年「當年度優質學校申請校數」。"
        "請填入數字；確無數值請填「-」。"
    )
    assert line(("年度資料", "F13", "17 人")) == (
        "〔E112〕「年度資料」F13 「105年 資本門預算數（本年度原預算）」的「17 人」帶有單位「人」。"
        "請只填「17」，單位請寫在單位欄或公式裡。"
    )
    assert line(("策略目標", "B14", "財務")) == (
        "〔E107〕「策略目標」B14 「構面」填了「財務」，但「構面」工作表沒有這個代碼。"
        "請從清單選取，或先在「構面」新增。是否為「F」？"
    ) or line(("策略目標", "B14", "財務")).endswith("是否為「L」？")
    assert line(("基本資料", "B7", "2017/3/29")) == (
        "〔E123〕「基本資料」B7 「封面日期」的「2017/3/29」是西元年。請改填民國日期「106-03-29」。"
    )


def test_words_for_items_do_not_speak_of_codes_or_rows() -> None:
    def lines(*changes: Change) -> list[str]:
        return [each.line() for each in read_bytes(with_cells(*changes))[1]]

    assert "〔E136〕「基本資料」B5 「機關名稱」尚未填寫。請填寫這一格。" in lines(
        ("基本資料", "B5", None)
    )
    assert ("〔E137〕「基本資料」A15 項目「願景」重複，B12 已經有了。請刪除其中一列。") in lines(
        ("基本資料", "A15", "願景"), ("基本資料", "B15", "別的")
    )
    assert (
        "〔E138〕「基本資料」B14 「每頁目標數」應為整數，但填了 2.5。"
        "請改填整數，可填的範圍是 1–10。"
    ) in lines(("基本資料", "B14", 2.5))


def test_words_for_a_long_text_tell_its_length_and_the_most() -> None:
    (problem,) = (
        each
        for each in read_bytes(with_cells(("基本資料", "B11", "長" * 300)))[1]
        if each.code == "E126"
    )
    assert problem.line() == (
        "〔E126〕「基本資料」B11 「使命」有 300 字，太長了。"
        "請縮短到 200 字以內，使文件容得下；細節請另以附件說明。"
    )


def test_a_missing_column_is_looked_for_among_the_unknown_ones() -> None:
    problems = read_bytes(with_cells(("關鍵績效指標", "D4", "計算公式及單位")))[1]
    missing = next(problem for problem in problems if problem.code == "E104")
    assert missing.fix() == ("請在標題列補上這個欄名。D4 的「計算公式及單位」是否就是這一欄？")
    assert missing.fix("en").endswith("Is it “計算公式及單位” in D4?")


def test_what_can_be_read_is_read_beside_the_problems() -> None:
    card = read_scorecard(with_cells(("構面", "D6", "第二"), ("年度資料", "F5", "17 人")))
    assert len(card.perspectives) == 4
    assert len(card.kpis) == 9
    assert card.figures[0].values[2].value == Missing(reason=MissingReason.BLANK)
    assert isinstance(card.figures[0].values[1].value, Known)


@pytest.mark.parametrize("cell", ["B7", "B8", "B9"])
def test_without_its_dates_or_its_year_there_is_no_scorecard(cell: str) -> None:
    scorecard, problems = read_bytes(with_cells(("基本資料", cell, "不詳")))
    assert scorecard is None
    assert problems


def test_every_code_has_words_in_both_languages() -> None:
    for code, entry in ENTRIES.items():
        assert CATALOGUE[code] is entry
        for chinese, english in (entry.message, entry.expected, entry.fix):
            assert chinese
            assert english
            assert "{hint}" not in english, code
            assert "{hint_en}" not in chinese, code
