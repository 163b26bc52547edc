"""Help at the cell: drop-downs, input notes, and looks that show what is still missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openpyxl.formatting.rule import Rule
from openpyxl.worksheet.datavalidation import DataValidation

from reportgen.missing_symbols import SYMBOLS, list_symbols
from reportgen.workbook import style
from reportgen.workbook.declare import Kind, Presence
from reportgen.workbook.doubts import show_doubtful
from reportgen.workbook.grid import FIRST_ROW, HEADING_ROW, SPARE_ROWS, Field
from reportgen.workbook.lists import DATA_YEAR, code_list_name, list_name
from reportgen.workbook.schema import BASICS, ITEMS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from openpyxl.styles.differential import DifferentialStyle
    from openpyxl.worksheet.worksheet import Worksheet

    from reportgen.formula.milestones import Stage
    from reportgen.workbook.declare import Item, Sheet

_PROMPT_LIMIT = 255  # characters of an input note, by the file format
_TITLE_LIMIT = 32
_LIST_LIMIT = 253  # characters of choices that stand in the rule itself


def add_guidance(
    page: Worksheet,
    sheet: Sheet,
    fields: Sequence[Field],
    rows: int,
    milestones: Mapping[int, Sequence[Stage]],
) -> None:
    """Validations and looks for the filled rows and the spare ones below.

    ``milestones``: the stages that are offered in the years' cells of a row.
    """
    if sheet is BASICS:
        _guide_items(page, rows)
        return
    last = FIRST_ROW - 1 + rows + SPARE_ROWS
    for field in fields:
        cells = f"{field.letter}{FIRST_ROW}:{field.letter}{last}"
        if field.is_year and milestones:
            for number, stages in milestones.items():
                _offer_stages(page, field, number, stages)
            _validate(page, field, list(_parts(field.letter, last, milestones)))
        else:
            _validate(page, field, [cells])
        show_doubtful(page, fields, field, cells)
        _show_missing(page, sheet, fields, field, cells)
        if field.column.kind is Kind.FIGURE:
            top = f"{field.letter}{FIRST_ROW}"
            whole = f"AND(ISNUMBER({top}),IFERROR(INT({top})={top},FALSE))"
            _look(page, cells, whole, style.whole_number_look())
    area = f"A{FIRST_ROW}:{fields[-1].letter}{last}"
    _look(page, area, _is_started(fields), style.filled_look())


def _is_started(fields: Sequence[Field]) -> str:
    return f"COUNTA({fields[0].below}:{fields[-1].below})>0"


def _show_missing(
    page: Worksheet, sheet: Sheet, fields: Sequence[Field], field: Field, cells: str
) -> None:
    """Mark required cells of started rows, and figures of the data year, while blank.

    The first row of a sheet that must not be empty counts as started.
    """
    top = f"{field.letter}{FIRST_ROW}"
    started = _is_started(fields)
    if field.column.required:
        if sheet.presence is Presence.FILLED:
            started = f"OR({started},AND(ROW()={FIRST_ROW},COUNTA($A${FIRST_ROW}:$A$2000)=0))"
        _look(page, cells, f'AND({started},TRIM({top})="")', style.missing_look())
    elif field.column.kind is Kind.FIGURE:
        is_data_year = f'{field.letter}${HEADING_ROW}&""={DATA_YEAR}&""'
        _look(page, cells, f'AND({started},{is_data_year},TRIM({top})="")', style.missing_look())


def _look(page: Worksheet, cells: str, formula: str, look: DifferentialStyle) -> None:
    page.conditional_formatting.add(cells, Rule(type="expression", dxf=look, formula=[formula]))


def _parts(letter: str, last: int, without: Collection[int]) -> Iterator[str]:
    """Yield the areas of a column that are left without some rows."""
    start = FIRST_ROW
    for row in (*sorted(without), last + 1):
        if row > start:
            yield f"{letter}{start}:{letter}{row - 1}"
        start = row + 1


def _offer_stages(page: Worksheet, field: Field, number: int, stages: Sequence[Stage]) -> None:
    """Offer a milestone's stages in a cell, where any of them, or a share, is no slip."""
    cell = f"{field.letter}{number}"
    names = [stage.name for stage in stages]
    listed = ",".join(names)
    is_short = len(listed) <= _LIST_LIMIT and not any(set(',"') & set(name) for name in names)
    rule = _choice_of(names) if is_short else DataValidation()
    rule.showErrorMessage = False  # a share, or the name in part, is right as well
    note = f"請填已完成的階段或比率，例如 {stages[0].name} 或 {stages[0].percentage}。"
    _attach(page, rule, f"{field.heading}年度", note, cell)
    look = Rule(type="expression", dxf=style.filled_look(), formula=[f'TRIM({cell}&"")<>""'])
    look.stopIfTrue = True
    page.conditional_formatting.add(cell, look)


def _validate(page: Worksheet, field: Field, cells: Sequence[str]) -> None:
    """A drop-down, a range of numbers, or a note alone."""
    column, top = field.column, cells[0].partition(":")[0]
    if column.kind is Kind.REFERENCE:
        rule = _list_of(code_list_name(column.refers_to))
    elif column.kind is Kind.REFERENCES:  # several codes are allowed: the list only offers
        rule = _list_of(code_list_name(column.refers_to))
        rule.showErrorMessage = False
    elif column.kind is Kind.CHOICE:
        # A column on request brings its own choices: the lists are the same in all workbooks.
        is_own = column.on_request
        rule = _choice_of(column.choices) if is_own else _list_of(list_name(column.name))
    elif column.kind in {Kind.INTEGER, Kind.RATE}:
        rule = _range_of(column.kind, column.low, column.high)
    elif column.kind is Kind.FIGURE:
        symbols = ",".join(f'{top}="{reason.symbol}"' for reason in SYMBOLS)
        rule = DataValidation(type="custom", formula1=f"OR(ISNUMBER({top}),{symbols})")
        rule.errorStyle = "warning"
        rule.errorTitle, rule.error = (
            "請確認",
            f"這一格應只填數字，或填 {list_symbols()}。仍要這樣填嗎？",
        )
        rule.showErrorMessage = True
    else:
        rule = DataValidation()
    title = f"{field.heading}年度" if field.is_year else str(field.heading)
    _attach(page, rule, title, column.note, *cells)


def _list_of(name: str) -> DataValidation:
    rule = DataValidation(type="list", formula1=f"={name}", showErrorMessage=True)
    rule.errorTitle, rule.error = (
        "不在清單中",
        "請從下拉清單選取；清單沒有時，請先到該工作表新增代碼。",
    )
    return rule


def _choice_of(choices: Sequence[str]) -> DataValidation:
    rule = _list_of("")
    rule.formula1 = f'"{",".join(choices)}"'
    rule.error = "請從下拉清單選取。"
    return rule


def _range_of(kind: Kind, low: int, high: int) -> DataValidation:
    is_rate = kind is Kind.RATE
    rule = DataValidation(
        type="decimal" if is_rate else "whole",
        operator="between",
        formula1=str(low),
        formula2=str(high),
        showErrorMessage=True,
    )
    allowed = f"{low:.0%} 至 {high:.0%}" if is_rate else f"{low} 至 {high} 的整數"
    rule.errorTitle, rule.error = "超出範圍", f"請填 {allowed}。"
    return rule


def _attach(page: Worksheet, rule: DataValidation, title: str, note: str, *cells: str) -> None:
    rule.allow_blank = True
    if note:
        rule.promptTitle, rule.prompt = title[:_TITLE_LIMIT], note[:_PROMPT_LIMIT]
        rule.showInputMessage = True
    if rule.type or note:
        for area in cells:
            rule.add(area)
        page.add_data_validation(rule)


def _guide_items(page: Worksheet, rows: int) -> None:
    """基本資料: each item has its own kind of content in column B."""
    for row, item in enumerate(ITEMS[:rows], start=FIRST_ROW):
        cell = f"B{row}"
        _attach(page, _item_rule(item), item.name, item.note, cell)
        if item.required:
            _look(page, cell, f'TRIM({cell})=""', style.missing_look())


def _item_rule(item: Item) -> DataValidation:
    if item.kind is Kind.CHOICE:
        return _list_of(list_name(item.name))
    if item.kind is Kind.INTEGER:
        return _range_of(item.kind, item.low, item.high)
    return DataValidation()
