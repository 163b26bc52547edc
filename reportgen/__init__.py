"""Strategy maps and balanced scorecards: one workbook in, PDF and Word out.

The names of :mod:`reportgen.api` are loaded when they are first used: every process of the program
imports this module, and most need none of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reportgen.api import (
        Calculation,
        Check,
        Format,
        Known,
        Location,
        Missing,
        Problem,
        Reading,
        Results,
        Scorecard,
        Severity,
        StoppedError,
        WrittenBuild,
        WrittenFile,
        build,
        calculate,
        check,
        compare_workbooks,
        read,
    )

__version__ = "0.1.0"

__all__ = [
    "Calculation",
    "Check",
    "Format",
    "Known",
    "Location",
    "Missing",
    "Problem",
    "Reading",
    "Results",
    "Scorecard",
    "Severity",
    "StoppedError",
    "WrittenBuild",
    "WrittenFile",
    "__version__",
    "build",
    "calculate",
    "check",
    "compare_workbooks",
    "read",
]


def __getattr__(name: str) -> object:
    """Return a name of the API; raise AttributeError for any other."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from reportgen import api

    return getattr(api, name)


def __dir__() -> list[str]:
    """Return the names of this module, those that are not loaded yet included."""
    return sorted({*globals(), *__all__})
