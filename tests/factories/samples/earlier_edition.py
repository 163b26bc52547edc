"""臺北市教師研習中心 half a year before the printed document: invented, to be compared with it.

Everything that differs from 105-12-25 is made up, as is the reason that its 修表紀錄 gives.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.model.scorecard import RocDate
from tests.factories.samples import teachers_center

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reportgen.workbook.writing.scorecard_rows import Row, Rows

REVISED = RocDate(105, 6, 30)
YEARS = teachers_center.YEARS

_BASICS: dict[str, str | RocDate] = {
    "封面日期": RocDate(105, 7, 15),
    "修表日期": REVISED,
    "使命": "建立教育研習支持系統，\n引領教師專業成長，傳承教育實踐智慧。",
    "願景": "標竿研習.創新研究",
}
_OBJECTIVES = {"BC1": "擴大教育專家的參與", "L1": "增進同仁專業成長"}
_KPIS: dict[str, Row] = {
    "BC1.1": {
        "名稱": "每年增加合作或諮詢關係之專家學者人次",
        "計算公式及計量單位": "每年增加合作或諮詢關係之專家學者人次(單位：人次)",
    },
    "F1.2": {
        "計算公式及計量單位": "(預算實支數+賸餘數)/預算數×100%"
        "\n(以上各數均含本年度原預算、併決算及以前年度保留數)\n(單位: %)",
    },
    "BP1.1": {"權重": 2},
}
_RECODED = {"BP3": "BP2", "BP3.1": "BP2.1"}  # BP2 came in between
_NEW = {"BP2", "BP2.1"}
_NAMES = {"每年新建立合作或諮詢關係之專家學者資料庫人數": "每年增加合作或諮詢關係之專家學者人次"}
_ITEM_OF_NEW = "當年度辦理國際講座、研討會或國際交流次數"
_CONSULTED = "當年度教師諮詢輔導人次"


def rows() -> Rows:
    """The workbook's rows."""
    later = teachers_center.rows()
    return {
        **later,
        "基本資料": [
            {**row, "內容": _BASICS.get(str(row["項目"]), row["內容"])} for row in later["基本資料"]
        ],
        "構面": [_perspective(row) for row in later["構面"]],
        "策略目標": [
            {**row, "名稱": _OBJECTIVES.get(str(row["代碼"]), row["名稱"])}
            for row in _recoded(later["策略目標"], "代碼")
        ],
        "關鍵績效指標": list(_kpis(later["關鍵績效指標"])),
        "年度資料": list(_figures(later["年度資料"])),
        "目標值": [_target(row) for row in _recoded(later["目標值"], "KPI代碼")],
        "勾稽規則": later["勾稽規則"][:2],
        "修表紀錄": [
            {
                "日期": REVISED,
                "項目": "AP2.1",
                "修正說明": "範例：配合年度重點工作，新增諮詢輔導指標。",
            }
        ],
    }


def _perspective(row: Row) -> Row:
    if row["代碼"] == "F":
        return {**row, "計分卡名稱": "財務構面", "計分卡順序": 3}
    return {**row, "計分卡順序": 4} if row["代碼"] == "L" else row


def _recoded(rows: Sequence[Row], column: str) -> Iterator[Row]:
    for row in rows:
        if row[column] not in _NEW:
            yield {**row, column: _RECODED.get(str(row[column]), row[column])}


def _kpis(rows: Sequence[Row]) -> Iterator[Row]:
    for row in _recoded(rows, "代碼"):
        objective = str(row["策略目標"])
        changed = {**row, "策略目標": _RECODED.get(objective, objective)}
        if row["代碼"] == "AP3.1":
            yield {
                "代碼": "AP2.1",
                "策略目標": "AP2",
                "名稱": "教師諮詢輔導人次",
                "計算公式及計量單位": f"{_CONSULTED}(單位：人次)",
                "方向": "越高越好",
            }
        yield {**changed, **_KPIS.get(str(row["代碼"]), {})}


def _figures(rows: Sequence[Row]) -> Iterator[Row]:
    for row in rows:
        item = str(row["資料項"])
        if item == _ITEM_OF_NEW:
            yield {"資料項": _CONSULTED, "單位": "人次", 103: 210, 104: 236, 105: 240}
        elif item in _NAMES:
            yield {**row, "資料項": _NAMES[item], "單位": "人次"}
        elif item == "當年度教師研究成果上傳中心公開網站平臺件數":
            yield {**row, 104: 60, 105: 66}
        else:
            yield row


def _target(row: Row) -> Row:
    return {**row, 105: "≥42%"} if row["KPI代碼"] == "BP2.1" else row
