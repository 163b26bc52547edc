"""Put the Windows folder together: ``python -m assembly.windows_folder PARTS BUILD TARGET``.

PARTS is what ``fetch`` has downloaded, BUILD what ``compile`` has made. TARGET gets the folder and
two zips: the folder, and the sources of the parts that are built here, as the LGPL asks. The same
parts give the same bytes: fixed dates, names in order, compiled modules that are not tied to their
time.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zipfile import ZipFile

from assembly.archives import files_below, write, write_zip
from assembly.components import LICENCES, Component, embedded_parts, files_added, read_embedded
from assembly.pins import read_pins
from assembly.program_files import (
    BILL,
    RECIPES,
    UNUSED_LIBRARY,
    compile_modules,
    copy_fonts,
    copy_licences,
    copy_program,
    copy_samples,
    project,
    write_notices,
)

if TYPE_CHECKING:
    from assembly.pins import Pin

RECIPE: Final = RECIPES / "windows"
HOST: Final = "x86_64-w64-mingw32"
PYTHON_ROOT: Final = "org/bytedeco/cpython/windows-x86_64/"
# Parts of the standard library that nothing here imports.
UNUSED: Final = UNUSED_LIBRARY | {
    *("sqlite3.dll", "_sqlite3.pyd", "tcl86t.dll", "tk86t.dll", "_tkinter.pyd"),
    *("_msi.pyd", "pyshellext.dll", "xxlimited.pyd", "xxlimited_35.pyd", "winsound.pyd"),
    *("_ctypes_test.pyd", "_testbuffer.pyd", "_testcapi.pyd", "_testconsole.pyd"),
    *("_testimportmultiple.pyd", "_testinternalcapi.pyd", "_testmultiphase.pyd"),
}
# How the names of each source's DLLs begin; the other sources are compiled into these.
LIBRARIES: Final = {
    "fontconfig": ("fontconfig",),
    "freetype": ("freetype",),
    "fribidi": ("fribidi",),
    "glib2.0": ("gio", "girepository", "glib", "gmodule", "gobject", "gthread"),
    "harfbuzz": ("harfbuzz",),
    "pango1.0": ("pango",),
}
# Packages of the compiler's libraries, and the licence of these.
COMPILER: Final = (
    ("gcc-mingw-w64-base", "GPL-3.0-or-later WITH GCC-exception-3.1"),
    ("mingw-w64-common", "ZPL-2.1 AND LicenseRef-public-domain"),
)
REMARKS: Final = """
The DLLs in dll/ are built from Debian's source packages. They can be replaced by others of the same
names; their sources, and the scripts that build them, are the zip "-sources" that is published
beside this one. Full texts of the licences that Debian's files refer to: 授權/common-licenses.
"""
# The packages' markers are those of the folder's interpreter.
MARKERS: Final = {
    "sys_platform": "win32",
    "platform_system": "Windows",
    "os_name": "nt",
    "platform_machine": "AMD64",
    "platform_python_implementation": "CPython",
    "implementation_name": "cpython",
    "python_version": "3.11",
    "python_full_version": "3.11.3",
}


def copy_python(jar: Path, target: Path) -> None:
    """Unpack the interpreter with its standard library, without what is not used."""
    with ZipFile(jar) as archive:
        for name in archive.namelist():
            path = name.removeprefix(PYTHON_ROOT)
            if name == path or name.endswith("/"):
                continue
            if path == "python311.dll":
                write(target / path, archive.read(name))
            top, _, rest = path.partition("/")
            first = rest.partition("/")[0]
            is_unused = first.endswith(".dist-info") or not UNUSED.isdisjoint(rest.split("/"))
            if top == "lib" and not is_unused:
                # Windows looks for DLLs beside the program only.
                folder = target if first.startswith("vcruntime") else target / "Lib"
                write(folder / rest, archive.read(name))


def compile_launcher(target: Path) -> None:
    """Compile the launcher, and the stub DLL that packages of the stable ABI load."""
    launcher = RECIPE / "launcher"
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        # The linker would choose a DLL's address by the path that it is written to.
        same = "-Wl,--no-insert-timestamp,--disable-auto-image-base"
        options = ["-O2", "-s", "-static-libgcc", same]
        run(f"{HOST}-windres", "manifest.rc", str(work / "manifest.o"), folder=launcher)
        program = ["-municode", "main.c", str(work / "manifest.o"), str(target / "python311.dll")]
        out = str(target / "reportgen-python.exe")
        run(f"{HOST}-gcc", *options, *program, "-o", out, folder=launcher)
        stub = ["-shared", "-nostdlib", "-Wl,-eDllMain", "python3.c", "python3.def"]
        run(f"{HOST}-gcc", *options, *stub, "-o", str(target / "python3.dll"), folder=launcher)


def run(*command: str, folder: Path) -> None:
    """Run a command in a folder; raises CalledProcessError if it fails."""
    subprocess.run(command, cwd=folder, check=True)


def copy_compiler_licences(target: Path) -> list[Component]:
    """Copy the licences of the compiler's own libraries, of which parts are in each DLL."""
    components = []
    for name, licence in COMPILER:
        write(target / f"{name}.txt", Path("/usr/share/doc", name, "copyright").read_bytes())
        query = ["dpkg-query", "--showformat=${Version}", "--show", name]
        version = subprocess.run(query, check=True, capture_output=True, text=True).stdout
        purl = f"pkg:deb/debian/{name}@{version.replace('+', '%2B')}"
        components.append(Component(name, version, licence, purl, (f"{LICENCES}/{name}.txt",)))
    return components


def copy_dlls(pins: list[Pin], build: Path, folder: Path) -> list[Component]:
    """Copy the DLLs that ``compile`` has built; return the components of their sources.

    A DLL that none of ``LIBRARIES`` names belongs to no component, which is an error later.
    """
    built = []
    for path in sorted((build / "stage/reportgen/bin").glob("*.dll")):
        write(folder / "dll" / path.name, path.read_bytes())
        built.append(path.name)
    components = []
    for pin in pins:
        if pin.kind == "source":
            content = (build / "source" / pin.name / "debian/copyright").read_bytes()
            text = f"{LICENCES}/{pin.name}.txt"
            write(folder / text, content)
            names = tuple(LIBRARIES.get(pin.name, ("-",)))
            files = tuple(f"dll/{n}" for n in built if n.removeprefix("lib").startswith(names))
            components.append(
                Component(pin.name, pin.version, pin.licence, pin.purl, (text,), files, pin.sha256)
            )
    return components


def copy_interpreter(pin: Pin, jar: Path, folder: Path) -> Component:
    """Unpack the interpreter and compile its launcher; return its component."""
    with files_added(folder) as files:
        copy_python(jar, folder / "python")
        compile_launcher(folder / "python")
        shutil.copy(RECIPE / "folder/python311._pth", folder / "python")
    text = f"{LICENCES}/python3.11.txt"
    parts = embedded_parts("cpython", read_embedded(RECIPES / "licences/embedded.toml"))
    return Component(
        "cpython", pin.version, pin.licence, pin.purl, (text,), tuple(files), pin.sha256, parts
    )


def copy_own_files(folder: Path) -> None:
    """Copy the starters, the settings that let the folder find its parts, the samples."""
    shutil.copy(RECIPE / "folder/sitecustomize.py", folder / "site")
    shutil.copy(RECIPE / "folder/fonts.conf", folder / "dll")
    for path in sorted((RECIPE / "folder").glob("*.cmd")):
        shutil.copy(path, folder)
    shutil.copy(RECIPE / "folder/請先看我.txt", folder)
    copy_samples(folder)


def make_folder(parts: Path, build: Path, folder: Path, name: str) -> None:
    """Make the folder as it will be unpacked on Windows."""
    pins = read_pins(RECIPE / "pins.txt")
    (jar,) = (parts / "jars").glob("cpython-*.jar")
    (python,) = (pin for pin in pins if pin.kind == "maven")
    interpreter = copy_interpreter(python, jar, folder)
    program, *packages = copy_program(parts / "wheels", MARKERS, folder)
    dlls = copy_dlls(pins, build, folder)
    fonts = copy_fonts(pins, parts / "debs", folder)
    with files_added(folder) as files:
        copy_own_files(folder)
    program = replace(program, files=(*program.files, *files))
    compiler = copy_compiler_licences(folder / LICENCES)
    components = [program, interpreter, *packages, *dlls, *compiler, *fonts]
    copy_licences(pins, parts / "debs", folder, components)
    write_notices(folder, name, REMARKS, components)
    compile_modules(folder, ("python/Lib", "site", "app"))


def main(parts: Path, build: Path, target: Path) -> None:
    """Make the folder and both zips in ``target``, replacing what was there."""
    name = f"reportgen-{project()['version']}-windows"
    folder = target / name
    if folder.exists():
        shutil.rmtree(folder)
    make_folder(parts, build, folder, name)
    shutil.copy(folder / BILL, target / f"{name}.cdx.json")
    write_zip(target / f"{name}.zip", name, files_below(folder), folder)
    sources = [path for path in (parts / "sources").iterdir() if path.is_file()]
    recipes = [path for path in files_below(RECIPES) if path.suffix != ".pyc"]
    write_sources(target / f"{name}-sources.zip", f"{name}-sources", sources, recipes)


def write_sources(target: Path, root: str, sources: list[Path], recipes: list[Path]) -> None:
    """Write the zip of the sources, and of how they are built."""
    with tempfile.TemporaryDirectory() as name:
        base = Path(name)
        for path in sources:
            write(base / path.name, path.read_bytes())
        for path in recipes:
            write(base / "packaging" / path.relative_to(RECIPES), path.read_bytes())
        write_zip(target, root, files_below(base), base)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
