"""Tasks of worker processes on archived editions: their approvals, and documents that print them.

As in :mod:`reportgen.web.worker_tasks` the first argument of each is ``report``, unused here.
"""

from __future__ import annotations

import io
import zipfile
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from reportgen.archive import open_archive
from reportgen.problems import StoppedError, has_errors, make_problem
from reportgen.web.worker_tasks import StateChanges, WorkerConfig, build_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from reportgen.approval import EditionApproval, SlipReceipt, SlipRequest
    from reportgen.archive import Archive, ArchiveReceipt, LogEntry
    from reportgen.pipeline import Settings
    from reportgen.pipeline.archive_edition import EditionArchiveOptions
    from reportgen.problems import Problem


def read_approval(
    report: Callable[[StateChanges], None], folder: Path, number: int
) -> tuple[EditionApproval | None, tuple[Problem, ...]]:
    """Return the approval of the edition in a line of an archive's log, and its problems.

    None as :func:`approval_of`; with E613 if the line is no edition's.
    """
    from reportgen.pipeline.approve_edition import approval_of

    archive, problems = open_archive(folder)
    entry = edition_entry(archive, number)
    if archive is None or entry is None:
        return None, problems or (_not_archived(number),)
    return approval_of(folder, entry.edition, entry.agency)


def write_slip(
    report: Callable[[StateChanges], None], folder: Path, request: SlipRequest
) -> tuple[SlipReceipt | None, tuple[Problem, ...]]:
    """Write a slip into an archive; return as :func:`approve_edition`."""
    from reportgen.pipeline.approve_edition import approve_edition

    try:
        return approve_edition(folder, request)
    except StoppedError as stop:
        return None, stop.problems


def print_approved(
    report: Callable[[StateChanges], None], config: WorkerConfig, folder: Path, number: int
) -> tuple[bytes, tuple[Problem, ...]]:
    """Return the documents of an archived edition with its approvals printed, as a ZIP.

    They are made of its own workbook and templates, in its formats. b"" with the problems if they
    cannot be made.
    """
    from reportgen.pipeline import render_edition

    try:
        with _unpacked(config, folder, number) as (workbook, settings):
            result = render_edition(workbook, settings)
    except StoppedError as stop:
        return b"", stop.problems
    contents = {path.name: content for path, content in result.contents.items()}
    return zip_bytes(contents), result.problems


def archive_approved(
    report: Callable[[StateChanges], None],
    config: WorkerConfig,
    number: int,
    options: EditionArchiveOptions,
) -> tuple[ArchiveReceipt | None, tuple[Problem, ...]]:
    """Archive a reprint of an edition with its approvals printed; return the receipt, and problems.

    None with the problems if it was not archived.
    """
    from reportgen.pipeline.archive_edition import archive_edition

    try:
        with _unpacked(config, options.archive, number) as (workbook, settings):
            result = archive_edition(workbook, settings, options)
    except StoppedError as stop:
        return None, stop.problems
    return result.receipt, result.archive_problems


@contextmanager
def _unpacked(config: WorkerConfig, folder: Path, number: int) -> Iterator[tuple[Path, Settings]]:
    """Yield the workbook of an archived edition, and the settings to build it with its approvals.

    Raise StoppedError with the archive's problems.
    """
    from reportgen.pipeline.archived_sources import unpack_sources
    from reportgen.pipeline.exit_codes import exit_code

    with TemporaryDirectory(prefix="reportgen-", ignore_cleanup_errors=True) as name:
        archive, problems = open_archive(folder)
        entry = edition_entry(archive, number)
        sources = None
        if archive is not None and entry is not None:
            sources, problems = unpack_sources(archive, entry, Path(name))
        if sources is None:
            problems = problems if has_errors(problems) else (_not_archived(number),)
            raise StoppedError(problems, exit_code(problems))
        settings = build_settings(config, Path(name, "output"), sources.documents)
        yield (
            sources.workbook,
            replace(
                settings, templates=sources.templates, formats=sources.formats, approvals=folder
            ),
        )


def edition_entry(archive: Archive | None, number: int) -> LogEntry | None:
    """Return the edition in a line of an archive's log; None if the line is no edition's."""
    editions = archive.editions if archive else ()
    return next((entry for entry in editions if entry.number == number), None)


def _not_archived(number: int) -> Problem:
    """Return E613 for a line of the log that is no edition's."""
    return make_problem("E613", found=str(number), hint="", hint_en="")


def zip_bytes(contents: dict[str, bytes]) -> bytes:
    """Return files as a ZIP, path → content."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in contents.items():
            archive.writestr(path, content)
    return buffer.getvalue()


__all__ = ["archive_approved", "edition_entry", "print_approved", "read_approval", "write_slip"]
