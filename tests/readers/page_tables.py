"""The tables of a page of docs/, row by row, so that tests can run them."""

from __future__ import annotations

import re
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"
_TABLE = re.compile(r"^\|(?P<head>.+)\|\n\|[-|]+\|\n(?P<rows>(?:\|.*\|\n?)+)", re.MULTILINE)


def tables(page: str, *columns: str) -> list[tuple[str, ...]]:
    """The cells of these columns, of every row of every table that has just them all.

    Other columns may stand beside them. ``⏎`` is a line break; backticks around a whole
    cell are left out.
    A column that a table may lack ends in ``?``; its cells are then blank.
    """
    found: list[tuple[str, ...]] = []
    for table in _TABLE.finditer(page):
        head = _cells(table["head"])
        if not {name for name in columns if not name.endswith("?")} <= set(head):
            continue
        for line in table["rows"].splitlines():
            row = dict(zip(head, _cells(line.strip("|")), strict=True))
            found.append(tuple(row.get(name.rstrip("?"), "") for name in columns))
    return found


def _cells(line: str) -> list[str]:
    cells = (cell.strip().replace("⏎", "\n") for cell in line.split("|"))
    return [re.sub(r"^`([^`]*)`$", r"\1", cell) for cell in cells]
