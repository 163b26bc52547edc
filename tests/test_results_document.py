"""The yearly results: PDF, Word, results.json and the cells all say the same."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from tests.conftest import ROOT, Edition, build_edition
from tests.reading import looks, pdf, squeeze, word
from tests.test_second_agency import count_pages

if TYPE_CHECKING:
    from tests.reading import PageContent, Table

EDITIONS = ("105-12-25", "112-06-30")
HEADS = ("策略目標", "資料項", "勾稽規則")


@pytest.fixture(scope="module", params=EDITIONS)
def results(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Edition]:
    folder = tmp_path_factory.mktemp("results")
    workbook = ROOT / f"inputs/{request.param}.xlsx"
    return request.param, build_edition(workbook, folder, documents=("results",))


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


def test_every_figure_is_that_of_the_json(results: tuple[str, Edition]) -> None:
    _, edition = results
    told = figures(edition)
    rows = {
        cell.text: [other.text for other in row]
        for table in tables(pdf.read_pages(edition.pdf))
        if table[0][0].text == "策略目標"
        for row in table[2:]
        for cell in row
    }
    assert len(told["kpis"]) in (9, 40)
    for kpi in told["kpis"]:
        row = rows[squeeze(f"{kpi['code']} {kpi['name']}")]
        (year,) = (each for each in kpi["years"] if each["year"] == told["data_year"])
        if year["rate"]:
            assert year["rate"]["shown"] in row
        if year["target"]:
            assert squeeze(year["target"]["shown"]) in row
        if year["verdict"]:
            assert any(year["verdict"] in text for text in row)
        shown = squeeze(year["actual"]["shown"])
        assert any(text.startswith((shown, year["verdict"] or shown)) for text in row)


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
