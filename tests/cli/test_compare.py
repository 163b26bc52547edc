"""``reportgen compare``: what is written, and what is doubted."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from reportgen.cli import main
from tests.conftest import ROOT
from tests.factories.workbooks import with_cells

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def _plain_surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("REPORTGEN_LANG", "zh-TW")
    (tmp_path / "inputs").symlink_to(ROOT / "inputs")


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, Any]:
    code = main(["compare", "--json", "--format", "html", *arguments])
    return code, json.loads(capsys.readouterr().out)


@pytest.mark.slow
def test_two_editions_are_called_by_their_dates(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, report = told(capsys, "105-06-30", "105.12.25")
    assert code == 0
    assert (report["schema"], report["old"], report["edition"]) == (
        "reportgen.compare/1",
        "105-06-30",
        "105-12-25",
    )
    names = sorted(path.name for path in (tmp_path / "output/105-12-25").iterdir())
    stem = "臺北市教師研習中心_修正對照表_105-12-25"
    assert names == [f"{stem}.html", f"{stem}.json"]
    assert {each["where"]["file"] for each in report["problems"]} == {
        "105-06-30.xlsx",
        "105-12-25.xlsx",
    }


DOUBTFUL = {
    "the other way round": (("105-12-25", "105-06-30"), "W311"),
    "the same": (("105-12-25", "105-12-25"), "W311"),
    "another agency": (("105-12-25", "other.xlsx"), "W310"),
}


@pytest.mark.parametrize(("editions", "code"), DOUBTFUL.values(), ids=DOUBTFUL)
def test_what_is_doubtful_is_asked(
    editions: tuple[str, str], code: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = with_cells(("基本資料", "B5", "新北市教師研習中心"), ("基本資料", "B8", "106-03-29"))
    (tmp_path / "other.xlsx").write_bytes(other)
    exit_code, report = told(capsys, *editions)
    assert exit_code == 0
    found = [each["code"] for each in report["problems"] if each["code"].startswith("W31")]
    assert found == [code]


def test_all_files_that_are_missing_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    code, report = told(capsys, "104-01-01", "no.xlsx")
    assert code == 3
    assert [each["code"] for each in report["problems"]] == ["E302", "E302"]


def test_an_error_says_which_workbook_it_is_in(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "damaged.xlsx").write_bytes(b"PK\x03\x04")
    code, report = told(capsys, "damaged.xlsx", "105-12-25")
    assert code == 1
    errors = [each for each in report["problems"] if each["severity"] == "error"]
    assert [each["where"]["file"] for each in errors] == ["damaged.xlsx"]
    assert not (tmp_path / "output").exists()


def test_workbooks_of_one_name_are_told_apart_by_their_folders(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for folder in ("old", "new"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "card.xlsx").write_bytes(b"PK\x03\x04")
    code, report = told(capsys, "old/card.xlsx", "new/card.xlsx")
    assert code == 1
    files = [each["where"]["file"] for each in report["problems"] if each["code"] == "E132"]
    assert files == ["old/card.xlsx", "new/card.xlsx"]
