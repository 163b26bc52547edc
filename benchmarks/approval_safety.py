"""Test of the safety of approvals: alterations, failing calls, kills, many approvals at once.

    .venv/bin/python benchmarks/approval_safety.py [alterations] [calls] [kills] [writers]

Each part prints its number of trials; it ends with an AssertionError at the first that fails.
The tests in tests/approval try some steps; this tries all of them, with real SIGKILLs.
"""

from __future__ import annotations

import os
import random
import shutil
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.durability_trials import (  # noqa: E402
    output_until_killed,
    run_at_once,
    run_parts,
)
from reportgen.archive import open_archive  # noqa: E402
from tests.approval.test_slip_durability import every_call  # noqa: E402
from tests.factories.approvals import approve, archive_figures, state  # noqa: E402
from tests.factories.archives import FAULTS, failing  # noqa: E402
from tests.factories.slip_alterations import alterations, make_scene  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable

ALTERATIONS, KILLS, WRITERS, SLIPS = 10_000, 300, 8, 40
ROUND = "自評"


def alter_all(folder: Path) -> None:
    """Make alterations of each kind in turn; each must be found."""
    found: Counter[str] = Counter()
    with failing(0, "error"):
        scene = make_scene(folder)
        for number, (kind, codes) in enumerate(alterations(scene, ALTERATIONS), 1):
            assert codes, (kind, number)
            found[kind.partition(":")[0]] += 1
            if number % 1000 == 0:
                print(f"  {number}", flush=True)
    for kind, count in found.items():
        print(f"  {kind}: {count}")
    print(f"alterations: {found.total()}, all found")


def calls(folder: Path) -> None:
    """Let each call that writes a slip fail in each way."""
    total = 0
    for fault in FAULTS:
        (folder / fault).mkdir()
        count = every_call(folder / fault, fault, 1, 1) - 1
        total += count
        print(f"  {fault}: {count} calls", flush=True)
    print(f"calls: {total} failed, no slip lost, every next command worked")


def kills(folder: Path) -> None:
    """Kill a process that writes slip after slip at random moments.

    Every slip that it had acknowledged (through a pipe, after the receipt) must be there.
    """
    chance, place = random.Random(7), folder / "archive"
    acknowledged, interrupted = 0, 0
    for trial in range(KILLS):
        if trial % 25 == 0:  # else it grows and grows
            shutil.rmtree(place, ignore_errors=True)
            archive_figures(place)
            acknowledged = 0
        output = output_until_killed(endless, (place,), chance.uniform(0, 0.15))
        acknowledged += output.count(b"\n")
        interrupted += (place / "extensions/x-reportgen-staging").exists()
        archive, problems = open_archive(place)
        assert archive is not None
        assert problems == ()
        slips = state(place).slips
        assert acknowledged <= len(slips) <= acknowledged + 1, (acknowledged, len(slips))
        acknowledged = len(slips)
    print(f"kills: {KILLS}, of which {interrupted} in the middle of something; none lost")


def endless(place: Path, pipe: int) -> None:
    """Approve until killed; acknowledge each slip by a line in the pipe."""
    os.write(pipe, b".")
    while True:
        approve(place, ROUND)
        os.write(pipe, b"\n")


def writers(folder: Path) -> None:
    """Let eight processes approve the same edition at once, five slips each."""
    place = folder / "archive"
    archive_figures(place)
    run_at_once(some, [(place, number) for number in range(WRITERS)])
    assert len(state(place).valid) == SLIPS
    print(f"writers: {WRITERS} at once, {SLIPS} slips, all there")


def some(place: Path, number: int) -> None:
    for slip in range(SLIPS // WRITERS):
        approve(place, ROUND, f"第{number}-{slip}位")


PARTS: dict[str, Callable[[Path], None]] = {
    "alterations": alter_all,
    "calls": calls,
    "kills": kills,
    "writers": writers,
}


if __name__ == "__main__":
    run_parts(PARTS)
