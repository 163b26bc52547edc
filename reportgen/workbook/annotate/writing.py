"""Old marks out, new marks in, sheet by sheet; then the list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reportgen.problems import Location, make
from reportgen.workbook.annotate import colours, notes, threads
from reportgen.workbook.annotate.book import Book
from reportgen.workbook.annotate.listing import filtered, listing
from reportgen.workbook.annotate.marks import by_sheet, marks_of
from reportgen.workbook.annotate.parts import MissingPartError, Parts, space_of
from reportgen.workbook.annotate.styles import Looks
from reportgen.workbook.package_check import UnreadableError
from reportgen.workbook.places import area

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reportgen.problems import Problem
    from reportgen.problems.problem import Language
    from reportgen.workbook.annotate.marks import Mark
    from reportgen.workbook.package_check import Package
    from reportgen.workbook.places import Area

_TROUBLE: Final = (MissingPartError, UnreadableError, ValueError)  # of one sheet's own parts


def marked(
    package: Package, problems: Sequence[Problem], language: Language, file: str
) -> tuple[bytes, tuple[Problem, ...]]:
    """The package with these problems marked. Raises MissingPartError, UnreadableError."""
    parts = Parts(package)
    book = Book(parts)
    sheets, unmarked = _strip(parts, book)
    looks = Looks(parts, book.part)
    for name, cells in by_sheet(problems, sheets).items():
        try:
            marks = marks_of(cells, _merged(parts, sheets[name]), language)
            _write(parts, book.part, sheets[name], marks, looks)
        except _TROUBLE:
            unmarked.add(name)
    _unsign(parts)
    complaints = tuple(make("W155", Location(sheet=name)) for name in sheets if name in unmarked)
    told = [*problems, *complaints]
    listed = listing(told, sheets, looks, language, file=file, views=book.views, space=parts.main)
    book.insert_list(listed, filtered(len(told)))
    return parts.packed(), complaints


def without_marks(package: Package) -> bytes | None:
    """The package without our marks, None where it is no marked copy.

    Raises MissingPartError, UnreadableError.
    """
    parts = Parts(package)
    book = Book(parts)
    if not book.is_marked:
        return None
    _strip(parts, book)
    return parts.packed()


def _strip(parts: Parts, book: Book) -> tuple[dict[str, str], set[str]]:
    """Take our marks out; the worksheets' parts by name, and those that kept some."""
    book.strip()
    sheets = {each.name: each.part for each in book.sheets() if each.kind == "worksheet"}
    threads.strip(parts, book.part, sheets.values())
    marked = set()
    for name, part in sheets.items():
        try:
            colours.strip(parts, part)
            notes.strip(parts, part)
        except _TROUBLE:
            marked.add(name)
    return sheets, marked


def _unsign(parts: Parts) -> None:
    """Take digital signatures out: they are the original's, and would be broken in the copy."""
    for origin in [each.target for each in parts.relations("") if each.kind == "origin"]:
        if parts.has(origin):
            for signature in parts.relations(origin):
                parts.drop(signature.target)
            parts.drop(origin)
        parts.unrelate("", origin)


def _write(parts: Parts, workbook: str, sheet: str, marks: Sequence[Mark], looks: Looks) -> None:
    colours.write(parts, sheet, marks, looks)
    threads.write(parts, workbook, sheet, marks)
    notes.write(parts, sheet, marks)


def _merged(parts: Parts, sheet: str) -> list[Area]:
    root = parts.tree(sheet)
    space = space_of(root)
    found = root.iterfind(f"{space}mergeCells/{space}mergeCell")
    return [area(each.get("ref", "")) for each in found]
