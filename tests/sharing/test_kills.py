"""Merging that is killed at random moments: the edition is the old one or the new one, whole.

``REPORTGEN_MERGE_KILLS=500`` kills as many; every other one while files are being written.
"""

from __future__ import annotations

import os
import signal
import time
from functools import partial
from random import Random
from typing import TYPE_CHECKING

import pytest

from reportgen.atomic_files import write_files
from reportgen.sharing import workbook_merging
from reportgen.sharing.workbook_merging import merge_workbook
from tests.factories.owner_parts import (
    blanked,
    contents_of,
    edition,
    filled,
    part_workbooks,
    sample_card,
    workbook_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

KILLS = int(os.environ.get("REPORTGEN_MERGE_KILLS", "6"))
SEED = 21


def child(work: Callable[[int], object]) -> tuple[int, int]:
    """Start a process that does some work; return its id, and what it writes to."""
    reader, writer = os.pipe()
    process = os.fork()
    if process == 0:
        os.close(reader)
        try:
            work(writer)
        finally:
            os._exit(0)
    os.close(writer)
    return process, reader


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An edition, and the parts that its units have returned."""
    place = tmp_path_factory.mktemp("shared")
    card = sample_card()
    whole = workbook_of(card)
    start = blanked(card, whole, lambda cell: False)
    shared = edition(start)
    contents = contents_of(shared, edition(whole))
    (place / "edition.xlsx").write_bytes(start)
    (place / "parts").mkdir()
    for owner, content in part_workbooks(shared).items():
        (place / "parts" / f"{owner}.xlsx").write_bytes(filled(content, contents))
    return place


@pytest.mark.slow
def test_nothing_is_lost_by_a_kill(folder: Path, tmp_path: Path) -> None:
    chance = Random(SEED)
    old = (folder / "edition.xlsx").read_bytes()
    parts = {path.name: path.read_bytes() for path in (folder / "parts").iterdir()}
    whole_time, writing_time, new = undisturbed(folder, tmp_path / "first")
    ends = set()
    for number in range(KILLS):
        place = copy(folder, tmp_path / str(number))
        workbook = place / "edition.xlsx"
        while_writing = bool(number % 2)
        process, told = child(partial(announced, workbook))
        if while_writing:
            assert os.read(told, 1) == b"w"
        time.sleep(chance.random() * (writing_time if while_writing else whole_time))
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
        os.close(told)

        found = workbook.read_bytes()
        ends.add(found == new)
        assert found in (old, new)
        backups = [path.read_bytes() for path in place.glob("備份/edition_*.xlsx")]
        assert all(content == old for content in backups)
        assert found == old or backups
        assert {path.name: path.read_bytes() for path in (folder / "parts").iterdir()} == parts
        report = merge_workbook(workbook, [place / "parts"])  # the next attempt finishes
        assert not [problem for problem in report.problems if problem.code[0] == "E"]
        assert workbook.read_bytes() == new
    assert False in ends


def undisturbed(folder: Path, place: Path) -> tuple[float, float, bytes]:
    """The seconds that merging takes, and those that writing takes of it; the new edition."""
    copy(folder, place)
    process, told = child(partial(announced, place / "edition.xlsx"))
    start = time.monotonic()
    os.read(told, 1)
    writing = time.monotonic()
    os.waitpid(process, 0)
    end = time.monotonic()
    os.close(told)
    return end - start, end - writing, (place / "edition.xlsx").read_bytes()


def announced(workbook: Path, writer: int) -> None:
    """Merge the parts; say so when files begin to be written."""

    def announce(contents: dict[Path, bytes]) -> object:
        os.write(writer, b"w")
        return write_files(contents)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workbook_merging, "write_files", announce)
        merge_workbook(workbook, [workbook.parent / "parts"])


def copy(folder: Path, place: Path) -> Path:
    """A folder of its own for one attempt; the parts are linked."""
    place.mkdir(parents=True)
    (place / "edition.xlsx").write_bytes((folder / "edition.xlsx").read_bytes())
    (place / "parts").symlink_to(folder / "parts")
    return place
