"""``reportgen archive rebuild``: what is said, what is written, how it ends."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from reportgen.cli import main
from reportgen.provenance.manifest import read_seal
from reportgen.provenance.seal import Seal
from tests.conftest import ROOT, Edition

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def _plain_surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("REPORTGEN_LANG", "zh-TW")


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, Any]:
    code = main(["archive", "rebuild", "--json", *arguments])
    return code, json.loads(capsys.readouterr().out)


def test_a_pdf_is_compared_and_nothing_written(
    teachers_center: Edition, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["archive", "rebuild", str(teachers_center.pdf)]) == 0
    name = teachers_center.pdf.name
    assert capsys.readouterr().out == f"「{name}」重做的結果完全相同\n"
    assert list(tmp_path.iterdir()) == []


def test_what_is_remade_is_written_where_that_is_asked(
    teachers_center: Edition, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, report = told(capsys, str(teachers_center.pdf), "-o", "again")
    assert code == 0
    (found,) = report["rebuilt"]
    assert found["identical"] is True
    for made in (teachers_center.pdf, teachers_center.docx):
        assert (tmp_path / "again/105-12-25" / made.name).read_bytes() == made.read_bytes()


def test_an_altered_file_a_missing_one_and_a_sound_one_are_each_told(
    teachers_center: Edition, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    altered = tmp_path / "altered.pdf"
    altered.write_bytes(teachers_center.pdf.read_bytes() + b"%")
    code, report = told(capsys, "altered.pdf", "no.pdf", str(teachers_center.pdf))
    assert code == 6
    assert [each["code"] for each in report["problems"]] == ["E642", "E303"]
    assert [each["identical"] for each in report["rebuilt"]] == [False, True]


def test_an_edition_without_a_pdf_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workbook = str(ROOT / "inputs/105-12-25.xlsx")
    asked = ["--document", "scorecard", "--format", "html", "--quiet"]
    assert main(["archive", "add", workbook, *asked]) == 0
    capsys.readouterr()
    code, report = told(capsys, "105-12-25")
    assert (code, report["rebuilt"]) == (3, [])
    assert [each["code"] for each in report["problems"]] == ["E643"]


def test_an_archived_edition_is_remade_from_the_archive_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workbook = tmp_path / "inputs/105-12-25.xlsx"
    workbook.parent.mkdir()
    shutil.copy(ROOT / "inputs/105-12-25.xlsx", workbook)
    assert main(["archive", "add", "105-12-25", "--document", "scorecard", "--quiet"]) == 0
    shutil.rmtree(workbook.parent)
    capsys.readouterr()
    assert main(["archive", "restore", "105-12-25", "--quiet", "-o", "back"]) == 0
    (pdf,) = (tmp_path / "back").rglob("*.pdf")
    seal = Seal("105-12-25", read_seal(pdf.read_bytes()))
    for typed in (seal.code, seal.code.lower(), seal.text, seal.line):  # as typed, as scanned
        assert main(["archive", "show", typed, "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["editions"][0]["edition"] == "105-12-25"
    code, report = told(capsys, "105-12-25")
    assert code == 0
    (found,) = report["rebuilt"]
    assert found["document"] == "scorecard"
    assert [
        told(capsys, name)[1]["problems"][0]["code"] for name in ("104-01-01", "ABCD-EFGH")
    ] == ["E613", "E613"]
