"""The sheets of a workbook as openpyxl reads them, cell by cell.

openpyxl is given only what is read, see :mod:`reportgen.workbook.reduce`. What would cost it
minutes or gigabytes (cells, rows and merged areas without end) is counted beforehand, there or
here. Beside it
stands only what it does not tell: whether a formula has a result, and that 27-36 and 50-58 are
Taiwan's built-in date formats (ECMA-376 part 1, 18.8.30).

Importing openpyxl takes longer than reading a workbook: it is imported when one is read.
"""

from __future__ import annotations

import re
import warnings
from enum import Enum, auto
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from reportgen.workbook.looks import is_percentage
from reportgen.workbook.package_check import UnreadableError
from reportgen.workbook.places import MAX_COLUMN, MAX_ROW, Area, area
from reportgen.workbook.reduce import MAX_CELLS, STRUCK_FONT, read_book, reduce
from reportgen.workbook.rich_text import holds_struck_runs, read_runs

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from typing import BinaryIO

    from openpyxl import Workbook

    from reportgen.workbook.package_check import Package

MAX_SHEET: Final = 30_000_000  # bytes of XML
MAX_MERGED: Final = 1_000  # merged areas of one sheet


class Stored(Enum):
    """How the workbook stored a cell."""

    TEXT = auto()
    NUMBER = auto()
    DATE = auto()  # a number in a date format, or an ISO 8601 text
    TRUTH = auto()
    ERROR = auto()
    UNCACHED = auto()  # a formula that no program has calculated yet


class RawCell(NamedTuple):
    """A filled cell: ``content`` is the text, the number's shortest form, or the ISO date."""

    stored: Stored
    content: str
    percent: bool = False  # shown as a percentage
    computed: bool = False  # the cached value of a formula
    look: str = ""  # the code of a number's own format, such as "#,##0.0"
    elsewhere: bool = False  # of a formula that refers to another workbook
    constant: str = ""  # the number that the formula is and no more: "30%" of =30%
    is_struck: bool = False  # struck through as a whole
    left_out: str = ""  # what is struck through in part, and no part of the content
    is_doubtful: bool = False  # of a formula: no program is known to have calculated it


class PlacedPicture(NamedTuple):
    """A picture as an OpenDocument places it: its part, cell, words and size in millimetres."""

    part: str  # empty for one that is not in the package
    cell: str
    description: str
    width: float | None  # None: as its pixels say
    height: float | None


class RawSheet(NamedTuple):
    """The filled cells of a sheet, by row and column."""

    name: str
    part: str
    hidden: bool
    rows: dict[int, dict[int, RawCell]]
    merged: tuple[Area, ...]
    hidden_rows: frozenset[int]
    hidden_columns: tuple[tuple[int, int], ...]
    pictures: tuple[PlacedPicture, ...] = ()  # of an OpenDocument, where no drawing holds them


class RawWorkbook(NamedTuple):
    """What was asked for, and the names of all sheets."""

    sheets: tuple[RawSheet, ...]
    names: tuple[str, ...]
    stale: bool = False  # formulas are calculated only when somebody asks for it


def read_spreadsheet(package: Package, wanted: Callable[[str], bool]) -> RawWorkbook:
    """The sheets whose names are wanted. Raises UnreadableError for a broken package."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what openpyxl would lose in writing it back
            return _read(package, wanted)
    except (UnreadableError, MemoryError):
        raise
    except Exception as error:  # openpyxl raises whatever a broken file makes it stumble over
        raise package.damaged(f"{type(error).__name__}: {error}"[:200]) from error


def _read(package: Package, wanted: Callable[[str], bool]) -> RawWorkbook:
    book = read_book(package)
    read = {n: part for n, part in book.sheets.items() if wanted(n) and n in book.pages}
    pages = {name: _looked_over(package, name, part) for name, part in read.items()}
    reduced = reduce(package, book, pages)
    values = _load(reduced.package)
    doubt = _doubt(book.calculation)
    return RawWorkbook(
        sheets=tuple(
            _sheet(values, reduced.formulas[name], name, part, doubt) for name, part in read.items()
        ),
        names=tuple(book.sheets),
        stale=book.calculation.get("calcMode") == "manual" and any(reduced.formulas.values()),
    )


def _load(package: BinaryIO) -> Workbook:
    from openpyxl import load_workbook

    return load_workbook(package, data_only=True, keep_links=False)


# --- before openpyxl opens it -------------------------------------------------------


_AREA: Final = re.compile(  # openpyxl makes a cell for each place in one
    rb"""<(?:\w+:)?mergeCell\s(?:[^>"']|"[^"]*"|'[^']*')*?\bref\s*=\s*["']([^"']*)"""
)


def _looked_over(package: Package, name: str, part: str) -> bytes:
    """Return a sheet's XML; raises UnreadableError for more than openpyxl can bear."""
    content = package.read_xml(part)
    if content is None or b"\0" in content:  # NUL: no UTF-8, in which every program writes
        raise package.damaged(part)
    if len(content) > MAX_SHEET:
        raise package.too_large(f"「{name}」{len(content) / 1e6:,.0f} MB")
    merged = [(where.decode(), area(where.decode())) for where in _AREA.findall(content)]
    for where, each in merged:
        if each.size > MAX_CELLS:
            raise package.too_large(f"「{name}」{where}")
    if sum(each.size for _, each in merged) > MAX_CELLS or len(merged) > MAX_MERGED:
        raise package.too_large(f"「{name}」{len(merged):,}")
    return content


# --- what openpyxl has read ---------------------------------------------------------


def _sheet(
    values: Workbook,
    formulas: Mapping[tuple[int, int], str],
    name: str,
    part: str,
    doubt: _Doubt,
) -> RawSheet:
    from openpyxl.cell import MergedCell

    sheet: Any = values[name]
    computed = {place: _formula(text) for place, text in formulas.items()}
    rows: dict[int, dict[int, RawCell]] = {}
    for place, cell in sheet._cells.items():  # those that exist; iter_rows fills every gap
        row, column = place
        if not (1 <= row <= MAX_ROW and 1 <= column <= MAX_COLUMN):
            raise ValueError(f"{place} lies outside a sheet")
        if isinstance(cell, MergedCell):  # what it held is not seen
            continue
        raw = _cell(cell, values.epoch, computed.get(place))
        if raw is not None and raw.computed and _is_doubtful(raw, doubt):
            raw = raw._replace(is_doubtful=True)
        if raw is not None:
            rows.setdefault(row, {})[column] = raw
    return RawSheet(
        name=name,
        part=part,
        hidden=sheet.sheet_state != "visible",
        rows=rows,
        merged=tuple(
            Area(each.min_row, each.min_col, each.max_row, each.max_col)
            for each in sheet.merged_cells.ranges
        ),
        hidden_rows=frozenset(
            row
            for row, look in sheet.row_dimensions.items()
            if row in rows and (look.hidden or look.ht == 0)
        ),
        hidden_columns=tuple(
            (look.min, look.max)
            for look in sheet.column_dimensions.values()
            if look.hidden or look.width == 0
        ),
    )


class _Doubt(Enum):
    """Which results of formulas nobody may have calculated."""

    NONE = auto()
    ZEROS = auto()
    ALL = auto()


_NO_EXCEL: Final = "124519"  # by it openpyxl and XlsxWriter call themselves


def _doubt(calculation: Mapping[str, str]) -> _Doubt:
    """Return what to think of the results of formulas.

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
    return _Doubt.ZEROS if calculation.get("calcId") in {None, _NO_EXCEL} else _Doubt.ALL


def _is_doubtful(raw: RawCell, doubt: _Doubt) -> bool:
    if raw.stored in {Stored.UNCACHED, Stored.ERROR} or raw.constant:
        return False
    return doubt is _Doubt.ALL or (doubt is _Doubt.ZEROS and raw.content in {"0", "0.0"})


# [1]Sheet!A1, '[1]Sheet 1'!A1 and [1]!name, but not the table column Table[103]; other
# programs write the other workbook's name.
_ELSEWHERE: Final = re.compile(r"(?<![\w\]])\[\d+\][^\[\]]*!|\[[^\[\]]+\.(?:xls|ods)|file:/")


# =30 was typed with = for a sign; no user types a number longer than that.
_CONSTANT: Final = re.compile(r"=\s*([+-]?(?:[0-9]{1,20}(?:\.[0-9]{1,20})?|\.[0-9]{1,20})%?)\s*")


class _Formula(NamedTuple):
    """What is known of a formula beside its result."""

    elsewhere: bool
    constant: str


def _formula(text: str) -> _Formula:
    return _Formula(is_of_elsewhere(text), constant_of(text))


def is_of_elsewhere(formula: str) -> bool:
    """Return whether a formula refers to another workbook."""
    return bool(_ELSEWHERE.search(formula))


def constant_of(formula: str) -> str:
    """Return the number that a formula is and no more: ``30%`` of ``=30%``; else nothing."""
    constant = _CONSTANT.fullmatch(formula)
    return constant[1] if constant else ""


_STORED: Final = {"b": Stored.TRUTH, "d": Stored.DATE, "e": Stored.ERROR, "n": Stored.NUMBER}
_GENERAL: Final = frozenset({"General", "G/通用格式", "@"})
_TAIWANS_DATES: Final = frozenset({*range(27, 37), *range(50, 59)})


def _cell(cell: Any, epoch: datetime, formula: _Formula | None) -> RawCell | None:
    value, computed, look = cell.value, formula is not None, ""
    elsewhere, constant = formula or (False, "")
    if value is None or value == "":
        is_uncached = computed and cell.data_type not in {"s", "str"}  # a text may be empty
        uncached = RawCell(Stored.UNCACHED, "", computed=True, constant=constant)
        return uncached if is_uncached else None
    stored, percent = _STORED.get(cell.data_type, Stored.TEXT), False
    if stored is Stored.TRUTH:
        value = int(value)
    elif stored is Stored.NUMBER and cell._style.numFmtId in _TAIWANS_DATES:
        stored, value = Stored.DATE, _day(value, epoch)
    elif stored is Stored.NUMBER:
        look = "" if cell.number_format in _GENERAL else cell.number_format
        percent = bool(look) and is_percentage(value, look)
    if stored is Stored.DATE and hasattr(value, "isoformat"):
        value = value.isoformat()
    elif stored is Stored.ERROR and not computed and _is_date(cell.number_format):
        stored, value = Stored.DATE, "#####"  # no day has that number: openpyxl keeps none
    text, is_struck, left_out = str(value), cell._style.fontId == STRUCK_FONT, ""
    if stored is Stored.TEXT and holds_struck_runs(text):
        text, left_out, is_whole = read_runs(text)
        is_struck = is_struck or is_whole
    return RawCell(stored, text, percent, computed, look, elsewhere, constant, is_struck, left_out)


def _is_date(look: str) -> bool:
    from openpyxl.styles.numbers import is_date_format

    return bool(is_date_format(look))


def _day(number: float, epoch: datetime) -> object:
    """The day of a number; the number itself where there is none."""
    from openpyxl.utils.datetime import from_excel

    try:
        return from_excel(number, epoch)
    except (ValueError, OverflowError):
        return number
