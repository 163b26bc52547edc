"""How one problem's words are kept."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from string import Formatter


class Severity(StrEnum):
    """How much a problem weighs."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class Entry:
    """The words for one code: what was found, what was expected, how to mend it."""

    severity: Severity
    message: tuple[str, str]
    expected: tuple[str, str]
    fix: tuple[str, str]

    def names(self) -> frozenset[str]:
        """The fields that its texts are filled from."""
        texts = (*self.message, *self.expected, *self.fix)
        return frozenset(
            name for text in texts for _, name, _, _ in Formatter().parse(text) if name
        )
