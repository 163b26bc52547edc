"""Run another program, with a timeout and without leaving any of its processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from reportgen.processes.job_objects import contain
from reportgen.processes.resource_limits import GRACE_S, extend_task_deadline

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from reportgen.processes.job_objects import JobObject


def run_program(
    command: list[str],
    *,
    folder: Path,
    environment: Mapping[str, str],
    output: Path,
    timeout: float,
) -> int:
    """Run a program in a folder, its output to a file, and return its exit code.

    The worker's task may last that much longer. Raise OSError if it does not start, and
    TimeoutError after ``timeout`` seconds. Whatever it has started is killed in the end.
    """
    extend_task_deadline(timeout + GRACE_S)
    with output.open("wb") as stream:  # a pipe would stay open as long as any of its children
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=stream,
            cwd=folder,
            env=environment,
            start_new_session=True,
        )
        job = contain_program(process)
        try:
            return process.wait(timeout)
        except subprocess.TimeoutExpired:
            raise TimeoutError from None
        finally:
            kill_tree(process, job)


def contain_program(process: subprocess.Popen[bytes]) -> JobObject | None:
    """Return a job that holds a program just started; None where there are no jobs."""
    return contain(int(getattr(process, "_handle", 0)))


def kill_tree(process: subprocess.Popen[bytes], job: JobObject | None) -> None:
    """Kill a program with its descendants, as it may be a script, and wait for its end."""
    if job is not None:
        job.close()
    elif sys.platform == "win32":
        process.kill()
    else:
        kill_group(process.pid)
    process.wait()


def kill_group(pid: int) -> None:
    """Kill a process group by its leader, which may be gone; no-op on Windows."""
    if sys.platform != "win32":
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)


__all__ = ["contain_program", "kill_group", "run_program"]
