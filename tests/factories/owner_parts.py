"""Editions that are shared, and parts as units fill them in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openpyxl import load_workbook

from reportgen.model.scorecard import CellRef, Text
from reportgen.sharing.edition_sharing import share_edition
from reportgen.sharing.edition_update import apply_changes
from reportgen.sharing.part_merging import merge_parts
from reportgen.sharing.shared_edition import edition_of
from reportgen.workbook import read_bytes, write
from reportgen.workbook.parts.owner_part import COVER, PART_DATA, SIGNED_BY, SIGNED_ON
from reportgen.workbook.parts.part_reader import read_part
from reportgen.workbook.parts.part_writer import write_part
from reportgen.workbook.reading.raw_cells import StoredType
from reportgen.workbook.reading.sheet_reader import read_sheets
from reportgen.workbook.reading.workbook_source import is_wanted
from reportgen.workbook.reading.zip_package import Package
from reportgen.workbook.schema.sheets import DATA
from tests.factories.samples import scorecard, teachers_center

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from random import Random

    from openpyxl import Workbook

    from reportgen.model.scorecard import Scorecard
    from reportgen.problems import Problem
    from reportgen.sharing.edition_update import EditionUpdate
    from reportgen.sharing.part_merging import Merge
    from reportgen.sharing.shared_edition import SharedEdition
    from reportgen.workbook.parts.part_reader import ReturnedPart
    from reportgen.workbook.reading.raw_cells import RawCell

    Contents = Mapping[str, object]  # by heading

UNITS = ("研究組", "教務組", "輔導組", "總務組", "資訊室")
SIGNATURE = ("王小明", "106-01-05")
PATH = Path("105-12-25.xlsx")


def edition(content: bytes, path: Path = PATH) -> SharedEdition:
    """The edition of a workbook in memory; raises ValueError if it cannot be read."""
    card, problems = read_bytes(content)
    if card is None:
        raise ValueError("\n".join(problem.line("en") for problem in problems))
    return edition_of(path, content, card)


def sample_card(units: Sequence[str] = UNITS) -> Scorecard:
    """The first sample, whose KPIs are spread over units in turn."""
    card = scorecard(teachers_center)
    kpis = tuple(
        replace(kpi, owner=replace(kpi.owner, text=units[number % len(units)]))
        for number, kpi in enumerate(card.kpis)
    )
    return replace(card, kpis=kpis)


def with_random_owners(card: Scorecard, chance: Random, units: Sequence[str]) -> Scorecard:
    """A scorecard whose rows are spread over units, by KPI or by 填報單位, none left out."""
    kpis = tuple(
        replace(kpi, owner=replace(kpi.owner, text=chance.choice([*units, ""])))
        for kpi in card.kpis
    )
    figures = tuple(
        replace(
            figure,
            provider=Text(text=chance.choice(units), at=CellRef(sheet="年度資料", cell="A1")),
        )
        for figure in card.figures
    )
    return replace(card, kpis=kpis, figures=figures)


def workbook_of(card: Scorecard) -> bytes:
    """The workbook of a scorecard."""
    target = BytesIO()
    write(card, target)
    return target.getvalue()


def blanked(card: Scorecard, content: bytes, keeps: Callable[[str], bool]) -> bytes:
    """A workbook without this year's figures, sources and notes, but for the cells that are kept.

    Their formats stay, as where somebody deletes the contents.
    """
    year = card.data_year

    def clear(book: Workbook) -> None:
        page: Any = book[DATA.name]
        headings = {cell.value: cell.column for cell in page[4]}
        for row in range(5, page.max_row + 1):
            for heading in (year, "資料來源", "備註"):
                cell = page.cell(row, headings[heading])
                if not keeps(cell.coordinate):
                    cell.value = None

    return edited(content, clear)


def edited(content: bytes, change: Callable[[Workbook], object]) -> bytes:
    """A workbook as another program saves it after a change."""
    book = load_workbook(BytesIO(content))
    change(book)
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def part_workbooks(shared: SharedEdition) -> dict[str, bytes]:
    """The part of each unit as it is sent out."""
    parts, _ = share_edition(shared, "106-01-20")
    return {part.owner: write_part(part, shared.scorecard.revised) for part in parts}


def filled(
    content: bytes,
    contents: Mapping[str, Contents],
    signature: tuple[str, str] | None = SIGNATURE,
    change: Callable[[Workbook], object] = lambda book: None,
) -> bytes:
    """A part with cells filled in, by item and heading, signed, and changed otherwise."""

    def fill(book: Workbook) -> None:
        page: Any = book[PART_DATA.name]
        headings = {str(cell.value): cell.column for cell in page[4]}
        for row in range(5, page.max_row + 1):
            label = (page.cell(row, 1).value, page.cell(row, 2).value)
            name = "／".join(filter(None, label))
            for heading, value in contents.get(name, {}).items():
                put(page.cell(row, headings[heading]), value)
        if signature is not None:
            cover: Any = book[COVER.name]
            for row in range(5, cover.max_row + 1):
                item = cover.cell(row, 1).value
                if item in (SIGNED_BY, SIGNED_ON):
                    cover.cell(row, 2).value = signature[item == SIGNED_ON]
        change(book)

    return edited(content, fill)


def put(cell: Any, value: object) -> None:
    """Type a value into a cell; a raw cell of another workbook is copied with its percentage."""
    if not isinstance(value, RawLike):
        cell.value = value
        return
    raw = value.raw
    if raw.stored is StoredType.NUMBER:
        number = float(raw.content)
        cell.value = int(number) if number.is_integer() else number
        cell.number_format = "0.00%" if raw.is_percentage else "General"
    else:
        cell.value = raw.content
        cell.data_type = "s"


@dataclass(frozen=True)
class RawLike:
    """A cell of another workbook that is to be copied."""

    raw: RawCell


def contents_of(shared: SharedEdition, whole: SharedEdition) -> dict[str, dict[str, object]]:
    """What the open cells of a whole workbook hold, by item and heading."""
    contents: dict[str, dict[str, object]] = {}
    for row in whole.rows.values():
        name = "／".join(filter(None, (row.item.text, row.component.text)))
        for heading in shared.open_headings:
            cell = whole.cell(row, heading)
            if cell is not None and cell.raw is not None:
                contents.setdefault(name, {})[heading] = RawLike(cell.raw)
    return contents


def returned(content: bytes, file: str = "a.xlsx") -> ReturnedPart:
    """A part that was read without an error."""
    part, problems = read_part(content, file)
    assert part is not None, problems
    return part


def merged(
    shared: SharedEdition, parts: Iterable[ReturnedPart]
) -> tuple[Merge, EditionUpdate, tuple[Problem, ...]]:
    """What merging parts in memory gives, with all problems."""
    merge = merge_parts(shared, parts)
    update = apply_changes(shared, merge.changes)
    return merge, update, (*merge.problems, *update.problems)


def cells(content: bytes) -> dict[tuple[str, int, int], tuple[object, ...]]:
    """Every filled cell of the sheets that are read: as stored, and whether it is a percentage."""
    raw = read_sheets(Package(content).to_transitional(), is_wanted)
    return {
        (sheet.name, row, column): (cell.stored, cell.content, cell.is_percentage)
        for sheet in raw.sheets
        for row, columns in sheet.rows.items()
        for column, cell in columns.items()
    }
