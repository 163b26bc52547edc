"""Writing files so that nothing is lost: whole or not at all, the replaced one kept.

A replaced file goes to the folder 備份 beside it, under its own time. A file that Word or
LibreOffice holds open is left alone: the new one is saved as ``…_2``.
"""

from __future__ import annotations

import errno
import os
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.problems import Location, Problem, make

if TYPE_CHECKING:
    from collections.abc import Mapping

BACKUPS = "備份"


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A file that is now on disk. ``backup`` is where the one it replaced went, if any."""

    path: Path
    changed: bool  # False: the same bytes stood there already
    backup: Path | None = None


def write_files(
    contents: Mapping[Path, bytes],
) -> tuple[tuple[Written, ...], tuple[Problem, ...]]:
    """All of the files, or none: they are put in place only when every one is on disk.

    Problems: E304 a folder cannot be written, E305 the disk is full, W301 a file is open in
    another program and the new one was saved beside it.
    """
    staged: dict[Path, Path] = {}
    try:
        for path, content in contents.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            staged[path] = _stage(path, content)
        results = [_place(path, temporary) for path, temporary in staged.items()]
    except OSError as error:
        return (), (_problem(error, path),)
    finally:
        for temporary in staged.values():
            temporary.unlink(missing_ok=True)
    return (
        tuple(written for written, _ in results),
        tuple(problem for _, problem in results if problem),
    )


def _stage(path: Path, content: bytes) -> Path:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".reportgen-")
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
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _place(path: Path, temporary: Path) -> tuple[Written, Problem | None]:
    if path.is_file() and path.read_bytes() == temporary.read_bytes():
        return Written(path=path, changed=False), None
    if not is_open_elsewhere(path):
        backup = _back_up(path)
        try:
            temporary.replace(path)
        except PermissionError:  # how Windows says that another program holds it
            if os.name != "nt":
                raise
        else:
            return Written(path=path, changed=True, backup=backup), None
    other = _free_name(path)
    temporary.replace(other)
    where = Location(file=str(path))
    return Written(path=other, changed=True), make("W301", where, found=path.name, saved=other.name)


def is_open_elsewhere(path: Path) -> bool:
    """Whether Word (``~$…``) or LibreOffice (``.~lock.…#``) has left its mark beside a file."""
    marks = (f".~lock.{path.name}#", f"~${path.name}", f"~${path.name[2:]}")
    return path.exists() and any((path.parent / mark).exists() for mark in marks)


def _back_up(path: Path) -> Path | None:
    if not path.is_file():
        return None
    folder = path.parent / BACKUPS
    folder.mkdir(exist_ok=True)
    time = datetime.fromtimestamp(path.stat().st_mtime).astimezone().strftime("%Y%m%d-%H%M%S")
    backup = _free_name(folder / f"{path.stem}_{time}{path.suffix}", first=True)
    content = path.read_bytes()
    _stage(backup, content).replace(backup)
    return backup


def _free_name(path: Path, *, first: bool = False) -> Path:
    """``name_2.docx``, ``name_3.docx`` …: the first that nothing has."""
    if first and not path.exists():
        return path
    number = 2
    while (other := path.with_name(f"{path.stem}_{number}{path.suffix}")).exists():
        number += 1
    return other


def _problem(error: OSError, path: Path) -> Problem:
    where = Location(file=str(path))
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return make("E305", where, found=path.name)
    return make("E304", where, found=path.parent, reason=error.strerror or type(error).__name__)
