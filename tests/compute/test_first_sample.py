"""The first sample's nine KPIs, worked out by hand, and every cell behind them."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook

from reportgen.compute import compute, plausibility_problems
from reportgen.model.missing_symbols import MissingReason
from reportgen.model.scorecard import CellRef, DataStatus, Known, Missing
from tests.factories.samples import scorecard, teachers_center, workbook

if TYPE_CHECKING:
    from reportgen.compute.result_types import KpiYear
    from reportgen.model.scorecard import Figure, Scorecard

BUDGETS = ("F1.1", "F1.2")

# For 103, 104, 105: exact figure, as shown, target, rate, verdict, change from the year before.
# F1.1 in 105: 9,859,650 + 288,400 + 251,950 = 10,400,000; by 10,600,000 it is 52/53; by 90 %
# 520/477. F1.2 in 105: 195,221,680 + 1,617,000 + 4,510,720 = 201,349,400 by 202,430,000.
Row = tuple[str, str, str, str, str, str]
EXPECTED: dict[str, tuple[Row, Row, Row]] = {
    "AC1.1": (
        ("14", "14", "14", "100.00%", "達成", ""),
        ("16", "16", "16", "100.00%", "達成", "+2 類別數 14.29%"),
        ("19", "19", "18", "105.56%", "達成", "+3 類別數 18.75%"),
    ),
    "BC1.1": (
        ("28", "28", "25", "112.00%", "達成", ""),
        ("33", "33", "30", "110.00%", "達成", "+5 人 17.86%"),
        ("41", "41", "40", "102.50%", "達成", "+8 人 24.24%"),
    ),
    "AP3.1": (
        ("4", "4", "4", "100.00%", "達成", ""),
        ("5", "5", "5", "100.00%", "達成", "+1 場次 25.00%"),
        ("6", "6", "6", "100.00%", "達成", "+1 場次 20.00%"),
    ),
    "BP1.1": (
        ("52", "52", "50", "104.00%", "達成", ""),
        ("61", "61", "60", "101.67%", "達成", "+9 件 17.31%"),
        ("68", "68", "70", "97.14%", "未達成", "+7 件 11.48%"),
    ),
    "BP2.1": (
        ("5", "5", "5", "100.00%", "達成", ""),
        ("6", "6", "6", "100.00%", "達成", "+1 次數 20.00%"),
        ("8", "8", "8", "100.00%", "達成", "+2 次數 33.33%"),
    ),
    "BP3.1": (
        ("15/42", "35.71%", "≥35%", "102.04%", "達成", ""),
        ("18/45", "40.00%", "≥38%", "105.26%", "達成", "+4.29 百分點 12.00%"),
        ("17/40", "42.50%", "≥40%", "106.25%", "達成", "+2.50 百分點 6.25%"),
    ),
    "F1.1": (
        ("915/938", "97.55%", "≥90%", "108.39%", "達成", ""),
        ("9379/9580", "97.90%", "≥90%", "108.78%", "達成", "+0.35 百分點 0.36%"),
        ("52/53", "98.11%", "≥90%", "109.01%", "達成", "+0.21 百分點 0.22%"),
    ),
    "F1.2": (
        ("1889028/1902700", "99.28%", "≥95%", "104.51%", "達成", ""),
        ("1939575/1951900", "99.37%", "≥95%", "104.60%", "達成", "+0.09 百分點 0.09%"),
        ("2013494/2024300", "99.47%", "≥95%", "104.70%", "達成", "+0.10 百分點 0.10%"),
    ),
    "L1.1": (
        ("6", "6", "6", "100.00%", "達成", ""),
        ("7", "7", "7", "100.00%", "達成", "+1 類別數 16.67%"),
        ("9", "9", "8", "112.50%", "達成", "+2 類別數 28.57%"),
    ),
}


def original() -> Scorecard:
    return scorecard(teachers_center)


def of(card: Scorecard, code: str, year: int = 105) -> KpiYear:
    result = compute(card)[0].of(code)
    assert result is not None
    of_year = result.of(year)
    assert of_year is not None
    return of_year


def row(result: KpiYear) -> Row:
    assert isinstance(result.actual.value, Known)
    assert result.target is not None
    assert result.rate is not None
    change = result.change
    return (
        str(result.actual.value.value),
        result.actual.text,
        result.target.shown,
        result.rate.text,
        result.verdict,
        f"{change.difference.text} {change.unit} {change.relative.text}" if change else "",
    )


@pytest.mark.parametrize("code", EXPECTED)
def test_every_year_of_a_kpi(code: str) -> None:
    result = compute(original())[0].of(code)
    assert result is not None
    expected = [(str(Fraction(exact)), *others) for exact, *others in EXPECTED[code]]
    assert [row(each) for each in result.years] == expected
    assert all(each.light is None for each in result.years)  # no thresholds, no lights


def test_all_kpis_in_their_order_and_nothing_in_the_way() -> None:
    results, problems = compute(original())
    assert [each.kpi.code for each in results.kpis] == list(EXPECTED)
    assert results.years == (103, 104, 105)
    assert problems == ()
    assert results.roll_ups == ()  # no weights


def test_the_budgets_read_twenty_four_cells_a_year() -> None:
    for year in (103, 104, 105):
        parts = [
            part
            for code in BUDGETS
            for each in of(original(), code, year).evidence
            for part in each.parts
        ]
        assert len({part.at for part in parts}) == 24


def test_every_cell_of_the_evidence_holds_the_figure() -> None:
    book = load_workbook(BytesIO(workbook(teachers_center)), read_only=False, data_only=True)
    results, _ = compute(original())
    read = 0
    for result in results.kpis:
        for of_year in result.years:
            for each in of_year.evidence:
                for part in each.parts:
                    assert isinstance(part.value, Known)
                    assert (
                        Fraction(str(book[part.at.sheet][part.at.cell].value)) == part.value.value
                    )
                    read += 1
    assert read == 3 * (6 + 2 + 24)


def emptied(card: Scorecard, at: CellRef) -> Scorecard:
    """The edition with one cell of 年度資料 left blank."""
    blank = Missing(reason=MissingReason.BLANK)

    def row_of(figure: Figure) -> Figure:
        values = tuple(replace(v, value=blank) if v.at == at else v for v in figure.values)
        return replace(figure, values=values)

    return replace(card, figures=tuple(map(row_of, card.figures)))


BUDGET_CELLS = [
    (code, part.at, each.name, part.component)
    for code in BUDGETS
    for each in of(original(), code).evidence
    for part in each.parts
]


@pytest.mark.parametrize(("code", "at", "name", "component"), BUDGET_CELLS)
def test_a_component_that_is_missing_is_named_by_its_cell(
    code: str, at: CellRef, name: str, component: str
) -> None:
    assert original().status is DataStatus.SAMPLE
    result = of(emptied(original(), at), code)
    (gap,) = result.gaps
    assert (gap.at, gap.name, gap.component) == (at, name, component)
    assert result.actual.value == Missing(reason=MissingReason.BLANK)
    assert result.actual.text == "（待填）"
    assert result.verdict == ""  # never achieved
    assert result.rate is not None
    assert result.rate.text == "（待填）"  # never 0 %
    assert "（待填）" in result.substitution


def test_a_blank_of_an_earlier_year_is_not_to_be_filled_in_any_more() -> None:
    at = of(original(), "F1.1", 103).evidence[0].parts[0].at
    result = of(emptied(original(), at), "F1.1", 103)
    assert result.actual.text == "…"
    assert [gap.at for gap in result.gaps] == [at]
    after = of(emptied(original(), at), "F1.1", 104).change
    assert after is not None
    assert (after.difference.text, after.relative.text) == ("…", "…")


def test_rules_compare_sums_of_components() -> None:
    results, _ = compute(original())
    shown = [
        [(each.year, each.left.text, each.right.text, each.holds) for each in check.years]
        for check in results.checks
    ]
    assert shown == [
        [
            (103, "190,270,000", "9,380,000", True),
            (104, "195,190,000", "9,580,000", True),
            (105, "202,430,000", "10,600,000", True),
        ],
        [
            (103, "182,792,300", "8,498,700", True),
            (104, "187,949,350", "8,867,020", True),
            (105, "195,221,680", "9,859,650", True),
        ],
        [(103, "42", "15", True), (104, "45", "18", True), (105, "40", "17", True)],
    ]


def test_what_the_document_writes_in_two_ways_is_listed_and_nothing_else() -> None:
    results, _ = compute(original())
    found = [
        (each.code, each.where.sheet, each.where.cell, dict(each.fields)["found"])
        for each in plausibility_problems(results)
    ]
    assert found == [
        ("N221", "關鍵績效指標", "D5", "每年"),
        ("N221", "關鍵績效指標", "D6", "每年"),
        ("N221", "關鍵績效指標", "D13", "每年"),
        ("N221", "關鍵績效指標", "D10", "*"),
        ("N221", "關鍵績效指標", "D10", "句尾有。"),
        ("N221", "關鍵績效指標", "D11", "單位:（半形）"),
        ("N221", "關鍵績效指標", "D12", "單位:（半形）"),
        ("N222", "構面", "C7", "財務流程"),
    ]
