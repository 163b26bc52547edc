"""Cells that are to be set in a workbook, whichever format it has."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from reportgen.workbook.reading.zip_package import Package

if TYPE_CHECKING:
    from collections.abc import Iterable
    from fractions import Fraction


class CellEdit(NamedTuple):
    """A content for a cell: a number or a text; rows and columns count from 1.

    The cell keeps its format, or takes that of the column ``format_from`` in its row.
    """

    sheet: str
    row: int
    column: int
    content: Fraction | str
    is_percentage: bool = False  # a number that is to be shown with %
    format_from: int | None = None


def set_cells(content: bytes, edits: Iterable[CellEdit]) -> bytes:
    """Return a workbook in which some cells are set; all else stays as it is.

    Stored results of formulas may depend on what is set: programs are told to calculate them
    anew. Raises KeyError for an unknown sheet, or a row without cells; ValueError
    for a cell that holds a formula,
    UnreadableError and MissingPartError for a package that cannot be edited.

    The same cells give the same bytes, in whichever order they are set, at once or one by one.
    """
    from reportgen.workbook.editing import ods_cell_editor, xlsx_cell_editor

    package = Package(content)
    set_in_package = (
        ods_cell_editor.set_cells if package.is_opendocument else xlsx_cell_editor.set_cells
    )
    return set_in_package(package, sorted(edits, key=lambda edit: edit[:3]))


def number_text(number: Fraction) -> str:
    """Return a number as files store it: an integer, or the shortest binary form."""
    return str(int(number)) if number.denominator == 1 else repr(float(number))
