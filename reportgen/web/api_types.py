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
    part_limit: int  # bytes of a part that is handed in
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
    remarks: int  # that readers of its link have left
    parts: PartsCount | None  # null until the item is shared or parts come back


class PlaceJson(TypedDict):
    """A region of a page that shows a KPI or a figure of it, in shares of the page."""

    kpi: str
    year: int | None
    x: float
    y: float
    w: float
    h: float


class BoxJson(TypedDict):
    """A region of a page, in shares of it."""

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
    changes: list[BoxJson]  # where it differs from the version before


class DocumentJson(TypedDict):
    """A document and its pages."""

    name: str
    label: Label
    title: str
    workbook_version: int  # of the item, from 1, that the pages are of
    pages: list[PageJson]


class FileJson(TypedDict):
    """A file to download."""

    name: str
    size: int  # bytes
    document: str
    format: str


class CellRefJson(TypedDict):
    """A cell of a workbook."""

    sheet: str
    cell: str


class Item(ItemSummary):
    """An item with all that is known of it."""

    problems: list[ProblemJson]
    documents: list[DocumentJson]
    files: list[FileJson]
    marked: bool  # a copy with the problems can be had
    sealed: bool  # the pages are those of the files
    run: int  # of which upload or edit these are the results
    edited: list[CellRefJson]  # cells that were set in the server's copy of the workbook
    merges: int  # of parts, that are in this copy and not in the user's file


class RemovedItem(TypedDict):
    """An item that was removed and can be taken back."""

    id: str
    name: str
    seconds: int  # how long it is kept


class ItemsAnswer(TypedDict):
    """The items of the session, newest first, and those that can be taken back."""

    items: list[ItemSummary]
    removed: list[RemovedItem]


class CellEditRequest(TypedDict):
    """A value for a cell of an item's workbook, as it would be typed."""

    sheet: str
    cell: str
    value: str
    run: int  # of the item, as the page knows it


class CellEditAnswer(TypedDict):
    """The item with the cell set, or null with the reasons against it."""

    item: Item | None
    problems: list[ProblemJson]


class RemarkJson(TypedDict):
    """A remark that the reader of a link left on a page."""

    name: str
    text: str
    document: str
    workbook_version: int  # whose page it is
    page: int  # from 1
    time: str  # ISO 8601, UTC


class ReviewLinkAnswer(TypedDict):
    """The read-only link of an item, null without one, and the remarks of all its links."""

    token: str | None  # the page is /review/<token>
    expires: str | None  # ISO 8601, UTC
    remarks: list[RemarkJson]


class ReviewAnswer(TypedDict):
    """What a read-only link opens."""

    reader: str  # whom the proxy names; "" for others
    title: str
    agency: str
    edition: str
    status: str
    expires: str  # ISO 8601, UTC
    documents: list[DocumentJson]
    files: list[FileJson]  # the PDFs
    remarks: list[RemarkJson]


class RemarkRequest(TypedDict):
    """A remark on a page, to be left by a link."""

    name: str
    text: str
    document: str
    workbook_version: int  # of the pages that the reader sees
    page: int  # from 1


class RemarksAnswer(TypedDict):
    """The remarks that were left by a link, oldest first."""

    remarks: list[RemarkJson]


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


class ChangedFigureJson(TypedDict):
    """A figure that differs from the approved one; null where a side lacks it."""

    figure: str
    was: str | None
    now: str | None


class SlipJson(TypedDict):
    """A slip of approval and its state; what it says is null if it cannot be read."""

    folder: str  # below the archive's object: 105-12-25/001
    state: Literal["valid", "void", "withdrawn", "withdrawal", "invalid"]
    time: str  # of its line in the log, ISO 8601, UTC
    number: int | None
    role: str | None  # the round
    names: list[str]
    date: str | None  # ISO 8601 day
    remark: str
    withdraws: int | None  # the slip that it withdraws
    can_be_withdrawn: bool
    voided_by: str  # name of the version that made it void
    changed_figures: list[ChangedFigureJson]
    changed_files: list[str]
    key: str | None  # SHA-256 of the public key of its signature
    signature_checked: bool
    files: list[str]  # slip.json, and of a signed slip slip.sig and key.pem


class ApprovalJson(TypedDict):
    """The approval of an archived edition, as it is for its newest print."""

    id: str  # of the newest print
    name: str  # 105-12-25#1
    rounds: list[str]
    approved: list[str]
    next: str | None  # the round that comes next
    open_rounds: list[str]  # that a slip may be given for: the last approved one and the next
    may_approve: bool  # whether this session may
    slips: list[SlipJson]


class ApprovalAnswer(TypedDict):
    """The approval of an edition, or null with the reasons."""

    approval: ApprovalJson | None
    problems: list[ProblemJson]


class ApproveRequest(TypedDict):
    """An approval of an archived edition; the day is today if it is empty."""

    role: str
    name: str
    remark: str
    date: str  # ISO 8601 day


class WithdrawRequest(TypedDict):
    """The withdrawal of a slip, with its reason."""

    number: int
    name: str
    remark: str


class SlipReceiptAnswer(TypedDict):
    """What was written, or null with the reasons; ``head`` is the archive's code afterwards."""

    written: int | None  # number of the slip
    head: str
    approval: ApprovalJson | None
    problems: list[ProblemJson]


class PreviousFigure(TypedDict):
    """What an archived edition printed of a KPI for its data year."""

    kpi: str
    name: str
    printed: str


class PreviousAnswer(TypedDict):
    """The figures of the agency's archived edition of an earlier year; null without one."""

    edition: str | None
    year: int | None  # its data year, ROC
    figures: list[PreviousFigure]
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


class CompareArchivedRequest(TypedDict):
    """An archived edition, and an item to be compared with it."""

    edition: int  # its number in the archive
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
