"""Declarations of a workbook's contents: kinds of content, columns, sheets, items.

The records of this package are named tuples, not dataclasses: they take a sixth of the
time to define (0.2 against 1.2 ms), which counts when the program is started for one file.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import NamedTuple


class Kind(Enum):
    """The kind of content that a cell holds."""

    TEXT = auto()
    LONG_TEXT = auto()  # several lines are common
    CODE = auto()  # names its row; unique in its sheet
    REFERENCE = auto()  # one code of another sheet
    REFERENCES = auto()  # several codes of another sheet, A、B
    CHOICE = auto()
    INTEGER = auto()
    RATE = auto()  # 1 is 100 %
    NUMBER = auto()
    DATE = auto()
    FIGURE = auto()  # a number, or a statistical symbol
    TARGET = auto()  # ≥90


class Presence(Enum):
    """Requirements on a sheet: that it exists, and that it has rows."""

    FILLED = auto()  # the sheet, with at least one row
    REQUIRED = auto()  # the sheet; it may be empty
    OPTIONAL = auto()


class Column(NamedTuple):
    """A column: its heading, and the contents allowed below it."""

    name: str
    kind: Kind = Kind.TEXT
    required: bool = False  # the column must be there and every row must fill it
    needed: bool = False  # the column must be there; its cells may be blank
    width: float = 16
    note: str = ""  # shown by Excel when a cell of the column is entered
    choices: tuple[str, ...] = ()
    refers_to: str = ""  # the sheet whose codes are allowed
    minimum: int = 0
    maximum: int = 0
    max_chars: int = 120  # characters of a text
    on_request: bool = False  # written only if it is filled or requested


class Sheet(NamedTuple):
    """A sheet; ``years`` declares the columns of ROC years, which precede ``years_before``."""

    name: str
    columns: tuple[Column, ...]
    purpose: str  # one line above the headings
    presence: Presence = Presence.OPTIONAL
    years: Column | None = None
    years_before: str = ""
    frozen_columns: int = 1  # columns that stay when the sheet is scrolled
    on_request: bool = False  # written only if it is filled or requested; not missed if absent

    def column(self, name: str) -> Column:
        """Return the column of that name; raises KeyError."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


class Item(NamedTuple):
    """A row of 基本資料: its name, the kind of its content, and its explanation."""

    name: str
    kind: Kind
    note: str
    choices: tuple[str, ...] = ()
    minimum: int = 0
    maximum: int = 0
    required: bool = True
    max_chars: int = 120  # characters of a text
    on_request: bool = False  # written only if it is filled or requested
