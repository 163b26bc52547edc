"""One Excel workbook per edition: read with all problems at once, written to be filled in.

openpyxl reads and writes; it is imported by the first call that does either.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.workbook.reading.workbook_reader import read, read_bytes
from reportgen.workbook.writing.scorecard_rows import rows_by_sheet, year_columns

if TYPE_CHECKING:
    from pathlib import Path
    from typing import BinaryIO

    from reportgen.compute.result_types import Results
    from reportgen.model.scorecard import Scorecard

__all__ = [
    "read",
    "read_bytes",
    "rows_by_sheet",
    "write",
    "write_results",
    "year_columns",
]


def write(scorecard: Scorecard, target: BinaryIO | Path) -> None:
    """Write a workbook that reads back as the same scorecard.

    The bytes depend on the scorecard alone. Raises ValueError for a figure without a finite
    decimal form (no workbook can hold 1/3), and OSError if ``target`` cannot be written.
    """
    from reportgen.workbook.writing.workbook_writer import write_rows

    write_rows(
        rows_by_sheet(scorecard),
        target,
        modified=scorecard.revised,
        pictures=scorecard.pictures,
    )


def write_results(results: Results, target: BinaryIO | Path) -> None:
    """Write the results as sheets of numbers, for further calculation.

    The bytes depend on the results alone. Raises OSError if ``target`` cannot be written.
    """
    from reportgen.workbook.export.results_xlsx import write_results as write_sheets

    write_sheets(results, target)
