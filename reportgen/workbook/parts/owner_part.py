"""What a part of an edition holds, and the sheets that show it.

The visible sheets are for the unit; the hidden one keeps the same contents as they were shared,
as lines of JSON with a digest, so that merging knows what has been changed since.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, fields
from typing import Any, Final, TypeVar

from reportgen.text.name_matching import name_key
from reportgen.workbook.schema.declarations import Column, Kind, Presence, Sheet
from reportgen.workbook.schema.sheets import BOUND_FIGURE_NOTE, COMMENTARIES, DATA

T = TypeVar("T")
SCHEMA: Final = "reportgen.part/1"
_SIMPLE_TYPES: Final = {"str": str, "int": int, "bool": bool}  # by their annotation
RECORD_SHEET: Final = "填報紀錄"
SOURCE, NOTE = "資料來源", "備註"
USED_BY: Final = "用於指標"
DECLARATION: Final = "本表數字與原始資料相符。"
SIGNED_BY, SIGNED_ON = "填報人姓名", "填報日期"

COVER: Final = Sheet(
    name="填報說明",
    purpose="這份活頁簿要填哪些數字、何時交回；請最後在「填報切結」簽名。",
    presence=Presence.FILLED,
    columns=(
        Column(name="項目", kind=Kind.CODE, required=True, width=16),
        Column(name="內容", needed=True, kind=Kind.LONG_TEXT, width=76),
    ),
)

PART_DATA: Final = Sheet(
    name="填報資料",
    purpose="請填今年的數字（還沒填的格子是黃底），可補資料來源與備註；灰底供參考，已鎖定。",
    presence=Presence.FILLED,
    columns=(
        Column(name="資料項", required=True, width=40, kind=Kind.LONG_TEXT),
        Column(name="組成", max_chars=60, width=19),
        Column(name="單位", max_chars=20, needed=True, width=9),
        Column(name=USED_BY, kind=Kind.LONG_TEXT, width=15),
        DATA.column(SOURCE),
        DATA.column(NOTE),
    ),
    years=DATA.years,
    years_before=SOURCE,
    frozen_columns=2,
)

WORD_COLUMNS: Final = ("執行情形", "未達成原因", "因應策略", "目標調整理由")
PART_WORDS: Final = Sheet(
    name=COMMENTARIES.name,
    purpose="請說明執行情形；未達目標值的指標，請填未達成原因與因應策略。" + BOUND_FIGURE_NOTE,
    presence=Presence.FILLED,
    columns=(
        Column(name="KPI代碼", kind=Kind.CODE, required=True, width=11),
        Column(name="名稱", kind=Kind.LONG_TEXT, width=26),
        Column(name="目標值", width=11),
        *(COMMENTARIES.column(name) for name in WORD_COLUMNS),
    ),
    frozen_columns=2,
)

PART_KPIS: Final = Sheet(
    name="相關指標",
    purpose="您填的數字用在這些指標；公式與目標值供參考，請勿更改。",
    columns=(
        Column(name="代碼", kind=Kind.CODE, width=10),
        Column(name="名稱", kind=Kind.LONG_TEXT, width=34),
        Column(name="計算公式及計量單位", kind=Kind.LONG_TEXT, width=64, max_chars=1000),
        Column(name="目標值", width=14),
    ),
)

SHOWN_SHEETS: Final = (COVER, PART_DATA, PART_WORDS, PART_KPIS)
PART_SHEETS: Final = (*(sheet.name for sheet in SHOWN_SHEETS), RECORD_SHEET)

# What rows are found again by: the keys of item and component, or of a KPI's code for its words.
RowKey = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedCell:
    """What a cell held when it was shared: ``content`` is its comparable form, see cell_keys."""

    content: str
    is_percentage: bool = False  # how its figure is shown


@dataclass(frozen=True, slots=True, kw_only=True)
class PartRow:
    """A row of 年度資料 that a unit fills in.

    ``open_cells`` are those it may change, by heading; ``previous`` is last year's figure.
    """

    item: str
    component: str
    unit: str
    kpis: tuple[str, ...]  # codes of the KPIs that use it
    previous: SharedCell
    open_cells: dict[str, SharedCell]

    @property
    def key(self) -> RowKey:
        """The keys by which the row is found in the edition."""
        return name_key(self.item), name_key(self.component)

    @property
    def label(self) -> str:
        """The item with its component, as problems name it."""
        return f"{self.item}（{self.component}）" if self.component else self.item


@dataclass(frozen=True, slots=True, kw_only=True)
class PartWords:
    """The words on a KPI that a unit writes; ``target`` is that of the data year, or empty.

    It has the names of a row, so that its cells are merged as those of figures are.
    """

    code: str
    name: str
    target: str
    open_cells: dict[str, SharedCell]  # by column of 執行說明

    @property
    def key(self) -> RowKey:
        """The key by which the row is found in the edition."""
        return (name_key(self.code),)

    @property
    def item(self) -> str:
        """The KPI's code, as reports name it."""
        return self.code

    @property
    def component(self) -> str:
        """Empty: words have no component."""
        return ""

    @property
    def label(self) -> str:
        """The KPI, as problems name it."""
        return f"{self.code} {self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PartKpi:
    """A KPI as the unit sees it; ``target`` is that of the data year, or empty."""

    code: str
    name: str
    formula: str
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerPart:
    """What one unit is asked for."""

    agency: str
    title: str
    edition: str  # 105-12-25
    data_year: int
    owner: str  # the unit
    due: str  # the date by which it is wanted, or empty
    kpis: tuple[PartKpi, ...]
    rows: tuple[PartRow, ...]
    words: tuple[PartWords, ...] = ()

    @property
    def row_count(self) -> int:
        """The number of rows that are wanted, of figures and words."""
        return len(self.rows) + len(self.words)

    @property
    def year_heading(self) -> str:
        """The heading of the cells that are wanted."""
        return str(self.data_year)


class RecordError(Exception):
    """A record that is incomplete, altered, or of a later version."""


def record_lines(part: OwnerPart) -> list[str]:
    """Return a part as lines of JSON, the last of which is the digest of the others."""
    content = asdict(part)
    kpis, rows, words = content.pop("kpis"), content.pop("rows"), content.pop("words")
    records: list[dict[str, Any]] = [{"schema": SCHEMA, **content}]
    records += ({"kpi": kpi} for kpi in kpis)
    records += ({"row": row} for row in rows)
    records += ({"words": row} for row in words)
    lines = [_json_line(record) for record in records]
    return [*lines, json.dumps({"sha256": _digest(lines)})]


def _json_line(record: dict[str, Any]) -> str:
    """Return a record in ASCII, without anything that a program may save otherwise.

    That is several blanks in a row, and what Excel takes for an escape, _x000D_.
    """
    line = json.dumps(record, sort_keys=True)
    return line.replace("_x", r"\u005fx").replace("  ", r" \u0020")


def parse_record(lines: list[str]) -> OwnerPart:
    """Return the part that :func:`record_lines` states; raises RecordError."""
    try:
        head, *others, last = [json.loads(line) for line in lines]
        if last != {"sha256": _digest(lines[:-1])} or head.pop("schema") != SCHEMA:
            raise RecordError
        kpis = tuple(_build(PartKpi, record["kpi"]) for record in others if "kpi" in record)
        rows = tuple(_build_row(record["row"]) for record in others if "row" in record)
        words = tuple(_build_words(record["words"]) for record in others if "words" in record)
        part = _build(OwnerPart, {**head, "kpis": kpis, "rows": rows, "words": words})
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise RecordError from error
    headings = {part.year_heading, SOURCE, NOTE}
    if not all(row.open_cells.keys() <= headings for row in part.rows):
        raise RecordError
    if not all(row.open_cells.keys() <= set(WORD_COLUMNS) for row in part.words):
        raise RecordError
    return part


def _build_open_cells(record: dict[str, Any]) -> dict[str, SharedCell]:
    """Return the open cells of a row; raises KeyError, TypeError or AttributeError."""
    return {heading: _build(SharedCell, cell) for heading, cell in record["open_cells"].items()}


def _build_words(record: dict[str, Any]) -> PartWords:
    """Return the words of a record; raises KeyError or TypeError for one of another form."""
    return _build(PartWords, record | {"open_cells": _build_open_cells(record)})


def _build_row(record: dict[str, Any]) -> PartRow:
    """Return a row of a record; raises KeyError or TypeError for one of another form."""
    open_cells = _build_open_cells(record)
    kpis = tuple(record["kpis"])
    if not all(isinstance(code, str) for code in kpis):
        raise TypeError("kpis")
    previous = _build(SharedCell, record["previous"])
    fields_given = {"kpis": kpis, "previous": previous, "open_cells": open_cells}
    return _build(PartRow, record | fields_given)


def _build(kind: type[T], record: dict[str, Any]) -> T:
    """Return a value of a record's fields; raises TypeError if a simple one has another type."""
    for field in fields(kind):  # type: ignore[arg-type]
        expected = _SIMPLE_TYPES.get(str(field.type))
        if expected is not None and type(record.get(field.name)) is not expected:
            raise TypeError(field.name)
    return kind(**record)


def _digest(lines: list[str]) -> str:
    """Return the SHA-256 of lines."""
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
