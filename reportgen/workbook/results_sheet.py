"""The results as a workbook for those who go on calculating: numbers with number formats.

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

from reportgen.missing_symbols import MissingReason
from reportgen.model import Known, Value
from reportgen.workbook import style
from reportgen.workbook.filling import put_number, put_text
from reportgen.workbook.packing import save
from reportgen.workbook.page import print_set_up
from reportgen.workbook.places import column_letters

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from fractions import Fraction
    from pathlib import Path
    from typing import BinaryIO

    from openpyxl.styles import Alignment, Font

    from reportgen.results import Change, Results, Shown

HEADINGS_ROW: Final = 4
_SYMBOLS: Final = frozenset(reason.printed for reason in MissingReason)
_DECIMALS: Final = re.compile(r"\.([0-9]+)")


@dataclass(frozen=True, slots=True)
class _Number:
    """A number with the format that shows it."""

    value: Fraction
    format: str


_Cell = str | int | _Number
_Looks = dict[tuple[int, str], Any]  # by alignment and number format
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
    """Write the results; raises OSError where ``target`` cannot be written."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, columns, rows in _tables(results):
        _write(book, results, name, columns, list(rows))
    save(book, target, results.scorecard.revised, ())


def open_document_of(results: Results) -> bytes:
    """Return the same as .ods."""
    from reportgen.workbook.opendocument.writing import Table, write_tables
    from reportgen.workbook.plain_tables import Number

    def plain(row: list[_Cell]) -> list[str | int | Number]:
        return [
            Number(each.value, each.format) if isinstance(each, _Number) else each for each in row
        ]

    tables = [
        Table(
            name=name,
            columns=columns,
            rows=map(plain, rows),
            titles=_titles(results, name),
            symbols=_SYMBOLS,
        )
        for name, columns, rows in _tables(results)
    ]
    return write_tables(tables, results.scorecard.revised)


def _tables(results: Results) -> Iterator[tuple[str, _Columns, Iterator[list[_Cell]]]]:
    """Yield the name, columns and rows of each sheet."""
    yield "年度成果", _RESULTS, _result_rows(results)
    yield "數值來源", _INPUTS, _input_rows(results)
    if results.roll_ups:
        yield "加權達成率", _ROLL_UPS, _roll_up_rows(results)
    if results.checks:
        yield "勾稽結果", _CHECKS, _check_rows(results)


def _titles(results: Results, name: str) -> tuple[str, str]:
    """Return what stands above a sheet's table."""
    card = results.scorecard
    state = f"{card.edition} 修表・資料狀態：{card.status.value}"
    return f"{card.agency.text} {name}", state


def _result_rows(results: Results) -> Iterator[list[_Cell]]:
    names = {each.code: each.card_name.text for each in results.scorecard.perspectives}
    places = {each.code: names[each.perspective] for each in results.scorecard.objectives}
    for result in results.kpis:
        kpi = result.kpi
        for each in result.years:
            yield [
                *(places[kpi.objective], kpi.objective, kpi.code, kpi.name.text),
                *(result.unit, each.year),
                each.target.shown if each.target else "",
                _number(each.actual),
                _number(each.rate) if each.rate else "",
                each.verdict,
                each.light.name.text if each.light else "",
                *_change(each.change),
                "" if kpi.weight is None else _plain(Known(value=kpi.weight)),
                each.substitution,
            ]


def _change(change: Change | None) -> tuple[_Cell, _Cell, _Cell]:
    if change is None:
        return "", "", ""
    difference: _Cell = change.difference.text
    if isinstance(value := change.difference.value, Known):
        plain = _format(change.difference.text)
        difference = _Number(value.value * change.difference.per, f"+{plain};-{plain};{plain}")
    return difference, change.unit, _number(change.relative)


def _input_rows(results: Results) -> Iterator[list[_Cell]]:
    for result in results.kpis:
        for of_year in result.years:
            for each in of_year.evidence:
                for part in each.parts:
                    yield [
                        *(result.kpi.code, of_year.year, each.name, part.component),
                        *(_plain(part.value), part.unit, _plain(Known(value=part.factor))),
                        *(part.at.sheet, part.at.cell),
                    ]


def _roll_up_rows(results: Results) -> Iterator[list[_Cell]]:
    for each in results.roll_ups:
        yield [
            *(each.level.value, each.code, each.year),
            *(_number(each.rate), _number(each.so_far)),
            *(_plain(Known(value=each.weight)), _plain(Known(value=each.counted))),
            "、".join(each.without),
        ]


def _check_rows(results: Results) -> Iterator[list[_Cell]]:
    words = {True: "相符", False: "不符", None: ""}
    for result in results.checks:
        for each in result.years:
            rule, note = result.check.rule.text, result.check.note.text
            sides = (_number(each.left), _number(each.right))
            yield [rule, each.year, *sides, words[each.holds], note]


def _number(shown: Shown) -> _Cell:
    """A figure with the decimal places that it is printed with; a missing one as printed."""
    if not isinstance(shown.value, Known):
        return shown.text
    value, sign = shown.value.value, shown.text[-1:]
    if shown.per == 1 or sign == "%":
        return _Number(value, _format(shown.text, shown.per))
    plain = _format(shown.text)  # Excel itself multiplies for no sign but %
    return _Number(value * shown.per, plain if sign.isdigit() else f'{plain}"{sign}"')


def _format(text: str, per: int = 1) -> str:
    found = _DECIMALS.search(text)
    places = "." + "0" * len(found[1]) if found else ""
    return f"0{places}%" if per == 100 else f"#,##0{places}"


def _plain(value: Value) -> _Cell:
    """A figure as it stands in the workbook."""
    if not isinstance(value, Known):
        return value.reason.printed
    return _Number(value.value, "#,##0" if value.value.denominator == 1 else "General")


def _write(
    book: Workbook, results: Results, name: str, columns: _Columns, rows: Sequence[list[_Cell]]
) -> None:
    page = book.create_sheet(name)
    title, state = _titles(results, name)
    _put_line(page.cell(1, 1), title, style.TITLE)
    _put_line(page.cell(2, 1), state, style.PURPOSE)
    for number, (heading, width) in enumerate(columns, start=1):
        cell = page.cell(HEADINGS_ROW, number)
        _put_line(cell, heading, style.HEADING)
        cell.fill = style.HEADING_FILL
        cell.alignment, cell.border = style.HEADING_PLACE, style.BOXED
        page.column_dimensions[column_letters(number)].width = width
    looks: _Looks = {}
    for place, row in enumerate(rows, start=HEADINGS_ROW + 1):
        for number, content in enumerate(row, start=1):
            _put(page.cell(place, number), content, looks)
    last = column_letters(len(columns))
    page.auto_filter.ref = f"A{HEADINGS_ROW}:{last}{HEADINGS_ROW + max(1, len(rows))}"
    page.freeze_panes = f"A{HEADINGS_ROW + 1}"
    page.sheet_view.showGridLines = False
    print_set_up(page, f"{HEADINGS_ROW}:{HEADINGS_ROW}")


def _put_line(cell: Any, text: str, font: Font) -> None:
    put_text(cell, text)
    cell.font = font


def _put(cell: Any, content: _Cell, looks: _Looks) -> None:
    """Fill a cell; looks are given once to each kind and then copied, which is much quicker."""
    if isinstance(content, _Number):
        put_number(cell, content.value)
        kind: tuple[Alignment, str] = style.NUMERIC, content.format
    elif isinstance(content, int):
        put_number(cell, content)
        kind = style.CENTRED, cell.number_format
    else:
        put_text(cell, content)
        kind = style.NUMERIC if content in _SYMBOLS else style.ONE_LINE, cell.number_format
    known = id(kind[0]), kind[1]
    if known in looks:
        cell._style = copy(looks[known])
        return
    cell.font, cell.border = style.BODY, style.ROW_RULE
    cell.alignment, cell.number_format = kind
    looks[known] = cell._style
