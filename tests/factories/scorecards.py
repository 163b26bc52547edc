"""Small scorecards for tests, written as the rows of their workbooks.

``read(關鍵績效指標=[kpi("甲（單位：件）")], 年度資料=[figure("甲", [1, 2, 3])])`` has one KPI with
three years.
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from reportgen.workbook import read_bytes
from reportgen.workbook.writing import workbook_writer
from reportgen.workbook.writing.workbook_writer import write_rows
from tests.factories.samples import teachers_center

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reportgen.model.scorecard import Scorecard
    from reportgen.workbook.writing.scorecard_rows import Content, Row

YEARS = (103, 104, 105)


def rows(**sheets: Sequence[Row]) -> dict[str, Sequence[Row]]:
    """The first sample with one theme, perspective, goal, and whatever ``sheets`` say."""
    return {
        "基本資料": teachers_center.rows()["基本資料"],
        "構面": [
            {
                "代碼": "C",
                "策略地圖名稱": "顧客",
                "計分卡名稱": "顧客構面",
                "策略地圖順序": 1,
                "計分卡順序": 1,
            }
        ],
        "策略主題": [{"代碼": "A", "名稱": "主題"}],
        "策略目標": [{"代碼": "AC1", "構面": "C", "主題": "A", "名稱": "目標"}],
        **sheets,
    }


def kpi(formula: str, code: str = "AC1.1", **others: Content) -> Row:
    """A row of 關鍵績效指標."""
    row: dict[str | int, Content] = {"代碼": code, "策略目標": "AC1", "名稱": code}
    row |= {"計算公式及計量單位": formula}
    row.update(others.items())
    return row


def figure(item: str, values: Sequence[Content], unit: str = "件", component: str = "") -> Row:
    """A row of 年度資料; the last value is of 105, the data year."""
    years = YEARS[-len(values) :]
    return {
        "資料項": item,
        "組成": component,
        "單位": unit,
        **dict(zip(years, values, strict=True)),
    }


def goal(target: Content, code: str = "AC1.1", year: int = 105) -> Row:
    """A row of 目標值."""
    return {"KPI代碼": code, year: target}


def read(**sheets: Sequence[Row]) -> Scorecard:
    """The scorecard of :func:`rows`, by way of a workbook that has its cells and nothing else."""
    target = BytesIO()
    with patch.multiple(workbook_writer, **_FURNITURE):
        write_rows(rows(**sheets), target, modified=teachers_center.REVISED, years=YEARS)
    found, problems = read_bytes(target.getvalue())
    assert found is not None, problems
    return found


def _nothing(*given: object) -> dict[str, str]:
    return {}


# What is written for people takes two thirds of the time.
_FURNITURE: dict[str, Any] = dict.fromkeys(
    (
        *("write_instructions", "write_calculation_sheet", "write_dropdown_lists"),
        *("add_validations_and_formats", "defined_names", "_set_up_sheet"),
    ),
    _nothing,
)
