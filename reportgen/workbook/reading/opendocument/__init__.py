"""OpenDocument spreadsheets (.ods), read to the same cells as Excel's workbooks.

lxml parses the elements one row after another, within its own limits. The values are the
smaller part of it: formulas without results, number formats by section, struck letters, and
repeat counts of any size have to be handled in any case.

Rules: OpenDocument 1.3 part 3 (ISO/IEC 26300); what LibreOffice and Excel write beyond it is
named where it is read.
"""

from reportgen.workbook.reading.opendocument.ods_reader import read_opendocument

__all__ = ["read_opendocument"]
