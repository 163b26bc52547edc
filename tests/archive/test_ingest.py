"""What may be archived and what not, how it is found, given back and handed over."""

from __future__ import annotations

import json
import multiprocessing
import os
import re
import tempfile
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import bagit
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ocfl import StorageRoot

from reportgen.archive import (
    archive_submission,
    durable_io,
    export_bag,
    find_edition,
    font_paths,
    head,
    load_files,
    open_archive,
    verify_archive,
)
from reportgen.archive.digests import sha256
from reportgen.archive.identifiers import content_name, is_safe, object_id, parse_edition
from reportgen.archive.lock import file_lock
from reportgen.model.scorecard import DataStatus, RocDate
from reportgen.provenance.seal import compute_seal, print_code
from tests.factories.archives import AGENCY, add, failing, sound, submission

if TYPE_CHECKING:
    from reportgen.archive import SubmissionPackage


def refused(folder: Path, given_: SubmissionPackage) -> list[str]:
    receipt, problems = archive_submission(folder, given_)
    assert receipt is None
    return [each.code for each in problems]


def snapshot(folder: Path) -> dict[str, bytes]:
    paths = (each for each in folder.rglob("*") if each.is_file())
    return {each.relative_to(folder).as_posix(): each.read_bytes() for each in paths}


# Editions and reprints


def test_the_same_again_is_archived_already(tmp_path: Path) -> None:
    first = add(tmp_path / "a")
    before = snapshot(tmp_path / "a")
    again = add(tmp_path / "a", printed=date(2020, 1, 1))
    assert (first.new, again.new) == (True, False)
    assert again.entry == first.entry
    assert again.head == first.head
    assert snapshot(tmp_path / "a") == before


def test_other_contents_need_another_date_or_are_a_reprint(tmp_path: Path) -> None:
    add(tmp_path)
    receipt, (problem,) = archive_submission(tmp_path, submission(pdf=b"other"))
    assert receipt is None
    assert problem.code == "E602"
    assert f"documents/{AGENCY}_平衡計分卡_105-12-25.pdf" in problem.message()
    reprint = add(tmp_path, pdf=b"other", reprint=True, printed=date(2017, 5, 1))
    assert (reprint.entry.name, reprint.entry.version) == ("105-12-25#1", 2)
    assert reprint.entry.printed == "2017-05-01"
    again = add(tmp_path, pdf=b"other", reprint=True, printed=date(2017, 5, 1))
    assert not again.new
    assert add(tmp_path, reprint=True, printed=date(2017, 5, 1)).entry.name == "105-12-25#2"
    assert not add(tmp_path).new  # what the first print was
    sound(tmp_path)


def test_what_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "a"
    assert refused(folder, submission(status=DataStatus.DRAFT)) == ["E601"]
    assert refused(folder, submission(reprint=True)) == ["E604"]
    assert not folder.exists()
    add(folder)
    assert refused(folder, submission("105-12-26", reprint=True)) == ["E603"]
    assert refused(folder, submission("105-12-26", status=DataStatus.DRAFT)) == ["E601"]


def test_the_same_bytes_are_stored_once(tmp_path: Path) -> None:
    font = tmp_path / "kai.ttf"
    font.write_bytes(b"52 MB of outlines")
    place = tmp_path / "a"
    for edition in ("105-12-25", "105-12-26", "106-01-01"):
        add(place, edition, pdf=b"the same in all", fonts=(font,))
    add(place, reprint=True, pdf=b"the same in all", fonts=(font,))
    contents = [*snapshot(place).values()]
    assert contents.count(b"52 MB of outlines") == 1
    assert contents.count(b"the same in all") == 2  # one for each year
    found = sound(place)
    places, problems = font_paths(found)
    assert problems == ()
    entry, _ = find_edition(found, "106-01-01")
    assert entry is not None
    record = json.loads(load_files(found, entry)[0]["record.json"])
    (used,) = record["environment"]["fonts"]
    assert places[used["file"]].read_bytes() == b"52 MB of outlines"
    assert used["sha256"] == sha256(b"52 MB of outlines")


def test_fonts_are_added_to_those_that_are_there(tmp_path: Path) -> None:
    one, two = tmp_path / "one.ttf", tmp_path / "two.TTF"
    one.write_bytes(b"1")
    two.write_bytes(b"2")
    place = tmp_path / "a"
    add(place, fonts=(one,))
    add(place, "105-12-26", fonts=(one, two))
    add(place, "105-12-27", fonts=(two,))
    assert {path.read_bytes() for path in font_paths(sound(place))[0].values()} == {b"1", b"2"}
    two.unlink()
    assert refused(place, submission("105-12-28", fonts=(two,))) == ["E623"]
    sound(place)


def test_the_record_tells_what_it_was(tmp_path: Path) -> None:
    add(tmp_path, user="王小明")
    found = sound(tmp_path)
    files, problems = load_files(found, found.editions[0])
    assert problems == ()
    record = json.loads(files.pop("record.json"))
    assert files == dict(submission().files)
    assert record["files"] == {
        path: {"sha256": sha256(content), "size": len(content)} for path, content in files.items()
    }
    told = {name: record[name] for name in ("schema", "kind", "agency", "edition", "printed")}
    assert told == {
        "schema": "reportgen.archive-record/1",
        "kind": "edition",
        "agency": AGENCY,
        "edition": "105-12-25",
        "printed": "2016-12-26",
    }
    assert record["parameters"]["documents"] == ["scorecard"]
    assert record["environment"]["versions"] == {"Python": "3.13"}


# Finding


def test_editions_are_found_by_any_way_to_write_them(tmp_path: Path) -> None:
    for given_ in ({}, {"reprint": True}, {"reprint": True, "printed": date(2018, 1, 1)}):
        add(tmp_path, **given_)
    found = sound(tmp_path)
    for name, expected in {
        "105-12-25": "105-12-25#2",
        "105.12.25": "105-12-25#2",
        "民國105年12月25日": "105-12-25#2",
        "105-12-25#0": "105-12-25",
        "105/12/25#1": "105-12-25#1",
    }.items():
        entry, problems = find_edition(found, name)
        assert problems == ()
        assert entry is not None
        assert entry.name == expected


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("105-12-26", "E613"),
        ("105-12-25#7", "E613"),
        ("105-13-01", "E612"),
        ("../../etc/passwd", "E612"),
        ("/etc", "E612"),
        ("", "E612"),
        ("史" * 85, "E612"),
        ("105-12-25\0", "E612"),
        ("105-12-25/../x", "E612"),
    ],
)
def test_what_is_not_found(tmp_path: Path, name: str, code: str) -> None:
    add(tmp_path)
    entry, (problem,) = find_edition(sound(tmp_path), name)
    assert entry is None
    assert problem.code == code
    if code == "E613":
        assert "封存中有：105-12-25。" in problem.fix()


def test_agencies_share_an_archive(tmp_path: Path) -> None:
    add(tmp_path, agency="甲機關")
    add(tmp_path, agency="乙機關")
    found = sound(tmp_path)
    assert [each.code for each in find_edition(found, "105-12-25")[1]] == ["E614"]
    entry, problems = find_edition(found, "105-12-25", "甲 機關")  # a name is found as everywhere
    assert problems == ()
    assert entry is not None
    assert entry.agency == "甲機關"


# Codes of the pages


def code_sharing(long: str, chars: int) -> str:
    """Another long code that begins with as many characters of one, and then differs."""
    return long[:chars] + "".join("Z" if character != "Z" else "0" for character in long[chars:])


def test_editions_are_found_by_the_codes_of_their_pages(tmp_path: Path) -> None:
    seal, old_seal = (compute_seal("", {"document": name}) for name in ("new", "old"))
    name = "results.pdf"
    add(tmp_path, "104-12-25", parameters={"seals": {name: old_seal.long}})
    codes = {"seals": {name: seal.long}, "codes": {name: seal.code}}
    add(tmp_path, "105-12-25", parameters=codes)
    archive = sound(tmp_path)

    def found(code: str) -> str:
        entry, problems = find_edition(archive, code)
        return entry.name if entry else problems[0].code

    for code in (seal.code, seal.code.lower().replace("-", " "), seal.long, seal.text):
        assert found(code) == "105-12-25"
    old_code = f"{old_seal.long[:4]}-{old_seal.long[4:8]}"
    for code in (old_code, old_seal.long, old_seal.text):
        assert found(code) == "104-12-25"
    # Twins: their codes are alike as far as an author can make them, and further.
    for chars in (8, 12, 23):
        assert found(print_code(code_sharing(seal.long, chars))) == "E613"
    assert found(code_sharing(seal.long, 24)) == "E613"
    assert found(seal.long[:8]) == "E613"  # what a page of a twin's old form would say
    mistyped = seal.code[:-1] + ("0" if seal.code[-1] != "0" else "1")
    assert found(mistyped) == "E633"


# Names


@pytest.mark.parametrize(
    "path",
    [
        *("../x", "/x", "documents/../../x", "documents//x", "documents/", "", ".", "a/./b"),
        *("documents\\x", "C:x", "documents/con", "documents/NUL.txt", "documents/x.", "a/b "),
        *("documents/" + "史" * 86, "a\0b", "a\nb", "a\ud800b", "x/" * 600 + "x", "record.json"),
    ],
)
def test_names_that_not_every_system_takes_are_refused(tmp_path: Path, path: str) -> None:
    files = {**submission().files, path: b"x"}
    assert refused(tmp_path / "a", submission(files=files)) == ["E628"]
    assert not (tmp_path / "a").exists()


def test_names_that_differ_by_case_alone_are_refused(tmp_path: Path) -> None:
    files = {"documents/A.pdf": b"1", "documents/a.pdf": b"2"}
    assert refused(tmp_path, submission(files=files)) == ["E628"]


@pytest.mark.parametrize("agency", ["", " ", "長" * 201, "甲\x1b[31m", "a\0b", "\ud800"])
def test_agencies_that_are_no_names(tmp_path: Path, agency: str) -> None:
    assert refused(tmp_path, submission(agency=agency, files={})) == ["E628"]


@pytest.mark.parametrize(
    "agency", ["../../x", "/etc/passwd", "史" * 85, "con", "a\0b", "$(rm)", "\u202etxt", "\n"]
)
def test_an_agencys_name_is_no_path(tmp_path: Path, agency: str) -> None:
    receipt, problems = archive_submission(tmp_path / "a", submission(agency=agency, files={}))
    if receipt is None:
        assert [each.code for each in problems] == ["E628"]
        return
    found = sound(tmp_path / "a")
    assert found.editions[0].agency == agency
    for each in (tmp_path / "a").rglob("*"):
        assert re.fullmatch(r"[0-9A-Za-z._%=-]{1,100}", each.name)


@given(st.text(max_size=80))
def test_any_text_is_an_edition_or_none(text: str) -> None:
    day = parse_edition(text)
    assert day is None or parse_edition(day.edition) == day


@given(st.text(max_size=60), st.integers(1, 9999))
def test_content_is_kept_under_a_plain_name(path: str, number: int) -> None:
    assert re.fullmatch(r"\d{3,}_[A-Za-z0-9][A-Za-z0-9._-]*", content_name(number, path))
    assert is_safe(content_name(number, "documents/" + path))


@given(st.text(max_size=99), st.integers(1, 999))
def test_identifiers_are_short_and_plain(agency: str, year: int) -> None:
    identifier = object_id(agency, year)
    assert re.fullmatch(r"urn:x-reportgen:scorecard:\d{3}:[0-9a-f]{20}", identifier)


# Other folders


def test_a_foreign_folder_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "照片.jpg").write_bytes(b"mine")
    assert refused(tmp_path, submission()) == ["E605"]
    assert [each.name for each in tmp_path.iterdir()] == ["照片.jpg"]
    assert [each.code for each in open_archive(tmp_path)[1]] == ["E605"]


def test_there_is_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for place in (tmp_path / "none", tmp_path / "file"):
        assert [each.code for each in open_archive(place)[1]] == ["E604"]
    assert refused(tmp_path / "file", submission()) == ["E607"]
    (tmp_path / "empty").mkdir()
    assert [each.code for each in open_archive(tmp_path / "empty")[1]] == ["E604"]
    add(tmp_path / "empty")


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_a_folder_that_cannot_be(tmp_path: Path) -> None:
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    for place in (loop, tmp_path / ("長" * 90), tmp_path / "a\0b"):
        assert refused(place, submission())[0] in ("E607", "E623")
        assert open_archive(place)[1][0].code in ("E604", "E623")


@pytest.mark.parametrize("declared", ["0=ocfl_1.0", "0=ocfl_1.2", "0=ocfl_2.0", "0=other_1"])
def test_another_format_is_not_touched(tmp_path: Path, declared: str) -> None:
    add(tmp_path)
    (tmp_path / "0=ocfl_1.1").rename(tmp_path / declared)
    before = snapshot(tmp_path)
    found, (problem,) = open_archive(tmp_path)
    assert found is None
    assert problem.code == "E606"
    assert declared in problem.message()
    assert refused(tmp_path, submission("105-12-26")) == ["E606"]
    assert snapshot(tmp_path) == before


def test_a_log_of_a_later_form_is_not_touched(tmp_path: Path) -> None:
    from reportgen.archive.log import format_line

    add(tmp_path)
    path = tmp_path / "log.txt"
    first, *rest = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(format_line(json.loads(first[65:]) | {"format": 2}) + b"".join(rest))
    before = snapshot(tmp_path)
    assert [each.code for each in open_archive(tmp_path)[1]] == ["E606"]
    assert refused(tmp_path, submission("105-12-26")) == ["E606"]
    assert snapshot(tmp_path) == before


@pytest.mark.parametrize("name", ["0=ocfl_1.1", "log.txt"])
def test_an_archive_without_its_head_is_not_begun_anew(tmp_path: Path, name: str) -> None:
    add(tmp_path)
    (tmp_path / name).unlink()
    before = snapshot(tmp_path)
    assert [each.code for each in open_archive(tmp_path)[1]] == ["E619"]
    assert refused(tmp_path, submission("105-12-26")) == ["E619"]
    assert snapshot(tmp_path) == before


def test_nothing_is_added_to_what_is_damaged(tmp_path: Path) -> None:
    add(tmp_path)
    (path,) = tmp_path.glob("*/*/inventory.json")
    path.write_bytes(path.read_bytes().replace(b"105", b"106", 1))
    before = snapshot(tmp_path)
    assert refused(tmp_path, submission("105-12-26")) == ["E618"]
    assert {name: before[name] for name in before} == snapshot(tmp_path)


def read_only(folder: Path, results: Any) -> None:
    """As a user who may read and nothing else."""
    os.setuid(65534)
    receipt, problems = archive_submission(folder, submission("105-12-26"))
    found, _ = open_archive(folder)
    assert found is not None
    verified = [each.code for each in verify_archive(found)[1]]
    results.put((receipt, [each.code for each in problems], len(found.editions), verified))


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs another user")
def test_a_read_only_archive_is_read() -> None:
    fork = multiprocessing.get_context("fork")
    results: Any = fork.Queue()
    with tempfile.TemporaryDirectory() as name:  # pytest's is closed to other users
        Path(name).chmod(0o755)
        add(Path(name) / "a")
        process = fork.Process(target=read_only, args=(Path(name) / "a", results))
        process.start()
        assert results.get(timeout=30) == (None, ["E607"], 1, [])
        process.join()


# Several at once


def writer(folder: Path, number: int, editions: list[str]) -> None:
    for edition in editions:
        add(folder, edition, agency=f"機關{number % 2}{number}", pdf=b"%d" % number)


@pytest.mark.slow
def test_writers_wait_for_each_other(tmp_path: Path) -> None:
    """Four at once here; benchmarks/archive_safety.py lets eight make forty commits."""
    fork = multiprocessing.get_context("fork")
    days = ["105-12-25", "105-12-26", "106-01-01"]
    writers = [fork.Process(target=writer, args=(tmp_path, n, days)) for n in range(4)]
    for each in writers:
        each.start()
    for each in writers:
        each.join(timeout=60)
    assert [each.exitcode for each in writers] == [0] * 4
    assert len(sound(tmp_path).editions) == 12


def test_a_lock_that_is_held_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from reportgen.archive import lock, repository

    monkeypatch.setattr(
        repository,
        "file_lock",
        lambda path, exclusive, seconds=0.05: file_lock(path, exclusive=exclusive, seconds=0.05),
    )
    assert lock.LOCK_TIMEOUT_S == 60
    add(tmp_path)
    with file_lock(tmp_path / "lock", exclusive=True):
        assert refused(tmp_path, submission("105-12-26")) == ["E610"]
    add(tmp_path, "105-12-26")


def test_a_disk_without_locks_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from reportgen.archive import lock

    def none(file: int, exclusive: bool) -> None:
        raise OSError(37, "No locks available")

    add(tmp_path)
    monkeypatch.setattr(lock, "_try_lock", none)
    assert refused(tmp_path, submission("105-12-26")) == ["E611"]
    found, problems = open_archive(tmp_path)
    assert problems == ()
    assert found is not None
    assert verify_archive(found)[1] == ()


# Other programs


def ocfl_says(folder: Path) -> tuple[bool, int, int, list[Any]]:
    root = StorageRoot(str(folder))
    valid = root.validate(log_warnings=True)
    return valid, root.num_objects, root.good_objects, root.errors


def test_ocfl_py_finds_it_valid_without_a_warning(tmp_path: Path) -> None:
    font = tmp_path / "kai.ttf"
    font.write_bytes(b"a font")
    place = tmp_path / "a"
    add(place, fonts=(font,))
    add(place, reprint=True)
    add(place, "105-12-26", pdf=b"other")
    add(place, "106-01-01", agency="乙機關")
    assert ocfl_says(place) == (True, 3, 3, [])
    root = StorageRoot(str(place))
    listed = {identifier: path for path, identifier in root.list_objects()}
    assert {root.object_path(each): each for each in listed} == {
        path: each for each, path in listed.items()
    }


def test_a_bag_is_handed_over(tmp_path: Path) -> None:
    font = tmp_path / "kai.ttf"
    font.write_bytes(b"a font")
    place = tmp_path / "a"
    add(place, fonts=(font,))
    found = sound(place)
    (entry,) = found.editions
    one, two, full = tmp_path / "one", tmp_path / "two", tmp_path / "full"
    assert export_bag(found, entry, one) == (True, ())
    assert export_bag(found, entry, two) == (True, ())
    assert export_bag(found, entry, full, with_fonts=True) == (True, ())
    for folder in (one, two, full):
        bag = bagit.Bag(str(folder))
        bag.validate()
        assert bag.info["Source-Organization"] == AGENCY
    assert snapshot(one) == snapshot(two)
    dates = {each.stat().st_mtime for each in (*one.rglob("*"), one)}
    assert len(dates) == 1
    assert b"a font" not in snapshot(one).values()
    assert b"a font" in snapshot(full).values()
    assert export_bag(found, entry, one) == (False, ())
    (one / "data/note.txt").write_text("mine")
    assert [each.code for each in export_bag(found, entry, one)[1]] == ["E626"]


def test_a_damaged_edition_is_not_handed_over(tmp_path: Path) -> None:
    place = tmp_path / "a"
    add(place)
    found = sound(place)
    (path,) = place.rglob("*.pdf")
    path.unlink()
    changed, problems = export_bag(found, found.editions[0], tmp_path / "bag")
    assert (changed, [each.code for each in problems]) == (False, ["E619"])
    assert not (tmp_path / "bag").exists()


def test_the_head_changes_with_every_version(tmp_path: Path) -> None:
    heads = [add(tmp_path, f"105-12-{day}").head.code for day in range(1, 9)]
    assert len(set(heads)) == 8
    assert head(sound(tmp_path).entries).code == heads[-1]
    assert RocDate(105, 12, 1).edition == "105-12-01"


# Entries and receipts


def with_documents(*names: str, content: bytes = b"x") -> dict[str, bytes]:
    return {f"documents/{name}": content for name in names}


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        (with_documents(*"ab"), with_documents(*"ab", content=b"y"), "documents/a、documents/b"),
        (with_documents(*"ab"), with_documents("a"), "documents/b"),
        (with_documents("a"), with_documents(*"ab"), "documents/b"),
        ({"source/x": b"1"}, {"source/x": b"2"}, "source/x"),
        (with_documents(*"edcba"), {}, "、".join(f"documents/{name}" for name in "abcde")),
        (with_documents(*"fedcba"), {}, "、".join(f"documents/{name}" for name in "abcde") + "…"),
        ({"templates/x": b"1", "reports/x": b"1"}, {"templates/x": b"2"}, None),
    ],
)
def test_what_differs_from_the_archived_edition_is_named(
    tmp_path: Path, before: dict[str, bytes], after: dict[str, bytes], found: str | None
) -> None:
    with failing(0, "error"):
        add(tmp_path, files=before)
        receipt, problems = archive_submission(tmp_path, submission(files=after))
    if found is None:  # only workbook and documents count
        assert receipt is not None
        assert not receipt.new
        return
    (problem,) = problems
    fields = dict(problem.fields)
    assert (problem.code, fields["edition"], fields["found"]) == ("E602", "105-12-25", found)


def test_an_entry_says_what_was_archived(tmp_path: Path) -> None:
    with failing(0, "error"):
        edition = add(tmp_path)
        reprint = add(tmp_path, reprint=True, printed=date(2017, 5, 1))
        archive = sound(tmp_path)
    first, second = edition.entry, reprint.entry
    assert (first.kind, first.reprint, first.printed) == ("edition", 0, "2016-12-26")
    assert (second.kind, second.reprint, second.printed) == ("reprint", 1, "2017-05-01")
    for entry in (first, second):
        assert (entry.agency, entry.edition, entry.status) == (AGENCY, "105-12-25", "定稿")
        assert entry.object == submission().object
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", entry.time)
    assert archive.editions == (first, second)
    assert (edition.new, reprint.new) == (True, True)
    assert reprint.head == head(archive.entries)
    records = [
        json.loads(load_files(archive, entry)[0]["record.json"]) for entry in (first, second)
    ]
    assert [record["reprint"] for record in records] == [0, 1]


def test_what_was_archived_before_is_told_with_the_newest_head(tmp_path: Path) -> None:
    with failing(0, "error"):
        add(tmp_path)
        latest = add(tmp_path, "105-12-26")
        again = add(tmp_path)
    assert (again.entry.edition, again.new) == ("105-12-25", False)
    assert again.head == latest.head


def test_the_newest_of_equal_prints_is_returned(tmp_path: Path) -> None:
    with failing(0, "error"):
        add(tmp_path)
        add(tmp_path, reprint=True)
        assert add(tmp_path).entry.name == "105-12-25#1"


def test_a_committed_edition_that_is_unfinished_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(path: Path, offset: int, content: bytes) -> None:
        raise OSError(28, "full")

    with failing(0, "error"):
        add(tmp_path)
        with monkeypatch.context() as patch:
            patch.setattr(durable_io, "write_at", fails)
            receipt, (problem,) = archive_submission(tmp_path, submission("105-12-26"))
    assert receipt is None
    assert (problem.code, problem.where.file) == ("E609", str(tmp_path))
    fields = dict(problem.fields)
    assert (fields["edition"], fields["reason"]) == ("105-12-26", "full")


def test_refusals_name_the_edition(tmp_path: Path) -> None:
    with failing(0, "error"):
        add(tmp_path)
        cases = (
            submission("105-12-26", status=DataStatus.DRAFT),
            submission("105-12-26", reprint=True),
        )
        problems = [archive_submission(tmp_path, package)[1][0] for package in cases]
    assert [problem.code for problem in problems] == ["E601", "E603"]
    assert [dict(problem.fields)["edition"] for problem in problems] == ["105-12-26"] * 2


def test_fonts_are_named_by_their_bytes(tmp_path: Path) -> None:
    font = tmp_path / "Kai.TTF"
    font.write_bytes(b"a font")
    with failing(0, "error"):
        add(tmp_path / "a", fonts=(font,))
        archive = sound(tmp_path / "a")
    fonts = archive.entries[1]
    assert (fonts.kind, fonts.object, fonts.agency) == ("fonts", "urn:x-reportgen:fonts", "")
    assert [file.path for file in fonts.files] == [f"fonts/{sha256(b'a font')}.ttf"]
    record = json.loads(load_files(archive, archive.editions[0])[0]["record.json"])
    assert record["environment"]["fonts"][0]["family"] == "Kai"
