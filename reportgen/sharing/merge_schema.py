"""The forms of merged changes and of deliveries, for ``merge --json`` and the page."""

from __future__ import annotations

from typing import Annotated, TypedDict

from reportgen.json_schema import Cell, CellPlace, Count, Field, NonEmpty, one_of
from reportgen.sharing.delivery_status import Delivery


class MergedChange(CellPlace):
    """A cell of the edition that a part has filled in or changed."""

    item: Annotated[NonEmpty, Field("資料項", "The item of the row.")]
    component: Annotated[str, Field("組成", "The component; empty without one.")]
    column: Annotated[NonEmpty, Field("欄位", "A ROC year, 資料來源 or 備註.")]
    was: Annotated[str, Field("原內容", "Empty for a blank cell.")]
    now: Annotated[str, Field("新內容", "As the part has it; never empty.")]
    owner: Annotated[NonEmpty, Field("填報單位", "The unit that returned it.")]
    signed_by: Annotated[str, Field("填報人", "The name on the part; may be empty.")]
    signed_on: Annotated[str, Field("填報日期", "The date on the part; may be empty.")]
    part: Annotated[NonEmpty, Field("填報活頁簿", "The file.")]
    part_cell: Annotated[Cell, Field("填報儲存格", "The cell there.")]


class ReturnedPartForm(TypedDict):
    """A part that a unit returned."""

    file: Annotated[NonEmpty, Field("檔案", "The file.")]
    signed_by: Annotated[str, Field("填報人", "May be empty.")]
    signed_on: Annotated[str, Field("填報日期", "May be empty.")]


class BlankCellForm(CellPlace):
    """A figure that is still blank in the edition."""

    item: Annotated[NonEmpty, Field("資料項", "The item of the row.")]
    component: Annotated[str, Field("組成", "The component; empty without one.")]


class UnitDelivery(TypedDict):
    """A unit, and what it has returned."""

    owner: Annotated[str, Field("填報單位", "Empty for the rows that no unit owns.")]
    delivery: Annotated[
        str,
        one_of(Delivery),
        Field("狀況", "filled: no part was among those given, but nothing is blank."),
    ]
    rows: Annotated[Count, Field("列數", "How many rows it fills in.")]
    parts: Annotated[list[ReturnedPartForm], Field("填報活頁簿", "Empty if none came.")]
    blank: Annotated[list[BlankCellForm], Field("尚未填寫", "Its figures that are blank.")]
