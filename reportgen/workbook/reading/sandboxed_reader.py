"""Read a workbook in a child process, bounded in time and memory and in parallel to other work.

A workbook may come from anybody, and openpyxl is a large library: whatever the two do to each
other ends within the limits, as a problem.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Final

from reportgen.problems import Location, make_problem
from reportgen.processes.call_errors import CallFailedError, EndReason
from reportgen.processes.persistent_worker import PersistentWorker
from reportgen.processes.resource_limits import Limits, system_lacks_memory
from reportgen.processes.sandbox import SandboxedCall
from reportgen.workbook.reading.workbook_reader import read_file, read_named_bytes

if TYPE_CHECKING:
    from pathlib import Path

    from reportgen.model.scorecard import Scorecard
    from reportgen.problems import Problem

    Read = tuple[Scorecard | None, tuple[Problem, ...]]

READ_TIMEOUT_S: Final = 10
READ_MEMORY: Final = 1_250_000_000  # bytes, in addition to those of this process


class PendingRead(AbstractContextManager["PendingRead"]):
    """A workbook that is being read; leaving the ``with`` block kills the child.

    ``content`` is the very bytes that are read, or None if the file cannot be opened.
    """

    _has_read = False  # whether this process has had a workbook read

    def __init__(self, path: Path) -> None:
        """Start the child process.

        The first imports openpyxl for itself, while its parent loads what else a build needs; those
        that follow have it from their parent.
        """
        self._path = path
        if PendingRead._has_read:
            import openpyxl.reader.excel  # noqa: F401
        PendingRead._has_read = True
        self.content, self._unreadable = read_file(path)
        self._call: SandboxedCall[Read] | None = None
        if self.content is not None:
            self._call = SandboxedCall(read_limits(), _read, path, self.content)

    def result(self) -> Read:
        """Wait for the result of :func:`reportgen.workbook.read`; must be called at most once.

        None with a problem if the file cannot be opened, or as :func:`failure_problem` says if the
        child ended without a result.
        """
        if self._call is None:
            return None, self._unreadable
        try:
            return self._call.result()
        except CallFailedError as error:
            return None, (failure_problem(self._path, error),)

    def __exit__(self, *exc_info: object) -> None:
        if self._call is not None:
            self._call.__exit__(*exc_info)


class WorkbookReader:
    """Read workbooks one after another in a persistent child, which :meth:`close` ends."""

    def __init__(self) -> None:
        self._worker: PersistentWorker[Read] = PersistentWorker(_read)

    def read(self, path: Path) -> tuple[Scorecard | None, tuple[Problem, ...], bytes | None]:
        """Return the result of :func:`reportgen.workbook.read`, and the bytes that were read.

        The bytes are None if the file cannot be opened. A child that exceeds its limits or dies is
        a problem, and the next call starts another one.
        """
        content, unreadable = read_file(path)
        if content is None:
            return None, unreadable, None
        try:
            return *self._worker.call(read_limits(), path, content), content
        except CallFailedError as error:
            return None, (failure_problem(path, error),), content

    def close(self) -> None:
        """Kill the child."""
        self._worker.close()


def start_reading(path: Path) -> PendingRead:
    """Start to read a workbook in a child process, and return it without waiting."""
    return PendingRead(path)


def read_limits() -> Limits:
    """Return the limits of time (seconds) and memory of reading a workbook."""
    return Limits(seconds=READ_TIMEOUT_S, memory=READ_MEMORY)


def failure_problem(path: Path, error: CallFailedError) -> Problem:
    """Return why reading ended without a result.

    E510: no process could be started, E515: the system lacks memory, E133: a crash, or one of the
    limits.
    """
    if error.reason is not EndReason.TIMEOUT and system_lacks_memory(READ_MEMORY):
        return make_problem("E515", Location(file=path.name))
    code = "E510" if error.reason is EndReason.START_FAILED else "E133"
    return make_problem(code, Location(file=path.name), found=str(error))


def _read(path: Path, content: bytes) -> Read:
    """Return the scorecard and problems of a workbook's bytes; ``path`` is for its name.

    An unexpected exception becomes E132, but MemoryError is raised.
    """
    try:
        return read_named_bytes(path, content)
    except MemoryError:
        raise
    except Exception as error:
        detail = f"{type(error).__name__}: {error}"[:200]
        return None, (make_problem("E132", Location(file=path.name), detail=detail),)
