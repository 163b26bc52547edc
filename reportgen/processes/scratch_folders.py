"""Temporary folders that carry their process's number, so that a killed process leaves none.

A process that is killed removes nothing, and on Windows no file can be removed that a library of
the process still maps. Whoever makes such a folder next removes what is left of earlier ones.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def scratch_folder(prefix: str) -> Iterator[Path]:
    """Yield a private temporary folder, deleted afterwards as far as the system allows.

    Those of the same prefix whose processes have ended are deleted, too.
    """
    for folder in Path(tempfile.gettempdir()).glob(f"{prefix}*"):
        _remove_stale_folder(folder, prefix)
    with tempfile.TemporaryDirectory(
        prefix=f"{prefix}{os.getpid()}-", ignore_cleanup_errors=True
    ) as name:
        yield Path(name)


@contextmanager
def temporary_files_in(folder: str) -> Iterator[None]:
    """Let ``tempfile`` make this process's temporary files in a folder within the context."""
    usual = tempfile.tempdir
    tempfile.tempdir = folder
    try:
        yield
    finally:
        tempfile.tempdir = usual


def _remove_stale_folder(folder: Path, prefix: str) -> None:
    """Remove the folder of a process that no longer runs, unless it is another user's."""
    number = folder.name.removeprefix(prefix).partition("-")[0]
    if not (number.isascii() and number.isdecimal()):
        return
    with suppress(OSError):
        if folder.is_symlink() or _is_of_another_user(folder):
            return
        if not process_is_running(int(number)):
            shutil.rmtree(folder, ignore_errors=True)


def _is_of_another_user(folder: Path) -> bool:
    """Return whether another user owns a folder; on Windows each user has temporary folders."""
    return hasattr(os, "getuid") and folder.stat().st_uid != os.getuid()


if sys.platform == "win32":

    def process_is_running(number: int) -> bool:
        """Return whether a process of this number runs; True where that cannot be known."""
        from reportgen.processes.job_objects import process_has_ended

        return not process_has_ended(number)

else:

    def process_is_running(number: int) -> bool:
        """Return whether a process of this number runs; True where that cannot be known."""
        try:
            os.kill(number, 0)
        except (ProcessLookupError, OverflowError):
            return False
        except OSError:  # another user's
            pass
        return True


__all__ = ["process_is_running", "scratch_folder", "temporary_files_in"]
