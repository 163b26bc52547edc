"""What every sheet has: protection without a password, and how it prints."""

from __future__ import annotations

from typing import Any

from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.header_footer import _HeaderFooterPart as _FooterPart
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet


def protect(page: Worksheet) -> None:
    """Lock titles and headings against slips. Staff may insert, delete, size, sort and filter."""
    protection = page.protection
    protection.sheet = True
    for allowed in (
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
        setattr(protection, allowed, False)  # False: not forbidden


def print_set_up(page: Any, repeated_rows: str = "") -> None:
    """A4 landscape, as wide as the page, headings repeated, page numbers below.

    ``page`` may be one that is written row by row, of which the stubs do not know all.
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
