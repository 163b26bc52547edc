"""Rows of a sheet that are no data: remarks, totals, headings repeated for print.

Only unmistakable rows are classified so; each is reported (N140).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from reportgen.text.name_matching import name_key
from reportgen.workbook.reading.raw_cells import StoredType
from reportgen.workbook.reading.text_cleaning import clean_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reportgen.workbook.reading.raw_cells import RawCell
    from reportgen.workbook.reading.table_reader import Table

_REMARK: Final = re.compile(r"(?:註|注|備註|附註|說明|資料來源|填表說明)\d*[:：、.．]|[※＊*]")
_TOTALS: Final = frozenset(map(name_key, ("合計", "總計", "小計", "總和", "加總", "合計數")))

REMARK: Final = ("註解", "a remark")
TOTALS_ROW: Final = ("合計", "a line of totals")
REPEATED_HEADINGS: Final = ("重複的標題列", "headings once more")


def classify_non_data_row(
    table: Table, cells: Mapping[int, RawCell | None]
) -> tuple[str, str] | None:
    """Return the kind of a non-data row, in Chinese and English, or None for data.

    ``cells`` are those of the known columns, by column. In 年度資料 a total may well be a
    figure that a formula asks for, and is read.
    """
    filled = {column: raw for column, raw in cells.items() if raw is not None}
    cleaned = [
        clean_text(raw.content)[0] for raw in filled.values() if raw.stored is StoredType.TEXT
    ]
    texts = [text for text in cleaned if text]
    if len(filled) == 1 and len(cells) > 1 and any(map(_REMARK.match, texts)):
        return REMARK
    is_total = len(texts) == 1 and name_key(texts[0]) in _TOTALS
    if is_total and not table.sheet.years:
        return TOTALS_ROW
    if len(filled) > 1 and all(_is_heading(table, column, raw) for column, raw in filled.items()):
        return REPEATED_HEADINGS
    return None


def _is_heading(table: Table, column: int, raw: RawCell) -> bool:
    """Return whether a cell repeats the heading of its column, of either row of headings."""
    for row in (table.last_heading_row, table.heading_row):
        heading = table.raw.rows.get(row, {}).get(column)
        if heading is not None:
            return name_key(heading.content) == name_key(raw.content)
    return False
