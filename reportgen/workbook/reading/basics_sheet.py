"""Reading of 基本資料, a sheet whose rows are items, each with a content of its own kind."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

from reportgen.model.scorecard import CellRef, DataStatus, Text
from reportgen.problems import Location, make_problem
from reportgen.text.name_matching import closest_name, name_key
from reportgen.workbook.reading.cell_reader import (
    hint_fields,
    read_choice,
    read_date,
    read_integer,
    read_text,
)
from reportgen.workbook.reading.workbook_source import required_text
from reportgen.workbook.schema.sheets import (
    BASICS,
    DEFAULT_OBJECTIVES_PER_PAGE,
    ITEMS,
    STATUSES,
    WITH_WORDS,
    WORDS_IN_RESULTS,
)

if TYPE_CHECKING:
    from reportgen.model.scorecard import RocDate
    from reportgen.workbook.reading.cell_reader import Cell
    from reportgen.workbook.reading.table_reader import Row
    from reportgen.workbook.reading.workbook_source import WorkbookSource

_ITEMS: Final = {item.name: item for item in ITEMS}


class Basics(NamedTuple):
    """The contents of 基本資料; dates and the year are None if they cannot be read."""

    agency: Text
    title: Text
    cover_date: RocDate | None
    revised: RocDate | None
    data_year: int | None
    status: DataStatus
    mission: Text
    vision: Text
    core_values: Text
    objectives_per_page: int
    parent: Text | None
    signatories: tuple[Text, ...]
    has_words_in_results: bool


def read_basics(source: WorkbookSource) -> Basics:
    """Return the contents of every item, whatever the order of the rows.

    Problems are added to ``source``: E120 for a required row that is missing, E136 for a blank
    one, E137 for a repeated one, N141 for an unknown one. Missing contents have their defaults.
    """
    items = _Items(source)
    status = items.choice("資料狀態", STATUSES)
    return Basics(
        agency=items.text("機關名稱"),
        title=items.text("文件名稱"),
        cover_date=items.day("封面日期"),
        revised=items.day("修表日期"),
        data_year=items.integer("資料年度"),
        status=DataStatus(status) if status else DataStatus.DRAFT,
        mission=items.text("使命"),
        vision=items.text("願景"),
        core_values=items.text("核心價值"),
        objectives_per_page=items.integer("每頁目標數") or DEFAULT_OBJECTIVES_PER_PAGE,
        parent=items.optional_text("上級機關"),
        signatories=items.list("核章欄"),
        has_words_in_results=items.choice("執行成果內容", WORDS_IN_RESULTS) == WITH_WORDS,
    )


class _Items:
    """The rows of the sheet by the name of their item."""

    def __init__(self, source: WorkbookSource) -> None:
        self._cells: dict[str, Cell] = {}
        rows = source.rows(BASICS)
        unknown = self._collect_items(rows)
        if not rows:
            return  # the sheet itself has been reported
        source.problems += (
            make_problem(
                "N141", Location(sheet=rows[0].cell("項目").at.sheet, cell=cell), found=name
            )
            for name, cell in unknown.items()
        )
        for item in ITEMS:
            if item.required and item.name not in self._cells:
                nearest_name = closest_name(item.name, unknown)
                hint = hint_fields(
                    f"{unknown[nearest_name]} 的「{nearest_name}」是否就是這一項？"
                    if nearest_name
                    else "",
                    f"Is it “{nearest_name}” in {unknown[nearest_name]}?" if nearest_name else "",
                )
                location = Location(
                    sheet=rows[0].cell("項目").at.sheet, cell=rows[0].cell("項目").at.cell
                )
                source.problems.append(make_problem("E120", location, found=item.name, **hint))

    def _collect_items(self, rows: list[Row]) -> dict[str, str]:
        """Store the cell of each known item; return the cell names of unknown ones by their texts.

        A repeated item is E137; the first one counts. A row without an item is passed over.
        """
        names = {name_key(name): name for name in _ITEMS}
        unknown: dict[str, str] = {}
        for row in rows:
            item = row.cell("項目")
            text = required_text(item).text
            name = names.get(name_key(text))
            if name is None and not text:
                continue
            if name is None:
                unknown[text] = item.at.cell
            elif name in self._cells:
                item.report("E137", found=name, first=self._cells[name].at.cell)
            else:
                cell = row.cell("內容", label=name)
                self._cells[name] = cell._replace(max_chars=_ITEMS[name].max_chars)
        return unknown

    def _filled_cell(self, name: str) -> Cell | None:
        """Return the content of an item, or None if it is missing, or blank and reported."""
        cell = self._cells.get(name)
        if cell is not None and cell.is_blank:
            if _ITEMS[name].required:
                cell.report("E136")
            return None
        return cell

    def text(self, name: str) -> Text:
        """Return the text of a required item; empty if its row is missing or, with E136, blank."""
        cell = self._cells.get(name)
        if cell is None:
            return Text(text="", at=CellRef(sheet=BASICS.name, cell="A1"))
        return required_text(cell, "E136")

    def optional_text(self, name: str) -> Text | None:
        """Return the text of an item, or None if it is blank or missing."""
        cell = self._filled_cell(name)
        return (read_text(cell) or None) if cell else None

    def list(self, name: str) -> tuple[Text, ...]:
        """Return the texts that an item lists, separated by 、, commas or line breaks.

        All of them have the item's cell. Empty for a blank or missing item.
        """
        content = self.optional_text(name)
        if content is None:
            return ()
        names = (part.strip() for part in re.split(r"[、,，;；\n]", content.text))
        return tuple(replace(content, text=part) for part in names if part)

    def day(self, name: str) -> RocDate | None:
        """Return the date of an item, or None if there is none that can be read."""
        cell = self._filled_cell(name)
        return None if cell is None else read_date(cell)

    def integer(self, name: str) -> int | None:
        """Return the whole number of an item, or None if there is none that can be read.

        One outside the limits of the item is reported and None.
        """
        cell, item = self._filled_cell(name), _ITEMS[name]
        return None if cell is None else read_integer(cell, item.minimum, item.maximum)

    def choice(self, name: str, choices: tuple[str, ...]) -> str | None:
        """Return the choice of an item, or None if there is none that can be read."""
        cell = self._filled_cell(name)
        return None if cell is None else read_choice(cell, choices)
