"""docs/使用說明.md: its examples give what it says, and its targets and codes are there."""

from __future__ import annotations

import re

import pytest

from reportgen.model.target_value import read_goal
from reportgen.problems import CATALOGUE
from tests.factories.formula_table import told
from tests.readers.page_tables import DOCS, tables

PAGE = (DOCS / "使用說明.md").read_text("utf-8")
EXAMPLES = tables(PAGE, "例", "年度資料", "印出的數字")
REFUSALS = tables(PAGE, "這樣寫不能算", "代碼", "改成這樣", "年度資料", "印出的數字")
_WRITTEN = tables(PAGE, "要表達", "可以填")
GOALS = [goal for _, cell in _WRITTEN for goal in re.findall("`(.+?)`", cell)]


@pytest.mark.parametrize(("text", "table", "printed"), EXAMPLES)
def test_example(text: str, table: str, printed: str) -> None:
    assert told(text, table).figure == printed


@pytest.mark.parametrize(("refused", "code", "instead", "table", "printed"), REFUSALS)
def test_refusal(refused: str, code: str, instead: str, table: str, printed: str) -> None:
    (written,) = re.findall("`([^`]+)`", refused)
    refusal = told(written, table)
    assert refusal.figure == ""
    assert code in refusal.codes
    assert told(instead, table).figure == printed


def test_the_page_has_its_examples() -> None:
    assert len(EXAMPLES) >= 25
    assert len(REFUSALS) >= 10
    assert len(GOALS) >= 25


@pytest.mark.parametrize("goal", GOALS)
def test_targets_of_the_page_are_targets(goal: str) -> None:
    assert read_goal(goal) is not None


@pytest.mark.parametrize("goal", ["不低於80%以下", "90~80"])
def test_targets_that_the_page_refuses_are_none(goal: str) -> None:
    assert f"`{goal}`" in PAGE
    assert read_goal(goal) is None


def test_every_code_is_in_the_catalogue() -> None:
    codes = set(re.findall(r"\b[EWN]\d{3}\b", PAGE))
    assert codes
    assert codes <= CATALOGUE.keys()
    assert len(tables(PAGE, "代碼", "意思", "怎麼做")) == 10
