"""results.json and the sheets of numbers: the same figures as the results, in a fixed form."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook

from reportgen.compute import compute
from reportgen.exports.results_json import results_json
from reportgen.model.scorecard import DataStatus, Known
from reportgen.workbook import write_results
from tests.factories.samples import SAMPLES, scorecard, second_agency, teachers_center, workbook
from tests.factories.scorecards import figure, goal, kpi, read
from tests.validators.office import audit_findings

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

    from reportgen.compute.result_types import Results

EVERY_SAMPLE = pytest.mark.parametrize("sample", SAMPLES.values(), ids=list(SAMPLES))


def results_of(sample: ModuleType) -> Results:
    return compute(scorecard(sample))[0]


def as_json(results: Results) -> dict[str, Any]:
    found = json.loads(results_json(results))
    assert isinstance(found, dict)
    return found


def sheets(results: Results) -> dict[str, list[dict[str, Any]]]:
    """Each sheet's rows by their headings: value and number format."""
    target = BytesIO()
    write_results(results, target)
    found = {}
    for page in load_workbook(target).worksheets:
        headings, *rows = page.iter_rows(min_row=4)
        names = [str(cell.value) for cell in headings]
        found[page.title] = [dict(zip(names, row, strict=True)) for row in rows]
    return found


def test_the_object_names_its_schema_and_its_edition() -> None:
    found = as_json(results_of(teachers_center))
    assert list(found) == [
        *("schema", "agency", "edition", "data_year", "status", "years"),
        *("kpis", "roll_ups", "checks"),
    ]
    assert (found["schema"], found["edition"]) == ("reportgen.results/1", "105-12-25")
    assert (found["data_year"], found["years"], found["status"]) == (105, [103, 104, 105], "範例")


def test_one_kpi_and_year_in_full() -> None:
    (share,) = (
        each
        for each in as_json(results_of(teachers_center))["kpis"]
        if each["unit"] == "%" and each["objective"] == "BP3"
    )
    year = share["years"][-1]
    assert share["formula"]["cell"] == "D10"
    assert year["actual"] == {
        "exact": "17/40",
        "decimal": "0.425",
        "shown": "42.50%",
        "missing": None,
    }
    assert year["rate"]["exact"] == "17/16"
    assert year["change"]["difference"]["shown"] == "+2.50"
    assert year["inputs"][1]["cells"] == [
        {
            "component": "",
            "exact": "40",
            "decimal": "40",
            "shown": "40",
            "missing": None,
            "unit": "校",
            "factor": "1",
            "sheet": "年度資料",
            "cell": "F11",
        }
    ]


def test_a_fraction_that_no_decimal_ends_has_none() -> None:
    card = read(
        關鍵績效指標=[kpi("甲/乙（單位：%）")], 年度資料=[figure("甲", [1]), figure("乙", [3])]
    )
    actual = as_json(compute(card)[0])["kpis"][0]["years"][-1]["actual"]
    assert actual == {"exact": "1/3", "decimal": None, "shown": "33.33%", "missing": None}


def test_a_missing_figure_is_no_figure() -> None:
    card = read(關鍵績效指標=[kpi("甲（單位：件）")], 年度資料=[figure("甲", [None])])
    year = as_json(compute(card)[0])["kpis"][0]["years"][-1]
    assert year["actual"] == {
        "exact": None,
        "decimal": None,
        "shown": "（待填）",
        "missing": "尚未填寫",
    }
    assert [(each["sheet"], each["cell"]) for each in year["gaps"]] == [("年度資料", "F5")]
    assert (year["target"], year["rate"], year["verdict"]) == (None, None, None)


@EVERY_SAMPLE
def test_figures_are_strings_and_equal_the_results(sample: ModuleType) -> None:
    results = results_of(sample)
    found = as_json(results)
    for result, told in zip(results.kpis, found["kpis"], strict=True):
        for each, year in zip(result.years, told["years"], strict=True):
            if isinstance(each.actual.value, Known):
                assert Fraction(year["actual"]["exact"]) == each.actual.value.value
            assert year["actual"]["shown"] == each.actual.text
    assert not [each for each in _leaves(found) if isinstance(each, float)]


def _leaves(part: object) -> list[object]:
    if isinstance(part, dict):
        return [leaf for each in part.values() for leaf in _leaves(each)]
    if isinstance(part, list):
        return [leaf for each in part for leaf in _leaves(each)]
    return [part]


@EVERY_SAMPLE
def test_every_cell_that_is_named_holds_the_figure(sample: ModuleType) -> None:
    book = load_workbook(BytesIO(workbook(sample)), data_only=True)
    read_back = 0
    for told in as_json(results_of(sample))["kpis"]:
        assert (
            book[told["formula"]["sheet"]][told["formula"]["cell"]].value == told["formula"]["text"]
        )
        for part in (p for y in told["years"] for i in y["inputs"] for p in i["cells"]):
            if part["exact"] is not None:
                cell = book[part["sheet"]][part["cell"]]
                assert Fraction(str(cell.value)) == Fraction(part["exact"])
                read_back += 1
    assert read_back > 80


@EVERY_SAMPLE
def test_the_same_results_give_the_same_bytes(sample: ModuleType) -> None:
    again = compute(scorecard(sample))[0]
    assert results_json(results_of(sample)) == results_json(again)
    first, second = BytesIO(), BytesIO()
    write_results(results_of(sample), first)
    write_results(again, second)
    assert first.getvalue() == second.getvalue()


def test_results_as_numbers_with_formats() -> None:
    found = sheets(results_of(second_agency))
    assert list(found) == ["年度成果", "數值來源", "加權達成率", "勾稽結果"]
    rows = {(row["KPI代碼"].value, row["年度"].value): row for row in found["年度成果"]}
    assert len(rows) == 40 * 3
    share = rows["M2.2", 111]
    assert share["實績值"].value == pytest.approx(22717 / 178040, abs=1e-15)
    assert share["實績值"].number_format == "0.00%"
    assert (share["達成率"].number_format, share["判定"].value) == ("0.00%", "達成")
    assert share["較上年增減"].value == pytest.approx(3.796, abs=0.001)  # in 百分點
    assert share["較上年增減"].number_format == "+0.00;-0.00;0.00".replace("0.00", "#,##0.00")
    thousands = rows["VWS2.2", 111]
    assert (thousands["實績值"].value, thousands["實績值"].number_format) == (3874, "#,##0")
    assert rows["VWS2.2", 108]["實績值"].value == "…"  # text, which no sum counts as 0
    assert rows["VWS2.2", 108]["達成率"].value is None
    assert rows["T1.1", 110]["實績值"].number_format == "#,##0.0"


def test_sheets_name_the_cell_of_every_number() -> None:
    rows = sheets(results_of(teachers_center))["數值來源"]
    assert len(rows) == 3 * (6 + 2 + 24)
    book = load_workbook(BytesIO(workbook(teachers_center)), data_only=True)
    for row in rows:
        assert book[row["工作表"].value][row["儲存格"].value].value == row["數值"].value


def test_without_weights_and_rules_there_are_no_sheets_for_them() -> None:
    card = read(關鍵績效指標=[kpi("甲（單位：件）")], 年度資料=[figure("甲", [1])])
    assert list(sheets(compute(card)[0])) == ["年度成果", "數值來源"]


def test_text_that_looks_like_a_formula_stays_text() -> None:
    card = read(
        關鍵績效指標=[{**kpi("甲（單位：件）"), "名稱": "=1+1"}],
        年度資料=[figure("甲", [1])],
        目標值=[goal("＝1")],
    )
    row = sheets(compute(card)[0])["年度成果"][-1]
    assert (row["名稱"].value, row["名稱"].data_type) == ("=1+1", "s")
    assert (row["目標值"].value, row["目標值"].data_type) == ("=1", "s")


@EVERY_SAMPLE
def test_openxml_audit_finds_nothing(sample: ModuleType, tmp_path: Path) -> None:
    target = tmp_path / "results.xlsx"
    write_results(results_of(sample), target)
    assert audit_findings(target) == []


def test_the_status_stands_on_every_sheet(tmp_path: Path) -> None:
    draft = replace(scorecard(teachers_center), status=DataStatus.DRAFT)
    write_results(compute(draft)[0], tmp_path / "results.xlsx")
    for page in load_workbook(tmp_path / "results.xlsx").worksheets:
        assert page["A2"].value == "105-12-25 修表・資料狀態：草稿"
