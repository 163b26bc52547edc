"""Page set-up of every sheet: protection without a password, and print settings."""

from __future__ import annotations

from typing import Any

from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.header_footer import _HeaderFooterPart as _FooterPart
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet


def protect_sheet(page: Worksheet) -> None:
    """Lock titles and headings; inserting, deleting, sizing, sorting and filtering stay allowed.

    There is no password. Cells with an unlocked style can be edited.
    """
    protection = page.protection
    protection.sheet = True
    for operation in (
        "formatCells",
        "formatColumns",
        "formatRows",
        "insertColumns",
        "insertRows",
        "insertHyperlinks",
        "deleteColumns",
        "deleteRows",
        "sort",
        "autoFilter",
        "objects",
        "scenarios",
    ):
        setattr(protection, operation, False)  # False: not forbidden


def set_up_page(page: Any, repeated_rows: str = "") -> None:
    """Set A4 landscape, fitted to the page width, headings repeated, page numbers below.

    ``page`` may be a write-only sheet, whose attributes the stubs do not all know.
    """
    page.page_setup.paperSize = Worksheet.PAPERSIZE_A4
    page.page_setup.orientation = Worksheet.ORIENTATION_LANDSCAPE
    page.page_setup.fitToWidth = 1
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.print_options.horizontalCentered = True
    margins = page.page_margins
    margins.left = margins.right = 0.5
    margins.top, margins.bottom, margins.footer = 0.6, 0.7, 0.3
    page.HeaderFooter.oddFooter = HeaderFooterItem(
        left=_FooterPart("&A", size=9),
        center=_FooterPart("第 &P 頁，共 &N 頁", size=9),
        right=_FooterPart("&F", size=9),
    )
    if repeated_rows:
        page.print_title_rows = repeated_rows
