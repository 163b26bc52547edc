"""Two merges into one workbook at once: one after the other, and none overwrites the other's."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING

import pytest

from reportgen.archive.lock import file_lock
from reportgen.problems import StoppedError
from reportgen.sharing import workbook_merging
from reportgen.sharing.workbook_merging import merge_workbook
from tests.factories.owner_parts import cells, edition, filled, part_workbooks
from tests.sharing.test_conflicts import FIGURES, part, start

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

EXPERTS = "每年新建立合作或諮詢關係之專家學者資料庫人數"  # row 6
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="another file is locked there"),
]


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    path = tmp_path / "edition.xlsx"
    path.write_bytes(start())
    (tmp_path / "a.xlsx").write_bytes(part(FIGURES))
    other = part_workbooks(edition(start()))["教務組"]
    (tmp_path / "b.xlsx").write_bytes(filled(other, {EXPERTS: {"105": 41}}))
    return path


def test_the_second_is_told_what_to_do(workbook: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook_merging, "LOCK_TIMEOUT_S", 0.0)
    with file_lock(workbook, exclusive=True), pytest.raises(StoppedError) as stop:
        merge_workbook(workbook, [workbook.parent / "a.xlsx"])
    assert [problem.code for problem in stop.value.problems] == ["E321"]
    assert workbook.read_bytes() == start()
    # The status needs no lock, and once the other has ended the remedy works.
    with file_lock(workbook, exclusive=True):
        merge_workbook(workbook, [workbook.parent / "a.xlsx"], is_trial=True)
    assert merge_workbook(workbook, [workbook.parent / "a.xlsx"]).written is not None


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_both_come_in_when_they_start_at_once(workbook: Path) -> None:
    children = [
        child(partial(merge_workbook, workbook, [workbook.parent / name]))
        for name in ("a.xlsx", "b.xlsx")
    ]
    assert [os.waitpid(process, 0)[1] for process in children] == [0, 0]
    after = cells(workbook.read_bytes())
    figures = {row: after["年度資料", row, 6][1] for row in (5, 6, 10)}
    assert figures == {5: "19", 6: "41", 10: "17"}


def child(work: Callable[[], object]) -> int:
    """Start a process that does some work; its exit status is 0 if nothing was raised."""
    process = os.fork()
    if process == 0:
        status = 1
        try:
            work()
            status = 0
        finally:
            os._exit(status)
    return process
