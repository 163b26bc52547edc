"""Catalogue entries: the texts of one problem code."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from string import Formatter


class Severity(StrEnum):
    """The severity of a problem: only an ERROR keeps documents from being written.

    A WARNING is to be looked at, a NOTICE states an automatic correction.
    """

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class Entry:
    """The texts of one code: what was found, what was expected, how to fix it."""

    severity: Severity
    message: tuple[str, str]
    expected: tuple[str, str]
    fix: tuple[str, str]

    def names(self) -> frozenset[str]:
        """Return the names of the fields that its texts need, in either language."""
        texts = (*self.message, *self.expected, *self.fix)
        return frozenset(
            name for text in texts for _, name, _, _ in Formatter().parse(text) if name
        )
