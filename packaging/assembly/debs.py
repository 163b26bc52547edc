"""Debian packages: their files."""

from __future__ import annotations

import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def extracted(deb: Path) -> Iterator[Path]:
    """Yield a temporary folder with the files of a package."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["dpkg-deb", "--extract", deb, folder], check=True)
        yield Path(folder)


def file_of_deb(deb: Path, name: str) -> bytes:
    """Return the content of one file of a package; its name begins with ``./``."""
    archive = subprocess.run(["dpkg-deb", "--fsys-tarfile", deb], check=True, capture_output=True)
    extract = ["tar", "--extract", "--to-stdout", name]
    return subprocess.run(extract, check=True, capture_output=True, input=archive.stdout).stdout
