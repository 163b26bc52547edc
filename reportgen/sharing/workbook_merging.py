"""Merging as a use case: parts are read, merged, and the edition is written in one step."""

from __future__ import annotations

import hashlib
import os
import tempfile
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from reportgen.archive.lock import LockTimeoutError, UnlockableError, file_lock
from reportgen.atomic_files import is_open_elsewhere, write_files
from reportgen.problems import (
    ExitCode,
    Location,
    Problem,
    StoppedError,
    has_errors,
    make_problem,
)
from reportgen.sharing.delivery_status import missed_kpis, unit_statuses
from reportgen.sharing.edition_update import apply_changes
from reportgen.sharing.part_files import read_part_files
from reportgen.sharing.part_merging import merge_parts
from reportgen.sharing.shared_edition import read_edition
from reportgen.workbook.reading.workbook_reader import read_bytes, read_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from reportgen.atomic_files import WrittenFile
    from reportgen.model.scorecard import Scorecard
    from reportgen.sharing.delivery_status import UnitStatus
    from reportgen.sharing.edition_update import EditionUpdate
    from reportgen.sharing.part_merging import Change
    from reportgen.sharing.shared_edition import SharedEdition


LOCK_TIMEOUT_S: Final = 30.0  # how long a merge waits for another one of the same workbook


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeReport:
    """What merging has done, or would do."""

    scorecard: Scorecard  # of the edition as it was before
    changes: tuple[Change, ...]
    statuses: tuple[UnitStatus, ...]
    problems: tuple[Problem, ...]
    content: bytes  # the workbook with the changes, whether it is written or not
    written: WrittenFile | None  # None if nothing was written


def merge_workbook(
    workbook: Path,
    parts: Iterable[Path],
    *,
    is_trial: bool = False,
    is_partial: bool = False,
    folder: Path | None = None,
) -> MergeReport:
    """Merge parts, given as files and folders, into the workbook of their edition.

    While there is an error nothing is written, unless ``is_partial``: then what is not in
    conflict is. ``is_trial``: nothing is written at all. Parts are named as they are given, or by
    their path in ``folder``. Raise StoppedError if the edition cannot
    be read, or another process merges into it for more than LOCK_TIMEOUT_S (E321).
    """
    with nullcontext() if is_trial else _merge_lock(workbook):
        return _merge(workbook, parts, is_trial=is_trial, is_partial=is_partial, folder=folder)


@contextmanager
def _merge_lock(workbook: Path) -> Iterator[None]:
    """Keep other processes from merging into a workbook between its reading and its writing.

    Waits for them, at most LOCK_TIMEOUT_S; then StoppedError with E321. The workbook itself is
    locked; on Windows, where it could not be replaced then, a file in the temporary folder. What
    cannot be locked is guarded by E319 alone.
    """
    lock_file = workbook
    if os.name == "nt":
        name = hashlib.sha256(str(workbook.resolve()).casefold().encode()).hexdigest()[:16]
        lock_file = Path(tempfile.gettempdir()) / f"reportgen-merge-{name}.lock"
        lock_file.touch()
    with ExitStack() as stack:
        try:
            stack.enter_context(file_lock(lock_file, exclusive=True, seconds=LOCK_TIMEOUT_S))
        except LockTimeoutError:
            problem = make_problem("E321", Location(file=workbook.name), found=workbook.name)
            raise StoppedError([problem], ExitCode.FILE) from None
        except (UnlockableError, OSError):
            pass
        yield


def _merge(
    workbook: Path, parts: Iterable[Path], *, is_trial: bool, is_partial: bool, folder: Path | None
) -> MergeReport:
    """Merge parts as :func:`merge_workbook` does, without a lock."""
    edition, _ = read_edition(workbook)
    returned, problems = read_part_files(parts, workbook, folder)
    merge = merge_parts(edition, returned)
    update = apply_changes(edition, merge.changes)
    problems = (*problems, *merge.problems, *update.problems)
    written = None
    may_write = not is_trial and update.changes and (is_partial or not has_errors(problems))
    if may_write:
        written, write_problems = _write(edition, update.content)
        problems += write_problems
    return MergeReport(
        scorecard=edition.scorecard,
        changes=update.changes,
        statuses=unit_statuses(edition, merge.parts, update.changes, _missed(edition, update)),
        problems=tuple(dict.fromkeys(problems)),
        content=update.content,
        written=written,
    )


def _missed(edition: SharedEdition, update: EditionUpdate) -> frozenset[str]:
    """Return the codes of the KPIs that are missed after merging; none if no words are wanted."""
    if not edition.word_headings:
        return frozenset()
    scorecard = read_bytes(update.content)[0] if update.changes else None
    return missed_kpis(scorecard or edition.scorecard)


def _write(
    edition: SharedEdition, content: bytes
) -> tuple[WrittenFile | None, tuple[Problem, ...]]:
    """Replace the workbook atomically; the old one is kept as a backup.

    None with E318 if another program has it open, E319 if it was changed since it was read, or
    the problems of writing.
    """
    location = Location(file=edition.path.name)
    if is_open_elsewhere(edition.path):
        return None, (make_problem("E318", location, found=edition.path.name),)
    content_now, unreadable = read_file(edition.path)
    if content_now is None:
        return None, unreadable
    if content_now != edition.content:
        return None, (make_problem("E319", location, found=edition.path.name),)
    files, problems = write_files({edition.path: content})
    return (files[0] if files else None), problems
