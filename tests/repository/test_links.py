"""Links of README.md, docs/ and other Markdown lead somewhere, to their anchors too."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.conftest import ROOT
from tests.readers.links import faults, markdown_anchors, markdown_links

if TYPE_CHECKING:
    from pathlib import Path

_LISTED = ("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "*.md")
FILES = [
    ROOT / name
    for name in subprocess.check_output(_LISTED, cwd=ROOT, text=True).split("\0")
    if name
]
ANCHORS = {file: markdown_anchors(file) for file in FILES}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(file: Path) -> None:
    assert faults(markdown_links(file), ANCHORS) == []


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("[a](other.md)", ""),
        ("[a](other.md#一二) ![p](p.png)", "p.png"),
        ("[a](other.md#二)", "other.md#二"),
        ("[a](#here)", "#here"),
        ("[a](#h-1)", ""),
        ("[a](missing.md)", "missing.md"),
        ("[a](http:/x)", "http:/x"),
        ("[a](https://example.org/#x)", ""),
        ("`[a](missing.md)`", ""),
    ],
)
def test_what_leads_nowhere_is_found(text: str, wrong: str, tmp_path: Path) -> None:
    (tmp_path / "other.md").write_text("# 一、二\n", "utf-8")
    file = tmp_path / "a.md"
    file.write_text(f"# H\n# H\n{text}\n", "utf-8")
    anchors = {path: markdown_anchors(path) for path in tmp_path.iterdir()}
    found = faults(markdown_links(file), anchors)
    assert found == ([f"{file}: {wrong}"] if wrong else [])
