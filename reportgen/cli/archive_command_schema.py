"""The forms of what ``archive`` and ``approve`` print with ``--json``."""

from __future__ import annotations

from typing import Annotated, Literal, TypedDict

from reportgen.archive.stored_schema import ArchiveRecordForm, LoggedFile, Time
from reportgen.cli.approval_schema import ApprovalForm
from reportgen.cli.command_schema import FileForm, Problems, WrittenFileForm
from reportgen.json_schema import Count, Day, Edition, Field, NonEmpty, Sha256, one_of, rule
from reportgen.model.scorecard import DataStatus


class HeadForm(TypedDict):
    """The last line of the log, which speaks for every byte before it."""

    code: Annotated[
        str,
        rule(pattern="^[0-9]+(-[0-9A-HJKMNP-TV-Z]{5}){4}$"),
        Field("代碼", "A form to copy by hand: 12-7K3M9-QX2WB-5DH0P-A4T6E."),
    ]
    number: Annotated[Count, Field("次序", "The number of the line.")]
    sha256: Annotated[Sha256, Field("SHA-256", "Of the line.")]


class EntryForm(TypedDict):
    """An archived edition or reprint."""

    agency: Annotated[NonEmpty, Field("機關名稱", "The agency.")]
    edition: Annotated[Edition, Field("版次", "The ROC date of revision, 105-12-25.")]
    reprint: Annotated[Count, Field("重印次序", "0 for the first print.")]
    status: Annotated[str, one_of(DataStatus), Field("資料狀態", "How final the figures are.")]
    printed: Annotated[Day, Field("列印日期", "The day of printing, ISO 8601.")]
    time: Annotated[Time, Field("封存時間", "ISO 8601, UTC.")]
    entry: Annotated[Count, Field("次序", "The number of its line in the log.")]
    object: Annotated[NonEmpty, Field("物件", "The OCFL identifier.")]
    version: Annotated[Count, Field("版本", "The number of the version; 1 is the first.")]
    files: Annotated[list[LoggedFile], Field("檔案", "Its files.")]


class ShownEntry(EntryForm):
    """An archived edition with its record."""

    record: Annotated[
        ArchiveRecordForm | None, Field("紀錄", "record.json; null if it is damaged or missing.")
    ]


class IdentifiedEntry(EntryForm):
    """An archived edition that has a file of the same bytes."""

    path: Annotated[NonEmpty, Field("路徑", "The path of the file in the version.")]


class _ArchiveReport(TypedDict):
    archive: Annotated[str, Field("封存資料夾", "The folder of the archive.")]
    problems: Problems


class AddedWorkbook(TypedDict):
    """A workbook, and how it was archived."""

    workbook: Annotated[str, Field("活頁簿", "As the command names it.")]
    new: Annotated[
        bool | None,
        Field("新封存", "False if the same was archived before; null if it is not archived."),
    ]
    archived: Annotated[EntryForm | None, Field("封存內容", "Null if it is not archived.")]
    head: Annotated[HeadForm | None, Field("封存首", "The new head; null likewise.")]


class ArchiveAddReport(_ArchiveReport):
    """What ``archive add --json`` prints."""

    schema: Annotated[Literal["reportgen.archive.add/1"], Field("格式", "Name of this form.")]
    workbooks: Annotated[list[AddedWorkbook], Field("活頁簿", "In the order of the command.")]


class ArchiveListReport(_ArchiveReport):
    """What ``archive list --json`` prints."""

    schema: Annotated[Literal["reportgen.archive.list/1"], Field("格式", "Name of this form.")]
    editions: Annotated[list[EntryForm], Field("版次", "In the order of archiving.")]


class ArchiveShowReport(_ArchiveReport):
    """What ``archive show --json`` prints."""

    schema: Annotated[Literal["reportgen.archive.show/1"], Field("格式", "Name of this form.")]
    editions: Annotated[list[ShownEntry], Field("版次", "Those of the command that exist.")]


class ArchiveCounts(TypedDict):
    """How much was verified."""

    editions: Annotated[Count, Field("版次數", "Editions and reprints.")]
    files: Annotated[Count, Field("檔案數", "Files of all versions.")]
    size: Annotated[Count, Field("大小", "In bytes.")]


class AnchorForm(TypedDict):
    """A timestamp or a signature of a head, which is valid."""

    kind: Annotated[str, rule(enum=("timestamp", "signature")), Field("種類", "Which of the two.")]
    entry: Annotated[Count, Field("次序", "The line of the log that it vouches for.")]
    time: Annotated[Time, Field("時間", "ISO 8601.")]
    signer: Annotated[NonEmpty, Field("簽署人", "The subject of the certificate.")]
    trusted: Annotated[bool, Field("可信任", "Whether --trust leads to the certificate.")]


class IdentifiedFile(TypedDict):
    """A file of the command, and where it was archived."""

    file: Annotated[str, Field("檔案", "As the command names it.")]
    sha256: Annotated[Sha256 | None, Field("SHA-256", "Null if it cannot be read.")]
    archived: Annotated[list[IdentifiedEntry], Field("封存內容", "Empty if it is not there.")]


class ArchiveVerifyReport(_ArchiveReport):
    """What ``archive verify --json`` prints: of the whole archive, or of the files named."""

    schema: Annotated[Literal["reportgen.archive.verify/1"], Field("格式", "Name of this form.")]
    intact: Annotated[
        bool | None, Field("完好", "Whether all is as it was archived; null if not verified.")
    ]
    counts: Annotated[ArchiveCounts | None, Field("數量", "Null if it was not verified.")]
    head: Annotated[HeadForm | None, Field("封存首", "Null if it was not verified.")]
    anchors: Annotated[list[AnchorForm], Field("時戳與簽章", "The valid ones.")]
    approvals: Annotated[
        list[ApprovalForm], Field("核章", "Of each edition with slips; empty if not verified.")
    ]
    identified: Annotated[list[IdentifiedFile], Field("比對檔案", "The files named.")]


class ArchiveRestoreReport(_ArchiveReport):
    """What ``archive restore --json`` prints."""

    schema: Annotated[Literal["reportgen.archive.restore/1"], Field("格式", "Name of this form.")]
    files: Annotated[list[WrittenFileForm], Field("檔案", "The files restored.")]


class WrittenBag(FileForm):
    """A BagIt bag; ``path`` is its folder."""

    changed: Annotated[bool, Field("有變動", "False if the same bag was there before.")]


class ArchiveExportReport(_ArchiveReport):
    """What ``archive export --json`` prints."""

    schema: Annotated[Literal["reportgen.archive.export/1"], Field("格式", "Name of this form.")]
    bags: Annotated[list[WrittenBag], Field("BagIt", "A bag for each edition.")]


class RebuildDifference(TypedDict):
    """Something that was other when the document was printed; empty where it did not exist."""

    what: Annotated[NonEmpty, Field("項目", "A program, library, font or file.")]
    then: Annotated[str, Field("當時", "Version, size or digest then.")]
    now: Annotated[str, Field("現在", "The same now.")]


class RebuiltDocument(TypedDict):
    """A document that was made again."""

    file: Annotated[NonEmpty, Field("檔案", "The PDF.")]
    document: Annotated[NonEmpty, Field("文件", "The folder of its template.")]
    edition: Annotated[Edition, Field("版次", "The ROC date of revision, 105-12-25.")]
    identical: Annotated[bool, Field("相同", "Whether every byte is the same.")]
    changed: Annotated[list[RebuildDifference], Field("差異", "Empty if identical.")]
    files: Annotated[list[WrittenFileForm], Field("重製檔案", "Empty without --output.")]


class ArchiveRebuildReport(_ArchiveReport):
    """What ``archive rebuild --json`` prints."""

    schema: Annotated[Literal["reportgen.archive.rebuild/1"], Field("格式", "Name of this form.")]
    rebuilt: Annotated[list[RebuiltDocument], Field("重製文件", "Those that can be made again.")]


class ArchiveHeadReport(_ArchiveReport):
    """What ``archive head --json`` prints."""

    schema: Annotated[Literal["reportgen.archive.head/1"], Field("格式", "Name of this form.")]
    head: Annotated[HeadForm | None, Field("封存首", "Null if the archive cannot be read.")]
    time: Annotated[Time | None, Field("時間", "Of its line, ISO 8601, UTC; null likewise.")]


class _AnchorReport(_ArchiveReport):
    entry: Annotated[
        Count | None, Field("次序", "The line of the log that is vouched for; null if none.")
    ]
    head: Annotated[HeadForm | None, Field("封存首", "The new head; null if none.")]


class ArchiveStampReport(_AnchorReport):
    """What ``archive stamp --json`` prints."""

    schema: Annotated[Literal["reportgen.archive.stamp/1"], Field("格式", "Name of this form.")]


class ArchiveSignReport(_AnchorReport):
    """What ``archive sign --json`` prints."""

    schema: Annotated[Literal["reportgen.archive.sign/1"], Field("格式", "Name of this form.")]


class ApproveReport(TypedDict):
    """What ``approve --json`` prints."""

    schema: Annotated[Literal["reportgen.approval/1"], Field("格式", "Name of this form.")]
    archive: Annotated[str, Field("封存資料夾", "The folder of the archive.")]
    written: Annotated[Count | None, Field("新核章單", "Its number; null if none was written.")]
    head: Annotated[HeadForm | None, Field("封存首", "The new head; null if none was written.")]
    approval: Annotated[ApprovalForm | None, Field("核章狀態", "Null if it is not known.")]
    files: Annotated[list[WrittenFileForm], Field("檔案", "Written below --output.")]
    problems: Problems
