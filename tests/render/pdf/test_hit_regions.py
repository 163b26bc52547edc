"""Where a document shows a KPI's figures, so that they can be clicked."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pypdfium2 import PdfDocument
from weasyprint.text.fonts import FontConfiguration

from reportgen.compute import compute
from reportgen.formula import exact_text
from reportgen.model.scorecard import Known
from reportgen.pipeline import Settings, render_edition
from reportgen.render.document import render_job
from reportgen.render.fonts.font_set import font_folders
from reportgen.render.layout.layout_engine import lay_out
from reportgen.render.pdf.hit_regions import HitRegion, hit_regions
from reportgen.render.templates.url_fetcher import TEMPLATE_URL, TemplateFetcher
from tests.conftest import ROOT
from tests.factories.templates import LINK, job, machine
from tests.readers import squeeze
from tests.render.layout.test_pagination import lay, section, settled

if TYPE_CHECKING:
    from reportgen.model.scorecard import Scorecard
    from reportgen.render.layout.laid_out_document import Layout
    from tests.conftest import Edition

pytestmark = pytest.mark.slow

Documents = dict[str, tuple[PdfDocument, list[list[dict[str, Any]]]]]
FONTS = FontConfiguration()
STYLE = """@page { size: 400px 200px; margin: 20px }
html { font: 10px/20px serif } body, p { margin: 0 }
table { border-spacing: 0; table-layout: fixed; width: 200px } td { padding: 0 }
"""
WHOLE = (0.05, 0.1, 0.9, 0.1)  # a line from margin to margin


def laid(body: str, folder: Path, style: str = "") -> Layout:
    html = f"<!DOCTYPE html><style>{STYLE}{style}</style>{body}"
    return lay_out(html, base_url=TEMPLATE_URL, fetcher=TemplateFetcher(folder), fonts=FONTS)


def place(name: str, x: float, y: float, width: float, height: float) -> HitRegion:
    kpi, _, year = name.partition(" ")
    return HitRegion(
        kpi=kpi, year=int(year) if year else None, x=x, y=y, width=width, height=height
    )


WIDE = '<i style="display: inline-block; width: 10px; height: 5px"></i>'
PICTURE = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 1" data-kpi=C
 style="width: 20px; height: 10px; vertical-align: top"><rect width="2" height="1"/></svg>"""

KINDS = {
    "a block, of a year": ('<p data-kpi="F1.1" data-year="105">x', [("F1.1 105", *WHOLE)]),
    "the KPI as such": ('<p data-kpi="F1.1">x', [("F1.1", *WHOLE)]),
    "a blank year": ('<p data-kpi=" F1.1 " data-year="">x', [("F1.1", *WHOLE)]),
    "cells": (
        "<table><tr><td data-kpi=A data-year=99>x<td data-kpi=A data-year=100>y</table>",
        [("A 99", 0.05, 0.1, 0.25, 0.1), ("A 100", 0.3, 0.1, 0.25, 0.1)],
    ),
    "a cell over two rows": (
        "<table><tr><td rowspan=2 data-kpi=A>x<td>y<tr><td>z</table>",
        [("A", 0.05, 0.1, 0.25, 0.2)],
    ),
    "a row": ("<table><tr data-kpi=A><td>x<td>y</table>", [("A", 0.05, 0.1, 0.5, 0.1)]),
    "rows of a table": (
        "<table><tbody data-kpi=A><tr><td>x<tr><td>y</table>",
        [("A", 0.05, 0.1, 0.5, 0.2)],
    ),
    "a table": ("<table data-kpi=A><tr><td>x</table>", [("A", 0.05, 0.1, 0.5, 0.1)]),
    "a block beside a margin": (
        '<p data-kpi=A style="margin: 20px 40px; border: solid 5px; padding: 5px">x',
        [("A", 0.15, 0.2, 0.7, 0.2)],
    ),
    "what lies inside comes later": (
        f"<p data-kpi=A>x<p data-kpi=B style='width: 40px'>{PICTURE}",
        [("A", *WHOLE), ("B", 0.05, 0.2, 0.1, 0.1), ("C", 0.05, 0.2, 0.05, 0.05)],
    ),
    "the same twice is once": (
        "<table><tr><td data-kpi=A data-year=99><div data-kpi=A data-year=99>x</div></table>",
        [("A 99", 0.05, 0.1, 0.5, 0.1)],
    ),
    "its own text before it": (
        "<style>p::before { content: 'x' }</style><p data-kpi=A>",
        [("A", *WHOLE)],
    ),
    "what sticks out is cut": (
        '<p data-kpi=A style="margin: -30px 0 0 -40px; width: 1000px">x',
        [("A", 0.0, 0.0, 1.0, 0.05)],
    ),
    "two lines": (
        f"<p>x<br><span data-kpi=A>{WIDE}<br>{WIDE}{WIDE}</span>",
        [("A", 0.05, 0.2, 0.05, 0.2)],
    ),
}
NOWHERE = {
    "no name": "<p data-kpi=' '>甲<p data-year=105>乙",
    "no number": "<p data-kpi=A data-year=今年>甲",
    "no year": "<p data-kpi=A data-year=-105>甲<p data-kpi=A data-year=10.5>甲",
    "digits of another script": "<p data-kpi=A data-year=１０５>甲",
    "a number without an end": f"<p data-kpi=A data-year={'9' * 5000}>甲",
    "not shown": '<p data-kpi=A style="display: none">甲',
    "of no size": "<p data-kpi=A>",
    "beside the paper": '<p data-kpi=A style="position: absolute; left: 500px">甲',
}


@pytest.mark.parametrize(("body", "found"), KINDS.values(), ids=KINDS.keys())
def test_where_a_figure_stands(
    body: str, found: list[tuple[str, float, float, float, float]], tmp_path: Path
) -> None:
    assert hit_regions(laid(body, tmp_path)) == (tuple(place(*each) for each in found),)


@pytest.mark.parametrize("body", NOWHERE.values(), ids=NOWHERE.keys())
def test_what_is_no_place(body: str, tmp_path: Path) -> None:
    assert hit_regions(laid(body, tmp_path)) == ((),)


def test_an_element_on_two_pages_has_a_place_on_each(tmp_path: Path) -> None:
    body = f"<div data-kpi=A>{'<p>x</p>' * 10}</div>"
    assert hit_regions(laid(body, tmp_path)) == (
        (place("A", 0.05, 0.1, 0.9, 0.8),),
        (place("A", 0.05, 0.1, 0.9, 0.2),),
    )


def test_bleed_is_a_part_of_the_sheet(tmp_path: Path) -> None:
    ((found,),) = hit_regions(laid("<p data-kpi=A>x", tmp_path, "@page { bleed: 50px }"))
    assert found == place("A", 0.14, 0.23333, 0.72, 0.06667)


def test_a_section_that_is_dealt_out_has_its_places_on_every_page() -> None:
    rows = "".join(
        f'<tr style="height: 150px">{label}<td data-kpi="A{number}" data-year=105>甲'
        for number, label in enumerate(['<th rowspan=4 data-kpi="A">乙', "", "", ""])
    )
    found = hit_regions(settled(lay(section(rows))))
    assert [[(each.kpi, each.year) for each in page] for page in found] == [
        [("A", None), ("A0", 105), ("A1", 105)],
        [("A", None), ("A2", 105), ("A3", 105)],
    ]
    assert {(each.y, each.height) for page in found for each in page if each.kpi == "A"} == {
        (0.12, 0.6)
    }


def test_they_are_a_format_that_changes_no_other(tmp_path: Path) -> None:
    html = f"{LINK}<p data-kpi=F1.1 data-year=105>x<p style='break-before: page'>乙"
    without, with_places = (
        render_job(job(tmp_path, html, STYLE, formats=formats), machine())
        for formats in (("pdf", "docx"), ("pdf", "docx", "places"))
    )
    assert without.problems == with_places.problems == ()
    files = dict(with_places.files)
    found = json.loads(files.pop("places"))
    shown = {"kpi": "F1.1", "year": 105, "x": 0.05, "y": 0.1, "w": 0.9, "h": 0.1}
    assert found == {"pages": [[shown], []]}
    assert files == without.files


def test_text_that_is_lost_is_told_with_the_documents_alone(tmp_path: Path) -> None:
    html = '<p data-kpi=A style="display: none">{{ text }}</p><p>甲</p>'
    formats = ("places", "pdf")
    made = render_job(
        job(tmp_path, html, formats=formats, cells={"A1": "乙"}, text="乙"), machine()
    )
    assert made.files == {}
    (problem,) = made.problems
    assert problem.code == "E411"
    assert "PDF" in problem.line("zh-TW")


@pytest.fixture(scope="module")
def made(teachers_center: Edition, teachers_results: Edition) -> tuple[Scorecard, Documents]:
    """The sample's documents as PDFs, each with the places of its pages."""
    settings = Settings(
        output=Path("output"),
        formats=("places",),
        documents=("scorecard", "results"),
        working_folder=ROOT,
        font_folders=font_folders(),
    )
    made = render_edition(ROOT / "inputs/105-12-25.xlsx", settings)
    found = {
        path.stem: content for path, content in made.contents.items() if path.suffix == ".places"
    }
    pdfs = {"scorecard": teachers_center.pdf, "results": teachers_results.pdf}
    return made.source.scorecard, {
        name: (PdfDocument(pdf), json.loads(found[pdf.stem])["pages"]) for name, pdf in pdfs.items()
    }


def read_places(document: PdfDocument, pages: list[list[dict[str, Any]]]) -> list[tuple[Any, ...]]:
    """KPI, year and the text that PDFium finds within the rectangle."""
    found = []
    for page, listed in zip(document, pages, strict=True):
        width, height = page.get_size()
        text = page.get_textpage()
        for each in listed:
            left, top = each["x"] * width, height - each["y"] * height
            right, bottom = left + each["w"] * width, top - each["h"] * height
            said = text.get_text_bounded(left, bottom, right, top)
            found.append((each["kpi"], each["year"], squeeze(said)))
    return found


def test_the_scorecard_leads_from_names_and_formulas_to_the_kpi(made: Any) -> None:
    card, documents = made
    found = read_places(*documents["scorecard"])
    assert sorted(found) == sorted(
        (kpi.code, None, squeeze(said))
        for kpi in card.kpis
        for said in (f"{kpi.code} {kpi.name}", kpi.formula.text)
    )


def test_the_results_lead_from_every_figure_to_its_year(made: Any) -> None:
    card, documents = made
    results, _ = compute(card)
    found = Counter(read_places(*documents["results"]))
    for result in results.kpis:
        code, now = result.kpi.code, result.of(105)
        assert now is not None
        assert found[code, None, squeeze(f"{code} {result.kpi.name}")] >= 2  # in both tables
        assert found[code, None, squeeze(result.kpi.formula.text)] == 1
        assert found[code, 105, squeeze(now.substitution)] == 1
        assert found[code, 105, now.printed] >= 1
        assert now.rate is None or found[code, 105, now.rate.text] >= 1
        assert now.target is None or found[code, 105, now.target.shown] >= 1
        for year in result.years:
            assert found[code, year.year, f"{year.year}年{year.printed}"] == 1
        for part in (part for each in now.evidence for part in each.parts):
            assert isinstance(part.value, Known)
            assert found[code, 105, exact_text(part.value.value)] >= 1
