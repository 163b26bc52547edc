"""The word behind every page: in PDF and in Word, but in no text."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pypdfium2
import pytest
from lxml import etree

from reportgen.documents import comparison_document, edition_document
from reportgen.model.scorecard import DataStatus
from reportgen.pipeline import Settings, build
from reportgen.problems import Location, make_problem
from reportgen.render.document import RenderedFiles, render_job
from reportgen.render.fonts.font_set import font_folders
from reportgen.render.templates import template_engine as html_stage
from reportgen.render.templates.template_engine import Template
from reportgen.render.verify import output_text
from tests.conftest import ROOT
from tests.factories.scorecards import read
from tests.factories.templates import LINK, job, machine
from tests.factories.workbooks import with_cells
from tests.readers import pdf as pdf_reading
from tests.readers import word as word_reading
from tests.validators.office import audit_findings
from tests.validators.pdf import page_findings

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Edition

GREY = (0xE4, 0xE4, 0xE4)
V = "{urn:schemas-microsoft-com:vml}"
TEXT = "<p>甲</p><p style='break-before: page'>乙</p>"
PAGE = "@page { size: 200mm 150mm; margin: 30mm 20mm 20mm 40mm }"


def made(folder: Path, css: str, html: str = TEXT) -> RenderedFiles:
    page = f"<!DOCTYPE html><html lang='zh-TW'><head><title>題</title>{LINK}</head><body>{html}"
    return render_job(job(folder, page, PAGE + css), machine())


def headers(content: bytes) -> dict[str, etree._Element]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        names = [name for name in package.namelist() if name.startswith("word/header")]
        return {name: etree.fromstring(package.read(name)) for name in names}


def shapes(content: bytes) -> list[Any]:
    return [shape for header in headers(content).values() for shape in header.iter(f"{V}shape")]


def pictures(content: bytes) -> list[Any]:
    """The pages, two pixels for each millimetre."""
    document = pypdfium2.PdfDocument(content)
    try:
        return [page.render(scale=2 * 25.4 / 72).to_pil() for page in document]
    finally:
        document.close()


def extent(picture: Any) -> tuple[float, ...] | None:
    """Where a page is grey: left, top, right and bottom in millimetres."""
    pixels = picture.load()
    width, height = picture.size
    places = [(x, y) for x in range(width) for y in range(height) if pixels[x, y] == GREY]
    if not places:
        return None
    across, down = zip(*places, strict=True)
    return min(across) / 2, min(down) / 2, max(across) / 2, max(down) / 2


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> RenderedFiles:
    found = made(tmp_path_factory.mktemp("marked"), 'html { --watermark: "草稿" }')
    assert found.problems == ()
    return found


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> RenderedFiles:
    return made(tmp_path_factory.mktemp("plain"), "")


def test_stands_on_the_diagonal_of_every_page(marked: RenderedFiles) -> None:
    pages = pictures(marked.files["pdf"])
    assert len(pages) == 2
    for picture in pages:
        place = extent(picture)
        assert place is not None
        left, top, right, bottom = place
        # In the middle of the text, but for what the strokes leave empty.
        assert (left + right) / 2 == pytest.approx(40 + 140 / 2, abs=3)
        assert (top + bottom) / 2 == pytest.approx(30 + 100 / 2, abs=3)
        assert 55 < bottom - top < 75  # three quarters of the room, less the corners
        upper_left = picture.crop(
            (int(2 * left), int(2 * top), int(2 * left) + 30, int(2 * top) + 30)
        )
        assert GREY not in {color for _, color in upper_left.getcolors()}  # it rises to the right


def test_lies_below_the_text_and_below_shades(tmp_path: Path) -> None:
    shade = "<div style='background: #abcdef; line-height: 100mm'>甲</div>"
    found = made(tmp_path, 'html { --watermark: "草稿" }', shade)
    (picture,) = pictures(found.files["pdf"])
    assert extent(picture) is None


def test_is_no_text(marked: RenderedFiles, plain: RenderedFiles) -> None:
    assert output_text.pdf_page_texts(marked.files["pdf"]) == ("甲", "乙")
    assert output_text.word_text(marked.files["docx"]) == "甲乙"
    assert marked.expected_text == plain.expected_text
    assert not [text for root in headers(marked.files["docx"]).values() for text in root.itertext()]


def test_is_an_artifact_that_the_standards_allow(marked: RenderedFiles, tmp_path: Path) -> None:
    file = tmp_path / "marked.pdf"
    file.write_bytes(marked.files["pdf"])
    assert page_findings(file) == []
    assert pdf_reading.read_pages(file)  # the tags still lead to their texts


def test_word_knows_it_as_its_own(marked: RenderedFiles, tmp_path: Path) -> None:
    (shape,) = shapes(marked.files["docx"])
    assert re.fullmatch(r"PowerPlusWaterMarkObject\d+", shape.get("id"))
    assert shape.find(f"{V}textpath").get("string") == "草稿"
    assert 'font-family:"' in shape.find(f"{V}textpath").get("style")
    said = dict(part.split(":", 1) for part in shape.get("style").split(";"))
    assert said["rotation"] == "315"
    width, height = (float(said[name].removesuffix("pt")) for name in ("width", "height"))
    assert width == pytest.approx(2 * height, rel=0.01)
    assert (width + height) / 2**0.5 == pytest.approx(0.75 * 100 / 25.4 * 72, rel=0.01)
    file = tmp_path / "marked.docx"
    file.write_bytes(marked.files["docx"])
    assert audit_findings(file) == []


def test_first_page_with_a_header_of_its_own_has_it_too(tmp_path: Path) -> None:
    css = "@page { @top-left { content: '頁首' } } @page :first { @top-left { content: none } }"
    found = made(tmp_path, f'{css} html {{ --watermark: "DRAFT & co" }}')
    both = shapes(found.files["docx"])
    assert [shape.find(f"{V}textpath").get("string") for shape in both] == ["DRAFT & co"] * 2
    assert len({shape.get("id") for shape in both}) == 2
    texts = [str(root.xpath("string()")) for root in headers(found.files["docx"]).values()]
    assert sorted(texts) == ["", "頁首"]


def test_nothing_without_a_word(plain: RenderedFiles, tmp_path: Path) -> None:
    off = made(tmp_path, "html { --watermark: none }")
    assert off.problems == ()
    assert off.files == plain.files
    assert headers(plain.files["docx"]) == {}
    assert [extent(picture) for picture in pictures(plain.files["pdf"])] == [None, None]


@pytest.mark.parametrize(
    ("value", "said"),
    [("3pt", "--watermark"), ('"甲\\10FFFF"', '--watermark: "甲\U0010ffff" (\U0010ffff)')],
)
def test_word_that_cannot_be_drawn(value: str, said: str, tmp_path: Path) -> None:
    found = made(tmp_path, f"\nhtml {{ --watermark: {value} }}")
    where = Location(file=str(tmp_path / "style.css"), line=2)
    assert found.problems == (make_problem("E407", where, found=said),)
    assert found.files == {}


@pytest.mark.parametrize("status", DataStatus)
@pytest.mark.parametrize("name", ["scorecard", "results", "comparison"])
def test_templates_mark_drafts_alone(name: str, status: DataStatus) -> None:
    card = replace(read(), status=status)
    made = (
        comparison_document(card, card) if name == "comparison" else edition_document(name, card)
    )[0]
    template = Template(ROOT / "templates" / name)
    html, problems = html_stage.render_template(template, made.context)
    assert problems == ()
    assert ('<html lang="zh-Hant-TW" class="draft">' in html) == (status is DataStatus.DRAFT)
    assert '.draft { --watermark: "草稿" }' in template.stylesheets()


@pytest.mark.slow
def test_draft_says_so_in_words_and_else_what_the_edition_says(
    teachers_center: Edition, tmp_path: Path
) -> None:
    workbook = tmp_path / "105-12-25.xlsx"
    workbook.write_bytes(with_cells(("基本資料", "B10", "草稿")))
    settings = Settings(output=tmp_path, working_folder=ROOT, font_folders=font_folders())
    built = build(workbook, settings)
    files = {written.path.suffix: written.path for written in built.files}
    assert len(shapes(files[".docx"].read_bytes())) == 2  # the cover has its own header
    for suffix, reading, edition in (
        (".pdf", pdf_reading, teachers_center.pdf),
        (".docx", word_reading, teachers_center.docx),
    ):
        pages, final = reading.read_pages(files[suffix]), reading.read_pages(edition)
        assert all("草稿" in page.text for page in pages)
        assert [page.tables for page in pages] == [page.tables for page in final]
        said = [re.sub("（草稿）|草稿：尚未定稿，內容可能變動", "", page.text) for page in pages]
        assert said == [page.text for page in final]
    assert all(extent(picture) for picture in pictures(files[".pdf"].read_bytes()))
