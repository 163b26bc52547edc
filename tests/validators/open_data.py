"""Open data held to its descriptions by frictionless and by csvw, the Python packages."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def frictionless_errors(folder: Path) -> list[str]:
    """What frictionless finds in a package: also that a file is not the one described."""
    from frictionless import Package, system

    with warnings.catch_warnings(), system.use_context(trusted=True):
        warnings.simplefilter("ignore")  # its own, of what it imports
        report = Package(str(folder / "datapackage.json")).validate()
    found = report.flatten(["title", "type", "note"])
    return [" ".join(filter(None, map(str, error))) for error in found]


def csvw_errors(folder: Path) -> list[str]:
    """What csvw finds in tables described for CSV on the Web: contents, keys, references."""
    from csvw import CSVW

    with warnings.catch_warnings():
        warnings.simplefilter("always")  # its findings are warnings, which it collects
        try:
            described = CSVW(str(folder / "csv-metadata.json"), validate=True)
            if described.is_valid:
                return []
        except ValueError as error:
            return [str(error)]
    return [str(warning.message) for warning in described.warnings]


VALIDATORS: dict[str, Callable[[Path], list[str]]] = {
    "frictionless": frictionless_errors,
    "csvw": csvw_errors,
}
