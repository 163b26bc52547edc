"""A typed value reaches its cell, and nothing else changes."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook
from openpyxl.styles import Protection

from reportgen.workbook.editing.typed_value import set_typed_value
from tests.factories.open_documents import sample_ods
from tests.factories.workbooks import sample_bytes

if TYPE_CHECKING:
    from collections.abc import Callable

    from openpyxl import Workbook


def changed(change: Callable[[Workbook], object]) -> bytes:
    """The sample after something was done to it."""
    workbook = load_workbook(io.BytesIO(sample_bytes()))
    change(workbook)
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def set_in(content: bytes, value: str, cell: str = "F6", sheet: str = "年度資料") -> Any:
    """What the cell holds afterwards, or the codes of the reasons against."""
    copy, problems = set_typed_value(content, sheet, cell, value)
    if copy is None:
        return [problem.code for problem in problems]
    before, after = (load_workbook(io.BytesIO(each)) for each in (content, copy))
    differing = {
        (page.title, found.coordinate)
        for page in after.worksheets
        for row in page.iter_rows()
        for found in row
        if found.value != before[page.title][found.coordinate].value
    }
    assert differing <= {(sheet, cell)}
    return after[sheet][cell].value


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        ("41", 41),
        (" 1,234.5 ", 1234.5),
        ("007", "007"),
        ("41人", "41人"),
        ("95%", "95%"),
        ("=1+1", "=1+1"),
        ("", None),
    ],
)
def test_a_value_is_stored_as_it_is_typed(value: str, stored: object) -> None:
    content = changed(odd)
    assert set_in(content, value) == stored
    if stored == "=1+1":  # as text: nobody's formula
        copy, _ = set_typed_value(content, "年度資料", "F6", value)
        assert load_workbook(io.BytesIO(copy or b""))["年度資料"]["F6"].data_type != "n"


def test_a_number_in_a_cell_of_percentages_is_a_percentage() -> None:
    """As in Excel, where 41 typed there is 41%, not 4100%."""

    def show_percentage(workbook: Workbook) -> None:
        workbook["年度資料"]["F6"].number_format = "0.0%"

    assert set_in(changed(show_percentage), "41") == "41%"


def odd(workbook: Workbook) -> None:
    workbook["年度資料"]["F6"].value = "41人左右"


def formula(workbook: Workbook) -> None:
    workbook["年度資料"]["F6"].value = "=F8+1"


def protected(workbook: Workbook) -> None:
    """The sheets of our own workbooks are protected, and cells to be filled in left open."""
    assert workbook["年度資料"].protection.sheet
    workbook["年度資料"]["F6"].protection = Protection(locked=True)


def hidden_row(workbook: Workbook) -> None:
    workbook["年度資料"].row_dimensions[6].hidden = True


def hidden_column(workbook: Workbook) -> None:
    workbook["年度資料"].column_dimensions["F"].hidden = True


def hidden_sheet(workbook: Workbook) -> None:
    workbook["年度資料"].sheet_state = "hidden"


def merged(workbook: Workbook) -> None:
    workbook["年度資料"].merge_cells("E6:F6")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (formula, "E350"),
        (protected, "E351"),
        (hidden_row, "E352"),
        (hidden_column, "E352"),
        (hidden_sheet, "E352"),
        (merged, "E353"),
    ],
)
def test_what_must_not_be_set_is_refused(change: Callable[[Workbook], object], code: str) -> None:
    assert set_in(changed(change), "41") == [code]


def test_a_locked_cell_of_a_sheet_without_protection_is_set() -> None:
    def unprotected(workbook: Workbook) -> None:
        protected(workbook)
        workbook["年度資料"].protection.disable()

    assert set_in(changed(unprotected), "42") == 42


def test_an_opendocument_is_edited_too() -> None:
    copy, problems = set_typed_value(sample_ods(), "年度資料", "F6", "42")
    assert (copy is not None, problems) == (True, ())
    _, problems = set_typed_value(sample_ods(), "年度資料", "ZZZZ1", "42")
    assert [problem.code for problem in problems] == ["E353"]


@pytest.mark.parametrize(("sheet", "cell"), [("沒有", "F6"), ("年度資料", "F"), ("年度資料", "f6")])
def test_a_place_that_is_none_is_refused(sheet: str, cell: str) -> None:
    assert set_in(sample_bytes(), "41", cell, sheet) == ["E353"]


def test_what_is_no_workbook_is_refused() -> None:
    _, problems = set_typed_value(b"no workbook", "年度資料", "F6", "41")
    assert [problem.code for problem in problems] == ["E353"]
