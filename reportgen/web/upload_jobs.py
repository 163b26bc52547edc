"""Jobs of the page: an uploaded workbook, a comparison, the live workbook."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from reportgen.documents import SCORECARD, document_kind
from reportgen.problems import has_errors
from reportgen.web import serializers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from reportgen.problems import Problem
    from reportgen.problems.problem import Language
    from reportgen.processes.worker_pool import Task
    from reportgen.web.api_types import (
        BoxJson,
        CellRefJson,
        DocumentJson,
        FileJson,
        Item,
        ItemSummary,
        Label,
        PartsReport,
        PlaceJson,
        RemovedItem,
    )

WORDS_FILE: Final = "words.json"  # beside the results


class JobKind(StrEnum):
    """The kind of a job."""

    WORKBOOK = "workbook"
    COMPARISON = "comparison"
    LIVE = "live"


class JobStage(StrEnum):
    """The progress of a job."""

    WAITING = "waiting"
    CHECKING = "checking"
    RENDERING = "rendering"
    READY = "ready"
    REFUSED = "refused"  # by problems of the workbook or the template
    FAILED = "failed"  # by this program or this machine


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page to be rasterized: its PDF, its index, its size in points."""

    source: str  # SHA-256 of the PDF
    index: int
    width: float
    height: float
    text: str
    places: tuple[PlaceJson, ...] = ()
    changes: tuple[BoxJson, ...] = ()  # where it differs from the version before


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewedDocument:
    """A document and its pages."""

    name: str
    title: str
    pages: tuple[Page, ...]
    workbook_version: int = 1  # of the item, that the pages are of


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """A file to download."""

    name: str
    size: int  # bytes
    document: str
    format: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkbookSummary:
    """The basic data of a workbook."""

    agency: str
    title: str
    edition: str
    status: str
    data_year: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CellRef:
    """A cell of a workbook."""

    sheet: str
    cell: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JobState:
    """The state of a job at one moment."""

    stage: JobStage = JobStage.WAITING
    ahead: int = 0
    facts: WorkbookSummary | None = None
    problems: tuple[Problem, ...] = ()
    documents: tuple[PreviewedDocument, ...] = ()
    files: tuple[Download, ...] = ()
    stale: bool = False  # the pages are older than the errors
    sealed: bool = True  # the pages are those of the files
    remarks: int = 0  # that readers of its link have left
    edited: tuple[CellRef, ...] = ()  # cells that were set here, in the copy of the workbook
    merges: int = 0  # of parts, that are in this copy and not in the user's file


class PartsStage(StrEnum):
    """Whether the parts of an item were read since they last changed."""

    UNREAD = "unread"
    WAITING = "waiting"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class PartsState:
    """The parts that units have returned of an item."""

    files: tuple[str, ...] = ()  # names in the folder of parts
    stage: PartsStage = PartsStage.UNREAD
    report: PartsReport | None = None  # of the latest reading
    workbook: Path | None = None  # that the report is of
    is_shared: bool = False
    due: str = ""  # 106-01-20
    done: int = 0  # units that have filled in all, as of the latest reading
    units: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierWorkbook:
    """A workbook of an item from before a merge."""

    path: Path
    replaced: float  # seconds since 1970


class RemovedJobError(Exception):
    """The job was removed."""


@dataclass(frozen=True, slots=True)
class Outputs:
    """Where a run writes what it makes."""

    folder: Path

    @property
    def files(self) -> Path:
        """The folder of the downloads."""
        return self.folder / "files"

    @property
    def results(self) -> Path:
        """The path of the results as JSON."""
        return self.folder / "results.json"

    @property
    def checked(self) -> Path:
        """The path of the checked workbook, from which each document is built."""
        return self.folder / "checked.pickle"


@dataclass(slots=True, eq=False)
class UploadJob:
    """A job and its changing state; ``folder`` holds its files."""

    id: str
    kind: JobKind
    name: str
    folder: Path
    workbook: Path  # of a comparison the newer one
    older: Path | None = None
    created: float = field(default_factory=time.time)  # seconds since 1970
    run: int = 1  # counts the builds; each has a folder of its own
    workbook_version: int = 1  # counts the workbooks, of which each may be built more than once
    state: JobState = field(default_factory=JobState)
    parts: PartsState = field(default_factory=PartsState)
    earlier: tuple[EarlierWorkbook, ...] = ()  # oldest first
    version: int = 1
    owner: str = ""  # whose tasks take turns with those of others: the session's folder
    tasks: list[Task] = field(default_factory=list)  # of this run
    parts_task: Task | None = None  # reads the parts
    is_followed: bool = False  # new versions are expected: its file is watched
    is_removed: bool = False
    removed: float | None = None  # when, in seconds since 1970, while it can be taken back
    on_change: Callable[[UploadJob], None] = lambda item: None
    _changed: threading.Condition = field(default_factory=threading.Condition)

    @property
    def results(self) -> Path:
        """The path of the results, which exists once they are computed."""
        return self.outputs.results

    @property
    def words(self) -> Path:
        """The path of the words on the KPIs, which is written with the results."""
        return self.results.with_name(WORDS_FILE)

    @property
    def files(self) -> Path:
        """The folder of the downloads."""
        return self.outputs.files

    @property
    def pdfs(self) -> Path:
        """The folder of the PDFs whose pages are shown, named by their SHA-256.

        All runs share it, as the pages of one stay until those of the next are there.
        """
        return self.folder / "pdfs"

    @property
    def outputs(self) -> Outputs:
        """Where this run writes all that it makes, apart from PDFs to be shown.

        A worker of a killed server may still write into that of an earlier run.
        """
        return Outputs(self.folder / f"run-{self.run}")

    @property
    def parts_folder(self) -> Path:
        """The folder of the parts as they were handed in; missing without any."""
        return self.folder / "parts"

    @property
    def merges(self) -> Path:
        """The folder of what merging would give, by the key of the report."""
        return self.folder / "merges"

    def snapshot(self) -> tuple[JobState, int]:
        """Return the state and its version."""
        with self._changed:
            return self.state, self.version

    def update(self, **changes: Any) -> None:
        """Change fields of the state; if it differs then, raise the version and wake waiters.

        ``on_change`` is called for any field but ``ahead``.
        """
        with self._changed:
            state = replace(self.state, **changes)
            if state == self.state:
                return
            self.state = state
            self.version += 1
            self._changed.notify_all()
        if changes.keys() != {"ahead"}:
            self.on_change(self)

    def show_preview(self, changes: Mapping[str, Any]) -> None:
        """Update the state with the result of a preview, intermediate or last.

        Documents that are missing in it stay as they were; with errors they are stale.
        """
        shown = {document.name: document for document in self.state.documents}
        documents = self.with_version(changes.get("documents", ()))
        rendered = {document.name: document for document in documents}
        documents = tuple((shown | rendered).values())
        stale = has_errors(changes.get("problems", ())) and bool(documents)
        self.update(**{**changes, "documents": documents, "stale": stale, "sealed": False})

    def with_version(self, documents: Iterable[PreviewedDocument]) -> tuple[PreviewedDocument, ...]:
        """Return documents that were just made, as those of the workbook of now."""
        version = self.workbook_version
        return tuple(replace(document, workbook_version=version) for document in documents)

    def update_parts(self, **changes: Any) -> None:
        """Change fields of ``parts``, as :meth:`update` does those of the state."""
        with self._changed:
            parts = replace(self.parts, **changes)
            if parts == self.parts:
                return
            self.parts = parts
            self.version += 1
            self._changed.notify_all()
        self.on_change(self)

    def mark_removed(self) -> None:
        """Mark the job as removed, and wake up those who wait for it."""
        with self._changed:
            self.is_removed = True
            self._changed.notify_all()

    def bring_back(self) -> None:
        """Undo a removal; the version rises, so that pages that know of it ask again."""
        with self._changed:
            self.is_removed, self.removed = False, None
            self.version += 1

    def wait(self, after: int, seconds: float) -> None:
        """Wait for a version later than ``after`` or the removal, at most so many seconds."""
        with self._changed:
            self._changed.wait_for(lambda: self.version > after or self.is_removed, seconds)

    def as_summary(self) -> ItemSummary:
        """Return the job as JSON for the list."""
        return self._summary(*self.snapshot())

    def as_json(self) -> Item:
        """Return the job with all that is known of it as JSON."""
        state, version = self.snapshot()
        return {
            **self._summary(state, version),
            "problems": serializers.problems_json(state.problems, f"{self.folder}/"),
            "documents": [document_json(document, self.kind) for document in state.documents],
            "files": [file_json(file) for file in state.files],
            "marked": self.kind is not JobKind.COMPARISON and state.stage is not JobStage.FAILED,
            "sealed": state.sealed,
            "run": self.run,
            "edited": [_cell_json(cell) for cell in state.edited],
            "merges": state.merges,
        }

    def as_removed(self, now: float, kept_s: float) -> RemovedItem:
        """Return a removed job as JSON; it is kept for ``kept_s`` seconds after its removal."""
        seconds = kept_s - (now - (self.removed if self.removed is not None else now))
        return {"id": self.id, "name": self.name, "seconds": max(0, round(seconds))}

    def _summary(self, state: JobState, version: int) -> ItemSummary:
        """Return a state as JSON for the list; the workbook's fields are None until it is read."""
        facts, parts = state.facts, self.parts
        has_parts = parts.units and (parts.is_shared or parts.files)
        return {
            "id": self.id,
            "version": version,
            "kind": self.kind.value,
            "name": self.name,
            "stage": state.stage.value,
            "ahead": state.ahead,
            "agency": facts.agency if facts else None,
            "title": facts.title if facts else None,
            "edition": facts.edition if facts else None,
            "status": facts.status if facts else None,
            "counts": serializers.problem_counts(state.problems),
            "has_pages": bool(state.documents),
            "stale": state.stale,
            "remarks": state.remarks,
            "parts": {"done": parts.done, "units": parts.units} if has_parts else None,
        }


_TRACKED_LABEL: Label = {"zh-TW": "計分卡（追蹤修訂）", "en": "Scorecard, changes tracked"}


def document_json(document: PreviewedDocument, job_kind: JobKind) -> DocumentJson:
    """Return a previewed document as JSON for the page."""
    name = document.name
    is_tracked = job_kind is JobKind.COMPARISON and name == SCORECARD
    return {
        "name": name,
        "label": _TRACKED_LABEL if is_tracked else _label(document_kind(name).label),
        "title": document.title,
        "workbook_version": document.workbook_version,
        "pages": [
            {
                "source": page.source,
                "index": page.index,
                "width": page.width,
                "height": page.height,
                "text": page.text,
                "places": list(page.places),
                "changes": list(page.changes),
            }
            for page in document.pages
        ],
    }


def _label(texts: Mapping[Language, str]) -> Label:
    """Return a label as JSON."""
    return {"zh-TW": texts["zh-TW"], "en": texts["en"]}


def _cell_json(cell: CellRef) -> CellRefJson:
    """Return a cell as JSON."""
    return {"sheet": cell.sheet, "cell": cell.cell}


def file_json(file: Download) -> FileJson:
    """Return a file to download as JSON, its size in bytes."""
    return {
        "name": file.name,
        "size": file.size,
        "document": file.document,
        "format": file.format,
    }
