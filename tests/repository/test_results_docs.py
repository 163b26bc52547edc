"""docs/results.md keeps to the program."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from reportgen.model.target_value import read_goal
from reportgen.problems.catalogue.result_problems import ENTRIES

PAGE = (Path(__file__).parents[2] / "docs/results.md").read_text("utf-8")
(WRITTEN,) = re.findall(r"^\| written \| means \|\n(?:.*\n)((?:\|.*\n)+)", PAGE, re.MULTILINE)
TARGETS = re.findall("`([^`]+)`", WRITTEN)


def test_every_code_is_documented() -> None:
    codes = set(re.findall(r"\b[EWN]\d{3}\b", PAGE))
    assert codes == ENTRIES.keys()


@pytest.mark.parametrize("target", TARGETS)
def test_targets_of_the_page_are_targets(target: str) -> None:
    assert len(TARGETS) > 10
    assert read_goal(target) is not None
