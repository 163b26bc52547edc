"""Writing: whole or not at all, and nothing that stood there is lost."""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from reportgen import atomic_files
from reportgen.atomic_files import BACKUP_FOLDER, WrittenFile, is_open_elsewhere, write_files
from reportgen.problems import Location, Problem, make_problem

if TYPE_CHECKING:
    from collections.abc import Callable

MADE_AT = 1_482_624_000  # 2016-12-25, as a file's time


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, temporary ones too; backups by their folder alone."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def old(path: Path, content: bytes = b"old") -> Path:
    """A file of another day."""
    path.write_bytes(content)
    os.utime(path, (MADE_AT, MADE_AT))
    return path


def failing(error: BaseException, at: int = 1) -> Callable[..., Any]:
    """A stand-in for a function that fails the ``at``-th time that it is called."""
    calls = 0

    def fail(real: Callable[..., Any]) -> Callable[..., Any]:
        def called(*args: Any, **given: Any) -> Any:
            nonlocal calls
            calls += 1
            if calls == at:
                raise error
            return real(*args, **given)

        return called

    return fail


def test_new_files_are_written_with_their_folders(tmp_path: Path) -> None:
    pdf, word = tmp_path / "105-12-25/卡.pdf", tmp_path / "105-12-25/卡.docx"
    written, problems = write_files({pdf: b"%PDF", word: b"PK"})
    assert written == (WrittenFile(path=pdf, changed=True), WrittenFile(path=word, changed=True))
    assert problems == ()
    assert tree(tmp_path) == {"105-12-25/卡.docx": b"PK", "105-12-25/卡.pdf": b"%PDF"}


def test_files_are_as_readable_as_others(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_files({tmp_path / "a.pdf": b"new"})
        assert os.umask(0o027) == 0o027
    finally:
        os.umask(before)
    assert (tmp_path / "a.pdf").stat().st_mode & 0o777 == 0o640


def test_replaced_file_is_kept_under_its_own_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "UTC")
    __import__("time").tzset()
    path = old(tmp_path / "卡.pdf")
    written, problems = write_files({path: b"new"})
    backup = tmp_path / BACKUP_FOLDER / "卡_20161225-000000.pdf"
    assert written == (WrittenFile(path=path, changed=True, backup=backup),)
    assert problems == ()
    assert path.read_bytes() == b"new"
    assert backup.read_bytes() == b"old"


def test_no_backup_is_overwritten(tmp_path: Path) -> None:
    path = old(tmp_path / "a.pdf", b"1")
    for content in (b"2", b"3", b"4"):
        write_files({path: content})
        os.utime(path, (MADE_AT, MADE_AT))
    backups = sorted((tmp_path / BACKUP_FOLDER).iterdir())
    assert [each.read_bytes() for each in backups] == [b"1", b"2", b"3"]
    assert [each.stem[-2:] for each in backups[1:]] == ["_2", "_3"]


def test_same_bytes_are_not_rewritten(tmp_path: Path) -> None:
    path = old(tmp_path / "a.pdf", b"same")
    inode = path.stat().st_ino
    written, problems = write_files({path: b"same"})
    assert written == (WrittenFile(path=path, changed=False),)
    assert problems == ()
    assert (path.stat().st_ino, path.stat().st_mtime) == (inode, MADE_AT)
    assert tree(tmp_path) == {"a.pdf": b"same"}


def test_nothing_to_write_is_no_error() -> None:
    assert write_files({}) == ((), ())


@pytest.mark.parametrize(
    ("name", "mark"),
    [
        ("卡.docx", "~$卡.docx"),  # Word, a short name
        ("臺北市教師研習中心.docx", "~$市教師研習中心.docx"),  # Word drops two characters
        ("卡.docx", ".~lock.卡.docx#"),  # LibreOffice
    ],
)
def test_open_file_is_left_alone(tmp_path: Path, name: str, mark: str) -> None:
    path = old(tmp_path / name)
    (tmp_path / mark).touch()
    assert is_open_elsewhere(path)
    beside = path.with_stem(f"{path.stem}_2")
    written, problems = write_files({path: b"new"})
    assert written == (WrittenFile(path=beside, changed=True),)
    assert problems == (
        make_problem("W301", Location(file=str(path)), found=name, saved=beside.name),
    )
    assert tree(tmp_path) == {name: b"old", mark: b"", beside.name: b"new"}


def test_open_file_gains_one_copy_for_each_content(tmp_path: Path) -> None:
    path = old(tmp_path / "a.docx")
    (tmp_path / "~$a.docx").touch()
    names = [write_files({path: content})[0][0].path.name for content in (b"1", b"2", b"1", b"2")]
    assert names == ["a_2.docx", "a_3.docx", "a_2.docx", "a_3.docx"]


def test_open_file_with_the_same_bytes_is_no_matter(tmp_path: Path) -> None:
    path = old(tmp_path / "a.docx")
    (tmp_path / "~$a.docx").touch()
    assert write_files({path: b"old"}) == ((WrittenFile(path=path, changed=False),), ())


def test_mark_of_a_file_that_is_gone_is_no_matter(tmp_path: Path) -> None:
    (tmp_path / "~$a.docx").touch()
    assert not is_open_elsewhere(tmp_path / "a.docx")


OS_CALLS = [
    (tempfile, "mkstemp", 4),  # twice for new bytes, twice for backups
    (os, "fsync", 4),
    (Path, "chmod", 4),
    (Path, "replace", 4),
    (Path, "mkdir", 4),
    (Path, "read_bytes", 2),
]


@pytest.mark.parametrize(
    "error",
    [OSError(errno.EIO, "Input/output error"), OSError(errno.ENOSPC, "full"), KeyboardInterrupt()],
    ids=["I/O error", "full disk", "Ctrl-C"],
)
@pytest.mark.parametrize(
    "step",
    [(owner, name, at) for owner, name, count in OS_CALLS for at in range(1, count + 1)],
)
def test_failure_at_any_step_leaves_all_as_it_was(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    step: tuple[Any, str, int],
    error: BaseException,
) -> None:
    owner, name, at = step
    pdf, word = old(tmp_path / "a.pdf", b"old pdf"), old(tmp_path / "a.docx", b"old word")
    with monkeypatch.context() as patch:
        patch.setattr(owner, name, failing(error, at)(getattr(owner, name)))
        if isinstance(error, OSError):
            written, problems = write_files({pdf: b"new pdf", word: b"new word"})
            assert written == ()
            code = "E305" if error.errno == errno.ENOSPC else "E304"
            assert [problem.code for problem in problems] == [code]
        else:
            with pytest.raises(KeyboardInterrupt):
                write_files({pdf: b"new pdf", word: b"new word"})
    assert tree(tmp_path) == {"a.docx": b"old word", "a.pdf": b"old pdf"}
    assert not (tmp_path / BACKUP_FOLDER).exists()


def test_older_backups_outlive_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = old(tmp_path / "a.pdf", b"1")
    write_files({path: b"2"})
    before = tree(tmp_path)
    monkeypatch.setattr(Path, "replace", failing(OSError(errno.EIO, "?"), 2)(Path.replace))
    assert write_files({path: b"3"})[0] == ()
    assert tree(tmp_path) == before


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_full_disk_is_e305(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    path = tmp_path / "卡.pdf"
    monkeypatch.setattr(os, "fsync", failing(OSError(number, "full"))(os.fsync))
    assert write_files({path: b"new"}) == (
        (),
        (make_problem("E305", Location(file=str(path)), found="卡.pdf"),),
    )
    assert tree(tmp_path) == {}


def read_only(path: Path, reason: str = "Permission denied") -> Problem:
    return make_problem("E304", Location(file=str(path)), found=path.parent, reason=reason)


def test_folder_that_may_not_be_written_is_e304(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    error = PermissionError(errno.EACCES, "Permission denied")
    monkeypatch.setattr(tempfile, "mkstemp", failing(error)(tempfile.mkstemp))
    path = tmp_path / "a.pdf"
    assert write_files({path: b"new"}) == ((), (read_only(path),))


def test_folder_that_is_a_file_is_e304(tmp_path: Path) -> None:
    path = old(tmp_path / "output") / "a.pdf"
    assert write_files({path: b"new"}) == ((), (read_only(path, "File exists"),))


def test_name_that_is_a_folder_is_e304(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.mkdir()
    assert write_files({path: b"new"}) == ((), (read_only(path, "Is a directory"),))
    assert tree(tmp_path) == {}


def test_the_file_that_failed_is_the_one_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = tmp_path / "a.pdf", tmp_path / "b.pdf"
    error = PermissionError(errno.EACCES, "Permission denied")
    monkeypatch.setattr(Path, "replace", failing(error)(Path.replace))
    assert write_files({first: b"1", second: b"2"}) == ((), (read_only(first),))


def windows_refuses(monkeypatch: pytest.MonkeyPatch, path: Path, winerror: int) -> None:
    """As on Windows: a file is not replaced, and opening it for writing fails with a number."""
    real_replace, real_open = Path.replace, Path.open

    def replace(self: Path, target: Path) -> Path:
        if target == path:
            raise PermissionError(errno.EACCES, "Access is denied")
        return real_replace(self, target)

    def opened(self: Path, mode: str = "r", *given: Any, **named: Any) -> Any:
        if self == path and mode == "r+b" and winerror:
            error = PermissionError(errno.EACCES, "Access is denied")
            error.winerror = winerror  # type: ignore[attr-defined]
            raise error
        return real_open(self, mode, *given, **named)

    monkeypatch.setattr(Path, "replace", replace)
    monkeypatch.setattr(Path, "open", opened)
    monkeypatch.setattr(atomic_files, "_IS_WINDOWS", True)


@pytest.mark.parametrize("winerror", [0, 32, 33], ids=["read", "held", "locked"])
def test_windows_says_by_refusing_that_a_file_is_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, winerror: int
) -> None:
    path = old(tmp_path / "a.docx")
    windows_refuses(monkeypatch, path, winerror)
    written, problems = write_files({path: b"new"})
    assert written == (WrittenFile(path=tmp_path / "a_2.docx", changed=True),)
    assert [problem.code for problem in problems] == ["W301"]
    assert tree(tmp_path) == {"a.docx": b"old", "a_2.docx": b"new"}


def test_a_file_that_may_not_be_written_is_e304_on_windows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = old(tmp_path / "a.docx")
    windows_refuses(monkeypatch, path, 5)
    assert write_files({path: b"new"}) == ((), (read_only(path, "Access is denied"),))
    assert tree(tmp_path) == {"a.docx": b"old"}


def test_a_folder_of_that_name_is_e304_on_windows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.docx"
    path.mkdir()
    windows_refuses(monkeypatch, path, 0)
    assert write_files({path: b"new"}) == ((), (read_only(path, "Access is denied"),))
    assert tree(tmp_path) == {}
