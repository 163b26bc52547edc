"""Atomic file writing: all files or none, with backups of the replaced ones.

A replaced file goes to the folder 備份 beside it, under its own time. A file that Word or
LibreOffice holds open is left alone: the new one is saved as ``…_2``.
"""

from __future__ import annotations

import errno
import itertools
import os
import tempfile
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.problems import Location, Problem, make_problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

BACKUP_FOLDER = "備份"
TEMPORARY_PREFIX = ".reportgen-"  # of a file that is being written
_IS_WINDOWS = os.name == "nt"
_SHARING_VIOLATIONS = (32, 33)  # of Windows: another process has the file, or a part of it


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenFile:
    """A file that is now on disk. ``backup`` is the path of the file it replaced, if any."""

    path: Path
    changed: bool  # False: the same bytes stood there already
    backup: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _PendingFile:
    """New content in a temporary file, to be moved when all the others are ready."""

    requested: Path
    temporary: Path
    written: WrittenFile


def safe_file_name(text: str) -> str:
    """Return a text as part of a file name: at most 180 bytes, without forbidden characters.

    These become "_"; spaces and dots at the ends are removed. "機關" if nothing is left.
    """
    safe = "".join("_" if char in '\\/:*?"<>|' or ord(char) < 32 else char for char in text).strip(
        " ."
    )
    return safe.encode()[:180].decode(errors="ignore") or "機關"


def write_files(
    contents: Mapping[Path, bytes],
) -> tuple[tuple[WrittenFile, ...], tuple[Problem, ...]]:
    """Write all of the files or none; they are moved into place only when every one is on disk.

    Return the files in order, no file after an error, and the problems: E304 a folder cannot be
    written, E305 the disk is full, E309 the system cannot encode a file's name, W301 a file is open
    in another program and the new one was saved beside it. Missing folders are created. A file with
    the same content stays untouched.
    """
    moves: list[_PendingFile] = []
    path = Path()
    try:
        for path, content in contents.items():
            moves.append(_stage_file(path, content))
        for number, move in enumerate(moves):
            path = move.requested
            moves[number] = _move_into_place(move)
    except BaseException as error:
        for move in moves:
            _undo(move)
        if isinstance(error, OSError):
            return (), (_write_problem(error, path),)
        if isinstance(error, UnicodeEncodeError):  # a system that is set to no form of Unicode
            location = Location(file=str(path))
            return (), (make_problem("E309", location, found=path.name, encoding=error.encoding),)
        raise
    return (
        tuple(move.written for move in moves),
        tuple(_renamed_problem(move) for move in moves if move.written.path != move.requested),
    )


def _stage_file(path: Path, content: bytes) -> _PendingFile:
    """Write the new bytes to a temporary file beside the target, and back the old file up.

    So all is done that may fail for lack of space or rights. Raise OSError, or UnicodeEncodeError
    for a name; no temporary file is left then.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    is_locked = is_open_elsewhere(path) and not _has_content(path, content)
    target = _free_or_same(path, content) if is_locked else path
    temporary = _write_temporary(path, content)
    try:
        changed = not _has_content(target, content)
        backup = _back_up(target) if changed else None
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    written = WrittenFile(path=target, changed=changed, backup=backup)
    return _PendingFile(requested=path, temporary=temporary, written=written)


def _move_into_place(move: _PendingFile) -> _PendingFile:
    """Replace the target by its temporary file, or remove that if nothing has changed.

    Return the move as it was done: on Windows a target that another program holds is left, and the
    file gets another name. Raise OSError.
    """
    if not move.written.changed:
        move.temporary.unlink()
        return move
    try:
        move.temporary.replace(move.written.path)
    except PermissionError:
        if not (_IS_WINDOWS and _is_held(move.written.path)):
            raise
        alternative = _free_or_same(move.requested, move.temporary.read_bytes())
        move.temporary.replace(alternative)
        _remove(move.written.backup)
        return replace(move, written=WrittenFile(path=alternative, changed=True))
    return move


def _undo(move: _PendingFile) -> None:
    """Restore the former files of a move, done or not, as far as the disk allows.

    Temporary file and backup are removed; no error is raised.
    """
    written = move.written
    was_moved = written.changed and not move.temporary.exists()
    with suppress(OSError):
        if not was_moved:
            move.temporary.unlink(missing_ok=True)
            _remove(written.backup)
        elif written.backup is None:
            written.path.unlink()
        else:
            written.backup.replace(written.path)
            _remove(written.backup)


def _remove(backup: Path | None) -> None:
    """Remove a backup that is not needed, and its folder if nothing else is in it."""
    if backup is not None:
        backup.unlink(missing_ok=True)
        with suppress(OSError):
            backup.parent.rmdir()


def _renamed_problem(move: _PendingFile) -> Problem:
    """Return W301: a file was saved under another name, as another program has it open."""
    location = Location(file=str(move.requested))
    return make_problem("W301", location, found=move.requested.name, saved=move.written.path.name)


def _write_temporary(path: Path, content: bytes) -> Path:
    """Write and sync a temporary file in the folder of ``path``; return its path.

    It has the permissions of a new file. Raise OSError and leave nothing if that fails.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=TEMPORARY_PREFIX)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.chmod(0o666 & ~_umask())
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


def _umask() -> int:
    """Return the process's mask of permissions, which can only be read by setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _has_content(path: Path, content: bytes) -> bool:
    """Return whether a file exists and has these bytes; raise OSError if it cannot be read."""
    return path.is_file() and path.read_bytes() == content


def is_open_elsewhere(path: Path) -> bool:
    """Return whether Word (``~$…``) or LibreOffice (``.~lock.…#``) has an existing file open.

    It is a guess by the marks that they leave beside it: a crash may have left one.
    """
    marks = (f".~lock.{path.name}#", f"~${path.name}", f"~${path.name[2:]}")
    return path.exists() and any((path.parent / mark).exists() for mark in marks)


def _is_held(path: Path) -> bool:
    """Return whether a file that Windows does not let us replace is open in another program.

    False for a folder, and for a file that may not be written (read-only, or without the right).
    """
    if not path.is_file():
        return False
    try:
        with path.open("r+b"):
            return True  # it may be written, so somebody who reads it forbids its removal
    except OSError as error:
        return getattr(error, "winerror", None) in _SHARING_VIOLATIONS


def _back_up(path: Path) -> Path | None:
    """Copy a file to the folder 備份 beside it, under its time of modification.

    Return the copy's path, or None if there is no file. Raise OSError and leave no copy if that
    fails.
    """
    if not path.is_file():
        return None
    folder = path.parent / BACKUP_FOLDER
    folder.mkdir(exist_ok=True)
    time = datetime.fromtimestamp(path.stat().st_mtime).astimezone().strftime("%Y%m%d-%H%M%S")
    backup = folder / f"{path.stem}_{time}{path.suffix}"
    if backup.exists():
        backup = next(name for name in _numbered_names(backup) if not name.exists())
    try:
        staged = _write_temporary(backup, path.read_bytes())
        try:
            staged.replace(backup)
        finally:
            staged.unlink(missing_ok=True)
    except BaseException:
        _remove(backup)
        raise
    return backup


def _free_or_same(path: Path, content: bytes) -> Path:
    """Return the first of ``name_2``, ``name_3`` … that is free or already has this content."""
    return next(
        candidate
        for candidate in _numbered_names(path)
        if not candidate.exists() or _has_content(candidate, content)
    )


def _numbered_names(path: Path) -> Iterator[Path]:
    """Yield ``name_2.docx``, ``name_3.docx`` …, without end."""
    return (path.with_name(f"{path.stem}_{number}{path.suffix}") for number in itertools.count(2))


def _write_problem(error: OSError, path: Path) -> Problem:
    """Return E305 if a disk or quota is full, else E304, for a file that could not be written."""
    location = Location(file=str(path))
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return make_problem("E305", location, found=path.name)
    return make_problem(
        "E304", location, found=path.parent, reason=error.strerror or type(error).__name__
    )
