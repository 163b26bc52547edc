"""The edition with its changes: set in place, read back, and compared cell by cell.

What was merged is trusted only after the workbook has been read again: exactly the changed cells
differ, and each holds what its part holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from reportgen.problems import Location, Problem, Severity, has_errors, make_problem
from reportgen.workbook.annotate.opc_package import MissingPartError
from reportgen.workbook.editing.cell_edits import CellEdit, number_text
from reportgen.workbook.editing.workbook_editor import set_cells
from reportgen.workbook.parts.cell_keys import figure_key, text_key
from reportgen.workbook.parts.owner_part import PartWords
from reportgen.workbook.reading.number_parsing import parse_stored_number
from reportgen.workbook.reading.raw_cells import StoredType
from reportgen.workbook.reading.sheet_reader import read_sheets
from reportgen.workbook.reading.workbook_reader import read_bytes
from reportgen.workbook.reading.workbook_source import is_wanted
from reportgen.workbook.reading.zip_package import Package, UnreadableError
from reportgen.workbook.schema.cell_refs import cell_name, parse_cell_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reportgen.sharing.part_merging import Change
    from reportgen.sharing.shared_edition import NewWordRow, SharedEdition
    from reportgen.workbook.reading.raw_cells import RawCell, RawWorkbook

_Cells = dict[tuple[str, str], "RawCell"]  # by sheet and name


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionUpdate:
    """The workbook after merging, the changes in it, and problems of contents and writing."""

    content: bytes
    changes: tuple[Change, ...]
    problems: tuple[Problem, ...]


class _UnwritableError(Exception):
    """A cell that does not read as it was written."""


def apply_changes(edition: SharedEdition, changes: Sequence[Change]) -> EditionUpdate:
    """Return the workbook with those changes that read back without an error.

    The others are reported at their cells in the parts. E719 if the workbook cannot be edited:
    nothing is changed then.
    """
    accepted, problems = tuple(changes), []
    while accepted:
        try:
            content = _write(edition, accepted)
        except (_UnwritableError, UnreadableError, MissingPartError, ValueError, KeyError) as error:
            problem = make_problem("E719", Location(file=edition.path.name), found=str(error))
            return EditionUpdate(content=edition.content, changes=(), problems=(problem,))
        found = _problems_at(content, accepted)
        refused = {change.target.at for change, problem in found if has_errors([problem])}
        problems += [
            problem for change, problem in found if change.target.at in refused or not refused
        ]
        if not refused:
            return EditionUpdate(content=content, changes=accepted, problems=tuple(problems))
        accepted = tuple(change for change in accepted if change.target.at not in refused)
    return EditionUpdate(content=edition.content, changes=(), problems=tuple(problems))


def _write(edition: SharedEdition, changes: Sequence[Change]) -> bytes:
    """Return the workbook with all changes; raises _UnwritableError if it differs elsewhere."""
    variants = [_edits(edition, change) for change in changes]
    chosen = [0] * len(changes)
    row_edits = _new_row_edits(edition, changes)
    while True:
        edits = [edits[number] for edits, number in zip(variants, chosen, strict=True)] + row_edits
        content = set_cells(edition.content, edits)
        raw = read_sheets(Package(content).to_transitional(), is_wanted)
        cells = _cells(raw)
        wrong = [
            number
            for number, change in enumerate(changes)
            if _key(cells.get((change.target.at.sheet, change.target.at.cell)), change)
            != change.content
        ]
        for number in wrong:
            chosen[number] += 1
            if chosen[number] == len(variants[number]):
                raise _UnwritableError(str(changes[number].target.at))
        if not wrong:
            _check_others(_cells(edition.raw), cells, changes, row_edits)
            return content


def _new_row_edits(edition: SharedEdition, changes: Sequence[Change]) -> list[CellEdit]:
    """Return what names the rows that words need: KPI and year of every KPI without a row.

    All of them are added at once, or none: so it does not matter which part is merged first.
    """
    new_numbers = {new_row.row.number for new_row in edition.new_word_rows}
    if not any(
        isinstance(change.returned.row, PartWords)
        and parse_cell_name(change.target.at.cell)[0] in new_numbers
        for change in changes
    ):
        return []
    changed = {(change.target.at.sheet, change.target.at.cell) for change in changes}
    return [
        edit
        for new_row in edition.new_word_rows
        for edit in _row_edits(new_row, edition.scorecard.data_year)
        if (edit.sheet, cell_name(edit.row, edit.column)) not in changed
    ]


def _row_edits(new_row: NewWordRow, data_year: int) -> Iterator[CellEdit]:
    """Yield the cells of a new row: KPI and year, and blank ones with the format of words."""
    table = new_row.row.table
    contents: dict[str, Fraction | str] = {"KPI代碼": new_row.kpi, "年度": Fraction(data_year)}
    for heading, column in table.columns.items():
        yield CellEdit(
            table.raw.name,
            new_row.row.number,
            column,
            contents.get(heading),
            format_row=new_row.format_row,
        )


def _edits(edition: SharedEdition, change: Change) -> tuple[CellEdit, ...]:
    """Return the ways of writing a change, the best first.

    The format of the edition's cell may turn 43 into 4300%, or 43% into 0.43: then the cell takes
    the format of last year's figure, or the number is written as a text with its sign.
    """
    raw, target = change.returned.cell.raw, change.target.at
    row, column = parse_cell_name(target.cell)
    content: Fraction | str = change.content
    is_percentage = False
    if change.returned.is_figure and raw is not None and raw.stored is StoredType.NUMBER:
        number = parse_stored_number(raw)
        assert isinstance(number, Fraction)  # else the readers have refused it
        content, is_percentage = number, raw.is_percentage
    new_row = next((new for new in edition.new_word_rows if new.row.number == row), None)
    is_new = new_row is not None and isinstance(change.returned.row, PartWords)
    first = CellEdit(
        target.sheet,
        row,
        column,
        content,
        is_percentage=is_percentage,
        format_row=new_row.format_row if new_row is not None and is_new else None,
    )
    others = []
    previous = edition.cell(change.returned.row.key, str(edition.scorecard.data_year - 1))
    if is_percentage and previous is not None:
        others.append(first._replace(format_from=parse_cell_name(previous.at.cell)[1]))
    if not isinstance(content, str):
        others.append(first._replace(content=change.content))
    return (first, *others)


def _key(raw: RawCell | None, change: Change) -> str:
    """Return the comparable form of a cell of the edition that a change sets."""
    return figure_key(raw) if change.returned.is_figure else text_key(raw)


def _cells(workbook: RawWorkbook) -> _Cells:
    """Return the filled cells of all sheets that are read."""
    return {
        (sheet.name, cell_name(row, column)): cell
        for sheet in workbook.sheets
        for row, cells in sheet.rows.items()
        for column, cell in cells.items()
    }


def _check_others(
    before: _Cells, after: _Cells, changes: Sequence[Change], row_edits: Sequence[CellEdit]
) -> None:
    """Raise _UnwritableError if a cell differs that is not to be changed.

    What names new rows must be there as it was set. Results of formulas do not count: they are
    calculated anew.
    """
    changed = {(change.target.at.sheet, change.target.at.cell) for change in changes}
    for edit in row_edits:
        place = edit.sheet, cell_name(edit.row, edit.column)
        raw = after.get(place)
        if isinstance(edit.content, Fraction):
            is_as_set = figure_key(raw) == number_text(edit.content)
        else:
            is_as_set = text_key(raw) == (edit.content or "")
        if place in before or not is_as_set:
            raise _UnwritableError("!".join(place))
        changed.add(place)
    for place in before.keys() | after.keys():
        old, new = before.get(place), after.get(place)
        if place in changed or (old is not None and new is not None and old.is_computed):
            continue
        if old != new:
            raise _UnwritableError("!".join(place))


def _problems_at(content: bytes, changes: Sequence[Change]) -> list[tuple[Change, Problem]]:
    """Return errors and warnings of the changed cells, at the cells of the parts."""
    _, problems = read_bytes(content)
    by_cell = {(change.target.at.sheet, change.target.at.cell): change for change in changes}
    found = []
    for problem in problems:
        change = by_cell.get((problem.where.sheet, problem.where.cell))
        if change is not None and problem.severity is not Severity.NOTICE:
            moved = Problem(code=problem.code, where=change.location, fields=problem.fields)
            found.append((change, moved))
    return found
