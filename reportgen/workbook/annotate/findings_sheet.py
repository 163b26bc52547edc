"""The sheet 檢查結果: all problems, each with a link to its cell."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Final, NamedTuple

from lxml import etree

from reportgen.problems import Severity
from reportgen.workbook.annotate.cell_marks import SEVERITIES, SYMBOLS, cell_of, clean_line
from reportgen.workbook.annotate.opc_package import default_namespace
from reportgen.workbook.schema.cell_refs import cell_name, column_letters

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from reportgen.problems import Problem
    from reportgen.problems.problem import Language
    from reportgen.workbook.annotate.opc_package import Element
    from reportgen.workbook.annotate.styles_part import CellStyles

MAX_LISTED_PROBLEMS: Final = 10_000
HEADING_ROW: Final = 7
_SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"
_WIDTHS: Final = (12.0, 9.0, 20.0, 10.0, 62.0, 58.0)  # in Excel's units
_LAST_COLUMN: Final = column_letters(len(_WIDTHS))
HEADINGS: Final = (
    ("輕重", "Severity"),
    ("代碼", "Code"),
    ("工作表", "Sheet"),
    ("儲存格", "Cell"),
    ("問題", "Problem"),
    ("處理方法", "Remedy"),
)
_SEVERITY_NAMES: Final = {
    Severity.ERROR: ("錯誤", "Error"),
    Severity.WARNING: ("提醒", "Warning"),
    Severity.NOTICE: ("說明", "Notice"),
}
_MEANINGS: Final = {
    Severity.ERROR: ("必須改好，才能產製文件。", "To be mended before documents can be made."),
    Severity.WARNING: ("請確認；不影響產製。", "Please look at it; documents can be made."),
    Severity.NOTICE: ("程式已處理，供您參考。", "Dealt with by the program; for your information."),
}
TITLES: Final = ("檢查結果", "Findings")
_COUNTS: Final = (
    "{file}：{errors} 個錯誤、{warnings} 個提醒、{notices} 個說明。",
    "{file}: {errors} errors, {warnings} warnings, {notices} notices.",
)
_INSTRUCTIONS: Final = (
    (
        "有問題的儲存格已上色並加上註解。可以直接在這份複本改正後存檔，再檢查一次或產製文件；"
        "產製時不讀取這張工作表。"
    ),
    (
        "The cells in question are coloured and have comments. Mend them in this copy, save it, "
        "and check it again or build from it; this sheet is never read."
    ),
)
_NO_PROBLEMS: Final = ("沒有發現問題。", "No problems found.")
_WHOLE_FILE: Final = ("（整個檔案）", "(the whole file)")
_MORE_PROBLEMS: Final = ("另有 {more} 項未列出。", "{more} more are not listed.")


class FindingRow(NamedTuple):
    """A problem as it is listed."""

    severity: Severity
    code: str
    sheet: str
    cell: str
    message: str
    fix: str
    link: str  # empty if there is no such sheet

    def severity_text(self, which: int) -> str:
        """Return its severity in Chinese (0) or English (1)."""
        return f"{SYMBOLS[self.severity]} {_SEVERITY_NAMES[self.severity][which]}"

    @property
    def cell_text(self) -> str:
        """The cell as displayed; an arrow if the link leads to a sheet."""
        return self.cell or ("→" if self.link else "")


def findings_sheet(
    problems: Sequence[Problem],
    sheets: Mapping[str, object],
    styles: CellStyles,
    language: Language,
    *,
    file: str,
    views: int,
    space: str,
) -> Element:
    """Return the worksheet with the list of problems, as an element that is in no package yet.

    ``sheets`` are those that can be linked to, ``views`` the number of the workbook's windows,
    ``space`` the namespace of worksheets, ``file`` the workbook's name. Missing formats are added
    to ``styles``. Beyond MAX_LISTED_PROBLEMS a line states how many there are more.
    """
    language_index = 0 if language == "zh-TW" else 1
    rows = ranked_rows(problems, sheets, language)
    sheet = _Sheet(views, space)
    sheet.put(1, [(TITLES[language_index], styles.title())], 28)
    sheet.put(2, [(summary(problems, language, file), styles.remark())], 36)
    for number, severity in enumerate(SEVERITIES, 3):
        word = f"{SYMBOLS[severity]} {_SEVERITY_NAMES[severity][language_index]}"
        meaning = (_MEANINGS[severity][language_index], styles.remark())
        sheet.put(number, [(word, styles.severity(severity)), meaning], 20)
    sheet.merge("A1", f"{_LAST_COLUMN}1")
    sheet.merge("A2", f"{_LAST_COLUMN}2")
    for number in range(3, 3 + len(SEVERITIES)):
        sheet.merge(f"B{number}", f"{_LAST_COLUMN}{number}")
    sheet.put(HEADING_ROW, [(pair[language_index], styles.heading()) for pair in HEADINGS], 24)
    for number, row in enumerate(rows, HEADING_ROW + 1):
        sheet.put(number, _formatted_texts(row, styles, language_index), _height(row))
        if row.link:
            sheet.link(cell_name(number, 4), row.link)
    next_row = HEADING_ROW + 1 + len(rows)
    if not rows:
        sheet.put(next_row, [(_NO_PROBLEMS[language_index], styles.remark())], 20)
        sheet.merge(f"A{next_row}", f"{_LAST_COLUMN}{next_row}")
    if len(problems) > MAX_LISTED_PROBLEMS:
        more = _MORE_PROBLEMS[language_index].format(
            more=f"{len(problems) - MAX_LISTED_PROBLEMS:,}"
        )
        sheet.put(next_row, [(more, styles.remark())], 20)
    return sheet.finished(HEADING_ROW + len(rows))


def summary(problems: Sequence[Problem], language: Language, file: str) -> str:
    """Return one line: the number of problems by severity, and instructions for the copy."""
    language_index = 0 if language == "zh-TW" else 1
    counts = {
        severity: sum(problem.severity is severity for problem in problems) for severity in Severity
    }
    counted = _COUNTS[language_index].format(
        file=clean_line(file),
        errors=counts[Severity.ERROR],
        warnings=counts[Severity.WARNING],
        notices=counts[Severity.NOTICE],
    )
    return f"{counted}{'' if language_index == 0 else ' '}{_INSTRUCTIONS[language_index]}"


def ranked_rows(
    problems: Sequence[Problem], sheets: Collection[str], language: Language
) -> list[FindingRow]:
    """Return the rows of the list, the worst first, at most MAX_LISTED_PROBLEMS.

    Problems of one severity keep their order.
    """
    ranked = sorted(problems, key=lambda problem: SEVERITIES.index(problem.severity))
    return [_finding_row(problem, sheets, language) for problem in ranked[:MAX_LISTED_PROBLEMS]]


def filter_range(count: int) -> str:
    """Return the range of the list with its headings, ``$A$7:$F$12``, for ``count`` problems."""
    last = HEADING_ROW + max(min(count, MAX_LISTED_PROBLEMS), 1)
    return f"$A${HEADING_ROW}:${_LAST_COLUMN}${last}"


def _finding_row(problem: Problem, sheets: Collection[str], language: Language) -> FindingRow:
    """Return a problem as a row of the list.

    Its link is empty if the sheet is not in the workbook.
    """
    location, cell_index = problem.where, cell_of(problem)
    is_linked = location.sheet in sheets
    cell = cell_name(*cell_index) if cell_index else ""
    quoted = location.sheet.replace("'", "''")
    return FindingRow(
        problem.severity,
        problem.code,
        clean_line(location.sheet) or _WHOLE_FILE[0 if language == "zh-TW" else 1],
        cell,
        clean_line(problem.message(language)),
        clean_line(problem.fix(language)),
        f"'{quoted}'!{cell or 'A1'}" if is_linked else "",
    )


def _formatted_texts(
    row: FindingRow, styles: CellStyles, language_index: int
) -> list[tuple[str, int]]:
    """Return the six texts of a row, each with the index of its cell format."""
    return [
        (row.severity_text(language_index), styles.severity(row.severity)),
        (row.code, styles.centred()),
        (row.sheet, styles.text()),
        (row.cell_text, styles.link() if row.link else styles.centred()),
        (row.message, styles.text()),
        (row.fix, styles.text()),
    ]


def _height(row: FindingRow) -> float:
    """Return the height in points that a row needs, estimated by its longest text; 400 at most."""
    texts = ((row.sheet, _WIDTHS[2]), (row.message, _WIDTHS[4]), (row.fix, _WIDTHS[5]))
    lines = max(-(-_halves(text) // int(width * 0.9 - 2)) for text, width in texts)
    return min(max(lines, 1) * 16 + 6, 400)


def _halves(text: str) -> int:
    """Return the width of a text in half-width characters."""
    return sum(2 if unicodedata.east_asian_width(character) in "WFA" else 1 for character in text)


class _Sheet:
    """A worksheet of texts that is being written, from top to bottom."""

    def __init__(self, views: int, space: str) -> None:
        self._space = f"{{{space}}}"
        self._root = etree.Element(f"{self._space}worksheet", nsmap=default_namespace(space))
        properties = self._add_element(self._root, "sheetPr")
        self._add_element(properties, "tabColor", rgb="FFC00000")
        self._add_element(properties, "pageSetUpPr", fitToPage="1")
        self._dimension = self._add_element(self._root, "dimension")
        sheet_views = self._add_element(self._root, "sheetViews")
        for number in range(views):
            view = self._add_element(sheet_views, "sheetView", showGridLines="0", tabSelected="1")
            view.set("workbookViewId", str(number))
            first_cell = f"A{HEADING_ROW + 1}"
            self._add_element(
                view,
                "pane",
                ySplit=str(HEADING_ROW),
                topLeftCell=first_cell,
                activePane="bottomLeft",
                state="frozen",
            )
            self._add_element(
                view, "selection", pane="bottomLeft", activeCell=first_cell, sqref=first_cell
            )
        self._add_element(self._root, "sheetFormatPr", defaultRowHeight="16.5")
        columns = self._add_element(self._root, "cols")
        for number, width in enumerate(_WIDTHS, 1):
            column_number = str(number)
            self._add_element(
                columns,
                "col",
                min=column_number,
                max=column_number,
                width=str(width),
                customWidth="1",
            )
        self._data = self._add_element(self._root, "sheetData")
        self._merged: list[str] = []
        self._links: list[tuple[str, str]] = []
        self._last = 1

    def put(self, number: int, cells: Sequence[tuple[str, int]], height: float) -> None:
        """Add the row ``number`` (from 1) with these texts, ``height`` points high.

        Each text comes with the index of its cell format. Rows must be added in ascending order.
        """
        row = self._add_element(
            self._data, "row", r=str(number), ht=f"{height:g}", customHeight="1"
        )
        for column, (text, style_id) in enumerate(cells, 1):
            cell = self._add_element(row, "c", r=cell_name(number, column), s=str(style_id))
            if text:
                cell.set("t", "inlineStr")
                text_element = self._add_element(self._add_element(cell, "is"), "t")
                text_element.set(_SPACE, "preserve")
                text_element.text = text
        self._last = number

    def merge(self, first: str, last: str) -> None:
        """Merge the cells from ``first`` to ``last``."""
        self._merged.append(f"{first}:{last}")

    def link(self, cell: str, target: str) -> None:
        """Link a cell to ``target``, a reference within the workbook such as ``'目標值'!C5``."""
        self._links.append((cell, target))

    def finished(self, last_listed: int) -> Element:
        """Return the worksheet after adding filter, merged cells, links and page setup.

        The filter reaches to the row ``last_listed``. Must be called once, after all other calls.
        """
        self._dimension.set("ref", f"A1:{_LAST_COLUMN}{self._last}")
        if last_listed > HEADING_ROW:
            self._add_element(
                self._root, "autoFilter", ref=f"A{HEADING_ROW}:{_LAST_COLUMN}{last_listed}"
            )
        merged = self._add_element(self._root, "mergeCells", count=str(len(self._merged)))
        for area in self._merged:
            self._add_element(merged, "mergeCell", ref=area)
        if self._links:
            links = self._add_element(self._root, "hyperlinks")
            for cell, target in self._links:
                self._add_element(links, "hyperlink", ref=cell, location=target, display=target)
        self._add_element(self._root, "printOptions", horizontalCentered="1")
        margins = {"left": "0.5", "right": "0.5", "top": "0.6", "bottom": "0.7"}
        self._add_element(self._root, "pageMargins", **margins, header="0.3", footer="0.3")
        self._add_element(
            self._root, "pageSetup", paperSize="9", orientation="landscape", fitToHeight="0"
        )
        footer = self._add_element(self._root, "headerFooter")
        self._add_element(footer, "oddFooter").text = "&L&9 &A&C&9 &P / &N&R&9 &F"
        return self._root

    def _add_element(self, parent: Element, name: str, **attributes: str) -> Element:
        """Add an element of the sheet's namespace to ``parent`` and return it."""
        return etree.SubElement(parent, f"{self._space}{name}", attributes)
