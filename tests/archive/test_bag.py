"""Bags whose folder cannot be written: nothing is left, and the problem names the reason."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

import bagit
import pytest

from reportgen.approval.slip import parse_slip
from reportgen.archive import bag, durable_io, export_bag
from tests.factories.approvals import approve, archive_figures
from tests.factories.archives import add, sound

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("number", "code"),
    [(errno.ENOSPC, "E305"), (errno.EDQUOT, "E305"), (errno.EROFS, "E304")],
)
def test_a_bag_that_cannot_be_written_leaves_nothing(
    number: int, code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(source: Path, target: Path) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(durable_io, "move", fails)
    written, problems = bag._write_bag(tmp_path / "bag", {"data/a": b"x"}, 0.0)
    assert (written, [problem.code for problem in problems]) == (False, [code])
    assert list(tmp_path.iterdir()) == []


def test_approvals_go_with_their_edition(tmp_path: Path) -> None:
    place = tmp_path / "archive"
    archive_figures(place)
    add(place, "105-12-26")
    approve(place, "自評")
    archive = sound(place)
    for entry in archive.editions:
        target = tmp_path / entry.edition
        assert export_bag(archive, entry, target) == (True, ())
        bagit.Bag(str(target)).validate()
    slip = tmp_path / "105-12-25/reportgen/approvals/105-12-25/001/slip.json"
    assert parse_slip(slip.read_bytes()).names == ("王小明",)
    assert not (tmp_path / "105-12-26/reportgen/approvals").exists()
