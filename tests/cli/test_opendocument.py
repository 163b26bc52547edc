"""Every command that takes a workbook takes an .ods, and hands it on as it is."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest
from pypdf import PdfReader

from reportgen.cli import main
from reportgen.cli.commands import find_workbook
from reportgen.workbook import read_bytes
from tests.factories.open_documents import raw_of, sample_ods, written
from tests.factories.samples import earlier_edition, workbook
from tests.factories.workbooks import sample_bytes, with_cells
from tests.web.server import small_templates

if TYPE_CHECKING:
    from collections.abc import Callable

HTML = ("--templates", "small", "--format", "html")


@pytest.fixture(autouse=True)
def _place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("REPORTGEN_LANG", "zh-TW")
    Path("inputs").mkdir()
    Path("inputs/105-12-25.ods").write_bytes(sample_ods())
    small_templates(tmp_path / "small")


def pages(folder: str) -> list[bytes]:
    return [each.read_bytes() for each in sorted(Path(folder).rglob("*.html"))]


@pytest.mark.parametrize("name", ["105-12-25", "105-12-25.ods", "105.12.25", "105年12月25日"])
def test_an_edition_is_found_by_its_name(name: str) -> None:
    assert find_workbook(name) == Path("inputs/105-12-25.ods")
    Path("inputs/105-12-25.xlsx").touch()
    assert find_workbook("105-12-25") == Path("inputs/105-12-25.xlsx")


def test_one_that_is_not_there_is_guessed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "105-12-26"]) == 3
    assert "是否為 105-12-25.ods？" in capsys.readouterr().out


def test_it_prints_what_the_excel_workbook_prints() -> None:
    Path("105-12-25.xlsx").write_bytes(sample_bytes())
    assert main(["build", "105-12-25.xlsx", "-o", "a", *HTML]) == 0
    assert main(["build", "inputs/105-12-25.ods", "-o", "b", *HTML]) == 0
    assert len(pages("a")) == 1
    assert pages("a") == pages("b")


def test_it_travels_in_the_pdf_as_it_is() -> None:
    assert main(["build", "105-12-25", "-o", "out", "--templates", "small", "--format", "pdf"]) == 0
    (path,) = Path("out").rglob("*.pdf")
    reader = PdfReader(path)
    assert reader.attachments["105-12-25.ods"] == [sample_ods()]
    files = reader.trailer["/Root"]["/AF"]  # type: ignore[index]
    kinds = {
        file.get_object()["/UF"]: file.get_object()["/EF"]["/F"].get_object()["/Subtype"]
        for file in files
    }
    assert kinds["105-12-25.ods"] == "/application/vnd.oasis.opendocument.spreadsheet"


def test_it_is_checked_and_explained(capsys: pytest.CaptureFixture[str]) -> None:
    faulty = written(raw_of(with_cells(("年度資料", "F5", "19人"))))
    Path("bad.ods").write_bytes(faulty)
    assert main(["check", "bad.ods"]) == 1
    assert "〔E112〕「年度資料」F5" in capsys.readouterr().out
    assert main(["explain", "105-12-25", "F1.1"]) == 0
    assert "98" in capsys.readouterr().out


def test_the_marked_copy_is_an_ods_too(capsys: pytest.CaptureFixture[str]) -> None:
    faulty = written(raw_of(with_cells(("年度資料", "F5", "19人"))))
    Path("inputs/105-12-25.ods").write_bytes(faulty)
    assert main(["check", "105-12-25", "--annotate"]) == 1
    assert "105-12-25_檢查.ods" in capsys.readouterr().out
    copy = Path("inputs/105-12-25_檢查.ods").read_bytes()
    assert read_bytes(copy)[0] == read_bytes(faulty)[0]
    with ZipFile(BytesIO(copy)) as package:
        assert "✖〔E112〕" in package.read("content.xml").decode()


@pytest.mark.slow
def test_editions_are_compared() -> None:
    Path("105-06-30.xlsx").write_bytes(workbook(earlier_edition))
    small = ("--format", "html", "-o", "out")
    assert main(["compare", "105-06-30.xlsx", "105-12-25", *small]) == 0
    (found,) = Path("out").rglob("*.json")
    of_excel = Path("new") / "105-12-25.xlsx"
    of_excel.parent.mkdir()
    of_excel.write_bytes(sample_bytes())
    assert main(["compare", "105-06-30.xlsx", str(of_excel), "--format", "html", "-o", "b"]) == 0
    (other,) = Path("b").rglob("*.json")
    assert found.read_bytes() == other.read_bytes()


@pytest.mark.slow
def test_it_is_archived_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    add = ["archive", "add", "105-12-25", "--templates", "small", "--archive", "kept"]
    assert main(add) == 0
    (kept,) = Path("kept").rglob("*.ods")
    assert kept.read_bytes() == sample_ods()
    assert main(["archive", "verify", "--archive", "kept"]) == 0


@pytest.mark.slow
def test_it_is_collected_beside_others(capsys: pytest.CaptureFixture[str]) -> None:
    Path("in").mkdir()
    Path("in/甲.ods").write_bytes(sample_ods())
    Path("in/乙.ods").write_bytes(written(raw_of(with_cells(("年度資料", "F5", "19人")))))
    arguments = ["collect", "in", "-o", "out", *HTML, "--document", "scorecard", "--jobs", "1"]
    assert main([*arguments, "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    stages = {each["workbook"]: each["status"] for each in told["workbooks"]}
    assert [stages[name] for name in sorted(stages)] == ["refused", "made"]
    assert all(each["annotated_copy"]["path"].endswith(".ods") for each in told["workbooks"])
    assert len(list(Path("out").rglob("*.ods"))) == 2


def comments(content: bytes) -> bytes:
    from tests.factories.open_documents import packed, sample_content

    note = "<office:annotation><text:p>註</text:p></office:annotation><text:p>項目</text:p>"
    return packed({"content.xml": sample_content().replace("<text:p>項目</text:p>", note, 1)})


@pytest.mark.slow
@pytest.mark.parametrize(("change", "told"), [(lambda x: x, False), (comments, True)])
def test_the_next_edition_is_made_of_it(
    change: Callable[[bytes], bytes], told: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("inputs/105-12-25.ods").write_bytes(change(sample_ods()))
    assert main(["new", "106-03-29", "--from", "105-12-25"]) == 0
    Path("a.xlsx").write_bytes(sample_bytes())
    assert ("〔W151〕儲存格的註解" in capsys.readouterr().err) is told
    assert main(["new", "b.xlsx", "--revised", "106-03-29", "--from", "a.xlsx"]) == 0
    made = Path("inputs/106-03-29.xlsx").read_bytes()
    assert read_bytes(made)[0] == read_bytes(Path("b.xlsx").read_bytes())[0]
    assert BytesIO(made).read(2) == b"PK"
