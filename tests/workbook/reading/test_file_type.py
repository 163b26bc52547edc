"""What a file really is, whatever it is called, and what to do with it."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from reportgen.cli.commands import find_workbook
from reportgen.workbook import read_bytes
from tests.conftest import ROOT
from tests.factories.open_documents import packed, sample_content
from tests.factories.workbooks import part, places, read_scorecard, sample_bytes, with_parts
from tests.readers.libreoffice import convert

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
SAVE_AS = "另存新檔"
MAIN = b"openxmlformats-officedocument.spreadsheetml.sheet.main+xml"


def streams(*names: str) -> bytes:
    """A compound file with these streams, as far as anybody looks."""
    return OLE + b"".join(name.encode("utf-16-le") + bytes(64) for name in names)


def zipped(name: str, content: bytes = b"") -> bytes:
    target = BytesIO()
    with ZipFile(target, "w") as package:
        package.writestr(name, content)
    return target.getvalue()


def open_document(kind: str) -> bytes:
    return zipped("mimetype", f"application/vnd.oasis.opendocument.{kind}".encode())


@pytest.mark.parametrize(
    ("content", "name", "remedy"),
    [
        (streams("Workbook"), "舊版 Excel 活頁簿（.xls）", SAVE_AS),
        (streams("WordDocument"), ".doc", "抄錄"),
        (streams("PowerPoint Document"), ".ppt", "抄錄"),
        (streams("__substg1.0_001A001F"), ".msg", "抄錄"),
        (streams("Workbook", "WordDocument"), "舊版 Office 檔案", SAVE_AS),
        (open_document("text"), ".odt", "抄錄"),
        (open_document("presentation"), ".odp", "抄錄"),
        (open_document("graphics"), "開放文件格式的檔案", "抄錄"),
        (zipped("Index/Document.iwa"), ".numbers", SAVE_AS),
        (zipped("105-12-25.xlsx", sample_bytes()), ".zip", "解壓縮"),
        (b"Rar!\x1a\x07\x01\x00", ".rar", "解壓縮"),
        (b"7z\xbc\xaf\x27\x1c", ".7z", "解壓縮"),
        (b"\x1f\x8b\x08\x00", ".gz", "解壓縮"),
        (b"\x89PNG\r\n\x1a\n", "圖片", "抄錄"),
        (b"\xff\xd8\xff\xe0", "圖片", "抄錄"),
        (b"{\\rtf1\\ansi", "RTF", "抄錄"),
        (b'{"url": "https://docs.google.com/spreadsheets/d/1"}', "雲端試算表", "下載"),
        (b"MIME-Version: 1.0\r\n", "HTML", SAVE_AS),
        (
            b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>',
            "試算表（XML）",
            SAVE_AS,
        ),
        (
            b"<office:document office:mimetype='application/vnd.oasis.opendocument.spreadsheet'>",
            ".fods",
            "另存新檔",
        ),
        (
            b"<office:document office:mimetype='application/vnd.oasis.opendocument.text'>",
            "資料檔（XML）",
            "抄錄",
        ),
        (b"<?xml version='1.0'?><data/>", "資料檔（XML）", "抄錄"),
        (b"%PDF-1.7", "PDF", "抄錄"),
        (b"a,b\r\n1,2\r\n", "CSV", SAVE_AS),
        (b"", "空白檔案", "原始檔案"),
        (b"\x00\x01\x02\x03" * 50, "無法辨識", "原始檔案"),
    ],
)
def test_a_file_is_named_and_its_remedy_fits(content: bytes, name: str, remedy: str) -> None:
    scorecard, (problem,) = read_bytes(content, file="105-12-25.xlsx")
    assert scorecard is None
    assert problem.code == "E130"
    assert name in problem.message()
    assert remedy in problem.fix()
    assert problem.message("en").isascii()
    assert problem.fix("en").endswith(".")


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["fods", "xls"])
def test_what_libreoffice_saves_otherwise_is_named_too(kind: str, tmp_path: Path) -> None:
    made = convert(ROOT / "inputs/105-12-25.xlsx", tmp_path / "made", kind)
    for name in (made.name, "105-12-25.xlsx"):
        scorecard, (problem,) = read_bytes(made.read_bytes(), file=name)
        assert scorecard is None
        assert (problem.code, f".{kind}" in problem.message()) == ("E130", True)


def typed(content_type: bytes) -> bytes:
    """The sample with another type of its main part."""
    types = part("[Content_Types].xml").replace(b"vnd." + MAIN, content_type)
    return with_parts({"[Content_Types].xml": types})


XLSX = typed(b"vnd." + MAIN)
XLSM = typed(b"vnd.ms-excel.sheet.macroEnabled.main+xml")
XLTX = typed(b"vnd." + MAIN.replace(b"sheet.main", b"template.main"))


@pytest.mark.parametrize(
    ("content", "name", "right"),
    [
        (XLSX, "a.xlsx", ""),
        (XLSX, "A.XLSX", ""),
        (XLSX, "", ""),
        (XLSX, "105-12-25", ""),
        (XLSX, "105.12.25", ""),
        (XLSX, "a.xls", ".xlsx"),
        (XLSX, "a.ods", ".xlsx"),
        (XLSX, "a.csv", ".xlsx"),
        (XLSX, "a.xlsm", ".xlsx"),
        (XLSM, "a.xlsm", ""),
        (XLSM, "a.xlsx", ".xlsm"),
        (XLTX, "a.xlsx", ".xltx"),
        (XLTX, "a.xltx", ""),
    ],
)
def test_a_workbook_is_read_whatever_it_is_called_and_a_wrong_ending_told(
    content: bytes, name: str, right: str
) -> None:
    scorecard, problems = read_bytes(content, file=name)
    assert scorecard == read_scorecard(sample_bytes())
    assert places(problems) == ([("W156", "", "")] if right else [])
    if right:
        told = next(problem for problem in problems if problem.code == "W156")
        assert told.fix() == f"請將副檔名改為 {right}。"


@pytest.mark.parametrize(
    ("kind", "name", "right"),
    [
        ("spreadsheet", "a.ods", ""),
        ("spreadsheet", "a.ODS", ""),
        ("spreadsheet", "a.xlsx", ".ods"),
        ("spreadsheet-template", "a.ods", ".ots"),
        ("spreadsheet-template", "a.ots", ""),
    ],
)
def test_an_open_document_has_a_right_ending_too(kind: str, name: str, right: str) -> None:
    mimetype = f"application/vnd.oasis.opendocument.{kind}"
    content = packed({"mimetype": mimetype, "content.xml": sample_content()})
    scorecard, problems = read_bytes(content, file=name)
    assert scorecard == read_scorecard(sample_bytes())
    assert [each.code for each in problems if each.code == "W156"] == ["W156"] * bool(right)
    if right:
        assert problems[0].fix() == f"請將副檔名改為 {right}。"


def test_a_workbook_with_macros_is_found_by_its_edition(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("inputs").mkdir()
    Path("inputs/105-12-25.xlsm").touch()
    assert find_workbook("105-12-25") == Path("inputs/105-12-25.xlsm")
