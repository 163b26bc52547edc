"""An archive that another process writes, or that is damaged, when it is opened."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from reportgen.archive import inventory, lock, log, open_archive, repository
from reportgen.archive.errors import ArchiveError
from reportgen.archive.lock import LockTimeoutError
from reportgen.archive.repository import lock_archive, newest_state
from reportgen.archive.storage_layout import STAGING, object_path
from tests.factories.archives import add, failing, sound

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(autouse=True)
def _no_waiting_for_disks() -> Iterator[None]:
    with failing(0, "error"):
        yield


def refuse_locks(monkeypatch: pytest.MonkeyPatch, *, exclusive: bool) -> None:
    """Let each lock of this kind be held by somebody else for longer than one waits."""
    real = lock.file_lock

    @contextmanager
    def file_lock(path: Path, *, exclusive: bool, seconds: float = 60) -> Iterator[None]:
        if exclusive == refused:
            raise LockTimeoutError
        with real(path, exclusive=exclusive, seconds=seconds):
            yield

    refused = exclusive
    monkeypatch.setattr(repository, "file_lock", file_lock)


def test_a_reader_waits_a_minute_for_a_writer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(tmp_path)
    refuse_locks(monkeypatch, exclusive=False)
    archive, (problem,) = open_archive(tmp_path)
    assert archive is None
    assert (problem.code, problem.where.file) == ("E610", str(tmp_path))


def test_a_reader_leaves_it_to_the_writer_to_finish_a_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(tmp_path)
    stage = tmp_path / STAGING / "2-abc"
    stage.mkdir(parents=True)
    refuse_locks(monkeypatch, exclusive=True)
    archive, problems = open_archive(tmp_path)
    assert archive is not None
    assert ([entry.name for entry in archive.editions], problems) == (["105-12-25"], ())
    assert stage.exists()
    monkeypatch.undo()
    open_archive(tmp_path)
    assert not stage.exists()  # nobody holds it now, and nothing was committed


def test_who_comes_second_does_not_create_the_archive_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = lock.file_lock

    @contextmanager
    def file_lock(path: Path, *, exclusive: bool) -> Iterator[None]:
        monkeypatch.undo()
        add(tmp_path)  # while the lock is waited for
        with real(path, exclusive=exclusive):
            yield

    monkeypatch.setattr(repository, "file_lock", file_lock)
    with lock_archive(tmp_path) as archive:
        assert [entry.name for entry in archive.editions] == ["105-12-25"]
    assert len(sound(tmp_path).entries) == 2


def test_nothing_is_added_to_a_damaged_log(tmp_path: Path) -> None:
    add(tmp_path)
    path = tmp_path / log.NAME
    content = path.read_bytes().replace(b"105-12-25", b"105-12-24")
    path.write_bytes(content)
    with pytest.raises(ArchiveError, match="E615"), lock_archive(tmp_path):
        pass
    assert path.read_bytes() == content


@pytest.mark.parametrize("content", [None, b"", b"{}\n"])
def test_the_newest_state_needs_a_readable_inventory(content: bytes | None, tmp_path: Path) -> None:
    add(tmp_path)
    archive = sound(tmp_path)
    identifier = archive.entries[-1].object
    assert set(newest_state(archive, identifier)) >= {"source/105-12-25.xlsx"}
    assert newest_state(archive, "urn:of:none") == {}
    path = tmp_path / object_path(identifier) / inventory.NAME
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ArchiveError) as refused:
        newest_state(archive, identifier)
    (problem,) = refused.value.problems
    assert (problem.code, problem.where.file) == ("E618", str(path))


def test_an_inventory_without_versions_is_invalid(tmp_path: Path) -> None:
    add(tmp_path)
    identifier = sound(tmp_path).entries[-1].object
    without = inventory.Inventory(id=identifier, manifest={}, fixity={}, versions=())
    with pytest.raises(inventory.InvalidInventoryError, match="no version"):
        inventory.from_bytes(inventory.to_bytes(without))
