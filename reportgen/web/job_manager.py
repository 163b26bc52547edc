"""Management of jobs: upload, new versions, comparison, rasterization, removal."""

from __future__ import annotations

import logging
import secrets
import shutil
import threading
import time
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TooSlowError
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from reportgen.atomic_files import safe_file_name
from reportgen.problems import Location, Problem, make_problem
from reportgen.processes.call_errors import CallFailedError
from reportgen.processes.worker_pool import Task, WorkerPool
from reportgen.web import worker_tasks
from reportgen.web.document_builds import DocumentBuilds
from reportgen.web.part_jobs import PartJobs
from reportgen.web.removed_items import RemovedItems
from reportgen.web.state_store import write_atomic
from reportgen.web.upload_jobs import EarlierWorkbook, JobKind, JobStage, UploadJob
from reportgen.web.web_translations import HttpError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date
    from pathlib import Path

    from reportgen.problems.problem import Language
    from reportgen.web.sessions import Session
    from reportgen.web.state_store import StateStore
    from reportgen.web.upload_jobs import CellRef, PreviewedDocument
    from reportgen.web.worker_tasks import WorkerConfig

BUILD_WORKERS: Final = 2
RASTER_WORKERS: Final = 1
RASTERIZE_TIMEOUT_S: Final = 30.0  # for a page, the queue before it included
ODT_TIMEOUT_S: Final = 240.0  # for LibreOffice, which starts once for each document
REQUEST_TIMEOUT_S: Final = 120.0  # for any other response
MAX_BUILD_TRIES: Final = 2  # in workers that die, such as for want of memory
MAX_NAME_CHARS: Final = 120
CANCEL_GRACE_S: Final = 8.0  # for an older preview to finish: its worker has cached much
StateChanges = dict[str, Any]
_log = logging.getLogger(__name__)


class JobManager:
    """The worker pools, and the jobs that run in them; ``store`` keeps the jobs on disk."""

    def __init__(
        self, config: WorkerConfig, scratch: Path, store: StateStore | None = None
    ) -> None:
        self.config, self.store = config, store
        self.build_pool = WorkerPool(
            BUILD_WORKERS, worker_tasks.preload, name="maker", scratch=scratch
        )
        self.part_jobs = PartJobs(self)
        self.raster_pool = WorkerPool(
            RASTER_WORKERS, worker_tasks.preload_rasterizer, name="painter", scratch=scratch
        )
        self._scratch = scratch
        self._preview_pool: WorkerPool | None = None
        self._lock = threading.Lock()
        self._version_lock = threading.Lock()
        self.removed_items = RemovedItems(self.discard)
        self.is_closing = False  # nothing fails from now on: the next server goes on with it

    def close(self) -> None:
        """Cancel all jobs and kill the workers; their files are left to the sessions."""
        self.is_closing = True
        self.removed_items.close()
        self.build_pool.close()
        self.raster_pool.close()
        if self._preview_pool is not None:
            self._preview_pool.close()

    def preview_pool(self) -> WorkerPool:
        """Return the pool of one worker that renders new versions incrementally.

        It is started when the first is expected, as it takes the memory of a worker.
        """
        with self._lock:
            if self._preview_pool is None:
                self._preview_pool = WorkerPool(
                    1, worker_tasks.preload, name="previewer", scratch=self._scratch
                )
            return self._preview_pool

    def upload(
        self, session: Session, name: str, content: bytes, *, is_followed: bool = False
    ) -> UploadJob:
        """Store a workbook in the session and queue its build; return the new item at once.

        Of one that ``is_followed`` new versions are expected, and its sections are cached for them.
        Raise HttpError("too many") if the session is full, OSError if it cannot be stored.
        """
        item = self._new_job(session, JobKind.WORKBOOK, name)
        item.is_followed = is_followed
        item.workbook.parent.mkdir(parents=True)
        write_atomic(item.workbook, content)
        self._add(session, item)
        self.build(item)
        return item

    def new_version(
        self,
        item: UploadJob,
        name: str,
        content: bytes,
        edited: tuple[CellRef, ...] = (),
        *,
        merges: int = 0,
        of_run: int | None = None,
    ) -> bool:
        """Make ``content`` the item's workbook: preview it at once, then build its documents.

        What is shown stays until the new pages are there, on which changes are marked; ``edited``
        are the cells that were set on the page, ``merges`` counts the merges that are in it. The
        workbook from before a merge is kept. The parts of the item are read again. No-op for the
        same bytes. Return False, and do nothing, if the item's run is not ``of_run``. Raise OSError
        if it cannot be stored.
        """
        with self._version_lock:
            if of_run not in (None, item.run):
                return False
            state = item.state
            is_same = (edited, merges) == (state.edited, state.merges)
            if (
                is_same
                and state.stage is not JobStage.FAILED
                and content == item.workbook.read_bytes()
            ):
                return True
            path = item.folder / f"source-{item.run + 1}" / _safe_name(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomic(path, content)
            self._cancel_tasks(item)
            if merges > state.merges:
                before = EarlierWorkbook(path=item.workbook, replaced=time.time())
                item.earlier = (*item.earlier, before)
            item.name, item.workbook = name, path  # before the run, as a merge looks at both
            item.workbook_version += 1
            self._begin_run(item)
            item.update(
                stage=JobStage.CHECKING,
                ahead=0,
                files=(),
                problems=(),
                edited=edited,
                merges=merges,
                stale=False,
            )
            self._preview(item)
        self.part_jobs.renew(item)
        return True

    def set_cell(self, item: UploadJob, cell: CellRef, value: str, run: int) -> tuple[Problem, ...]:
        """Set a cell in a copy of an item's workbook, its new version; return reasons against it.

        E354 if the item has another version than ``run``. Raise HttpError as :meth:`run_in_pool`.
        """
        if item.run == run:
            content, problems = self.run_in_pool(
                self.build_pool,
                REQUEST_TIMEOUT_S,
                worker_tasks.set_cell,
                item.workbook,
                cell,
                value,
                group=item.owner,
            )
            if content is None:
                return tuple(problems)
            edited = tuple(dict.fromkeys((*item.state.edited, cell)))
            merges = item.state.merges
            if self.new_version(item, item.name, content, edited, merges=merges, of_run=run):
                return ()
        return (make_problem("E354", Location(sheet=cell.sheet, cell=cell.cell)),)

    def resume(self, sessions: Iterable[Session]) -> None:
        """Queue the jobs of an earlier server that had not ended, each in a new run.

        What was removed is kept for the rest of its time.
        """
        sessions = tuple(sessions)
        for session in sessions:
            for item in (*session.items.values(), *session.removed.values()):
                item.on_change = self._store_change
            for item in session.items.values():
                if item.state.stage is JobStage.WAITING:
                    self._start_again(item)
        self.removed_items.resume(sessions)

    @staticmethod
    def _begin_run(item: UploadJob) -> None:
        """Begin a run; figures go with the pages that are shown until there are others."""
        files = (item.results, item.words) if item.state.documents else ()
        figures = [file for file in files if file.is_file()]
        item.run += 1
        item.outputs.folder.mkdir(parents=True, exist_ok=True)
        for file in figures:
            shutil.copyfile(file, item.outputs.folder / file.name)

    def _start_again(self, item: UploadJob) -> None:
        """Queue an item's job in a new run."""
        old = item.outputs.folder
        self._begin_run(item)
        shutil.rmtree(old, ignore_errors=True)
        if item.kind is JobKind.COMPARISON:
            self._compare(item)
        else:
            self.build(item)

    def _add(self, session: Session, item: UploadJob) -> None:
        """Add an item to a session and store it; raise HttpError("too many") or OSError.

        Nothing is left of it then.
        """
        try:
            session.add(item)
            if self.store is not None:
                self.store.save_item(item)
        except BaseException:
            session.items.pop(item.id, None)
            self.discard(item)
            raise

    def _store_change(self, item: UploadJob) -> None:
        """Store an item that has changed; a full disk is logged, as the item goes on."""
        if self.store is None:
            return
        try:
            self.store.save_item(item)
        except OSError:
            if not item.is_removed:
                _log.exception("%s", item.folder)

    def build(self, item: UploadJob, before: tuple[PreviewedDocument, ...] = ()) -> None:
        """Queue the check of an item's workbook, then the build of each document; return at once.

        The item's state is updated from other threads; changes since ``before`` are marked.
        """

        def on_checked(changes: StateChanges) -> None:
            """Update the item, and queue the build of the documents that it gets."""
            names = changes.pop("names", ())
            if changes["stage"] is JobStage.REFUSED:
                item.update(**changes, stale=bool(item.state.documents))
                self._tidy(item)
                return
            item.update(**changes)
            if names:
                problems = changes["problems"]
                DocumentBuilds(self, item, names, problems, before).submit()

        config = self.worker_config(item)
        self.submit(item, on_checked, worker_tasks.check, config, item.workbook, item.outputs)

    def _preview(self, item: UploadJob) -> None:
        """Queue the incremental rendering of a new version, and then the build of its files."""
        before = item.state.documents

        def on_previewed(changes: StateChanges) -> None:
            """Show the pages; once all of them are there, queue the build."""
            stage = changes.pop("stage", JobStage.RENDERING)
            is_over = stage is JobStage.REFUSED
            item.show_preview({**changes, "stage": stage if is_over else JobStage.RENDERING})
            if stage is JobStage.READY:
                self.build(item, before)
            elif is_over:
                self._tidy(item)

        arguments = (self.worker_config(item), item.workbook, item.results, before)
        task = self._task(item, on_previewed, worker_tasks.preview, arguments)
        if not self.preview_pool().submit(task):
            self.build(item, before)

    def warm_up(self, item: UploadJob) -> None:
        """Render an item for the caches alone, so that its next version is shown at once."""
        task = Task(
            worker_tasks.preview,
            (self.worker_config(item), item.workbook, item.results),
            on_result=lambda changes: None,
            on_error=lambda error: None,  # the next version will tell
            group=item.owner,
            is_long=True,
        )
        item.tasks.append(task)
        self.preview_pool().submit(task)

    def end_build(self, item: UploadJob) -> None:
        """Remove what earlier runs left, and prepare for the next version if one is expected."""
        self._tidy(item)
        if item.is_followed:
            item.is_followed = False
            self.warm_up(item)

    def _tidy(self, item: UploadJob) -> None:
        """Delete the files of an item's earlier runs, and PDFs that are no longer shown."""
        with self._version_lock:
            shown = {
                f"{page.source}.pdf" for document in item.state.documents for page in document.pages
            }
            kept = {item.outputs.folder, item.workbook.parent}
            kept |= {earlier.path.parent for earlier in item.earlier}
            for folder in (*item.folder.glob("run-*"), *item.folder.glob("source*")):
                if folder not in kept:
                    shutil.rmtree(folder, ignore_errors=True)
            item.outputs.checked.unlink(missing_ok=True)
            for pdf in item.pdfs.glob("*.pdf"):
                if pdf.name not in shown:
                    pdf.unlink(missing_ok=True)

    def compare(self, session: Session, older: UploadJob, newer: UploadJob) -> UploadJob:
        """Copy two workbooks into a new item of the session and queue their comparison.

        Return the item at once. Raise HttpError("too many") if the session is full.
        """
        # Copied, as the two may be removed meanwhile.
        name, content = older.workbook.name, older.workbook.read_bytes()
        return self.compare_contents(session, older.name, (name, content), newer)

    def compare_contents(
        self, session: Session, label: str, older: tuple[str, bytes], newer: UploadJob
    ) -> UploadJob:
        """Store two workbooks in a new item of the session and queue their comparison.

        The older one is given by file name and content, ``label`` is what it is called. Return and
        raise as :meth:`compare`.
        """
        item = self._new_job(session, JobKind.COMPARISON, f"{label} → {newer.name}")
        paths = [item.folder / "0" / older[0], item.folder / "1" / newer.workbook.name]
        for path, content in zip(paths, (older[1], newer.workbook.read_bytes()), strict=True):
            path.parent.mkdir(parents=True)
            path.write_bytes(content)
        item.older, item.workbook = paths
        self._add(session, item)
        self._compare(item)
        return item

    def _compare(self, item: UploadJob) -> None:
        """Queue the comparison of an item's two workbooks; return at once."""
        config = self.worker_config(item)
        self.submit(
            item,
            lambda changes: item.update(**changes),
            worker_tasks.compare,
            config,
            item.older,
            item.workbook,
            item.files,
        )

    def remove(self, session: Session, item: UploadJob) -> None:
        """Remove an item from its session and cancel its tasks; it is kept for a while."""
        session.items.pop(item.id, None)
        self._cancel_tasks(item)
        self.part_jobs.cancel(item)
        item.removed = time.time()
        item.mark_removed()
        self._store_change(item)
        self.removed_items.keep(session, item)

    def restore(self, session: Session, identifier: str) -> UploadJob:
        """Take back an item that was removed, and begin its job again if it had not ended.

        Raise HttpError: "gone" if it is not kept, "too many" if the session is full.
        """
        item = session.removed.get(identifier)
        if item is None:
            raise HttpError("gone")
        session.add(item)
        in_order = sorted(session.items.values(), key=lambda other: other.created)
        session.items = {other.id: other for other in in_order}
        self.removed_items.take_back(session, item)
        item.bring_back()
        has_ended = item.state.stage in (JobStage.READY, JobStage.REFUSED, JobStage.FAILED)
        self._store_change(item)
        if not has_ended:
            self._start_again(item)
        return item

    def discard(self, item: UploadJob) -> None:
        """Cancel an item's tasks, mark it as removed for good, and delete its folder."""
        self._cancel_tasks(item)
        self.part_jobs.cancel(item)
        if self.store is not None:
            self.store.forget_item(item)
        item.removed = None
        item.mark_removed()
        shutil.rmtree(item.folder, ignore_errors=True)

    def _cancel_tasks(self, item: UploadJob) -> None:
        """Cancel the tasks of an item's run; none of them changes the item any more."""
        tasks, item.tasks = item.tasks, []
        for task in tasks:
            self.build_pool.cancel(task)
            if self._preview_pool is not None:  # whose worker has cached much
                self._preview_pool.cancel(task, CANCEL_GRACE_S)

    def end(self, session: Session) -> None:
        """Discard all items of a session that has ended, and delete its folder."""
        if self.store is not None:
            self.store.forget_session(session)
        for item in (*session.items.values(), *session.removed.values()):
            self.removed_items.forget(item)
            self.discard(item)
        shutil.rmtree(session.folder, ignore_errors=True)

    def rasterize(self, item: UploadJob, source: str, index: int, width: int) -> bytes:
        """Return a page as PNG of ``width`` pixels.

        ``source`` is the SHA-256 of its PDF, ``index`` counts from 0. Raise HttpError: "gone" for a
        page that the item does not show, else as :meth:`run_in_pool`.
        """
        pages = (page for document in item.state.documents for page in document.pages)
        if not any(page.source == source and page.index == index for page in pages):
            raise HttpError("gone")
        pdf = item.pdfs / f"{source}.pdf"
        content: bytes = self.run_in_pool(
            self.raster_pool, RASTERIZE_TIMEOUT_S, worker_tasks.rasterize_page, pdf, index, width
        )
        return content

    def annotated_copy(self, item: UploadJob, language: Language) -> Path:
        """Return the path of the workbook's annotated copy, written once per version of the item.

        Raise HttpError: "unreadable" with the reasons if it cannot be made, else as
        :meth:`run_in_pool`.
        """
        copy = item.folder / f"marked-{language}-{item.version}" / f"{item.workbook.stem}_檢查"
        copy = copy.with_name(copy.name + item.workbook.suffix)
        if not copy.exists():
            problems = item.state.problems
            arguments = (item.workbook, problems, language, copy)
            reasons = self.run_in_pool(
                self.build_pool,
                REQUEST_TIMEOUT_S,
                worker_tasks.write_annotated_copy,
                *arguments,
                group=item.owner,
            )
            if reasons:
                raise _error_with_reasons("unreadable", reasons)
        return copy

    def make_odt(self, item: UploadJob) -> None:
        """Add the documents of an item as ODT to its files, unless they are there.

        Raise HttpError: "not ready" before all documents are made, "not converted" with the
        reasons, else as :meth:`run_in_pool`.
        """
        run, state = item.run, item.state
        if item.kind is not JobKind.WORKBOOK or state.stage is not JobStage.READY:
            raise HttpError("not ready")
        made = {file.document for file in state.files if file.format == "odt"}
        names = tuple(document.name for document in state.documents if document.name not in made)
        if not names:
            return
        downloads, reasons = self.run_in_pool(
            self.build_pool,
            ODT_TIMEOUT_S,
            worker_tasks.write_odt,
            *(self.worker_config(item), item.workbook, item.files, names),
            group=item.owner,
        )
        if reasons or not downloads:
            raise _error_with_reasons("not converted", reasons)
        if item.run == run:
            item.update(files=tuple(dict.fromkeys((*item.state.files, *downloads))))

    def next_edition(self, item: UploadJob, day: date | None = None) -> tuple[str, bytes]:
        """Return file name and content of a workbook for the next edition, by default of today.

        Raise HttpError: "unreadable" if contents would be lost, else as :meth:`run_in_pool`.
        """
        name, content, reasons = self.run_in_pool(
            self.build_pool,
            REQUEST_TIMEOUT_S,
            worker_tasks.next_edition,
            item.workbook,
            day or _today(),
            group=item.owner,
        )
        if reasons or not content:
            raise _error_with_reasons("unreadable", reasons)
        return name, content

    def blank(self) -> bytes:
        """Return a blank workbook for today as bytes; raise HttpError as :meth:`run_in_pool`."""
        content: bytes = self.run_in_pool(
            self.build_pool, REQUEST_TIMEOUT_S, worker_tasks.blank_workbook, _today()
        )
        return content

    def run_in_pool(
        self,
        pool: WorkerPool,
        seconds: float,
        function: Callable[..., Any],
        *arguments: Any,
        group: str = "",
    ) -> Any:
        """Wait for a call in a worker, before long tasks of its group, and return its result.

        Raise HttpError: "busy" if the queue is full, or the result is not there after ``seconds``
        (the call is cancelled then); "fault" if it raises or its worker dies.
        """
        result: Future[Any] = Future()
        task = Task(
            function,
            arguments,
            result.set_result,
            result.set_exception,
            group=group,
            own_work_s=seconds,
        )
        if not pool.submit(task):
            raise HttpError("busy")
        try:
            return result.result(seconds)
        except TooSlowError:
            pool.cancel(task)
            raise HttpError("busy") from None
        except CallFailedError as error:
            raise HttpError("fault") from error

    def _new_job(self, session: Session, kind: JobKind, name: str) -> UploadJob:
        """Return a new job with its own id, a folder that is not created, and a safe file name.

        It is not added to the session.
        """
        identifier = secrets.token_urlsafe(9)
        folder = session.folder / identifier
        return UploadJob(
            id=identifier,
            kind=kind,
            name=name,
            folder=folder,
            workbook=folder / "source" / _safe_name(name),
            owner=session.folder.name,
            on_change=self._store_change,
        )

    def worker_config(self, item: UploadJob) -> WorkerConfig:
        """Return the settings of workers with the item's own folder of PDFs, created if missing."""
        item.pdfs.mkdir(parents=True, exist_ok=True)
        return replace(self.config, pdfs=item.pdfs)

    def submit(
        self,
        item: UploadJob,
        on_result: Callable[[StateChanges], None],
        function: Callable[..., Any],
        *arguments: Any,
        is_long: bool = False,
    ) -> None:
        """Queue a call as one of the item's tasks; ``on_result`` gets its reports and its result.

        The item fails with E510 if the call does, with E511 if the queue is full; nothing is
        raised.
        """
        task = self._task(item, on_result, function, arguments, is_long=is_long)
        if not self.build_pool.submit(task):
            self._fail(item, make_problem("E511", Location(file=item.name)))

    def _task(
        self,
        item: UploadJob,
        on_result: Callable[[StateChanges], None],
        function: Callable[..., Any],
        arguments: tuple[Any, ...],
        *,
        is_long: bool = False,
    ) -> Task:
        """Return a call as one of the item's tasks, which is not queued."""
        run = item.run

        def on_own_result(changes: StateChanges) -> None:
            """Take a result, unless another run has begun meanwhile."""
            if item.run == run:
                on_result(changes)

        def on_error(error: CallFailedError) -> None:
            """Set the item to failed with E510."""
            # It is over, and its worker is not to be killed.
            item.tasks = [other for other in item.tasks if other is not task]
            self._fail(item, make_problem("E510", Location(file=item.name), found=str(error)))

        def on_queue_position(position: int) -> None:
            """Count the tasks before an item's first one."""
            if item.state.stage is JobStage.WAITING:
                item.update(ahead=position)

        task = Task(
            function,
            arguments,
            on_result=on_own_result,
            on_error=on_error,
            on_queue_position=on_queue_position,
            group=item.owner,
            is_long=is_long,
            max_tries=MAX_BUILD_TRIES,
        )
        item.tasks.append(task)
        return task

    def _fail(self, item: UploadJob, problem: Problem) -> None:
        """Cancel an item's tasks and set it to failed; pages of an earlier version are stale.

        While the server ends its state stays, so that the next one takes the job up again.
        """
        if self.is_closing:
            return
        self._cancel_tasks(item)
        stale = item.run > 1 and bool(item.state.documents)
        item.update(stage=JobStage.FAILED, problems=(problem,), stale=stale)


def _safe_name(name: str) -> str:
    """Return a file name that any system has; of one beyond MAX_NAME_CHARS the end counts."""
    stem, dot, suffix = name[-MAX_NAME_CHARS:].rpartition(".")
    if not dot:
        return safe_file_name(suffix)
    return f"{safe_file_name(stem)}.{safe_file_name(suffix)}"


def _error_with_reasons(code: str, reasons: tuple[Any, ...]) -> HttpError:
    """Return an HttpError with the first three problems in both languages."""
    chinese = "".join(problem.line("zh-TW") for problem in reasons[:3])
    english = " ".join(problem.line("en") for problem in reasons[:3])
    return HttpError(code, reason=chinese, reason_en=english)


def _today() -> Any:
    """Return the local date of today."""
    return datetime.now().astimezone().date()
