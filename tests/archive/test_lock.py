"""The lock: who waits for whom, how long, and what is no lock."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

import pytest

from reportgen.archive import lock
from reportgen.archive.lock import LockTimeoutError, UnlockableError, file_lock

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(name="path")
def fixture_path(tmp_path: Path) -> Path:
    path = tmp_path / "lock"
    path.touch()
    return path


class Clock:
    """Time that passes only while somebody sleeps."""

    def __init__(self) -> None:
        self.now, self.sleeps = 100.0, list[float]()

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.sleeps.append(seconds)
        self.now += 0.25


@pytest.fixture(name="clock")
def fixture_clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(lock, "time", clock)
    return clock


@pytest.mark.parametrize(
    ("held", "wanted", "waits"),
    [(True, True, True), (True, False, True), (False, True, True), (False, False, False)],
)
def test_readers_share_a_lock_and_writers_do_not(
    path: Path, clock: Clock, held: bool, wanted: bool, waits: bool
) -> None:
    with file_lock(path, exclusive=held):
        if waits:
            with pytest.raises(LockTimeoutError), file_lock(path, exclusive=wanted, seconds=1):
                pass
        else:
            with file_lock(path, exclusive=wanted, seconds=1):
                pass
    assert clock.sleeps == ([0.02] * 5 if waits else [])  # until its second is over
    with file_lock(path, exclusive=True, seconds=0):  # both have released it
        pass


def test_a_lock_is_released_by_an_error_too(path: Path) -> None:
    with pytest.raises(KeyError), file_lock(path, exclusive=True):
        raise KeyError
    with file_lock(path, exclusive=True, seconds=0):
        pass


@pytest.mark.parametrize("number", [errno.EAGAIN, errno.EACCES, errno.EDEADLK])
def test_a_lock_that_is_held_for_a_moment_is_waited_for(
    path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    answers = [OSError(number, "held")] * 3

    def try_lock(file: int, exclusive: bool) -> None:
        if answers:
            raise answers.pop()

    monkeypatch.setattr(lock, "_try_lock", try_lock)
    with file_lock(path, exclusive=True, seconds=60):
        assert clock.sleeps == [0.02] * 3


@pytest.mark.parametrize(
    ("error", "reason"),
    [(OSError(errno.ENOLCK, "No locks"), "No locks"), (PermissionError(), "PermissionError")],
)
def test_a_disk_without_locks_is_named_with_its_reason(
    path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError, reason: str
) -> None:
    def try_lock(file: int, exclusive: bool) -> None:
        raise error

    monkeypatch.setattr(lock, "_try_lock", try_lock)
    with pytest.raises(UnlockableError, match=f"^{reason}$"), file_lock(path, exclusive=True):
        pass


@pytest.mark.parametrize("is_replaced", [True, False])
def test_a_lock_of_a_file_that_is_gone_is_no_lock(
    path: Path, monkeypatch: pytest.MonkeyPatch, is_replaced: bool
) -> None:
    """Whoever waited may hold the lock of a file that nobody else will ever open."""
    locked: list[int] = []

    def try_lock(file: int, exclusive: bool) -> None:
        locked.append(os.fstat(file).st_ino)
        if len(locked) == 1:
            path.rename(path.with_name("gone"))
            if is_replaced:
                path.touch()

    monkeypatch.setattr(lock, "_try_lock", try_lock)
    if is_replaced:
        with file_lock(path, exclusive=True):
            assert locked[-1] == path.stat().st_ino
        assert len(locked) == 2
    else:
        with pytest.raises(FileNotFoundError), file_lock(path, exclusive=True):
            pass


def test_a_file_that_is_locked_is_neither_created_nor_followed(path: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(path)
    for wrong in (link, tmp_path / "none"):
        with pytest.raises(OSError, match=wrong.name), file_lock(wrong, exclusive=True):
            pass
    assert not (tmp_path / "none").exists()


def test_readers_need_no_right_to_write() -> None:
    assert lock._open_flags(exclusive=False) & os.O_ACCMODE == os.O_RDONLY
    assert lock._open_flags(exclusive=True) & os.O_ACCMODE == os.O_RDWR
