"""Names of perspectives that end unlike the others."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from reportgen.compute import compute, plausibility_problems
from tests.factories.scorecards import figure, kpi, read

if TYPE_CHECKING:
    from reportgen.workbook.writing.scorecard_rows import Row


@pytest.mark.parametrize(
    ("names", "cells"),
    [
        ([], []),
        (["顧客構面"], []),
        (["顧客構面", "財務構面", "學習面"], ["C7"]),
        (["顧客構面", "學習面", "財務構面"], ["C6"]),
        (["顧客構面", "學習面"], []),  # not more than half
    ],
)
def test_endings(names: list[str], cells: list[str]) -> None:
    shown = names or ["顧客"]
    rows: list[Row] = []
    for number, (code, name) in enumerate(zip("CDE", shown, strict=False), 1):
        row: Row = {"代碼": code, "策略地圖名稱": name, "計分卡名稱": name}
        rows.append({**row, "策略地圖順序": number, "計分卡順序": number})
    card = read(構面=rows, 關鍵績效指標=[kpi("甲（單位：件）")], 年度資料=[figure("甲", [6])])
    if not names:
        card = replace(card, perspectives=())
    found = plausibility_problems(compute(card)[0])
    assert [(problem.code, problem.where.cell) for problem in found] == [
        ("N222", cell) for cell in cells
    ]
