"""Immutable data model shared by all stages.

Terms are the balanced scorecard's own (Kaplan & Norton): perspective 構面, strategic theme
策略主題, strategic objective 策略目標, KPI 關鍵績效指標, target 目標值, actual 實績值.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fractions import Fraction

    from reportgen.model.missing_symbols import MissingReason

ROC_OFFSET = 1911  # ROC 1 is 1912


@dataclass(frozen=True, slots=True, order=True)
class RocDate:
    """A day in the Republic of China's calendar: ``RocDate(105, 12, 25)`` is 2016-12-25.

    Raises ValueError for a day that does not exist, or a year outside 1-999.
    """

    year: int
    month: int
    day: int

    def __post_init__(self) -> None:
        if not 1 <= self.year <= 999:
            raise ValueError(f"ROC year {self.year} is outside 1-999")
        date(self.year + ROC_OFFSET, self.month, self.day)

    @classmethod
    def from_date(cls, day: date) -> RocDate:
        """Return the same day as an ROC date; raises ValueError before 1912."""
        return cls(day.year - ROC_OFFSET, day.month, day.day)

    def to_date(self) -> date:
        """Return the same day in the common calendar."""
        return date(self.year + ROC_OFFSET, self.month, self.day)

    @property
    def edition(self) -> str:
        """The edition's name: ``105-12-25``."""
        return f"{self.year:03d}-{self.month:02d}-{self.day:02d}"

    @property
    def printed(self) -> str:
        """The date as the original document prints it: ``105年12月25日``."""
        return f"{self.year}年{self.month}月{self.day}日"


@dataclass(frozen=True, slots=True, kw_only=True)
class CellRef:
    """A cell of the workbook: ``CellRef(sheet="年度資料", cell="E5")``."""

    sheet: str
    cell: str

    def __str__(self) -> str:
        return f"{self.sheet}!{self.cell}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A text and the cell that it came from, printed to the letter."""

    text: str
    at: CellRef

    def __str__(self) -> str:
        return self.text

    def __bool__(self) -> bool:
        return bool(self.text)


class DataStatus(Enum):
    """資料狀態 of an edition."""

    SAMPLE = "範例"
    DRAFT = "草稿"
    FINAL = "定稿"


class Direction(Enum):
    """方向: the direction in which a KPI improves."""

    HIGHER = "越高越好"
    LOWER = "越低越好"


class InitiativeStage(Enum):
    """辦理階段 of an initiative."""

    PLANNED = "規劃中"
    RUNNING = "執行中"
    FINISHED = "已完成"
    STOPPED = "停止辦理"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """An exact figure, in the unit of its row."""

    value: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """A missing figure, and the reason."""

    reason: MissingReason


Value = Known | Missing


@dataclass(frozen=True, slots=True, kw_only=True)
class Perspective:
    """構面. Its name differs between the map and the tables: labels are kept per place."""

    code: str  # one letter, such as "C"
    map_name: Text
    card_name: Text
    map_order: int
    card_order: int
    at: CellRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """策略主題: a column of the map."""

    code: str
    name: Text
    at: CellRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """策略目標. ``themes`` empty: it spans every theme."""

    code: str
    perspective: str
    themes: tuple[str, ...]
    name: Text
    at: CellRef
    parents: tuple[Text, ...] = ()  # 上位目標: codes of objectives of the parent agency


@dataclass(frozen=True, slots=True, kw_only=True)
class Kpi:
    """關鍵績效指標. ``formula`` is both printed and evaluated."""

    code: str
    objective: str
    name: Text
    formula: Text
    places: int | None  # decimal places, 0-10; None: the unit's default
    direction: Direction
    weight: Fraction | None
    owner: Text
    at: CellRef
    is_direct: bool = False  # 直接填報: the figure is entered, the formula only printed


@dataclass(frozen=True, slots=True, kw_only=True)
class YearValue:
    """One cell of 年度資料: a figure of one ROC year."""

    year: int
    value: Value
    at: CellRef
    written: str = ""  # of a milestone: the words that name the stage reached


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """資料項: a row of yearly figures. ``component`` is 組成, empty if there is none.

    The figures of a milestone are shares in %, whatever ``unit`` says.
    """

    item: Text
    component: Text
    unit: Text
    values: tuple[YearValue, ...]
    source: Text
    note: Text
    at: CellRef
    is_milestone: bool = False
    provider: Text | None = None  # 填報單位: the unit that states the figures


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """目標值 of one KPI and ROC year, as written: ``≥90``, ``≤3``, ``12``, ``90%``.

    ``stage`` is the share of the stage that the words of a milestone's target name.
    """

    kpi: str
    year: int
    goal: Text
    basis: Text
    stage: Fraction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Commentary:
    """執行說明: the words on a KPI in one ROC year; each may be empty, but not all of them.

    Figures in them may be bound, ``{F1.1 目標值}``; the texts are as written.
    """

    kpi: str
    year: int
    progress: Text  # 執行情形
    shortfall_reason: Text  # 未達成原因
    measures: Text  # 因應策略
    target_reason: Text  # 目標調整理由, of next year's target
    at: CellRef

    @property
    def columns(self) -> dict[str, Text]:
        """The words by their column of the workbook, in its order; they may be empty."""
        return {
            "執行情形": self.progress,
            "未達成原因": self.shortfall_reason,
            "因應策略": self.measures,
            "目標調整理由": self.target_reason,
        }

    @property
    def texts(self) -> tuple[Text, ...]:
        """The words that are not empty, in the order of the columns."""
        return tuple(text for text in self.columns.values() if text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Initiative:
    """行動方案 of an objective. Figures in ``progress`` may be bound, as in a commentary."""

    objective: str
    name: Text
    owner: Text  # 主辦單位
    start: RocDate | None
    end: RocDate | None
    stage: InitiativeStage | None
    budget: Fraction | None  # 千元
    progress: Text  # 辦理情形
    at: CellRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Light:
    """燈號: the lowest achievement rate (1 = 100 %) that still earns it."""

    name: Text
    at_least: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class CrossCheck:
    """勾稽規則: a comparison of figures in the formula language that should hold in every year."""

    rule: Text
    note: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture placed on a sheet: PNG, JPEG or GIF bytes."""

    content: bytes
    media_type: str  # "image/png"
    description: str
    width: float  # millimetres, as placed
    height: float
    at: CellRef


@dataclass(frozen=True, slots=True, kw_only=True)
class CoreValue:
    """經營核心價值: a value and its meaning to the agency."""

    name: Text
    note: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """修表紀錄: why something was changed on a day."""

    day: RocDate
    item: Text
    note: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Scorecard:
    """One edition as its workbook states it."""

    agency: Text
    title: Text  # 文件名稱, 策略地圖與平衡計分卡
    cover_date: RocDate
    revised: RocDate
    data_year: int  # ROC year
    status: DataStatus
    mission: Text  # line breaks count
    vision: Text
    core_values: Text
    objectives_per_page: int  # 1-10
    perspectives: tuple[Perspective, ...]  # in the workbook's order
    themes: tuple[Theme, ...]
    objectives: tuple[Objective, ...]
    kpis: tuple[Kpi, ...]
    figures: tuple[Figure, ...]
    targets: tuple[Target, ...]
    lights: tuple[Light, ...]
    cross_checks: tuple[CrossCheck, ...]
    values: tuple[CoreValue, ...]
    pictures: tuple[Picture, ...]  # on the sheet 經營核心價值
    revisions: tuple[Revision, ...]
    parent: Text | None = None  # 上級機關, the agency whose objectives 上位目標 refers to
    signatories: tuple[Text, ...] = ()  # 核章欄: the posts that sign the document
    has_words_in_results: bool = False  # 執行成果內容: the results print the words on KPIs, too
    commentaries: tuple[Commentary, ...] = ()
    initiatives: tuple[Initiative, ...] = ()

    @property
    def edition(self) -> str:
        """The ROC revision date, ``105-12-25``."""
        return self.revised.edition
