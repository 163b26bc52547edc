"""Adding a version to an object: staged first, then moved by steps that can be repeated.

1. All new files are written and synced in a staging folder. A process killed here leaves a
   staging folder without an intent, which is removed.
2. The staging folder gets its intent: which paths are to be moved where, and the line of the
   log. From this moment on the version is committed, whatever happens.
3. The moves and the line; each is idempotent. Then the intent is removed. Whoever opens the
   archive next repeats this step if it was interrupted, before anything else.
"""

from __future__ import annotations

import errno
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reportgen.archive import durable_io, inventory, log, storage_layout
from reportgen.archive.digests import content_chunks, digests, sha512
from reportgen.archive.errors import ArchiveError, os_reason
from reportgen.archive.identifiers import is_safe
from reportgen.problems import Location, make_problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from reportgen.archive.digests import Content, Digests
    from reportgen.archive.inventory import Inventory
    from reportgen.archive.log import LogEntry

JOURNAL = "intent"
_INVENTORY_MODE = 0o644  # each version replaces it


class UnfinishedTransactionError(Exception):
    """The version is committed, but the last step is not finished; ``args[0]`` gives the reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionChange:
    """A version to be archived: its whole state, path → bytes."""

    entry: LogEntry  # all but number, previous, version, inventory, files and hash
    files: Mapping[str, Content]
    inherited: Mapping[str, str]  # of the version before: path → SHA-512
    message: str
    user: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Journal:
    """The steps of a committed transaction that remain; they are idempotent."""

    moves: tuple[tuple[str, str], ...]  # from the staging folder, to the root
    offset: int  # of the line in the log, bytes
    line: bytes

    def is_logged(self, content: bytes) -> bool:
        """Return whether the log has the line, which implies that the moves are done."""
        return content[self.offset :].startswith(self.line)


def commit_version(
    root: Path, entries: Sequence[LogEntry], size: int, change: VersionChange
) -> LogEntry:
    """Archive a version and return its entry with number, digests and hash.

    The caller holds the lock; the log's first ``size`` bytes are ``entries``. Raise OSError if
    nothing was archived, UnfinishedTransactionError if it is committed and recovery will finish it,
    ArchiveError if the object differs from the log.
    """
    previous = _previous_inventory(root, entries, change.entry.object)
    stage = _make_staging_folder(root)
    try:
        entry, moves = _stage_version(stage, previous, entries, change)
        intent = Journal(moves=moves, offset=size, line=log.entry_line(entry))
        _write_journal(stage, intent)
    except BaseException:
        with suppress(OSError):
            _remove_stage(root, stage)
        raise
    try:
        finish_transaction(root, stage, intent)
    except OSError as error:
        raise UnfinishedTransactionError(os_reason(error)) from error
    return replace(entry, hash=intent.line[:64].decode())


def _previous_inventory(
    root: Path, entries: Sequence[LogEntry], identifier: str
) -> Inventory | None:
    """Return the newest inventory of an object, as the log has its digest; None for a new object.

    Raise ArchiveError: E618 it differs from the log, E619 it is missing, E620 there are files where
    the next version belongs.
    """
    folder = root / storage_layout.object_path(identifier)
    versions = [entry for entry in entries if entry.object == identifier]
    next_version = folder / f"v{len(versions) + 1}"
    unexpected = next_version if versions else folder
    if (
        durable_io.is_file(unexpected)
        or durable_io.is_folder(unexpected)
        or durable_io.is_link(unexpected)
    ):
        raise ArchiveError(make_problem("E620", Location(file=str(unexpected))))
    if not versions:
        return None
    path = folder / inventory.NAME
    location, name = Location(file=str(path)), versions[-1].name or versions[-1].kind
    if (
        not durable_io.is_folder(folder.parent)
        or not durable_io.is_folder(folder)
        or not durable_io.is_file(path)
    ):
        raise ArchiveError(make_problem("E619", location, found=name))
    content = durable_io.read_content(path)
    if sha512(content) != versions[-1].inventory:
        raise ArchiveError(make_problem("E618", location, found=name))
    try:
        return inventory.from_bytes(content)
    except inventory.InvalidInventoryError as error:
        raise ArchiveError(make_problem("E618", location, found=name)) from error


def _make_staging_folder(root: Path) -> Path:
    """Create a staging folder named by process and random number; return its path."""
    durable_io.make_folders(root, root / storage_layout.STAGING)
    stage = root / storage_layout.STAGING / f"{os.getpid()}-{secrets.token_hex(6)}"
    durable_io.make_folder(stage)
    return stage


def _stage_version(
    stage: Path, previous: Inventory | None, entries: Sequence[LogEntry], change: VersionChange
) -> tuple[LogEntry, tuple[tuple[str, str], ...]]:
    """Write and sync a version's files to ``stage``; the archive itself is not changed.

    Return its log entry, complete but for the hash, and the moves into the archive: from a path in
    ``stage`` to one below the root. Raise OSError.
    """
    file_digests = {
        path: digests(content_chunks(content)) for path, content in change.files.items()
    }
    state = {
        **change.inherited,
        **{path: digests_of_file.sha512 for path, digests_of_file in file_digests.items()},
    }
    version = inventory.Version(
        created=change.entry.time,
        message=change.message,
        user=change.user,
        address=change.address,
        state=state,
    )
    after, new = inventory.with_version(previous, change.entry.object, version, file_digests)
    inventory_bytes = inventory.to_bytes(after)
    target = str(storage_layout.object_path(change.entry.object))
    if previous is None:
        folder = stage / "object"
        durable_io.make_folder(folder)
        durable_io.write_new(folder / inventory.DECLARATION, (inventory.DECLARATION_CONTENT,))
        moves: tuple[tuple[str, str], ...] = (("object", target),)
    else:
        folder = stage
        names = (after.head, inventory.NAME, inventory.SIDECAR)
        moves = tuple((name, f"{target}/{name}") for name in names)
    _write_inventory(folder, inventory_bytes)
    contents = {
        name.rpartition("/")[2]: (change.files[path], file_digests[path])
        for path, name in new.items()
    }
    version_folder = folder / after.head
    _write_version(version_folder, inventory_bytes, version_folder / inventory.CONTENT, contents)
    for changed_folder in dict.fromkeys((folder, stage)):
        durable_io.sync_folder(changed_folder)
    entry = replace(
        change.entry,
        number=len(entries),
        previous=entries[-1].hash,
        version=len(after.versions),
        inventory=sha512(inventory_bytes),
        files=tuple(
            log.StoredFile(path=path, sha256=item.sha256, size=item.size)
            for path, item in sorted(file_digests.items())
        ),
    )
    return entry, moves


def _write_inventory(folder: Path, content: bytes) -> None:
    """Write an inventory and its sidecar with the digest into a folder."""
    durable_io.write_new(folder / inventory.NAME, (content,), _INVENTORY_MODE)
    durable_io.write_new(
        folder / inventory.SIDECAR, (inventory.sidecar_content(content),), _INVENTORY_MODE
    )


def _write_version(
    folder: Path,
    inventory_bytes: bytes,
    content_folder: Path,
    contents: Mapping[str, tuple[Content, Digests]],
) -> None:
    """Write a version's folder: its inventory, and its new files, name → bytes and their digests.

    Raise OSError, also if a file that is copied has changed since its digests were taken.
    """
    durable_io.make_folder(folder)
    _write_inventory(folder, inventory_bytes)
    if contents:
        durable_io.make_folder(content_folder)
    for name, (content, expected) in contents.items():
        durable_io.write_new(content_folder / name, content_chunks(content))
        if (
            isinstance(content, Path)
            and digests(durable_io.read_chunks(content_folder / name)) != expected
        ):
            raise OSError(errno.EBUSY, "changed while it was archived", str(content))
    if contents:
        durable_io.sync_folder(content_folder)
    durable_io.sync_folder(folder)


def _write_journal(stage: Path, intent: Journal) -> None:
    """Write the journal of a transaction durably; from then on it is completed, not undone."""
    json_fields = {"moves": intent.moves, "offset": intent.offset, "line": intent.line.decode()}
    durable_io.write_new(stage / "intent.new", (log.format_line(json_fields),))
    durable_io.move(stage / "intent.new", stage / JOURNAL)
    durable_io.sync_folder(stage.parent)


def finish_transaction(root: Path, stage: Path, intent: Journal) -> None:
    """Do the moves, write the line to the log, and remove the staging folder.

    What is done already is passed over. Raise OSError if it fails now, ArchiveError (E627) if it
    always will.
    """
    for source, target in intent.moves:
        _apply_move(root, stage / source, root / target)
    _append_log_line(root, intent)
    with suppress(OSError):  # it is committed; a leftover is harmless
        _remove_stage(root, stage)


def _apply_move(root: Path, source: Path, target: Path) -> None:
    """Move a staged file or folder to its target; if it was moved before, sync the target's folder.

    Raise ArchiveError (E627) if it is in neither place.
    """
    if durable_io.is_file(source) or durable_io.is_folder(source):
        durable_io.make_folders(root, target.parent)
        durable_io.move(source, target)
    elif durable_io.is_file(target) or durable_io.is_folder(target):
        durable_io.sync_folder(target.parent)
    else:
        raise ArchiveError(make_problem("E627", Location(file=str(target)), reason=source.name))


def _append_log_line(root: Path, intent: Journal) -> None:
    """Write the journal's line at its offset of the log, unless it is there with others after it.

    A line cut off by a crash is written again. Raise ArchiveError (E627) if the log is shorter than
    the offset or has another line there.
    """
    path = root / log.NAME
    content = durable_io.read_content(path)
    tail = content[intent.offset :]
    if len(tail) > len(intent.line) and intent.is_logged(content):
        return  # later versions follow
    if len(content) < intent.offset or len(tail) > len(intent.line):
        raise ArchiveError(make_problem("E627", Location(file=str(path)), reason=log.NAME))
    durable_io.write_at(path, intent.offset, intent.line)


def _remove_stage(root: Path, stage: Path) -> None:
    """Remove a staging folder, its journal first, and the parent if that is empty then."""
    if durable_io.is_file(stage / JOURNAL):
        durable_io.remove_tree(stage / JOURNAL)
        durable_io.sync_folder(stage)
    durable_io.remove_tree(stage)
    durable_io.remove_empty(root / storage_layout.STAGING)


def staging_folders(root: Path) -> Iterator[Path]:
    """Yield the paths in the staging folder, sorted by name, those of killed processes included."""
    staging = root / storage_layout.STAGING
    if durable_io.is_folder(staging):
        yield from sorted(staging / item.name for item in os.scandir(staging))


def unfinished_transactions(root: Path) -> tuple[tuple[Path, Journal], ...]:
    """Return staging folder and journal of each committed version, in the order of the log.

    Raise ArchiveError (E627) for a damaged journal. A folder without a journal is not committed.
    """
    unfinished = []
    for stage in staging_folders(root):
        path = stage / JOURNAL
        if durable_io.is_folder(stage) and durable_io.is_file(path):
            intent = _parse_intent(log.parse_line(durable_io.read_content(path)) or {})
            if intent is None:
                raise ArchiveError(make_problem("E627", Location(file=str(path)), reason=JOURNAL))
            unfinished.append((stage, intent))
    return tuple(sorted(unfinished, key=lambda item: item[1].offset))


def _parse_intent(json_fields: dict[str, Any]) -> Journal | None:
    """Return the journal of parsed JSON; None if it is invalid, or a move leaves the archive."""
    try:
        moves = tuple((str(source), str(target)) for source, target in json_fields["moves"])
        offset, line = int(json_fields["offset"]), str(json_fields["line"]).encode()
    except (KeyError, TypeError, ValueError):
        return None
    if offset < 0 or not all(is_safe(path) for move in moves for path in move):
        return None
    return Journal(moves=moves, offset=offset, line=line)


def recover_transactions(root: Path) -> None:
    """Finish committed versions and remove uncommitted ones; the caller holds the lock.

    Raise OSError if that fails now, ArchiveError if it always will.
    """
    for stage, intent in unfinished_transactions(root):
        finish_transaction(root, stage, intent)
    for stage in tuple(staging_folders(root)):
        _remove_stage(root, stage)
    durable_io.remove_empty(root / storage_layout.STAGING)
