"""What Word's form looks like: a DOCX laid out by LibreOffice, with Word's fonts or like ones."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig><include ignore_missing="yes">/etc/fonts/fonts.conf</include>
<alias binding="same"><family>標楷體</family><prefer><family>TW-Kai</family></prefer></alias>
<alias binding="same"><family>DFKai-SB</family><prefer><family>TW-Kai</family></prefer></alias>
<alias binding="same"><family>Times New Roman</family>
<prefer><family>Liberation Serif</family></prefer></alias>
</fontconfig>"""


def to_pdf(document: Path, folder: Path) -> Path:
    """The PDF that LibreOffice makes of a document; raises AssertionError where it makes none."""
    return convert(document, folder, "pdf")


def convert(document: Path, folder: Path, kind: str) -> Path:
    """A document as LibreOffice saves it, ``pdf``, ``xlsx`` or ``ods``; AssertionError if not."""
    return convert_all([document], folder, kind)[0]


def convert_all(documents: list[Path], folder: Path, kind: str) -> list[Path]:
    """Documents of different names as LibreOffice saves them, in one run."""
    program = shutil.which("soffice")
    assert program, "LibreOffice is not installed: `make test` installs it"
    folder.mkdir(exist_ok=True)
    fonts = folder / "fonts.conf"
    fonts.write_text(_FONTS, "utf-8")
    subprocess.run(
        [
            program,
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--headless",
            "--convert-to",
            kind,
            "--outdir",
            str(folder),
            *map(str, documents),
        ],
        check=True,
        capture_output=True,
        timeout=180 * len(documents),
        env=os.environ | {"FONTCONFIG_FILE": str(fonts)},
    )
    made = [folder / f"{document.stem}.{kind}" for document in documents]
    assert all(each.is_file() for each in made)
    return made
