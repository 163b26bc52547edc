"""Figures and words as open data: CSV tables with their descriptions.

``datapackage.json`` describes them for Frictionless (Tabular Data Package 1), and
``csv-metadata.json`` for CSV on the Web (W3C, 2015). Both are made from one declaration of tables
and columns. Numbers are those that the documents print; a missing one is an empty cell, and the
column beside it has the symbol. The same results give the same bytes.

A package is of one edition, or of many agencies' editions: then each table has the agency as its
first column, which is part of its keys.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from reportgen.formula import exact_text
from reportgen.model.scorecard import Known
from reportgen.problems import has_errors
from reportgen.views.review_view import MEASURES, PROGRESS, SHORTFALL, TARGET_REASON, printed_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from fractions import Fraction

    from reportgen.compute.result_types import FormattedFigure, KpiResult, KpiYear, Results
    from reportgen.model.scorecard import RocDate
    from reportgen.problems import Problem
    from reportgen.views.review_view import PrintedWords

Json = dict[str, Any]
Row = tuple[str | int, ...]
_PRINTED_NUMBER: Final = re.compile(r"[-−]?[0-9][0-9,]*(?:\.[0-9]+)?")


class ColumnType(Enum):
    """The type of a column: its name in Frictionless and in CSV on the Web."""

    TEXT = ("string", "string")
    INTEGER = ("integer", "integer")
    NUMBER = ("number", "decimal")
    DATE = ("date", "date")


@dataclass(frozen=True, slots=True)
class OpenDataColumn:
    """A column: its name in the file, its Chinese title, its type, and whether it is filled."""

    name: str
    title: str
    type: ColumnType = ColumnType.TEXT
    required: bool = False


@dataclass(frozen=True, slots=True)
class Reference:
    """Columns whose contents are a row of another table, by the columns that they refer to."""

    columns: tuple[str, ...]
    table: str
    referred: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OpenDataTable:
    """A table and how its rows are made of an edition."""

    name: str
    title: str
    columns: tuple[OpenDataColumn, ...]
    key: tuple[str, ...]
    rows: Callable[[OpenDataEdition], Iterable[Row]]
    references: tuple[Reference, ...] = ()

    @property
    def file(self) -> str:
        """The name of its file."""
        return f"{self.name}.csv"

    def of_agencies(self) -> OpenDataTable:
        """Return the table for many agencies: with the agency before columns, keys and rows."""
        agency = AGENCY.name
        references = tuple(
            replace(
                reference,
                columns=(agency, *reference.columns),
                referred=(agency, *reference.referred),
            )
            for reference in self.references
        )
        return replace(
            self,
            columns=(AGENCY, *self.columns),
            key=(agency, *self.key),
            rows=lambda edition: ((edition.agency, *row) for row in self.rows(edition)),
            references=(*references, Reference((agency,), AGENCIES.name, (agency,))),
        )


@dataclass(frozen=True)
class OpenDataEdition:
    """An edition to be written as open data."""

    results: Results

    @property
    def agency(self) -> str:
        """The name of its agency."""
        return self.results.scorecard.agency.text

    @cached_property
    def words(self) -> PrintedWords:
        """Its words, with the figures that are bound in them."""
        return printed_words(self.results)

    @property
    def title(self) -> str:
        """The title of its data set."""
        card = self.results.scorecard
        return f"{card.agency.text} {card.title.text}（{card.edition} 修表）"


def open_data_files(results: Results) -> tuple[dict[str, bytes], tuple[Problem, ...]]:
    """Return an edition's files by name, and the problems of the figures bound in its words.

    The files are a CSV in UTF-8 for each table, and the two descriptions; none with an error.
    """
    edition = OpenDataEdition(results)
    problems = edition.words.problems
    if has_errors(problems):
        return {}, problems
    version = results.scorecard.edition
    return _files(f"scorecard-{version}", edition.title, version, TABLES, [edition]), problems


def collected_open_data_files(
    collected: Sequence[Results], year: int
) -> tuple[dict[str, bytes], dict[int, tuple[Problem, ...]]]:
    """Return one package of many agencies, and the errors of those that it leaves out.

    These are of figures bound in words, by the agency's place in ``collected``. ``year`` is the ROC
    year of the collection; it is the package's version. There are no files without any agency.
    """
    editions = [OpenDataEdition(results) for results in collected]
    errors = {
        number: tuple(problem for problem in edition.words.problems if has_errors([problem]))
        for number, edition in enumerate(editions)
    }
    sound = [edition for number, edition in enumerate(editions) if not errors[number]]
    if not sound:
        return {}, errors
    tables = (AGENCIES, *(table.of_agencies() for table in TABLES))
    title = f"{year}年度各機關平衡計分卡"
    return _files(f"scorecards-{year}", title, str(year), tables, sound), errors


def _files(
    name: str,
    title: str,
    version: str,
    tables: tuple[OpenDataTable, ...],
    editions: Sequence[OpenDataEdition],
) -> dict[str, bytes]:
    """Return a package's files by name."""
    contents = {table.file: _csv(table, editions) for table in tables}
    package = {
        "profile": "tabular-data-package",
        "name": name,
        "title": title,
        "version": version,
        "resources": [_resource(table, contents[table.file]) for table in tables],
    }
    metadata = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "zh-TW"}],
        "dc:title": title,
        "tables": [_csvw_table(table) for table in tables],
    }
    return {
        **contents,
        "datapackage.json": _json(package),
        "csv-metadata.json": _json(metadata),
    }


def _csv(table: OpenDataTable, editions: Iterable[OpenDataEdition]) -> bytes:
    """Return a table as CSV by RFC 4180."""
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(column.name for column in table.columns)
    for edition in editions:
        writer.writerows(table.rows(edition))
    return target.getvalue().encode()


def _json(content: Json) -> bytes:
    """Return a description as a file."""
    return f"{json.dumps(content, ensure_ascii=False, indent=2)}\n".encode()


# --- descriptions ---------------------------------------------------------------------


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
            {
                "fields": list(reference.columns),
                "reference": {"resource": reference.table, "fields": list(reference.referred)},
            }
            for reference in table.references
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
                "columnReference": list(reference.columns),
                "reference": {
                    "resource": f"{reference.table}.csv",
                    "columnReference": list(reference.referred),
                },
            }
            for reference in table.references
        ]
    return {"url": table.file, "dc:title": table.title, "tableSchema": schema}


# --- rows -----------------------------------------------------------------------------


def _agency_rows(edition: OpenDataEdition) -> Iterator[Row]:
    """Yield the agency."""
    card = edition.results.scorecard
    yield card.agency.text, card.title.text, card.edition, card.data_year, card.status.value


def _perspective_rows(edition: OpenDataEdition) -> Iterator[Row]:
    """Yield the perspectives."""
    for perspective in edition.results.scorecard.perspectives:
        yield perspective.code, perspective.card_name.text


def _objective_rows(edition: OpenDataEdition) -> Iterator[Row]:
    """Yield the objectives."""
    for objective in edition.results.scorecard.objectives:
        themes = "、".join(objective.themes)
        yield objective.code, objective.name.text, objective.perspective, themes


def _kpi_rows(edition: OpenDataEdition) -> Iterator[Row]:
    """Yield the KPIs."""
    for result in edition.results.kpis:
        kpi = result.kpi
        yield (
            *(kpi.code, kpi.name.text, kpi.objective, kpi.formula.text, result.unit),
            *(kpi.direction.value, _decimal(kpi.weight), kpi.owner.text),
        )


def _figure_rows(edition: OpenDataEdition) -> Iterator[Row]:
    """Yield a row for each figure and year."""
    for figure in edition.results.scorecard.figures:
        for value in figure.values:
            is_known = isinstance(value.value, Known)
            yield (
                *(figure.item.text, figure.component.text, value.year, figure.unit.text),
                _decimal(value.value.value) if isinstance(value.value, Known) else "",
                "" if is_known else value.value.reason.symbol,  # type: ignore[union-attr]
                *(value.written, figure.source.text, figure.note.text),
                *(value.at.sheet, value.at.cell),
            )


def _target_rows(edition: OpenDataEdition) -> Iterator[Row]:
    """Yield a row for each target."""
    for target in edition.results.scorecard.targets:
        at = target.goal.at
        yield target.kpi, target.year, target.goal.text, target.basis.text, at.sheet, at.cell


def _result_rows(edition: OpenDataEdition) -> Iterator[Row]:
    """Yield a row for each KPI and year."""
    for result in edition.results.kpis:
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


def _commentary_rows(edition: OpenDataEdition) -> Iterator[Row]:
    """Yield the words on each KPI and year, with the figures that are bound in them."""
    commentaries = edition.results.scorecard.commentaries
    for commentary, texts in zip(commentaries, edition.words.commentaries, strict=True):
        columns = (PROGRESS, SHORTFALL, MEASURES, TARGET_REASON)
        words = (texts.get(column, "") for column in columns)
        yield commentary.kpi, commentary.year, *words, commentary.at.sheet, commentary.at.cell


def _initiative_rows(edition: OpenDataEdition) -> Iterator[Row]:
    """Yield the initiatives."""
    initiatives = edition.results.scorecard.initiatives
    for initiative, progress in zip(initiatives, edition.words.progress, strict=True):
        yield (
            *(initiative.objective, initiative.name.text, initiative.owner.text),
            *(_iso_day(initiative.start), _iso_day(initiative.end)),
            initiative.stage.value if initiative.stage else "",
            *(_decimal(initiative.budget), progress),
            *(initiative.at.sheet, initiative.at.cell),
        )


def _iso_day(day: RocDate | None) -> str:
    """Return a day as ISO 8601, 2016-12-25; empty for None."""
    return "" if day is None else day.to_date().isoformat()


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
AGENCY: Final = _C("agency", "機關", required=True)
_PLACE: Final = (_C("sheet", "工作表"), _C("cell", "儲存格"))

AGENCIES: Final = OpenDataTable(  # of many agencies only
    name="agencies",
    title="機關",
    columns=(
        AGENCY,
        _C("title", "文件名稱", required=True),
        _C("edition", "修表日期", required=True),
        _C("data_year", "資料年度", _INTEGER, required=True),
        _C("status", "資料狀態", required=True),
    ),
    key=(AGENCY.name,),
    rows=_agency_rows,
)

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
        references=(Reference(("perspective",), "perspectives", ("code",)),),
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
        references=(Reference(("objective",), "objectives", ("code",)),),
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
        references=(Reference(("kpi",), "kpis", ("code",)),),
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
        references=(Reference(("kpi",), "kpis", ("code",)),),
    ),
    OpenDataTable(
        name="commentaries",
        title="執行說明",
        columns=(
            _C("kpi", "KPI代碼", required=True),
            _C("year", "民國年", _INTEGER, required=True),
            _C("progress", PROGRESS),
            _C("shortfall_reason", SHORTFALL),
            _C("measures", MEASURES),
            _C("target_reason", TARGET_REASON),
            *_PLACE,
        ),
        key=("kpi", "year"),
        rows=_commentary_rows,
        references=(Reference(("kpi",), "kpis", ("code",)),),
    ),
    OpenDataTable(
        name="initiatives",
        title="行動方案",
        columns=(
            _C("objective", "策略目標", required=True),
            _C("name", "名稱", required=True),
            _C("owner", "主辦單位"),
            _C("start", "開始日期（西元）", ColumnType.DATE),
            _C("end", "結束日期（西元）", ColumnType.DATE),
            _C("stage", "辦理階段"),
            _C("budget", "經費（千元）", _NUMBER),
            _C("progress", "辦理情形"),
            *_PLACE,
        ),
        key=("sheet", "cell"),
        rows=_initiative_rows,
        references=(Reference(("objective",), "objectives", ("code",)),),
    ),
)
