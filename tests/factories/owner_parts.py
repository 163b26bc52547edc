"""Editions that are shared, and parts as units fill them in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openpyxl import load_workbook

from reportgen.model.scorecard import CellRef, Commentary, Text
from reportgen.sharing.edition_sharing import share_edition
from reportgen.sharing.edition_update import apply_changes
from reportgen.sharing.part_merging import merge_parts
from reportgen.sharing.shared_edition import edition_of
from reportgen.text.name_matching import name_key
from reportgen.workbook import read_bytes, write
from reportgen.workbook.parts.owner_part import (
    COVER,
    PART_DATA,
    PART_WORDS,
    SIGNED_BY,
    SIGNED_ON,
    WORD_COLUMNS,
)
from reportgen.workbook.parts.part_reader import read_part
from reportgen.workbook.parts.part_writer import write_part
from reportgen.workbook.reading.raw_cells import StoredType
from reportgen.workbook.reading.sheet_reader import read_sheets
from reportgen.workbook.reading.workbook_source import is_wanted
from reportgen.workbook.reading.zip_package import Package
from reportgen.workbook.schema.sheets import COMMENTARIES, DATA
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

FILLED_SHEETS = (PART_DATA.name, PART_WORDS.name)
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


def with_random_words(card: Scorecard, chance: Random) -> Scorecard:
    """A scorecard with words on each KPI of the data year that has a unit, and on some before.

    KPIs without a unit have a row without words, as a sheet that is to be filled in has.
    """
    years = [card.data_year, *([card.data_year - 1] if chance.random() < 0.5 else [])]
    return replace(
        card,
        commentaries=tuple(
            _random_commentary(kpi.code, year, chance, has_words=bool(kpi.owner.text))
            for year in sorted(years)
            for kpi in card.kpis
        ),
    )


def _random_commentary(code: str, year: int, chance: Random, *, has_words: bool) -> Commentary:
    """Words of some lines; a column in three is blank."""
    at = CellRef(sheet=COMMENTARIES.name, cell="A1")
    parts = (
        "範例。",
        f"達成率 {{{code}}}。",
        "一、加強宣導；",
        "\n二、增列經費 3 千元。",
        "=1+1",
        "  甲  乙",
    )
    texts = [
        Text(text="".join(chance.choices(parts, k=chance.randint(1, 5))).strip(), at=at)
        if has_words and chance.random() < 0.7
        else Text(text="", at=at)
        for _ in WORD_COLUMNS
    ]
    progress, shortfall_reason, measures, target_reason = texts
    return Commentary(
        kpi=code,
        year=year,
        progress=progress,
        shortfall_reason=shortfall_reason,
        measures=measures,
        target_reason=target_reason,
        at=at,
    )


def without_words(
    card: Scorecard, content: bytes, keeps: Callable[[str], bool], *, has_rows: bool
) -> bytes:
    """A workbook without this year's words, but for cells that are kept, or without its rows."""

    def clear(book: Workbook) -> None:
        page: Any = book[COMMENTARIES.name]
        headings = {cell.value: cell.column for cell in page[4]}
        for row in range(page.max_row, 4, -1):
            if page.cell(row, headings["年度"]).value != card.data_year:
                continue
            if not has_rows:
                page.delete_rows(row)
                continue
            for heading in WORD_COLUMNS:
                cell = page.cell(row, headings[heading])
                if not keeps(cell.coordinate):
                    cell.value = None

    return edited(content, clear)


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
        pages: list[Any] = [book[name] for name in FILLED_SHEETS if name in book.sheetnames]
        for page in pages:
            headings = {str(cell.value): cell.column for cell in page[4]}
            for row in range(5, page.max_row + 1):
                name = row_name(page, row)
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


def row_name(page: Any, row: int) -> str:
    """What a row of a part is called in the contents: 資料項／組成, or the KPI with its sheet."""
    first = page.cell(row, 1).value
    if page.title == PART_WORDS.name:
        return f"{PART_WORDS.name} {first}"
    return "／".join(filter(None, (first, page.cell(row, 2).value)))


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
    for key in whole.word_rows:
        code = next(kpi.code for kpi in whole.scorecard.kpis if name_key(kpi.code) == key[0])
        for heading in shared.word_headings:
            cell = whole.cell(key, heading)
            if cell is not None and cell.raw is not None:
                contents.setdefault(f"{PART_WORDS.name} {code}", {})[heading] = RawLike(cell.raw)
    for key, row in whole.rows.items():
        name = "／".join(filter(None, (row.item.text, row.component.text)))
        for heading in shared.open_headings:
            cell = whole.cell(key, heading)
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
