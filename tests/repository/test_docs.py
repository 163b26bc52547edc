"""What docs/ says is so."""

from __future__ import annotations

import re

import pytest

from tests.conftest import ROOT
from tests.generated_docs import contents

GENERATED = contents()


@pytest.mark.parametrize("path", GENERATED, ids=lambda path: path.name)
def test_generated_parts_are_up_to_date(path) -> None:  # type: ignore[no-untyped-def]
    assert path.read_text("utf-8") == GENERATED[path], "run: python -m tests.generated_docs"


@pytest.mark.parametrize("name", ["README.md", "docs/templates.md", "docs/使用說明.md"])
def test_links_lead_somewhere(name: str) -> None:
    path = ROOT / name
    for target in re.findall(r"\]\(([^)#]+)\)", path.read_text("utf-8")):
        assert (path.parent / target).exists(), target
