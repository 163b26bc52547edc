"""The forms of the JSON that an archive holds: of editions, its log, and the OCFL inventories.

They are read in decades: fields may be added under a new name of the form only.
"""

from __future__ import annotations

from typing import Annotated, Literal, NotRequired, TypedDict

from reportgen.json_schema import (
    Count,
    Day,
    Edition,
    Field,
    NonEmpty,
    RocYear,
    Sha256,
    Sha512,
    one_of,
    rule,
)
from reportgen.model.scorecard import DataStatus
from reportgen.problems import Severity

Time = Annotated[str, rule(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+(Z|[+-][0-9:]+)$")]
ContentPath = Annotated[str, rule(pattern=r"^v[1-9][0-9]*/content/")]
VersionName = Annotated[str, rule(pattern=r"^v[1-9][0-9]*$")]


class FileDigest(TypedDict):
    """The digest of a file."""

    sha256: Annotated[Sha256, Field("SHA-256", "In hexadecimal digits.")]
    size: Annotated[Count, Field("大小", "In bytes.")]


class RecordedFont(FileDigest):
    """A font file that the documents were made with."""

    family: Annotated[NonEmpty, Field("字型", "The family.")]
    file: Annotated[NonEmpty, Field("檔案", "Its name in the object of fonts.")]


class RecordedEnvironment(TypedDict):
    """What made the documents: the same gives the same bytes."""

    versions: Annotated[dict[NonEmpty, str], Field("版本", "Program or library → version.")]
    fonts: Annotated[list[RecordedFont], Field("字型", "The font files.")]


class RecordedParameters(TypedDict):
    """What was asked for."""

    documents: Annotated[list[NonEmpty], Field("文件", "The documents, by template.")]
    formats: Annotated[list[NonEmpty], Field("格式", "The file formats.")]
    data_year: Annotated[RocYear, Field("資料年度", "The ROC year that is reported on.")]
    seals: Annotated[
        dict[NonEmpty, NonEmpty], Field("查驗碼", "File name of each PDF → its long code.")
    ]
    codes: NotRequired[
        Annotated[
            dict[NonEmpty, NonEmpty],
            Field(
                "頁尾查驗碼",
                "PDF → the code on its pages; absent when that had 8 characters.",
            ),
        ]
    ]


class ArchiveRecordForm(TypedDict):
    """``record.json`` of each archived edition and reprint."""

    schema: Annotated[Literal["reportgen.archive-record/1"], Field("格式", "Name of this form.")]
    kind: Annotated[Literal["edition", "reprint"], Field("種類", "First print or reprint.")]
    agency: Annotated[NonEmpty, Field("機關名稱", "The agency.")]
    edition: Annotated[Edition, Field("版次", "The ROC date of revision, 105-12-25.")]
    reprint: Annotated[Count, Field("重印次序", "0 for the first print.")]
    title: Annotated[str, Field("文件名稱", "The title.")]
    status: Annotated[str, one_of(DataStatus), Field("資料狀態", "How final the figures are.")]
    printed: Annotated[Day, Field("列印日期", "The day of printing, ISO 8601.")]
    parameters: Annotated[RecordedParameters, Field("參數", "What was asked for.")]
    environment: Annotated[RecordedEnvironment, Field("環境", "What made the documents.")]
    files: Annotated[dict[NonEmpty, FileDigest], Field("檔案", "Path in the version → digest.")]


ArchivedProblem = TypedDict(
    "ArchivedProblem",
    {
        "code": Annotated[str, rule(pattern="^[EWN][1-9][0-9]{2}$"), Field("代碼", "The code.")],
        "severity": Annotated[str, one_of(Severity), Field("程度", "No edition has errors.")],
        "zh-TW": Annotated[NonEmpty, Field("中文", "The problem with its place, in Chinese.")],
        "en": Annotated[NonEmpty, Field("英文", "The same in English.")],
    },
)
ArchivedProblem.__doc__ = "A problem that the build of the edition reported."

ArchivedProblems = Annotated[
    list[ArchivedProblem], Field("問題", "``reports/problems.json`` of each archived edition.")
]


# --- log.txt --------------------------------------------------------------------------


class _LogLine(TypedDict):
    number: Annotated[Count, Field("次序", "0 is the creation of the archive.")]
    previous: Annotated[
        Sha256, Field("前一行", "SHA-256 of the line before; zeros before the first.")
    ]
    time: Annotated[Time, Field("時間", "ISO 8601, UTC.")]


class CreationLine(_LogLine):
    """The first line."""

    kind: Annotated[Literal["created"], Field("種類", "The creation of the archive.")]
    archive: Annotated[
        str, rule(pattern="^[0-9a-f]{32}$"), Field("封存代號", "Identifies this archive.")
    ]
    format: Annotated[Literal[1], Field("格式", "The version of the log's form.")]


class LoggedFile(FileDigest):
    """A file of a version, under the name in it."""

    path: Annotated[NonEmpty, Field("路徑", "Its path in the version.")]


class _VersionLine(_LogLine):
    object: Annotated[NonEmpty, Field("物件", "The OCFL identifier.")]
    version: Annotated[Count, Field("版本", "The number of the version; 1 is the first.")]
    inventory: Annotated[Sha512, Field("清冊", "SHA-512 of the version's inventory.")]
    files: Annotated[list[LoggedFile], rule(minItems=1), Field("檔案", "Its files.")]


class ObjectLine(_VersionLine):
    """A version of the object of fonts, or of that of timestamps and signatures."""

    kind: Annotated[Literal["fonts", "anchor"], Field("種類", "Which of the two.")]


class _PrintLine(_VersionLine):
    agency: Annotated[NonEmpty, Field("機關名稱", "The agency.")]
    edition: Annotated[Edition, Field("版次", "The ROC date of revision, 105-12-25.")]
    status: Annotated[str, one_of(DataStatus), Field("資料狀態", "How final the figures are.")]
    printed: Annotated[Day, Field("列印日期", "The day of printing, ISO 8601.")]


class EditionLine(_PrintLine):
    """The first print of an edition."""

    kind: Annotated[Literal["edition"], Field("種類", "A first print.")]


class ReprintLine(_PrintLine):
    """A reprint of an edition."""

    kind: Annotated[Literal["reprint"], Field("種類", "A reprint.")]
    reprint: Annotated[int, rule(minimum=1), Field("重印次序", "1 is the first reprint.")]


class ApprovalLine(_VersionLine):
    """An approval slip of an edition, or its withdrawal."""

    kind: Annotated[Literal["approval"], Field("種類", "An approval slip.")]
    agency: Annotated[NonEmpty, Field("機關名稱", "The agency.")]
    edition: Annotated[Edition, Field("版次", "The ROC date of revision, 105-12-25.")]
    reprint: NotRequired[
        Annotated[int, rule(minimum=1), Field("重印次序", "Absent for the first print.")]
    ]


LogLine = Annotated[
    CreationLine | EditionLine | ReprintLine | ApprovalLine | ObjectLine,
    Field("日誌", "The JSON in a line of ``log.txt``, behind its SHA-256."),
]


# --- inventory.json -------------------------------------------------------------------


class InventoryUser(TypedDict):
    """Who archived a version."""

    name: Annotated[NonEmpty, Field("姓名", "The name of the user.")]
    address: Annotated[NonEmpty, Field("位址", "A URI.")]


class InventoryVersion(TypedDict):
    """A version of an object."""

    created: Annotated[Time, Field("時間", "ISO 8601, UTC.")]
    message: Annotated[str, Field("說明", "What was archived.")]
    user: Annotated[InventoryUser, Field("封存人", "Who archived it.")]
    state: Annotated[
        dict[Sha512, list[NonEmpty]], Field("檔案", "SHA-512 → the paths of its files.")
    ]


class InventoryFixity(TypedDict):
    """Further digests of the contents."""

    sha256: Annotated[dict[Sha256, list[ContentPath]], Field("SHA-256", "Digest → contents.")]


class InventoryForm(TypedDict):
    """``inventory.json`` of each object and version; https://ocfl.io/1.1/spec/#inventory."""

    id: Annotated[NonEmpty, Field("物件", "The OCFL identifier.")]
    type: Annotated[
        Literal["https://ocfl.io/1.1/spec/#inventory"], Field("格式", "The specification.")
    ]
    digestAlgorithm: Annotated[Literal["sha512"], Field("摘要", "Of manifest and state.")]
    head: Annotated[VersionName, Field("最新版本", "The newest version, v2.")]
    manifest: Annotated[
        dict[Sha512, list[ContentPath]], Field("內容", "SHA-512 → where the bytes are.")
    ]
    fixity: Annotated[InventoryFixity, Field("其他摘要", "The same contents by SHA-256.")]
    versions: Annotated[dict[VersionName, InventoryVersion], Field("版本", "v1, v2, ….")]
