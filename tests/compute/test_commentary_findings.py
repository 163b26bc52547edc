"""What a yearly review should say and does not; each remedy followed to the letter."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reportgen.compute import compute
from reportgen.compute.commentary_findings import commentary_findings, lowered_target_problems
from reportgen.model.scorecard import RocDate
from tests.factories.samples import scorecard, yearly_review
from tests.factories.scorecards import figure, goal, kpi, read

if TYPE_CHECKING:
    from reportgen.compute.result_types import Results
    from reportgen.workbook.writing.scorecard_rows import Content, Row

Sheets = dict[str, "list[Row]"]
ENTRY: Row = {"KPI代碼": "AC1.1", "年度": 105}
INITIATIVE: Row = {"策略目標": "AC1", "名稱": "方案"}
Found = list[tuple[str, str, str]]


def results(sheets: Sheets, target: Content = "≥5", direction: str = "越高越好") -> Results:
    """One KPI with 3 件 in 105."""
    card = read(
        關鍵績效指標=[kpi("甲（單位：件）", 方向=direction)],
        年度資料=[figure("甲", [1, 2, 3])],
        **({"目標值": [goal(target)]} | sheets),
    )
    return compute(card)[0]


def findings(**sheets: list[Row]) -> Found:
    problems = commentary_findings(results(sheets))
    return [(problem.code, problem.where.sheet, problem.where.cell) for problem in problems]


def test_the_sample_needs_no_words() -> None:
    found = compute(scorecard(yearly_review))[0]
    assert (*commentary_findings(found), *lowered_target_problems(found)) == ()


def test_a_missed_kpi_needs_reason_and_measures() -> None:
    assert findings() == [("W261", "關鍵績效指標", "A5")]
    assert findings(執行說明=[{**ENTRY, "年度": 104, "未達成原因": "甲", "因應策略": "乙"}]) == [
        ("W261", "關鍵績效指標", "A5")
    ]
    half = {**ENTRY, "未達成原因": "經費不足"}
    assert findings(執行說明=[half]) == [("W261", "執行說明", "A5")]
    (problem,) = commentary_findings(results({"執行說明": [half]}))
    assert "因應策略" in problem.message()
    assert "未達成原因" not in problem.message()
    assert findings(執行說明=[{**half, "因應策略": "增列預算"}]) == []


def test_a_kpi_that_is_reached_or_has_no_target_needs_no_words() -> None:
    assert commentary_findings(results({}, "≥3")) == ()
    assert findings(目標值=[]) == []


LATE = [("N262", "行動方案", "A5")]


@pytest.mark.parametrize(
    ("stage", "end", "expected"),
    [
        ("執行中", RocDate(105, 12, 24), LATE),
        (None, RocDate(105, 12, 24), LATE),
        ("規劃中", RocDate(104, 1, 1), LATE),
        ("已完成", RocDate(105, 12, 24), []),
        ("停止辦理", RocDate(105, 12, 24), []),
        ("執行中", RocDate(105, 12, 25), []),  # the day of the revision
        ("執行中", None, []),
    ],
)
def test_an_initiative_past_its_end_is_noted(
    stage: str | None, end: RocDate | None, expected: Found
) -> None:
    initiative = {**INITIATIVE, "辦理階段": stage, "結束日期": end}
    assert findings(目標值=[], 行動方案=[initiative]) == expected


@pytest.mark.parametrize(("year", "count"), [(105, 0), (103, 0), (106, 1), (99, 1)])
def test_words_that_no_review_prints_are_noted(year: int, count: int) -> None:
    entry = {**ENTRY, "年度": year, "執行情形": "完成"}
    expected = [("N263", "執行說明", "A5")]
    assert findings(目標值=[], 執行說明=[entry]) == expected * count


def lowered(
    before: Content,
    after: Content,
    sheets: Sheets | None = None,
    year: int = 106,
    direction: str = "越高越好",
) -> Found:
    targets: list[Row] = [{"KPI代碼": "AC1.1", year - 1: before, year: after}]
    found = lowered_target_problems(
        results({**(sheets or {}), "目標值": targets}, direction=direction)
    )
    return [(problem.code, problem.where.sheet, problem.where.cell) for problem in found]


@pytest.mark.parametrize(
    ("before", "after", "direction", "is_lowered"),
    [
        ("≥5", "≥4", "越高越好", True),
        ("5", "4", "越高越好", True),
        ("≥5", "≥5", "越高越好", False),
        ("≥5", "≥6", "越高越好", False),
        ("≤3", "≤4", "越低越好", True),
        ("3", "4", "越低越好", True),
        ("≤3", "≤2", "越低越好", False),
        ("5~8", "4~8", "越高越好", True),
        ("5~8", "5~9", "越低越好", True),
        ("≥5", "≤4", "越高越好", False),  # another kind of target
    ],
)
def test_a_lowered_target_is_found(
    before: str, after: str, direction: str, is_lowered: bool
) -> None:
    found = lowered(before, after, direction=direction)
    assert [code for code, *_ in found] == (["W262"] if is_lowered else [])
    assert all(sheet == "目標值" for _, sheet, _ in found)


def test_a_target_that_was_lowered_in_the_past_is_not_told_again() -> None:
    assert lowered("5", "4", year=105)
    assert lowered("5", "4", year=104) == []


@pytest.mark.parametrize(
    "sheets",
    [
        {"修表紀錄": [{"日期": RocDate(105, 12, 25), "項目": "AC1.1", "修正說明": "預算刪減"}]},
        {"修表紀錄": [{"日期": RocDate(105, 12, 25), "修正說明": "AC1.1預算刪減，調降目標"}]},
        {"執行說明": [{**ENTRY, "目標調整理由": "預算刪減"}]},
        {"執行說明": [{**ENTRY, "年度": 106, "目標調整理由": "預算刪減"}]},
    ],
)
def test_a_reason_excuses_a_lowered_target(sheets: Sheets) -> None:
    assert lowered("5", "4", sheets) == []


@pytest.mark.parametrize(
    "sheets",
    [
        {"修表紀錄": [{"日期": RocDate(105, 12, 25), "項目": "AC1.12", "修正說明": "預算刪減"}]},
        {"執行說明": [{**ENTRY, "年度": 103, "目標調整理由": "預算刪減"}]},
        {"執行說明": [{**ENTRY, "執行情形": "預算刪減"}]},
    ],
)
def test_another_entry_does_not(sheets: Sheets) -> None:
    assert lowered("5", "4", sheets) != []


@pytest.mark.parametrize(
    ("sheets", "message"),
    [
        ({}, "AC1.1 105年未達成，但「執行說明」沒有未達成原因、因應策略。"),
        (
            {"目標值": [], "執行說明": [{**ENTRY, "年度": 106, "執行情形": "完成"}]},
            "AC1.1 的說明屬於 106 年，105年度的報告不會列印。",
        ),
        (
            {"目標值": [], "行動方案": [{**INITIATIVE, "結束日期": RocDate(105, 12, 24)}]},
            "行動方案「方案」應於 105-12-24 結束，修表日期 105-12-25 時的辦理階段為（空白）。",
        ),
        (
            {
                "目標值": [],
                "行動方案": [
                    {**INITIATIVE, "結束日期": RocDate(105, 12, 24), "辦理階段": "執行中"}
                ],
            },
            "行動方案「方案」應於 105-12-24 結束，修表日期 105-12-25 時的辦理階段為執行中。",
        ),
    ],
)
def test_a_finding_says_what_it_is(sheets: Sheets, message: str) -> None:
    (problem,) = commentary_findings(results(sheets))
    assert problem.message() == message


def test_a_lowered_target_is_told_beside_the_one_before() -> None:
    targets: list[Row] = [{"KPI代碼": "AC1.1", 103: "≥1,600", 105: "≥1,500", 106: "≥1,200"}]
    found = [
        (problem.where.cell, problem.message())
        for problem in lowered_target_problems(results({"目標值": targets}))
    ]
    assert found == [
        ("D5", "AC1.1 105年的目標值 ≥1,500 比103年的 ≥1,600 寬鬆，沒有說明理由。"),
        ("E5", "AC1.1 106年的目標值 ≥1,200 比105年的 ≥1,500 寬鬆，沒有說明理由。"),
    ]
