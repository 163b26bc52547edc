"""Edits that no workbook can take."""

from __future__ import annotations

from fractions import Fraction

import pytest

from reportgen.workbook.editing.cell_edits import CellEdit, number_text
from reportgen.workbook.editing.workbook_editor import set_cells
from tests.factories.open_documents import sample_ods
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
