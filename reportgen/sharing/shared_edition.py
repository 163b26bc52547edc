"""An edition as sharing and merging see it: its scorecard, and its rows with their stored cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reportgen.problems import StoppedError, has_errors
from reportgen.text.name_matching import name_key
from reportgen.workbook.parts.cell_keys import figure_key, text_key
from reportgen.workbook.parts.owner_part import NOTE, SOURCE, SharedCell
from reportgen.workbook.reading.data_sheets import read_names
from reportgen.workbook.reading.sheet_reader import read_sheets
from reportgen.workbook.reading.workbook_source import WorkbookSource, is_wanted
from reportgen.workbook.reading.zip_package import Package
from reportgen.workbook.schema.cell_refs import cell_name
from reportgen.workbook.schema.sheets import DATA

if TYPE_CHECKING:
    from pathlib import Path

    from reportgen.model.scorecard import Scorecard
    from reportgen.problems import Problem
    from reportgen.workbook.parts.owner_part import RowKey
    from reportgen.workbook.reading.cell_reader import Cell
    from reportgen.workbook.reading.data_sheets import DataRow
    from reportgen.workbook.reading.raw_cells import RawWorkbook


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedEdition:
    """A workbook that was read without a loss; ``content`` are its bytes."""

    path: Path
    content: bytes
    scorecard: Scorecard
    raw: RawWorkbook
    rows: dict[RowKey, DataRow]  # of 年度資料, in their order

    @property
    def open_headings(self) -> tuple[str, ...]:
        """The headings of the cells that units fill in: the data year, its source and note."""
        return (str(self.scorecard.data_year), SOURCE, NOTE)

    def cell(self, row: DataRow, heading: str) -> Cell | None:
        """Return a cell of a row, None if its column is missing.

        Whatever covers it is stated, even if it is blank.
        """
        table = row.row.table
        columns = {str(year): column for year, column in table.years.items()}
        column = (columns | table.columns).get(heading)
        if column is None:
            return None
        is_year = heading in columns
        cell = row.row.year_cell(int(heading), heading) if is_year else row.row.cell(heading)
        area = table.covered_cells.get((row.row.number, column))
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
    return SharedEdition(
        path=path,
        content=content,
        scorecard=scorecard,
        raw=raw,
        rows={(name_key(row.item.text), name_key(row.component.text)): row for row in rows},
    )
