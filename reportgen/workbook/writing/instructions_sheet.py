"""填寫說明, the first sheet: instructions for users who open the workbook unprepared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.model.missing_symbols import SYMBOLS
from reportgen.workbook.schema.declarations import Presence
from reportgen.workbook.schema.sheets import CALCULATION_SHEET, DATA, INSTRUCTIONS_SHEET
from reportgen.workbook.writing import cell_styles
from reportgen.workbook.writing.cell_writer import put_text
from reportgen.workbook.writing.page_setup import protect_sheet, set_up_page

if TYPE_CHECKING:
    from collections.abc import Iterable

    from openpyxl.cell.cell import Cell, MergedCell
    from openpyxl.styles import PatternFill
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

    from reportgen.workbook.schema.declarations import Sheet

_INTRODUCTION = (
    "一個活頁簿就是一個版次。白底的格子由您填寫，存檔後由 reportgen 檢查，並產製 PDF 與 Word。"
)
_STEPS = (
    ("「基本資料」", "填寫機關、日期、資料年度、使命、願景與核心價值。"),
    ("「構面」「策略主題」「策略目標」", "列出代碼與名稱；策略地圖與計分卡都由這三張工作表產生。"),
    (
        "「關鍵績效指標」",
        "填寫名稱與公式。公式會照樣列印，也會照樣計算，所用名稱須與「年度資料」相同。",
    ),
    ("「年度資料」「目標值」", "填寫各年度數字與目標；數字不加單位，沒有數字時請用下列符號。"),
    (
        f"「{CALCULATION_SHEET}」",
        "不必填寫：各 KPI 的數值隨填隨算，請核對；有 ✗ 或（待填）時回頭補正。",
    ),
    ("存檔、檢查", "執行 reportgen check 〈檔名〉，依訊息所指的工作表與儲存格修正。"),
    ("產製", "沒有錯誤後執行 reportgen build 〈檔名〉，就有 PDF 與 Word。"),
)
_SYMBOLS = (
    *((reason.symbol, reason.description) for reason in SYMBOLS),
    ("空白", "尚未填寫：草稿印（待填），定稿不得空白"),
)
_HELP = (
    ("內容怎麼填", "請洽貴機關的研考（企劃）單位。"),
    ("下一版怎麼開始", "執行 reportgen new 〈新的修表日期〉 --from 〈這個檔名〉，例如 106-03-29。"),
    (
        f"「{CALCULATION_SHEET}」要更新",
        "改了公式、KPI 或年度欄之後，存檔並關閉，執行 reportgen new 〈檔名〉 --refresh。",
    ),
    ("訊息看不懂", "請將訊息開頭的代號（例如〔E102〕）告訴程式維護人員。"),
    ("標題改不了", "標題列受保護但沒有密碼：「校閱 → 取消保護工作表」。插入列、欄不受影響。"),
)
_PREVIEW = "依公式與年度資料即時試算各 KPI，供核對用；程式不讀取。"
_PRESENCE = {
    Presence.FILLED: "● 必填",
    Presence.REQUIRED: "● 必填",
    Presence.OPTIONAL: "○ 選填",
}


def write_instructions(book: Workbook, sheets: Iterable[Sheet]) -> None:
    """Add the sheet 填寫說明: seven steps, the key to colours and symbols, the sheets, help."""
    page = book.create_sheet(INSTRUCTIONS_SHEET)
    for letter, width in (("A", 4), ("B", 30), ("C", 12), ("D", 84)):
        page.column_dimensions[letter].width = width
    put_text(page.cell(1, 1), INSTRUCTIONS_SHEET)
    page.cell(1, 1).font = cell_styles.TITLE
    page.row_dimensions[1].height = 28
    put_text(page.cell(2, 1), _INTRODUCTION)
    page.cell(2, 1).font = cell_styles.PURPOSE
    row = _write_section(page, 4, "七個步驟")
    for number, (title, text) in enumerate(_STEPS, start=1):
        row = _write_line(page, row, str(number), title, text)
    row = _key(page, _write_section(page, row + 1, "顏色與符號"))
    row = _write_section(page, row + 1, "工作表")
    for sheet in sheets:
        row = _write_sheet_line(page, row, sheet.name, _PRESENCE[sheet.presence], sheet.purpose)
        if sheet is DATA:
            row = _write_sheet_line(page, row, CALCULATION_SHEET, "◇ 免填", _PREVIEW)
    row = _write_section(page, row + 1, "需要協助")
    for title, text in _HELP:
        row = _write_line(page, row, "", title, text)
    page.sheet_view.showGridLines = False
    protect_sheet(page)
    set_up_page(page)
    page.page_setup.fitToHeight = 1


def _write_sheet_line(page: Worksheet, row: int, name: str, mark: str, purpose: str) -> int:
    """Write the line of a sheet, its name as a link; return the next row.

    ``mark`` says whether it must be filled in.
    """
    next_row = _write_line(page, row, "", name, purpose)
    link = page.cell(row, 2)
    link.hyperlink = f"#'{name}'!A1"
    link.font = cell_styles.LINK
    cell = page.cell(row, 3)
    put_text(cell, mark)
    cell.font, cell.alignment = cell_styles.BODY, cell_styles.CENTRED
    return next_row


def _write_section(page: Worksheet, row: int, heading: str) -> int:
    """Write a section heading; return the next row."""
    cell = page.cell(row, 1)
    put_text(cell, heading)
    cell.font, cell.alignment = cell_styles.STRONG, cell_styles.ONE_LINE
    for column in range(1, 5):
        page.cell(row, column).border = cell_styles.ROW_RULE
    page.row_dimensions[row].height = 24
    return row + 1


def _write_line(page: Worksheet, row: int, number: str, title: str, text: str) -> int:
    """Write a line of number, title and text; return the next row."""
    for column, content in ((1, number), (2, title), (4, text)):
        if content:
            cell = page.cell(row, column)
            put_text(cell, content)
            cell.font = cell_styles.STRONG if column < 4 else cell_styles.BODY
            cell.alignment = cell_styles.WRAPPED
    page.row_dimensions[row].height = 20
    return row + 1


def _key(page: Worksheet, row: int) -> int:
    """Write a line for each cell format and symbol with its meaning; return the next row."""
    samples: tuple[tuple[str, PatternFill | None, str], ...] = (
        ("● 必填", None, "欄名上方有 ● 的欄，每一列都要填。"),
        ("○ 選填", None, "可以空白。"),
        ("◆ 年度", None, "年度資料；資料年度在定稿時不得空白。"),
        ("白底", None, "可以填寫的儲存格；「基本資料」的淺灰底是固定的項目與說明，不必填寫。"),
        ("▨ 待填", cell_styles.MISSING, "黃底斜線：應填而尚未填寫，填妥後自動消失。"),
        (
            "▲ 待確認",
            cell_styles.DOUBTFUL,
            "橘底：不是數字、代碼重複或不存在，或與往年相差三倍以上；確認無誤即可。",
        ),
        (
            "深色標題",
            cell_styles.HEADING_FILL,
            "標題列受保護，請勿改名；可以插入列、欄，也可以調整順序。",
        ),
    )
    for sample, fill, meaning in samples:
        row = _write_sample(page, row, sample, meaning)
        if fill is not None:
            _fill_sample(page.cell(row - 1, 2), fill)
    for symbol, meaning in _SYMBOLS:
        row = _write_sample(page, row, symbol, meaning)
    return row


def _write_sample(page: Worksheet, row: int, sample: str, meaning: str) -> int:
    """Write a line with a boxed sample and its meaning; return the next row."""
    next_row = _write_line(page, row, "", sample, meaning)
    cell = page.cell(row, 2)
    cell.alignment, cell.border = cell_styles.CENTRED, cell_styles.BOX_BORDER
    return next_row


def _fill_sample(cell: Cell | MergedCell, fill: PatternFill) -> None:
    """Fill a sample cell with a colour, and set the font of headings where it is theirs."""
    cell.fill = fill
    if fill is cell_styles.HEADING_FILL:
        cell.font = cell_styles.HEADING
