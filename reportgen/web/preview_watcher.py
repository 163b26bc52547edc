"""Watching of a workbook and its templates, with a live preview after each save.

The newest save wins: rendering of an older one is cancelled. Saves are detected by file system
events; a workbook that cannot be read is read again shortly after, as a program may still be
writing it.
"""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, Final

from reportgen.problems import Location, has_errors, make_problem
from reportgen.processes.worker_pool import Task, WorkerPool
from reportgen.web import worker_tasks
from reportgen.web.job_manager import CANCEL_GRACE_S
from reportgen.web.upload_jobs import JobKind, JobStage, UploadJob

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reportgen.processes.call_errors import CallFailedError
    from reportgen.web.job_manager import JobManager
    from reportgen.web.worker_tasks import WorkerConfig

DEBOUNCE_MS: Final = 40  # without a further change: editors write in several steps
RETRY_AFTER_S: Final = 0.4  # until a half-written workbook is read again
WRITE_FILES_AFTER_S: Final = 1.5  # after the preview, until the files are built
WATCH_TIMEOUT_MS: Final = 400  # how often the thread checks whether to stop


class PreviewWatcher:
    """A watcher of a workbook on disk, and its job."""

    def __init__(
        self, workbook: Path, folder: Path, config: WorkerConfig, job_manager: JobManager
    ) -> None:
        self.item = UploadJob(
            id="live", kind=JobKind.LIVE, name=workbook.name, folder=folder, workbook=workbook
        )
        self.item.pdfs.mkdir(parents=True)
        self._config, self._job_manager = replace(config, pdfs=self.item.pdfs), job_manager
        self._pool = WorkerPool(1, worker_tasks.preload, name="live", scratch=folder)
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None
        self._watcher = threading.Thread(target=self._watch, name="watcher", daemon=True)

    def start(self) -> None:
        """Queue a rendering of the workbook as it is, and start the thread that watches."""
        self.refresh()
        self._watcher.start()

    def close(self) -> None:
        """Stop watching, kill the worker, and mark the item as removed."""
        self._stop.set()
        if self._timer is not None:
            self._timer.cancel()
        self._pool.close()
        self.item.mark_removed()

    def refresh(self) -> None:
        """Queue a rendering of the files on disk, cancelling one in progress."""
        self._submit_render(again=True)

    def _submit_render(self, *, again: bool) -> None:
        """Cancel a running preview and a pending retry or build, and queue a new preview.

        ``again`` allows another try if the workbook is half written. No-op once closed.
        """
        with self._lock:
            if self._stop.is_set():
                return
            if self._timer is not None:
                self._timer.cancel()
            item = self.item
            running, item.tasks = item.tasks, []
            for task in running:
                self._pool.cancel(task, CANCEL_GRACE_S)
                self._job_manager.build_pool.cancel(task)

            def on_error(error: CallFailedError) -> None:
                """Set the item to failed with E510; documents shown before become stale."""
                problem = make_problem("E510", Location(file=item.name), found=str(error))
                stale = bool(item.state.documents)
                item.update(stage=JobStage.FAILED, stale=stale, problems=(problem,))

            task = Task(
                worker_tasks.preview,
                (self._config, item.workbook, item.results, item.state.documents),
                on_result=lambda changes: self._on_result(changes, again=again),
                on_error=on_error,
            )
            item.tasks.append(task)
            item.update(stage=JobStage.CHECKING, files=())
            self._pool.submit(task)

    def _on_result(self, changes: dict[str, Any], *, again: bool) -> None:
        """Update the item with a result of a preview, intermediate or last.

        If the workbook was half written and ``again``, the result is dropped and the preview tried
        once more after RETRY_AFTER_S. Documents that are missing in the result stay as they were.
        After the last one without errors the files are built, WRITE_FILES_AFTER_S later.
        """
        problems = changes.get("problems", ())
        refused = changes.get("stage") is JobStage.REFUSED
        if (
            refused
            and again
            and any(problem.code in worker_tasks.HALF_WRITTEN_CODES for problem in problems)
        ):
            self._schedule(RETRY_AFTER_S, lambda: self._submit_render(again=False))
            return
        self.item.show_preview(changes)
        if changes.get("stage") is JobStage.READY and not has_errors(problems):
            self._schedule(WRITE_FILES_AFTER_S, self._write_files)

    def _write_files(self) -> None:
        """Queue the build of the sealed files, which then become downloads of the item.

        No-op once closed.
        """
        with self._lock:
            if self._stop.is_set():
                return
            item = self.item
            task = Task(
                worker_tasks.files_only,
                (self._config, item.workbook, item.files),
                on_result=lambda changes: item.update(**changes),
                on_error=lambda error: None,  # the preview stays; downloads report the error
            )
            item.tasks.append(task)
            self._job_manager.build_pool.submit(task)

    def _schedule(self, seconds: float, action: Any) -> None:
        """Call ``action`` after so many seconds in another thread; nothing once closed.

        It is remembered as the one timer that a new preview cancels.
        """
        if self._stop.is_set():
            return
        self._timer = threading.Timer(seconds, action)
        self._timer.daemon = True
        self._timer.start()

    def _watch(self) -> None:
        """Refresh the preview whenever the workbook or a template changes, until stopped.

        Folders of templates that are created later are not watched.
        """
        from watchfiles import watch

        template_folders = {
            subfolder for folder in self._template_folders() for subfolder in _folder_tree(folder)
        }
        folders = {self.item.workbook.parent, *template_folders}
        for changes in watch(
            *folders,
            watch_filter=lambda change, path: is_relevant(
                Path(path), self.item.workbook, self._template_folders()
            ),
            debounce=DEBOUNCE_MS,
            step=DEBOUNCE_MS // 2,
            rust_timeout=WATCH_TIMEOUT_MS,
            yield_on_timeout=True,
            stop_event=self._stop,
            recursive=False,  # the workbook's folder may hold a huge tree
            ignore_permission_denied=True,  # of a subfolder: the rest is watched all the same
        ):
            if changes:
                self.refresh()

    def _template_folders(self) -> set[Path]:
        """Return the existing folders of the templates in use, which are watched."""
        return {folder for folder in worker_tasks.template_folders(self._config) if folder.is_dir()}


def is_relevant(changed: PurePath, workbook: PurePath, folders: Iterable[PurePath]) -> bool:
    """Return whether a changed path is the workbook, or a file in one of the templates' folders.

    Hidden files and those that editors write for a moment are not.
    """
    if changed == workbook:
        return True
    name = changed.name
    if name.startswith((".", "~$", "#")) or name.endswith(("~", ".swp", ".tmp", ".part")):
        return False
    return any(folder in changed.parents for folder in folders)


def _folder_tree(folder: Path) -> tuple[Path, ...]:
    """Return a folder and all folders below it."""
    return (folder, *(path for path in folder.rglob("*") if path.is_dir()))
