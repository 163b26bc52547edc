"""The workbook and the templates of an archived edition, on disk again to be built from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reportgen.archive import load_files
from reportgen.archive.submission_package import RECORD, SOURCE, TEMPLATES, parse_record
from reportgen.problems import has_errors, make_problem

if TYPE_CHECKING:
    from pathlib import Path

    from reportgen.archive import Archive, LogEntry
    from reportgen.problems import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivedSources:
    """What an archived edition was built from, and what was made of it."""

    workbook: Path
    templates: Path  # the folder of all templates
    documents: tuple[str, ...]
    formats: tuple[str, ...]


def unpack_sources(
    archive: Archive, entry: LogEntry, folder: Path
) -> tuple[ArchivedSources | None, tuple[Problem, ...]]:
    """Write workbook and templates of an edition below a folder, which exists, and return them.

    None with the problems if a file of the edition is damaged or missing (those of
    :func:`load_files`; E613 if it has no workbook or record). Raise OSError if the folder cannot be
    written.
    """
    files, problems = load_files(archive, entry)
    if has_errors(problems):
        return None, problems
    record = parse_record(files.get(RECORD, b""))
    workbook = next((path for path in files if path.startswith(f"{SOURCE}/")), None)
    if record is None or workbook is None:
        label = f"{entry.agency} {entry.name}"
        return None, (make_problem("E613", found=label, hint="", hint_en=""),)
    for path, content in files.items():
        if path.startswith((f"{SOURCE}/", f"{TEMPLATES}/")):
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
    parameters = record.fields.get("parameters", {})
    return ArchivedSources(
        workbook=folder / workbook,
        templates=folder / TEMPLATES,
        documents=tuple(map(str, parameters.get("documents", ()))),
        formats=tuple(map(str, parameters.get("formats", ()))),
    ), ()
