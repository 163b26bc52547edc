"""Conditional formats with ▲ for doubtful contents: wrong kinds, unknown codes, sudden jumps.

They show before any check is run. A jump is the rule of :mod:`reportgen.compute.outliers`, which
reports it as N223.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from openpyxl.formatting.rule import Rule

from reportgen.workbook.schema.declarations import Kind
from reportgen.workbook.schema.sheet_grid import FIRST_ROW, HEADING_ROW
from reportgen.workbook.writing import cell_styles
from reportgen.workbook.writing.dropdown_lists import (
    DATA_YEAR_NAME,
    LAST_CODE_ROW,
    SYMBOL_NAMES,
    code_list_name,
    typed_symbol,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from openpyxl.worksheet.worksheet import Worksheet

    from reportgen.workbook.schema.sheet_grid import GridColumn

OUTLIER_FACTOR: Final = 3  # factor above the largest, or below the smallest, of the earlier figures
MIN_OUTLIER_VALUE: Final = 10  # figures; rows that stay below are never marked


def add_plausibility_formats(
    page: Worksheet, fields: Sequence[GridColumn], field: GridColumn, cells: str
) -> None:
    """Add the conditional formats of one column's cells; the first that holds decides."""
    for formula, is_whole in _conditions(fields, field):
        cell_format = cell_styles.doubtful_format(whole=is_whole)
        rule = Rule(type="expression", dxf=cell_format, formula=[formula])
        page.conditional_formatting.add(cells, rule)


def _conditions(fields: Sequence[GridColumn], field: GridColumn) -> Iterator[tuple[str, bool]]:
    """Yield the condition of each implausible content of a column's first cell.

    The flag is whether it applies to whole numbers alone.
    """
    kind, first_cell = field.column.kind, f"{field.letter}{FIRST_ROW}"
    is_filled = f'TRIM({first_cell}&"")<>""'
    if kind is Kind.FIGURE:
        is_symbol = f"ISNUMBER(MATCH({typed_symbol(first_cell)},INDEX({SYMBOL_NAMES},0,1),0))"
        yield f"IFERROR(AND(NOT(ISNUMBER({first_cell})),{is_filled},NOT({is_symbol})),TRUE)", False
        jump_condition = _jump_condition(fields, field)
        if jump_condition:
            yield f"IFERROR(AND({jump_condition},INT({first_cell})={first_cell}),FALSE)", True
            yield f"IFERROR({jump_condition},FALSE)", False
    elif kind in {Kind.INTEGER, Kind.RATE}:
        minimum, maximum = field.column.minimum, field.column.maximum
        is_allowed = f"AND(ISNUMBER({first_cell}),{first_cell}>={minimum},{first_cell}<={maximum})"
        if kind is Kind.INTEGER:
            is_allowed = f"AND({is_allowed},INT({first_cell})={first_cell})"
        yield f"AND({is_filled},NOT(IFERROR({is_allowed},FALSE)))", False
    elif kind is Kind.CODE:
        codes = f"${field.letter}${FIRST_ROW}:${field.letter}${LAST_CODE_ROW}"
        yield f"AND({is_filled},COUNTIF({codes},{first_cell})>1)", False
    elif kind is Kind.REFERENCE:
        codes = code_list_name(field.column.refers_to)
        yield f'AND({is_filled},COUNTIF({codes},TRIM({first_cell}&""))=0)', False


def _jump_condition(fields: Sequence[GridColumn], field: GridColumn) -> str:
    """Return the condition that the data year's figure is an outlier; empty for the first year."""
    first_cell = f"{field.letter}{FIRST_ROW}"
    year = field.heading
    earlier = ",".join(
        f"${other.letter}{FIRST_ROW}"
        for other in fields
        if isinstance(other.heading, int) and isinstance(year, int) and other.heading < year
    )
    if not earlier:
        return ""
    return (
        f'AND({field.letter}${HEADING_ROW}&""={DATA_YEAR_NAME}&"",ISNUMBER({first_cell}),COUNT({earlier})>0,'
        f"MAX({earlier},{first_cell})>={MIN_OUTLIER_VALUE},MIN({earlier},{first_cell})>=0,"
        f"OR(AND(MAX({earlier})>0,{first_cell}>{OUTLIER_FACTOR}*MAX({earlier})),{first_cell}*{OUTLIER_FACTOR}<MIN({earlier})))"
    )
