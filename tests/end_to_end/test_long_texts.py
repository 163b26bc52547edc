"""Pages hold whatever is written: every letter is on a page, in PDF, Word and ODT alike.

``REPORTGEN_LONG_TEXTS=1`` tries every kind of text at every length; without it a few stand for all.
"""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pypdfium2
import pytest

from reportgen.model.scorecard import RocDate
from reportgen.pipeline import Settings, build, compare_workbooks
from reportgen.problems import StoppedError
from reportgen.render.fonts.font_set import font_folders
from tests.conftest import ROOT
from tests.factories.long_texts import KINDS, long_workbook
from tests.readers import squeeze
from tests.readers.libreoffice import convert_all

if TYPE_CHECKING:
    from pathlib import Path

LENGTHS = (50, 100, 200, 400, 800, 1600)
# What a workbook may hold of each kind, at most: more is an error that names the cell (E126).
LONGEST = {
    "formula": 900,
    "note": 900,
    "goal": 120,
    "KPI name": 120,
    "theme": 60,
    "perspective": 30,
    "mission": 200,
    "value": 300,
    "reason": 300,
}


@dataclass(frozen=True)
class Case:
    """An edition: which kinds of text are long, and how many KPIs and themes there are."""

    kinds: tuple[str, ...]
    length: int
    kpis: int = 9
    themes: int = 2
    document: str = "scorecard"

    def __str__(self) -> str:
        kinds = "all" if len(self.kinds) == len(KINDS) else "+".join(self.kinds)
        return f"{self.document}: {kinds} of {self.length}, {self.kpis} KPIs, {self.themes} themes"

    def workbook(self, path: Path, length: int) -> Path:
        kinds = {kind: min(length, LONGEST[kind]) for kind in self.kinds}
        lengths = kinds if self.length <= 1000 and len(self.kinds) > 1 else length
        path.write_bytes(
            long_workbook(
                self.kinds,
                lengths,
                kpis=self.kpis,
                themes=self.themes,
                revised=RocDate(*map(int, path.stem.split("-"))),
            )
        )
        return path


FEW = (
    Case(("note",), 226),
    Case(("formula",), 900, kpis=5),
    Case(("goal",), 60, kpis=5, themes=10),
    Case(KINDS, 100, kpis=5, themes=3),
    Case(("mission",), 1600),
    Case(("KPI name", "formula"), 120, kpis=5, document="results"),
    Case(("formula", "reason"), 300, kpis=5, document="comparison"),
)
MANY = (
    *(Case((kind,), length) for kind in KINDS for length in LENGTHS),
    *(Case(KINDS, length) for length in LENGTHS[:5]),
    *(Case(KINDS, 100, kpis=kpis, themes=4) for kpis in (5, 40, 120)),
    *(Case(("formula",), 200, kpis=kpis) for kpis in (5, 80)),
    *(Case(("theme", "goal"), 60, kpis=20, themes=themes) for themes in (2, 4, 7, 10, 12)),
    *(
        Case((kind,), LONGEST[kind], document=document)
        for kind in KINDS
        for document in ("results", "comparison")
    ),
    *(Case(KINDS, 400, document=document) for document in ("results", "comparison")),
)
ALL = bool(os.environ.get("REPORTGEN_LONG_TEXTS"))
CASES = FEW + (MANY if ALL else ())


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=str)
def test_every_letter_is_on_a_page_or_the_error_names_the_cell(case: Case, tmp_path: Path) -> None:
    try:
        files = made(case, tmp_path)
    except StoppedError as stop:
        errors = [problem for problem in stop.problems if problem.code.startswith("E")]
        assert errors
        assert [problem.code for problem in errors if not problem.where.cell] == []
        assert max(case.length, 120) > min(LONGEST[kind] for kind in case.kinds)
        return
    pdf = pages(files[".pdf"])
    for path in laid_out_by_libreoffice(files, tmp_path):
        others = pages(path)
        assert len(pdf) == len(others)
        for number, (page, other) in enumerate(zip(pdf, others, strict=True), 1):
            # What stands on a page stands on the same page there; its order may differ.
            assert Counter(page) - Counter(other) == Counter(), f"page {number}"
            assert "臺北市教師研習中心" in page, f"page {number}"


def laid_out_by_libreoffice(files: dict[str, Path], folder: Path) -> list[Path]:
    """The Word and ODT files as PDF, in one run."""
    named = []
    for ending in files.keys() & {".docx", ".odt"}:
        named.append(folder / f"{ending[1:]}{ending}")
        named[-1].write_bytes(files[ending].read_bytes())
    return convert_all(named, folder / "libreoffice", "pdf")


def made(case: Case, folder: Path) -> dict[str, Path]:
    settings: dict[str, Any] = {
        "output": folder / "output",
        "working_folder": ROOT,
        "font_folders": font_folders(),
        "formats": ("pdf", "docx", *(("odt",) if ALL or case is FEW[0] else ())),
        "verify": case is FEW[1],
    }
    new = case.workbook(folder / "105-12-25.xlsx", case.length)
    if case.document == "comparison":
        old = case.workbook(folder / "105-06-30.xlsx", 40)
        built = compare_workbooks(old, new, Settings(**settings))
    else:
        built = build(new, Settings(**settings, documents=(case.document,)))
    assert {problem.code for problem in built.problems} & {"W408", "W422", "W423", "E424"} == set()
    files = [written.path for written in built.files]
    return {path.suffix: path for path in files if "追蹤修訂" not in path.name}


def pages(path: Path) -> list[str]:
    with pypdfium2.PdfDocument(path) as document:
        return [squeeze(page.get_textpage().get_text_range()) for page in document]
