"""Digests of bytes, whether they are given or lie in a file."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from reportgen.archive.digests import Digests, content_chunks, digests, sha256, sha512

if TYPE_CHECKING:
    from pathlib import Path


def test_a_content_is_known_by_both_digests_and_its_size(tmp_path: Path) -> None:
    expected = Digests(
        sha512=hashlib.sha512(b"abc").hexdigest(),
        sha256=hashlib.sha256(b"abc").hexdigest(),
        size=3,
    )
    assert digests([b"a", b"", b"bc"]) == expected
    assert digests(content_chunks(b"abc")) == expected
    path, link = tmp_path / "x", tmp_path / "link"
    path.write_bytes(b"abc")
    link.symlink_to(path)  # a font may be one
    for place in (path, link):
        assert digests(content_chunks(place)) == expected
    assert (sha512(b"abc"), sha256(b"abc")) == (expected.sha512, expected.sha256)
