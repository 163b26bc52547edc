r"""Lay out the samples' content as staff would, in JSON that a script in any language can read.

``python -m tests.factories.programs.books FOLDER`` writes ``SAMPLE.LAYOUT.json``. A book is
``{"sheets": [sheet, …]}``; a sheet has ``name``, ``rows`` (of cells, or null), ``widths``,
``heading`` (the row of the headings, from 1), ``frozen`` (a row and a column, or null),
``filter`` (whether the table has a filter), ``merged`` (areas as ``A1:E1``), ``comments``
(``{"A3": text}``), ``hidden`` (whether nobody sees the sheet), ``hidden_rows``,
``hidden_columns`` and ``landscape``. A cell is one of::

    {"text": "甲"}                      {"runs": ["甲", "乙"]}       (the runs differ in their font)
    {"number": "0.925", "format": "0.0%"}      {"day": "2016-12-25", "format": "yyyy/m/d"}
    {"formula": "1+2", "number": "3"}          {"formula": "\"甲\"&\"乙\"", "text": "甲乙"}
"""

from __future__ import annotations

import json
import sys
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from reportgen.model.scorecard import ROC_OFFSET, RocDate
from reportgen.workbook.schema.cell_refs import column_letters
from reportgen.workbook.schema.sheets import SHEETS
from reportgen.workbook.writing.scorecard_rows import year_columns
from tests.factories.programs.content import contents

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reportgen.workbook.schema.declarations import Sheet
    from reportgen.workbook.writing.scorecard_rows import Content, Row, Rows

Cell = dict[str, Any] | None
Written = dict[str, Any]

PERCENT: Final = 100
HALVES: Final = "原始數"  # the sheet that the formulas add up


class Layout(NamedTuple):
    """How somebody keeps the workbook."""

    titled: bool = False  # a merged title in row 1, the headings in row 3, frozen and filtered
    as_text: bool = False  # every number and year typed as text
    with_looks: bool = False  # numbers, days and percentages in formats of their own
    with_runs: bool = False  # texts in two fonts
    calculated: bool = False  # figures that are formulas
    moved: bool = False  # sheets, columns and rows elsewhere, and some of their own between
    furnished: bool = False  # comments, hidden rows, columns and sheets, print settings


LAYOUTS: Final = {
    "plain": Layout(),
    "titled": Layout(titled=True),
    "texts": Layout(as_text=True),
    "looks": Layout(titled=True, with_looks=True),
    "runs": Layout(with_runs=True),
    "formulas": Layout(calculated=True),
    "moved": Layout(moved=True),
    "furnished": Layout(titled=True, furnished=True),
    "all": Layout(True, False, True, True, True, True, True),
}
TITLES: Final = ("（113年度填報，請勿更動欄名）",)
FORMATS: Final = ("#,##0", "0", "#,##0_);(#,##0)", '#,##0;-#,##0;"-"??', "[>=1000]#,##0;0")
DAY_FORMATS: Final = ("yyyy/m/d", "yyyy-mm-dd", "m/d/yy")


def book(rows: Rows, layout: Layout) -> Written:
    """Return the workbook of these rows."""
    years = year_columns(rows)
    halves: list[list[Cell]] = [[{"text": "前半"}, {"text": "後半"}]]
    made = [
        _Page(sheet, rows[sheet.name], years, layout, halves).written()
        for sheet in SHEETS
        if rows.get(sheet.name)
    ]
    if layout.calculated:
        made.append(_sheet(HALVES, halves, 1))
    if layout.moved:
        note: list[list[Cell]] = [[{"text": "本檔由企劃室彙整"}], [None, {"number": "2024"}]]
        made = [_sheet("封面說明", note, 1), *reversed(made), _sheet("工作表1", [], 1)]
    return {"sheets": made}


def _sheet(name: str, rows: list[list[Cell]], heading: int) -> Written:
    return {
        "name": name,
        "rows": rows,
        "heading": heading,
        "widths": [],
        "frozen": None,
        "filter": False,
        "merged": [],
        "comments": {},
        "hidden": False,
        "hidden_rows": [],
        "hidden_columns": [],
        "landscape": False,
    }


class _Page:
    """One sheet being laid out."""

    def __init__(
        self,
        sheet: Sheet,
        rows: tuple[Row, ...] | Any,
        years: tuple[int, ...],
        layout: Layout,
        halves: list[list[Cell]],
    ) -> None:
        self._sheet, self._rows, self._layout, self._halves = sheet, rows, layout, halves
        self._names = list(self._columns(years))
        self._formats = 0

    def _columns(self, years: tuple[int, ...]) -> Iterator[str | int]:
        used = {name for row in self._rows for name in row}
        for column in self._sheet.columns:
            if column.name == self._sheet.years_before:
                yield from years
            if column.required or column.needed or column.name in used:
                yield column.name

    def written(self) -> Written:
        """Return the sheet with its furniture."""
        layout = self._layout
        names = list(_turned(self._names)) if layout.moved else self._names
        cells = [[self._heading(name) for name in names]]
        for row in self._rows:
            self._percent = row.get("單位") == "%"
            cells.append([self._cell(name, row.get(name)) for name in names])
        if layout.moved:
            for place, line in enumerate(cells):
                line.insert(1, {"text": "承辦人員"} if place == 0 else {"text": "王小明"})
                line.insert(0, None)
            cells[:0] = [[]]
        if layout.titled:
            cells[:0] = [[{"text": self._sheet.name + TITLES[0]}], []]
        heading = 1 + layout.moved + 2 * layout.titled
        found = _sheet(self._sheet.name, cells, heading)
        width = len(cells[heading - 1])
        if layout.titled:
            found["merged"] = [f"A1:{column_letters(width)}1"] if width > 1 else []
            found["frozen"] = [heading, 2 if self._sheet.years else 0]
            found["filter"] = True
            found["widths"] = [10 if isinstance(each, int) else 24 for each in range(width)]
        if layout.furnished:
            told = {f"B{heading}": "請填寫本欄\n謝謝", f"C{heading + 1}": "已核對"}
            found["comments"] = told if self._sheet.years else {}
            found["hidden_rows"] = [heading + 2, heading + 3] if self._sheet.years else []
            found["hidden_columns"] = [width] if self._sheet.years else []
            found["hidden"] = self._sheet.name == "修表紀錄"
            found["landscape"] = True
        return found

    def _heading(self, name: str | int) -> Cell:
        if isinstance(name, str):
            return {"text": name}
        if self._layout.titled:
            return {"text": f"{name}年度"}
        return {"text": str(name)} if self._layout.as_text else {"number": str(name)}

    def _cell(self, name: str | int, content: Content) -> Cell:
        if content is None or content == "":
            return None
        if isinstance(content, RocDate):
            return self._day(content)
        if isinstance(content, int | Fraction):
            return self._number(name, Fraction(content))
        return self._text(name, str(content))

    def _text(self, name: str | int, text: str) -> Cell:
        if self._layout.with_looks and self._sheet.name == "目標值" and isinstance(name, int):
            return _target(text)
        if self._layout.calculated and name in {"資料來源", "依據"} and len(text) > 1:
            return {"formula": f'"{text[:1]}"&"{text[1:]}"', "text": text}
        if self._layout.with_runs and len(text) > 3 and name != "項目":
            return {"runs": [text[:2], text[2:]]}
        return {"text": text}

    def _day(self, day: RocDate) -> Cell:
        if not self._layout.with_looks:
            return {"text": f"{day.year}/{day.month}/{day.day}"}
        self._formats += 1
        western = f"{day.year + ROC_OFFSET:04}-{day.month:02}-{day.day:02}"
        return {"day": western, "format": DAY_FORMATS[self._formats % len(DAY_FORMATS)]}

    def _number(self, name: str | int, number: Fraction) -> Cell:
        layout = self._layout
        if layout.as_text:
            whole, _, rest = _decimal(number).partition(".")
            return {"text": f"{int(whole):,}" + (f".{rest}" if rest else "")}
        if layout.with_looks and (
            name == "達成率下限" or (self._percent and isinstance(name, int))
        ):
            share = number if name == "達成率下限" else number / PERCENT
            return {"number": _decimal(share), "format": "0.00%" if self._percent else "0%"}
        if layout.calculated and self._sheet.name == "年度資料" and number.denominator == 1:
            return self._formula(int(number))
        if layout.with_looks and number.denominator == 1 and self._sheet.years:
            self._formats += 1
            look = FORMATS[self._formats % len(FORMATS)]
            return {"number": _decimal(number), "format": look}
        return {"number": _decimal(number)}

    def _formula(self, number: int) -> Cell:
        """Return a sum within the cell, or of two cells of another sheet, by turns."""
        half = number // 2
        self._formats += 1
        if self._formats % 2:
            return {"formula": f"{half}+{number - half}", "number": str(number)}
        self._halves.append([{"number": str(half)}, {"number": str(number - half)}])
        place = len(self._halves)
        return {"formula": f"SUM('{HALVES}'!A{place}:B{place})", "number": str(number)}


def _turned(names: list[str | int]) -> Iterator[str | int]:
    """Return the columns from the last to the first, with the years in their own order."""
    years = iter([name for name in names if isinstance(name, int)])
    for name in reversed(names):
        yield next(years) if isinstance(name, int) else name


def _target(text: str) -> Cell:
    """Return a target as a number where its cell reads as the very same text."""
    bare = text.removesuffix("%")
    try:
        number = Fraction(bare)
    except ValueError:
        return {"text": text}
    if text == bare:
        return {"number": text}
    return {"number": _decimal(number / PERCENT), "format": "0.0%" if "." in text else "0%"}


def _decimal(number: Fraction) -> str:
    """Return a number to the last digit; every number of the samples has an end."""
    text = f"{number.numerator / number.denominator:.10f}".rstrip("0").rstrip(".")
    if Fraction(text) != number:
        raise ValueError(number)
    return text


def main(folder: Path) -> None:
    """Write every sample in every layout."""
    folder.mkdir(parents=True, exist_ok=True)
    for sample, rows in contents().items():
        for name, layout in LAYOUTS.items():
            path = folder / f"{sample.replace(' ', '-')}.{name}.json"
            path.write_text(json.dumps(book(rows, layout), ensure_ascii=False), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
