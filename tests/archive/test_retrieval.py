"""Editions by their codes, and what is left to say of one whose files are damaged."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from reportgen.archive import find_edition, inventory, load_files, open_archive, retrieval
from reportgen.archive.digests import sha512
from reportgen.archive.identifiers import FONTS
from reportgen.archive.repository import lock_archive
from reportgen.archive.retrieval import EditionDescription, describe_edition, find_by_seal
from reportgen.archive.storage_layout import object_path
from tests.factories.archives import add, failing, sound

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from reportgen.archive import Archive, LogEntry


@pytest.fixture(autouse=True)
def _no_waiting_for_disks() -> Iterator[None]:
    with failing(0, "error"):
        yield


LONG = "ABCDEFGH" * 4
OTHER = "HGFEDCBA" * 4


def sealed(long: str = LONG, **others: object) -> dict[str, object]:
    """Parameters of a record with the seal of one document."""
    return {"seals": {"scorecard": long}, **others}


def spoil(archive: Archive, entry: LogEntry, name: str) -> None:
    """Alter a file of an edition."""
    folder = archive.root / object_path(entry.object)
    path = next(path for path in folder.rglob("*") if path.name.endswith(name))
    path.chmod(0o644)
    path.write_bytes(b"altered")


def shortened(archive: Archive, entry: LogEntry) -> LogEntry:
    """An entry whose inventory, with the digest that the log has, lacks the entry's version."""
    folder = archive.root / object_path(entry.object)
    content = (folder / f"v{entry.version - 1}" / inventory.NAME).read_bytes()
    path = folder / f"v{entry.version}" / inventory.NAME
    path.chmod(0o644)
    path.write_bytes(content)
    return replace(entry, inventory=sha512(content))


@pytest.mark.parametrize(
    ("parameters", "codes", "found_by"),
    [
        (sealed(codes={"scorecard": "ABCDE-FGH0A"}), ("ABCDE-FGH0A",), {LONG, "ABCDEFGH0A"}),
        (sealed(), ("ABCDEFGH",), {LONG, "ABCDEFGH"}),  # as earlier versions printed them
        ({"seals": {}}, (), set()),
        ({"seals": [LONG]}, (), set()),
        ({}, (), set()),
        ([LONG], (), set()),
    ],
)
def test_codes_of_an_edition(
    parameters: object, codes: tuple[str, ...], found_by: set[str], tmp_path: Path
) -> None:
    add(tmp_path, parameters=parameters)
    archive = sound(tmp_path)
    (entry,) = archive.editions
    assert describe_edition(archive, entry).codes == codes
    tried = {LONG, "ABCDEFGH", "ABCDEFGH0A", OTHER}
    assert {code for code in tried if find_by_seal(archive, code) == entry} == found_by


def test_a_damaged_record_hides_no_other_edition(tmp_path: Path) -> None:
    add(tmp_path, agency="甲機關", parameters=sealed(LONG))
    add(tmp_path, agency="乙機關", parameters=sealed(OTHER))
    archive = sound(tmp_path)
    first, second = archive.editions
    spoil(archive, second, "record.json")
    assert find_by_seal(archive, LONG) == first
    assert find_by_seal(archive, OTHER) is None
    assert describe_edition(archive, first).title == "策略地圖與平衡計分卡"
    assert describe_edition(archive, second) == EditionDescription(title="", user="", codes=())


def test_an_inventory_without_the_version_is_damaged(tmp_path: Path) -> None:
    add(tmp_path)
    add(tmp_path, "105-12-26", parameters=sealed())
    archive = sound(tmp_path)
    forged = shortened(archive, archive.editions[-1])
    archive = replace(archive, entries=(*archive.entries[:-1], forged))
    files, (problem,) = load_files(archive, forged)
    assert (files, problem.code) == ({}, "E618")
    assert problem.where.file == str(tmp_path / object_path(forged.object) / inventory.NAME)
    assert find_by_seal(archive, LONG) is None
    assert describe_edition(archive, forged) == EditionDescription(title="", user="", codes=())


def test_an_archive_without_editions_says_so(tmp_path: Path) -> None:
    with lock_archive(tmp_path / "archive") as archive:
        pass
    entry, (problem,) = find_edition(archive, "105-12-25")
    assert entry is None
    assert problem.code == "E613"
    assert "這個封存還沒有任何版次。" in problem.line()
    assert "It has no edition yet." in problem.line("en")


def test_paths_of_fonts(tmp_path: Path) -> None:
    font = tmp_path / "kai.ttf"
    font.write_bytes(b"a font")
    place = tmp_path / "archive"
    add(place)
    assert retrieval.font_paths(sound(place)) == ({}, ())
    add(place, reprint=True, fonts=(font,))
    (path,) = retrieval.font_paths(sound(place))[0].values()
    assert path.read_bytes() == b"a font"
    archive, _ = open_archive(place)
    assert archive is not None
    entry = next(entry for entry in archive.entries if entry.object == FONTS)
    spoil(archive, entry, inventory.NAME)
    (place / object_path(FONTS) / "v1" / inventory.NAME).unlink()
    paths, problems = retrieval.font_paths(archive)
    assert (paths, [problem.code for problem in problems]) == ({}, ["E619"])
