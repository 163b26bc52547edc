"""The writer of a part: a workbook in which one unit fills in its rows.

What the unit may fill in is open, all else is locked, without a password: whoever unlocks it can
change it, and merging reports that. The same part gives the same bytes.
"""

from __future__ import annotations

from fractions import Fraction
from io import BytesIO
from typing import TYPE_CHECKING, Final

from openpyxl import Workbook
from openpyxl.formatting.rule import Rule
from openpyxl.worksheet.datavalidation import DataValidation

from reportgen.model.missing_symbols import SYMBOLS, filling_instructions
from reportgen.workbook.parts.owner_part import (
    COVER,
    DECLARATION,
    PART_DATA,
    PART_KPIS,
    PART_WORDS,
    RECORD_SHEET,
    SIGNED_BY,
    SIGNED_ON,
    USED_BY,
    WORD_COLUMNS,
    record_lines,
)
from reportgen.workbook.reading.number_parsing import SignedNumber, parse_number_with_sign
from reportgen.workbook.schema.cell_refs import column_letters
from reportgen.workbook.schema.declarations import Kind
from reportgen.workbook.schema.sheet_grid import (
    FIRST_ROW,
    HEADING_ROW,
    PURPOSE_ROW,
    TITLE_ROW,
    grid_columns,
)
from reportgen.workbook.schema.sheets import BOUND_FIGURE_NOTE, DATE_FORMS
from reportgen.workbook.writing import cell_styles
from reportgen.workbook.writing.cell_writer import put_number, put_text
from reportgen.workbook.writing.deterministic_zip import save_deterministic
from reportgen.workbook.writing.page_setup import protect_sheet, set_up_page
from reportgen.workbook.writing.row_heights import estimate_lines, row_height

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openpyxl.cell.cell import Cell, MergedCell
    from openpyxl.worksheet.worksheet import Worksheet

    from reportgen.model.scorecard import RocDate
    from reportgen.workbook.parts.owner_part import OwnerPart, PartRow, SharedCell
    from reportgen.workbook.schema.declarations import Sheet
    from reportgen.workbook.schema.sheet_grid import GridColumn

_MAX_EXACT_DIGITS: Final = 15  # Excel keeps no more; longer numbers are written as text
MIN_WORD_LINES: Final = 3  # of a row for words, so that there is room to write
_OPEN_ITEMS: Final = frozenset({SIGNED_BY, SIGNED_ON})
_LOCKED_OPERATIONS: Final = ("insertRows", "insertColumns", "deleteRows", "deleteColumns", "sort")


def write_part(part: OwnerPart, modified: RocDate) -> bytes:
    """Return the workbook of a part; ``modified`` stands for the time of writing."""
    book = Workbook()
    book.remove(book.worksheets[0])
    _write_cover(book.create_sheet(COVER.name), part)
    if part.rows:
        _write_data(book.create_sheet(PART_DATA.name), part)
    if part.words:
        _write_words(book.create_sheet(PART_WORDS.name), part)
    _write_kpis(book.create_sheet(PART_KPIS.name), part)
    record = book.create_sheet(RECORD_SHEET)
    record.sheet_state = "hidden"
    for number, line in enumerate(record_lines(part), start=1):
        put_text(record.cell(number, 1), line)
    record.protection.sheet = True
    target = BytesIO()
    save_deterministic(book, target, modified, ())
    return target.getvalue()


def _write_cover(page: Worksheet, part: OwnerPart) -> None:
    """Write what is wanted until when, how to fill it in, and the declaration to be signed."""
    due = f"，請於 {part.due} 前交回" if part.due else ""
    rows = {
        "機關名稱": part.agency,
        "文件": f"{part.title}（{part.edition} 版）",
        "填報單位": part.owner,
        "應填內容": f"{part.data_year} 年度的{_wanted(part)}{due}。",
        **(_figure_instructions(part) if part.rows else {}),
        **(_word_instructions() if part.words else {}),
        "填報切結": DECLARATION,
        SIGNED_BY: "",
        SIGNED_ON: "",
    }
    fields = _write_head(page, COVER, ())
    for number, (item, content) in enumerate(rows.items(), start=FIRST_ROW):
        name, cell = page.cell(number, 1), page.cell(number, 2)
        _put(name, item, cell_styles.STRONG)
        is_open = item in _OPEN_ITEMS
        _put(cell, content, cell_styles.BODY, is_open=is_open)
        if is_open:
            cell.number_format = cell_styles.TEXT_FORMAT
        page.row_dimensions[number].height = max(
            30 if is_open else 0, row_height([estimate_lines(content, fields[1].column.width)])
        )
    last = FIRST_ROW + len(rows) - 1
    _mark_blank(page, f"B{last - 1}:B{last}", f'TRIM(B{last - 1})=""')
    _add_prompt(page, f"B{last}", SIGNED_ON, f"{DATE_FORMS}。")
    _finish(page, fields, "")


def _wanted(part: OwnerPart) -> str:
    """Return what a unit is to fill in."""
    figures = f"數字 {len(part.rows)} 列" if part.rows else ""
    words = f"執行說明 {len(part.words)} 項" if part.words else ""
    return "、".join(filter(None, (figures, words)))


def _figure_instructions(part: OwnerPart) -> dict[str, str]:
    """Return the rows of the cover on how figures are filled in."""
    return {
        "填寫方式": f"請在「{PART_DATA.name}」填寫 {part.data_year} 年的數字"
        f"（還沒填的格子是黃底），只填數字，不加單位；{filling_instructions()}。「資料來源」「備註」可以補充。",
        "上年度數字": f"左邊灰底的是 {part.data_year - 1} 年的數字，供比對；有誤請洽研考單位，"
        "不要在這裡更改。",
    }


def _word_instructions() -> dict[str, str]:
    """Return the row of the cover on how words are written."""
    return {
        "文字說明": f"請在「{PART_WORDS.name}」說明每個指標的執行情形；未達目標值的，"
        "請填未達成原因與因應策略。" + BOUND_FIGURE_NOTE,
    }


def _write_words(page: Worksheet, part: OwnerPart) -> None:
    """Write the KPIs on which the unit writes: their words are open."""
    fields = _write_head(page, PART_WORDS, ())
    for number, words in enumerate(part.words, start=FIRST_ROW):
        fixed = {"KPI代碼": words.code, "名稱": words.name, "目標值": words.target}
        lines = []
        for field in fields:
            heading = str(field.heading)
            shared = words.open_cells.get(heading)
            cell = page.cell(number, field.number)
            text = fixed.get(heading, "") if shared is None else shared.content
            _put(cell, text, cell_styles.BODY, is_open=shared is not None)
            lines.append(estimate_lines(text, field.column.width))
        page.row_dimensions[number].height = row_height([*lines, MIN_WORD_LINES])
    last = FIRST_ROW + len(part.words) - 1
    for field in fields:
        heading = str(field.heading)
        if heading in part.words[0].open_cells:
            cells = f"{field.letter}{FIRST_ROW}:{field.letter}{last}"
            _add_prompt(page, cells, heading, field.column.note)
        if heading == WORD_COLUMNS[0] and heading in part.words[0].open_cells:
            _mark_blank(page, cells, f'TRIM({field.letter}{FIRST_ROW})=""')
    page.freeze_panes = f"{column_letters(PART_WORDS.frozen_columns + 1)}{FIRST_ROW}"
    _finish(page, fields, f"{HEADING_ROW}:{HEADING_ROW}")


def _write_data(page: Worksheet, part: OwnerPart) -> None:
    """Write the rows of the unit: last year's figure locked, this year's cell open."""
    previous = part.data_year - 1
    years = (previous, part.data_year) if previous else (part.data_year,)
    fields = _write_head(page, PART_DATA, years)
    for field in fields:
        if field.is_year:
            cue = "請填" if field.heading == part.data_year else "供參考"
            page.cell(HEADING_ROW, field.number).number_format = f'0"年（{cue}）"'
    for number, row in enumerate(part.rows, start=FIRST_ROW):
        lines = []
        for field in fields:
            cell = page.cell(number, field.number)
            _write_part_cell(cell, field, row)
            lines.append(estimate_lines(cell.value, field.column.width))
        page.row_dimensions[number].height = row_height(lines)
    last = FIRST_ROW + len(part.rows) - 1
    letter = {str(field.heading): field.letter for field in fields}[part.year_heading]
    cells = f"{letter}{FIRST_ROW}:{letter}{last}"
    _mark_blank(page, cells, f'TRIM({letter}{FIRST_ROW})=""')
    symbols = "，".join(reason.instruction for reason in SYMBOLS)
    _add_prompt(page, cells, f"{part.data_year} 年", f"只填數字，不加單位。{symbols}。")
    page.freeze_panes = f"{column_letters(PART_DATA.frozen_columns + 1)}{FIRST_ROW}"
    _finish(page, fields, f"{HEADING_ROW}:{HEADING_ROW}")


def _write_part_cell(cell: Cell | MergedCell, field: GridColumn, row: PartRow) -> None:
    """Write one cell of a row, open or locked."""
    heading = str(field.heading)
    shared = row.open_cells.get(heading)
    fixed = {"資料項": row.item, "組成": row.component, "單位": row.unit}
    fixed[USED_BY] = "、".join(row.kpis)
    if shared is not None:
        _put(cell, "", cell_styles.BODY, is_open=True)
        _put_shared(cell, shared, is_figure=field.is_year)
    elif field.is_year:
        _put(cell, "", cell_styles.BODY)
        _put_shared(cell, row.previous, is_figure=True)
    else:
        _put(cell, fixed.get(heading, ""), cell_styles.BODY)
    if field.is_year:
        cell.alignment = cell_styles.NUMERIC_WORDS
    elif field.column.kind is Kind.TEXT and heading == "單位":
        cell.alignment = cell_styles.CENTRED


def _put_shared(cell: Cell | MergedCell, shared: SharedCell, *, is_figure: bool) -> None:
    """Write what a cell of the edition holds; a figure as a number in the format that shows it."""
    number = parse_number_with_sign(shared.content) if is_figure and shared.content else None
    decimals = shared.content.rstrip("%").partition(".")[2]
    if is_figure:
        percent_format = f"0.{'0' * len(decimals)}%" if decimals else "0%"
        cell.number_format = percent_format if shared.is_percentage else "#,##0.###############"
    if not isinstance(number, SignedNumber) or len(shared.content) > _MAX_EXACT_DIGITS:
        put_text(cell, shared.content)
        return
    put_number(cell, Fraction(number.number))
    if not shared.is_percentage:
        cell.number_format = f"#,##0.{'0' * len(decimals)}" if decimals else "#,##0"


def _write_kpis(page: Worksheet, part: OwnerPart) -> None:
    """Write the KPIs that the unit's figures go into, all locked."""
    fields = _write_head(page, PART_KPIS, ())
    for number, kpi in enumerate(part.kpis, start=FIRST_ROW):
        texts = (kpi.code, kpi.name, kpi.formula, kpi.target)
        for field, text in zip(fields, texts, strict=True):
            _put(page.cell(number, field.number), text, cell_styles.BODY)
        page.row_dimensions[number].height = row_height(
            estimate_lines(text, field.column.width)
            for field, text in zip(fields, texts, strict=True)
        )
    page.freeze_panes = f"B{FIRST_ROW}"
    _finish(page, fields, f"{HEADING_ROW}:{HEADING_ROW}")


# --- sheets ---------------------------------------------------------------------------


def _write_head(page: Worksheet, sheet: Sheet, years: Sequence[int]) -> tuple[GridColumn, ...]:
    """Write title, purpose and headings; return the columns."""
    fields = grid_columns(sheet, years)
    for row, text, font, height in (
        (TITLE_ROW, sheet.name, cell_styles.TITLE, 26),
        (PURPOSE_ROW, sheet.purpose, cell_styles.PURPOSE, 18),
    ):
        put_text(page.cell(row, 1), text)
        page.cell(row, 1).font, page.cell(row, 1).alignment = font, cell_styles.ONE_LINE
        page.row_dimensions[row].height = height
    page.row_dimensions[HEADING_ROW].height = 24
    for field in fields:
        heading = page.cell(HEADING_ROW, field.number)
        if isinstance(field.heading, int):
            put_number(heading, field.heading)
        else:
            put_text(heading, field.heading)
        heading.font, heading.fill = cell_styles.HEADING, cell_styles.HEADING_FILL
        heading.alignment, heading.border = cell_styles.HEADING_ALIGNMENT, cell_styles.BOX_BORDER
    return fields


def _put(cell: Cell | MergedCell, text: str, font: object, *, is_open: bool = False) -> None:
    """Write a text; a locked cell is grey, an open one white, so that prints show it, too."""
    put_text(cell, text)
    cell.font, cell.alignment = font, cell_styles.WRAPPED  # type: ignore[assignment]
    cell.border = cell_styles.BOX_BORDER
    cell.protection = cell_styles.UNLOCKED if is_open else cell_styles.LOCKED
    if not is_open:
        cell.fill = cell_styles.FIXED_FILL


def _mark_blank(page: Worksheet, cells: str, condition: str) -> None:
    """Colour and hatch the cells that are wanted and blank."""
    rule = Rule(type="expression", dxf=cell_styles.missing_format(), formula=[condition])
    page.conditional_formatting.add(cells, rule)


def _add_prompt(page: Worksheet, cells: str, title: str, text: str) -> None:
    """Add a note that Excel shows when a cell is entered; anything may be typed."""
    page.add_data_validation(
        DataValidation(
            sqref=cells, showInputMessage=True, promptTitle=title[:32], prompt=text[:255]
        )
    )


def _finish(page: Worksheet, fields: Sequence[GridColumn], repeated_rows: str) -> None:
    """Set column widths, protection and page setup."""
    for field in fields:
        page.column_dimensions[field.letter].width = field.column.width
    page.sheet_view.showGridLines = False
    protect_sheet(page)
    for operation in _LOCKED_OPERATIONS:
        setattr(page.protection, operation, True)  # True: forbidden
    set_up_page(page, repeated_rows)
