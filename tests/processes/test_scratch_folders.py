"""Temporary folders of killed processes are removed; those of running ones are not."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from typing import TYPE_CHECKING

import pytest

from reportgen.processes import scratch_folders
from reportgen.processes.scratch_folders import process_is_running, scratch_folder

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(name="root")
def fixture_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def ended_process() -> int:
    """The number of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_the_folder_is_there_within_the_block_only(root: Path) -> None:
    with scratch_folder("reportgen-x-") as folder:
        (folder / "file").write_bytes(b"1")
        assert folder.parent == root
        assert folder.name.startswith(f"reportgen-x-{os.getpid()}-")
    assert list(root.iterdir()) == []


@pytest.mark.parametrize("has_users", [True, False])
def test_what_a_killed_process_has_left_is_removed(
    root: Path, monkeypatch: pytest.MonkeyPatch, has_users: bool
) -> None:
    if not has_users:  # Windows
        monkeypatch.delattr(os, "getuid")
    left = root / f"reportgen-x-{ended_process()}-a"
    left.mkdir()
    (left / "0.ttf").write_bytes(b"1")
    kept = [root / f"reportgen-x-{os.getpid()}-b", root / "reportgen-x-c", root / "reportgen-y-1-d"]
    for folder in kept:
        folder.mkdir()
    with scratch_folder("reportgen-x-"):
        assert not left.exists()
    assert sorted(root.iterdir()) == sorted(kept)


def test_the_folder_of_another_user_is_not_removed(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = root / f"reportgen-x-{ended_process()}-a"
    left.mkdir()
    monkeypatch.setattr(os, "getuid", lambda: left.stat().st_uid + 1)
    with scratch_folder("reportgen-x-"):
        assert left.exists()


def test_a_file_that_is_still_mapped_does_not_fail_the_work(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on Windows, where a font cannot be removed while a library maps it."""
    real = os.unlink

    def refuse(path: str, **options: int | None) -> None:
        if str(path).endswith(".ttf"):
            raise PermissionError(13, "in use", path)
        real(path, **options)

    with scratch_folder("reportgen-x-") as folder:
        (folder / "0.ttf").write_bytes(b"1")
        monkeypatch.setattr(os, "unlink", refuse)
    assert [path.name for path in root.glob("*/*")] == ["0.ttf"]


def test_running_and_ended_processes() -> None:
    assert process_is_running(os.getpid())
    assert process_is_running(1)
    assert not process_is_running(ended_process())
    assert not scratch_folders.process_is_running(1 << 80)
