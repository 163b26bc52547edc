"""清單, the hidden sheet behind the drop-downs, and the names that they refer to.

Drop-downs of codes follow the sheet that declares the codes, so a code that staff add can
be chosen at once. Defined names are what every version of Excel accepts across sheets.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.model.missing_symbols import SYMBOLS
from reportgen.workbook.schema.sheet_grid import FIRST_ROW
from reportgen.workbook.schema.sheets import (
    BASICS,
    DIRECTIONS,
    ITEMS,
    LISTS_SHEET,
    SHEETS,
    STATUSES,
)
from reportgen.workbook.writing import cell_styles
from reportgen.workbook.writing.cell_writer import put_text

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell, MergedCell
    from openpyxl.styles import Font
    from openpyxl.workbook import Workbook

DATA_YEAR_NAME = "資料年度"
_FIXED = (("資料狀態", STATUSES), ("方向", DIRECTIONS))
SYMBOL_NAMES = f"{LISTS_SHEET}_符號"
# How a missing figure may be typed, and the symbol that is meant.
_SPELLINGS = tuple(
    (spelling, reason.symbol)
    for reason in sorted(SYMBOLS, key=lambda reason: reason.symbol)
    for spelling in reason.value.spellings
)
LAST_CODE_ROW = 2_000


def typed_symbol(cell: str) -> str:
    """Return a formula for the text of a cell, without wildcards, to look up in SYMBOL_NAMES."""
    return f'SUBSTITUTE(SUBSTITUTE(TRIM({cell}&""),"?","✗"),"*","✗")'


def list_name(column: str) -> str:
    """Return the defined name of a fixed list, such as 清單_方向."""
    return f"{LISTS_SHEET}_{column}"


def code_list_name(sheet: str) -> str:
    """Return the defined name of the codes that a sheet declares, such as 代碼_構面."""
    return f"代碼_{sheet}"


def write_dropdown_lists(book: Workbook) -> None:
    """Add the hidden sheet 清單: the fixed lists, and the symbols as typed and as meant."""
    page = book.create_sheet(LISTS_SHEET)
    for column, (heading, choices) in enumerate(_FIXED, start=1):
        _write_cell(page.cell(1, column), heading, cell_styles.STRONG)
        for row, choice in enumerate(choices, start=2):
            _write_cell(page.cell(row, column), choice, cell_styles.BODY)
        page.column_dimensions[page.cell(1, column).column_letter].width = 14
    first_column = len(_FIXED) + 1
    for column, heading in enumerate(("符號", "意義"), start=first_column):
        _write_cell(page.cell(1, column), heading, cell_styles.STRONG)
    for row, pair in enumerate(_SPELLINGS, start=2):
        for column, symbol in enumerate(pair, start=first_column):
            _write_cell(page.cell(row, column), symbol, cell_styles.BODY)
    page.sheet_state = "hidden"
    page.protection.sheet = True


def _write_cell(cell: Cell | MergedCell, text: str, font: Font) -> None:
    """Write a text into a cell and set its font."""
    put_text(cell, text)
    cell.font = font


def defined_names() -> dict[str, str]:
    """Return all defined names, each with the cells that it stands for.

    A name of codes covers as many rows as are filled, so that added codes are offered at once.
    """
    names = {
        list_name(heading): f"{LISTS_SHEET}!${letter}$2:${letter}${len(choices) + 1}"
        for letter, (heading, choices) in zip("ABCDEFG", _FIXED, strict=False)
    }
    names[SYMBOL_NAMES] = f"{LISTS_SHEET}!$C$2:$D${len(_SPELLINGS) + 1}"
    for sheet in {column.refers_to: None for declared in SHEETS for column in declared.columns}:
        if sheet:
            codes = f"{sheet}!$A${FIRST_ROW}:$A${LAST_CODE_ROW}"
            first_cell = f"{sheet}!$A${FIRST_ROW}"
            names[code_list_name(sheet)] = f"OFFSET({first_cell},0,0,MAX(1,COUNTA({codes})),1)"
    data_year_row = FIRST_ROW + [item.name for item in ITEMS].index(DATA_YEAR_NAME)
    names[DATA_YEAR_NAME] = f"{BASICS.name}!$B${data_year_row}"
    return names
