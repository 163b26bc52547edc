"""The workbook as its readers see it: tables by declaration, with one list of problems."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from reportgen.problems import Location, make_problem
from reportgen.text.name_matching import closest_name, name_key
from reportgen.workbook.reading.cell_reader import hint_fields, read_code, read_text
from reportgen.workbook.reading.table_reader import find_table
from reportgen.workbook.schema.declarations import Presence
from reportgen.workbook.schema.sheets import (
    CALCULATION_SHEET,
    INSTRUCTIONS_SHEET,
    LISTS_SHEET,
    SHEET_BY_NAME,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from reportgen.model.scorecard import Text
    from reportgen.problems import Problem
    from reportgen.workbook.reading.cell_reader import Cell
    from reportgen.workbook.reading.raw_cells import RawSheet, RawWorkbook
    from reportgen.workbook.reading.table_reader import Row, Table
    from reportgen.workbook.schema.declarations import Sheet

_NAME_BY_KEY = {name_key(name): name for name in SHEET_BY_NAME}
_GENERATED_SHEETS = frozenset(map(name_key, (INSTRUCTIONS_SHEET, LISTS_SHEET, CALCULATION_SHEET)))

_FINDINGS_SHEET = re.compile(r"檢查結果(_\d+)?")  # the sheet that ``check --annotate`` adds


def is_wanted(name: str) -> bool:
    """Return whether a sheet of that name is read."""
    return name_key(name) in _NAME_BY_KEY


class WorkbookSource:
    """A workbook that is being read; every problem is added to ``problems``."""

    def __init__(self, raw: RawWorkbook, problems: list[Problem]) -> None:
        self.problems = problems
        self._sheets: dict[str, RawSheet] = {}
        duplicates = set()
        for sheet in raw.sheets:
            first_sheet = self._sheets.setdefault(_NAME_BY_KEY[name_key(sheet.name)], sheet)
            if first_sheet is not sheet:
                location = Location(sheet=sheet.name)
                problems.append(
                    make_problem("E141", location, found=sheet.name, first=first_sheet.name)
                )
                duplicates.add(sheet.name)
        if raw.is_manually_calculated:
            problems.append(make_problem("W143"))
        read = {sheet.name for sheet in self._sheets.values()}
        self._unread = [
            name
            for name in raw.names
            if name not in read | duplicates
            and name_key(name) not in _GENERATED_SHEETS
            and not _FINDINGS_SHEET.fullmatch(name)
        ]
        # Sheets on request are no suggestion: 備註說明 is not taken for 執行說明.
        missing = [
            name
            for name, sheet in SHEET_BY_NAME.items()
            if name not in self._sheets and not sheet.on_request
        ]
        for name in self._unread:
            nearest_name = closest_name(name, missing)
            hint = hint_fields(
                f"如果這就是「{nearest_name}」，請將工作表改回此名稱。" if nearest_name else "",
                f"If it is meant to be “{nearest_name}”, rename it." if nearest_name else "",
            )
            problems.append(make_problem("N151", Location(sheet=name), found=name, **hint))

    def sheet(self, declared: Sheet) -> RawSheet | None:
        """Return the sheet as stored, or None if the workbook does not have it."""
        return self._sheets.get(declared.name)

    def table(self, declared: Sheet) -> Table | None:
        """Return the table of a sheet, or None and add the reason to the problems.

        E103 for a sheet that is missing, N157 for one that is optional; no problem for an optional
        one without any content.
        """
        raw = self._sheets.get(declared.name)
        if raw is None and declared.on_request:
            return None
        if raw is None:
            nearest_name = closest_name(declared.name, self._unread)
            hint = hint_fields(
                f"「{nearest_name}」是否就是這張工作表？" if nearest_name else "",
                f"Is it “{nearest_name}”?" if nearest_name else "",
            )
            code = "N157" if declared.presence is Presence.OPTIONAL else "E103"
            location = Location(sheet=declared.name)
            self.problems.append(make_problem(code, location, found=declared.name, **hint))
            return None
        if declared.presence is Presence.OPTIONAL and not raw.rows:
            return None  # nothing was entered, not even headings
        return find_table(raw, declared, self.problems)

    def rows(self, declared: Sheet) -> list[Row]:
        """Return the filled rows of a sheet; none if it cannot be read, which is reported.

        E121 for a sheet that must have rows and has none.
        """
        table = self.table(declared)
        if table is None:
            return []
        rows = list(table.rows())
        if not rows and declared.presence is Presence.FILLED:
            location = Location(sheet=table.raw.name, cell=f"A{table.heading_row + 1}")
            self.problems.append(make_problem("E121", location))
        return rows


def required_text(cell: Cell, code: str = "E101", read: Callable[[Cell], Text] = read_text) -> Text:
    """Return the text of a cell that must be filled, as ``read`` reads it.

    ``code`` is reported if it is blank, unless ``read`` has reported a problem.
    """
    problem_count = len(cell.problems)
    text = read(cell)
    if not text.text and len(cell.problems) == problem_count:
        cell.report(code)
    return text


class Codes:
    """The codes that a sheet declares, in its own order, with look-up by their keys."""

    def __init__(self, sheet: str) -> None:
        self.sheet = sheet
        self._declared: dict[str, tuple[str, Cell]] = {}
        self._code_by_name: dict[str, str] = {}

    def __len__(self) -> int:
        return len(self._declared)

    def declare(self, cell: Cell, name: str = "") -> str | None:
        """Return the code in a cell, or None, and a problem, if it is blank or a duplicate (E106).

        ``name`` is another name of the row; it is used for suggestions only.
        """
        code = required_text(cell, read=read_code).text
        if not code:
            return None
        first = self._declared.setdefault(name_key(code), (code, cell))[1]
        if first is not cell:
            cell.report("E106", found=code, first=first.at.cell)
            return None
        self._code_by_name[name_key(name)] = code
        return code

    def find(self, text: str, cell: Cell) -> str | None:
        """Return the declared code that ``text`` means, or None, and E107 at ``cell``, if unknown.

        If nothing at all is declared the sheet is missing, or empty, which has been reported:
        a problem for every reference to it would only repeat that.
        """
        if not self._declared:
            return None
        declared = self._declared.get(name_key(text))
        if declared is not None:
            return declared[0]
        codes = [code for code, _ in self._declared.values()]
        suggestion = self._code_by_name.get(name_key(text)) or closest_name(text, codes)
        hint = hint_fields(
            f"是否為「{suggestion}」？" if suggestion else "",
            f"Is it “{suggestion}”?" if suggestion else "",
        )
        cell.report("E107", found=text, sheet=self.sheet, codes="、".join(codes), **hint)
        return None

    def refer(self, cell: Cell) -> str | None:
        """Return the declared code that a required cell refers to, or None and a problem."""
        text = required_text(cell, read=read_code).text
        return self.find(text, cell) if text else None
