"""Checks of the machine's requirements, with instructions for what is missing."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reportgen.problems import Location, Problem, make_problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckFinding:
    """One requirement that was checked."""

    name: str
    found: str = ""
    problem: Problem | None = None


def run_checks(font_folders: Iterable[Path], folders: Iterable[Path]) -> tuple[CheckFinding, ...]:
    """Check fonts, Pango, HarfBuzz-subset, LibreOffice, and folders that must be writable.

    Return a finding for each, in this order, with what was found or with a problem.
    """
    return (
        *_check_fonts(font_folders),
        *_check_libraries(),
        _check_libreoffice(),
        *(_check_writable(folder) for folder in folders),
    )


def _check_fonts(folders: Iterable[Path]) -> Iterator[CheckFinding]:
    """Yield each font family with its file, then each missing one with its problem."""
    from reportgen.render.fonts.font_set import find_fonts

    families, problems = find_fonts(folders)
    for family in families:
        yield CheckFinding(name=family.face.family, found=str(family.path))
    for problem in problems:
        yield CheckFinding(name=dict(problem.fields)["found"], problem=problem)


def _check_libraries() -> Iterator[CheckFinding]:
    """Yield each library for text layout with its version; E503 for one that is missing.

    E502 alone if Pango cannot be loaded.
    """
    from reportgen.render.weasyprint_patches.startup import library_versions

    try:
        versions = library_versions()
    except OSError as error:
        problem = make_problem("E502", found=str(error).splitlines()[0])
        yield CheckFinding(name="Pango", problem=problem)
        return
    for name, version in versions.items():
        missing = None if version else make_problem("E503")
        yield CheckFinding(name=name, found=version, problem=missing)


def _check_libreoffice() -> CheckFinding:
    """Return the path of LibreOffice; N504 if it is not installed, as only ODF needs it."""
    from reportgen.render.odt.libreoffice import find_program

    path = find_program()
    return CheckFinding(
        name="LibreOffice", found=path, problem=None if path else make_problem("N504")
    )


def _check_writable(folder: Path) -> CheckFinding:
    """Return whether a file can be written in a folder, or in its nearest existing parent.

    The test file is removed. E304 if not.
    """
    parent = folder.absolute()
    try:
        while not parent.exists():
            parent = parent.parent
        with tempfile.TemporaryFile(dir=parent):
            return CheckFinding(name=str(folder), found=str(parent))
    except OSError as error:
        reason = error.strerror or type(error).__name__
        location = Location(file=str(folder))
        return CheckFinding(
            name=str(folder), problem=make_problem("E304", location, found=folder, reason=reason)
        )
