"""Archives: the same files give the same bytes."""

from __future__ import annotations

import shutil
import tarfile
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest
from assembly.archives import files_below, write, write_tar, write_zip

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(name="folders")
def fixture_folders(tmp_path: Path) -> tuple[Path, Path]:
    """Two folders with the same files, of which the second's are younger."""
    first, second = tmp_path / "1", tmp_path / "2"
    for name in ("乙.txt", "甲/a.png"):
        write(first / name, name.encode())
    (first / "乙.txt").chmod(0o755)
    shutil.copytree(first, second)
    (second / "乙.txt").touch()
    return first, second


def test_the_same_files_give_the_same_zip(folders: tuple[Path, Path]) -> None:
    first, second = folders
    for folder in folders:
        write_zip(folder.with_suffix(".zip"), "root", files_below(folder), folder)
    assert first.with_suffix(".zip").read_bytes() == second.with_suffix(".zip").read_bytes()
    with ZipFile(first.with_suffix(".zip")) as archive:
        assert archive.namelist() == ["root/乙.txt", "root/甲/a.png"]


def test_the_same_files_give_the_same_tar(folders: tuple[Path, Path]) -> None:
    first, second = folders
    for folder in folders:
        write_tar(
            folder.with_suffix(".tar"), "", folder, folders={"tmp": 0o1777}, links={"l": "乙.txt"}
        )
    assert first.with_suffix(".tar").read_bytes() == second.with_suffix(".tar").read_bytes()
    with tarfile.open(first.with_suffix(".tar")) as archive:
        entries = {entry.name: entry for entry in archive}
        assert archive.extractfile("甲/a.png").read() == "甲/a.png".encode()  # type: ignore[union-attr]
    assert {name: entry.mode for name, entry in entries.items()} == {
        "tmp": 0o1777,
        "l": 0o777,
        "乙.txt": 0o755,
        "甲/a.png": 0o644,
    }
    assert entries["tmp"].isdir()
    assert entries["l"].linkname == "乙.txt"
    assert {(entry.uid, entry.gid, entry.mtime) for entry in entries.values()} == {
        (0, 0, 315532800)
    }
