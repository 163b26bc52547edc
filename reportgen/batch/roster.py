"""The roster of expected agencies: 機關名單.csv or 機關名單.txt.

Each line is an agency, followed by a comma and its parent agency, if any.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Final

from reportgen.problems import Location, Problem, make_problem
from reportgen.rollup import ExpectedAgency

if TYPE_CHECKING:
    from pathlib import Path

ROSTER_NAMES: Final = ("機關名單.csv", "機關名單.txt")
HEADINGS: Final = frozenset({"機關", "機關名稱", "agency"})
ENCODINGS: Final = ("utf-8-sig", "cp950")  # the latter is Excel's CSV on a Taiwanese Windows


def find_roster(folder: Path) -> Path | None:
    """Return the roster in a folder, or None."""
    return next((folder / name for name in ROSTER_NAMES if (folder / name).is_file()), None)


def read_roster(path: Path) -> tuple[tuple[ExpectedAgency, ...], tuple[Problem, ...]]:
    """Return the agencies of a roster in its order, without headings and blank lines.

    No agencies, with a problem: E303 if it cannot be read, E314 if it is no text.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        return (), (make_problem("E303", Location(file=str(path)), found=path.name, reason=reason),)
    text = _decode_roster(content)
    if text is None:
        return (), (make_problem("E314", Location(file=str(path)), found=path.name),)
    rows = ([cell.strip() for cell in row] for row in csv.reader(io.StringIO(text)))
    return tuple(
        ExpectedAgency(agency=row[0], parent=row[1] if len(row) > 1 else "")
        for row in rows
        if row and row[0] and row[0] not in HEADINGS
    ), ()


def _decode_roster(content: bytes) -> str | None:
    """Return a file as text in the first of ENCODINGS that fits; None if none does.

    None as well for a text with NUL, which is a binary file.
    """
    for encoding in ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if "\0" in text else text
    return None


__all__ = ["find_roster", "read_roster"]
