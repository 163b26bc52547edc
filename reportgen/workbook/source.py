"""The workbook as its readers see it: tables by declaration, problems in one place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from reportgen.names import name_key, nearest
from reportgen.problems import Location, make
from reportgen.workbook.cells import hints, read_code, read_text
from reportgen.workbook.declare import Presence
from reportgen.workbook.schema import BY_NAME, GUIDE, LISTS, PREVIEW
from reportgen.workbook.tables import find_table

if TYPE_CHECKING:
    from collections.abc import Callable

    from reportgen.model import Text
    from reportgen.problems import Problem
    from reportgen.workbook.cells import Cell
    from reportgen.workbook.declare import Sheet
    from reportgen.workbook.spreadsheet import RawSheet, RawWorkbook
    from reportgen.workbook.tables import Row, Table

_KEYS = {name_key(name): name for name in BY_NAME}
_OWN = frozenset(map(name_key, (GUIDE, LISTS, PREVIEW)))

_FINDINGS = re.compile(r"檢查結果(_\d+)?")  # what ``check --annotate`` adds to a copy


def is_wanted(name: str) -> bool:
    """Whether a sheet of that name is read."""
    return name_key(name) in _KEYS


class Source:
    """A workbook that is being read; every problem met goes to ``problems``."""

    def __init__(self, raw: RawWorkbook, problems: list[Problem]) -> None:
        self.problems = problems
        self._sheets: dict[str, RawSheet] = {}
        doubled = set()
        for sheet in raw.sheets:
            first = self._sheets.setdefault(_KEYS[name_key(sheet.name)], sheet)
            if first is not sheet:
                where = Location(sheet=sheet.name)
                problems.append(make("E141", where, found=sheet.name, first=first.name))
                doubled.add(sheet.name)
        if raw.stale:
            problems.append(make("W143"))
        read = {sheet.name for sheet in self._sheets.values()}
        self._unread = [
            name
            for name in raw.names
            if name not in read | doubled
            and name_key(name) not in _OWN
            and not _FINDINGS.fullmatch(name)
        ]
        missing = [name for name in BY_NAME if name not in self._sheets]
        for name in self._unread:
            close = nearest(name, missing)
            words = hints(
                f"如果這就是「{close}」，請將工作表改回此名稱。" if close else "",
                f"If it is meant to be “{close}”, rename it." if close else "",
            )
            problems.append(make("N151", Location(sheet=name), found=name, **words))

    def sheet(self, declared: Sheet) -> RawSheet | None:
        """The sheet as stored, if the workbook has it."""
        return self._sheets.get(declared.name)

    def table(self, declared: Sheet) -> Table | None:
        """The table of a sheet; None, and the reason among the problems, if there is none."""
        raw = self._sheets.get(declared.name)
        if raw is None:
            close = nearest(declared.name, self._unread)
            words = hints(
                f"「{close}」是否就是這張工作表？" if close else "",
                f"Is it “{close}”?" if close else "",
            )
            code = "N157" if declared.presence is Presence.OPTIONAL else "E103"
            where = Location(sheet=declared.name)
            self.problems.append(make(code, where, found=declared.name, **words))
            return None
        if declared.presence is Presence.OPTIONAL and not raw.rows:
            return None  # nothing was entered, not even headings
        return find_table(raw, declared, self.problems)

    def rows(self, declared: Sheet) -> list[Row]:
        """The filled rows of a sheet; none where it cannot be read."""
        table = self.table(declared)
        if table is None:
            return []
        rows = list(table.rows())
        if not rows and declared.presence is Presence.FILLED:
            where = Location(sheet=table.raw.name, cell=f"A{table.heading_row + 1}")
            self.problems.append(make("E121", where))
        return rows


def required_text(cell: Cell, code: str = "E101", read: Callable[[Cell], Text] = read_text) -> Text:
    """The text of a cell that must be filled; reported where it is blank."""
    before = len(cell.problems)
    text = read(cell)
    if not text.text and len(cell.problems) == before:
        cell.report(code)
    return text


class Codes:
    """The codes that a sheet declares, in its own order; found by their keys."""

    def __init__(self, sheet: str) -> None:
        self.sheet = sheet
        self._declared: dict[str, tuple[str, Cell]] = {}
        self._named: dict[str, str] = {}

    def __len__(self) -> int:
        return len(self._declared)

    def declare(self, cell: Cell, name: str = "") -> str | None:
        """The code in a cell; None, and a problem, where it is blank or declared already.

        ``name`` is what else the row is known by: it serves suggestions only.
        """
        code = required_text(cell, read=read_code).text
        if not code:
            return None
        first = self._declared.setdefault(name_key(code), (code, cell))[1]
        if first is not cell:
            cell.report("E106", found=code, first=first.at.cell)
            return None
        self._named[name_key(name)] = code
        return code

    def find(self, text: str, cell: Cell) -> str | None:
        """The declared code that ``text`` means; None, and a problem, for an unknown one.

        Where nothing at all is declared the sheet is missing, or empty, and has been
        reported itself: every reference to it would only say the same again.
        """
        if not self._declared:
            return None
        found = self._declared.get(name_key(text))
        if found is not None:
            return found[0]
        codes = [code for code, _ in self._declared.values()]
        close = self._named.get(name_key(text)) or nearest(text, codes)
        words = hints(f"是否為「{close}」？" if close else "", f"Is it “{close}”?" if close else "")
        cell.report("E107", found=text, sheet=self.sheet, codes="、".join(codes), **words)
        return None

    def refer(self, cell: Cell) -> str | None:
        """The declared code that a required cell refers to."""
        text = required_text(cell, read=read_code).text
        return self.find(text, cell) if text else None
