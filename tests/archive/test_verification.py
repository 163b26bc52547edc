"""Verify reads every byte, and a head that was kept elsewhere tells of all the rest."""

from __future__ import annotations

import json
import os
import random
import shutil
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from reportgen.archive import (
    durable_io,
    find_edition,
    head,
    identify_file,
    inventory,
    load_files,
    log,
    open_archive,
    verify_archive,
)
from reportgen.archive.digests import sha256, sha512
from reportgen.archive.log import Head, parse_head
from tests.factories.archives import AGENCY, add, sound

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reportgen.archive import Archive, LogEntry


def codes(folder: Path, known: Head | None = None) -> list[str]:
    """What is told of an archive when it is opened and verified."""
    archive, problems = open_archive(folder)
    if archive is not None:
        problems = verify_archive(archive, known)[1]
    return [each.code for each in problems]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An edition, its reprint, the next edition, another agency's, a font."""
    folder = tmp_path_factory.mktemp("made")
    font = folder / "kai.ttf"
    font.write_bytes(b"a font")
    place = folder / "archive"
    add(place, fonts=(font,))
    add(place, reprint=True)
    add(place, "105-12-26", pdf=b"the next")
    add(place, "106-01-02", agency="乙機關")
    return place


@pytest.fixture
def place(made: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "archive"
    shutil.copytree(made, copy)
    return copy


def files(folder: Path) -> list[Path]:
    return [each for each in sorted(folder.rglob("*")) if each.is_file()]


def flip(path: Path, at: int, bit: int) -> None:
    content = bytearray(path.read_bytes())
    content[at] ^= 1 << bit
    path.chmod(0o644)
    path.write_bytes(content)


def flips(folder: Path, count: int, seed: int) -> Iterator[tuple[Path, int]]:
    """Flip one bit of one byte after another, each time put back; every file has its turn."""
    chance = random.Random(seed)
    contents = {each: each.read_bytes() for each in files(folder)}
    paths = [each for each in contents if contents[each]]
    for number in range(count):
        path = paths[number % len(paths)]
        at = chance.randrange(len(contents[path]))
        flip(path, at, chance.randrange(8))
        yield path, at
        path.write_bytes(contents[path])


@pytest.mark.slow
def test_every_flipped_bit_is_found(place: Path) -> None:
    """Some hundred; benchmarks/archive_safety.py takes ten thousand."""
    missed = [each for each in flips(place, 300, 1) if not codes(place)]
    assert missed == []
    sound(place)


def test_every_lost_file_is_found(place: Path) -> None:
    for path in files(place):
        content = path.read_bytes()
        path.unlink()
        lost = codes(place)
        path.write_bytes(content)
        assert lost or path.name == "lock", path
    sound(place)


def test_every_cut_and_every_added_byte_is_found(place: Path) -> None:
    for path in files(place):
        content = path.read_bytes()
        path.chmod(0o644)
        for altered in (content[:-1], content + b"\n"):
            if altered != content:
                path.write_bytes(altered)
                assert codes(place), path
        path.write_bytes(content)
    sound(place)


def test_damage_is_told_with_the_edition_that_it_touches(place: Path) -> None:
    (pdf,) = (each for each in files(place) if each.read_bytes() == b"the next")
    flip(pdf, 0, 0)
    archive, _ = open_archive(place)
    assert archive is not None
    _, (problem,) = verify_archive(archive)
    assert problem.code == "E618"
    assert problem.where.file == str(pdf)
    assert f"{AGENCY} 105-12-26" in problem.message()
    entry, _ = find_edition(archive, "105-12-26")
    assert entry is not None
    left, problems = load_files(archive, entry)
    assert [each.code for each in problems] == ["E618"]  # the others can be had
    assert len(left) == len(entry.files) - 1


# The head


def test_a_head_is_copied_by_hand(made: Path) -> None:
    archive = sound(made)
    known = head(archive.entries)
    code = known.code
    number, *groups = code.split("-")
    assert number == str(len(archive.entries) - 1)
    assert [len(each) for each in groups] == [5, 5, 5, 5]
    badly_copied = [code.lower(), code.replace("-", " - "), number + "-" + "".join(groups)]
    badly_copied += [code.replace("0", "O").replace("1", "l"), f"{number}:{known.hash}"]
    for text in (code, *badly_copied):
        found = parse_head(text)
        assert found is not None, text
        assert verify_archive(archive, found)[1] == ()


@pytest.mark.parametrize(
    "text", ["", "1", "x", "1-ABCDE", "1-ABCDE-ABCDE-ABCDE-ABCDU", "²-" + "A" * 20, "1:" + "g" * 64]
)
def test_what_is_no_head(text: str) -> None:
    assert parse_head(text) is None


def test_a_head_holds_when_more_is_added(place: Path) -> None:
    known = head(sound(place).entries)
    add(place, "107-01-01")
    assert codes(place, known) == []


def test_one_wrong_letter_of_a_head_is_found(made: Path) -> None:
    code = head(sound(made).entries).code
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
    assert codes(made, parse_head(wrong)) == ["E617"]


def take_away_last(place: Path) -> None:
    """Set the archive back by one version, leaving no trace: what bit-rot never does."""
    lines = (place / log.NAME).read_bytes().splitlines(keepends=True)
    archive = sound(place)
    last = archive.entries[-1]
    (place / log.NAME).write_bytes(b"".join(lines[:-1]))
    folder = place / layout_path(last.object)
    if last.version == 1:
        shutil.rmtree(folder)
        return
    shutil.rmtree(folder / f"v{last.version}")
    for name in (inventory.NAME, inventory.SIDECAR):
        shutil.copy(folder / f"v{last.version - 1}" / name, folder / name)


def layout_path(identifier: str) -> str:
    from reportgen.archive.storage_layout import object_path

    return str(object_path(identifier))


def test_a_rollback_is_found_against_the_head(place: Path) -> None:
    add(place, "106-01-03", agency="乙機關")
    known = head(sound(place).entries)
    take_away_last(place)
    assert codes(place) == []  # by itself it is what it was before
    assert codes(place, known) == ["E616"]
    add(place, "106-01-03", agency="乙機關", pdf=b"another one")
    assert codes(place, known) == ["E617"]


def test_a_rollback_of_the_log_alone_is_found_without_a_head(place: Path) -> None:
    lines = (place / log.NAME).read_bytes().splitlines(keepends=True)
    (place / log.NAME).write_bytes(b"".join(lines[:-1]))
    assert "E620" in codes(place)


def test_a_rollback_of_a_version_alone_is_found_without_a_head(place: Path) -> None:
    content = (place / log.NAME).read_bytes()
    add(place, "105-12-27")
    longer = (place / log.NAME).read_bytes()
    take_away_last(place)
    assert (place / log.NAME).read_bytes() == content
    (place / log.NAME).write_bytes(longer)
    assert set(codes(place)) == {"E618", "E619"}


def make_anew(place: Path, entry: LogEntry, swaps: dict[str, str]) -> None:
    """All digests and the whole chain made anew: as good as somebody can who knows everything.

    ``swaps``: what is put in the place of what in the inventory and the log.
    """
    folder = place / layout_path(entry.object)
    for top in (folder, folder / f"v{entry.version}"):
        text = (top / inventory.NAME).read_text("utf-8")
        for old, new in swaps.items():
            text = text.replace(old, new)
        with suppress(ValueError):  # else it has what this program would refuse to write
            text = inventory.to_bytes(inventory._parse_inventory(json.loads(text))).decode()
        (top / inventory.NAME).write_text(text, "utf-8")
        (top / inventory.SIDECAR).write_bytes(inventory.sidecar_content(text.encode()))
    swaps = swaps | {entry.inventory: sha512((folder / inventory.NAME).read_bytes())}
    lines, previous = [], log.GENESIS_HASH
    for line in (place / log.NAME).read_bytes().splitlines(keepends=True):
        said = json.loads(line[65:])
        text = json.dumps(said | {"previous": previous}, ensure_ascii=False)
        for old, new in swaps.items():
            text = text.replace(old, new)
        lines.append(log.format_line(json.loads(text)))
        previous = lines[-1][:64].decode()
    (place / log.NAME).write_bytes(b"".join(lines))


def test_a_rewritten_version_is_found_against_the_head(place: Path) -> None:
    archive = sound(place)
    known = head(archive.entries)
    entry, _ = find_edition(archive, "105-12-26")
    assert entry is not None
    folder = place / layout_path(entry.object)
    (pdf,) = (each for each in files(folder) if each.read_bytes() == b"the next")
    pdf.chmod(0o644)
    pdf.write_bytes(b"forged")
    swaps = {
        sha512(b"the next"): sha512(b"forged"),
        sha256(b"the next"): sha256(b"forged"),
    }
    make_anew(place, entry, swaps)
    assert codes(place) == []  # nothing inside can tell
    assert codes(place, known) == ["E617"]


@pytest.mark.parametrize(
    "path",
    ["../../evil.html", "/tmp/evil.html", "templates/../../evil.html", "a\\\\..\\\\evil.html"],
)
def test_a_path_that_leads_out_is_refused(
    place: Path, path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An archive from elsewhere, in which everything agrees with everything."""
    from reportgen.cli import main

    entry = sound(place).editions[-1]
    make_anew(place, entry, {"templates/scorecard/document.html": path})
    archive, problems = open_archive(place)
    assert archive is not None
    assert problems == ()
    assert set(codes(place)) == {"E618"}
    assert load_files(archive, archive.editions[-1])[0] == {}
    assert refused_codes(place) == ["E618"]
    inside = tmp_path / "a/b/c"
    inside.mkdir(parents=True)
    monkeypatch.chdir(inside)
    for action in ("restore", "export", "show"):
        assert main(["archive", action, "106-01-02", "--archive", str(place)]) == 6
    assert not [*tmp_path.rglob("*evil*")]
    assert not Path("/tmp/evil.html").exists()


def refused_codes(place: Path) -> list[str]:
    from reportgen.archive import archive_submission
    from tests.factories.archives import submission

    return [
        each.code for each in archive_submission(place, submission("106-01-03", agency="乙機關"))[1]
    ]


@pytest.mark.parametrize(
    "said",
    [
        {"version": "1/../../.."},
        {"number": True},
        {"number": -1},
        {"files": [{"path": 1, "sha256": "", "size": 0}]},
        {"files": {"path": "x"}},
        {"agency": 1},
        {"unheard": "of"},
        {"object": None},
    ],
)
def test_a_log_with_odd_values_is_damaged(place: Path, said: dict[str, object]) -> None:
    path = place / log.NAME
    *lines, last = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines) + log.format_line(json.loads(last[65:]) | said))
    assert "E615" in codes(place)


@pytest.mark.parametrize(
    "moves",
    [
        [["x", "../evil"]],
        [["../../../secret", "stolen"]],
        [["x", "/tmp/evil"]],
        [["x"]],
        "x",
        None,
    ],
)
def test_an_intent_moves_nothing_out(place: Path, moves: object, tmp_path: Path) -> None:
    from reportgen.archive.storage_layout import STAGING

    (tmp_path / "secret").write_text("mine")
    stage = place / STAGING / "1-abc"
    stage.mkdir(parents=True)
    (stage / "x").write_text("evil")
    intent = {"moves": moves, "offset": (place / log.NAME).stat().st_size, "line": "x"}
    (stage / "intent").write_bytes(log.format_line(intent))
    assert "E627" in codes(place) + [each.code for each in open_archive(place)[1]]
    assert refused_codes(place) == ["E627"]
    assert (stage / "x").exists()
    assert (tmp_path / "secret").exists()
    assert not (place / "stolen").exists()
    archive, _ = open_archive(place)
    assert archive is not None  # what is there can be read
    assert len(archive.editions) == 4


# What is not of the archive


def test_foreign_files_are_told_and_left_alone(place: Path) -> None:
    (place / "筆記.txt").write_text("mine", "utf-8")
    (place / "舊資料").mkdir()
    assert codes(place) == ["W601", "W601"]
    add(place, "107-01-01")
    assert (place / "筆記.txt").read_text("utf-8") == "mine"


def test_what_lies_among_the_objects_is_an_error(place: Path) -> None:
    entry = sound(place).entries[-1]
    folder = place / layout_path(entry.object)
    (folder / "v1/content/extra.pdf").write_bytes(b"")
    (folder / "v2").mkdir()
    (folder.parent / "urn%3aother").mkdir()
    assert codes(place) == ["E620"] * 3


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_links_are_not_followed(place: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    entry = sound(place).editions[-1]
    folder = place / layout_path(entry.object)
    for path in (folder / inventory.NAME, folder / "v1/content", folder, place / log.NAME):
        path.rename(outside)
        path.symlink_to(outside)
        assert {"E621", "E619", "E623"} & set(codes(place)), path
        path.unlink()
        outside.rename(path)
    sound(place)


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_nothing_is_written_through_a_link(place: Path, tmp_path: Path) -> None:
    from reportgen.archive import archive_submission
    from tests.factories.archives import submission

    entry = sound(place).editions[0]
    folder, outside = place / layout_path(entry.object), tmp_path / "outside"
    folder.rename(outside)
    folder.symlink_to(outside)
    before = {each: each.read_bytes() for each in files(outside)}
    receipt, problems = archive_submission(place, submission("105-12-27"))
    assert receipt is None
    assert [each.code for each in problems] == ["E619"]
    assert {each: each.read_bytes() for each in files(outside)} == before


def test_pipes_and_devices_do_not_stop_it(place: Path) -> None:
    if not hasattr(os, "mkfifo"):
        pytest.skip("no pipes here")
    entry = sound(place).editions[0]
    path = place / layout_path(entry.object) / inventory.NAME
    path.unlink()
    os.mkfifo(path)
    assert codes(place) == ["E621"]
    with pytest.raises(OSError, match="plain"):
        durable_io.read_content(path)


# A file


def test_a_file_is_known_by_its_bytes(place: Path, tmp_path: Path) -> None:
    archive = sound(place)
    copy = tmp_path / "whatever it is called.bin"
    copy.write_bytes(b"%PDF-1.7 of the edition")
    found, problems = identify_file(archive, copy)
    assert problems == ()
    assert found is not None
    assert [each.entry.name for each in found.matches] == ["105-12-25", "105-12-25#1", "106-01-02"]
    assert found.matches[0].file.path == f"documents/{AGENCY}_平衡計分卡_105-12-25.pdf"


def test_an_altered_file_is_told_by_its_name(place: Path, tmp_path: Path) -> None:
    archive = sound(place)
    altered = tmp_path / f"{AGENCY}_平衡計分卡_105-12-25.pdf"
    altered.write_bytes(b"%PDF-1.7 of the Edition")
    found, (problem,) = identify_file(archive, altered)
    assert found is not None
    assert found.matches == ()
    assert problem.code == "E625"
    assert "105-12-25" in problem.message()


def test_a_file_that_never_was_there(place: Path, tmp_path: Path) -> None:
    archive = sound(place)
    other = tmp_path / "other.pdf"
    other.write_bytes(b"")
    assert [each.code for each in identify_file(archive, other)[1]] == ["E624"]
    assert [each.code for each in identify_file(archive, tmp_path / "nothing")[1]] == ["E302"]
    assert [each.code for each in identify_file(archive, tmp_path)[1]] == ["E623"]
    assert [each.code for each in identify_file(archive, tmp_path / "a\0b")[1]] == ["E302"]


def test_entries_that_are_damaged_do_not_hide_the_others(place: Path) -> None:
    path = place / log.NAME
    lines = path.read_bytes().splitlines(keepends=True)
    lines[2] = lines[2].replace(b"105-12-25", b"105-12-24", 1)
    path.write_bytes(b"".join(lines))
    archive, problems = open_archive(place)
    assert archive is not None
    assert [(each.code, each.where.line) for each in problems] == [("E615", 3)]
    assert [each.name for each in archive.editions] == ["105-12-25#1", "105-12-26", "106-01-02"]


def test_random_heads_are_of_no_archive(made: Path) -> None:
    archive: Archive = sound(made)
    chance = random.Random(5)
    for _ in range(50):
        known = Head(number=chance.randrange(9), hash=f"{chance.getrandbits(100):025x}")
        assert (
            {each.code for each in verify_archive(archive, known)[1]} <= {"E616", "E617"} != set()
        )


def test_an_inventory_of_another_number_of_versions_is_damaged(place: Path) -> None:
    entry, _ = find_edition(sound(place), "105-12-26")
    assert entry is not None
    folder = place / layout_path(entry.object)
    for forged in (folder, folder / f"v{entry.version}"):
        shutil.copy(folder / f"v{entry.version - 1}" / inventory.NAME, forged / inventory.NAME)
    make_anew(place, entry, {})
    archive, _ = open_archive(place)
    assert archive is not None
    reported = {(problem.code, problem.where.file) for problem in verify_archive(archive)[1]}
    assert ("E618", str(folder / inventory.NAME)) in reported


def test_a_folder_that_cannot_be_listed_is_reported(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = sound(place)
    closed = place / layout_path(archive.editions[0].object) / "v1"
    real = os.scandir

    def scandir(path: Path) -> Iterator[os.DirEntry[str]]:
        if path == closed:
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    (problem,) = verify_archive(archive)[1]
    assert (problem.code, problem.where.file) == ("E623", str(closed))
    assert dict(problem.fields)["reason"] == "Permission denied"
