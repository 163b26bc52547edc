"""Lines of the log, their chain, and the code of its head."""

from __future__ import annotations

import json
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest

from reportgen.archive.log import (
    GENESIS_HASH,
    Head,
    LogEntry,
    StoredFile,
    entry_line,
    format_line,
    head,
    parse_head,
    parse_line,
    parse_log,
)

CREATION = LogEntry(
    number=0, previous=GENESIS_HASH, time="2016-12-26T08:00:00Z", kind="created", archive="ab"
)


def hash_of(line: bytes) -> str:
    return line[:64].decode()


FIRST = LogEntry(
    number=1,
    previous=hash_of(entry_line(CREATION)),
    time="2016-12-26T08:00:01Z",
    kind="edition",
    object="urn:x",
    version=1,
    edition="105-12-25",
    files=(StoredFile(path="source/甲.xlsx", sha256="00", size=3),),
)
LINES = [entry_line(CREATION), entry_line(FIRST)]


def test_a_line_is_the_digest_and_canonical_json() -> None:
    text = '{"a":"甲","b":1}'.encode()
    line = sha256(text).hexdigest().encode() + b" " + text + b"\n"
    assert format_line({"b": 1, "a": "甲"}) == line
    assert parse_line(line) == {"a": "甲", "b": 1}


def test_the_first_line_states_the_format_and_none_has_empty_fields() -> None:
    assert parse_line(LINES[0]) == {
        "number": 0,
        "previous": "0" * 64,
        "time": "2016-12-26T08:00:00Z",
        "kind": "created",
        "archive": "ab",
        "format": 1,
    }
    assert parse_line(entry_line(replace(FIRST, hash="f" * 64))) == {
        "number": 1,
        "previous": hash_of(LINES[0]),
        "time": "2016-12-26T08:00:01Z",
        "kind": "edition",
        "object": "urn:x",
        "version": 1,
        "edition": "105-12-25",
        "files": [{"path": "source/甲.xlsx", "sha256": "00", "size": 3}],
    }


def digested(text: bytes) -> bytes:
    return sha256(text).hexdigest().encode() + b" " + text + b"\n"


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"\n",
        LINES[0][:-1],
        LINES[0] + b"\n",
        b"x" + LINES[0],
        LINES[0][:64].upper() + LINES[0][64:],
        b"0" * 64 + LINES[0][64:],
        LINES[0].replace(b"created", b"creator"),
        digested(b"[]"),
        digested(b"{,}"),
        digested(b'{"a":' + b"[" * 100_000 + b"}"),
    ],
)
def test_any_other_line_is_damaged(line: bytes) -> None:
    assert parse_line(line) is None


def test_a_log_is_read_back() -> None:
    entries, problems = parse_log(b"".join(LINES))
    assert problems == ()
    assert entries == (
        replace(CREATION, hash=hash_of(LINES[0])),
        replace(FIRST, hash=hash_of(LINES[1])),
    )
    assert head(entries) == Head(number=1, hash=hash_of(LINES[1]))


def second(**changes: Any) -> bytes:
    return entry_line(replace(FIRST, **changes))


@pytest.mark.parametrize(
    ("content", "damaged", "count"),
    [
        (b"", [1], 0),
        (LINES[0], [], 1),
        (LINES[0] + b"x\n" + LINES[1], [2, 3], 2),
        (LINES[0] + b"\xff\xfe\n" + LINES[1], [2, 3], 2),
        (LINES[0] + LINES[1][:-1], [2], 1),
        (LINES[1], [1], 1),  # the first is missing
        (LINES[0] + second(number=2), [2], 2),
        (LINES[0] + second(previous="1" * 64), [2], 2),
        (LINES[0] + format_line({"number": 1, "what": "ever"}), [2], 1),
        (LINES[0] + second(version="1"), [2], 1),
        (LINES[0] + second(version=True), [2], 1),
        (LINES[0] + second(reprint=-1), [2], 1),
        (LINES[0] + second(agency=1), [2], 1),
        (LINES[0] + second(files=({"path": "x", "sha256": "00", "size": "3"},)), [2], 1),
        (LINES[0] + second(files=({"path": 1, "sha256": "00", "size": 3},)), [2], 1),
        (LINES[0] + second(files=({"path": "x"},)), [2], 1),
        (LINES[0] + second(files=("x",)), [2], 1),
    ],
)
def test_damaged_lines_are_named(content: bytes, damaged: list[int], count: int) -> None:
    entries, problems = parse_log(content)
    assert [problem.code for problem in problems] == ["E615"] * len(damaged)
    assert [problem.where.line for problem in problems] == damaged
    assert {problem.where.file for problem in problems} <= {"log.txt"}
    assert len(entries) == count


def test_the_line_after_a_damaged_one_is_chained_to_its_bytes() -> None:
    broken = LINES[0].replace(b"created", b"creator")
    entries, problems = parse_log(broken + LINES[1])
    assert [problem.where.line for problem in problems] == [1]
    assert len(entries) == 1


def test_a_later_format_is_not_read() -> None:
    fields = json.loads(LINES[0][65:])
    entries, (problem,) = parse_log(format_line(fields | {"format": 2}) + LINES[1])
    assert (entries, problem.code) == ((), "E606")
    assert (problem.where.file, problem.where.line) == ("log.txt", 1)
    assert dict(problem.fields)["found"] == "2"
    del fields["format"]  # an archive of before
    assert parse_log(format_line(fields))[1] == ()
    other = json.loads(LINES[1][65:]) | {"format": 2}  # only the first line says it
    assert parse_log(LINES[0] + format_line(other))[1] == ()


HASH = "0123456789abcdef" * 4
CODE = "12-04HMA-SW9NF-6YY09-38NKR"


def test_the_code_of_a_head_is_the_first_hundred_bits() -> None:
    known = Head(number=12, hash=HASH)
    assert known.code == CODE
    assert parse_head(CODE) == Head(number=12, hash=HASH[:25])
    entry = replace(FIRST, number=12, hash=HASH)
    for found in (known, Head(number=12, hash=HASH[:25])):
        assert found.is_of(entry)
        assert not found.is_of(replace(entry, number=13))
        assert not found.is_of(replace(entry, hash="1" + HASH[1:]))


@pytest.mark.parametrize(
    "text",
    [
        CODE,
        CODE.lower(),
        CODE.replace("-", " - "),
        "12-04HMASW9NF6YY0938NKR",
        CODE.replace("04H", "O4H"),
        f"12 : {HASH[:25].upper()}" + HASH[25:],
    ],
)
def test_a_head_is_read_as_it_is_copied(text: str) -> None:
    found = parse_head(text)
    assert found is not None
    assert (found.number, found.hash[:25]) == (12, HASH[:25])


@pytest.mark.parametrize(
    "text",
    [
        CODE[:-1],
        CODE + "0",
        CODE.replace("12-", ""),
        CODE.replace("12-", "-"),
        CODE.replace("12-", "1234567890-"),
        CODE.replace("12-", "１２-"),
        CODE.replace("A", "U"),
        f"12:{HASH[:-1]}",
        f"12:{HASH}0",
        f"1234567890:{HASH}",
        f"12{HASH}",
    ],
)
def test_any_other_text_is_no_head(text: str) -> None:
    assert parse_head(text) is None


@pytest.mark.parametrize(
    ("kind", "reprint", "name", "is_edition"),
    [
        ("edition", 0, "105-12-25", True),
        ("reprint", 2, "105-12-25#2", True),
        ("fonts", 0, "105-12-25", False),
        ("approval", 0, "105-12-25", False),
    ],
)
def test_an_entry_has_the_name_that_people_use(
    kind: str, reprint: int, name: str, is_edition: bool
) -> None:
    entry = replace(FIRST, kind=kind, reprint=reprint)
    assert (entry.name, entry.is_edition) == (name, is_edition)
