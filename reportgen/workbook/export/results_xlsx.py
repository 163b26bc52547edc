"""The results as a workbook for further calculation: numbers with number formats.

Numbers are not rounded, their formats round them as the documents do. A figure that is
missing is its symbol, as text, so that no sum counts it as zero. The same results give the
same bytes.
"""

from __future__ import annotations

import re
from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from openpyxl import Workbook

from reportgen.model.missing_symbols import MissingReason
from reportgen.model.scorecard import Known, Value
from reportgen.workbook.schema.cell_refs import column_letters
from reportgen.workbook.writing import cell_styles
from reportgen.workbook.writing.cell_writer import put_number, put_text
from reportgen.workbook.writing.deterministic_zip import save_deterministic
from reportgen.workbook.writing.page_setup import set_up_page

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from fractions import Fraction
    from pathlib import Path
    from typing import BinaryIO

    from openpyxl.styles import Alignment, Font

    from reportgen.compute.result_types import FormattedFigure, Results, YearChange

HEADING_ROW: Final = 4
_SYMBOLS: Final = frozenset(reason.printed for reason in MissingReason)
_DECIMALS: Final = re.compile(r"\.([0-9]+)")


@dataclass(frozen=True, slots=True)
class _Number:
    """A number with the format that shows it."""

    value: Fraction
    format: str


_Cell = str | int | _Number
_Styles = dict[tuple[int, str], Any]  # by alignment and number format
_Columns = tuple[tuple[str, int], ...]  # headings and widths

_RESULTS: Final[_Columns] = (
    *(("構面", 14), ("策略目標", 10), ("KPI代碼", 10), ("名稱", 36), ("單位", 12), ("年度", 8)),
    *(("目標值", 12), ("實績值", 16), ("達成率", 12), ("判定", 10), ("燈號", 10)),
    *(("較上年增減", 14), ("增減單位", 12), ("增減率", 12), ("權重", 8), ("計算", 60)),
)
_INPUTS: Final[_Columns] = (
    *(("KPI代碼", 10), ("年度", 8), ("資料項", 44), ("組成", 20), ("數值", 18), ("單位", 12)),
    *(("換算倍數", 12), ("工作表", 14), ("儲存格", 10)),
)
_ROLL_UPS: Final[_Columns] = (
    *(("層級", 12), ("代碼", 10), ("年度", 8), ("加權達成率", 14), ("已有者之加權達成率", 22)),
    *(("權重合計", 12), ("已計入權重", 14), ("未計入之KPI", 40)),
)
_CHECKS: Final[_Columns] = (
    *(("規則", 48), ("年度", 8), ("左邊", 18), ("右邊", 18), ("結果", 10), ("說明", 40)),
)


def write_results(results: Results, target: BinaryIO | Path) -> None:
    """Write the results; raises OSError if ``target`` cannot be written."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, columns, rows in _tables(results):
        _write_sheet(book, results, name, columns, list(rows))
    save_deterministic(book, target, results.scorecard.revised, ())


def results_as_ods(results: Results) -> bytes:
    """Return the results as the bytes of an .ods workbook, with the sheets of the .xlsx."""
    from reportgen.workbook.export.ods_writer import Table, write_tables
    from reportgen.workbook.export.table_sheet import Number

    def plain(row: list[_Cell]) -> list[str | int | Number]:
        """Return a row with its numbers in the form of the .ods writer."""
        return [
            Number(cell.value, cell.format) if isinstance(cell, _Number) else cell for cell in row
        ]

    tables = [
        Table(
            name=name,
            columns=columns,
            rows=map(plain, rows),
            titles=_title_lines(results, name),
            symbols=_SYMBOLS,
        )
        for name, columns, rows in _tables(results)
    ]
    return write_tables(tables, results.scorecard.revised)


def _tables(results: Results) -> Iterator[tuple[str, _Columns, Iterator[list[_Cell]]]]:
    """Yield name, columns and rows of each sheet; rates and checks only if there are any.

    The rows are an iterator: they can be read once.
    """
    yield "年度成果", _RESULTS, _result_rows(results)
    yield "數值來源", _INPUTS, _input_rows(results)
    if results.roll_ups:
        yield "加權達成率", _ROLL_UPS, _roll_up_rows(results)
    if results.checks:
        yield "勾稽結果", _CHECKS, _check_rows(results)


def _title_lines(results: Results, name: str) -> tuple[str, str]:
    """Return the two lines above a table: agency and sheet name, edition and data status."""
    card = results.scorecard
    state = f"{card.edition} 修表・資料狀態：{card.status.value}"
    return f"{card.agency.text} {name}", state


def _result_rows(results: Results) -> Iterator[list[_Cell]]:
    """Yield a row for each year of each KPI: target, actual, rate, verdict, change, calculation."""
    names = {
        perspective.code: perspective.card_name.text
        for perspective in results.scorecard.perspectives
    }
    perspective_names = {
        objective.code: names[objective.perspective] for objective in results.scorecard.objectives
    }
    for result in results.kpis:
        kpi = result.kpi
        for kpi_year in result.years:
            yield [
                *(perspective_names[kpi.objective], kpi.objective, kpi.code, kpi.name.text),
                *(result.unit, kpi_year.year),
                kpi_year.target.shown if kpi_year.target else "",
                _number_cell(kpi_year.actual),
                _number_cell(kpi_year.rate) if kpi_year.rate else "",
                kpi_year.verdict,
                kpi_year.light.name.text if kpi_year.light else "",
                *_change_cells(kpi_year.change),
                "" if kpi.weight is None else _stored_figure(Known(value=kpi.weight)),
                kpi_year.substitution,
            ]


def _change_cells(change: YearChange | None) -> tuple[_Cell, _Cell, _Cell]:
    """Return difference, unit and relative change from the year before; empty texts without one."""
    if change is None:
        return "", "", ""
    difference: _Cell = change.difference.text
    if isinstance(value := change.difference.value, Known):
        number_format = _number_format(change.difference.text)
        difference = _Number(
            value.value * change.difference.per,
            f"+{number_format};-{number_format};{number_format}",
        )
    return difference, change.unit, _number_cell(change.relative)


def _input_rows(results: Results) -> Iterator[list[_Cell]]:
    """Yield a row for each input of each figure."""
    for result in results.kpis:
        for kpi_year in result.years:
            for evidence in kpi_year.evidence:
                for part in evidence.parts:
                    yield [
                        *(result.kpi.code, kpi_year.year, evidence.name, part.component),
                        *(
                            _stored_figure(part.value),
                            part.unit,
                            _stored_figure(Known(value=part.factor)),
                        ),
                        *(part.at.sheet, part.at.cell),
                    ]


def _roll_up_rows(results: Results) -> Iterator[list[_Cell]]:
    """Yield a row for each weighted achievement rate."""
    for roll_up in results.roll_ups:
        yield [
            *(roll_up.level.value, roll_up.code, roll_up.year),
            *(_number_cell(roll_up.rate), _number_cell(roll_up.rate_so_far)),
            *(
                _stored_figure(Known(value=roll_up.weight)),
                _stored_figure(Known(value=roll_up.counted)),
            ),
            "、".join(roll_up.without),
        ]


def _check_rows(results: Results) -> Iterator[list[_Cell]]:
    """Yield a row for each rule and year."""
    verdicts = {True: "相符", False: "不符", None: ""}
    for result in results.checks:
        for check_year in result.years:
            rule, note = result.check.rule.text, result.check.note.text
            sides = (_number_cell(check_year.left), _number_cell(check_year.right))
            yield [rule, check_year.year, *sides, verdicts[check_year.holds], note]


def _number_cell(figure: FormattedFigure) -> _Cell:
    """Return a figure as exact number with the printed decimals; a missing one as printed.

    A figure in ‰ is stored multiplied, as no number format does that.
    """
    if not isinstance(figure.value, Known):
        return figure.text
    value, sign = figure.value.value, figure.text[-1:]
    if figure.per == 1 or sign == "%":
        return _Number(value, _number_format(figure.text, figure.per))
    number_format = _number_format(figure.text)  # a number format multiplies for % only, not for ‰
    return _Number(
        value * figure.per, number_format if sign.isdigit() else f'{number_format}"{sign}"'
    )


def _number_format(text: str, per: int = 1) -> str:
    """Return the number format with the decimal places of a printed figure.

    ``per`` 100: of a percentage, ``0.00%``; else with thousands commas, ``#,##0.00``.
    """
    decimals = _DECIMALS.search(text)
    places = "." + "0" * len(decimals[1]) if decimals else ""
    return f"0{places}%" if per == 100 else f"#,##0{places}"


def _stored_figure(value: Value) -> _Cell:
    """Return an exact figure for a cell; a missing one as it is printed."""
    if not isinstance(value, Known):
        return value.reason.printed
    return _Number(value.value, "#,##0" if value.value.denominator == 1 else "General")


def _write_sheet(
    book: Workbook, results: Results, name: str, columns: _Columns, rows: Sequence[list[_Cell]]
) -> None:
    """Write a sheet: title, headings, rows, filter, frozen headings and page setup."""
    page = book.create_sheet(name)
    title, state = _title_lines(results, name)
    _write_styled_text(page.cell(1, 1), title, cell_styles.TITLE)
    _write_styled_text(page.cell(2, 1), state, cell_styles.PURPOSE)
    for number, (heading, width) in enumerate(columns, start=1):
        cell = page.cell(HEADING_ROW, number)
        _write_styled_text(cell, heading, cell_styles.HEADING)
        cell.fill = cell_styles.HEADING_FILL
        cell.alignment, cell.border = cell_styles.HEADING_ALIGNMENT, cell_styles.BOX_BORDER
        page.column_dimensions[column_letters(number)].width = width
    styles: _Styles = {}
    for row_number, row in enumerate(rows, start=HEADING_ROW + 1):
        for number, content in enumerate(row, start=1):
            _write_cell(page.cell(row_number, number), content, styles)
    last_column = column_letters(len(columns))
    page.auto_filter.ref = f"A{HEADING_ROW}:{last_column}{HEADING_ROW + max(1, len(rows))}"
    page.freeze_panes = f"A{HEADING_ROW + 1}"
    page.sheet_view.showGridLines = False
    set_up_page(page, f"{HEADING_ROW}:{HEADING_ROW}")


def _write_styled_text(cell: Any, text: str, font: Font) -> None:
    """Write a text into a cell and set its font."""
    put_text(cell, text)
    cell.font = font


def _write_cell(cell: Any, content: _Cell, styles: _Styles) -> None:
    """Write a cell, with the style of its kind, which is cached: copying one is much faster."""
    if isinstance(content, _Number):
        put_number(cell, content.value)
        kind: tuple[Alignment, str] = cell_styles.NUMERIC, content.format
    elif isinstance(content, int):
        put_number(cell, content)
        kind = cell_styles.CENTRED, cell.number_format
    else:
        put_text(cell, content)
        kind = (
            cell_styles.NUMERIC if content in _SYMBOLS else cell_styles.ONE_LINE,
            cell.number_format,
        )
    style_key = id(kind[0]), kind[1]
    if style_key in styles:
        cell._style = copy(styles[style_key])
        return
    cell.font, cell.border = cell_styles.BODY, cell_styles.ROW_RULE
    cell.alignment, cell.number_format = kind
    styles[style_key] = cell._style
