"""What both folders have: the program, its packages, fonts, samples, documentation."""

from __future__ import annotations

import compileall
import shutil
import sys
import tempfile
import tomllib
from pathlib import Path
from py_compile import PycInvalidationMode
from typing import TYPE_CHECKING, Final

from assembly.archives import write
from assembly.debs import extracted
from assembly.wheels import Wheels, build_wheel, unpack_wheel

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT: Final = Path(__file__).parents[2]
PYTHON_VERSION: Final = (3, 11)  # of both folders' interpreters
# Parts of the standard library that nothing here imports.
UNUSED_LIBRARY: Final = frozenset(
    {
        *("test", "tests", "__pycache__", "pydoc_data", "__phello__"),
        *("idlelib", "tkinter", "turtledemo", "turtle.py", "lib2to3", "distutils", "ensurepip"),
        *("pip", "setuptools", "pkg_resources", "_distutils_hack", "venv", "msilib"),
        *("site-packages", "sqlite3"),
    }
)
_FONTS: Final = ("TW-Kai", "LiberationSerif-", "LiberationSans-", "LiberationMono-")


def project() -> dict[str, object]:
    """Return the table ``project`` of pyproject.toml."""
    table: dict[str, object] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))[
        "project"
    ]
    return table


def copy_program(wheels: Path, markers: Mapping[str, str], folder: Path) -> None:
    """Unpack the program's own wheel in ``app``, and those of its packages in ``site``."""
    with tempfile.TemporaryDirectory() as name:
        unpack_wheel(build_wheel(ROOT, Path(name)), folder / "app")
    dependencies = project()["dependencies"]
    assert isinstance(dependencies, list)
    for wheel in Wheels(wheels, markers).needed(dependencies):
        unpack_wheel(wheel, folder / "site")


def copy_fonts(debs: Path, target: Path) -> None:
    """Unpack the fonts that the documents are printed in."""
    for deb in sorted(debs.glob("fonts-*.deb")):
        with extracted(deb) as root:
            for path in sorted(root.rglob("*.ttf")):
                if path.name.startswith(_FONTS) and not path.is_symlink():
                    write(target / path.parent.name / path.name, path.read_bytes())


def copy_samples(folder: Path) -> None:
    """Copy the sample workbooks with the templates, and the documentation."""
    for path in sorted((ROOT / "inputs").glob("*.xlsx")):
        write(folder / "範例" / path.name, path.read_bytes())
    shutil.copytree(ROOT / "templates", folder / "範例/templates")
    for name in ("使用說明.md", "problems.md", "formula.md", "templates.md", "pictures"):
        source = ROOT / "docs" / name
        if source.is_dir():
            shutil.copytree(source, folder / "說明" / name)
        else:
            write(folder / "說明" / name, source.read_bytes())


def compile_modules(folder: Path, parts: tuple[str, ...]) -> None:
    """Compile the modules, for a start as quick as an installed program's.

    The compiled modules are tied to nothing outside the folder, neither path nor time.
    """
    if sys.version_info[:2] != PYTHON_VERSION:
        sys.exit(f"Python {'.'.join(map(str, PYTHON_VERSION))} is needed: its bytecode is")
    for part in parts:
        compileall.compile_dir(
            folder / part,
            quiet=2,  # packages may hold examples that are no Python 3
            stripdir=str(folder),
            maxlevels=30,
            invalidation_mode=PycInvalidationMode.UNCHECKED_HASH,
        )
