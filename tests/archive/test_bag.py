"""Bags whose folder cannot be written: nothing is left, and the problem names the reason."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

import pytest

from reportgen.archive import bag, durable_io

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
