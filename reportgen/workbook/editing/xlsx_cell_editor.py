"""Cells of an .xlsx, set in the XML of its sheets; parts without a set cell are copied."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

from lxml import etree

from reportgen.workbook.annotate.opc_package import OpcPackage, namespace_of
from reportgen.workbook.annotate.schema_order import find_or_insert
from reportgen.workbook.annotate.workbook_part import WorkbookPart
from reportgen.workbook.editing.cell_edits import CellEdit, number_text
from reportgen.workbook.schema.cell_refs import (
    cell_name,
    column_letters,
    parse_area,
    parse_cell_name,
)
from reportgen.workbook.writing.cell_writer import escape_text
from reportgen.workbook.writing.row_heights import estimate_lines, row_height

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reportgen.workbook.annotate.opc_package import Element
    from reportgen.workbook.reading.zip_package import Package

_SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"
DEFAULT_WIDTH_CHARS: Final = 9.0
MIN_WIDTH_CHARS: Final = 5.0  # of a column, below which the lines of a text are not estimated
_NOT_CONTENT: Final = frozenset({"extLst"})  # of the children of a cell


def set_cells(package: Package, edits: Sequence[CellEdit]) -> bytes:
    """Return the package with cells set; see :mod:`reportgen.workbook.editing.workbook_editor`."""
    parts = OpcPackage(package)
    book = WorkbookPart(parts)
    parts_by_name = {entry.name: entry.part for entry in book.sheets()}
    for sheet in dict.fromkeys(edit.sheet for edit in edits):
        part = parts_by_name[sheet]
        root = parts.tree(part)
        cells = _SheetCells(root)
        for edit in edits:
            if edit.sheet == sheet:
                cells.set(edit)
        parts.mark_changed(part)
    if edits and any(_has_formula(parts, part) for part in parts_by_name.values()):
        root = parts.tree(book.part)
        calculation = find_or_insert(root, "calcPr")
        calculation.set("calcCompleted", "0")  # the results are doubted until then
        calculation.set("fullCalcOnLoad", "1")
        parts.mark_changed(book.part)
    if edits:
        parts.remove_signatures()
    return parts.to_bytes()


def _has_formula(parts: OpcPackage, part: str) -> bool:
    """Return whether a sheet holds a formula."""
    return next(parts.tree(part).iter("{*}f"), None) is not None


class _SheetCells:
    """The cells of a sheet; rows and cells without a number follow the one before."""

    def __init__(self, root: Element) -> None:
        self._space = namespace_of(root)
        self._data = find_or_insert(root, "sheetData")
        self._dimension = root.find(f"{self._space}dimension")
        self._rows = dict(_numbered_rows(self._data))
        columns = root.iterfind(f"{self._space}cols/{self._space}col")
        self._columns = [
            (
                int(column.get("min", "0")),
                int(column.get("max", "0")),
                column.get("style", ""),
                float(column.get("width") or DEFAULT_WIDTH_CHARS),
            )
            for column in columns
        ]

    def set(self, edit: CellEdit) -> None:
        """Set a cell; raises ValueError if it holds a formula."""
        cell = self._cell(edit.row, edit.column)
        if cell.find(f"{self._space}f") is not None:
            raise ValueError(f"{cell_name(edit.row, edit.column)} holds a formula")
        style = self._style_to_take(edit)
        if style is not None:
            cell.set("s", style)
        for child in list(cell):
            if isinstance(child.tag, str) and etree.QName(child).localname not in _NOT_CONTENT:
                cell.remove(child)
        for attribute in ("t", "vm", "cm"):  # the type, and metadata of the former value
            cell.attrib.pop(attribute, "")
        cell.text = None
        if isinstance(edit.content, Fraction):
            value = etree.Element(f"{self._space}v")
            value.text = number_text(edit.content)
            cell.insert(0, value)
        elif edit.content is not None:
            cell.set("t", "inlineStr")
            inline = etree.Element(f"{self._space}is")
            text = etree.SubElement(inline, f"{self._space}t")
            text.text = escape_text(edit.content)
            text.set(_SPACE, "preserve")
            cell.insert(0, inline)
            self._fit_height(edit)

    def _cell(self, row_number: int, column: int) -> Element:
        """Return a cell, added with the format of its row or column if it is missing."""
        row = self._row(row_number)
        following: Element | None = None
        for number, cell in _numbered_cells(row, self._space):
            if number == column:
                return cell
            if number > column:
                following = cell
                break
        added = etree.Element(f"{self._space}c", r=cell_name(row_number, column))
        style = row.get("s") if row.get("customFormat") in {"1", "true"} else None
        style = style or self._column_style(column)
        if style:
            added.set("s", style)
        if following is None:
            row.append(added)
        else:
            if not following.get("r"):
                self._number_cells(row, row_number)
            following.addprevious(added)
        return added

    def _row(self, number: int) -> Element:
        """Return a row, added at its place if it is missing."""
        if number in self._rows:
            return self._rows[number]
        for row_number, row in self._rows.items():
            row.set("r", str(row_number))  # rows without a number would shift
        added = etree.Element(f"{self._space}row", r=str(number))
        following = [row for row_number, row in self._rows.items() if row_number > number]
        if following:
            following[0].addprevious(added)
        else:
            self._data.append(added)
        self._rows = dict(sorted({**self._rows, number: added}.items()))
        self._extend_dimension(number)
        return added

    def _extend_dimension(self, row: int) -> None:
        """State that the sheet reaches down to a row, if it states its extent at all."""
        area = None if self._dimension is None else parse_area(self._dimension.get("ref", ""))
        if self._dimension is not None and area is not None and area.bottom < row:
            first, last = cell_name(area.top, area.left), cell_name(row, area.right)
            self._dimension.set("ref", f"{first}:{last}")

    def _fit_height(self, edit: CellEdit) -> None:
        """Make a row high enough for a text, as programs do not on opening; never lower.

        Excel fits it again once it is edited. A height that somebody has set stays.
        """
        row = self._rows[edit.row]
        lines = estimate_lines(edit.content, self._column_width(edit.column))
        if lines == 1 or row.get("customHeight") in {"1", "true"}:
            return
        height = max(float(row.get("ht") or 0), row_height([lines]))
        row.set("ht", f"{height:g}")

    def _column_width(self, column: int) -> float:
        """Return the width of a column in characters."""
        widths = (width for low, high, _, width in self._columns if low <= column <= high)
        return max(MIN_WIDTH_CHARS, next(widths, DEFAULT_WIDTH_CHARS))

    def _style_to_take(self, edit: CellEdit) -> str | None:
        """Return the style that a cell takes from another one; None if it keeps its own."""
        if edit.format_from is not None:
            return self._cell(edit.row, edit.format_from).get("s")
        return None if edit.format_row is None else self._style_at(edit.format_row, edit.column)

    def _style_at(self, row: int, column: int) -> str | None:
        """Return the style of a cell; None for a cell that is missing or has none."""
        cells = _numbered_cells(self._rows[row], self._space) if row in self._rows else ()
        return next((cell.get("s") for number, cell in cells if number == column), None)

    def _number_cells(self, row: Element, row_number: int) -> None:
        """State the position of each cell, which would shift otherwise."""
        for number, cell in list(_numbered_cells(row, self._space)):
            cell.set("r", f"{column_letters(number)}{row_number}")

    def _column_style(self, column: int) -> str:
        """Return the format that a column declares for its blank cells, or an empty text."""
        return next((style for low, high, style, _ in self._columns if low <= column <= high), "")


def _numbered_rows(data: Element) -> Iterator[tuple[int, Element]]:
    """Yield the rows of a sheet with their numbers."""
    number = 0
    for row in data.iterfind(f"{namespace_of(data)}row"):
        number = int(row.get("r") or number + 1)
        yield number, row


def _numbered_cells(row: Element, space: str) -> Iterator[tuple[int, Element]]:
    """Yield the cells of a row with the numbers of their columns."""
    number = 0
    for cell in row.iterfind(f"{space}c"):
        reference = cell.get("r", "")
        number = parse_cell_name(reference)[1] if reference else number + 1
        yield number, cell
