"""How Excel shows a number, and what is told where it shows another one."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.model.scorecard import CellRef, Known
from reportgen.workbook.reading import cell_reader
from reportgen.workbook.reading.number_formats import display_number
from reportgen.workbook.reading.raw_cells import RawCell, StoredType

if TYPE_CHECKING:
    from reportgen.problems import Problem


@pytest.mark.parametrize(
    ("number", "code", "text"),
    [
        ("17", "0", "17"),
        ("17", "0.0", "17.0"),
        ("12.3456", "0", "12"),
        ("12.5", "0", "13"),
        ("-12.5", "0", "-13"),
        ("-0.4", "0", "0"),
        ("12.3456", "0.00", "12.35"),
        ("12.5", "0.##", "12.5"),
        ("0.5", ".00", ".50"),
        ("0", "#", ""),
        ("1", "000", "001"),
        ("1.1", "0.00", "1.10"),
        ("9650000", "#,##0", "9,650,000"),
        ("9650000", "#,##0,", "9,650"),
        ("1234567", "#,##0.00,,", "1.23"),
        ("9650000", "0!.0,", "965.0"),
        ("0.125", "0.0%", "12.5%"),
        ("0.125", "0%", "13%"),
        ("17", '0"人"', "17人"),
        ("17", "0人", "17人"),
        ("17", 'G/通用格式"人"', "17人"),
        ("17", '"第"0"期"', "第17期"),
        ("1234.5", "[$NT$-404]#,##0.00", "NT$1,234.50"),
        ("5", "$#,##0", "$5"),
        ("5", "#,##0_);(#,##0)", "5"),
        ("-5", "#,##0_);(#,##0)", "(5)"),
        ("-5", "[Red]0;[Blue]-0", "-5"),
        ("0", '_-* #,##0_-;-* #,##0_-;_-* "-"??_-;_-@_-', "-"),
        ("5", ";;;", ""),
        ("19", '0"00"', "1900"),
        ("5", "[>100]0;0.0", "5.0"),
        ("500", "[>100]0;0.0", "500"),
        ("27282911", "0000-0000", "2728-2911"),
        ("5", "yyyy/m/d", None),
        ("5", "# ?/?", None),
        ("5", "[DBNum1]0", None),
        ("5", "0.00E+00", None),
    ],
)
def test_a_number_is_shown_as_excel_shows_it(number: str, code: str, text: str | None) -> None:
    look = display_number(Fraction(number), code)
    assert (None if look is None else look.text) == text


@given(
    st.fractions(-(10**9), 10**9, max_denominator=1).map(lambda n: n / 100),
    st.text('0#?.,%;"[]$!\\_*-() eE+人Gm/', max_size=12),
)
def test_no_format_raises(number: Fraction, code: str) -> None:
    display_number(number, code)


@given(st.integers(-(10**9), 10**9))
def test_a_plain_format_shows_the_number_itself(number: int) -> None:
    look = display_number(Fraction(number), "#,##0")
    assert look is not None
    assert look.displayed_value == number
    assert int(look.text.replace(",", "") or 0) == number


@pytest.mark.parametrize(
    ("content", "code", "said"),
    [
        ("17", "", []),
        ("17", "0.0", []),
        ("17.25", "0.0", ["N143"]),
        ("9650000", "#,##0,", ["W142"]),
        ("17", ";;;", ["W142"]),
        ("0", ";;;", []),
        ("17", '"十七"', ["W142"]),
        ("17", '0"0"', ["W142"]),
        ("17", '"NT$"0', []),
    ],
)
def test_a_figure_is_read_as_it_is_stored_and_the_difference_is_told(
    content: str, code: str, said: list[str]
) -> None:
    problems: list[Problem] = []
    at = CellRef(sheet="年度資料", cell="F5")
    cell = cell_reader.Cell(
        at, RawCell(StoredType.NUMBER, content, number_format=code), "105年 數", problems
    )
    assert cell_reader.read_figure(cell) == Known(value=Fraction(content))
    assert [problem.code for problem in problems] == said


@pytest.mark.parametrize(
    ("content", "code", "text", "said"),
    [
        ("1", "000", "001", []),
        ("1.1", "0.00", "1.10", []),
        ("12.3456", "0", "12", []),
        ("5", "# ?/?", "5", ["W142"]),
        ("5", ";;;", "5", ["W142"]),
    ],
)
def test_a_text_is_what_excel_shows(content: str, code: str, text: str, said: list[str]) -> None:
    problems: list[Problem] = []
    at = CellRef(sheet="構面", cell="A5")
    cell = cell_reader.Cell(
        at, RawCell(StoredType.NUMBER, content, number_format=code), "代碼", problems
    )
    assert cell_reader.read_code(cell).text == text
    assert [problem.code for problem in problems] == said
