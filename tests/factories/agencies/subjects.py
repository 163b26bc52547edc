"""What agencies look after, and the objectives and KPIs that come with each kind of it."""

# ruff: noqa: E501 - tables of one KPI a line
from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final, Literal

from tests.factories.agencies.patterns import (
    CUSTOMER,
    FINANCE,
    GROWTH,
    NORTH,
    PROCESS,
    QUARTERS,
    SOCIETY,
    growth,
    mean,
    milestone,
    per_residents,
    share,
    summed,
    tally,
    weighted,
)

if TYPE_CHECKING:
    from tests.factories.agencies.patterns import Pattern, Side

Kind = Literal["activity", "case", "facility", "people", "project"]


@dataclass(frozen=True, slots=True)
class Subject:
    """For example 親職教育講座, an activity for 家長, or 路燈, a facility counted in 盞."""

    name: str
    kind: Kind
    word: str = ""  # whom it is for, or what it is counted in


# Kind and side: what an objective about it may be called.
OBJECTIVES: Final[dict[tuple[Kind, Side], tuple[str, ...]]] = {
    ("activity", "C"): (
        "擴大{s}參與",
        "提升{s}品質",
        "普及{s}，嘉惠{w}",
        "增進{w}對{s}之參與及滿意",
    ),
    ("activity", "P"): ("精進{s}規劃與執行", "深化{s}跨域合作", "推動{s}數位轉型"),
    ("activity", "S"): ("保障弱勢{w}參與{s}之機會", "推廣{s}，促進社會共融"),
    ("case", "C"): ("提升{s}服務品質", "提供便捷之{s}服務", "強化{s}便民服務並縮短民眾等候時間"),
    ("case", "P"): ("落實{s}管理", "縮短{s}處理時程", "健全{s}作業流程及內部控制", "強化{s}效能"),
    ("case", "S"): ("維護{s}之公平與透明", "以{s}保障市民權益"),
    ("facility", "C"): ("提供優質{s}", "營造友善安全之{s}環境", "擴充{s}服務量能"),
    ("facility", "P"): (
        "健全{s}維護管理",
        "推動{s}更新改善",
        "以智慧科技精進{s}巡檢、維護及災害應變",
    ),
    ("facility", "S"): ("打造無障礙且節能之{s}", "落實{s}環境永續"),
    ("people", "C"): ("落實{s}照顧", "擴大{s}服務涵蓋", "提升{s}服務品質與可近性"),
    ("people", "P"): (
        "健全{s}服務輸送網絡",
        "強化{s}個案管理",
        "整合公私部門資源，建構{s}支持體系",
    ),
    ("people", "S"): ("促進{s}社會參與", "維護{s}權益"),
    ("project", "C"): ("推動{s}，回應市民需求", "加速{s}成果落實"),
    ("project", "P"): ("如期如質完成{s}", "加強{s}進度及品質管控"),
    ("project", "S"): ("以{s}實現永續城市", "結合社區參與推動{s}"),
}
FOR_ALL: Final[dict[Side, tuple[str, ...]]] = {
    "F": (
        "提升預算執行效能", "強化財務管理", "撙節支出", "活化資產，開拓自有財源", "合理配置經費",
        "加強採購效能", "爭取中央補助及民間資源挹注", "落實節能減碳以降低行政成本",
    ),
    "L": (
        "增進同仁專業知能", "營造學習型組織", "強化數位及資訊安全能力", "激勵創新提案", "照護同仁身心健康",
        "傳承核心業務經驗", "培育跨域人才", "凝聚組織向心力，提升服務熱忱與士氣",
    ),
    "C": ("提升民眾滿意度", "提供便捷服務", "強化市民溝通與參與"),
    "P": ("簡化行政流程", "落實內部控制", "推動智慧政府及開放資料", "提升行政效率"),
    "S": ("落實社會責任", "促進性別平等與社會共融", "實踐永續發展目標"),
}  # fmt: skip


_PLACES: Final = frozenset("處座間所站館房棟席隊")  # what people go to


def patterns_of(subject: Subject) -> tuple[Pattern, ...]:
    """The KPIs that it may be measured by."""
    return _patterns(subject.kind, subject.name, subject.word)


@cache
def _patterns(kind: Kind, s: str, w: str) -> tuple[Pattern, ...]:
    of_kind = {
        "activity": _activity,
        "case": _case,
        "facility": _facility,
        "people": _people,
        "project": _project,
    }
    return of_kind[kind](s, w)


def _activity(s: str, w: str) -> tuple[Pattern, ...]:
    return (
        tally(f"{s}參與人次", "人次", 180, 9_000, CUSTOMER),
        share(f"{s}滿意度", f"{s}滿意人數", f"{s}問卷填答人數", "人", (80, 1_500), (830, 985), CUSTOMER),
        tally(f"{w}參與{s}之新增人數", "人", 20, 800, CUSTOMER),
        tally(f"辦理{s}場次", "場次", 3, 90, PROCESS),
        share(f"{s}線上報名比率", f"{s}線上報名人數", f"{s}報名總人數", "人", (90, 4_000), (520, 960), PROCESS),
        mean(f"每場{s}平均參與人次", (f"{s}年度參與總人次", "人次"), (f"{s}年度場次", "場次"), "人次/場次",
             (4, 80), (1_800, 12_000), PROCESS),
        growth(f"{s}報名人數成長率", f"{s}報名人數", "人", 120, 5_000, PROCESS),
        share(f"弱勢{w}參與{s}比率", f"弱勢{w}參與{s}人數", f"{w}參與{s}人數", "人", (100, 3_000), (60, 280), SOCIETY),
        per_residents(f"每萬人參與{s}人次", f"參與{s}總人次", "人次", 300, 60_000, SOCIETY),
        tally(f"{s}講師及志工培訓人數", "人", 5, 120, GROWTH),
        tally(f"{s}民間贊助金額", "千元", 20, 2_400, FINANCE),
        summed(f"{s}各季參與人次", "人次", 60, 2_400, QUARTERS, CUSTOMER),
    )  # fmt: skip


def _case(s: str, w: str) -> tuple[Pattern, ...]:
    unit = w or "件"
    return (
        share(f"{s}申請人滿意度", f"{s}滿意之申請人數", f"{s}受訪申請人數", "人", (100, 1_600), (800, 980), CUSTOMER),
        mean(f"{s}平均等候時間", (f"{s}等候總分鐘數", "分"), (f"{s}臨櫃案數", unit), f"分/{unit}",
             (200, 30_000), (220, 1_900), CUSTOMER, lower=True),
        share(f"{s}依限辦結率", f"{s}依限辦結{unit}數", f"{s}辦結{unit}數", unit, (60, 20_000), (925, 999), PROCESS),
        mean(f"{s}平均處理日數", (f"{s}處理總日數", "日"), (f"{s}完成{unit}數", unit), f"日/{unit}", (40, 6_000),
             (150, 2_600), PROCESS, lower=True),
        tally(f"{s}辦理數量", unit, 40, 12_000, PROCESS),
        share(f"{s}線上申辦比率", f"{s}線上申辦{unit}數", f"{s}受理{unit}數", unit, (90, 20_000), (280, 880), PROCESS),
        share(f"{s}逾期比率", f"{s}逾期{unit}數", f"{s}應辦{unit}數", unit, (90, 9_000), (2, 45), PROCESS, lower=True),
        share(f"{s}抽查合格率", f"{s}抽查合格{unit}數", f"{s}抽查{unit}數", unit, (30, 900), (880, 1_000), PROCESS,
              threshold=90),
        tally(f"{s}承辦人員實務研習人次", "人次", 8, 260, GROWTH),
        mean(f"平均每{unit}{s}行政成本", (f"{s}行政經費", "元"), (f"{s}年度{unit}數", unit), f"元/{unit}",
             (90, 9_000), (8_000, 120_000), FINANCE, lower=True),
    )  # fmt: skip


def _facility(s: str, w: str) -> tuple[Pattern, ...]:
    unit = w or "處"
    place = (
        tally(f"{s}服務人次", "人次", 900, 260_000, CUSTOMER),
        share(
            f"{s}無障礙設置比率",
            f"已設無障礙之{s}數",
            f"列管{s}數",
            unit,
            (24, 900),
            (720, 1_000),
            SOCIETY,
        ),
    )
    return (
        *(place if unit in _PLACES else ()),
        share(f"{s}使用者滿意度", f"{s}使用滿意人數", f"{s}使用受訪人數", "人", (120, 1_800), (780, 970), CUSTOMER),
        tally(f"增設{s}數量", unit, 2, 60, CUSTOMER),
        share(f"{s}妥善率", f"妥善{s}數", f"{s}總數", unit, (24, 9_000), (930, 999), PROCESS, threshold=95),
        share(f"{s}巡檢完成率", f"{s}完成巡檢次數", f"{s}應巡檢次數", "次", (48, 6_000), (930, 1_000), PROCESS),
        tally(f"{s}更新改善數量", unit, 3, 240, PROCESS),
        mean(f"{s}報修平均修復時間", (f"{s}修復總時數", "小時"), (f"{s}報修件數", "件"), "小時/件", (20, 3_000),
             (180, 5_200), PROCESS, lower=True),
        summed(f"{s}各區改善數量", unit, 2, 60, NORTH, PROCESS),
        share(f"{s}節能設備汰換率", f"{s}已汰換節能設備數", f"{s}應汰換節能設備數", "具", (20, 800), (520, 1_000), SOCIETY),
        mean(f"每{unit}{s}平均維護經費", (f"{s}維護經費", "元"), (f"維護{s}數", unit), f"千元/{unit}", (24, 900),
             (300, 9_500), FINANCE, lower=True, scale=1_000),
        tally(f"{s}維護人員專業訓練時數", "小時", 24, 900, GROWTH),
    )  # fmt: skip


def _people(s: str, w: str) -> tuple[Pattern, ...]:
    unit = w or "人"
    return (
        share(f"{s}服務涵蓋率", f"接受服務之{s}數", f"{s}推估數", unit, (300, 40_000), (420, 930), CUSTOMER),
        share(f"{s}服務滿意度", f"表示滿意之{s}數", f"受訪{s}數", unit, (80, 1_200), (830, 985), CUSTOMER),
        tally(f"服務{s}人次", "人次", 400, 60_000, CUSTOMER),
        share(f"{s}訪視完成率", f"{s}完成訪視次數", f"{s}應訪視次數", "次", (60, 9_000), (900, 1_000), PROCESS),
        share(f"{s}轉介案件一個月內開案率", f"{s}一個月內開案數", f"{s}轉介案數", "案", (24, 1_800), (800, 990), PROCESS),
        mean(f"每名專責人力服務{s}數", (f"列案{s}數", unit), (f"{s}專責人力", "名"), f"{unit}/名", (4, 80),
             (1_200, 4_200), PROCESS, lower=True),
        weighted(f"{s}服務品質評鑑成績", f"{s}服務實地評鑑分數", f"{s}服務自評分數", PROCESS),
        share(f"{s}社會參與比率", f"參與社會活動之{s}數", f"列冊{s}數", unit, (120, 20_000), (180, 640), SOCIETY),
        tally(f"{s}服務人員在職訓練時數", "小時", 60, 4_000, GROWTH),
        mean(f"平均每{unit}{s}服務經費", (f"{s}服務經費", "元"), (f"受服務{s}數", unit), f"千元/{unit}", (90, 4_000),
             (250, 9_000), FINANCE, scale=1_000),
    )  # fmt: skip


def _project(s: str, w: str) -> tuple[Pattern, ...]:
    unit = w or "項"
    return (
        share(f"民眾對{s}認同度", f"認同{s}之受訪人數", f"{s}意見調查受訪人數", "人", (300, 1_600), (680, 940), CUSTOMER),
        tally(f"{s}受益人數", "人", 600, 120_000, CUSTOMER),
        share(f"{s}進度達成率", f"{s}已完成{unit}數", f"{s}預定完成{unit}數", unit, (6, 80), (820, 1_000), PROCESS),
        tally(f"{s}完成數量", unit, 2, 60, PROCESS),
        share(f"{s}查核評列甲等以上比率", f"{s}評列甲等以上案數", f"{s}受查核案數", "案", (4, 30), (750, 1_000), PROCESS),
        milestone(f"{s}年度檢討報告核定", PROCESS),
        share(f"{s}溫室氣體減量目標達成率", f"{s}減碳量", f"{s}目標減碳量", "公噸", (12, 4_000), (720, 1_180), SOCIETY),
        share(f"{s}經費執行率", f"{s}經費執行數", f"{s}經費預算數", "千元", (600, 240_000), (800, 990), FINANCE),
        tally(f"{s}跨機關工作坊參訓人次", "人次", 12, 400, GROWTH),
    )  # fmt: skip
