"""Whatever is killed, full or broken: what was acknowledged stays, what was not does no harm."""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path

import pytest

from reportgen.archive import archive_submission, open_archive, verify_archive
from tests.factories.archives import (
    FAULTS,
    Disk,
    Fault,
    KilledError,
    PoweredDisk,
    add,
    failing,
    sound,
    submission,
    using,
)

NEW = "105-12-26"


@pytest.fixture(autouse=True)
def _no_waiting_for_disks() -> Disk:  # type: ignore[misc]
    with failing(0, "error") as calm:
        yield calm


def font(folder: Path) -> Path:
    path = folder / "kai.ttf"
    path.write_bytes(b"a font")
    return path


def before(scene: str, folder: Path) -> Path:
    """An archive as it is before the disk fails, and nothing at all in the first scene."""
    place = folder / "before"
    if scene != "no archive yet":
        add(place, fonts=(font(folder),))
    return place


def attempt(place: Path, folder: Path, at: int, fault: Fault) -> tuple[bool, bool]:
    """Whether the edition was acknowledged, and whether there were enough calls to fail."""
    receipt = None
    with failing(at, fault) as broken, suppress(KilledError):
        receipt, _ = archive_submission(place, submission(NEW, fonts=(font(folder),)))
    return receipt is not None, broken.calls >= at


def every_call(folder: Path, scene: str, fault: Fault, first: int, step: int) -> int:
    """Let each call fail in turn, in an archive of its own; answers how many there are."""
    start = before(scene, folder)
    known = {"105-12-25"} if start.exists() else set()
    at, enough, acknowledged = first, True, False
    while enough:
        place = folder / str(at)
        if start.exists():
            shutil.copytree(start, place)
        acknowledged, enough = attempt(place, folder, at, fault)
        wanted = known | ({NEW} if acknowledged else set())
        if wanted:  # else there need not even be an archive
            found = sound(place)
            assert wanted <= {each.edition for each in found.editions} <= known | {NEW}, at
        add(place, NEW, fonts=(font(folder),))  # the next command works
        assert {each.edition for each in sound(place).editions} == known | {NEW}
        assert not (place / "extensions/x-reportgen-staging").exists()
        shutil.rmtree(place)
        at += step
    assert acknowledged  # what did not fail was acknowledged
    return at


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("scene", ["no archive yet", "the next version"])
def test_nothing_acknowledged_is_lost(tmp_path: Path, scene: str, fault: Fault) -> None:
    """Every seventh call; benchmarks/archive_safety.py takes all of them."""
    assert every_call(tmp_path, scene, fault, 1 + FAULTS.index(fault), 7) > 40


def test_a_reader_finishes_what_was_interrupted(tmp_path: Path) -> None:
    place, ends = before("the next version", tmp_path), set()
    for at in range(1, 200, 3):
        copy = tmp_path / str(at)
        shutil.copytree(place, copy)
        _, enough = attempt(copy, tmp_path, at, "killed before")
        found, problems = open_archive(copy)
        assert problems == ()
        assert found is not None
        ends.add(len(found.editions))
        if not enough:
            break
    assert ends == {1, 2}


@pytest.mark.parametrize("at", range(1, 60, 7))
def test_recovery_itself_may_be_killed(tmp_path: Path, at: int) -> None:
    """Interrupted at each call, recovered, interrupted again in the recovery, and so on."""
    place = before("the next version", tmp_path)
    _, _ = attempt(place, tmp_path, at, "killed after")
    for again in range(1, 40):
        with failing(again, "killed before"), suppress(KilledError):
            open_archive(place)
    assert {each.edition for each in sound(place).editions} >= {"105-12-25"}
    add(place, NEW)
    sound(place)


def test_what_counts_but_is_not_finished_is_told(tmp_path: Path) -> None:
    """After the intent is in place the edition counts; the message says so, and it is true."""
    place, codes = before("the next version", tmp_path), []
    for at in range(1, 60):
        copy = tmp_path / str(at)
        shutil.copytree(place, copy)
        with failing(at, "error") as broken:
            receipt, problems = archive_submission(copy, submission(NEW))
        codes.append("".join(each.code for each in problems))
        editions = {each.edition for each in sound(copy).editions}
        if codes[-1] == "E609":
            assert NEW in editions
        elif receipt is None:
            assert NEW not in editions
        if broken.calls < at:
            break
    first = codes.index("E609")
    assert set(codes[:first]) == {"E607"}
    assert set(codes[first:]) <= {"E609", ""}


def test_a_full_disk_is_told(tmp_path: Path) -> None:
    place = before("the next version", tmp_path)
    with failing(8, "full for good"):
        _, problems = archive_submission(place, submission(NEW))
    assert [each.code for each in problems] == ["E608"]
    sound(place)


def test_an_intent_that_cannot_be_removed_is_not_done_twice(tmp_path: Path) -> None:
    """The fonts are archived, their intent stays, and the edition follows in the same run."""
    place = tmp_path / "a"
    with failing(0, "error") as calm:
        add(place, fonts=(font(tmp_path),))
    shutil.rmtree(place)
    removals = [at for at, name in enumerate(calm.names, 1) if name in ("unlink", "rmdir")]
    assert len(removals) > 4
    for at in removals:
        with failing(at, "full") as broken:
            receipt, _ = archive_submission(place, submission(fonts=(font(tmp_path),)))
        assert broken.calls >= at
        found = sound(place) if receipt else None
        assert found is None or [each.kind for each in found.entries[1:]] == ["fonts", "edition"]
        shutil.rmtree(place)


def power_fails(folder: Path, scene: str, at: int) -> bool:
    """Let the power fail before a call; whether there were enough calls for it."""
    disk, after = folder / f"disk{at}", folder / f"after{at}"
    place = disk / "archives/first"
    disk.mkdir()
    if scene == "the next version":
        place.parent.mkdir()
        first = folder / "before"
        shutil.copytree(first if first.exists() else before(scene, folder), place)
    known = {"105-12-25"} if place.exists() else set()
    receipt, broken = None, PoweredDisk(at, disk)
    with using(broken), suppress(KilledError):
        receipt, _ = archive_submission(place, submission(NEW, fonts=(font(folder),)))
    broken.after(after)
    broken.let_go()
    left = after / "archives/first"
    wanted = known | ({NEW} if receipt else set())
    if wanted:
        assert wanted <= {each.edition for each in sound(left).editions} <= known | {NEW}, at
    add(left, NEW, fonts=(font(folder),))
    assert {each.edition for each in sound(left).editions} == known | {NEW}
    shutil.rmtree(disk)
    shutil.rmtree(after)
    return broken.calls >= at


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="asks Linux for a file's name")
@pytest.mark.parametrize("scene", ["no archive yet", "the next version"])
def test_a_power_failure_takes_nothing_acknowledged(tmp_path: Path, scene: str) -> None:
    """Every fifth call; benchmarks/archive_safety.py takes all of them."""
    at = 1
    while power_fails(tmp_path, scene, at):
        at += 5
    assert at > 40


def test_what_cannot_be_finished_here_is_read_as_it_was(tmp_path: Path) -> None:
    """A disk that has become read-only: the interrupted version is told, all others verify."""
    place, told = before("the next version", tmp_path), set()
    for at in range(1, 80, 2):
        copy = tmp_path / str(at)
        shutil.copytree(place, copy)
        with failing(at, "killed before") as broken, suppress(KilledError):
            archive_submission(copy, submission(NEW))
        with failing(1, "full for good"):
            found, problems = open_archive(copy)
            assert found is not None
            verified, damaged = verify_archive(found)
        codes = [each.code for each in problems]
        told.add(tuple(codes))
        assert damaged == ()
        assert verified.editions == (1 if codes else len(sound(copy).editions))
        assert {each.edition for each in sound(copy).editions} >= {"105-12-25"}
        if broken.calls < at:
            break
    assert told == {(), ("W602",)}
