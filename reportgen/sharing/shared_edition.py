"""An edition as sharing and merging see it: its scorecard, and its rows with their stored cells.

Words stand in a row of 執行說明 for each KPI and year. KPIs without one have the rows below the
last one, in the order of the workbook. All of them are added as soon as one is needed, so that it
does not matter which part comes first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reportgen.problems import StoppedError, has_errors
from reportgen.text.name_matching import name_key
from reportgen.workbook.parts.cell_keys import figure_key, text_key
from reportgen.workbook.parts.owner_part import NOTE, SOURCE, WORD_COLUMNS, SharedCell
from reportgen.workbook.reading.cell_reader import read_code, read_integer
from reportgen.workbook.reading.data_sheets import read_names
from reportgen.workbook.reading.sheet_reader import read_sheets
from reportgen.workbook.reading.table_reader import Row
from reportgen.workbook.reading.workbook_source import WorkbookSource, is_wanted
from reportgen.workbook.reading.zip_package import Package
from reportgen.workbook.schema.cell_refs import cell_name
from reportgen.workbook.schema.sheets import COMMENTARIES, DATA

if TYPE_CHECKING:
    from pathlib import Path

    from reportgen.model.scorecard import Scorecard
    from reportgen.problems import Problem
    from reportgen.workbook.parts.owner_part import RowKey
    from reportgen.workbook.reading.cell_reader import Cell
    from reportgen.workbook.reading.data_sheets import DataRow
    from reportgen.workbook.reading.raw_cells import RawWorkbook
    from reportgen.workbook.reading.table_reader import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class NewWordRow:
    """A row that 執行說明 gets once words are merged."""

    kpi: str
    row: Row
    format_row: int | None  # the row whose format it takes, if the sheet has any


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedEdition:
    """A workbook that was read without a loss; ``content`` are its bytes."""

    path: Path
    content: bytes
    scorecard: Scorecard
    raw: RawWorkbook
    rows: dict[RowKey, DataRow]  # of 年度資料, in their order
    word_rows: dict[RowKey, Row]  # of 執行說明 in the data year, new ones included, by KPI
    new_word_rows: tuple[NewWordRow, ...]  # those that the workbook does not have yet

    @property
    def open_headings(self) -> tuple[str, ...]:
        """The headings of the cells that units fill in: the data year, its source and note."""
        return (str(self.scorecard.data_year), SOURCE, NOTE)

    @property
    def word_headings(self) -> tuple[str, ...]:
        """The columns of words that the workbook has; none without the sheet 執行說明."""
        table = next((row.table for row in self.word_rows.values()), None)
        return tuple(name for name in WORD_COLUMNS if table is not None and name in table.columns)

    def row(self, key: RowKey) -> Row | None:
        """Return the row of figures or words, or None if there is none."""
        figures = self.rows.get(key)
        return self.word_rows.get(key) if figures is None else figures.row

    def cell(self, key: RowKey, heading: str) -> Cell | None:
        """Return a cell of a row, None if the row or its column is missing.

        Whatever covers it is stated, even if it is blank.
        """
        row = self.row(key)
        if row is None:
            return None
        table = row.table
        columns = {str(year): column for year, column in table.years.items()}
        column = (columns | table.columns).get(heading)
        if column is None:
            return None
        is_year = heading in columns
        cell = row.year_cell(int(heading), heading) if is_year else row.cell(heading)
        area = table.covered_cells.get((row.number, column))
        return cell if area is None else cell._replace(covered_by=cell_name(area.top, area.left))


def shared_cell(cell: Cell | None, *, is_figure: bool) -> SharedCell:
    """Return what a cell holds in comparable form."""
    raw = None if cell is None else cell.raw
    key = figure_key(raw) if is_figure else text_key(raw)
    return SharedCell(content=key, is_percentage=key.endswith("%") if is_figure else False)


def read_edition(path: Path) -> tuple[SharedEdition, tuple[Problem, ...]]:
    """Return an edition, and the problems of its workbook.

    Raise StoppedError if something is left out of its scorecard because of an error.
    """
    from reportgen.pipeline import exit_code
    from reportgen.workbook.reading.sandboxed_reader import start_reading
    from reportgen.workbook.writing.new_edition import has_losing_errors

    reading = start_reading(path)
    scorecard, problems = reading.result()
    if scorecard is None or reading.content is None or has_losing_errors(problems):
        errors = [problem for problem in problems if has_errors([problem])]
        raise StoppedError(errors, exit_code(errors))
    return edition_of(path, reading.content, scorecard), problems


def edition_of(path: Path, content: bytes, scorecard: Scorecard) -> SharedEdition:
    """Return the edition of a workbook whose scorecard was read from ``content``."""
    raw = read_sheets(Package(content).to_transitional(), is_wanted)
    table = WorkbookSource(raw, []).table(DATA)
    rows = read_names(table) if table is not None else ()
    words = WorkbookSource(raw, []).table(COMMENTARIES)
    word_rows, new_word_rows = _word_rows(words, scorecard) if words is not None else ({}, ())
    return SharedEdition(
        path=path,
        content=content,
        scorecard=scorecard,
        raw=raw,
        rows={(name_key(row.item.text), name_key(row.component.text)): row for row in rows},
        word_rows=word_rows,
        new_word_rows=new_word_rows,
    )


def _word_rows(
    table: Table, scorecard: Scorecard
) -> tuple[dict[RowKey, Row], tuple[NewWordRow, ...]]:
    """Return the row of each KPI's words in the data year, and those that are to be added."""
    found: dict[RowKey, Row] = {}
    last: int | None = None
    for row in table.rows():
        last = row.number
        year = read_integer(row.cell("年度"), 1, 999)
        if year == scorecard.data_year:
            found.setdefault((name_key(read_code(row.cell("KPI代碼")).text),), row)
    bottoms = (*table.raw.rows, *(area.bottom for area in table.raw.merged))
    bottom = max((table.last_heading_row, *bottoms))
    rows: dict[RowKey, Row] = {}
    new_rows: list[NewWordRow] = []
    for kpi in scorecard.kpis:
        key = (name_key(kpi.code),)
        if key not in found:
            new_row = Row(table, bottom + len(new_rows) + 1)
            new_rows.append(NewWordRow(kpi=kpi.code, row=new_row, format_row=last))
        rows[key] = found[key] if key in found else new_rows[-1].row
    return rows, tuple(new_rows)
