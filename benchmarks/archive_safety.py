"""Test of an archive's durability: kills, full disks, failures, bit flips, many writers.

    .venv/bin/python benchmarks/archive_safety.py [calls] [power] [kills] [flips] [writers]

Each part prints its number of trials; it ends with an AssertionError at the first that fails.
The tests in tests/archive try some steps; this tries all of them, with real SIGKILLs.
"""

from __future__ import annotations

import os
import random
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from ocfl import StorageRoot  # noqa: E402

from benchmarks.durability_trials import (  # noqa: E402
    output_until_killed,
    run_at_once,
    run_parts,
)
from reportgen.archive import open_archive  # noqa: E402
from tests.archive.test_crash_safety import every_call, power_fails  # noqa: E402
from tests.archive.test_verification import codes, flips  # noqa: E402
from tests.factories.archives import FAULTS, add, failing, sound  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable

EDITIONS = [f"{year}-{month:02d}-01" for year in range(101, 111) for month in range(1, 13)]
KILLS, FLIPS, WRITERS, COMMITS = 500, 10_000, 8, 40


def is_valid(folder: Path) -> bool:
    """Return whether ocfl-py validates an archive without errors or warnings."""
    root = StorageRoot(str(folder))
    valid = root.validate(log_warnings=True)
    return bool(valid and root.num_objects == root.good_objects and not root.errors)


def calls(folder: Path) -> None:
    """Let each call that writes fail in each way, in two scenes."""
    total = 0
    for scene in ("no archive yet", "the next version"):
        for fault in FAULTS:
            archive_folder = folder / f"{scene} {fault}"
            archive_folder.mkdir()
            with failing(0, "error"):
                count = every_call(archive_folder, scene, fault, 1, 1) - 1
            total += count
            print(f"  {scene}, {fault}: {count} calls", flush=True)
    print(f"calls: {total} failed, nothing lost, nothing invalid, every next command worked")


def power(folder: Path) -> None:
    """Simulate a power failure before each call: only synced data is left, as POSIX guarantees."""
    total = 0
    for scene in ("no archive yet", "the next version"):
        archive_folder, failing_call = folder / scene, 1
        archive_folder.mkdir()
        with failing(0, "error"):
            while power_fails(archive_folder, scene, failing_call):
                failing_call += 1
        total += failing_call
    print(f"power: {total} failures, nothing lost, nothing invalid")


def kills(folder: Path) -> None:
    """Kill a process that archives edition after edition at random moments.

    Every edition that it had acknowledged (through a pipe, after the receipt) must be there.
    """
    chance, archive_folder = random.Random(7), folder / "archive"
    acknowledged: set[str] = set()
    recovered = 0
    for trial in range(KILLS):
        begin = trial * 7 % len(EDITIONS)
        output = output_until_killed(
            endless, (archive_folder, trial, begin), chance.uniform(0, 0.06)
        )
        acknowledged |= set(output.decode().split("\n")[:-1])
        recovered += (archive_folder / "extensions/x-reportgen-staging").exists()
        check(archive_folder, acknowledged, deep=trial % 10 == 9 or trial == KILLS - 1)
        if trial % 50 == 49:  # else it grows and grows
            shutil.rmtree(archive_folder)
            acknowledged = set()
    print(f"kills: {KILLS}, of which {recovered} in the middle of something; none lost")


def endless(archive_folder: Path, trial: int, begin: int, pipe: int) -> None:
    """Archive until killed; acknowledge each edition by a line in the pipe."""
    os.write(pipe, b".")
    for number in range(10_000):
        edition = EDITIONS[(begin + number) % len(EDITIONS)]
        agency = f"機關{trial % 3}-{number // len(EDITIONS)}"
        if f"{agency} {edition}" not in there(archive_folder):
            add(archive_folder, edition, agency=agency, pdf=os.urandom(20_000))
            os.write(pipe, f"{agency} {edition}\n".encode())


def there(archive_folder: Path) -> set[str]:
    archive, _ = open_archive(archive_folder)
    return (
        {f"{edition.agency} {edition.edition}" for edition in archive.editions}
        if archive
        else set()
    )


def check(archive_folder: Path, acknowledged: set[str], *, deep: bool) -> None:
    archive, problems = open_archive(archive_folder)
    if archive is None:
        assert not acknowledged, [problem.line("en") for problem in problems]
        return
    assert problems == (), [problem.line("en") for problem in problems]
    lost = acknowledged - {f"{edition.agency} {edition.edition}" for edition in archive.editions}
    assert not lost, lost
    if deep:
        sound(archive_folder)
        assert is_valid(archive_folder)


def all_flips(folder: Path) -> None:
    """Flip one bit of each file in turn."""
    archive_folder, font = folder / "archive", folder / "kai.ttf"
    font.write_bytes(os.urandom(3000))
    add(archive_folder, fonts=(font,))
    add(archive_folder, reprint=True)
    add(archive_folder, "105-12-26", pdf=os.urandom(5000))
    missed = [flip for flip in flips(archive_folder, FLIPS, 11) if not codes(archive_folder)]
    assert missed == [], missed[:5]
    sound(archive_folder)
    print(f"flips: {FLIPS} single bits, all found")


def writers(folder: Path) -> None:
    """Let eight processes write to the same objects at once, five commits each."""
    archive_folder = folder / "archive"
    commits_each = COMMITS // WRITERS
    run_at_once(some, [(archive_folder, number, commits_each) for number in range(WRITERS)])
    assert len(sound(archive_folder).editions) == COMMITS
    assert is_valid(archive_folder)
    print(f"writers: {WRITERS} at once, {COMMITS} commits, all landed")


def some(archive_folder: Path, number: int, count: int) -> None:
    for commit in range(count):
        add(archive_folder, f"105-{number + 1:02d}-{commit + 1:02d}", pdf=os.urandom(20_000))


PARTS: dict[str, Callable[[Path], None]] = {
    "calls": calls,
    "power": power,
    "kills": kills,
    "flips": all_flips,
    "writers": writers,
}


if __name__ == "__main__":
    run_parts(PARTS)
