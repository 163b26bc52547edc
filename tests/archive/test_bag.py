"""Bags whose folder cannot be written: nothing is left, and the problem names the reason."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

import bagit
import pytest

from reportgen.approval.slip import parse_slip
from reportgen.archive import bag, durable_io, export_bag, log
from reportgen.archive.errors import ArchiveError
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


def test_no_bag_is_made_of_damaged_approvals(tmp_path: Path) -> None:
    place = tmp_path / "archive"
    archive_figures(place)
    approve(place, "自評")
    archive = sound(place)
    slip = next(path for path in place.rglob("*slip.json"))
    slip.chmod(0o644)
    slip.write_bytes(b"altered")
    written, problems = export_bag(archive, archive.editions[0], tmp_path / "bag")
    assert (written, [problem.code for problem in problems]) == (False, ["E618"])
    assert not (tmp_path / "bag").exists()


def test_no_bag_is_made_of_damaged_fonts(tmp_path: Path) -> None:
    font = tmp_path / "kai.ttf"
    font.write_bytes(b"a font")
    place = tmp_path / "archive"
    add(place, fonts=(font,))
    archive = sound(place)
    files = (path for path in place.rglob("*") if path.is_file())
    archived = next(path for path in files if path.read_bytes() == b"a font")
    archived.chmod(0o644)
    archived.write_bytes(b"another font")
    target, (entry,) = tmp_path / "bag", archive.editions
    written, problems = export_bag(archive, entry, target, with_fonts=True)
    assert (written, [problem.code for problem in problems]) == (False, ["E618"])
    assert not target.exists()
    assert export_bag(archive, entry, target) == (True, ())  # it has none of them


def test_fonts_are_those_of_a_record(tmp_path: Path) -> None:
    add(tmp_path)
    with pytest.raises(ArchiveError, match="E618"):
        bag._font_files(sound(tmp_path), {"record.json": b"{}"})


@pytest.mark.parametrize("kind", ["file", "link"])
def test_a_target_that_is_something_else_stays(kind: str, tmp_path: Path) -> None:
    place, target = tmp_path / "archive", tmp_path / "bag"
    add(place)
    if kind == "file":
        target.write_bytes(b"mine")
    else:
        target.mkdir()
        (target / "bagit.txt").symlink_to(place / log.NAME)
    archive = sound(place)
    written, problems = export_bag(archive, archive.editions[0], target)
    expected = {"file": "E626", "link": "E623"}[kind]
    assert (written, [problem.code for problem in problems]) == (False, [expected])
    assert target.is_file() or (target / "bagit.txt").is_symlink()
