"""A value that is typed for one cell of a workbook, set in a copy of it.

The copy is read back: the cell holds what was typed, and no other cell differs.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from reportgen.problems import Location, Problem, make_problem
from reportgen.workbook.annotate.opc_package import MissingPartError, OpcPackage, namespace_of
from reportgen.workbook.annotate.workbook_part import WorkbookPart
from reportgen.workbook.editing.cell_edits import CellEdit
from reportgen.workbook.editing.workbook_editor import set_cells
from reportgen.workbook.reading.number_parsing import parse_number, parse_stored_number
from reportgen.workbook.reading.raw_cells import StoredType
from reportgen.workbook.reading.rejection import Rejection
from reportgen.workbook.reading.sheet_reader import read_sheets
from reportgen.workbook.reading.workbook_source import is_wanted
from reportgen.workbook.reading.zip_package import Package, UnreadableError
from reportgen.workbook.schema.cell_refs import parse_cell_name

if TYPE_CHECKING:
    from collections.abc import Mapping
    from fractions import Fraction

    from reportgen.workbook.reading.raw_cells import RawCell, RawSheet, RawWorkbook

_CODE: Final = re.compile(r"0\d")  # leading zeros are kept: it is a code, not a number
_TRUE: Final = frozenset({"1", "true"})


def set_typed_value(
    content: bytes, sheet: str, cell: str, value: str
) -> tuple[bytes | None, tuple[Problem, ...]]:
    """Return a copy of a workbook with a value in a cell, as it would be typed; "" empties it.

    A number becomes one, with % a percentage, as it also does in a cell that shows percentages. All
    else is text. None with the reason: E350 a formula, E351 a locked cell, E352 a hidden one, E353
    a place or a workbook that cannot be edited.
    """
    place = Location(sheet=sheet, cell=cell)
    try:
        row, column = parse_cell_name(cell)
        before = _read(content)
        raw_sheet = next(found for found in before.sheets if found.name == sheet)
        if code := _refusal(content, raw_sheet, row, column):
            return None, (make_problem(code, place),)
        for edited in _variants(CellEdit(sheet, row, column, value.strip() or None)):
            copy = set_cells(content, [edited])
            after = _read(copy)
            if _reads_as(_cells(after).get((sheet, row, column)), edited):
                _check_others(before, after, (sheet, row, column))
                return copy, ()
        raise ValueError(value)
    except (ValueError, KeyError, StopIteration, UnreadableError, MissingPartError):
        return None, (make_problem("E353", place),)


def _read(content: bytes) -> RawWorkbook:
    """Return the sheets that the program reads; raise UnreadableError."""
    return read_sheets(Package(content).to_transitional(), is_wanted)


def _refusal(content: bytes, sheet: RawSheet, row: int, column: int) -> str:
    """Return the code of the reason against editing a cell, "" for none."""
    raw = sheet.rows.get(row, {}).get(column)
    if raw is not None and (raw.is_computed or raw.constant):
        return "E350"
    if (
        sheet.is_hidden
        or row in sheet.hidden_rows
        or any(first <= column <= last for first, last in sheet.hidden_columns)
    ):
        return "E352"
    is_covered = any(
        area.top <= row <= area.bottom
        and area.left <= column <= area.right
        and (row, column) != (area.top, area.left)
        for area in sheet.merged
    )
    if is_covered:
        return "E353"
    return "E351" if _is_locked(Package(content), sheet.name, row, column) else ""


def _is_locked(package: Package, sheet: str, row: int, column: int) -> bool:
    """Return whether a sheet is protected and the cell not left open.

    Of an OpenDocument, every cell of a protected sheet counts as locked.
    """
    if package.is_opendocument:
        text = package.read("content.xml") or b""
        name = re.escape(f'table:name="{sheet}"'.encode())
        table = re.search(rb"<table:table [^>]*" + name + rb"[^>]*>", text)
        return table is not None and b'table:protected="true"' in table[0]
    parts = OpcPackage(package)
    entry = next(entry for entry in WorkbookPart(parts).sheets() if entry.name == sheet)
    root = parts.tree(entry.part)
    space = namespace_of(root)
    protection = root.find(f"{space}sheetProtection")
    if protection is None or protection.get("sheet", "0") not in _TRUE:
        return False
    style = 0
    for found in root.iterfind(f"{space}sheetData/{space}row/{space}c"):
        if found.get("r") and parse_cell_name(found.get("r", "")) == (row, column):
            style = int(found.get("s", "0"))
    styles = parts.related("xl/workbook.xml", "styles") or "xl/styles.xml"
    formats = parts.tree(styles).findall(f"{space}cellXfs/{space}xf")
    own = formats[style].find(f"{space}protection") if style < len(formats) else None
    return own is None or own.get("locked", "1") in _TRUE


def _variants(edit: CellEdit) -> list[CellEdit]:
    """Return how a typed text may be stored, the best first."""
    typed = edit.content
    if not isinstance(typed, str):
        return [edit]
    number = parse_number(typed)
    if isinstance(number, Rejection) or _CODE.match(typed):
        return [edit]
    if "%" in typed or "％" in typed:
        return [edit]  # as text, which is read as a percentage whatever the cell's format is
    return [edit._replace(content=number), edit._replace(content=f"{typed}%"), edit]


def _reads_as(raw: RawCell | None, edit: CellEdit) -> bool:
    """Return whether a cell that was read holds what was set.

    A number in a cell that shows percentages does not: there, 41 typed is 41%.
    """
    if edit.content is None:
        return raw is None
    if raw is None:
        return False
    if isinstance(edit.content, str):
        return raw.stored is StoredType.TEXT and raw.content.strip() == edit.content
    read: Fraction | Rejection = parse_stored_number(raw)
    return raw.stored is StoredType.NUMBER and not raw.is_percentage and read == edit.content


def _cells(workbook: RawWorkbook) -> Mapping[tuple[str, int, int], RawCell]:
    """Return all cells by sheet, row and column."""
    return {
        (sheet.name, row, column): cell
        for sheet in workbook.sheets
        for row, cells in sheet.rows.items()
        for column, cell in cells.items()
    }


def _check_others(before: RawWorkbook, after: RawWorkbook, edited: tuple[str, int, int]) -> None:
    """Raise ValueError if another cell differs; results of formulas are calculated anew."""
    old, new = _cells(before), _cells(after)
    for place in (old.keys() | new.keys()) - {edited}:
        was, now = old.get(place), new.get(place)
        if was != now and not (was is not None and now is not None and was.is_computed):
            raise ValueError(place)


__all__ = ["set_typed_value"]
