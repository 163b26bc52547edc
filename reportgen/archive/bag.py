"""Export of an edition as a BagIt bag (RFC 8493); the same edition gives the same bytes."""

from __future__ import annotations

import os
import secrets
from datetime import datetime
from typing import TYPE_CHECKING

from reportgen.archive import durable_io, inventory, storage_layout
from reportgen.archive.digests import sha256, sha512
from reportgen.archive.errors import DISK_FULL, ArchiveError, os_reason, read_errors
from reportgen.archive.log import entry_line
from reportgen.archive.retrieval import (
    describe,
    load_files,
    load_fonts,
    load_slips,
    read_archived_content,
)
from reportgen.archive.submission_package import RECORD, parse_record
from reportgen.problems import Location, Problem, make_problem

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from reportgen.archive.log import LogEntry
    from reportgen.archive.repository import Archive

_DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
_ALGORITHMS: dict[str, Callable[[bytes], str]] = {"sha256": sha256, "sha512": sha512}


def export_bag(
    archive: Archive, entry: LogEntry, target: Path, *, with_fonts: bool = False
) -> tuple[bool, tuple[Problem, ...]]:
    """Write an edition as a bag; return True if it was written, and the problems.

    The approval slips of the edition go with it. False without problems if ``target`` has the same
    content already. Nothing is written unless all of it is intact. Problems: as :func:`load_files`;
    E626 the target exists with other content; E304 the folder cannot be written, E305 the disk is
    full.
    """
    payload, problems = load_files(archive, entry)
    if problems:
        return False, problems
    try:
        if with_fonts:
            payload |= _font_files(archive, payload)
        inventory_path = (
            archive.root
            / storage_layout.object_path(entry.object)
            / f"v{entry.version}"
            / inventory.NAME
        )
        slips, problems = load_slips(archive, entry)
        if problems:
            return False, problems
        files = bag_files(entry, payload, read_archived_content(inventory_path, entry), slips)
        with read_errors(target):
            existing = _read_folder(target)
    except ArchiveError as refused:
        return False, refused.problems
    if existing == files:
        return False, ()
    if existing is not None:
        return False, (make_problem("E626", Location(file=str(target)), found=target.name),)
    return _write_bag(target, files, datetime.fromisoformat(entry.time).timestamp())


def bag_files(
    entry: LogEntry,
    payload: Mapping[str, bytes],
    own_inventory: bytes,
    slips: Mapping[str, bytes],
) -> dict[str, bytes]:
    """Return the files of a BagIt bag, path → bytes: tag files, manifests, payload in ``data/``.

    ``own_inventory`` is the archived inventory, which is added as a tag file with the log's line;
    so are the edition's approval slips. Each manifest exists with SHA-256 and SHA-512.
    """
    data = {f"data/{path}": content for path, content in sorted(payload.items())}
    tags = {
        "bagit.txt": _DECLARATION,
        "bag-info.txt": _bag_info_content(entry, data),
        "reportgen/inventory.json": own_inventory,
        "reportgen/log-line.txt": entry_line(entry),
        **{f"reportgen/approvals/{path}": content for path, content in slips.items()},
    }
    tags |= {f"manifest-{name}.txt": _manifest_content(data, name) for name in _ALGORITHMS}
    tag_manifests = {
        f"tagmanifest-{name}.txt": _manifest_content(tags, name) for name in _ALGORITHMS
    }
    return {**tags, **tag_manifests, **data}


def _bag_info_content(entry: LogEntry, data: Mapping[str, bytes]) -> bytes:
    """Return ``bag-info.txt`` in UTF-8, one ``Label: value`` line each, in the order of the labels.

    They state the program, the day of archiving, the edition with its status and day of printing,
    its OCFL identifier and version, bytes and number of the files in ``data``, and the agency. Runs
    of white space in a value become one space, so that it stays on its line.
    """
    size = sum(map(len, data.values()))
    lines = {
        "Bag-Software-Agent": "reportgen",
        "Bagging-Date": entry.time[:10],
        "External-Description": f"{describe(entry)} ({entry.status}, printed {entry.printed})",
        "External-Identifier": f"{entry.object}#v{entry.version}",
        "Payload-Oxum": f"{size}.{len(data)}",
        "Source-Organization": entry.agency,
    }
    return "".join(f"{name}: {' '.join(text.split())}\n" for name, text in lines.items()).encode()


def _manifest_content(files: Mapping[str, bytes], algorithm: str) -> bytes:
    """Return a BagIt manifest: the digest and escaped path of each file, sorted by path."""
    digest = _ALGORITHMS[algorithm]
    lines = (
        f"{digest(content)}  {_escape_path(path)}\n" for path, content in sorted(files.items())
    )
    return "".join(lines).encode()


def _escape_path(path: str) -> str:
    """Return a path as a BagIt manifest states it: ``%`` and line breaks percent-encoded."""
    return path.replace("%", "%25").replace("\n", "%0A").replace("\r", "%0D")


def _font_files(archive: Archive, payload: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the fonts named by the record in ``payload``, read from the archive: path → bytes.

    Raise ArchiveError if there is no valid record (E618), or if any font is damaged or missing.
    """
    record = parse_record(payload.get(RECORD, b""))
    if record is None:
        raise ArchiveError(make_problem("E618", found=RECORD))
    files, problems = load_fonts(archive, record)
    if problems:
        raise ArchiveError(*problems)
    return files


def _read_folder(folder: Path) -> dict[str, bytes] | None:
    """Return the files of a folder, path below it → bytes; None if it is missing or has no file.

    {} if the path is no folder. Raise OSError for a link or a file that cannot be read.
    """
    if not folder.exists():
        return None
    if not folder.is_dir():
        return {}
    paths = [path for path in sorted(folder.rglob("*")) if not path.is_dir()]
    return {
        path.relative_to(folder).as_posix(): durable_io.read_content(path) for path in paths
    } or None


def _write_bag(
    target: Path, files: Mapping[str, bytes], time: float
) -> tuple[bool, tuple[Problem, ...]]:
    """Write all files or none; return whether that succeeded, and the problems (E304, E305).

    They are written to a folder beside ``target``, which is then moved there in one step. ``time``
    (POSIX seconds) becomes the modification time of every file and folder.
    """
    # Beside the target, so that both are on one file system and the move is a single step.
    stage = target.parent / f".reportgen-{secrets.token_hex(6)}"
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        for path, content in files.items():
            path_in_stage = stage / path
            path_in_stage.parent.mkdir(parents=True, exist_ok=True)
            durable_io.write_new(path_in_stage, (content,), 0o644)
        for item in sorted(stage.rglob("*"), reverse=True):
            os.utime(item, (time, time))
        os.utime(stage, (time, time))
        durable_io.move(stage, target)
    except OSError as error:
        durable_io.remove_tree(stage)
        where = Location(file=str(target))
        if error.errno in DISK_FULL:
            return False, (make_problem("E305", where, found=target.name),)
        return False, (make_problem("E304", where, found=target.parent, reason=os_reason(error)),)
    return True, ()
