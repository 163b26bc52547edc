"""KPIs that agencies of every kind have, with one unit and direction, so that they compare."""

# ruff: noqa: E501 - tables of one KPI a line
from __future__ import annotations

from typing import Final

from tests.factories.agencies.patterns import (
    BUDGETS,
    CUSTOMER,
    FINANCE,
    GROWTH,
    PROCESS,
    SOCIETY,
    Item,
    Pattern,
    growth,
    mean,
    rank,
    saved,
    share,
    tally,
)


def _budget(
    name: str, kind: str, spent: tuple[int, int], *, parts: tuple[str, ...] = ()
) -> Pattern:
    """What is spent, or bound to be, of a budget in 元."""
    items = (
        Item(name=f"{kind}預算數", unit="元", low=8_000_000, high=900_000_000, components=parts),
        Item(
            name=f"{kind}實支數",
            unit="元",
            low=spent[0],
            high=spent[1],
            tie="share",
            components=parts,
        ),
        Item(name=f"{kind}應付未付數", unit="元", low=5, high=25, tie="share", components=parts),
    )
    return Pattern(
        name=name, formula="({1}+{2})/{0}×100%", unit="%", items=items, side=FINANCE, is_common=True
    )


# The ones a ranking is made of; nearly every agency has them.
RANKED: Final = (
    share(
        "公文依限辦結率",
        "依限辦結公文件數",
        "應辦結公文件數",
        "件",
        (1_800, 60_000),
        (948, 999),
        PROCESS,
    ).common(),
    mean(
        "員工平均教育訓練時數",
        ("員工教育訓練總時數", "小時"),
        ("員工人數", "人"),
        "小時/人",
        (18, 420),
        (2_000, 6_200),
        GROWTH,
    ).common(),
    _budget("預算執行率", "", (900, 972)),
    share(
        "民眾滿意度", "表示滿意之民眾人數", "受訪民眾人數", "人", (400, 2_200), (780, 965), CUSTOMER
    ).common(),
)
OF_BUDGET_PARTS: Final = _budget("預算執行率", "", (900, 972), parts=BUDGETS)

COMMON: Final = (
    share("陳情案件依限回覆率", "依限回覆陳情案件數", "受理陳情案件數", "件", (60, 9_000), (930, 999), CUSTOMER),
    mean("1999派工案件平均處理時數", ("1999派工案件處理總時數", "小時"), ("1999派工案件數", "件"), "小時/件",
         (40, 6_000), (300, 4_800), CUSTOMER, lower=True),
    tally("志工服務時數", "小時", 600, 42_000, CUSTOMER),
    share("服務禮貌電話測試達90分以上比率", "測試達90分以上通數", "電話測試通數", "通", (24, 120), (700, 990), CUSTOMER),
    share("網站無障礙檢測通過率", "通過檢測網頁數", "受檢網頁數", "頁", (40, 600), (900, 1_000), CUSTOMER, threshold=95),
    tally("社群媒體貼文觸及人次", "人次", 8_000, 900_000, CUSTOMER),
    share("線上申辦比率", "線上申辦件數", "總申辦件數", "件", (300, 90_000), (380, 860), PROCESS),
    tally("開放資料集數", "項", 6, 140, PROCESS),
    share("採購案依預定期程決標比率", "依預定期程決標案數", "年度採購案數", "案", (9, 160), (800, 1_000), PROCESS),
    tally("流程簡化項目數", "項", 1, 14, PROCESS),
    share("內部控制缺失改善率", "已改善缺失項數", "查核發現缺失項數", "項", (4, 36), (700, 1_000), PROCESS),
    share("社交工程演練郵件點閱率", "點閱演練郵件人數", "受測人數", "人", (30, 600), (8, 70), PROCESS, lower=True),
    rank("年度施政績效評核名次", 24, PROCESS),
    _budget("資本門預算執行率", "資本門", (780, 968)),
    _budget("業務費預算執行率", "業務費", (820, 972)),
    saved("用電節約率", "用電度數", "度", 60_000, 4_000_000, FINANCE),
    saved("用水節約率", "用水度數", "度", 900, 80_000, FINANCE),
    growth("規費及場地收入成長率", "規費及場地收入", "千元", 120, 30_000, FINANCE),
    tally("場地租借收入", "千元", 40, 12_000, FINANCE),
    tally("爭取中央補助款金額", "千元", 300, 90_000, FINANCE),
    share("應收款項清理率", "已清理應收款項", "應收款項總額", "元", (60_000, 40_000_000), (600, 985), FINANCE),
    mean("每名員工平均行政業務經費", ("行政業務經費", "元"), ("員工人數", "人"), "千元/人", (18, 420),
         (1_800, 9_800), FINANCE, lower=True, scale=1_000),
    share("採購標餘款節省比率", "採購標餘款", "採購預算總額", "千元", (900, 240_000), (20, 140), FINANCE),
    tally("員工創新提案件數", "件", 2, 40, GROWTH),
    tally("同仁取得專業證照張數", "張", 3, 90, GROWTH),
    share("員工滿意度", "表示滿意之員工人數", "受訪員工人數", "人", (18, 400), (700, 960), GROWTH),
    share("數位學習時數達標比率", "學習時數達標人數", "應完成學習人數", "人", (18, 400), (880, 1_000), GROWTH),
    share("性別主流化訓練參訓率", "完成性別主流化訓練人數", "應參訓人數", "人", (18, 420), (900, 1_000), GROWTH),
    tally("標竿學習及觀摩次數", "次", 1, 14, GROWTH),
    tally("內部講師授課時數", "小時", 12, 320, GROWTH),
    share("新進人員留任率", "任職滿一年新進人員數", "新進人員數", "人", (6, 60), (700, 980), GROWTH),
    share("資訊安全訓練完訓率", "完成資訊安全訓練人數", "應完成資訊安全訓練人數", "人", (18, 420), (920, 1_000), GROWTH,
          threshold=95),
    share("身心障礙人員進用比率", "進用身心障礙人員數", "員工人數", "人", (34, 600), (30, 68), SOCIETY),
    tally("參與公益活動同仁人次", "人次", 12, 800, SOCIETY),
    share("環保標章產品採購比率", "環保標章產品採購金額", "指定項目採購金額", "千元", (200, 60_000), (900, 999), SOCIETY),
    tally("性別平等宣導場次", "場次", 2, 36, SOCIETY),
)  # fmt: skip
