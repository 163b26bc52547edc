"""The sheets of a workbook as openpyxl reads them, cell by cell.

openpyxl is given only what is read, see :mod:`reportgen.workbook.reading.package_reduction`. What
would cost it minutes or gigabytes (cells, rows and merged areas without end) is counted beforehand,
there or here. This module adds what openpyxl does not report: whether a formula has a result, and
that 27-36 and 50-58 are Taiwan's built-in date formats (ECMA-376 part 1, 18.8.30).

Importing openpyxl takes longer than reading a workbook: it is imported when one is read.
"""

from __future__ import annotations

import re
import warnings
from enum import Enum, auto
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from reportgen.workbook.reading.number_formats import is_percentage
from reportgen.workbook.reading.package_reduction import (
    MAX_CELLS,
    STRUCK_FONT,
    read_workbook_part,
    reduce_package,
)
from reportgen.workbook.reading.rich_text import decode_runs, has_struck_runs
from reportgen.workbook.reading.zip_package import UnreadableError
from reportgen.workbook.schema.cell_refs import MAX_COLUMN, MAX_ROW, Area, parse_area

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from typing import BinaryIO

    from openpyxl import Workbook

    from reportgen.workbook.reading.zip_package import Package

MAX_SHEET_BYTES: Final = 30_000_000  # bytes of XML
MAX_MERGED_AREAS: Final = 1_000  # merged areas of one sheet


class StoredType(Enum):
    """The type as which the workbook stored a cell."""

    TEXT = auto()
    NUMBER = auto()
    DATE = auto()  # a number in a date format, or an ISO 8601 text
    BOOLEAN = auto()
    ERROR = auto()
    UNCACHED = auto()  # a formula that no program has calculated yet


class RawCell(NamedTuple):
    """A filled cell: ``content`` is the text, the number's shortest form, or the ISO date."""

    stored: StoredType
    content: str
    is_percentage: bool = False  # shown as a percentage
    is_computed: bool = False  # the cached value of a formula
    number_format: str = ""  # the code of a number's own format, such as "#,##0.0"
    is_external: bool = False  # of a formula that refers to another workbook
    constant: str = ""  # the number that the formula is and no more: "30%" of =30%
    is_struck: bool = False  # struck through as a whole
    struck_text: str = ""  # struck through, and not part of the content
    is_doubtful: bool = False  # of a formula: no program is known to have calculated it


class PlacedImage(NamedTuple):
    """An image as an OpenDocument places it: its part, cell, description and size in mm."""

    part: str  # empty for one that is not in the package
    cell: str
    description: str
    width: float | None  # None if only its pixels determine it
    height: float | None


class RawSheet(NamedTuple):
    """The filled cells of a sheet, by row and column."""

    name: str
    part: str
    is_hidden: bool
    rows: dict[int, dict[int, RawCell]]
    merged: tuple[Area, ...]
    hidden_rows: frozenset[int]
    hidden_columns: tuple[tuple[int, int], ...]
    pictures: tuple[PlacedImage, ...] = ()  # of an OpenDocument, which has no drawings


class RawWorkbook(NamedTuple):
    """The sheets that were asked for, and the names of all sheets."""

    sheets: tuple[RawSheet, ...]
    names: tuple[str, ...]
    is_manually_calculated: bool = False  # formulas are calculated only when somebody asks for it


def read_spreadsheet(package: Package, wanted: Callable[[str], bool]) -> RawWorkbook:
    """Return the sheets whose names are wanted, and the names of all sheets.

    Raises UnreadableError: E132 for a broken package, E130 for no workbook, E133 for its size.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about contents that openpyxl would lose on writing
            return _read(package, wanted)
    except (UnreadableError, MemoryError):
        raise
    except Exception as error:  # openpyxl raises errors of any type for a broken file
        raise package.damaged_error(f"{type(error).__name__}: {error}"[:200]) from error


def _read(package: Package, wanted: Callable[[str], bool]) -> RawWorkbook:
    """Return the wanted sheets of a package; raises UnreadableError, or what openpyxl raises."""
    book = read_workbook_part(package)
    wanted_parts = {
        name: part for name, part in book.sheets.items() if wanted(name) and name in book.worksheets
    }
    pages = {name: _check_sheet(package, name, part) for name, part in wanted_parts.items()}
    reduced = reduce_package(package, book, pages)
    values = _load_values(reduced.package)
    doubt_in_results = _doubt_of(book.calculation)
    return RawWorkbook(
        sheets=tuple(
            _raw_sheet(values, reduced.formulas[name], name, part, doubt_in_results)
            for name, part in wanted_parts.items()
        ),
        names=tuple(book.sheets),
        is_manually_calculated=book.calculation.get("calcMode") == "manual"
        and any(reduced.formulas.values()),
    )


def _load_values(package: BinaryIO) -> Workbook:
    """Open a package in openpyxl; formulas are replaced by their stored results."""
    from openpyxl import load_workbook

    return load_workbook(package, data_only=True, keep_links=False)


# --- before openpyxl opens it -------------------------------------------------------


_MERGE_CELL: Final = re.compile(  # openpyxl makes an object for each cell in one
    rb"""<(?:\w+:)?mergeCell\s(?:[^>"']|"[^"]*"|'[^']*')*?\bref\s*=\s*["']([^"']*)"""
)


def _check_sheet(package: Package, name: str, part: str) -> bytes:
    """Return a sheet's XML; raises UnreadableError if it is damaged or too large for openpyxl.

    Too large are more than MAX_SHEET_BYTES, MAX_MERGED_AREAS, or MAX_CELLS in merged areas.
    """
    content = package.read_xml(part)
    if content is None or b"\0" in content:  # NUL: no UTF-8, in which every program writes
        raise package.damaged_error(part)
    if len(content) > MAX_SHEET_BYTES:
        raise package.too_large_error(f"「{name}」{len(content) / 1e6:,.0f} MB")
    merged = [
        (reference.decode(), parse_area(reference.decode()))
        for reference in _MERGE_CELL.findall(content)
    ]
    for reference, merged_area in merged:
        if merged_area.cell_count > MAX_CELLS:
            raise package.too_large_error(f"「{name}」{reference}")
    if (
        sum(merged_area.cell_count for _, merged_area in merged) > MAX_CELLS
        or len(merged) > MAX_MERGED_AREAS
    ):
        raise package.too_large_error(f"「{name}」{len(merged):,}")
    return content


# --- conversion of openpyxl's cells --------------------------------------------------


def _raw_sheet(
    values: Workbook,
    formulas: Mapping[tuple[int, int], str],
    name: str,
    part: str,
    doubt: _Doubt,
) -> RawSheet:
    """Return a sheet as raw cells, with merged areas and hidden rows and columns.

    Raise ValueError for a cell outside the limits of a sheet.
    """
    from openpyxl.cell import MergedCell

    sheet: Any = values[name]
    computed = {cell_index: _formula_properties(text) for cell_index, text in formulas.items()}
    rows: dict[int, dict[int, RawCell]] = {}
    for cell_index, cell in sheet._cells.items():  # those that exist; iter_rows fills every gap
        row, column = cell_index
        if not (1 <= row <= MAX_ROW and 1 <= column <= MAX_COLUMN):
            raise ValueError(f"{cell_index} lies outside a sheet")
        if isinstance(cell, MergedCell):  # its content is not displayed
            continue
        raw = _raw_cell(cell, values.epoch, computed.get(cell_index))
        if raw is not None and raw.is_computed and _is_doubtful(raw, doubt):
            raw = raw._replace(is_doubtful=True)
        if raw is not None:
            rows.setdefault(row, {})[column] = raw
    return RawSheet(
        name=name,
        part=part,
        is_hidden=sheet.sheet_state != "visible",
        rows=rows,
        merged=tuple(
            Area(cell_range.min_row, cell_range.min_col, cell_range.max_row, cell_range.max_col)
            for cell_range in sheet.merged_cells.ranges
        ),
        hidden_rows=frozenset(
            row
            for row, dimension in sheet.row_dimensions.items()
            if row in rows and (dimension.hidden or dimension.ht == 0)
        ),
        hidden_columns=tuple(
            (dimension.min, dimension.max)
            for dimension in sheet.column_dimensions.values()
            if dimension.hidden or dimension.width == 0
        ),
    )


class _Doubt(Enum):
    """The results of formulas that may not have been calculated by any program."""

    NONE = auto()
    ZEROS = auto()
    ALL = auto()


_LIBRARY_CALC_ID: Final = "124519"  # the calcId that openpyxl and XlsxWriter write


def _doubt_of(calculation: Mapping[str, str]) -> _Doubt:
    """Return which results of formulas to doubt, by the attributes of ``calcPr``.

    Excel and LibreOffice leave no ``fullCalcOnLoad``. A library that cannot calculate writes 0
    for every result, with or without it; a program that has changed a file of Excel's leaves
    the old results there. Excel itself says by ``calcCompleted`` that it was interrupted.
    """
    if calculation.get("calcCompleted") in {"0", "false"}:
        return _Doubt.ALL
    if not calculation:
        return _Doubt.ZEROS
    if calculation.get("fullCalcOnLoad") not in {"1", "true"}:
        return _Doubt.NONE
    return _Doubt.ZEROS if calculation.get("calcId") in {None, _LIBRARY_CALC_ID} else _Doubt.ALL


def _is_doubtful(raw: RawCell, doubt: _Doubt) -> bool:
    """Return whether a stored result may be outdated; ``doubt`` covers all, zeros or none."""
    if raw.stored in {StoredType.UNCACHED, StoredType.ERROR} or raw.constant:
        return False
    return doubt is _Doubt.ALL or (doubt is _Doubt.ZEROS and raw.content in {"0", "0.0"})


# [1]Sheet!A1, '[1]Sheet 1'!A1 and [1]!name, but not the table column Table[103]; other
# programs write the other workbook's name.
_ELSEWHERE: Final = re.compile(r"(?<![\w\]])\[\d+\][^\[\]]*!|\[[^\[\]]+\.(?:xls|ods)|file:/")


# =30 was typed with = for a sign; no user types a number longer than that.
_CONSTANT: Final = re.compile(r"=\s*([+-]?(?:[0-9]{1,20}(?:\.[0-9]{1,20})?|\.[0-9]{1,20})%?)\s*")


class _Formula(NamedTuple):
    """Properties of a formula besides its result."""

    elsewhere: bool
    constant: str


def _formula_properties(text: str) -> _Formula:
    """Return whether a formula refers to another workbook, and its value if it is constant."""
    return _Formula(refers_to_other_workbook(text), constant_formula_value(text))


def refers_to_other_workbook(formula: str) -> bool:
    """Return whether a formula, with its ``=``, refers to another workbook."""
    return bool(_ELSEWHERE.search(formula))


def constant_formula_value(formula: str) -> str:
    """Return the number that a formula consists of, ``30%`` of ``=30%``, or an empty string."""
    constant = _CONSTANT.fullmatch(formula)
    return constant[1] if constant else ""


_STORED: Final = {
    "b": StoredType.BOOLEAN,
    "d": StoredType.DATE,
    "e": StoredType.ERROR,
    "n": StoredType.NUMBER,
}
_GENERAL: Final = frozenset({"General", "G/通用格式", "@"})
_TAIWANS_DATES: Final = frozenset({*range(27, 37), *range(50, 59)})


def _raw_cell(cell: Any, epoch: datetime, formula: _Formula | None) -> RawCell | None:
    """Return the content of a cell, or None for a blank one; ``formula`` is None for a constant.

    ``epoch`` is the day that numbers of dates count from.
    """
    value, computed, number_format = cell.value, formula is not None, ""
    elsewhere, constant = formula or (False, "")
    if value is None or value == "":
        is_uncached = computed and cell.data_type not in {"s", "str"}  # a text may be empty
        uncached = RawCell(StoredType.UNCACHED, "", is_computed=True, constant=constant)
        return uncached if is_uncached else None
    stored, percent = _STORED.get(cell.data_type, StoredType.TEXT), False
    if stored is StoredType.BOOLEAN:
        value = int(value)
    elif stored is StoredType.NUMBER and cell._style.numFmtId in _TAIWANS_DATES:
        stored, value = StoredType.DATE, _date_of(value, epoch)
    elif stored is StoredType.NUMBER:
        number_format = "" if cell.number_format in _GENERAL else cell.number_format
        percent = bool(number_format) and is_percentage(value, number_format)
    if stored is StoredType.DATE and hasattr(value, "isoformat"):
        value = value.isoformat()
    elif stored is StoredType.ERROR and not computed and _is_date(cell.number_format):
        stored, value = StoredType.DATE, "#####"  # no day has that number: openpyxl keeps none
    text, is_struck, left_out = str(value), cell._style.fontId == STRUCK_FONT, ""
    if stored is StoredType.TEXT and has_struck_runs(text):
        text, left_out, is_all_struck = decode_runs(text)
        is_struck = is_struck or is_all_struck
    return RawCell(
        stored, text, percent, computed, number_format, elsewhere, constant, is_struck, left_out
    )


def _is_date(number_format: str) -> bool:
    """Return whether a number format displays numbers as dates."""
    from openpyxl.styles.numbers import is_date_format

    return bool(is_date_format(number_format))


def _date_of(number: float, epoch: datetime) -> object:
    """Return the date of a number, or the number itself if it is none."""
    from openpyxl.utils.datetime import from_excel

    try:
        return from_excel(number, epoch)
    except (ValueError, OverflowError):
        return number
