"""Conversion of a workbook to .ods by LibreOffice, read back and compared.

LibreOffice keeps the aids for filling in: drop-downs, conditional formats, protection, the live
formulas of 試算. Data about the moment and the machine are removed, as from an ODT.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final
from zipfile import BadZipFile

from reportgen.problems import Location, Problem, make_problem
from reportgen.workbook.reading.raw_cells import StoredType
from reportgen.workbook.reading.sheet_reader import read_sheets
from reportgen.workbook.reading.workbook_source import is_wanted
from reportgen.workbook.reading.zip_package import Package, UnreadableError
from reportgen.workbook.schema.cell_refs import cell_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from reportgen.workbook.reading.raw_cells import RawCell, RawSheet, RawWorkbook

_CALC_FILTER: Final = "calc8"
_NUMBER_FORMAT: Final = ".15g"  # the digits that every program keeps


def convert_to_ods(workbook: bytes, file: str) -> tuple[bytes | None, tuple[Problem, ...]]:
    """Return an .xlsx as .ods, or None if a problem prevents it; see :func:`convert_all_to_ods`."""
    converted, problems = convert_all_to_ods({file: workbook})
    return converted.get(file), problems


def convert_all_to_ods(
    workbooks: Mapping[str, bytes], wanted: Callable[[str], bool] = is_wanted
) -> tuple[dict[str, bytes], tuple[Problem, ...]]:
    """Return each .xlsx as .ods in one run of LibreOffice, or none if a problem prevents it.

    The keys are their names, for problems; the cells of the sheets that are ``wanted`` are
    compared. E507 LibreOffice is not installed, E508 it fails or does not end, E505 no temporary
    files, E413 an .ods does not hold what its .xlsx holds.
    """
    from reportgen.render.odt import libreoffice
    from reportgen.render.odt.odt_converter import normalize

    program = libreoffice.find_program()
    if not program:
        return {}, (make_problem("E507"),)
    try:
        files = libreoffice.convert(program, list(workbooks.values()), "xlsx", "ods", _CALC_FILTER)
        converted = dict(zip(workbooks, map(normalize, files), strict=True))
        found = {
            file: next(
                _differences(_raw_cells(workbook, wanted), _raw_cells(converted[file], wanted)), ""
            )
            for file, workbook in workbooks.items()
        }
    except libreoffice.ConversionError as error:
        return {}, (make_problem("E508", reason=error.chinese, reason_en=error.english),)
    except (BadZipFile, KeyError, SyntaxError, UnreadableError):
        return {}, (make_problem("E508", reason="檔案不完整", reason_en="the file is broken"),)
    except OSError as error:
        location = Location(file=error.filename if isinstance(error.filename, str) else "")
        return {}, (make_problem("E505", location, reason=error.strerror or type(error).__name__),)
    words = {"output": "ODS", "output_en": "the ODS"}
    problems = tuple(
        make_problem("E413", Location(file=file), **words, found=difference)
        for file, difference in found.items()
        if difference
    )
    return ({} if problems else converted), problems


def _raw_cells(content: bytes, wanted: Callable[[str], bool]) -> RawWorkbook:
    """Return the cells of the wanted sheets, as stored."""
    return read_sheets(Package(content), wanted)


def _differences(before: RawWorkbook, after: RawWorkbook) -> Iterator[str]:
    """Yield where two workbooks differ: names of sheets and cells, such as ``目標值!D5``.

    If the sheets' names differ, only those of ``after``, joined. Values, merged cells and hidden
    sheets are compared, formats are not.
    """
    if before.names != after.names:
        yield "、".join(after.names)
        return
    for sheet_before, sheet_after in zip(before.sheets, after.sheets, strict=True):
        if (
            sorted(sheet_before.merged) != sorted(sheet_after.merged)
            or sheet_before.is_hidden != sheet_after.is_hidden
        ):
            yield sheet_before.name
        yield from _different_cells(sheet_before, sheet_after)


def _different_cells(before: RawSheet, after: RawSheet) -> Iterator[str]:
    """Yield sheet and name of each cell whose value differs between two sheets, row by row.

    A cell that one of them lacks differs from any value.
    """
    for row in sorted(before.rows.keys() | after.rows.keys()):
        left, right = before.rows.get(row, {}), after.rows.get(row, {})
        for column in sorted(left.keys() | right.keys()):
            if _cell_value(left.get(column)) != _cell_value(right.get(column)):
                yield f"{before.name}!{cell_name(row, column)}"


def _cell_value(raw: RawCell | None) -> tuple[object, ...]:
    """Return type, content and percentage of a cell, independent of the program that wrote it.

    Numbers are rounded to 15 digits, dates lose their time. () for no cell.
    """
    if raw is None:
        return ()
    content: object = raw.content
    if raw.stored is StoredType.NUMBER:
        content = Fraction(format(float(raw.content), _NUMBER_FORMAT))
    elif raw.stored is StoredType.DATE:
        content = raw.content[:10]
    return raw.stored, content, raw.is_percentage


__all__ = ["convert_all_to_ods", "convert_to_ods"]
