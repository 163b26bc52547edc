"""File operations that have reached the disk when they return.

The archive writes through these functions only, so that tests can make each call fail.

On Windows a folder cannot be synced: after a power failure there, an edition of the last
seconds may be missing although it was acknowledged. Neither a killed process nor a full disk
causes that.
"""

from __future__ import annotations

import errno
import os
import stat
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

CHUNK_BYTES = 1 << 20
_IS_WINDOWS = os.name == "nt"
_NO_FOLLOW_FLAGS = (
    getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
)
_FOLDER_SYNC_UNSUPPORTED = (errno.EINVAL, errno.ENOTSUP, errno.ENOSYS)  # some network file systems


def make_folder(path: Path) -> None:
    """Create a folder, without syncing its parent; raise FileExistsError if the path exists."""
    os.mkdir(path)  # noqa: PTH102 (tests make these calls fail)


def make_folders(root: Path, path: Path) -> None:
    """Create the missing folders below ``root`` down to ``path``, and sync each one's parent.

    ``path`` must be below ``root``, which must exist. Raise NotADirectoryError for a file or a link
    in the way.
    """
    folder = root
    for name in path.relative_to(root).parts:
        folder = folder / name
        if not is_folder(folder):
            try:
                make_folder(folder)
            except FileExistsError:
                raise NotADirectoryError(errno.ENOTDIR, "not a folder", str(folder)) from None
            sync_folder(folder.parent)


def write_new(path: Path, chunks: Iterable[bytes], mode: int = 0o444) -> None:
    """Write and sync a new file, but not its folder; raise FileExistsError if the path exists.

    ``mode`` are its permissions, read-only by default. After another OSError a part may be left.
    """
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_FOLLOW_FLAGS, mode)
    try:
        for chunk in chunks:
            _write_all(file, chunk)
        os.fsync(file)
    finally:
        os.close(file)


def write_at(path: Path, offset: int, content: bytes) -> None:
    """Replace all that a file has from ``offset`` (bytes) on by the content, and sync it.

    Doing it again changes nothing. The file must exist; a link is not followed.
    """
    file = os.open(path, os.O_WRONLY | _NO_FOLLOW_FLAGS)
    try:
        os.lseek(file, offset, os.SEEK_SET)
        _write_all(file, content)
        os.ftruncate(file, offset + len(content))
        os.fsync(file)
    finally:
        os.close(file)


def _write_all(file: int, content: bytes) -> None:
    """Write all bytes to a file descriptor, which may take several calls."""
    remaining = memoryview(content)
    while remaining:
        remaining = remaining[os.write(file, remaining) :]


def move(source: Path, target: Path) -> None:
    """Move a file or folder in one step, replacing a file of that name, and sync both parents."""
    _allow_removal(target)
    os.replace(source, target)  # noqa: PTH105
    sync_folder(target.parent)
    sync_folder(source.parent)


def sync_folder(path: Path) -> None:
    """Sync the names in a folder; no-op on Windows and on file systems that do not support it."""
    if _IS_WINDOWS:
        return
    folder = os.open(path, os.O_RDONLY | _NO_FOLLOW_FLAGS)
    try:
        os.fsync(folder)
    except OSError as error:
        if error.errno not in _FOLDER_SYNC_UNSUPPORTED:
            raise
    finally:
        os.close(folder)


def remove_tree(path: Path) -> None:
    """Remove a file, or a folder and its contents, if it exists; links are removed, not followed.

    Nothing is synced.
    """
    if is_folder(path):
        for entry in sorted(os.scandir(path), key=lambda item: item.name):
            remove_tree(path / entry.name)
        os.rmdir(path)  # noqa: PTH106
    else:
        with suppress(FileNotFoundError):
            _allow_removal(path)
            os.unlink(path)  # noqa: PTH108


def _allow_removal(path: Path) -> None:
    """Make a file writable on Windows, where a read-only one can be neither removed nor replaced.

    No-op elsewhere, and for anything but a plain file.
    """
    if _IS_WINDOWS and is_file(path):
        os.chmod(path, stat.S_IREAD | stat.S_IWRITE)  # noqa: PTH101


def remove_empty(path: Path) -> None:
    """Remove a folder if it exists and is empty, and sync its parent; errors are ignored."""
    if is_folder(path):
        with suppress(OSError):
            os.rmdir(path)  # noqa: PTH106
            sync_folder(path.parent)


def is_folder(path: Path) -> bool:
    """Return whether there is a folder, and no link to one."""
    return _file_type(path) == stat.S_IFDIR


def is_file(path: Path) -> bool:
    """Return whether there is a plain file, and no link to one."""
    return _file_type(path) == stat.S_IFREG


def is_link(path: Path) -> bool:
    """Return whether there is a symbolic link."""
    return _file_type(path) == stat.S_IFLNK


def _file_type(path: Path) -> int:
    """Return the file type bits of a path, without following a link; 0 if it does not exist."""
    try:
        return stat.S_IFMT(os.lstat(path).st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return 0


def read_chunks(path: Path) -> Iterator[bytes]:
    """Yield a plain file's bytes in pieces; raise OSError (ELOOP) for a link."""
    file = os.open(path, os.O_RDONLY | _NO_FOLLOW_FLAGS | getattr(os, "O_NONBLOCK", 0))
    try:
        if not stat.S_ISREG(os.fstat(file).st_mode):
            raise OSError(errno.EINVAL, "not a plain file", str(path))
        while piece := os.read(file, CHUNK_BYTES):
            yield piece
    finally:
        os.close(file)


def read_content(path: Path) -> bytes:
    """Return all bytes of a plain file; raise OSError for a link."""
    return b"".join(read_chunks(path))
