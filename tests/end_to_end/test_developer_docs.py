"""Every path that the documents for developers name exists."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

DOCUMENTS = ("CONTRIBUTING.md", "SECURITY.md", "docs/dev/architecture.md", "docs/dev/processes.md")
PATH = re.compile(r"`([\w.-]+(?:/[\w.-]*)*(?:/|\.(?:py|md|html|json|toml)))`")


def paths(document: Path) -> set[str]:
    return {path for path in PATH.findall(document.read_text("utf-8")) if "<" not in path}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_paths_of_the_developers_documents_exist(name: str) -> None:
    document = ROOT / name
    found = paths(document)
    assert found
    tracked = [*(ROOT / "reportgen").rglob("*"), *(ROOT / "templates").rglob("*")]
    known = {f"/{path.relative_to(ROOT).as_posix()}/" for path in tracked}
    missing = [
        path
        for path in found
        if not (ROOT / path).exists()
        and not any(place.endswith(f"/{path.strip('/')}/") for place in known)
    ]
    assert not missing
