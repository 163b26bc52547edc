"""A part as its unit sees it: what is open, what is locked, what is told."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook

from reportgen.model.scorecard import RocDate
from reportgen.workbook.parts.owner_part import OwnerPart, PartKpi, PartRow, SharedCell
from reportgen.workbook.parts.part_reader import read_part
from reportgen.workbook.parts.part_writer import write_part
from tests.validators import OPEN_XML_SDK, needs
from tests.validators.office import audit_findings, sdk_findings

if TYPE_CHECKING:
    from pathlib import Path

DAY = RocDate(105, 12, 25)


def row(item: str, content: str = "", previous: str = "", **fields: Any) -> PartRow:
    return PartRow(
        item=item,
        component=fields.get("component", ""),
        unit=fields.get("unit", "人"),
        kpis=("F1.1",),
        previous=SharedCell(content=previous, is_percentage=previous.endswith("%")),
        open_cells={
            "105": SharedCell(content=content, is_percentage=fields.get("percent", False)),
            "資料來源": SharedCell(content=fields.get("source", "")),
            "備註": SharedCell(content=fields.get("note", "")),
        },
    )


PART = OwnerPart(
    agency="某機關",
    title="平衡計分卡",
    edition="105-12-25",
    data_year=105,
    owner="會計室",
    due="106-01-20",
    kpis=(PartKpi(code="F1.1", name="執行率", formula="甲/乙×100%", target="≥90%"),),
    rows=(
        row("甲", previous="1234.5", source="=SUM(A1)", note="決算書\n第二頁"),
        row("乙", "", "43%", percent=True, unit="%"),
        row("乙", "…", "-", component="併決算"),
        row("丙", "12345678901234567"),
        row("丁", "0.001", "1000000"),
        row("戊_x000D_ 　  己", note="_x0041_   x"),
    ),
)


def test_it_reads_back_as_it_was_shared() -> None:
    found, problems = read_part(write_part(PART, DAY), "a.xlsx")
    assert problems == ()
    assert found is not None
    assert found.part == PART
    assert found.is_untouched
    assert len(found.cells) == 18
    assert write_part(PART, DAY) == write_part(PART, DAY)


def test_only_what_is_wanted_is_open() -> None:
    book = load_workbook(BytesIO(write_part(PART, DAY)))
    unlocked = {
        (page.title, cell.coordinate)
        for page in book.worksheets
        for cells in page.iter_rows()
        for cell in cells
        if not cell.protection.locked
    }
    expected = {("填報資料", f"{column}{row}") for row in range(5, 11) for column in "FGH"}
    assert unlocked == expected | {("填報說明", "B12"), ("填報說明", "B13")}
    assert all(page.protection.sheet for page in book.worksheets)
    assert all(page.protection.password is None for page in book.worksheets)
    assert book["填報資料"].protection.insertRows  # forbidden
    assert book["填報紀錄"].sheet_state == "hidden"


def test_figures_look_as_in_the_edition() -> None:
    page: Any = load_workbook(BytesIO(write_part(PART, DAY)))["填報資料"]
    shown = {
        name: (page[name].value, page[name].number_format)
        for name in ("E5", "E6", "F6", "F7", "F8", "F9", "E9", "G5")
    }
    assert shown == {
        "E5": (1234.5, "#,##0.0"),
        "E6": (0.43, "0%"),
        "F6": (None, "0%"),
        "F7": ("…", "#,##0.###############"),
        "F8": ("12345678901234567", "#,##0.###############"),
        "F9": (0.001, "#,##0.000"),
        "E9": (1000000, "#,##0"),
        "G5": ("=SUM(A1)", "General"),
    }
    assert page["G5"].data_type == "s"
    assert [page.cell(4, column).value for column in (5, 6)] == [104, 105]


def test_the_cover_says_what_is_wanted_until_when() -> None:
    page: Any = load_workbook(BytesIO(write_part(PART, DAY)))["填報說明"]
    texts = {page.cell(row, 1).value: page.cell(row, 2).value for row in range(5, 14)}
    assert texts["填報單位"] == "會計室"
    assert texts["應填內容"] == "105 年度的數字 6 列，請於 106-01-20 前交回。"
    assert texts["填報切結"] == "本表數字與原始資料相符。"
    assert texts["填報人姓名"] is texts["填報日期"] is None


def test_auditors_of_the_format_find_nothing(tmp_path: Path) -> None:
    path = tmp_path / "part.xlsx"
    path.write_bytes(write_part(PART, DAY))
    assert audit_findings(path) == []


@pytest.mark.validators
def test_the_open_xml_sdk_finds_nothing(tmp_path: Path) -> None:
    needs(OPEN_XML_SDK)
    path = tmp_path / "part.xlsx"
    path.write_bytes(write_part(PART, DAY))
    assert sdk_findings(path) == []


@pytest.mark.parametrize("data_year", [1, 999])
def test_the_first_and_the_last_year(data_year: int) -> None:
    rows = (
        PartRow(
            item="甲",
            component="",
            unit="",
            kpis=(),
            previous=SharedCell(content=""),
            open_cells={str(data_year): SharedCell(content="")},
        ),
    )
    part = OwnerPart(
        agency="機關",
        title="卡",
        edition="105-12-25",
        data_year=data_year,
        owner="室",
        due="",
        kpis=(),
        rows=rows,
    )
    found, problems = read_part(write_part(part, DAY), "a.xlsx")
    assert problems == ()
    assert found is not None
    assert [cell.heading for cell in found.cells] == [str(data_year)]
