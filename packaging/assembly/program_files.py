"""What both folders have: the program, its packages, fonts, samples, documentation."""

from __future__ import annotations

import compileall
import hashlib
import shutil
import sys
import tempfile
import tomllib
from dataclasses import replace
from pathlib import Path
from py_compile import PycInvalidationMode
from typing import TYPE_CHECKING, Final

from assembly.archives import write
from assembly.bill_of_materials import bill_of_materials
from assembly.components import (
    LICENCES,
    Component,
    files_added,
    licence_problems,
    notices,
    read_embedded,
    wheel_component,
)
from assembly.debs import extracted, source_of_deb
from assembly.wheels import Wheels, build_wheel, unpack_wheel

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assembly.pins import Pin

ROOT: Final = Path(__file__).parents[2]
RECIPES: Final = ROOT / "packaging"
BILL: Final = "sbom.cdx.json"
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


def copy_program(wheels: Path, markers: Mapping[str, str], folder: Path) -> list[Component]:
    """Unpack the program's own wheel in ``app``, and those of its packages in ``site``.

    Return their components, the program's first.
    """
    dependencies = project()["dependencies"]
    assert isinstance(dependencies, list)
    embedded = read_embedded(RECIPES / "licences/embedded.toml")
    components = []
    with tempfile.TemporaryDirectory() as name:
        own = build_wheel(ROOT, Path(name))
        places = [(own, "app")]
        places += [(path, "site") for path in Wheels(wheels, markers).needed(dependencies)]
        for wheel, place in places:
            with files_added(folder) as files:
                unpack_wheel(wheel, folder / place)
            # The program's own wheel has another hash with each change of the checkout.
            sha256 = "" if wheel == own else hashlib.sha256(wheel.read_bytes()).hexdigest()
            components.append(wheel_component(folder, files, sha256, embedded))
    return components


def copy_fonts(pins: list[Pin], debs: Path, folder: Path) -> list[Component]:
    """Unpack the fonts that the documents are printed in; return their components."""
    components = []
    for pin in pins:
        if not pin.name.startswith("fonts-"):
            continue
        deb = pin.deb(debs)
        with extracted(deb) as root, files_added(folder) as files:
            for path in sorted(root.rglob("*.ttf")):
                if path.name.startswith(_FONTS) and not path.is_symlink():
                    write(folder / "fonts" / path.parent.name / path.name, path.read_bytes())
        components.append(deb_component(pin, deb, files))
    return components


def deb_component(pin: Pin, deb: Path, files: list[str]) -> Component:
    """Return the component of a Debian package, of which ``files`` are in the folder."""
    text = f"{LICENCES}/{source_of_deb(deb)}.txt"
    return Component(
        pin.name, pin.version, pin.licence, pin.purl, (text,), tuple(files), pin.sha256
    )


def copy_licences(pins: list[Pin], debs: Path, folder: Path, components: list[Component]) -> None:
    """Copy the licence texts that components name, and Debian's common ones.

    Those of Debian packages are called by their source. The packages of Python keep theirs beside
    their code, in ``site``.
    """
    target = folder / LICENCES
    named = {text for c in components for part in (c, *c.parts) for text in part.texts}
    for path in sorted((RECIPES / "licences").glob("*.txt")):
        if f"{LICENCES}/{path.name}" in named:
            write(target / path.name, path.read_bytes())
    for deb in (pin.deb(debs) for pin in pins if pin.kind == "deb"):
        with extracted(deb) as root:
            text = f"{LICENCES}/{source_of_deb(deb)}.txt"
            for path in root.glob("usr/share/doc/*/copyright"):
                if path.is_file() and text in named:
                    write(folder / text, path.read_bytes())
            for path in root.glob("usr/share/common-licenses/*"):
                write(target / "common-licenses" / path.name, path.read_bytes())


def write_notices(folder: Path, name: str, remarks: str, components: list[Component]) -> None:
    """Write THIRD_PARTY_NOTICES.txt and the bill of materials; exits if a licence is lacking."""
    version = str(project()["version"])
    third_parties = [component for component in components if component.name != "reportgen"]
    title = f"{name}: the parts that others made, and their licences."
    text = notices(title, remarks, third_parties)
    with files_added(folder) as files:
        write(folder / "THIRD_PARTY_NOTICES.txt", text.encode())
        write(folder / BILL, bill_of_materials(name, version, third_parties))
    own = components.index(next(c for c in components if c.name == "reportgen"))
    components[own] = replace(components[own], files=(*components[own].files, *files))
    if problems := licence_problems(folder, components):
        sys.exit("\n".join(problems))


def copy_samples(folder: Path) -> None:
    """Copy the sample workbooks with the templates, and the documentation."""
    for path in sorted((ROOT / "inputs").glob("*.xlsx")):
        write(folder / "範例" / path.name, path.read_bytes())
    shutil.copytree(ROOT / "templates", folder / "範例/templates")
    for name in ("使用說明.md", "zh", "formula.md", "templates.md", "pictures", "gallery"):
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
