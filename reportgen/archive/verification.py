"""Every byte of an archive is read and held against the log; a file is known by its bytes."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING

from reportgen.archive import durable_io, inventory, log, storage_layout
from reportgen.archive.digests import digests, sha512
from reportgen.archive.errors import RefusedError, reading, reason
from reportgen.archive.repository import read, shared
from reportgen.archive.retrieval import (
    Match,
    label,
    missing_or_strange,
    parsed,
    plain_digests,
    with_bytes,
    with_name,
)
from reportgen.problems import Location, Problem, make

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from reportgen.archive.inventory import Inventory
    from reportgen.archive.log import Entry, Head
    from reportgen.archive.repository import Archive

_TUPLE = re.compile(r"[0-9a-f]{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """How much was read."""

    editions: int
    files: int
    size: int  # bytes


@dataclass(slots=True)
class _Reading:
    """What is expected of the folder, and what was found so far."""

    root: Path
    unfinished: frozenset[str]
    expected: set[Path] = field(default_factory=set)
    unknown: set[Path] = field(default_factory=set)  # objects whose inventory is lost
    problems: list[Problem] = field(default_factory=list)
    size: int = 0

    def told(self, code: str, path: Path, **fields: object) -> None:
        where = Location(file=str(path))
        self.problems.append(make(code, where, **fields))

    def is_unfinished(self, path: Path) -> bool:
        """Return whether an interrupted version may have changed this already."""
        return path.relative_to(self.root).as_posix() in self.unfinished

    def content(self, path: Path, owner: str) -> bytes | None:
        """Return the bytes of a file that is expected; None where there are none."""
        self.expected.add(path)
        try:
            missing_or_strange(path, owner)
            with reading(path):
                found = durable_io.content(path)
        except RefusedError as refused:
            self.problems += refused.problems
            return None
        self.size += len(found)
        return found

    def equal(self, path: Path, wanted: bytes, owner: str) -> None:
        found = self.content(path, owner)
        if found is not None and found != wanted:
            self.told("E618", path, found=owner)


def verify(archive: Archive, wanted: Head | None = None) -> tuple[Verified, tuple[Problem, ...]]:
    """Read every byte; writers wait until it is done.

    Problems: E616, E617 the head that was kept elsewhere is not of this log; E615, E618-E621,
    E623 what is damaged; W601 foreign files.
    """
    with shared(archive.root):
        archive, problems = read(archive.root)
        reading_ = _Reading(archive.root, archive.unfinished)
        reading_.problems += [*problems, *against(archive.entries, wanted)]
        _constants(reading_)
        ordered = sorted(archive.entries[1:], key=lambda each: each.object)
        for identifier, entries in groupby(ordered, key=lambda each: each.object):
            _object(reading_, identifier, tuple(entries))
        _strangers(reading_)
    verified = Verified(
        editions=len(archive.editions), files=len(reading_.expected), size=reading_.size
    )
    return verified, tuple(reading_.problems)


def against(entries: Sequence[Entry], wanted: Head | None) -> tuple[Problem, ...]:
    """Whether a log still says what a head of it said: E616 it is shorter, E617 it is another."""
    if wanted is None:
        return ()
    there = next((each for each in entries if each.number == wanted.number), None)
    if there is None:
        return (make("E616", found=len(entries) - 1, wanted=wanted.number),)
    return () if wanted.is_of(there) else (make("E617", wanted=wanted.number),)


def _constants(found: _Reading) -> None:
    for name, content in storage_layout.CONSTANTS.items():
        found.equal(found.root / name, content, name)
    found.equal(found.root / storage_layout.LOCK, b"", storage_layout.LOCK)
    found.content(found.root / log.NAME, log.NAME)


def _object(found: _Reading, identifier: str, entries: tuple[Entry, ...]) -> None:
    place = found.root / storage_layout.object_path(identifier)
    newest: bytes | None = None
    for entry in entries:
        newest = _inventory(found, place / f"v{entry.version}", entry)
    owner = label(entries[-1])
    found.equal(place / inventory.DECLARATION, inventory.DECLARED, owner)
    top = place / inventory.NAME
    if found.is_unfinished(top):
        found.expected |= {top, place / inventory.SIDECAR}
    elif newest is not None:
        found.equal(top, newest, owner)
        found.equal(place / inventory.SIDECAR, inventory.sidecar(newest), owner)
    else:
        newest = _inventory(found, place, entries[-1])
    if newest is None:
        found.unknown.add(place)
        return
    try:
        known = parsed(newest, top, owner)
    except RefusedError as refused:
        found.problems += refused.problems
        found.unknown.add(place)
        return
    if known.id != identifier or len(known.versions) != entries[-1].version:
        found.told("E618", top, found=owner)
        return
    for entry in entries:
        _same_as_logged(found, top, known, entry)
    _contents(found, place, known, entries)


def _inventory(found: _Reading, folder: Path, entry: Entry) -> bytes | None:
    """Return an inventory that is what the log says."""
    content = found.content(folder / inventory.NAME, label(entry))
    if content is None or sha512(content) != entry.inventory:
        found.expected.add(folder / inventory.SIDECAR)
        if content is not None:
            found.told("E618", folder / inventory.NAME, found=label(entry))
        return None
    found.equal(folder / inventory.SIDECAR, inventory.sidecar(content), label(entry))
    return content


def _same_as_logged(found: _Reading, path: Path, known: Inventory, entry: Entry) -> None:
    """Whether the log's SHA-256 and the inventory's are of the same files."""
    state = known.versions[entry.version - 1].state
    told = {name: known.fixity[known.manifest[digest]] for name, digest in state.items()}
    if any(told.get(each.path) != each.sha256 for each in entry.files):
        found.told("E618", path, found=label(entry))


def _contents(found: _Reading, place: Path, known: Inventory, entries: tuple[Entry, ...]) -> None:
    owners = {each.version: label(each) for each in entries}
    for digest, name in known.manifest.items():
        path, owner = place / name, owners.get(_version_of(name), label(entries[-1]))
        found.expected.add(path)
        try:
            each = plain_digests(path, owner)
        except RefusedError as refused:
            found.problems += refused.problems
            continue
        found.size += each.size
        if each.sha512 != digest or each.sha256 != known.fixity[name]:
            found.told("E618", path, found=owner)


def _version_of(name: str) -> int:
    return int(name.partition("/")[0][1:])


def _strangers(found: _Reading) -> None:
    folders = {parent for path in found.expected for parent in path.parents}
    folders.add(found.root / storage_layout.EXTENSIONS)
    for path in _unexpected(found, found.root, folders):
        first = path.relative_to(found.root).parts[0]
        is_ours = _TUPLE.fullmatch(first) and durable_io.is_folder(found.root / first)
        found.told("E620" if is_ours else "W601", path)


def _unexpected(found: _Reading, folder: Path, folders: set[Path]) -> Iterator[Path]:
    """Yield the topmost things that nobody expects; a link is never followed."""
    try:
        entries = sorted(os.scandir(folder), key=lambda each: each.name)
    except OSError as error:
        found.told("E623", folder, reason=error.strerror or "?")
        return
    for each in entries:
        path = folder / each.name
        if path in found.expected or path == found.root / storage_layout.STAGING:
            continue
        if found.is_unfinished(path):
            continue
        if path in folders and each.is_dir(follow_symlinks=False):
            if path not in found.unknown:
                yield from _unexpected(found, path, folders)
        elif path in folders:
            found.told("E621", path)
        else:
            yield path


@dataclass(frozen=True, slots=True, kw_only=True)
class Identified:
    """What a file is: the entries that have its bytes, oldest first."""

    sha256: str
    matches: tuple[Match, ...]


def identify(archive: Archive, path: Path) -> tuple[Identified | None, tuple[Problem, ...]]:
    """Return whether, when and as what a file was archived, by its bytes.

    Problems: E302 there is none; E623 it cannot be read; E624 nothing like it was archived; E625
    something else was archived under its name.
    """
    where = Location(file=str(path))
    try:
        if not path.exists():
            return None, (make("E302", where, found=path.name, hint="", hint_en=""),)
        each = digests(durable_io.chunks(path.resolve()))
    except (OSError, ValueError, RuntimeError) as error:
        return None, (make("E623", where, reason=reason(error)),)
    matches = with_bytes(archive, each.sha256)
    found = Identified(sha256=each.sha256, matches=matches)
    if matches:
        return found, ()
    named = with_name(archive, path.name)
    if not named:
        return found, (make("E624", where, found=path.name),)
    editions = "、".join(dict.fromkeys(label(match.entry) for match in named))
    return found, (make("E625", where, found=path.name, editions=editions),)
