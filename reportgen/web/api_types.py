"""The JSON that the server sends and takes, as types that its serializers return.

:mod:`reportgen.web.openapi` makes the OpenAPI description of them, and the page's JavaScript is
checked against that.
"""

from __future__ import annotations

from typing import Literal, TypedDict

from reportgen.sharing.merge_schema import (  # noqa: TC001 (openapi reads the types)
    MergedChange,
    UnitDelivery,
)

KindName = Literal["workbook", "comparison", "live"]
StageName = Literal["waiting", "checking", "rendering", "ready", "refused", "failed"]
SeverityName = Literal["error", "warning", "notice"]
PartsStageName = Literal["unread", "waiting", "ready", "failed"]

ErrorText = TypedDict("ErrorText", {"code": str, "zh-TW": str, "en": str})
Label = TypedDict("Label", {"zh-TW": str, "en": str})


class ErrorAnswer(TypedDict):
    """A refusal, in both languages."""

    error: ErrorText


class ExcerptLine(TypedDict):
    """A line of a template around an error."""

    line: int
    text: str
    here: bool


ProblemJson = TypedDict(
    "ProblemJson",
    {
        "code": str,
        "severity": SeverityName,
        "sheet": str,
        "cell": str,
        "file": str,
        "line": int | None,
        "zh-TW": str,
        "en": str,
        "excerpt": list[ExcerptLine],
    },
)


class SessionAnswer(TypedDict):
    """The server and the session."""

    version: str
    language: Literal["zh-TW", "en"]
    limit: int  # bytes of an upload
    live: str | None  # identifier of the live item
    archive: str
    user: str  # whom the proxy names; "" for others
    may_archive: bool
    has_others: bool  # others sign in by a password, and can sign out
    is_lasting: bool  # signing out leaves the items
    busy: int  # tasks that wait or run


class HealthAnswer(TypedDict):
    """Whether the server works."""

    ok: bool
    busy: int  # tasks that wait or run


class ProblemCounts(TypedDict):
    """How many problems there are of each severity."""

    error: int
    warning: int
    notice: int


class PartsCount(TypedDict):
    """How many units there are, and how many of them have filled in all that they are asked."""

    done: int
    units: int


class ItemSummary(TypedDict):
    """An item in the list; what the workbook says is null until it is read."""

    id: str
    version: int
    kind: KindName
    name: str
    stage: StageName
    ahead: int  # items before it in the queue
    agency: str | None
    title: str | None
    edition: str | None
    status: str | None
    counts: ProblemCounts
    has_pages: bool
    stale: bool  # the pages are older than the errors
    parts: PartsCount | None  # null until the item is shared or parts come back


class PlaceJson(TypedDict):
    """A region of a page that shows a KPI or a figure of it, in shares of the page."""

    kpi: str
    year: int | None
    x: float
    y: float
    w: float
    h: float


class WordsOnKpi(TypedDict):
    """A text of 執行說明 as the review prints it, and its cell."""

    kpi: str
    year: int
    column: str
    text: str
    sheet: str
    cell: str


class WordsAnswer(TypedDict):
    """The words on an item's KPIs."""

    words: list[WordsOnKpi]


class PageJson(TypedDict):
    """A page, by its PDF's SHA-256 and its index from 0; sizes are in points."""

    source: str
    index: int
    width: float
    height: float
    text: str
    places: list[PlaceJson]


class DocumentJson(TypedDict):
    """A document and its pages."""

    name: str
    label: Label
    title: str
    pages: list[PageJson]


class FileJson(TypedDict):
    """A file to download."""

    name: str
    size: int  # bytes
    document: str
    format: str


class Item(ItemSummary):
    """An item with all that is known of it."""

    problems: list[ProblemJson]
    documents: list[DocumentJson]
    files: list[FileJson]
    marked: bool  # a copy with the problems can be had
    sealed: bool  # the pages are those of the files


class ItemsAnswer(TypedDict):
    """The items of the session, newest first."""

    items: list[ItemSummary]


class ArchivedFile(TypedDict):
    """A file of an archived edition."""

    name: str
    size: int  # bytes


class ArchivedEdition(TypedDict):
    """An archived edition or reprint."""

    id: str
    agency: str
    name: str  # 105-12-25#1
    edition: str
    title: str
    status: str
    archived: str  # ISO 8601, UTC
    printed: str  # ISO 8601 day
    user: str  # who archived it
    codes: list[str]  # at the foot of its documents' pages
    current: bool  # the agency's latest edition, and its latest print
    files: list[ArchivedFile]


class ArchiveAnswer(TypedDict):
    """The archive, newest edition first."""

    folder: str
    editions: list[ArchivedEdition]
    problems: list[ProblemJson]


class FoundAnswer(TypedDict):
    """The edition with a code, or null with the reasons."""

    id: str | None
    problems: list[ProblemJson]


class ArchiveRequest(TypedDict):
    """An edition to be archived."""

    item: str
    reprint: bool


class ArchiveReceiptAnswer(TypedDict):
    """What was archived, or null with the reasons; ``head`` is the archive's code afterwards."""

    archived: ArchivedEdition | None
    new: bool
    head: str
    problems: list[ProblemJson]


class IdentifiedFile(TypedDict):
    """An archived file: its edition and its path in it."""

    id: str
    edition: str  # with the agency
    name: str


class IdentifiedAnswer(TypedDict):
    """The archived files of the same bytes, oldest first, and what is known without any."""

    sha256: str
    matches: list[IdentifiedFile]
    problems: list[ProblemJson]


class VerifiedAnswer(TypedDict):
    """What was verified of the archive."""

    ok: bool
    editions: int
    files: int
    size: int  # bytes
    head: str
    problems: list[ProblemJson]


class CompareRequest(TypedDict):
    """Two items to be compared."""

    old: str
    new: str


class ShareRequest(TypedDict):
    """How parts are to be made."""

    due: str  # ISO 8601 day by which they are wanted; "" without one
    format: Literal["", "xlsx", "ods"]  # "" for the workbook's own


class SharedPartJson(TypedDict):
    """The workbook of a unit in shared.zip."""

    owner: str
    rows: int
    name: str


class ShareAnswer(TypedDict):
    """What is in shared.zip; no part, and no such file, with the reasons."""

    parts: list[SharedPartJson]
    problems: list[ProblemJson]


class PartFileJson(TypedDict):
    """A part that was handed in."""

    name: str
    size: int  # bytes


class PartsReport(TypedDict):
    """What merging the parts would do; nothing without any."""

    key: str  # of the workbook and the parts that were read
    units: list[UnitDelivery]
    changes: list[MergedChange]
    problems: list[ProblemJson]


class WorkbookVersion(TypedDict):
    """A workbook of the item from before a merge, to be had by its number."""

    number: int
    name: str
    replaced: str  # when, as ISO 8601, UTC


class PartsAnswer(PartsReport):
    """The parts of an item; the report is that of the reading before while they are read."""

    stage: PartsStageName
    due: str  # 106-01-20; "" without one
    files: list[PartFileJson]
    workbook: int  # the number of the present workbook
    earlier: list[WorkbookVersion]  # newest first


class MergeRequest(TypedDict):
    """Which report is to be carried out, and whether in spite of conflicts elsewhere."""

    key: str
    partial: bool
