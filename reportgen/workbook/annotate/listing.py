"""The sheet 檢查結果: every problem, with a link to its cell."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Final, NamedTuple

from lxml import etree

from reportgen.problems import Severity
from reportgen.workbook.annotate.marks import SEVERITIES, SYMBOLS, clean, place_of
from reportgen.workbook.annotate.parts import plain
from reportgen.workbook.places import cell_name, column_letters

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from reportgen.problems import Problem
    from reportgen.problems.problem import Language
    from reportgen.workbook.annotate.parts import Element
    from reportgen.workbook.annotate.styles import Looks

MAX_LISTED: Final = 10_000
HEADING_ROW: Final = 7
_SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"
_WIDTHS: Final = (12.0, 9.0, 20.0, 10.0, 62.0, 58.0)  # in Excel's units
_LAST: Final = column_letters(len(_WIDTHS))
HEADINGS: Final = (
    ("輕重", "Severity"),
    ("代碼", "Code"),
    ("工作表", "Sheet"),
    ("儲存格", "Cell"),
    ("問題", "Problem"),
    ("處理方法", "Remedy"),
)
_NAMES: Final = {
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
_HOW: Final = (
    (
        "有問題的儲存格已上色並加上註解。可以直接在這份複本改正後存檔，再檢查一次或產製文件；"
        "產製時不讀取這張工作表。"
    ),
    (
        "The cells in question are coloured and have comments. Mend them in this copy, save it, "
        "and check it again or build from it; this sheet is never read."
    ),
)
_NONE: Final = ("沒有發現問題。", "No problems found.")
_WHOLE: Final = ("（整個檔案）", "(the whole file)")
_MORE: Final = ("另有 {more} 項未列出。", "{more} more are not listed.")


class Row(NamedTuple):
    """A problem as it is listed."""

    severity: Severity
    code: str
    sheet: str
    cell: str
    message: str
    fix: str
    link: str  # empty where there is nothing to lead to

    def word(self, which: int) -> str:
        """Return its severity in Chinese (0) or English (1)."""
        return f"{SYMBOLS[self.severity]} {_NAMES[self.severity][which]}"

    @property
    def shown(self) -> str:
        """Its cell; an arrow where the link leads to a sheet."""
        return self.cell or ("→" if self.link else "")


def listing(
    problems: Sequence[Problem],
    sheets: Mapping[str, object],
    looks: Looks,
    language: Language,
    *,
    file: str,
    views: int,
    space: str,
) -> Element:
    """The worksheet. ``sheets`` are those that can be linked to, ``views`` the windows,
    ``space`` the namespace of worksheets."""
    which = 0 if language == "zh-TW" else 1
    rows = ranked_rows(problems, sheets, language)
    sheet = _Sheet(views, space)
    sheet.put(1, [(TITLES[which], looks.title())], 28)
    sheet.put(2, [(summary(problems, language, file), looks.remark())], 36)
    for number, severity in enumerate(SEVERITIES, 3):
        word = f"{SYMBOLS[severity]} {_NAMES[severity][which]}"
        meaning = (_MEANINGS[severity][which], looks.remark())
        sheet.put(number, [(word, looks.severity(severity)), meaning], 20)
    sheet.merge("A1", f"{_LAST}1")
    sheet.merge("A2", f"{_LAST}2")
    for number in range(3, 3 + len(SEVERITIES)):
        sheet.merge(f"B{number}", f"{_LAST}{number}")
    sheet.put(HEADING_ROW, [(pair[which], looks.heading()) for pair in HEADINGS], 24)
    for number, row in enumerate(rows, HEADING_ROW + 1):
        sheet.put(number, _cells(row, looks, which), _height(row))
        if row.link:
            sheet.link(cell_name(number, 4), row.link)
    below = HEADING_ROW + 1 + len(rows)
    if not rows:
        sheet.put(below, [(_NONE[which], looks.remark())], 20)
        sheet.merge(f"A{below}", f"{_LAST}{below}")
    if len(problems) > MAX_LISTED:
        more = _MORE[which].format(more=f"{len(problems) - MAX_LISTED:,}")
        sheet.put(below, [(more, looks.remark())], 20)
    return sheet.finished(HEADING_ROW + len(rows))


def summary(problems: Sequence[Problem], language: Language, file: str) -> str:
    """Return how many problems there are, and what to do with the copy."""
    which = 0 if language == "zh-TW" else 1
    counts = {s: sum(each.severity is s for each in problems) for s in Severity}
    said = _COUNTS[which].format(
        file=clean(file),
        errors=counts[Severity.ERROR],
        warnings=counts[Severity.WARNING],
        notices=counts[Severity.NOTICE],
    )
    return f"{said}{'' if which == 0 else ' '}{_HOW[which]}"


def ranked_rows(
    problems: Sequence[Problem], sheets: Collection[str], language: Language
) -> list[Row]:
    """Return the list's rows, the gravest first, as many as are listed."""
    ranked = sorted(problems, key=lambda each: SEVERITIES.index(each.severity))
    return [_row(each, sheets, language) for each in ranked[:MAX_LISTED]]


def filtered(count: int) -> str:
    """The area of the list with its headings, for so many problems."""
    last = HEADING_ROW + max(min(count, MAX_LISTED), 1)
    return f"$A${HEADING_ROW}:${_LAST}${last}"


def _row(problem: Problem, sheets: Collection[str], language: Language) -> Row:
    where, place = problem.where, place_of(problem)
    linked = where.sheet in sheets
    cell = cell_name(*place) if place else ""
    quoted = where.sheet.replace("'", "''")
    return Row(
        problem.severity,
        problem.code,
        clean(where.sheet) or _WHOLE[0 if language == "zh-TW" else 1],
        cell,
        clean(problem.message(language)),
        clean(problem.fix(language)),
        f"'{quoted}'!{cell or 'A1'}" if linked else "",
    )


def _cells(row: Row, looks: Looks, which: int) -> list[tuple[str, int]]:
    return [
        (row.word(which), looks.severity(row.severity)),
        (row.code, looks.centred()),
        (row.sheet, looks.text()),
        (row.shown, looks.link() if row.link else looks.centred()),
        (row.message, looks.text()),
        (row.fix, looks.text()),
    ]


def _height(row: Row) -> float:
    """Points that the longest of its texts takes."""
    texts = ((row.sheet, _WIDTHS[2]), (row.message, _WIDTHS[4]), (row.fix, _WIDTHS[5]))
    lines = max(-(-_halves(text) // int(width * 0.9 - 2)) for text, width in texts)
    return min(max(lines, 1) * 16 + 6, 400)


def _halves(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(each) in "WFA" else 1 for each in text)


class _Sheet:
    """A worksheet of texts that is being written."""

    def __init__(self, views: int, space: str) -> None:
        self._space = f"{{{space}}}"
        self._root = etree.Element(f"{self._space}worksheet", nsmap=plain(space))
        look = self._add(self._root, "sheetPr")
        self._add(look, "tabColor", rgb="FFC00000")
        self._add(look, "pageSetUpPr", fitToPage="1")
        self._dimension = self._add(self._root, "dimension")
        shown = self._add(self._root, "sheetViews")
        for number in range(views):
            view = self._add(shown, "sheetView", showGridLines="0", tabSelected="1")
            view.set("workbookViewId", str(number))
            below = f"A{HEADING_ROW + 1}"
            self._add(
                view,
                "pane",
                ySplit=str(HEADING_ROW),
                topLeftCell=below,
                activePane="bottomLeft",
                state="frozen",
            )
            self._add(view, "selection", pane="bottomLeft", activeCell=below, sqref=below)
        self._add(self._root, "sheetFormatPr", defaultRowHeight="16.5")
        columns = self._add(self._root, "cols")
        for number, width in enumerate(_WIDTHS, 1):
            place = str(number)
            self._add(columns, "col", min=place, max=place, width=str(width), customWidth="1")
        self._data = self._add(self._root, "sheetData")
        self._merged: list[str] = []
        self._links: list[tuple[str, str]] = []
        self._last = 1

    def put(self, number: int, cells: Sequence[tuple[str, int]], height: float) -> None:
        """A row of texts and their formats; rows come in their order."""
        row = self._add(self._data, "row", r=str(number), ht=f"{height:g}", customHeight="1")
        for column, (text, look) in enumerate(cells, 1):
            cell = self._add(row, "c", r=cell_name(number, column), s=str(look))
            if text:
                cell.set("t", "inlineStr")
                piece = self._add(self._add(cell, "is"), "t")
                piece.set(_SPACE, "preserve")
                piece.text = text
        self._last = number

    def merge(self, first: str, last: str) -> None:
        """One cell out of several."""
        self._merged.append(f"{first}:{last}")

    def link(self, cell: str, target: str) -> None:
        """Let a cell lead to another."""
        self._links.append((cell, target))

    def finished(self, last_listed: int) -> Element:
        """The worksheet with all that stands below its cells."""
        self._dimension.set("ref", f"A1:{_LAST}{self._last}")
        if last_listed > HEADING_ROW:
            self._add(self._root, "autoFilter", ref=f"A{HEADING_ROW}:{_LAST}{last_listed}")
        merged = self._add(self._root, "mergeCells", count=str(len(self._merged)))
        for area in self._merged:
            self._add(merged, "mergeCell", ref=area)
        if self._links:
            links = self._add(self._root, "hyperlinks")
            for cell, target in self._links:
                self._add(links, "hyperlink", ref=cell, location=target, display=target)
        self._add(self._root, "printOptions", horizontalCentered="1")
        margins = {"left": "0.5", "right": "0.5", "top": "0.6", "bottom": "0.7"}
        self._add(self._root, "pageMargins", **margins, header="0.3", footer="0.3")
        self._add(self._root, "pageSetup", paperSize="9", orientation="landscape", fitToHeight="0")
        footer = self._add(self._root, "headerFooter")
        self._add(footer, "oddFooter").text = "&L&9 &A&C&9 &P / &N&R&9 &F"
        return self._root

    def _add(self, parent: Element, name: str, **attributes: str) -> Element:
        return etree.SubElement(parent, f"{self._space}{name}", attributes)
