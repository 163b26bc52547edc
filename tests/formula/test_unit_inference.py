"""Units of the cells of one item."""

from __future__ import annotations

from tests.factories.formula_table import told


def test_components_in_units_of_two_kinds_are_doubted() -> None:
    found = told("Σ件數", "件數/甲類 3 人; 件數/乙類 5 件")
    assert found.calculation == "3+5 = 8"
    (problem,) = found.problems
    fields = dict(problem.fields)
    assert (problem.code, fields["found"], fields["stated"]) == ("W202", "人", "件")


def test_those_of_one_kind_are_converted() -> None:
    found = told("Σ件數", "件數/甲類 3 元; 件數/乙類 5 千元")
    assert (found.calculation, found.codes) == ("3+5×1,000 = 5,003", set())
