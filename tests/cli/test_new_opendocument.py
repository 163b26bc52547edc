"""``reportgen new`` writes .ods on request, by LibreOffice, and holds it against the .xlsx."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZipFile

import pytest

from reportgen.cli import main
from reportgen.pipeline import convert_to_ods
from reportgen.problems import make_problem
from reportgen.render.odt import libreoffice
from reportgen.workbook import read_bytes
from tests.factories.open_documents import sample_ods
from tests.factories.workbooks import sample_bytes, with_cells


@pytest.fixture(autouse=True)
def _place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("REPORTGEN_LANG", "zh-TW")
    Path("inputs").mkdir()
    Path("inputs/105-12-25.xlsx").write_bytes(sample_bytes())


@pytest.mark.slow
def test_a_blank_one_guides_as_excels_does() -> None:
    assert main(["new", "106-03-29", "--format", "ods"]) == 0
    assert main(["new", "106-03-29", "--format", "xlsx"]) == 0
    made = [Path(f"inputs/106-03-29.{ending}") for ending in ("ods", "xlsx")]
    found, expected = (read_bytes(path.read_bytes(), file=path.name) for path in made)
    assert found == expected
    with ZipFile(made[0]) as package:
        assert package.namelist()[0] == "mimetype"
        content = package.read("content.xml").decode()
    assert content.count("<table:content-validation ") > 30
    assert "calcext:conditional-format " in content
    assert content.count('table:protected="true"') >= 13
    first = made[0].read_bytes()
    assert main(["new", "106-03-29", "--format", "ods", "--replace"]) == 0
    assert made[0].read_bytes() == first


@pytest.mark.slow
def test_the_next_edition_and_the_same_one_anew() -> None:
    assert main(["new", "下一版.ods", "--revised", "106-03-29", "--from", "105-12-25"]) == 0
    assert main(["new", "下一版.xlsx", "--revised", "106-03-29", "--from", "105-12-25"]) == 0
    before = read_bytes(Path("下一版.xlsx").read_bytes())
    assert read_bytes(Path("下一版.ods").read_bytes()) == before
    assert main(["new", "下一版.ods", "--refresh"]) == 0
    assert Path("下一版.ods").read_bytes()[:2] == b"PK"
    assert read_bytes(Path("下一版.ods").read_bytes(), file="下一版.ods") == before


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("a.xlsx", "--format", "ods"), "E158"),
        (("a.ods", "--format", "xlsx"), "E158"),
        (("105-12-25", "--refresh", "--format", "ods"), "E154"),
        (("a.pdf", "--format", "ods"), "E151"),
    ],
)
def test_what_contradicts_itself_is_refused(
    arguments: tuple[str, ...], code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["new", *arguments]) == 2
    assert f"〔{code}〕" in capsys.readouterr().err


def test_without_libreoffice_nothing_is_written(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(libreoffice, "find_program", lambda: "")
    assert main(["new", "106-03-29", "--format", "ods"]) == 5
    assert "〔E507〕" in capsys.readouterr().err
    assert not Path("inputs/106-03-29.ods").exists()


@pytest.mark.parametrize(
    ("made", "found"),
    [
        (with_cells(("年度資料", "F5", 20)), "年度資料!F5"),
        (with_cells(("年度資料", "F5", None)), "年度資料!F5"),
        (with_cells(("構面", "B5", "別的")), "構面!B5"),
    ],
)
def test_one_that_holds_something_else_is_refused(
    made: bytes, found: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.factories.open_documents import raw_of, written

    monkeypatch.setattr(libreoffice, "find_program", lambda: "soffice")
    monkeypatch.setattr(libreoffice, "convert", lambda *_: [written(raw_of(made))])
    content, (problem,) = convert_to_ods(sample_bytes(), "a.ods")
    assert content is None
    assert (problem.code, dict(problem.fields)["found"]) == ("E413", found)
    monkeypatch.setattr(libreoffice, "convert", lambda *_: [sample_ods()])
    assert convert_to_ods(sample_bytes(), "a.ods")[1] == ()
    monkeypatch.setattr(libreoffice, "convert", lambda *_: [b"PK"])
    broken = make_problem("E508", reason="檔案不完整", reason_en="the file is broken")
    assert convert_to_ods(sample_bytes(), "a.ods") == (None, (broken,))
