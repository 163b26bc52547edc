"""docs/formula.md: its examples give what it says, and it names every code and limit.

The examples of docs/zh/formula.md, too.
"""

from __future__ import annotations

import re

import pytest

from reportgen.formula import Vocabulary, parse_formula
from reportgen.formula.evaluator import MAX_BITS
from reportgen.formula.parse_errors import MAX_DEPTH, MAX_DIGITS, MAX_FORMULA_CHARS, MAX_OPERATORS
from reportgen.problems import CATALOGUE
from reportgen.problems.catalogue.formula_problems import ENTRIES
from tests.factories.formula_table import told
from tests.readers.page_tables import DOCS, tables

PAGE = (DOCS / "formula.md").read_text("utf-8")
EXAMPLES = tables(PAGE, "formula", "KPI?", "figures", "計算明細")
CHINESE_PAGE = (DOCS / "zh/formula.md").read_text("utf-8")
CHINESE_EXAMPLES = tables(CHINESE_PAGE, "例", "年度資料", "印出的數字")
REFUSALS = tables(PAGE, "refused", "code", "write instead", "figures", "計算明細")


@pytest.mark.parametrize(("text", "kpi", "table", "printed"), EXAMPLES)
def test_example(text: str, kpi: str, table: str, printed: str) -> None:
    assert told(text, table, kpi).calculation == printed


@pytest.mark.parametrize(("refused", "code", "instead", "table", "printed"), REFUSALS)
def test_refusal(refused: str, code: str, instead: str, table: str, printed: str) -> None:
    assert code in told(refused, table).codes
    remedied = told(instead, table)
    assert remedied.calculation == printed
    assert not any(each.startswith("W") for each in remedied.codes)


@pytest.mark.parametrize(("text", "table", "printed"), CHINESE_EXAMPLES)
def test_example_of_the_chinese_page(text: str, table: str, printed: str) -> None:
    assert told(text, table).figure == printed


def test_codes_of_the_chinese_page_are_of_formulas() -> None:
    assert set(re.findall(r"\b[EWN]\d{3}\b", CHINESE_PAGE)) <= ENTRIES.keys()


def test_the_page_has_its_examples() -> None:
    assert len(EXAMPLES) >= 90
    assert len(REFUSALS) >= 10
    assert len(CHINESE_EXAMPLES) >= 8


def test_every_code_is_documented() -> None:
    listed = set(re.findall(r"\b[EWN]\d{3}\b", PAGE))
    assert listed >= ENTRIES.keys()
    assert listed <= CATALOGUE.keys()


def test_stages_of_a_milestone_are_read() -> None:
    text = "完成工作項目（規劃30%、設計60%、完工100%）"
    assert text in PAGE
    formula, _ = parse_formula(text, vocabulary=Vocabulary.of([("完成工作項目", "")]))
    assert formula is not None
    assert [stage.name for stage in formula.stages] == ["規劃", "設計", "完工"]


@pytest.mark.parametrize(
    "limit", [MAX_FORMULA_CHARS, MAX_OPERATORS, MAX_DEPTH, MAX_DIGITS, MAX_BITS]
)
def test_every_limit_is_documented(limit: int) -> None:
    (sentence,) = re.findall(r"^Limits: .*$", PAGE, re.MULTILINE)
    assert f"{limit:,} " in sentence
