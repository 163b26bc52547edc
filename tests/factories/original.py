"""The agency's printed document of 105-12-25, copied by hand, extraction artifacts undone.

White space is left out of all comparisons. Page 8 was a picture whose text did not survive; the
edition prints the four core values in its place.
"""

from __future__ import annotations

from tests.readers import Cell, PageContent, Table, squeeze

AGENCY = "臺北市教師研習中心"
REVISED = "105年12月25日 修表"
CREED = (
    "【使命】建立教育研習支持體系，引領教師專業成長，延續教育實踐智慧。"
    "【願景】標竿研習.創新研發"
    "【核心價值】愛、真理、智慧、卓越"
)
HEADINGS = (
    Cell("策略目標"),
    Cell("KPI(關鍵績效指標)"),
    Cell(
        "KPI計算公式及計量單位(公式例：分子/分母、數值、≥)"
        "(單位例：%、人次、家數、千元/人、公斤/萬人)"
    ),
)
COMPONENTS = "(以上各數均含本年度原預算、併決算及以前年度保留數)(單位:%)"

MAP: Table = (
    (Cell("策略主題", 1, 2), Cell("精進卓越研習課程A"), Cell("強化智慧創新研發B")),
    (
        Cell("策略目標", 4, 1),
        Cell("顧客C"),
        Cell("AC1增進教師多元研習"),
        Cell("BC1擴大教育專家的協助"),
    ),
    (
        Cell("內部流程P"),
        Cell("AP1充實教師專業成長AP2完善教師諮詢與輔導AP3推廣教師聯誼活動"),
        Cell("BP1強化創新研發BP2拓展國際交流BP3精進學校特色評選"),
    ),
    (Cell("財務F"), Cell("F1加強基金預算運用效能", 1, 2)),
    (Cell("學習成長L"), Cell("L1增進員工專業成長", 1, 2)),
)

CARDS: tuple[Table, ...] = (
    (
        HEADINGS,
        (Cell("顧客構面", 1, 3),),
        (
            Cell("AC1增進教師多元研習"),
            Cell("AC1.1增加各類創新研習班後之類別數"),
            Cell("每年增加創新研習班後之研習類別總數(單位：類別數)"),
        ),
        (
            Cell("BC1擴大教育專家的協助"),
            Cell("BC1.1每年新建立合作或諮詢關係之專家學者資料庫人數"),
            Cell("每年新建立合作或諮詢關係之專家學者資料庫人數(單位：人)"),
        ),
    ),
    (
        HEADINGS,
        (Cell("內部流程構面", 1, 3),),
        (
            Cell("AP3推廣教師聯誼活動"),
            Cell("AP3.1增加教師聯誼活動場次"),
            Cell("當年度新增教師聯誼多元體驗活動場次(單位：場次)"),
        ),
        (
            Cell("BP1強化創新研發"),
            Cell("BP1.1鼓勵教師從事研究發表之成果件數"),
            Cell("當年度教師研究成果上傳中心公開網站平臺件數(單位：件)"),
        ),
    ),
    (
        HEADINGS,
        (Cell("內部流程構面", 1, 3),),
        (
            Cell("BP2拓展國際交流"),
            Cell("BP2.1每年辦理國際講座、研討會或國際交流之次數"),
            Cell("當年度辦理國際講座、研討會或國際交流次數(單位：次數)"),
        ),
        (
            Cell("BP3精進學校特色評選"),
            Cell("BP3.1學校申請參與優質學校評選之獲獎比率"),
            Cell("當年度優質學校獲獎校數/當年度優質學校申請校數*100%。(單位：%)"),
        ),
    ),
    (
        HEADINGS,
        (Cell("學習成長構面", 1, 3),),
        (
            Cell("L1增進員工專業成長"),
            Cell("L1.1每年辦理所屬員工專業知能研習類別數"),
            Cell("每年提供中心所屬員工專業成長研習之類別數(單位：類別數)"),
        ),
    ),
    (
        HEADINGS,
        (Cell("財務流程", 1, 3),),
        (
            Cell("F1加強基金預算運用效能", 2, 1),
            Cell("F1.1資本門預算執行率符合市府規定"),
            Cell("(資本門實支數+資本門應付未付數+資本門賸餘數)/(資本門預算數)×100%" + COMPONENTS),
        ),
        (
            Cell("F1.2整體預算執行率"),
            Cell("(預算實支數+應付未付數+賸餘數)/預算數×100%" + COMPONENTS),
        ),
    ),
)


def _page(heading: str, *tables: Table) -> PageContent:
    cells = "".join(cell.text for table in tables for row in table for cell in row)
    return PageContent(squeeze(f"{AGENCY}{heading}{REVISED}{CREED}{cells}"), tables)


PAGES = (
    PageContent(f"{AGENCY}策略地圖與平衡計分卡106年3月29日", ()),
    _page("策略地圖", MAP),
    *(_page("平衡計分卡", card) for card in CARDS),
    PageContent(f"{AGENCY}經營核心價值愛真理智慧卓越", ()),
)
