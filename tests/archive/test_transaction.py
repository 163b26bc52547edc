"""The steps of a commit: what is staged, what is moved, and what is refused."""

from __future__ import annotations

import errno
import json
import os
import stat
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from reportgen.archive import durable_io, inventory, log, storage_layout, transaction
from reportgen.archive.digests import digests, sha512
from reportgen.archive.errors import ArchiveError
from reportgen.archive.transaction import Journal, UnfinishedTransactionError
from tests.factories.archives import AGENCY, add, failing, sound

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from reportgen.archive import Archive, LogEntry


@pytest.fixture(autouse=True)
def _no_waiting_for_disks() -> Iterator[None]:
    with failing(0, "error"):
        yield


def change(archive: Archive, edition: str = "105-12-26") -> transaction.VersionChange:
    """The next version of the object of an archive's first edition."""
    first = archive.editions[0]
    return transaction.VersionChange(
        entry=replace(first, edition=edition),
        files={"source/b.xlsx": b"b", "source/a.xlsx": b"a"},
        inherited={},
        message="words",
        user="王小明",
        address="urn:x:user",
    )


def commit(archive: Archive) -> LogEntry:
    return transaction.commit_version(archive.root, archive.entries, archive.size, change(archive))


def folder_of(archive: Archive) -> Path:
    return archive.root / storage_layout.object_path(archive.editions[0].object)


# What is written


def test_an_entry_is_chained_and_holds_the_digests(tmp_path: Path) -> None:
    add(tmp_path)
    archive = sound(tmp_path)
    entry = commit(archive)
    last = archive.entries[-1]
    content = (folder_of(archive) / "inventory.json").read_bytes()
    assert (entry.number, entry.version) == (last.number + 1, last.version + 1)
    assert (entry.previous, entry.inventory) == (last.hash, sha512(content))
    assert [(file.path, file.size) for file in entry.files] == [
        ("source/a.xlsx", 1),
        ("source/b.xlsx", 1),
    ]
    assert entry.files[0].sha256 == digests((b"a",)).sha256
    assert sound(tmp_path).entries[-1] == entry
    version = inventory.from_bytes(content).versions[-1]
    assert (version.message, version.user, version.address) == ("words", "王小明", "urn:x:user")
    assert version.created == entry.time
    assert version.state == {path: sha512(path[7:8].encode()) for path in version.state}


def test_an_edition_is_described_in_its_inventory(tmp_path: Path) -> None:
    font = tmp_path / "kai.ttf"
    font.write_bytes(b"a font")
    add(tmp_path / "a", user="王 小明", fonts=(font,))
    archive = sound(tmp_path / "a")
    contents = {
        entry.kind: inventory.from_bytes(
            (
                archive.root / storage_layout.object_path(entry.object) / "inventory.json"
            ).read_bytes()
        ).versions[-1]
        for entry in archive.entries[1:]
    }
    assert contents["edition"].message == f"105-12-25 {AGENCY}"
    assert contents["fonts"].message == "fonts"
    for version in contents.values():
        assert version.user == "王 小明"
        assert version.address == "urn:x-reportgen:user:%E7%8E%8B%20%E5%B0%8F%E6%98%8E"


def test_only_what_each_version_replaces_is_writable(tmp_path: Path) -> None:
    add(tmp_path)
    add(tmp_path, "105-12-26")
    writable = {
        path.relative_to(tmp_path).name
        for path in tmp_path.rglob("*")
        if path.is_file() and path.stat().st_mode & stat.S_IWUSR
    }
    assert writable == {"lock", "log.txt", "inventory.json", "inventory.json.sha512"}
    folder = folder_of(sound(tmp_path))
    assert {path.name for path in folder.iterdir()} == {
        "0=ocfl_object_1.1", "inventory.json", "inventory.json.sha512", "v1", "v2",
    }  # fmt: skip
    for head in ("v2", "."):
        content = (folder / head / "inventory.json").read_bytes()
        sidecar = (folder / head / "inventory.json.sha512").read_bytes()
        assert sidecar == inventory.sidecar_content(content)
    assert (folder / "0=ocfl_object_1.1").read_bytes() == b"ocfl_object_1.1\n"


def test_a_version_without_new_bytes_has_no_content(tmp_path: Path) -> None:
    """OCFL forbids an empty folder of content."""
    add(tmp_path)
    archive = sound(tmp_path)
    same = replace(change(archive), files={"x": b"%PDF-1.7 of the edition"})
    transaction.commit_version(archive.root, archive.entries, archive.size, same)
    assert {path.name for path in (folder_of(archive) / "v2").iterdir()} == {
        "inventory.json",
        "inventory.json.sha512",
    }
    assert len(sound(tmp_path).editions) == 2


def test_a_file_that_changes_meanwhile_is_not_archived(tmp_path: Path) -> None:
    font = tmp_path / "kai.ttf"
    font.write_bytes(b"a font")
    before = {"001_kai.ttf": (font, digests((b"a font",)))}
    transaction._write_version(tmp_path / "v1", b"", tmp_path / "v1/content", before)
    font.write_bytes(b"a fond")
    with pytest.raises(OSError, match="changed while it was archived") as raised:
        transaction._write_version(tmp_path / "v2", b"", tmp_path / "v2/content", before)
    assert (raised.value.errno, raised.value.filename) == (errno.EBUSY, str(font))


# What is in the way


def remove_inventory(folder: Path) -> None:
    (folder / "inventory.json").unlink()


def remove_object(folder: Path) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    folder.rmdir()


def file_for_folder(folder: Path) -> None:
    remove_object(folder)
    folder.write_bytes(b"")


def alter_inventory(folder: Path) -> None:
    path = folder / "inventory.json"
    path.write_bytes(path.read_bytes() + b" ")


def make_folder(path: Path) -> None:
    path.mkdir()


def link(path: Path) -> None:
    path.symlink_to(path.parent)


OBSTACLES: dict[str, tuple[Callable[[Path], object], str, str]] = {
    "no inventory": (remove_inventory, "E619", "inventory.json"),
    "no object": (remove_object, "E619", "inventory.json"),
    "a file in its place": (file_for_folder, "E619", "inventory.json"),
    "an altered inventory": (alter_inventory, "E618", "inventory.json"),
    "a folder of the version": (lambda folder: (folder / "v2").mkdir(), "E620", "v2"),
    "a file of the version": (lambda folder: (folder / "v2").touch(), "E620", "v2"),
    "a link of the version": (lambda folder: link(folder / "v2"), "E620", "v2"),
}


@pytest.mark.parametrize("case", OBSTACLES.values(), ids=OBSTACLES)
def test_nothing_is_added_to_an_object_unlike_the_log(
    tmp_path: Path, case: tuple[Callable[[Path], object], str, str]
) -> None:
    spoil, code, name = case
    add(tmp_path)
    archive = sound(tmp_path)
    folder = folder_of(archive)
    spoil(folder)
    with pytest.raises(ArchiveError) as refused:
        commit(archive)
    (problem,) = refused.value.problems
    assert (problem.code, problem.where.file) == (code, str(folder / name))
    if code != "E620":
        assert dict(problem.fields)["found"] == "105-12-25"
    assert not (tmp_path / storage_layout.STAGING).exists()


def test_an_inventory_of_another_program_is_named(tmp_path: Path) -> None:
    """The log vouches for it, but it is none of this program's."""
    add(tmp_path)
    archive = sound(tmp_path)
    path = folder_of(archive) / "inventory.json"
    path.write_bytes(b"{}")
    entries = (*archive.entries[:-1], replace(archive.entries[-1], inventory=sha512(b"{}")))
    with pytest.raises(ArchiveError) as refused:
        transaction.commit_version(tmp_path, entries, archive.size, change(archive))
    (problem,) = refused.value.problems
    assert (problem.code, problem.where.file) == ("E618", str(path))
    assert dict(problem.fields)["found"] == "105-12-25"


@pytest.mark.parametrize("spoil", [make_folder, link])
def test_a_new_object_has_no_folder_yet(tmp_path: Path, spoil: Callable[[Path], None]) -> None:
    add(tmp_path)
    archive = sound(tmp_path)
    new = change(archive)
    new = replace(new, entry=replace(new.entry, object="urn:x:new"))
    folder = tmp_path / storage_layout.object_path("urn:x:new")
    folder.parent.mkdir(exist_ok=True)
    spoil(folder)
    with pytest.raises(ArchiveError) as refused:
        transaction.commit_version(tmp_path, archive.entries, archive.size, new)
    assert [problem.code for problem in refused.value.problems] == ["E620"]
    assert refused.value.problems[0].where.file == str(folder)


# The journal


def journal(archive: Archive, **changes: Any) -> Journal:
    line = log.entry_line(replace(archive.entries[-1], number=len(archive.entries)))
    return replace(Journal(moves=(), offset=archive.size, line=line), **changes)


def test_the_steps_can_be_repeated(tmp_path: Path) -> None:
    add(tmp_path)
    archive = sound(tmp_path)
    stage = tmp_path / "extensions/x-reportgen-staging/1-a"
    stage.mkdir(parents=True)
    (stage / "one").write_bytes(b"1")
    steps = journal(archive, moves=(("one", "first/deep/one"),))
    for _ in range(2):
        transaction.finish_transaction(tmp_path, stage, steps)
        assert (tmp_path / "first/deep/one").read_bytes() == b"1"
        assert (tmp_path / "log.txt").read_bytes()[archive.size :] == steps.line
    assert not stage.parent.exists()


def test_what_is_in_neither_place_is_damage(tmp_path: Path) -> None:
    add(tmp_path)
    archive = sound(tmp_path)
    steps = journal(archive, moves=(("one", "first/target"),))
    with pytest.raises(ArchiveError) as refused:
        transaction.finish_transaction(tmp_path, tmp_path / "stage", steps)
    (problem,) = refused.value.problems
    assert (problem.code, problem.where.file) == ("E627", str(tmp_path / "first/target"))
    assert dict(problem.fields)["reason"] == "one"
    assert (tmp_path / "log.txt").stat().st_size == archive.size


# the log before, the log after; None: refused. The line is "LINE\n" at offset 4.
LOGS = {
    "no line yet": (b"old\n", b"old\nLINE\n"),
    "a line that was cut off": (b"old\nLI", b"old\nLINE\n"),
    "other bytes, not longer": (b"old\nXXXX\n", b"old\nLINE\n"),
    "the line": (b"old\nLINE\n", b"old\nLINE\n"),
    "the line and others": (b"old\nLINE\nnext\n", b"old\nLINE\nnext\n"),
    "another line and others": (b"old\nXXXX\nnext\n", None),
    "a log that is shorter": (b"old", None),
}


@pytest.mark.parametrize(("before", "after"), LOGS.values(), ids=LOGS)
def test_the_line_is_written_at_its_offset(
    tmp_path: Path, before: bytes, after: bytes | None
) -> None:
    path = tmp_path / "log.txt"
    path.write_bytes(before)
    steps = Journal(moves=(), offset=4, line=b"LINE\n")
    if after is not None:
        transaction.finish_transaction(tmp_path, tmp_path / "stage", steps)
        assert path.read_bytes() == after
        return
    with pytest.raises(ArchiveError) as refused:
        transaction.finish_transaction(tmp_path, tmp_path / "stage", steps)
    (problem,) = refused.value.problems
    assert (problem.code, problem.where.file) == ("E627", str(path))
    assert dict(problem.fields)["reason"] == "log.txt"
    assert path.read_bytes() == before


def stage_intent(root: Path, name: str, content: bytes) -> Path:
    stage = root / storage_layout.STAGING / name
    stage.mkdir(parents=True)
    (stage / "intent").write_bytes(content)
    return stage


GOOD = {"moves": [["v2", "63/x/v2"]], "offset": 7, "line": "甲\n"}


def test_a_journal_is_read_as_it_was_written(tmp_path: Path) -> None:
    stage = tmp_path / storage_layout.STAGING / "1-a"
    stage.mkdir(parents=True)
    steps = Journal(moves=(("v2", "63/x/v2"),), offset=7, line="甲\n".encode())
    transaction._write_journal(stage, steps)
    assert [path.name for path in stage.iterdir()] == ["intent"]
    assert log.parse_line((stage / "intent").read_bytes()) == GOOD
    assert transaction.unfinished_transactions(tmp_path) == ((stage, steps),)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        json.dumps(GOOD).encode(),  # without its digest
        *(
            log.format_line({key: value for key, value in GOOD.items() if key != left_out})
            for left_out in GOOD
        ),
        log.format_line(GOOD | {"offset": -1}),
        log.format_line(GOOD | {"offset": "x"}),
        log.format_line(GOOD | {"offset": None}),
        log.format_line(GOOD | {"moves": [["v2", "../x"]]}),
        log.format_line(GOOD | {"moves": [["/v2", "x"]]}),
        log.format_line(GOOD | {"moves": [["v2", "x", "y"]]}),
        log.format_line(GOOD | {"moves": 1}),
    ],
)
def test_a_damaged_journal_is_named(tmp_path: Path, content: bytes) -> None:
    stage = stage_intent(tmp_path, "1-a", content)
    with pytest.raises(ArchiveError) as refused:
        transaction.unfinished_transactions(tmp_path)
    (problem,) = refused.value.problems
    assert (problem.code, problem.where.file) == ("E627", str(stage / "intent"))
    assert dict(problem.fields)["reason"] == "intent"


def test_a_move_to_the_start_of_a_log_is_no_damage(tmp_path: Path) -> None:
    stage_intent(tmp_path, "1-a", log.format_line(GOOD | {"offset": 0}))
    assert transaction.unfinished_transactions(tmp_path)[0][1].offset == 0


def test_transactions_are_finished_in_the_order_of_the_log(tmp_path: Path) -> None:
    for name, offset in (("1-a", 20), ("2-b", 3), ("3-c", 10)):
        stage_intent(tmp_path, name, log.format_line(GOOD | {"offset": offset}))
    staging = tmp_path / storage_layout.STAGING
    (staging / "0-uncommitted").mkdir()
    (staging / "file").touch()
    names = [stage.name for stage, _ in transaction.unfinished_transactions(tmp_path)]
    assert names == ["2-b", "3-c", "1-a"]
    folders = [path.name for path in transaction.staging_folders(tmp_path)]
    assert folders == ["0-uncommitted", "1-a", "2-b", "3-c", "file"]


def test_recovery_leaves_nothing_behind(tmp_path: Path) -> None:
    add(tmp_path)
    archive = sound(tmp_path)
    stage = stage_intent(
        tmp_path,
        "1-a",
        log.format_line(
            {"moves": [["one", "first"]], "offset": archive.size, "line": "committed\n"}
        ),
    )
    (stage / "one").touch()
    (stage.parent / "2-b").mkdir()
    (stage.parent / "2-b/half").touch()
    (stage.parent / "file").touch()
    transaction.recover_transactions(tmp_path)
    assert not stage.parent.exists()
    assert (tmp_path / "first").exists()
    assert (tmp_path / "log.txt").read_bytes().endswith(b"\ncommitted\n")
    transaction.recover_transactions(tmp_path)  # nothing to do


def test_a_version_that_is_committed_but_unfinished_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(tmp_path)
    archive = sound(tmp_path)

    def fails(path: Path, offset: int, content: bytes) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    with monkeypatch.context() as patch:
        patch.setattr(durable_io, "write_at", fails)
        with pytest.raises(UnfinishedTransactionError, match=os.strerror(errno.EIO)):
            commit(archive)
    assert [entry.edition for entry in sound(tmp_path).editions] == ["105-12-25", "105-12-26"]


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "full"), KeyboardInterrupt()])
def test_what_is_not_committed_leaves_no_trace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    add(tmp_path)
    archive = sound(tmp_path)

    def fails(stage: Path, intent: Journal) -> None:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(transaction, "_write_journal", fails)
        with pytest.raises(type(error)):
            commit(archive)
    assert not (tmp_path / storage_layout.STAGING).exists()
    assert sound(tmp_path) == archive


def test_a_staging_folder_is_of_one_process_and_of_one_commit(tmp_path: Path) -> None:
    stages = [transaction._make_staging_folder(tmp_path) for _ in range(2)]
    assert {stage.parent for stage in stages} == {tmp_path / storage_layout.STAGING}
    assert len({stage.name for stage in stages}) == 2
    for stage in stages:
        process, _, number = stage.name.partition("-")
        assert process == str(os.getpid())
        assert len(bytes.fromhex(number)) == 6
        assert stage.is_dir()
