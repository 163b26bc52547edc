"""What a collection begins with: what was handed in, and who was to hand in something."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reportgen.problems import has_errors

if TYPE_CHECKING:
    from reportgen.compute.result_types import Results
    from reportgen.problems import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """A workbook that was handed in, and what became of it.

    Paths are those of links: relative to the folder of ``彙整.xlsx``, parted by ``/``, empty
    where there is no such file. ``agency`` says whose it is where the workbook cannot be read.
    """

    workbook: str
    results: Results | None
    problems: tuple[Problem, ...] = ()
    annotated: str = ""
    documents: tuple[str, ...] = ()
    agency: str = ""

    @property
    def is_sound(self) -> bool:
        """Whether its documents could be made."""
        return self.results is not None and not has_errors(self.problems)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedAgency:
    """An agency of the roster, and the one above it if the roster says so."""

    agency: str
    parent: str = ""


__all__ = ["ExpectedAgency", "Submission"]
