"""Names that are stored: which are safe on every system, and what they become."""

from __future__ import annotations

from hashlib import sha256

import pytest

from reportgen.archive.identifiers import (
    MAX_NAME_BYTES,
    MAX_PATH_BYTES,
    approvals_id,
    content_name,
    first_case_clash,
    is_safe,
    object_id,
    parse_edition,
    user_address,
)
from reportgen.model.scorecard import RocDate


@pytest.mark.parametrize(
    ("path", "safe"),
    [
        ("a", True),
        ("documents/105-12-25.pdf", True),
        (".hidden/..x", True),
        ("a b/c.d", True),
        ("", False),
        (".", False),
        ("..", False),
        ("a/..", False),
        ("a//b", False),
        ("/a", False),
        ("x" * MAX_NAME_BYTES, True),
        ("x" * (MAX_NAME_BYTES + 1), False),
        ("史" * 85, True),  # 255 bytes
        ("史" * 85 + "x", False),
        ("x" * 198 + ("/" + "x" * 199) * 4 + "/x", True),  # 1000 bytes
        ("x" * 199 + ("/" + "x" * 199) * 4 + "/x", False),
        *((f"a{sign}b", False) for sign in '\\:*?"<>|\x00\x1f\x7f\x9f\u2028\u2029'),
        *((f"a{sign}b", True) for sign in "~!#%&+,;=@[]{} \xa0"),
        ("a\ud800", False),
        ("con", False),
        ("CON.txt", False),
        ("Aux", False),
        ("prn", False),
        ("nul.tar.gz", False),
        ("com1", False),
        ("LPT9.x", False),
        ("console", True),
        ("xcon", True),
        ("com", True),
        ("com10", True),
        ("a ", False),
        ("a.", False),
        (" a", True),
    ],
)
def test_a_path_is_safe_on_every_system(path: str, safe: bool) -> None:
    assert is_safe(path) is safe


def test_a_path_has_at_most_a_thousand_bytes() -> None:
    part = "x" * 99
    assert len("/".join([part] * 10)) == MAX_PATH_BYTES - 1
    assert is_safe("/".join([part] * 9 + [part + "x"]))
    assert not is_safe("/".join([part] * 9 + [part + "xx"]))


@pytest.mark.parametrize(
    ("number", "path", "name"),
    [
        (1, "source/105-12-25.xlsx", "001_105-12-25.xlsx"),
        (12, "a_b.C-d", "012_a_b.C-d"),
        (1234, "x", "1234_x"),
        (3, "documents/平衡計分卡.pdf", "003_documents.pdf"),
        (3, "documents/平衡計分卡", "003_documents"),
        (3, "平衡計分卡.pdf", "003_file.pdf"),
        (3, "文件/平衡計分卡.pdf", "003_file.pdf"),
        (3, "documents/.x", "003_documents.x"),
        (3, "a/b/c d.docx", "003_a.docx"),
        (3, "documents/" + "x" * 40, "003_" + "x" * 40),
        (3, "documents/" + "x" * 41, "003_documents"),
        (3, "documents/史.abcdefgh", "003_documents.abcdefgh"),
        (3, "documents/史.abcdefghi", "003_documents"),
        (3, "documents/史.p d", "003_documents"),
        (3, "documents/史.tar.gz", "003_documents.gz"),
    ],
)
def test_content_is_stored_under_a_short_ascii_name(number: int, path: str, name: str) -> None:
    assert content_name(number, path) == name


def test_identifiers_hold_year_and_digest_of_the_agency() -> None:
    digest = sha256("甲機關".encode()).hexdigest()[:20]
    assert object_id("甲 機關", 99) == f"urn:x-reportgen:scorecard:099:{digest}"
    assert approvals_id("甲機關", 105) == f"urn:x-reportgen:approvals:105:{digest}"


def test_a_user_is_a_uri() -> None:
    assert user_address("王 a/b") == "urn:x-reportgen:user:%E7%8E%8B%20a%2Fb"


@pytest.mark.parametrize(
    ("paths", "clash"),
    [
        (("a", "b"), ""),
        (("a", "b", "A", "B"), "A"),
        (("straße", "STRASSE"), "STRASSE"),
        (("a", "a"), "a"),
        ((), ""),
    ],
)
def test_names_that_differ_in_case_alone_clash(paths: tuple[str, ...], clash: str) -> None:
    assert first_case_clash(paths) == clash


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("105-12-25", RocDate(105, 12, 25)),
        ("99-1-2", RocDate(99, 1, 2)),
        ("105-02-30", None),
        ("0-1-1", None),
        ("1000-01-01", None),
        ("105-12-250", None),
        ("民國105年12月25日", RocDate(105, 12, 25)),
        ("民國105年12月25日" + "0" * 30, None),
        ("2016-12-25", None),
        ("甲", None),
    ],
)
def test_an_edition_is_named_by_its_day(text: str, day: RocDate | None) -> None:
    assert parse_edition(text) == day
