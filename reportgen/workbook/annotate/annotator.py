"""The annotator of .xlsx: old marks removed, new marks added sheet by sheet, then the list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reportgen.problems import Location, make_problem
from reportgen.workbook.annotate import comments, conditional_formats, threaded_comments
from reportgen.workbook.annotate.cell_marks import annotations_of, problems_by_sheet
from reportgen.workbook.annotate.findings_sheet import filter_range, findings_sheet
from reportgen.workbook.annotate.opc_package import MissingPartError, OpcPackage, namespace_of
from reportgen.workbook.annotate.styles_part import CellStyles
from reportgen.workbook.annotate.workbook_part import WorkbookPart
from reportgen.workbook.reading.zip_package import UnreadableError
from reportgen.workbook.schema.cell_refs import parse_area

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reportgen.problems import Problem
    from reportgen.problems.problem import Language
    from reportgen.workbook.annotate.cell_marks import Annotation
    from reportgen.workbook.reading.zip_package import Package
    from reportgen.workbook.schema.cell_refs import Area

_SHEET_ERRORS: Final = (MissingPartError, UnreadableError, ValueError)  # in the parts of one sheet


def annotate_package(
    package: Package, problems: Sequence[Problem], language: Language, file: str
) -> tuple[bytes, tuple[Problem, ...]]:
    """Return the package with these problems marked, and a W155 for each sheet that could not be.

    ``file`` is the name that the list prints. Raises MissingPartError, UnreadableError.
    """
    parts = OpcPackage(package)
    book = WorkbookPart(parts)
    sheets, failed_sheets = _remove_marks(parts, book)
    styles = CellStyles(parts, book.part)
    for name, cells in problems_by_sheet(problems, sheets).items():
        try:
            marks = annotations_of(cells, _merged_areas(parts, sheets[name]), language)
            _annotate_sheet(parts, book.part, sheets[name], marks, styles)
        except _SHEET_ERRORS:
            failed_sheets.add(name)
    parts.remove_signatures()
    sheet_problems = tuple(
        make_problem("W155", Location(sheet=name)) for name in sheets if name in failed_sheets
    )
    all_problems = [*problems, *sheet_problems]
    list_sheet = findings_sheet(
        all_problems, sheets, styles, language, file=file, views=book.window_count, space=parts.main
    )
    book.insert_findings_sheet(list_sheet, filter_range(len(all_problems)))
    return parts.to_bytes(), sheet_problems


def remove_annotations(package: Package) -> bytes | None:
    """Return the package without our marks, or None if it has none.

    Raises MissingPartError, UnreadableError.
    """
    parts = OpcPackage(package)
    book = WorkbookPart(parts)
    if not book.is_annotated:
        return None
    _remove_marks(parts, book)
    return parts.to_bytes()


def _remove_marks(parts: OpcPackage, book: WorkbookPart) -> tuple[dict[str, str], set[str]]:
    """Remove our list, replies, formats and comments; return ``(sheets, failed)``.

    ``sheets`` are the parts of the worksheets by name, ``failed`` the names of those whose marks
    could not be removed.
    """
    book.remove_findings_sheet()
    sheets = {entry.name: entry.part for entry in book.sheets() if entry.kind == "worksheet"}
    threaded_comments.remove_replies(parts, book.part, sheets.values())
    failed = set()
    for name, part in sheets.items():
        try:
            conditional_formats.remove_conditional_formats(parts, part)
            comments.remove_comments(parts, part)
        except _SHEET_ERRORS:
            failed.add(name)
    return sheets, failed


def _annotate_sheet(
    parts: OpcPackage, workbook: str, sheet: str, marks: Sequence[Annotation], styles: CellStyles
) -> None:
    """Add conditional formats, thread replies and comments for the marks of one sheet."""
    conditional_formats.add_conditional_formats(parts, sheet, marks, styles)
    threaded_comments.add_replies(parts, workbook, sheet, marks)
    comments.add_comments(parts, sheet, marks)


def _merged_areas(parts: OpcPackage, sheet: str) -> list[Area]:
    """Return the merged areas of a sheet; empty without any."""
    root = parts.tree(sheet)
    space = namespace_of(root)
    merge_cells = root.iterfind(f"{space}mergeCells/{space}mergeCell")
    return [parse_area(merge_cell.get("ref", "")) for merge_cell in merge_cells]
