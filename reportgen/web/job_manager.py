"""Management of jobs: upload, build, comparison, rasterization, removal."""

from __future__ import annotations

import logging
import secrets
import shutil
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TooSlowError
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from reportgen.atomic_files import safe_file_name
from reportgen.problems import Location, make_problem
from reportgen.processes.call_errors import CallFailedError
from reportgen.processes.worker_pool import Task, WorkerPool
from reportgen.web import worker_tasks
from reportgen.web.part_jobs import PartJobs, take_over_parts
from reportgen.web.state_store import write_atomic
from reportgen.web.upload_jobs import JobKind, JobStage, UploadJob
from reportgen.web.web_translations import HttpError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date
    from pathlib import Path

    from reportgen.problems.problem import Language
    from reportgen.web.sessions import Session
    from reportgen.web.state_store import StateStore
    from reportgen.web.worker_tasks import WorkerConfig

BUILD_WORKERS: Final = 2
RASTER_WORKERS: Final = 1
RASTERIZE_TIMEOUT_S: Final = 30.0  # for a page, the queue before it included
ODT_TIMEOUT_S: Final = 240.0  # for LibreOffice, which starts once for each document
REQUEST_TIMEOUT_S: Final = 120.0  # for any other response
MAX_NAME_CHARS: Final = 120
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

    def close(self) -> None:
        """Cancel all jobs and kill the workers; their files are left to the sessions."""
        self.build_pool.close()
        self.raster_pool.close()

    def upload(
        self, session: Session, name: str, content: bytes, replaced: UploadJob | None = None
    ) -> UploadJob:
        """Store a workbook in the session and queue its build; return the new item at once.

        It takes over the parts of ``replaced``, which is not removed. Raise HttpError("too many")
        if the session is full, OSError if it cannot be stored.
        """
        item = self._new_job(session, JobKind.WORKBOOK, name)
        item.workbook.parent.mkdir(parents=True)
        write_atomic(item.workbook, content)
        if replaced is not None:
            take_over_parts(replaced, item)
        self._add(session, item)
        self.build(item)
        return item

    def resume(self, sessions: Iterable[Session]) -> None:
        """Queue the jobs of an earlier server that had not ended, each in a new run."""
        for item in [item for session in sessions for item in session.items.values()]:
            item.on_change = self._store_change
            if item.state.stage is JobStage.WAITING:
                shutil.rmtree(item.outputs, ignore_errors=True)
                item.run += 1
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
            self.remove(session, item)
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

    def build(self, item: UploadJob) -> None:
        """Queue the check and build of an item's workbook; return at once.

        The item's state is updated from another thread.
        """
        self._submit(
            item,
            worker_tasks.build,
            self._worker_config(item),
            item.workbook,
            item.files,
            item.results,
        )

    def compare(self, session: Session, older: UploadJob, newer: UploadJob) -> UploadJob:
        """Copy two workbooks into a new item of the session and queue their comparison.

        Return the item at once. Raise HttpError("too many") if the session is full.
        """
        item = self._new_job(session, JobKind.COMPARISON, f"{older.name} → {newer.name}")
        for number, compared in enumerate((older, newer)):
            folder = item.folder / str(number)
            folder.mkdir(parents=True)
            # Copied, as the two may be removed meanwhile.
            shutil.copyfile(compared.workbook, folder / compared.workbook.name)
        item.older = item.folder / "0" / older.workbook.name
        item.workbook = item.folder / "1" / newer.workbook.name
        self._add(session, item)
        self._compare(item)
        return item

    def _compare(self, item: UploadJob) -> None:
        """Queue the comparison of an item's two workbooks; return at once."""
        config = self._worker_config(item)
        self._submit(item, worker_tasks.compare, config, item.older, item.workbook, item.files)

    def remove(self, session: Session, item: UploadJob) -> None:
        """Remove an item from its session, cancel its task, and delete its files."""
        session.items.pop(item.id, None)
        self.discard(item)

    def discard(self, item: UploadJob) -> None:
        """Cancel an item's task, mark it as removed, and delete its folder."""
        for task in filter(None, (item.task, item.parts_task)):
            self.build_pool.cancel(task)
        if self.store is not None:
            self.store.forget_item(item)
        item.mark_removed()
        shutil.rmtree(item.folder, ignore_errors=True)

    def end(self, session: Session) -> None:
        """Discard all items of a session that has ended, and delete its folder."""
        if self.store is not None:
            self.store.forget_session(session)
        for item in tuple(session.items.values()):
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
                self.build_pool, REQUEST_TIMEOUT_S, worker_tasks.write_annotated_copy, *arguments
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
        config = self._worker_config(item)
        downloads, reasons = self.run_in_pool(
            self.build_pool,
            ODT_TIMEOUT_S,
            worker_tasks.write_odt,
            *(config, item.workbook, item.files, names),
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
        self, pool: WorkerPool, seconds: float, function: Callable[..., Any], *arguments: Any
    ) -> Any:
        """Wait for a call in a worker and return its result.

        Raise HttpError: "busy" if the queue is full, or the result is not there after ``seconds``
        (the call is cancelled then); "fault" if it raises or its worker dies.
        """
        result: Future[Any] = Future()
        task = Task(
            function, arguments, result.set_result, result.set_exception, own_work_s=seconds
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

        Of a name beyond MAX_NAME_CHARS the end counts. It is not added to the session.
        """
        identifier = secrets.token_urlsafe(9)
        folder = session.folder / identifier
        stem, dot, suffix = name[-MAX_NAME_CHARS:].rpartition(".")
        safe_name = (
            f"{safe_file_name(stem)}.{safe_file_name(suffix)}" if dot else safe_file_name(suffix)
        )
        path = folder / "source" / safe_name
        return UploadJob(
            id=identifier,
            kind=kind,
            name=name,
            folder=folder,
            workbook=path,
            on_change=self._store_change,
        )

    def _worker_config(self, item: UploadJob) -> WorkerConfig:
        """Return the settings of workers with the item's own folder of PDFs, created if missing."""
        item.pdfs.mkdir(parents=True, exist_ok=True)
        return replace(self.config, pdfs=item.pdfs)

    def _submit(self, item: UploadJob, function: Callable[..., Any], *arguments: Any) -> None:
        """Queue a call as the item's task; its reports and its result update the item's state.

        The item fails with E510 if the call does, with E511 if the queue is full; nothing is
        raised.
        """
        run = item.run

        def update(**changes: Any) -> None:
            """Update the item, unless a merge has begun another run meanwhile."""
            if item.run == run:
                item.update(**changes)

        def on_error(error: CallFailedError) -> None:
            """Set the item to failed with E510."""
            problem = make_problem("E510", Location(file=item.name), found=str(error))
            update(stage=JobStage.FAILED, problems=(problem,))

        item.task = Task(
            function,
            arguments,
            on_result=lambda changes: update(**changes),
            on_error=on_error,
            on_queue_position=lambda position: update(ahead=position),
        )
        if not self.build_pool.submit(item.task):
            item.update(
                stage=JobStage.FAILED, problems=(make_problem("E511", Location(file=item.name)),)
            )


def _error_with_reasons(code: str, reasons: tuple[Any, ...]) -> HttpError:
    """Return an HttpError with the first three problems in both languages."""
    chinese = "".join(problem.line("zh-TW") for problem in reasons[:3])
    english = " ".join(problem.line("en") for problem in reasons[:3])
    return HttpError(code, reason=chinese, reason_en=english)


def _today() -> Any:
    """Return the local date of today."""
    return datetime.now().astimezone().date()
