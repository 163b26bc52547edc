"""Approval of an archived edition: its rounds are those of its workbook."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.approval import DEFAULT_ROUNDS, edition_approval, write_slip
from reportgen.archive import find_edition, load_files, open_archive
from reportgen.archive.submission_package import SOURCE
from reportgen.problems import has_errors
from reportgen.workbook.reading.sandboxed_reader import start_reading

if TYPE_CHECKING:
    from reportgen.approval import EditionApproval, SlipReceipt, SlipRequest
    from reportgen.archive import Archive, LogEntry
    from reportgen.problems import Problem


def approve_edition(
    folder: Path, request: SlipRequest
) -> tuple[SlipReceipt | None, tuple[Problem, ...]]:
    """Write the slip that is requested into an archive; the rounds of ``request`` are replaced.

    Its ``entry`` is the newest version unless it is given. Return None with the problems if nothing
    was written: those of :func:`approval_of` and :func:`reportgen.approval.write_slip`.
    """
    approval, problems = approval_of(folder, request.edition, request.agency)
    if approval is None or has_errors(problems):
        return None, problems
    entry = approval.entry.number if request.entry is None else request.entry
    return write_slip(folder, replace(request, rounds=approval.rounds, entry=entry))


def approval_of(
    folder: Path, edition: str, agency: str = ""
) -> tuple[EditionApproval | None, tuple[Problem, ...]]:
    """Return the approval of an archived edition, and its problems.

    None if there is no such archive or edition, or if no slip counts and the workbook, which names
    the rounds, cannot be read.
    """
    archive, problems = open_archive(folder)
    if archive is None:
        return None, problems
    entry, not_found = find_edition(archive, edition, agency)
    if entry is None:
        return None, (*problems, *not_found)
    approval, found = edition_approval(archive, entry)
    if not approval.valid and not has_errors(found):
        rounds, unreadable = _workbook_rounds(archive, approval.entry)
        if rounds is None:
            return None, (*problems, *unreadable)
        approval = replace(approval, default_rounds=rounds)
    return approval, (*problems, *found)


def _workbook_rounds(
    archive: Archive, entry: LogEntry
) -> tuple[tuple[str, ...] | None, tuple[Problem, ...]]:
    """Return the posts of a version's 核章欄, each once, or the default rounds if it has none.

    None with the problems if the archived workbook is damaged or cannot be read.
    """
    files, problems = load_files(archive, entry)
    if has_errors(problems):
        return None, problems
    workbooks = {path: data for path, data in files.items() if path.startswith(f"{SOURCE}/")}
    for path, content in workbooks.items():
        with tempfile.TemporaryDirectory(prefix="reportgen-", ignore_cleanup_errors=True) as folder:
            workbook = Path(folder) / path.rpartition("/")[2]
            workbook.write_bytes(content)
            with start_reading(workbook) as reading:
                scorecard, problems = reading.result()
        if scorecard is None:
            return None, problems
        if scorecard.signatories:
            return tuple(dict.fromkeys(map(str, scorecard.signatories))), ()
    return DEFAULT_ROUNDS, ()
