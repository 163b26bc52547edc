"""Workbook → Scorecard, with every problem at once."""

from __future__ import annotations

import errno
import os
import re
from pathlib import PurePath
from typing import TYPE_CHECKING

from reportgen.model import Scorecard
from reportgen.problems import Location, make
from reportgen.workbook.basics import read_basics
from reportgen.workbook.days import parse_date
from reportgen.workbook.figures import (
    read_checks,
    read_data,
    read_lights,
    read_names,
    read_revisions,
    read_targets,
    read_values,
)
from reportgen.workbook.file_kinds import right_suffix, right_suffix_of_open_document
from reportgen.workbook.milestones import read_milestones
from reportgen.workbook.package_check import Package, UnreadableError
from reportgen.workbook.pictures import read_pictures
from reportgen.workbook.schema import DATA, VALUES
from reportgen.workbook.sheets import read_sheets
from reportgen.workbook.source import Source, is_wanted
from reportgen.workbook.structure import read_structure

if TYPE_CHECKING:
    from pathlib import Path

    from reportgen.model import Picture, RocDate, Text
    from reportgen.problems import Problem
    from reportgen.workbook.structure import Structure


def read(path: Path) -> tuple[Scorecard | None, tuple[Problem, ...]]:
    """The edition that a workbook states, and all that is wrong with it.

    Never raises for bad input. The scorecard is None only where the file is no workbook,
    or the cover date, the revision date or the data year cannot be known; otherwise rows
    with errors are left out of it, so that later stages can report as well. Nothing may be
    written while the problems hold an error.
    """
    content, problems = load(path)
    return (None, problems) if content is None else read_loaded(path, content)


def load(path: Path) -> tuple[bytes | None, tuple[Problem, ...]]:
    """A workbook's bytes; E302 or E303 where there are none to be had."""
    try:
        return path.read_bytes(), ()
    except OSError as error:
        return None, (_unreadable(path, error),)


def read_loaded(path: Path, content: bytes) -> tuple[Scorecard | None, tuple[Problem, ...]]:
    """Like :func:`read`, for a workbook whose bytes have been loaded from ``path``."""
    scorecard, problems = read_bytes(content, file=path.name)
    if scorecard is not None:
        problems += _misnamed(path, scorecard.revised)
    return scorecard, problems


def read_bytes(content: bytes, *, file: str = "") -> tuple[Scorecard | None, tuple[Problem, ...]]:
    """Like :func:`read`, for a workbook that is in memory; ``file`` is its name, for problems."""
    problems: list[Problem] = []
    try:
        package = Package(content, file).transitional()
        source = Source(read_sheets(package, is_wanted), problems)
    except UnreadableError as error:
        return None, (error.problem,)
    problems += _mistaken_suffix(package, file)
    if package.has_macros:
        problems.append(make("N156", Location(file=file)))
    problems += (make("N142", Location(file=file), found=part) for part in package.astray)
    scorecard = _scorecard(source, _pictures(package, source))
    return scorecard, tuple(dict.fromkeys(problems))


def _scorecard(source: Source, pictures: tuple[Picture, ...]) -> Scorecard | None:
    basics = read_basics(source)
    structure = read_structure(source)
    source.problems.extend(_without_parent(structure, basics.parent))
    data = source.table(DATA)
    rows = read_names(data) if data is not None else ()
    items = ((row.item.text, row.component.text) for row in rows)
    milestones = read_milestones(items, structure.kpis)
    figures = (
        ()
        if data is None
        else read_data(data, rows, basics.data_year, basics.status, milestones.of_items)
    )
    kept = {kpi.code for kpi in structure.kpis}
    targets = read_targets(source, structure.kpi_codes, kept, milestones.of_kpis)
    lights, checks = read_lights(source), read_checks(source)
    values, revisions = read_values(source), read_revisions(source)
    if basics.cover_date is None or basics.revised is None or basics.data_year is None:
        return None
    return Scorecard(
        agency=basics.agency,
        title=basics.title,
        cover_date=basics.cover_date,
        revised=basics.revised,
        data_year=basics.data_year,
        status=basics.status,
        mission=basics.mission,
        vision=basics.vision,
        core_values=basics.core_values,
        objectives_per_page=basics.objectives_per_page,
        perspectives=structure.perspectives,
        themes=structure.themes,
        objectives=structure.objectives,
        kpis=structure.kpis,
        figures=figures,
        targets=targets,
        lights=lights,
        cross_checks=checks,
        values=values,
        pictures=pictures,
        revisions=revisions,
        parent=basics.parent,
    )


def _without_parent(structure: Structure, parent: Text | None) -> tuple[Problem, ...]:
    """W114, once, where 上位目標 is filled but nobody says whose objectives are meant."""
    referring = [each for each in structure.objectives if each.parents]
    if parent is not None or not referring:
        return ()
    at = referring[0].parents[0].at
    found = "、".join(each.text for each in referring[0].parents)
    where = Location(sheet=at.sheet, cell=at.cell)
    return (make("W114", where, found=found, count=len(referring)),)


def _pictures(package: Package, source: Source) -> tuple[Picture, ...]:
    """The pictures of 經營核心價值; what is wrong with one is told by its cell."""
    sheet = source.sheet(VALUES)
    if sheet is None:
        return ()
    try:
        pictures, problems = read_pictures(package, sheet)
    except UnreadableError as error:
        source.problems.append(error.problem)
        return ()
    except (SyntaxError, KeyError, ValueError, TypeError, AttributeError) as error:
        source.problems.append(package.damaged(type(error).__name__).problem)
        return ()
    source.problems.extend(problems)
    return tuple(pictures)


def _unreadable(path: Path, error: OSError) -> Problem:
    where = Location(file=path.name)
    if error.errno == errno.ENOENT:
        return make("E302", where, found=path.name, hint="", hint_en="")
    return make("E303", where, found=path.name, reason=error.strerror or os.strerror(errno.EIO))


def _mistaken_suffix(package: Package, file: str) -> tuple[Problem, ...]:
    """A name that ends like another kind of file; one without an ending says nothing."""
    suffix, right = PurePath(file).suffix, _right_suffix(package)
    if not right or suffix.lower() == right or not re.fullmatch(r"\.[A-Za-z]{2,4}", suffix):
        return ()
    return (make("W156", Location(file=file), found=suffix, right=right),)


def _right_suffix(package: Package) -> str:
    if package.is_opendocument:
        return right_suffix_of_open_document(package.read("mimetype") or b"")
    return right_suffix(package.read("[Content_Types].xml") or b"")


def _misnamed(path: Path, revised: RocDate) -> tuple[Problem, ...]:
    """A file is named after its revision date; another date in its name is worth a look."""
    named = parse_date(path.stem)
    if named == revised or not hasattr(named, "edition"):
        return ()
    where = Location(file=path.name)
    return (make("W113", where, revised=revised.edition),)
