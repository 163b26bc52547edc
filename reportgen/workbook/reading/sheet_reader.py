"""The sheets of a package, Excel workbook or OpenDocument alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from reportgen.workbook.reading.raw_cells import RawWorkbook
    from reportgen.workbook.reading.zip_package import Package


def read_sheets(package: Package, wanted: Callable[[str], bool]) -> RawWorkbook:
    """Return the sheets whose names are wanted, and the names of all sheets.

    Raises UnreadableError for a broken package, or one that is too large.
    """
    if package.is_opendocument:
        from reportgen.workbook.reading.opendocument import read_opendocument

        return read_opendocument(package, wanted)
    from reportgen.workbook.reading.raw_cells import read_spreadsheet

    return read_spreadsheet(package, wanted)
