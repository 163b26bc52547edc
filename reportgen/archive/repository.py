"""An archive's folder: created, opened, and recovered after an interruption."""

from __future__ import annotations

import os
import secrets
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from reportgen.archive import durable_io, inventory, log, storage_layout
from reportgen.archive.errors import ArchiveError, os_reason, read_errors, write_errors
from reportgen.archive.lock import LockTimeoutError, UnlockableError, file_lock
from reportgen.archive.transaction import (
    recover_transactions,
    staging_folders,
    unfinished_transactions,
)
from reportgen.problems import Location, Problem, has_errors, make_problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from reportgen.archive.log import LogEntry
    from reportgen.archive.transaction import Journal

# Files that operating systems put into any folder.
SYSTEM_FILES = frozenset({".DS_Store", "desktop.ini", "Thumbs.db", ".gitkeep", "lost+found"})
_MAX_NAMES_SHOWN = 5
_RECOVERY_TIMEOUT_S = 2.0  # how long a reader waits to recover a transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """An archive as its log describes it."""

    root: Path
    entries: tuple[LogEntry, ...]
    size: int  # bytes of the log
    unfinished: frozenset[str] = frozenset()  # files that an interrupted version may have moved

    @property
    def editions(self) -> tuple[LogEntry, ...]:
        """Editions and reprints, in the order in which they were archived."""
        return tuple(entry for entry in self.entries if entry.is_edition)


def now() -> str:
    """Return the current second in the form that the archive stores."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def open_archive(folder: Path) -> tuple[Archive | None, tuple[Problem, ...]]:
    """Return an archive to read from, after recovering interrupted transactions if possible.

    None if there is no archive that can be read. From a damaged log all that can be parsed is
    returned. Problems: E604, E605, E606 no archive of this form; E610 a writer holds the lock; E615
    the log is damaged; E619 it is missing; E623; E627, W602 a transaction was interrupted.
    """
    try:
        with read_errors(folder):
            root = _checked_root(folder)
            unfinished = _recover_interrupted(root)
            with read_lock(root):
                return read_archive(root, unfinished)
    except ArchiveError as refused:
        return None, refused.problems


@contextmanager
def lock_archive(folder: Path, *, create: bool = True) -> Iterator[Archive]:
    """Hold the write lock of an archive, which is created on request, and yield its state.

    Interrupted transactions are finished first. Raise ArchiveError if it is no archive, has a
    damaged log, or cannot be locked; an OSError within the block becomes one too (E607, E608).
    """
    with write_errors(folder):
        if create:
            _initialize(folder)
        root = _checked_root(folder)
        with file_lock(_lock_file(root), exclusive=True):
            recover_transactions(root)
            archive, problems = read_archive(root)
            if has_errors(problems):
                raise ArchiveError(*problems)
            yield archive


def reload(archive: Archive) -> Archive:
    """Return the archive as its log is now, without problems; the caller holds the lock."""
    return read_archive(archive.root)[0]


def newest_state(archive: Archive, identifier: str) -> dict[str, str]:
    """Return path → SHA-512 of all files in the newest version of an object; {} without any.

    Raise ArchiveError (E618) if the inventory cannot be read.
    """
    entry = next((entry for entry in archive.entries if entry.object == identifier), None)
    if entry is None:
        return {}
    path = archive.root / storage_layout.object_path(identifier) / inventory.NAME
    try:
        return dict(inventory.from_bytes(path.read_bytes()).versions[-1].state)
    except (OSError, inventory.InvalidInventoryError) as error:
        raise ArchiveError(
            make_problem("E618", Location(file=str(path)), found=entry.name or entry.kind)
        ) from error


def _checked_root(folder: Path) -> Path:
    """Return the absolute path of an archive's folder.

    Raise ArchiveError: E604 no archive, E605 other contents, E606 another format, E619 a file is
    missing.
    """
    root, location = _resolve_folder(folder), Location(file=str(folder))
    if not root.is_dir():
        raise ArchiveError(make_problem("E604", location, found=folder))
    names = {entry.name for entry in os.scandir(root)}
    declared = sorted(name for name in names if name.startswith("0="))
    if declared == [storage_layout.DECLARATION]:
        if durable_io.is_file(root / log.NAME):
            return root
        raise ArchiveError(
            make_problem("E619", Location(file=str(folder / log.NAME)), found=log.NAME)
        )
    if declared:
        raise ArchiveError(make_problem("E606", location, found="、".join(declared)))
    if _is_empty_or_begun(root):
        raise ArchiveError(make_problem("E604", location, found=folder))
    if log.NAME in names:
        missing_file = Location(file=str(folder / storage_layout.DECLARATION))
        raise ArchiveError(make_problem("E619", missing_file, found=storage_layout.DECLARATION))
    raise ArchiveError(make_problem("E605", location, found=folder, contents=_list_names(names)))


def _resolve_folder(folder: Path) -> Path:
    """Return the absolute path of a folder, which need not exist, with links resolved.

    Raise ArchiveError (E623) for a name that is impossible, or a loop of links.
    """
    try:
        return folder.resolve()
    except (ValueError, RuntimeError) as error:  # NUL, or a loop of links
        location = Location(file=str(folder))
        raise ArchiveError(make_problem("E623", location, reason=os_reason(error))) from error


def _list_names(names: set[str]) -> str:
    """Return file names, sorted and joined by "、", "…" after the first _MAX_NAMES_SHOWN.

    Names that operating systems create are left out.
    """
    foreign = sorted(names - SYSTEM_FILES)
    return "、".join(foreign[:_MAX_NAMES_SHOWN]) + ("…" if len(foreign) > _MAX_NAMES_SHOWN else "")


def _is_empty_or_begun(root: Path) -> bool:
    """Return whether a folder holds at most the beginning of an archive without entries.

    Files of the operating system do not count. The contents of files other than the log are not
    examined.
    """
    names = {entry.name for entry in os.scandir(root)} - SYSTEM_FILES
    if not names <= storage_layout.TOP_LEVEL_FILES | {storage_layout.EXTENSIONS}:
        return False
    path = root / log.NAME
    return log.NAME not in names or (
        durable_io.is_file(path) and durable_io.read_content(path).count(b"\n") <= 1
    )


def _initialize(folder: Path) -> None:
    """Make a missing or empty folder an archive without entries, and create its parents.

    An archive, and a folder with other contents, are left as they are and not reported. Raise
    OSError, or LockTimeoutError and UnlockableError.
    """
    root = _resolve_folder(folder)
    for path in reversed((root, *root.parents)):
        if not path.exists():
            with suppress(FileExistsError):
                durable_io.make_folder(path)
            durable_io.sync_folder(path.parent)
    if (root / storage_layout.DECLARATION).exists() or not _is_empty_or_begun(root):
        return
    with file_lock(_lock_file(root), exclusive=True):
        if (root / storage_layout.DECLARATION).exists() or not _is_empty_or_begun(root):
            return
        for stage in tuple(staging_folders(root)):
            durable_io.remove_tree(stage)
        durable_io.make_folders(root, root / storage_layout.STAGING)
        creation = log.LogEntry(
            number=0,
            previous=log.GENESIS_HASH,
            time=now(),
            kind=log.CREATED,
            archive=secrets.token_hex(16),
        )
        for name, content in (
            {log.NAME: log.entry_line(creation)} | storage_layout.FIXED_FILES
        ).items():
            staged = root / storage_layout.STAGING / "new"
            durable_io.write_new(staged, (content,), 0o644 if name == log.NAME else 0o444)
            durable_io.make_folders(root, (root / name).parent)
            durable_io.move(staged, root / name)
        durable_io.remove_empty(root / storage_layout.STAGING)


def _lock_file(root: Path) -> Path:
    """Return the path of the lock file, created empty if it is missing."""
    path = root / storage_layout.LOCK
    with suppress(FileExistsError):
        if not path.exists():
            durable_io.write_new(path, (), 0o666)
    return path


@contextmanager
def read_lock(root: Path) -> Iterator[None]:
    """Hold the shared lock within the block; without it if the file cannot be opened or locked.

    Raise ArchiveError (E610) if a writer holds it for more than a minute.
    """
    path = root / storage_layout.LOCK
    try:
        lock = file_lock(path, exclusive=False)
        lock.__enter__()
    except (OSError, UnlockableError):
        yield
        return
    except LockTimeoutError as error:
        raise ArchiveError(make_problem("E610", Location(file=str(root)), seconds=60)) from error
    try:
        yield
    finally:
        lock.__exit__(None, None, None)


def _recover_interrupted(root: Path) -> tuple[Problem, ...]:
    """Finish committed transactions and remove uncommitted ones, before an archive is read.

    Return the problems: E627 a transaction is damaged; W602, with the reason, if nothing can be
    written here and a committed version is not in the log yet. None if all is done, and if a writer
    has the lock for more than two seconds: it recovers them itself. Other errors are raised as
    OSError.
    """
    if not durable_io.is_folder(root / storage_layout.STAGING):
        return ()
    try:
        with file_lock(_lock_file(root), exclusive=True, seconds=_RECOVERY_TIMEOUT_S):
            recover_transactions(root)
    except LockTimeoutError:
        return ()  # a writer holds the lock, and will recover it
    except ArchiveError as refused:
        return refused.problems
    except (OSError, UnlockableError) as error:
        cause = error.args[0] if isinstance(error, UnlockableError) else os_reason(error)
        unlogged = _pending_intents(root, durable_io.read_content(root / log.NAME))
        return (make_problem("W602", Location(file=str(root)), reason=cause),) if unlogged else ()
    return ()


def _pending_intents(root: Path, content: bytes) -> tuple[Journal, ...]:
    """Return the committed transactions that are not in the log, in the log's order.

    ``content`` are the log's bytes. Empty if one of the journals is damaged.
    """
    try:
        return tuple(
            intent for _, intent in unfinished_transactions(root) if not intent.is_logged(content)
        )
    except ArchiveError:  # a damaged intent is reported elsewhere
        return ()


def read_archive(
    root: Path, problems: tuple[Problem, ...] = ()
) -> tuple[Archive, tuple[Problem, ...]]:
    """Return the logged state of an archive; its problems come after ``problems``.

    The caller holds the lock; the bytes of interrupted versions are left out. Raise ArchiveError if
    not one line can be parsed, OSError if the log cannot be read.
    """
    content = durable_io.read_content(root / log.NAME)
    unlogged = _pending_intents(root, content)
    if unlogged:
        content = content[: unlogged[0].offset]
    entries, log_problems = log.parse_log(content)
    if not entries and has_errors(log_problems):
        raise ArchiveError(*log_problems)
    targets = {target for intent in unlogged for _, target in intent.moves}
    archive = Archive(root=root, entries=entries, size=len(content), unfinished=frozenset(targets))
    return archive, problems + tuple(
        problem.in_file(str(root / problem.where.file)) for problem in log_problems
    )
