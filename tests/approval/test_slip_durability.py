"""Whatever is killed, full or broken: an acknowledged slip stays, and the next command works."""

from __future__ import annotations

import shutil
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from reportgen.approval import write_slip
from tests.factories.approvals import approve, archive_figures, request, state
from tests.factories.archives import FAULTS, Fault, KilledError, failing

if TYPE_CHECKING:
    from pathlib import Path


def every_call(folder: Path, fault: Fault, first: int, step: int) -> int:
    """Let each call that writes a slip fail in turn; return how many there are.

    The scene has a slip already, so that the new one is chained to it and replaces the inventory.
    """
    with failing(0, "error"):
        archive_figures(folder / "before")
        approve(folder / "before", "自評")
    number, is_enough, acknowledged = first, True, False
    while is_enough:
        place = folder / str(number)
        shutil.copytree(folder / "before", place)
        receipt, codes = None, []
        with failing(number, fault) as broken, suppress(KilledError):
            receipt, problems = write_slip(place, request("初核"))
            codes = [problem.code for problem in problems]
        is_enough, acknowledged = broken.calls >= number, receipt is not None
        with failing(0, "error"):
            there = len(state(place).slips)
            assert there in (1, 2), number
            if acknowledged or "E609" in codes:
                assert there == 2, number
            elif codes:
                assert there == 1, number
            approve(place, "初核")
            assert state(place).approved == ("自評", "初核")
            assert len(state(place).slips) == there + 1
        assert not (place / "extensions/x-reportgen-staging").exists()
        shutil.rmtree(place)
        number += step
    assert acknowledged  # what did not fail was acknowledged
    return number


@pytest.mark.parametrize("fault", FAULTS)
def test_nothing_acknowledged_is_lost(tmp_path: Path, fault: Fault) -> None:
    """Every fifth call; benchmarks/approval_safety.py takes all of them."""
    assert every_call(tmp_path, fault, 1 + FAULTS.index(fault) % 5, 5) > 30


def test_a_full_disk_is_told(tmp_path: Path) -> None:
    archive_figures(tmp_path / "a")
    with failing(8, "full for good"):
        _, problems = write_slip(tmp_path / "a", request())
    assert [problem.code for problem in problems] == ["E608"]
    assert state(tmp_path / "a").slips == ()
