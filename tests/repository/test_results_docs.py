"""docs/results.md keeps to the program."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from reportgen.compute import compute
from reportgen.exports.results_json import SCHEMA
from reportgen.model.target_value import read_goal
from reportgen.problems.catalogue.result_problems import ENTRIES
from tests.factories.samples import scorecard, teachers_center

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


def test_the_engineers_example_is_true() -> None:
    result = compute(scorecard(teachers_center))[0].of("F1.1")
    assert result is not None
    year = result.of(105)
    assert year is not None
    assert year.target is not None
    assert year.rate is not None
    told = (year.actual.text, year.target.shown, year.rate.text, year.verdict)
    assert told == ("98.11%", "≥90%", "109.01%", "達成")
    assert all(f'"{each}"' in PAGE for each in told)
    assert f"`{SCHEMA}`" in PAGE
