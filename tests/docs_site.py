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
    with TemporaryDirectory() as doctrees:
        return all(
            subprocess.run(
                [sys.executable, "-m", "sphinx", "--quiet", "--fail-on-warning", "--keep-going"]
                + ["--doctree-dir", f"{doctrees}/{tag}", "--tag", tag, ROOT / "docs", target],
                check=False,
            ).returncode
            == 0
            for tag, target in (("zh", folder), ("en", folder / "en"))
        )


if __name__ == "__main__":
    sys.exit(main())
