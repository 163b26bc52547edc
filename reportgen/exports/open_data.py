"""The figures of an edition as open data: CSV tables with their descriptions.

``datapackage.json`` describes them for Frictionless (Tabular Data Package 1), and
``csv-metadata.json`` for CSV on the Web (W3C, 2015). Both are made from one declaration of tables
and columns. Numbers are those that the documents print; a missing one is an empty cell, and the
column beside it has the symbol. The same results give the same bytes.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, Final

from reportgen.formula import exact_text
from reportgen.model.scorecard import Known

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from fractions import Fraction

    from reportgen.compute.result_types import FormattedFigure, KpiResult, KpiYear, Results

Json = dict[str, Any]
Row = tuple[str | int, ...]
_PRINTED_NUMBER: Final = re.compile(r"[-−]?[0-9][0-9,]*(?:\.[0-9]+)?")


class ColumnType(Enum):
    """The type of a column: its name in Frictionless and in CSV on the Web."""

    TEXT = ("string", "string")
    INTEGER = ("integer", "integer")
    NUMBER = ("number", "decimal")


@dataclass(frozen=True, slots=True)
class OpenDataColumn:
    """A column: its name in the file, its Chinese title, its type, and whether it is filled."""

    name: str
    title: str
    type: ColumnType = ColumnType.TEXT
    required: bool = False


@dataclass(frozen=True, slots=True)
class OpenDataTable:
    """A table; ``references`` are columns that hold codes of another table's first column."""

    name: str
    title: str
    columns: tuple[OpenDataColumn, ...]
    key: tuple[str, ...]
    rows: Callable[[Results], Iterable[Row]]
    references: tuple[tuple[str, str], ...] = ()  # column, table

    @property
    def file(self) -> str:
        """The name of its file."""
        return f"{self.name}.csv"


def open_data_files(results: Results) -> dict[str, bytes]:
    """Return the files by name: a CSV in UTF-8 for each table, and the two descriptions."""
    contents = {table.file: _csv(table, results) for table in TABLES}
    package, metadata = _data_package(results, contents), _csvw_metadata(results)
    return {
        **contents,
        "datapackage.json": _json(package),
        "csv-metadata.json": _json(metadata),
    }


def _csv(table: OpenDataTable, results: Results) -> bytes:
    """Return a table as CSV by RFC 4180."""
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(column.name for column in table.columns)
    writer.writerows(table.rows(results))
    return target.getvalue().encode()


def _json(content: Json) -> bytes:
    """Return a description as a file."""
    return f"{json.dumps(content, ensure_ascii=False, indent=2)}\n".encode()


def _title(results: Results) -> str:
    """Return the title of the data set."""
    card = results.scorecard
    return f"{card.agency.text} {card.title.text}（{card.edition} 修表）"


# --- descriptions ---------------------------------------------------------------------


def _data_package(results: Results, contents: dict[str, bytes]) -> Json:
    """Return the description for Frictionless."""
    return {
        "profile": "tabular-data-package",
        "name": f"scorecard-{results.scorecard.edition}",
        "title": _title(results),
        "version": results.scorecard.edition,
        "resources": [_resource(table, contents[table.file]) for table in TABLES],
    }


def _resource(table: OpenDataTable, content: bytes) -> Json:
    """Return the description of a table for Frictionless."""
    schema: Json = {
        "fields": [
            {
                "name": column.name,
                "title": column.title,
                "type": column.type.value[0],
                **({"constraints": {"required": True}} if column.required else {}),
            }
            for column in table.columns
        ],
        "primaryKey": list(table.key),
        "missingValues": [""],
    }
    if table.references:
        schema["foreignKeys"] = [
            {"fields": [column], "reference": {"resource": other, "fields": [_first_column(other)]}}
            for column, other in table.references
        ]
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "title": table.title,
        "path": table.file,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "schema": schema,
    }


def _csvw_metadata(results: Results) -> Json:
    """Return the description for CSV on the Web."""
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "zh-TW"}],
        "dc:title": _title(results),
        "tables": [_csvw_table(table) for table in TABLES],
    }


def _csvw_table(table: OpenDataTable) -> Json:
    """Return the description of a table for CSV on the Web."""
    schema: Json = {
        "columns": [
            {
                "name": column.name,
                "titles": [column.name, column.title],
                "datatype": column.type.value[1],
                "required": column.required,
            }
            for column in table.columns
        ],
        "primaryKey": list(table.key),
    }
    if table.references:
        schema["foreignKeys"] = [
            {
                "columnReference": column,
                "reference": {
                    "resource": f"{other}.csv",
                    "columnReference": _first_column(other),
                },
            }
            for column, other in table.references
        ]
    return {"url": table.file, "dc:title": table.title, "tableSchema": schema}


def _first_column(name: str) -> str:
    """Return the name of a table's first column."""
    return next(table.columns[0].name for table in TABLES if table.name == name)


# --- rows -----------------------------------------------------------------------------


def _perspective_rows(results: Results) -> Iterator[Row]:
    """Yield the perspectives."""
    for perspective in results.scorecard.perspectives:
        yield perspective.code, perspective.card_name.text


def _objective_rows(results: Results) -> Iterator[Row]:
    """Yield the objectives."""
    for objective in results.scorecard.objectives:
        themes = "、".join(objective.themes)
        yield objective.code, objective.name.text, objective.perspective, themes


def _kpi_rows(results: Results) -> Iterator[Row]:
    """Yield the KPIs."""
    for result in results.kpis:
        kpi = result.kpi
        yield (
            *(kpi.code, kpi.name.text, kpi.objective, kpi.formula.text, result.unit),
            *(kpi.direction.value, _decimal(kpi.weight), kpi.owner.text),
        )


def _figure_rows(results: Results) -> Iterator[Row]:
    """Yield a row for each figure and year."""
    for figure in results.scorecard.figures:
        for value in figure.values:
            is_known = isinstance(value.value, Known)
            yield (
                *(figure.item.text, figure.component.text, value.year, figure.unit.text),
                _decimal(value.value.value) if isinstance(value.value, Known) else "",
                "" if is_known else value.value.reason.symbol,  # type: ignore[union-attr]
                *(value.written, figure.source.text, figure.note.text),
                *(value.at.sheet, value.at.cell),
            )


def _target_rows(results: Results) -> Iterator[Row]:
    """Yield a row for each target."""
    for target in results.scorecard.targets:
        at = target.goal.at
        yield target.kpi, target.year, target.goal.text, target.basis.text, at.sheet, at.cell


def _result_rows(results: Results) -> Iterator[Row]:
    """Yield a row for each KPI and year."""
    for result in results.kpis:
        yield from (_result_row(result, kpi_year) for kpi_year in result.years)


def _result_row(result: KpiResult, kpi_year: KpiYear) -> Row:
    """Return a KPI's results of one year as the documents print them."""
    missing = kpi_year.actual.value
    return (
        *(result.kpi.code, kpi_year.year, _printed_number(kpi_year.actual), result.unit),
        *(kpi_year.printed, "" if isinstance(missing, Known) else missing.reason.symbol),
        kpi_year.target.shown if kpi_year.target else "",
        _printed_number(kpi_year.rate),
        kpi_year.rate.text if kpi_year.rate else "",
        kpi_year.verdict,
        kpi_year.light.name.text if kpi_year.light else "",
        kpi_year.substitution,
    )


def _printed_number(figure: FormattedFigure | None) -> str:
    """Return the digits of a figure as printed, without separators and sign: 10.63 of 10.63%."""
    if figure is None or not isinstance(figure.value, Known):
        return ""
    match = _PRINTED_NUMBER.match(figure.text)
    return "" if match is None else match[0].replace(",", "").replace("−", "-")


def _decimal(number: Fraction | None) -> str:
    """Return an exact number in decimals; empty for None, and for 1/3, which has no such form."""
    text = "" if number is None else exact_text(number)
    return "" if "÷" in text else text.replace(",", "")


# --- tables ---------------------------------------------------------------------------

_C, _INTEGER, _NUMBER = OpenDataColumn, ColumnType.INTEGER, ColumnType.NUMBER
_PLACE: Final = (_C("sheet", "工作表"), _C("cell", "儲存格"))

TABLES: Final = (
    OpenDataTable(
        name="perspectives",
        title="構面",
        columns=(_C("code", "代碼", required=True), _C("name", "名稱", required=True)),
        key=("code",),
        rows=_perspective_rows,
    ),
    OpenDataTable(
        name="objectives",
        title="策略目標",
        columns=(
            _C("code", "代碼", required=True),
            _C("name", "名稱", required=True),
            _C("perspective", "構面", required=True),
            _C("themes", "策略主題"),
        ),
        key=("code",),
        rows=_objective_rows,
        references=(("perspective", "perspectives"),),
    ),
    OpenDataTable(
        name="kpis",
        title="關鍵績效指標",
        columns=(
            _C("code", "代碼", required=True),
            _C("name", "名稱", required=True),
            _C("objective", "策略目標", required=True),
            _C("formula", "計算公式及計量單位", required=True),
            _C("unit", "單位"),
            _C("direction", "方向", required=True),
            _C("weight", "權重", _NUMBER),
            _C("owner", "承辦單位"),
        ),
        key=("code",),
        rows=_kpi_rows,
        references=(("objective", "objectives"),),
    ),
    OpenDataTable(
        name="figures",
        title="年度資料",
        columns=(
            _C("item", "資料項", required=True),
            _C("component", "組成"),
            _C("year", "民國年", _INTEGER, required=True),
            _C("unit", "單位"),
            _C("value", "數值", _NUMBER),
            _C("missing", "無數值的原因"),
            _C("stage", "里程碑的階段"),
            _C("source", "資料來源"),
            _C("note", "備註"),
            *_PLACE,
        ),
        key=("item", "component", "year"),
        rows=_figure_rows,
    ),
    OpenDataTable(
        name="targets",
        title="目標值",
        columns=(
            _C("kpi", "KPI代碼", required=True),
            _C("year", "民國年", _INTEGER, required=True),
            _C("target", "目標值", required=True),
            _C("basis", "依據"),
            *_PLACE,
        ),
        key=("kpi", "year"),
        rows=_target_rows,
        references=(("kpi", "kpis"),),
    ),
    OpenDataTable(
        name="results",
        title="執行成果",
        columns=(
            _C("kpi", "KPI代碼", required=True),
            _C("year", "民國年", _INTEGER, required=True),
            _C("value", "實績值", _NUMBER),
            _C("unit", "單位"),
            _C("printed", "實績值（照印）", required=True),
            _C("missing", "無數值的原因"),
            _C("target", "目標值（照印）"),
            _C("rate", "達成率（%）", _NUMBER),
            _C("rate_printed", "達成率（照印）"),
            _C("verdict", "判定"),
            _C("light", "燈號"),
            _C("calculation", "計算"),
        ),
        key=("kpi", "year"),
        rows=_result_rows,
        references=(("kpi", "kpis"),),
    ),
)
