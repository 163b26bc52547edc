"""OpenDocument spreadsheets (.ods), read to the same cells as Excel's workbooks.

No library for them fits: odfpy builds a tree of Python objects of the whole file, some 60 times
its size, and expands entities with Python's own parser; ezodf is kept up no more; calamine and
pandas-ods-reader (on ezodf) tell neither formulas nor number formats, and of a formula without
a result they make a blank cell. lxml reads the same elements one row after another within its
own limits, so that what a cell means is all that is left to write.

Rules: OpenDocument 1.3 part 3 (ISO/IEC 26300); what LibreOffice and Excel write beyond it is
named where it is read.
"""

from reportgen.workbook.opendocument.reading import read_opendocument

__all__ = ["read_opendocument"]
