"""The form of the lines of 填報紀錄, the hidden sheet of an owner's part."""

from __future__ import annotations

from typing import Annotated, Literal, TypedDict

from reportgen.json_schema import Edition, Field, NonEmpty, RocYear, Sha256


class PartHead(TypedDict):
    """The first line."""

    schema: Annotated[Literal["reportgen.part/1"], Field("格式", "The name of this form.")]
    agency: Annotated[NonEmpty, Field("機關名稱", "The agency.")]
    title: Annotated[str, Field("文件名稱", "The title of the edition.")]
    edition: Annotated[Edition, Field("版次", "The ROC date of revision, 105-12-25.")]
    data_year: Annotated[RocYear, Field("資料年度", "The ROC year that is asked for.")]
    owner: Annotated[NonEmpty, Field("填報單位", "The unit.")]
    due: Annotated[Edition | Literal[""], Field("交回期限", "A ROC date; empty without one.")]


class SharedKpi(TypedDict):
    """A KPI as the unit sees it."""

    code: Annotated[NonEmpty, Field("代碼", "Its code.")]
    name: Annotated[NonEmpty, Field("名稱", "Its name.")]
    formula: Annotated[str, Field("計算公式", "As the workbook has it.")]
    target: Annotated[str, Field("目標值", "Of the data year; empty without one.")]


class KpiLine(TypedDict):
    """A line for each KPI."""

    kpi: Annotated[SharedKpi, Field("相關指標", "The KPI.")]


class SharedCellForm(TypedDict):
    """What a cell held when it was shared."""

    content: Annotated[str, Field("內容", "In a form that can be compared; empty if blank.")]
    is_percentage: Annotated[bool, Field("百分比", "Whether the cell is shown with %.")]


class SharedRow(TypedDict):
    """A row of 年度資料 that the unit fills in."""

    item: Annotated[NonEmpty, Field("資料項", "The item.")]
    component: Annotated[str, Field("組成", "The component; empty without one.")]
    unit: Annotated[str, Field("單位", "The unit of its figures; may be empty.")]
    kpis: Annotated[list[NonEmpty], Field("用於指標", "The codes of the KPIs that use it.")]
    previous: Annotated[SharedCellForm, Field("上年度", "The figure of the year before.")]
    open_cells: Annotated[
        dict[NonEmpty, SharedCellForm], Field("開放的儲存格", "Heading → what it held.")
    ]


class RowLine(TypedDict):
    """A line for each row."""

    row: Annotated[SharedRow, Field("列", "The row.")]


class DigestLine(TypedDict):
    """The last line."""

    sha256: Annotated[Sha256, Field("SHA-256", "Of the lines before, joined by line feeds.")]


PartLine = Annotated[
    PartHead | KpiLine | RowLine | DigestLine,
    Field("填報紀錄", "A line of 填報紀錄, the hidden sheet of an owner's part."),
]
