"""Open data of generated agencies, held to its descriptions and to the printed results.

``python -m tests.open_data --agencies 100 --pdfs 5`` writes their packages, with random words, and
one of all of them; has frictionless and csvw validate each; compares every figure of the data year
with the PDF of some; and corrupts a package in each way of ``CORRUPTIONS``, which every validator
must refuse. The exit code is 1 if anything is wrong.
"""

from __future__ import annotations

import argparse
import csv
import io
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Final

from reportgen.compute import compute
from reportgen.exports.open_data import collected_open_data_files, open_data_files
from reportgen.model.scorecard import CellRef, Commentary, Initiative, Text
from reportgen.pipeline import Settings, build
from reportgen.render.fonts.font_set import font_folders
from reportgen.workbook.writing.scorecard_rows import rows_by_sheet
from reportgen.workbook.writing.workbook_writer import write_rows
from tests.factories.agencies import agency
from tests.factories.bound_texts import random_text, references
from tests.readers import pdf, squeeze
from tests.validators.open_data import VALIDATORS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from reportgen.compute.result_types import Results
    from reportgen.model.scorecard import Scorecard

ROOT: Final = Path(__file__).parent.parent
Rows = list[dict[str, str]]


def with_words(card: Scorecard, chance: Random) -> Scorecard:
    """A scorecard with random words on every KPI, and an initiative of every objective."""
    known = references(compute(card)[0])

    def text(cell: str) -> Text:
        return Text(text=random_text(chance, known, 3)[0], at=CellRef(sheet="執行說明", cell=cell))

    def place(number: int) -> CellRef:
        return CellRef(sheet="行動方案", cell=f"A{number}")

    return replace(
        card,
        commentaries=tuple(
            Commentary(
                kpi=kpi.code,
                year=card.data_year,
                progress=text(f"C{number}"),
                shortfall_reason=text(f"D{number}"),
                measures=text(f"E{number}"),
                target_reason=text(f"F{number}"),
                at=CellRef(sheet="執行說明", cell=f"A{number}"),
            )
            for number, kpi in enumerate(card.kpis, 5)
        ),
        initiatives=tuple(
            Initiative(
                objective=objective.code,
                name=Text(text="方案", at=place(number)),
                owner=Text(text="", at=place(number)),
                start=card.cover_date,
                end=None,
                stage=None,
                budget=None,
                progress=text(f"H{number}"),
                at=place(number),
            )
            for number, objective in enumerate(card.objectives, 5)
        ),
    )


def write(folder: Path, files: Mapping[str, bytes]) -> Path:
    """Write a package into a folder, which is made; return the folder."""
    folder.mkdir(parents=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


def read_rows(content: bytes) -> Rows:
    """The rows of a CSV."""
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def not_printed(results: Results, content: bytes, document: Path) -> list[str]:
    """Figures of the data year in a ``results.csv`` that the PDF lacks in the KPI's row."""
    printed = [
        [cell.text for cell in row]
        for page in pdf.read_pages(document)
        for table in page.tables
        for row in table
    ]
    names = {result.kpi.code: result.kpi.name.text for result in results.kpis}
    missing = []
    for row in read_rows(content):
        if row["year"] != str(results.scorecard.data_year):
            continue
        head = squeeze(f"{row['kpi']} {names[row['kpi']]}")
        cells = {cell for found in printed if head in found for cell in found}
        for column in ("printed", "target", "rate_printed"):
            text = squeeze(row[column].replace("-", "−")) if row[column] != "-" else "-"
            if text and text.replace("−−", "--") not in cells:
                missing.append(f"{row['kpi']} {column} {text}")
    return missing


def results_pdf(card: Scorecard, folder: Path) -> Path:
    """The yearly results of a scorecard as PDF."""
    content = io.BytesIO()
    write_rows(rows_by_sheet(card), content, modified=card.revised, pictures=card.pictures)
    workbook = folder / f"{card.edition}.xlsx"
    workbook.write_bytes(content.getvalue())
    settings = Settings(
        output=folder / "output",
        working_folder=ROOT,
        font_folders=font_folders(),
        formats=("pdf",),
        documents=("results",),
    )
    built = build(workbook, settings)
    return next(file.path for file in built.files if file.path.suffix == ".pdf")


# --- corruptions ----------------------------------------------------------------------


def _cell(table: str, column: str, change: Callable[[str], str]) -> Callable[[Path], None]:
    """A change of a column's first cell that is filled."""

    def corrupt(folder: Path) -> None:
        path = folder / f"{table}.csv"
        rows = read_rows(path.read_bytes())
        row = next(row for row in rows if row[column])
        row[column] = change(row[column])
        _write_rows(path, rows)

    return corrupt


def _rows(table: str, change: Callable[[Rows], Rows]) -> Callable[[Path], None]:
    """A change of all rows of a table."""

    def corrupt(folder: Path) -> None:
        path = folder / f"{table}.csv"
        _write_rows(path, change(read_rows(path.read_bytes())))

    return corrupt


def _write_rows(path: Path, rows: Rows) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)


def _without_column(rows: Rows) -> Rows:
    return [{name: text for name, text in row.items() if name != "year"} for row in rows]


CORRUPTIONS: Final[dict[str, Callable[[Path], None]]] = {
    "a word where a number belongs": _cell("results", "value", lambda text: "許多"),
    "a number with a comma": _cell("figures", "value", lambda text: "1,2,3"),
    "a year in words": _cell("targets", "year", lambda text: "一〇五"),
    "a date that does not exist": _cell("initiatives", "start", lambda text: "2016-02-30"),
    "a blank where one must not be": _cell("kpis", "name", lambda text: ""),
    "a KPI that does not exist": _cell("results", "kpi", lambda text: "Z9.9"),
    "an objective that does not exist": _cell("kpis", "objective", lambda text: "Z9"),
    "words on a KPI that does not exist": _cell("commentaries", "kpi", lambda text: "Z9.9"),
    "a row twice": _rows("results", lambda rows: [*rows, rows[0]]),
    "a perspective lost": _rows("perspectives", lambda rows: rows[1:]),
    "a column lost": _rows("results", _without_column),
}
# These leave tables that are in order; only the digest tells.
SILENT_CORRUPTIONS: Final[dict[str, Callable[[Path], None]]] = {
    "a figure altered": _cell("results", "value", lambda text: f"{text}1"),
    "a text altered": _cell("kpis", "name", lambda text: f"{text}。"),
    "a row lost": _rows("results", lambda rows: rows[:-1]),
}


def accepted(package: Mapping[str, bytes], folder: Path) -> list[str]:
    """Corruptions of a package that a validator does not refuse, of those it can find."""
    found = []
    for name, corrupt in {**CORRUPTIONS, **SILENT_CORRUPTIONS}.items():
        corrupted = write(folder / name, package)
        corrupt(corrupted)
        for validator, errors in VALIDATORS.items():
            can_find = name in CORRUPTIONS or validator == "frictionless"
            if can_find and not errors(corrupted):
                found.append(f"{validator}: {name}")
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.open_data", description=__doc__)
    parser.add_argument("--agencies", type=int, default=100)
    parser.add_argument("--pdfs", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(arguments)
    wrong: list[str] = []
    collected = []
    rows = 0
    with tempfile.TemporaryDirectory() as name:
        base = Path(name)
        for number in range(1, given.agencies + 1):
            chance = Random(f"{given.seed} {number}")
            card = with_words(agency(number, given.seed).scorecard, chance)
            results, _ = compute(card)
            collected.append(results)
            files, problems = open_data_files(results)
            wrong += [problem.line("en") for problem in problems if problem.code != "N261"]
            rows += sum(len(read_rows(files[file])) for file in files if file.endswith(".csv"))
            folder = write(base / str(number), files)
            for validator, errors in VALIDATORS.items():
                wrong += [f"{number} {validator}: {error}" for error in errors(folder)]
            if number <= given.pdfs:
                document = results_pdf(agency(number, given.seed).scorecard, folder)
                missing = not_printed(results, files["results.csv"], document)
                wrong += [f"{number} PDF: {figure}" for figure in missing]
        files, _ = collected_open_data_files(collected, 112)
        folder = write(base / "all", files)
        for validator, errors in VALIDATORS.items():
            wrong += [f"all {validator}: {error}" for error in errors(folder)]
        wrong += accepted(open_data_files(collected[0])[0], base / "corrupted")
        wrong += accepted(files, base / "all corrupted")
    print(f"{given.agencies} agencies, {rows} rows, {given.pdfs} PDFs: {len(wrong)} wrong")
    print("\n".join(wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
