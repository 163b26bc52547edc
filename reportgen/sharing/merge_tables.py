"""The report of a merge as tables: who has delivered, what is blank, what was changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reportgen.sharing.delivery_status import Delivery
from reportgen.workbook.export.plain_tables import Table, tables_as_workbook

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reportgen.problems.problem import Language
    from reportgen.sharing.workbook_merging import MergeReport
    from reportgen.workbook.export.table_sheet import CellContent, Columns

DELIVERY_NAMES: Final = {
    Delivery.MISSING: ("未交", "missing"),
    Delivery.INCOMPLETE: ("已交，尚有空白", "incomplete"),
    Delivery.DELIVERED: ("已交", "delivered"),
    Delivery.FILLED: ("已填妥", "filled"),
}
UNOWNED: Final = ("（未指定單位）", "(no unit)")
_UNITS: Final[Columns] = (
    *(("填報單位", 24), ("狀態", 16), ("列數", 8), ("尚未填寫", 10), ("填報人", 14)),
    *(("填報日期", 12), ("檔案", 40)),
)
_BLANK: Final[Columns] = (
    *(("填報單位", 24), ("工作表", 12), ("儲存格", 10), ("資料項", 40), ("組成", 20)),
)
_CHANGES: Final[Columns] = (
    *(("工作表", 12), ("儲存格", 10), ("資料項", 40), ("組成", 20), ("欄", 10)),
    *(("原內容", 20), ("新內容", 20), ("填報單位", 20), ("填報人", 14), ("填報日期", 12)),
    *(("檔案", 40), ("檔案的儲存格", 14)),
)
_PROBLEMS: Final[Columns] = (
    *(("代碼", 8), ("檔案", 40), ("工作表", 12), ("儲存格", 10), ("訊息", 70), ("怎麼改", 60)),
)


def merge_report_workbook(report: MergeReport, language: Language, suffix: str) -> bytes:
    """Return the report as a workbook; ``suffix`` is ``.xlsx`` or ``.ods``."""
    return tables_as_workbook(
        [
            Table("填報狀況", _UNITS, list(_unit_rows(report)), frozen=1),
            Table("尚未填寫", _BLANK, list(_blank_rows(report)), frozen=1),
            Table("併入明細", _CHANGES, list(_change_rows(report)), frozen=2),
            Table("問題", _PROBLEMS, list(_problem_rows(report, language)), frozen=1),
        ],
        report.scorecard.revised,
        suffix,
    )


def _unit_rows(report: MergeReport) -> Iterator[list[CellContent]]:
    """Yield a row for each unit."""
    for status in report.statuses:
        yield [
            status.owner or UNOWNED[0],
            DELIVERY_NAMES[status.delivery][0],
            status.row_count,
            len(status.blank),
            "、".join(part.signed_by for part in status.parts if part.signed_by),
            "、".join(part.signed_on for part in status.parts if part.signed_on),
            "、".join(part.file for part in status.parts),
        ]


def _blank_rows(report: MergeReport) -> Iterator[list[CellContent]]:
    """Yield a row for each blank cell."""
    for status in report.statuses:
        for cell in status.blank:
            owner = status.owner or UNOWNED[0]
            yield [owner, cell.at.sheet, cell.at.cell, cell.item, cell.component]


def _change_rows(report: MergeReport) -> Iterator[list[CellContent]]:
    """Yield a row for each change: where, what it was, what it is, by whom."""
    for change in report.changes:
        row, part, target = change.returned.row, change.part, change.target.at
        yield [
            *(target.sheet, target.cell, row.item, row.component, change.returned.heading),
            *(change.was, change.content, part.owner, part.signed_by, part.signed_on),
            *(part.file, change.location.cell),
        ]


def _problem_rows(report: MergeReport, language: Language) -> Iterator[list[CellContent]]:
    """Yield a row for each problem."""
    for problem in report.problems:
        where = problem.where
        texts = problem.message(language), problem.fix(language)
        yield [problem.code, where.file, where.sheet, where.cell, *texts]
