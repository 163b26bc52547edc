"""Read-only files of the archive are moved and removed, on Windows too."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING, Any

import pytest

from reportgen.archive import durable_io

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


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
