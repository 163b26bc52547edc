"""The peers' own virtual environment, .cache/peers, which is created on first use."""

from __future__ import annotations

import re
import subprocess
import sys
from functools import cache
from typing import TYPE_CHECKING

from benchmarks.contenders.contender import HERE, ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.contenders.contender import Command

FOLDER = ROOT / ".cache/peers"
PYTHON = FOLDER / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
_REQUIREMENTS = HERE / "requirements.txt"
_STAMP = FOLDER / "stamp"


@cache
def absent() -> str:
    """Return why the packages are not available; empty if they are, installing them if needed."""
    stamp = f"{sys.version}\n{_REQUIREMENTS.read_text('utf-8')}"
    if _STAMP.is_file() and _STAMP.read_text("utf-8") == stamp:
        return ""
    print(f"installing the peers in {FOLDER.relative_to(ROOT)}", file=sys.stderr)
    pip: list[str | Path] = [
        PYTHON,
        "-m",
        "pip",
        "--disable-pip-version-check",
        "--quiet",
        "install",
    ]
    try:
        subprocess.run([sys.executable, "-m", "venv", "--clear", FOLDER], check=True)
        subprocess.run([*pip, "--requirement", _REQUIREMENTS], check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        return f"pip cannot install it: {error}"[:200]
    _STAMP.write_text(stamp, "utf-8")
    return ""


def version(package: str) -> str:
    """Return the version of a package there."""
    code = f"import importlib.metadata as m; print(m.version({package!r}))"
    return said([PYTHON, "-c", code])


def said(command: Command) -> str:
    """Return a command's output up to the end of the first number, such as a version."""
    process = subprocess.run(command, capture_output=True, text=True, check=False)
    match = re.match(r".*?\d[\d.]*", process.stdout.strip())
    return match[0] if match else ""
