"""The forms of what the commands print with ``--json``; those of ``archive`` are beside.

A command that is stopped prints the same fields: what it has not made is null or empty, and
``problems`` says why. Paths are as the system has them, relative to the working folder unless the
command was given an absolute one.
"""

from __future__ import annotations

from typing import Annotated, Literal, TypedDict

from reportgen.batch.tasks import Status
from reportgen.exports.results_schema import KpiForm
from reportgen.json_schema import (
    CellPlace,
    Count,
    Edition,
    Field,
    NonEmpty,
    RocYear,
    one_of,
    rule,
)
from reportgen.problems import Severity
from reportgen.sharing.merge_schema import MergedChange, UnitDelivery

ProblemCode = Annotated[str, rule(pattern="^[EWN][1-9][0-9]{2}$")]


class ProblemPlace(TypedDict):
    """Where a problem is; what is not known, or does not apply, is null."""

    file: Annotated[NonEmpty | None, Field("檔案", "The file; with a sheet, the workbook.")]
    sheet: Annotated[NonEmpty | None, Field("工作表", "The sheet.")]
    cell: Annotated[NonEmpty | None, Field("儲存格", "The cell, such as E5.")]
    line: Annotated[Count | None, Field("行", "The line of a text file; 1 is the first.")]
    column: Annotated[Count | None, Field("字", "The character in the line; 1 is the first.")]


class ProblemForm(TypedDict):
    """A problem: what was found, what was expected, and what to do about it."""

    code: Annotated[
        ProblemCode, Field("代碼", "E error, W warning, N notice; all are in docs/problems.md.")
    ]
    severity: Annotated[
        str, one_of(Severity), Field("程度", "With an error nothing is written of the workbook.")
    ]
    where: Annotated[ProblemPlace, Field("位置", "Where it is.")]
    message: Annotated[NonEmpty, Field("訊息", "What was found, in the language of --lang.")]
    expected: Annotated[NonEmpty, Field("應為", "What was expected instead.")]
    fix: Annotated[NonEmpty, Field("怎麼改", "What to do about it.")]


Problems = Annotated[list[ProblemForm], Field("問題", "In the order in which they were found.")]


class FileForm(TypedDict):
    """A file that was made."""

    path: Annotated[NonEmpty, Field("路徑", "Where it is.")]


class WrittenFileForm(FileForm):
    """A file that was written."""

    changed: Annotated[bool, Field("有變動", "False if the same bytes were there before.")]
    backup: Annotated[
        NonEmpty | None, Field("備份", "Where the file is that was there before; else null.")
    ]


class _WorkbookReport(TypedDict):
    workbook: Annotated[str, Field("活頁簿", "As the command names it.")]


class BuiltWorkbook(_WorkbookReport):
    """A workbook, and what was made of it."""

    edition: Annotated[Edition | None, Field("版次", "105-12-25; null if nothing was made.")]
    files: Annotated[list[WrittenFileForm], Field("檔案", "Empty if nothing was written.")]
    templates: Annotated[list[NonEmpty], Field("範本", "The folders of the templates used.")]
    problems: Problems


class BuildReport(TypedDict):
    """What ``build --json`` prints."""

    schema: Annotated[Literal["reportgen.build-report/1"], Field("格式", "Name of this form.")]
    workbooks: Annotated[list[BuiltWorkbook], Field("活頁簿", "In the order of the command.")]


class CheckedWorkbook(_WorkbookReport):
    """A workbook and its problems."""

    annotated_copy: Annotated[
        WrittenFileForm | None,
        Field("標示複本", "Its copy with the problems marked; null without --annotate."),
    ]
    problems: Problems


class CheckReport(TypedDict):
    """What ``check --json`` prints."""

    schema: Annotated[Literal["reportgen.check/1"], Field("格式", "The name of this form.")]
    workbooks: Annotated[list[CheckedWorkbook], Field("活頁簿", "In the order of the command.")]


class CompareReport(BuiltWorkbook):
    """What ``compare --json`` prints; the changes are in ``修正對照表.json``."""

    schema: Annotated[Literal["reportgen.compare/1"], Field("格式", "The name of this form.")]
    old: Annotated[str, Field("舊版活頁簿", "The older workbook; ``workbook`` is the newer.")]


class CommentaryLine(CellPlace):
    """Words on the KPI of a column of 執行說明, and the cell of its row."""

    label: Annotated[NonEmpty, Field("欄位", "The column: 執行情形, 未達成原因, ….")]
    text: Annotated[str, Field("內容", "The words, with the figures that are bound in them.")]


class ExplainReport(_WorkbookReport):
    """What ``explain --json`` prints: a KPI in one year, down to the cells."""

    schema: Annotated[Literal["reportgen.explain/1"], Field("格式", "The name of this form.")]
    edition: Annotated[Edition | None, Field("版次", "105-12-25; null if it is not computed.")]
    kpi: Annotated[KpiForm | None, Field("指標", "As in results.json, with the one year.")]
    words: Annotated[list[CommentaryLine], Field("執行說明", "Empty without words.")]
    problems: Problems


class NewReport(_WorkbookReport):
    """What ``new --json`` prints."""

    schema: Annotated[Literal["reportgen.new/1"], Field("格式", "The name of this form.")]
    written: Annotated[WrittenFileForm | None, Field("檔案", "The workbook; null if none.")]
    edition: Annotated[Edition | None, Field("版次", "Its date of revision; null if none.")]
    data_year: Annotated[RocYear | None, Field("資料年度", "A ROC year; null if none.")]
    years: Annotated[list[RocYear], Field("年度", "The ROC years that have a column.")]
    problems: Problems


class SharedPart(WrittenFileForm):
    """The workbook of a unit."""

    owner: Annotated[NonEmpty, Field("填報單位", "The unit.")]
    rows: Annotated[Count, Field("列數", "How many rows it fills in.")]


class ShareReport(_WorkbookReport):
    """What ``share --json`` prints."""

    schema: Annotated[Literal["reportgen.share/1"], Field("格式", "The name of this form.")]
    edition: Annotated[Edition | None, Field("版次", "105-12-25; null if nothing was shared.")]
    parts: Annotated[list[SharedPart], Field("填報活頁簿", "One for each unit.")]
    problems: Problems


class MergeReportForm(_WorkbookReport):
    """What ``merge --json`` prints."""

    schema: Annotated[Literal["reportgen.merge/1"], Field("格式", "The name of this form.")]
    edition: Annotated[Edition | None, Field("版次", "105-12-25; null if it cannot be read.")]
    written: Annotated[
        WrittenFileForm | None, Field("檔案", "The edition; null if it was not written.")
    ]
    changes: Annotated[list[MergedChange], Field("併入明細", "Every cell that changes.")]
    units: Annotated[list[UnitDelivery], Field("填報狀況", "Every unit of the edition.")]
    problems: Problems


class CollectedWorkbook(_WorkbookReport):
    """A workbook of the folder."""

    status: Annotated[
        str,
        one_of(Status),
        Field("結果", "unchanged: made by an earlier run; refused: for its errors."),
    ]
    files: Annotated[list[FileForm], Field("檔案", "Its documents and what goes with them.")]
    annotated_copy: Annotated[
        FileForm | None, Field("標示複本", "Its copy with the problems marked; null without.")
    ]
    problems: Problems


class CollectReport(TypedDict):
    """What ``collect --json`` prints."""

    schema: Annotated[Literal["reportgen.collect/1"], Field("格式", "The name of this form.")]
    folder: Annotated[str, Field("資料夾", "The folder of the workbooks.")]
    seconds: Annotated[
        float | None,
        rule(minimum=0),
        Field("秒數", "How long it took, in seconds; null if it did not begin."),
    ]
    workbooks: Annotated[list[CollectedWorkbook], Field("活頁簿", "By path.")]
    rollup: Annotated[list[FileForm], Field("彙整", "The files of the roll-up.")]
    problems: Annotated[
        list[ProblemForm], Field("問題", "Of the roll-up, or why it did not begin.")
    ]


class DoctorFinding(TypedDict):
    """Something that the program needs."""

    name: Annotated[NonEmpty, Field("項目", "What it is.")]
    found: Annotated[str, Field("找到", "The version or the like; may be empty.")]
    problem: Annotated[ProblemForm | None, Field("問題", "What is wrong; null if nothing is.")]


class DoctorReport(TypedDict):
    """What ``doctor --json`` prints."""

    schema: Annotated[Literal["reportgen.doctor/1"], Field("格式", "The name of this form.")]
    findings: Annotated[list[DoctorFinding], Field("檢查結果", "All that was looked for.")]


class ServeReport(TypedDict):
    """What ``serve --json`` prints once it runs, or because it cannot."""

    schema: Annotated[Literal["reportgen.serve/1"], Field("格式", "The name of this form.")]
    link: Annotated[NonEmpty | None, Field("連結", "Opens the page, once; null if it cannot.")]
    address: Annotated[NonEmpty | None, Field("位址", "The server's address; null likewise.")]
    problems: Problems
