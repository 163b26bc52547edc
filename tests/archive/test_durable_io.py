"""File operations: what they write, sync and refuse.

Read-only files of the archive are moved and removed, on Windows too.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from reportgen.archive import durable_io

if TYPE_CHECKING:
    from collections.abc import Callable


class WindowsFiles:
    """``os`` as on Windows: a read-only file is neither removed nor replaced."""

    def __getattr__(self, name: str) -> Any:
        real = getattr(os, name)
        return self._guarded(real) if name in ("unlink", "replace") else real

    @staticmethod
    def _guarded(real: Callable[..., Any]) -> Callable[..., Any]:
        def guarded(*paths: Path) -> Any:
            changed = paths[-1]
            if changed.exists() and not changed.stat().st_mode & stat.S_IWUSR:
                raise PermissionError(13, "Access is denied", str(changed))
            return real(*paths)

        return guarded


@pytest.fixture(name="_windows", params=[False, True], ids=["linux", "windows"])
def fixture_windows(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param:
        monkeypatch.setattr(durable_io, "os", WindowsFiles())
        monkeypatch.setattr(durable_io, "_IS_WINDOWS", True)


@pytest.mark.usefixtures("_windows")
def test_a_read_only_file_is_replaced(tmp_path: Path) -> None:
    old, new = tmp_path / "intent", tmp_path / "new"
    durable_io.write_new(old, [b"old"])
    durable_io.write_new(new, [b"new"])
    durable_io.move(new, old)
    assert old.read_bytes() == b"new"
    assert not new.exists()


@pytest.mark.usefixtures("_windows")
def test_a_folder_with_read_only_files_is_removed(tmp_path: Path) -> None:
    staging = tmp_path / "staging"
    (staging / "inner").mkdir(parents=True)
    durable_io.write_new(staging / "intent", [b"1"])
    durable_io.write_new(staging / "inner/file", [b"2"])
    durable_io.remove_tree(staging)
    durable_io.remove_tree(staging)  # what is not there
    assert list(tmp_path.iterdir()) == []


class SyncedFiles:
    """``os`` that remembers what is synced, by name, and writes three bytes at a time at most."""

    def __init__(self, root: Path) -> None:
        self._root, self.synced = root, list[str]()

    def __getattr__(self, name: str) -> Any:
        return getattr(os, name)

    def fsync(self, file: int) -> None:
        path = Path(f"/proc/self/fd/{file}").readlink()
        self.synced.append(path.relative_to(self._root).as_posix())

    def write(self, file: int, content: bytes) -> int:
        return os.write(file, bytes(content[:3]))


@pytest.fixture(name="files")
def fixture_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SyncedFiles:
    files = SyncedFiles(tmp_path)
    monkeypatch.setattr(durable_io, "os", files)
    return files


linux_only = pytest.mark.skipif(
    not Path("/proc/self/fd").exists(), reason="asks Linux for a file's name"
)


@linux_only
def test_a_new_file_has_all_its_bytes_and_is_synced(tmp_path: Path, files: SyncedFiles) -> None:
    path = tmp_path / "x"
    durable_io.write_new(path, [b"0123456", b"", b"789"])
    assert path.read_bytes() == b"0123456789"
    assert stat.S_IMODE(path.stat().st_mode) == 0o444
    assert files.synced == ["x"]
    with pytest.raises(FileExistsError):
        durable_io.write_new(path, [b"other"])
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "none")
    with pytest.raises(FileExistsError):
        durable_io.write_new(link, [b"other"])
    durable_io.write_new(tmp_path / "y", [], 0o644)
    assert stat.S_IMODE((tmp_path / "y").stat().st_mode) == 0o644


@linux_only
@pytest.mark.parametrize(
    ("offset", "content", "after"),
    [(0, b"abcd", b"abcd"), (4, b"abcd", b"0123abcd"), (10, b"abcd", b"0123456789abcd")],
)
def test_the_rest_of_a_file_is_replaced(
    tmp_path: Path, files: SyncedFiles, offset: int, content: bytes, after: bytes
) -> None:
    path = tmp_path / "log"
    path.write_bytes(b"0123456789")
    for _ in range(2):
        durable_io.write_at(path, offset, content)
        assert path.read_bytes() == after
    assert files.synced == ["log"] * 2
    link = tmp_path / "link"
    link.symlink_to(path)
    for wrong in (link, tmp_path / "none"):
        with pytest.raises(OSError, match=wrong.name):
            durable_io.write_at(wrong, 0, b"x")


@linux_only
def test_each_new_folder_is_synced_where_it_is_named(tmp_path: Path, files: SyncedFiles) -> None:
    (tmp_path / "a").mkdir()
    durable_io.make_folders(tmp_path, tmp_path / "a/b/c")
    assert (tmp_path / "a/b/c").is_dir()
    assert files.synced == ["a", "a/b"]
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to(tmp_path / "a")
    for name in ("file", "link"):
        with pytest.raises(NotADirectoryError) as raised:
            durable_io.make_folders(tmp_path, tmp_path / name / "x")
        assert (raised.value.errno, raised.value.filename) == (
            errno.ENOTDIR,
            str(tmp_path / name),
        )


@linux_only
def test_a_move_is_synced_at_both_ends(tmp_path: Path, files: SyncedFiles) -> None:
    for name in ("from", "to"):
        (tmp_path / name).mkdir()
    (tmp_path / "from/x").touch()
    durable_io.move(tmp_path / "from/x", tmp_path / "to/y")
    assert (tmp_path / "to/y").exists()
    assert sorted(files.synced) == ["from", "to"]


@pytest.mark.parametrize(
    ("number", "is_passed_over"),
    [(errno.EINVAL, True), (errno.ENOTSUP, True), (errno.ENOSYS, True), (errno.EIO, False)],
)
def test_a_file_system_without_sync_of_folders(
    tmp_path: Path, files: SyncedFiles, number: int, is_passed_over: bool
) -> None:
    opened: list[int] = []

    def fsync(file: int) -> None:
        opened.append(file)
        raise OSError(number, os.strerror(number))

    files.fsync = fsync  # type: ignore[method-assign]
    if is_passed_over:
        durable_io.sync_folder(tmp_path)
    else:
        with pytest.raises(OSError, match=os.strerror(number)):
            durable_io.sync_folder(tmp_path)
    with pytest.raises(OSError, match=os.strerror(errno.EBADF)):
        os.fstat(opened[0])  # it is closed in any case


def test_windows_has_no_sync_of_folders(
    tmp_path: Path, files: SyncedFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(durable_io, "_IS_WINDOWS", True)
    durable_io.sync_folder(tmp_path)
    assert files.synced == []


def test_a_link_is_removed_and_what_it_leads_to_stays(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    (outside / "inner").mkdir(parents=True)
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "link").symlink_to(outside)
    durable_io.remove_tree(folder)
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["inner", "outside"]
    (tmp_path / "link").symlink_to(outside)
    durable_io.remove_tree(tmp_path / "link")
    assert (outside / "inner").is_dir()


@linux_only
def test_only_an_empty_folder_is_removed(tmp_path: Path, files: SyncedFiles) -> None:
    full, empty = tmp_path / "a/full", tmp_path / "a/empty"
    (full / "x").mkdir(parents=True)
    empty.mkdir()
    for path in (full, empty, tmp_path / "none"):
        durable_io.remove_empty(path)
    assert (full.exists(), empty.exists()) == (True, False)
    assert files.synced == ["a"]


def test_what_a_path_is(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    (tmp_path / "to-file").symlink_to(tmp_path / "file")
    (tmp_path / "to-folder").symlink_to(tmp_path / "folder")
    found = {
        name: (
            durable_io.is_file(tmp_path / name),
            durable_io.is_folder(tmp_path / name),
            durable_io.is_link(tmp_path / name),
        )
        for name in ("file", "folder", "to-file", "to-folder", "none", "file/x")
    }
    assert found == {
        "file": (True, False, False),
        "folder": (False, True, False),
        "to-file": (False, False, True),
        "to-folder": (False, False, True),
        "none": (False, False, False),
        "file/x": (False, False, False),
    }


def test_a_plain_file_is_read_in_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(durable_io, "CHUNK_BYTES", 4)
    path = tmp_path / "x"
    path.write_bytes(b"0123456789")
    assert [*durable_io.read_chunks(path)] == [b"0123", b"4567", b"89"]
    assert durable_io.read_content(path) == b"0123456789"
    (tmp_path / "link").symlink_to(path)
    with pytest.raises(OSError, match="link"):
        durable_io.read_content(tmp_path / "link")
    with pytest.raises(OSError, match="not a plain file") as raised:
        durable_io.read_content(tmp_path)
    assert (raised.value.errno, raised.value.filename) == (errno.EINVAL, str(tmp_path))


def test_no_file_stays_open(tmp_path: Path) -> None:
    before = len(os.listdir("/dev/fd"))  # noqa: PTH208
    durable_io.write_new(tmp_path / "x", [b"1"], 0o644)
    durable_io.write_at(tmp_path / "x", 0, b"2")
    durable_io.read_content(tmp_path / "x")
    durable_io.sync_folder(tmp_path)
    assert len(os.listdir("/dev/fd")) == before  # noqa: PTH208
