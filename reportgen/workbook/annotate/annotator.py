"""The annotator of .xlsx: old marks removed, new marks added sheet by sheet, then the list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reportgen.problems import Location, make
from reportgen.workbook.annotate import comments, conditional_formats, threaded_comments
from reportgen.workbook.annotate.cell_marks import by_sheet, marks_of
from reportgen.workbook.annotate.findings_sheet import filtered, listing
from reportgen.workbook.annotate.opc_package import MissingPartError, Parts, space_of
from reportgen.workbook.annotate.styles_part import Looks
from reportgen.workbook.annotate.workbook_part import Book
from reportgen.workbook.reading.zip_package import UnreadableError
from reportgen.workbook.schema.cell_refs import area

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reportgen.problems import Problem
    from reportgen.problems.problem import Language
    from reportgen.workbook.annotate.cell_marks import Mark
    from reportgen.workbook.reading.zip_package import Package
    from reportgen.workbook.schema.cell_refs import Area

_SHEET_ERRORS: Final = (MissingPartError, UnreadableError, ValueError)  # in the parts of one sheet


def marked(
    package: Package, problems: Sequence[Problem], language: Language, file: str
) -> tuple[bytes, tuple[Problem, ...]]:
    """Return the package with these problems marked; raises MissingPartError, UnreadableError."""
    parts = Parts(package)
    book = Book(parts)
    sheets, failed_sheets = _strip(parts, book)
    looks = Looks(parts, book.part)
    for name, cells in by_sheet(problems, sheets).items():
        try:
            marks = marks_of(cells, _merged(parts, sheets[name]), language)
            _write(parts, book.part, sheets[name], marks, looks)
        except _SHEET_ERRORS:
            failed_sheets.add(name)
    _unsign(parts)
    sheet_problems = tuple(
        make("W155", Location(sheet=name)) for name in sheets if name in failed_sheets
    )
    all_problems = [*problems, *sheet_problems]
    list_sheet = listing(
        all_problems, sheets, looks, language, file=file, views=book.views, space=parts.main
    )
    book.insert_list(list_sheet, filtered(len(all_problems)))
    return parts.packed(), sheet_problems


def without_marks(package: Package) -> bytes | None:
    """Return the package without our marks, or None if it has none.

    Raises MissingPartError, UnreadableError.
    """
    parts = Parts(package)
    book = Book(parts)
    if not book.is_marked:
        return None
    _strip(parts, book)
    return parts.packed()


def _strip(parts: Parts, book: Book) -> tuple[dict[str, str], set[str]]:
    """Remove our marks; return the parts of the worksheets by name, and those that failed."""
    book.strip()
    sheets = {entry.name: entry.part for entry in book.sheets() if entry.kind == "worksheet"}
    threaded_comments.strip(parts, book.part, sheets.values())
    failed = set()
    for name, part in sheets.items():
        try:
            conditional_formats.strip(parts, part)
            comments.strip(parts, part)
        except _SHEET_ERRORS:
            failed.add(name)
    return sheets, failed


def _unsign(parts: Parts) -> None:
    """Remove digital signatures: they sign the original, and would be invalid in the copy."""
    for origin in [
        relation.target for relation in parts.relations("") if relation.kind == "origin"
    ]:
        if parts.has(origin):
            for signature in parts.relations(origin):
                parts.drop(signature.target)
            parts.drop(origin)
        parts.unrelate("", origin)


def _write(parts: Parts, workbook: str, sheet: str, marks: Sequence[Mark], looks: Looks) -> None:
    """Add the marks of one sheet."""
    conditional_formats.write(parts, sheet, marks, looks)
    threaded_comments.write(parts, workbook, sheet, marks)
    comments.write(parts, sheet, marks)


def _merged(parts: Parts, sheet: str) -> list[Area]:
    """Return the merged areas of a sheet."""
    root = parts.tree(sheet)
    space = space_of(root)
    merge_cells = root.iterfind(f"{space}mergeCells/{space}mergeCell")
    return [area(merge_cell.get("ref", "")) for merge_cell in merge_cells]
