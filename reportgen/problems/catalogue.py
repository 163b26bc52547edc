"""Every problem the program can report, in Taiwan's Chinese and in English.

Codes: E an error (nothing is written), W a warning (to be looked at), N a notice (an automatic
correction). The hundreds digit is the stage: 1 workbook, 2 formula, 3 files, 4 templates,
5 environment, 6 archive. A code is never given a second meaning.

Each text is a pair (zh-TW, English); ``{name}`` is filled from the problem's fields.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.problems import (
    of_archive,
    of_environment,
    of_files,
    of_formula,
    of_reading,
    of_results,
    of_rollup,
    of_templates,
    of_workbook,
)

if TYPE_CHECKING:
    from reportgen.problems.entry import Entry

CATALOGUE: dict[str, Entry] = {
    **of_workbook.ENTRIES,
    **of_reading.ENTRIES,
    **of_formula.ENTRIES,
    **of_results.ENTRIES,
    **of_rollup.ENTRIES,
    **of_files.ENTRIES,
    **of_templates.ENTRIES,
    **of_environment.ENTRIES,
    **of_archive.ENTRIES,
}
