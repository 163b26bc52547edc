"""Typst, with a template of its own for the same pages, filled from the same strings."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from benchmarks.contenders import environment
from benchmarks.contenders.contender import HERE, Contender, module
from benchmarks.contenders.talk import run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from benchmarks.contenders.talk import Maker

TEMPLATE = HERE / "scorecard.typ"
STANDARDS = ["a-3a", "ua-1"]


@contextmanager
def open_maker() -> Iterator[Maker]:
    """Yield a compiler, which caches its fonts and the parsed template."""
    import typst

    compiler = typst.Compiler(str(TEMPLATE), root=str(HERE))

    def make(source: Path, folder: Path) -> None:
        compiler.compile(
            output=str(folder / "out.pdf"),
            sys_inputs={"view": source.read_text("utf-8")},
            pdf_standards=STANDARDS,
            timestamp=0,  # else the clock's
        )

    yield make


CONTENDERS = (
    Contender(
        name="Typst",
        begins="view",
        makes=("pdf",),
        lacks="Word · page headings and merged labels again where a table goes on · phrases kept on"
        " a line · pictures from the workbook (none here has any)",
        absent=environment.absent,
        version=lambda: f"Typst, by typst-py {environment.version('typst')}",
        once=lambda source, folder: [*module("typst_pdf", environment.PYTHON), source, folder],
        stays=lambda: module("typst_pdf", environment.PYTHON),
        warm_note="one typst.Compiler",
    ),
)

if __name__ == "__main__":
    run(open_maker())
