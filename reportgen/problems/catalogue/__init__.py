"""Every problem the program can report, in Taiwan's Chinese and in English.

Codes: E an error (nothing is written), W a warning (to be looked at), N a notice (an automatic
correction). The hundreds digit is the stage: 1 workbook, 2 formula, 3 files, 4 templates,
5 environment, 6 archive,
7 sharing among units and merging. A code is never given a second meaning.

Each text is a pair (zh-TW, English); ``{name}`` is filled from the problem's fields.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.problems.catalogue import (
    approval_problems,
    archive_problems,
    commentary_problems,
    environment_problems,
    file_problems,
    formula_problems,
    reading_problems,
    result_problems,
    rollup_problems,
    sharing_problems,
    template_problems,
    workbook_problems,
)

if TYPE_CHECKING:
    from reportgen.problems.entry import Entry

CATALOGUE: dict[str, Entry] = {
    **workbook_problems.ENTRIES,
    **reading_problems.ENTRIES,
    **formula_problems.ENTRIES,
    **result_problems.ENTRIES,
    **commentary_problems.ENTRIES,
    **rollup_problems.ENTRIES,
    **file_problems.ENTRIES,
    **template_problems.ENTRIES,
    **environment_problems.ENTRIES,
    **archive_problems.ENTRIES,
    **approval_problems.ENTRIES,
    **sharing_problems.ENTRIES,
}
