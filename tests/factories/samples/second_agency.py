"""澄海縣海岸資源管理處, an agency that does not exist and shares nothing with the first.

Five perspectives and five themes with letters of their own, goals in several themes or in
none, a perspective without goals, every kind of formula, figures that are missing in every
lawful way, and names as long as agencies make them.
"""

from __future__ import annotations

from fractions import Fraction
from io import BytesIO
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw

from reportgen.model.scorecard import CellRef, Picture, RocDate

if TYPE_CHECKING:
    from reportgen.workbook.writing.scorecard_rows import Content, Row, Rows

REVISED = RocDate(112, 6, 30)
YEARS = (108, 110, 111)  # 109 was never surveyed
SOURCE = "虛構資料"

BASICS: dict[str, str | int | RocDate] = {
    "機關名稱": "澄海縣海岸資源管理處",
    "文件名稱": "策略地圖暨平衡計分卡",
    "封面日期": RocDate(112, 8, 15),
    "修表日期": REVISED,
    "資料年度": 111,
    "資料狀態": "定稿",
    "使命": "守護海岸，永續漁業\n讓每一位縣民安心親海、知海、愛海",
    "願景": "與海共生的澄海",
    "核心價值": "廉潔／專業／共好／韌性",
    "每頁目標數": 3,
}

PERSPECTIVES = (
    ("S", "社會", "社會責任面", 1, 5),
    ("O", "作業", "作業效能面", 2, 1),
    ("R", "法遵", "法規遵循面", 3, 2),  # without goals
    ("T", "人才與技術", "人才與技術面", 4, 4),
    ("M", "預算資源", "預算資源面", 5, 3),
)

THEMES = (
    ("V", "潔淨海岸"),
    ("W", "永續漁業"),
    ("X", "安全航行"),
    ("Y", "海洋教育"),
    ("Z", "智慧治理"),
)

OBJECTIVES = (
    ("VS1", "S", "V", "提升海岸環境品質與居民滿意"),
    ("WS1", "S", "W", "保障漁民生計"),
    ("VWS2", "S", "V、W", "落實海洋廢棄物源頭減量及漁具實名管理"),
    ("YS1", "S", "Y", "普及海洋公民素養"),
    ("XS1", "S", "X", "降低海上意外事故"),
    ("VO1", "O", "V", "精進海岸清潔維護作業"),
    ("WO1", "O", "W", "健全漁港設施管理"),
    ("XO1", "O", "X", "縮短航政案件審查時程"),
    ("VXZO2", "O", "V、X、Z", "整合海域即時監測、事故通報與跨機關聯合應變作業流程"),
    ("YO1", "O", "Y", "深化學校與社區合作"),
    ("ZO1", "O", "Z", "推動線上申辦"),
    ("YZO3", "O", "Y、Z", "建置開放海洋資料平臺"),
    ("T1", "T", "", "提升同仁專業能力"),
    ("ZT2", "T", "Z", "培育資料分析人才"),
    ("WYT3", "T", "W、Y", "建立漁業及海洋教育講師人才庫"),
    ("M1", "M", "共同", "提升預算執行效能"),
    ("M2", "M", "", "開拓自償財源"),
    ("XM3", "M", "X", "合理配置航安設備維護經費"),
)

# Counts: what is counted is the name in the formula.
# code, objective, name, item, unit, figures by YEARS, target of the data year, lower is better
COUNTS: tuple[tuple[str, str, str, str, str, tuple[Content, ...], str, bool], ...] = (
    ("VS1.2", "VS1", "海岸環境陳情案件數", "海岸環境陳情案件", "件", (182, 147, 121), "≤130", True),
    (
        "WS1.1",
        "WS1",
        "輔導漁民取得產銷履歷戶數",
        "取得產銷履歷之漁戶",
        "戶",
        (64, 81, 97),
        "90",
        False,
    ),
    (
        "VWS2.1",
        "VWS2",
        "回收廢棄漁網具重量",
        "回收廢棄漁網具重量",
        "公噸",
        (Fraction("12.4"), Fraction("18.25"), Fraction("21.6")),
        "≥20",
        False,
    ),
    (
        "VWS2.2",
        "VWS2",
        "完成實名登記之漁具數",
        "完成實名登記之漁具",
        "件",
        (None, 1520, 3874),
        "3,500",
        False,
    ),
    (
        "YS1.1",
        "YS1",
        "海洋教育活動參與人次",
        "海洋教育活動參與人次",
        "人次",
        (15320, "…", 22418),
        "20000",
        False,
    ),
    ("XS1.1", "XS1", "海上意外事故件數", "海上意外事故", "件", (23, 19, 14), "≤15", True),
    (
        "XS1.2",
        "XS1",
        "因海上意外事故死亡或失蹤人數",
        "海上意外事故死亡及失蹤人數",
        "人",
        (3, 1, 0),
        "≤0",
        True,
    ),
    ("VO1.1", "VO1", "辦理淨灘場次", "淨灘場次", "場次", (88, 63, 104), "100", False),
    (
        "VO1.2",
        "VO1",
        "清潔海岸線長度",
        "清潔海岸線長度",
        "公里",
        (Fraction("46.5"), Fraction("51.2"), Fraction("58.75")),
        "≥55",
        False,
    ),
    (
        "WO1.1",
        "WO1",
        "漁港設施改善完成件數",
        "漁港設施改善完成件數",
        "件",
        (9, 12, 15),
        "14",
        False,
    ),
    (
        "XO1.1",
        "XO1",
        "航政案件平均審查日數",
        "航政案件平均審查日數",
        "日",
        (Fraction("14.5"), Fraction("11.2"), Fraction("8.6")),
        "≤9",
        True,
    ),
    (
        "VXZO2.1",
        "VXZO2",
        "海域監測浮標設置座數",
        "海域監測浮標設置座數",
        "座",
        (4, 7, 11),
        "10",
        False,
    ),
    (
        "VXZO2.2",
        "VXZO2",
        "跨機關聯合應變演練次數",
        "跨機關聯合應變演練次數",
        "次",
        (2, 1, 4),
        "4",
        False,
    ),
    ("YO1.1", "YO1", "合作學校數", "合作學校數", "校", (21, 26, 33), "30", False),
    (
        "YO1.2",
        "YO1",
        "社區駐點服務時數",
        "社區駐點服務時數",
        "小時",
        (640, 412, 918),
        "≥900",
        False,
    ),
    ("ZO1.1", "ZO1", "開放線上申辦項目數", "開放線上申辦項目數", "項", (6, 14, 22), "20", False),
    ("YZO3.1", "YZO3", "開放資料集數", "開放資料集數", "項", ("--", 35, 62), "60", False),
    ("T1.2", "T1", "同仁取得專業證照張數", "同仁取得專業證照張數", "張", (17, 22, 31), "28", False),
    (
        "ZT2.1",
        "ZT2",
        "完成資料分析課程人數",
        "完成資料分析課程人數",
        "人",
        (None, 12, 25),
        "24",
        False,
    ),
    ("WYT3.1", "WYT3", "講師人才庫人數", "講師人才庫人數", "人", (18, 27, 40), "36", False),
    ("WYT3.2", "WYT3", "講師授課時數", "講師授課時數", "小時", (210, 188, 356), "320", False),
    (
        "M2.1",
        "M2",
        "場地及水域活動收入",
        "場地及水域活動收入",
        "千元",
        (3120, 1985, 4460),
        "≥4200",
        False,
    ),
    (
        "XM3.1",
        "XM3",
        "航安設備妥善維護件數",
        "航安設備妥善維護件數",
        "件",
        (132, 140, 151),
        "145",
        False,
    ),
)

_LONG_NAME = (
    "依海岸管理法及本縣海岸整合管理計畫辦理之海岸環境清潔維護、資源調查、棲地復育與"
    "環境教育等各項工作之縣民整體滿意度達到九成以上"
)
_LONG_ITEM = (
    "當年度經本處會同漁會、海巡單位及環保團體共同清點、秤重並完成電子化登錄之"
    "廢棄漁網具及養殖用浮具清除處理總重量"
)

# code, objective, name, formula, places, lower is better, weight, owner, target
FORMULAS: tuple[tuple[str, str, str, str, Content, bool, Content, str, str], ...] = (
    (
        "VS1.1",
        "VS1",
        _LONG_NAME,
        "甲滿意人數/受訪人數×100%≥90%（單位：%）",
        1,
        False,
        5,
        "企劃科",
        "≥90%",
    ),
    (
        "WS1.2",
        "WS1",
        "受災漁民救助金平均核撥金額",
        "救助金核撥總額/受救助漁民人數（單位：千元/人）",
        2,
        False,
        None,
        "漁業科",
        "",
    ),
    (
        "VWS2.3",
        "VWS2",
        "每萬人海洋廢棄物清除量",
        f"{_LONG_ITEM}/縣民人口數（單位：公斤/萬人）",
        1,
        False,
        4,
        "海岸科",
        "≥1500",
    ),
    (
        "YS1.2",
        "YS1",
        "海洋素養測驗及格率",
        "（及格人數÷受測人數）×100％（單位：％）",
        None,
        False,
        3,
        "教育推廣科",
        "≥75%",
    ),
    (
        "WO1.2",
        "WO1",
        "漁港設施平均修復日數",
        "設施修復總日數／設施修復件數（單位：日）",
        1,
        True,
        None,
        "漁港科",
        "≤7",
    ),
    (
        "XO1.2",
        "XO1",
        "逾期案件比率",
        "逾期案件數/辦結案件數*100%（單位：%）",
        2,
        True,
        3,
        "航政科",
        "≤2%",
    ),
    (
        "ZO1.2",
        "ZO1",
        "線上申辦使用率",
        "線上申辦件數/總申辦件數×100%（單位：%）",
        None,
        False,
        4,
        "資訊科",
        "≥60%",
    ),
    (
        "YZO3.2",
        "YZO3",
        "完成資料平臺第二期驗收（里程碑）",
        "資料平臺第二期驗收（單位：里程碑）",
        None,
        False,
        None,
        "資訊科",
        "",
    ),
    (
        "T1.1",
        "T1",
        "同仁平均專業訓練時數",
        "專業訓練總時數/同仁人數（單位：小時/人）",
        1,
        False,
        3,
        "人事室",
        "≥40",
    ),
    (
        "ZT2.2",
        "ZT2",
        "完成人才培育藍圖並報府核定（里程碑）",
        "人才培育藍圖核定（單位：里程碑）",
        None,
        False,
        None,
        "人事室",
        "",
    ),
    (
        "M1.1",
        "M1",
        "歲出預算執行率",
        "(歲出實支數+歲出應付數)/歲出預算數×100%（以上各數均含本年度預算及以前年度轉入數）（單位：%）",
        2,
        False,
        5,
        "會計室",
        "≥95%",
    ),
    (
        "M1.2",
        "M1",
        "歲出預算節餘比率",
        "(歲出預算數-歲出實支數-歲出應付數)/歲出預算數×100%（以上各數均含本年度預算及以前年度轉入數）（單位：%）",
        2,
        True,
        None,
        "會計室",
        "≤5%",
    ),
    (
        "M1.3",
        "M1",
        "資本支出控管",
        "資本支出實支數≥資本支出分配數（單位：達成與否）",
        None,
        False,
        None,
        "會計室",
        "",
    ),
    (
        "M2.2",
        "M2",
        "自償財源占歲入比率",
        "自償財源收入/歲入決算數×100%（單位：%）",
        2,
        False,
        3,
        "會計室",
        "12.5%",
    ),
    (
        "M2.3",
        "M2",
        "每位遊客平均貢獻收入",
        "水域活動收入/遊客人次（單位：元/人次）",
        1,
        False,
        None,
        "企劃科",
        "≥25",
    ),
    (
        "XM3.2",
        "XM3",
        "每艘公務船年平均維護經費",
        "公務船維護經費/公務船艘數（單位：千元/艘）",
        0,
        True,
        None,
        "航政科",
        "≤950",
    ),
    (
        "XM3.3",
        "XM3",
        "救生設備汰換率",
        "汰換救生設備件數/應汰換救生設備件數×100%（單位：%）",
        1,
        False,
        2,
        "航政科",
        "100%",
    ),
)

# item, component, unit, figures by YEARS, note
FIGURES: tuple[tuple[str, str, str, tuple[Content, ...], str], ...] = (
    ("甲滿意人數", "", "人", (812, 845, 986), "「滿意」與「非常滿意」合計"),
    ("受訪人數", "", "人", (1005, 998, 1072), "電話訪問，有效樣本"),
    ("救助金核撥總額", "", "元", (0, 8_640_000, 5_175_500), ""),
    ("受救助漁民人數", "", "人", (0, 216, 131), "108年無天然災害"),
    (_LONG_ITEM, "", "公斤", ("…", Fraction("38250.5"), Fraction("46120.75")), "109年以前未登錄"),
    ("縣民人口數", "", "人", (283_415, 281_077, 279_853), "年底戶籍人口"),
    ("及格人數", "", "人", (None, 1_204, 1_498), ""),
    ("受測人數", "", "人", (None, 1_730, 1_946), ""),
    ("設施修復總日數", "", "日", (214, 187, 165), ""),
    ("設施修復件數", "", "件", (22, 24, 26), ""),
    ("逾期案件數", "", "件", (31, 18, 9), ""),
    ("辦結案件數", "", "件", (942, 887, 1_013), ""),
    ("線上申辦件數", "", "件", (655, 1_720, 3_104), ""),
    ("總申辦件數", "", "件", (4_310, 4_255, 4_689), ""),
    ("資料平臺第二期驗收", "", "里程碑", ("-", "-", "-"), "以驗收紀錄認定，不以數值衡量"),
    ("專業訓練總時數", "", "小時", (Fraction("2105.5"), 1893, Fraction("2764.5")), ""),
    ("同仁人數", "", "人", (58, 60, 63), "年底在職人數"),
    ("人才培育藍圖核定", "", "里程碑", ("-", "-", "-"), "以核定公文認定，不以數值衡量"),
    ("歲出實支數", "本年度預算", "千元", (142_310, 151_877, 160_245), ""),
    ("歲出實支數", "以前年度轉入數", "千元", (3_204, 4_118, 2_956), ""),
    ("歲出應付數", "本年度預算", "千元", (2_415, 1_980, 2_233), ""),
    ("歲出應付數", "以前年度轉入數", "千元", (0, 0, 150), ""),
    ("歲出預算數", "本年度預算", "千元", (150_600, 158_200, 167_400), ""),
    ("歲出預算數", "以前年度轉入數", "千元", (3_350, 4_300, 3_180), ""),
    ("資本支出實支數", "", "千元", (21_400, 25_130, 28_965), ""),
    ("資本支出分配數", "", "千元", (22_000, 25_000, 28_500), ""),
    ("自償財源收入", "", "千元", (18_250, 14_902, 22_717), ""),
    ("歲入決算數", "", "千元", (160_310, 166_254, 178_040), ""),
    ("水域活動收入", "", "元", (2_415_600, 1_380_200, 3_502_400), ""),
    ("遊客人次", "", "人次", (103_250, 61_470, 128_815), ""),
    ("公務船維護經費", "", "元", (5_310_000, 5_125_000, 4_684_500), ""),
    ("公務船艘數", "", "艘", (5, 5, 5), ""),
    ("汰換救生設備件數", "", "件", (84, 96, 120), ""),
    ("應汰換救生設備件數", "", "件", (105, 110, 120), ""),
)

LIGHTS = (("綠燈", 1), ("黃燈", Fraction("0.8")), ("紅燈", 0))

CHECKS = (
    ("受訪人數 ≥ 甲滿意人數", ""),
    ("總申辦件數 ≥ 線上申辦件數", "線上申辦為總申辦的一部分。"),
    ("應汰換救生設備件數 ≥ 汰換救生設備件數", ""),
)

VALUES = (
    ("廉潔", "依法行政，資訊公開，不收受任何不當利益。"),
    ("專業", "以科學證據與現場經驗作成決定。"),
    ("共好", "與漁民、居民、業者及團體共同守護海岸。"),
    ("韌性", "面對氣候與災害，迅速調適、恢復並持續改善。"),
)

REVISIONS = (
    (RocDate(112, 5, 20), "VWS2.3", "配合廢棄漁網具電子化登錄上線，改以登錄重量計算。"),
    (RocDate(112, 6, 30), "M2.3", "新增指標，以反映水域活動收入之成效。"),
)


def _wave() -> bytes:
    """A small drawing, as an agency might paste one."""
    image = Image.new("RGB", (480, 180), "#f4f8fa")
    pen = ImageDraw.Draw(image)
    for ring, colour in enumerate(("#1f4e5f", "#3c7d94", "#7fb2c4")):
        for left in range(-60, 480, 120):
            top = 60 + ring * 30
            pen.arc((left, top, left + 120, top + 60), 180, 360, fill=colour, width=8)
    target = BytesIO()
    image.save(target, "PNG")
    return target.getvalue()


PICTURES = (
    Picture(
        content=_wave(),
        media_type="image/png",
        description="三道海浪，象徵廉潔、專業與共好",
        width=120.0,
        height=45.0,
        at=CellRef(sheet="經營核心價值", cell="B12"),
    ),
)


def rows() -> Rows:
    """The workbook's rows."""
    return {
        "基本資料": [{"項目": name, "內容": content} for name, content in BASICS.items()],
        "構面": [
            {
                "代碼": code,
                "策略地圖名稱": on_map,
                "計分卡名稱": in_table,
                "策略地圖順序": map_order,
                "計分卡順序": card_order,
            }
            for code, on_map, in_table, map_order, card_order in PERSPECTIVES
        ],
        "策略主題": [{"代碼": code, "名稱": name} for code, name in THEMES],
        "策略目標": [
            {"代碼": code, "構面": perspective, "主題": themes, "名稱": name}
            for code, perspective, themes, name in OBJECTIVES
        ],
        "關鍵績效指標": sorted([*_counted(), *_computed()], key=_place),
        "年度資料": [*_counts(), *_figures()],
        "目標值": _targets(),
        "燈號": [{"燈號": name, "達成率下限": rate} for name, rate in LIGHTS],
        "勾稽規則": [{"規則": rule, "說明": note} for rule, note in CHECKS],
        "經營核心價值": [{"名稱": name, "說明": note} for name, note in VALUES],
        "修表紀錄": [
            {"日期": day, "項目": item, "修正說明": note} for day, item, note in REVISIONS
        ],
    }


def _place(kpi: Row) -> tuple[int, str]:
    """KPIs stand by objective, as agencies list them."""
    order = [code for code, *_ in OBJECTIVES]
    return order.index(str(kpi["策略目標"])), str(kpi["代碼"])


def _direction(lower: bool) -> str:
    return "越低越好" if lower else "越高越好"


def _counted() -> list[Row]:
    return [
        {
            "代碼": code,
            "策略目標": objective,
            "名稱": name,
            "計算公式及計量單位": f"{item}（單位：{unit}）",
            "方向": _direction(lower),
        }
        for code, objective, name, item, unit, _, _, lower in COUNTS
    ]


def _computed() -> list[Row]:
    return [
        {
            "代碼": code,
            "策略目標": objective,
            "名稱": name,
            "計算公式及計量單位": formula,
            "小數位數": places,
            "方向": _direction(lower),
            "權重": weight,
            "承辦單位": owner,
        }
        for code, objective, name, formula, places, lower, weight, owner, _ in FORMULAS
    ]


def _counts() -> list[Row]:
    return [
        {"資料項": item, "單位": unit, **dict(zip(YEARS, figures, strict=True)), "資料來源": SOURCE}
        for _, _, _, item, unit, figures, _, _ in COUNTS
    ]


def _figures() -> list[Row]:
    return [
        {
            "資料項": item,
            "組成": component,
            "單位": unit,
            **dict(zip(YEARS, figures, strict=True)),
            "資料來源": SOURCE,
            "備註": note,
        }
        for item, component, unit, figures, note in FIGURES
    ]


def _targets() -> list[Row]:
    goals = [(count[0], count[6]) for count in COUNTS]
    goals += [(formula[0], formula[8]) for formula in FORMULAS]
    return [
        {"KPI代碼": kpi, 111: goal, "依據": "虛構之年度施政計畫"} for kpi, goal in goals if goal
    ]
