"""Results and roll-up as .ods: the same cells as in the .xlsx, and LibreOffice shows the same."""

from __future__ import annotations

import os
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest

from reportgen.cli import main
from reportgen.cli.argument_parser import parse
from reportgen.compute import compute
from reportgen.documents import rollup_numbers, rollup_open_document
from reportgen.model.scorecard import RocDate
from reportgen.rollup import roll_up
from reportgen.workbook.export.ods_writer import Table, write_tables
from reportgen.workbook.export.results_xlsx import results_as_ods, write_results
from reportgen.workbook.export.table_sheet import Link, Number
from reportgen.workbook.reading.number_formats import display_number
from reportgen.workbook.reading.raw_cells import StoredType
from reportgen.workbook.reading.sheet_reader import read_sheets
from reportgen.workbook.reading.zip_package import Package
from tests.factories.agencies import agency
from tests.factories.bad.outcome import sample
from tests.factories.rollups import city
from tests.factories.workbooks import sample_bytes
from tests.readers.calc import saved

if TYPE_CHECKING:
    from reportgen.workbook.reading.raw_cells import RawCell

DAY = RocDate(105, 12, 25)
Shown = dict[tuple[str, int, int], tuple[object, ...]]


def shown(content: bytes) -> Shown:
    """What each cell holds and shows."""
    book = read_sheets(Package(content), lambda name: True)
    return {
        (sheet.name, row, column): _told(cell)
        for sheet in book.sheets
        for row, cells in sheet.rows.items()
        for column, cell in cells.items()
    }


def _told(cell: RawCell) -> tuple[object, ...]:
    assert not cell.is_computed  # no cell holds a formula
    if cell.stored is not StoredType.NUMBER:
        return cell.stored, cell.content
    number = Fraction(format(float(cell.content), ".15g"))
    look = display_number(number, cell.number_format) if cell.number_format else None
    return number, cell.is_percentage, look.text if look else ""


def results_of_sample() -> tuple[bytes, bytes]:
    card = sample().scorecard
    assert card is not None
    results, _ = compute(card)
    target = BytesIO()
    write_results(results, target)
    return target.getvalue(), results_as_ods(results)


def test_results_are_the_same_cells() -> None:
    excel, open_document = results_of_sample()
    assert shown(open_document) == shown(excel)
    assert len(shown(excel)) > 300
    assert open_document == results_of_sample()[1]


@pytest.mark.slow
def test_a_rollup_is_the_same_cells() -> None:
    rolled, _ = roll_up(city(6), ())
    assert shown(rollup_open_document(rolled)) == shown(rollup_numbers(rolled))


@pytest.mark.slow
def test_libreoffice_reads_the_same(tmp_path: Path) -> None:
    """By way of .xlsx, which it writes anew."""
    before, made = results_of_sample()
    (tmp_path / "results.ods").write_bytes(made)
    (again,) = saved([tmp_path / "results.ods"], tmp_path, "xlsx")
    found = shown(again.read_bytes())
    numbers = {place: each[0] for place, each in shown(before).items()}
    assert {place: each[0] for place, each in found.items()} == numbers


def table(*rows: list[str | int | Number | Link | None]) -> bytes:
    return write_tables([Table("表", (("一", 9), ("二", 9)), rows)], DAY)


@pytest.mark.parametrize(
    "text",
    ["=cmd|' /C calc'!A0", "#N/A", "  甲  乙 ", "甲\n乙\t丙", "<&>\"'", "_x000D_", "1,234", " "],
)
def test_a_text_is_a_text(text: str) -> None:
    found = shown(table([text]))
    expected = text.replace("_x000D_", "_x005f_x000D_")
    assert found["表", 2, 1] == (StoredType.TEXT, expected)


def test_what_xml_cannot_hold_is_left_out() -> None:
    assert shown(table(["甲\x01\ud800\ufffe乙"]))["表", 2, 1] == (StoredType.TEXT, "甲乙")


def test_links_lead_out_of_the_package() -> None:
    with ZipFile(BytesIO(table([Link("甲.pdf", "甲 乙/甲.pdf")]))) as package:
        content = package.read("content.xml").decode()
    assert 'xlink:href="../%E7%94%B2%20%E4%B9%99/%E7%94%B2.pdf"' in content


@pytest.mark.parametrize(
    ("code", "number", "text"),
    [
        ("0.00%", "0.125", "12.50%"),
        ("#,##0.0", "-1234.56", "-1,234.6"),
        ('#,##0.0"‰"', "12.34", "12.3‰"),
        ("+#,##0.0;-#,##0.0;#,##0.0", "2.25", "+2.3"),
        ("+#,##0.0;-#,##0.0;#,##0.0", "-2.25", "-2.3"),
        ("+#,##0.0;-#,##0.0;#,##0.0", "0", "0.0"),
    ],
)
def test_a_format_shows_the_same(code: str, number: str, text: str) -> None:
    exact = Fraction(number)
    assert shown(table([Number(exact, code)]))["表", 2, 1] == (exact, "%" in code, text)


def test_another_format_is_refused() -> None:
    with pytest.raises(ValueError, match="no format of ours"):
        table([Number(Fraction(1), "yyyy")])


@pytest.mark.slow
def test_it_is_made_on_request(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("105-12-25.xlsx").write_bytes(sample_bytes())
    build = ["build", "105-12-25.xlsx", "--document", "results", "-q", "--format"]
    assert main([*build, "html", "-o", "a"]) == 0
    assert main([*build, "html,ods", "-o", "b"]) == 0
    endings = [{path.suffix for path in Path(each).rglob("*.*")} for each in "ab"]
    assert endings == [{".html", ".json", ".xlsx"}, {".html", ".json", ".xlsx", ".ods"}]
    (made,) = Path("b").rglob("*.ods")
    assert made.read_bytes() == results_of_sample()[1]


@pytest.mark.slow
def test_a_collection_is_rolled_up_in_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("in").mkdir()
    Path("in/甲.xlsx").write_bytes(agency(3, 7).workbook())
    formats = ["--format", "html,ods", "--document", "results", "--jobs", "1"]
    assert main(["collect", "in", "-o", "out", "-q", *formats]) in {0, 1}
    assert shown(Path("out/彙整.ods").read_bytes()) == shown(Path("out/彙整.xlsx").read_bytes())
    assert len(list(Path("out").rglob("*.ods"))) == 2


@pytest.mark.parametrize(
    ("arguments", "odf", "formats", "kind"),
    [
        ("build a", False, ("pdf", "docx"), ""),
        ("build a", True, ("pdf", "odt", "ods"), ""),
        ("build a --odf", False, ("pdf", "odt", "ods"), ""),
        ("build a --odf --format html", True, ("html",), ""),
        ("collect a", True, ("pdf", "odt", "ods"), ""),
        ("compare a b --odf", False, ("pdf", "odt", "ods"), ""),
        ("check a", True, ("pdf", "docx"), ""),
        ("new 106-03-29", True, ("pdf", "docx"), "ods"),
        ("new 106-03-29 --odf", False, ("pdf", "docx"), "ods"),
        ("new 106-03-29 --format xlsx", True, ("pdf", "docx"), "xlsx"),
        ("new a.xlsx", True, ("pdf", "docx"), ""),
        ("new 106-03-29 --refresh", True, ("pdf", "docx"), ""),
    ],
)
def test_odf_is_the_default_where_it_is_asked_for(
    arguments: str, odf: bool, formats: tuple[str, ...], kind: str
) -> None:
    options = parse(arguments.split(), "en", odf=odf)
    assert (options.formats, options.kind) == (formats, kind)


def test_the_environment_asks_for_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("REPORTGEN_ODF", "1")
    monkeypatch.setattr("reportgen.render.odt.libreoffice.find_program", lambda: "")
    assert os.environ["REPORTGEN_ODF"] == "1"
    Path("inputs").mkdir()
    assert main(["new", "106-03-29"]) == 5  # LibreOffice is missing
    monkeypatch.setenv("REPORTGEN_ODF", "0")
    assert main(["new", "106-03-29"]) == 0


def test_figures_alone_are_no_document(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse(["build", "a", "--format", "ods"], "en")
    assert "--format ods" in capsys.readouterr().err
