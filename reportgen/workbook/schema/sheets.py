"""The workbook's sheets and columns, declared once: reader and writer both work from here.

The names are the interface that planning staff see (``docs/使用說明.md``). A column is
found by its name, never by its position; ``width`` is in Excel's character units.
"""

from __future__ import annotations

from typing import Final

from reportgen.model.missing_symbols import filling_instructions
from reportgen.model.scorecard import DataStatus, Direction, InitiativeStage
from reportgen.workbook.schema.declarations import Column, Item, Kind, Presence, Sheet

INSTRUCTIONS_SHEET: Final = "填寫說明"
LISTS_SHEET: Final = "清單"
CALCULATION_SHEET: Final = "試算"
ALL_THEMES: Final = "共同"
STATUSES: Final = tuple(status.value for status in DataStatus)
DIRECTIONS: Final = tuple(direction.value for direction in Direction)
CALCULATED: Final = "依公式計算"
ENTERED: Final = "直接填報"
ENTRIES: Final = (CALCULATED, ENTERED)
WITH_WORDS: Final = "附執行說明"
WORDS_IN_RESULTS: Final = ("不附", WITH_WORDS)
STAGES: Final = tuple(stage.value for stage in InitiativeStage)
MAX_COMMENTARY_CHARS: Final = 1_000
BOUND_FIGURE_NOTE: Final = "數字請以大括號引用，例如 {F1.1}、{F1.1 目標值}、{F1.1 104}。"
DEFAULT_OBJECTIVES_PER_PAGE: Final = 2


DATE_FORMS: Final = "民國日期，例如 105-12-25、105/12/25 或 105年12月25日"

ITEMS: Final = (
    Item(name="機關名稱", max_chars=60, kind=Kind.TEXT, note="機關全銜，列印在每頁標題。"),
    Item(
        name="文件名稱",
        max_chars=60,
        kind=Kind.TEXT,
        note="封面的文件名稱，例如：策略地圖與平衡計分卡。",
    ),
    Item(name="封面日期", kind=Kind.DATE, note=f"印在封面。{DATE_FORMS}。"),
    Item(name="修表日期", kind=Kind.DATE, note=f"版次即以此日期命名。{DATE_FORMS}。"),
    Item(
        name="資料年度",
        kind=Kind.INTEGER,
        minimum=1,
        maximum=999,
        note="計算實績的民國年度，例如 105。",
    ),
    Item(
        name="資料狀態",
        kind=Kind.CHOICE,
        choices=STATUSES,
        note="範例：練習用；草稿：空白處印（待填）；定稿：資料年度不得空白。",
    ),
    Item(
        name="使命",
        max_chars=200,
        kind=Kind.LONG_TEXT,
        note="需要換行時按 Alt+Enter，換行會照樣列印。",
    ),
    Item(name="願景", max_chars=100, kind=Kind.LONG_TEXT, note="照樣列印。"),
    Item(
        name="核心價值",
        max_chars=100,
        kind=Kind.LONG_TEXT,
        note="照樣列印，例如：愛、真理、智慧、卓越。",
    ),
    Item(
        name="每頁目標數",
        kind=Kind.INTEGER,
        minimum=1,
        maximum=10,
        required=False,
        note="計分卡每頁最多放幾個策略目標，1 至 10；空白視為 2。",
    ),
    # New items come last and on request: the bytes of workbooks written before must not change.
    Item(
        name="上級機關",
        max_chars=60,
        kind=Kind.TEXT,
        required=False,
        on_request=True,
        note="選填。彙整時與上級機關的策略目標對應，請填其機關名稱，寫法與該機關自己的活頁簿相同。",
    ),
    Item(
        name="核章欄",
        max_chars=100,
        kind=Kind.LONG_TEXT,
        required=False,
        on_request=True,
        note="選填。印在封面的核章欄，各欄以頓號分開，例如：承辦人、單位主管、主計、機關首長。",
    ),
    Item(
        name="執行成果內容",
        kind=Kind.CHOICE,
        choices=WORDS_IN_RESULTS,
        required=False,
        on_request=True,
        note="選填。選「附執行說明」時，執行成果也列印「執行說明」的文字；空白視為「不附」。",
    ),
)

BASICS: Final = Sheet(
    name="基本資料",
    purpose="這一版的基本資料：一項一列，請填「內容」欄。",
    presence=Presence.FILLED,
    columns=(
        Column(name="項目", kind=Kind.CODE, required=True, width=14),
        Column(name="內容", needed=True, kind=Kind.LONG_TEXT, width=52),
        Column(name="說明", kind=Kind.LONG_TEXT, width=64),
    ),
)

PERSPECTIVES: Final = Sheet(
    name="構面",
    purpose="平衡計分卡的構面。策略地圖與計分卡上的名稱、順序可以不同。",
    presence=Presence.FILLED,
    columns=(
        Column(name="代碼", kind=Kind.CODE, required=True, width=10, note="英文字母，例如 C。"),
        Column(
            name="策略地圖名稱",
            max_chars=30,
            required=True,
            width=22,
            note="印在策略地圖左側，例如：顧客。程式會在後面加上代碼。",
        ),
        Column(
            name="計分卡名稱",
            max_chars=30,
            required=True,
            width=22,
            note="印在計分卡的構面列，例如：顧客構面。",
        ),
        Column(
            name="策略地圖順序",
            kind=Kind.INTEGER,
            required=True,
            width=14,
            minimum=1,
            maximum=99,
            note="由上而下：1、2、3…",
        ),
        Column(
            name="計分卡順序",
            kind=Kind.INTEGER,
            required=True,
            width=14,
            minimum=1,
            maximum=99,
            note="由前而後：1、2、3…",
        ),
    ),
)

THEMES: Final = Sheet(
    name="策略主題",
    purpose="策略地圖的欄，由左而右。",
    presence=Presence.FILLED,
    columns=(
        Column(name="代碼", kind=Kind.CODE, required=True, width=10, note="英文字母，例如 A。"),
        Column(
            name="名稱",
            max_chars=60,
            required=True,
            width=48,
            note="例如：精進卓越研習課程。程式會加上代碼。",
        ),
    ),
)

OBJECTIVES: Final = Sheet(
    name="策略目標",
    purpose="一個策略目標一列。沒有 KPI 的目標只出現在策略地圖。",
    presence=Presence.FILLED,
    columns=(
        Column(name="代碼", kind=Kind.CODE, required=True, width=10, note="例如 AC1。照樣列印。"),
        Column(
            name="構面",
            kind=Kind.REFERENCE,
            required=True,
            refers_to="構面",
            width=10,
            note="「構面」工作表的代碼，請從清單選取。",
        ),
        Column(
            name="主題",
            kind=Kind.REFERENCES,
            needed=True,
            refers_to="策略主題",
            width=12,
            note="「策略主題」的代碼；空白或「共同」＝橫跨所有主題；多個請用頓號，例如 A、B。",
        ),
        Column(name="名稱", required=True, width=60, note="只填名稱，不必重複代碼。"),
        Column(
            name="上位目標",
            width=14,
            on_request=True,
            note="選填。上級機關策略目標的代碼，例如 AC1；多個請用頓號。上級機關填在「基本資料」。",
        ),
    ),
)

KPIS: Final = Sheet(
    name="關鍵績效指標",
    purpose="一個 KPI 一列。公式照樣列印，也照樣計算。",
    presence=Presence.FILLED,
    columns=(
        Column(name="代碼", kind=Kind.CODE, required=True, width=10, note="例如 AC1.1。照樣列印。"),
        Column(
            name="策略目標",
            kind=Kind.REFERENCE,
            required=True,
            refers_to="策略目標",
            width=12,
            note="「策略目標」工作表的代碼，請從清單選取。",
        ),
        Column(name="名稱", kind=Kind.LONG_TEXT, required=True, width=34, note="照樣列印。"),
        Column(
            name="計算公式及計量單位",
            max_chars=1000,
            kind=Kind.LONG_TEXT,
            required=True,
            width=54,
            note="公式用到的名稱須與「年度資料」的資料項相同，最後以括號註明單位，"
            "例如：獲獎校數/申請校數×100%（單位：%）",
        ),
        Column(
            name="小數位數",
            kind=Kind.INTEGER,
            minimum=0,
            maximum=10,
            width=10,
            note="0 至 10；空白時由單位決定（% 為 2 位，件、人等為 0 位）。",
        ),
        Column(
            name="方向",
            kind=Kind.CHOICE,
            choices=DIRECTIONS,
            width=10,
            note="空白視為「越高越好」。",
        ),
        Column(name="權重", kind=Kind.NUMBER, width=7, note="數字，例如 20 或 20%；可空白。"),
        Column(name="承辦單位", max_chars=60, width=12, note="可空白。"),
        Column(
            name="填報方式",
            kind=Kind.CHOICE,
            choices=ENTRIES,
            width=12,
            on_request=True,
            note="選填，空白視為「依公式計算」。選「直接填報」時，公式欄只列印不計算；"
            "請在「年度資料」新增一列，資料項填 KPI 的名稱或代碼，並填入各年度的數值。",
        ),
    ),
)

DATA: Final = Sheet(
    name="年度資料",
    purpose=f"公式所需的各年度數字。{filling_instructions()}。",
    presence=Presence.REQUIRED,
    columns=(
        Column(
            name="資料項",
            required=True,
            width=48,
            kind=Kind.LONG_TEXT,
            note="名稱須與公式裡的寫法相同。",
        ),
        Column(
            name="組成",
            max_chars=60,
            width=18,
            note="由幾個數合計時才填，例如：本年度原預算；否則空白。",
        ),
        Column(name="單位", max_chars=20, needed=True, width=10, note="例如：人、件、元、千元。"),
        Column(
            name="資料來源",
            max_chars=300,
            width=16,
            kind=Kind.LONG_TEXT,
            note="例如：會計室決算書。",
        ),
        Column(name="備註", max_chars=300, width=14, kind=Kind.LONG_TEXT, note="可空白。"),
        Column(
            name="填報單位",
            max_chars=60,
            width=12,
            on_request=True,
            note="選填。提供本列數字的單位；空白時為用到本列的第一個 KPI 的承辦單位。",
        ),
    ),
    years=Column(
        name="年度",
        kind=Kind.FIGURE,
        width=16,
        note=f"請只填數字，不加單位。{filling_instructions(before=' ', after='')}。",
    ),
    years_before="資料來源",
    frozen_columns=2,
)

TARGETS: Final = Sheet(
    name="目標值",
    purpose="各 KPI 的年度目標值，可填 ≥90%、≤3 或 12；空白表示沒有目標值。",
    columns=(
        Column(
            name="KPI代碼",
            kind=Kind.REFERENCE,
            required=True,
            refers_to="關鍵績效指標",
            width=12,
            note="「關鍵績效指標」的代碼，請從清單選取。",
        ),
        Column(
            name="依據",
            max_chars=300,
            width=60,
            kind=Kind.LONG_TEXT,
            note="目標值的出處，例如公文或計畫名稱。",
        ),
    ),
    years=Column(
        name="年度", kind=Kind.TARGET, width=12, note="例如 ≥90%、≤3、12；沒有目標值請留空白。"
    ),
    years_before="依據",
)

COMMENTARIES: Final = Sheet(
    name="執行說明",
    purpose="選填。年度績效檢討報告的文字，每個 KPI 每年度一列；" + BOUND_FIGURE_NOTE,
    columns=(
        Column(
            name="KPI代碼",
            kind=Kind.REFERENCE,
            required=True,
            refers_to="關鍵績效指標",
            width=12,
            note="「關鍵績效指標」的代碼，請從清單選取。",
        ),
        Column(
            name="年度",
            kind=Kind.INTEGER,
            required=True,
            width=8,
            minimum=1,
            maximum=999,
            note="說明所屬的民國年度，例如 105。報告只列印資料年度的說明。",
        ),
        Column(
            name="執行情形",
            kind=Kind.LONG_TEXT,
            max_chars=MAX_COMMENTARY_CHARS,
            width=48,
            note="選填。當年度的辦理成果。" + BOUND_FIGURE_NOTE,
        ),
        Column(
            name="未達成原因",
            kind=Kind.LONG_TEXT,
            max_chars=MAX_COMMENTARY_CHARS,
            width=40,
            note="未達目標值時請填。" + BOUND_FIGURE_NOTE,
        ),
        Column(
            name="因應策略",
            kind=Kind.LONG_TEXT,
            max_chars=MAX_COMMENTARY_CHARS,
            width=40,
            note="未達目標值時請填：改善措施。" + BOUND_FIGURE_NOTE,
        ),
        Column(
            name="目標調整理由",
            kind=Kind.LONG_TEXT,
            max_chars=MAX_COMMENTARY_CHARS,
            width=40,
            note="下年度目標值調整（尤其調降）的理由。" + BOUND_FIGURE_NOTE,
        ),
    ),
    frozen_columns=2,
    on_request=True,
)

INITIATIVES: Final = Sheet(
    name="行動方案",
    purpose="選填。達成策略目標的行動方案，一個方案一列，印在年度績效檢討報告。",
    columns=(
        Column(
            name="策略目標",
            kind=Kind.REFERENCE,
            required=True,
            refers_to="策略目標",
            width=12,
            note="「策略目標」工作表的代碼，請從清單選取。",
        ),
        Column(name="名稱", kind=Kind.LONG_TEXT, required=True, width=34, note="照樣列印。"),
        Column(name="主辦單位", max_chars=60, width=14, note="可空白。"),
        Column(name="開始日期", kind=Kind.DATE, width=14, note=f"可空白。{DATE_FORMS}。"),
        Column(name="結束日期", kind=Kind.DATE, width=14, note=f"可空白。{DATE_FORMS}。"),
        Column(
            name="辦理階段",
            kind=Kind.CHOICE,
            choices=STAGES,
            width=12,
            on_request=True,  # so that its choices stand in the rule, not in 清單
            note="請從清單選取；可空白。",
        ),
        Column(name="經費（千元）", kind=Kind.NUMBER, width=14, note="單位為千元；可空白。"),
        Column(
            name="辦理情形",
            kind=Kind.LONG_TEXT,
            max_chars=MAX_COMMENTARY_CHARS,
            width=48,
            note="可空白。" + BOUND_FIGURE_NOTE,
        ),
    ),
    on_request=True,
)

LIGHTS: Final = Sheet(
    name="燈號",
    purpose="選填。燈號標準由機關自訂；沒有填寫就不列印燈號。",
    columns=(
        Column(
            name="燈號", max_chars=20, kind=Kind.CODE, required=True, width=16, note="例如：綠燈。"
        ),
        Column(
            name="達成率下限",
            kind=Kind.RATE,
            required=True,
            width=16,
            minimum=0,
            maximum=10,
            note="達成率在此數以上（含）即為此燈號，例如 90%。",
        ),
    ),
)

CHECKS: Final = Sheet(
    name="勾稽規則",
    purpose="選填。資料之間應成立的關係，違反時會提出警告。",
    columns=(
        Column(
            name="規則",
            max_chars=300,
            required=True,
            width=56,
            kind=Kind.LONG_TEXT,
            note="寫法與公式相同，例如：預算數 ≥ 資本門預算數",
        ),
        Column(name="說明", max_chars=300, width=56, kind=Kind.LONG_TEXT, note="可空白。"),
    ),
)

VALUES: Final = Sheet(
    name="經營核心價值",
    purpose="最後一頁。可以放一張圖片（插入 → 圖片），也可以逐列填寫。",
    columns=(
        Column(name="名稱", max_chars=20, required=True, width=24, note="例如：卓越。"),
        Column(name="說明", max_chars=300, width=80, kind=Kind.LONG_TEXT, note="可空白。"),
    ),
)

REVISIONS: Final = Sheet(
    name="修表紀錄",
    purpose="修正說明會帶入修正對照表的「說明」欄。",
    columns=(
        Column(name="日期", kind=Kind.DATE, required=True, width=14, note=f"{DATE_FORMS}。"),
        Column(
            name="項目",
            width=24,
            kind=Kind.LONG_TEXT,
            note="修正的代碼或項目，例如 BP3.1；可空白。",
        ),
        Column(
            name="修正說明",
            max_chars=300,
            required=True,
            width=80,
            kind=Kind.LONG_TEXT,
            note="修正的理由。",
        ),
    ),
)

SHEETS: Final = (
    BASICS,
    PERSPECTIVES,
    THEMES,
    OBJECTIVES,
    KPIS,
    DATA,
    TARGETS,
    COMMENTARIES,
    INITIATIVES,
    LIGHTS,
    CHECKS,
    VALUES,
    REVISIONS,
)
SHEET_BY_NAME: Final = {sheet.name: sheet for sheet in SHEETS}
