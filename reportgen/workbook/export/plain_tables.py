"""Plain tables as a workbook of their own: .xlsx or .ods, the same rows in both."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from openpyxl import Workbook

from reportgen.workbook.export.ods_writer import Table, write_tables
from reportgen.workbook.export.table_sheet import write_table
from reportgen.workbook.writing.deterministic_zip import save_deterministic

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reportgen.model.scorecard import RocDate


def tables_as_workbook(tables: Sequence[Table], modified: RocDate, suffix: str) -> bytes:
    """Return the tables as a workbook; ``suffix`` is ``.xlsx`` or ``.ods``.

    The bytes depend on the tables and ``modified`` alone.
    """
    if suffix == ".ods":
        return write_tables(tables, modified)
    book = Workbook(write_only=True)
    rows = [
        write_table(book, table.name, table.columns, table.rows, table.frozen) for table in tables
    ]
    target = BytesIO()
    save_deterministic(book, target, modified, (), rows)
    return target.getvalue()


__all__ = ["Table", "tables_as_workbook"]
