"""The documentation as a site: ``python -m tests.docs_site``, as ``make site`` does.

Two builds from ``docs/``, each with its own navigation and search: Chinese in ``dist/site``,
English in its subfolder ``en``. A warning is an error. ``docs/conf.py`` says which page is where.
``--pictures FOLDER`` also takes a picture of each page at two widths.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from argparse import ArgumentParser
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from playwright.sync_api import ViewportSize

from tests.web.browser import launched

ROOT: Final = Path(__file__).parents[1]
SITE: Final = ROOT / "dist/site"
PHONE: Final = ViewportSize(width=390, height=844)
LAPTOP: Final = ViewportSize(width=1280, height=800)


def main() -> int:
    """Build the site; return 1 if Sphinx complains of anything."""
    parser = ArgumentParser()
    parser.add_argument("--pictures", type=Path, metavar="FOLDER")
    pictures = parser.parse_args().pictures
    if not build(SITE):
        return 1
    if pictures:
        take_pictures(SITE, pictures)
    return 0


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


def take_pictures(site: Path, folder: Path) -> None:
    """Write a PNG of each whole page, as wide as a phone and as a laptop."""
    with launched() as browser:
        for size in (PHONE, LAPTOP):
            page = browser.new_page(viewport=size)
            for path in sorted(site.rglob("*.html")):
                page.goto(path.as_uri())
                name = "-".join(path.relative_to(site).with_suffix(".png").parts)
                page.screenshot(path=folder / str(size["width"]) / name, full_page=True)
            page.close()


if __name__ == "__main__":
    sys.exit(main())
