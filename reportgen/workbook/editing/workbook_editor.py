"""Setting of cells in a workbook, whichever format it has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.workbook.editing import ods_cell_editor, xlsx_cell_editor
from reportgen.workbook.reading.zip_package import Package

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reportgen.workbook.editing.cell_edits import CellEdit


def set_cells(content: bytes, edits: Iterable[CellEdit]) -> bytes:
    """Return a workbook in which some cells are set; all else stays as it is.

    Stored results of formulas may depend on what is set: programs are told to calculate them
    anew. Raises KeyError for an unknown sheet; ValueError for a cell that holds a formula;
    UnreadableError and MissingPartError for a package that cannot be edited.

    The same cells give the same bytes, in whichever order they are set, at once or one by one.
    """
    package = Package(content)
    set_in_package = (
        ods_cell_editor.set_cells if package.is_opendocument else xlsx_cell_editor.set_cells
    )
    return set_in_package(package, sorted(edits, key=lambda edit: edit[:3]))
