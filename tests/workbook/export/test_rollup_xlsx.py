"""The cells of ``彙整.xlsx``; that they are those of results.json is tested with the pipeline."""

from __future__ import annotations

from io import BytesIO

import openpyxl

from reportgen.compute import compute
from reportgen.rollup import Submission, roll_up
from reportgen.workbook.export.rollup_xlsx import write_rollup
from tests.factories.scorecards import figure, kpi, read


def test_a_threshold_without_a_figure_keeps_its_relation() -> None:
    card = read(
        關鍵績效指標=[kpi("甲 ≤ 乙/丙")],
        年度資料=[figure("甲", [1]), figure("乙", [2]), figure("丙", [0])],
    )
    results, problems = compute(card)
    rolled, _ = roll_up([Submission(workbook="甲.xlsx", results=results, problems=problems)])
    target = BytesIO()
    write_rollup(rolled, target)
    headings, *rows = openpyxl.load_workbook(target)["KPI明細"].iter_rows(values_only=True)
    cells = dict(zip(headings, rows[-1], strict=True))
    assert (cells["年度"], cells["目標值"], cells["目標數值"]) == (105, "≤--", None)
