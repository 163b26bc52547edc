"""The yearly results: PDF, Word, results.json and the cells all say the same."""

from __future__ import annotations

import json
import re
from collections import Counter
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from tests.conftest import ROOT
from tests.end_to_end.test_second_agency import count_pages
from tests.readers import looks, pdf, squeeze, word

if TYPE_CHECKING:
    from tests.conftest import Edition
    from tests.readers import PageContent, Table

pytestmark = pytest.mark.slow

EDITIONS = {"105-12-25": "teachers_results", "112-06-30": "second_results"}
HEADS = ("策略目標", "KPI(關鍵績效指標)", "勾稽規則")


@pytest.fixture(params=EDITIONS)
def results(request: pytest.FixtureRequest) -> tuple[str, Edition]:
    return request.param, request.getfixturevalue(EDITIONS[request.param])


def tables(pages: tuple[PageContent, ...]) -> list[Table]:
    """Tables with column headings; cells without text are told by PDFium only now and then."""
    return [
        tuple(tuple(cell for cell in row if cell.text) for row in table)
        for page in pages
        for table in page.tables
        if table[0][0].text in HEADS
    ]


def figures(edition: Edition) -> dict[str, Any]:
    (path,) = (each.path for each in edition.built.files if each.path.suffix == ".json")
    content: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return content


def test_pdf_and_word_say_the_same(results: tuple[str, Edition]) -> None:
    _, edition = results
    ours, words = pdf.read_pages(edition.pdf), word.read_pages(edition.docx)
    assert [page.text for page in words] == [page.text for page in ours]
    assert tables(words) == tables(ours)
    assert count_pages(edition.docx_as_pdf) == len(ours)
    assert looks.objections(edition.pdf) == []
    assert looks.objections(edition.docx_as_pdf) == []


def rows(edition: Edition, head: str) -> list[list[str]]:
    """The texts of every row below the column headings of the tables with this first heading."""
    found = (each for each in tables(pdf.read_pages(edition.pdf)) if each[0][0].text == head)
    return [[cell.text for cell in row] for table in found for row in table[1:] if row]


def printed_signs(text: str) -> str:
    """The text with U+2212, as print has it; results.json keeps the hyphen."""
    return re.sub(r"-(?=[\d(])", "−", text)


def result_row(kpi: dict[str, Any], data_year: int) -> list[str]:
    """What the results table prints of a KPI, by results.json; blank cells are left out."""
    years = [each for each in kpi["years"] if each["year"] <= data_year]
    now = years[-1]
    assert now["year"] == data_year
    goal = now["target"] or now["threshold"] or {"shown": ""}
    threshold = "≥" if now["threshold"] and not now["target"] else ""
    change = ""
    if now["change"] and now["printed"] == now["actual"]["shown"]:
        unit = now["change"]["unit"]
        change = now["change"]["difference"]["shown"] + ("百分點" if unit == "百分點" else "")
    cells = (
        f"{kpi['code']} {kpi['name']}",
        kpi["unit"],
        printed_signs(threshold + goal["shown"]),
        printed_signs(now["printed"]),
        printed_signs(change),
        now["rate"]["shown"] if now["rate"] else "",
        ("●" + now["light"] if now["light"] else "") + (now["verdict"] or ""),
        "".join(f"{each['year']}年{printed_signs(each['printed'])}" for each in years),
    )
    return [squeeze(cell) for cell in cells if cell]


def why_missing(year: dict[str, Any]) -> str:
    """What is said below the substitution, by results.json, of a figure that cannot be had."""
    if year["zero_divisor"]:
        return f"「{year['zero_divisor']}」為 0，比率無意義"
    if not year["gaps"]:
        return ""
    reasons = {"-": "無此數字", "…": "尚無資料", "--": "無意義"}
    said = "、".join(dict.fromkeys(reasons[each["missing"]] for each in year["gaps"]))
    return f"{said}：" + "、".join(f"「{each['sheet']}」{each['cell']}" for each in year["gaps"])


def test_every_figure_of_the_tables_is_that_of_the_json(results: tuple[str, Edition]) -> None:
    _, edition = results
    told = figures(edition)
    assert len(told["kpis"]) in (9, 40)
    printed = rows(edition, "策略目標")
    for kpi in told["kpis"]:
        row = result_row(kpi, told["data_year"])
        (found,) = (each for each in printed if row[0] in each)
        assert found[found.index(row[0]) :] == row
    text = "".join(page.text for page in pdf.read_pages(edition.pdf))
    assert set(re.findall(r"加權達成率([0-9.]+%)", text)) == {
        each["rate"]["shown"] for each in told["roll_ups"] if each["year"] == told["data_year"]
    }


def test_every_figure_of_the_calculations_is_that_of_the_json(
    results: tuple[str, Edition],
) -> None:
    _, edition = results
    told = figures(edition)
    expected: list[tuple[str, ...]] = []
    for kpi in told["kpis"]:
        (year,) = (each for each in kpi["years"] if each["year"] == told["data_year"])
        expected.append((kpi["formula"]["text"],))
        expected.append((printed_signs(year["substitution"]) + why_missing(year),))
        for given in year["inputs"]:
            for cell in given["cells"]:
                where = f"「{cell['sheet']}」{cell['cell']}"
                expected.append((printed_signs(cell["shown"]), cell["unit"], where))
            if len(given["cells"]) > 1:
                expected.append(
                    ("合計", printed_signs(given["total"]["shown"]), given["cells"][0]["unit"])
                )
    printed = Counter(
        tuple(row[-3:]) if len(row) > 2 else (row[-1],)
        for row in rows(edition, "KPI(關鍵績效指標)")
    )
    wanted = Counter(tuple(map(squeeze, each)) for each in expected)
    assert not wanted - printed
    bands = {row[0] for row in rows(edition, "策略目標") if len(row) == 1}
    assert {re.sub("加權達成率.*", "", band) for band in bands} == {
        text for (text,) in printed - wanted
    }


def test_every_figure_of_the_rules_is_that_of_the_json(results: tuple[str, Edition]) -> None:
    _, edition = results
    told = figures(edition)
    expected = []
    for check in told["checks"]:
        (year,) = (each for each in check["years"] if each["year"] == told["data_year"])
        verdict = {True: "相符", False: "不符", None: "無法判定"}[year["holds"]]
        shown = (check["rule"]["text"], year["left"]["shown"], year["right"]["shown"], verdict)
        expected.append([squeeze(each) for each in (*shown, check["note"]) if each])
    assert len(expected) >= 3
    assert rows(edition, "勾稽規則") == expected


def test_every_input_is_in_the_cell_that_is_named(results: tuple[str, Edition]) -> None:
    name, edition = results
    book = openpyxl.load_workbook(ROOT / f"inputs/{name}.xlsx", data_only=True)
    read = 0
    for kpi in figures(edition)["kpis"]:
        for year in kpi["years"]:
            for given in (cell for each in year["inputs"] for cell in each["cells"]):
                if given["exact"] is not None:
                    cell = book[given["sheet"]][given["cell"]].value
                    assert Fraction(given["exact"]) == Fraction(str(cell))
                    read += 1
    book.close()
    assert read > 60


def test_a_sample_says_so_on_every_page(results: tuple[str, Edition]) -> None:
    name, edition = results
    banner = "範例資料：表列數字僅供示範，並非實際績效"
    shown = [banner in page.text for page in pdf.read_pages(edition.pdf)]
    assert all(shown) if name == "105-12-25" else not any(shown)
