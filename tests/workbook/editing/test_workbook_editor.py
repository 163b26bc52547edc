"""Cells that are set in workbooks of many programs, and edits that no workbook can take."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from reportgen.workbook.editing.cell_edits import CellEdit, number_text
from reportgen.workbook.editing.workbook_editor import set_cells
from reportgen.workbook.reading.raw_cells import StoredType
from reportgen.workbook.schema.cell_refs import parse_cell_name
from tests.factories.open_documents import sample_ods
from tests.factories.owner_parts import cells, edition
from tests.factories.workbooks import sample_bytes


@pytest.mark.parametrize("content", [sample_bytes, sample_ods], ids=["xlsx", "ods"])
def test_an_unknown_sheet_is_refused(content: object) -> None:
    assert callable(content)
    with pytest.raises(KeyError, match="沒有"):
        set_cells(content(), [CellEdit("沒有", 1, 1, "x")])


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (Fraction(0), "0"),
        (Fraction(-12), "-12"),
        (Fraction(1, 10), "0.1"),
        (Fraction(10**15), "1000000000000000"),
        (Fraction(123456789012345, 1000), "123456789012.345"),
    ],
)
def test_numbers_are_stored_in_their_shortest_form(number: Fraction, text: str) -> None:
    assert number_text(number) == text


PROGRAMS = Path(__file__).parents[2] / "factories/programs/files"
FILES = sorted(
    path.name for kind in ("looks", "furnished", "stream") for path in PROGRAMS.glob(f"*-{kind}.*")
)
UNREADABLE = {"sheetjs-looks.ods"}  # its dates are plain numbers


@pytest.mark.parametrize("name", [name for name in FILES if name not in UNREADABLE])
def test_files_of_many_programs_keep_all_else(name: str) -> None:
    content = (PROGRAMS / name).read_bytes()
    shared = edition(content)
    expected = cells(content)
    edits = []
    for key in list(shared.rows)[:6]:
        for heading in shared.open_headings:
            cell = shared.cell(key, heading)
            if cell is None or cell.covered_by or (cell.raw is not None and cell.raw.is_computed):
                continue
            is_figure = heading.isdecimal()
            text = "甲 < 乙\n丙"
            place = parse_cell_name(cell.at.cell)
            edits.append(CellEdit(cell.at.sheet, *place, Fraction(1234, 10) if is_figure else text))
            stored = (StoredType.NUMBER, "123.4") if is_figure else (StoredType.TEXT, text)
            is_percentage = is_figure and cell.raw is not None and cell.raw.is_percentage
            expected[cell.at.sheet, *place] = (*stored, is_percentage)
    assert edits
    assert cells(set_cells(content, edits)) == expected


def test_there_are_many_programs() -> None:
    assert len({name.partition("-")[0] for name in FILES}) >= 12
