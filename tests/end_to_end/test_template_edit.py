"""An edit of a template shows in PDF and Word, without a line of Python."""

from __future__ import annotations

import ctypes
import shutil
import zipfile
from typing import TYPE_CHECKING

import pypdfium2
import pypdfium2.raw as pdfium
import pytest

from tests.conftest import ROOT, build_edition
from tests.readers import Cell, pdf, word

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Edition

pytestmark = pytest.mark.slow

EDITS = {
    "style.css": [
        ("--band: #d3dce8", "--band: #f0c090"),
        (".scorecard .objective { width: 26.07% }", ".scorecard .objective { width: 47mm }"),
    ],
    "document.html": [
        ('<col class="formula">', '<col class="formula"><col style="width: 25mm">'),
        ("</small></th>", '</small></th><th scope="col">備註</th>'),
        ('colspan="3" scope="colgroup"', 'colspan="4" scope="colgroup"'),
        ("| phrases }}</td>\n      </tr>", "| phrases }}</td>\n<td>{{ kpi.code }} 無</td></tr>"),
    ],
}


@pytest.fixture(scope="module")
def edited(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    folder = tmp_path_factory.mktemp("edited")
    shutil.copytree(ROOT / "templates", folder / "templates")
    for name, edits in EDITS.items():
        path = folder / "templates/scorecard" / name
        text = path.read_text("utf-8")
        for before, after in edits:
            assert text.count(before) == 1, before
            text = text.replace(before, after)
        path.write_text(text, "utf-8")
    return build_edition(
        ROOT / "inputs/105-12-25.xlsx", folder / "output", templates=folder / "templates"
    )


def test_a_new_column_shows_in_both(edited: Edition) -> None:
    for page in (pdf.read_pages(edited.pdf)[2], word.read_pages(edited.docx)[2]):
        headings, band, first, _ = page.tables[-1]
        assert headings[3] == Cell("備註")
        assert band == (Cell("顧客構面", 1, 4),)
        assert first[3] == Cell("AC1.1無")


def test_a_column_width_shows_in_both(edited: Edition, teachers_center: Edition) -> None:
    for before, after in (
        (teachers_center.pdf, edited.pdf),
        (teachers_center.docx_as_pdf, edited.docx_as_pdf),
    ):
        first_column = pdf.vertical_rules(before)[2][1] - pdf.vertical_rules(after)[2][1]
        assert first_column == pytest.approx(20, abs=1)  # 67 mm to 47 mm


def test_a_colour_shows_in_both(edited: Edition, teachers_center: Edition) -> None:
    for edition, fill in ((edited, "F0C090"), (teachers_center, "D3DCE8")):
        assert fill in _fills_of_word(edition.docx)
        assert fill in _fills_of_pdf(edition.pdf)
    assert "D3DCE8" not in _fills_of_word(edited.docx) | _fills_of_pdf(edited.pdf)


def _fills_of_word(path: Path) -> set[str]:
    with zipfile.ZipFile(path) as package:
        text = package.read("word/document.xml").decode()
    return {part.split('"', 1)[0].upper() for part in text.split('w:fill="')[1:]}


def _fills_of_pdf(path: Path) -> set[str]:
    document = pypdfium2.PdfDocument(path)
    try:
        return {
            _fill(each)
            for page in document
            for each in page.get_objects()
            if each.type == pdfium.FPDF_PAGEOBJ_PATH
        }
    finally:
        document.close()


def _fill(path: object) -> str:
    colour = [ctypes.c_uint() for _ in range(4)]
    pdfium.FPDFPageObj_GetFillColor(path, *colour)
    return "".join(f"{each.value:02X}" for each in colour[:3])
