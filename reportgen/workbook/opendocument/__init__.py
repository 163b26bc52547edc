"""OpenDocument spreadsheets (.ods), read to the same cells as Excel's workbooks.

lxml reads the elements one row after another, within its own limits. What counts here beside
the values (formulas without results, number formats by section, struck letters, counts that a
file may make as large as it likes) has to be written in any case.

Rules: OpenDocument 1.3 part 3 (ISO/IEC 26300); what LibreOffice and Excel write beyond it is
named where it is read.
"""

from reportgen.workbook.opendocument.reading import read_opendocument

__all__ = ["read_opendocument"]
