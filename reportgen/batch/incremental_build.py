"""Incremental build of a folder of workbooks, with a row for each on its result."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from reportgen.atomic_files import BACKUP_FOLDER, TEMPORARY_PREFIX, write_files
from reportgen.batch import batch_executor, build_cache
from reportgen.batch.tasks import BuildOptions, Status, Task, TaskResult
from reportgen.problems import Location, Problem, Severity, has_errors, make_problem
from reportgen.processes.gc_policy import relaxed_gc

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from reportgen.batch.batch_executor import BatchExecutor
    from reportgen.batch.build_cache import CacheEntry
    from reportgen.compute.result_types import Results

WORKBOOK_SUFFIXES: Final = frozenset({".xlsx", ".xlsm", ".xls", ".ods"})  # suffixes of workbooks
ANNOTATED_NAME: Final = "檢查"  # folder and suffix of annotated copies
# Errors that may not recur: too little time or memory, or a killed process.
TRANSIENT_CODES: Final = frozenset({"E133", "E409", "E410"})
ENVIRONMENT_CODE_PREFIX: Final = "E5"  # prefix of codes of a machine's lacks, which may be mended
STALE_AFTER_S: Final = 600  # seconds after which no process still writes a temporary file


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchOptions:
    """The options of a batch."""

    output: Path
    build_options: BuildOptions
    inputs_digest: str  # digest of all inputs but the workbooks
    open_executor: Callable[[], BatchExecutor]
    force: bool = False
    preload: Callable[[], None] = lambda: None  # preloads the roll-up, while workers run
    on_progress: Callable[[WorkbookRow, Progress], None] = lambda row, progress: None


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkbookRow:
    """The result of a workbook."""

    workbook: Path
    name: str  # path below the folder
    status: Status
    problems: tuple[Problem, ...]
    files: tuple[Path, ...] = ()
    annotated_copy: Path | None = None
    cache_entry: Path | None = None  # cache entry with the results
    results: Results | None = None  # if loaded while workers ran


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """The progress of a batch; ``seconds`` is elapsed time."""

    done: int
    total: int
    built: int  # built, not unchanged
    seconds: float

    @property
    def rate(self) -> float:
        """Workbooks built per second."""
        return self.built / self.seconds if self.seconds else 0.0

    @property
    def remaining_seconds(self) -> float | None:
        """The estimated seconds that remain, or None before the second build."""
        return (self.total - self.done) / self.rate if self.built >= 2 and self.rate else None


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchResult:
    """All rows, in the order of the paths."""

    rows: tuple[WorkbookRow, ...]
    seconds: float


def find_workbooks(folder: Path, output: Path) -> tuple[Path, ...]:
    """Return every workbook of a folder and its subfolders, in the order of the paths.

    Lock files, backups, annotated copies, hidden files and the output folder are left out. Only
    names are looked at, not contents.
    """
    return tuple(
        path
        for path in sorted(folder.rglob("*"))
        if path.suffix.lower() in WORKBOOK_SUFFIXES and _is_submission(path, folder, output)
    )


def _is_submission(path: Path, folder: Path, output: Path) -> bool:
    """Return whether a file may be a workbook: neither hidden, nor a backup, nor output of ours."""
    parts = path.relative_to(folder).parts
    is_hidden = any(part.startswith((".", "~$")) or part == BACKUP_FOLDER for part in parts)
    is_output = path.resolve().is_relative_to(output.resolve()) or f"_{ANNOTATED_NAME}" in path.stem
    return not is_hidden and not is_output and path.is_file()


def has_probably_changed(folder: Path, paths: tuple[Path, ...], output: Path) -> bool:
    """Return whether any workbook is newer than its cache entry: a quick guess by file times."""
    return any(
        _is_newer(path, build_cache.entry_path(output, _name(path, folder))) for path in paths
    )


def _is_newer(workbook: Path, record: Path) -> bool:
    """Return whether a workbook changed after its cache entry.

    It is True if either cannot be examined.
    """
    try:
        return workbook.stat().st_mtime > record.stat().st_mtime
    except OSError:
        return True


def _name(path: Path, folder: Path) -> str:
    """Return the path of a workbook below the folder, with ``/`` on every system."""
    return path.relative_to(folder).as_posix()


def build_incrementally(
    folder: Path, paths: tuple[Path, ...], options: BatchOptions
) -> BatchResult:
    """Build the workbooks that changed, and return a row for each, in the order of ``paths``.

    Writes documents, annotated copies and cache entries to the output folder.
    ``options.on_progress`` is called with each row as it is finished. A workbook that fails does
    not stop the others.
    """
    started = time.monotonic()
    _remove_temporary_files(options.output)
    run = _Run(folder, options)
    rows: dict[Path, WorkbookRow] = {}
    built = 0
    with relaxed_gc():
        for path, row in run.rows(paths):
            rows[path] = row
            built += row.status is not Status.UNCHANGED
            seconds = time.monotonic() - started
            progress = Progress(done=len(rows), total=len(paths), built=built, seconds=seconds)
            options.on_progress(row, progress)
    ordered_rows = tuple(replace(rows[path], results=run.results.get(path)) for path in paths)
    return BatchResult(rows=ordered_rows, seconds=time.monotonic() - started)


def results_of(row: WorkbookRow) -> Results | None:
    """Return the results of a row, read from its cache entry if necessary; None if there are none.

    Nothing is kept: a second call reads them again.
    """
    if row.results is not None:
        return row.results
    return build_cache.read_results(row.cache_entry) if row.cache_entry else None


@dataclass(slots=True)
class _Run:
    """The state of a running batch."""

    folder: Path
    options: BatchOptions
    claimed: dict[str, Path] = field(default_factory=dict)  # output file → workbook
    keys: dict[Path, str] = field(default_factory=dict)
    early: list[tuple[Path, WorkbookRow]] = field(default_factory=list)
    unread: list[tuple[Path, Path]] = field(default_factory=list)  # workbook, its cache entry
    results: dict[Path, Results | None] = field(default_factory=dict)
    is_ready: bool = False

    def rows(self, paths: tuple[Path, ...]) -> Iterator[tuple[Path, WorkbookRow]]:
        """Yield each workbook once, with its row, as its build ends or is found to be unnecessary.

        A row is preceded by the writing of its files. The order is not that of ``paths``.
        """
        tasks = self._changed_tasks(paths)
        for path, result in batch_executor.run_batch(
            tasks, self.options.open_executor, self._read_ahead
        ):
            yield path, self._write_workbook(path, result)
            yield from self._take_early()
        yield from self._take_early()

    def _take_early(self) -> Iterator[tuple[Path, WorkbookRow]]:
        """Yield and remove the rows of workbooks that need no build."""
        while self.early:
            yield self.early.pop(0)

    def _read_ahead(self) -> bool:
        """Load one cached result, or preload the roll-up once all are loaded.

        Return whether anything was done, so False from the call after that on.
        """
        if self.unread:
            path, record = self.unread.pop()
            self.results[path] = build_cache.read_results(record)
            return True
        self.is_ready, was_ready = True, self.is_ready
        if not was_ready:
            self.options.preload()
        return not was_ready

    def _changed_tasks(self, paths: tuple[Path, ...]) -> Iterator[tuple[Path, Task]]:
        """Yield path and task of each changed workbook.

        Rows of unchanged and unreadable (E303) ones are appended to ``early``.
        """
        for path in paths:
            name = self._name(path)
            try:
                content = path.read_bytes()
            except OSError as error:
                reason = error.strerror or type(error).__name__
                problem = make_problem("E303", Location(file=name), found=path.name, reason=reason)
                self.early.append((path, self._workbook_row(path, Status.REFUSED, (problem,))))
                continue
            key = build_cache.digest((name.encode(), content, self.options.inputs_digest.encode()))
            self.keys[path] = key
            record = (
                None
                if self.options.force
                else build_cache.read_entry(self.options.output, name, key)
            )
            if record is not None and _is_settled(record):
                self.early.append((path, self._reuse(path, record)))
                continue
            yield path, Task(name=path.name, content=content, options=self.options.build_options)

    def _reuse(self, path: Path, record: CacheEntry) -> WorkbookRow:
        """Return the row of a workbook from its cache entry: UNCHANGED instead of MADE.

        It is REFUSED with E312 if another workbook has the same documents. Its results are to be
        read by :meth:`_read_ahead`.
        """
        if duplicate := self._claim(path, _without_annotated_copies(record.files)):
            return self._workbook_row(path, Status.REFUSED, (*record.problems, *duplicate))
        status = Status.UNCHANGED if record.status is Status.MADE else record.status
        row = self._workbook_row(
            path, status, record.problems, tuple(record.files), record.annotated_copy
        )
        if row.cache_entry is not None:
            self.unread.append((path, row.cache_entry))
        return row

    def _write_workbook(self, path: Path, result: TaskResult) -> WorkbookRow:
        """Write a workbook's files and then its cache entry.

        Return its row. It is REFUSED if another workbook has the same documents, FAILED if a file
        cannot be written.
        """
        problems = result.problems
        if duplicate := self._claim(path, result.files):
            return self._workbook_row(path, Status.REFUSED, (*problems, *duplicate))
        files = dict(result.files)
        marked = ""
        if result.annotated_copy is not None:
            name = path.relative_to(self.folder)
            copy_name = name.with_name(f"{name.stem}_{ANNOTATED_NAME}{name.suffix}")
            marked = f"{ANNOTATED_NAME}/{copy_name.as_posix()}"
            files[marked] = result.annotated_copy
        output = self.options.output
        written, unwritten = write_files({output / name: files[name] for name in files})
        if has_errors(unwritten):
            return self._workbook_row(path, Status.FAILED, (*problems, *unwritten))
        record = build_cache.CacheEntry(
            key=self.keys[path],
            status=result.status,
            problems=problems,
            files={name: build_cache.sha256(content) for name, content in files.items()},
            annotated_copy=marked,
        )
        is_renamed = any(
            file.path != output / name for file, name in zip(written, files, strict=True)
        )
        if not is_renamed:  # an entry cannot name files saved under another name
            unwritten += build_cache.write_entry(output, self._name(path), record, result.results)
        return self._workbook_row(
            path, result.status, (*problems, *unwritten), tuple(files), marked
        )

    def _claim(self, path: Path, files: Iterable[str]) -> tuple[Problem, ...]:
        """Note the workbook's output files as its own, or return E312 if another one's come first.

        Of two workbooks of the same edition the one with the first path counts, whichever is built
        first. If that is this one, the other's cache entry is removed, and a REFUSED row for it
        appended to ``early``.
        """
        files = tuple(files)
        other = next((self.claimed[name] for name in files if name in self.claimed), path)
        if other < path:
            return self._duplicate_problem(path, other)
        self.claimed |= dict.fromkeys(files, path)
        if other != path:
            build_cache.entry_path(self.options.output, self._name(other)).unlink(missing_ok=True)
            self.early.append(
                (
                    other,
                    self._workbook_row(other, Status.REFUSED, self._duplicate_problem(other, path)),
                )
            )
        return ()

    def _duplicate_problem(self, path: Path, other: Path) -> tuple[Problem, ...]:
        """Return E312 for a workbook whose documents another one has."""
        return (make_problem("E312", Location(file=self._name(path)), other=self._name(other)),)

    def _name(self, path: Path) -> str:
        """Return the path of a workbook below the batch's folder, with ``/`` on every system."""
        return _name(path, self.folder)

    def _workbook_row(
        self,
        path: Path,
        status: Status,
        problems: tuple[Problem, ...],
        files: tuple[str, ...] = (),
        marked: str = "",
    ) -> WorkbookRow:
        """Return the row of a workbook, with absolute paths of its files in the output folder.

        ``files`` are names below that folder, ``marked`` among them the annotated copy's. Problems
        get the workbook's name. The cache entry is None if it was not written.
        """
        name, output = self._name(path), self.options.output
        short = name.rpartition("/")[2]
        record = build_cache.entry_path(output, name)
        return WorkbookRow(
            workbook=path,
            name=name,
            status=status,
            problems=tuple(problem.in_workbook(name, short) for problem in problems),
            files=tuple(output / name for name in files if name != marked),
            annotated_copy=output / marked if marked else None,
            cache_entry=record if record.is_file() else None,
        )


def _remove_temporary_files(output: Path) -> None:
    """Remove the temporary files of killed runs below ``output``, if ten minutes old.

    A file that cannot be removed is left.
    """
    for path in output.rglob(f"{TEMPORARY_PREFIX}*"):
        with suppress(OSError):
            if path.is_file() and time.time() - path.stat().st_mtime > STALE_AFTER_S:
                path.unlink()


def _is_settled(record: CacheEntry) -> bool:
    """Return whether rebuilding the same workbook would give the same result.

    It would not after a failure, or an error of the environment.
    """
    codes = {problem.code for problem in record.problems if problem.severity is Severity.ERROR}
    may_pass = any(
        code in TRANSIENT_CODES or code.startswith(ENVIRONMENT_CODE_PREFIX) for code in codes
    )
    return record.status is not Status.FAILED and not may_pass


def _without_annotated_copies(files: Iterable[str]) -> tuple[str, ...]:
    """Return the file names without the annotated copies, which never clash."""
    return tuple(name for name in files if not name.startswith(f"{ANNOTATED_NAME}/"))


__all__ = [
    "BatchOptions",
    "BatchResult",
    "Progress",
    "WorkbookRow",
    "build_incrementally",
    "find_workbooks",
    "has_probably_changed",
    "results_of",
]
