"""Targets that cannot be used."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reportgen.compute import compute
from tests.factories.scorecards import figure, goal, kpi, read


@pytest.mark.parametrize(
    ("text", "verdict"), [("5", "達成"), ("7", "未達成"), ("約五件", ""), ("", "")]
)
def test_a_target_that_cannot_be_read_is_none(text: str, verdict: str) -> None:
    """The workbook's reader refuses it; a scorecard from elsewhere may have it."""
    card = read(
        關鍵績效指標=[kpi("甲（單位：件）")], 年度資料=[figure("甲", [6])], 目標值=[goal("5")]
    )
    (target,) = card.targets
    changed = replace(target, goal=replace(target.goal, text=text))
    results, problems = compute(replace(card, targets=(changed,)))
    year = results.kpis[0].of(105)
    assert year is not None
    assert (year.verdict, year.target is not None, problems) == (verdict, bool(verdict), ())


def test_a_threshold_is_a_target_without_a_basis() -> None:
    card = read(關鍵績效指標=[kpi("甲≥5（單位：件）")], 年度資料=[figure("甲", [6])])
    year = compute(card)[0].kpis[0].of(105)
    assert year is not None
    assert year.target is not None
    assert (year.target.shown, year.target.per) == ("≥5", 1)
    assert year.target.declared_at.text == "甲≥5（單位：件）"
    assert (year.target.basis.text, year.target.basis.at) == ("", card.kpis[0].formula.at)


def test_a_formula_that_cannot_be_read_has_no_unit() -> None:
    card = read(關鍵績效指標=[kpi("甲≥（單位：達成與否）")], 年度資料=[figure("甲", [6])])
    found = compute(card)[0].kpis[0]
    assert (found.formula, found.unit, found.years) == (None, "", ())
