"""Problems of an input, as values, never exceptions.

Every stage returns its result and the problems it met. A :class:`Problem` names
its code, its location and what was found; the texts come from the catalogue, in
Taiwan's Chinese and in English.
"""

from reportgen.problems.catalogue import CATALOGUE
from reportgen.problems.entry import Entry, Severity
from reportgen.problems.problem import (
    ExitCode,
    Location,
    Problem,
    StoppedError,
    has_errors,
    make_problem,
)

__all__ = [
    "CATALOGUE",
    "Entry",
    "ExitCode",
    "Location",
    "Problem",
    "Severity",
    "StoppedError",
    "has_errors",
    "make_problem",
]
