"""docs/formula.md: its examples give what it says, and it names every code and limit."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from reportgen.formula import evaluate, parse, substitution
from reportgen.formula.evaluate import MAX_BITS
from reportgen.formula.fault import MAX_DEPTH, MAX_DIGITS, MAX_LENGTH, MAX_OPERATORS
from reportgen.problems.of_formula import ENTRIES
from tests.formula_table import year

PAGE = (Path(__file__).parents[1] / "docs/formula.md").read_text("utf-8")
EXAMPLES = re.findall(r"^\| `(.+?)` \| (.+? .+?) \| (.+?) \|$", PAGE, re.MULTILINE)


@pytest.mark.parametrize(("text", "table", "printed"), EXAMPLES)
def test_example(text: str, table: str, printed: str) -> None:
    formula, _ = parse(text)
    assert formula is not None
    assert substitution(evaluate(formula, year(table))) == printed


def test_the_page_has_its_examples() -> None:
    assert len(EXAMPLES) >= 20


def test_every_code_is_documented() -> None:
    listed = set(re.findall(r"\b[EWN]2\d\d\b", PAGE))
    assert listed == ENTRIES.keys()


@pytest.mark.parametrize("limit", [MAX_LENGTH, MAX_OPERATORS, MAX_DEPTH, MAX_DIGITS, MAX_BITS])
def test_every_limit_is_documented(limit: int) -> None:
    (sentence,) = re.findall(r"^Limits: .*$", PAGE, re.MULTILINE)
    assert f"{limit:,} " in sentence
