"""Files that are no workbook, or a hostile one: named for what they are, and never opened."""

from __future__ import annotations

import random
from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from reportgen.workbook import read, read_bytes
from tests.factories.workbooks import (
    part,
    places,
    read_scorecard,
    sample_bytes,
    sheet_part,
    with_parts,
)

if TYPE_CHECKING:
    from pathlib import Path

    from reportgen.problems import Problem

SHEET = "xl/worksheets/sheet3.xml"  # 構面
MAIN = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
MACRO_ENABLED = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"


def only(problems: tuple[Problem, ...]) -> tuple[str, str]:
    """Code and message of the one problem of a file that cannot be read."""
    assert len(problems) == 1
    return problems[0].code, problems[0].message()


def zipped(**parts: bytes) -> bytes:
    target = BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name.replace("__", "/"), content)
    return target.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


@pytest.mark.parametrize(
    ("content", "code", "word"),
    [
        (b"", "E130", "空白檔案"),
        (bytes(512), "E130", "空白檔案"),
        (b"\xef\xbb\xbf\xe5\xb9\xb4\xe5\xba\xa6,105\r\n", "E130", "CSV"),
        (b"a\tb\n1\t2\n", "E130", "CSV"),
        (b"<html><table><tr><td>1</td></tr></table>", "E130", "HTML"),
        (b"  <!DOCTYPE html><p>x", "E130", "HTML"),
        (b"<?xml version='1.0'?><Workbook/>", "E130", "XML"),
        (b"%PDF-1.7 ...", "E130", "PDF"),
        (b"\x00\x01\x02\x03" * 50, "E130", "無法辨識"),
        (OLE, "E130", ".xls"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "E131", "密碼"),
        (zipped(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"), "E132", "content"),
        (zipped(**{"[Content_Types].xml": b"", "word__document.xml": b""}), "E130", ".docx"),
        (zipped(**{"[Content_Types].xml": b"", "xl__workbook.bin": b""}), "E130", ".xlsb"),
        (zipped(**{"a.txt": b"x"}), "E130", ".zip"),
        (b"PK\x03\x04 and no more", "E132", "不完整"),
    ],
)
def test_a_file_is_named_for_what_it_is(content: bytes, code: str, word: str) -> None:
    scorecard, problems = read_bytes(content)
    assert scorecard is None
    found, message = only(problems)
    assert found == code
    assert word in message


def test_a_missing_file_and_a_folder_are_problems_too(tmp_path: Path) -> None:
    assert only(read(tmp_path / "105-12-25.xlsx")[1])[0] == "E302"
    assert only(read(tmp_path)[1])[0] == "E303"


def test_another_date_in_the_file_name_is_worth_a_look(tmp_path: Path) -> None:
    path = tmp_path / "106-12-25.xlsx"
    path.write_bytes(sample_bytes())
    found = [problem.line() for problem in read(path)[1] if problem.code == "W113"]
    assert found == [
        "〔W113〕106-12-25.xlsx 檔名與修表日期（105-12-25）不一致。請確認開啟的是正確的檔案。"
    ]


def test_a_workbook_that_unpacks_to_too_much_is_not_unpacked() -> None:
    bomb = with_parts({"xl/media/image1.png": bytes(120_000_000)})
    assert len(bomb) < 1_000_000
    assert only(read_bytes(bomb)[1])[0] == "E133"


def test_a_part_that_packs_suspiciously_well_is_refused() -> None:
    assert only(read_bytes(with_parts({SHEET: bytes(2_000_000)}))[1])[0] == "E133"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused_before_it_is_parsed(encoding: str) -> None:
    bomb = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'
    assert only(read_bytes(with_parts({SHEET: bomb.encode(encoding)}))[1])[0] == "E133"


def sheet_with(rows: str, after: str = "") -> bytes:
    """構面 with other rows."""
    return (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<sheetData>{rows}</sheetData>{after}</worksheet>"
    ).encode()


@pytest.mark.slow
def test_too_many_cells_are_refused() -> None:
    rows = "".join(f"<row>{'<c><v>1</v></c>' * 500}</row>" for _ in range(401))
    noise = random.Random(1).randbytes(200_000).hex()  # so that the ratio raises no suspicion
    content = sheet_with(rows, f"<!--{noise}-->")
    assert only(read_bytes(with_parts({SHEET: content}))[1])[0] == "E133"


@pytest.mark.parametrize(
    "after",
    [
        '<mergeCells><mergeCell ref="D1:XFD1048576"/></mergeCells>',
        "<x:mergeCells xmlns:x='x'><x:mergeCell\nref = 'D1:XFD1048576'/></x:mergeCells>",
    ],
)
def test_an_area_of_the_whole_sheet_is_refused_before_it_is_filled_with_cells(after: str) -> None:
    assert only(read_bytes(with_parts({SHEET: sheet_with("", after)}))[1])[0] == "E133"


def test_one_cell_in_the_last_corner_costs_nothing() -> None:
    content = sheet_with('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
    assert ("E104", "構面", "A1048576") in places(read_bytes(with_parts({SHEET: content}))[1])


def test_rows_without_end_are_refused() -> None:
    content = sheet_with('<row ht="20" customHeight="1"/>' * 100_001)
    noise = random.Random(1).randbytes(50_000).hex().encode()
    content = content.replace(b"</worksheet>", b"<!--" + noise + b"--></worksheet>")
    assert only(read_bytes(with_parts({SHEET: content}))[1])[0] == "E133"


@pytest.mark.parametrize("sheet", ["填寫說明", "清單"])
def test_a_sheet_that_is_not_read_may_be_anything(sheet: str) -> None:
    assert (
        read_bytes(with_parts({sheet_part(sheet): b"<worksheet"}))[1]
        == read_bytes(sample_bytes())[1]
    )


@pytest.mark.parametrize(
    "content",
    [
        b"<worksheet",
        b"",
        sheet_with('<row><c r="ZZZZ1"><v>1</v></c></row>'),
        sheet_with('<row><c r="XFE1"><v>1</v></c></row>'),
        sheet_with('<row r="x"/>'),
        sheet_with('<row><c t="s"><v>99999</v></c></row>'),
        sheet_with('<row><c t="s"><v>x</v></c></row>'),
        sheet_with("", '<mergeCells><mergeCell ref="A0:B1"/></mergeCells>'),
        sheet_with("", "<mergeCells><mergeCell/></mergeCells>"),
        None,
    ],
)
def test_a_broken_sheet_is_damage(content: bytes | None) -> None:
    assert only(read_bytes(with_parts({SHEET: content}))[1])[0] == "E132"


def test_no_flipped_byte_raises() -> None:
    source, chance = sample_bytes(), random.Random(105)
    for _ in range(60):
        content = bytearray(source)
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        read_bytes(bytes(content))


def test_no_cut_raises() -> None:
    source = sample_bytes()
    for length in range(0, len(source), len(source) // 20):
        assert read_bytes(source[:length])[0] is None


def test_macros_are_noticed_and_never_run() -> None:
    types = part("[Content_Types].xml").replace(MAIN, MACRO_ENABLED)
    content = with_parts({"xl/vbaProject.bin": b"\x00", "[Content_Types].xml": types})
    assert places(read_bytes(content, file="105-12-25.xlsm")[1]) == [("N156", "", "")]


def test_entries_that_point_out_of_the_package_are_never_touched() -> None:
    content = with_parts({"../../etc/passwd": b"x", "/absolute": b"x"})
    assert read_scorecard(content) == read_scorecard(sample_bytes())
    assert places(read_bytes(content)[1]) == [("N142", "", ""), ("N142", "", "")]
