"""One Excel workbook per edition: read with all problems at once, written to be filled in.

openpyxl reads and writes; it is imported by the first call that does either.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.workbook.printed import printed_texts, texts_in_view
from reportgen.workbook.reading import read, read_bytes
from reportgen.workbook.rows import rows_of, years_of

if TYPE_CHECKING:
    from pathlib import Path
    from typing import BinaryIO

    from reportgen.model import Scorecard
    from reportgen.results import Results

__all__ = [
    "printed_texts",
    "read",
    "read_bytes",
    "rows_of",
    "texts_in_view",
    "write",
    "write_results",
    "years_of",
]


def write(scorecard: Scorecard, target: BinaryIO | Path) -> None:
    """Write a workbook that reads back as the same scorecard.

    The bytes depend on the scorecard alone. Raises ValueError for a figure without a finite
    decimal form (no workbook can hold 1/3), and OSError if ``target`` cannot be written.
    """
    from reportgen.workbook.writing import write_rows

    write_rows(
        rows_of(scorecard),
        target,
        modified=scorecard.revised,
        pictures=scorecard.pictures,
    )


def write_results(results: Results, target: BinaryIO | Path) -> None:
    """Write the results as sheets of numbers, for further calculation.

    The bytes depend on the results alone. Raises OSError if ``target`` cannot be written.
    """
    from reportgen.workbook.results_sheet import write_results as write_sheets

    write_sheets(results, target)
