"""Open data: CSV tables whose descriptions fit, and whose figures are those that are printed."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from reportgen.cli import main
from reportgen.compute import compute
from reportgen.exports.open_data import TABLES, open_data_files
from reportgen.model.scorecard import Known
from tests.factories.agencies import agency
from tests.factories.samples import SAMPLES, scorecard, teachers_center
from tests.factories.workbooks import with_cells

if TYPE_CHECKING:
    from reportgen.model.scorecard import Scorecard

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


def test_a_formula_that_cannot_be_computed_stops_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    path = Path("a.xlsx")
    path.write_bytes(with_cells(("關鍵績效指標", "D10", "沒有這個名稱/2")))
    assert main(["build", str(path), "--open-data", "--format", "html"]) == 1
    assert "E217" in capsys.readouterr().err
    assert not Path("output").exists()
