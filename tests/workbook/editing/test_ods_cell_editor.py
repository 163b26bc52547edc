"""Cells of an .ods that are set: repeated ones are separated, results of formulas removed."""

from __future__ import annotations

import re
from fractions import Fraction
from io import BytesIO
from itertools import permutations
from zipfile import ZipFile

import pytest

from reportgen.workbook.editing.cell_edits import CellEdit
from reportgen.workbook.editing.workbook_editor import set_cells
from tests.factories.open_documents import NAMES, packed, sample_ods
from tests.factories.owner_parts import cells

DATA = "年度資料"
COLUMNS, ROWS = "table:number-columns-repeated", "table:number-rows-repeated"

STRING, END = '<table:table-cell office:value-type="string">', "</table:table-cell>"


def book(rows: str) -> bytes:
    """An .ods with one sheet."""
    return packed(
        {
            "content.xml": f'<office:document-content {NAMES} office:version="1.3"><office:body>'
            f'<office:spreadsheet><table:table table:name="{DATA}">{rows}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>"
        }
    )


def after(content: bytes, *edits: CellEdit) -> str:
    """The rows once cells were set."""
    with ZipFile(BytesIO(set_cells(content, edits))) as package:
        xml = package.read("content.xml").decode()
    found = re.search(r"<table:table [^>]*>(.*)</table:table>", xml, re.DOTALL)
    assert found is not None
    return found[1]


def edit(row: int, column: int, content: Fraction | str, **fields: object) -> CellEdit:
    return CellEdit(DATA, row, column, content, **fields)  # type: ignore[arg-type]


def number(value: str, shown: str = "", kind: str = "float", style: str = "") -> str:
    return (
        f'<table:table-cell{style} office:value-type="{kind}" office:value="{value}">'
        f"<text:p>{shown or value}</text:p></table:table-cell>"
    )


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (Fraction(12), number("12")),
        (Fraction(3, 2), number("1.5")),
        (
            "甲  乙\n丙",
            f'{STRING}<text:p>甲 <text:s text:c="1"/>乙</text:p><text:p>丙</text:p>{END}',
        ),
        (
            " =1+1 ",
            f'{STRING}<text:p><text:s text:c="1"/>=1+1<text:s text:c="1"/></text:p>{END}',
        ),
    ],
)
def test_a_cell_is_set(content: Fraction | str, expected: str) -> None:
    before = (
        '<table:table-row><table:table-cell office:value-type="date" '
        'office:date-value="2016-12-25"><text:p>x</text:p></table:table-cell></table:table-row>'
    )
    found = after(book(before), edit(1, 1, content))
    assert found == f"<table:table-row>{expected}</table:table-row>"


def test_a_percentage_takes_the_format_of_last_year() -> None:
    styled = ' table:style-name="p"'
    before = f"<table:table-row>{number('0.4', '40%', 'percentage', styled)}<table:table-cell/>"
    found = after(
        book(f"{before}</table:table-row>"),
        edit(1, 2, Fraction(43, 100), is_percentage=True, format_from=1),
    )
    assert found.endswith(number("0.43", "43%", "percentage", styled) + "</table:table-row>")


def test_a_comment_stays() -> None:
    comment = "<office:annotation><text:p>請填</text:p></office:annotation>"
    before = f"<table:table-row><table:table-cell>{comment}</table:table-cell></table:table-row>"
    found = after(book(before), edit(1, 1, Fraction(1)))
    assert comment in found
    assert found.count("<text:p>") == 2


def test_repeated_rows_and_cells_are_separated() -> None:
    before = f'<table:table-row {ROWS}="3"><table:table-cell {COLUMNS}="4"/></table:table-row>'
    found = after(book(before), edit(2, 3, Fraction(7)))
    whole = f'<table:table-row><table:table-cell {COLUMNS}="4"/></table:table-row>'
    middle = f'<table:table-cell {COLUMNS}="2"/>{number("7")}<table:table-cell/>'
    assert found == f"{whole}<table:table-row>{middle}</table:table-row>{whole}"


def test_the_order_does_not_matter() -> None:
    content = book(
        f'<table:table-row {ROWS}="9"><table:table-cell {COLUMNS}="9"/></table:table-row>'
    )
    edits = [edit(2, 3, Fraction(7)), edit(2, 12, "甲"), edit(8, 5, Fraction(1)), edit(2, 5, "乙")]
    at_once = set_cells(content, edits)
    for order in permutations(edits):
        one_by_one = content
        for single in order:
            one_by_one = set_cells(one_by_one, [single])
        assert one_by_one == at_once
        assert set_cells(content, order) == at_once


def test_results_of_formulas_are_removed_but_for_constants() -> None:
    formula = '<table:table-cell table:formula="of:=[.A1]*2" office:value-type="float" '
    formula += 'office:value="4"><text:p>4</text:p></table:table-cell>'
    constant = formula.replace("[.A1]*2", "30")
    before = f"<table:table-row>{number('2')}{formula}{constant}</table:table-row>"
    found = after(book(before), edit(1, 1, Fraction(3)))
    assert '<table:table-cell table:formula="of:=[.A1]*2"/>' in found
    assert constant in found
    with pytest.raises(ValueError, match="B1 holds a formula"):
        set_cells(book(before), [edit(1, 2, Fraction(3))])


def test_all_else_stays_as_it_is() -> None:
    changed = set_cells(sample_ods(), [edit(5, 6, Fraction(7)), edit(6, 8, "備註")])
    before, now = cells(sample_ods()), cells(changed)
    different = {key for key in before.keys() | now.keys() if before.get(key) != now.get(key)}
    assert different == {(DATA, 5, 6), (DATA, 6, 8)}
