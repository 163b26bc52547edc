"""What an edition hands to the archive, and the record of how it was made."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from reportgen.archive.digests import digests
from reportgen.archive.submission_package import (
    ArchiveRecord,
    Environment,
    UsedFont,
    build_record,
    parse_record,
)
from tests.factories.archives import submission

KAI = digests((b"a font",))


def record(reprint: int = 0) -> bytes:
    package = replace(
        submission("105-12-26"),
        parameters={"documents": ["scorecard"], "formats": ["pdf"], "data_year": 105, "seals": {}},
        environment=Environment(versions={"Python": "3.13"}, fonts=(("楷體", Path("kai.ttf")),)),
    )
    files = {"source/b": digests((b"bb",)), "source/a": digests((b"a",))}
    font = UsedFont(family="楷體", name="fonts/x.ttf", digests=KAI)
    return build_record(package, reprint, files, (font,))


def test_the_record_holds_all_that_made_the_edition() -> None:
    fields = json.loads(record())
    assert fields == {
        "schema": "reportgen.archive-record/1",
        "kind": "edition",
        "agency": "臺北市教師研習中心",
        "edition": "105-12-26",
        "reprint": 0,
        "title": "策略地圖與平衡計分卡",
        "status": "定稿",
        "printed": "2016-12-26",
        "parameters": {
            "documents": ["scorecard"],
            "formats": ["pdf"],
            "data_year": 105,
            "seals": {},
        },
        "environment": {
            "versions": {"Python": "3.13"},
            "fonts": [{"family": "楷體", "file": "fonts/x.ttf", "sha256": KAI.sha256, "size": 6}],
        },
        "files": {
            "source/a": {"sha256": digests((b"a",)).sha256, "size": 1},
            "source/b": {"sha256": digests((b"bb",)).sha256, "size": 2},
        },
    }
    text = json.dumps(fields, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    assert record() == text.encode()
    again = json.loads(record(reprint=2))
    assert (again["kind"], again["reprint"]) == ("reprint", 2)


def test_a_record_is_read_back() -> None:
    assert parse_record(record()) == ArchiveRecord(
        versions={"Python": "3.13"},
        fonts=(("楷體", "fonts/x.ttf", KAI.sha256),),
        fields=json.loads(record()),
    )


def changed(**environment: Any) -> bytes:
    fields = json.loads(record())
    fields["environment"] |= environment
    return json.dumps(fields).encode()


FONT = {"family": "楷體", "file": "fonts/x.ttf", "sha256": "00"}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{}",
        b"1",
        b"\xff",
        b"[" * 100_000,
        changed(versions=1),
        changed(fonts=1),
        changed(fonts=[1]),
        changed(fonts=[FONT | {"file": "../x"}]),
        changed(fonts=[FONT, FONT | {"file": "/x"}]),
        *(
            changed(fonts=[{key: value for key, value in FONT.items() if key != left_out}])
            for left_out in FONT
        ),
    ],
)
def test_any_other_bytes_are_no_record(content: bytes) -> None:
    assert parse_record(content) is None


# agency, further paths, what E628 names
NAMES: list[tuple[str, tuple[str, ...], list[str]]] = [
    ("甲", (), []),
    ("長" * 200, (), []),
    ("長" * 201, (), ["長" * 60]),
    ("", (), [""]),
    (" \u3000", (), [" \ufffd"]),
    ("甲\x00乙", (), ["甲\ufffd乙"]),
    ("甲\ud800", (), ["甲\ufffd"]),
    ("甲\u202e", (), []),  # a format character may be printed
    ("甲", ("../x", "a\x00b", "good"), ["../x", "a\ufffdb"]),
    ("甲", ("record.json",), ["record.json"]),
    ("甲", ("a/Record.json", "A/record.json"), ["A/record.json"]),
    ("", ("../x", "a", "A"), ["../x", ""]),  # case is compared where all else is well
]


@pytest.mark.parametrize(("agency", "paths", "found"), NAMES)
def test_unusable_names_are_named(agency: str, paths: tuple[str, ...], found: list[str]) -> None:
    package = submission(agency=agency, files=dict.fromkeys(paths, b""))
    problems = package.problems()
    assert {problem.code for problem in problems} <= {"E628"}
    assert [dict(problem.fields)["found"] for problem in problems] == found


def test_an_edition_is_of_its_agency_and_year() -> None:
    package = submission("105-12-26")
    assert package.object == submission("105-01-01").object
    assert package.object != submission("106-12-26").object
    assert package.object != submission("105-12-26", agency="乙").object
    assert (package.user, package.reprint) == ("unknown", False)
