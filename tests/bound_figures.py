"""Print words with figures by the thousand, and read every one back from PDF, Word and ODT.

``python -m tests.bound_figures --texts 10000 --seed 1`` writes them into 執行說明 and 行動方案 of
generated agencies, builds the yearly review, and says how many differ from what ``results.json``
says; the exit code is 1 if one does.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import zipfile
from collections import Counter
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Final

from lxml import etree

from reportgen.compute import compute
from reportgen.pipeline import Settings, build
from reportgen.problems import StoppedError
from reportgen.render.fonts.font_set import font_folders
from reportgen.workbook.writing.scorecard_rows import rows_by_sheet
from reportgen.workbook.writing.workbook_writer import write_rows
from tests.factories.agencies import generate
from tests.factories.bound_texts import random_text, references
from tests.readers import Cell, PageContent, pdf, squeeze, word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reportgen.model.scorecard import Scorecard
    from reportgen.workbook.writing.scorecard_rows import Row

ROOT: Final = Path(__file__).parent.parent
COLUMNS: Final = ("執行情形", "未達成原因", "因應策略", "目標調整理由")
MAX_PARTS: Final = 5  # figures of a text
INITIATIVES: Final = 2  # of each objective
FORMATS: Final = ("pdf", "docx", "odt")
_TABLE: Final = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What was written, and what a form does not print of it, by the ending of its file."""

    texts: int
    figures: int
    missing: dict[str, list[str]]


def write_and_read(card: Scorecard, chance: Random, folder: Path) -> Outcome:
    """Build the review of a card with random words, and look for them in each of its forms."""
    known = references(compute(card)[0])
    printed: list[str] = []
    figures = 0

    def words() -> str:
        nonlocal figures
        written, shown = random_text(chance, known, MAX_PARTS)
        printed.append(squeeze(shown))
        figures += sum(written.count(brace) for brace in "}｝")
        return written

    commentaries: list[Row] = [
        {"KPI代碼": kpi.code, "年度": card.data_year, **{name: words() for name in COLUMNS}}
        for kpi in card.kpis
    ]
    initiatives: list[Row] = [
        {"策略目標": objective.code, "名稱": f"方案{number}", "辦理情形": words()}
        for objective in card.objectives
        for number in range(1, INITIATIVES + 1)
    ]
    rows = {**rows_by_sheet(card), "執行說明": commentaries, "行動方案": initiatives}
    content = BytesIO()
    write_rows(rows, content, modified=card.revised, pictures=card.pictures)
    workbook = folder / f"{card.edition}.xlsx"
    workbook.write_bytes(content.getvalue())
    settings = Settings(
        output=folder / "output",
        working_folder=ROOT,
        font_folders=font_folders(),
        formats=FORMATS,
        documents=("review",),
    )
    built = build(workbook, settings)
    files = {file.path.suffix: file.path for file in built.files}
    cells = {
        ".pdf": [
            # What PDFium answers for a hyphen at the end of a line.
            cell.text.replace("\x02", "-")
            for cell in _cells(pdf.read_pages(files[".pdf"]))
        ],
        ".docx": [cell.text for cell in _cells(word.read_pages(files[".docx"]))],
        ".odt": _odt_cells(files[".odt"]),
    }
    return Outcome(
        texts=len(printed),
        figures=figures,
        missing={
            ending: sorted((Counter(printed) - Counter(found)).elements())
            for ending, found in cells.items()
        },
    )


def _cells(pages: Sequence[PageContent]) -> list[Cell]:
    return [cell for page in pages for table in page.tables for row in table for cell in row]


def _odt_cells(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as package:
        root = etree.fromstring(package.read("content.xml"))
    return [squeeze(str(cell.xpath("string()"))) for cell in root.iter(f"{_TABLE}table-cell")]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bound_figures", description=__doc__)
    parser.add_argument("--texts", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(arguments)
    texts = figures = documents = 0
    missing: Counter[str] = Counter()
    for agency in generate(400, given.seed):
        if texts >= given.texts:
            break
        with tempfile.TemporaryDirectory() as folder:
            chance = Random(f"{given.seed} {agency.number}")
            try:
                outcome = write_and_read(agency.scorecard, chance, Path(folder))
            except StoppedError as stop:
                print(f"{agency.name}: {stop}")
                missing["stopped"] += 1
                continue
        documents += 1
        texts += outcome.texts
        figures += outcome.figures
        for ending, found in outcome.missing.items():
            missing[ending] += len(found)
            for text in found[:3]:
                print(f"{agency.name} {ending}: {text}")
    differences = ", ".join(f"{ending} {missing[ending]}" for ending in (".pdf", ".docx", ".odt"))
    print(
        f"{texts:,} texts with {figures:,} figures in {documents:,} documents; different:"
        f" {differences}; not built: {missing['stopped']}"
    )
    return 1 if missing.total() or texts < given.texts else 0


if __name__ == "__main__":
    sys.exit(main())
