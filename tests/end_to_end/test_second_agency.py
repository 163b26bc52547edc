"""An agency that shares nothing with the first builds as well, the same in both formats."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pypdfium2
import pytest

from reportgen.workbook import read, write
from tests.conftest import ROOT, Edition, build_edition
from tests.readers import looks, pdf, squeeze, word

if TYPE_CHECKING:
    from pathlib import Path

    from reportgen.model.scorecard import Scorecard
    from tests.readers import PageContent, Table

pytestmark = pytest.mark.slow

WORKBOOK = ROOT / "inputs/112-06-30.xlsx"


def scorecard() -> Scorecard:
    found, _ = read(WORKBOOK)
    assert found is not None
    return found


def data_tables(pages: tuple[PageContent, ...]) -> list[Table]:
    """The tables that have column headings: Word needs more, to set blocks side by side.

    PDFium does not tell of cells without content; the rules that part them are compared.
    """
    return [
        tuple(tuple(cell for cell in row if cell.text) for row in table)
        for page in pages
        for table in page.tables
        if table[0][0].text in ("策略主題", "策略目標")
    ]


def count_pages(path: Path) -> int:
    document = pypdfium2.PdfDocument(path)
    try:
        return len(document)
    finally:
        document.close()


def assert_same(edition: Edition) -> None:
    """PDF and Word agree in text, tables, merged cells, columns and pages; nothing is cut."""
    ours, words = pdf.read_pages(edition.pdf), word.read_pages(edition.docx)
    assert [page.text for page in words] == [page.text for page in ours]
    assert data_tables(words) == data_tables(ours)
    assert count_pages(edition.docx_as_pdf) == len(ours)
    for page, word_page in zip(
        pdf.vertical_rules(edition.pdf), pdf.vertical_rules(edition.docx_as_pdf), strict=True
    ):
        assert len(page) == len(word_page)
        assert all(abs(a - b) < 1.0 for a, b in zip(page, word_page, strict=True))
    assert looks.objections(edition.pdf) == []
    assert looks.objections(edition.docx_as_pdf) == []


def test_it_shares_nothing_with_the_first() -> None:
    first, _ = read(ROOT / "inputs/105-12-25.xlsx")
    assert first is not None
    ours = scorecard()
    assert len(ours.perspectives) != len(first.perspectives)
    for kind in ("perspectives", "themes", "objectives", "kpis"):
        codes = [{each.code for each in getattr(side, kind)} for side in (first, ours)]
        assert not codes[0] & codes[1], kind
    assert len(ours.themes) == 5
    assert len(ours.kpis) == 40
    assert max(len(each.name.text) for each in ours.kpis) > 60
    assert any(1 < len(each.themes) < 5 for each in ours.objectives)
    assert any(not each.themes for each in ours.objectives)
    assert {each.code for each in ours.perspectives} > {e.perspective for e in ours.objectives}


def test_pdf_and_word_say_the_same(second_agency: Edition) -> None:
    assert_same(second_agency)


def test_everything_is_printed_in_order_and_once(second_agency: Edition) -> None:
    ours = scorecard()
    cells = [
        cell.text
        for table in data_tables(pdf.read_pages(second_agency.pdf))
        if table[0][0].text == "策略目標"
        for row in table[2:]
        for cell in row
    ]
    objectives = {each.code: each for each in ours.objectives}
    places = {each.code: each.card_order for each in ours.perspectives}
    rank = {each.code: number for number, each in enumerate(ours.objectives)}
    in_order = sorted(
        ours.kpis,
        key=lambda k: (places[objectives[k.objective].perspective], rank[k.objective]),
    )
    names = [squeeze(f"{kpi.code} {kpi.name}") for kpi in in_order]
    assert [text for text in cells if text in names] == names
    assert [text for text in cells if text in {squeeze(k.formula.text) for k in ours.kpis}] == [
        squeeze(kpi.formula.text) for kpi in in_order
    ]


@pytest.mark.parametrize(("kpis", "per_page"), [(3, 2), (80, 4)])
def test_any_number_of_kpis_fits(tmp_path: Path, kpis: int, per_page: int) -> None:
    ours = scorecard()
    times = -(-kpis // len(ours.kpis))
    many = [
        replace(kpi, code=f"{kpi.code}{'' if round_ == 0 else round_}")
        for kpi in ours.kpis
        for round_ in range(times)
    ][:kpis]
    workbook = tmp_path / "112-06-30.xlsx"
    write(replace(ours, kpis=tuple(many), targets=(), objectives_per_page=per_page), workbook)
    edition = build_edition(workbook, tmp_path / "output")
    assert_same(edition)
    printed = "".join(page.text for page in pdf.read_pages(edition.pdf))
    assert all(squeeze(f"{kpi.code} {kpi.name}") in printed for kpi in many)
