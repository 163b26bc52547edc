"""LibreOffice, from this program's Word file to PDF."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.contenders.contender import Command, Contender
from benchmarks.contenders.environment import FOLDER, said

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

# The Word file asks for Word's fonts.
_FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig><include ignore_missing="yes">/etc/fonts/fonts.conf</include>
<alias binding="same"><family>標楷體</family><prefer><family>TW-Kai</family></prefer></alias>
<alias binding="same"><family>Times New Roman</family>
<prefer><family>Liberation Serif</family></prefer></alias>
</fontconfig>"""
_FONTS_PLACE = FOLDER.parent / "peers-fonts.conf"
# PDF/A-3a it has not; PDF/A-3b with tags and PDF/UA it has.
_FILTER = (
    'pdf:writer_pdf_Export:{"SelectPdfVersion":{"type":"long","value":"3"},'
    '"PDFUACompliance":{"type":"boolean","value":"true"},'
    '"UseTaggedPDF":{"type":"boolean","value":"true"}}'
)


def find() -> str:
    """Return the program's path; empty if it is not installed."""
    from reportgen.render.odt import libreoffice

    return libreoffice.find_program()


def _absent() -> str:
    if not find():
        return "not installed: .ci/setup test"
    _FONTS_PLACE.parent.mkdir(parents=True, exist_ok=True)
    _FONTS_PLACE.write_text(_FONTS, "utf-8")
    return ""


def _together(sources: Sequence[Path], folder: Path) -> Command:
    profile = folder.parent / f"{folder.name}-profile"
    return [
        *(find(), f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore"),
        *("--nologo", "--nodefault", "--nofirststartwizard", "--convert-to", _FILTER),
        *("--outdir", str(folder), *map(str, sources)),
    ]


CONTENDERS = (
    Contender(
        name="LibreOffice",
        begins="docx",
        makes=("pdf",),
        lacks="everything before the Word file, which it is handed ready · PDF/A-3a (3b it has)",
        absent=_absent,
        version=lambda: said([find(), "--version"]),
        once=lambda source, folder: _together([source], folder),
        together=_together,
        environment={"FONTCONFIG_FILE": str(_FONTS_PLACE)},
        warm_note="one process for several files, less what it takes for one",
    ),
)
