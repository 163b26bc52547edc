"""Data validation and conditional formats: drop-downs, input notes, marks on missing contents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openpyxl.formatting.rule import Rule
from openpyxl.worksheet.datavalidation import DataValidation

from reportgen.model.missing_symbols import SYMBOLS, list_symbols
from reportgen.workbook.schema.declarations import Kind, Presence
from reportgen.workbook.schema.sheet_grid import FIRST_ROW, HEADING_ROW, SPARE_ROWS, GridColumn
from reportgen.workbook.schema.sheets import BASICS, ITEMS
from reportgen.workbook.writing import cell_styles
from reportgen.workbook.writing.dropdown_lists import DATA_YEAR_NAME, code_list_name, list_name
from reportgen.workbook.writing.plausibility_formatting import add_plausibility_formats

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from openpyxl.styles.differential import DifferentialStyle
    from openpyxl.worksheet.worksheet import Worksheet

    from reportgen.formula.milestones import Stage
    from reportgen.workbook.schema.declarations import Item, Sheet

_MAX_PROMPT_CHARS = 255  # characters of an input note, by the file format
_MAX_TITLE_CHARS = 32
_MAX_LIST_CHARS = 253  # characters of choices that stand in the rule itself


def add_validations_and_formats(
    page: Worksheet,
    sheet: Sheet,
    fields: Sequence[GridColumn],
    rows: int,
    milestones: Mapping[int, Sequence[Stage]],
) -> None:
    """Add validations and formats to the filled rows and the SPARE_ROWS below.

    ``rows`` is the number of filled rows; ``milestones`` are the stages that are offered in the
    years' cells of a row, by its number.
    """
    if sheet is BASICS:
        _validate_items(page, rows)
        return
    last_row = FIRST_ROW - 1 + rows + SPARE_ROWS
    for field in fields:
        cells = f"{field.letter}{FIRST_ROW}:{field.letter}{last_row}"
        if field.is_year and milestones:
            for number, stages in milestones.items():
                _offer_stages(page, field, number, stages)
            _validate_column(page, field, list(_ranges_without(field.letter, last_row, milestones)))
        else:
            _validate_column(page, field, [cells])
        add_plausibility_formats(page, fields, field, cells)
        _show_missing(page, sheet, fields, field, cells)
        if field.column.kind is Kind.FIGURE:
            first_cell = f"{field.letter}{FIRST_ROW}"
            is_whole = f"AND(ISNUMBER({first_cell}),IFERROR(INT({first_cell})={first_cell},FALSE))"
            _add_conditional_format(page, cells, is_whole, cell_styles.whole_number_format())
    area = f"A{FIRST_ROW}:{fields[-1].letter}{last_row}"
    _add_conditional_format(page, area, _is_started_condition(fields), cell_styles.filled_format())


def _is_started_condition(fields: Sequence[GridColumn]) -> str:
    """Return the Excel condition that a row has any content, written for the first data row."""
    return f"COUNTA({fields[0].first_cell}:{fields[-1].first_cell})>0"


def _show_missing(
    page: Worksheet, sheet: Sheet, fields: Sequence[GridColumn], field: GridColumn, cells: str
) -> None:
    """Mark blank required cells of started rows, and blank figures of the data year.

    The first row of a sheet that must not be empty counts as started.
    """
    first_cell = f"{field.letter}{FIRST_ROW}"
    is_started = _is_started_condition(fields)
    if field.column.required:
        if sheet.presence is Presence.FILLED:
            is_started = f"OR({is_started},AND(ROW()={FIRST_ROW},COUNTA($A${FIRST_ROW}:$A$2000)=0))"
        _add_conditional_format(
            page, cells, f'AND({is_started},TRIM({first_cell})="")', cell_styles.missing_format()
        )
    elif field.column.kind is Kind.FIGURE:
        is_data_year = f'{field.letter}${HEADING_ROW}&""={DATA_YEAR_NAME}&""'
        _add_conditional_format(
            page,
            cells,
            f'AND({is_started},{is_data_year},TRIM({first_cell})="")',
            cell_styles.missing_format(),
        )


def _add_conditional_format(
    page: Worksheet, cells: str, formula: str, cell_format: DifferentialStyle
) -> None:
    """Add a conditional format that applies where ``formula`` is true."""
    page.conditional_formatting.add(
        cells, Rule(type="expression", dxf=cell_format, formula=[formula])
    )


def _ranges_without(letter: str, last: int, excluded_rows: Collection[int]) -> Iterator[str]:
    """Yield the ranges into which a column falls without some rows, down to the row ``last``."""
    start = FIRST_ROW
    for row in (*sorted(excluded_rows), last + 1):
        if row > start:
            yield f"{letter}{start}:{letter}{row - 1}"
        start = row + 1


def _offer_stages(page: Worksheet, field: GridColumn, number: int, stages: Sequence[Stage]) -> None:
    """Offer the stages of a milestone in a cell, and let no other format mark it.

    Names that do not fit a drop-down are named by the input note alone. Nothing is refused.
    """
    cell = f"{field.letter}{number}"
    names = [stage.name for stage in stages]
    choices = ",".join(names)
    is_short = len(choices) <= _MAX_LIST_CHARS and not any(set(',"') & set(name) for name in names)
    validation = _choice_validation(names) if is_short else DataValidation()
    validation.showErrorMessage = False  # a share, or the name in part, is right as well
    note = f"請填已完成的階段或比率，例如 {stages[0].name} 或 {stages[0].percentage}。"
    _attach_validation(page, validation, f"{field.heading}年度", note, cell)
    rule = Rule(
        type="expression", dxf=cell_styles.filled_format(), formula=[f'TRIM({cell}&"")<>""']
    )
    rule.stopIfTrue = True
    page.conditional_formatting.add(cell, rule)


def _validate_column(page: Worksheet, field: GridColumn, cells: Sequence[str]) -> None:
    """Add the validation of a column to its cells: drop-down, number limits, or a note alone."""
    column, first_cell = field.column, cells[0].partition(":")[0]
    if column.kind is Kind.REFERENCE:
        validation = _list_validation(code_list_name(column.refers_to))
    elif column.kind is Kind.REFERENCES:  # several codes are allowed: the list only offers
        validation = _list_validation(code_list_name(column.refers_to))
        validation.showErrorMessage = False
    elif column.kind is Kind.CHOICE:
        # A column on request has its choices in the rule: 清單 is the same in all workbooks.
        has_own_choices = column.on_request
        validation = (
            _choice_validation(column.choices)
            if has_own_choices
            else _list_validation(list_name(column.name))
        )
    elif column.kind in {Kind.INTEGER, Kind.RATE}:
        validation = _range_validation(column.kind, column.minimum, column.maximum)
    elif column.kind is Kind.FIGURE:
        symbols = ",".join(f'{first_cell}="{reason.symbol}"' for reason in SYMBOLS)
        validation = DataValidation(type="custom", formula1=f"OR(ISNUMBER({first_cell}),{symbols})")
        validation.errorStyle = "warning"
        validation.errorTitle, validation.error = (
            "請確認",
            f"這一格應只填數字，或填 {list_symbols()}。仍要這樣填嗎？",
        )
        validation.showErrorMessage = True
    else:
        validation = DataValidation()
    title = f"{field.heading}年度" if field.is_year else str(field.heading)
    _attach_validation(page, validation, title, column.note, *cells)


def _list_validation(name: str) -> DataValidation:
    """Return a drop-down of the cells that a defined name stands for."""
    validation = DataValidation(type="list", formula1=f"={name}", showErrorMessage=True)
    validation.errorTitle, validation.error = (
        "不在清單中",
        "請從下拉清單選取；清單沒有時，請先到該工作表新增代碼。",
    )
    return validation


def _choice_validation(choices: Sequence[str]) -> DataValidation:
    """Return a drop-down of these choices, which are stored in the rule itself."""
    validation = _list_validation("")
    validation.formula1 = f'"{",".join(choices)}"'
    validation.error = "請從下拉清單選取。"
    return validation


def _range_validation(kind: Kind, low: int, high: int) -> DataValidation:
    """Return the validation of a number from ``low`` to ``high``; of a ratio for Kind.RATE."""
    is_rate = kind is Kind.RATE
    validation = DataValidation(
        type="decimal" if is_rate else "whole",
        operator="between",
        formula1=str(low),
        formula2=str(high),
        showErrorMessage=True,
    )
    allowed = f"{low:.0%} 至 {high:.0%}" if is_rate else f"{low} 至 {high} 的整數"
    validation.errorTitle, validation.error = "超出範圍", f"請填 {allowed}。"
    return validation


def _attach_validation(
    page: Worksheet, validation: DataValidation, title: str, note: str, *cells: str
) -> None:
    """Add a validation to cells, blanks allowed; ``note`` is its input note under ``title``.

    Both are cut off at the limits of the format. One without a rule or a note is not added.
    """
    validation.allow_blank = True
    if note:
        validation.promptTitle, validation.prompt = (
            title[:_MAX_TITLE_CHARS],
            note[:_MAX_PROMPT_CHARS],
        )
        validation.showInputMessage = True
    if validation.type or note:
        for area in cells:
            validation.add(area)
        page.add_data_validation(validation)


def _validate_items(page: Worksheet, rows: int) -> None:
    """Add the validations of 基本資料, where each item has its own kind of content in column B."""
    items = {item.name: item for item in ITEMS}  # some on request may be left out
    for row in range(FIRST_ROW, FIRST_ROW + rows):
        item, cell = items[str(page.cell(row, 1).value)], f"B{row}"
        _attach_validation(page, _item_validation(item), item.name, item.note, cell)
        if item.required:
            _add_conditional_format(page, cell, f'TRIM({cell})=""', cell_styles.missing_format())


def _item_validation(item: Item) -> DataValidation:
    """Return the validation of an item of 基本資料: drop-down, range of numbers, or none."""
    if item.kind is Kind.CHOICE and item.on_request:  # as of columns on request
        return _choice_validation(item.choices)
    if item.kind is Kind.CHOICE:
        return _list_validation(list_name(item.name))
    if item.kind is Kind.INTEGER:
        return _range_validation(item.kind, item.minimum, item.maximum)
    return DataValidation()
