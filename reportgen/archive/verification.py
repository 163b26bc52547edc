"""Verification of an archive: every byte is read and compared with the log."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING

from reportgen.archive import durable_io, inventory, log, storage_layout
from reportgen.archive.digests import digests, sha512
from reportgen.archive.errors import ArchiveError, os_reason, read_errors
from reportgen.archive.repository import read_archive, read_lock
from reportgen.archive.retrieval import (
    Match,
    check_regular_file,
    describe,
    digest_archived_file,
    find_by_digest,
    find_by_name,
    parse_inventory,
)
from reportgen.problems import Location, Problem, make_problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from reportgen.archive.inventory import Inventory
    from reportgen.archive.log import Head, LogEntry
    from reportgen.archive.repository import Archive

_STORAGE_FOLDER = re.compile(r"[0-9a-f]{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class VerificationResult:
    """The amount of data that was read."""

    editions: int
    files: int
    size: int  # bytes


@dataclass(slots=True)
class _Verification:
    """The expected files of an archive, and the findings so far."""

    root: Path
    unfinished: frozenset[str]
    expected: set[Path] = field(default_factory=set)
    unknown: set[Path] = field(default_factory=set)  # objects whose inventory is lost
    problems: list[Problem] = field(default_factory=list)
    size: int = 0

    def report(self, code: str, path: Path, **fields: object) -> None:
        """Record a problem at a path."""
        location = Location(file=str(path))
        self.problems.append(make_problem(code, location, **fields))

    def is_unfinished(self, path: Path) -> bool:
        """Return whether an interrupted version may have changed a path already."""
        return path.relative_to(self.root).as_posix() in self.unfinished

    def content(self, path: Path, owner: str) -> bytes | None:
        """Return the bytes of a file, mark it as expected, and add up its size.

        None if it is missing or cannot be read, which is recorded as a problem of ``owner``.
        """
        self.expected.add(path)
        try:
            check_regular_file(path, owner)
            with read_errors(path):
                content = durable_io.read_content(path)
        except ArchiveError as refused:
            self.problems += refused.problems
            return None
        self.size += len(content)
        return content

    def compare(self, path: Path, expected: bytes, owner: str) -> None:
        """Record E618 if a file has another content.

        Unreadable files are recorded by ``content``.
        """
        content = self.content(path, owner)
        if content is not None and content != expected:
            self.report("E618", path, found=owner)


def verify_archive(
    archive: Archive, wanted: Head | None = None
) -> tuple[VerificationResult, tuple[Problem, ...]]:
    """Read and compare every byte, with writers locked out; return the amounts and all problems.

    Problems: E616, E617 the head that was noted elsewhere is not in this log; E615, E618-E621, E623
    damage; W601 foreign files. Raise ArchiveError if the log cannot be read at all.
    """
    with read_lock(archive.root):
        archive, problems = read_archive(archive.root)
        verification = _Verification(archive.root, archive.unfinished)
        verification.problems += [*problems, *compare_head(archive.entries, wanted)]
        _verify_constants(verification)
        ordered = sorted(archive.entries[1:], key=lambda entry: entry.object)
        for identifier, entries in groupby(ordered, key=lambda entry: entry.object):
            _verify_object(verification, identifier, tuple(entries))
        _report_unexpected(verification)
    verified = VerificationResult(
        editions=len(archive.editions), files=len(verification.expected), size=verification.size
    )
    return verified, tuple(verification.problems)


def compare_head(entries: Sequence[LogEntry], noted_head: Head | None) -> tuple[Problem, ...]:
    """Return E616 if a log is shorter than a noted head, E617 if that line has another hash.

    Empty if they agree, or if no head was noted (None).
    """
    if noted_head is None:
        return ()
    logged = next((entry for entry in entries if entry.number == noted_head.number), None)
    if logged is None:
        return (make_problem("E616", found=len(entries) - 1, wanted=noted_head.number),)
    return () if noted_head.is_of(logged) else (make_problem("E617", wanted=noted_head.number),)


def _verify_constants(verification: _Verification) -> None:
    """Verify the archive's fixed files and lock (E618), and record the log as expected."""
    for name, content in storage_layout.FIXED_FILES.items():
        verification.compare(verification.root / name, content, name)
    verification.compare(verification.root / storage_layout.LOCK, b"", storage_layout.LOCK)
    verification.content(verification.root / log.NAME, log.NAME)


def _verify_object(
    verification: _Verification, identifier: str, entries: tuple[LogEntry, ...]
) -> None:
    """Verify an object's inventories, versions and contents against its log entries.

    Problems are recorded; an object without a readable inventory is marked as unknown.
    """
    folder = verification.root / storage_layout.object_path(identifier)
    newest: bytes | None = None
    for entry in entries:
        newest = _verify_inventory(verification, folder / f"v{entry.version}", entry)
    owner = describe(entries[-1])
    verification.compare(folder / inventory.DECLARATION, inventory.DECLARATION_CONTENT, owner)
    top = folder / inventory.NAME
    if verification.is_unfinished(top):
        verification.expected |= {top, folder / inventory.SIDECAR}
    elif newest is not None:
        verification.compare(top, newest, owner)
        verification.compare(folder / inventory.SIDECAR, inventory.sidecar_content(newest), owner)
    else:
        newest = _verify_inventory(verification, folder, entries[-1])
    if newest is None:
        verification.unknown.add(folder)
        return
    try:
        object_inventory = parse_inventory(newest, top, owner)
    except ArchiveError as refused:
        verification.problems += refused.problems
        verification.unknown.add(folder)
        return
    if object_inventory.id != identifier or len(object_inventory.versions) != entries[-1].version:
        verification.report("E618", top, found=owner)
        return
    for entry in entries:
        _compare_with_log(verification, top, object_inventory, entry)
    _verify_contents(verification, folder, object_inventory, entries)


def _verify_inventory(verification: _Verification, folder: Path, entry: LogEntry) -> bytes | None:
    """Return a folder's inventory if its digest is the log's, else record E618 and return None.

    The sidecar must fit the inventory; it is expected, whatever the inventory is.
    """
    content = verification.content(folder / inventory.NAME, describe(entry))
    if content is None or sha512(content) != entry.inventory:
        verification.expected.add(folder / inventory.SIDECAR)
        if content is not None:
            verification.report("E618", folder / inventory.NAME, found=describe(entry))
        return None
    verification.compare(
        folder / inventory.SIDECAR, inventory.sidecar_content(content), describe(entry)
    )
    return content


def _compare_with_log(
    verification: _Verification, path: Path, object_inventory: Inventory, entry: LogEntry
) -> None:
    """Record E618, once, if the inventory has another SHA-256 than the log for any file.

    Also if it lacks one of the entry's files. ``path`` is the inventory's, for the problem.
    """
    state = object_inventory.versions[entry.version - 1].state
    digests_by_name = {
        name: object_inventory.fixity[object_inventory.manifest[digest]]
        for name, digest in state.items()
    }
    if any(digests_by_name.get(file.path) != file.sha256 for file in entry.files):
        verification.report("E618", path, found=describe(entry))


def _verify_contents(
    verification: _Verification,
    folder: Path,
    object_inventory: Inventory,
    entries: tuple[LogEntry, ...],
) -> None:
    """Read an object's content files and record E618 for each with other digests.

    Adds up their sizes. A file that several versions share is read once, for the version that
    brought it.
    """
    owners = {actual.version: describe(actual) for actual in entries}
    for digest, name in object_inventory.manifest.items():
        path, owner = folder / name, owners.get(_version_number(name), describe(entries[-1]))
        verification.expected.add(path)
        try:
            entry = digest_archived_file(path, owner)
        except ArchiveError as refused:
            verification.problems += refused.problems
            continue
        verification.size += entry.size
        if entry.sha512 != digest or entry.sha256 != object_inventory.fixity[name]:
            verification.report("E618", path, found=owner)


def _version_number(name: str) -> int:
    """Return the number of the version in a path such as ``v2/content/…``."""
    return int(name.partition("/")[0][1:])


def _report_unexpected(verification: _Verification) -> None:
    """Record each path that nothing refers to: E620 within an object's folder, W601 elsewhere."""
    folders = {parent for path in verification.expected for parent in path.parents}
    folders.add(verification.root / storage_layout.EXTENSIONS)
    for path in _unexpected_paths(verification, verification.root, folders):
        top_folder = path.relative_to(verification.root).parts[0]
        is_object = _STORAGE_FOLDER.fullmatch(top_folder) and durable_io.is_folder(
            verification.root / top_folder
        )
        verification.report("E620" if is_object else "W601", path)


def _unexpected_paths(
    verification: _Verification, folder: Path, folders: set[Path]
) -> Iterator[Path]:
    """Yield the topmost unexpected paths below ``folder``, sorted; links are never followed.

    ``folders`` are the folders of expected files. Staging and objects whose inventory is lost are
    passed over. Records E621 for a file in the place of such a folder, E623 if one cannot be read.
    """
    try:
        entries = sorted(os.scandir(folder), key=lambda item: item.name)
    except OSError as error:
        verification.report("E623", folder, reason=error.strerror or "?")
        return
    for item in entries:
        path = folder / item.name
        if path in verification.expected or path == verification.root / storage_layout.STAGING:
            continue
        if verification.is_unfinished(path):
            continue
        if path in folders and item.is_dir(follow_symlinks=False):
            if path not in verification.unknown:
                yield from _unexpected_paths(verification, path, folders)
        elif path in folders:
            verification.report("E621", path)
        else:
            yield path


@dataclass(frozen=True, slots=True, kw_only=True)
class FileMatches:
    """A file's digest, and the entries that hold the same bytes, oldest first."""

    sha256: str
    matches: tuple[Match, ...]


def identify_file(archive: Archive, path: Path) -> tuple[FileMatches | None, tuple[Problem, ...]]:
    """Return the SHA-256 of a file, and the entries under which its bytes were archived.

    None if it cannot be read. Problems: E302 it is missing; E623 it cannot be read; E624 no file
    like it was archived; E625 other content was archived under its name.
    """
    location = Location(file=str(path))
    try:
        if not path.exists():
            return None, (make_problem("E302", location, found=path.name, hint="", hint_en=""),)
        file_digests = digests(durable_io.read_chunks(path.resolve()))
    except (OSError, ValueError, RuntimeError) as error:
        return None, (make_problem("E623", location, reason=os_reason(error)),)
    matches = find_by_digest(archive, file_digests.sha256)
    identified = FileMatches(sha256=file_digests.sha256, matches=matches)
    if matches:
        return identified, ()
    same_name = find_by_name(archive, path.name)
    if not same_name:
        return identified, (make_problem("E624", location, found=path.name),)
    editions = "、".join(dict.fromkeys(describe(match.entry) for match in same_name))
    return identified, (make_problem("E625", location, found=path.name, editions=editions),)
