"""Processes that a test leaves behind."""

from __future__ import annotations

import os
from contextlib import suppress
from multiprocessing import forkserver, resource_tracker
from pathlib import Path


def children() -> list[int]:
    """What this process has begun and not waited for, but what multiprocessing keeps by itself."""
    kept = {
        getattr(forkserver._forkserver, "_forkserver_pid", None),
        getattr(resource_tracker._resource_tracker, "_pid", None),
    }
    found: list[int] = []
    if not Path("/proc").exists():  # macOS: whatever there is
        with suppress(ChildProcessError):
            found.append(os.waitpid(-1, os.WNOHANG)[0])
        return found
    for place in Path("/proc").iterdir():
        with suppress(OSError, ValueError):
            told = (place / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()
            if int(told[1]) == os.getpid() and int(place.name) not in kept:
                found.append(int(place.name))
    return found


__all__ = ["children"]
