"""Put the bundle for Linux together: ``python -m assembly.linux_bundle PARTS TARGET``.

PARTS is what ``fetch`` has downloaded. TARGET gets the folder, and a tar.gz of it. The same parts
give the same bytes.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from assembly.archives import write, write_tar
from assembly.components import files_added
from assembly.debs import extracted
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
    deb_component,
    project,
    write_notices,
)

if TYPE_CHECKING:
    from assembly.components import Component
    from assembly.pins import Pin

RECIPE: Final = RECIPES / "bundle"
# Of the first two the licence texts alone are needed; the C library is that of the system.
NOT_COPIED: Final = ("base-files", "gcc-12-base", "libc6")
REMARKS: Final = """
The libraries in lib/ and the interpreter in python/ are Debian 12's, unaltered but for the path in
which the interpreter looks for libraries. Those under the LGPL can be replaced by others of the
same names. Their sources are Debian's source packages of the versions below: `apt-get source
NAME=VERSION` on Debian 12, or snapshot.debian.org. Full texts of the licences that Debian's files
refer to: 授權/common-licenses.
"""
# Modules of the standard library whose libraries are not in the folder, or that are tests.
UNUSED: Final = UNUSED_LIBRARY | {
    *("curses", "dbm", "sitecustomize.py"),
    *("_crypt", "_curses", "_curses_panel", "_dbm", "_sqlite3", "nis", "ossaudiodev", "readline"),
    *("_ctypes_test", "_testbuffer", "_testcapi", "_testclinic", "_testimportmultiple"),
    *("_testinternalcapi", "_testmultiphase", "_xxsubinterpreters", "_xxtestfuzz"),
    *("xxlimited", "xxlimited_35"),
}
# The packages' markers are those of the folder's interpreter.
MARKERS: Final = {
    "sys_platform": "linux",
    "platform_system": "Linux",
    "os_name": "posix",
    "platform_machine": "x86_64",
    "platform_python_implementation": "CPython",
    "implementation_name": "cpython",
    "python_version": "3.11",
    "python_full_version": "3.11.2",
}


def copy_interpreter(root: Path, folder: Path) -> None:
    """Copy what an unpacked package has of the interpreter, without what is not used."""
    program = root / "usr/bin/python3.11"
    if program.exists():
        target = folder / "python/bin/python3.11"
        write(target, program.read_bytes())
        target.chmod(0o755)
        # DT_RPATH, which holds for libraries that libraries load, too.
        rpath = ["--force-rpath", "--set-rpath", "$ORIGIN/../../lib"]
        subprocess.run(["patchelf", *rpath, str(target)], check=True)
    library = root / "usr/lib/python3.11"
    for path in sorted(library.rglob("*")):
        names = path.relative_to(library).parts
        is_unused = not UNUSED.isdisjoint(names) or names[-1].partition(".cpython-")[0] in UNUSED
        if path.is_file() and not path.is_symlink() and not is_unused:
            write(folder / "python/lib/python3.11" / Path(*names), path.read_bytes())


def copy_libraries(root: Path, target: Path) -> None:
    """Copy the shared libraries of an unpacked package, each by the name that programs load."""
    for name in ("lib/x86_64-linux-gnu", "usr/lib/x86_64-linux-gnu"):
        libraries = [path for path in (root / name).glob("*.so*") if path.is_file()]
        linked = {path.resolve() for path in libraries if path.is_symlink()}
        for path in sorted(libraries):
            if path.is_symlink() or path.resolve() not in linked:
                write(target / path.name, path.read_bytes())


def copy_debs(pins: list[Pin], debs: Path, folder: Path) -> list[Component]:
    """Copy the interpreter and the libraries; return the components of what was copied."""
    components = []
    for pin in pins:
        if pin.name in NOT_COPIED or pin.name.startswith("fonts-"):
            continue
        deb = pin.deb(debs)
        with extracted(deb) as root, files_added(folder) as files:
            copy_interpreter(root, folder)
            copy_libraries(root, folder / "lib")
            dictionary = root / "usr/share/libthai/thbrk.tri"
            if dictionary.exists():
                write(folder / "lib/libthai/thbrk.tri", dictionary.read_bytes())
        components.append(deb_component(pin, deb, files))
    return components


def copy_own_files(folder: Path) -> None:
    """Copy the starter, the settings that let the folder find its parts, the samples."""
    paths = "../../../../site\n../../../../app\n"
    write(folder / "python/lib/python3/dist-packages/reportgen.pth", paths.encode())
    for name, place in (("fonts.conf", "lib"), ("sitecustomize.py", "site")):
        shutil.copy(RECIPE / "folder" / name, folder / place)
    for name in ("reportgen", "請先看我.txt"):
        shutil.copy(RECIPE / "folder" / name, folder)
    copy_samples(folder)


def make_folder(parts: Path, folder: Path, name: str) -> None:
    """Make the folder as it will be unpacked."""
    pins = read_pins(RECIPE / "pins.txt")
    debs = parts / "debs"
    libraries = copy_debs(pins, debs, folder)
    program, *packages = copy_program(parts / "wheels", MARKERS, folder)
    fonts = copy_fonts(pins, debs, folder)
    with files_added(folder) as files:
        copy_own_files(folder)
    program = replace(program, files=(*program.files, *files))
    components = [program, *packages, *libraries, *fonts]
    copy_licences(pins, debs, folder, components)
    write_notices(folder, name, REMARKS, components)
    compile_modules(folder, ("python/lib", "site", "app"))


def main(parts: Path, target: Path) -> None:
    """Make the folder and its tar.gz in ``target``, replacing what was there."""
    name = f"reportgen-{project()['version']}-linux-x86_64"
    folder = target / name
    if folder.exists():
        shutil.rmtree(folder)
    make_folder(parts, folder, name)
    shutil.copy(folder / BILL, target / f"{name}.cdx.json")
    write_tar(target / f"{name}.tar.gz", name, folder)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
