"""Reading in a process of its own: bounded in time and memory, and beside other work.

A workbook is a stranger's file, and openpyxl a large library: whatever the two do to each
other ends within the limits, as a problem.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Self

from reportgen.bounded import Child, EndedError, Limits, UnbegunError, lacks_memory
from reportgen.problems import Location, make
from reportgen.standing import Standing
from reportgen.workbook.reading import load, read_loaded

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from reportgen.model import Scorecard
    from reportgen.problems import Problem

SECONDS: Final = 10  # by the clock
MEMORY: Final = 1_250_000_000  # bytes, beside what this process holds already


class Pending:
    """A workbook that is being read; ``with`` ends the reading whatever happens.

    ``content`` is the very bytes that are read, None where the file cannot be had.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.content, self._unreadable = load(path)
        self._child: Child[tuple[Scorecard | None, tuple[Problem, ...]]] | None = None
        if self.content is not None:
            limits = Limits(seconds=SECONDS, memory=MEMORY)
            self._child = Child(limits, _read, path, self.content)

    def result(self) -> tuple[Scorecard | None, tuple[Problem, ...]]:
        """What :func:`reportgen.workbook.read` tells; waits for it. To be called once."""
        if self._child is None:
            return None, self._unreadable
        try:
            return self._child.result()
        except EndedError as end:
            return None, (_ended(self._path, end),)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._child is not None:
            self._child.__exit__(kind, error, traceback)


class Reader:
    """Reads workbooks one after another, in a child that stays."""

    def __init__(self) -> None:
        self._child: Standing[tuple[Scorecard | None, tuple[Problem, ...]]] = Standing(_read)

    def read(self, path: Path) -> tuple[Scorecard | None, tuple[Problem, ...], bytes | None]:
        """What :func:`reportgen.workbook.read` tells, and the bytes that it tells it of."""
        content, unreadable = load(path)
        if content is None:
            return None, unreadable, None
        try:
            found = self._child.call(Limits(seconds=SECONDS, memory=MEMORY), path, content)
        except EndedError as end:
            return None, (_ended(path, end),), content
        return *found, content

    def close(self) -> None:
        """End the child."""
        self._child.close()


def start(path: Path) -> Pending:
    """Begin to read a workbook."""
    return Pending(path)


def _ended(path: Path, end: EndedError) -> Problem:
    is_late = end.found.endswith(" s")
    if not is_late and lacks_memory(MEMORY):
        return make("E515", Location(file=path.name))
    code = "E510" if isinstance(end, UnbegunError) else "E133"
    return make(code, Location(file=path.name), found=end.found)


def _read(path: Path, content: bytes) -> tuple[Scorecard | None, tuple[Problem, ...]]:
    try:
        return read_loaded(path, content)
    except MemoryError:
        raise
    except Exception as error:
        detail = f"{type(error).__name__}: {error}"[:200]
        return None, (make("E132", Location(file=path.name), detail=detail),)
