"""Missed KPIs across agencies: their reasons, and who has stated none."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING

import openpyxl
import pytest

from reportgen.compute import compute
from reportgen.documents import rollup_numbers, rollup_open_document
from reportgen.model.scorecard import CellRef, Commentary, Text
from reportgen.rollup import Submission, roll_up
from reportgen.views.rollup import missed_view as limits
from reportgen.views.rollup.missed_view import missed_kpis, missed_view
from reportgen.workbook.reading.sheet_reader import read_sheets
from reportgen.workbook.reading.zip_package import Package
from tests.factories.rollups import card

if TYPE_CHECKING:
    from reportgen.rollup import RollUp

AT = CellRef(sheet="執行說明", cell="A5")


def submission(agency: str, value: int, *, year: int = 105, **words: str) -> Submission:
    """An agency whose one KPI has the target ≥10, with words on it."""
    made = card(agency, value)
    texts = {
        name: Text(text=words.get(name, ""), at=AT)
        for name in ("progress", "shortfall_reason", "measures", "target_reason")
    }
    if words:
        commentary = Commentary(kpi="AC1.1", year=year, at=AT, **texts)
        made = replace(made, commentaries=(commentary,))
    results, problems = compute(made)
    return Submission(workbook=f"{agency}.xlsx", results=results, problems=problems)


def collection() -> RollUp:
    """Reached; missed with all words; missed without measures; without any."""
    return roll_up(
        [
            submission("甲", 12, progress="多辦。"),
            submission("乙", 7, shortfall_reason="只有 {AC1.1} 件。", measures="一、加開。"),
            submission("丙", 8, shortfall_reason="人力不足。"),
            submission("丁", 9),
        ]
    )[0]


def test_words_are_printed_with_their_figures_and_who_owes_some_is_named() -> None:
    view = missed_view(missed_kpis(collection()))
    assert view is not None
    rows = [
        (agency.name, row.kpi.actual, row.reason, row.measures)
        for agency in view.agencies
        for row in agency.rows
    ]
    assert sorted(rows) == [
        ("丁", "9", "（待填）", "（待填）"),
        ("丙", "8", "人力不足。", "（待填）"),
        ("乙", "7", "只有 7 件。", "一、加開。"),
    ]
    assert sorted(view.without_words) == ["丁（AC1.1）", "丙（AC1.1）"]
    assert (view.total, view.left_out) == (3, 0)


def test_nobody_is_asked_for_words_where_no_agency_has_any_in_the_year() -> None:
    for words in ({}, {"year": 104, "shortfall_reason": "去年。"}):
        rolled, _ = roll_up([submission("乙", 7, **words), submission("甲", 12)])  # type: ignore[arg-type]
        assert missed_view(missed_kpis(rolled)) is None


@pytest.mark.parametrize(("name", "most"), [("MAX_MISSED_ROWS", 2), ("MAX_MISSED_CHARS", 12)])
def test_the_lowest_rates_are_listed_and_all_who_owe_words_are_named(
    monkeypatch: pytest.MonkeyPatch, name: str, most: int
) -> None:
    monkeypatch.setattr(limits, name, most)
    view = missed_view(missed_kpis(collection()))
    assert view is not None
    assert {agency.name for agency in view.agencies} == {"乙", "丙"} - (
        {"丙"} if name == "MAX_MISSED_CHARS" else set()
    )
    assert view.left_out == view.total - len(view.agencies)
    assert len(view.without_words) == 2


def test_workbook_lists_every_missed_kpi_with_what_is_blank() -> None:
    sheet = openpyxl.load_workbook(BytesIO(rollup_numbers(collection())))["未達成"]
    headings, *rows = sheet.iter_rows(values_only=True)
    cells = [dict(zip(headings, row, strict=True)) for row in rows]
    shown = ("機關", "KPI代碼", "目標值", "實績數值", "未達成原因", "因應策略", "尚未填寫")
    assert sorted(tuple(row[name] or "" for name in shown) for row in cells) == [
        ("丁", "AC1.1", "≥10", 9, "", "", "未達成原因、因應策略"),
        ("丙", "AC1.1", "≥10", 8, "人力不足。", "", "因應策略"),
        ("乙", "AC1.1", "≥10", 7, "只有 7 件。", "一、加開。", ""),
    ]
    assert [row["達成率"] for row in cells if row["機關"] == "乙"] == [0.7]


def test_open_document_has_the_sheet_too() -> None:
    package = Package(rollup_open_document(collection()))
    (sheet,) = read_sheets(package, lambda name: name == "未達成").sheets
    assert len(sheet.rows) == 4
