"""The reader: from a workbook to a Scorecard, with all problems at once."""

from __future__ import annotations

import errno
import os
import re
from pathlib import PurePath
from typing import TYPE_CHECKING

from reportgen.model.scorecard import Scorecard
from reportgen.problems import Location, make_problem
from reportgen.workbook.reading.basics_sheet import read_basics
from reportgen.workbook.reading.commentary_sheets import read_commentaries, read_initiatives
from reportgen.workbook.reading.data_sheets import (
    read_checks,
    read_data,
    read_lights,
    read_names,
    read_revisions,
    read_targets,
    read_values,
)
from reportgen.workbook.reading.embedded_images import read_images
from reportgen.workbook.reading.file_type import expected_open_document_suffix, expected_suffix
from reportgen.workbook.reading.roc_dates import parse_date
from reportgen.workbook.reading.sheet_reader import read_sheets
from reportgen.workbook.reading.structure_sheets import read_structure
from reportgen.workbook.reading.workbook_source import WorkbookSource, is_wanted
from reportgen.workbook.reading.zip_package import Package, UnreadableError
from reportgen.workbook.schema.milestone_rows import read_milestones
from reportgen.workbook.schema.sheets import DATA, VALUES

if TYPE_CHECKING:
    from pathlib import Path

    from reportgen.model.scorecard import Picture, RocDate, Text
    from reportgen.problems import Problem
    from reportgen.workbook.reading.structure_sheets import Structure


def read(path: Path) -> tuple[Scorecard | None, tuple[Problem, ...]]:
    """Return the edition that a workbook states, and all problems found in it.

    Never raises for bad input. The scorecard is None only if the file is no workbook, or if
    the cover date, the revision date or the data year cannot be read; otherwise rows with
    errors are left out of it, so that later stages can report as well. Nothing may be
    written while the problems hold an error.
    """
    content, problems = read_file(path)
    return (None, problems) if content is None else read_named_bytes(path, content)


def read_file(path: Path) -> tuple[bytes | None, tuple[Problem, ...]]:
    """Return the bytes of a workbook, or None with E302 (no such file) or E303 (cannot be read)."""
    try:
        return path.read_bytes(), ()
    except OSError as error:
        return None, (_unreadable(path, error),)


def read_named_bytes(path: Path, content: bytes) -> tuple[Scorecard | None, tuple[Problem, ...]]:
    """Return what :func:`read` does, from bytes that were loaded from ``path``.

    The file is not opened; its name is compared with the date (W113).
    """
    scorecard, problems = read_bytes(content, file=path.name)
    if scorecard is not None:
        problems += _file_name_problems(path, scorecard.revised)
    return scorecard, problems


def read_bytes(content: bytes, *, file: str = "") -> tuple[Scorecard | None, tuple[Problem, ...]]:
    """Return what :func:`read` does, from memory; ``file`` is its name, for problems.

    A problem that occurs twice at one place is returned once.
    """
    problems: list[Problem] = []
    try:
        package = Package(content, file).to_transitional()
        source = WorkbookSource(read_sheets(package, is_wanted), problems)
    except UnreadableError as error:
        return None, (error.problem,)
    problems += _mistaken_suffix(package, file)
    if package.has_macros:
        problems.append(make_problem("N156", Location(file=file)))
    problems += (
        make_problem("N142", Location(file=file), found=part) for part in package.misplaced_parts
    )
    scorecard = _read_scorecard(source, _pictures(package, source))
    return scorecard, tuple(dict.fromkeys(problems))


def _read_scorecard(source: WorkbookSource, pictures: tuple[Picture, ...]) -> Scorecard | None:
    """Return the scorecard read from all sheets; problems are added to those of ``source``.

    None if a date or the data year cannot be read.
    """
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
        else read_data(data, rows, basics.data_year, basics.status, milestones.by_item)
    )
    kpi_codes = {kpi.code for kpi in structure.kpis}
    targets = read_targets(source, structure.kpi_codes, kpi_codes, milestones.by_kpi)
    commentaries = read_commentaries(source, structure.kpi_codes, kpi_codes)
    objective_codes = {objective.code for objective in structure.objectives}
    initiatives = read_initiatives(source, structure.objective_codes, objective_codes)
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
        signatories=basics.signatories,
        has_words_in_results=basics.has_words_in_results,
        commentaries=commentaries,
        initiatives=initiatives,
    )


def _without_parent(structure: Structure, parent: Text | None) -> tuple[Problem, ...]:
    """Return W114, once, if 上位目標 is filled but 上級機關 is blank."""
    referring = [objective for objective in structure.objectives if objective.parents]
    if parent is not None or not referring:
        return ()
    cell_ref = referring[0].parents[0].at
    codes = "、".join(parent_code.text for parent_code in referring[0].parents)
    location = Location(sheet=cell_ref.sheet, cell=cell_ref.cell)
    return (make_problem("W114", location, found=codes, count=len(referring)),)


def _pictures(package: Package, source: WorkbookSource) -> tuple[Picture, ...]:
    """Return the images of 經營核心價值; the problems are added to those of ``source``.

    None of them, with E132, if a drawing is damaged.
    """
    sheet = source.sheet(VALUES)
    if sheet is None:
        return ()
    try:
        pictures, problems = read_images(package, sheet)
    except UnreadableError as error:
        source.problems.append(error.problem)
        return ()
    except (SyntaxError, KeyError, ValueError, TypeError, AttributeError) as error:
        source.problems.append(package.damaged_error(type(error).__name__).problem)
        return ()
    source.problems.extend(problems)
    return tuple(pictures)


def _unreadable(path: Path, error: OSError) -> Problem:
    """Return the problem of a file that cannot be opened: E302 for a missing one, else E303."""
    location = Location(file=path.name)
    if error.errno == errno.ENOENT:
        return make_problem("E302", location, found=path.name, hint="", hint_en="")
    return make_problem(
        "E303", location, found=path.name, reason=error.strerror or os.strerror(errno.EIO)
    )


def _mistaken_suffix(package: Package, file: str) -> tuple[Problem, ...]:
    """Return W156 for a suffix of another file type; a name without a suffix is fine."""
    suffix, expected = PurePath(file).suffix, _right_suffix(package)
    if not expected or suffix.lower() == expected or not re.fullmatch(r"\.[A-Za-z]{2,4}", suffix):
        return ()
    return (make_problem("W156", Location(file=file), found=suffix, right=expected),)


def _right_suffix(package: Package) -> str:
    """Return the suffix that fits the package's contents; empty for unknown contents."""
    if package.is_opendocument:
        return expected_open_document_suffix(package.read("mimetype") or b"")
    return expected_suffix(package.read("[Content_Types].xml") or b"")


def _file_name_problems(path: Path, revised: RocDate) -> tuple[Problem, ...]:
    """Return W113 for a file name that is another date than the revision date.

    A name that is no date is fine.
    """
    date_in_name = parse_date(path.stem)
    if date_in_name == revised or not hasattr(date_in_name, "edition"):
        return ()
    location = Location(file=path.name)
    return (make_problem("W113", location, revised=revised.edition),)
