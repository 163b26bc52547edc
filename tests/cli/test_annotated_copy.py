"""``reportgen check --annotate``: what is written where, and what is said of it."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from reportgen.cli import main
from reportgen.cli.annotated_copy import AnnotatedCopies
from reportgen.workbook.annotate import without_annotations
from tests.conftest import ROOT
from tests.factories.annotated import marks_in, rich, sheets_of
from tests.factories.workbooks import with_cells, with_parts

if TYPE_CHECKING:
    from collections.abc import Callable

FAULTY = with_cells(("構面", "B5", ""), ("年度資料", "E6", "33 人"))
MENDED = with_cells(("構面", "B5", "顧客"), ("年度資料", "E6", 33))


@pytest.fixture(autouse=True)
def _plain_surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("REPORTGEN_LANG", "zh-TW")


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    path = tmp_path / "105-12-25.xlsx"
    path.write_bytes(FAULTY)
    return path


def reported(
    capsys: pytest.CaptureFixture[str], *arguments: str
) -> tuple[int, list[dict[str, object]]]:
    code = main(["check", "--json", *arguments])
    return code, json.loads(capsys.readouterr().out)["workbooks"]


def test_the_copy_lies_beside_the_original_whose_bytes_stay(
    faulty: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    digest = hashlib.sha256(faulty.read_bytes()).hexdigest()
    assert main(["check", "105-12-25.xlsx", "--annotate"]) == 1
    said = capsys.readouterr().out
    assert said.endswith("已標示問題的複本 105-12-25_檢查.xlsx\n")
    marks = marks_in(Path("105-12-25_檢查.xlsx").read_bytes())
    assert marks.colours["構面", "B5"] == marks.colours["年度資料", "E6"] == "error"
    listed = {(row[1], row[2], row[3]) for row in marks.list_rows}
    assert {("E101", "構面", "B5"), ("E112", "年度資料", "E6")} <= listed
    assert len(marks.list_rows) == said.count("〔")  # every problem that is printed
    assert hashlib.sha256(faulty.read_bytes()).hexdigest() == digest
    assert sorted(path.name for path in Path().iterdir()) == sorted(
        ["105-12-25.xlsx", "105-12-25_檢查.xlsx"]
    )


@pytest.mark.slow
def test_json_names_the_copy_and_the_one_it_replaced(
    faulty: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, (first,) = reported(capsys, "105-12-25.xlsx", "--annotate")
    assert code == 1
    assert first["annotated_copy"] == {
        "path": "105-12-25_檢查.xlsx",
        "changed": True,
        "backup": None,
    }
    old = Path("105-12-25_檢查.xlsx").read_bytes()
    faulty.write_bytes(MENDED)
    code, (second,) = reported(capsys, "105-12-25.xlsx", "--annotate")
    assert code == 0
    copy = second["annotated_copy"]
    assert isinstance(copy, dict)
    assert Path(str(copy["backup"])).read_bytes() == old
    assert Path(str(copy["backup"])).parent.name == "備份"
    assert "copy" not in reported(capsys, "105-12-25.xlsx")[1][0]


@pytest.mark.slow
def test_several_workbooks_have_a_copy_each_also_in_one_folder(
    faulty: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = Path("別的機關/105-12-25.xlsx")
    other.parent.mkdir()
    shutil.copy(ROOT / "inputs/105-12-25.xlsx", other)
    code, reports = reported(capsys, str(faulty), str(other), "--annotate", "-o", "複本")
    assert code == 1
    copies = [report["annotated_copy"] for report in reports]
    assert [copy["path"] for copy in copies if isinstance(copy, dict)] == [
        str(Path("複本/105-12-25_檢查.xlsx")),
        str(Path("複本/105-12-25_檢查2.xlsx")),
    ]
    assert sorted(path.name for path in Path("複本").iterdir()) == sorted(
        ["105-12-25_檢查.xlsx", "105-12-25_檢查2.xlsx"]
    )


@pytest.mark.parametrize(
    ("workbook", "copy"),
    [
        ("105-12-25.xlsx", "105-12-25_檢查.xlsx"),
        ("105-12-25.xlsm", "105-12-25_檢查.xlsm"),
        ("105-12-25_檢查.xlsx", "105-12-25_檢查2.xlsx"),
        ("105-12-25_檢查2.xlsx", "105-12-25_檢查3.xlsx"),
        ("檢查.xlsx", "檢查_檢查.xlsx"),
    ],
)
def test_names_of_copies(workbook: str, copy: str) -> None:
    assert AnnotatedCopies(None, "zh-TW").copy_path(Path(workbook)).name == copy


def test_a_copy_is_never_the_workbook_itself() -> None:
    copies = AnnotatedCopies(Path(), "zh-TW")
    assert copies.copy_path(Path("x/a.xlsx")).name == "a_檢查.xlsx"
    assert copies.copy_path(Path("a_檢查.xlsx")).name == "a_檢查2.xlsx"


@pytest.mark.parametrize(
    ("content", "code"),
    [(FAULTY[:9_000], 1), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), 1)],
)
def test_what_cannot_be_read_has_no_copy_and_says_so(
    content: bytes, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("a.xlsx").write_bytes(content)
    assert main(["check", "a.xlsx", "--annotate"]) == code
    assert "〔E155〕a.xlsx 無法製作標示問題的複本。" in capsys.readouterr().out
    assert [path.name for path in Path().iterdir()] == ["a.xlsx"]


def test_a_missing_workbook_has_none_either(capsys: pytest.CaptureFixture[str]) -> None:
    code, (report,) = reported(capsys, "無.xlsx", "--annotate")
    assert (code, report["annotated_copy"]) == (3, None)


@pytest.mark.slow
def test_a_workbook_without_some_sheets_is_marked_as_far_as_it_goes(
    capsys: pytest.CaptureFixture[str],
) -> None:
    from tests.factories.workbooks import changed

    Path("a.xlsx").write_bytes(changed(_without_sheets))
    code, (report,) = reported(capsys, "a.xlsx", "--annotate")
    assert code == 1
    marks = marks_in(Path("a_檢查.xlsx").read_bytes())
    assert ("E103", "策略目標") in {(row[1], row[2]) for row in marks.list_rows}
    assert marks.colours["構面", "B5"] == "error"
    assert len(marks.list_rows) == len(report["problems"])  # type: ignore[arg-type]


def _without_sheets(book) -> None:  # type: ignore[no-untyped-def]
    del book["策略目標"]
    book["構面"]["B5"] = None


def test_a_folder_is_for_copies_alone(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["check", "a.xlsx", "-o", "複本"])
    assert stop.value.code == 2
    assert "--output 要與 --annotate 一起使用" in capsys.readouterr().err


def test_a_folder_that_cannot_be_written_is_told(
    faulty: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("檔案").touch()
    faulty.write_bytes(MENDED)
    assert main(["check", str(faulty), "--annotate", "-o", "檔案"]) == 3
    assert "〔E304〕" in capsys.readouterr().out


@pytest.mark.slow
def test_the_mended_copy_builds_what_the_mended_original_builds(
    faulty: Path, mend: Callable[[Path], None], capsys: pytest.CaptureFixture[str]
) -> None:
    main(["check", str(faulty), "--annotate"])
    copy = Path("105-12-25_檢查.xlsx")
    assert main(["build", str(copy), "--format", "html", "-o", "由複本"]) == 1
    mend(copy)
    assert main(["build", str(copy), "--format", "html", "-o", "由複本"]) == 0
    faulty.write_bytes(MENDED)
    assert main(["build", str(faulty), "--format", "html", "-o", "由原檔"]) == 0
    (made,), (expected,) = (list(Path(each).rglob("*.html")) for each in ("由複本", "由原檔"))
    assert body(made) == body(expected) != ""
    assert main(["check", str(copy), "--annotate"]) == 0
    again = Path("105-12-25_檢查2.xlsx").read_bytes()
    assert not {"error"} & set(marks_in(again).colours.values())
    assert [entry.name for entry in sheets_of(again)].count("檢查結果") == 1
    assert [entry.name for entry in sheets_of(without_annotations(again))] == [
        entry.name for entry in sheets_of(FAULTY)
    ]
    capsys.readouterr()


def body(page: Path) -> str:
    """What is printed; the head names the bytes of the workbook."""
    return page.read_text("utf-8").partition("<body")[2]


@pytest.fixture
def mend() -> Callable[[Path], None]:
    """Staff mend the two cells in the copy; everything else in it stays as it is."""
    from tests.factories.annotated import part_of
    from tests.factories.workbooks import part
    from tests.workbook.annotate.test_annotate import with_cell

    def change(copy: Path) -> None:
        content = copy.read_bytes()
        for sheet, cell, text in (("構面", "B5", "顧客"), ("年度資料", "E6", "33")):
            name = part_of(content, sheet)
            content = with_parts({name: with_cell(part(name, content), cell, text)}, content)
        copy.write_bytes(content)

    return change


def test_nothing_of_the_users_is_lost_by_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    from tests.factories.annotated import parts_of

    Path("a.xlsx").write_bytes(rich())
    main(["check", "a.xlsx", "--annotate"])
    before, after = rich(), Path("a_檢查.xlsx").read_bytes()
    kept = ("xl/media/", "xl/charts/", "xl/tables/", "customXml/", "xl/sharedStrings")
    names = [name for name in parts_of(before) if name.startswith(kept)]
    assert len(names) >= 5
    assert all(parts_of(after)[name] == parts_of(before)[name] for name in names)
    capsys.readouterr()


@pytest.mark.slow
def test_a_marked_copy_is_begun_from_and_renewed_as_its_original_is(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("105-12-25.xlsx").write_bytes(MENDED)
    assert main(["check", "105-12-25.xlsx", "--annotate"]) == 0
    for name in ("105-12-25.xlsx", "105-12-25_檢查.xlsx"):
        capsys.readouterr()
        new = ["new", "next.xlsx", "--from", name, "--revised", "106-03-29", "--replace", "--json"]
        assert main(new) == 0
        assert json.loads(capsys.readouterr().out)["problems"] == []
        assert main(["new", name, "--refresh"]) == 0
