"""``彙整.xlsx``: what many agencies handed in, as plain tables for those who go on calculating.

Each sheet is one table: headings in the first row, no merged cells, one kind of content in a
column. Numbers are not rounded; their formats round them as the documents do. Where a figure is
missing its number is blank, so that no sum counts it as zero, and the column beside it says why.
Rows are written one by one, so that forty thousand of them need little memory.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from reportgen.formula import exact_text
from reportgen.model import Known, RocDate, Value
from reportgen.problems import Severity
from reportgen.results import BLANK_TEXT, Level
from reportgen.rollup.agencies import count
from reportgen.rollup.perspectives import perspective_key
from reportgen.rollup.tally import tally
from reportgen.workbook import style
from reportgen.workbook.packing import save
from reportgen.workbook.page import print_set_up
from reportgen.workbook.places import column_letters
from reportgen.workbook.writing import storable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from fractions import Fraction
    from pathlib import Path
    from typing import BinaryIO

    from openpyxl.styles import Alignment, Font

    from reportgen.problems import Problem
    from reportgen.results import Change, KpiYear, Results, Shown
    from reportgen.rollup import Agency, Handed, RollUp, Standing

LONGEST: Final = 32_000  # characters of a cell; Excel ends at 32,767
MOST_LINKS: Final = 60_000  # of a sheet; Excel ends at 65,530
UNDATED: Final = RocDate(100, 1, 1)  # the file's date where no edition counts
_DECIMALS: Final = re.compile(r"\.([0-9]+)")
_SEVERITIES: Final = {Severity.ERROR: "錯誤", Severity.WARNING: "提醒", Severity.NOTICE: "說明"}


@dataclass(frozen=True, slots=True)
class _Number:
    """A number with the format that shows it."""

    value: Fraction
    format: str


@dataclass(frozen=True, slots=True)
class _Link:
    """A text that leads to a file beside the workbook."""

    text: str
    path: str


_Cell = str | int | _Number | _Link | None
_Columns = tuple[tuple[str, int], ...]  # headings and widths

_AGENCIES: Final[_Columns] = (
    *(("機關", 30), ("上級機關", 26), ("收件情形", 11), ("名單", 9), ("採計", 8), ("版次", 12)),
    *(("資料狀態", 11), ("資料年度", 11), ("KPI數", 9), ("達成", 9), ("未達成", 10)),
    *(("無數字", 10), ("未訂目標", 11), ("達成比率", 11), ("加權達成率", 13)),
    *(("錯誤", 8), ("提醒", 8)),
    *(("活頁簿", 34), ("檢查結果", 34), ("PDF", 34), ("其他文件", 34)),
)
_KPIS: Final[_Columns] = (
    *(("機關", 26), ("上級機關", 22), ("版次", 12), ("資料狀態", 11), ("構面", 14)),
    *(("構面原名", 14), ("策略目標代碼", 14), ("策略目標", 28), ("上位目標", 12)),
    *(("KPI代碼", 11), ("KPI名稱", 34), ("單位", 10), ("方向", 11), ("承辦單位", 12)),
    *(("權重", 8), ("年度", 8), ("彙整年度", 11), ("目標值", 12), ("目標數值", 12)),
    *(("實績值", 16), ("實績數值", 16), ("達成率", 12), ("達成情形", 11), ("燈號", 10)),
    *(("較上年增減", 14), ("增減單位", 11), ("增減率", 11), ("計算", 44), ("佐證儲存格", 60)),
)
_PERSPECTIVES: Final[_Columns] = (
    *(("構面", 16), ("機關", 30), ("構面原名", 16), ("年度", 8), ("KPI數", 9), ("達成", 9)),
    *(("未達成", 10), ("無數字", 10), ("未訂目標", 11), ("達成比率", 11)),
    *(("達成率中位數", 14), ("加權達成率", 13)),
)
_RANKINGS: Final[_Columns] = (
    *(("KPI名稱", 34), ("單位", 12), ("方向", 11), ("年度", 8), ("機關數", 9), ("名次", 8)),
    *(("機關", 30), ("KPI代碼", 11), ("資料狀態", 11), ("實績值", 16), ("實績數值", 16)),
    *(("達成率", 12), ("達成情形", 11)),
)
_CASCADE: Final[_Columns] = (
    *(("上級機關", 30), ("上級目標代碼", 14), ("上級目標", 36), ("下級機關", 30)),
    *(("目標代碼", 11), ("目標", 36), ("年度", 8), ("KPI數", 9), ("達成", 9), ("未達成", 10)),
    *(("無數字", 10), ("未訂目標", 11)),
)
_PROBLEMS: Final[_Columns] = (
    *(("機關", 30), ("活頁簿", 34), ("類別", 8), ("代碼", 9), ("工作表", 14), ("儲存格", 10)),
    *(("訊息", 70), ("怎麼改", 60)),
)


def write_rollup(rolled: RollUp, target: BinaryIO | Path) -> None:
    """Write ``彙整.xlsx``; raises OSError where ``target`` cannot be written.

    The bytes depend on the roll-up alone.
    """
    book = Workbook(write_only=True)
    _write(book, "收件情形", _AGENCIES, _agency_rows(rolled))
    _write(book, "KPI明細", _KPIS, _kpi_rows(rolled), frozen=1)
    _write(book, "構面", _PERSPECTIVES, _perspective_rows(rolled), frozen=2)
    _write(book, "排名", _RANKINGS, _ranking_rows(rolled))
    if rolled.cascades:
        _write(book, "目標層級", _CASCADE, _cascade_rows(rolled), frozen=2)
    _write(book, "問題", _PROBLEMS, _problem_rows(rolled))
    save(book, target, rolled.latest or UNDATED, ())


def _agency_rows(rolled: RollUp) -> Iterator[list[_Cell]]:
    members: dict[str, list[Standing]] = {}
    for each in rolled.standings:
        members.setdefault(each.agency.key, []).append(each)
    for agency in rolled.agencies:
        listed = "是" if agency.expected else "否"
        head = [agency.name, agency.parent, agency.state.value, listed]
        for handed in agency.handed:
            own = members.get(agency.key, []) if handed is agency.used else None
            yield [*head, *_workbook_cells(handed, own, rolled.year)]
        if not agency.handed:
            yield [*head, "否"]


def _workbook_cells(
    handed: Handed, standings: list[Standing] | None, year: int | None
) -> list[_Cell]:
    """What is said of one workbook; the counts are of the one that counts."""
    card = handed.results.scorecard if handed.results else None
    counts: list[_Cell] = [None] * 7
    if standings is not None and handed.results is not None:
        found = tally(standings)
        counts = [found.total, found.met, found.missed, found.no_figure, found.no_target]
        counts.append(None if found.share is None else _Number(found.share, "0.0%"))
        counts.append(_weighted(handed.results, Level.WHOLE, "", year))
    papers = [each for each in handed.documents if each.endswith(".pdf")]
    others = [each for each in handed.documents if not each.endswith(".pdf")]
    return [
        "否" if standings is None else "是",
        *((card.edition, card.status.value, card.data_year) if card else ("", "", None)),
        *counts,
        count(handed.problems, Severity.ERROR),
        count(handed.problems, Severity.WARNING),
        *(_link(each) for each in (handed.workbook, handed.annotated, *papers[:1], *others[:1])),
    ]


def _link(path: str) -> _Cell:
    return _Link(path.rpartition("/")[2], path) if path else None


def _weighted(results: Results, level: Level, code: str, year: int | None) -> _Cell:
    """A weighted achievement rate as it stands in the results; blank where there is none."""
    for each in results.roll_ups:
        if (each.level, each.code, each.year) == (level, code, year):
            return _number(each.rate)
    return None


def _kpi_rows(rolled: RollUp) -> Iterator[list[_Cell]]:
    names = {group.key: group.name for group in rolled.perspectives}
    for each in rolled.standings:
        card, kpi = each.agency.card, each.result.kpi
        assert card is not None
        own = each.perspective.map_name.text
        head: list[_Cell] = [
            *(each.agency.name, each.agency.parent, card.edition, card.status.value),
            *(names[perspective_key(each.perspective)], own),
            *(each.objective.code, each.objective.name.text),
            "、".join(code.text for code in each.objective.parents),
            *(kpi.code, kpi.name.text, each.result.unit, kpi.direction.value, kpi.owner.text),
            None if kpi.weight is None else _plain_number(kpi.weight),
        ]
        for of_year in each.result.years:
            yield [*head, *_year_cells(of_year, rolled.year)]


def _year_cells(of_year: KpiYear, year: int | None) -> list[_Cell]:
    target = of_year.target
    goal: _Cell = None
    if target and target.low == target.high:
        goal = _Number(target.low, _format(target.shown))
    written = target.shown if target else ""
    if of_year.threshold and not target:
        written, goal = f"≥{of_year.threshold.text}", _number(of_year.threshold)
    return [
        *(of_year.year, "是" if of_year.year == year else "否"),
        *(written, goal, of_year.printed, _number(of_year.actual)),
        _number(of_year.rate) if of_year.rate else None,
        of_year.verdict,
        of_year.light.name.text if of_year.light else "",
        *_change(of_year.change),
        of_year.substitution,
        _evidence(of_year),
    ]


def _change(change: Change | None) -> tuple[_Cell, _Cell, _Cell]:
    if change is None:
        return None, "", None
    difference: _Cell = None
    if isinstance(value := change.difference.value, Known):
        plain = _format(change.difference.text)
        points = value.value * 100 if change.unit == "百分點" else value.value
        difference = _Number(points, f"+{plain};-{plain};{plain}")
    return difference, change.unit, _number(change.relative)


def _evidence(of_year: KpiYear) -> str:
    """``依限辦結公文件數 1,234 件「年度資料」E5``, one after the other."""
    return "；".join(
        f"{each.name}{'（' + part.component + '）' if part.component else ''} "
        f"{_written(part.value)} {part.unit}「{part.at.sheet}」{part.at.cell}"
        for each in of_year.evidence
        for part in each.parts
    )


def _written(value: Value) -> str:
    if isinstance(value, Known):
        return exact_text(value.value)
    return BLANK_TEXT if value.reason.name == "BLANK" else value.reason.value


def _perspective_rows(rolled: RollUp) -> Iterator[list[_Cell]]:
    for group in rolled.perspectives:
        members: dict[str, list[Standing]] = {}
        for each in group.standings:
            members.setdefault(each.agency.key, []).append(each)
        for standings in members.values():
            agency, own = standings[0].agency, standings[0].perspective
            found = tally(standings)
            assert agency.results is not None
            yield [
                *(group.name, agency.name, own.map_name.text, rolled.year),
                *(found.total, found.met, found.missed, found.no_figure, found.no_target),
                None if found.share is None else _Number(found.share, "0.0%"),
                None if found.median is None else _Number(found.median, "0.00%"),
                _weighted(agency.results, Level.PERSPECTIVE, own.code, rolled.year),
            ]


def _ranking_rows(rolled: RollUp) -> Iterator[list[_Cell]]:
    for ranking in rolled.rankings:
        head = [ranking.name, ranking.unit, ranking.direction.value, rolled.year, ranking.agencies]
        places = (
            *((each.rank, each.standing) for each in ranking.ranked),
            *((None, each) for each in ranking.without),
        )
        for rank, each in places:
            now, card = each.now, each.agency.card
            yield [
                *(*head, rank, each.agency.name, each.result.kpi.code),
                card.status.value if card else "",
                now.printed if now else "無此年度",
                _number(now.actual) if now else None,
                _number(now.rate) if now and now.rate else None,
                each.stand.value,
            ]


def _cascade_rows(rolled: RollUp) -> Iterator[list[_Cell]]:
    """Each objective below with the one above that it serves; those that nothing serves, too."""
    members: dict[tuple[str, str], list[Standing]] = {}
    for each in rolled.standings:
        members.setdefault((each.agency.key, each.objective.code), []).append(each)
    for cascade in rolled.cascades:
        for served in cascade.objectives:
            head = [cascade.parent.name, served.objective.code, served.objective.name.text]
            for agency, goal in served.by:
                found = tally(members.get((agency.key, goal.code), ()))
                yield [
                    *(*head, agency.name, goal.code, goal.name.text, rolled.year),
                    *(found.total, found.met, found.missed, found.no_figure, found.no_target),
                ]
            if not served.by:
                yield [*head]


def _problem_rows(rolled: RollUp) -> Iterator[list[_Cell]]:
    """Those of the collection first, then each workbook's; in a workbook as they were told."""
    owners: dict[str, tuple[Agency, Handed]] = {}
    for agency in rolled.agencies:
        for handed in agency.handed:
            owners.setdefault(handed.workbook, (agency, handed))
    for problem in rolled.problems:
        owner = owners.get(problem.where.file)
        agency_name = owner[0].name if owner else dict(problem.fields).get("agency", "")
        yield _problem_cells(agency_name, owner[1] if owner else None, problem)
    for agency in rolled.agencies:
        for handed in agency.handed:
            for problem in handed.problems:
                yield _problem_cells(agency.name, handed, problem)


def _problem_cells(agency: str, handed: Handed | None, problem: Problem) -> list[_Cell]:
    workbook: _Cell = problem.where.file
    if handed:
        path = handed.annotated or handed.workbook
        workbook = _Link(path.rpartition("/")[2], path)
    return [
        *(agency, workbook, _SEVERITIES[problem.severity], problem.code),
        *(problem.where.sheet, problem.where.cell, problem.message(), problem.fix()),
    ]


def _number(shown: Shown) -> _Cell:
    """A figure with the decimal places that it is printed with; blank where it is missing."""
    if not isinstance(shown.value, Known):
        return None
    return _Number(shown.value.value, _format(shown.text))


def _format(text: str) -> str:
    found = _DECIMALS.search(text)
    places = "." + "0" * len(found[1]) if found else ""
    return f"0{places}%" if text.endswith("%") else f"#,##0{places}"


def _plain_number(value: Fraction) -> _Number:
    return _Number(value, "#,##0" if value.denominator == 1 else "General")


class _Looks:
    """Styles that are worked out once, for openpyxl works them out anew for every cell."""

    def __init__(self, page: Any) -> None:
        self._page = page
        self._known: dict[tuple[str, str], Any] = {}

    def cell(self, value: str | float, kind: str, number_format: str = "General") -> Any:
        """A cell of a kind: head, text, number, count or link."""
        cell: Any = WriteOnlyCell(self._page, value)
        known = self._known.get((kind, number_format))
        if known is None:
            font, alignment = _KINDS[kind]
            cell.font, cell.alignment = font, alignment
            cell.number_format = number_format
            if kind == "head":
                cell.fill, cell.border = style.HEADING_FILL, style.BOXED
            self._known[kind, number_format] = cell._style
        else:
            cell._style = known
        return cell


_KINDS: Final[dict[str, tuple[Font, Alignment]]] = {
    "head": (style.HEADING, style.HEADING_PLACE),
    "text": (style.BODY, style.ONE_LINE),
    "number": (style.BODY, style.NUMERIC),
    "count": (style.BODY, style.CENTRED),
    "link": (style.LINK, style.ONE_LINE),
}


def _write(
    book: Workbook, name: str, columns: _Columns, rows: Iterable[list[_Cell]], frozen: int = 1
) -> None:
    page = book.create_sheet(name)
    looks = _Looks(page)
    for number, (_, width) in enumerate(columns, start=1):
        page.column_dimensions[column_letters(number)].width = width
    page.freeze_panes = f"{column_letters(frozen + 1)}2"
    page.sheet_view.showGridLines = False
    print_set_up(page, "1:1")
    page.append([looks.cell(heading, "head") for heading, _ in columns])
    links, last = 0, 1
    for last, row in enumerate(rows, start=2):  # noqa: B007 - wanted after the loop
        cells = [_cell(looks, content) for content in row]
        for content, cell in zip(row, cells, strict=True):
            if isinstance(content, _Link) and cell is not None and links < MOST_LINKS:
                cell.hyperlink = quote(content.path)
                cell._style = looks.cell("", "link")._style  # the setter has its own looks
                links += 1
        page.append(cells)
    page.auto_filter.ref = f"A1:{column_letters(len(columns))}{max(2, last)}"


def _cell(looks: _Looks, content: _Cell) -> Any:
    if isinstance(content, _Number):
        whole = content.value.denominator == 1
        number = int(content.value) if whole else float(content.value)
        return looks.cell(number, "number", content.format)
    if isinstance(content, int):
        return looks.cell(content, "count")
    text = content.text if isinstance(content, _Link) else content
    if not text:
        return None
    cell = looks.cell("", "link" if isinstance(content, _Link) else "text", "@")
    cell.value = storable(text if len(text) <= LONGEST else f"{text[:LONGEST]}…")
    cell.data_type = "s"  # text whatever it looks like
    return cell


__all__ = ["write_rollup"]
