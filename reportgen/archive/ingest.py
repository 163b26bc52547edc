"""Archiving of an edition: the whole of it is archived, or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reportgen.archive import log
from reportgen.archive.digests import content_chunks, digests
from reportgen.archive.errors import ArchiveError, read_errors
from reportgen.archive.identifiers import FONTS, user_address
from reportgen.archive.repository import lock_archive, newest_state, now, reload
from reportgen.archive.submission_package import DOCUMENTS, RECORD, SOURCE, UsedFont, build_record
from reportgen.archive.transaction import UnfinishedTransactionError, VersionChange, commit_version
from reportgen.model.scorecard import DataStatus
from reportgen.problems import Location, Problem, make_problem

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from reportgen.archive.digests import Content, Digests
    from reportgen.archive.log import LogEntry
    from reportgen.archive.repository import Archive
    from reportgen.archive.submission_package import SubmissionPackage

_MAX_NAMES_SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveReceipt:
    """The entry that holds an edition; ``new`` is False if it was archived before."""

    entry: LogEntry
    new: bool
    head: log.Head


def archive_submission(
    folder: Path, submission: SubmissionPackage
) -> tuple[ArchiveReceipt | None, tuple[Problem, ...]]:
    """Archive an edition or a reprint; once a receipt is returned, the edition is on disk.

    The archive is created if missing, except for a reprint. Return None with the problems if
    nothing was archived: E601 a draft, E602 other contents under the same edition, E603 nothing to
    reprint, E628 a name; E604-E611, E615, E618-E620, E627 the archive. With E609 the edition is
    committed, and will be finished by whoever opens the archive next.
    """
    problems = _check_submission(submission)
    if problems:
        return None, problems
    try:
        with lock_archive(folder, create=not submission.reprint) as locked:
            return _archive_submission(locked, submission), ()
    except ArchiveError as refused:
        return None, refused.problems
    except UnfinishedTransactionError as error:
        fields = {"edition": submission.edition.edition, "reason": error.args[0]}
        return None, (make_problem("E609", Location(file=str(folder)), **fields),)


def _check_submission(submission: SubmissionPackage) -> tuple[Problem, ...]:
    """Return E601 for a draft, else E628 for each unusable name; empty if all is well."""
    if submission.status is DataStatus.DRAFT:
        return (make_problem("E601", edition=submission.edition.edition),)
    return submission.problems()


def _archive_submission(archive: Archive, submission: SubmissionPackage) -> ArchiveReceipt:
    """Archive a submission, its new fonts first, and return the receipt.

    If the same files are archived already, nothing is written and the existing entry is returned.
    Takes no lock: the caller holds it. Raise ArchiveError or UnfinishedTransactionError.
    """
    file_digests = {
        path: digests(content_chunks(content)) for path, content in submission.files.items()
    }
    earlier = [
        entry
        for entry in archive.editions
        if entry.object == submission.object and entry.edition == submission.edition.edition
    ]
    existing = _existing_entry(earlier, submission, file_digests)
    if existing is not None:
        return ArchiveReceipt(entry=existing, new=False, head=log.head(archive.entries))
    archive, fonts = _archive_fonts(archive, submission)
    reprint = earlier[-1].reprint + 1 if earlier else 0
    entry = log.LogEntry(
        number=0,
        previous="",
        time=now(),
        kind=log.REPRINT if reprint else log.EDITION,
        object=submission.object,
        agency=submission.agency,
        edition=submission.edition.edition,
        reprint=reprint,
        status=submission.status.value,
        printed=submission.printed.isoformat(),
    )
    files = {**submission.files, RECORD: build_record(submission, reprint, file_digests, fonts)}
    committed = _commit_version(archive, entry, files, {}, submission.user)
    return ArchiveReceipt(entry=committed, new=True, head=log.head((committed,)))


def _existing_entry(
    earlier: list[LogEntry], submission: SubmissionPackage, file_digests: Mapping[str, Digests]
) -> LogEntry | None:
    """Return the entry that has the submission already, or None if it is to be archived.

    ``earlier`` are the edition's entries. An edition equals the newest one with the same workbook
    and documents; a reprint must also be printed on the same day. Raise ArchiveError: E602 the
    edition is archived with other files, E603 there is nothing to reprint.
    """
    edition = submission.edition.edition
    if not earlier:
        if submission.reprint:
            raise ArchiveError(make_problem("E603", edition=edition))
        return None
    identical = [entry for entry in earlier if not _differing_paths(entry, file_digests)]
    if submission.reprint:
        day = submission.printed.isoformat()
        return next((entry for entry in identical if entry.reprint and entry.printed == day), None)
    if not identical:
        paths = _differing_paths(earlier[-1], file_digests)
        shown = "、".join(paths[:_MAX_NAMES_SHOWN]) + ("…" if len(paths) > _MAX_NAMES_SHOWN else "")
        raise ArchiveError(make_problem("E602", edition=edition, found=shown))
    return identical[-1]


def _differing_paths(entry: LogEntry, file_digests: Mapping[str, Digests]) -> list[str]:
    """Return the paths, sorted, of workbook and documents that an entry does not have alike.

    A path differs if its SHA-256 does, or if one side lacks it. Templates and reports do not count.
    """
    stored = {(file.path, file.sha256) for file in entry.files}
    submitted = {(path, file_digest.sha256) for path, file_digest in file_digests.items()}
    paths = {path for path, _ in stored ^ submitted}
    return sorted(path for path in paths if path.partition("/")[0] in (SOURCE, DOCUMENTS))


def _archive_fonts(
    archive: Archive, submission: SubmissionPackage
) -> tuple[Archive, tuple[UsedFont, ...]]:
    """Archive the fonts of a submission that are new, as a version of their own.

    Return the archive, read again if a version was added, and all fonts of the submission with
    their archived names. Raise ArchiveError (E623) if a font cannot be read.
    """
    fonts = []
    new_files: dict[str, Content] = {}
    archived = newest_state(archive, FONTS)
    for family, path in submission.environment.fonts:
        with read_errors(path):
            font_digests = digests(content_chunks(path))
        name = f"fonts/{font_digests.sha256}{path.suffix.lower()}"
        fonts.append(UsedFont(family=family, name=name, digests=font_digests))
        if name not in archived:
            new_files[name] = path
    if new_files:
        entry = log.LogEntry(number=0, previous="", time=now(), kind=log.FONTS, object=FONTS)
        _commit_version(archive, entry, new_files, archived, submission.user)
        archive = reload(archive)
    return archive, tuple(fonts)


def _commit_version(
    archive: Archive,
    entry: LogEntry,
    files: Mapping[str, Content],
    kept: Mapping[str, str],
    user: str,
) -> LogEntry:
    """Write a new version of an object and its log entry, and return the entry as logged.

    ``kept`` are the files of the version before that stay: path → SHA-512. Raises as
    :func:`commit_version` does.
    """
    message = f"{entry.name} {entry.agency}".strip() or entry.kind
    change = VersionChange(
        entry=entry,
        files=files,
        inherited=kept,
        message=message,
        user=user,
        address=user_address(user),
    )
    return commit_version(archive.root, archive.entries, archive.size, change)
