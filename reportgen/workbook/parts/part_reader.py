"""The reader of a part as it comes back: its record, its open cells, and what was altered.

Nothing raises for bad input: a part that cannot be merged comes back as None with the reasons.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from reportgen.problems import Location, Problem, make_problem
from reportgen.text.name_matching import name_key
from reportgen.workbook.parts.cell_keys import figure_key, text_key
from reportgen.workbook.parts.owner_part import (
    COVER,
    PART_DATA,
    PART_KPIS,
    PART_SHEETS,
    PART_WORDS,
    RECORD_SHEET,
    SIGNED_BY,
    SIGNED_ON,
    RecordError,
    parse_record,
)
from reportgen.workbook.reading.cell_reader import read_code, read_date, read_text
from reportgen.workbook.reading.raw_cells import RawCell, StoredType
from reportgen.workbook.reading.sheet_reader import read_sheets
from reportgen.workbook.reading.table_reader import find_table
from reportgen.workbook.reading.zip_package import Package, UnreadableError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from reportgen.workbook.parts.owner_part import (
        OwnerPart,
        PartKpi,
        PartRow,
        PartWords,
        RowKey,
    )
    from reportgen.workbook.reading.cell_reader import Cell
    from reportgen.workbook.reading.raw_cells import RawSheet
    from reportgen.workbook.reading.table_reader import Row, Table
    from reportgen.workbook.schema.declarations import Sheet

_PART_SHEET_BY_KEY: Final = {name_key(name): name for name in PART_SHEETS}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedCell:
    """An open cell as it came back; its problems are added to ``cell.problems``."""

    cell: Cell
    row: PartRow | PartWords
    heading: str
    content: str  # its comparable form

    @property
    def shared_content(self) -> str:
        """The comparable form of what it held when it was shared."""
        return self.row.open_cells[self.heading].content

    @property
    def is_figure(self) -> bool:
        """True for the cell of a year, False for source, note and words."""
        return self.heading.isdecimal()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedPart:
    """A part as it came back from its unit."""

    file: str
    digest: str  # SHA-256 of the file
    part: OwnerPart  # as it was shared
    cells: tuple[ReturnedCell, ...]
    signed_by: str
    signed_on: str

    @property
    def is_untouched(self) -> bool:
        """True if nothing was filled in, changed or signed."""
        is_signed = bool(self.signed_by or self.signed_on)
        return not is_signed and all(cell.content == cell.shared_content for cell in self.cells)

    @property
    def owner(self) -> str:
        """The unit."""
        return self.part.owner


def read_part(content: bytes, file: str) -> tuple[ReturnedPart | None, tuple[Problem, ...]]:
    """Return a part from the bytes of its workbook, and its problems; None if it is no part.

    ``file`` is its name, for problems.
    """
    problems: list[Problem] = []
    try:
        package = Package(content, file).to_transitional()
        raw = read_sheets(package, lambda name: name_key(name) in _PART_SHEET_BY_KEY)
    except UnreadableError as error:
        return None, (error.problem,)
    sheets = {_PART_SHEET_BY_KEY[name_key(sheet.name)]: sheet for sheet in raw.sheets}
    part = _read_record(sheets, file, problems)
    if part is None:
        return None, _in_file(problems, file)
    shared_rows: dict[Sheet, Sequence[PartRow | PartWords]]
    shared_rows = {PART_DATA: part.rows, PART_WORDS: part.words}
    tables = {
        sheet: _find_part_table(sheets, sheet, rows, file, problems)
        for sheet, rows in shared_rows.items()
        if rows
    }
    data, words = tables.get(PART_DATA), tables.get(PART_WORDS)
    if None in tables.values():
        return None, _in_file(problems, file)
    cells = (
        *(_read_rows(data, part, problems) if data is not None else ()),
        *(_read_words(words, part, problems) if words is not None else ()),
    )
    signed_by, signed_on, declaration = _read_declaration(sheets.get(COVER.name), problems)
    _check_kpis(sheets.get(PART_KPIS.name), part.kpis, problems)
    problems += (
        make_problem("N705", Location(sheet=name), found=name)
        for name in raw.names
        if name_key(name) not in _PART_SHEET_BY_KEY
    )
    returned = ReturnedPart(
        file=file,
        digest=hashlib.sha256(content).hexdigest(),
        part=part,
        cells=cells,
        signed_by=signed_by,
        signed_on=signed_on,
    )
    if not (signed_by and signed_on) and not returned.is_untouched:
        problems.append(make_problem("W703", declaration))
    return returned, _in_file(problems, file)


def _in_file(problems: Iterable[Problem], file: str) -> tuple[Problem, ...]:
    """Return the problems with the part as their file, each once."""
    return tuple(dict.fromkeys(problem.in_workbook(file, file) for problem in problems))


def _read_record(
    sheets: dict[str, RawSheet], file: str, problems: list[Problem]
) -> OwnerPart | None:
    """Return what was shared; None with E703 without a record, E705 if it was altered."""
    record = sheets.get(RECORD_SHEET)
    if record is None:
        problems.append(make_problem("E703", Location(file=file), found=file))
        return None
    lines = [record.rows[row][1].content for row in sorted(record.rows) if 1 in record.rows[row]]
    try:
        return parse_record(lines)
    except RecordError:
        problems.append(make_problem("E705", Location(sheet=record.name), found=record.name))
        return None


def _find_part_table(
    sheets: dict[str, RawSheet],
    sheet: Sheet,
    rows: Sequence[PartRow | PartWords],
    file: str,
    problems: list[Problem],
) -> Table | None:
    """Return the table of a sheet with open cells; None, and a problem, if it is unusable.

    E704 without the sheet, E104 for each heading of an open cell that is missing.
    """
    raw = sheets.get(sheet.name)
    if raw is None:
        problems.append(make_problem("E704", Location(file=file), found=sheet.name))
    table = None if raw is None else find_table(raw, sheet, problems)
    if table is None:
        return None
    headings = dict.fromkeys(heading for row in rows for heading in row.open_cells)
    missing = [heading for heading in headings if not _has_heading(table, heading)]
    location = Location(sheet=table.raw.name, cell=f"A{table.heading_row}")
    hint = {"hint": "", "hint_en": ""}
    problems += (make_problem("E104", location, found=heading, **hint) for heading in missing)
    return table


def _read_words(table: Table, part: OwnerPart, problems: list[Problem]) -> Iterator[ReturnedCell]:
    """Yield the cells of words on the KPIs that were shared.

    E706 a KPI that was not shared, E707 one that stands twice, W706 one that is missing, E708 a
    name or target that was altered.
    """
    shared = {row.key: row for row in part.words}
    found: dict[RowKey, Row] = {}
    for row in table.rows():
        cell = row.cell("KPI代碼")
        code = read_code(cell).text
        key: RowKey = (name_key(code),)
        if key not in shared:
            cell.report("E706", found=code)
        elif key in found:
            cell.report("E707", found=code, first=found[key].cell("KPI代碼").at.cell)
        else:
            found[key] = row
            yield from _read_word_cells(row, shared[key])
    location = Location(sheet=table.raw.name)
    problems += (
        make_problem("W706", location, found=words.label)
        for key, words in shared.items()
        if key not in found
    )


def _read_word_cells(row: Row, words: PartWords) -> Iterator[ReturnedCell]:
    """Yield the words on a KPI; report E708 for what is locked and was altered."""
    for heading, shared in (("名稱", words.name), ("目標值", words.target)):
        if heading in row.table.columns:
            cell = row.cell(heading)
            _is_as_shared(cell, text_key(cell.raw), text_key(_text_cell(shared)))
    for heading in words.open_cells:
        if heading in row.table.columns:
            cell = row.cell(heading, f"{words.label} {heading}")
            yield ReturnedCell(
                cell=cell._replace(problems=[]),
                row=words,
                heading=heading,
                content=text_key(cell.raw),
            )


def _text_cell(text: str) -> RawCell:
    """Return a text as a cell stores it."""
    return RawCell(StoredType.TEXT, text)


def _read_rows(table: Table, part: OwnerPart, problems: list[Problem]) -> Iterator[ReturnedCell]:
    """Yield the open cells of the rows that were shared; report rows and cells that were altered.

    E706 a row that was not shared, E707 one that stands twice, W706 one that is missing, E708 an
    altered cell of those that are locked.
    """
    shared = {row.key: row for row in part.rows}
    found: dict[RowKey, Row] = {}
    for row in table.rows():
        item, component = row.cell("資料項"), row.cell("組成")
        key: RowKey = (name_key(read_text(item).text), name_key(read_text(component).text))
        if key not in shared:
            item.report("E706", found=_row_label(row))
        elif key in found:
            first = found[key].cell("資料項").at.cell
            item.report("E707", found=_row_label(row), first=first)
        else:
            found[key] = row
            yield from _read_open_cells(row, shared[key], part)
    location = Location(sheet=table.raw.name)
    for key, part_row in shared.items():
        if key not in found:
            problems.append(make_problem("W706", location, found=part_row.label))


def _row_label(row: Row) -> str:
    """Return the item and component of a row as they stand in it."""
    item, component = read_text(row.cell("資料項")).text, read_text(row.cell("組成")).text
    return f"{item}（{component}）" if component else item


def _has_heading(table: Table, heading: str) -> bool:
    """Return whether a table has a column of that name or year."""
    return int(heading) in table.years if heading.isdecimal() else heading in table.columns


def _read_open_cells(row: Row, part_row: PartRow, part: OwnerPart) -> Iterator[ReturnedCell]:
    """Yield the open cells of a row; report E708 for each locked one that was altered.

    The figure of a row whose unit was altered is left out: it may be in another unit.
    """
    unit = row.cell("單位")
    has_its_unit = _is_as_shared(unit, text_key(unit.raw), part_row.unit)
    previous = part.data_year - 1
    if previous in row.table.years:
        cell = row.year_cell(previous, f"{previous}年 {part_row.label}")
        _is_as_shared(cell, figure_key(cell.raw), part_row.previous.content)
    for heading in part_row.open_cells:
        is_figure = heading.isdecimal()
        if not _has_heading(row.table, heading) or (is_figure and not has_its_unit):
            continue
        if is_figure:
            cell = row.year_cell(int(heading), f"{heading}年 {part_row.label}")
        else:
            cell = row.cell(heading, f"{part_row.label} {heading}")
        yield ReturnedCell(
            cell=cell._replace(problems=[]),
            row=part_row,
            heading=heading,
            content=figure_key(cell.raw) if is_figure else text_key(cell.raw),
        )


def _is_as_shared(cell: Cell, content: str, shared: str) -> bool:
    """Return whether a locked cell holds what was shared; report E708 if it does not."""
    if content == shared:
        return True
    cell.report("E708", found=shown(content), before=shown(shared))
    return False


def shown(content: str) -> str:
    """Return a comparable form as problems and reports show it."""
    return content or "（空白）"


def _read_declaration(raw: RawSheet | None, problems: list[Problem]) -> tuple[str, str, Location]:
    """Return name and date (105-12-25) of the declaration, each empty if blank, and its place."""
    table = None if raw is None else find_table(raw, COVER, problems)
    cells = {
        name_key(read_text(row.cell("項目")).text): row.cell("內容")
        for row in (table.rows() if table is not None else ())
    }
    name, day = cells.get(name_key(SIGNED_BY)), cells.get(name_key(SIGNED_ON))
    signed_by = "" if name is None else read_text(name).text
    date = None if day is None else read_date(day._replace(problems=[]))  # W703 is enough
    missing = day if signed_by else name
    location = Location(sheet=COVER.name, cell="" if missing is None else missing.at.cell)
    return signed_by, "" if date is None else date.edition, location


def _check_kpis(raw: RawSheet | None, kpis: tuple[PartKpi, ...], problems: list[Problem]) -> None:
    """Report W708 for each KPI whose name or formula was altered, which is never merged."""
    table = None if raw is None else find_table(raw, PART_KPIS, problems)
    shared = {name_key(kpi.code): kpi for kpi in kpis}
    for row in table.rows() if table is not None else ():
        kpi = shared.get(name_key(read_text(row.cell("代碼")).text))
        texts = () if kpi is None else (("名稱", kpi.name), ("計算公式及計量單位", kpi.formula))
        for heading, text in texts:
            cell = row.cell(heading)
            if read_text(cell).text != text:
                cell.report("W708", found=heading)
