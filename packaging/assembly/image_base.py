"""Make the lower layer of the image: ``python -m assembly.image_base PARTS TARGET``.

It holds the C library, the users, and folders that anybody may write in. The upper layer is the
bundle for Linux, as it is. The same parts give the same bytes.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import Final

from assembly.archives import files_below, write, write_tar
from assembly.debs import extracted
from assembly.pins import read_pins
from assembly.program_files import RECIPES, project

LOADER: Final = "lib64/ld-linux-x86-64.so.2"
WRITABLE: Final = 0o1777
WRITABLE_FOLDERS: Final = ("tmp", "data", "state", "archive", "log")  # the last three are volumes


def main(parts: Path, target: Path) -> None:
    """Make the layer in ``target``, replacing what was there."""
    version = project()["version"]
    (pin,) = (pin for pin in read_pins(RECIPES / "bundle/pins.txt") if pin.name == "libc6")
    static = RECIPES / "container/root"
    with tempfile.TemporaryDirectory() as name, extracted(pin.deb(parts / "debs")) as root:
        base = Path(name)
        shutil.copytree(static, base, dirs_exist_ok=True)
        libraries = [path for path in (root / "lib").rglob("*.so*") if path.is_file()]
        for path in [*libraries, root / "usr/share/doc/libc6/copyright"]:
            write(base / path.relative_to(root), path.read_bytes())
        for path in files_below(base / "lib"):
            path.chmod(0o755)
        write_tar(
            target / f"reportgen-{version}-image-base.tar.gz",
            "",
            base,
            folders=dict.fromkeys(WRITABLE_FOLDERS, WRITABLE),
            links={
                LOADER: "/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2",
                "opt/reportgen": f"reportgen-{version}-linux-x86_64",
            },
        )


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
