"""Old marks out, new marks in, sheet by sheet; then the list."""

from __future__ import annotations

from typing import TYPE_CHECKING

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


def marked(
    package: Package, problems: Sequence[Problem], language: Language, file: str
) -> tuple[bytes, tuple[Problem, ...]]:
    """The package with these problems marked. Raises MissingPartError, UnreadableError."""
    parts = Parts(package)
    book = Book(parts)
    book.strip()
    sheets = {each.name: each.part for each in book.sheets() if each.kind == "worksheet"}
    looks = Looks(parts, book.part)
    threads.strip(parts, book.part, sheets.values())
    cells = by_sheet(problems, sheets)
    unmarked = []
    for name, part in sheets.items():
        try:
            colours.strip(parts, part)
            notes.strip(parts, part)
            if name in cells:
                marks = marks_of(cells[name], _merged(parts, part), language)
                _write(parts, book.part, part, marks, looks)
        except (MissingPartError, UnreadableError, ValueError):
            unmarked.append(make("W155", Location(sheet=name)))
    told = [*problems, *unmarked]
    listed = listing(told, sheets, looks, language, file=file, views=book.views, space=parts.main)
    book.insert_list(listed, filtered(len(told)))
    return parts.packed(), tuple(unmarked)


def strip(package: Package) -> bytes:
    """The package without our marks. Raises MissingPartError, UnreadableError."""
    parts = Parts(package)
    book = Book(parts)
    book.strip()
    sheets = [each.part for each in book.sheets() if each.kind == "worksheet"]
    threads.strip(parts, book.part, sheets)
    for sheet in sheets:
        colours.strip(parts, sheet)
        notes.strip(parts, sheet)
    return parts.packed()


def _write(parts: Parts, workbook: str, sheet: str, marks: Sequence[Mark], looks: Looks) -> None:
    colours.write(parts, sheet, marks, looks)
    threads.write(parts, workbook, sheet, marks)
    notes.write(parts, sheet, marks)


def _merged(parts: Parts, sheet: str) -> list[Area]:
    root = parts.tree(sheet)
    space = space_of(root)
    found = root.iterfind(f"{space}mergeCells/{space}mergeCell")
    return [area(each.get("ref", "")) for each in found]
