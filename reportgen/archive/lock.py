"""One writer at a time: a lock that the operating system releases when its holder dies.

It is a lock on the open file (``flock``), not the existence of a file, so it never goes stale.
Over NFS the server holds it, and releases it when it has lost the client. The file is never
removed.
"""

from __future__ import annotations

import errno
import os
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from reportgen.archive import durable_io

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LOCK_TIMEOUT_S = 60.0  # how long a writer waits for the others
_RETRY_INTERVAL_S = 0.02
_LOCK_HELD = (errno.EAGAIN, errno.EACCES, errno.EDEADLK)


class LockTimeoutError(Exception):
    """Another process held the lock all the time."""


class UnlockableError(Exception):
    """The file system supports no locks; ``args[0]`` is its error message."""


@contextmanager
def file_lock(path: Path, *, exclusive: bool, seconds: float = LOCK_TIMEOUT_S) -> Iterator[None]:
    """Hold the lock on an existing file, exclusively or shared with readers.

    Waits at most ``seconds``. Raise LockTimeoutError, UnlockableError, or OSError if the file
    cannot be opened. Leaving the block releases it.
    """
    deadline = time.monotonic() + seconds
    while True:
        file = os.open(path, _open_flags(exclusive), 0o666)
        try:
            _acquire(file, exclusive, deadline)
            if _is_current_file(file, path):
                yield
                return
        finally:
            os.close(file)  # releases the lock


def _open_flags(exclusive: bool) -> int:
    """Return the flags to open a lock file without following a link; to write if exclusive."""
    return (os.O_RDWR if exclusive else os.O_RDONLY) | durable_io._NO_FOLLOW_FLAGS


def _acquire(file: int, exclusive: bool, deadline: float) -> None:
    """Lock a file, retrying until the deadline (monotonic seconds).

    Raise LockTimeoutError beyond it, UnlockableError if the file system cannot lock.
    """
    while True:
        try:
            _try_lock(file, exclusive)
        except OSError as error:
            if error.errno not in _LOCK_HELD:
                raise UnlockableError(error.strerror or type(error).__name__) from error
            if time.monotonic() > deadline:
                raise LockTimeoutError from error
            time.sleep(_RETRY_INTERVAL_S)
        else:
            return


if os.name == "nt":  # pragma: no cover  # the tests of coverage run on Linux

    def _try_lock(file: int, exclusive: bool) -> None:
        """Lock the first byte of a file at once, always exclusively; raise OSError."""
        import msvcrt

        os.lseek(file, 0, os.SEEK_SET)
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]

else:

    def _try_lock(file: int, exclusive: bool) -> None:
        """Lock a file at once, exclusively or shared; raise OSError."""
        import fcntl

        fcntl.flock(file, (fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH) | fcntl.LOCK_NB)


def _is_current_file(file: int, path: Path) -> bool:
    """Return whether ``path`` is still the open file: False if it was removed or replaced since."""
    with suppress(FileNotFoundError):
        return os.path.samestat(os.fstat(file), os.stat(path))  # noqa: PTH116
    return False
