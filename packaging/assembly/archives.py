"""Zip and tar archives: the same files give the same bytes."""

from __future__ import annotations

import gzip
import tarfile
from types import MappingProxyType
from typing import TYPE_CHECKING, Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

ZIP_DATE: Final = (1980, 1, 1, 0, 0, 0)
TAR_DATE: Final = 315532800  # the same, in seconds since 1970
UNIX: Final = 3


def write(path: Path, content: bytes) -> None:
    """Write a file, and the folders that it lies in."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def files_below(folder: Path) -> list[Path]:
    """Return the paths of all files in a folder, at any depth, in order."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


def write_zip(target: Path, root: str, files: Iterable[Path], base: Path) -> None:
    """Write a zip of files below a top folder ``root``; the same files give the same bytes."""
    with ZipFile(target, "w") as archive:
        for path in sorted(files):
            entry = ZipInfo(f"{root}/{path.relative_to(base).as_posix()}", ZIP_DATE)
            entry.create_system = UNIX
            entry.external_attr = 0o644 << 16
            is_packed = path.suffix in (".zip", ".xz", ".gz", ".bz2", ".png")
            entry.compress_type = ZIP_STORED if is_packed else ZIP_DEFLATED
            archive.writestr(entry, path.read_bytes())


def write_tar(
    target: Path,
    root: str,
    base: Path,
    *,
    folders: Mapping[str, int] = MappingProxyType({}),
    links: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """Write a tar.gz of the files of a folder, below a top folder ``root``, all owned by root.

    Added are ``folders`` with their modes, and symbolic ``links`` with their targets. The same
    files give the same bytes. It is gzip, because a bare Debian has no xz.
    """
    with (
        target.open("wb") as stream,
        gzip.GzipFile("", "wb", 6, stream, TAR_DATE) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        for name, mode in sorted(folders.items()):
            archive.addfile(_entry(root, name, tarfile.DIRTYPE, mode))
        for name, destination in sorted(links.items()):
            entry = _entry(root, name, tarfile.SYMTYPE, 0o777)
            entry.linkname = destination
            archive.addfile(entry)
        for path in files_below(base):
            mode = 0o755 if path.stat().st_mode & 0o100 else 0o644
            entry = _entry(root, path.relative_to(base).as_posix(), tarfile.REGTYPE, mode)
            entry.size = path.stat().st_size
            with path.open("rb") as content:
                archive.addfile(entry, content)


def _entry(root: str, name: str, kind: bytes, mode: int) -> tarfile.TarInfo:
    """Return an entry of a tar, owned by root and of a fixed date."""
    entry = tarfile.TarInfo(f"{root}/{name}" if root else name)
    entry.type, entry.mode, entry.mtime = kind, mode, TAR_DATE
    return entry
