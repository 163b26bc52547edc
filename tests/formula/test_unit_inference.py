"""Units of the cells of one item."""

from __future__ import annotations

import pytest

from reportgen.formula import evaluate, parse_formula
from tests.factories.formula_table import told, vocabulary, year


def test_components_in_units_of_two_kinds_are_doubted() -> None:
    found = told("Σ件數", "件數/甲類 3 人; 件數/乙類 5 件")
    assert found.calculation == "3+5 = 8"
    (problem,) = found.problems
    fields = dict(problem.fields)
    assert (problem.code, fields["found"], fields["stated"]) == ("W202", "人", "件")


def test_those_of_one_kind_are_converted() -> None:
    found = told("Σ件數", "件數/甲類 3 元; 件數/乙類 5 千元")
    assert (found.calculation, found.codes) == ("3+5×1,000 = 5,003", set())


@pytest.mark.parametrize(
    ("text", "table", "codes"),
    [
        # of counts, a share is the same whatever they count
        ("甲÷乙（單位：%）", "甲 3; 乙 4 人", set()),
        ("甲÷乙（單位：%）", "甲 3; 乙 4 千人", {"W203"}),
        ("甲（單位：%）", "甲 3", {"W203"}),
        ("甲÷4（單位：%）", "甲 3", {"W203"}),
        ("甲÷乙", "甲 3; 乙 4 人", set()),
        ("甲÷乙", "甲 3; 乙 4 千人", {"W203"}),
        ("甲+乙（單位：人）", "甲 3; 乙 4 人", set()),
        ("甲+乙（單位：千人）", "甲 3; 乙 4 人", {"W203"}),
    ],
)
def test_a_unit_that_is_not_stated_is_doubted_where_it_matters(
    text: str, table: str, codes: set[str]
) -> None:
    assert told(text, table).codes - {"W215"} == codes


def test_evidence_says_of_which_year_its_cells_are() -> None:
    table = "甲 6 件 去年 5; 乙 3 件"
    formula, _ = parse_formula("甲-上年度甲+乙", vocabulary=vocabulary(table))
    assert formula is not None
    evidence = evaluate(formula, year(table)).evidence
    assert [(each.name, each.offset) for each in evidence] == [
        *(("甲", 0), ("上年度甲", -1)),
        ("乙", 0),
    ]
