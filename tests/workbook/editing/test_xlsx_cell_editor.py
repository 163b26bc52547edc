"""Cells of an .xlsx that are set: they alone change, in whatever way the sheet was written."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest

from reportgen.workbook.editing.cell_edits import CellEdit
from reportgen.workbook.editing.workbook_editor import set_cells
from tests.factories.owner_parts import cells
from tests.factories.workbooks import part, sample_bytes, sheet_part, with_parts

DATA = "年度資料"
SHEET = sheet_part(DATA)
SPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def sheet(rows: str, columns: str = "") -> bytes:
    """The sample with another sheet 年度資料."""
    xml = f'<worksheet xmlns="{SPACE}">{columns}<sheetData>{rows}</sheetData></worksheet>'
    return with_parts({SHEET: xml.encode()})


def after(content: bytes, *edits: CellEdit) -> str:
    """The rows of 年度資料 once cells were set."""
    xml = part(SHEET, set_cells(content, edits)).decode()
    found = re.search(r"<sheetData>(.*)</sheetData>", xml, re.DOTALL)
    assert found is not None
    return found[1]


def edit(row: int, column: int, content: Fraction | str, **fields: object) -> CellEdit:
    return CellEdit(DATA, row, column, content, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("before", "content", "expected"),
    [
        ('<c r="A1"/>', Fraction(12), '<c r="A1"><v>12</v></c>'),
        ('<c r="A1" s="3" t="s"><v>0</v></c>', Fraction(3, 2), '<c r="A1" s="3"><v>1.5</v></c>'),
        ('<c r="A1"><v>1</v></c>', Fraction(1, 10), '<c r="A1"><v>0.1</v></c>'),
        (
            '<c r="A1" t="e" vm="1"><v>#VALUE!</v></c>',
            "甲 < 乙",
            '<c r="A1" t="inlineStr"><is><t xml:space="preserve">甲 &lt; 乙</t></is></c>',
        ),
        (
            '<c r="A1"/>',
            "=1+1_x000D_",
            '<c r="A1" t="inlineStr"><is><t xml:space="preserve">=1+1_x005F_x000D_</t></is></c>',
        ),
    ],
)
def test_a_cell_is_set(before: str, content: Fraction | str, expected: str) -> None:
    wide = '<cols><col min="1" max="1" width="40"/></cols>'  # no text needs a second line
    found = after(sheet(f'<row r="1">{before}</row>', wide), edit(1, 1, content))
    assert found == f'<row r="1">{expected}</row>'


@pytest.mark.parametrize(
    ("rows", "columns", "expected"),
    [
        (  # between others
            '<row r="2"><c r="A2"/><c r="C2"/></row>',
            "",
            '<row r="2"><c r="A2"/><c r="B2"><v>7</v></c><c r="C2"/></row>',
        ),
        (  # behind all of them
            '<row r="2"><c r="A2"/></row>',
            "",
            '<row r="2"><c r="A2"/><c r="B2"><v>7</v></c></row>',
        ),
        (  # in the format of its column, or its row
            '<row r="2"><c r="A2"/></row>',
            '<cols><col min="2" max="5" style="4"/></cols>',
            '<row r="2"><c r="A2"/><c r="B2" s="4"><v>7</v></c></row>',
        ),
        (
            '<row r="2" s="5" customFormat="1"><c r="A2"/></row>',
            '<cols><col min="2" max="5" style="4"/></cols>',
            '<row r="2" s="5" customFormat="1"><c r="A2"/><c r="B2" s="5"><v>7</v></c></row>',
        ),
        (  # rows and cells that do not state where they are
            "<row/><row><c><v>1</v></c><c/><c><v>3</v></c></row>",
            "",
            "<row/><row><c><v>1</v></c><c><v>7</v></c><c><v>3</v></c></row>",
        ),
    ],
)
def test_a_cell_that_is_missing_is_added(rows: str, columns: str, expected: str) -> None:
    assert after(sheet(rows, columns), edit(2, 2, Fraction(7))) == expected


def test_cells_without_a_place_keep_it_when_one_is_added_before_them() -> None:
    found = after(sheet('<row><c r="A1"/><c r="D1"/><c/></row>'), edit(1, 2, Fraction(7)))
    assert found == '<row><c r="A1"/><c r="B1"><v>7</v></c><c r="D1"/><c/></row>'
    found = after(sheet('<row r="1"><c r="B1"/><c><v>3</v></c></row>'), edit(1, 1, Fraction(7)))
    assert found == '<row r="1"><c r="A1"><v>7</v></c><c r="B1"/><c><v>3</v></c></row>'


def test_a_format_may_be_that_of_another_cell() -> None:
    found = after(
        sheet('<row r="1"><c r="A1" s="9"/><c r="B1" s="2"/></row>'),
        edit(1, 2, Fraction(1, 2), format_from=1),
    )
    assert found == '<row r="1"><c r="A1" s="9"/><c r="B1" s="9"><v>0.5</v></c></row>'


def test_a_formula_is_never_replaced() -> None:
    content = sheet('<row r="1"><c r="A1"><f>1+1</f><v>2</v></c></row>')
    with pytest.raises(ValueError, match="A1 holds a formula"):
        set_cells(content, [edit(1, 1, Fraction(7))])


def test_results_of_formulas_are_to_be_calculated_anew() -> None:
    changed = set_cells(sample_bytes(), [edit(5, 6, Fraction(7))])
    calculation = re.search(rb"<calcPr [^>]*>", part("xl/workbook.xml", changed))
    assert calculation is not None
    assert b'fullCalcOnLoad="1"' in calculation[0]
    assert b'calcCompleted="0"' in calculation[0]
    assert set_cells(sample_bytes(), []) == set_cells(sample_bytes(), [])
    assert part("xl/workbook.xml", set_cells(sample_bytes(), [])) == part("xl/workbook.xml")


def test_all_else_stays_as_it_is() -> None:
    changed = set_cells(sample_bytes(), [edit(5, 6, Fraction(7)), edit(6, 8, "備註")])
    before, now = cells(sample_bytes()), cells(changed)
    different = {key for key in before.keys() | now.keys() if before.get(key) != now.get(key)}
    assert different == {(DATA, 5, 6), (DATA, 6, 8)}
    for name in ("xl/styles.xml", sheet_part("目標值")):
        assert part(name, changed) == part(name)


def test_the_order_does_not_matter() -> None:
    edits = [edit(5, 6, Fraction(7)), edit(5, 8, "甲"), edit(6, 6, "…")]
    at_once = set_cells(sample_bytes(), edits)
    content = sample_bytes()
    for single in reversed(edits):
        content = set_cells(content, [single])
    assert set_cells(sample_bytes(), edits[::-1]) == content == at_once
