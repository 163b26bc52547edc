"""The state of a server on disk, so that a restart, or a kill, loses nothing.

``state.json`` has the token of the start link and the port. Each session has a folder with
``session.json``, each of its items a folder in it with ``item.json``, the workbook and what was
made of it. Each file is replaced in one step; what has no such file yet, or no longer, was never
acknowledged or is removed, and is deleted at the next start. Whoever can read the folder can be
anybody on the page, so it is made for its owner alone.
"""

from __future__ import annotations

import errno
import json
import logging
import os
import shutil
import tempfile
import threading
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from reportgen.archive import durable_io
from reportgen.archive.lock import LockTimeoutError, UnlockableError, file_lock
from reportgen.problems import Location, Problem
from reportgen.web.sessions import Session
from reportgen.web.upload_jobs import (
    CellRef,
    Download,
    EarlierWorkbook,
    JobKind,
    JobStage,
    JobState,
    Page,
    PartsState,
    PreviewedDocument,
    UploadJob,
    WorkbookSummary,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

FORMAT: Final = 1
_SKIPPED_VERSIONS: Final = 1000  # versions since the last that was stored were told to the page
_LOCK_TIMEOUT_S: Final = 3.0  # a server that was just killed may still be ending
_STORED_OF_PARTS: Final = ("is_shared", "due", "done", "units")  # what is read again is not
_INVALID: Final = (LookupError, TypeError, ValueError, AttributeError)
_log = logging.getLogger(__name__)


class StateError(OSError):
    """The folder cannot be used; ``strerror`` says why."""


class StateStore:
    """The folder of a server's state, which nobody else writes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.sessions_folder = folder / "sessions"
        self._path = folder / "state.json"
        self._lock = threading.Lock()
        content = _read_json(self._path) or {"format": FORMAT}
        if content.get("format") != FORMAT:
            raise StateError(errno.EINVAL, f"{self._path.name}: format {content.get('format')}")
        self.token = str(content.get("token", ""))
        self.port = content["port"] if isinstance(content.get("port"), int) else 0
        self.sessions_folder.mkdir(exist_ok=True)

    def save_server(self, token: str, port: int) -> None:
        """Store what the next start needs to be reached by the same link; raise OSError."""
        write_json(self._path, {"format": FORMAT, "token": token, "port": port})

    def save_session(self, session: Session) -> None:
        """Store a session without its items; a full disk is logged, as the session goes on."""
        content = {
            "id": session.id,
            "csrf": session.csrf,
            "is_owner": session.is_owner,
            "user": session.user,
            "last_seen": session.last_seen,
        }
        try:
            session.folder.mkdir(exist_ok=True)
            write_json(session.folder / "session.json", content)
        except OSError:
            _log.exception("%s", session.folder)

    def forget_session(self, session: Session) -> None:
        """Remove the record of a session, whose folder is then deleted at the next start."""
        (session.folder / "session.json").unlink(missing_ok=True)

    def save_item(self, item: UploadJob) -> None:
        """Store an item as it is now, unless it was removed; raise OSError."""
        with self._lock:
            if item.is_removed and item.removed is None:
                return
            state, version = item.snapshot()
            content = {
                "kind": item.kind,
                "name": item.name,
                "created": item.created,
                "removed": item.removed,
                "workbook": item.workbook.relative_to(item.folder).as_posix(),
                "older": item.older and item.older.relative_to(item.folder).as_posix(),
                "earlier": [
                    [earlier.path.relative_to(item.folder).as_posix(), earlier.replaced]
                    for earlier in item.earlier
                ],
                "parts": {name: getattr(item.parts, name) for name in _STORED_OF_PARTS},
                "run": item.run,
                "workbook_version": item.workbook_version,
                "version": version,
                "state": asdict(state),
            }
            write_json(item.folder / "item.json", content)

    def forget_item(self, item: UploadJob) -> None:
        """Mark an item as removed, and remove its record; its folder is the caller's to delete."""
        with self._lock:
            item.removed = None
            item.mark_removed()
            (item.folder / "item.json").unlink(missing_ok=True)

    def load_sessions(self) -> tuple[Session, ...]:
        """Return the sessions with their items, and delete the folders of those that ended.

        An item whose documents are not all there, or were stored by another version of the program,
        is WAITING. A record that cannot be read is logged, and its folder left alone.
        """
        sessions = []
        for folder in sorted(self.sessions_folder.iterdir()):
            content = _record(folder, "session.json")
            if content is None:
                continue
            try:
                session = Session(
                    id=str(content["id"]),
                    csrf=str(content["csrf"]),
                    folder=folder,
                    is_owner=content["is_owner"] is True,
                    user=str(content.get("user", "")),
                    last_seen=float(content["last_seen"]),
                )
            except _INVALID:
                _log.error("%s", folder / "session.json")
                continue
            items = [item for path in sorted(folder.iterdir()) if (item := _load_item(path))]
            items.sort(key=_creation_time)
            session.items = {item.id: item for item in items if item.removed is None}
            session.removed = {item.id: item for item in items if item.removed is not None}
            sessions.append(session)
        return tuple(sessions)


@contextmanager
def open_state(folder: Path) -> Iterator[StateStore]:
    """Yield the store of a folder, created if missing, which is locked meanwhile.

    Raise StateError if it cannot be used, is another server's, or has another format.
    """
    with ExitStack() as stack:
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = folder / "lock"
            lock.touch()
            stack.enter_context(file_lock(lock, exclusive=True, seconds=_LOCK_TIMEOUT_S))
            store = StateStore(folder)
        except LockTimeoutError:
            raise StateError(errno.EBUSY, os.strerror(errno.EBUSY)) from None
        except UnlockableError as error:
            raise StateError(errno.ENOLCK, str(error)) from None
        except OSError as error:
            raise StateError(error.errno, error.strerror or type(error).__name__) from error
        yield store


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Replace a file by JSON in one step; raise OSError and leave the file as it was."""
    write_atomic(path, json.dumps(content, ensure_ascii=False).encode("utf-8", "surrogatepass"))


def write_atomic(path: Path, content: bytes) -> None:
    """Replace a file in one step, on disk when this returns; raise OSError and leave it as it was.

    Its folder must exist.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        durable_io.move(Path(name), path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise


def _read_json(path: Path) -> dict[str, Any] | None:
    """Return a JSON object, {} for anything else in the file, None without a file."""
    try:
        content = json.loads(path.read_bytes().decode("utf-8", "surrogatepass"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _record(folder: Path, name: str) -> dict[str, Any] | None:
    """Return the record in a folder; delete a folder without one and return None."""
    if not folder.is_dir():
        return None
    content = _read_json(folder / name)
    if content is None:
        shutil.rmtree(folder, ignore_errors=True)
    return content


def _creation_time(item: UploadJob) -> float:
    """Return when an item was created, in seconds since 1970."""
    return item.created


def _load_item(folder: Path) -> UploadJob | None:
    """Return the item of a folder; None for what is none, which is deleted if it has no record."""
    content = _record(folder, "item.json")
    if content is None:
        return None
    try:
        item = UploadJob(
            id=folder.name,
            kind=JobKind(content["kind"]),
            name=str(content["name"]),
            folder=folder,
            workbook=folder / content["workbook"],
            older=folder / content["older"] if content["older"] else None,
            created=float(content["created"]),
            earlier=tuple(
                EarlierWorkbook(path=folder / path, replaced=float(replaced))
                for path, replaced in content.get("earlier", ())
            ),
            run=int(content["run"]),
            workbook_version=int(content.get("workbook_version", 1)),
            removed=None if content.get("removed") is None else float(content["removed"]),
            owner=folder.parent.name,
            version=int(content["version"]) + _SKIPPED_VERSIONS,
        )
        item.parts = PartsState(files=part_names(item.parts_folder), **content.get("parts", {}))
    except _INVALID:
        _log.error("%s", folder / "item.json")
        return None
    item.is_removed = item.removed is not None
    with suppress(*_INVALID):
        item.state = state_from_json(content["state"])
    has_ended = item.state.stage in (JobStage.READY, JobStage.REFUSED, JobStage.FAILED)
    if not has_ended or not _is_complete(item):
        item.state = JobState(edited=item.state.edited, merges=item.state.merges)
    return item


def part_names(folder: Path) -> tuple[str, ...]:
    """Return the names of the parts in a folder; none if it is missing.

    What is there whole was handed in; what a kill interrupted has a hidden name.
    """
    if not folder.is_dir():
        return ()
    return tuple(sorted(path.name for path in folder.iterdir() if not path.name.startswith(".")))


def _is_complete(item: UploadJob) -> bool:
    """Return whether the files and pages that an item's state names are there."""
    sources = {page.source for document in item.state.documents for page in document.pages}
    paths = [(item.files / file.name, file.size) for file in item.state.files]
    try:
        return all((item.pdfs / f"{source}.pdf").is_file() for source in sources) and all(
            path.stat().st_size == size for path, size in paths
        )
    except OSError:
        return False


def state_from_json(content: Mapping[str, Any]) -> JobState:
    """Return a state from what ``dataclasses.asdict`` made of it, by way of JSON.

    Raise LookupError, TypeError or ValueError for anything else, such as a problem's code that
    this version does not have.
    """
    documents = tuple(
        PreviewedDocument(
            name=document["name"],
            title=document["title"],
            workbook_version=document.get("workbook_version", 1),
            pages=tuple(
                Page(**{**page, "places": tuple(page["places"]), "changes": tuple(page["changes"])})
                for page in document["pages"]
            ),
        )
        for document in content["documents"]
    )
    problems = tuple(
        Problem(
            code=problem["code"],
            where=Location(**problem["where"]),
            fields=tuple((name, text) for name, text in problem["fields"]),
        )
        for problem in content["problems"]
    )
    for problem in problems:
        problem.line()  # raises KeyError for a code or fields that this version does not have
    return JobState(
        stage=JobStage(content["stage"]),
        facts=WorkbookSummary(**content["facts"]) if content["facts"] else None,
        problems=problems,
        documents=documents,
        files=tuple(Download(**file) for file in content["files"]),
        stale=content["stale"],
        sealed=content["sealed"],
        remarks=content.get("remarks", 0),
        edited=tuple(CellRef(**cell) for cell in content["edited"]),
        merges=content["merges"],
    )


__all__ = [
    "StateError",
    "StateStore",
    "open_state",
    "part_names",
    "state_from_json",
    "write_atomic",
]
