"""What a finished document says, read back from the file by means of its own.

The readers share no code with the writers: PDFs are read by PDFium through their structure tree,
Word files through their XML. Both answer the same :class:`PageContent`, so that documents can
be held against each other and against the original.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell: its text without white space, and what it spans."""

    text: str
    rows: int = 1
    columns: int = 1


Table = tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class PageContent:
    """A page: its whole text in reading order, without white space, and its tables."""

    text: str
    tables: tuple[Table, ...]


def squeeze(text: str) -> str:
    """A text without white space and without marks that print nothing."""
    return re.sub(r"[\s\u200b\u2060\ufeff]+", "", text)
