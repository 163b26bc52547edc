"""The documentation as a site: ``python -m tests.docs_site [FOLDER]``, as ``make site`` does.

Two builds from ``docs/``, each with its own navigation and search: Chinese in the folder, English
in its subfolder ``en``. A warning is an error. ``docs/conf.py`` says which page is where.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

ROOT: Final = Path(__file__).parents[1]
SITE: Final = ROOT / "dist/site"


def main() -> int:
    """Build the site; return 1 if Sphinx complains of anything."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else SITE
    return 0 if build(folder) else 1


def build(folder: Path) -> bool:
    """Write both languages into an empty folder; return whether there was no warning."""
    shutil.rmtree(folder, ignore_errors=True)
    options = ("--quiet", "--fail-on-warning", "--keep-going")
    with TemporaryDirectory() as doctrees:
        for language, target in (("zh", folder), ("en", folder / "en")):
            places = ("--doctree-dir", f"{doctrees}/{language}", ROOT / "docs", target)
            command = (sys.executable, "-m", "sphinx", *options, "--tag", language, *places)
            if subprocess.run(command, check=False).returncode:
                return False
    return True


if __name__ == "__main__":
    sys.exit(main())
