"""Open data: CSV tables whose descriptions fit, and whose figures are those that are printed."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook

from reportgen.cli import main
from reportgen.compute import compute
from reportgen.exports.open_data import TABLES, collected_open_data_files, open_data_files
from reportgen.model.scorecard import Known
from reportgen.problems import has_errors
from tests.factories.agencies import agency
from tests.factories.samples import (
    SAMPLES,
    scorecard,
    second_agency,
    teachers_center,
    workbook,
    yearly_review,
)
from tests.factories.workbooks import with_cells
from tests.open_data import CORRUPTIONS, accepted, not_printed, read_rows, with_words, write
from tests.validators.open_data import VALIDATORS

if TYPE_CHECKING:
    from reportgen.model.scorecard import Scorecard

pytestmark = pytest.mark.slow

NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")  # xsd:decimal
INTEGER = re.compile(r"[0-9]+")
CARDS = [
    *(pytest.param(scorecard(sample), id=edition) for edition, sample in SAMPLES.items()),
    *(pytest.param(agency(number, 22).scorecard, id=f"agency {number}") for number in range(1, 9)),
]


def tables(card: Scorecard) -> dict[str, list[dict[str, str]]]:
    """The rows of each table."""
    files = open_data_files(compute(card)[0])[0]
    return {
        name.removesuffix(".csv"): list(csv.DictReader(io.StringIO(content.decode(), newline="")))
        for name, content in files.items()
        if name.endswith(".csv")
    }


@pytest.mark.parametrize("card", CARDS)
def test_the_descriptions_fit(card: Scorecard) -> None:
    files = open_data_files(compute(card)[0])[0]
    package = json.loads(files["datapackage.json"])
    metadata = json.loads(files["csv-metadata.json"])
    rows = tables(card)
    described: dict[str, Any] = {table["url"]: table for table in metadata["tables"]}
    for resource in package["resources"]:
        content = files[resource["path"]]
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        assert resource["bytes"] == len(content)
        fields = resource["schema"]["fields"]
        header = content.decode().partition("\r\n")[0].split(",")
        assert header == [field["name"] for field in fields]
        columns = described[resource["path"]]["tableSchema"]["columns"]
        assert header == [column["name"] for column in columns]
        table = rows[resource["name"]]
        for field, column in zip(fields, columns, strict=True):
            texts = [row[field["name"]] for row in table]
            required = bool(field.get("constraints", {}).get("required"))
            assert required == column["required"]
            assert all(texts) or not required
            pattern = {"integer": INTEGER, "number": NUMBER}.get(field["type"])
            assert all(pattern.fullmatch(text) for text in texts if text) if pattern else True
        key = resource["schema"]["primaryKey"]
        keys = [tuple(row[name] for name in key) for row in table]
        assert len(set(keys)) == len(keys)
        for foreign in resource["schema"].get("foreignKeys", ()):
            other = rows[foreign["reference"]["resource"]]
            codes = {row[foreign["reference"]["fields"][0]] for row in other}
            assert {row[foreign["fields"][0]] for row in table} <= codes


@pytest.mark.parametrize("card", CARDS)
def test_no_figure_is_left_out_or_altered(card: Scorecard) -> None:
    results, _ = compute(card)
    rows = tables(card)
    figures = [
        (value.value.value if isinstance(value.value, Known) else value.value.reason.symbol)
        for figure in card.figures
        for value in figure.values
    ]
    assert figures == [
        Fraction(row["value"]) if row["value"] else row["missing"] for row in rows["figures"]
    ]
    printed = [(year.printed, year.verdict) for result in results.kpis for year in result.years]
    assert printed == [(row["printed"], row["verdict"]) for row in rows["results"]]
    for row, year in zip(
        rows["results"], [year for result in results.kpis for year in result.years], strict=True
    ):
        known = isinstance(year.actual.value, Known)
        assert bool(row["value"]) == known
        assert row["value"] in year.actual.text.replace(",", "").replace("−", "-")
    assert [row["formula"] for row in rows["kpis"]] == [kpi.formula.text for kpi in card.kpis]
    assert [row["target"] for row in rows["targets"]] == [
        target.goal.text for target in card.targets
    ]


def test_the_same_results_give_the_same_bytes() -> None:
    card = scorecard(teachers_center)
    assert open_data_files(compute(card)[0])[0] == open_data_files(compute(card)[0])[0]
    assert set(open_data_files(compute(card)[0])[0]) == {
        *(table.file for table in TABLES),
        "datapackage.json",
        "csv-metadata.json",
    }


def test_build_writes_them_beside_the_documents(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    path = Path("a.xlsx")
    path.write_bytes(with_cells())
    assert main(["build", str(path), "--open-data", "--format", "html", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    written = {Path(file["path"]).name for file in report["workbooks"][0]["files"]}
    folder = Path("output/105-12-25/open-data")
    assert {file.name for file in folder.iterdir()} < written
    assert folder.joinpath("results.csv").read_bytes().startswith(b"kpi,year,value,")
    assert folder.joinpath("commentaries.csv").read_bytes().startswith(b"kpi,year,progress,")


def test_a_formula_that_cannot_be_computed_stops_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    path = Path("a.xlsx")
    path.write_bytes(with_cells(("關鍵績效指標", "D10", "沒有這個名稱/2")))
    assert main(["build", str(path), "--open-data", "--format", "html"]) == 1
    assert "E217" in capsys.readouterr().err
    assert not Path("output").exists()


@pytest.mark.parametrize("validator", VALIDATORS)
@pytest.mark.parametrize("card", CARDS[:5])
def test_validators_find_no_error(card: Scorecard, validator: str, tmp_path: Path) -> None:
    results, _ = compute(with_words(card, Random(1)))
    files, problems = open_data_files(results)
    assert not has_errors(problems)
    assert VALIDATORS[validator](write(tmp_path / "package", files)) == []


def test_validators_find_no_error_in_one_package_of_many_agencies(tmp_path: Path) -> None:
    cards = [agency(number, 22).scorecard for number in range(1, 4)]
    collected = [compute(with_words(card, Random(1)))[0] for card in cards]
    files, _ = collected_open_data_files(collected, 112)
    folder = write(tmp_path / "package", files)
    assert {name: errors(folder) for name, errors in VALIDATORS.items()} == {
        "frictionless": [],
        "csvw": [],
    }
    agencies = [row["agency"] for row in read_rows(files["agencies.csv"])]
    assert agencies == [card.agency.text for card in cards]
    whole = read_rows(files["results.csv"])
    for card, results in zip(cards, collected, strict=True):
        own = read_rows(open_data_files(results)[0]["results.csv"])
        assert [row for row in whole if row["agency"] == card.agency.text] == [
            {"agency": card.agency.text, **row} for row in own
        ]


def test_every_corruption_is_refused(tmp_path: Path) -> None:
    results, _ = compute(with_words(agency(1, 22).scorecard, Random(1)))
    assert len(CORRUPTIONS) > 10
    assert accepted(open_data_files(results)[0], tmp_path) == []


@pytest.mark.parametrize("edition", ["teachers_results", "second_results"])
def test_figures_are_those_of_the_pdf(edition: str, request: pytest.FixtureRequest) -> None:
    sample = teachers_center if edition == "teachers_results" else second_agency
    results, _ = compute(scorecard(sample))
    content = open_data_files(results)[0]["results.csv"]
    document = request.getfixturevalue(edition).pdf
    assert not_printed(results, content, document) == []
    year = str(results.scorecard.data_year)
    row = next(row for row in read_rows(content) if row["year"] == year)
    line = next(
        line for line in content.splitlines() if line.startswith(f"{row['kpi']},{year},".encode())
    )
    altered = content.replace(line, line.replace(row["printed"].encode(), b"123456"))
    assert not_printed(results, altered, document) == [f"{row['kpi']} printed 123456"]


def test_words_have_the_figures_that_the_review_prints() -> None:
    rows = tables(scorecard(yearly_review))
    words = next(row for row in rows["commentaries"] if row["kpi"] == "F1.2")
    assert words["progress"] == "範例：整體預算執行率 99.47%，較上年度 +0.10百分點。"
    assert (words["sheet"], words["cell"]) == ("執行說明", "A12")
    initiative = rows["initiatives"][0]
    assert (initiative["start"], initiative["end"]) == ("2016-01-01", "2016-12-20")
    assert "{" not in "".join(map(str, rows["commentaries"] + rows["initiatives"])).replace(
        "{'", ""
    )


def test_a_reference_in_words_that_nothing_has_stops_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    book = load_workbook(io.BytesIO(workbook(yearly_review)))
    book["執行說明"]["C12"] = "執行率 {F9.9}"
    book.save("a.xlsx")
    assert main(["build", "a.xlsx", "--format", "html"]) == 0  # the scorecard prints no words
    assert main(["build", "a.xlsx", "--open-data", "--format", "html"]) == 1
    assert "「執行說明」C12" in capsys.readouterr().err
    assert not Path("output/105-12-25/open-data").exists()


def test_collect_writes_one_package_of_those_who_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    folder = Path("in")
    folder.mkdir()
    for number in (1, 2):
        made = agency(number, 22)
        made.write(folder)
    words = load_workbook(io.BytesIO(workbook(yearly_review)))
    words["執行說明"]["B12"], words["執行說明"]["C12"] = 104, "執行率 {F9.9}"
    words.save(folder / "words.xlsx")
    asked = [
        "collect",
        "in",
        "--format",
        "html",
        "--document",
        "scorecard",
        "--jobs",
        "1",
        "--json",
    ]
    assert main(asked) == 0
    assert not Path("output/open-data").exists()
    capsys.readouterr()
    assert main([*asked, "--open-data"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert [
        problem["code"] for problem in report["problems"] if problem["severity"] == "error"
    ] == ["E261"]
    error = next(problem for problem in report["problems"] if problem["code"] == "E261")
    assert error["where"]["file"].endswith("words.xlsx")
    package = Path("output/open-data")
    assert {Path(file["path"]).name for file in report["rollup"]} > {
        path.name for path in package.iterdir()
    }
    names = [row["agency"] for row in read_rows((package / "agencies.csv").read_bytes())]
    assert names == sorted(agency(number, 22).name for number in (1, 2))
    (folder / "words.xlsx").unlink()
    assert main([*asked, "--open-data"]) == 0
    assert {name: errors(package) for name, errors in VALIDATORS.items()} == {
        "frictionless": [],
        "csvw": [],
    }
