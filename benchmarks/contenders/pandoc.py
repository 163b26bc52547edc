"""Pandoc, from the ready HTML to Word, and to PDF by way of WeasyPrint."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

from benchmarks.contenders import environment
from benchmarks.contenders.contender import Command, Contender
from benchmarks.contenders.weasyprint_stock import PROGRAM, VARIANT

if TYPE_CHECKING:
    from pathlib import Path


def _program() -> Path:
    folder = next(environment.FOLDER.glob("[Ll]ib*/**/pypandoc/files"))
    return folder / ("pandoc.exe" if sys.platform == "win32" else "pandoc")


def _word(source: Path, folder: Path) -> Command:
    return [_program(), source, "--output", folder / "out.docx"]


def _pdf(source: Path, folder: Path) -> Command:
    """Return the command for a PDF with the document's styles, which Pandoc leaves out."""
    style = folder.parent / f"{source.stem}.css"
    if not style.exists():
        styles = re.findall(r"<style>(.*?)</style>", source.read_text("utf-8"), re.DOTALL)
        style.write_text("\n".join(styles), "utf-8")
    return [
        *(_program(), source, "--standalone", "--css", style, "--output", folder / "out.pdf"),
        *("--pdf-engine", PROGRAM, f"--pdf-engine-opt=--pdf-variant={VARIANT}"),
    ]


_NO_WARMTH = "has no warm form (its server is not in the package)"

CONTENDERS = (
    Contender(
        name="Pandoc + WeasyPrint",
        begins="html",
        makes=("pdf",),
        lacks="looks: classes of columns, paragraphs and bands are lost on the way, with widths,"
        " sizes, alignments, line breaks · PDF/UA beside PDF/A · what WeasyPrint does not",
        absent=environment.absent,
        version=lambda: environment.said([_program(), "--version"]),
        once=_pdf,
        warm_note=_NO_WARMTH,
    ),
    Contender(
        name="Pandoc",
        begins="html",
        makes=("docx",),
        lacks="PDF · looks: its own page size and fonts, no shades and lines, boxes as paragraphs,"
        " no page per perspective, no page numbers · equality with a PDF",
        absent=environment.absent,
        version=lambda: environment.said([_program(), "--version"]),
        once=_word,
        warm_note=_NO_WARMTH,
    ),
)
