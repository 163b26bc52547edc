"""Parts of an item: handed in, read in the background, merged once somebody has confirmed it.

A part is on disk before it is acknowledged. Whatever changes the parts or the workbook has them
read again; what is merged is the very workbook whose report was shown.
"""

from __future__ import annotations

import shutil
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from reportgen.atomic_files import safe_file_name
from reportgen.problems import Location, make_problem
from reportgen.processes.worker_pool import Task
from reportgen.web import part_tasks, serializers
from reportgen.web.state_store import part_names, write_atomic
from reportgen.web.upload_jobs import JobKind, PartsStage
from reportgen.web.web_translations import HttpError

if TYPE_CHECKING:
    from reportgen.processes.call_errors import CallFailedError
    from reportgen.web.api_types import PartsReport, ShareAnswer
    from reportgen.web.job_manager import JobManager
    from reportgen.web.sessions import Session
    from reportgen.web.upload_jobs import UploadJob

MAX_PART_BYTES: Final = 20 * 1024 * 1024
MAX_SESSION_PARTS: Final = 200  # in all items of a session
MAX_MERGES: Final = 50  # of an item, each of which keeps a workbook
SHARE_TIMEOUT_S: Final = 240.0  # of which LibreOffice takes most, for .ods
_DONE: Final = ("delivered", "filled")
_WITHOUT_REPORT: Final = (PartsStage.UNREAD, PartsStage.FAILED)


class PartJobs:
    """What can be done with the parts of items."""

    def __init__(self, manager: JobManager) -> None:
        self._manager = manager
        self._lock = threading.RLock()
        self._outdated: set[str] = set()  # items whose parts have changed since their task began

    def share(self, item: UploadJob, due: str, suffix: str) -> ShareAnswer:
        """Make the parts of an item as ``shared.zip``; return what is in it, and the problems.

        ``due`` is shown on them; ``suffix`` "" is the workbook's own. Raise HttpError as
        ``run_in_pool``.
        """
        own = ".ods" if item.workbook.suffix.lower() == ".ods" else ".xlsx"
        target = shared_zip(item)
        target.parent.mkdir(parents=True, exist_ok=True)
        arguments = (item.workbook, due, suffix or own, target)
        answer: ShareAnswer = self._manager.run_in_pool(
            self._manager.build_pool,
            SHARE_TIMEOUT_S,
            part_tasks.share,
            *arguments,
            group=item.owner,
        )
        if answer["parts"]:
            item.update_parts(is_shared=True, due=due)
            # Who owes what; a report that is there or under way says so already, and a merge of it
            # that is confirmed just now must not be refused.
            if item.kind is JobKind.WORKBOOK and item.parts.stage in _WITHOUT_REPORT:
                self.read(item)
        return answer

    def add(self, session: Session, item: UploadJob, name: str, content: bytes) -> None:
        """Store a part that was handed in, and queue the reading of all parts.

        A part of the same name and bytes is there already; one with other bytes gets another name.
        Raise HttpError: "too large", "too many parts"; OSError if it cannot be stored.
        """
        if len(content) > MAX_PART_BYTES:
            raise HttpError("too large", limit=MAX_PART_BYTES // 1024**2)
        with self._lock:
            folder = item.parts_folder
            folder.mkdir(exist_ok=True)
            path = _free_path(folder, name, content)
            if not path.exists():
                if sum(len(other.parts.files) for other in session.items.values()) >= (
                    MAX_SESSION_PARTS
                ):
                    raise HttpError("too many parts", limit=MAX_SESSION_PARTS)
                write_atomic(path, content)
            self.read(item)

    def remove(self, item: UploadJob, name: str) -> None:
        """Delete a part, and queue the reading of the others; raise HttpError("gone")."""
        with self._lock:
            if name not in item.parts.files:
                raise HttpError("gone")
            (item.parts_folder / name).unlink(missing_ok=True)
            self.read(item)

    def read(self, item: UploadJob) -> None:
        """Queue the reading of an item's parts; return at once.

        While they are being read already, they are read once more afterwards.
        """
        with self._lock:
            item.update_parts(files=part_names(item.parts_folder), stage=PartsStage.WAITING)
            if item.parts_task is not None:
                self._outdated.add(item.id)
                return
            workbook = item.workbook
            arguments = (workbook, item.parts_folder, item.parts.files, item.merges)
            item.parts_task = Task(
                part_tasks.read_parts,
                arguments,
                on_result=lambda report: self._end(item, workbook, report, PartsStage.READY),
                on_error=lambda error: self._on_error(item, workbook, error),
                group=item.owner,
            )
            is_queued = self._manager.build_pool.submit(item.parts_task)
        if not is_queued:
            self._end(item, workbook, _failure(item, "E511"), PartsStage.FAILED)

    def renew(self, item: UploadJob) -> None:
        """Read the parts again of an item that has another workbook now, if they were read."""
        if item.parts.stage is not PartsStage.UNREAD:
            self.read(item)

    def cancel(self, item: UploadJob) -> None:
        """Cancel the reading of the parts of an item that is removed.

        If it is taken back, they are read when somebody looks at them.
        """
        with self._lock:
            task, item.parts_task = item.parts_task, None
            self._outdated.discard(item.id)
            if task is not None:
                item.update_parts(stage=PartsStage.UNREAD)
        if task is not None:
            self._manager.build_pool.cancel(task)

    def merge(self, item: UploadJob, key: str, *, is_partial: bool) -> PartsReport:
        """Make the merged workbook the item's own, and queue its build; return what was merged.

        ``key`` is that of the report which was confirmed. The workbook before is kept. Raise
        HttpError: "parts changed" if the report is another one by now, "nothing to merge" without
        changes, or with errors unless ``is_partial``; "too many merges".
        """
        with self._lock:
            run, before, parts = item.run, item.workbook, item.parts  # in this order
            report = parts.report
            is_read = parts.stage is PartsStage.READY and parts.workbook == before
            if report is None or not is_read or report["key"] != key:
                raise HttpError("parts changed")
            has_errors = any(problem["severity"] == "error" for problem in report["problems"])
            if not report["changes"] or (has_errors and not is_partial):
                raise HttpError("nothing to merge")
            if len(item.earlier) >= MAX_MERGES:
                raise HttpError("too many merges", limit=MAX_MERGES)
            content = merged_workbook(item, key).read_bytes()
            edited, merges = item.state.edited, item.state.merges + 1
            if not self._manager.new_version(
                item, item.name, content, edited, merges=merges, of_run=run
            ):
                raise HttpError("parts changed")
        return report

    def _on_error(self, item: UploadJob, workbook: Path, error: CallFailedError) -> None:
        """Report that the parts could not be read."""
        self._end(item, workbook, _failure(item, "E510", found=str(error)), PartsStage.FAILED)

    def _end(self, item: UploadJob, workbook: Path, report: PartsReport, stage: PartsStage) -> None:
        """Take what a task has found, and delete what the reading before it had written.

        If the parts or the workbook have changed since, they are read again instead. Nothing
        fails while the server ends: the next one reads them.
        """
        if self._manager.is_closing and stage is PartsStage.FAILED:
            return
        with self._lock:
            item.parts_task = None
            if item.is_removed:
                self._outdated.discard(item.id)
                item.update_parts(stage=PartsStage.UNREAD)
            elif item.id in self._outdated or item.workbook != workbook:
                self._outdated.discard(item.id)
                self.read(item)
            else:
                item.update_parts(
                    report=report, workbook=workbook, stage=stage, **_counts(item, report)
                )
                for folder in item.merges.iterdir() if item.merges.is_dir() else ():
                    if folder.name != report["key"]:  # no task writes there now
                        shutil.rmtree(folder, ignore_errors=True)


def _counts(item: UploadJob, report: PartsReport) -> dict[str, int]:
    """Return how many units have filled in all, and how many there are; unknown, those of before.

    Rows that nobody is asked for are no unit's.
    """
    units = [unit for unit in report["units"] if unit["owner"]]
    if not units:
        return {"done": item.parts.done, "units": item.parts.units}
    return {"done": sum(unit["delivery"] in _DONE for unit in units), "units": len(units)}


def shared_zip(item: UploadJob) -> Path:
    """Return where the parts of an item's present workbook are, once they were made."""
    return item.outputs.folder / "shared.zip"


def merged_workbook(item: UploadJob, key: str) -> Path:
    """Return where the workbook is that a report's merge gives."""
    return item.merges / key / f"{part_tasks.MERGED_STEM}{item.workbook.suffix}"


def _free_path(folder: Path, name: str, content: bytes) -> Path:
    """Return where a part is to be stored: a file that is there has the same bytes."""
    given = Path(name)
    stem = safe_file_name(given.stem)
    suffix = f".{safe_file_name(given.suffix)}" if given.suffix else ""
    path, number = folder / f"{stem}{suffix}", 1
    while path.exists() and path.read_bytes() != content:
        number += 1
        path = folder / f"{stem}_{number}{suffix}"
    return path


def _failure(item: UploadJob, code: str, **fields: Any) -> PartsReport:
    """Return a report of nothing but why there is none."""
    problem = make_problem(code, Location(file=item.name), **fields)
    problems = serializers.problems_json([problem])
    return {"key": "", "units": [], "changes": [], "problems": problems}
