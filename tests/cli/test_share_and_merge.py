"""``reportgen share`` and ``reportgen merge``: files in, files out, and what is said of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from reportgen.cli import main
from reportgen.sharing import workbook_merging
from reportgen.sharing.edition_update import apply_changes
from reportgen.workbook import read_bytes
from reportgen.workbook.parts.part_reader import read_part
from reportgen.workbook.reading.sheet_reader import read_sheets
from reportgen.workbook.reading.zip_package import Package
from tests.factories.owner_parts import (
    UNITS,
    blanked,
    cells,
    contents_of,
    edited,
    edition,
    filled,
    sample_card,
    workbook_of,
)

if TYPE_CHECKING:
    from openpyxl import Workbook

pytestmark = pytest.mark.slow

EDITION = "105-12-25"
WORKBOOK = Path(f"inputs/{EDITION}.xlsx")
PARTS = Path(f"output/{EDITION}/填報")


@pytest.fixture(autouse=True)
def whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> bytes:
    """The workbook as it will be; the one in inputs/ lacks this year's figures."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("REPORTGEN_LANG", "zh-TW")
    card = sample_card()
    content = workbook_of(card)
    WORKBOOK.parent.mkdir()
    WORKBOOK.write_bytes(blanked(card, content, lambda cell: False))
    return content


def fill(whole: bytes, *owners: str) -> None:
    """Fill in the parts of some units, where they are."""
    contents = contents_of(edition(WORKBOOK.read_bytes()), edition(whole))
    for owner in owners:
        path = PARTS / f"{EDITION}_{owner}.xlsx"
        path.write_bytes(filled(path.read_bytes(), contents))


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, Any, str]:
    """Exit code, JSON and standard error of a command."""
    code = main([*arguments, "--json"])
    out, err = capsys.readouterr()
    return code, json.loads(out), err


def test_an_edition_goes_out_and_comes_back(
    whole: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["share", EDITION, "--due", "106-01-20"]) == 0
    out = capsys.readouterr().out
    assert [line.partition("：")[0] for line in out.splitlines()[:-1]] == list(UNITS)
    assert sorted(path.name for path in PARTS.iterdir()) == sorted(
        f"{EDITION}_{owner}.xlsx" for owner in UNITS
    )
    before = WORKBOOK.read_bytes()
    fill(whole, *UNITS)
    assert main(["merge", EDITION, str(PARTS)]) == 0
    out = capsys.readouterr().out
    assert "「年度資料」F10 當年度優質學校獲獎校數 105: " not in out
    assert "「年度資料」F10 當年度優質學校獲獎校數 105：空白 → 17（研究組 王小明 106-01-05）" in out
    assert cells(WORKBOOK.read_bytes()) == cells(whole)
    assert read_bytes(WORKBOOK.read_bytes()) == read_bytes(whole)
    assert [path.read_bytes() for path in Path("inputs/備份").iterdir()] == [before]

    after = WORKBOOK.stat()
    assert main(["merge", EDITION, str(PARTS)]) == 0
    assert "沒有要併入的格子" in capsys.readouterr().out
    assert WORKBOOK.stat() == after


def test_status_names_who_is_missing_and_writes_nothing(
    whole: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["share", EDITION]) == 0
    fill(whole, "研究組", "教務組")
    capsys.readouterr()
    before = WORKBOOK.read_bytes()
    code, report, _ = run(capsys, "merge", EDITION, str(PARTS), "--status")
    assert code == 0
    assert report["schema"] == "reportgen.merge/1"
    assert report["written"] is None
    states = {unit["owner"]: (unit["delivery"], len(unit["blank"])) for unit in report["units"]}
    assert states["研究組"] == states["教務組"] == ("delivered", 0)
    assert states["輔導組"] == ("missing", 13)
    assert {problem["code"] for problem in report["problems"]} == {"N712"}
    change = next(change for change in report["changes"] if change["cell"] == "F10")
    assert (change["was"], change["now"], change["owner"]) == ("", "17", "研究組")
    assert change["part_cell"] == "F6"
    assert WORKBOOK.read_bytes() == before
    assert not Path("inputs/備份").exists()

    assert main(["merge", EDITION, str(PARTS), "--status"]) == 0
    out = capsys.readouterr().out
    assert "研究組：已交（3 列，空白 0）" in out
    assert "輔導組：未交（13 列，空白 13）F7、F25" in out
    assert out.endswith("沒有寫入。\n")
    assert main(["merge", EDITION, str(PARTS), "--status", "--lang", "en", "-q"]) == 0
    out, err = capsys.readouterr()
    assert out == "32 cells would be merged; nothing was written.\n"
    assert err == ""  # no notices


@pytest.mark.parametrize("suffix", ["xlsx", "ods"])
def test_the_report_is_a_sheet(whole: bytes, suffix: str) -> None:
    assert main(["share", EDITION]) == 0
    fill(whole, "研究組")
    assert main(["merge", EDITION, str(PARTS), "--status", "--sheet", f"狀況.{suffix}"]) == 0
    package = Package(Path(f"狀況.{suffix}").read_bytes())
    sheets = {sheet.name: sheet for sheet in read_sheets(package, lambda name: True).sheets}
    texts = {
        name: [[cell.content for cell in row.values()] for row in sheet.rows.values()]
        for name, sheet in sheets.items()
    }
    assert list(texts) == ["填報狀況", "尚未填寫", "併入明細", "問題"]
    assert texts["填報狀況"][1][:6] == ["研究組", "已交", "3", "0", "王小明", "106-01-05"]
    assert texts["填報狀況"][2] == ["教務組", "未交", "13", "13"]
    assert texts["尚未填寫"][1] == [
        *("教務組", "年度資料", "F6", "每年新建立合作或諮詢關係之專家學者資料庫人數"),
    ]
    item = "每年增加創新研習班後之研習類別總數"
    assert texts["併入明細"][1][:4] == ["年度資料", "F5", item, "105"]
    assert {row[0] for row in texts["問題"][1:]} == {"N712"}


def test_with_an_error_nothing_is_written_unless_partially(
    whole: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["share", EDITION]) == 0
    fill(whole, "研究組")
    before = WORKBOOK.read_bytes()
    part = PARTS / f"{EDITION}_研究組.xlsx"

    def overtype(book: Workbook) -> None:
        page: Any = book["填報資料"]
        page["F6"].value = "17校"

    part.write_bytes(edited(part.read_bytes(), overtype))
    capsys.readouterr()
    code, report, _ = run(capsys, "merge", EDITION, str(part))
    assert code == 1
    found = {problem["code"]: problem["where"] for problem in report["problems"]}
    place = {"file": str(part), "sheet": "填報資料", "cell": "F6"}
    assert found["E112"] == {"line": None, "column": None, **place}
    assert WORKBOOK.read_bytes() == before
    assert main(["merge", EDITION, str(part)]) == 1
    assert "--partial" in capsys.readouterr().err
    assert main(["merge", EDITION, str(part), "--partial"]) == 1
    now = cells(WORKBOOK.read_bytes())
    assert ("年度資料", 10, 6) not in now
    assert now["年度資料", 11, 6] == cells(whole)["年度資料", 11, 6]


def test_parts_that_are_filled_in_are_not_replaced(
    whole: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["share", EDITION]) == 0
    assert main(["share", EDITION]) == 0  # the same once more is no harm
    fill(whole, "研究組")
    part = PARTS / f"{EDITION}_研究組.xlsx"
    before = part.read_bytes()
    capsys.readouterr()
    code, report, _ = run(capsys, "share", EDITION, "--due", "106-02-01")
    assert code == 3
    assert {problem["code"] for problem in report["problems"]} == {"E317"}
    assert part.read_bytes() == before
    assert main(["share", EDITION, "--due", "106-02-01", "--replace"]) == 0
    kept = [path.read_bytes() for path in (PARTS / "備份").glob("*研究組*")]
    assert kept == [before]
    found, _ = read_part(part.read_bytes(), part.name)
    assert found is not None
    assert found.part.due == "106-02-01"


def test_what_cannot_be_shared_or_merged_is_told(
    whole: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["share", EDITION, "--due", "明天"]) == 2
    assert "〔E108〕" in capsys.readouterr().err
    assert main(["share", "沒有"]) == 3
    assert "〔E302〕" in capsys.readouterr().err
    assert main(["merge", EDITION, "沒有.xlsx"]) == 3
    assert "〔E302〕" in capsys.readouterr().err

    Path("空的").mkdir()
    assert main(["merge", EDITION, "空的"]) == 0
    assert "〔W704〕" in capsys.readouterr().err

    def misspelt(book: Workbook) -> None:
        page: Any = book["關鍵績效指標"]
        page["D10"].value = "沒有這個名稱/2"

    wrong = Path("inputs/105-12-27.xlsx")
    wrong.write_bytes(edited(WORKBOOK.read_bytes(), misspelt))
    code, report, _ = run(capsys, "share", str(wrong))
    assert code == 1
    assert "E217" in {problem["code"] for problem in report["problems"]}
    assert not PARTS.exists()

    def without_units(book: Workbook) -> None:
        page: Any = book["關鍵績效指標"]
        for row in range(5, page.max_row + 1):
            page.cell(row, 8).value = None

    unowned = Path("inputs/105-12-26.xlsx")
    unowned.write_bytes(edited(WORKBOOK.read_bytes(), without_units))
    code, report, _ = run(capsys, "share", str(unowned))
    assert code == 1
    assert [problem["code"] for problem in report["problems"]] == ["W702", "E701"]


def test_an_open_or_changed_edition_is_left_alone(
    whole: bytes, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["share", EDITION]) == 0
    fill(whole, "研究組")
    before = WORKBOOK.read_bytes()
    lock = WORKBOOK.with_name(f"~${WORKBOOK.name}")
    lock.touch()
    assert main(["merge", EDITION, str(PARTS)]) == 3
    assert "〔E318〕" in capsys.readouterr().err
    lock.unlink()

    def meanwhile(*arguments: Any) -> Any:
        WORKBOOK.write_bytes(before + b"\0")
        return apply_changes(*arguments)

    monkeypatch.setattr(workbook_merging, "apply_changes", meanwhile)
    assert main(["merge", EDITION, str(PARTS)]) == 3
    assert "〔E319〕" in capsys.readouterr().err
    assert WORKBOOK.read_bytes() == before + b"\0"
