"""The sheets of a package, whichever kind of workbook it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from reportgen.workbook.package_check import Package
    from reportgen.workbook.spreadsheet import RawWorkbook


def read_sheets(package: Package, wanted: Callable[[str], bool]) -> RawWorkbook:
    """Return the sheets whose names are wanted; raise UnreadableError for a broken package."""
    if package.is_opendocument:
        from reportgen.workbook.opendocument import read_opendocument

        return read_opendocument(package, wanted)
    from reportgen.workbook.spreadsheet import read_spreadsheet

    return read_spreadsheet(package, wanted)
