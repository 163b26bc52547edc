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


def source_of_deb(deb: Path) -> str:
    """Return the name of the source package that a package was built from."""
    fields = ["dpkg-deb", "--showformat=${source:Package}", "--show", str(deb)]
    return subprocess.run(fields, check=True, capture_output=True, text=True).stdout
