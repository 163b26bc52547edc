"""Other programs' verdict on what we make; and that each of them can say no."""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from openpyxl import Workbook
from pypdf import PdfWriter
from pypdf.generic import NameObject
from weasyprint import HTML

from tests.conftest import ROOT
from tests.factories.templates import machine
from tests.factories.workbooks import with_cells
from tests.render.pdf.test_pdf_writer import make
from tests.validators import OPEN_XML_SDK, VERAPDF, needs
from tests.validators.office import audit_findings, sdk_findings
from tests.validators.pdf import page_findings, verapdf_findings

if TYPE_CHECKING:
    from reportgen.pipeline import WrittenBuild
    from tests.conftest import Edition, Shared

pytestmark = pytest.mark.slow

WORKBOOKS = sorted((Path(__file__).parents[2] / "inputs").glob("*.xlsx"))


@pytest.fixture(scope="session")
def built(
    shared: Shared,
    editions: tuple[Edition, ...],
    teachers_review: Edition,
    teachers_changes: WrittenBuild,
) -> Path:
    """A folder with everything that is made from the workbooks in inputs/."""
    made = [each.built for each in (*editions, teachers_review)] + [teachers_changes]

    def make(folder: Path) -> Path:
        program = [sys.executable, "-m", "reportgen", "build", "--output", str(folder)]
        earliest = str(ROOT / "inputs/105-06-30.xlsx")
        subprocess.run([*program, earliest, "--document", "scorecard,results"], check=True)
        draft = folder / "draft.xlsx"
        draft.write_bytes(with_cells(("基本資料", "B10", "草稿")))
        subprocess.run([*program, str(draft)], check=True)
        for file in (written.path for each in made for written in each.files):
            shutil.copy(file, folder / f"{len(list(folder.iterdir()))}_{file.name}")
        return folder

    folder: Path = shared("built", make)
    return folder


@pytest.fixture(scope="module")
def faulty_pdf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One that claims all that ours do, and has lost its tags."""
    file = tmp_path_factory.mktemp("faulty") / "faulty.pdf"
    writer = PdfWriter(clone_from=io.BytesIO(make(machine())))
    for name in ("/MarkInfo", "/StructTreeRoot"):
        del writer.root_object[NameObject(name)]
    writer.write(file)
    return file


@pytest.fixture(scope="module")
def faulty_docx(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A paragraph with an element that no schema knows."""
    file = tmp_path_factory.mktemp("faulty") / "faulty.docx"
    document = Document()
    paragraph = document.add_paragraph("faulty")
    paragraph._p.append(parse_xml(f"<w:nonsense {nsdecls('w')}/>"))
    document.save(str(file))
    return file


def files(folder: Path, suffix: str) -> list[Path]:
    found = sorted(folder.rglob(f"*{suffix}"))
    assert len(found) >= len(WORKBOOKS) * (1 if suffix == ".xlsx" else 2) > 0
    return found


def test_pdfs_keep_to_their_profiles(built: Path) -> None:
    assert [line for pdf in files(built, ".pdf") for line in page_findings(pdf)] == []


def test_word_files_are_sound(built: Path) -> None:
    assert [line for file in files(built, ".docx") for line in audit_findings(file)] == []


@pytest.mark.parametrize("workbook", WORKBOOKS, ids=lambda path: path.stem)
def test_workbooks_are_sound(workbook: Path) -> None:
    assert audit_findings(workbook) == []


def test_workbooks_of_results_are_sound(built: Path) -> None:
    assert [line for file in files(built, ".xlsx") for line in audit_findings(file)] == []


@pytest.mark.validators
def test_verapdf_finds_nothing(built: Path) -> None:
    needs(VERAPDF)
    assert verapdf_findings(files(built, ".pdf")) == []


@pytest.mark.validators
def test_open_xml_sdk_finds_nothing(built: Path) -> None:
    needs(OPEN_XML_SDK)
    made = [*files(built, ".docx"), *files(built, ".xlsx"), *WORKBOOKS]
    assert [line for file in made for line in sdk_findings(file)] == []


def test_page_can_say_no(faulty_pdf: Path) -> None:
    found = page_findings(faulty_pdf)
    assert any(" 3a: PDFA3A-" in line for line in found)
    assert any(" ua1: PDFUA1-" in line for line in found)


def test_openxml_audit_can_say_no(faulty_docx: Path) -> None:
    assert any("nonsense" in line for line in audit_findings(faulty_docx))


@pytest.mark.validators
def test_verapdf_can_say_no(faulty_pdf: Path, tmp_path: Path) -> None:
    needs(VERAPDF)
    no_pdf = tmp_path / "no.pdf"
    no_pdf.write_text("this is no PDF", encoding="utf-8")
    plain_pdf = tmp_path / "plain.pdf"
    HTML(string="<p>plain").write_pdf(plain_pdf)
    found = verapdf_findings([faulty_pdf, plain_pdf, no_pdf, tmp_path / "missing.pdf"])
    assert any(line.startswith("faulty.pdf 3a: 6.7.") for line in found)
    assert any(line.startswith("faulty.pdf ua1: 6.2-1 ") for line in found)
    assert any(line.startswith("plain.pdf 3a: not judged") for line in found)
    assert any(line.startswith("plain.pdf ua1: not judged") for line in found)
    assert any(line.startswith("no.pdf: not judged") for line in found)
    assert any(line.startswith("4 files given, 3 judged") for line in found)


@pytest.mark.validators
def test_open_xml_sdk_can_say_no(faulty_docx: Path, tmp_path: Path) -> None:
    needs(OPEN_XML_SDK)
    assert any("nonsense" in line for line in sdk_findings(faulty_docx))
    sound = tmp_path / "sound.xlsx"
    Workbook().save(sound)
    assert sdk_findings(sound) == []
