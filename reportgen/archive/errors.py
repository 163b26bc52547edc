"""Errors of the operating system as problems of the archive."""

from __future__ import annotations

import errno
from contextlib import contextmanager
from typing import TYPE_CHECKING

from reportgen.archive.lock import LockTimeoutError, UnlockableError
from reportgen.problems import Location, Problem, make_problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DISK_FULL = (errno.ENOSPC, errno.EDQUOT)


class ArchiveError(Exception):
    """The archive is unchanged; ``problems`` give the reasons."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems
        super().__init__("\n".join(problem.line("en") for problem in problems))


def os_reason(error: Exception) -> str:
    """Return the system's error message, or the name of the exception's class if it has none."""
    return (error.strerror if isinstance(error, OSError) else "") or type(error).__name__


@contextmanager
def write_errors(folder: Path) -> Iterator[None]:
    """Convert errors of the block that prevent writing into ArchiveError with a problem.

    E610 the lock was held too long, E611 the file system has no locks, E608 the disk is full, E607
    any other OSError. Other exceptions pass.
    """
    location = Location(file=str(folder))
    try:
        yield
    except LockTimeoutError as error:
        raise ArchiveError(make_problem("E610", location, seconds=60)) from error
    except UnlockableError as error:
        raise ArchiveError(make_problem("E611", location, reason=error.args[0])) from error
    except OSError as error:
        if error.errno in DISK_FULL:
            raise ArchiveError(make_problem("E608", location)) from error
        raise ArchiveError(make_problem("E607", location, reason=os_reason(error))) from error


@contextmanager
def read_errors(path: Path) -> Iterator[None]:
    """Convert an OSError in the block into ArchiveError (E623).

    Its place is the file that the system names, else ``path``. Other exceptions pass.
    """
    try:
        yield
    except OSError as error:
        location = Location(file=error.filename or str(path))
        raise ArchiveError(make_problem("E623", location, reason=os_reason(error))) from error
