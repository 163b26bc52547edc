"""▲ on what may be a slip, before any check is run: wrong kinds, unknown codes, sudden jumps.

A jump is the rule of :mod:`reportgen.compute.jumps`, which tells of it as N223.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from openpyxl.formatting.rule import Rule

from reportgen.workbook import style
from reportgen.workbook.declare import Kind
from reportgen.workbook.grid import FIRST_ROW, HEADING_ROW
from reportgen.workbook.lists import (
    DATA_YEAR,
    LAST_CODE,
    SYMBOL_NAMES,
    code_list_name,
    typed_symbol,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from openpyxl.worksheet.worksheet import Worksheet

    from reportgen.workbook.grid import Field

JUMP: Final = 3  # times the largest, or a third of the smallest, of the earlier figures
SMALL: Final = 10  # rows below it are left alone


def show_doubtful(page: Worksheet, fields: Sequence[Field], field: Field, cells: str) -> None:
    """Add the looks of one column's cells; the first that holds decides."""
    for formula, whole in _doubts(fields, field):
        look = style.doubtful_look(whole=whole)
        rule = Rule(type="expression", dxf=look, formula=[formula])
        page.conditional_formatting.add(cells, rule)


def _doubts(fields: Sequence[Field], field: Field) -> Iterator[tuple[str, bool]]:
    """Each condition on the first cell, and whether it holds for whole numbers alone."""
    kind, top = field.column.kind, f"{field.letter}{FIRST_ROW}"
    filled = f'TRIM({top}&"")<>""'
    if kind is Kind.FIGURE:
        symbol = f"ISNUMBER(MATCH({typed_symbol(top)},INDEX({SYMBOL_NAMES},0,1),0))"
        yield f"IFERROR(AND(NOT(ISNUMBER({top})),{filled},NOT({symbol})),TRUE)", False
        jump = _jump(fields, field)
        if jump:
            yield f"IFERROR(AND({jump},INT({top})={top}),FALSE)", True
            yield f"IFERROR({jump},FALSE)", False
    elif kind in {Kind.INTEGER, Kind.RATE}:
        low, high = field.column.low, field.column.high
        fits = f"AND(ISNUMBER({top}),{top}>={low},{top}<={high})"
        if kind is Kind.INTEGER:
            fits = f"AND({fits},INT({top})={top})"
        yield f"AND({filled},NOT(IFERROR({fits},FALSE)))", False
    elif kind is Kind.CODE:
        codes = f"${field.letter}${FIRST_ROW}:${field.letter}${LAST_CODE}"
        yield f"AND({filled},COUNTIF({codes},{top})>1)", False
    elif kind is Kind.REFERENCE:
        codes = code_list_name(field.column.refers_to)
        yield f'AND({filled},COUNTIF({codes},TRIM({top}&""))=0)', False


def _jump(fields: Sequence[Field], field: Field) -> str:
    """The condition of a jump in the data year; empty in the first year."""
    here = f"{field.letter}{FIRST_ROW}"
    year = field.heading
    before = ",".join(
        f"${each.letter}{FIRST_ROW}"
        for each in fields
        if isinstance(each.heading, int) and isinstance(year, int) and each.heading < year
    )
    if not before:
        return ""
    return (
        f'AND({field.letter}${HEADING_ROW}&""={DATA_YEAR}&"",ISNUMBER({here}),COUNT({before})>0,'
        f"MAX({before},{here})>={SMALL},MIN({before},{here})>=0,"
        f"OR(AND(MAX({before})>0,{here}>{JUMP}*MAX({before})),{here}*{JUMP}<MIN({before})))"
    )
