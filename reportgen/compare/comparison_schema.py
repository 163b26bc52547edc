"""The form of ``修正對照表.json``, the table of changes."""

from __future__ import annotations

from typing import Annotated, Literal, NotRequired, TypedDict

from reportgen.compare.changes import ChangeKind
from reportgen.compare.scorecard_items import Section
from reportgen.json_schema import CellPlace, Count, Edition, Field, NonEmpty, RocYear, one_of
from reportgen.model.scorecard import DataStatus


class ComparedEdition(TypedDict):
    """One of the two editions."""

    edition: Annotated[Edition, Field("版次", "The ROC date of revision, 105-12-25.")]
    data_year: Annotated[RocYear, Field("資料年度", "The ROC year that is reported on.")]
    status: Annotated[str, one_of(DataStatus), Field("資料狀態", "How final the figures are.")]


class ChangedItem(CellPlace):
    """An item of an edition: an objective, a KPI, a target, a figure."""

    code: Annotated[str, Field("代碼", "Its code; empty for kinds without codes.")]
    name: Annotated[str, Field("名稱", "Its name.")]
    parent: Annotated[
        str,
        Field("上層", "Code of a KPI's objective, of an objective's perspective; else empty."),
    ]


class LineSide(CellPlace):
    """A line of an item in one edition."""

    text: Annotated[str, Field("內容", "Its content; may be empty.")]


class ChangedLine(TypedDict):
    """A line that differs between the editions."""

    label: Annotated[NonEmpty, Field("欄位", "The column of the workbook.")]
    old: Annotated[LineSide | None, Field("舊", "In the older edition; null if it has none.")]
    new: Annotated[LineSide | None, Field("新", "In the newer edition; null if it has none.")]


class NewYear(TypedDict):
    """A year of 年度資料 or 執行說明 that only the newer edition has."""

    year: Annotated[RocYear, Field("民國年", "The ROC year.")]
    figures: NotRequired[Annotated[Count, Field("數字個數", "How many figures it has.")]]
    texts: NotRequired[Annotated[Count, Field("說明則數", "How many texts it has, in 執行說明.")]]


class ChangeReason(CellPlace):
    """An entry of 修表紀錄."""

    day: Annotated[Edition, Field("日期", "The ROC date, 105-12-25.")]
    item: Annotated[str, Field("項目", "What was changed.")]
    note: Annotated[str, Field("說明", "Why it was changed.")]


class ScorecardChangeForm(TypedDict):
    """A row of the table of changes."""

    section: Annotated[str, one_of(Section), Field("部分", "The sheet of the item.")]
    kinds: Annotated[
        list[Annotated[str, one_of(ChangeKind)]], Field("種類", "What kind of change it is.")
    ]
    old: Annotated[ChangedItem | None, Field("舊項目", "Null if the item is new.")]
    new: Annotated[ChangedItem | None, Field("新項目", "Null if the item was removed.")]
    lines: Annotated[list[ChangedLine], Field("變動欄位", "The lines that differ.")]
    old_order: Annotated[list[str], Field("舊順序", "Titles, if the order changed; else empty.")]
    new_order: Annotated[list[str], Field("新順序", "Titles, if the order changed; else empty.")]
    years: Annotated[list[NewYear], Field("新增年度", "Empty but for new years of figures.")]
    reasons: Annotated[list[ChangeReason], Field("修正理由", "What 修表紀錄 says of it.")]


class ComparisonForm(TypedDict):
    """All changes from one edition to another."""

    schema: Annotated[Literal["reportgen.comparison/1"], Field("格式", "The name of this form.")]
    agency: Annotated[NonEmpty, Field("機關名稱", "The agency, as the newer edition has it.")]
    old: Annotated[ComparedEdition, Field("舊版", "The older edition.")]
    new: Annotated[ComparedEdition, Field("新版", "The newer edition.")]
    changes: Annotated[list[ScorecardChangeForm], Field("修正", "In the order of the document.")]
    other_reasons: Annotated[
        list[ChangeReason], Field("其他理由", "Entries of 修表紀錄 that belong to no change.")
    ]
