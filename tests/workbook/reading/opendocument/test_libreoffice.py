"""Workbooks that LibreOffice has saved as .ods: the same figures, the same problems."""

from __future__ import annotations

import os
from dataclasses import replace
from fractions import Fraction
from io import BytesIO
from typing import TYPE_CHECKING, Final

import pytest
from openpyxl import Workbook

from reportgen.workbook import read_bytes
from reportgen.workbook.reading.number_formats import display_number
from reportgen.workbook.reading.opendocument import read_opendocument
from reportgen.workbook.reading.raw_cells import StoredType
from reportgen.workbook.reading.zip_package import Package
from tests.conftest import ROOT
from tests.factories.agencies import agency
from tests.factories.bad.outcome import outcome
from tests.readers.calc import saved

if TYPE_CHECKING:
    from pathlib import Path

    from reportgen.model.scorecard import Scorecard

pytestmark = pytest.mark.slow

SAMPLES = sorted((ROOT / "inputs").glob("*.xlsx"))
COUNT: Final = int(os.environ.get("REPORTGEN_AGENCIES", "2"))
BATCH: Final = 20  # workbooks of one run of LibreOffice
# Formats, and how a number of each sign is shown in them; LibreOffice knows each of them.
FORMATS = (
    *("General", "0", "0.0", "#,##0", "#,##0.00", "0%", "0.00%", "#,##0.0%", "@", "000", "00-00"),
    *("0.0%;[Red]-0.0%", '[=0]"-";0.0%', "#,##0,", "#,##0,,", "#,##0.00_);(#,##0.00)", "0.0#"),
    *('0"件"', '"約"0.0"%"', '0.0"‰"', '"NT$"#,##0', "#.##", "0;0;;@", ";;;", 'General" 元"'),
    *('[>=1000]0.0,"千";0', '#,##0.0;-#,##0.0;"-"', "#,##0;[Red]-#,##0", '0."x"0', "0.0\\%"),
    '_-* #,##0.00_-;-* #,##0.00_-;_-* "-"??_-;_-@_-',
)
NUMBERS = (1234.5678, 0.43, 0, -0.43, -1234.5)


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The samples and a workbook of number formats as .ods, in one run."""
    folder = tmp_path_factory.mktemp("ods")
    paths = [folder / path.name for path in SAMPLES]
    for path, sample in zip(paths, SAMPLES, strict=True):
        path.write_bytes(sample.read_bytes())
    paths.append(folder / "formats.xlsx")
    paths[-1].write_bytes(_formats())
    return {path.stem: path.read_bytes() for path in saved(paths, folder, "ods")}


def _formats() -> bytes:
    book = Workbook()
    page = book.active
    assert page is not None
    for row, code in enumerate(FORMATS, start=1):
        for column, number in enumerate(NUMBERS, start=1):
            cell = page.cell(row, column, number)
            cell.number_format = code
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def _without_sizes(card: Scorecard | None) -> Scorecard | None:
    """LibreOffice rounds the sides of a picture to thousandths of an inch."""
    assert card is not None
    pictures = tuple(
        replace(each, width=round(each.width, 1), height=round(each.height, 1))
        for each in card.pictures
    )
    return replace(card, pictures=pictures)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_sample_is_the_same_scorecard(path: Path, converted: dict[str, bytes]) -> None:
    card, problems = read_bytes(path.read_bytes(), file=path.name)
    found, told = read_bytes(converted[path.stem], file=f"{path.stem}.ods")
    assert _without_sizes(found) == _without_sizes(card)
    assert told == problems


def test_agencies_that_travel_by_ods_keep_their_figures_and_problems(tmp_path: Path) -> None:
    """``REPORTGEN_AGENCIES=100`` takes some minutes; many have a fault."""
    paths = []
    for number in range(1, COUNT + 1):
        paths.append(tmp_path / f"agency{number}.xlsx")
        paths[-1].write_bytes(_workbook(number))
    figures, problems, different = 0, 0, []
    for first in range(0, COUNT, BATCH):
        there = saved(paths[first : first + BATCH], tmp_path, "ods")
        back = saved(there, tmp_path, "xlsx:Calc MS Excel 2007 XML")
        for path, of_ods, of_xlsx in zip(paths[first:], there, back, strict=False):
            before = outcome(path.read_bytes())
            figures += len(before.figures or ())
            problems += len(before.problems)
            for after in (
                outcome(of_ods.read_bytes(), file="105-12-25.ods"),
                outcome(of_xlsx.read_bytes()),
            ):
                is_same = after.figures == before.figures and after.problems == before.problems
                if not is_same or _texts(after.scorecard) != _texts(before.scorecard):
                    different.append(path.stem)
    print(f"{COUNT} agencies, {figures} figures, {problems} problems: {len(different)} differ")
    assert figures > COUNT
    assert different == []


def _workbook(number: int) -> bytes:
    """An agency's workbook with a fault of its contents, or without one."""
    each = agency(number, 7, faulty=number % 2)
    if each.fault and (each.fault.in_file or each.fault.instead is not None):
        each = agency(number, 7)
    return each.workbook()


def _texts(card: Scorecard | None) -> Scorecard | None:
    return card and replace(card, pictures=())


def test_number_formats_show_the_same(converted: dict[str, bytes]) -> None:
    (sheet,) = read_opendocument(Package(converted["formats"]), lambda name: True).sheets
    wrong = []
    for row, code in enumerate(FORMATS, start=1):
        for column, number in enumerate(NUMBERS, start=1):
            cell = sheet.rows[row][column]
            assert cell.stored is StoredType.NUMBER
            exact = Fraction(str(number))
            assert Fraction(cell.content) == exact
            plain = code in {"General", "@"}
            expected = None if plain else display_number(exact, code)
            found = display_number(exact, cell.number_format) if cell.number_format else None
            if found != expected:
                wrong.append((code, number, cell.number_format, expected, found))
    assert wrong == []
