"""The input of a roll-up: submissions, and the agencies that are expected."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reportgen.problems import has_errors

if TYPE_CHECKING:
    from reportgen.compute.result_types import Results
    from reportgen.problems import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """A workbook that was handed in, and the outcome of its build.

    Paths are those of links: relative to the folder of ``彙整.xlsx``, separated by ``/``, empty
    if there is no such file. ``agency`` names the owner of a workbook that cannot be read.
    """

    workbook: str
    results: Results | None
    problems: tuple[Problem, ...] = ()
    annotated: str = ""
    documents: tuple[str, ...] = ()
    agency: str = ""

    @property
    def is_sound(self) -> bool:
        """True if its documents could be made: there are results, and no problem is an error."""
        return self.results is not None and not has_errors(self.problems)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedAgency:
    """An agency of the roster, and its parent agency if the roster states one."""

    agency: str
    parent: str = ""


__all__ = ["ExpectedAgency", "Submission"]
