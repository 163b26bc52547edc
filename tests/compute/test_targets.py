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
