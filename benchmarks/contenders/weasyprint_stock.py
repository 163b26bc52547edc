"""Unmodified WeasyPrint, on the ready HTML."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from benchmarks.contenders.contender import PYTHON, Command, Contender, module
from benchmarks.contenders.environment import said
from benchmarks.contenders.talk import run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from benchmarks.contenders.talk import Maker

PROGRAM = PYTHON.parent / "weasyprint"
VARIANT = "pdf/a-3a"
NAME = "WeasyPrint"


@contextmanager
def open_maker() -> Iterator[Maker]:
    """Yield WeasyPrint, imported."""
    from weasyprint import HTML

    def make(source: Path, folder: Path) -> None:
        HTML(filename=source).write_pdf(folder / "out.pdf", pdf_variant=VARIANT)

    yield make


def _once(source: Path, folder: Path) -> Command:
    return [PROGRAM, "--quiet", "--pdf-variant", VARIANT, source, folder / "out.pdf"]


CONTENDERS = (
    Contender(
        name=NAME,
        begins="html",
        makes=("pdf",),
        lacks="PDF/UA beside PDF/A · Word · the template, whose HTML it is handed ready, rows"
        " already dealt to pages with their headings",
        version=lambda: said([PROGRAM, "--version"]),
        once=_once,
        stays=lambda: module("weasyprint_stock"),
        warm_note="one Python process",
    ),
)

if __name__ == "__main__":
    run(open_maker())
