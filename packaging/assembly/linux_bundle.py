"""Put the bundle for Linux together: ``python -m assembly.linux_bundle PARTS TARGET``.

PARTS is what ``fetch`` has downloaded. TARGET gets the folder, and a tar.gz of it. The same parts
give the same bytes.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from assembly.archives import write, write_tar
from assembly.debs import extracted
from assembly.program_files import (
    ROOT,
    UNUSED_LIBRARY,
    compile_modules,
    copy_fonts,
    copy_program,
    copy_samples,
    project,
)

RECIPE: Final = ROOT / "packaging/bundle"
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


def make_folder(parts: Path, folder: Path) -> None:
    """Make the folder as it will be unpacked."""
    for deb in sorted((parts / "debs").glob("*.deb")):
        with extracted(deb) as root:
            copy_interpreter(root, folder)
            copy_libraries(root, folder / "lib")
            dictionary = root / "usr/share/libthai/thbrk.tri"
            if dictionary.exists():
                write(folder / "lib/libthai/thbrk.tri", dictionary.read_bytes())
    copy_program(parts / "wheels", MARKERS, folder)
    paths = "../../../../site\n../../../../app\n"
    write(folder / "python/lib/python3/dist-packages/reportgen.pth", paths.encode())
    copy_fonts(parts / "debs", folder / "fonts")
    copy_samples(folder)
    for name, place in (("reportgen", ""), ("請先看我.txt", ""), ("fonts.conf", "lib"), ("sitecustomize.py", "site")):
        shutil.copy(RECIPE / "folder" / name, folder / place)
    compile_modules(folder, ("python/lib", "site", "app"))


def main(parts: Path, target: Path) -> None:
    """Make the folder and its tar.gz in ``target``, replacing what was there."""
    name = f"reportgen-{project()['version']}-linux-x86_64"
    folder = target / name
    if folder.exists():
        shutil.rmtree(folder)
    make_folder(parts, folder)
    write_tar(target / f"{name}.tar.gz", name, folder)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
