"""The roll-up of a batch: 彙整.xlsx and the document 彙整, beside the agencies' own files."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Final

from reportgen.atomic_files import write_files
from reportgen.batch import build_cache
from reportgen.batch.incremental_build import ANNOTATED_NAME, WorkbookRow, results_of
from reportgen.batch.tasks import Status
from reportgen.documents import ROLLUP
from reportgen.pipeline.build_edition import OPEN_DATA_FOLDER
from reportgen.pipeline.rollup_document import render_rollup
from reportgen.problems import has_errors
from reportgen.processes.gc_policy import relaxed_gc
from reportgen.provenance.manifest import template_files
from reportgen.render.templates.template_engine import find_template
from reportgen.rollup import Submission, roll_up

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reportgen.batch.incremental_build import BatchOptions, BatchResult
    from reportgen.pipeline import Settings
    from reportgen.problems import Problem
    from reportgen.rollup import ExpectedAgency, RollUp

FILE_STEM: Final = "彙整"
DOCUMENT_SUFFIXES: Final = (".pdf", ".docx", ".odt")


@dataclass(frozen=True, slots=True, kw_only=True)
class RollupFiles:
    """The files of a roll-up, and its problems."""

    files: tuple[Path, ...]
    problems: tuple[Problem, ...]
    unchanged: bool = False


def write_rollup_files(
    collected: BatchResult,
    roster: tuple[ExpectedAgency, ...],
    options: BatchOptions,
    settings: Settings,
) -> RollupFiles:
    """Roll up all rows and write 彙整.xlsx and its documents to the output folder.

    If no input has changed since the last time, nothing is written and the files of then are
    returned. Without errors a cache entry is written too.
    """
    output = options.output
    files = _template_parts(settings)
    inputs = _inputs_json(collected.rows, roster, options, is_open_data=settings.open_data)
    key = build_cache.digest((inputs, *files))
    record = None if options.force else build_cache.read_entry(output, FILE_STEM, key)
    if record is not None:
        paths = tuple(output / name for name in record.files)
        return RollupFiles(files=paths, problems=record.problems, unchanged=True)
    with relaxed_gc():
        rolled, problems = roll_up(_submissions_of_rows(collected.rows, output), roster)
        contents, render_problems = render_rollup(rolled, settings)
        if settings.open_data:
            open_data, open_data_problems = _open_data(rolled)
            contents |= open_data
            render_problems += open_data_problems
    problems += render_problems
    written, unwritten = write_files({output / name: content for name, content in contents.items()})
    if not has_errors((*render_problems, *unwritten)):
        digests = {name: build_cache.sha256(content) for name, content in contents.items()}
        entry = build_cache.CacheEntry(
            key=key, status=Status.MADE, problems=problems, files=digests
        )
        unwritten += build_cache.write_entry(output, FILE_STEM, entry)
    return RollupFiles(files=tuple(file.path for file in written), problems=(*problems, *unwritten))


def _template_parts(settings: Settings) -> tuple[bytes, ...]:
    """Return names and contents of the roll-up template's files, alternating; empty if missing."""
    template, _ = find_template(ROLLUP, settings.templates, settings.working_folder)
    files = template_files(template.folder) if template else {}
    return tuple(part for name, content in files.items() for part in (name.encode(), content))


def _inputs_json(
    rows: tuple[WorkbookRow, ...],
    roster: tuple[ExpectedAgency, ...],
    options: BatchOptions,
    *,
    is_open_data: bool,
) -> bytes:
    """Return all inputs of the roll-up as JSON; equal bytes mean an equal roll-up.

    They are each row's name, cache key and failure, the roster, the digest of the options, and
    whether open data is written.
    """
    workbooks = [
        [
            row.name,
            build_cache.read_key(row.cache_entry) if row.cache_entry else "",
            row.status is Status.FAILED,
        ]
        for row in rows
    ]
    agencies = [[agency.agency, agency.parent] for agency in roster]
    inputs = [workbooks, agencies, options.inputs_digest, is_open_data]
    return json.dumps(inputs, ensure_ascii=False).encode()


def _open_data(rolled: RollUp) -> tuple[dict[str, bytes], tuple[Problem, ...]]:
    """Return the open data of the agencies that count, by path below the output, and its errors.

    These are of the figures bound in words; an agency with an error in them is left out.
    """
    from reportgen.exports.open_data import collected_open_data_files

    agencies = [(agency.used, agency.results) for agency in rolled.counted]
    counted = [(used, results) for used, results in agencies if used and results]
    if not counted or rolled.year is None:
        return {}, ()
    files, errors = collected_open_data_files([results for _, results in counted], rolled.year)
    return {f"{OPEN_DATA_FOLDER}/{name}": content for name, content in files.items()}, tuple(
        problem.in_file(counted[number][0].workbook)
        for number, found in errors.items()
        for problem in found
    )


def _submissions_of_rows(rows: Iterable[WorkbookRow], output: Path) -> Iterable[Submission]:
    """Yield each workbook as a submission, its results loaded, with links relative to ``output``.

    Refused and failed workbooks have no documents.
    """
    for row in rows:
        has_failed = row.status in (Status.REFUSED, Status.FAILED)
        yield Submission(
            workbook=_relative_link(row.workbook, output),
            results=results_of(row),
            problems=row.problems,
            annotated=_relative_link(row.annotated_copy, output) if row.annotated_copy else "",
            documents=()
            if has_failed
            else tuple(
                _relative_link(path, output)
                for path in row.files
                if path.suffix in DOCUMENT_SUFFIXES
            ),
            agency=_agency_of_path(row.name),
        )


def _agency_of_path(name: str) -> str:
    """Return the probable agency of a workbook that cannot be read: ``甲局/105.xlsx`` is of 甲局.

    A file that is in no subfolder, such as ``甲局_105.xlsx``, is of its name up to the first "_".
    """
    path = PurePath(name)
    if path.parent.name:
        return path.parent.name
    return path.stem.removesuffix(f"_{ANNOTATED_NAME}").partition("_")[0]


def _relative_link(path: Path, output: Path) -> str:
    """Return a path relative to the output folder, or its file URI if it is on another drive."""
    try:
        return PurePath(os.path.relpath(path.absolute(), output.absolute())).as_posix()
    except ValueError:  # another drive of Windows
        return path.absolute().as_uri()


__all__ = ["RollupFiles", "write_rollup_files"]
