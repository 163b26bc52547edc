"""Put the Windows folder together, and zip it: ``assemble.py PARTS BUILD TARGET``.

PARTS is what ``fetch`` has downloaded, BUILD what ``compile`` has made. TARGET becomes two zips:
the folder, and the sources of the parts that are built here, as the LGPL asks. The same parts give
the same bytes: fixed dates, names in order, compiled modules that are not tied to their time.
"""

from __future__ import annotations

import compileall
import shutil
import subprocess
import sys
import tempfile
import tomllib
from email.parser import Parser
from pathlib import Path
from py_compile import PycInvalidationMode
from typing import TYPE_CHECKING, Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

if TYPE_CHECKING:
    from collections.abc import Iterable
    from email.message import Message

    from packaging.utils import NormalizedName

HERE: Final = Path(__file__).parent
ROOT: Final = HERE.parents[1]
HOST: Final = "x86_64-w64-mingw32"
PYTHON_ROOT: Final = "org/bytedeco/cpython/windows-x86_64/"
PYTHON_VERSION: Final = (3, 11)  # whose bytecode the folder's interpreter reads
ZIP_DATE: Final = (1980, 1, 1, 0, 0, 0)
UNIX: Final = 3
# Parts of the standard library that nothing here imports.
UNUSED: Final = {
    *("test", "tests", "__pycache__"),
    *("idlelib", "tkinter", "turtledemo", "turtle.py", "lib2to3", "distutils", "ensurepip"),
    *("pip", "setuptools", "pkg_resources", "_distutils_hack", "venv", "msilib", "site-packages"),
    *("sqlite3", "sqlite3.dll", "_sqlite3.pyd", "tcl86t.dll", "tk86t.dll", "_tkinter.pyd"),
    *("_msi.pyd", "pyshellext.dll", "xxlimited.pyd", "xxlimited_35.pyd", "winsound.pyd"),
    *("_ctypes_test.pyd", "_testbuffer.pyd", "_testcapi.pyd", "_testconsole.pyd"),
    *("_testimportmultiple.pyd", "_testinternalcapi.pyd", "_testmultiphase.pyd"),
    *("pydoc_data", "__phello__"),
}
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
    launcher = HERE / "launcher"
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


def write(path: Path, content: bytes) -> None:
    """Write a file, and the folders that it lies in."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


class Wheels:
    """The downloaded wheels, by name."""

    def __init__(self, folder: Path) -> None:
        self._paths = {
            canonicalize_name(path.name.partition("-")[0]): path for path in folder.glob("*.whl")
        }

    def needed(self, requirements: Iterable[str]) -> list[Path]:
        """Return the wheels of some requirements, and of what these require, by name."""
        needed: dict[NormalizedName, Path] = {}
        waiting = [Requirement(text) for text in requirements]
        seen: set[str] = set()
        while waiting:
            requirement = waiting.pop()
            if str(requirement) in seen:
                continue
            seen.add(str(requirement))
            name = canonicalize_name(requirement.name)
            needed[name] = self._paths[name]
            for text in self._metadata(name).get_all("Requires-Dist") or ():
                further = Requirement(text)
                extras = requirement.extras or {""}
                if further.marker is None or any(
                    further.marker.evaluate(MARKERS | {"extra": extra}) for extra in extras
                ):
                    waiting.append(further)
        return [needed[name] for name in sorted(needed)]

    def _metadata(self, name: NormalizedName) -> Message:
        """Return the metadata of a wheel."""
        with ZipFile(self._paths[name]) as archive:
            (entry,) = [n for n in archive.namelist() if n.endswith(".dist-info/METADATA")]
            return Parser().parsestr(archive.read(entry).decode())


def unpack_wheel(wheel: Path, target: Path) -> None:
    """Unpack a wheel; its programs for the command line are left out."""
    with ZipFile(wheel) as archive:
        for entry in archive.namelist():
            top, _, rest = entry.partition("/")
            kind, _, inner = rest.partition("/")
            is_data = top.endswith(".data")
            if not entry.endswith("/") and (not is_data or kind in ("purelib", "platlib")):
                write(target / (inner if is_data else entry), archive.read(entry))


def build_wheel(folder: Path) -> Path:
    """Build the program's own wheel; returns its path."""
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-index"]
    run(*command, "--no-build-isolation", "--wheel-dir", str(folder), ".", folder=ROOT)
    (wheel,) = folder.glob("reportgen-*.whl")
    return wheel


def copy_licences(parts: Path, build: Path, target: Path) -> None:
    """Copy the licence of each part: packages keep theirs beside their code, in ``site``."""
    for copyright_file in sorted((build / "source").glob("*/debian/copyright")):
        write(target / f"{copyright_file.parents[1].name}.txt", copyright_file.read_bytes())
    for deb in sorted((parts / "debs").glob("*.deb")):
        name = deb.name.partition("_")[0]
        write(target / f"{name}.txt", file_of_deb(deb, f"./usr/share/doc/{name}/copyright"))
    for name in ("gcc-mingw-w64-base", "mingw-w64-common"):
        write(target / f"{name}.txt", Path("/usr/share/doc", name, "copyright").read_bytes())
    write(target / "reportgen.txt", (ROOT / "LICENSE").read_bytes())
    write(target / "README.txt", (HERE / "folder/licences.txt").read_bytes())


def file_of_deb(deb: Path, name: str) -> bytes:
    """Return the content of one file of a Debian package."""
    archive = subprocess.run(["dpkg-deb", "--fsys-tarfile", deb], check=True, capture_output=True)
    extract = ["tar", "--extract", "--to-stdout", name]
    return subprocess.run(extract, check=True, capture_output=True, input=archive.stdout).stdout


def copy_fonts(parts: Path, target: Path) -> None:
    """Unpack the fonts that the documents are printed in."""
    wanted = ("TW-Kai", "LiberationSerif-", "LiberationSans-", "LiberationMono-")
    for deb in sorted((parts / "debs").glob("*.deb")):
        with tempfile.TemporaryDirectory() as folder:
            run("dpkg-deb", "--extract", str(deb.resolve()), folder, folder=HERE)
            for path in sorted(Path(folder).rglob("*.ttf")):
                if path.name.startswith(wanted) and not path.is_symlink():
                    write(target / path.parent.name / path.name, path.read_bytes())


def make_folder(parts: Path, build: Path, folder: Path) -> None:
    """Make the folder as it will be unpacked on Windows."""
    (jar,) = (parts / "jars").glob("cpython-*.jar")
    python = folder / "python"
    copy_python(jar, python)
    compile_launcher(python)
    shutil.copy(HERE / "folder/python311._pth", python)
    with tempfile.TemporaryDirectory() as name:
        unpack_wheel(build_wheel(Path(name)), folder / "app")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    for wheel in Wheels(parts / "wheels").needed(project["dependencies"]):
        unpack_wheel(wheel, folder / "site")
    shutil.copy(HERE / "folder/sitecustomize.py", folder / "site")
    for path in sorted((build / "stage/reportgen/bin").glob("*.dll")):
        write(folder / "dll" / path.name, path.read_bytes())
    shutil.copy(HERE / "folder/fonts.conf", folder / "dll")
    copy_fonts(parts, folder / "fonts")
    for path in sorted((HERE / "folder").glob("*.cmd")):
        shutil.copy(path, folder)
    shutil.copy(HERE / "folder/請先看我.txt", folder)
    for path in sorted((ROOT / "inputs").glob("*.xlsx")):
        write(folder / "範例" / path.name, path.read_bytes())
    shutil.copytree(ROOT / "templates", folder / "範例/templates")
    for name in ("使用說明.md", "problems.md", "formula.md", "templates.md", "pictures"):
        source = ROOT / "docs" / name
        if source.is_dir():
            shutil.copytree(source, folder / "說明" / name)
        else:
            write(folder / "說明" / name, source.read_bytes())
    copy_licences(parts, build, folder / "授權")
    compile_modules(folder)


def compile_modules(folder: Path) -> None:
    """Compile the modules, for a start as quick as an installed program's."""
    if sys.version_info[:2] != PYTHON_VERSION:
        sys.exit(f"Python {'.'.join(map(str, PYTHON_VERSION))} is needed: its bytecode is")
    for part in ("python/Lib", "site", "app"):
        compileall.compile_dir(
            folder / part,
            quiet=2,  # packages may hold examples that are no Python 3
            stripdir=str(folder),
            maxlevels=30,
            invalidation_mode=PycInvalidationMode.UNCHECKED_HASH,
        )


def write_zip(target: Path, root: str, files: Iterable[Path], base: Path) -> None:
    """Write a zip of files below a top folder ``root``; the same files give the same bytes."""
    with ZipFile(target, "w") as archive:
        for path in sorted(files):
            entry = ZipInfo(f"{root}/{path.relative_to(base).as_posix()}", ZIP_DATE)
            entry.create_system = UNIX
            entry.external_attr = 0o644 << 16
            is_packed = path.suffix in (".zip", ".xz", ".gz", ".bz2", ".png")
            entry.compress_type = ZIP_STORED if is_packed else ZIP_DEFLATED
            archive.writestr(entry, path.read_bytes())


def main(parts: Path, build: Path, target: Path) -> None:
    """Make the folder and both zips in ``target``, replacing what was there."""
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    name = f"reportgen-{version}-windows"
    folder = target / name
    if folder.exists():
        shutil.rmtree(folder)
    make_folder(parts, build, folder)
    files = [path for path in folder.rglob("*") if path.is_file()]
    write_zip(target / f"{name}.zip", name, files, folder)
    sources = [path for path in (parts / "sources").iterdir() if path.is_file()]
    recipes = [path for path in HERE.rglob("*") if path.is_file() and path.suffix != ".pyc"]
    write_sources(target / f"{name}-sources.zip", f"{name}-sources", sources, recipes)


def write_sources(target: Path, root: str, sources: list[Path], recipes: list[Path]) -> None:
    """Write the zip of the sources, and of how they are built."""
    with tempfile.TemporaryDirectory() as name:
        base = Path(name)
        for path in sources:
            write(base / path.name, path.read_bytes())
        for path in recipes:
            write(base / "packaging" / path.relative_to(HERE), path.read_bytes())
        write_zip(target, root, [path for path in base.rglob("*") if path.is_file()], base)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
